"""Questions that may come next: each is answered, none was asked, and the time is bounded."""

from __future__ import annotations

from kb.answering import Answerer
from kb.chat.suggestions import MOST_SUGGESTIONS, suggestions
from kb.types import Answer, Status, Within, replies

QUESTION = "云澜区司法局2024年办理法律援助案件多少件？"
UNHURRIED = 60.0


def suggested(answerer: Answerer, question: str, *history: str, within: Within | None = None) -> list[str]:
    """What is suggested after a question, with time for all."""
    answer = answerer.answer(question, history, within)
    return suggestions(answerer, answer, question, history, within, seconds=UNHURRIED)


def test_what_is_suggested_is_answered(corpus_answerer: Answerer) -> None:
    """Every suggestion is answered, and there are three at most."""
    found = suggested(corpus_answerer, QUESTION)
    assert 1 <= len(found) <= MOST_SUGGESTIONS
    assert {Status.ANSWERED} == {corpus_answerer.answer(question).status for question in found}


def test_another_year_is_suggested(corpus_answerer: Answerer) -> None:
    """The same question is suggested for a year of which the same issuer tells, too."""
    others = [question for question in suggested(corpus_answerer, QUESTION) if "办理法律援助案件多少件" in question]
    assert others
    assert not any("2024年" in question for question in others)


def test_what_was_asked_is_not_suggested(corpus_answerer: Answerer) -> None:
    """Neither the question nor one before it is suggested, also where it leans on the one before."""
    first = suggested(corpus_answerer, QUESTION)
    again = suggested(corpus_answerer, QUESTION, *first)
    assert not {*first, QUESTION} & set(again)
    assert "云澜区司法局2022年办理法律援助案件多少件？" not in suggested(corpus_answerer, "那2022年呢？", QUESTION)


def test_a_refusal_leads_to_what_is_held(corpus_answerer: Answerer) -> None:
    """Where nothing is held of a year the question is suggested for years that are held."""
    question = "云澜区司法局1999年办理法律援助案件多少件？"
    assert Status.UNANSWERABLE_OTHER_YEAR is corpus_answerer.answer(question).status
    found = suggested(corpus_answerer, question)
    assert found
    assert not any("1999" in one for one in found)


def test_what_was_chosen_is_kept_to(corpus_answerer: Answerer) -> None:
    """Suggestions are answered within what the reader keeps to."""
    within = Within(years=(2024,))
    found = suggested(corpus_answerer, QUESTION, within=within)
    assert not any("2022年" in question for question in found)
    assert {Status.ANSWERED} >= {corpus_answerer.answer(question, (), within).status for question in found}


def test_time_is_bounded(corpus_answerer: Answerer) -> None:
    """Once the time is over nothing is tried any more."""
    answer = corpus_answerer.answer(QUESTION)
    assert [] == suggestions(corpus_answerer, answer, QUESTION, seconds=-1.0)


def test_nothing_held_suggests_nothing(corpus_answerer: Answerer) -> None:
    """A question about nothing that is held, refused without passages, suggests nothing."""
    refusal = Answer(status=Status.UNANSWERABLE_NO_EVIDENCE, lines=replies("库中没有与这个问题有关的文件。"))
    assert [] == suggestions(corpus_answerer, refusal, "火星上有几座城市？", seconds=UNHURRIED)
