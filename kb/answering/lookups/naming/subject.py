"""The words that a request leaves over → the document that they name, by title or by number.

A title counts whole, without its place, or by words that all stand in it. What else the question says must be words of
form: one about something in the document is no look-up, and is left to the search.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.answering.corpus import Corpus
from kb.answering.lookups.asked import GAP, Number, Request, numbers_in, request_of
from kb.answering.lookups.naming.titles import DOCUMENT_WORD, TitleNames, closed_up, last_word, names_of
from kb.answering.lookups.naming.versions import date_of, newest_first, series_of, years_of
from kb.answering.lookups.source import OpenedDocument, source_of
from kb.chinese.lexicon import read_lexicon
from kb.chinese.text import FORM_TERMS, tagged, terms
from kb.search.query import QueryPlan
from kb.types import Document

_LEXICON = read_lexicon(__name__)
_FORM = _LEXICON["form"]
_POINTER = _LEXICON["pointer"]
_GOES_ON = _LEXICON["goes_on"]
_YEAR = _LEXICON["year"]
_CITED = _LEXICON["cited"]
_NUMBERED_FILE = _LEXICON["numbered_file"]
_BY_STATUTE = "实施"  # an ordinance that carries a law out is not the law
_LEAST_CHARACTERS = 4  # of the words by which a title is named in part
_PLACE = "ns"  # the segmenter's tag


class Likeness(enum.IntEnum):
    """How a question names a document."""

    IN_PART = 1  # by words that all stand in its title
    WITHOUT_PLACE = 2
    WHOLE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The document that a question names, and all versions of it."""

    source: OpenedDocument
    versions: tuple[OpenedDocument, ...]  # itself among them, newest first


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedDocument:
    """What a question names: one document, several that are named alike, or one that is not there."""

    subject: Subject | None = None
    choices: tuple[Document, ...] = ()  # where several are named alike
    absent: str = ""  # the title that it names, where no document has it
    number: Number | None = None  # by which it names a document, where none has it
    is_empty: bool = False  # it names nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    document: Document
    likeness: Likeness
    name: str


def reference_of(plan: QueryPlan, request: Request, corpus: Corpus) -> NamedDocument | None:
    """What `plan` names in the words that `request` leaves over; None where it asks about something else as well.

    A question that only points (这部条例第三条) is of the document that the one before it names.
    """
    documents = tuple(plan.gazetteer.within(plan.within).documents.values())
    found = _reference(request, documents, corpus)
    if found or not _is_form(_POINTER.sub(GAP, request.rest)):
        return found or _absent(request)
    for question in (plan.before, *reversed(plan.history)):
        if question and (found := _reference(request_of(question.text), documents, corpus, strict=False)):
            return found
    return None if _POINTER.search(request.rest) else NamedDocument(is_empty=True)


def numbers_of(document: Document) -> list[Number]:
    """The document numbers that a document goes by: its own, that in its title, that of its file name."""
    metadata = document.metadata
    texts = [closed_up(text) for text in (metadata.number or "", metadata.title, document.name)]
    files = [_NUMBERED_FILE.sub(r"\g<organ>〔\g<year>〕\g<serial>号", text) for text in texts[-1:]]
    return [number for text in (*texts, *files) for number in numbers_in(text)]


def _reference(
    request: Request, documents: Sequence[Document], corpus: Corpus, *, strict: bool = True
) -> NamedDocument | None:
    if request.numbers:
        return _by_number(request.numbers[0], request.rest, documents, corpus)
    rest, years = _YEAR.sub(GAP, request.rest), set(_YEAR.findall(request.rest))
    named = _by_name(request.rest, documents, strict=strict) or _by_name(rest, documents, strict=strict)
    named = named or _in_part(rest, documents)
    if not named:
        return None
    series: dict[str, list[OpenedDocument]] = {}
    for found in named:
        series.setdefault(series_of(found.document), []).append(source_of(found.document, corpus))
    if years and not any(year in found.name for found in named for year in years):
        series = {key: kept for key, sources in series.items() if (kept := _of_years(sources, years))}
    if len(series) > 1:
        return NamedDocument(choices=tuple(source.document for sources in series.values() for source in sources))
    for key, sources in series.items():
        versions = [source_of(document, corpus) for document in documents if series_of(document) == key]
        return NamedDocument(subject=Subject(source=newest_first(sources)[0], versions=tuple(newest_first(versions))))
    return None


def _of_years(sources: Sequence[OpenedDocument], years: set[str]) -> list[OpenedDocument]:
    """The versions that were made in the years that a question names; else those that bear these years somehow."""
    made = [source for source in sources if years == {date_of(source)[:4]}]
    return made or [source for source in sources if years <= years_of(source)]


def _by_number(number: Number, rest: str, documents: Sequence[Document], corpus: Corpus) -> NamedDocument | None:
    """A document by its number; what else is said must be words of its title, or end in a word for a document."""
    holders = [document for document in documents if any(map(number.is_of, numbers_of(document)))]
    words = "".join(names_of(document).words for document in holders)
    left = [term for term in content(rest) if term not in words]
    if left and (holders or not DOCUMENT_WORD.fullmatch(left[-1])):
        return None
    if len(holders) == 1:
        source = source_of(holders[0], corpus)
        versions = [
            source_of(document, corpus) for document in documents if series_of(document) == series_of(holders[0])
        ]
        return NamedDocument(subject=Subject(source=source, versions=tuple(newest_first(versions))))
    return NamedDocument(choices=tuple(holders)) if holders else NamedDocument(number=number)


def _by_name(rest: str, documents: Sequence[Document], *, strict: bool) -> list[_Named]:
    """The documents that `rest` names whole or without their place, by the longest of their names.

    Not strict: what else it says may be anything but another place.
    """
    found = []
    for document in documents:
        names = names_of(document)
        for likeness, among in ((Likeness.WHOLE, names.whole), (Likeness.WITHOUT_PLACE, names.without_place)):
            inside = [name for name in among if name in rest]
            if inside and _fits(rest, name := max(inside, key=len), names, strict=strict):
                found.append(_Named(document=document, likeness=likeness, name=name))
                break
    best = max(((named.likeness, len(named.name)) for named in found), default=None)
    return [named for named in found if (named.likeness, len(named.name)) == best]


def _fits(rest: str, name: str, names: TitleNames, *, strict: bool) -> bool:
    """Whether `name` is named in `rest` for itself, and not as a part of a longer title or beside another matter."""
    end = rest.index(name) + len(name)
    if _GOES_ON.match(rest, end):
        return False
    left = rest.replace(name, GAP)
    others = content(left) if strict else [term for term, tag in tagged(left) if tag == _PLACE]
    return all(term in names.words for term in others)


def _in_part(rest: str, documents: Sequence[Document]) -> list[_Named]:
    """The documents in whose names all words of `rest` stand, where it says what kind of document it means."""
    words = [term for term in _words(rest) if not _is_form(term)]  # 那个意见 says that it is one of these
    said = [term for term in words if not DOCUMENT_WORD.fullmatch(term)]
    kind = last_word("".join(words))
    if not kind or sum(map(len, said)) < _LEAST_CHARACTERS:
        return []
    found = []
    for document in documents:
        names = names_of(document)
        if not any(last_word(name) == kind for name in names.whole) or not all(term in names.words for term in words):
            continue
        name = min((name for name in names.whole if last_word(name) == kind), key=len)
        if _BY_STATUTE in name and _BY_STATUTE not in rest:
            continue
        found.append(_Named(document=document, likeness=Likeness.IN_PART, name=name))
    return found


def _absent(request: Request) -> NamedDocument | None:
    """The title that stands alone in a question and that no document has."""
    match = _CITED.fullmatch(request.rest.replace(GAP, " ").strip())
    return (
        NamedDocument(absent=match["title"])
        if match and all(map(_is_form, (match["before"], match["behind"])))
        else None
    )


def content(rest: str) -> list[str]:
    """The words of `rest` that are none of form, in order."""
    return [term for term in _words(_POINTER.sub(GAP, rest)) if not _is_form(term)]


def _words(rest: str) -> Iterator[str]:
    for piece in rest.split(GAP):
        yield from terms(piece)


def _is_form(text: str) -> bool:
    """Whether `text` is made of words that ask, and name nothing."""
    return all(term in FORM_TERMS or _FORM.fullmatch(term) for term in _words(text.replace(" ", GAP)))
