"""Lines → the sentences that say what a term means, with the lists that belong to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.structure.lines import Line
from ingest.structure.questions import answer_start
from kb.chinese.lexicon import read_lexicon
from kb.chinese.text import sentences
from kb.types import Section, SectionKind

_LEXICON = read_lexicon(__name__)
_SENTENCES = (_LEXICON["called"], _LEXICON["means"])
_GLOSSARY, _ENTRY, _NO_TERM = _LEXICON["glossary"], _LEXICON["entry"], _LEXICON["no_term"]
_QUOTES = "“”\"'‘’《》 　"


def definitions(text: str, lines: Sequence[Line], found: Sequence[Section]) -> Iterator[Section]:
    """A section for each sentence that defines a term, and for each entry of a list of terms.

    text: of the document, into which the spans are.
    found: the lists and items of the lines; a definition that leads to a list goes on to its end.
    """
    ends = {section.start: section.end for section in found if section.kind is SectionKind.LIST}
    bodies = {section.start: section.body for section in found if section.kind is SectionKind.ITEM}
    entries = set(_entries(text, found))
    for line in lines:
        if line.is_row:
            continue
        for start, end in sentences(line.text):
            first = bodies.get(line.start + start, line.start + start + answer_start(line.text[start:end]))
            if first not in entries and (term := _term(text[first : line.start + end])):
                stop = line.start + len(line.text[:end].rstrip())
                yield Section(
                    kind=SectionKind.DEFINITION,
                    start=first,
                    end=max(stop, ends.get(line.start + start, ends.get(first, 0))),
                    body=first,
                    title=term,
                )
    for section in found:
        if section.kind is SectionKind.ITEM and section.body in entries:
            match = _ENTRY.match(text, section.body, section.end)
            if match and _is_term(term := match["term"].strip(_QUOTES)):
                yield Section(
                    kind=SectionKind.DEFINITION, start=section.body, end=section.end, body=section.body, title=term
                )


def _entries(text: str, found: Sequence[Section]) -> Iterator[int]:
    """The bodies of the items of lists of terms."""
    glossary: Section | None = None
    for section in found:
        if section.kind is SectionKind.LIST and _GLOSSARY.search(text, section.start, section.body):
            glossary = section
        elif section.kind is SectionKind.ITEM and glossary and glossary.start <= section.start < glossary.end:
            yield section.body


def _term(sentence: str) -> str:
    """The term that a sentence defines; "" where it defines none."""
    for pattern in _SENTENCES:
        match = pattern.match(sentence)
        if match and _is_term(term := match["term"].strip(_QUOTES)):
            return term
    return ""


def _is_term(term: str) -> bool:
    return len(term) > 1 and not _NO_TERM.match(term)
