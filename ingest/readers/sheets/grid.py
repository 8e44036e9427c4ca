"""The grid of a spreadsheet → titles, tables with column heads, notes.

A sheet is no table: a title and a unit may stand above the heads, notes below, and a second table further down.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from ingest.lines import tidy
from ingest.readers.tables import Row, read_rows
from kb.errors import RefusedError
from kb.types import Block, BlockKind

MAX_ROWS = 20_000
MAX_CELLS = 2_000_000  # of one sheet, empty ones counted
_MAX_HEAD = 40  # characters of a column head
_MAX_HEAD_ROWS = 4
_MAX_TITLE = 60  # characters
_YEAR = re.compile(r"(?:19|20)\d\d")
_FIGURE = re.compile(r"[-+－—±¥￥$]?\s*\d[\d,，.]*\s*(?:[%％‰]|[^\d\W]{0,3})|\d{4}-\d\d-\d\d(?: [\d:]+)?")
_COLUMN_NAMES = ("甲", "乙", "丙", "丁", "栏次")
_NOTE = re.compile(r"[（(*※]|注\s*[:：\d]|备注|说明|资料来源|数据来源|填报|填表|制表|审核|单位\s*[:：]|计量单位")


def check_size(num_rows: int, num_columns: int) -> None:
    """Raise RefusedError, with what to do, for a sheet that is no document any more."""
    if num_rows > MAX_ROWS or num_rows * num_columns > MAX_CELLS:
        size = f"{num_rows} 行 {num_columns} 列，上限 {MAX_ROWS} 行"
        raise RefusedError(f"表格过大（{size}），请拆成几个文件或只留需要的部分")


def read_grid(rows: Sequence[Row], *, level: int = 1) -> list[Block]:
    """The blocks of a grid whose merged cells are already repeated; titles become headings of `level`.

    rows: cells by row, empty ones as "". Empty rows and columns go. Raises RefusedError for a grid too large.
    """
    check_size(len(rows), max(map(len, rows), default=0))
    grid = [tuple(map(tidy, row)) for row in rows]
    blocks: list[Block] = []
    for table in _tables(grid):
        blocks += _read_table(_without_empty_columns(table), level)
    return blocks


def _tables(grid: Sequence[Row]) -> Iterator[list[Row]]:
    """The parts of a grid between empty rows; rows without a title or heads of their own go on with the part above."""
    table: list[Row] = []
    for is_empty, group in itertools.groupby(grid, key=lambda row: not any(row)):
        part = list(group)
        if is_empty:
            continue
        if table and _opens_table(part):
            yield table
            table = []
        table += part
    if table:
        yield table


def _opens_table(part: Sequence[Row]) -> bool:
    if len(part) < 2:
        return _is_line(part[0])
    return _is_line(part[0]) or (_is_head(part[0]) and any(map(_FIGURE.fullmatch, part[1])))


def _without_empty_columns(table: Sequence[Row]) -> list[Row]:
    width = max(map(len, table))
    padded = [(*row, *[""] * (width - len(row))) for row in table]
    filled = [i for i in range(width) if any(row[i] for row in padded)]
    return [tuple(row[i] for i in filled) for row in padded]


def _read_table(table: list[Row], level: int) -> list[Block]:
    first = next((i for i, row in enumerate(table) if not _is_line(row)), len(table))
    last = max((i for i, row in enumerate(table) if not _is_line(row)), default=-1)
    blocks = list(_lines(table[:first], level))
    rows = table[first : last + 1]
    heads = rows[: _num_head_rows([row for row in rows if not _is_label(row)])]
    below_label = False
    for is_label, group in itertools.groupby(rows[len(heads) :], key=_is_label):
        part = list(group)
        if is_label:
            blocks.append(Block(text=part[0][0], kind=BlockKind.TABLE_ROW))
            below_label = True
            continue
        # Below a label the heads hold on, unless there are words over figures again.
        if below_label and all(part[0]) and _has_figures(part[1:]):
            heads = part[: _num_head_rows(part)] or heads
        body = [row for row in part if row not in heads and not _is_numbering(row)] or part
        blocks += read_rows([*heads, *body], num_head_rows=len(heads))[0]
    return [*blocks, *_lines(table[last + 1 :], 0)]


def _is_label(row: Row) -> bool:
    """Whether the row is one cell merged over the whole width: it names the part below it."""
    return len(row) > 1 and set(row) == {row[0]} and not _FIGURE.fullmatch(row[0])


def _has_figures(rows: Sequence[Row]) -> bool:
    return any(_FIGURE.fullmatch(cell) for row in rows for cell in row[1:])


def _is_numbering(row: Row) -> bool:
    """Whether the row numbers the columns: 甲 乙 1 2 3."""
    filled = [cell for cell in row if cell]
    letters = [cell for cell in filled if cell in _COLUMN_NAMES]
    numbers = [cell for cell in filled if cell not in _COLUMN_NAMES]
    return bool(letters) and numbers == [str(i) for i in range(1, len(numbers) + 1)]


def _is_line(row: Row) -> bool:
    """Whether the row is a line of text and no part of a table: one cell, or labels such as 填报单位：某局 单位：次."""
    words = {*filter(None, row)}
    labels = all("：" in word or ":" in word for word in words) and bool(_NOTE.match(next(filter(None, row), "")))
    merged = len(words) == 1 and (row.count("") == len(row) - 1 or not _FIGURE.fullmatch(next(iter(words))))
    return not words or merged or (labels and len(words) <= len(row) / 2)


def _lines(rows: Sequence[Row], level: int) -> Iterator[Block]:
    """Lines above or below a table; the first is its title where `level` is given and it looks like one."""
    for words, _ in itertools.groupby(tuple(dict.fromkeys(filter(None, row))) for row in rows):
        text = "；".join(words)
        if level and len(words) == 1 and len(text) <= _MAX_TITLE and not _NOTE.match(text) and "。" not in text:
            yield Block(text=text, kind=BlockKind.HEADING, level=level)
        else:
            yield Block(text=text)
        level = 0


def _num_head_rows(body: Sequence[Row]) -> int:
    """How many leading rows are column heads: words or years, over rows of the same table."""
    if len(body) < 2 or not _is_head(body[0]):
        return 0
    if len(body[0]) == 2 and not any(_FIGURE.fullmatch(row[1]) for row in body[1:]):
        return 0  # a form: its first column holds the labels
    count = 1
    # A cell that was merged to the right or downwards has its own heads below.
    while count < min(_MAX_HEAD_ROWS, len(body) - 1) and _spans(body[count - 1], body[count]) and _is_head(body[count]):
        count += 1
    return count


def _spans(row: Row, below: Row) -> bool:
    beside = any(cell and cell == right for cell, right in itertools.pairwise(row))
    return beside or any(cell and cell == lower for cell, lower in zip(row, below, strict=False))


def _is_head(row: Row) -> bool:
    filled = [cell for cell in row if cell]
    short = all(len(cell) <= _MAX_HEAD and "。" not in cell for cell in filled)
    words = [cell for cell in filled if not _FIGURE.fullmatch(cell)]
    named = all(_YEAR.fullmatch(cell) or not _FIGURE.fullmatch(cell) or "年" in cell for cell in filled)
    return short and named and bool(words) and len({*filled}) > 1
