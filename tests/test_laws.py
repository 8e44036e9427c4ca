"""Laws that hold for every question of a large set: nothing is said that its quotes do not say."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.answering import Answerer
from kb.contract import answer_fields
from kb.encoder import Encoder
from kb.evaluation import evaluate
from kb.evaluation.documents import Documents
from kb.evaluation.lines import given_answer, read_questions
from kb.evaluation.report import Report
from kb.retrieval import Retriever
from tests.conftest import synchronise_into

SHARED = Path(__file__).parent.parent.parent / "shared"
REPORTS, QUESTIONS = SHARED / "reports", SHARED / "eval" / "report_questions.jsonl"

pytestmark = pytest.mark.skipif(
    not (REPORTS.is_dir() and QUESTIONS.is_file()), reason="the reports and questions, ../shared, are not here"
)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory, quick_encoder: Encoder) -> Report:
    """All questions on all reports, answered by their wording alone and judged."""
    data = tmp_path_factory.mktemp("reports")
    synchronise_into(data, REPORTS, encoder=quick_encoder)
    answerer = Answerer(Retriever(data, quick_encoder), num_evidence=8, question_characters=500)
    questions = read_questions(QUESTIONS)
    answers = {one.id: given_answer(answer_fields(one.id, answerer.answer(one.text, one.history))) for one in questions}
    return evaluate(questions, answers, Documents(REPORTS))


@pytest.mark.parametrize("measure", ["untraced", "false_quote", "uncited", "errors"])
def test_never(measure: str, report: Report) -> None:
    """No figure without a quote that states it, no quote that its file does not hold, no answer without a quote."""
    assert 0 == report.figures[measure]


def test_wording_alone_answers_most_and_refuses_what_is_not_stated(report: Report) -> None:
    """Without an encoder that knows meanings most is still answered; the bounds are far from what is reached."""
    figures = report.figures
    assert (figures["accuracy"] or 0) > 0.6
    assert (figures["refusal"] or 0) > 0.8
    assert (figures["wrong_figure"] or 0) < 0.1
