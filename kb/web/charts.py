"""Charts as SVG: the figures of an answer as a line or as bars, and the questions of each day as bars.

Colours are CSS classes, so that they suit a light and a dark page. A chart is drawn for the eye; a table beside it has
the same figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from html import escape
from typing import Final

from kb.chat.chart import Chart, ChartKind, Point, Series
from kb.chat.journal import Day
from kb.web.texts import Language, text

_WIDTH: Final = 480
_LINE_HEIGHT: Final = 220
_EDGE: Final = 46  # beside the first and the last point, for the words at them
_BAR: Final = 20
_ROW: Final = 58
_MOST_FIGURES: Final = 5  # points of a line that all have their figure; of more, the first, the last and the extremes
_MOST_YEARS: Final = 8  # labels below a line

_DAYS_WIDTH: Final = 720
_DAYS_HEIGHT: Final = 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 8, 12, 28
_MOST_DAYS: Final = 6  # labels below the bars
_STEPS: Final = (1, 2, 5)


def answer_chart(chart: Chart, marks: Mapping[int, str], language: Language = "zh") -> str:
    """A `figure` with the SVG, its title, the names of its series, and the `marks` (HTML by marker) of its points."""
    points = [point for series in chart.series for point in series.points]
    drawn, height = _lines(chart.series) if chart.kind is ChartKind.LINE else _bars(points)
    title = text(f"chart_{chart.kind}", language)
    words = "，".join(
        f"{series.name}{point.label} {point.figure}" for series in chart.series for point in series.points
    )
    names = [series.name for series in chart.series] if len(chart.series) > 1 else []
    legend = "".join(f'<span class="of-{number}">{escape(name)}</span>' for number, name in enumerate(names))
    sources = "".join(marks.get(marker, "") for marker in dict.fromkeys(point.marker for point in points))
    return (
        f'<figure class="chart"><svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{title}：'
        f'{escape(words)}">{drawn}</svg><figcaption>{title} {sources}{legend}</figcaption></figure>'
    )


def day_chart(days: Sequence[Day], language: Language = "zh") -> str:
    """An SVG with a bar for each day, in which the answered questions stand out; `days` are in order and not empty."""
    most = max(day.asked for day in days)
    step = _step(most)
    top = max(step, -(-most // step) * step)
    floor = _DAYS_HEIGHT - _BOTTOM
    wide = (_DAYS_WIDTH - _LEFT - _RIGHT) / len(days)

    def height(count: int) -> float:
        return (floor - _TOP) * count / top

    pieces = []
    for count in range(0, top + 1, step):
        y = floor - height(count)
        pieces.append(_element("line", class_="across", x1=_LEFT, x2=_DAYS_WIDTH - _RIGHT, y1=y, y2=y))
        pieces.append(_element("text", str(count), class_="count", x=_LEFT - 8, y=y + 4))
    every = -(-len(days) // _MOST_DAYS)
    for number, day in enumerate(days):
        x = _LEFT + wide * (number + 0.15)
        if day.asked:
            title = text("questions_of_day", language, date=day.date, asked=day.asked, answered=day.answered)
            bars = (
                _element("rect", class_=name, x=x, y=floor - height(count), width=wide * 0.7, height=height(count))
                for name, count in (("others", day.asked), ("answered", day.answered))
            )
            pieces.append(f"<g><title>{escape(title)}</title>{''.join(bars)}</g>")
        if (len(days) - 1 - number) % every == 0:
            label = f"{day.date.month}-{day.date.day}"
            pieces.append(_element("text", label, class_="day", x=x + wide * 0.35, y=_DAYS_HEIGHT - 8))
    return (
        f'<svg class="picture" role="img" aria-labelledby="by-day" viewBox="0 0 {_DAYS_WIDTH} {_DAYS_HEIGHT}">'
        f"{''.join(pieces)}</svg>"
    )


def _lines(series: Sequence[Series]) -> tuple[str, int]:
    values = [point.value for line in series for point in line.points]
    least, greatest = min(values), max(values)
    spread = greatest - least or Decimal(1)
    count = len(series[0].points)
    step = (_WIDTH - 2 * _EDGE) / (count - 1)
    top, bottom = 40, _LINE_HEIGHT - 46

    def place(number: int, point: Point) -> tuple[float, float]:
        return _EDGE + number * step, bottom - float((point.value - least) / spread) * (bottom - top)

    pieces = [_element("line", class_="axis", x1=0, x2=_WIDTH, y1=bottom + 14, y2=bottom + 14)]
    every = -(-count // _MOST_YEARS)
    pieces += [
        _element("text", point.label.removesuffix("年"), class_="at", x=_EDGE + number * step, y=bottom + 36)
        for number, point in enumerate(series[0].points)
        if number % every == 0
    ]
    for of, line in enumerate(series):
        places = [place(number, point) for number, point in enumerate(line.points)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        pieces.append(_element("polyline", class_=f"of-{of}", points=path))
        labelled = _labelled(line.points) if len(series) == 1 else set()
        for number, (point, (x, y)) in enumerate(zip(line.points, places, strict=True)):
            pieces.append(_element("circle", class_=f"of-{of}", cx=x, cy=y, r=5, data_marker=point.marker))
            if number in labelled:
                pieces.append(_element("text", point.figure, class_="value", x=x, y=y - 14))
    return "".join(pieces), _LINE_HEIGHT


def _labelled(points: Sequence[Point]) -> set[int]:
    """The numbers of the points that have their figure beside them."""
    if len(points) <= _MOST_FIGURES:
        return set(range(len(points)))
    values = [point.value for point in points]
    inner = {values.index(min(values)), values.index(max(values))}
    return {0, len(points) - 1} | {number for number in inner if 1 < number < len(points) - 2}


def _bars(points: Sequence[Point]) -> tuple[str, int]:
    values = [point.value for point in points]
    least, greatest = min(*values, Decimal(0)), max(*values, Decimal(0))
    spread = greatest - least or Decimal(1)
    space = _WIDTH - 8
    zero = 4 + float(-least / spread) * space
    pieces = []
    for number, point in enumerate(points):
        width = float(abs(point.value) / spread) * space
        left = zero if point.value >= 0 else zero - width
        top = number * _ROW + 26
        pieces += [
            _element("text", point.label, class_="of", x=4, y=top - 6),
            _element("text", point.figure, class_="value end", x=_WIDTH - 4, y=top - 6),
            _element("rect", class_="of-0", x=left, y=top, width=max(width, 2), height=_BAR, data_marker=point.marker),
        ]
    height = len(points) * _ROW
    pieces.append(_element("line", class_="axis", x1=zero, x2=zero, y1=20, y2=height - 6))
    return "".join(pieces), height


def _step(most: int) -> int:
    """1, 2 or 5 times a power of ten, so that there are at most five lines across."""
    power = 1
    while True:
        for step in _STEPS:
            if most <= 5 * step * power:
                return step * power
        power *= 10


def _element(tag: str, words: str = "", /, **attributes: str | float) -> str:
    """An SVG element around `words`; `class_` is class, `data_marker` data-marker, and a float has one decimal."""
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{f"{value:.1f}" if isinstance(value, float) else escape(str(value))}"'
        for name, value in attributes.items()
    )
    return f"<{tag}{written}>{escape(words)}</{tag}>" if words else f"<{tag}{written}/>"
