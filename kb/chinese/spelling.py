"""Misspelled names: 广冬 sounds as 广东 does and is no word, so 广东 is meant.

Only this module imports pypinyin.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache, cached_property

from kb.chinese.text import FORM_TERMS, is_word, word_ends

_YEAR = re.compile(r"\d年")
_BY_TONES = 2  # characters: so short a name must sound the same in its tones, too (山西 is not 陕西)


@dataclass(frozen=True, slots=True, kw_only=True)
class Misspelling:
    """What was written, and the name that is meant; as text, what a reader is told of it."""

    written: str
    name: str

    def __str__(self) -> str:
        return f"问题中的“{self.written}”按“{self.name}”理解。"


class Names:
    """Names, found by their sound."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = {name for name in names if len(name) >= _BY_TONES}

    def respelled(self, text: str) -> tuple[str, tuple[Misspelling, ...]]:
        """`text` with the names that are meant in the places of misspellings, and the misspellings."""
        within = _within_words(text)
        respelled, misspellings, position = "", [], 0
        while position < len(text):
            written, name = self._at(text, position, within)
            if name != written:
                misspellings.append(Misspelling(written=written, name=name))
            respelled += name or text[position]
            position += len(written) or 1
        return respelled, tuple(misspellings)

    def _at(self, text: str, position: int, within: Collection[int]) -> tuple[str, str]:
        """What stands at `position` and sounds as a name does, the longest, and that name; "" for both where none does.

        What is written must be no word, and part no word from its rest.
        """
        for length in self._lengths:
            end = position + length
            written = text[position:end]
            if len(written) < length:
                continue
            if written in self._names:
                return written, written
            name = self._by_sound.get(_sound(written))
            parts = position in within or end in within
            if name and not parts and not is_word(written) and not FORM_TERMS.intersection(set(written) - set(name)):
                return written, name
        return "", ""

    @cached_property
    def _lengths(self) -> list[int]:
        return sorted({len(name) for name in self._names}, reverse=True)

    @cached_property
    def _by_sound(self) -> dict[tuple[str, ...], str]:
        return {_sound(name): name for name in sorted(self._names)}


def _within_words(text: str) -> frozenset[int]:
    """The positions of `text` that lie within a word; 2026年级 is none."""
    ends = word_ends(text)
    spans = zip([0, *ends], ends, strict=False)
    within = {position for start, end in spans if is_word(text[start:end]) for position in range(start + 1, end)}
    return frozenset(within - {match.end() for match in _YEAR.finditer(text)})


def _sound(words: str) -> tuple[str, ...]:
    """The sound of each character; of a short word with its tone."""
    sounds = tuple(map(_sound_of, words))
    return sounds if len(words) <= _BY_TONES else tuple(sound.rstrip("12345") for sound in sounds)


@cache
def _sound_of(character: str) -> str:
    """The sound of a character with its tone; what has none stands for itself."""
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(character, style=Style.TONE3)) or character
