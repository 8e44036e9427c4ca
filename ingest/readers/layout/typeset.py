"""Lines and tables in their places on pages → blocks, without what repeats on every page.

A paragraph ends where its last line ends early, or where the next line is indented; the end of a page
ends none. A table that goes on over it is one table.
"""

from __future__ import annotations

import itertools
import re
import statistics
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ingest.lines import join, tidy
from ingest.readers.layout.grids import Box, joined
from ingest.readers.tables import Row, read_rows
from kb.types import Block

CJK = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’—…]"
# Typesetting leaves a gap between Chinese and figures, which is no space of the text.
_GAP = re.compile(rf"(?<={CJK})\s+(?=[0-9A-Za-z.%(])|(?<=[0-9A-Za-z.%)])\s+(?={CJK})")
# Fonts that name a character by its radical: ⾏政 for 行政. Unicode maps the first kind, not the second [1].
# [1] Unicode 16, chapter 18.1: the CJK Radicals Supplement has no decompositions.
_RADICAL = re.compile("[\u2e80-\u2fdf]")
_SIMPLIFIED_RADICALS = dict(
    zip(
        "⺠⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻤⻥⻦⻧⻨⻩⻬⻮⻰",
        "民西见角贝车长门青韦页风飞食马鬼鱼鸟卤麦黄齐齿龙",
        strict=True,
    )
)

_PAGE_NUMBER = re.compile(r"[-—–－·•\s]*(?:第\s*)?\d{1,4}\s*页?(?:\s*[/／,，]?\s*共?\s*\d{1,4}\s*页?)?[-—–－·•\s]*")
_NUMBERED = re.compile(
    r"第[一二三四五六七八九十百零〇\d]+[编章节条]|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)]|\d{1,2}[.．、](?!\d)"
)
_UNBROKEN = re.compile(r"[0-9A-Za-z.,%/:@-]*")
_FINAL = re.compile(r"[。！？；：!?;][”’」』）)]*$")
# benchmarks/reading.py compares what is read by these with the true texts of reports.
_MARGIN_LINES = 2  # lines at the top and the bottom where headers and footers are
_SHORT = 2.0  # characters that a line ends before the margin, where it is not full
_INDENT = 1.2  # characters
_SAME_SIZE = 1.15
_LATIN_WIDTH = 0.5  # of a Chinese character


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line as it stands on the page, in points from the lower left corner; or a table in its place."""

    text: str
    left: float
    right: float
    top: float
    size: float  # of its font, points
    page: int
    table: tuple[Row, ...] = ()


def plain(text: str) -> str:
    """`text` on one line as it is written: without gaps of typesetting, characters for radicals."""

    def character(match: re.Match[str]) -> str:
        return _SIMPLIFIED_RADICALS.get(match[0]) or unicodedata.normalize("NFKC", match[0])

    return _GAP.sub("", _RADICAL.sub(character, tidy(text)))


def with_tables(lines: list[PlacedLine], tables: Iterable[tuple[Box, Sequence[Row]]]) -> list[PlacedLine]:
    """`lines` of one page with each table in the place of its text.

    tables: box (left, top, right, bottom; points from the lower left corner) and rows.
    """
    for (left, top, right, bottom), rows in tables:
        inside = [
            not line.table
            and left - 1 <= (line.left + line.right) / 2 <= right + 1
            and bottom - 1 <= line.top - line.size / 2 <= top + 1
            for line in lines
        ]
        if any(inside):
            at = inside.index(True)
            table = PlacedLine(
                text="", left=left, right=right, top=top, size=1.0, page=lines[0].page, table=tuple(rows)
            )
            rest = [line for line, within in zip(lines, inside, strict=True) if not within]
            lines = [*rest[:at], table, *rest[at:]]
    return lines


def blocks(pages: list[list[PlacedLine]]) -> list[Block]:
    """The paragraphs and table rows of a document, without what repeats on its pages."""
    lines = _without_margins(pages)
    margins = _Margins(lines)
    found: list[Block] = []
    for is_table, group in itertools.groupby(lines, key=lambda line: bool(line.table)):
        run = list(group)
        found += _rows(run) if is_table else _paragraphs(run, margins)
    return found


def _rows(tables: Iterable[PlacedLine]) -> Iterator[Block]:
    """The rows of tables that follow one another; what goes on over the edge of a page is one table."""
    heads: Row = ()
    rows: list[Row] = []
    pages: list[int] = []
    for table in tables:
        both = joined(rows, table.table) if rows and table.page == pages[-1] + 1 else None
        if both is None:
            found, heads = read_rows(rows, heads=heads, pages=pages)
            yield from found
            rows, pages = list(table.table), [table.page] * len(table.table)
        else:
            rows = [*both[0], *both[1]]
            pages += [table.page] * len(both[1])
    yield from read_rows(rows, heads=heads, pages=pages)[0]


def _without_margins(pages: list[list[PlacedLine]]) -> list[PlacedLine]:
    """All lines without page numbers and the headers and footers that repeat."""

    def marginal(page: list[PlacedLine]) -> list[PlacedLine]:
        lines = sorted((line for line in page if not line.table), key=lambda line: -line.top)
        return lines[:_MARGIN_LINES] + lines[-_MARGIN_LINES:]

    def shape(line: PlacedLine) -> tuple[str, int]:
        return re.sub(r"\d+", "#", line.text), round(line.top / 10)

    counts = Counter(key for page in pages for key in {shape(line) for line in marginal(page)})
    enough = max(3, len(pages) // 2)
    kept = []
    for page in pages:
        outer = sorted(page, key=lambda line: line.top)
        edges = {id(line) for line in (outer[:1] + outer[-1:])}
        margin = {id(line) for line in marginal(page)}
        for line in page:
            number = id(line) in edges and _PAGE_NUMBER.fullmatch(line.text)
            if not number and not (id(line) in margin and counts[shape(line)] >= enough):
                kept.append(line)
    return kept


class _Margins:
    """Where the lines of a document begin and end, by page and column."""

    def __init__(self, lines: Sequence[PlacedLine]) -> None:
        text = [line for line in lines if not line.table]
        self.size = statistics.median(line.size for line in text) if text else 1.0  # of the body, points
        self._body: dict[int, list[PlacedLine]] = {}
        for line in text:
            if self.size / _SAME_SIZE <= line.size <= self.size * _SAME_SIZE:
                self._body.setdefault(line.page, []).append(line)
        self._found: dict[tuple[int, int, int], tuple[float, float]] = {}

    def of(self, line: PlacedLine) -> tuple[float, float]:
        """Left and right, points: where most lines of its column begin, and where all but stray ones end."""
        key = (line.page, round(line.left), round(line.right))
        if key not in self._found:
            column = [o for o in self._body.get(line.page, ()) if o.left < line.right and o.right > line.left]
            lefts, rights = [o.left for o in column], [o.right for o in column]
            if len(column) < 2:
                self._found[key] = (min(lefts, default=0.0), max(rights, default=0.0))
            else:
                self._found[key] = (
                    statistics.quantiles(lefts, n=10, method="inclusive")[0],
                    statistics.quantiles(rights, n=10, method="inclusive")[-1],
                )
        return self._found[key]


def _paragraphs(lines: Sequence[PlacedLine], margins: _Margins) -> Iterator[Block]:
    """The paragraphs of lines that follow one another."""
    content, page = lines[0].text, lines[0].page
    for before, line in itertools.pairwise(lines):
        if _continues(before, line, margins.size, margins.of(line)[0], margins.of(before)[1]):
            content = join(content, line.text)
        else:
            yield Block(text=content, page=page)
            content, page = line.text, line.page
    yield Block(text=content, page=page)


def _continues(before: PlacedLine, line: PlacedLine, size: float, left: float, right: float) -> bool:
    """Whether `line` belongs to the paragraph of the line before it."""
    if max(before.size, line.size) > _SAME_SIZE * min(before.size, line.size):
        return False
    if before.size > _SAME_SIZE * size:  # a title of several lines
        return before.page == line.page and not _FINAL.search(before.text) and not _NUMBERED.match(line.text)
    if line.left > left + _INDENT * size:
        return False
    # A figure is not broken: the line before it ends early.
    unbroken = len(_UNBROKEN.match(line.text)[0]) * _LATIN_WIDTH  # type: ignore[index]
    if before.right + (unbroken + _SHORT) * size < right:
        return False
    return not (_FINAL.search(before.text) and _NUMBERED.match(line.text))
