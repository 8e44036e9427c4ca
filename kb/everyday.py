"""Everyday words → the official words for the same: 工钱 is 工资 in a report, 讨薪 is 追回欠薪.

The table is everyday.txt: a line has what people say, a tab, and what documents say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from kb.text import fold, word_ends

_LONG = 4  # a phrase of so many characters is itself wherever it stands; a shorter one must be whole words


@dataclass(frozen=True, slots=True, kw_only=True)
class Everyday:
    """An everyday word in a text, and the official words for it."""

    text: str
    start: int
    end: int
    official: tuple[str, ...]


def everyday_words(text: str) -> Iterator[Everyday]:
    """The everyday words of the folded `text`, in order; of those that overlap, the first and longest."""
    table = _table()
    ends = {0, *word_ends(text)}
    for match in _pattern().finditer(text):
        if len(match.group()) >= _LONG or {match.start(), match.end()} <= ends:
            yield Everyday(text=match.group(), start=match.start(), end=match.end(), official=table[match.group()])


@cache
def _table() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for line in resources.files("kb").joinpath("everyday.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            said, official = fold(line).split("\t")
            for word in said.split():
                table[word] = (*table.get(word, ()), *official.split())
    return table


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(_table(), key=len, reverse=True))))
