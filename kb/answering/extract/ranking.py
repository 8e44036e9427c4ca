"""The statements of what was found for each part of a question, in order.

They are ranked by coverage (the share of the question's terms that they speak of), by likeness (the cosine with the
question), and by agreement (how alike they are in wording to the best of the question's other parts).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from kb.answering.corpus import Corpus
from kb.answering.extract.coverage import TermWeights
from kb.answering.extract.statements import Statement, statements
from kb.chinese.figures import figures
from kb.search.query import QueryPlan
from kb.search.retriever import Found

# docs/adr/0007 tells what they are; benchmarks/ablation.py what each stage is worth.
_ADJACENCY_WEIGHT = 0.2
_LIKENESS_WEIGHT = 3.0  # beside the square of what is covered
_AGREEMENT_WEIGHT = 1.2
_NEARLY_COVERED = 0.1  # a result that says so nearly as much as a plan is preferred to it
_NEARLY_LIKE = 0.02
_PEERS = 5  # statements of each other part that one is compared with
_CLEAR = 0.75  # covered so well, and so much better than elsewhere, likeness is not asked
_CLEAR_MARGIN = 0.2
# Statements whose likeness is asked, the best by what they cover and by their hits: of one part, and of all parts.
_MOST_COMPARED = 16
_MOST_COMPARED_OF_ALL = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A statement with what it is ranked by: shares from 0 to 1, and `likeness`, a cosine."""

    statement: Statement
    coverage: float  # of the question's terms, as far as the statement holds what is asked for
    adjacency: float  # of the terms that stand side by side in the question
    likeness: float = 0.0
    agreement: float = 0.0  # with how the other parts of the question are answered

    @property
    def wording(self) -> float:
        return self.coverage + _ADJACENCY_WEIGHT * self.adjacency

    def is_matched_by(self, other: Candidate) -> bool:
        """Whether another says the same nearly as well."""
        return other.coverage >= self.coverage - _NEARLY_COVERED and other.likeness >= self.likeness - _NEARLY_LIKE

    @property
    def rank(self) -> float:
        return (
            self.wording**2
            + _LIKENESS_WEIGHT * self.likeness * self.statement.share
            + _AGREEMENT_WEIGHT * self.agreement * 0.5 * (self.coverage + self.statement.share)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The candidates of one part of a question, best first."""

    found: Found
    candidates: tuple[Candidate, ...]
    is_clear: bool  # the best covers nearly all that is asked in the words of the question, and no other comes near
    compared: bool = False  # by likeness

    def ranked(self, candidates: Iterable[Candidate]) -> Ranking:
        """The ranking of `candidates` instead, by all that speaks for them; in their own order where it is clear."""
        kept = tuple(candidates)
        if not self.is_clear:
            kept = tuple(sorted(kept, key=lambda candidate: -candidate.rank))
        return replace(self, candidates=kept)

    def with_result_first(self) -> Ranking:
        """Where the best is a plan, and a result says the same nearly as well, the result is the best."""
        if not self.candidates or not self.candidates[0].statement.planned:
            return self
        best = self.candidates[0]
        for result in self.candidates:
            if not result.statement.planned and best.is_matched_by(result):
                others = (candidate for candidate in self.candidates if candidate is not result)
                return replace(self, candidates=(result, *others))
        return self


def rank(plan: QueryPlan, found: Sequence[Found], weights: TermWeights, corpus: Corpus) -> list[Ranking]:
    """The statements of what was found for each part of `plan`, in order."""
    rankings = [_by_wording(plan, of_part, weights) for of_part in found]
    if corpus.has_calibrated_likeness:
        rankings = [_by_likeness(plan, ranking, corpus) for ranking in rankings]
    if len(rankings) > 1:
        rankings = _by_agreement(rankings)
    return [ranking.with_result_first() for ranking in rankings]


def _by_wording(plan: QueryPlan, found: Found, weights: TermWeights) -> Ranking:
    candidates = [
        Candidate(
            statement=statement,
            coverage=statement.share * weights.coverage(statement.place),
            adjacency=statement.share * weights.adjacency(statement.place),
        )
        for statement in statements(plan, found)
    ]
    candidates.sort(key=lambda candidate: -candidate.wording)
    is_clear = False
    if candidates and not weights.everyday_share:
        best, *others = candidates
        second = max((other.coverage for other in others if other.statement.text != best.statement.text), default=0.0)
        is_clear = best.coverage >= _CLEAR and best.coverage - second >= _CLEAR_MARGIN
    return Ranking(found=found, candidates=tuple(candidates), is_clear=is_clear)


def _by_likeness(plan: QueryPlan, ranking: Ranking, corpus: Corpus) -> Ranking:
    """The best of the candidates, by their likeness to the question, too; where the best is clear it is not computed."""
    if ranking.is_clear or not ranking.candidates:
        return ranking
    most = min(_MOST_COMPARED, _MOST_COMPARED_OF_ALL // len(plan.scope.parts))
    compared = sorted(
        ranking.candidates, key=lambda candidate: -candidate.coverage - candidate.statement.clause.hit.score
    )[:most]
    cosines = corpus.likeness(plan.text, [candidate.statement.text for candidate in compared])
    alike = (replace(candidate, likeness=cosine) for candidate, cosine in zip(compared, cosines, strict=True))
    return replace(ranking, compared=True).ranked(alike)


def _by_agreement(rankings: Sequence[Ranking]) -> list[Ranking]:
    """Each ranking by the agreement with the best of the others, too."""
    peers = [[_pairs(candidate) for candidate in ranking.candidates[:_PEERS]] for ranking in rankings]
    agreed: list[Ranking] = []
    for number, ranking in enumerate(rankings):
        others = [part for part in (*peers[:number], *peers[number + 1 :]) if part]
        agreed.append(
            ranking.ranked(
                replace(candidate, agreement=_agreement(candidate, others)) for candidate in ranking.candidates
            )
        )
    return agreed


def _agreement(candidate: Candidate, others: Sequence[Sequence[frozenset[str]]]) -> float:
    """How alike in wording a statement is to the nearest of each other part, 0 to 1: reports put one indicator in like words."""
    own = _pairs(candidate)
    alike = [max(_alike(own, other) for other in part) for part in others]
    return sum(alike) / len(alike) if alike else 0.0


def _pairs(candidate: Candidate) -> frozenset[str]:
    """The pairs of neighbouring characters of a segment, without its figures."""
    segment = candidate.statement.place.segment
    for figure in reversed(figures(segment)):
        segment = segment[: figure.start] + segment[figure.end :]
    words = re.sub(r"\W", "", segment)
    return frozenset(map("".join, pairwise(words)))


def _alike(pairs: frozenset[str], others: frozenset[str]) -> float:
    return 2 * len(pairs & others) / (len(pairs) + len(others)) if pairs and others else 0.0
