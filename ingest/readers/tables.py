"""The rows of a table as sentences: “指标：组织学法次数 | 2023年：15次 | 2024年：17次”.

A row that stands alone in a passage must name its columns, or its figures mean nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.lines import tidy
from kb.chinese.text import CELL_MARK
from kb.types import Block, BlockKind

_FIGURE = re.compile(r"[-+－—±]?\s*(?!\d{4}年)[\d,，.]+\s*(?:[%％‰]|[^\d\W]{0,3})")
_MAX_HEAD = 40  # characters of a column head
_MAX_HEAD_ROWS = 4

Row = Sequence[str]


def read_rows(
    rows: Sequence[Row],
    *,
    num_head_rows: int | None = 0,
    heads: Row = (),
    page: int | None = None,
    pages: Sequence[int] = (),
) -> tuple[list[Block], Row]:
    """The blocks of a table whose merged cells are already repeated, and its last column heads.

    rows: cells by row; rows may differ in length.
    num_head_rows: how many leading rows the format marks as heads; 0 where it marks none, None where there are none.
    heads: those of the table that this one continues, used where it has none of its own.
    page: where the format has pages; `pages` of each row, where the table runs over several.
    A row that is one cell over the whole width names the part below it, which has its own heads.
    """
    blocks: list[Block] = []
    grid = [tuple(map(tidy, row)) for row in rows]
    numbers: Sequence[int | None] = pages or [page] * len(grid)
    start = 0
    while start < len(grid):
        if _is_label(grid[start]):
            blocks.append(_block(grid[start][0], numbers[start]))
            start += 1
            continue
        end = next((i for i in range(start, len(grid)) if _is_label(grid[i])), len(grid))
        part = grid[start:end]
        marked = max(0, min((num_head_rows or 0) - start, len(part) - 1))
        count = marked or (0 if num_head_rows is None else _num_head_rows(part))
        if count:
            heads = _merge(part[:count])
            notes = dict.fromkeys(cell for row in part[:count] for cell in row if _is_note(cell))
            blocks += [_block(note, numbers[start]) for note in notes]
        elif heads and len(heads) != max(map(len, part)):
            heads = ()
        blocks += [
            _block(sentence, number)
            for row, number in zip(part[count:], numbers[start + count : end], strict=True)
            if (sentence := _sentence(row, heads))
        ]
        start = end
    return blocks, heads


def _block(text: str, page: int | None) -> Block:
    return Block(text=text, kind=BlockKind.TABLE_ROW, page=page)


def _is_label(row: Row) -> bool:
    """Whether the row is one cell over the whole width of a table, repeated."""
    return len(row) > 1 and bool(row[0]) and not _FIGURE.fullmatch(row[0]) and set(row) == {row[0]}


def _num_head_rows(part: Sequence[Row]) -> int:
    """How many leading rows look like column heads: short words, no figures, and rows below them."""
    first = part[0]
    if len(part) < 2 or len(first) < 2 or not _is_head(first) or len({*filter(None, first)}) < 2:
        return 0
    if len(first) == 2 and not any(len(row) > 1 and _FIGURE.fullmatch(row[1]) for row in part[1:]):
        return 0  # a form: its first column holds the labels
    count = 1
    # Heads that span columns have their own heads below.
    while (
        count < min(_MAX_HEAD_ROWS, len(part) - 1)
        and any(cell and cell == right for cell, right in zip(part[count - 1], part[count - 1][1:], strict=False))
        and _is_head(part[count])
    ):
        count += 1
    return count


def _is_head(row: Row) -> bool:
    filled = [cell for cell in row if cell]
    short = all(len(cell) <= _MAX_HEAD and not _FIGURE.fullmatch(cell) and "。" not in cell for cell in filled)
    return short and len(filled) >= len(row) - 1


def _merge(rows: Sequence[Row]) -> Row:
    """One head a column: the heads above one another, each once."""
    width = max(map(len, rows))
    columns = [[row[i] for row in rows if i < len(row) and row[i]] for i in range(width)]
    return tuple("" if column and _is_note(column[0]) else "－".join(dict.fromkeys(column)) for column in columns)


def _is_note(head: str) -> bool:
    """Whether it is a note in brackets that stands in the corner of a table and is the head of no column."""
    return head.startswith(("（", "("))


def _sentence(row: Row, heads: Row) -> str:
    if not heads and len(row) == 2 and all(row):
        return f"{row[0].rstrip('：:')}：{row[1]}" if row[0] != row[1] else row[0]
    cells: list[str] = []
    for i, cell in enumerate(row):
        head = heads[i] if i < len(heads) else ""
        piece = f"{head.rstrip('：:')}：{cell}" if head and head != cell else cell
        # A merged cell is repeated: it is written once where the heads are the same.
        if cell and (not cells or cells[-1] != piece):
            cells.append(piece)
    return CELL_MARK.join(cells)
