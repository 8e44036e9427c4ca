"""Images and scanned pages → blocks: text, tables, pages that lie; refusals where recognition is missing."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ingest.readers import read
from ingest.readers.images import scan
from kb.errors import RefusedError

if TYPE_CHECKING:
    from PIL.Image import Image

FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/System/Library/Fonts/PingFang.ttc",
    "C:/Windows/Fonts/msyh.ttc",
)
FONT = next((font for font in FONTS if Path(font).exists()), None)
LINES = (
    "　　全年组织学法活动17次，比上年增加2次，覆盖全部",
    "执法人员；评查案卷100卷，培训执法人员468人次，办理",
    "行政复议案件96件。",
)
PARAGRAPH = "".join(LINES).strip()

needs_recognition = pytest.mark.skipif(not scan.is_installed(), reason="the extra ocr is not installed")
needs_font = pytest.mark.skipif(FONT is None, reason="no Chinese font, such as fonts-noto-cjk")


def draw(lines: Sequence[str] = LINES, *, table: Sequence[Sequence[str]] = ()) -> Image:
    """A page with these lines and, below them, this ruled table."""
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", (900, 620), "white")
    pen = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(FONT), 30)
    for i, line in enumerate(lines):
        pen.text((60, 40 + 60 * i), line, fill="black", font=font)
    for i, row in enumerate(table):
        for j, cell in enumerate(row):
            left, top = 60 + 240 * j, 300 + 70 * i
            pen.rectangle((left, top, left + 240, top + 70), outline="black", width=2)
            pen.text((left + 20, top + 15), cell, fill="black", font=font)
    return image


def saved(*images: Image, kind: str = "png") -> bytes:
    buffer = io.BytesIO()
    images[0].save(buffer, kind, **({"save_all": True, "append_images": images[1:]} if images[1:] else {}))
    return buffer.getvalue()


@pytest.mark.slow
@needs_recognition
@needs_font
class TestRecognition:
    @pytest.mark.parametrize("kind", ["png", "jpeg", "bmp", "webp"])
    def test_paragraph(self, kind: str) -> None:
        """Three lines are one paragraph, in every format; a single image has no page."""
        assert [(None, PARAGRAPH)] == [(block.page, block.text) for block in read(saved(draw(), kind=kind), "a")]

    def test_pages(self) -> None:
        """Each page of a tiff has its number."""
        pages = saved(draw(), draw(["第二页的内容。"]), kind="tiff")
        assert [(1, PARAGRAPH), (2, "第二页的内容。")] == [(block.page, block.text) for block in read(pages, "a")]

    def test_table(self) -> None:
        """The rows of a ruled table name their columns, after the paragraph above it."""
        table = (("指标", "上年数量", "本年数量"), ("学法次数", "15", "17"), ("评查案卷", "85", "100"))
        assert [
            PARAGRAPH,
            "指标：学法次数 | 上年数量：15 | 本年数量：17",
            "指标：评查案卷 | 上年数量：85 | 本年数量：100",
        ] == [block.text for block in read(saved(draw(table=table)), "a")]

    @pytest.mark.parametrize("degrees", [90, 180])
    def test_turned(self, degrees: int) -> None:
        """A page that lies on its side or upside down is turned."""
        lines = [*LINES, "完成普法宣传三百次以上。", "受理投诉举报十二件。", "公开各类政府信息五千条。"]
        image = draw(lines).rotate(degrees, expand=True)
        assert PARAGRAPH == read(saved(image), "a")[0].text

    def test_scanned_pdf(self) -> None:
        """A page of a PDF that is an image is recognised, and has its number."""
        assert [(1, PARAGRAPH)] == [(block.page, block.text) for block in read(saved(draw(), kind="pdf"), "a")]

    def test_no_text(self) -> None:
        """An image without text is refused."""
        with pytest.raises(RefusedError, match="没有认出文字"):
            read(saved(draw([])), "a")

    def test_broken(self) -> None:
        """An image that breaks off is refused."""
        with pytest.raises(RefusedError, match="损坏"):
            read(saved(draw())[:500], "a")

    def test_bomb(self) -> None:
        """An image of more pixels than memory holds is refused before it is unpacked."""
        from PIL import Image

        with pytest.raises(RefusedError, match="过大"):
            read(saved(Image.new("1", (20_000, 20_000))), "a")


class TestWithoutRecognition:
    @pytest.fixture(autouse=True)
    def _without(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "rapidocr", None)

    def test_image(self) -> None:
        """The refusal says what to install."""
        with pytest.raises(RefusedError, match=r'pip install "wenzheng\[ocr\]"'):
            read(b"\x89PNG\r\n\x1a\n" + bytes(50), "a.png")

    def test_scanned_pdf(self) -> None:
        """So it does for a PDF whose pages are all scanned."""
        from PIL import Image

        with pytest.raises(RefusedError, match=r'全部页是扫描件.*pip install "wenzheng\[ocr\]"'):
            read(saved(Image.new("RGB", (900, 620), "white"), kind="pdf"), "a.pdf")


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        pytest.param(b"BM\x36\x00\x0c\x00\x00\x00\x00\x00\x36", True, id="bitmap"),
        pytest.param(b"BM25 ranks passages", False, id="text"),
        pytest.param(b"RIFF\x00\x00\x00\x00WEBPVP8 ", True, id="webp"),
        pytest.param(b"RIFF\x00\x00\x00\x00WAVEfmt ", False, id="sound"),
    ],
)
def test_is_image(head: bytes, expected: bool) -> None:
    """Images are known by their first bytes."""
    assert expected is scan.is_image(head)


@pytest.mark.slow
@needs_recognition
@pytest.mark.parametrize("size", [(1, 20_000), (20_000, 1), (3000, 14)], ids=["strip", "line", "band"])
def test_pictures_without_room_for_text(size: tuple[int, int]) -> None:
    """A picture far longer than wide is refused, and takes no more memory than a page."""
    from PIL import Image

    with pytest.raises(RefusedError, match="没有认出文字"):
        read(saved(Image.new("RGB", size, "white")), "a.png")
