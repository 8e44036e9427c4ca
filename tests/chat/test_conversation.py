"""A conversation that a browser kept: what comes back, and what of it is believed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from kb.answering import Answerer
from kb.chat.conversation import MOST_CHARACTERS, MOST_TURNS, VERSION, Turn, conversation_of, turn_fields
from kb.search.retriever import Retriever
from kb.storage.catalogue import Catalogue
from kb.types import Ending, Status, Within, Writing
from kb.web.chat.turns import answer_message, whole_turn

QUESTION = "云澜区司法局2024年办理法律援助案件多少件？"
COMPARED = "云澜区司法局2022年和2024年办理法律援助案件各多少件？"
LISTED = "云澜区申领居住证要哪些材料？"


def packed(*turns: Mapping[str, Any], version: int = VERSION) -> str:
    """Turns as the browser keeps them."""
    return json.dumps({"version": version, "turns": list(turns)})


@pytest.mark.parametrize("question", [QUESTION, COMPARED, LISTED, "云澜区地铁票价是多少元？"])
def test_conversation_comes_back(corpus_answerer: Answerer, question: str) -> None:
    """A turn that was kept is shown as it was: words, marks, quotes, table, nearest passages."""
    answer = replace(
        corpus_answerer.answer(question),
        entry="e",
        pinned="由工作人员核定。",
        understood="甲问？",
        writing=Writing(note="注"),
    )
    turn = Turn(question=question, answer=answer, within=Within(years=(2024,)))
    (back,) = conversation_of(packed(turn_fields(turn)), corpus_answerer.retriever)
    assert whole_turn(turn) == whole_turn(back)


@pytest.mark.parametrize("question", [QUESTION, COMPARED, "云澜区司法局2022年和2035年办理法律援助案件各多少件？"])
def test_a_turn_that_was_kept_as_text_comes_back(corpus_answerer: Answerer, question: str) -> None:
    """A turn of a page that was opened before lines were kept is shown as it was."""
    turn = Turn(question=question, answer=corpus_answerer.answer(question))
    fields = turn_fields(turn)
    del fields["lines"]
    (back,) = conversation_of(packed({**fields, "text": turn.answer.text}), corpus_answerer.retriever)
    assert turn.answer.text == back.answer.text
    assert answer_message(turn.answer) == answer_message(back.answer)


def test_a_mark_without_its_citation_is_text(corpus_answerer: Answerer) -> None:
    """A line whose citation is gone has its mark as text, which leads nowhere."""
    fields = turn_fields(Turn(question=QUESTION, answer=corpus_answerer.answer(QUESTION)))
    (back,) = conversation_of(packed({**fields, "citations": []}), corpus_answerer.retriever)
    assert back.answer.text.endswith("[1]")
    assert () == back.answer.lines[0].citations


def test_a_quote_is_read_from_its_document(corpus_answerer: Answerer) -> None:
    """The words of a quote are those of the catalogue; a place that no passage has is no citation."""
    fields = turn_fields(Turn(question=QUESTION, answer=corpus_answerer.answer(QUESTION)))
    marker, document, start, _ = fields["citations"][0]
    forged = [
        [marker, document, start, start + 4],
        [6, document, start, 10**9],
        [7, document, 10**9, 10**9 + 1],
        [8, 10**30, 0, 1],
        [9, -1, 0, 1],
    ]
    (back,) = conversation_of(packed({**fields, "citations": forged}), corpus_answerer.retriever)
    (citation,) = back.answer.citations
    assert corpus_answerer.retriever.catalogue.text(document)[start : start + 4] == citation.quote


def test_a_row_without_its_citation_tells_no_figure(corpus_answerer: Answerer) -> None:
    """A figure in a table whose citation is gone is not shown."""
    fields = turn_fields(Turn(question=COMPARED, answer=corpus_answerer.answer(COMPARED)))
    (back,) = conversation_of(packed({**fields, "citations": []}), corpus_answerer.retriever)
    assert [("", None), ("", None)] == [(row.figure, row.marker) for row in back.answer.table]


@pytest.mark.parametrize(
    "kept",
    [
        "",
        "{",
        "[" * 100_000,
        "null",
        "[]",
        '{"version": 1}',
        '{"version": 1, "turns": 5}',
        packed({"question": "问", "text": "答", "status": "answered"}, version=2),
        packed({"question": "问", "text": "答", "status": "<img>"}),
        packed({"question": 5, "text": "答", "status": "answered"}),
        packed({"question": "问", "text": "x" * MOST_CHARACTERS, "status": "answered"}),
    ],
)
def test_what_is_no_conversation_is_left_out(corpus_answerer: Answerer, kept: str) -> None:
    """What is none of ours, of another version, or too long, is no turn and no error."""
    assert [] == conversation_of(kept, corpus_answerer.retriever)


def test_odd_fields_do_no_harm(corpus_answerer: Answerer) -> None:
    """A turn whose fields are of other kinds comes back without them, and its words are escaped."""
    odd: dict[str, Any] = {
        name: {"x": [None]} for name in ("citations", "table", "nearest", "writing", "entry", "pinned", "understood")
    }
    hostile = "<img src=x onerror=alert(1)>"
    (back,) = conversation_of(
        packed({**odd, "question": hostile, "text": hostile, "status": "answered", "within": 7}),
        corpus_answerer.retriever,
    )
    assert Status.ANSWERED is back.answer.status
    assert "<img" not in whole_turn(back)


def test_old_turns_are_left_out(corpus_answerer: Answerer) -> None:
    """Of a long conversation the last turns come back."""
    turns = [{"question": f"问{number}", "text": "答", "status": "answered"} for number in range(MOST_TURNS + 5)]
    back = conversation_of(packed(*turns), corpus_answerer.retriever)
    assert [f"问{number}" for number in range(5, MOST_TURNS + 5)] == [turn.question for turn in back]


def test_what_was_withdrawn_since_is_said(hold: Callable[[Mapping[str, str]], Retriever]) -> None:
    """A turn that cites a document that was withdrawn since says so, and shows none of its text."""
    retriever = hold({"2024_云澜区司法局_年度报告.txt": "云澜区司法局2024年度报告\n2024年共组织学法17次。\n"})
    (document,) = retriever.gazetteer().documents.values()
    fields = {
        "question": "学法多少次？", "text": "见[1]", "status": "answered", "citations": [[1, document.id, 0, 3]],
    }  # fmt: skip
    with Catalogue(retriever.catalogue.path) as catalogue:
        catalogue.withdraw(document.id)
    (back,) = conversation_of(packed(fields), Retriever(retriever.catalogue.path.parent, retriever.encoder))
    assert Ending.WITHDRAWN is back.answer.citations[0].document.ended_by
