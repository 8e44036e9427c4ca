"""A question for a summary → for each document that it is about, its most informative clauses, chapter by chapter.

    parts of the question → the documents of each → their chapters of the year that is asked for → clauses

Where more documents may be meant than there is room for, there is no summary: the question must name an issuer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kb.answering.corpus import Corpus
from kb.answering.extract.highlights import abridge
from kb.answering.extract.plan_or_result import of_year
from kb.answering.extract.selection import Selection
from kb.search.query import QueryPlan
from kb.search.retriever import Found
from kb.search.scope import ScopePart
from kb.types import Document, PartLabel

_FULL = 0.75  # documents to a passage: where more may be meant, too little would be quoted of each


def summarise(plan: QueryPlan, corpus: Corpus, most: int) -> list[Selection]:
    """The clauses that sum up each part of `plan`, of about `most` passages in all.

    One selection for each document; a part without documents has one without clauses. No selection at all where a part
    may mean more documents than there is room for.
    """
    documents = plan.gazetteer.documents
    chosen = [(part, document) for part in plan.scope.parts for document in _documents(part, documents, plan)]
    if len(chosen) > len(plan.scope.parts) and len(chosen) > _FULL * most:
        return []
    share, more = divmod(most - _num_year_notes(plan, chosen), max(len(chosen), 1))
    several = len(chosen) > len({part.label for part, _ in chosen})
    selections: list[Selection] = []
    for part in plan.scope.parts:
        of_part = [document for chosen_part, document in chosen if chosen_part is part]
        for document in of_part:
            hits = of_year(corpus.passages_of(document), part, planned=plan.planned)
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


def _documents(part: ScopePart, documents: Mapping[int, Document], plan: QueryPlan) -> list[Document]:
    """The documents about the year of a part: of each issuer the reports on it, else those with its plans."""
    admitted = [documents[id_] for id_ in sorted(part.documents - part.above) if id_ in documents]
    if part.year is None or part.of_title:
        return admitted
    reporting = [document for document in admitted if document.metadata.reporting_year == part.year]
    planning = [document for document in admitted if document.metadata.year == part.year and document not in reporting]
    first, second = (planning, reporting) if plan.planned else (reporting, planning)
    issuers = {document.metadata.issuer for document in first}
    return [*first, *(document for document in second if document.metadata.issuer not in issuers)]


def _label(part: ScopePart, document: Document) -> PartLabel:
    """The label of one document among several of a part."""
    metadata = document.metadata
    if not metadata.issuer:
        return PartLabel(issuer=metadata.title)
    if part.year:
        return replace(part.label, issuer=f"{metadata.issuer}{part.label.issuer}")
    return PartLabel(issuer=metadata.issuer, year=metadata.year)


def _num_year_notes(plan: QueryPlan, chosen: Sequence[tuple[ScopePart, Document]]) -> int:
    """How many passages are quoted for the years that the question leaves open."""
    if plan.scope.title:
        return 0
    open_ = [(part, document) for part, document in chosen if part.year is None or plan.scope.relative_word]
    return len({part.year or document.metadata.year for part, document in open_})
