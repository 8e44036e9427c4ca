"""A heading that names what is asked → what stands under it, item by item.

A guide says 办理地点, and below it the place; a report says 存在的不足, and below it each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from kb.answering.statements import Clause
from kb.answering.wording import Place, Wording
from kb.asking import Kind
from kb.figures import figures
from kb.question import Question
from kb.retrieval import Found
from kb.text import fold, without_spaces
from kb.types import Document, Hit

PassagesOf = Callable[[Document], Sequence[Hit]]
"""The passages of a document in order, as hits without scores."""

_NAMED = 0.5  # of each term: so much of it must stand in the heading, or in the title
_ACTS = ("办理", "申请", "申办", "提交", "办", "交", "要")  # what is done with a guide, and not what is asked of it
_MOST_ITEMS = 20
_MOST_CHARACTERS = 400  # of a field; what is longer is looked into clause by clause


def section(question: Question, found: Found, wording: Wording, passages_of: PassagesOf) -> tuple[Clause, ...]:
    """The items under the heading that names what `question` asks; none where no heading does.

    A document that is asked for by its title is looked through; of others, the headings of the hits. A summary of all
    is the headings themselves.
    """
    if question.kind is Kind.SUMMARY and not question.terms:
        return _outline(found, passages_of)
    titled = bool(question.scope.title) and len(found.part.documents) == 1
    listed = question.kind is Kind.SUMMARY or (question.kind is Kind.LIST and question.num_items is None)
    if not (titled or listed):
        return ()
    for hit in found.hits:
        passages = passages_of(hit.document) if titled else [hit]
        title = hit.document.metadata.title
        for path in dict.fromkeys(path for passage in passages for path in _paths(passage.passage.heading)):
            if _names(path[-1], title, question, wording):
                return _items(path, question, passages_of(hit.document), field=titled)
        if titled:
            break
    return ()


def _outline(found: Found, passages_of: PassagesOf) -> tuple[Clause, ...]:
    """The headings of the document that tells of the year, two levels deep; none where several documents may be meant."""
    documents = {hit.document.id: hit.document for hit in found.hits}
    year = found.part.year
    of_year = [document for document in documents.values() if document.metadata.reporting_year == year]
    chosen = of_year if year and not found.part.of_title else list(documents.values())
    if len(chosen) != 1:
        return ()
    passages = passages_of(chosen[0])
    items: list[Clause] = []
    for top in _headings(passages, 0):
        below = [hit for hit in passages if len(hit.passage.heading) > 1 and hit.passage.heading[0] == top.text]
        items += [top, *_headings(below, 1)]
    return tuple(items[:_MOST_ITEMS])


def _paths(heading: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """A path of headings and those above it, outermost first."""
    return (heading[:depth] for depth in range(1, len(heading) + 1))


def _names(heading: str, title: str, question: Question, wording: Wording) -> bool:
    """Whether a heading, beside its title, speaks of every term of the question, and by itself of one."""
    alone = Place(segment=fold(heading))
    below = replace(alone, context=fold(title))
    terms = [term for term in question.terms if term not in _ACTS]
    return all(wording.said(term, below) >= _NAMED for term in terms) and any(
        wording.said(term, alone) >= _NAMED for term in terms
    )


def _items(path: tuple[str, ...], question: Question, passages: Sequence[Hit], *, field: bool) -> tuple[Clause, ...]:
    """The headings right below `path`; where there is none, the lines below it."""
    below = [hit for hit in passages if hit.passage.heading[: len(path)] == path]
    deeper = [hit for hit in below if len(hit.passage.heading) > len(path)]
    if deeper and question.kind in (Kind.LIST, Kind.SUMMARY):
        items = list(_headings(deeper, len(path)))
    else:
        items = [line for hit in below for line in _lines(hit) if not _is_heading(line)]
        if not field and len(items) < 2:  # a paragraph lists in its sentences
            return ()
        if sum(len(item.text) for item in items) > _MOST_CHARACTERS and question.kind not in (Kind.LIST, Kind.SUMMARY):
            return ()
    if question.kind is Kind.FIGURE and not any(figures(item.text) for item in items):
        return ()
    return tuple(items[:_MOST_ITEMS])


def _is_heading(line: Clause) -> bool:
    """Whether a line is the title of its document, or a heading above it."""
    names = (line.hit.document.metadata.title, *line.hit.passage.heading)
    return without_spaces(line.text) in map(without_spaces, names)


def _headings(hits: Sequence[Hit], depth: int) -> Iterator[Clause]:
    """The headings at `depth` of the paths of `hits`, where they stand."""
    seen: set[str] = set()
    for hit in hits:
        heading = "".join(hit.passage.heading[depth : depth + 1])
        for line in _lines(hit):
            if line.text == heading and heading not in seen:
                seen.add(heading)
                yield line


def _lines(hit: Hit) -> Iterator[Clause]:
    start = hit.passage.start
    for line in hit.passage.text.split("\n"):
        text = line.strip()
        if text:
            offset = start + line.index(text)
            yield Clause(hit=hit, text=text, start=offset, end=offset + len(text))
        start += len(line) + 1
