"""Spreadsheets: every visible sheet with its titles, tables and notes. Only this module imports python-calamine.

Figures are written as the sheet shows them, dates as 2024-01-31; the results of formulas are read, charts are not.
"""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ingest.readers.sheets.grid import check_size, read_grid
from ingest.readers.sheets.number_formats import BROKEN, Formats, formats, shown
from kb.errors import RefusedError
from kb.types import Block, BlockKind

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

_UNNAMED = re.compile(r"(?:sheet|工作表|表)\s*\d*", re.IGNORECASE)
_PICTURE = "=DISPIMG("  # what WPS writes into a cell that holds a picture
_MAX_SHEETS = 200

Value = int | float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta


def read(data: bytes) -> list[Block]:
    """The blocks of an xlsx or xls; of several sheets each has its name as a heading of level 2.

    Raises RefusedError for a workbook that is broken, encrypted or too large.
    """
    import python_calamine

    shown_as = formats(data)
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
            names = [
                sheet.name
                for sheet in workbook.sheets_metadata
                if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
                and sheet.visible == python_calamine.SheetVisibleEnum.Visible
            ]
            if len(names) > _MAX_SHEETS:
                raise RefusedError(f"工作表过多（{len(names)} 张，上限 {_MAX_SHEETS} 张），请拆成几个文件")
            grids = {name: _grid(workbook.get_sheet_by_name(name), shown_as.get(name, {})) for name in names}
    except python_calamine.PasswordError as error:
        raise RefusedError("表格设了密码（加密），请取消密码后重新放入") from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise RefusedError(BROKEN) from error
    except BaseException as error:
        # Where the library fails in Rust, what it raises is no Exception and has no name to import.
        if type(error).__name__ != "PanicException":
            raise
        raise RefusedError(BROKEN) from error
    return list(_blocks({name: grid for name, grid in grids.items() if any(map(any, grid))}))


def _blocks(grids: Mapping[str, list[list[str]]]) -> Iterator[Block]:
    for name, grid in grids.items():
        if len(grids) == 1:
            yield from read_grid(grid)
            continue
        titled = not _UNNAMED.fullmatch(name)
        blocks = read_grid(grid, level=3 if titled else 2)
        if titled or blocks[0].kind is not BlockKind.HEADING:
            yield Block(text=" ".join(name.split()) or "工作表", kind=BlockKind.HEADING, level=2)
        yield from blocks


def _grid(sheet: CalamineSheet, shown_as: Formats) -> list[list[str]]:
    """The sheet's cells as text, merged ones repeated."""
    if sheet.start is None:
        return []
    check_size(sheet.height, sheet.width)
    top, left = sheet.start
    grid = [
        [_text(value, shown_as.get((top + i, left + j))) for j, value in enumerate(row)]
        for i, row in enumerate(sheet.to_python())
    ]
    for (first_row, first_column), (last_row, last_column) in sheet.merged_cell_ranges or ():
        if not (top <= first_row < top + len(grid) and left <= first_column < left + len(grid[0])):
            continue
        text = grid[first_row - top][first_column - left]
        for row in grid[first_row - top : last_row - top + 1]:
            for column in range(first_column - left, min(last_column - left + 1, len(row))):
                row[column] = row[column] or text
    return grid


def _text(value: Value, code: str | None) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return shown(value, code)
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ", timespec="seconds").removesuffix(" 00:00:00")
    if isinstance(value, datetime.timedelta):
        seconds = int(value.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if isinstance(value, str):
        return "" if value.startswith(_PICTURE) else value
    return value.isoformat()
