"""Fit what readings are chosen by, and when the best is believed: python -m benchmarks.choice DATA QUESTIONS… [--write].

    python -m ingest FOLDER --data DATA
    python -m benchmarks.choice DATA build.jsonl other.jsonl --least 0.5

QUESTIONS are files of questions with known answers (docs/commands.md) over the documents in DATA. Two halves are made by the
document that answers; each is scored by weights that were fitted on the other, and the table says for each bar how many
questions are answered, rightly and wrongly. `--write` fits on all of them and writes kb/answering/units/choice.json.
Which questions and documents the shipped weights were fitted on is told in docs/evaluation.md.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from pathlib import Path

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression

from kb.answering.extract.coverage import TermWeights
from kb.answering.units import choice
from kb.answering.units.reading import Features, Reading, readings
from kb.answering.units.wholes import shown_lines
from kb.evaluation.lines import KnownQuestion, read_questions
from kb.evaluation.normal import normal
from kb.search.encoder import DEFAULT, Encoder
from kb.search.query import plan_query
from kb.search.retriever import Retriever

FILE = Path(choice.__file__).with_name("choice.json")
FEATURES = [field.name for field in fields(Features)]
SIGNS = [*FEATURES, "score", "ahead_of_blocks", "ahead_of_documents"]
NUM_HITS = 16
BARS = [0.0, *(bar / 20 for bar in range(4, 18))]


@dataclass(frozen=True)
class Case:
    """A question with its readings, each right, partly right, or wrong."""

    question: KnownQuestion
    readings: list[Reading]
    verdicts: list[str]

    @property
    def half(self) -> int:
        return sha256((self.question.docs[0] if self.question.docs else self.question.text).encode()).digest()[0] % 2


def main() -> None:
    """Fit and print; write where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("questions", type=Path, nargs="+")
    parser.add_argument("--least", type=float, default=0.5, help="the bar that is written")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    cases = read_cases(Retriever(options.data, Encoder(DEFAULT)), options.questions)
    halves = [[case for case in cases if case.half == half] for half in (0, 1)]
    scored: list[tuple[float, str, bool]] = []
    for other, half in zip(reversed(halves), halves, strict=True):
        scored += judged(half, fitted(other, options.least))
    print_table(scored)
    if options.write:
        weights = fitted(cases, options.least)
        rounded = {
            "score": {name: round(weight, 2) for name, weight in weights.score.items()},
            "sureness": {name: round(weight, 2) for name, weight in weights.sureness.items()},
            "least": weights.least,
        }
        FILE.write_text(json.dumps(rounded, indent=2) + "\n", encoding="utf-8")


def read_cases(retriever: Retriever, paths: Sequence[Path]) -> list[Case]:
    """The questions of one part, with their readings."""
    cases = []
    for question in (question for path in paths for question in read_questions(path)):
        plan = plan_query(question.text, question.history, retriever.gazetteer())
        if len(plan.scope.parts) != 1 or plan.questions:
            continue
        found = retriever.retrieve(plan, plan.scope.parts[0], num_hits=NUM_HITS)
        read = readings(plan, found, TermWeights(plan, retriever.rarity), retriever)
        texts = [
            "\n".join(clause.text for clause in shown_lines(plan, choice.of_case(plan, reading))) for reading in read
        ]
        cases.append(Case(question, read, [verdict_of(question, normal(text)) for text in texts]))
    return cases


def verdict_of(question: KnownQuestion, text: str) -> str:
    """Whether an answer of `text` would be right, partly right or wrong."""
    if not question.answerable or any(normal(trap) in text for trap in question.trap):
        return "wrong"
    said = [any(normal(words) in text for words in group) for group in question.gold]
    return "right" if all(said) else "partly" if any(said) else "wrong"


def fitted(cases: Sequence[Case], least: float) -> choice.ChoiceWeights:
    """Weights that rank right readings first, and tell whether the first is right."""
    score = fitted_score(cases)
    weights = choice.ChoiceWeights(score=score, sureness={}, least=least)
    firsts = [first_of(case, weights) for case in cases if case.readings]
    given = np.array([[found[name] for name in SIGNS] for found, _ in firsts])
    right = np.array([verdict == "right" for _, verdict in firsts])
    mean, spread = given.mean(axis=0), given.std(axis=0) + 1e-6
    model = LogisticRegression(C=0.3).fit((given - mean) / spread, right)
    slopes = model.coef_[0] / spread
    sureness = dict(zip(SIGNS, map(float, slopes), strict=True))
    sureness["constant"] = float(model.intercept_[0] - (slopes * mean).sum())
    return choice.ChoiceWeights(score=score, sureness=sureness, least=least)


def fitted_score(cases: Sequence[Case], *, steps: int = 400, decay: float = 0.001) -> dict[str, float]:
    """Of the readings of a question, the softmax of the scores is to be on those that are right."""
    sets = [
        (
            torch.tensor([[asdict(reading.features)[name] for name in FEATURES] for reading in case.readings]).double(),
            torch.tensor([verdict == "right" for verdict in case.verdicts]),
        )
        for case in cases
        if "right" in case.verdicts
    ]
    weights = torch.zeros(len(FEATURES), dtype=torch.double, requires_grad=True)
    optimiser = torch.optim.Adam([weights], lr=0.05)
    for _ in range(steps):
        losses = [(values @ weights).logsumexp(0) - (values @ weights)[right].logsumexp(0) for values, right in sets]
        loss = torch.stack(losses).mean() + decay * (weights**2).sum()
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    return dict(zip(FEATURES, weights.tolist(), strict=True))


def first_of(case: Case, weights: choice.ChoiceWeights) -> tuple[dict[str, float], str]:
    """What tells whether the best reading of a case is right, and whether it is."""
    ranked = choice.ranking(case.readings, weights)
    verdict = case.verdicts[next(place for place, reading in enumerate(case.readings) if reading is ranked[0])]
    return choice.signs(ranked, weights), verdict


def judged(cases: Sequence[Case], weights: choice.ChoiceWeights) -> list[tuple[float, str, bool]]:
    """For each case how sure its best reading is, whether it is right, and whether the question can be answered."""
    rows = []
    for case in cases:
        if not case.readings:
            rows.append((-1.0, "wrong", case.question.answerable))
            continue
        sureness = choice.sureness(choice.ranking(case.readings, weights), weights)
        rows.append((sureness, first_of(case, weights)[1], case.question.answerable))
    return rows


def print_table(scored: Sequence[tuple[float, str, bool]]) -> None:
    """What each bar answers."""
    answerable = sum(known for *_, known in scored)
    print(
        f"{len(scored)} questions of one part, {answerable} of them answerable; each half by the weights of the other"
    )
    print(f"{'bar':>5} {'answered':>9} {'right':>7} {'wrong':>7} {'partly':>7} {'refused rightly':>16}")
    for bar in BARS:
        shown = [verdict for sureness, verdict, _ in scored if sureness >= bar]
        refused = sum(not known and sureness < bar for sureness, _, known in scored)
        print(
            f"{bar:5.2f} {len(shown):9} {shown.count('right') / answerable:7.3f} {shown.count('wrong') / len(scored):7.3f} "
            f"{shown.count('partly'):7} {refused / max(len(scored) - answerable, 1):16.2f}"
        )


if __name__ == "__main__":
    main()
