"""Amounts: a quantity in the base unit of its measure, a date, or a degree."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kb.chinese.amounts import Amount, amounts, amounts_of_case, in_measure


def only(text: str) -> Amount:
    (amount,) = amounts(text)
    return amount


@pytest.mark.parametrize(
    ("text", "value", "measure"),
    [
        ("半年", "6", "个月"),
        ("两年半", "30", "个月"),
        ("3年半", "42", "个月"),
        ("一个半月", "1.5", "个月"),
        ("一年零三个月", "15", "个月"),
        ("1年6个月", "18", "个月"),
        ("两周", "14", "日"),
        ("四十八小时", "2", "日"),
        ("20个工作日", "20", "个工作日"),
        ("十四周岁", "14", "岁"),
        ("18个月大", "1.5", "岁"),
        ("8万块", "80000", "元"),
        ("1.2亿元", "120000000", "元"),
        ("五百元", "500", "元"),
        ("五十平米", "50", "平方米"),
        ("百分之十五", "15", "%"),
        ("四分之三", "75", "%"),
        ("半数", "50", "%"),
        ("两名", "2", "人"),
        ("三倍", "3", "倍"),
    ],
)
def test_a_quantity_is_in_the_base_unit_of_its_measure(text: str, value: str, measure: str) -> None:
    """Months, days, 元, 岁, 平方米, per cent and people are told apart, whatever unit they are written in."""
    amount = only(text)
    assert (Decimal(value), Decimal(value), measure) == (amount.low, amount.high, amount.measure)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("2031年6月13日", 20310613, 20310613),
        ("6月13日", 613, 613),
        ("六月十三日", 613, 613),
        ("2031年6月", 20310601, 20310631),
        ("2031年", 20310101, 20311231),
        ("9月", 901, 931),
    ],
)
def test_a_date_is_a_number_with_its_first_and_last_day(text: str, low: int, high: int) -> None:
    """What a date does not name, its day or month, is left open between the first and the last."""
    amount = amounts(text.replace("2031", "2021"))[0]
    year = 100_000 if low > 10_000 else 0
    assert (low - year, high - year, "日期") == (amount.low, amount.high, amount.measure)


def test_what_is_left_out_of_a_second_date_is_that_of_the_first() -> None:
    """2021年12月3日至20日, 12月28日至1月5日: month and year go on, and the year turns."""
    assert [20211203, 20211220] == [amount.low for amount in amounts("2021年12月3日至20日")]
    assert [20211228, 20220105] == [amount.low for amount in amounts("2021年12月28日至1月5日")]


@pytest.mark.parametrize(
    ("text", "value", "measure"),
    [("三级甲等医院", 3, "医院等级"), ("二甲", 2, "医院等级"), ("大专", 3, "学历"), ("硕士研究生", 5, "学历"), ("高级工", 3, "技能等级")],
)  # fmt: skip
def test_a_degree_is_its_place_in_the_order(text: str, value: int, measure: str) -> None:
    """Grades of hospitals, of education and of skill are ordered."""
    assert (value, measure) == (only(text).low, only(text).measure)


@pytest.mark.parametrize("text", ["一年级", "第十条", "第三款", "上一年", "电话66681234", "统一", "8个月大病保险"])
def test_what_only_looks_like_a_quantity_has_no_measure_of_its_own(text: str) -> None:
    """Ordinals, numbers of articles and telephones, words with a number in them: none is an amount of time or age."""
    assert [] == [amount for amount in amounts(text) if amount.measure in ("个月", "岁") and "8个月" not in text]
    assert [] == [amount for amount in amounts(text) if amount.measure == "岁"]


def test_a_case_may_bound_its_amount() -> None:
    """不到1年 is less than 12 months, 3年多 more than 36 and less than 48, 大概5年 near to 60."""
    less, more, about = (amounts_of_case(text)[0] for text in ("参保不到1年", "交了3年多", "大概5年"))
    assert 0 == less.low
    assert less.high < 12
    assert (36, True) == (more.low, 47 < more.high < 48)
    assert about.low < 60 < about.high


def test_months_are_days_only_about() -> None:
    """A month is no number of days: 2 months are 58 to 64 days; money is no time."""
    low, high = in_measure(only("两个月"), "日") or (Decimal(0), Decimal(0))
    assert low < 59 < 62 < high
    assert in_measure(only("两个月"), "元") is None
    assert (Decimal(80_000), Decimal(80_000)) == in_measure(amounts_of_case("赚了8万")[0], "元")


def test_what_a_figure_is_asked_for_is_no_case() -> None:
    """In 一年最多能报多少 the year states nothing; in 交了一年能领多少 it does."""
    assert ["两年半"] == [amount.text for amount in amounts_of_case("交了两年半，一年最多能报多少？")]
    assert ["一年"] == [amount.text for amount in amounts_of_case("交了一年能领多少？")]
    assert [] == amounts_of_case("一个月给多少钱？")
