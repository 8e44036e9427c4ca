"""Hits → statements: the segments that may answer a question, each with the share of what its kind asks for.

A statement is a segment of a clause, between commas: the figure that is asked for is beside its subject there,
and other figures are in other segments.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kb.answering.extract.answer_type import kind_share
from kb.answering.extract.coverage import Place
from kb.answering.extract.plan_or_result import is_planned, tense_share
from kb.chinese.text import clauses, fold, segments, sentences, trim, without_spaces
from kb.search.intent import Kind
from kb.search.query import QueryPlan
from kb.search.retriever import Found
from kb.search.scope import ScopePart
from kb.types import Hit, LineRole

_PART = "其中"
_PART_SHARE = 0.85  # of a part where the whole is asked for
_SHORT = 14  # characters: a shorter segment is understood with the one before


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A clause of a passage, with its span in the document's text."""

    hit: Hit
    text: str
    start: int
    end: int
    heads: bool = False  # it is the heading of a chapter of a summary
    under: Clause | None = None  # of a clause of a summary: the heading above it, where that is in the same passage
    role: LineRole = LineRole.STATEMENT
    parts: tuple[Clause, ...] = ()  # of a row of a table: its heads and cells, which are quoted one by one


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A segment of a clause that holds what the kind of question asks for."""

    clause: Clause
    place: Place
    text: str  # the segment, with the one before where it is short
    share: float  # how far it holds what is asked for: the kind, the unit, the year, plan or result; 0 to 1
    planned: bool  # it states a plan, and the question does not say whether it asks for a plan or a result


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sentence:
    """What the clauses of one sentence have in common."""

    tense: float  # how far it is of the year that is asked for, and a plan or a result as asked; 0 to 1
    planned: bool  # as of its statements
    heading: str
    context: str


def names_above(hit: Hit) -> frozenset[str]:
    """The title and the headings above a passage, without white space: a line that is one of them is a heading."""
    return frozenset(map(without_spaces, (hit.document.metadata.title, *hit.passage.heading)))


def statements(plan: QueryPlan, found: Found) -> Iterator[Statement]:
    """The statements of `found.hits` that may answer `plan`."""
    for hit in found.hits:
        yield from _of_hit(plan, found.part, hit)


def _of_hit(plan: QueryPlan, part: ScopePart, hit: Hit) -> Iterator[Statement]:
    passage = hit.passage
    above = " ".join((hit.document.metadata.title, *passage.heading))
    names = names_above(hit)
    nearest = fold(passage.heading[-1]) if passage.heading else ""
    before = ""
    if not plan.speaks_of_places([f"{above} {passage.text}"]):
        return
    spans = sentences(passage.text)
    for (sentence_start, sentence_end), (next_start, next_end) in zip(spans, [*spans[1:], (0, 0)], strict=True):
        sentence = passage.text[sentence_start:sentence_end]
        behind = (
            passage.text[next_start:next_end] if plan.statement_kind is Kind.LIST else ""
        )  # …。这“六保”是今年的着力点。
        if without_spaces(sentence) in names:
            continue
        context = fold(f"{above} {before} {sentence} {behind}")
        before = sentence
        if hit.document.id in part.naming_year and str(part.year) not in sentence:
            continue
        planned = is_planned(passage.heading, sentence)
        around = _Sentence(
            tense=tense_share(plan, part, hit, sentence, planned),
            planned=planned is True and plan.planned is None,
            heading=nearest,
            context=context,
        )
        whole = plan.statement_kind is Kind.DEFINITION
        for start, end in [(0, len(sentence))] if whole else clauses(sentence):
            start, end = trim(sentence, start, end)
            offset = passage.start + sentence_start
            clause = Clause(hit=hit, text=sentence[start:end], start=offset + start, end=offset + end)
            yield from _of_clause(plan, clause, around)


def _of_clause(plan: QueryPlan, clause: Clause, sentence: _Sentence) -> Iterator[Statement]:
    earlier = ""
    for start, end in _segments(plan.statement_kind, clause.text):
        segment = clause.text[start:end]
        text = earlier + segment if start and len(segment) < _SHORT else segment
        earlier = segment
        share = sentence.tense * kind_share(plan, segment)
        if _PART in clause.text[:end] and _PART not in plan.text:
            share *= _PART_SHARE
        if share:
            place = Place(
                segment=fold(segment),
                before=fold(clause.text[:start]),
                after=fold(clause.text[end:]),
                heading=sentence.heading,
                context=sentence.context,
            )
            yield Statement(clause=clause, place=place, text=text, share=share, planned=sentence.planned)


def _segments(kind: Kind, clause: str) -> list[tuple[int, int]]:
    """Where a figure is asked for its segments, where a list is asked for these and all, else the whole clause."""
    whole = [(0, len(clause))]
    pieces = segments(clause) if kind in (Kind.FIGURE, Kind.LIST) else []
    return pieces + whole if kind is Kind.LIST and len(pieces) > 1 else pieces or whole
