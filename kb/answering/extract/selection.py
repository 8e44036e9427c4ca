"""Candidates → the clauses that answer each part, or none where the best is not sure enough: a near miss is worse than a refusal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kb.answering.extract.answer_type import kind_share
from kb.answering.extract.candidates import Candidates
from kb.answering.extract.coverage import Place, TermWeights
from kb.answering.extract.ranking import Ranking
from kb.answering.extract.statements import Clause, Statement
from kb.answering.extract.yes_no import verdict
from kb.answering.units.choice import choose
from kb.answering.units.reading import Reading
from kb.chinese.text import fold, segments
from kb.search.intent import Kind
from kb.search.query import QueryPlan
from kb.search.retriever import Found
from kb.types import Hit

# docs/adr/0007 tells how these were chosen.
_LEAST_COVERAGE = 0.5  # of what a question speaks of; its everyday words are taken as covered
_LEAST_COVERAGE_AT_ALL = 0.05  # of the asker's own words
_MARGIN_WEIGHT = 0.6  # of the distance in likeness to the next best
_COVERAGE_WEIGHT = 0.08
_MISS_WEIGHT = 0.08  # of what it lacks of what the kind, the year and the tense ask for
_BELIEVED = 0.937  # least sureness, by `_sureness`
_AGREES = 0.5  # least agreement with the other parts for the two lower thresholds
_LEAST_COVERAGE_AGREEING = 0.4
_BELIEVED_AGREEING = 0.92

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
    """The clauses that answer each part of `plan`: the sections under headings that name it, else the best candidates.

    Where no likeness was computed coverage decides alone, and everyday words count as not covered.
    """
    if candidates.sections:
        return [
            Selection(found=found, clauses=clauses, is_summary=plan.statement_kind is Kind.SUMMARY)
            for found, clauses in zip(candidates.found, candidates.sections, strict=True)
        ]
    weights = candidates.weights
    rankings = [ranking for ranking in candidates.rankings if ranking]
    statements = iter(_of_statements(plan, rankings, weights))
    selections = [
        next(statements) if units is None else _of_units(plan, found, units, fields, agrees=plan.is_kept)
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
    """Whether the best of `ranking` answers the question."""
    if not ranking.candidates or ranking.is_clear:
        return ranking.is_clear
    best = ranking.candidates[0]
    if not ranking.compared:
        return best.coverage >= _LEAST_COVERAGE
    coverage, sureness = _sureness(ranking, weights)
    return best.coverage >= _LEAST_COVERAGE_AT_ALL and coverage >= _LEAST_COVERAGE and sureness >= _BELIEVED


def _agrees(ranking: Ranking, weights: TermWeights) -> bool:
    """Whether the best of `ranking` agrees in wording with the other parts, and passes the lower thresholds."""
    if not ranking.compared or not ranking.candidates or ranking.candidates[0].agreement < _AGREES:
        return False
    coverage, sureness = _sureness(ranking, weights)
    return coverage >= _LEAST_COVERAGE_AGREEING and sureness >= _BELIEVED_AGREEING


def _sureness(ranking: Ranking, weights: TermWeights) -> tuple[float, float]:
    """The coverage of the best, with the everyday words of the question taken as covered, and how sure it is the answer."""
    best, *others = ranking.candidates
    coverage = weights.everyday_share + (1 - weights.everyday_share) * best.coverage
    rivals = [other.likeness for other in others if other.statement.text != best.statement.text]
    margin = max(0.0, best.likeness - max(rivals, default=best.likeness))
    miss = 1 - best.statement.share
    return coverage, best.likeness + _MARGIN_WEIGHT * margin + _COVERAGE_WEIGHT * coverage - _MISS_WEIGHT * miss


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
