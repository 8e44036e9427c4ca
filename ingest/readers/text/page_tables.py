"""The tables of a web page: which of them hold rows, and which only lay out the page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.lines import tidy
from ingest.readers.tables import read_rows
from kb.types import Block, BlockKind

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_MAX_COPIES = 20_000  # cells that are added to a page for merged ones
_MAX_COLUMNS = 200
_MAX_SPAN = 50  # cells; a wider span is a mistake of the page
_MAX_LONE_CELL = 60  # characters of a cell in a table of one row
_MIN_LONG_CELL = 200  # characters of a cell that is read as the text below its label
_MIN_LINES = 3
_MAX_LABEL = 20  # characters
_MIN_FACTS = 2
_MAX_FACT_LABEL = 4  # characters, where it stands behind a label without a value
_MAX_HEIGHT = 1  # of tables within a table of rows
_SECTIONS = frozenset(("thead", "tbody", "tfoot"))
_CELLS = frozenset(("td", "th"))

_LABEL = re.compile(r"\S[^：:。；，,]{0,18}[：:]")
_FACT = re.compile(
    r"(?P<label>[^\s\d：:。；，,|][^\d：:。；，,|]{0,11})[：:](?!//)\s*(?P<value>.*)|【[^】]{2,8}】.*", re.DOTALL
)
_NAME = re.compile(r"[一-鿿]\s*[一-鿿·]{1,4}")
_SPACED = re.compile(r"(?<=[一-鿿])\s+(?=[一-鿿])")


@dataclass(frozen=True, slots=True)
class _Cell:
    element: Element
    text: str  # a line for each line of the cell
    columns: int
    rows: int

    @property
    def is_head(self) -> bool:
        return any(
            cell.tag in ("th", "thead") for cell in (self.element, *self.element.iterancestors("thead", "table"))
        )


@dataclass(frozen=True, slots=True)
class PageTable:
    """The blocks of a table that holds rows; `link_share` is the part of its text that leads to other pages."""

    rows: Sequence[Block]
    link_share: float
    is_header: bool  # of facts about the document: 索引号：…, 发布机构：…


class PageTables:
    """The tables of one page, from the innermost outwards."""

    def __init__(self, body: Element, cell_text: Callable[[Element], str], is_link: Callable[[Element], bool]) -> None:
        """`cell_text` reads a cell, a line for each of its lines; `is_link` tells links to other pages."""
        self._cell_text = cell_text
        self._is_link = is_link
        self._num_left = _MAX_COPIES
        self._tables: dict[Element, PageTable | None] = {}
        self._heights: dict[
            Element, int
        ] = {}  # of a table or a cell: how many tables with text stand in one another in it
        for table in reversed(list(body.iter("table"))):
            self._tables[table] = self._read(table)

    def of(self, element: Element) -> PageTable | None:
        """The rows of a table; None where it lays out the page."""
        return self._tables.get(element)

    def _read(self, table: Element) -> PageTable | None:
        height = self._heights.get(table, 0)
        if height > _MAX_HEIGHT:
            self._raise(table, height)
            return None
        grid = [[self._cell(cell) for cell in row if cell.tag in _CELLS] for row in _rows(table)]
        filled = [row for row in ([cell for cell in cells if cell.text] for cells in grid) if row]
        if filled:
            self._raise(table, height)
        inner = [cell for row in filled for cell in row if cell.element in self._heights]
        if not _holds_rows(filled, inner):
            return None
        caption = next((child for child in table if child.tag == "caption"), None)
        named = self._cell_text(caption) if caption is not None else ""
        blocks = [Block(text=line) for line in named.split("\n") if line]
        facts = _facts(grid)
        blocks += facts or self._blocks(grid)
        size = sum(len(cell.text) for row in filled for cell in row)
        linked = sum(len("".join(link.itertext()).strip()) for link in table.iter("a") if self._is_link(link))
        return PageTable(blocks, linked / max(1, size), bool(facts))

    def _raise(self, table: Element, height: int) -> None:
        """Tell the elements around a table with text that they hold one."""
        for element in table.iterancestors("table", "td", "th"):
            self._heights[element] = max(self._heights.get(element, 0), height + 1)

    def _cell(self, cell: Element) -> _Cell:
        return _Cell(cell, self._cell_text(cell), _span(cell, "colspan"), _span(cell, "rowspan"))

    def _blocks(self, grid: Sequence[Sequence[_Cell]]) -> list[Block]:
        grid = [row for row in grid if row]
        rows = self._whole(grid)
        width = max(map(len, rows))
        if rows[0] and not any(rows[0][1:]) and width > 1:  # the caption, which stands over the whole width
            rows[0] = [rows[0][0]] * width
        columns = [i for i in range(width) if any(i < len(row) and row[i] for row in rows)]
        kept = [[row[i] for i in columns if i < len(row)] for row in rows]
        is_filled = [any(row) for row in kept]
        first = kept[is_filled.index(True)]
        # A head that is repeated where a page of paper began says nothing anew.
        is_repeated = [i > 0 and row == first and len(set(row)) > 1 for i, row in enumerate(kept)]
        num_head_rows = _num_head_rows(grid)
        if num_head_rows is not None:
            num_head_rows = sum(is_filled[:num_head_rows])
        shown = [i for i in range(len(kept)) if is_filled[i] and not (is_repeated[i] and i > is_filled.index(True))]
        return list(_with_long_cells([kept[i] for i in shown], num_head_rows))

    def _whole(self, grid: Sequence[Sequence[_Cell]]) -> list[list[str]]:
        """The texts of the rows, every merged cell once for each place that it covers.

        Rows that would need more copies than are left, or be wider than a table is, stay as they are.
        """
        below: dict[int, tuple[int, str]] = {}  # column → rows still covered, text
        rows: list[list[str]] = []
        num_made = 0
        for cells in grid:
            placed: list[str] = []
            given = list(cells)
            while given or len(placed) in below:
                if len(placed) in below:
                    left, text = below.pop(len(placed))
                    if left > 1:
                        below[len(placed)] = (left - 1, text)
                    placed.append(text)
                    continue
                cell = given.pop(0)
                for _ in range(cell.columns):
                    if cell.rows > 1:
                        below[len(placed)] = (cell.rows - 1, cell.text)
                    placed.append(cell.text)
            num_made += max(0, len(placed) - len(cells))
            if num_made > self._num_left or len(placed) > _MAX_COLUMNS:
                return [[cell.text for cell in row] for row in grid]
            rows.append(placed)
        self._num_left -= num_made
        return rows


def _rows(table: Element) -> Iterator[Element]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in _SECTIONS:
            yield from (row for row in child if row.tag == "tr")


def _span(cell: Element, name: str) -> int:
    value = cell.get(name, "1").strip()
    return max(1, min(int(value), _MAX_SPAN)) if value.isdecimal() and len(value) < 9 else 1


def _holds_rows(filled: Sequence[Sequence[_Cell]], inner: Sequence[_Cell]) -> bool:
    """Whether a table is read row by row: it has columns, and no other tables that make up most of it.

    filled: the cells with text of each row that has some.
    inner: those of them that hold other tables.
    """
    several = [row for row in filled if len(row) > 1]
    if not several:
        return False
    cells = [cell for row in filled for cell in row]
    if inner:
        size = sum(len(cell.text) for cell in cells)
        is_minor = 4 * len(inner) <= len(cells) and 2 * sum(len(cell.text) for cell in inner) <= size
        return is_minor and 2 * len(several) >= len(filled) > 2
    if len(filled) == 1:
        return all(len(cell.text) <= _MAX_LONE_CELL for cell in cells)
    # A row of buttons or pictures below a page's text makes no table of it.
    return 3 * len(several) >= len(filled) or 2 * sum(map(len, several)) >= len(cells)


def _facts(grid: Sequence[Sequence[_Cell]]) -> list[Block]:
    """A row for each “label：value” of a table that holds nothing else, else none.

    Label and value stand in one cell, or in two neighbouring ones of which the first ends in a colon.
    """
    facts: list[str] = []
    num_values = 0
    for row in grid:
        is_open = False  # whether the last fact is a label that waits for its value
        for cell in row:
            text = tidy(cell.text)
            label = _SPACED.sub("", text)
            if _LABEL.fullmatch(label):
                facts.append(label)
                is_open = True
            elif (match := _FACT.fullmatch(text)) and not (is_open and len(match[1] or "") > _MAX_FACT_LABEL):
                facts.append(_SPACED.sub("", match[1]) + text[match.end(1) :] if match[1] else text)
                num_values += 1
                is_open = False
            elif is_open:
                facts[-1] += text
                num_values += bool(text)
                is_open = False
            elif text:
                return []
    return [_row(fact) for fact in facts] if num_values and len(facts) >= _MIN_FACTS else []


def _num_head_rows(grid: Sequence[Sequence[_Cell]]) -> int | None:
    """How many rows the page marks as heads; 0 where it marks none, None where the first row cannot be one.

    A cell beside several rows names what they have in common; the cells beside it in the first row are their first.
    """
    marked = [all(cell.is_head or not cell.text for cell in row) for row in grid]
    if marked[0]:
        return marked.index(False) if False in marked else 0
    if all(_NAME.fullmatch(cell.text) for row in grid for cell in row if cell.text):
        return None  # a list of names
    spans = {cell.rows for cell in grid[0]}
    return None if len(spans) > 1 and all(cell.columns == 1 for cell in grid[0]) else 0


def _with_long_cells(rows: Sequence[Sequence[str]], num_head_rows: int | None) -> Iterator[Block]:
    """The blocks of rows; the text of several lines beside a label is read as text below that label."""
    start = 0
    for i, row in enumerate(rows):
        if i >= (num_head_rows or 0) and len(row) == 2 and _is_section(*row):
            yield from read_rows(rows[start:i], num_head_rows=_left(num_head_rows, start))[0]
            yield Block(text=tidy(row[0]), kind=BlockKind.HEADING)
            yield from (Block(text=line) for line in row[1].split("\n"))
            start = i + 1
    yield from read_rows(rows[start:], num_head_rows=_left(num_head_rows, start))[0]


def _left(num_head_rows: int | None, start: int) -> int | None:
    return None if num_head_rows is None else max(0, num_head_rows - start)


def _is_section(label: str, text: str) -> bool:
    return 0 < len(label) <= _MAX_LABEL and len(text) >= _MIN_LONG_CELL and text.count("\n") >= _MIN_LINES - 1


def _row(text: str) -> Block:
    return Block(text=text, kind=BlockKind.TABLE_ROW)
