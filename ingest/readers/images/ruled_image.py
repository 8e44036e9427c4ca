"""Ruled tables of an image: a cell is a region that rules close. Only this module imports OpenCV."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ingest.readers.layout.grids import Box

if TYPE_CHECKING:
    import numpy

    Pixels = numpy.ndarray[Any, numpy.dtype[numpy.uint8]]

# Of the longer side of the page.
_RULE_LENGTH = 0.02  # shorter strokes belong to characters
_ROW_HEIGHT = 0.01
_TABLE_WIDTH = 0.2
_HALF_RULE = 2  # pixels between a region and the middle of its rule
_GAP = 5  # pixels of a rule that noise takes away
_FILLED = 0.7  # of its box, by a cell
_MIN_CELLS = 4


def tables(pixels: Pixels) -> Iterator[list[Box]]:
    """The cells of each table of a page, in pixels from the upper left corner; merged cells are one."""
    import cv2
    import numpy

    side = max(pixels.shape[:2])
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    ink = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 15)
    length = max(2 * _GAP, int(_RULE_LENGTH * side))
    rules = numpy.zeros_like(ink)
    for long, short in (((length, 1), (_GAP, 1)), ((1, length), (1, _GAP))):
        strokes = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, short))
        straight = cv2.morphologyEx(strokes, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, long))
        rules = cv2.bitwise_or(rules, straight)
    rules = cv2.dilate(rules, numpy.ones((3, 3), numpy.uint8))
    _, _, frames, _ = cv2.connectedComponentsWithStats(rules, connectivity=8)
    for left, top, width, height, _ in frames[1:]:
        if width < _TABLE_WIDTH * side or height < 2 * _ROW_HEIGHT * side:
            continue
        _, _, regions, _ = cv2.connectedComponentsWithStats(
            255 - rules[top : top + height, left : left + width], connectivity=4
        )
        cells = [
            (
                float(left + x - _HALF_RULE),
                float(top + y - _HALF_RULE),
                float(left + x + w + _HALF_RULE),
                float(top + y + h + _HALF_RULE),
            )
            for x, y, w, h, area in regions[1:]
            if min(w, h) >= _ROW_HEIGHT * side and area >= _FILLED * w * h
        ]
        if len(cells) >= _MIN_CELLS:
            yield cells
