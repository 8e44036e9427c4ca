"""A file's bytes → blocks: the reader is chosen by what the bytes are, not by the name.

One file a format, each with `read(data) -> list[Block]`; a new format is one more file and one more line
in `_reader`. Blocks come in reading order, on one line each, without white space at the ends, never empty.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import PurePath

from ingest.readers import docx, html, markdown, pdf, text
from kb.errors import RefusedError
from kb.types import Block

# Magic numbers of formats that are known and not read, and what to do with such a file.
_KNOWN = (
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "旧版 Office 或 WPS 文件，或设了密码的文件",
        "取消密码，另存为 docx 或 pdf",
    ),
    (b"{\\rtf", "RTF 文件", "另存为 docx 或 pdf"),
    (b"\x89PNG\r\n", "PNG 图片", "先做文字识别（OCR），或换用文字版"),
    (b"\xff\xd8\xff", "JPEG 图片", "先做文字识别（OCR），或换用文字版"),
    (b"GIF8", "GIF 图片", "先做文字识别（OCR），或换用文字版"),
    (b"II*\x00", "TIFF 图片", "先做文字识别（OCR），或换用文字版"),
    (b"MM\x00*", "TIFF 图片", "先做文字识别（OCR），或换用文字版"),
    (b"Rar!", "RAR 压缩包", "解压后放入文件夹"),
    (b"7z\xbc\xaf", "7z 压缩包", "解压后放入文件夹"),
    (b"\x1f\x8b", "gzip 压缩包", "解压后放入文件夹"),
)
_ZIPPED = (
    ("xl/", "Excel 表格"),
    ("ppt/", "PowerPoint 演示文稿"),
    ("OFD.xml", "OFD 版式文件"),
    ("content.xml", "OpenDocument 文件"),
)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|script|style|meta|title|div|table|p|h[1-6])[\s>]")
_HEAD_SIZE = 4096  # bytes that are looked at
_MAX_UNZIPPED = 500 * 2**20  # bytes; a document of text is far smaller, an archive bomb is not


def read(data: bytes, name: str) -> list[Block]:
    """The blocks of a file, in reading order; `name` tells Markdown from plain text and nothing else.

    Raises RefusedError, with the reason and what to do, for a file that is empty, broken, encrypted,
    without text, or in a format or encoding that is not known.
    """
    if not data.strip(b"\0 \t\r\n"):
        raise RefusedError("文件是空的，请检查后重新放入")
    blocks = _reader(data, name)(data)
    if not blocks:
        raise RefusedError("文件里没有文字，请检查内容后重新放入")
    return blocks


def _reader(data: bytes, name: str) -> Callable[[bytes], list[Block]]:
    head = data[:_HEAD_SIZE]
    if b"%PDF-" in head[:1024]:
        return pdf.read
    if head.startswith(b"PK\x03\x04"):
        _check_zip(data)
        return docx.read
    for magic, kind, remedy in _KNOWN:
        if head.startswith(magic):
            raise RefusedError(f"不能读取{kind}，请{remedy}")
    # NULs go, so that UTF-16 is recognised as well.
    start = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if PurePath(name).suffix.lower() in (".md", ".markdown"):
        return markdown.read
    if start.startswith(b"<") and _HTML.search(start):
        return html.read
    if start.startswith(b"<?xml"):
        raise RefusedError("不是可读的格式（XML 数据），请另存为 docx、pdf、html、md 或 txt")
    return text.read


def _check_zip(data: bytes) -> None:
    """Raise RefusedError unless the archive is a docx."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise RefusedError("文件损坏，打不开，请用 Word 或 WPS 重新保存，或重新下载") from error
    names = [entry.filename for entry in entries]
    if "word/document.xml" not in names:
        kind = next(
            (kind for part, kind in _ZIPPED if any(name.startswith(part) for name in names)), "压缩包"
        )
        remedy = "请解压后放入文件夹" if kind == "压缩包" else "请另存为 docx、pdf、html、md 或 txt"
        raise RefusedError(f"不是可读的格式（{kind}），{remedy}")
    if sum(entry.file_size for entry in entries) > _MAX_UNZIPPED:
        raise RefusedError("文件解开后过大，请拆成几个文件，或另存为 pdf")
