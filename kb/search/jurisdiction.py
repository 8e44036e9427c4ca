"""Where a document holds: a division of China, or a place that no gazetteer has, by its name alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from kb.chinese.regions import NATION, Region, region_named


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """A place that documents hold for, or that a question asks about."""

    name: str
    region: Region | None = None  # None where the gazetteer does not have it: of such a place only the name is known

    def __eq__(self, other: object) -> bool:
        """广州市 and 广东省广州市 are the same place."""
        return isinstance(other, Jurisdiction) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    @property
    def _key(self) -> str:
        return self.name if self.region is None else self.region.code

    @property
    def is_nation(self) -> bool:
        return self._key == ""

    @property
    def short(self) -> str:
        """The name without its rank: 广州 of 广州市; of a place that no gazetteer has, its name."""
        return self.region.short if self.region is not None else self.name

    @property
    def rules(self) -> str:
        """What its documents are called where they answer for a place within it: 国家规定, 广东省规定."""
        return "国家规定" if self.is_nation else f"{self.name}规定"

    def contains(self, other: Jurisdiction) -> bool:
        """Whether `other` lies in it; it contains itself. Of two names one begins the other: 望舒市 and 望舒市云澜区."""
        if self.region is not None and other.region is not None:
            return self.region.contains(other.region)
        return self.is_nation or other.name.startswith(self.name)


NATIONWIDE = Jurisdiction(NATION.name, NATION)


@lru_cache(maxsize=4096)
def jurisdiction_of(name: str) -> Jurisdiction:
    """The place of a name; a special economic zone is its city."""
    return Jurisdiction(name, region_named(name) or region_named(name.removesuffix("经济特区")))
