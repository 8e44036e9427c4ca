"""How the cells of a spreadsheet show their figures: 0.123 under the format 0.0% is 12.3%.

The workbook's reader gives values only, and gives memory for every cell up to the last: what this finds first is
whether the sheet is of a size that can be read [1].

[1] ECMA-376 part 1, 18.8.30 (numFmt) and 18.3.1.4 (c); MS-XLS 2.4.126 (Format), 2.4.353 (XF).
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import IO, TYPE_CHECKING

from ingest.readers.office import packages
from ingest.readers.ole import streams
from ingest.readers.sheets.grid import check_size
from kb.errors import RefusedError

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

Formats = Mapping[tuple[int, int], str]  # row and column, from 0 → format code
_BUILT_IN = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 37: "#,##0", 39: "#,##0.00"}
_FIGURE = re.compile(r"[#0?][#0?,]*(?:\.(?P<places>[#0?]+))?")
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^-\]]*)[^\]]*\]|[_*].|\[[^\]]*\]')
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_FILEPASS, _FORMAT, _XF, _BOUNDSHEET, _MULRK, _EOF = 0x2F, 0x41E, 0xE0, 0x85, 0xBD, 0x0A
_CELLS = (0x06, 0x203, 0x27E, 0xFD, 0x204, 0x205)  # formula, number, small number, text, label, truth
_MAX_DIGITS = 15  # that a double holds
_MAX_LENGTH = 400  # digits of the largest double, written out
BROKEN = "表格损坏，读不出内容，请用 Excel 或 WPS 打开后另存为 xlsx"


def shown(value: float, code: str | None) -> str:
    """The figure as the sheet shows it under the format `code`; without one 17 and not 17.0."""
    with localcontext(rounding=ROUND_HALF_UP, prec=_MAX_LENGTH):
        return _shown(Decimal(f"{value:.{_MAX_DIGITS}g}"), code)


def _shown(number: Decimal, code: str | None) -> str:
    if not number.is_finite():
        return ""
    section = (code or "").split(";")[0]
    plain = _LITERAL.sub("", section)
    figures = list(_FIGURE.finditer(plain))
    if len(figures) != 1 or re.search(r"[A-Za-z/:]|,$", plain) or figures[0].group().endswith(","):
        return f"{number.normalize():f}"
    figure = figures[0]
    places = figure["places"] or ""
    if "%" in plain:
        number *= 100
    text = f"{number:{',' if ',' in figure[0] else ''}.{len(places)}f}"
    if places.endswith(("#", "?")):
        text = text.rstrip("0").rstrip(".")
    before, _, after = _literal(section).partition(figure.group())
    return before.strip() + text + after.strip()


def _literal(section: str) -> str:
    return _LITERAL.sub(lambda match: match[match.lastindex or 0] if match.lastindex else "", section)


def formats(data: bytes) -> dict[str, Formats]:
    """The format codes of a workbook's cells by sheet, where they have one.

    Raises RefusedError for a workbook that is broken, encrypted or has a sheet too large.
    """
    with packages.refusing_broken(BROKEN):
        return _in_xlsx(data) if data.startswith(b"PK") else _in_xls(data)


def _in_xlsx(data: bytes) -> dict[str, Formats]:
    import lxml.etree

    found: dict[str, Formats] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        targets = {
            relation.get("Id"): relation.get("Target", "")
            for relation in lxml.etree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        }
        codes = _codes(archive.read("xl/styles.xml")) if "xl/styles.xml" in archive.namelist() else []
        parts = {name.lower(): name for name in archive.namelist()}
        for sheet in lxml.etree.fromstring(archive.read("xl/workbook.xml")).iterfind(".//{*}sheet"):
            target = next(targets[id] for name, id in sheet.items() if name.endswith("}id"))
            path = posixpath.normpath(posixpath.join("/xl", target)).removeprefix("/")
            with archive.open(parts[path.lower()]) as part:
                found[sheet.get("name", "")] = _cells(part, codes)
    return found


def _codes(styles: bytes) -> list[str | None]:
    """The format code of each cell style."""
    import lxml.etree

    root = lxml.etree.fromstring(styles)
    own = {int(format.get("numFmtId", 0)): format.get("formatCode", "") for format in root.iterfind(".//{*}numFmt")}
    ids = [int(style.get("numFmtId", 0)) for style in root.iterfind("./{*}cellXfs/{*}xf")]
    return [own.get(id, _BUILT_IN.get(id)) for id in ids]


def _cells(part: IO[bytes], codes: list[str | None]) -> Formats:
    import lxml.etree

    found: dict[tuple[int, int], str] = {}
    size = _Size()
    row = column = -1
    for event, element in lxml.etree.iterparse(part, events=("start", "end"), tag=("{*}row", "{*}c")):
        if event == "end":
            if element.tag.endswith("}c"):
                if len(element):
                    size.take(row, column)
            else:
                _forget(element)
            continue
        if element.tag.endswith("}row"):
            row, column = int(element.get("r", row + 2)) - 1, -1
            continue
        reference = _REFERENCE.fullmatch(element.get("r", ""))
        row, column = _place(reference) if reference else (row, column + 1)
        style = int(element.get("s", 0))
        if style < len(codes) and (code := codes[style]):
            found[row, column] = code
    return found


def _forget(row: Element) -> None:
    """Free a row that was read and those before it: a sheet may declare a million empty ones."""
    row.clear()
    while (before := row.getprevious()) is not None:
        row.getparent().remove(before)


def _place(reference: re.Match[str]) -> tuple[int, int]:
    column = 0
    for letter in reference[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(reference[2]) - 1, column - 1


class _Size:
    """The rows and columns from the first to the last cell; refuses as soon as they are too many."""

    def __init__(self) -> None:
        self.rows = self.columns = (0, -1)

    def take(self, row: int, column: int) -> None:
        if self.rows[1] < 0:
            self.rows, self.columns = (row, row), (column, column)
        self.rows = min(self.rows[0], row), max(self.rows[1], row)
        self.columns = min(self.columns[0], column), max(self.columns[1], column)
        check_size(self.rows[1] - self.rows[0] + 1, self.columns[1] - self.columns[0] + 1)


def _in_xls(data: bytes) -> dict[str, Formats]:
    stream = next(iter(streams(data, ("Workbook", "Book")).values()))
    own: dict[int, str] = {}
    ids: list[int] = []
    sheets: dict[int, str] = {}  # offset of a sheet's records → its name
    for record, body in _records(stream, 0):
        if record == _FILEPASS:
            raise RefusedError("表格设了密码（加密），请取消密码后重新放入")
        if record == _FORMAT:
            own[int.from_bytes(body[:2], "little")] = _wide(body[2:], 2)
        elif record == _XF:
            ids.append(int.from_bytes(body[2:4], "little"))
        elif record == _BOUNDSHEET:
            sheets[int.from_bytes(body[:4], "little")] = _wide(body[6:], 1)
    codes = [own.get(id, _BUILT_IN.get(id)) for id in ids]
    return {name: _cells_of_xls(stream, offset, codes) for offset, name in sheets.items()}


def _cells_of_xls(stream: bytes, offset: int, codes: list[str | None]) -> Formats:
    found: dict[tuple[int, int], str] = {}
    size = _Size()
    for record, body in _records(stream, offset):
        if record not in _CELLS and record != _MULRK:
            continue
        row, column = struct.unpack_from("<HH", body)
        # A record of several figures holds, for each, its style and its value.
        styles = [body[at : at + 2] for at in range(4, len(body) - 2, 6)] if record == _MULRK else [body[4:6]]
        for i, style in enumerate(int.from_bytes(style, "little") for style in styles):
            size.take(row, column + i)
            if style < len(codes) and (code := codes[style]):
                found[row, column + i] = code
    return found


def _records(stream: bytes, offset: int) -> Iterator[tuple[int, bytes]]:
    """The records from a beginning to its end, by number."""
    while offset + 4 <= len(stream):
        record, length = struct.unpack_from("<HH", stream, offset)
        yield record, stream[offset + 4 : offset + 4 + length]
        if record == _EOF:
            return
        offset += 4 + length


def _wide(body: bytes, size_of_length: int) -> str:
    """A string with its length in characters before it, in Latin or in UTF-16."""
    length = int.from_bytes(body[:size_of_length], "little")
    start = size_of_length + 1
    if body[size_of_length] & 1:
        return body[start : start + 2 * length].decode("utf-16-le", errors="replace")
    return body[start : start + length].decode("latin-1")
