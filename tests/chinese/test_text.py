"""Sentences, clauses and terms of Chinese text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.chinese.text import clauses, content_terms, fold, sentences, terms, trim


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@given(st.text(alphabet="政务 。！？；”’）\n17.5%，a"))
def test_sentences_are_the_whole_text(text: str) -> None:
    """Joined, the sentences are the text again, and so are the clauses."""
    assert text == "".join(cut(text))
    assert text == "".join(text[start:end] for start, end in clauses(text))


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (["全年17次。", "合格率100%。"], "全年17次。合格率100%。"),
        (["他说：“办完了。”", "大家点头。"], "他说：“办完了。”大家点头。"),
        (["增长3.5%；下降2%。"], "增长3.5%；下降2%。"),
        (["一、总则\n", "第一条"], "一、总则\n第一条"),
        (
            ["标题\n", "材料：身份证；照片。 | 份数：1份。\n", "完。"],
            "标题\n材料：身份证；照片。 | 份数：1份。\n完。",
        ),
    ],
    ids=["full stops", "closing marks", "decimals and semicolons", "line breaks", "table rows"],
)
def test_sentences(expected: list[str], text: str) -> None:
    """A sentence ends after its full stop and the marks that close it, and never inside a figure."""
    assert expected == cut(text)


def test_clauses_end_at_semicolons() -> None:
    """A clause is cut at a semicolon, too."""
    text = "增长3.5%；下降2%。"
    assert ["增长3.5%；", "下降2%。"] == [text[start:end] for start, end in clauses(text)]


def test_terms_are_words() -> None:
    """Chinese is cut into words, widths and cases are folded, marks are left out."""
    assert ["法律顾问", "提供", "法律", "服务", "56", "次", "gdp"] == terms("法律顾问，提供法律服务５６次 GDP")


def test_content_terms_leave_form_out() -> None:
    """Words that only make the question are no content."""
    assert {"学法": 1.0} == content_terms("请问一共学法多少？")


def test_names_of_things_weigh_more() -> None:
    """What a question is about weighs more than its verbs."""
    shares = content_terms("卖出汽车")
    assert shares["汽车"] > shares["卖出"] > 0


def test_trim() -> None:
    """A trimmed span holds no white space at its ends."""
    text = "  全年17次。\n"
    start, end = trim(text, 0, len(text))
    assert "全年17次。" == text[start:end]


def test_fold() -> None:
    """Full width and capitals fold."""
    assert "gdp增长5%" == fold("ＧＤＰ增长５％")
