"""What a look-up found, as lines with the spans that they quote → the lines of an answer with their citations."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kb.answering.compose.lines import Composition, citation_of
from kb.answering.extract.statements import Clause
from kb.answering.lookups.naming.titles import BEHIND, closed_up, names_of, shortest_name
from kb.answering.lookups.source import OpenedDocument, Span
from kb.chinese.figures import figures, stands_in
from kb.chinese.text import simplified
from kb.types import AnswerLine, Document, Hit, LineRole

_TITLE_MARKS = str.maketrans("《》", "〈〉")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A line of an answer, and the clauses that state it."""

    text: str
    clauses: tuple[Clause, ...] = ()
    role: LineRole = LineRole.STATEMENT
    name: str = ""  # of the document and the place in it, in front of the text


def quoted(source: OpenedDocument, span: Span, *, name: str = "") -> Quoted:
    """The words of a span in one line, behind a `name`."""
    return Quoted(text=" ".join(source.text[slice(*span)].split()), clauses=source.clauses(*span), name=name)


def note(text: str) -> Quoted:
    """A line that claims nothing from the documents."""
    return Quoted(text=text, role=LineRole.NOTE)


def composed(lines: Sequence[Quoted]) -> Composition:
    """`lines` with their citations, of which each passage has one marker; the last of the items of a list bears that of all.

    A line that cannot be cited, or states a figure that stands in none of its quotes, is left out.
    """
    cited: dict[int, Hit] = {}
    found: list[AnswerLine] = []
    notes: list[AnswerLine] = []
    for said in lines:
        if any(not any(stands_in(figure, clause.text) for clause in said.clauses) for figure in figures(said.text)):
            continue
        for clause in said.clauses:
            cited.setdefault(clause.hit.passage_id, clause.hit)
        markers = {passage: marker for marker, passage in enumerate(cited, start=1)}
        citations = tuple(citation_of(clause, markers[clause.hit.passage_id]) for clause in said.clauses)
        if citations:
            found.append(AnswerLine(text=said.name + said.text, role=said.role, citations=citations))
        elif said.role is LineRole.NOTE:
            notes.append(AnswerLine(text=said.text, role=said.role))
    for place, (line, behind) in enumerate(itertools.pairwise(found)):
        if behind.role is LineRole.ITEM and line.markers == behind.markers:
            found[place] = replace(line, mark_below=True)
    return Composition(lines=tuple(found), notes=tuple(notes), cited=tuple(cited.values()))


def titled(document: Document) -> str:
    """The name of a document between 《 and 》, as its title or its file name writes it."""
    name = shortest_name(document)
    stem = document.name.rsplit(".", 1)[0]
    written = next((text for text in (document.metadata.title, stem) if closed_up(BEHIND.sub("", text)) == name), name)
    return f"《{BEHIND.sub('', simplified(written)).translate(_TITLE_MARKS)}》"


def title_span(source: OpenedDocument) -> Span | None:
    """The line of a head in which a document's name stands, the longest of its names first."""
    lines = [(span, closed_up(source.text[slice(*span)])) for span in source.lines(0, max(source.head, 1))]
    for name in sorted(names_of(source.document).whole, key=len, reverse=True):
        for span, line in lines:
            if name in line:
                return span
    return None


def under_title(lines: Sequence[Quoted], source: OpenedDocument) -> list[Quoted]:
    """`lines`, of which the first opens with the title: figures in that are quoted, too."""
    span = title_span(source)
    if not lines or span is None or not figures(titled(source.document)):
        return list(lines)
    first, *others = lines
    return [replace(first, clauses=(*first.clauses, *source.clauses(*span))), *others]
