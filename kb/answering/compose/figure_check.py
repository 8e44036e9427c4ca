"""The lines of an answer → those whose every figure stands in a quote of their own; any other line is struck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.answering.compose.lines import Composition
from kb.chinese.figures import Figure, figures, stands_in
from kb.types import AnswerLine, Citation, Computed, LineRole, PartLabel, TableRow


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedLines:
    """The lines of an answer whose figures were checked; no lines at all where none is left."""

    lines: tuple[AnswerLine, ...]
    citations: tuple[Citation, ...]
    computed: tuple[Computed, ...]
    table: tuple[TableRow, ...]
    struck: tuple[AnswerLine, ...]


def check(composition: Composition) -> CheckedLines:
    """Strike the lines that state a figure which stands in no quote of theirs."""
    labels = [label for line in composition.lines for label in line.labels]
    kept = [
        line for line in composition.lines if not unfounded(_claim(line, labels), line.citations, composition.computed)
    ]
    return CheckedLines(
        lines=(*kept, *composition.notes) if kept else (),
        citations=tuple(dict.fromkeys(citation for line in kept for citation in line.citations)),
        computed=composition.computed if kept else (),
        table=_table(kept, composition.unanswered),
        struck=tuple(line for line in composition.lines if line not in kept),
    )


def unfounded(text: str, citations: Sequence[Citation], computed: Sequence[Computed] = ()) -> list[Figure]:
    """The figures of `text` that stand in no quote of `citations` and were not computed from such."""
    founded = [step.figure for step in computed if _is_quoted_difference(step, citations)]
    sources = [*founded, *(citation.quote for citation in citations)]
    return [figure for figure in figures(text) if not any(stands_in(figure, source) for source in sources)]


def _table(lines: Sequence[AnswerLine], unanswered: Sequence[PartLabel]) -> tuple[TableRow, ...]:
    """A row for each part, those of which nothing was found last; none where fewer than two have a figure."""
    rows: dict[PartLabel, TableRow] = {}
    for line in lines:
        for label in line.labels:
            rows.setdefault(label, _row(label, line))
    if sum(bool(row.figure) for row in rows.values()) < 2:
        return ()
    return (*rows.values(), *(TableRow(label=label) for label in unanswered))


def _row(label: PartLabel, line: AnswerLine) -> TableRow:
    citation = line.citations[-1]
    return TableRow(label=label, figure=line.figure, words=line.words or citation.quote, marker=citation.marker)


def _claim(line: AnswerLine, labels: Sequence[PartLabel]) -> str:
    """What a line states: the years of the parts that a computed line names are the question's."""
    text = line.text
    for label in labels if line.role is LineRole.COMPUTED else ():
        text = text.replace(str(label), "")
    return text


def _is_quoted_difference(step: Computed, citations: Sequence[Citation]) -> bool:
    """Whether a difference is right and both its operands stand in quotes."""
    operands = [figures(operand)[0] for operand in step.operands if figures(operand)]
    quoted = all(any(stands_in(operand, citation.quote) for citation in citations) for operand in operands)
    result = figures(step.figure)
    return (
        len(operands) == len(step.operands) == 2
        and quoted
        and bool(result)
        and result[0].value == abs(operands[0].value - operands[1].value)
    )
