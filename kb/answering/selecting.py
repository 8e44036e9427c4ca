"""Statements → the clauses that answer, or none.

A statement is ranked by what it says of the question's terms and by its likeness to the question, and believed where
both together are enough: a near miss is worse than a refusal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from kb.answering.statements import Clause, Statement, statements
from kb.answering.wording import Rarity, Wording
from kb.question import Kind, Question
from kb.retrieval import Found
from kb.text import fold

Likeness = Callable[[str, Sequence[str]], list[float]]
"""A question and some texts → the cosine of each with it."""

# docs/evaluation.md tells how these were chosen, and benchmarks/calibration.py chooses them anew.
_LEAST_SAID = 0.5  # of what a question speaks of; its everyday words are taken as said
_SURE_SAID = 0.75  # said so well, and so much better than elsewhere, likeness is not asked
_SURE_MARGIN = 0.2
_LIKENESS_WEIGHT = 3.0  # in ranking, beside the square of what is said
_ADJACENCY_WEIGHT = 0.2
_MARGIN_WEIGHT = 0.6  # of the distance in likeness to the next best, in believing
_SAID_WEIGHT = 0.08
_BELIEVED = 0.937
# Statements whose likeness is asked, the best by what is said and by their hits: of one part, and of all parts.
_MOST_COMPARED = 24
_MOST_COMPARED_OF_ALL = 60

_NEAR_BEST = 0.97  # a clause that says so nearly as much as the best one is shown, too
_MOST_CLAUSES = {Kind.LIST: 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The clauses that answer one part of a question, best first; none where its hits do not carry it."""

    found: Found
    clauses: tuple[Clause, ...]


@dataclass(slots=True, kw_only=True)
class _Candidate:
    statement: Statement
    said: float  # what it says of the question's terms, as far as it holds what is asked for
    adjacency: float = 0.0  # of the terms that stand side by side in the question
    likeness: float = 0.0

    @property
    def wording(self) -> float:
        return self.said + _ADJACENCY_WEIGHT * self.adjacency

    @property
    def rank(self) -> float:
        return self.wording**2 + _LIKENESS_WEIGHT * self.likeness * self.statement.share


def select(question: Question, found: Found, *, rarity: Rarity, likeness: Likeness) -> Selection:
    """Choose the clauses of `found.hits` that answer `question`."""
    wording = Wording(question, rarity)
    candidates = [
        _Candidate(
            statement=statement,
            said=statement.share * wording.coverage(statement.place),
            adjacency=statement.share * wording.adjacency(statement.place),
        )
        for statement in statements(question, found)
    ]
    candidates.sort(key=lambda candidate: -candidate.wording)
    if not candidates or not (_is_plain(candidates, wording) or _is_believed(question, candidates, wording, likeness)):
        return Selection(found=found, clauses=())
    best = candidates[0]
    kept = [best, *(other for other in candidates[1:] if other.said >= max(_LEAST_SAID, best.said * _NEAR_BEST))]
    clauses = _distinct(candidate.statement.clause for candidate in kept)
    return Selection(found=found, clauses=tuple(clauses)[: _MOST_CLAUSES.get(question.kind, 1)])


def _is_plain(candidates: Sequence[_Candidate], wording: Wording) -> bool:
    """Whether the best of `candidates` says all that is asked, in the asker's words, and no other comes near."""
    best = candidates[0]
    others = [other.said for other in candidates if other.statement.text != best.statement.text]
    margin = best.said - max(others, default=0.0)
    return not wording.everyday and best.said >= _SURE_SAID and margin >= _SURE_MARGIN


def _is_believed(question: Question, candidates: list[_Candidate], wording: Wording, likeness: Likeness) -> bool:
    """Whether the best of `candidates`, which are put in order by likeness too, answers the question."""
    candidates.sort(key=lambda candidate: -candidate.said - candidate.statement.clause.hit.score)
    del candidates[min(_MOST_COMPARED, _MOST_COMPARED_OF_ALL // len(question.scope.parts)) :]
    cosines = likeness(question.text, [candidate.statement.text for candidate in candidates])
    for candidate, cosine in zip(candidates, cosines, strict=True):
        candidate.likeness = cosine
    candidates.sort(key=lambda candidate: -candidate.rank)
    best = candidates[0]
    others = [other.likeness for other in candidates if other.statement.text != best.statement.text]
    said = wording.everyday + (1 - wording.everyday) * best.said
    margin = best.likeness - max(others, default=best.likeness)
    sureness = best.likeness + _MARGIN_WEIGHT * margin + _SAID_WEIGHT * said
    return said >= _LEAST_SAID and sureness >= _BELIEVED


def _distinct(clauses: Iterable[Clause]) -> Iterator[Clause]:
    """Each wording once: reports repeat themselves."""
    seen: set[str] = set()
    for clause in clauses:
        words = re.sub(r"\W", "", fold(clause.text))
        if words not in seen:
            seen.add(words)
            yield clause
