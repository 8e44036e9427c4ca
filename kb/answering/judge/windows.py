"""A document's structure → windows: runs of sentences or items of one container, and rows, each judged at once.

A short container is one window. A longer one is cut between its foci; what needs its lead-ins carries them. Each row of a table is
a window of its own: among others the judge does not tell it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from kb.answering.structure import BlockShape, Focus, Span, Structure, UnitBlock
from kb.chinese.text import CELL_MARK

LONGEST = 200  # characters of a window, unless a single focus is longer: about 140 tokens
_LONGEST_LEAD = 80
# A row is judged as clauses, each as long as its cell: 时间：5月13日 | 地点：… as 时间是5月13日，  地点是….
_BETWEEN_CELLS = "，  "
_HEAD = re.compile(rf"(?:^|(?<={re.escape(CELL_MARK)}))([^：\n]{{1,90}})：(?=.)")
_LONGEST_TITLE = 30
_LONGEST_PATH = 50


@dataclass(frozen=True, slots=True)
class Window:
    """What is judged at once: a run of foci, with what stands above them."""

    context: str  # title of the document and the headings above
    lead: str  # lead-ins that stand before the run
    start: int  # in the text of the document
    end: int
    text: str

    @property
    def shown(self) -> str:
        """The words that are judged: the lead-ins, then the run, the cells of a row as clauses; as long as they are together."""
        if CELL_MARK not in self.text:
            return self.lead + self.text
        return self.lead + _HEAD.sub(r"\1是", self.text).replace(CELL_MARK, _BETWEEN_CELLS)

    def span(self, start: int, end: int) -> Span:
        """A span of the document, as far as it stands in the run, in `shown`."""
        shift = len(self.lead) - self.start
        return max(start, self.start) + shift, min(end, self.end) + shift


class Windows:
    """The windows of one document; those of a container are cut when one of them is asked for."""

    def __init__(self, structure: Structure, title: str) -> None:
        self._structure, self._title = structure, title
        self._cut: dict[int, list[Window]] = {}

    def all(self) -> list[Window]:
        """All windows of the document, in order; every focus stands in one of them."""
        return [window for run in self._runs for window in self._windows(run)]

    def at(self, place: int) -> Window:
        """The window in which the character `place` of the document stands, or the last before it."""
        windows = self._windows(self._runs[max(bisect_right(self._starts, place) - 1, 0)])
        return next((window for window in reversed(windows) if window.start <= place), windows[0])

    @cached_property
    def _starts(self) -> list[int]:
        return [run[0].start for run in self._runs]

    @cached_property
    def _runs(self) -> list[tuple[UnitBlock, ...]]:
        """The blocks in order, those of one container that stand behind one another together."""
        runs: list[list[UnitBlock]] = []
        for block in self._structure.blocks:
            if not block.foci:
                continue
            if runs and runs[-1][0].container is block.container:
                runs[-1].append(block)
            else:
                runs.append([block])
        return list(map(tuple, runs))

    def _windows(self, run: tuple[UnitBlock, ...]) -> list[Window]:
        first = run[0].start
        if first not in self._cut:
            self._cut[first] = list(_cut(self._structure, self._title, run))
        return self._cut[first]


def _cut(structure: Structure, title: str, blocks: Sequence[UnitBlock]) -> Iterator[Window]:
    """The windows of the blocks of one container."""
    path = "；".join(blocks[0].container.path)
    context = "；".join(filter(None, (title[:_LONGEST_TITLE], path[-_LONGEST_PATH:])))
    foci = [focus for block in blocks for focus in block.foci]
    rows = {focus.start for block in blocks if block.shape is BlockShape.TABLE for focus in block.foci}
    at = 0
    while at < len(foci):
        start, last = _start(foci, at), at
        while (
            last + 1 < len(foci)
            and not {foci[last].start, foci[last + 1].start} & rows
            and foci[last + 1].end - start <= LONGEST
        ):
            last += 1
        end = foci[last].end
        lead = _lead(structure, foci[at], start)
        yield Window(context=context, lead=lead, start=start, end=end, text=structure.text[start:end])
        at = last + 1


def _start(foci: Sequence[Focus], at: int) -> int:
    """Where a window begins: a list with its lead-in, unless the window before has that."""
    focus = foci[at]
    outermost = focus.leads[:1]
    is_first = at == 0 or foci[at - 1].leads[:1] != outermost
    return min(focus.start, outermost[0][0]) if outermost and is_first else focus.start


def _lead(structure: Structure, focus: Focus, start: int) -> str:
    """The lead-ins of a focus that stand before `start`, the innermost if there is no room for all."""
    leads = ["".join(structure.text[first:last].split()) for first, last in focus.leads if last <= start]
    joined = "".join(leads)
    return joined if len(joined) <= _LONGEST_LEAD else leads[-1][-_LONGEST_LEAD:]
