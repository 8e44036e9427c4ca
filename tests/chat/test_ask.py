"""Responder: pins win, the journal keeps what was given, and neither can cost an answer."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from kb.answering import Answerer
from kb.chat.ask import Responder
from kb.chat.journal import Journal
from kb.chat.pins import Draft, GivenQuote, Pins
from kb.llm.client import open_model
from kb.llm.writer import Writer
from kb.search.retriever import Retriever
from kb.settings import read_settings
from kb.types import Answer, Status, Within
from tests.conftest import full_disk
from tests.openai_server import OpenAIServer, say

Hold = Callable[[Mapping[str, str]], Retriever]

NAME = "2024_云澜区司法局_法治政府建设年度报告.txt"
TEXT = "云澜区司法局2024年法治政府建设年度报告\n一、学法\n全年组织学法17次，参加1,108人次。\n"
QUESTION = "2024年组织学法多少次？"


@pytest.fixture
def retriever(hold: Hold) -> Retriever:
    return hold({NAME: TEXT})


@pytest.fixture
def writer(retriever: Retriever) -> Writer:
    return Writer(Answerer(retriever, num_evidence=8, question_characters=100))


@pytest.fixture
def responder(writer: Writer, tmp_path: Path) -> Responder:
    return Responder(writer, Journal(tmp_path / "journal.sqlite3"), Pins(tmp_path / "pins.sqlite3"))


def pin(responder: Responder, question: str = QUESTION) -> None:
    retriever = responder.writer.answerer.retriever
    [document] = retriever.gazetteer().documents
    draft = Draft(
        wordings=(question,), text="十七次。[1]", quotes=(GivenQuote(document=document, words="全年组织学法17次"),)
    )
    responder.pins.save(draft, by="小王", retriever=retriever)


def test_an_answer_carries_the_id_of_its_entry(responder: Responder) -> None:
    """By it the entry is found, and rated."""
    answer = responder.answer(QUESTION, channel="api", within=Within(years=(2024,)))
    assert answer.entry
    assert Status.ANSWERED is answer.status
    assert "" == answer.pinned
    assert responder.rate(answer.entry, True)
    entry = responder.journal.entry(answer.entry)
    assert entry is not None
    assert (QUESTION, "api", answer.text, True) == (entry.question, entry.channel, entry.text, entry.good)
    assert Within(years=(2024,)) == entry.within
    assert 0 < entry.seconds < 60


def test_refusals_and_errors_are_entered_and_silence_is_not(responder: Responder) -> None:
    """What was asked in vain is what an editor wants to see."""
    responder.answer("2024年海水淡化产量多少吨？")
    responder.answer("问" * 101)
    responder.answer("  ")
    statuses = [entry.status for entry in responder.journal.entries()]
    assert 2 == len(statuses)
    assert Status.ERROR_QUESTION is statuses[0]
    assert statuses[1].refuses


def test_a_pin_wins_and_says_so(responder: Responder) -> None:
    """The writer is not asked."""
    pin(responder)
    answer = responder.answer("请问" + QUESTION)
    assert "十七次。[1]" == answer.text
    assert "核定" in answer.pinned
    assert answer.entry
    entry = responder.journal.entry(answer.entry)
    assert entry is not None
    assert entry.pinned


def test_a_follow_up_is_not_the_question_that_it_is_worded_as(responder: Responder) -> None:
    """那2024年呢 after another question asks for something else; a question that stands by itself is the same."""
    pin(responder, "那2024年呢？")
    whole = "2024年云澜区司法局组织学法多少次？"
    pin(responder, whole)
    assert "" == responder.answer("那2024年呢？", [QUESTION]).pinned
    assert "" != responder.answer("那2024年呢？").pinned
    assert "" != responder.answer(whole, ["2024年云澜区司法局参加多少人次？"]).pinned


def test_a_reader_who_stops_is_entered_too(responder: Responder) -> None:
    """With what was there by then."""
    answers = responder.answers(QUESTION)
    first = next(answers)
    answers.close()
    assert [first.text] == [entry.text for entry in responder.journal.entries()]


def test_waiting_ends_no_answer(writer: Writer, responder: Responder) -> None:
    """While a model is silent a reader may stop, who is not entered then; one who waits gets the whole, entered once."""
    with OpenAIServer(lambda asked, stream: say("组织学法十七次。[1]", first=1.5)) as server:
        model = open_model(read_settings({"WENZHENG_MODEL_URL": server.url, "WENZHENG_MODEL_NAME": "m"}))
        assert model is not None
        with model:
            writer.model = model
            stopped = responder.answers(QUESTION)
            assert next(stopped) is None
            stopped.close()
            assert [] == list(responder.journal.entries())
            answers = list(responder.answers(QUESTION))
    assert None in answers
    assert answers[-1] is not None and answers[-1].writing is not None
    assert [answers[-1].text] == [entry.text for entry in responder.journal.entries()]


def test_broken_files_cost_no_answer(writer: Writer, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Journal and pins that cannot be opened are logged once each; the answer is as it would be."""
    for name in ("journal", "pins"):
        (tmp_path / name).write_bytes(b"no database" * 100)
    responder = Responder(writer, Journal(tmp_path / "journal"), Pins(tmp_path / "pins"))
    with caplog.at_level(logging.ERROR):
        answers = [responder.answer(QUESTION) for _ in range(3)]
    assert {writer.answer(QUESTION).text} == {answer.text for answer in answers}
    assert 2 == len(caplog.records)
    assert not responder.rate(answers[0].entry or "", True)


def test_a_disk_that_fills_up_costs_no_answer(responder: Responder, caplog: pytest.LogCaptureFixture) -> None:
    """And once there is room again entries are kept again."""
    responder.answer(QUESTION)
    text = "问" * 90
    with full_disk(32 * 1024):
        asked: list[Answer] = [responder.answer(f"{text}{number}？") for number in range(60)]
    assert 60 == len(asked)
    assert 1 == len(caplog.records)
    last = responder.answer(QUESTION)
    assert last.entry
    assert responder.journal.entry(last.entry) is not None


def test_nothing_is_entered_where_nothing_is_kept(writer: Writer, tmp_path: Path) -> None:
    """Without a journal an answer has no entry."""
    responder = Responder(writer, Journal(tmp_path / "journal.sqlite3", days=0), Pins(tmp_path / "pins.sqlite3"))
    assert responder.answer(QUESTION).entry is None
