"""What each stage of an answer is worth: questions answered with all of them, and without one at a time.

    python -m benchmarks.ablation QUESTIONS.jsonl [QUESTIONS.jsonl …] --documents DIR --data DATA

A question line is one of `python -m kb evaluate`. Vectors are kept over the run, so only the first row's seconds are
those of a question.
"""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from unittest.mock import patch

import numpy
from numpy.typing import NDArray

from kb.answering import Answerer
from kb.answering.extract import answer_type, candidates, plan_or_result, ranking, selection, statements
from kb.chat.json_fields import answer_fields
from kb.evaluation import evaluate
from kb.evaluation.documents import FolderTexts
from kb.evaluation.lines import KnownQuestion, given_answer, read_questions
from kb.evaluation.report import EvaluationReport
from kb.search import query, retriever
from kb.search.encoder import Encoder
from kb.search.retriever import Retriever, fuse
from kb.settings import read_settings

_COLUMNS = ("accuracy", "false_refusal", "refusal", "wrong_figure", "untraced", "evidence_held", "median_seconds")
Stage = Callable[[], contextlib.AbstractContextManager[object]]


class RememberingEncoder(Encoder):
    """An encoder that encodes no text twice."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[str, NDArray[numpy.float32]] = {}

    def encode_passages(self, texts: Sequence[str]) -> NDArray[numpy.float32]:
        new = [text for text in texts if text not in self._kept]
        self._kept.update(zip(new, super().encode_passages(new), strict=True))
        return numpy.stack([self._kept[text] for text in texts])


def _without(target: object, name: str, value: object) -> Stage:
    return lambda: patch.object(target, name, value)


@contextlib.contextmanager
def _wording_alone() -> Iterator[None]:
    with patch.object(Retriever, "has_calibrated_likeness", property(lambda _: False)):
        yield


@contextlib.contextmanager
def _no_agreement() -> Iterator[None]:
    with patch.object(ranking, "_AGREEMENT_WEIGHT", 0.0), patch.object(selection, "_AGREES", 2.0):
        yield


@contextlib.contextmanager
def _no_near_misses() -> Iterator[None]:
    with (
        patch.object(plan_or_result, "_OTHER_YEAR_SHARE", 1.0),
        patch.object(statements, "_PART_SHARE", 1.0),
        patch.object(query, "places", lambda _: []),
        patch.object(answer_type, "_OTHER_DIRECTION_SHARE", 1.0),
    ):
        yield


STAGES: dict[str, Stage] = {
    "all": contextlib.nullcontext,
    "without likeness of statements": _wording_alone,
    "without everyday words": _without(query, "everyday_words", lambda _: iter(())),
    "without segments (whole clauses)": _without(statements, "_segments", lambda _, clause: [(0, len(clause))]),
    "without agreement of the parts": _no_agreement,
    "without terms side by side": _without(ranking, "_ADJACENCY_WEIGHT", 0.0),
    "without plan and result": _without(statements, "tense_share", lambda *_: 1.0),
    "without another year, place or part": _no_near_misses,
    "without units": _without(answer_type, "_unit_share", lambda *_: 1.0),
    "without sections by heading": _without(candidates, "section", lambda *_: ()),
    "hits by terms alone": _without(retriever, "fuse", partial(fuse, vector_weight=0.0)),
    "hits by vectors alone": _without(retriever, "fuse", partial(fuse, vector_weight=1.0)),
}


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("questions", type=Path, nargs="+")
    parser.add_argument("--documents", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    options = parser.parse_args()
    known = [one for path in options.questions for one in read_questions(path)]
    documents = FolderTexts(options.documents)
    settings = read_settings()
    answerer = Answerer(
        Retriever(options.data, RememberingEncoder()),
        num_evidence=settings.num_evidence,
        question_characters=settings.question_characters,
    )
    answerer.warm_up()
    print(f"| {len(known)} questions | {' | '.join(_COLUMNS)} |\n|---|{'---|' * len(_COLUMNS)}")
    for name, stage in STAGES.items():
        with stage():
            figures = evaluated(known, answerer, documents).figures
        print(f"| {name} | {' | '.join(str(figures[column]) for column in _COLUMNS)} |", flush=True)


def evaluated(known: Sequence[KnownQuestion], answerer: Answerer, documents: FolderTexts) -> EvaluationReport:
    """What `answerer` makes of questions with known answers."""
    answers = {one.id: given_answer(answer_fields(one.id, answerer.answer(one.text, one.history))) for one in known}
    return evaluate(known, answers, documents)


if __name__ == "__main__":
    main()
