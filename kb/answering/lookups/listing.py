"""Which documents there are on a matter, by their titles → a line for each, with its number and date."""

from __future__ import annotations

from collections.abc import Sequence

from kb.answering.corpus import Corpus
from kb.answering.lookups.naming.subject import content
from kb.answering.lookups.naming.titles import DOCUMENT_WORD, closed_up, names_of
from kb.answering.lookups.naming.versions import newest_first
from kb.answering.lookups.quotes import Quoted, note, quoted, title_span
from kb.answering.lookups.source import OpenedDocument, source_of
from kb.chinese.lexicon import read_lexicon
from kb.types import Document

_LEXICON = read_lexicon(__name__)
_LISTING = _LEXICON["listing"]
_WORD_ALONE = _LEXICON["any_document"]
MOST_DOCUMENTS = 10


def listed_matter(question: str) -> tuple[list[str], str] | None:
    """The words of the matter and the kind of documents (条例, 办法; "" for any) of which a list is asked for; None where none is."""
    match = _LISTING.fullmatch(closed_up(question))
    if match is None:
        return None
    matter = match["matter"] or match["matter_before"] or match["matter_behind"] or ""
    kind = match["kind"] or match["kind_before"] or match["kind_behind"] or ""
    words = content(matter)
    return (words, "" if _WORD_ALONE.fullmatch(kind) else kind) if words or kind else None


def read_listing(words: Sequence[str], kind: str, documents: Sequence[Document], corpus: Corpus) -> list[Quoted]:
    """A line for each document in whose title all `words` stand, newest first, and how many more there are."""
    chosen = []
    for document in documents:
        names = names_of(document)
        titled = [name for name in names.whole if all(word in name for word in words)]
        if any(not kind or name.endswith(kind) for name in titled):
            chosen.append(document)
    sources = newest_first(source_of(document, corpus) for document in chosen)
    lines = [line for source in sources[:MOST_DOCUMENTS] if (line := _line(source))]
    if lines and len(sources) > MOST_DOCUMENTS:
        lines.append(note(f"另有{len(sources) - MOST_DOCUMENTS}份，可以再加上年份、地区或发文单位来问。"))
    return lines


def _line(source: OpenedDocument) -> Quoted | None:
    """The title of a document where it stands in it; of one that does not state it, nothing."""
    span = title_span(source)
    return quoted(source, span) if span and not DOCUMENT_WORD.fullmatch(source.text[slice(*span)]) else None
