"""Questions with known answers → a report on how well they were answered.

    questions + answers given + files → a verdict on each → figures, a table by kind, failures → text, JSON or a page

What each figure means is defined once, in `kb.evaluation.measures.MEASURES`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kb.evaluation.documents import Texts
from kb.evaluation.judging import judge
from kb.evaluation.lines import MISSING, GivenAnswer, KnownQuestion
from kb.evaluation.measures import Judged
from kb.evaluation.report import EvaluationReport


def evaluate(
    questions: Sequence[KnownQuestion], answers: Mapping[str, GivenAnswer], documents: Texts
) -> EvaluationReport:
    """Judge the answers, by id of their questions; a question without an answer counts as an error.

    Raises EvaluationError where a file that is cited cannot be opened.
    """
    judged = []
    for question in questions:
        answer = answers.get(question.id, MISSING)
        judged.append(Judged(question=question, answer=answer, verdict=judge(question, answer, documents)))
    return EvaluationReport(judged=tuple(judged))
