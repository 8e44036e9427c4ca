"""Figures of Chinese text and their values."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.chinese.figures import chinese_number, figures, stands_in


def written(number: int) -> str:
    """A whole number below 10^12 in Chinese characters, by the rules of the school book."""
    digits = "零一二三四五六七八九"

    def small(value: int) -> str:
        text, zero = "", False
        for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
            digit = value // unit % 10
            if digit:
                text += ("零" if zero and text else "") + digits[digit] + name
                zero = False
            else:
                zero = True
        return text

    text = ""
    for unit, name in ((10**8, "亿"), (10**4, "万"), (1, "")):
        value = number // unit % 10**4
        if value:
            text += ("零" if text and value < 1000 else "") + small(value) + name
    return text or "零"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("17", "次", "17次"),
        ("17", "次", "十七次"),
        ("1108", "项", "1,108项"),
        ("1108", "项", "１１０８项"),
        ("12000", "", "1.2万"),
        ("25000", "公里", "2万5千公里"),
        ("16000", "户", "1万6千多户"),
        ("82700000000000", "元", "82.7万亿元"),
        ("1300000000", "人", "13亿多人"),
        ("99.8", "%", "99.8%"),
        ("30", "%", "30％"),
        ("30", "%", "百分之三十"),
        ("3.5", "%", "百分之三点五"),
        ("100000000", "吨", "一亿吨"),
        ("108", "件", "一百零八件"),
        ("2.5", "千克", "2.5千克"),
        ("0.4", "个百分点", "0.4个百分点"),
    ],
)
def test_value_and_unit(value: str, unit: str, text: str) -> None:
    """A figure has the value that it says, however it is written."""
    [figure] = figures(text)
    assert (Decimal(value), unit, text) == (figure.value, figure.unit, figure.text)


def test_unit_in_brackets() -> None:
    """A unit may stand in brackets behind its number, as guides write it."""
    assert [("7(工作日", "工作日")] == [(figure.text, figure.unit) for figure in figures("7(工作日)")]


@pytest.mark.parametrize("text", ["统一", "一站式", "“三重一大”", "十五五", "第一责任人", "万众一心"])
def test_numerals_in_words_are_no_figures(text: str) -> None:
    """A numeral that is part of a word is no figure."""
    assert [] == figures(text)


def test_all_figures_of_a_sentence_with_their_spans() -> None:
    """Spans point at the figures in the text as given."""
    text = "城镇化率从52.6％提高到58.5％，新增就业6600万人以上。"
    assert ["52.6％", "58.5％", "6600万人"] == [text[figure.start : figure.end] for figure in figures(text)]


@given(st.integers(min_value=1, max_value=10**12 - 1))
def test_chinese_numbers_are_read_back(number: int) -> None:
    """Every whole number below 10^12 is read back from its Chinese characters."""
    assert number == chinese_number(written(number))


@given(st.integers(min_value=0, max_value=10**9), st.sampled_from(["次", "项", "件", "家", "元"]))
def test_separators_and_characters_change_no_value(number: int, unit: str) -> None:
    """1,108次, 1108次 and 一千一百零八次 stand in one another."""
    spellings = [f"{number}{unit}", f"{number:,}{unit}", f"{written(number)}{unit}"]
    for one in spellings:
        for other in spellings:
            assert stands_in(figures(one)[0], f"全年共{other}。")


@pytest.mark.parametrize("quote", ["全年18次", "全年17件", "全年170次", "全年1.7次", "17%"])
def test_another_figure_is_not_the_same(quote: str) -> None:
    """17次 does not stand in a quote with another value or another unit."""
    assert not stands_in(figures("17次")[0], quote)


def test_not_a_chinese_number() -> None:
    """A character that is no numeral is an error, not a guess."""
    with pytest.raises(ValueError, match="次"):
        chinese_number("十七次")


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    """No text breaks the reader, and every span holds its figure."""
    for figure in figures(text):
        assert figure.text == text[figure.start : figure.end]


@pytest.mark.parametrize("text", ["一亿十万" * 30 + "个", "一" * 100_000 + "个", "九" * 100_000, "百分之" + "九" * 60])
def test_what_is_no_number(text: str) -> None:
    """Characters without end are no figure, and take no time."""
    assert [] == figures(text)
