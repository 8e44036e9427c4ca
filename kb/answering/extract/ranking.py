"""Statements in order.

They are ordered by what they say of the question's terms, by their likeness to it, and by their agreement with how the
other parts of the question are answered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kb.answering.extract.candidates import Statement, statements
from kb.answering.extract.coverage import Wording
from kb.chinese.figures import figures
from kb.search.query import QueryPlan
from kb.search.retriever import Found

Likeness = Callable[[str, Sequence[str]], list[float]]
"""A question and some texts → the cosine of each with it."""

# docs/adr/0007 tells what they are; benchmarks/ablation.py what each stage is worth.
_ADJACENCY_WEIGHT = 0.2
_LIKENESS_WEIGHT = 3.0  # beside the square of what is said
_AGREEMENT_WEIGHT = 1.2
_NEARLY_SAID = 0.1  # a result that says so nearly as much as a plan is preferred to it
_NEARLY_LIKE = 0.02
_PEERS = 5  # statements of each other part that one is compared with
_PLAIN = 0.75  # said so well, and so much better than elsewhere, likeness is not asked
_PLAIN_MARGIN = 0.2
# Statements whose likeness is asked, the best by what is said and by their hits: of one part, and of all parts.
_MOST_COMPARED = 16
_MOST_COMPARED_OF_ALL = 40


@dataclass(slots=True, kw_only=True)
class Candidate:
    """A statement with all that speaks for it."""

    statement: Statement
    said: float  # what it says of the question's terms, as far as it holds what is asked for
    adjacency: float  # of the terms that stand side by side in the question
    likeness: float = 0.0
    agreement: float = 0.0  # with how the other parts of the question are answered

    @property
    def wording(self) -> float:
        return self.said + _ADJACENCY_WEIGHT * self.adjacency

    def is_matched_by(self, other: Candidate) -> bool:
        """Whether another says the same nearly as well."""
        return other.said >= self.said - _NEARLY_SAID and other.likeness >= self.likeness - _NEARLY_LIKE

    @property
    def rank(self) -> float:
        return (
            self.wording**2
            + _LIKENESS_WEIGHT * self.likeness * self.statement.share
            + _AGREEMENT_WEIGHT * self.agreement * 0.5 * (self.said + self.statement.share)
        )


@dataclass(slots=True, kw_only=True)
class Ranking:
    """The candidates of one part of a question, best first."""

    found: Found
    candidates: list[Candidate]
    plain: bool  # the best says all that is asked in the asker's words, and no other comes near
    compared: bool = False  # by likeness

    def sort(self) -> None:
        if not self.plain:
            self.candidates.sort(key=lambda candidate: -candidate.rank)

    def put_result_first(self) -> None:
        """Where the best is a plan, and a result says the same nearly as well, the result is the best."""
        if not self.candidates or not self.candidates[0].statement.planned:
            return
        best = self.candidates[0]
        for number, other in enumerate(self.candidates):
            if not other.statement.planned and best.is_matched_by(other):
                self.candidates.insert(0, self.candidates.pop(number))
                return


def rank(question: QueryPlan, founds: Sequence[Found], wording: Wording, likeness: Likeness | None) -> list[Ranking]:
    """The statements of each of `founds`, one for each part of `question`, in order."""
    rankings = [_by_wording(question, found, wording) for found in founds]
    for ranking in rankings:
        if likeness and ranking.candidates and not ranking.plain:
            _compare(question, ranking, likeness)
            ranking.sort()
    if len(rankings) > 1:
        peers = [[_pairs(candidate) for candidate in ranking.candidates[:_PEERS]] for ranking in rankings]
        for number, ranking in enumerate(rankings):
            others = [part for part in (*peers[:number], *peers[number + 1 :]) if part]
            for candidate in ranking.candidates:
                candidate.agreement = _agreement(candidate, others)
            ranking.sort()
    for ranking in rankings:
        ranking.put_result_first()
    return rankings


def _by_wording(question: QueryPlan, found: Found, wording: Wording) -> Ranking:
    candidates = [
        Candidate(
            statement=statement,
            said=statement.share * wording.coverage(statement.place),
            adjacency=statement.share * wording.adjacency(statement.place),
        )
        for statement in statements(question, found)
    ]
    candidates.sort(key=lambda candidate: -candidate.wording)
    plain = False
    if candidates and not wording.everyday:
        best, *others = candidates
        second = max((other.said for other in others if other.statement.text != best.statement.text), default=0.0)
        plain = best.said >= _PLAIN and best.said - second >= _PLAIN_MARGIN
    return Ranking(found=found, candidates=candidates, plain=plain)


def _compare(question: QueryPlan, ranking: Ranking, likeness: Likeness) -> None:
    """Keep the best of the candidates and ask their likeness."""
    most = min(_MOST_COMPARED, _MOST_COMPARED_OF_ALL // len(question.scope.parts))
    ranking.candidates.sort(key=lambda candidate: -candidate.said - candidate.statement.clause.hit.score)
    del ranking.candidates[most:]
    ranking.compared = True
    cosines = likeness(question.text, [candidate.statement.text for candidate in ranking.candidates])
    for candidate, cosine in zip(ranking.candidates, cosines, strict=True):
        candidate.likeness = cosine


def _agreement(candidate: Candidate, others: Sequence[Sequence[frozenset[str]]]) -> float:
    """How alike a statement is to the nearest of each other part, 0 to 1: one indicator is told of in like words."""
    own = _pairs(candidate)
    alike = [max(_alike(own, other) for other in part) for part in others]
    return sum(alike) / len(alike) if alike else 0.0


def _pairs(candidate: Candidate) -> frozenset[str]:
    """The pairs of neighbouring characters of a segment, without its figures."""
    segment = candidate.statement.place.segment
    for figure in reversed(figures(segment)):
        segment = segment[: figure.start] + segment[figure.end :]
    words = re.sub(r"\W", "", segment)
    return frozenset(one + other for one, other in pairwise(words))


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0
