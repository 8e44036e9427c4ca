"""Text with marks → text whose every figure stands in the quote that its mark names.

What cannot be shown so is not said: a line that states another figure is struck.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from kb.answering.compose.lines import Draft, Line
from kb.chinese.figures import Figure, figures, stands_in
from kb.types import Chapter, Citation, Computed, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """An answer whose figures were checked."""

    text: str
    citations: tuple[Citation, ...]
    computed: tuple[Computed, ...]
    table: tuple[Row, ...]
    told: tuple[Row, ...]
    struck: tuple[Line, ...]
    chapters: tuple[Chapter, ...] = ()  # of a summary


def strike_unfounded(draft: Draft) -> Checked:
    """Strike the lines of `draft` that state a figure which does not stand in their quotes."""
    kept = [line for line in draft.lines if not unfounded(_claim(line), line.citations, draft.computed)]
    return Checked(
        text="\n".join(filter(None, [*map(_marked, kept), draft.closing])) if kept else "",
        citations=tuple(dict.fromkeys(citation for line in kept for citation in line.citations)),
        computed=draft.computed if kept else (),
        table=_table(kept, draft.silent),
        told=tuple(_row(line) for line in kept if line.figure),
        struck=tuple(line for line in draft.lines if line not in kept),
        chapters=tuple(_chapters(kept)),
    )


def unfounded(text: str, citations: Sequence[Citation], computed: Sequence[Computed] = ()) -> list[Figure]:
    """The figures of `text` that stand in no quote of `citations` and were not computed from such."""
    founded = [step.figure for step in computed if _holds(step, citations)]
    told = [*founded, *(citation.quote for citation in citations)]
    return [figure for figure in figures(text) if not any(stands_in(figure, source) for source in told)]


def _table(lines: Sequence[Line], silent: Sequence[str]) -> tuple[Row, ...]:
    """A row for each part, those of which nothing is held last; none where fewer than two tell a figure."""
    rows: dict[str, Row] = {}
    for line in lines:
        if line.label:
            rows.setdefault(line.label, _row(line))
    if sum(bool(row.figure) for row in rows.values()) < 2:
        return ()
    return (*rows.values(), *(Row(label=label, figure="", words="", marker=None) for label in silent))


def _chapters(lines: Sequence[Line]) -> Iterator[Chapter]:
    """The chapters of a summary, each with its lines as they stand in the text."""
    for number, of_one in groupby(lines, key=lambda line: line.chapter):
        if number:
            first, *others = of_one
            heading, told = ([_marked(first)], others) if first.heads else ([], [first, *others])
            yield Chapter(heading="".join(heading), lines=tuple(map(_marked, told)))


def _row(line: Line) -> Row:
    citation = line.citations[-1]
    words = line.words or citation.quote
    return Row(label=line.label, figure=line.figure, words=words, marker=citation.marker)


def _claim(line: Line) -> str:
    """What a line states: the years of the parts that it names are the question's."""
    text = line.text
    for label in line.named:
        text = text.replace(label, "")
    return text


def _holds(step: Computed, citations: Sequence[Citation]) -> bool:
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


def _marked(line: Line) -> str:
    marks = "".join(f"[{marker}]" for marker in dict.fromkeys(citation.marker for citation in line.citations))
    return (f"{line.label}：" if line.label else "") + line.text + marks
