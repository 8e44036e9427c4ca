"""What is held → what a reader can keep a question to: issuers, years and kinds, and which of them go together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kb.search.gazetteer import Gazetteer
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
    """What a reader can choose from what is held."""
    metadata = [document.metadata for document in gazetteer.documents.values()]
    kinds = sorted({one.kind for one in metadata if one.kind})
    issuers, years = gazetteer.issuers, gazetteer.years
    issuers, years, kinds = (row if len(row) > 1 else [] for row in (issuers, years, kinds))  # type: ignore[assignment]
    of_issuer = {issuer: place for place, issuer in enumerate(issuers)}
    of_year = {year: place for place, year in enumerate(years)}
    of_kind = {kind: place for place, kind in enumerate(kinds)}
    together = Counter(
        (of_issuer.get(one.issuer or "", -1), of_year.get(one.year or 0, -1), of_kind.get(one.kind or "", -1))
        for one in metadata
    )
    return Choices(
        issuers=tuple(issuers),
        years=tuple(years),
        kinds=tuple(kinds),
        num_documents=len(metadata),
        together=tuple((*places, number) for places, number in sorted(together.items())),
    )


def within_fields(within: Within) -> dict[str, Any]:
    """What was chosen, as JSON fields; empty rows are left out."""
    rows = {"issuers": within.issuers, "years": within.years, "kinds": within.kinds}
    return {name: list(row) for name, row in rows.items() if row}


def within_of(fields: object) -> Within:
    """What was chosen, of JSON fields from anywhere; what is none of ours is left out."""
    if not isinstance(fields, Mapping):
        return Within()
    return Within(
        issuers=tuple(one for one in _row(fields.get("issuers")) if isinstance(one, str)),
        years=tuple(one for one in _row(fields.get("years")) if isinstance(one, int) and not isinstance(one, bool)),
        kinds=tuple(one for one in _row(fields.get("kinds")) if isinstance(one, str)),
    )


def _row(value: object) -> list[object]:
    return value[:_MOST_CHOSEN] if isinstance(value, list) else []
