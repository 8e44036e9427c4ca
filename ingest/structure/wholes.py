"""The parts of a text that one passage holds whole, and the lead-ins that later passages of a list carry."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from kb.types import Section, SectionKind

_LONGEST_LEAD_IN = 120  # characters; more would weigh more than the items in what is embedded
_KEPT = (SectionKind.ARTICLE, SectionKind.ITEM)
_COMMA = re.compile("[，,、；;]")


class Wholes:
    """Spans of a text that are not cut, and places where it may be cut beside the ends of its sentences."""

    def __init__(self, found: Sequence[Section], longest: int) -> None:
        """longest: characters of a section that is kept whole."""
        self._lists = [section for section in found if section.kind is SectionKind.LIST]
        items = [section for section in found if section.kind is SectionKind.ITEM]
        firsts = {item.start: item for item in reversed(items)}  # of those that begin at one place the outermost
        whole = [
            (section.start if section.kind is not SectionKind.ARTICLE else section.body, section.end)
            for section in found
            if section.kind in _KEPT and section.end - section.body <= longest
        ]
        for section in self._lists:
            first = firsts.get(section.body)
            end = first.end if first and first.end - first.start <= longest else section.body + 1
            whole.append((section.start, end if section.end - section.start > longest else section.end))
        self._starts, self._ends = _united(whole)
        self.cuts = sorted({section.start for section in self._lists} | {item.start for item in items})

    def parts_at(self, place: int) -> bool:
        """Whether a cut at `place` parts what belongs together."""
        at = bisect_right(self._starts, place) - 1
        return at >= 0 and self._starts[at] < place < self._ends[at]

    def lead_in(self, text: str, start: int) -> str:
        """What leads to the text from `start` on, where that stands before it; "" where nothing does.

        Of a list within an item of another both lead-ins, as far as there is room.
        """
        around = [section for section in self._lists if section.body < start < section.end and section.start < start]
        leads = [text[section.start : section.body].strip() for section in around]
        return shortened([lead for lead in leads if lead])


def shortened(leads: Sequence[str]) -> str:
    """Lead-ins in one line of at most 120 characters, the innermost if there is no room for all."""
    joined = "".join("".join(lead.split()) for lead in leads)
    if len(joined) <= _LONGEST_LEAD_IN:
        return joined
    last = "".join(leads[-1].split())
    if len(last) <= _LONGEST_LEAD_IN:
        return last
    commas = [match.end() for match in _COMMA.finditer(last, 0, _LONGEST_LEAD_IN - 1)]
    return last[: commas[-1] if commas else _LONGEST_LEAD_IN - 1] + "…"


def _united(spans: Iterable[tuple[int, int]]) -> tuple[list[int], list[int]]:
    """Spans that overlap as one; their starts and their ends."""
    starts: list[int] = []
    ends: list[int] = []
    for start, end in sorted(spans):
        if ends and start < ends[-1]:
            ends[-1] = max(ends[-1], end)
        else:
            starts.append(start)
            ends.append(end)
    return starts, ends
