"""Documents → those that a reader looks for, by words and by issuer, year and kind, with what else can be chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from kb.chinese.text import simplified, without_spaces
from kb.types import Document, Metadata, Within

Field = Literal["issuer", "year", "kind"]
FIELDS: Final[tuple[Field, ...]] = ("issuer", "year", "kind")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The documents that were looked for, newest first, and the values of `facet` that can be chosen beside them."""

    documents: tuple[Document, ...]
    issuers: dict[str, int]
    years: dict[str, int]
    kinds: dict[str, int]


def listing(documents: Iterable[Document], words: str = "", within: Within | None = None) -> Listing:
    """The documents that have all of `words` (parted by spaces) in title, number, issuer or file name, and are `within`.

    What can be chosen of a field goes with the words and with what is chosen of the other fields.
    """
    within = within or Within()
    folded = [_folded(word) for word in words.split()]
    named = [document for document in documents if all(word in _name(document) for word in folded)]
    found = [document for document in named if within.admits(document.metadata)]

    def admitted(others: Within) -> Iterable[Metadata]:
        return (document.metadata for document in named if others.admits(document.metadata))

    return Listing(
        documents=tuple(sorted(found, key=_newest_first)),
        issuers=facet(admitted(Within(years=within.years, kinds=within.kinds)), "issuer"),
        years=facet(admitted(Within(issuers=within.issuers, kinds=within.kinds)), "year"),
        kinds=facet(admitted(Within(issuers=within.issuers, years=within.years)), "kind"),
    )


def facet(documents: Iterable[Metadata], name: Field) -> dict[str, int]:
    """The values of a field with the number of documents of each: names in order, years newest first."""
    counted = Counter(str(value) for metadata in documents if (value := getattr(metadata, name)))
    return dict(sorted(counted.items(), reverse=name == "year"))


def _name(document: Document) -> str:
    metadata = document.metadata
    return _folded(" ".join(filter(None, (metadata.title, metadata.number, metadata.issuer, document.name))))


def _folded(words: str) -> str:
    # Brackets of a document number are written in several ways: 〔2024〕, [2024], （2024）.
    return without_spaces(simplified(words)).translate(str.maketrans("〔〕[]【】", "()()()"))


def _newest_first(document: Document) -> tuple[int, str, int]:
    return -(document.metadata.year or 0), document.metadata.title, document.id
