"""Clauses → text with marks, without a language model: what is said is quoted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.answering.selecting import Clause, Selection
from kb.question import Question
from kb.types import Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of an answer: what it says, and the citations that its marks name."""

    text: str  # without marks
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An answer before its figures are checked."""

    lines: tuple[Line, ...]
    closing: str = ""  # what is said beside the answer, with no claim from the documents


def compose(question: Question, selections: Sequence[Selection]) -> Draft:
    """One line for each clause; where several parts are asked, each says which, and what is not held."""
    several = len(selections) > 1
    lines: list[Line] = []
    silent: list[str] = list(question.scope.missing_labels)
    for selection in selections:
        label = f"{selection.found.part.label}：" if several else ""
        for clause in selection.clauses:
            citation = _citation(clause, marker=len(lines) + 1)
            lines.append(Line(text=label + _as_sentence(clause.text), citations=(citation,)))
        if not selection.clauses:
            silent.append(selection.found.part.label)
    closing = [f"{'、'.join(silent)}：库中文件没有写明。"] if silent else []
    if question.scope.newest:
        closing.append(_says_year(lines))
    return Draft(lines=tuple(lines), closing="\n".join(filter(None, closing)))


def _citation(clause: Clause, marker: int) -> Citation:
    hit = clause.evidence.hit
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


def _as_sentence(clause: str) -> str:
    return clause.rstrip("；;，,、 ") + ("" if clause.endswith(("。", "！", "？", "”", "）")) else "。")


def _says_year(lines: Sequence[Line]) -> str:
    years = sorted(
        {citation.document.metadata.year for line in lines for citation in line.citations} - {None},
        key=lambda year: year or 0,
    )
    return (
        f"（问题没有指明年份，以上取自库中最新的{'、'.join(f'{year}年' for year in years)}文件。）"
        if years
        else ""
    )
