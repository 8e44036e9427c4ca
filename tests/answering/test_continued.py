"""A follow-up on a guide or a rule is asked of the document that answered the question before it, and of no other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from kb.answering import Answerer
from kb.answering.continued import is_of_names, kept_to
from kb.search.query import plan_query
from kb.search.retriever import Retriever
from kb.types import Answer, Status

PERMIT = """云澜区夜市摊位办理指南

一、申请地点

在云澜区夜市摊位服务站申请夜市摊位。

二、领取时间

夜市摊位证自受理之日起九个工作日内领取。
"""
DOGS = """望舒市犬只登记办理指南

一、申请地点

在望舒市犬只登记服务站申请犬只登记。

二、领取时间

犬只登记证自受理之日起四个工作日内领取。

三、收费标准

犬只登记每证收费八十元。
"""


@pytest.fixture
def guides(hold: Callable[[Mapping[str, str]], Retriever]) -> Retriever:
    return hold({"云澜区夜市摊位办理指南.txt": PERMIT, "望舒市犬只登记办理指南.txt": DOGS})


def ask(retriever: Retriever, question: str, *history: str) -> Answer:
    return Answerer(retriever, num_evidence=4, question_characters=100).answer(question, history)


def titles(answer: Answer) -> set[str]:
    return {evidence.hit.document.metadata.title for evidence in answer.evidence}


@pytest.mark.parametrize(
    ("first", "title"),
    [
        ("夜市摊位在哪里申请？", "云澜区夜市摊位办理指南"),
        ("犬只登记在哪里申请？", "望舒市犬只登记办理指南"),
    ],
)
@pytest.mark.parametrize("asked", ["要多久？", "收费吗？", "电话是多少？"])
def test_a_field_is_asked_of_the_document_before(first: str, title: str, asked: str, guides: Retriever) -> None:
    """Whatever is found for a field, or shown where it is not stated, is of the document that answered before."""
    assert Status.ANSWERED is ask(guides, first).status
    assert {title} == titles(ask(guides, asked, first))


def test_another_matter_is_asked_of_all(guides: Retriever) -> None:
    """A question that names a thing of which the document before does not speak is asked by itself."""
    plan = plan_query("犬只每证收费多少元？", ["夜市摊位在哪里申请？"], guides.gazetteer())
    assert plan.continues is not None
    assert None is kept_to(plan, ask(guides, "夜市摊位在哪里申请？"), guides)
    answer = ask(guides, "犬只每证收费多少元？", "夜市摊位在哪里申请？")
    assert (Status.ANSWERED, {"望舒市犬只登记办理指南"}) == (
        answer.status,
        {citation.document.metadata.title for citation in answer.citations},
    )


def test_what_is_asked_by_itself_is_answered_by_what_speaks_of_it(guides: Retriever) -> None:
    """An answer from a document that does not speak of the thing that is named is none."""
    plan = plan_query("犬只登记每证收费多少元？", ["夜市摊位在哪里申请？"], guides.gazetteer())
    of_dogs = ask(guides, "犬只登记每证收费多少元？")
    assert is_of_names(of_dogs, plan, guides)
    of_stalls = ask(guides, "夜市摊位证几个工作日内领取？")
    assert (Status.ANSWERED, False) == (of_stalls.status, is_of_names(of_stalls, plan, guides))


def test_a_refusal_keeps_no_document(guides: Retriever) -> None:
    """Where the question before was refused the nearest document is kept only if its title names the matter."""
    nearest = ask(guides, "夜市摊位在哪里申请？")
    refused = replace(nearest, status=Status.UNANSWERABLE_NOT_STATED, lines=(), citations=())
    assert refused.evidence
    kept = {
        first: kept_to(plan_query("要多久？", [first], guides.gazetteer()), refused, guides)
        for first in ("飞船驾照在哪里申请？", "夜市摊位在哪里申请？")
    }
    assert [True, False] == [plan is None for plan in kept.values()]


def test_two_questions_of_one_document(guides: Retriever) -> None:
    """Both are answered from the document of the first."""
    answer = ask(guides, "犬只登记每证收费多少元，几个工作日内领取？")
    assert "八十元" in answer.text
    assert "四个工作日" in answer.text
    other = ask(guides, "夜市摊位证几个工作日内领取，每证收费多少元？")
    assert "九个工作日" in other.text
    assert "八十元" not in other.text
