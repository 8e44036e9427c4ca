"""A reading → the lines that are shown of it: whole, with its lead-ins, and never a part that needs what is left out.

A list that is asked for is shown with its lead-in and all items, an item with its lead-ins, a short article or answer of an FAQ
whole, a row of a table with its heads. What is longer is shown by the paragraph or sentence that answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kb.answering.extract.statements import Clause
from kb.answering.structure import BlockShape, Node, Span
from kb.answering.units.narrowing import branch_of, meant_cells, narrowed
from kb.answering.units.reading import LISTED, Reading
from kb.answering.units.rows import cells_of
from kb.chinese.lexicon import read_lexicon
from kb.chinese.text import sentences, trim
from kb.search.intent import Kind
from kb.search.query import QueryPlan
from kb.types import Hit, LineRole, SectionKind

_LEXICON = read_lexicon(__name__)
_LIMITS = _LEXICON["limits"]
# Kinds that one sentence answers, or one case in it.
NARROW = frozenset((Kind.FIGURE, Kind.WHEN, Kind.WHO, Kind.WHERE))
_SHORT = 300  # characters of a container that is shown whole
_WITH_EXCEPTIONS = 500  # … where yes or no is asked: an exception may stand paragraphs later
_SHORT_PARAGRAPH = 160  # … of a paragraph where one sentence answers
_LONGEST = 1000  # … of a field or an answer of an FAQ that is a list
_LONGEST_SECTION = 800  # … of a section that is shown as the surroundings of a quote
_FIELDS = frozenset((SectionKind.HEADING, SectionKind.QUESTION))


def shown_lines(plan: QueryPlan, reading: Reading) -> tuple[Clause, ...]:
    """The lines that are shown for a reading, in document order."""
    text = reading.structure.text
    hit = section_of(reading)
    block = reading.block
    rows = {focus.start for focus in block.foci} if block.shape is BlockShape.TABLE else ()
    lines: list[Clause] = []
    for start, end in shown_spans(plan, reading):
        if start in rows:
            lines.append(row_line(plan, text, start, end, hit))
        else:
            is_item = block.shape is BlockShape.LIST and block.body <= start < block.end
            role = LineRole.ITEM if is_item else LineRole.STATEMENT
            lines.append(Clause(hit=hit, text=text[start:end], start=start, end=end, role=role))
    return tuple(lines)


def section_of(reading: Reading) -> Hit:
    """The hit of a reading with its whole section, where that is not too long, as its passage."""
    hit, container, block = reading.hit, reading.block.container, reading.block
    for start, end in ((container.start, container.end), (block.start, block.end)):
        start, end = trim(reading.structure.text, start, end)
        if container.section and hit.passage.end - hit.passage.start <= end - start <= _LONGEST_SECTION:
            passage = replace(hit.passage, text=reading.structure.text[start:end], start=start, end=end, lead_in="")
            return replace(hit, passage=passage)
    return hit


def shown_spans(plan: QueryPlan, reading: Reading) -> list[Span]:
    """The spans of the lines that are shown for a reading, in document order."""
    block, focus = reading.block, reading.focus
    if block.shape is BlockShape.TABLE:
        return [(focus.start, focus.end)]
    branch = branch_of(plan, reading.structure.text, block.start, block.end) if plan.kind not in LISTED else None
    if branch and block.shape is BlockShape.PARAGRAPH:
        return [branch]
    if plan.kind in NARROW and block.shape is BlockShape.LIST:
        return [*focus.leads, *narrowed(plan, reading.structure.text, focus.start, focus.end, reading.said)]
    listed = plan.kind in LISTED
    if block.shape is BlockShape.LIST:
        container = block.container
        if plan.kind is Kind.YES_NO and _is_leaf(container) and container.end - container.body <= _WITH_EXCEPTIONS:
            return reading.structure.lines(container.body if container.section else block.start, container.end)
        whole = listed or (plan.kind not in NARROW and block.end - block.start <= _SHORT)
        return reading.structure.lines(block.start, block.end) if whole else [*focus.leads, (focus.start, focus.end)]
    return list(_of_paragraph(plan, reading, listed=listed))


def _of_paragraph(plan: QueryPlan, reading: Reading, *, listed: bool) -> Iterator[Span]:
    structure, block, focus, container = reading.structure, reading.block, reading.focus, reading.block.container
    longest = _longest(plan, container)
    if container.section and _is_leaf(container) and container.end - container.body <= longest:
        yield from structure.lines(container.body, container.end)
        return
    if plan.kind in NARROW:
        spans = _narrow(plan, reading)
    elif listed or block.end - block.start <= _SHORT_PARAGRAPH:
        spans = [(block.start, block.end)]
    else:
        spans = [(focus.start, _end_of_statement(reading))]
    yield from spans
    _, end = spans[-1]
    if structure.text[end - 1] in "：:":
        yield from _behind(reading, end)


def _longest(plan: QueryPlan, container: Node) -> int:
    """Characters up to which a container is shown whole."""
    if plan.kind in LISTED and container.kind in _FIELDS:
        return _LONGEST
    if plan.kind is Kind.YES_NO:
        return _WITH_EXCEPTIONS
    return 0 if plan.kind in NARROW or plan.kind is Kind.DEFINITION else _SHORT


def _narrow(plan: QueryPlan, reading: Reading) -> list[Span]:
    """The part of a paragraph, or of its sentence, that is about the case of the question."""
    text, block, focus = reading.structure.text, reading.block, reading.focus
    spans = narrowed(plan, text, block.start, block.end, reading.said)
    length = sum(end - start for start, end in spans)
    return spans if length <= _SHORT_PARAGRAPH else narrowed(plan, text, focus.start, focus.end, reading.said)


def _is_leaf(container: Node) -> bool:
    return not any(child.is_container for child in container.children)


def _behind(reading: Reading, at: int) -> Iterator[Span]:
    """What stands behind a colon at `at`, up to the length of a short section."""
    for start, end in reading.structure.lines(at, reading.block.container.end):
        if end > at + _SHORT:
            break
        yield start, end


def _end_of_statement(reading: Reading) -> int:
    """The end of the sentence that answers, with one behind it that limits it."""
    end = reading.focus.end
    rest = reading.structure.text[end : reading.block.end]
    for first, last in sentences(rest)[:1]:
        start, finish = trim(rest, first, last)
        if _LIMITS.match(rest[start:finish]):
            return end + finish
    return end


def row_line(plan: QueryPlan, text: str, start: int, end: int, hit: Hit) -> Clause:
    """A row as “head：cell” behind one another; its heads and cells are quoted one by one, as the file has them."""
    pieces: list[str] = []
    parts: list[Clause] = []
    for cell in meant_cells(plan, text, cells_of(text, start, end)):
        head = "－".join(text[first:last] for first, last in cell.head)
        pieces.append(f"{head}：{text[slice(*cell.value)]}" if head else text[slice(*cell.value)])
        spans = (*cell.head, cell.value)
        parts += [Clause(hit=hit, text=text[first:last], start=first, end=last) for first, last in spans]
    return Clause(hit=hit, text="；".join(pieces), start=start, end=end, role=LineRole.ROW, parts=tuple(parts))
