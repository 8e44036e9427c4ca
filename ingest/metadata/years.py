"""The year that a document is of, and the year whose work it reports."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.metadata.kinds import WORK_REPORT
from kb.chinese.text import fold
from kb.types import Block, BlockKind

_HEAD_BLOCKS = 12
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_TITLE_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*年")
_YEARS = re.compile(r"\d{4}\s*年?\s*[-—–－~～至到]+\s*\d{4}\s*年?")
_REPORT_AND_PLAN = re.compile(
    r"\d{4}年[^，。]{0,16}(?:工作|情况|执行|总结)[^，。]{0,6}\d{4}年[^，。]{0,16}(?:计划|安排|打算|预算|要点)"
)
_REVIEW = re.compile(r"(?<!\d)((?:19|20)\d{2})年[^，。]{0,14}(?:回顾|总结)")
_PERIOD = re.compile(
    r"((?:19|20)\d{2})\s*年\s*1\s*月\s*1\s*日起?\s*[至到\-—－–~～]+\s*(?:\1\s*年\s*)?12\s*月\s*31\s*日"
)
_OPENING = re.compile(r"((?:19|20)\d{2})\s*年(?:度|来|以来|，|,|在|是|、|，?(?:我|全|区|市|县|省|本))")


def years_of(
    blocks: Sequence[Block], kind: str | None, title: str, parts: Sequence[str], date: str | None
) -> tuple[int | None, int | None]:
    """The year that a document is of, and the year whose work it tells of."""
    year = _year_of_title(title)
    named = next((int(part[:4]) for part in parts if _YEAR.fullmatch(part) or _TITLE_YEAR.match(part)), None)
    if kind == WORK_REPORT:
        # It is read out early in a year and tells of the year before, unless the session was in December.
        year = year or named or (int(date[:4]) if date else None)
        return year, _reviewed(blocks, year)
    if kind is None or not kind.endswith(("报告", "公报")):
        return year or (named if not _YEARS.search(title) else None), None
    covered = year or _period(blocks, date) or named
    return year or named or covered, covered


def _year_of_title(title: str) -> int | None:
    """None where it names a span of years, or two and not a report with a plan."""
    folded = fold(title)
    years = {int(year) for year in _TITLE_YEAR.findall(folded)}
    if _YEARS.search(folded) or (len(years) > 1 and not _REPORT_AND_PLAN.search(folded)):
        return None
    return min(years, default=None)


def _reviewed(blocks: Sequence[Block], year: int | None) -> int | None:
    """The year that a heading of a work report of `year` looks back on, or the one before."""
    if year is None:
        return None
    headings = (block.text for block in blocks if block.kind is BlockKind.HEADING)
    found = [int(match[1]) for heading in headings if (match := _REVIEW.search(fold(heading)))]
    return found[0] if found and found[0] in (year - 1, year) else year - 1


def _period(blocks: Sequence[Block], date: str | None) -> int | None:
    """The year that a yearly report says it covers, or that its text opens with, if it is dated not long after."""
    head = [fold(block.text) for block in blocks[:_HEAD_BLOCKS]]
    for line in head:
        if match := _PERIOD.search(line):
            return int(match[1])
    opening = next((int(match[1]) for line in head if (match := _OPENING.match(line))), None)
    dated = int(date[:4]) if date else None
    return opening if opening and dated in (None, opening, opening + 1) else None
