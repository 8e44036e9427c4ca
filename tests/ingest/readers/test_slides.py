"""Presentations → blocks: titles, texts in reading order, tables, charts; a block's page is its slide."""

from __future__ import annotations

import functools
import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers import read
from kb.chinese.text import CELL_MARK
from kb.errors import RefusedError

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.slide import Slide


def presentation() -> Presentation:
    import pptx

    return pptx.Presentation()


def slide_of(slides: Presentation, layout: int = 6) -> Slide:
    """A new slide; layout 6 is blank, 5 has a title, 1 a title and a text."""
    return slides.slides.add_slide(slides.slide_layouts[layout])


def add_text(slide: Slide, text: str, left: float, top: float) -> None:
    from pptx.util import Inches

    slide.shapes.add_textbox(Inches(left), Inches(top), Inches(2), Inches(1)).text_frame.text = text


def saved(slides: Presentation) -> bytes:
    buffer = io.BytesIO()
    slides.save(buffer)
    return buffer.getvalue()


def outlined(slides: Presentation) -> list[tuple[str, int, int | None, str]]:
    blocks = read(saved(slides), "a")
    return [(block.kind.value, block.level, block.page, block.text.replace(CELL_MARK, "；")) for block in blocks]


def test_titles_and_texts() -> None:
    """The first title at level 1, the others at 2, and each paragraph on its slide."""
    slides = presentation()
    for title, text in (("工作情况", "第一行\n第二行"), ("下步打算", "第三行")):
        slide = slide_of(slides, 1)
        slide.shapes.title.text = title
        slide.placeholders[1].text = text
    assert [
        ("heading", 1, 1, "工作情况"),
        ("paragraph", 0, 1, "第一行"),
        ("paragraph", 0, 1, "第二行"),
        ("heading", 2, 2, "下步打算"),
        ("paragraph", 0, 2, "第三行"),
    ] == outlined(slides)


def test_reading_order() -> None:
    """From top to bottom, then from left to right, whatever was drawn first; a group stays together."""
    from pptx.util import Inches

    slides = presentation()
    slide = slide_of(slides)
    add_text(slide, "丁", 0, 5)
    add_text(slide, "丙", 4, 1)
    add_text(slide, "乙", 0, 1)
    group = slide.shapes.add_group_shape()
    group.shapes.add_textbox(Inches(0), Inches(0.2), Inches(1), Inches(1)).text_frame.text = "甲"
    assert ["甲", "乙", "丙", "丁"] == [text for _, _, _, text in outlined(slides)]


def test_table() -> None:
    """Rows with column heads, merged cells repeated."""
    from pptx.util import Inches

    slides = presentation()
    table = slide_of(slides).shapes.add_table(3, 3, Inches(1), Inches(1), Inches(6), Inches(2)).table
    for i, row in enumerate((("指标", "2023年", "2024年"), ("学法", "15次", "17次"), ("合计", "", "32次"))):
        for j, text in enumerate(row):
            table.cell(i, j).text = text
    table.cell(2, 0).merge(table.cell(2, 1))
    assert [
        ("table_row", 0, 1, "指标：学法；2023年：15次；2024年：17次"),
        ("table_row", 0, 1, "指标：合计；2023年：合计；2024年：32次"),
    ] == outlined(slides)


def test_chart() -> None:
    """A chart's title, and its figures by category and series."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Inches

    slides = presentation()
    figures = CategoryChartData()
    figures.categories = ["复议", "应诉"]
    figures.add_series("2023年", (85, 7.5))
    figures.add_series("2024年", (102, None))
    kind = XL_CHART_TYPE.COLUMN_CLUSTERED
    place = (Inches(1), Inches(1), Inches(4), Inches(3))
    chart = slide_of(slides).shapes.add_chart(kind, *place, figures).chart
    chart.has_title = True
    chart.chart_title.text_frame.text = "案件数"
    assert ["案件数", "复议；2023年：85；2024年：102", "应诉；2023年：7.5"] == [text for *_, text in outlined(slides)]


def test_what_was_not_shown() -> None:
    """Notes and hidden slides are left out; a slide keeps its number."""
    slides = presentation()
    slide_of(slides)._element.set("show", "0")
    add_text(slides.slides[0], "隐藏", 1, 1)
    slide = slide_of(slides)
    add_text(slide, "正文", 1, 1)
    slide.notes_slide.notes_text_frame.text = "讲稿"
    assert [("paragraph", 0, 2, "正文")] == outlined(slides)


def test_no_text() -> None:
    """A presentation of pictures only is refused."""
    slides = presentation()
    slide_of(slides)
    with pytest.raises(RefusedError, match="没有文字"):
        read(saved(slides), "a.pptx")


@functools.cache
def small_pptx() -> bytes:
    slides = presentation()
    add_text(slide_of(slides), "正文", 1, 1)
    return saved(slides)


@given(st.integers(0, 20_000), st.binary(min_size=1, max_size=6))
def test_any_damage(at: int, noise: bytes) -> None:
    """Blocks or RefusedError from a damaged presentation, and no other error."""
    data = small_pptx()
    try:
        assert read(data[:at] + noise + data[at + len(noise) :], "a.pptx")
    except RefusedError:
        return
