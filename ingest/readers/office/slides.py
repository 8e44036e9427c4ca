"""Presentations: slide by slide its title, texts, tables and charts from top to bottom.

Only this module imports python-pptx.

What only the speaker sees is left out: notes and hidden slides are not what was shown.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.lines import tidy
from ingest.readers.office import packages
from ingest.readers.tables import read_rows
from kb.types import Block, BlockKind

if TYPE_CHECKING:
    from pptx.chart.chart import Chart
    from pptx.shapes.base import BaseShape
    from pptx.slide import Slide
    from pptx.table import Table
    from pptx.text.text import TextFrame

_NO_TEXT = ("DATE", "FOOTER", "SLIDE_NUMBER", "HEADER")  # placeholders that repeat on every slide
_MAX_DEPTH = 10  # of groups within groups
_SAME_HEIGHT = 91_440  # English Metric Units, 0.1 inch: shapes that begin as high stand side by side
_DIAGRAM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"


def read(data: bytes) -> list[Block]:
    """The blocks of a pptx; a block's page is its slide. The first slide's title has level 1, the others 2.

    Raises RefusedError for a file that is broken.
    """
    import pptx
    from pptx.exc import PythonPptxError

    with packages.refusing_broken(
        "演示文稿损坏，读不出内容，请用 PowerPoint 或 WPS 打开后另存为 pptx", PythonPptxError
    ):
        slides = pptx.Presentation(io.BytesIO(data)).slides
        shown = [(page, slide) for page, slide in enumerate(slides, 1) if slide.element.get("show") != "0"]
        return [block for page, slide in shown for block in _slide(slide, page, 1 if page == shown[0][0] else 2)]


def _slide(slide: Slide, page: int, level: int) -> Iterator[Block]:
    title = slide.shapes.title
    text = tidy(" ".join(title.text_frame.text.split())) if title is not None else ""
    if text:
        yield Block(text=text, kind=BlockKind.HEADING, level=level, page=page)
    for shape in _in_order(slide.shapes, 0):
        if title is None or shape.shape_id != title.shape_id:
            yield from _shape(shape, page)


def _in_order(shapes: object, depth: int) -> Iterator[BaseShape]:
    """The shapes from top to bottom and left to right, those of a group together."""

    def place(shape: BaseShape) -> tuple[int, int]:
        return (shape.top or 0) // _SAME_HEIGHT, shape.left or 0

    for shape in sorted(shapes, key=place):  # type: ignore[call-overload]
        inner = getattr(shape, "shapes", None)
        if inner is not None and depth < _MAX_DEPTH:
            yield from _in_order(inner, depth + 1)
        else:
            yield shape


def _shape(shape: BaseShape, page: int) -> Iterator[Block]:
    if shape.is_placeholder and shape.placeholder_format.type.name in _NO_TEXT:
        return
    if shape.has_text_frame:
        yield from _paragraphs(shape.text_frame, page)  # type: ignore[attr-defined]
    elif getattr(shape, "has_table", False):
        yield from read_rows(_rows(shape.table), page=page)[0]  # type: ignore[attr-defined]
    elif getattr(shape, "has_chart", False):
        yield from _chart(shape.chart, page)  # type: ignore[attr-defined]
    else:
        yield from _diagram(shape, page)


def _paragraphs(frame: TextFrame, page: int) -> Iterator[Block]:
    for paragraph in frame.paragraphs:
        for line in map(tidy, paragraph.text.replace("\v", "\n").split("\n")):
            if line:
                yield Block(text=line, kind=BlockKind.PARAGRAPH, page=page)


def _rows(table: Table) -> list[list[str]]:
    """The cells, merged ones repeated."""
    grid = [[cell.text for cell in row.cells] for row in table.rows]
    for i, row in enumerate(table.rows):
        for j, cell in enumerate(row.cells):
            if cell.is_merge_origin:
                for covered in grid[i : i + cell.span_height]:
                    covered[j : j + cell.span_width] = [cell.text] * len(covered[j : j + cell.span_width])
    return grid


def _chart(chart: Chart, page: int) -> Iterator[Block]:
    """A chart's title, and its figures as a table: a row for each category, a column for each series."""
    if chart.has_title:
        yield from _paragraphs(chart.chart_title.text_frame, page)
    plot = chart.plots[0]
    rows = [["", *(series.name for series in plot.series)]]
    for i, category in enumerate(plot.categories):
        rows.append([str(category), *(_figure(series.values, i) for series in plot.series)])
    yield from read_rows(rows, num_head_rows=1, page=page)[0]


def _figure(values: tuple[float | None, ...], place: int) -> str:
    value = values[place] if place < len(values) else None
    return "" if value is None else f"{value:.15g}"


def _diagram(shape: BaseShape, page: int) -> Iterator[Block]:
    """The texts of a SmartArt diagram, which stand in a part of their own."""
    import lxml.etree

    for reference in shape.element.iter(f"{{{_DIAGRAM}}}relIds"):
        key = next((value for name, value in reference.items() if name.endswith("}dm")), None)
        if key is None:
            continue
        root = lxml.etree.fromstring(shape.part.related_part(key).blob)
        for point in root.iterfind(".//{*}pt"):
            text = tidy("".join(piece.text or "" for piece in point.iterfind(".//{*}t")))
            if text:
                yield Block(text=text, kind=BlockKind.LIST_ITEM, page=page)
