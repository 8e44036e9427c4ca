"""Word documents: headings by style and outline level, lists, tables.

Content controls and tracked insertions are read as well; text boxes, headers and footers are not.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ingest.lines import tidy
from ingest.readers.office import packages
from ingest.readers.tables import read_rows
from kb.types import Block, BlockKind

if TYPE_CHECKING:
    from docx.styles.style import ParagraphStyle
    from docx.table import Table
    from docx.text.paragraph import Paragraph

_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_TITLE = re.compile(r"title|标题|文件标题", re.IGNORECASE)
_LIST = re.compile(r"list|列表|列出段落|项目符号", re.IGNORECASE)
_CONTENTS = re.compile(r"toc|目录", re.IGNORECASE)
_TEXT = (
    "(.//w:t|.//w:tab|.//w:br|.//w:cr|.//w:noBreakHyphen)"
    "[not(ancestor::w:txbxContent) and not(ancestor::w:rPr) and not(ancestor::w:pPr)]"
)
_MAX_STYLES = 20  # that a style is based on, one after another; a broken one is based on itself
_MAX_SPAN = 63  # columns of a table in Word
_BODY_LEVEL = 9  # outline level 10 in Word: text, no heading


def read(data: bytes) -> list[Block]:
    """The blocks of a docx. A document with a Title style has its title at level 1 and headings below.

    Raises RefusedError for a file that is broken.
    """
    import docx
    from docx.opc.exceptions import OpcError

    with packages.refusing_broken("Word 文件损坏，读不出内容，请用 Word 或 WPS 打开后另存为 docx", OpcError):
        document = docx.Document(io.BytesIO(data))
        return _below_title(list(_blocks(document.element.body, document)))


def _below_title(blocks: list[Block]) -> list[Block]:
    """Levels from 1; a title has level 0 before and 1 after, with all other headings one lower."""
    headings = [block for block in blocks if block.kind is BlockKind.HEADING]
    below = 1 if any(block.level == 0 for block in headings) else 0
    return [
        Block(text=block.text, kind=block.kind, level=block.level + below) if block.kind is BlockKind.HEADING else block
        for block in blocks
    ]


def _blocks(parent: Any, document: Any) -> Iterator[Block]:
    """The blocks of an element's children, whose styles are those of `document`."""
    from docx.oxml.ns import qn
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    for element in parent.iterchildren():
        if element.tag == qn("w:p"):
            yield from _paragraph(Paragraph(element, document))
        elif element.tag == qn("w:tbl"):
            for span in element.iter(qn("w:gridSpan")):  # the library makes as many cells as it says
                span.set(qn("w:val"), str(min(int(span.get(qn("w:val"), 1)), _MAX_SPAN)))
            rows = _rows(Table(element, document))
            if rows and all(len(row) == 1 for row in rows):  # a frame around text, no table
                for row in element.iterchildren(qn("w:tr")):
                    for framed in row.iterchildren(qn("w:tc")):
                        yield from _blocks(framed, document)
            else:
                yield from read_rows(rows)[0]
        elif element.tag in (
            qn("w:sdt"),
            qn("w:sdtContent"),
            qn("w:ins"),
            qn("w:smartTag"),
            qn("w:customXml"),
        ):
            yield from _blocks(element, document)


def _paragraph(paragraph: Paragraph) -> Iterator[Block]:
    style = paragraph.style
    name = (style.name or "") if style is not None else ""
    if _CONTENTS.match(name):
        return
    level = _heading_level(paragraph)
    lines = [line for line in map(tidy, _text(paragraph).split("\n")) if line]
    if level is not None and lines:
        yield Block(text=tidy(" ".join(lines)), kind=BlockKind.HEADING, level=level)
        return
    listed = bool(_element(paragraph).xpath("./w:pPr/w:numPr")) or (_LIST.match(name) and "Paragraph" not in name)
    for line in lines:
        yield Block(text=line, kind=BlockKind.LIST_ITEM if listed else BlockKind.PARAGRAPH)


def _heading_level(paragraph: Paragraph) -> int | None:
    """From 1; 0 for the document's title; None for a paragraph that is no heading."""
    outline = _element(paragraph).xpath("./w:pPr/w:outlineLvl/@w:val")
    style: ParagraphStyle | None = paragraph.style
    for _ in range(_MAX_STYLES):
        if style is None:
            break
        name = style.name or ""
        if match := _HEADING.fullmatch(name):
            return int(match[1])
        if _TITLE.fullmatch(name):
            return 0
        outline = outline or style.element.xpath("./w:pPr/w:outlineLvl/@w:val")
        style = style.base_style
    return int(outline[0]) + 1 if outline and int(outline[0]) < _BODY_LEVEL else None


def _text(paragraph: Paragraph) -> str:
    """The text with line breaks, of insertions and content controls as well."""
    from docx.oxml.ns import qn

    marks = {qn("w:tab"): " ", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
    return "".join(marks.get(piece.tag, piece.text or "") for piece in _element(paragraph).xpath(_TEXT))


def _rows(table: Table) -> list[list[str]]:
    """The text of each cell, row by row; a merged cell stands in each of its places."""
    return [
        [" ".join(_text(paragraph).replace("\n", " ") for paragraph in cell.paragraphs) for cell in row.cells]
        for row in table.rows
    ]


def _element(paragraph: Paragraph) -> Any:
    """The XML of a paragraph."""
    return paragraph.paragraph_format.element
