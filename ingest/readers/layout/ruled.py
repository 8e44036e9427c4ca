"""Ruled tables of drawn pages.

Only this module imports pdfplumber, which takes fifty times as long as reading a PDF's text.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ingest.lines import join, tidy
from ingest.readers.layout.grids import Box, grid, is_frame, without_frames
from ingest.readers.layout.typeset import plain
from ingest.readers.tables import Row

if TYPE_CHECKING:
    from pdfplumber.page import Page

_RULE_WIDTH = 3.0  # points
_MAX_CROSSINGS = 20_000  # of rules on a page; more are a drawing, and the time grows with their square
_JUSTIFIED = 0.8  # of a character: gaps of that width are no spaces


def tables(data: bytes, pages: Sequence[int]) -> Iterator[tuple[int, list[tuple[Box, list[Row]]]]]:
    """The tables of each of `pages` (from 0): box (left, top, right, bottom; points from the lower left), rows.

    A PDF that pdfplumber cannot open has no tables: its text is read all the same, line by line.
    """
    if not pages:
        return
    import logging

    import pdfplumber
    from pdfminer.psexceptions import PSException
    from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns of every font that it does not know
    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            for i in pages:
                yield i, list(_tables(document.pages[i]))
                document.pages[i].close()
    except (PdfminerException, MalformedPDFException, PSException):
        return


def cells(rules: Iterable[Box]) -> list[list[Box]]:
    """The cells of each table that `rules` make: level or upright lines and thin boxes, in points."""
    from pdfplumber import table

    edges = [
        {
            "x0": left,
            "x1": right,
            "top": top,
            "bottom": bottom,
            "width": right - left,
            "height": bottom - top,
            "orientation": "h" if right - left > bottom - top else "v",
        }
        for left, top, right, bottom in rules
        if min(right - left, bottom - top) <= _RULE_WIDTH < max(right - left, bottom - top)
    ]
    edges = table.merge_edges(
        edges,
        snap_x_tolerance=_RULE_WIDTH,
        snap_y_tolerance=_RULE_WIDTH,
        join_x_tolerance=_RULE_WIDTH,
        join_y_tolerance=_RULE_WIDTH,
    )
    crossings = table.edges_to_intersections(edges, _RULE_WIDTH, _RULE_WIDTH)
    return [list(found) for found in table.cells_to_tables(table.intersections_to_cells(crossings))]


def _tables(page: Page) -> Iterator[tuple[Box, list[Row]]]:
    columns = {round(edge["x0"]) for edge in page.edges if edge["orientation"] == "v"}
    heights = {round(edge["top"]) for edge in page.edges if edge["orientation"] == "h"}
    if len(columns) * len(heights) > _MAX_CROSSINGS:
        return
    for table in page.find_tables():
        texts = {
            box: _cell(text)
            for row, cells in zip(table.rows, table.extract(x_tolerance_ratio=_JUSTIFIED), strict=True)
            for box, text in zip(row.cells, cells, strict=True)
            if box is not None
        }
        texts = without_frames(texts)
        rows = grid(texts, rule_width=_RULE_WIDTH)
        # Two cells in one row are a frame; more are a table, the rest of which may stand on the page before.
        if rows and len(rows[0]) > 1 and len(rows) * len(rows[0]) > 2 and not is_frame(texts):
            left, top, right, bottom = table.bbox
            yield (left, float(page.height) - top, right, float(page.height) - bottom), rows


def _cell(text: str | None) -> str:
    content = ""
    for line in (text or "").split("\n"):
        content = join(content, tidy(line))
    return plain(content)
