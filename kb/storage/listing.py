"""What is held → what a reader looks for: words of the title, the number or the issuer; an issuer, a year, a kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kb.chinese.text import simplified, without_spaces
from kb.types import Document, Metadata, Within


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An issuer, a year or a kind, and how many documents there are of it among those that are looked for otherwise."""

    name: str
    num_documents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The documents that were looked for, newest first, and what else there is to choose."""

    documents: tuple[Document, ...]
    issuers: tuple[Choice, ...]
    years: tuple[Choice, ...]  # newest first
    kinds: tuple[Choice, ...]


def browse(documents: Iterable[Document], words: str = "", within: Within | None = None) -> Listing:
    """The documents that have all of `words` (parted by spaces) in title, number, issuer or file name, and are `within`."""
    within = within or Within()
    wanted = [_folded(word) for word in words.split()]
    named = [document for document in documents if all(word in _name(document) for word in wanted)]
    found = [document for document in named if within.admits(document.metadata)]
    return Listing(
        documents=tuple(sorted(found, key=_newest_first)),
        issuers=_choices(named, Within(years=within.years, kinds=within.kinds), lambda one: one.issuer),
        years=_choices(named, Within(issuers=within.issuers, kinds=within.kinds), lambda one: one.year)[::-1],
        kinds=_choices(named, Within(issuers=within.issuers, years=within.years), lambda one: one.kind),
    )


def _choices(
    documents: Sequence[Document], others: Within, of: Callable[[Metadata], str | int | None]
) -> tuple[Choice, ...]:
    counted = Counter(of(document.metadata) for document in documents if others.admits(document.metadata))
    names = sorted((str(name), number) for name, number in counted.items() if name)
    return tuple(Choice(name=name, num_documents=number) for name, number in names)


def _name(document: Document) -> str:
    metadata = document.metadata
    return _folded(" ".join(filter(None, (metadata.title, metadata.number, metadata.issuer, document.name))))


def _folded(words: str) -> str:
    # Brackets of a document number are written in several ways: 〔2024〕, [2024], （2024）.
    return without_spaces(simplified(words)).translate(str.maketrans("〔〕[]【】", "()()()"))


def _newest_first(document: Document) -> tuple[int, str, int]:
    return -(document.metadata.year or 0), document.metadata.title, document.id
