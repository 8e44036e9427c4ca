"""Fit what candidates are chosen by, and when the best is believed: python -m benchmarks.choice DATA QUESTIONS… [DATA QUESTIONS… …].

    python -m ingest FOLDER --data DATA
    python -m benchmarks.choice data/a build.jsonl other.jsonl data/b more.jsonl --write

QUESTIONS are files of questions with known answers (docs/commands.md) over the documents in DATA. Two halves are made by the
document that answers; each is scored by weights that were fitted on the other, and the table says for each bar how many
questions are answered, rightly and wrongly, and how sure the program was of those that were right. `--write` fits on all of them
and writes the weights beside kb/answering/judge/belief.py. Which questions and documents the shipped weights were fitted on is
told in docs/evaluation.md.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression

from kb.answering.extract.candidates import is_of_statements
from kb.answering.extract.coverage import TermWeights
from kb.answering.judge import belief
from kb.answering.judge.belief import ChoiceWeights, probability, shipped
from kb.answering.judge.judge import Judge
from kb.answering.units import choice
from kb.answering.units.reading import Reading, readings
from kb.answering.units.wholes import shown_lines
from kb.evaluation.lines import KnownQuestion, read_questions
from kb.evaluation.normal import normal
from kb.search.encoder import DEFAULT, Encoder
from kb.search.query import QueryPlan, plan_query
from kb.search.retriever import Found, Retriever

NUM_HITS = 16
BARS = [0.0, *(bar / 20 for bar in range(4, 18))]
STRENGTH = 0.1  # of the logistic regression, the inverse of its regularisation


@dataclass(frozen=True)
class Option:
    """A reading, and whether it would be a right answer."""

    reading: Reading
    verdict: str
    values: dict[str, float]  # of the reading, so that they are made once


@dataclass(frozen=True)
class Case:
    """A question with its candidates."""

    question: KnownQuestion
    options: list[Option]

    @property
    def half(self) -> int:
        return sha256((self.question.docs[0] if self.question.docs else self.question.text).encode()).digest()[1] % 2

    @property
    def judged(self) -> list[Option]:
        return [option for option in self.options if option.reading.judged]


def main() -> None:
    """Fit and print; write where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "paths", type=Path, nargs="+", metavar="DATA QUESTIONS…", help="a folder, and the files asked of it; again"
    )
    parser.add_argument("--least", type=float, default=0.5, help="the bar that is written")
    parser.add_argument("--judge", type=Path, help="a file of another judge")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    encoder = Encoder(DEFAULT)
    judge = Judge(encoder, options.judge, None) if options.judge else Judge(encoder)
    cases: list[Case] = []
    for path in options.paths:
        if path.is_dir():
            retriever = Retriever(path, encoder)
        else:
            cases += read_cases(retriever, judge, path)
    halves = [[case for case in cases if case.half == half] for half in (0, 1)]
    scored: list[tuple[float, str, bool]] = []
    for other, half in zip(reversed(halves), halves, strict=True):
        scored += decided(half, fitted(other, options.least))
    print_table(scored)
    if options.write:
        weights = fitted(cases, options.least)
        write_weights(prior=weights.prior, score=weights.score, sureness=weights.sureness, least=weights.least)


def write_weights(**parts: Mapping[str, float] | float) -> None:
    """Write some parts of the weights beside kb/answering/judge/belief.py; the others stay."""
    file = Path(belief.__file__).with_name("choice.json")
    kept = json.loads(file.read_text(encoding="utf-8"))
    for part, given in parts.items():
        kept[part] = given if isinstance(given, float) else {name: round(weight, 2) for name, weight in given.items()}
    file.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


def read_cases(retriever: Retriever, judge: Judge, path: Path) -> Iterator[Case]:
    """The questions of one part that are not read from statements of reports, with their candidates."""
    for question in read_questions(path):
        plan = plan_query(question.text, question.history, retriever.gazetteer())
        if len(plan.scope.parts) != 1 or plan.questions or plan.scope.missing or plan.is_of_all:
            continue
        found = retriever.retrieve(plan, plan.scope.parts[0], num_hits=NUM_HITS)
        if not is_of_statements(plan, found):
            yield read_case(question, plan, found, retriever, judge)


def read_case(question: KnownQuestion, plan: QueryPlan, found: Found, retriever: Retriever, judge: Judge) -> Case:
    """A question with the readings of what was found."""
    unjudged = readings(plan, found, TermWeights(plan, retriever.rarity), retriever)
    read = choice.judged(plan, choice.by_prior(unjudged, shipped()), judge)
    texts = ["\n".join(clause.text for clause in shown_lines(plan, choice.of_case(plan, reading))) for reading in read]
    return Case(
        question,
        [
            Option(reading, verdict_of(question, normal(text)), reading.values)
            for reading, text in zip(read, texts, strict=True)
        ],
    )


def verdict_of(question: KnownQuestion, text: str) -> str:
    """Whether an answer of `text` would be right, partly right or wrong."""
    if not question.answerable or any(normal(trap) in text for trap in question.trap):
        return "wrong"
    said = [any(normal(words) in text for words in group) for group in question.gold]
    return "right" if all(said) else "partly" if any(said) else "wrong"


def fitted(cases: Sequence[Case], least: float) -> ChoiceWeights:
    """ChoiceWeights that rank right candidates first, before they are judged and after, and tell whether the first is right."""
    prior = fitted_score([case.options for case in cases], judged=False)
    score = fitted_score([case.judged for case in cases], judged=True)
    weights = ChoiceWeights(prior=prior, score=score, sureness={}, least=least)
    firsts = [first_of(case, weights) for case in cases if case.judged]
    names = sorted({name for found, _ in firsts for name in found})
    given = np.array([[found.get(name, 0.0) for name in names] for found, _ in firsts])
    right = np.array([verdict == "right" for _, verdict in firsts])
    mean, spread = given.mean(axis=0), given.std(axis=0) + 1e-6
    model = LogisticRegression(C=STRENGTH, max_iter=2000).fit((given - mean) / spread, right)
    slopes = model.coef_[0] / spread
    sureness = dict(zip(names, map(float, slopes), strict=True))
    sureness["constant"] = float(model.intercept_[0] - (slopes * mean).sum())
    return ChoiceWeights(prior=prior, score=score, sureness=sureness, least=least)


def fitted_score(cases: Sequence[Sequence[Option]], *, judged: bool) -> dict[str, float]:
    """Of the candidates of a question, the softmax of the scores is to be on those that are right."""
    told = [
        (
            [
                {name: value for name, value in option.values.items() if judged or not name.startswith("judged")}
                for option in case
            ],
            [place for place, option in enumerate(case) if option.verdict == "right"],
        )
        for case in cases
    ]
    return fitted_softmax([(values, right) for values, right in told if right])


def fitted_softmax(
    told: Sequence[tuple[Sequence[Mapping[str, float]], Sequence[int]]], *, steps: int = 300, decay: float = 0.002
) -> dict[str, float]:
    """Weights of the named values of several, of which those at the places given are right: their softmax is to be on these."""
    names = sorted({name for values, _ in told for one in values for name in one})
    sets = [
        (torch.tensor([[one.get(name, 0.0) for name in names] for one in values]).double(), list(right))
        for values, right in told
    ]
    weights = torch.zeros(len(names), dtype=torch.double, requires_grad=True)
    optimiser = torch.optim.Adam([weights], lr=0.05)
    for _ in range(steps):
        losses = [(values @ weights).logsumexp(0) - (values @ weights)[right].logsumexp(0) for values, right in sets]
        loss = torch.stack(losses).mean() + decay * (weights**2).sum()
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    return dict(zip(names, weights.tolist(), strict=True))


def first_of(case: Case, weights: ChoiceWeights) -> tuple[dict[str, float], str]:
    """What tells whether the best candidate of a case is right, and whether it is."""
    ranked = choice.ranking([option.reading for option in case.options], weights)
    [verdict] = [option.verdict for option in case.options if option.reading is ranked[0]]
    return choice.signs(ranked, weights), verdict


def decided(cases: Sequence[Case], weights: ChoiceWeights) -> list[tuple[float, str, bool]]:
    """For each case how sure its best candidate is, whether it is right, and whether the question can be answered."""
    rows: list[tuple[float, str, bool]] = []
    for case in cases:
        if not case.judged:
            rows.append((-1.0, "wrong", case.question.answerable))
        else:
            found, verdict = first_of(case, weights)
            rows.append((probability(found, weights), verdict, case.question.answerable))
    return rows


def print_table(scored: Sequence[tuple[float, str, bool]]) -> None:
    """What each bar answers, and how sure it is rightly."""
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
    print(f"{'sureness':>9} {'questions':>10} {'mean':>6} {'right':>6}")
    for first in range(10):
        within = [(sure, verdict) for sure, verdict, _ in scored if first / 10 <= sure < (first + 1) / 10]
        if within:
            mean = sum(sure for sure, _ in within) / len(within)
            right = sum(verdict == "right" for _, verdict in within) / len(within)
            print(f"{first / 10:5.1f}–{(first + 1) / 10:.1f} {len(within):9} {mean:6.2f} {right:6.2f}")


if __name__ == "__main__":
    main()
