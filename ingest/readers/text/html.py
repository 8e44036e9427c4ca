"""Web pages: the main text without navigation, with its headings, lists and tables.

Only this module imports trafilatura.

Merged cells are repeated before the page is read, since its reader leaves them empty.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.lines import tidy
from ingest.readers.tables import read_rows
from ingest.readers.text.decoding import decode
from kb.errors import RefusedError
from kb.types import Block, BlockKind

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)|encoding\s*=\s*[\"']([\w-]+)", re.IGNORECASE)
_ENCODINGS = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs", "utf8": "utf-8"}
_SITE = re.compile(r"\s*[_|｜]\s*|\s+[-–—]+\s+|\s*--+\s*")
_MAX_COPIES = 20_000  # cells that are added to a page for merged ones
_MAX_COLUMNS = 200
_MAX_SPAN = 50  # cells; a wider span is a mistake of the page
_MAX_LOOKED_AT = 5  # leading blocks among which the page's own title may stand


def read(data: bytes) -> list[Block]:
    """The blocks of a page's main text; its title is the first heading, level 1.

    Raises RefusedError for a page that is no text, cannot be parsed or holds no text.
    """
    import lxml.etree
    import lxml.html

    # An XML declaration in text makes lxml refuse it.
    page = re.sub(r"^\s*<\?xml[^>]*\?>", "", decode(data, declared(data)))
    try:
        tree = lxml.html.document_fromstring(page)
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError, ValueError) as error:
        raise RefusedError("网页损坏，读不出内容，请重新保存网页，或另存为 docx、pdf 或 txt") from error
    title = _title(tree)
    left = _MAX_COPIES
    for table in list(tree.iter("table")):
        left -= _repeat_merged_cells(table, left)
    return _with_title(list(_main_text(tree)), title)


def declared(data: bytes) -> str | None:
    """The encoding that a page names, by the name that Python knows it by."""
    match = _CHARSET.search(data[:4096])
    if match is None:
        return None
    name = (match[1] or match[2]).decode("ascii", errors="ignore").lower()
    return _ENCODINGS.get(name, name)


def _title(tree: Element) -> str:
    """The title that the page declares, without the site's name; empty where there is none."""
    for meta in tree.iter("meta"):
        if meta.get("name", "").lower() == "articletitle":  # the standard name on government sites
            return tidy(meta.get("content", ""))
    title = tree.findtext(".//title") or ""
    return tidy(_SITE.split(title.strip())[0])


def _with_title(blocks: list[Block], title: str) -> list[Block]:
    """`blocks` with the title as a heading of level 1, unless they have one."""
    if not title or any(block.level == 1 for block in blocks) or not blocks:
        return blocks
    heading = Block(text=title, kind=BlockKind.HEADING, level=1)
    for i, block in enumerate(blocks[:_MAX_LOOKED_AT]):
        if block.text.replace(" ", "") == title.replace(" ", ""):
            return [*blocks[:i], heading, *blocks[i + 1 :]]
    return [heading, *blocks]


def _repeat_merged_cells(table: Element, num_left: int) -> int:
    """Write every merged cell of `table` once for each place that it covers; returns how many cells that made.

    Rows that would make more than `num_left`, or be wider than a table is, stay as they are.
    """
    below: dict[int, tuple[int, Element]] = {}  # column → rows still covered, cell
    num_made = 0
    all_cells = list(table.iter("td", "th"))
    for row in table.iter("tr"):
        if [*row.iterancestors("table")][:1] != [table]:
            continue  # of a table within
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        num_given = len(cells)
        placed: list[Element] = []
        while cells or len(placed) in below:
            if len(placed) in below:
                left, cell = below.pop(len(placed))
                if left > 1:
                    below[len(placed)] = (left - 1, cell)
                placed.append(copy.deepcopy(cell))
                continue
            cell = cells.pop(0)
            columns, rows = _span(cell, "colspan"), _span(cell, "rowspan")
            for _ in range(columns):
                if rows > 1:
                    below[len(placed)] = (rows - 1, cell)
                placed.append(copy.deepcopy(cell))
        num_made += max(0, len(placed) - num_given)
        if num_made > num_left or len(placed) > _MAX_COLUMNS:
            for cell in all_cells:  # or its reader would repeat them
                cell.attrib.pop("colspan", None)
                cell.attrib.pop("rowspan", None)
            break
        row[:] = placed
    return num_made


def _span(cell: Element, name: str) -> int:
    value = cell.attrib.pop(name, "1").strip()
    return max(1, min(int(value), _MAX_SPAN)) if value.isdecimal() else 1


def _main_text(tree: Element) -> Iterator[Block]:
    import lxml.etree
    import trafilatura

    extracted = trafilatura.extract(
        copy.deepcopy(tree),
        output_format="xml",
        include_tables=True,
        include_comments=False,
        favor_recall=True,
    )
    if extracted is None:  # too short for it: take all there is
        for line in map(tidy, trafilatura.html2txt(tree).splitlines()):
            if line:
                yield Block(text=line)
        return
    main = lxml.etree.fromstring(extracted.encode()).find("main")
    if main is not None:
        yield from _walk(main)


def _walk(parent: Element) -> Iterator[Block]:
    """The blocks below `parent`, of the XML that trafilatura writes."""
    yield from _lines(parent.text or "", BlockKind.PARAGRAPH)
    for element in parent:
        if element.tag == "table":
            yield from _table(list(element.iter("row")))
        elif element.tag == "head":
            rend = element.get("rend", "")
            level = int(rend[1]) if re.fullmatch(r"h[1-6]", rend) else 0
            if title := tidy(_text(element)):
                yield Block(text=title, kind=BlockKind.HEADING, level=level)
        elif element.tag == "item":
            yield from _lines(_text(element), BlockKind.LIST_ITEM)
        elif element.tag in ("list", "quote", "div") or element.find("table") is not None:
            yield from _walk(element)
        else:
            yield from _lines(_text(element), BlockKind.PARAGRAPH)
        yield from _lines(element.tail or "", BlockKind.PARAGRAPH)


def _table(rows: list[Element]) -> list[Block]:
    marked = [all(cell.get("role") == "head" or not _text(cell) for cell in row) for row in rows]
    num_head_rows = marked.index(False) if False in marked else 0
    cells = [[_text(cell) for cell in row] for row in rows]
    if num_head_rows and not any(cells[0][1:]):  # the caption, which stands over the whole width
        cells[0] = [cells[0][0]] * len(cells[0])
    return read_rows(cells, num_head_rows=num_head_rows)[0]


def _lines(text: str, kind: BlockKind) -> Iterator[Block]:
    return (Block(text=line, kind=kind) for line in map(tidy, text.split("\n")) if line)


def _text(element: Element) -> str:
    """The text of `element`, with a line break where the page has one."""
    pieces = [element.text or ""]
    for child in element:
        pieces += ["\n" if child.tag == "lb" else _text(child), child.tail or ""]
    return "".join(pieces)
