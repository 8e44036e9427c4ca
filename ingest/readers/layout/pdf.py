"""PDF: lines in their places → paragraphs across lines and pages, ruled tables as rows.

Only this module imports pypdfium2.

A page that is an image, or whose text has no meaning, is recognised as a scan.
"""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ingest.readers.images import scan
from ingest.readers.layout import ruled
from ingest.readers.layout.typeset import CJK, PlacedLine, blocks, plain, with_tables
from kb.errors import RefusedError
from kb.types import Block

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

_MAX_PAGES = 3000
_MAX_SECONDS = 600.0  # for the pages that have text
_MIN_RULES = 4  # path objects on a page; fewer are underlines
_IMAGE_SHARE = 0.3  # of a page; smaller ones are emblems
_MIN_OUTLINES = 200  # path objects on a page without text; fewer are ornaments, more are characters
# What stands on a scanned page by itself: its number, the mark of a scanner.
_STAMP = re.compile(r"[\d\W]*|[\d\W]*第?\s*\d+\s*页.{0,10}|.{0,12}(?:扫描|scan).{0,12}", re.IGNORECASE)
# What is left of a font that does not name its characters: private use, replacements, and Latin-1 for GBK.
_GARBLED = re.compile("[\ue000-\uf8ff\ufffd\u00a1-\u00ff]")
_MAX_GARBLED = 0.3  # of the characters


def read(data: bytes) -> list[Block]:
    """The blocks of a PDF, with pages.

    Raises RefusedError for a file that is broken, encrypted, too long, or has no text, and, with their
    numbers, for pages that are scanned where recognition is not installed.
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
        raise RefusedError("PDF 里没有文字，请检查内容后重新放入")
    return blocks(pages)


def _pages(document: PdfDocument, data: bytes) -> list[list[PlacedLine]]:
    if len(document) > _MAX_PAGES:
        raise RefusedError(f"PDF 有 {len(document)} 页，超过 {_MAX_PAGES} 页，请拆成几个文件")
    started = time.monotonic()
    pages, with_rules, scanned = [], [], []
    for i in range(len(document)):
        if time.monotonic() - started > _MAX_SECONDS:
            raise RefusedError(f"PDF 太复杂，{_MAX_SECONDS / 60:.0f} 分钟只读了 {i} 页，请拆成几个文件")
        page = document[i]
        lines = list(_lines(page, i + 1))
        rules, is_scan = _looks(page, lines)
        pages.append([] if is_scan else lines)
        if is_scan:
            scanned.append(i)
        elif lines and rules >= _MIN_RULES and page.get_rotation() == 0:
            with_rules.append(i)
        page.close()
    for i, lines in _recognised(document, scanned):
        pages[i] = lines
    for i, tables in ruled.tables(data, with_rules):
        pages[i] = with_tables(pages[i], tables)
    return pages


def _looks(page: PdfPage, lines: Sequence[PlacedLine]) -> tuple[int, bool]:
    """The number of drawn paths, and whether the page is to be read as a scan."""
    from pypdfium2 import raw

    width, height = page.get_size()
    num_paths, covered = 0, 0.0
    for item in page.get_objects(max_depth=3):
        if item.type == raw.FPDF_PAGEOBJ_PATH:
            num_paths += 1
        elif item.type == raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = item.get_bounds()
            covered += max(0.0, min(right, width) - max(left, 0)) * max(0.0, min(top, height) - max(bottom, 0))
    text = "".join(line.text for line in lines)
    is_image = covered >= _IMAGE_SHARE * width * height and _STAMP.fullmatch(text) is not None
    is_outlines = not text and num_paths >= _MIN_OUTLINES
    return num_paths, is_image or is_outlines or len(_GARBLED.findall(text)) > _MAX_GARBLED * len(text)


def _recognised(document: PdfDocument, pages: Sequence[int]) -> Iterator[tuple[int, list[PlacedLine]]]:
    """The lines of scanned pages (from 0). Raises RefusedError where they cannot be recognised."""
    if pages and not scan.is_installed():
        which = "全部" if len(pages) == len(document) else f"第 {_listed(pages)} "
        raise RefusedError(
            f'PDF {which}页是扫描件，要先识别文字（OCR），请运行 pip install "wenzheng[ocr]" 后重新导入，或换用文字版'
        )
    if len(pages) > scan.MAX_PAGES:
        raise RefusedError(f"PDF 有 {len(pages)} 页扫描件，超过 {scan.MAX_PAGES} 页，请拆成几个文件")
    started = time.monotonic()
    for i in pages:
        if time.monotonic() - started > scan.MAX_SECONDS:
            raise RefusedError(f"识别超过 {scan.MAX_SECONDS / 60:.0f} 分钟，请拆成几个文件")
        page = document[i]
        image = page.render(scale=scan.LONG_SIDE / max(page.get_size())).to_pil()
        page.close()
        yield i, scan.read_page(image, i + 1)


def _listed(pages: Sequence[int]) -> str:
    """1、3–5 for 0, 2, 3, 4."""
    starts = [i for i in pages if i - 1 not in pages]
    ends = [i for i in pages if i + 1 not in pages]
    return "、".join(
        f"{start + 1}" if start == end else f"{start + 1}–{end + 1}" for start, end in zip(starts, ends, strict=True)
    )


def _lines(page: PdfPage, number: int) -> Iterator[PlacedLine]:
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


def _line(text: list[str], boxes: Sequence[tuple[float, float, float, float]], number: int) -> Iterator[PlacedLine]:
    content = plain("".join(text))
    if not content or not boxes:
        return
    # A Chinese character is as wide as its font is high; the heights of boxes differ between fonts.
    glyphs = [character for character in text if not character.isspace()]
    wide = [box[2] - box[0] for character, box in zip(glyphs, boxes, strict=True) if re.match(CJK, character)]
    size = statistics.median(wide or [top - bottom for _, bottom, _, top in boxes]) or 1.0
    yield PlacedLine(
        text=content,
        left=min(box[0] for box in boxes),
        right=max(box[2] for box in boxes),
        top=statistics.median(top for *_, top in boxes),
        size=size,
        page=number,
    )
