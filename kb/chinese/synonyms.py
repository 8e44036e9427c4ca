"""Everyday words → the official words for the same: 工钱 is 工资 in a report, 讨薪 is 追回欠薪.

The table is synonyms.txt: a line has what people say, a tab, and what documents say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from kb.chinese.text import fold, word_ends

_LONG = 4  # a phrase of so many characters is itself wherever it stands; a shorter one must be whole words


@dataclass(frozen=True, slots=True, kw_only=True)
class EverydayWord:
    """An everyday word in a text, and the official words for it."""

    text: str
    start: int
    end: int
    official: tuple[str, ...]


def everyday_words(text: str) -> Iterator[EverydayWord]:
    """The everyday words of the folded `text`, in order; of those that overlap, the first and longest."""
    table = _table()
    longest = max(map(len, table))
    ends = {0, *word_ends(text)}
    start = 0
    while start < len(text):
        for end in range(min(len(text), start + longest), start, -1):
            word = text[start:end]
            if word in table and (len(word) >= _LONG or {start, end} <= ends):
                yield EverydayWord(text=word, start=start, end=end, official=table[word])
                start = end - 1
                break
        start += 1


@cache
def _table() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for line in resources.files("kb.chinese").joinpath("synonyms.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            everyday, official = fold(line).split("\t")
            for word in everyday.split():
                table[word] = (*table.get(word, ()), *official.split())
    return table


def rule_words(word: str) -> tuple[str, ...]:
    """The words that rules use for an everyday one: 换 is 变更; none for one that is not in rule_words.txt.

    They are no words to search for: one character is part of many words.
    """
    return _rule_words().get(word, ())


@cache
def _rule_words() -> dict[str, tuple[str, ...]]:
    lines = resources.files(__package__).joinpath("rule_words.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {word: tuple(official.split()) for word, official in rows}
