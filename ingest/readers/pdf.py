"""PDF: lines in their places → paragraphs across lines and pages, ruled tables as rows.

The door to pypdfium2 (text) and pdfplumber (tables). pdfplumber takes fifty times as long, so that it sees
only pages that have rules.
"""

from __future__ import annotations

import io
import itertools
import re
import statistics
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ingest.readers.lines import join, tidy
from ingest.readers.tables import Row, read_rows
from ingest.readers.typeset import Line, paragraphs, without_margins
from kb.errors import RefusedError
from kb.types import Block

if TYPE_CHECKING:
    from pdfplumber.page import Page as RuledPage
    from pypdfium2 import PdfDocument, PdfPage

_CJK = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’—…]"
# Typesetting leaves a gap between Chinese and figures, which is no space of the text.
_GAP = re.compile(rf"(?<={_CJK})\s+(?=[0-9A-Za-z.%(])|(?<=[0-9A-Za-z.%)])\s+(?={_CJK})")
_MIN_RULES = 4  # path objects on a page; fewer are underlines
_RULE_WIDTH = 3.0  # points


def read(data: bytes) -> list[Block]:
    """The blocks of a PDF, with pages.

    Raises RefusedError for a file that is broken, encrypted, or has no text.
    """
    import pypdfium2
    from pypdfium2 import raw

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD or "password" in str(error).lower():
            raise RefusedError("PDF 设了密码，请取消密码后重新放入") from error
        raise RefusedError("PDF 损坏，打不开，请重新下载或重新导出") from error
    try:
        pages = _pages(document, data)
    except pypdfium2.PdfiumError as error:
        raise RefusedError("PDF 有损坏的页，请重新下载或重新导出") from error
    finally:
        document.close()
    if not any(pages):
        raise RefusedError("PDF 里没有文字，像是扫描件，需要先做文字识别（OCR），或换用文字版")
    return _blocks(without_margins(pages))


def _pages(document: PdfDocument, data: bytes) -> list[list[Line]]:
    from pypdfium2 import raw

    pages, ruled = [], []
    for i in range(len(document)):
        page = document[i]
        pages.append(list(_lines(page, i + 1)))
        rules = sum(item.type == raw.FPDF_PAGEOBJ_PATH for item in page.get_objects(max_depth=3))
        if pages[i] and rules >= _MIN_RULES and page.get_rotation() == 0:
            ruled.append(i)
        page.close()
    for i, tables in _tables(data, ruled):
        pages[i] = _with_tables(pages[i], tables)
    return pages


def _lines(page: PdfPage, number: int) -> Iterator[Line]:
    """The lines of text in reading order."""
    from pypdfium2 import raw

    textpage = page.get_textpage()
    text: list[str] = []
    boxes: list[tuple[float, float, float, float]] = []
    for i in range(textpage.count_chars()):
        character = chr(raw.FPDFText_GetUnicode(textpage, i))
        if character in "\r\n":
            yield from _line(text, boxes, number)
            text, boxes = [], []
            continue
        text.append(character)
        if not character.isspace():
            boxes.append(textpage.get_charbox(i, loose=True))
    yield from _line(text, boxes, number)
    textpage.close()


def _line(text: list[str], boxes: Sequence[tuple[float, float, float, float]], number: int) -> Iterator[Line]:
    content = _GAP.sub("", tidy("".join(text)))
    if not content or not boxes:
        return
    # A Chinese character is as wide as its font is high; the heights of boxes differ between fonts.
    glyphs = [character for character in text if not character.isspace()]
    wide = [
        box[2] - box[0] for character, box in zip(glyphs, boxes, strict=True) if re.match(_CJK, character)
    ]
    size = statistics.median(wide or [top - bottom for _, bottom, _, top in boxes]) or 1.0
    yield Line(
        text=content,
        left=min(box[0] for box in boxes),
        right=max(box[2] for box in boxes),
        top=statistics.median(top for *_, top in boxes),
        size=size,
        page=number,
    )


def _tables(
    data: bytes, pages: Sequence[int]
) -> Iterator[tuple[int, list[tuple[tuple[float, ...], tuple[Row, ...]]]]]:
    """The tables of each page: box (left, top, right, bottom; points from the lower left corner), rows."""
    if not pages:
        return
    import logging

    import pdfplumber
    from pdfminer.psexceptions import PSException
    from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns of every font that it does not know
    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            for i in pages:
                yield i, list(_ruled(document.pages[i]))
                document.pages[i].close()
    except (PdfminerException, MalformedPDFException, PSException):
        return  # its text is read all the same, line by line


def _ruled(page: RuledPage) -> Iterator[tuple[tuple[float, ...], tuple[Row, ...]]]:
    for table in page.find_tables():
        texts = {
            box: _cell(text)
            for row, cells in zip(table.rows, table.extract(), strict=True)
            for box, text in zip(row.cells, cells, strict=True)
            if box is not None
        }
        columns = _middles(edge for left, _, right, _ in texts for edge in (left, right))
        heights = _middles(edge for _, top, _, bottom in texts for edge in (top, bottom))
        rows = tuple(tuple(_at(texts, x, y) for x in columns) for y in heights)
        if len(rows) > 1 and len(columns) > 1 and any(itertools.chain(*rows)):
            left, top, right, bottom = table.bbox
            yield (left, float(page.height) - top, right, float(page.height) - bottom), rows


def _middles(edges: Iterable[float]) -> list[float]:
    """The middles between neighbouring rules; a gap as thin as a rule is none."""
    return [(a + b) / 2 for a, b in itertools.pairwise(sorted({*edges})) if b - a > _RULE_WIDTH]


def _cell(text: str | None) -> str:
    content = ""
    for line in (text or "").split("\n"):
        content = join(content, tidy(line))
    return _GAP.sub("", content)


def _at(texts: dict[tuple[float, float, float, float], str], x: float, y: float) -> str:
    """The text of the cell at this place, so that a merged cell is repeated."""
    return next(
        (t for (left, top, right, bottom), t in texts.items() if left <= x <= right and top <= y <= bottom),
        "",
    )


def _with_tables(
    lines: list[Line], tables: Sequence[tuple[tuple[float, ...], tuple[Row, ...]]]
) -> list[Line]:
    """`lines` with each table in the place of its text."""
    for (left, top, right, bottom), rows in tables:
        inside = [
            left - 1 <= (line.left + line.right) / 2 <= right + 1
            and bottom - 1 <= line.top - line.size / 2 <= top + 1
            for line in lines
        ]
        page = lines[0].page
        table = Line(text="", left=left, right=right, top=top, size=1.0, page=page, table=rows)
        if any(inside):
            at = inside.index(True)
            rest = [line for line, within in zip(lines, inside, strict=True) if not within]
            lines = [*rest[:at], table, *rest[at:]]
    return lines


def _blocks(lines: list[Line]) -> list[Block]:
    """Paragraphs and table rows."""
    blocks: list[Block] = []
    heads: Row = ()
    for is_table, group in itertools.groupby(lines, key=lambda line: bool(line.table)):
        if is_table:
            for line in group:
                rows, heads = read_rows(line.table, heads=heads, page=line.page)
                blocks += rows
        else:
            blocks += paragraphs(list(group), lines)
            heads = ()
    return blocks
