"""A document with its text and passages, in which look-ups find the lines and sentences that they quote."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.answering.corpus import Corpus
from kb.answering.extract.statements import Clause
from kb.chinese.text import sentences, trim
from kb.types import Document, Hit, Section, SectionKind

_HEAD = 1200  # characters: title, header table and notice stand there
_TAIL = 600  # signature, imprint, a header table that a page has at its end
_LINE = re.compile(r"[^\n]+")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedDocument:
    """One document as it is looked into. Spans are offsets into `text`."""

    document: Document
    text: str
    passages: tuple[Hit, ...]
    sections: tuple[Section, ...]

    @property
    def head(self) -> int:
        """Where its head ends: at its first article, or so many characters on."""
        first = next(
            (section.start for section in self.sections if section.kind is SectionKind.ARTICLE), len(self.text)
        )
        return min(first, _HEAD, len(self.text))

    @property
    def tail(self) -> int:
        """Where its last lines begin."""
        return max(len(self.text) - _TAIL, 0)

    def lines(self, start: int, end: int) -> Iterator[Span]:
        """The lines that begin between two places, without white space around."""
        for match in _LINE.finditer(self.text, start):
            if match.start() >= end:
                return
            span = trim(self.text, *match.span())
            if span[0] < span[1]:
                yield span

    def sentences(self, start: int = 0, end: int | None = None) -> Iterator[Span]:
        """The sentences that stand between two places, without white space around."""
        for first, last in sentences(self.text[start:end]):
            span = trim(self.text, start + first, start + last)
            if span[0] < span[1]:
                yield span

    def clauses(self, start: int, end: int) -> tuple[Clause, ...]:
        """A span as clauses that each stand in one passage; what stands in no passage is left out."""
        found = []
        for hit in self.passages:
            first, last = trim(self.text, max(start, hit.passage.start), min(end, hit.passage.end))
            if first < last:
                found.append(Clause(hit=hit, text=self.text[first:last], start=first, end=last))
        return tuple(found)


def source_of(document: Document, corpus: Corpus) -> OpenedDocument:
    """Read a document whole."""
    return OpenedDocument(
        document=document,
        text=corpus.text_of(document),
        passages=tuple(corpus.passages_of(document)),
        sections=corpus.sections_of(document),
    )


def first(spans: Iterator[Span] | Sequence[Span], pattern: re.Pattern[str], source: OpenedDocument) -> Span | None:
    """The first of `spans` in which `pattern` is found."""
    return next((span for span in spans if pattern.search(source.text[slice(*span)])), None)
