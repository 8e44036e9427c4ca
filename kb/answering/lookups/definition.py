"""What a term means, as documents define it → the defining sentence, with its items where it is a list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kb.answering.corpus import Corpus
from kb.answering.lookups.naming.titles import closed_up
from kb.answering.lookups.naming.versions import newest_first, series_of
from kb.answering.lookups.quotes import Quoted, note, quoted, titled, under_title
from kb.answering.lookups.source import OpenedDocument, Span, source_of
from kb.chinese.lexicon import read_lexicon
from kb.chinese.synonyms import everyday_words
from kb.chinese.text import trim
from kb.search.query import QueryPlan
from kb.types import Document, SectionKind

_LEXICON = read_lexicon(__name__)
_ASKS = _LEXICON["asks"]
_DIFFERENCE = _LEXICON["difference"]
_JOIN = _LEXICON["join"]
_FRAME = _LEXICON["frame"]
_REPORT = _LEXICON["report"]
_LOCAL = _LEXICON["local"]
_SHORT_FOR = _LEXICON["short_for"]
_MEANS = _LEXICON["means"]
_MOST_DOCUMENTS = 3  # that define a term, each in its own words
_MOST_LINES = 16
_LONGEST_TERM = 24
_SPARE = 4  # characters that a defined term may have beside the one that is asked for

Places = dict[str, list[tuple[Document, Span]]]
"""By term, closed up: the documents that define it, and where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """Where a document says what a term means."""

    source: OpenedDocument
    span: Span


def asked_terms(text: str) -> list[str]:
    """The terms whose meaning, or whose difference, the question `text` asks for; none where it asks for something else."""
    question = closed_up(text).rstrip("?。!,")
    if match := _DIFFERENCE.fullmatch(question):
        return [match["one"], match["other"]]
    match = _ASKS.fullmatch(question)
    return [term for term in match.groups() if term][:1] if match else []


def read_definitions(plan: QueryPlan, corpus: Corpus) -> list[Quoted]:
    """The definitions of the terms that a question asks for; none where one of them is not defined.

    Yearly reports explain their words in passing, and are left to the search.
    """
    asked = asked_terms(plan.text)
    if not asked:
        return []
    admitted = _admitted(plan)
    defined = _defined(admitted, corpus)
    if len(asked) == 1:
        parts = [part for part in _JOIN.split(list(_readings(asked[0]))[-1]) if part]
        asked = parts if len(parts) > 1 and all(part in defined for part in parts) else asked
    found = [definitions_of(term, admitted, defined, corpus) for term in asked]
    if not all(found):
        return []
    return [line for definitions in found for line in _lines(definitions)]


def definitions_of(term: str, admitted: Mapping[int, Document], defined: Places, corpus: Corpus) -> list[Definition]:
    """Where the `admitted` documents define a term, in the newest version of each."""
    places = next(filter(None, (defined.get(name) for name in _readings(term))), None)
    places = places or next(filter(None, (_in_text(name, admitted, corpus) for name in _readings(term))), None)
    places = places or _near(term, defined) or []
    series: dict[str, list[tuple[Document, Span]]] = {}
    for document, span in places:
        series.setdefault(series_of(document), []).append((document, span))
    found = []
    for of_series in series.values():
        newest = newest_first(source_of(document, corpus) for document in {document for document, _ in of_series})[0]
        span = next(span for document, span in of_series if document.id == newest.document.id)
        found.append(Definition(source=newest, span=span))
    return found


def _admitted(plan: QueryPlan) -> dict[int, Document]:
    """The documents that the question's places, years and issuers leave, without yearly reports."""
    ids = {id_ for part in plan.scope.parts for id_ in (*part.documents, *part.older)}
    documents = plan.gazetteer.within(plan.within).documents
    return {
        id_: documents[id_]
        for id_ in ids
        if id_ in documents and not _REPORT.search(documents[id_].metadata.kind or "")
    }


def _defined(admitted: Mapping[int, Document], corpus: Corpus) -> Places:
    """The terms that documents define in sections of their own, by the names that they are asked for by."""
    found: Places = {}
    for title, id_, start, end in corpus.definitions():
        if document := admitted.get(id_):
            for name in _term_names(title):
                found.setdefault(name, []).append((document, (start, end)))
    return found


def _term_names(title: str) -> list[str]:
    """The names of a defined term: itself without what it is short for, that, and without 本市."""
    plain = closed_up(_SHORT_FOR.sub("", title))
    short = [closed_up(match["short"]) for match in _SHORT_FOR.finditer(title)]
    return list(
        dict.fromkeys(name for name in (plain, *short, _LOCAL.sub("", plain)) if 1 < len(name) <= _LONGEST_TERM)
    )


def _readings(term: str) -> Iterator[str]:
    """The names that a term may be defined by: as it is asked for, without words around it, in official words."""
    names = dict.fromkeys((term, _FRAME.sub("", term), _LOCAL.sub("", _FRAME.sub("", term))))
    for name in names:
        yield name
        for word in everyday_words(name):
            for official in word.official:
                yield name[: word.start] + official + name[word.end :]


def _in_text(term: str, admitted: Mapping[int, Document], corpus: Corpus) -> list[tuple[Document, Span]]:
    """The sentences that say what a term means, with the list that one leads to."""
    if not 2 <= len(term) <= _LONGEST_TERM:
        return []
    pattern = re.compile(f'(?:^|所称的?|[，。；：、）\\s“])[“"《]?{re.escape(term)}{_MEANS.pattern}')
    found = []
    for id_ in sorted(corpus.documents_like(f"%{term}%指%") & set(admitted)):
        source = source_of(admitted[id_], corpus)
        for start, end in source.sentences():
            if pattern.search(source.text[start:end]):
                lists = (
                    section.end
                    for section in source.sections
                    if section.kind is SectionKind.LIST and section.start == start
                )
                found.append((admitted[id_], (start, max(end, *lists, end))))
                break
    return found


def _near(term: str, defined: Places) -> list[tuple[Document, Span]] | None:
    """The one defined term that stands at the end of what is asked for, or that this stands in; none where several do."""
    at_end = [name for name in defined if term.endswith(name)]
    if at_end:
        return defined[max(at_end, key=len)]
    around = [name for name in defined if len(term) > 2 and term in name and len(name) - len(term) <= _SPARE]
    inside = [name for name in defined if len(name) > 2 and name in term]
    inside = [name for name in inside if not any(name in other and name != other for other in inside)]
    return defined[(around or inside)[0]] if len(around or inside) == 1 else None


def _lines(definitions: Sequence[Definition]) -> Iterator[Quoted]:
    """The lines of the definitions of one term, each under the title and the article in which it stands."""
    for definition in definitions[:_MOST_DOCUMENTS]:
        source = definition.source
        name = f"{titled(source.document)}{_article(source, definition.span)}："
        lines = list(source.lines(definition.span[0], definition.span[1]))[:_MOST_LINES]
        spans = [trim(source.text, start, min(end, definition.span[1])) for start, end in lines]
        yield from under_title(
            [quoted(source, span, name="" if place else name) for place, span in enumerate(spans)], source
        )
    if len(definitions) > _MOST_DOCUMENTS:
        yield note("还有其他文件也写明了它的含义，可以加上地区或文件名称来问。")


def _article(source: OpenedDocument, span: Span) -> str:
    """The number of the article in which a span stands; "" where it stands in none."""
    around = [
        section
        for section in source.sections
        if section.kind is SectionKind.ARTICLE and section.start <= span[0] < section.end
    ]
    return around[-1].number if around else ""
