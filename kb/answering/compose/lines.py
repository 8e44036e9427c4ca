"""Selections → the lines of an answer, without a language model: each line quotes a clause."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from kb.answering.compose.comparison import compare, figure_in_words
from kb.answering.compose.year_note import year_notes
from kb.answering.corpus import Corpus
from kb.answering.extract.selection import Selection
from kb.answering.extract.statements import Clause
from kb.search.intent import Kind
from kb.search.query import QueryPlan
from kb.types import AnswerLine, Citation, Computed, Hit, LineRole, PartLabel

Cite = Callable[[Clause], tuple[Citation, ...]]
"""Gives a clause the next free marker, or that of its passage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """An answer before its figures are checked."""

    lines: tuple[AnswerLine, ...]
    notes: tuple[AnswerLine, ...] = ()  # that stand below the lines and claim nothing from the documents
    cited: tuple[Hit, ...] = ()  # in the order of their markers
    computed: tuple[Computed, ...] = ()
    unanswered: tuple[PartLabel, ...] = ()  # the parts of which nothing was found


def compose(plan: QueryPlan, selections: Sequence[Selection], corpus: Corpus) -> Composition:
    """One line for each clause; where several parts are asked, each names its part, and the parts without documents are noted."""
    several = len(selections) > 1 or bool(plan.scope.missing_labels)
    cited: dict[int, Hit] = {}  # by passage, in order of first use

    def cite(clause: Clause) -> tuple[Citation, ...]:
        cited.setdefault(clause.hit.passage_id, clause.hit)
        marker = 1 + list(cited).index(clause.hit.passage_id)
        return tuple(citation_of(quoted, marker) for quoted in (clause.under, *(clause.parts or (clause,))) if quoted)

    lines: list[AnswerLine] = []
    for selection in selections:
        label = selection.found.part.label
        labels = (label,) if several and label else ()
        if selection.is_whole:
            lines += _of_units(selection, tuple(_of_version(label, plan, selections) for label in labels), cite)
        elif selection.is_summary:
            lines += _of_summary(selection, labels, cite, after=lines[-1].chapter if lines else 0)
        else:
            lines += _of_part(plan, selection, labels, cite)
    comparison = compare(plan, selections)
    if comparison:
        citations = tuple(citation for line in lines for citation in line.citations)
        lines.append(AnswerLine(text=comparison.text, role=LineRole.COMPUTED, citations=citations))
    for text, clause in year_notes(plan, selections, corpus):
        lines.append(AnswerLine(text=text, role=LineRole.NOTE, citations=cite(clause)))
    unanswered = [
        _of_version(selection.found.part.label, plan, selections)
        for selection in selections
        if several and not selection.clauses
    ]
    unanswered += plan.scope.missing_labels
    return Composition(
        lines=tuple(lines),
        notes=tuple(_notes(plan, unanswered)),
        cited=tuple(cited.values()),
        computed=comparison.computed if comparison else (),
        unanswered=tuple(unanswered),
    )


def _of_summary(selection: Selection, labels: tuple[PartLabel, ...], cite: Cite, *, after: int) -> Iterator[AnswerLine]:
    """The lines of a summary, whose chapters are numbered on from `after`; the first names its part."""
    chapter = after
    for number, clause in enumerate(selection.clauses):
        chapter += clause.heads or not number
        yield AnswerLine(
            text=_summary_text(clause),
            role=LineRole.HEADING if clause.heads else LineRole.STATEMENT,
            citations=cite(clause),
            labels=() if number else labels,
            chapter=chapter,
        )


def _of_units(selection: Selection, labels: tuple[PartLabel, ...], cite: Cite) -> Iterator[AnswerLine]:
    """The lines of units of structure as they stand; the last line of neighbours in one passage bears the mark of all."""
    clauses = selection.clauses
    for number, clause in enumerate(clauses):
        behind = clauses[number + 1] if number + 1 < len(clauses) else None
        verdict = f"{selection.verdict}。" if selection.verdict and not number else ""
        yield AnswerLine(
            text=verdict + clause.text,
            role=clause.role,
            citations=cite(clause),
            labels=() if number else labels,
            mark_below=behind is not None and behind.hit.passage_id == clause.hit.passage_id,
        )


def _of_version(label: PartLabel, plan: QueryPlan, selections: Sequence[Selection]) -> PartLabel:
    """The label of a version that the question does not name by its year, as the earlier one or the one in force."""
    if label.year is None or plan.scope.relative or str(label.year) in plan.text:
        return label
    newest = max(selection.found.part.label.year or 0 for selection in selections)
    return PartLabel(issuer=f"{label.issuer}{'现行' if label.year == newest else '较早'}的版本")


def _of_part(plan: QueryPlan, selection: Selection, labels: tuple[PartLabel, ...], cite: Cite) -> Iterator[AnswerLine]:
    """The lines of one part of a question, each with the figure that answers it where there is one."""
    figure = figure_in_words(plan, selection) if plan.kind is Kind.FIGURE else ""
    verdict = f"{selection.verdict}。" if selection.verdict else ""
    for clause in selection.clauses:
        yield AnswerLine(
            text=verdict + _as_sentence(clause.text),
            citations=cite(clause),
            labels=labels,
            figure=figure,
            words=selection.segment if figure else "",
        )


def _notes(plan: QueryPlan, unanswered: Sequence[PartLabel]) -> Iterator[AnswerLine]:
    if unanswered:
        yield AnswerLine(text="没有在库中文件里找到。", role=LineRole.NOTE, labels=tuple(unanswered))
    for misspelling in plan.misspellings:
        yield AnswerLine(text=str(misspelling), role=LineRole.NOTE)


def citation_of(clause: Clause, marker: int) -> Citation:
    """The citation of a clause under its marker."""
    hit = clause.hit
    return Citation(
        marker=marker,
        document=hit.document,
        heading=hit.passage.heading,
        page=hit.passage.page,
        quote=clause.text,
        start=clause.start,
        end=clause.end,
        passage=hit.passage,
    )


def _summary_text(clause: Clause) -> str:
    """A clause of a summary, behind the heading that it stands under."""
    heading = f"{_without_end(clause.under.text)}：" if clause.under else ""
    return _without_end(clause.text) if clause.heads else heading + _as_sentence(clause.text.rstrip("：:"))


def _without_end(heading: str) -> str:
    return heading.rstrip("。；;：:，, ")


def _as_sentence(clause: str) -> str:
    """A clause with a full stop, unless it has an end of its own; behind a colon stands what it leads to."""
    words = clause.rstrip("；;，,、 ")
    return words + ("" if words.endswith(("。", "！", "？", "”", "）", "：", ":")) else "。")
