"""Rows → CSV that a spreadsheet opens as text: no cell is run as a formula, Chinese is read as Chinese.

[1] https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

_STARTS_FORMULA = tuple("=+-@＝＋－＠\t\r\n")  # the wide ones are narrowed by Chinese and Japanese editions [1]


def csv_lines(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The lines of a CSV file, the first behind a byte order mark; None is an empty cell."""
    yield "\ufeff"
    for row in rows:
        line = io.StringIO()
        csv.writer(line).writerow([_cell(value) for value in row])
        yield line.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(_STARTS_FORMULA):
        return "'" + value
    return "" if value is None else value
