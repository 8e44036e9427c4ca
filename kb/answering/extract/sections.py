"""A heading that names what is asked → the text under it, item by item.

In a guide 办理地点 has the place under it; in a report 存在的不足 has each shortcoming.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kb.answering.corpus import Corpus
from kb.answering.extract.coverage import Place, TermWeights
from kb.answering.extract.highlights import abridge, lines_of
from kb.answering.extract.plan_or_result import of_year
from kb.answering.extract.statements import Clause, names_above
from kb.chinese.figures import figures
from kb.chinese.text import fold, without_spaces
from kb.search.intent import Kind
from kb.search.query import QueryPlan
from kb.search.retriever import Found
from kb.types import Document, Hit

_NAMED = 0.5  # of each term: so much of it must stand in the heading, or in the title
_ACTS = ("办理", "申请", "申办", "提交", "办", "交", "要")  # what is done with a guide, and not what is asked of it
_MOST_ITEMS = 20
_MOST_CHARACTERS = 400  # of a field; what is longer is looked into clause by clause


def section(plan: QueryPlan, found: Found, weights: TermWeights, corpus: Corpus, most: int) -> tuple[Clause, ...]:
    """The items under the heading that names what `plan` asks; none where no heading does.

    A document that is asked for by its title is looked through; of others, the headings of the hits.
    A summary quotes the most informative clauses of at most `most` passages below it.
    """
    titled = bool(plan.scope.title) and len(found.part.documents) == 1
    listed = plan.statement_kind is Kind.SUMMARY or (plan.statement_kind is Kind.LIST and plan.num_items is None)
    if not (titled or listed):
        return ()
    if plan.statement_kind is Kind.SUMMARY and (document := _titled(plan, found, weights)):
        return abridge(of_year(corpus.passages_of(document), found.part, planned=plan.planned), most)
    for hit in found.hits:
        passages = corpus.passages_of(hit.document) if titled else [hit]
        title = hit.document.metadata.title
        for path in dict.fromkeys(path for passage in passages for path in _paths(passage.passage.heading)):
            if _names(path[-1], title, plan, weights):
                if plan.statement_kind is not Kind.SUMMARY:
                    return _items(path, plan, corpus.passages_of(hit.document), field=titled)
                if clauses := _summed_up(path, plan, found, corpus.passages_of(hit.document), most):
                    return clauses
        if titled:
            break
    return ()


def _paths(heading: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """A path of headings and those above it, outermost first."""
    return (heading[:depth] for depth in range(1, len(heading) + 1))


def _names(heading: str, title: str, plan: QueryPlan, weights: TermWeights) -> bool:
    """Whether a heading, beside its title, speaks of every term of the question, and by itself of one."""
    alone = Place(segment=fold(heading))
    below = replace(alone, context=fold(title))
    terms = [term for term in plan.terms if term not in _ACTS]
    return all(weights.presence(term, below) >= _NAMED for term in terms) and any(
        weights.presence(term, alone) >= _NAMED for term in terms
    )


def _items(path: tuple[str, ...], plan: QueryPlan, passages: Sequence[Hit], *, field: bool) -> tuple[Clause, ...]:
    """The headings right below `path`; where there is none, the lines below it."""
    below = [hit for hit in passages if hit.passage.heading[: len(path)] == path]
    deeper = [hit for hit in below if len(hit.passage.heading) > len(path)]
    if deeper and plan.statement_kind is Kind.LIST:
        items = list(_headings(deeper, len(path)))
    else:
        items = [line for hit in below for line in lines_of(hit) if not _is_heading(line)]
        if not field and len(items) < 2:  # a paragraph lists in its sentences
            return ()
        if sum(len(item.text) for item in items) > _MOST_CHARACTERS and plan.statement_kind is not Kind.LIST:
            return ()
    if plan.statement_kind is Kind.FIGURE and not any(figures(item.text) for item in items):
        return ()
    return tuple(items[:_MOST_ITEMS])


def _titled(plan: QueryPlan, found: Found, weights: TermWeights) -> Document | None:
    """The one document found whose title by itself speaks of every term of the question."""
    documents = {hit.document.id: hit.document for hit in found.hits}
    titled = [
        document
        for document in documents.values()
        if all(weights.presence(term, Place(segment=fold(document.metadata.title))) >= _NAMED for term in plan.terms)
    ]
    return titled[0] if len(titled) == 1 else None


def _summed_up(
    path: tuple[str, ...], plan: QueryPlan, found: Found, passages: Sequence[Hit], most: int
) -> tuple[Clause, ...]:
    """The most informative clauses below `path`; none where that is of another year than the one that is asked for."""
    below = [
        hit for hit in of_year(passages, found.part, planned=plan.planned) if hit.passage.heading[: len(path)] == path
    ]
    return abridge(below, most, depth=len(path) - 1)


def _is_heading(line: Clause) -> bool:
    """Whether a line is the title of its document, or a heading above it."""
    return without_spaces(line.text) in names_above(line.hit)


def _headings(hits: Sequence[Hit], depth: int) -> Iterator[Clause]:
    """The headings at `depth` of the paths of `hits`, where they stand."""
    seen: set[str] = set()
    for hit in hits:
        heading = "".join(hit.passage.heading[depth : depth + 1])
        for line in lines_of(hit):
            if line.text == heading and heading not in seen:
                seen.add(heading)
                yield line
