"""Candidates → the clauses that answer each part, or none where the best is not sure enough: a near miss is worse than a refusal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kb.answering.extract.answer_type import kind_share
from kb.answering.extract.candidates import Candidates
from kb.answering.extract.coverage import Place, TermWeights
from kb.answering.extract.ranking import Candidate, Ranking
from kb.answering.extract.statements import Clause, Statement
from kb.answering.extract.yes_no import verdict
from kb.answering.judge.belief import probability, shipped
from kb.answering.units.choice import NO_RIVAL, choose
from kb.answering.units.reading import Reading
from kb.chinese.text import fold, segments
from kb.search.intent import Kind
from kb.search.query import QueryPlan
from kb.search.retriever import Found
from kb.types import Hit

_AGREES = 0.5  # least agreement with the other parts, of a statement that less is asked of
_AGREEING = 0.15  # by which the bar is lower then
_MOST_UNHEARD = 0.7  # of the question's terms, those that no document has: little is left to go by
_LEAST_COVERAGE_AT_ALL = 0.05  # of what a question speaks of
_LEAST_COVERAGE = 0.5  # of what a question speaks of, by a clause that is shown beside the best
_COMPLETE = 0.5  # least presence of each term
_NEAR_BEST = 0.97  # a clause that says so nearly as much as the best one is shown, too
_ALONE = (
    0.2  # least distance in coverage to the next, of the segment whose figure is compared with those of other parts
)
_MOST_CLAUSES = {Kind.LIST: 3, Kind.SUMMARY: 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The clauses that answer one part of a question, best first; none where its hits do not carry it."""

    found: Found
    clauses: tuple[Clause, ...]
    verdict: str = ""  # 是, 否 where that is asked and the best clause decides it
    segment: str = ""  # of the best clause: where the figure stands that is asked for; "" where several may be meant
    is_summary: bool = False  # its clauses are the headings and sentences of a summary
    is_whole: bool = False  # its clauses are the lines of one or more units of structure, shown as they stand
    nearest: tuple[Hit, ...] = ()  # the sections that come nearest to an answer, best first

    @property
    def best_hits(self) -> tuple[Hit, ...]:
        """The hits that a reader is shown, best first: the sections that come nearest, then what else was found."""
        shown = {hit.passage_id for hit in self.nearest}
        return (*self.nearest, *(hit for hit in self.found.hits if hit.passage_id not in shown))


def decide(plan: QueryPlan, candidates: Candidates) -> list[Selection]:
    """The clauses that answer each part of `plan`: the sections under headings that name it, else the best candidates."""
    if candidates.sections:
        return [
            Selection(found=found, clauses=clauses, is_summary=plan.statement_kind is Kind.SUMMARY)
            for found, clauses in zip(candidates.found, candidates.sections, strict=True)
        ]
    weights = candidates.weights
    rankings = [ranking for ranking in candidates.rankings if ranking]
    statements = iter(_of_statements(plan, rankings, weights))
    selections = [
        next(statements) if units is None else _of_units(plan, found, units, fields)
        for found, units, fields in zip(candidates.found, candidates.readings, candidates.fields, strict=True)
    ]
    if not any(selection.clauses for selection in selections):
        return selections
    return [
        _of_units(plan, selection.found, units, fields, agrees=True) if units and not selection.clauses else selection
        for selection, units, fields in zip(selections, candidates.readings, candidates.fields, strict=True)
    ]


def _of_units(
    plan: QueryPlan,
    found: Found,
    readings: Sequence[Reading],
    fields: tuple[Clause, ...] | None,
    *,
    agrees: bool = False,
) -> Selection:
    """The field of a guide that is asked for, or else the best reading."""
    choice = choose(plan, readings, agrees=agrees)
    return Selection(
        found=found,
        clauses=choice.clauses if fields is None else fields,
        verdict=choice.verdict if fields is None else "",
        is_whole=True,
        nearest=choice.nearest,
    )


def _of_statements(plan: QueryPlan, rankings: Sequence[Ranking], weights: TermWeights) -> list[Selection]:
    """The clauses of yearly reports that answer each part."""
    if not plan.terms:  # nothing is asked of, so nothing can be said of it
        return [Selection(found=ranking.found, clauses=()) for ranking in rankings]
    believed = [_is_believed(ranking, weights) for ranking in rankings]
    if any(believed):
        believed = [sure or _agrees(ranking, weights) for sure, ranking in zip(believed, rankings, strict=True)]
    return [
        _selection(plan, ranking, weights) if sure else Selection(found=ranking.found, clauses=())
        for sure, ranking in zip(believed, rankings, strict=True)
    ]


def _selection(plan: QueryPlan, ranking: Ranking, weights: TermWeights) -> Selection:
    if plan.scope.title and not _is_complete(plan, ranking.candidates[0].statement, weights):
        return Selection(found=ranking.found, clauses=())
    clauses = _clauses(plan, ranking)
    segment = _segment(plan, clauses[0], weights)
    place = ranking.candidates[0].statement.place
    words = segment if plan.bound else clauses[0].text
    return Selection(
        found=ranking.found,
        clauses=clauses,
        verdict=verdict(plan, words, lambda term: weights.presence(term, place)),
        segment=segment,
    )


def _segment(plan: QueryPlan, clause: Clause, weights: TermWeights) -> str:
    """The segment of `clause` that says by itself most of what is asked, where no other comes near."""
    coverage = {
        segment: share * weights.coverage(Place(segment=fold(segment)))
        for segment in (clause.text[start:end] for start, end in segments(clause.text))
        if (share := kind_share(plan, segment))
    }
    if len(coverage) < 2:
        return next(iter(coverage), "")
    best, second, *_ = sorted(coverage, key=lambda segment: -coverage[segment])
    return best if coverage[best] - coverage[second] >= _ALONE else ""


def _is_believed(ranking: Ranking, weights: TermWeights) -> bool:
    """Whether the best of `ranking` answers the question; one that speaks of nothing that is asked does not."""
    if weights.unheard_share > _MOST_UNHEARD or not ranking.candidates:
        return False
    if ranking.is_clear:
        return True
    covers = ranking.candidates[0].coverage >= _LEAST_COVERAGE_AT_ALL
    return covers and _sureness(ranking, weights) >= shipped("statements").least


def _agrees(ranking: Ranking, weights: TermWeights) -> bool:
    """Whether the best of `ranking` agrees in wording with the other parts, and passes the lower bar."""
    agrees = bool(ranking.candidates) and ranking.candidates[0].agreement >= _AGREES
    return agrees and _sureness(ranking, weights) >= shipped("statements").least - _AGREEING


def _sureness(ranking: Ranking, weights: TermWeights) -> float:
    """The probability, 0 to 1, that the best of `ranking` answers."""
    return probability(signs(ranking, weights), shipped("statements")) if ranking.candidates else 0.0


def signs(ranking: Ranking, weights: TermWeights) -> dict[str, float]:
    """What tells whether the best of `ranking` answers: its features, its score, and how far it is ahead."""
    best, *others = ranking.candidates
    rivals = [other.rank for other in others if other.judged and other.statement.text != best.statement.text]
    ahead = min(best.rank - max(rivals), NO_RIVAL) if rivals else NO_RIVAL
    return {
        **best.features,
        **(best.judged.signs if best.judged else {}),
        **covered_signs(best, weights),
        "score": best.rank,
        "ahead_of_blocks": ahead,
        "ahead_of_documents": ahead,
    }


def covered_signs(candidate: Candidate, weights: TermWeights) -> dict[str, float]:
    """How much of the question a candidate covers, its everyday words taken as covered, and how many these are."""
    everyday = weights.everyday_share
    return {"covered_officially": everyday + (1 - everyday) * candidate.coverage, "everyday_share": everyday}


def _is_complete(plan: QueryPlan, statement: Statement, weights: TermWeights) -> bool:
    """Whether a guide's statement speaks of every official term: 承诺时限 is not 法定时限, and stands right beside it."""
    of_guide = "指南" in (statement.clause.hit.document.metadata.kind or "")
    terms = filter(weights.is_official, plan.terms)
    return not of_guide or all(weights.presence(term, statement.place) >= _COMPLETE for term in terms)


def _clauses(plan: QueryPlan, ranking: Ranking) -> tuple[Clause, ...]:
    best, *others = ranking.candidates
    near = [other for other in others if other.coverage >= max(_LEAST_COVERAGE, best.coverage * _NEAR_BEST)]
    clauses = _distinct(candidate.statement.clause for candidate in (best, *near))
    return tuple(clauses)[: _MOST_CLAUSES.get(plan.statement_kind, 1)]


def _distinct(clauses: Iterable[Clause]) -> Iterator[Clause]:
    """Each wording once: reports repeat themselves."""
    seen: set[str] = set()
    for clause in clauses:
        words = re.sub(r"\W", "", fold(clause.text))
        if words not in seen:
            seen.add(words)
            yield clause
