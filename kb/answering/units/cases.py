"""A sentence or item → the cases that stand side by side in it, each with what holds in it.

“第三条 退款：满30日的，退一半；不满30日的，全退。” has a head and two cases. A case begins with a condition that ends in “的，”, or is one of
several statements with a figure each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kb.answering.structure import Span
from kb.chinese.figures import figures
from kb.chinese.lexicon import read_lexicon
from kb.chinese.text import clauses, segments, trim

_LEXICON = read_lexicon(__name__)
_CONDITION = _LEXICON["condition"]
_HEAD = _LEXICON["head"]
_NUMBER = _LEXICON["number"]
_GOES_ON = _LEXICON["goes_on"]
_FEWEST = 2  # statements with a figure that are cases of one sentence


@dataclass(frozen=True, slots=True)
class Cases:
    """The cases of a span of a document's text, in order."""

    head: Span | None  # what stands above all of them: “退款：”
    spans: tuple[Span, ...]


def cases_in(text: str, start: int, end: int) -> Cases:
    """The cases in a span of `text`; one where it tells none apart."""
    cut = [
        (start + first + begin, start + first + finish)
        for first, last in clauses(text[start:end])
        for begin, finish in segments(text[start + first : start + last])
    ]
    head = cut[0] if len(cut) > 1 and _HEAD.search(text[slice(*cut[0])]) else None
    runs = _joined(text, _runs(text, cut[1:] if head else cut))
    spans = [span for run in runs for span in _statements(text, run)]
    return Cases(head and trim(text, *head), tuple(trim(text, *span) for span in spans))


def without_number(words: str) -> str:
    """The words of an item without the number that it begins with."""
    return _NUMBER.sub("", words)


def _runs(text: str, cut: Sequence[Span]) -> Iterator[list[Span]]:
    """The segments of each clause, and of each condition in it with what follows from it."""
    run: list[Span] = []
    conditions: list[bool] = []  # whether each segment of the run is the end of one
    for start, end in cut:
        is_condition = bool(_CONDITION.search(text[start:end]))
        # What stands before the first condition belongs to it; behind it, it is what holds.
        if is_condition and any(conditions) and not conditions[-1]:
            yield run
            run, conditions = [], []
        run.append((start, end))
        conditions.append(is_condition)
        if not text[start:end].rstrip().endswith(("，", ",", "：", ":")):
            yield run
            run, conditions = [], []
    if run:
        yield run


def _joined(text: str, runs: Iterable[list[Span]]) -> list[list[Span]]:
    """The runs, one that holds only after the one before it, which has no figure, as one: 未清除的，责令清除；拒不清除的，处100元罚款."""
    joined: list[list[Span]] = []
    for run in runs:
        if joined and _GOES_ON.match(text, run[0][0]) and not _counted(text, joined[-1]):
            joined[-1] = [*joined[-1], *run]
        else:
            joined.append(run)
    return joined


def _counted(text: str, run: Sequence[Span]) -> list[Span]:
    """The segments of a run that have a figure, besides the number of an item."""
    return [span for span in run if figures(without_number(text[slice(*span)]))]


def _statements(text: str, run: Sequence[Span]) -> Iterator[Span]:
    """A run whole, or cut behind each of its figures where it has several and no condition."""
    counted = _counted(text, run)
    if len(counted) < _FEWEST or any(_CONDITION.search(text[slice(*span)]) for span in run):
        yield run[0][0], run[-1][1]
        return
    start = run[0][0]
    for span in counted[:-1]:
        yield start, span[1]
        start = span[1]
    yield start, run[-1][1]
