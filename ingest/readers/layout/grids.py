"""The cells of ruled tables: in their places → rows; over the edge of a page → one table.

（四）无 │ 1.本机关不掌握 │ 746      a merged cell that the edge tears is whole again in all its rows,
─────────── edge ──────────      and heads that the new page repeats are dropped
法提供   │ 2.没有现成信息 │  11
"""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ingest.lines import join
from ingest.readers.tables import Row

Box = tuple[float, float, float, float]
"""Left, top, right, bottom; downwards."""

_NUMBERED = re.compile(r"第?[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．章节条]")
_FIGURE = re.compile(r"[-+－—\d.,%％/]+")
_MAX_HEAD_ROWS = 4
_MAX_LOST = 3  # characters by which the texts of a frame and of what it encloses may differ
_MAX_CELL = 400  # characters; the longest cells of tables of powers and duties have 300


def grid(texts: Mapping[Box, str], *, rule_width: float) -> list[Row]:
    """The cells by row; a merged cell is repeated in every row and column that it covers.

    texts: by the box of a cell, in any unit.
    rule_width: in the same unit; edges that are no farther apart are one rule.
    """
    columns = list(_middles((edge for left, _, right, _ in texts for edge in (left, right)), rule_width))
    heights = list(_middles((edge for _, top, _, bottom in texts for edge in (top, bottom)), rule_width))
    rows = _placed(texts, columns, heights)
    # A row of the same cells as the row above is no row, nor is an empty one above the heads.
    distinct = [row for i, row in enumerate(rows) if i == 0 or row != rows[i - 1]]
    filled = (tuple(texts.get(box, "") for box in row) for row in distinct)
    return list(itertools.dropwhile(lambda row: not any(row), filled))


def is_frame(texts: Mapping[Box, str]) -> bool:
    """Whether the cells are boxes around the text of a page, as web pages print them, and no table."""
    num_long = sum(len(text) for text in texts.values() if len(text) > _MAX_CELL)
    return num_long > sum(map(len, texts.values())) / 2


def _middles(edges: Iterable[float], rule_width: float) -> Iterator[float]:
    """The middles between neighbouring rules."""
    for before, after in itertools.pairwise(sorted({*edges})):
        if after - before > rule_width:
            yield (before + after) / 2


def _placed(boxes: Iterable[Box], columns: Sequence[float], heights: Sequence[float]) -> list[tuple[Box, ...]]:
    """The box at each place; the first of several, and an empty one where there is none."""
    found: dict[tuple[int, int], Box] = {}
    for box in boxes:
        across = range(bisect.bisect_left(columns, box[0]), bisect.bisect_right(columns, box[2]))
        down = range(bisect.bisect_left(heights, box[1]), bisect.bisect_right(heights, box[3]))
        for place in itertools.product(down, across):
            found.setdefault(place, box)
    return [tuple(found.get((i, j), (x, y, x, y)) for j, x in enumerate(columns)) for i, y in enumerate(heights)]


def without_frames(texts: Mapping[Box, str]) -> dict[Box, str]:
    """The cells without those that only enclose others and their text."""
    kept = dict(texts)
    middles = sorted(((box[0] + box[2]) / 2, box) for box in texts)
    for frame, text in texts.items():
        start = bisect.bisect_right(middles, frame[0], key=lambda middle: middle[0])
        end = bisect.bisect_left(middles, frame[2], key=lambda middle: middle[0])
        inside = sum(
            len(texts[box])
            for _, box in middles[start:end]
            if box != frame and frame[1] < (box[1] + box[3]) / 2 < frame[3]
        )
        if inside and len(text) <= inside + _MAX_LOST:
            del kept[frame]
    return kept


def joined(above: Sequence[Row], below: Sequence[Row]) -> tuple[list[Row], list[Row]] | None:
    """Two parts of one table on neighbouring pages, without repeated heads and with torn cells whole.

    None where `below` is a table of its own. What is not clearly torn stays as it is.
    """
    if not above or not below or len(above[-1]) != len(below[0]):
        return None
    first, second = list(above), list(below)
    num_same = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False)))
    if num_same <= _MAX_HEAD_ROWS:
        second = second[num_same:]
    if not second:
        return first, []
    if not num_same and _has_heads(first, second):
        return None
    if _is_rest(first[-1], second[0]):
        first[-1] = tuple(map(join, first[-1], second.pop(0)))
    for column in range(len(second[0]) if second else 0):
        _join_torn_cell(first, second, column)
    return first, second


def _has_heads(above: Sequence[Row], below: Sequence[Row]) -> bool:
    """Whether words stand over figures at the top of `below`, where `above` ends in a figure."""
    return len(below) > 1 and any(
        _FIGURE.fullmatch(last) and head and not _FIGURE.fullmatch(head) and _FIGURE.fullmatch(figure)
        for last, head, figure in zip(above[-1], below[0], below[1], strict=False)
    )


def _is_rest(row: Row, rest: Row) -> bool:
    """Whether `rest` is what the edge tore off `row`: words go on below words, most other cells are empty."""
    if len(row) != len(rest) or not any(rest):
        return False
    num_open = sum(bool(cell) and not end for cell, end in zip(row, rest, strict=True))
    words = all(
        cell and not _FIGURE.fullmatch(cell) and not _FIGURE.fullmatch(end) and not _NUMBERED.match(end)
        for cell, end in zip(row, rest, strict=True)
        if end
    )
    return words and num_open >= len(row) / 2


def _join_torn_cell(above: list[Row], below: list[Row], column: int) -> None:
    """Make the merged cell of `column` whole that the edge of the page tears, if there is one."""
    start, end = above[-1][column], below[0][column]
    if not start or _FIGURE.fullmatch(start) or start == end:
        return
    num_numbered = len({row[column] for row in above if _NUMBERED.match(row[column])})
    if end:
        torn = num_numbered > 1 and bool(_NUMBERED.match(start)) and not _NUMBERED.match(end)
    else:
        # An empty cell at the start of a row belongs to the cell above it, if that is merged.
        torn = not any(below[0][:column]) and any(below[0]) and len(above) > 1 and above[-2][column] == start
    if not torn:
        return
    whole = join(start, end)
    for part, text, indexes in (
        (above, start, range(len(above) - 1, -1, -1)),
        (below, end, range(len(below))),
    ):
        for i in itertools.takewhile(lambda i: part[i][column] == text, indexes):  # noqa: B023 - used at once
            part[i] = (*part[i][:column], whole, *part[i][column + 1 :])
