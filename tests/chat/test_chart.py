"""Which tables make a chart, and what is drawn of them."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from kb.chat.chart import ChartKind, chart
from kb.types import PartLabel, TableRow
from kb.web.charts import answer_chart


def label_of(words: str) -> PartLabel:
    """云澜区2024年 as issuer and year."""
    match = re.fullmatch(r"(.*?)(\d{4})年", words)
    return PartLabel(issuer=match[1], year=int(match[2])) if match else PartLabel(issuer=words)


def rows(*cells: tuple[str, str]) -> list[TableRow]:
    """Rows of label and figure, each with a citation of its own; none where the figure is ""."""
    return [
        TableRow(label=label_of(label), figure=figure, words=figure, marker=marker if figure else None)
        for marker, (label, figure) in enumerate(cells, start=1)
    ]


def test_years_are_a_line() -> None:
    """Figures of one issuer over years are a line in the order of the years, each with its citation."""
    drawn = chart(rows(("云澜区2024年", "1,301件"), ("云澜区2022年", "218件"), ("云澜区2023年", "0.1万件")))
    assert drawn is not None
    assert ChartKind.LINE is drawn.kind
    assert [("2022年", 218, 2), ("2023年", 1000, 3), ("2024年", 1301, 1)] == [
        (point.label, point.value, point.marker) for point in drawn.series[0].points
    ]


def test_issuers_are_bars() -> None:
    """Figures of several issuers for one year are bars in the order of the table."""
    drawn = chart(rows(("望舒市2024年", "5%"), ("云澜区2024年", "3.5%")))
    assert drawn is not None
    assert ChartKind.BARS is drawn.kind
    assert ["望舒市", "云澜区"] == [point.label for point in drawn.series[0].points]


def test_issuers_over_years_are_lines() -> None:
    """Several issuers over the same years have a line each."""
    drawn = chart(
        rows(("望舒市2023年", "1件"), ("望舒市2024年", "2件"), ("云澜区2023年", "3件"), ("云澜区2024年", "4件"))
    )
    assert drawn is not None
    assert ["望舒市", "云澜区"] == [series.name for series in drawn.series]


def test_what_fell_is_below_zero() -> None:
    """Beside what grew, what fell is negative."""
    drawn = chart(rows(("望舒市", "增长5.4%"), ("云澜区", "下降1.2%")))
    assert drawn is not None
    assert [Decimal("5.4"), Decimal("-1.2")] == [point.value for point in drawn.series[0].points]


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param([("2023年", "5件"), ("2024年", "")], id="a figure is missing"),
        pytest.param([("2023年", "5件"), ("2024年", "6%")], id="two units"),
        pytest.param([("2023年", "5件"), ("2024年", "4—6件")], id="a range"),
        pytest.param([("2023年", "5件"), ("2024年", "超6件")], id="a bound beside a figure"),
        pytest.param([("2023年", "增长5%"), ("2024年", "增长到6%")], id="a change beside what was reached"),
        pytest.param([("2023年", "5件"), ("2023年", "6件")], id="one year twice"),
        pytest.param([("云澜区2023年", "5件"), ("望舒市2024年", "6件")], id="other issuers in other years"),
        pytest.param([("云澜区", "5件"), ("望舒市2024年", "6件")], id="a year beside none"),
        pytest.param([("云澜区", "5件")], id="one figure"),
    ],
)
def test_what_cannot_be_compared_is_not_drawn(cells: list[tuple[str, str]]) -> None:
    """Where not all figures are of one unit and said alike there is no chart."""
    assert chart(rows(*cells)) is None


def test_chart_says_what_it_shows() -> None:
    """A chart is an image that tells every figure in words, and its marks stand below it."""
    drawn = chart(rows(("2023年", "5件"), ("2024年", "6件")))
    assert drawn is not None
    html = answer_chart(drawn, {1: "<i>1</i>", 2: "<i>2</i>"})
    assert re.search('role="img" aria-label="各年的数字：2023年 5件，2024年 6件"', html)
    assert html.endswith("<i>1</i><i>2</i></figcaption></figure>")


def test_larger_is_higher_and_longer() -> None:
    """A larger figure stands higher in a line, and is a longer bar."""
    line = chart(rows(("2023年", "5件"), ("2024年", "6件")))
    bars = chart(rows(("云澜区", "5件"), ("望舒市", "10件")))
    assert line is not None
    assert bars is not None
    first, last = map(float, re.findall(r'cy="([\d.]+)"', answer_chart(line, {})))
    assert first > last
    short, long = map(float, re.findall(r'<rect[^>]* width="([\d.]+)"', answer_chart(bars, {})))
    assert 2 * short == pytest.approx(long, abs=0.2)


def test_hostile_labels_are_escaped() -> None:
    """Markup in a label is shown as it is written."""
    drawn = chart(rows(("<script>", "5件"), ('"onload="', "6件")))
    assert drawn is not None
    html = answer_chart(drawn, {})
    assert "<script" not in html
    assert '"onload=' not in html
