"""A field of a guide that is a table, and questions that go on in the document that answered."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from kb.answering import Answerer
from kb.answering.extract import selection
from kb.answering.units.choice import Choice, choose
from kb.answering.units.reading import Reading
from kb.search.query import QueryPlan
from kb.search.retriever import Retriever
from tests.answering.test_answering import Hold

GUIDE = """# 夜航灯牌核准办事指南

## 一、申请材料

灯牌图样。

## 二、收费标准

| 项目 | 标准 |
|---|---|
| 灯牌核准 | 9元 |
| 灯牌补发 | 5元 |

## 三、办理时限

3个工作日。

## 四、办理地点

码头二号窗口。
"""


def test_rows_of_a_field_are_quoted_cell_by_cell(hold: Hold) -> None:
    """Heads and cells are quotes of their own, as the file has them; no quote has the bar between them."""
    retriever: Retriever = hold({"灯牌.md": GUIDE})
    answer = Answerer(retriever, num_evidence=8, question_characters=500).answer("灯牌收多少钱？")
    assert "项目：灯牌核准；标准：9元" in answer.text
    quotes = {citation.quote for citation in answer.citations}
    assert {"项目", "灯牌核准", "标准", "9元"} <= quotes
    assert not [quote for quote in quotes if "|" in quote]


def test_less_is_asked_in_the_document_that_answered(hold: Hold, monkeypatch: pytest.MonkeyPatch) -> None:
    """A question that goes on in the document of the answer before it needs to be less sure; one that is asked by itself does not."""
    asked: list[bool] = []

    def recorded(plan: QueryPlan, ranked: Sequence[Reading], *, agrees: bool = False) -> Choice:
        asked.append(agrees)
        return choose(plan, ranked, agrees=agrees)

    monkeypatch.setattr(selection, "choose", recorded)
    answerer = Answerer(hold({"灯牌.md": GUIDE}), num_evidence=8, question_characters=500)
    first = "灯牌收多少钱？"
    answerer.answer(first)
    assert {False} == set(asked)
    answerer.answer("要几天？", [first])
    assert asked[-1]
