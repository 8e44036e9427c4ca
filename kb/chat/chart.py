"""The rows of an answer's table → a chart: a line over years, bars over issuers.

There is one only where every row tells one figure, all in one unit and all said in the same way; figures that grew and
fell (增长5.4%, 下降1.2%) are drawn above and below zero.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kb.chinese.figures import figures
from kb.types import Row

MOST_SERIES = 4  # lines that can be told apart
_MOST_BARS = 12
_LABEL = re.compile(r"(?P<who>.*?)(?P<year>(?:19|20)\d\d)年")
_UP = frozenset({"增长", "增加", "上升", "提高", "同比增长", "同比增加", "同比上升", "同比提高"})
_DOWN = frozenset({"下降", "减少", "降低", "回落", "同比下降", "同比减少", "同比降低", "同比回落"})


class ChartKind(enum.StrEnum):
    """How figures are drawn."""

    LINE = "line"  # over years, one line for each issuer
    BARS = "bars"  # over issuers


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One figure: what it is of, how it is written, what it is worth, and the citation that it stands in."""

    label: str  # its year in a line, its issuer among bars
    told: str
    value: Decimal
    marker: int


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


def chart(rows: Sequence[Row]) -> Chart | None:
    """The chart of a table; None where its figures cannot be laid side by side."""
    values = [_value(row) for row in rows]
    if len(rows) < 2 or None in values:
        return None
    told = [value for value in values if value is not None]
    if len({unit for _, unit, _ in told}) > 1 or not _said_alike([said for *_, said in told]):
        return None
    labels = [_LABEL.fullmatch(row.label) for row in rows]
    points = [
        Point(
            label=f"{label['year']}年" if label else row.label,
            told=row.figure,
            value=-number if said in _DOWN and _mixed(told) else number,
            marker=row.marker or 0,
        )
        for row, label, (number, _, said) in zip(rows, labels, told, strict=True)
    ]
    whole = [label for label in labels if label]
    if len(whole) == len(labels):
        if series := _lines([label["who"] for label in whole], points):
            return Chart(kind=ChartKind.LINE, series=series)
        if len({label["year"] for label in whole}) > 1:
            return None
        points = [
            Point(label=label["who"], told=point.told, value=point.value, marker=point.marker)
            for label, point in zip(whole, points, strict=True)
        ]
    elif whole:
        return None
    if len({point.label for point in points}) < len(points) or len(points) > _MOST_BARS:
        return None
    return Chart(kind=ChartKind.BARS, series=(Series(name="", points=tuple(points)),))


def _lines(who: Sequence[str], points: Sequence[Point]) -> tuple[Series, ...]:
    """A line for each issuer, where each has the same years, each once, and more than one; else none."""
    by_issuer: dict[str, list[Point]] = {}
    for issuer, point in zip(who, points, strict=True):
        by_issuer.setdefault(issuer, []).append(point)
    lines = [sorted(line, key=lambda point: point.label) for line in by_issuer.values()]
    years = [point.label for point in lines[0]]
    alike = all([point.label for point in line] == years for line in lines)
    if len(lines) > MOST_SERIES or len(years) < 2 or len(set(years)) < len(years) or not alike:
        return ()
    return tuple(Series(name=issuer, points=tuple(line)) for issuer, line in zip(by_issuer, lines, strict=True))


def _value(row: Row) -> tuple[Decimal, str, str] | None:
    """Number, unit, and the words around them; None where a row tells no figure, or a range of two."""
    found = figures(row.figure)
    if row.marker is None or len(found) != 1:
        return None
    figure = found[0]
    return figure.value, figure.unit, row.figure[: figure.start] + row.figure[figure.end :]


def _said_alike(said: Sequence[str]) -> bool:
    return len(set(said)) == 1 or set(said) <= _UP | _DOWN


def _mixed(told: Sequence[tuple[Decimal, str, str]]) -> bool:
    return any(said in _UP for *_, said in told)
