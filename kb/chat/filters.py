"""The issuers, years and kinds of documents that a reader can limit a question to, and which of them go together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kb.search.gazetteer import Gazetteer
from kb.storage.listing import FIELDS, facet
from kb.types import Within

_MOST_CHOSEN = 50  # of one kind: a reader who wants more wants all


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What there is to choose from. A row of one name only is no choice, and is empty."""

    issuers: tuple[str, ...] = ()
    years: tuple[int, ...] = ()  # newest first
    kinds: tuple[str, ...] = ()
    num_documents: int = 0
    # Places in `issuers`, `years` and `kinds` (-1: of none of them) and how many documents are of all three.
    together: tuple[tuple[int, int, int, int], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.issuers or self.years or self.kinds)


def choices(gazetteer: Gazetteer) -> Choices:
    """What a reader can choose from the documents."""
    known = [document.metadata for document in gazetteer.documents.values()]
    rows = (list(facet(known, field)) for field in FIELDS)
    issuers, years, kinds = (row if len(row) > 1 else [] for row in rows)
    of_issuer = {issuer: place for place, issuer in enumerate(issuers)}
    of_year = {int(year): place for place, year in enumerate(years)}
    of_kind = {kind: place for place, kind in enumerate(kinds)}
    together = Counter(
        (
            of_issuer.get(metadata.issuer or "", -1),
            of_year.get(metadata.year or 0, -1),
            of_kind.get(metadata.kind or "", -1),
        )
        for metadata in known
    )
    return Choices(
        issuers=tuple(issuers),
        years=tuple(map(int, years)),
        kinds=tuple(kinds),
        num_documents=len(known),
        together=tuple((*places, number) for places, number in sorted(together.items())),
    )


def within_fields(within: Within) -> dict[str, Any]:
    """What was chosen, as JSON fields; empty rows are left out."""
    rows = {"issuers": within.issuers, "years": within.years, "kinds": within.kinds}
    return {name: list(row) for name, row in rows.items() if row}


def within_of(fields: object) -> Within:
    """What was chosen, from JSON fields of any source; unknown fields and values of another type are left out."""
    if not isinstance(fields, Mapping):
        return Within()
    return Within(
        issuers=tuple(name for name in _row(fields.get("issuers")) if isinstance(name, str)),
        years=tuple(year for year in _row(fields.get("years")) if isinstance(year, int) and not isinstance(year, bool)),
        kinds=tuple(name for name in _row(fields.get("kinds")) if isinstance(name, str)),
    )


def _row(value: object) -> list[object]:
    return value[:_MOST_CHOSEN] if isinstance(value, list) else []
