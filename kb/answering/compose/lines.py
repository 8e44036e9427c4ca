"""Clauses → text with marks, without a language model: what is said is quoted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.answering.compose.comparison import compare, told
from kb.answering.compose.year_note import FirstWith, dating
from kb.answering.extract.candidates import Clause
from kb.answering.extract.selection import Selection
from kb.search.intent import Kind
from kb.search.query import QueryPlan
from kb.types import Citation, Computed, Hit


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of an answer: what it says, and the citations that its marks name."""

    text: str  # without marks
    citations: tuple[Citation, ...]
    label: str = ""  # the issuer and year that it is of, where several are asked for
    figure: str = ""  # as quoted: what answers
    words: str = ""  # of its quote, in which the figure stands
    named: tuple[str, ...] = ()  # the labels that its text names
    chapter: int = 0  # of a summary, from 1; 0 for a line of none
    heads: bool = False  # it is what its chapter is called by


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An answer before its figures are checked."""

    lines: tuple[Line, ...]
    cited: tuple[Hit, ...] = ()  # in the order of their markers
    computed: tuple[Computed, ...] = ()
    silent: tuple[str, ...] = ()  # the labels of what is asked for and not held
    closing: str = ""  # what is said beside the answer, with no claim from the documents


def compose(question: QueryPlan, selections: Sequence[Selection], first_with: FirstWith) -> Draft:
    """One line for each clause; where several parts are asked, each says which, and what is not held."""
    several = len(selections) > 1 or bool(question.scope.missing_labels)
    figures = question.kind is Kind.FIGURE
    lines: list[Line] = []
    cited: dict[int, Hit] = {}  # by passage, in order of first use
    chapter = 0

    def add(text: str, clause: Clause, label: str = "", figure: str = "", words: str = "", chapter: int = 0) -> None:
        cited.setdefault(clause.hit.passage_id, clause.hit)
        marker = 1 + list(cited).index(clause.hit.passage_id)
        citations = tuple(_citation(quoted, marker) for quoted in (clause.under, clause) if quoted)
        lines.append(
            Line(
                text=text,
                citations=citations,
                label=label,
                figure=figure,
                words=words,
                chapter=chapter,
                heads=clause.heads,
            )
        )

    for selection in selections:
        if selection.is_summary:
            label = selection.found.part.label if several else ""
            for number, clause in enumerate(selection.clauses):
                chapter += clause.heads or not number
                add(_told_under(clause), clause, "" if number else label, chapter=chapter)
            continue
        figure = told(question, selection) if figures else ""
        words = selection.segment if figure else ""
        label = selection.found.part.label if several else ""
        verdict = f"{selection.verdict}。" if selection.verdict else ""
        for clause in selection.clauses:
            add(verdict + _as_sentence(clause.text), clause, label, figure, words)
    comparison = compare(question, selections)
    if comparison:
        citations = tuple(citation for line in lines for citation in line.citations)
        labels = tuple(selection.found.part.label for selection in selections)
        lines.append(Line(text=comparison.text, citations=citations, named=labels))
    for text, clause in dating(question, selections, first_with):
        add(text, clause)
    silent = [selection.found.part.label for selection in selections if several and not selection.clauses]
    silent += question.scope.missing_labels
    closing = [f"{'、'.join(silent)}：没有在库中文件里找到。"] if silent else []
    closing += map(str, question.misspellings)
    return Draft(
        lines=tuple(lines),
        cited=tuple(cited.values()),
        computed=comparison.computed if comparison else (),
        silent=tuple(silent),
        closing="\n".join(closing),
    )


def _citation(clause: Clause, marker: int) -> Citation:
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


def _told_under(clause: Clause) -> str:
    """A clause of a summary, behind the heading that it is told under."""
    heading = f"{_without_end(clause.under.text)}：" if clause.under else ""
    return _without_end(clause.text) if clause.heads else heading + _as_sentence(clause.text.rstrip("：:"))


def _without_end(heading: str) -> str:
    return heading.rstrip("。；;：:，, ")


def _as_sentence(clause: str) -> str:
    return clause.rstrip("；;，,、 ") + ("" if clause.endswith(("。", "！", "？", "”", "）")) else "。")
