"""OFD, the fixed layout of Chinese offices (GB/T 33190-2016): text in its places → paragraphs.

    OFD.xml → Document.xml → page → layer → TextObject (boundary, size, matrix) → TextCode (X, Y, DeltaX)

Lengths are millimetres from the upper left corner. Text of templates is read with every page that has them;
annotations and seals are not.
"""

from __future__ import annotations

import io
import itertools
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.readers.layout import ruled
from ingest.readers.layout.grids import Box
from ingest.readers.layout.reading_order import in_reading_order
from ingest.readers.layout.typeset import CJK, PlacedLine, blocks, plain
from kb.errors import RefusedError
from kb.types import Block

if TYPE_CHECKING:
    from lxml.etree import _Element

_BROKEN = "OFD 文件损坏，读不出内容，请重新下载，或用 OFD 阅读器另存为 pdf"
_POINTS = 72 / 25.4  # in a millimetre
_ASCENT = 0.88  # of the size, above the baseline
_LATIN_WIDTH = 0.5  # of the size
_COMMAND = re.compile(r"([SMLQBAC])([^SMLQBAC]*)")
_MAX_PAGES = 3000
_MAX_PART = 100 * 2**20  # bytes of one part when it is unpacked
_FARTHEST = 1e6  # millimetres
_MIN_RULES = 4  # of a table on a page; fewer are underlines
_RULE_WIDTH = 3.0  # points
_IDENTITY = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def read(data: bytes) -> list[Block]:
    """The blocks of an OFD file, with pages.

    Raises RefusedError for a file that is broken, encrypted or too large, and for one whose pages are images.
    """
    import lxml.etree

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            pages = list(_pages(archive))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, lxml.etree.LxmlError) as error:
        raise RefusedError(_BROKEN) from error
    except (KeyError, ValueError, IndexError) as error:
        # A part or an attribute that the standard demands is missing or malformed.
        raise RefusedError(_BROKEN) from error
    except RuntimeError as error:
        raise RefusedError("OFD 设了密码，请取消密码后重新放入") from error
    return blocks(pages)


def _pages(archive: zipfile.ZipFile) -> Iterator[list[PlacedLine]]:
    if any(posixpath.basename(name).lower() == "encryptions.xml" for name in archive.namelist()):
        raise RefusedError("OFD 加了密，请用 OFD 阅读器解密后另存，或另存为 pdf")
    images = []
    number = 0
    for place in _texts(_part(archive, "OFD.xml"), "DocBody/{*}DocRoot"):
        document = _part(archive, place)
        templates = {
            template.get("ID"): _part(archive, _beside(place, template.get("BaseLoc", "")))
            for template in document.iterfind(".//{*}TemplatePage")
        }
        for page in document.iterfind("{*}Pages/{*}Page"):
            number += 1
            if number > _MAX_PAGES:
                raise RefusedError(f"OFD 超过 {_MAX_PAGES} 页，请拆成几个文件")
            content = _part(archive, _beside(place, page.attrib["BaseLoc"]))
            layers = [
                *(templates[use.get("TemplateID")] for use in content.iterfind("{*}Template")),
                content,
            ]
            height = _height(content, document)
            pieces = [piece for layer in layers for piece in _pieces(layer, height, number)]
            if not pieces and next(content.iter("{*}ImageObject"), None) is not None:
                images.append(number)
            rules = [rule for layer in layers for rule in _rules(layer, height)] if pieces else []
            yield in_reading_order(
                pieces, ruled.cells(rules) if len(rules) >= _MIN_RULES else [], rule_width=_RULE_WIDTH
            )
    if images:
        which = "、".join(map(str, images))
        raise RefusedError(f"OFD 第 {which} 页是图片，请用 OFD 阅读器另存为 pdf，再识别文字（OCR）")


def _part(archive: zipfile.ZipFile, place: str) -> _Element:
    import lxml.etree

    entry = archive.getinfo(place)
    if entry.file_size > _MAX_PART:
        raise RefusedError("OFD 解开后过大，请拆成几个文件，或另存为 pdf")
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True)
    return lxml.etree.fromstring(archive.read(entry), parser)


def _texts(element: _Element, path: str) -> list[str]:
    return [(found.text or "").strip().lstrip("/") for found in element.iterfind("{*}" + path)]


def _beside(place: str, other: str) -> str:
    """The place in the archive that `other` names in the part at `place`."""
    other = other.strip().replace("\\", "/")
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(place), other)).lstrip("/")


def _height(page: _Element, document: _Element) -> float:
    """Millimetres."""
    own, common = (element.find(".//{*}PhysicalBox") for element in (page, document))
    box = own if own is not None else common
    return _numbers(box.text or "")[3] if box is not None else 0.0


def _pieces(layer: _Element, height: float, number: int) -> Iterator[PlacedLine]:
    """The text of each TextCode, in points from the lower left corner of the page."""
    for item in layer.iter("{*}TextObject"):
        if item.get("Visible", "true") == "false":
            continue
        left, top, *_ = _numbers(item.attrib["Boundary"])
        size = _number(item.get("Size") or item.get("size") or 0) or 1.0
        a, b, c, d, e, f = _numbers(item.get("CTM", "")) or _IDENTITY
        x = y = 0.0  # of the last TextCode, where one leaves them out [1]
        for code in item.iterfind("{*}TextCode"):
            x, y = _number(code.get("X", x)), _number(code.get("Y", y))
            text = plain(code.text or "")
            if not text:
                continue
            start, baseline = left + a * x + c * y + e, top + b * x + d * y + f
            glyph = size * (abs(d) or abs(b))
            yield PlacedLine(
                text=text,
                left=start * _POINTS,
                right=(start + abs(a) * _width(code, size)) * _POINTS,
                top=(height - baseline + _ASCENT * glyph) * _POINTS,
                size=glyph * _POINTS,
                page=number,
            )


# [1] GB/T 33190-2016, table 46: X and Y default to those of the TextCode before.


def _rules(layer: _Element, height: float) -> Iterator[Box]:
    """The straight strokes of drawn paths, in points downwards from the lower left corner of the page."""
    for item in layer.iter("{*}PathObject"):
        left, top, *_ = _numbers(item.attrib["Boundary"])
        a, b, c, d, e, f = _numbers(item.get("CTM", "")) or _IDENTITY
        start = last = None
        for command, numbers in _COMMAND.findall(item.findtext("{*}AbbreviatedData") or ""):
            if command == "C":  # closes the path
                point = start
            else:
                x, y = _numbers(numbers)[-2:]
                point = (left + a * x + c * y + e) * _POINTS, (top + b * x + d * y + f - height) * _POINTS
            if command in "SM":
                start = point
            elif command in "LC" and last and point:
                (x1, x2), (y1, y2) = sorted((last[0], point[0])), sorted((last[1], point[1]))
                yield x1, y1, x2, y2
            last = point


def _width(code: _Element, size: float) -> float:
    """Millimetres before the matrix: where characters start by DeltaX, and one more; by their kind without it."""
    text = (code.text or "").strip()
    steps = list(itertools.islice(_steps(code.get("DeltaX", "")), max(0, len(text) - 1)))
    rest = text[len(steps) :]
    return sum(steps) + sum(size if re.match(CJK, character) else size * _LATIN_WIDTH for character in rest)


def _steps(deltas: str) -> Iterator[float]:
    """The numbers of a DeltaX; “g 3 1.5” stands for 1.5 1.5 1.5."""
    parts = iter(deltas.split())
    for part in parts:
        if part == "g":
            count, step = int(next(parts, "0")), _number(next(parts, "0"))
            yield from itertools.repeat(step, count)
        else:
            yield _number(part)


def _numbers(text: str) -> list[float]:
    return [_number(part) for part in text.split()]


def _number(text: str | float) -> float:
    """Raises ValueError for what is on no page: infinite, no number, or kilometres away."""
    number = float(text)
    if not abs(number) <= _FARTHEST:
        raise ValueError(f"{text} is no place on a page")
    return number
