"""The year that an answer is of, noted where the question leaves it open, with the clause that names it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kb.answering.corpus import Corpus
from kb.answering.extract.selection import Selection
from kb.answering.extract.statements import Clause
from kb.chinese.text import sentences, trim
from kb.search.query import QueryPlan
from kb.types import Document


def year_notes(plan: QueryPlan, selections: Sequence[Selection], corpus: Corpus) -> Iterator[tuple[str, Clause]]:
    """What is to be noted of the years of `selections`, each with the clause that names the year.

    No year was named, or one that is counted from the newest document: 去年. A document that is asked for by its title
    needs no year.
    """
    if plan.scope.title:
        return
    relative = plan.scope.relative_word
    noted: set[int] = set()
    for selection in selections:
        for document in (clause.hit.document for clause in selection.clauses):
            asked = selection.found.part.year
            of_version = bool(asked) and not relative and str(asked) not in plan.text
            year = (
                asked
                if of_version
                else asked
                if relative and document.metadata.year
                else document.metadata.year
                if asked is None
                else None
            )
            if year is None or year in noted or not (clause := _naming(document, year, corpus)):
                continue
            noted.add(year)
            if asked is None:
                yield f"问题没有指明年份，以上取自{year}年的文件。", clause
            elif relative:
                yield f"问题中的“{relative}”按库中最新的文件推算，以上为{year}年。", clause


def _naming(document: Document, year: int, corpus: Corpus) -> Clause | None:
    """Where a document names a year."""
    words = f"{year}年"
    hit = corpus.first_with(document, words)
    if hit is None:
        return None
    text = hit.passage.text
    start, end = next(trim(text, *span) for span in sentences(text) if words in text[slice(*span)])
    offset = hit.passage.start
    return Clause(hit=hit, text=text[start:end], start=offset + start, end=offset + end)
