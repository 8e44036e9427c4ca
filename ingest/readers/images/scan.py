"""Images and scanned pages: their characters are recognised. Only this module imports rapidocr and Pillow (extra `ocr`).

    pip install "wenzheng[ocr]"

Lines are recognised where they stand, and ruled tables have their rows. A page that lies on its side or
upside down is turned.
"""

from __future__ import annotations

import dataclasses
import functools
import importlib.util
import io
import itertools
import re
import statistics
import time
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ingest.readers.images import ruled_image
from ingest.readers.layout.grids import Box
from ingest.readers.layout.reading_order import in_reading_order
from ingest.readers.layout.typeset import CJK, PlacedLine, blocks, plain
from kb.errors import RefusedError
from kb.types import Block

if TYPE_CHECKING:
    from PIL.Image import Image

    from ingest.readers.images.ruled_image import Pixels

Piece = tuple[Box, str]
"""Text and its box, in pixels from the upper left corner."""

_MAGIC = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*")
LONG_SIDE = 2000  # pixels of a page that is recognised: A4 at 170 dpi; at 154 dpi a figure was wrong
MAX_PAGES = 200  # of one file
MAX_SECONDS = 1800.0
_PAGE_SIDE = 842.0  # points of the longer side, whatever the paper: A4
_MAX_STRIP = 1.6  # height of a page for its width; a longer picture of a screen is cut
_MIN_STRIP = 800  # pixels; a narrow picture is not cut into thousands
_MIN_SCORE = 0.8  # of text that is upright; pages below it are turned
_MIN_TURNED = 5  # lines on a page that may be turned
_LONG = 4  # characters of a line that shows which way is up
_GLYPH = 0.8  # of the height of a line's box
_MIN_WIDE = 8  # Chinese characters of a line whose width tells their size
_SAME_SIZE = 1.2  # sizes that are measured vary
_RULE_WIDTH = 5.0  # points; rules of a page that is not quite straight
_MIN_SIDE = 12  # pixels; a narrower picture has no characters
_LONGEST_STRIP = 6.0  # sides; the engine enlarges a picture by its shorter side, and white is put beside a longer one
_BRACKET = re.compile(rf"\((?=\s?{CJK})|(?<={CJK})\(|\)(?=\s?{CJK})|(?<={CJK})\)")
_BRACKET_GAP = re.compile(r"(?<=[（）])\s|\s(?=[（）])")
_FULL_WIDTH = {"(": "（", ")": "）"}


def is_installed() -> bool:
    """Whether characters can be recognised here."""
    return importlib.util.find_spec("rapidocr") is not None


def is_image(head: bytes) -> bool:
    """Whether a file that begins so is an image that is read; “BM” alone may begin a text."""
    is_bitmap = head.startswith(b"BM") and head[6:10] == bytes(4)
    return head.startswith(_MAGIC) or is_bitmap or (head.startswith(b"RIFF") and head[8:12] == b"WEBP")


def read(data: bytes) -> list[Block]:
    """The blocks of an image: png, jpeg, bmp, webp, or tiff of several pages.

    Raises RefusedError where recognition is not installed, for an image that is broken or too large, and
    where no text is recognised.
    """
    if not is_installed():
        raise RefusedError('图片要先识别文字，请运行 pip install "wenzheng[ocr]" 后重新导入，或换用文字版')
    started = time.monotonic()
    pages = []
    for number, image in enumerate(_frames(data), start=1):
        if time.monotonic() - started > MAX_SECONDS:
            raise RefusedError(f"识别超过 {MAX_SECONDS / 60:.0f} 分钟，请拆成几个文件")
        pages.append(read_page(image, number))
    if not any(pages):
        raise RefusedError("图片里没有认出文字，请检查是否清晰，或换用文字版")
    found = blocks(pages)
    return found if len(pages) > 1 else [dataclasses.replace(block, page=None) for block in found]


def read_page(image: Image, number: int) -> list[PlacedLine]:
    """The lines and tables on the image of a page, in reading order; none on a blank one.

    They are in points from the lower left corner, on a page whose longer side is that of A4.
    """
    import numpy

    if min(image.size) < _MIN_SIDE:
        return []
    scale = LONG_SIDE / max(image.width, min(image.height, _MAX_STRIP * image.width))
    if scale < 1:
        image = image.resize((max(1, int(image.width * scale)), max(1, int(image.height * scale))))
    lines: list[PlacedLine] = []
    for strip in reversed(_strips(numpy.asarray(image.convert("RGB")))):
        height = max((line.top for line in lines), default=0.0)
        above = [dataclasses.replace(line, top=line.top + height) for line in _read_strip(strip, number)]
        lines = above + lines
    return lines


def _frames(data: bytes) -> Iterator[Image]:
    """The pages of an image, upright, on white."""
    from PIL import Image, ImageOps, ImageSequence

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            document = Image.open(io.BytesIO(data))
        num_pages = getattr(document, "n_frames", 1)
        if num_pages > MAX_PAGES:
            raise RefusedError(f"图片有 {num_pages} 页，超过 {MAX_PAGES} 页，请拆成几个文件")
        for frame in ImageSequence.Iterator(document):
            image = ImageOps.exif_transpose(frame).convert("RGBA")
            white = Image.new("RGBA", image.size, "white")
            yield Image.alpha_composite(white, image).convert("RGB")
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise RefusedError("图片过大，请缩小到 8000 万像素以内") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        # Pillow raises them all for broken images.
        raise RefusedError("图片损坏，打不开，请重新导出或重新扫描") from error


def _strips(pixels: Pixels) -> list[Pixels]:
    """A page as it is; a long picture of a screen in strips, cut where rows have the least ink."""
    import numpy

    longest = max(_MIN_STRIP, int(_MAX_STRIP * pixels.shape[1]))
    strips = []
    while len(pixels) > longest:
        ink = numpy.ptp(pixels[longest // 2 : longest], axis=(1, 2))
        end = longest - int(numpy.argmin(ink[::-1]))
        strips.append(pixels[:end])
        pixels = pixels[end:]
    return [*strips, pixels]


def _read_strip(pixels: Pixels, number: int) -> list[PlacedLine]:
    pixels, pieces = _recognised(pixels)
    height, unit = len(pixels), _PAGE_SIDE / max(pixels.shape[:2])
    sizes = list(itertools.starmap(_size, pieces))
    body = statistics.median(sizes) if sizes else 1.0
    lines = [
        PlacedLine(
            text=text,
            left=left * unit,
            right=right * unit,
            top=(height - top) * unit,
            size=unit * (body if body / _SAME_SIZE <= size <= body * _SAME_SIZE else size),
            page=number,
        )
        for ((left, top, right, _), text), size in zip(pieces, sizes, strict=True)
    ]
    tables = [
        [
            (left * unit, (top - height) * unit, right * unit, (bottom - height) * unit)
            for left, top, right, bottom in cells
        ]
        for cells in ruled_image.tables(pixels)
    ]
    return in_reading_order(lines, tables, rule_width=_RULE_WIDTH)


def _size(box: Box, text: str) -> float:
    """The size of the characters: by the width of a line of Chinese, which is surer than its height."""
    num_wide = len(re.findall(CJK, text))
    if num_wide < _MIN_WIDE:
        return (box[3] - box[1]) * _GLYPH
    return (box[2] - box[0]) / (num_wide + (len(text) - num_wide) / 2)


def _recognised(pixels: Pixels) -> tuple[Pixels, list[Piece]]:
    """The page, turned so that its text is upright, and the pieces of text on it."""
    import numpy

    first: tuple[Pixels, list[Piece]] | None = None
    for num_quarters in (0, 1, 3, 2):
        turned = numpy.ascontiguousarray(numpy.rot90(pixels, num_quarters))
        result = _engine()(_padded(turned))
        texts = [_written(text) for text in result.txts or ()]
        boxes: list[Box] = (
            [(*corners.min(axis=0).tolist(), *corners.max(axis=0).tolist()) for corners in result.boxes[: len(texts)]]
            if texts
            else []
        )
        pieces = [(box, text) for box, text in zip(boxes, texts, strict=True) if text]
        first = first or (turned, pieces)
        long = [box for box, text in pieces if len(text) >= _LONG]
        num_lying = sum(right - left < bottom - top for left, top, right, bottom in long)
        is_upright = bool(long) and num_lying < len(long) / 2 and statistics.fmean(result.scores) >= _MIN_SCORE
        if is_upright or len(first[1]) < _MIN_TURNED:
            return turned, pieces
    return first if first is not None else (pixels, [])


def _padded(pixels: Pixels) -> Pixels:
    """The picture with white below it or on its right, where it is too long for its width."""
    import numpy

    least = int(max(pixels.shape[:2]) / _LONGEST_STRIP)
    lacking = [(0, max(0, least - side)) for side in pixels.shape[:2]]
    if not any(after for _, after in lacking):
        return pixels
    return numpy.pad(pixels, [*lacking, (0, 0)], constant_values=255)


def _written(text: str) -> str:
    """Recognised text with the marks of Chinese print: brackets among Chinese are of full width."""
    return plain(_BRACKET_GAP.sub("", _BRACKET.sub(lambda match: _FULL_WIDTH[match[0]], text)))


@functools.cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    # Its classifier of angles turned lines that were upright, which lost 2 of 310 on the made scans.
    parameters = {"Global.log_level": "critical", "Global.use_cls": False}
    return RapidOCR(params=parameters)
