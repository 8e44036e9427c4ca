"""What stands in windows of documents → the same with what the judge says of it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from kb.answering.judge.judge import Judge, Judgement, question_words
from kb.answering.judge.windows import Window
from kb.search.query import QueryPlan

_SCALE = 8.0  # log odds that count as 1
_MOST = 8.0  # beyond which they tell nothing more

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Placed(Generic[T]):
    """Something that may answer, and where it stands."""

    item: T
    document: int
    window: Window
    start: int  # in the text of the document
    end: int
    table: int | None = None  # where the table begins of which it is a row

    @property
    def unit(self) -> tuple[int, int, bool]:
        """Its window; of a row its whole table, for the words tell the rows of a table apart, and the judge does not."""
        return self.document, self.window.start if self.table is None else self.table, self.table is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What the judge says of a span in its window, beside the other windows of the question, in log odds."""

    odds: float  # that the window answers
    above_best: float  # … above the best window: 0 or less
    above_others: float  # … above the best of the other windows
    words: float  # that the best words of the span answer
    words_above_window: float  # … above the best words of the window: 0 or less
    words_above_best: float  # … above the best words of any span: 0 or less
    judgement: Judgement | None = field(default=None, repr=False)  # of the window

    @property
    def features(self) -> dict[str, float]:
        """What a candidate is chosen by; 8 of log odds count as 1."""
        return {
            "judged": _bounded(self.odds),
            "judged_behind": self.above_best / _SCALE,
            "judged_words": _bounded(self.words),
            "judged_words_within": self.words_above_window / _SCALE,
            "judged_words_behind": self.words_above_best / _SCALE,
        }

    @property
    def signs(self) -> dict[str, float]:
        """What tells beside them whether the first candidate answers."""
        return {
            "judged": _bounded(self.odds),
            "ahead_of_windows": _bounded(self.above_others),
        }


def _bounded(odds: float) -> float:
    return max(min(odds, _MOST), -_MOST) / _SCALE


def judged_of(
    plan: QueryPlan, placed: Sequence[Placed[T]], judge: Judge, *, most: int
) -> list[tuple[T, Opinion | None]]:
    """What stands in the first windows, of `most` characters in all, with what the judge says of it; the rest with nothing.

    Raises EncoderError where the judge cannot be loaded.
    """
    windows: dict[tuple[int, int], Window] = {}
    left = most
    for one in placed:
        if left > 0 and (one.document, one.window.start) not in windows:
            windows[one.document, one.window.start] = one.window
            left -= len(one.window.text)
    judgements = dict(zip(windows, judge.judge(question_words(plan), list(windows.values())), strict=True))
    units: defaultdict[tuple[int, int, bool], dict[int, Judgement]] = defaultdict(dict)
    for one in placed:
        if found := judgements.get((one.document, one.window.start)):
            units[one.unit][one.window.start] = found
    words = [_words(one, units[one.unit]) for one in placed]
    best_words = max(words, default=0.0)
    return [
        (one.item, _judged(units[one.unit], one.window, judgements.values(), said, best_words))
        if one.window.start in units[one.unit]
        else (one.item, None)
        for one, said in zip(placed, words, strict=True)
    ]


def _words(one: Placed[T], unit: Mapping[int, Judgement]) -> float:
    """The log odds that the best words of what is placed answer; of a row those of its table."""
    if one.window.start not in unit:
        return -math.inf
    own = unit[one.window.start]
    return own.odds_of(one.start, one.end) if one.table is None else _best_words(unit)


def _best_words(unit: Mapping[int, Judgement]) -> float:
    return max(judgement.best_words for judgement in unit.values())


def _judged(
    unit: Mapping[int, Judgement], window: Window, all_of_them: Iterable[Judgement], words: float, best_words: float
) -> Opinion:
    """The opinion of what stands in a window; the windows of its `unit`, by where they start, are judged as one."""
    odds = max(judgement.odds for judgement in unit.values())
    others = [other.odds for other in all_of_them if all(other is not judgement for judgement in unit.values())]
    return Opinion(
        odds=odds,
        above_best=odds - max([odds, *others]),
        above_others=odds - max(others, default=-_MOST),
        words=words,
        words_above_window=words - _best_words(unit),
        words_above_best=words - best_words,
        judgement=unit[window.start],
    )
