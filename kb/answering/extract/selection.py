"""Ranked statements → the clauses that answer, or none: a near miss is worse than a refusal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kb.answering.extract.answer_type import kind_share
from kb.answering.extract.candidates import Clause, Statement
from kb.answering.extract.coverage import Place, Rarity, Wording
from kb.answering.extract.ranking import Likeness, Ranking, rank
from kb.answering.extract.sections import PassagesOf, section
from kb.answering.extract.yes_no import verdict
from kb.chinese.text import fold, segments
from kb.search.intent import Kind
from kb.search.query import QueryPlan
from kb.search.retriever import Found

# docs/adr/0007 tells how these were chosen.
_LEAST_SAID = 0.5  # of what a question speaks of; its everyday words are taken as said
_LEAST_SAID_AT_ALL = 0.05  # of the asker's own words
_MARGIN_WEIGHT = 0.6  # of the distance in likeness to the next best, in believing
_SAID_WEIGHT = 0.08
_MISS_WEIGHT = 0.08  # of what it lacks of what the kind, the year and the tense ask for
_BELIEVED = 0.937
_AGREES = 0.5  # with the other parts: then less is enough
_LEAST_SAID_AGREEING = 0.4
_BELIEVED_AGREEING = 0.92

_COMPLETE = 0.5  # of each term
_NEAR_BEST = 0.97  # a clause that says so nearly as much as the best one is shown, too
_ALONE = 0.2  # so much more than any other says the segment whose figure is put beside others
_MOST_CLAUSES = {Kind.LIST: 3, Kind.SUMMARY: 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The clauses that answer one part of a question, best first; none where its hits do not carry it."""

    found: Found
    clauses: tuple[Clause, ...]
    verdict: str = ""  # 是, 否 where that is asked and the best clause decides it
    segment: str = ""  # of the best clause: where the figure stands that is asked for; "" where several may be meant
    is_summary: bool = False  # its clauses are chapters of a document, and none says more than its own


def select(
    question: QueryPlan,
    founds: Sequence[Found],
    *,
    rarity: Rarity,
    likeness: Likeness | None,
    passages_of: PassagesOf,
    num_evidence: int,
) -> list[Selection]:
    """Choose the clauses that answer each part of `question` of what was found for it.

    Without `likeness` the wording decides alone, and everyday words are not forgiven.
    """
    wording = Wording(question, rarity)
    most = max(num_evidence // len(founds), 1) if founds else 0
    sections = [section(question, found, wording, passages_of, most) for found in founds]
    if all(sections):
        return [
            Selection(found=found, clauses=items, is_summary=question.kind is Kind.SUMMARY)
            for found, items in zip(founds, sections, strict=True)
        ]
    rankings = rank(question, founds, wording, likeness)
    believed = [_is_believed(ranking, wording) for ranking in rankings]
    if any(believed):
        believed = [sure or _agrees(ranking, wording) for sure, ranking in zip(believed, rankings, strict=True)]
    return [
        _selection(question, ranking, wording) if sure else Selection(found=ranking.found, clauses=())
        for sure, ranking in zip(believed, rankings, strict=True)
    ]


def _selection(question: QueryPlan, ranking: Ranking, wording: Wording) -> Selection:
    if question.scope.title and not _is_complete(question, ranking.candidates[0].statement, wording):
        return Selection(found=ranking.found, clauses=())
    clauses = _clauses(question, ranking)
    segment = _segment(question, clauses[0], wording)
    place = ranking.candidates[0].statement.place
    words = segment if question.bound else clauses[0].text
    return Selection(
        found=ranking.found,
        clauses=clauses,
        verdict=verdict(question, words, lambda term: wording.said(term, place)),
        segment=segment,
    )


def _segment(question: QueryPlan, clause: Clause, wording: Wording) -> str:
    """The segment of `clause` that says by itself most of what is asked, where no other comes near."""
    said = {
        segment: share * wording.coverage(Place(segment=fold(segment)))
        for segment in (clause.text[start:end] for start, end in segments(clause.text))
        if (share := kind_share(question, segment))
    }
    if len(said) < 2:
        return next(iter(said), "")
    best, second, *_ = sorted(said, key=lambda segment: -said[segment])
    return best if said[best] - said[second] >= _ALONE else ""


def _is_believed(ranking: Ranking, wording: Wording) -> bool:
    """Whether the best of `ranking` answers the question."""
    if not ranking.candidates or ranking.plain:
        return ranking.plain
    if not ranking.compared:
        return ranking.candidates[0].said >= _LEAST_SAID
    said, sureness = _sureness(ranking, wording)
    return ranking.candidates[0].said >= _LEAST_SAID_AT_ALL and said >= _LEAST_SAID and sureness >= _BELIEVED


def _agrees(ranking: Ranking, wording: Wording) -> bool:
    """Whether the best of `ranking` says in like words what another part is believed to say: then less is enough."""
    if not ranking.compared or not ranking.candidates or ranking.candidates[0].agreement < _AGREES:
        return False
    said, sureness = _sureness(ranking, wording)
    return said >= _LEAST_SAID_AGREEING and sureness >= _BELIEVED_AGREEING


def _sureness(ranking: Ranking, wording: Wording) -> tuple[float, float]:
    """What the best says, with the everyday words of the question taken as said, and how sure it is the answer."""
    best, *others = ranking.candidates
    said = wording.everyday + (1 - wording.everyday) * best.said
    rivals = [other.likeness for other in others if other.statement.text != best.statement.text]
    margin = max(0.0, best.likeness - max(rivals, default=best.likeness))
    return said, best.likeness + _MARGIN_WEIGHT * margin + _SAID_WEIGHT * said - _MISS_WEIGHT * (
        1 - best.statement.share
    )


def _is_complete(question: QueryPlan, statement: Statement, wording: Wording) -> bool:
    """Whether a guide's statement speaks of every official term: 承诺时限 is not 法定时限, and stands right beside it."""
    of_guide = "指南" in (statement.clause.hit.document.metadata.kind or "")
    terms = filter(wording.is_official, question.terms)
    return not of_guide or all(wording.said(term, statement.place) >= _COMPLETE for term in terms)


def _clauses(question: QueryPlan, ranking: Ranking) -> tuple[Clause, ...]:
    best, *others = ranking.candidates
    near = [other for other in others if other.said >= max(_LEAST_SAID, best.said * _NEAR_BEST)]
    clauses = _distinct(candidate.statement.clause for candidate in (best, *near))
    return tuple(clauses)[: _MOST_CLAUSES.get(question.kind, 1)]


def _distinct(clauses: Iterable[Clause]) -> Iterator[Clause]:
    """Each wording once: reports repeat themselves."""
    seen: set[str] = set()
    for clause in clauses:
        words = re.sub(r"\W", "", fold(clause.text))
        if words not in seen:
            seen.add(words)
            yield clause
