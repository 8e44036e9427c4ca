"""Pieces of text in their places on a page → lines and tables in reading order.

A page that obviously has two columns is read column by column.
"""

from __future__ import annotations

import dataclasses
import statistics
from collections.abc import Iterable, Sequence

from ingest.lines import join
from ingest.readers.layout.grids import Box, grid, is_frame
from ingest.readers.layout.typeset import PlacedLine

# benchmarks/reading.py compares what is read by these with the true texts of reports.
_SAME_LINE = 0.5  # of the size: how far the middles of two pieces of one line are apart
_WORD_GAP = 0.25  # of the size, between Latin words
_WIDE_GAP = 1.0  # of the size, that is a space between Chinese as well
_GUTTER = 1.5  # of the size: wider gaps may part columns
_MIN_LINES = 8  # in each column
_MIN_FILLED = 0.6  # of a column's width, by most of its lines
_MAX_CROSSING = 0.25  # of lines, such as titles
_MIDDLE = (0.35, 0.65)  # of the text's width, where a gutter lies


def in_reading_order(
    pieces: Sequence[PlacedLine], tables: Iterable[Sequence[Box]], *, rule_width: float
) -> list[PlacedLine]:
    """The lines and tables of a page in reading order; no text is lost.

    tables: the cells of each, in points, downwards from the lower left corner: 0 at the foot, -842 at the head.
    rule_width: points; edges that are no farther apart are one rule.
    """
    placed: list[PlacedLine] = []
    for cells in tables:
        texts, outside = _filled(cells, pieces)
        rows = grid(texts, rule_width=rule_width)
        if len(rows) > 1 and len(rows[0]) > 1 and not is_frame(texts):
            left, top, right, _ = _around(cells)
            page = pieces[0].page
            placed.append(PlacedLine(text="", left=left, right=right, top=-top, size=1.0, page=page, table=tuple(rows)))
            pieces = outside
    lines = _lines_in_order(pieces)
    for table in placed:
        at = next((i for i, line in enumerate(lines) if line.top < table.top), len(lines))
        lines.insert(at, table)
    return lines


def _around(boxes: Sequence[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _filled(cells: Sequence[Box], pieces: Sequence[PlacedLine]) -> tuple[dict[Box, str], list[PlacedLine]]:
    """The text of each cell of a table, and the pieces that stand outside the table."""
    left, top, right, bottom = _around(cells)
    inside: dict[Box, list[PlacedLine]] = {cell: [] for cell in cells}
    outside = []
    for piece in pieces:
        x, y = (piece.left + piece.right) / 2, -_middle(piece)
        if left <= x <= right and top <= y <= bottom:
            nearest = min(cells, key=lambda cell: max(cell[0] - x, x - cell[2], cell[1] - y, y - cell[3]))
            inside[nearest].append(piece)
        else:
            outside.append(piece)
    texts = dict.fromkeys(cells, "")
    for cell, content in inside.items():
        for line in _joined(content):
            texts[cell] = join(texts[cell], line.text)
    return texts, outside


def _lines_in_order(pieces: Sequence[PlacedLine]) -> list[PlacedLine]:
    """Whole lines from the top down; `pieces` are words, characters or lines of one page, in any order."""
    runs = _joined(pieces, max_gap=_GUTTER)
    gutter = _gutter(runs)
    if gutter is None:
        return _joined(runs)
    lines: list[PlacedLine] = []
    columns: tuple[list[PlacedLine], list[PlacedLine]] = ([], [])
    for run in runs:
        if run.left < gutter < run.right:
            lines += _joined(columns[0]) + _joined(columns[1]) + [run]
            columns = ([], [])
        else:
            columns[run.left >= gutter].append(run)
    return lines + _joined(columns[0]) + _joined(columns[1])


def _joined(pieces: Sequence[PlacedLine], max_gap: float = float("inf")) -> list[PlacedLine]:
    """Pieces on one line that are at most `max_gap` sizes apart as one piece, from the top down."""
    rows: list[list[PlacedLine]] = []
    for piece in sorted(pieces, key=_middle, reverse=True):
        if rows and abs(_middle(rows[-1][0]) - _middle(piece)) <= _SAME_LINE * max(rows[-1][0].size, piece.size):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    lines = []
    for row in rows:
        row.sort(key=lambda piece: piece.left)
        line = row[0]
        for piece in row[1:]:
            if piece.left - line.right <= max_gap * line.size:
                line = _join(line, piece)
            else:
                lines.append(line)
                line = piece
        lines.append(line)
    return lines


def _middle(piece: PlacedLine) -> float:
    return piece.top - piece.size / 2


def _join(line: PlacedLine, piece: PlacedLine) -> PlacedLine:
    gap = (piece.left - line.right) / max(line.size, piece.size)
    is_latin = line.text[-1].isascii() and piece.text[0].isascii()
    space = " " if gap > (_WORD_GAP if is_latin else _WIDE_GAP) else ""
    return dataclasses.replace(
        line,
        text=line.text + space + piece.text,
        right=max(line.right, piece.right),
        top=max(line.top, piece.top),
        size=line.size if len(line.text) >= len(piece.text) else piece.size,
    )


def _gutter(runs: Sequence[PlacedLine]) -> float | None:
    """Where two columns part; None unless it is obvious."""
    if len(runs) < 2 * _MIN_LINES:
        return None
    left, right = min(run.left for run in runs), max(run.right for run in runs)
    low, high = (left + share * (right - left) for share in _MIDDLE)
    places = [run.left - run.size / 2 for run in runs if low <= run.left - run.size / 2 <= high]
    if not places:
        return None
    gutter = min(places, key=lambda x: sum(run.left < x < run.right for run in runs))
    sides = [run for run in runs if run.right <= gutter], [run for run in runs if run.left >= gutter]
    if len(runs) - len(sides[0]) - len(sides[1]) > _MAX_CROSSING * len(runs) or min(map(len, sides)) < _MIN_LINES:
        return None
    widths = gutter - left, right - gutter
    full = all(
        statistics.median(run.right - run.left for run in side) >= _MIN_FILLED * width
        for side, width in zip(sides, widths, strict=True)
    )
    return gutter if full else None
