"""A chart → SVG within a figure. Colours are classes, so that it is right by day and by night.

It is drawn for eyes; the table above it says the same in words. Its marks stand below it as links.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from html import escape

from kb.chat.chart import Chart, ChartKind, Point, Series
from kb.web.texts import Language, text

_WIDTH = 480
_LINE_HEIGHT = 220
_EDGE = 46  # beside the first and the last point, for what is written at them
_BAR = 20
_ROW = 58
_MOST_FIGURES = 5  # points of a line beside which the figure is written; of more, the first, the last and the extremes


def figure_of(chart: Chart, marks: Mapping[int, str], language: Language = "zh") -> str:
    """The figure: SVG, what it shows, the names of its lines, and the `marks` (HTML by marker) of its points."""
    points = [point for series in chart.series for point in series.points]
    drawn, height = _lines(chart.series) if chart.kind is ChartKind.LINE else _bars(points)
    title = text(f"chart_{chart.kind}", language)
    in_words = "，".join(
        f"{series.name}{point.label} {point.figure}" for series in chart.series for point in series.points
    )
    names = [series.name for series in chart.series] if len(chart.series) > 1 else []
    legend = "".join(f'<span class="of-{place}">{escape(name)}</span>' for place, name in enumerate(names))
    sources = "".join(marks.get(marker, "") for marker in dict.fromkeys(point.marker for point in points))
    return (
        f'<figure class="chart"><svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{title}：'
        f'{escape(in_words)}">{drawn}</svg><figcaption>{title} {sources}{legend}</figcaption></figure>'
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

    pieces = [f'<line class="axis" x1="0" x2="{_WIDTH}" y1="{bottom + 14}" y2="{bottom + 14}"/>']
    every = -(-count // 8)
    pieces += [
        f'<text class="at" x="{_EDGE + number * step:.1f}" y="{bottom + 36}">{escape(point.label.removesuffix("年"))}</text>'
        for number, point in enumerate(series[0].points)
        if number % every == 0
    ]
    for of, drawn in enumerate(series):
        places = [place(number, point) for number, point in enumerate(drawn.points)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        pieces.append(f'<polyline class="of-{of}" points="{path}"/>')
        shown = _with_figure(drawn.points) if len(series) == 1 else set()
        for number, (point, (x, y)) in enumerate(zip(drawn.points, places, strict=True)):
            dot = f'<circle class="of-{of}" cx="{x:.1f}" cy="{y:.1f}" r="5" data-marker="{point.marker}"/>'
            figure = f'<text class="told" x="{x:.1f}" y="{y - 14:.1f}">{escape(point.figure)}</text>'
            pieces.append(dot + (figure if number in shown else ""))
    return "".join(pieces), _LINE_HEIGHT


def _with_figure(points: Sequence[Point]) -> set[int]:
    """The places of the points beside which the figure is written."""
    if len(points) <= _MOST_FIGURES:
        return set(range(len(points)))
    values = [point.value for point in points]
    inner = {values.index(min(values)), values.index(max(values))}
    return {0, len(points) - 1} | {place for place in inner if 1 < place < len(points) - 2}


def _bars(points: Sequence[Point]) -> tuple[str, int]:
    values = [point.value for point in points]
    least, greatest = min(*values, Decimal(0)), max(*values, Decimal(0))
    spread = greatest - least or Decimal(1)
    room = _WIDTH - 8
    zero = 4 + float(-least / spread) * room
    pieces = []
    for number, point in enumerate(points):
        width = float(abs(point.value) / spread) * room
        left = zero if point.value >= 0 else zero - width
        top = number * _ROW + 26
        pieces.append(
            f'<text class="of" x="4" y="{top - 6}">{escape(point.label)}</text>'
            f'<text class="told end" x="{_WIDTH - 4}" y="{top - 6}">{escape(point.figure)}</text>'
            f'<rect class="of-0" x="{left:.1f}" y="{top}" width="{max(width, 2):.1f}" height="{_BAR}" '
            f'data-marker="{point.marker}"/>'
        )
    height = len(points) * _ROW
    pieces.append(f'<line class="axis" x1="{zero:.1f}" x2="{zero:.1f}" y1="20" y2="{height - 6}"/>')
    return "".join(pieces), height
