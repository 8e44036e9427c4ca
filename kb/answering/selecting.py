"""Evidence → the clauses that answer, or none.

A clause is scored by how much of the question's terms it speaks of, each weighed by its rarity, and by whether it
holds what the kind of question asks for. Below a bar it is no answer: a near miss is worse than a refusal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from kb.figures import Figure, figures
from kb.question import Kind, Question
from kb.retrieval import Found
from kb.scope import Part
from kb.text import clauses, fold, sentences, trim
from kb.types import Evidence

Rarity = Callable[[str], float]

# docs/evaluation.md has the tables that chose these.
_BAR = 0.55  # of the weight of the question's terms
_CONTEXT_SHARE = 0.6  # of a term that stands not in the clause but beside it or in its headings
_PART_SHARE = 0.5  # of a term of which only some characters stand in the clause
_OTHER_UNIT_SHARE = 0.7  # of a clause whose figures have other units than the one asked for
_NEAR_BEST = 0.97  # a clause that scores so near the best one is shown, too
_MOST_CLAUSES = {Kind.LIST: 3}

# Measure words that stand for one another in questions: 多少个园区 is answered by 3家, 多少人 by 210名.
_ALIKE_UNITS = (
    frozenset("个家项件处座所套台部"),
    frozenset("人名位"),
    frozenset(["公里", "千米"]),
    frozenset("次场期"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A clause of a passage, with its span in the document's text."""

    evidence: Evidence
    text: str
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The clauses that answer one part of a question, best first; none where its evidence does not carry it."""

    found: Found
    clauses: tuple[Clause, ...]


def select(question: Question, found: Found, rarity: Rarity) -> Selection:
    """Choose the clauses of `found.evidence` that answer `question`."""
    weights = {term: rarity(term) for term in question.terms}
    candidates = sorted(
        (
            clause
            for evidence in found.evidence
            for clause in _clauses(question, found.part, evidence, weights)
        ),
        key=lambda clause: -clause.score,
    )
    best = candidates[0].score if candidates else 0.0
    if best < _BAR:
        return Selection(found=found, clauses=())
    kept = [clause for clause in candidates if clause.score >= max(_BAR, best * _NEAR_BEST)]
    return Selection(found=found, clauses=tuple(_distinct(kept))[: _MOST_CLAUSES.get(question.kind, 1)])


def _clauses(
    question: Question, part: Part, evidence: Evidence, weights: dict[str, float]
) -> Iterator[Clause]:
    passage = evidence.hit.passage
    headings = " ".join(passage.heading)
    for sentence_start, sentence_end in sentences(passage.text):
        sentence = passage.text[sentence_start:sentence_end]
        if sentence.strip() in passage.heading:
            continue
        for start, end in clauses(sentence):
            start, end = trim(sentence, start, end)
            text = sentence[start:end]
            share = _kind_share(question, text)
            if not share or part.names_year and str(part.year) not in sentence:
                continue
            yield Clause(
                evidence=evidence,
                text=text,
                start=passage.start + sentence_start + start,
                end=passage.start + sentence_start + end,
                score=share * _coverage(weights, fold(text), fold(f"{headings} {sentence}")),
            )


def _coverage(weights: dict[str, float], clause: str, context: str) -> float:
    """The share of the terms' weight that a clause and, counting less, its context speak of; both folded."""
    total = sum(weights.values())
    return (
        sum(weight * _presence(term, clause, context) for term, weight in weights.items()) / total
        if total
        else 0.0
    )


def _presence(term: str, clause: str, context: str) -> float:
    if term in clause:
        return 1.0
    if term in context:
        return _CONTEXT_SHARE
    pairs = [term[position : position + 2] for position in range(len(term) - 1)]
    return _PART_SHARE * sum(pair in clause for pair in pairs) / len(pairs) if len(pairs) > 1 else 0.0


def _kind_share(question: Question, clause: str) -> float:
    """How far a clause holds what the kind of question asks for: 0 where it does not."""
    if question.kind is Kind.FIGURE:
        stated = [figure for figure in figures(clause) if not _is_date(figure)]
        if not stated:
            return 0.0
        unit = question.unit
        return (
            1.0 if unit is None or any(_alike(unit, figure.unit) for figure in stated) else _OTHER_UNIT_SHARE
        )
    if question.kind is Kind.WHEN:
        return 1.0 if any(figure.unit in _TIME_UNITS for figure in figures(clause)) else 0.0
    return 1.0


_TIME_UNITS = frozenset(["年", "月", "日", "天", "周", "个月", "小时", "分钟", "工作日", "时", "分"])


def _is_date(figure: Figure) -> bool:
    return figure.unit in ("年", "月", "日") or not figure.unit and 1900 <= figure.value <= 2100


def _alike(asked: str, stated: str) -> bool:
    return asked == stated or any(asked in units and stated in units for units in _ALIKE_UNITS)


def _distinct(candidates: Iterable[Clause]) -> Iterator[Clause]:
    """Each wording once: reports repeat themselves."""
    seen: set[str] = set()
    for clause in candidates:
        words = re.sub(r"\W", "", fold(clause.text))
        if words not in seen:
            seen.add(words)
            yield clause
