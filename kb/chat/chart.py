"""The rows of an answer's table → a chart: a line over years, bars over issuers.

There is one only where every row has one figure, all in one unit and all worded in the same way; figures that grew and
fell (增长5.4%, 下降1.2%) are drawn above and below zero.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from decimal import Decimal

from kb.chinese.figures import figures
from kb.types import TableRow

MOST_SERIES = 4  # lines that can be told apart
_MOST_BARS = 12
_UP = frozenset({"增长", "增加", "上升", "提高", "同比增长", "同比增加", "同比上升", "同比提高"})
_DOWN = frozenset({"下降", "减少", "降低", "回落", "同比下降", "同比减少", "同比降低", "同比回落"})


class ChartKind(enum.StrEnum):
    """How figures are drawn."""

    LINE = "line"  # over years, one line for each issuer
    BARS = "bars"  # over issuers


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One figure: its label, its text, its value, and the marker of its citation."""

    label: str  # its year in a line, its issuer among bars
    figure: str
    value: Decimal
    marker: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Value:
    """A figure in parts."""

    number: Decimal
    unit: str
    words: str  # around it


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The points of one line in the order of their years, or all bars."""

    name: str  # the issuer; "" where the question names none
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What is drawn under a table."""

    kind: ChartKind
    series: tuple[Series, ...]


def chart(rows: Sequence[TableRow]) -> Chart | None:
    """The chart of a table; None where its figures cannot be laid side by side."""
    values = [value for row in rows if (value := _value(row))]
    if len(rows) < 2 or len(values) < len(rows):
        return None
    if len({value.unit for value in values}) > 1 or not _worded_alike({value.words for value in values}):
        return None
    labels = [row.label for row in rows]
    mixed = any(value.words in _UP for value in values)
    points = [
        Point(
            label=f"{row.label.year}年" if row.label.year else row.label.issuer,
            figure=row.figure,
            value=-value.number if value.words in _DOWN and mixed else value.number,
            marker=row.marker or 0,
        )
        for row, value in zip(rows, values, strict=True)
    ]
    if all(label.year for label in labels):
        if series := _lines([label.issuer for label in labels], points):
            return Chart(kind=ChartKind.LINE, series=series)
        if len({label.year for label in labels}) > 1:
            return None
        points = [replace(point, label=label.issuer) for label, point in zip(labels, points, strict=True)]
    elif any(label.year for label in labels):
        return None
    if len({point.label for point in points}) < len(points) or len(points) > _MOST_BARS:
        return None
    return Chart(kind=ChartKind.BARS, series=(Series(name="", points=tuple(points)),))


def _lines(issuers: Sequence[str], points: Sequence[Point]) -> tuple[Series, ...]:
    """A line for each issuer, where each has the same years, each once, and more than one; else none."""
    by_issuer: dict[str, list[Point]] = {}
    for issuer, point in zip(issuers, points, strict=True):
        by_issuer.setdefault(issuer, []).append(point)
    lines = [sorted(line, key=lambda point: point.label) for line in by_issuer.values()]
    years = [point.label for point in lines[0]]
    alike = all([point.label for point in line] == years for line in lines)
    if len(lines) > MOST_SERIES or len(years) < 2 or len(set(years)) < len(years) or not alike:
        return ()
    return tuple(Series(name=issuer, points=tuple(line)) for issuer, line in zip(by_issuer, lines, strict=True))


def _value(row: TableRow) -> _Value | None:
    """The value of a row's figure; None where it has none, or a range of two."""
    found = figures(row.figure)
    if row.marker is None or len(found) != 1:
        return None
    figure = found[0]
    words = row.figure[: figure.start] + row.figure[figure.end :]
    return _Value(number=figure.value, unit=figure.unit, words=words)


def _worded_alike(words: Set[str]) -> bool:
    return len(words) == 1 or words <= _UP | _DOWN
