"""Clauses that answer a question → the lines of the answer."""

from __future__ import annotations

import pytest

from kb.answering import Answerer
from kb.answering.compose.lines import compose
from kb.answering.extract.selection import Selection
from kb.answering.extract.statements import Clause
from kb.search.gazetteer import Gazetteer
from kb.search.query import plan_query
from kb.search.retriever import Found
from kb.search.scope.parts import ScopePart
from kb.types import Hit, PartLabel, Passage
from tests.answers import document_of


@pytest.mark.parametrize(
    ("line", "clause"),
    [
        ("渡口提供下列服务：", "渡口提供下列服务："),
        ("渡口提供摆渡服务。", "渡口提供摆渡服务；"),
        ("渡口提供摆渡服务。", "渡口提供摆渡服务"),
        ("渡口提供摆渡服务。", "渡口提供摆渡服务。"),
    ],
)
def test_a_clause_ends_as_a_sentence(corpus_answerer: Answerer, line: str, clause: str) -> None:
    """A clause ends with a full stop, unless a colon leads on to what stands behind it."""
    passage = Passage(text=clause, heading=(), start=0, end=len(clause))
    hit = Hit(passage_id=1, document=document_of(), passage=passage, score=1.0)
    found = Found(part=ScopePart(label=PartLabel(), documents=frozenset((1,))), hits=(hit,), rejected=())
    selection = Selection(found=found, clauses=(Clause(hit=hit, text=clause, start=0, end=len(clause)),))
    plan = plan_query("渡口提供什么？", (), Gazetteer(()))
    assert [line] == [shown.text for shown in compose(plan, [selection], corpus_answerer.retriever).lines]
