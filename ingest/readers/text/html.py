"""Web pages: the main part without navigation, with its headings, lists and tables."""

from __future__ import annotations

import re

from ingest.readers.text.decoding import decode
from ingest.readers.text.main_part import main_part
from ingest.readers.text.page_blocks import page_blocks
from ingest.readers.text.page_titles import declared_titles, is_fact_line, is_letterhead, title_of, with_bold_headings
from kb.errors import RefusedError
from kb.types import Block, BlockKind

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)|encoding\s*=\s*[\"']([\w-]+)", re.IGNORECASE)
_ENCODINGS = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs", "utf8": "utf-8"}


def read(data: bytes) -> list[Block]:
    """The blocks of a page's main text; its title is the first heading, level 1.

    Raises RefusedError for a page that is no text, cannot be parsed or holds no text.
    """
    import lxml.etree
    import lxml.html

    # An XML declaration in text makes lxml refuse it.
    page = re.sub(r"^\s*<\?xml[^>]*\?>", "", decode(data, declared(data)))
    try:
        tree = lxml.html.document_fromstring(page, parser=lxml.html.HTMLParser(remove_comments=True, remove_pis=True))
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError, ValueError) as error:
        raise RefusedError("网页损坏，读不出内容，请重新保存网页，或另存为 docx、pdf 或 txt") from error
    body = tree.find(".//body")
    if body is None:
        body = tree
    declared_as = declared_titles(tree)
    found = page_blocks(body)
    facts, text = main_part(found, body, declared_as)
    title, rest = title_of(facts, text, declared_as)
    blocks = [_plain(found.block) for found in (*facts, *with_bold_headings(rest))]
    return [Block(text=title, kind=BlockKind.HEADING, level=1), *blocks] if title and blocks else blocks


def _plain(block: Block) -> Block:
    """The letterhead, and a line on who published the document and when, are no headings, however large they are set."""
    is_heading = block.kind is BlockKind.HEADING
    return Block(text=block.text) if is_heading and (is_fact_line(block.text) or is_letterhead(block.text)) else block


def declared(data: bytes) -> str | None:
    """The encoding that a page names, by the name that Python knows it by."""
    match = _CHARSET.search(data[:4096])
    if match is None:
        return None
    name = (match[1] or match[2]).decode("ascii", errors="ignore").lower()
    return _ENCODINGS.get(name, name)
