"""A file's bytes → blocks, by the reader of its format.

    pdf, ofd                                layout.pdf, layout.ofd
    docx, pptx                              office.docx, office.slides
    xlsx, xls, et                           sheets.workbook
    doc, wps, rtf, odt, ppt, ods, odp, …    office.libreoffice, which makes docx, xlsx or pptx of them
    png, jpg, bmp, tiff, webp               images.scan
    html, RSS and Atom, md, csv, txt        text.html, text.feed, text.markdown, sheets.csv, text.plain

The bytes decide the format; only Markdown and CSV, which are text as any other, go by the ending of the name. Each reader
is a `read(data) -> list[Block]`; a new format is one more file and one more line in a table below. Blocks come in reading
order, on one line each, without white space at the ends, never empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import PurePath

from ingest.readers.images import scan
from ingest.readers.layout import ofd, pdf
from ingest.readers.office import docx, libreoffice, packages, slides
from ingest.readers.ole import MAGIC
from ingest.readers.page_marks import are_page_marks
from ingest.readers.sheets import csv, workbook
from ingest.readers.text import feed, html, markdown, plain
from ingest.readers.text.decoding import decode
from kb.errors import RefusedError
from kb.types import Block

Reader = Callable[[bytes], list[Block]]

# By the first bytes of a file: the first test that they pass counts.
_BY_HEAD: tuple[tuple[Callable[[bytes], bool], Reader], ...] = (
    (lambda head: b"%PDF-" in head[:1024], pdf.read),
    (lambda head: head.startswith((MAGIC, libreoffice.RTF)), libreoffice.read),
    (scan.is_image, scan.read),
)
# Zip files that are one document, by `packages.kind`.
_BY_PACKAGE: dict[str | None, Reader] = {
    "docx": docx.read,
    "xlsx": workbook.read,
    "pptx": slides.read,
    "ofd": ofd.read,
    **dict.fromkeys(("docm", "pptm", "odt", "ods", "odp"), libreoffice.read),
}
# Texts, by the ending of the name.
_BY_ENDING: dict[str, Reader] = {
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".csv": csv.read,
    ".tsv": csv.read,
}
# Formats that are known and not read, and what to do with such a file.
_UNREAD_PACKAGES = {
    None: ("压缩包", "解压后放入文件夹"),
    "xlsb": ("Excel 二进制表格", "另存为 xlsx"),
    "epub": ("EPUB 电子书", "另存为 docx 或 pdf"),
}
_UNREAD = (
    (b"GIF8", "GIF 图片", "另存为 png，或换用文字版"),
    (b"Rar!", "RAR 压缩包", "解压后放入文件夹"),
    (b"7z\xbc\xaf", "7z 压缩包", "解压后放入文件夹"),
    (b"\x1f\x8b", "gzip 压缩包", "解压后放入文件夹"),
    (b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d", "OneNote 笔记", "另存为 docx 或 pdf"),
)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|script|style|meta|title|div|table|p|h[1-6])[\s>]")
_HEAD_SIZE = 4096  # bytes that are looked at


def read(data: bytes, name: str) -> list[Block]:
    """The blocks of a file, in reading order; `name` tells Markdown and CSV from plain text and nothing else.

    Raises RefusedError, with the reason and what to do, for a file that is empty, broken, encrypted,
    without text, or in a format or encoding that is not known.
    """
    if not data.strip(b"\0 \t\r\n"):
        raise RefusedError("文件是空的，请检查后重新放入")
    blocks = _reader(data, name)(data)
    if not blocks:
        raise RefusedError("文件里没有文字，请检查内容后重新放入")
    if are_page_marks(block.text for block in blocks):
        raise RefusedError("文件只有页码，是没有文字的扫描件，要先识别文字（OCR），请识别后重新放入，或换用文字版")
    return blocks


def _reader(data: bytes, name: str) -> Reader:
    head = data[:_HEAD_SIZE]
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")) and b"%PDF-" not in head[:1024]:
        return _package_reader(data)
    for passes, reader in _BY_HEAD:
        if passes(head):
            return reader
    for magic, kind, remedy in _UNREAD:
        if head.startswith(magic):
            raise RefusedError(f"不能读取{kind}，请{remedy}")
    return _text_reader(data, head, PurePath(name).suffix.lower())


def _package_reader(data: bytes) -> Reader:
    kind = packages.kind(data)
    if kind in _UNREAD_PACKAGES:
        name, remedy = _UNREAD_PACKAGES[kind]
        raise RefusedError(f"不能读取{name}，请{remedy}")
    return _BY_PACKAGE[kind]


def _text_reader(data: bytes, head: bytes, ending: str) -> Reader:
    # NULs go, so that UTF-16 is recognised as well.
    start = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    reader = _BY_ENDING.get(ending)
    if reader is markdown.read:
        return reader
    if start.startswith(b"<?xml") and libreoffice.knows_xml(head):
        return libreoffice.read
    if start.startswith(b"<?xml") and feed.is_feed(head):
        return feed.read
    if start.startswith(b"<") and _HTML.search(start):
        return html.read
    if start.startswith(b"<?xml"):
        raise RefusedError("不是可读的格式（XML 数据），请另存为 docx、pdf、html、md 或 txt")
    return reader or (csv.read if csv.is_table(decode(data)) else plain.read)
