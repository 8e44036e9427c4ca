"""Laws that hold for every question of a large set: nothing is said that its quotes do not say."""

from __future__ import annotations

import pytest

from kb.answering import Answerer
from kb.chat.json_fields import answer_fields
from kb.chinese.figures import figures
from kb.evaluation import evaluate
from kb.evaluation.documents import FolderTexts
from kb.evaluation.lines import given_answer, read_questions
from kb.evaluation.report import EvaluationReport
from kb.search.encoder import Encoder
from kb.search.retriever import Retriever
from kb.types import Answer
from tests import SHARED
from tests.conftest import synchronise_into

REPORTS, QUESTIONS = SHARED / "reports", SHARED / "eval" / "report_questions.jsonl"

pytestmark = pytest.mark.skipif(
    not (REPORTS.is_dir() and QUESTIONS.is_file()), reason="the reports and questions, ../shared, are not here"
)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory, quick_encoder: Encoder) -> dict[str, Answer]:
    """All questions on all reports, answered by their wording alone."""
    data = tmp_path_factory.mktemp("reports")
    synchronise_into(data, REPORTS, encoder=quick_encoder)
    answerer = Answerer(Retriever(data, quick_encoder), num_evidence=8, question_characters=500)
    return {one.id: answerer.answer(one.text, one.history) for one in read_questions(QUESTIONS)}


@pytest.fixture(scope="module")
def report(answers: dict[str, Answer]) -> EvaluationReport:
    given = {id_: given_answer(answer_fields(id_, answer)) for id_, answer in answers.items()}
    return evaluate(read_questions(QUESTIONS), given, FolderTexts(REPORTS))


@pytest.mark.parametrize("measure", ["untraced", "false_quote", "uncited", "errors"])
def test_never(measure: str, report: EvaluationReport) -> None:
    """No figure without a quote that states it, no quote that its file does not hold, no answer without a quote."""
    assert 0 == report.figures[measure]


def test_wording_alone_answers_most_and_refuses_what_is_not_stated(report: EvaluationReport) -> None:
    """Without an encoder that knows meanings most is still answered; the bounds are far from what is reached."""
    figures = report.figures
    assert (figures["accuracy"] or 0) > 0.6
    assert (figures["refusal"] or 0) > 0.8
    assert (figures["wrong_figure"] or 0) < 0.1


def test_a_table_shows_the_figures_that_are_asked_for(answers: dict[str, Answer], report: EvaluationReport) -> None:
    """Of a right answer no cell shows another figure of its quote; most cells are filled."""
    right = {judged.question.id: judged.question for judged in report.judged if judged.verdict.right}
    cells = [(right[id_], row) for id_, answer in answers.items() if id_ in right for row in answer.table]
    for question, row in cells:
        wanted = {figure.value for group in question.gold for words in group for figure in figures(words)}
        assert {figure.value for figure in figures(row.figure)} <= wanted, (question.id, row)
        assert row.figure in row.words
    assert len(cells) > 40
    assert sum(bool(row.figure) for _, row in cells) > 0.9 * len(cells)
