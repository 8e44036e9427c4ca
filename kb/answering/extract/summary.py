"""A summary → of each document that it is of, the clauses that tell most of it, chapter by chapter.

    parts of the question → the documents of each → their chapters of the year that is asked for → telling clauses

Where more documents may be meant than can be told of, there is none: the question must name an issuer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kb.answering.extract.highlights import abridge
from kb.answering.extract.plan_or_result import of_year
from kb.answering.extract.sections import PassagesOf
from kb.answering.extract.selection import Selection
from kb.search.query import QueryPlan
from kb.search.retriever import Found
from kb.search.scope import RELATIVE, Part
from kb.types import Document, PartLabel

_FULL = 0.75  # documents to a passage: where more may be meant, too little is told of each


def summarise(
    question: QueryPlan, documents: Mapping[int, Document], passages_of: PassagesOf, most: int
) -> list[Selection]:
    """The clauses that sum up each part of `question`, of about `most` passages in all.

    One selection for each document; a part of which nothing is held has one without clauses. None at all where a part
    may mean more documents than there is room for.
    """
    chosen = [(part, document) for part in question.scope.parts for document in _documents(part, documents, question)]
    if len(chosen) > len(question.scope.parts) and len(chosen) > _FULL * most:
        return []
    share, more = divmod(most - _num_year_notes(question, chosen), max(len(chosen), 1))
    several = len(chosen) > len({part.label for part, _ in chosen})
    selections: list[Selection] = []
    for part in question.scope.parts:
        of_part = [document for one, document in chosen if one is part]
        for document in of_part:
            hits = of_year(passages_of(document), part, planned=question.planned)
            clauses = abridge(hits, max(share + (more > 0), 1))
            more -= 1
            label = _label(part, document) if several else part.label
            named = replace(part, label=label, documents=frozenset({document.id}))
            selections.append(
                Selection(found=Found(part=named, hits=(), rejected=()), clauses=clauses, is_summary=True)
            )
        if not of_part:
            selections.append(Selection(found=Found(part=part, hits=(), rejected=()), clauses=()))
    return selections


def _documents(part: Part, documents: Mapping[int, Document], question: QueryPlan) -> list[Document]:
    """The documents that tell of the year of a part: of each issuer the reports on it, else those that plan it."""
    held = [documents[id_] for id_ in sorted(part.documents) if id_ in documents]
    if part.year is None or part.of_title:
        return held
    told = [document for document in held if document.metadata.reporting_year == part.year]
    planned = [document for document in held if document.metadata.year == part.year and document not in told]
    first, second = (planned, told) if question.planned else (told, planned)
    issuers = {document.metadata.issuer for document in first}
    return [*first, *(document for document in second if document.metadata.issuer not in issuers)]


def _label(part: Part, document: Document) -> PartLabel:
    """What tells one document of a part from the others."""
    metadata = document.metadata
    if not metadata.issuer:
        return PartLabel(issuer=metadata.title)
    if part.year:
        return replace(part.label, issuer=f"{metadata.issuer}{part.label.issuer}")
    return PartLabel(issuer=metadata.issuer, year=metadata.year)


def _num_year_notes(question: QueryPlan, chosen: Sequence[tuple[Part, Document]]) -> int:
    """How many passages are quoted for the years that the question leaves open."""
    if question.scope.title:
        return 0
    relative = question.scope.relative and RELATIVE.search(question.text)
    open_ = [(part, document) for part, document in chosen if part.year is None or relative]
    return len({part.year or document.metadata.year for part, document in open_})
