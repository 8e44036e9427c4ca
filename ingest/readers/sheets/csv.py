"""CSV and TSV: one table, its first row the column heads. The delimiter is found, the encoding too.

Text with commas is no table: its lines do not break into as many columns each.
"""

from __future__ import annotations

import csv
import io

from ingest.readers.sheets.grid import check_size, read_grid
from ingest.readers.tables import Row
from ingest.readers.text import plain
from ingest.readers.text.decoding import decode
from kb.types import Block

_DELIMITERS = "\t,;|"
_MIN_ROWS = 3  # where nothing but the text tells
_MIN_COLUMNS = 3
_MIN_ALIKE = 0.8  # of the rows of more than one column, in a file that is called csv


def read(data: bytes) -> list[Block]:
    """The rows of a table; the lines of a text where no delimiter makes columns of it.

    Raises RefusedError for bytes that are no text and for a table too large.
    """
    content = decode(data)
    tables = [_rows(content, delimiter) for delimiter in _DELIMITERS]
    best = max(tables, key=_likeness)
    if not _likeness(best):
        return plain.read(data)
    check_size(len(best), max(map(len, best)))
    return read_grid(best)


def is_table(content: str) -> bool:
    """Whether a text that is not called csv is a table: every row has the same columns, three or more."""
    return any(_is_surely_table(_rows(content, delimiter)) for delimiter in _DELIMITERS if delimiter in content)


def _is_surely_table(rows: list[Row]) -> bool:
    alike = len(rows) >= _MIN_ROWS and len({len(row) for row in rows}) == 1 and len(rows[0]) >= _MIN_COLUMNS
    # After a comma of prose comes a space.
    return alike and not any(cell.startswith(" ") for row in rows for cell in row[1:])


def _likeness(rows: list[Row]) -> float:
    """Columns × share of the rows that have as many; 0 for what is no table."""
    widths = [len(row) for row in rows if len(row) > 1]
    if not widths:
        return 0
    width = max({*widths}, key=widths.count)
    alike = widths.count(width) / len(widths)
    return width * alike if alike >= _MIN_ALIKE else 0


def _rows(content: str, delimiter: str) -> list[Row]:
    """The rows that are not empty; none where a field is longer than the library reads."""
    # A quote that is never closed would hold all that follows it: then quotes are text.
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
        lines = io.StringIO(content, newline="")
        try:
            rows = list(csv.reader(lines, delimiter=delimiter, quoting=quoting, strict=quoting == csv.QUOTE_MINIMAL))
        except csv.Error:
            continue
        return [row for row in rows if any(map(str.strip, row))]
    return []
