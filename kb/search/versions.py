"""The documents as versions of series: which is in force today or in a year, and which a question asks for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cached_property

from kb.search.series import (
    LEAST_SHARED,
    is_ahead,
    is_report,
    is_same_notice,
    series_key,
    shared_words,
    title_core,
    version_date,
    years_of,
)
from kb.types import Document


class Versions:
    """Documents in the order in which they follow one another. `today`: the day on which they are in force or not."""

    def __init__(self, documents: Mapping[int, Document], today: Callable[[], date]) -> None:
        self.documents = documents
        self.today = today

    @cached_property
    def _series(self) -> dict[int, tuple[Document, ...]]:
        """For each document of a series its versions, the last first."""
        groups: defaultdict[tuple[str, ...], list[Document]] = defaultdict(list)
        for document in self.documents.values():
            if key := series_key(document):
                groups[key].append(document)
        merged: list[list[Document]] = []
        for group in groups.values():
            alike = [others for others in merged if is_same_notice(group[0], others[0])]
            if alike:
                alike[0].extend(group)
            else:
                merged.append(group)
        ordered = (sorted(group, key=version_date, reverse=True) for group in merged)
        return {document.id: tuple(group) for group in ordered for document in group}

    def series_of(self, document: Document) -> tuple[Document, ...]:
        """The versions of the series that a document is of, the last first; itself where it is of none."""
        return self._series.get(document.id, (document,))

    def yearly_asked(self, question: str, documents: Iterable[int]) -> frozenset[int]:
        """Of `documents` the notices of one year, no reports, of whose title the question has some words: 积分入户指标."""
        return frozenset(
            id_
            for id_ in documents
            if years_of(document := self.documents[id_])
            and not is_report(document)
            and shared_words(question, title_core(document)) >= LEAST_SHARED
        )

    def versions_asked(self, question: str, documents: Iterable[int]) -> tuple[Document, ...]:
        """The versions, the last first, of the rule among `documents` whose title the question has most of; () for none."""
        kept = frozenset(documents)
        found: dict[tuple[int, ...], tuple[int, tuple[Document, ...]]] = {}
        for id_ in sorted(kept):
            versions = tuple(version for version in self.series_of(self.documents[id_]) if version.id in kept)
            if len(versions) > 1 and all(map(version_date, versions)) and not is_report(versions[0]):
                shared = max(shared_words(question, title_core(version)) for version in versions)
                found[tuple(version.id for version in versions)] = shared, versions
        most = max((shared for shared, _ in found.values()), default=0)
        best = [versions for shared, versions in found.values() if shared == most]
        return best[0] if most >= LEAST_SHARED and len(best) == 1 else ()

    def newest(self, documents: Iterable[int]) -> frozenset[int]:
        """Of `documents`, those in force that no newer one of the same series has followed; all where none is in force yet."""
        kept = frozenset(documents)
        newest = set()
        for id_ in kept:
            document = self.documents[id_]
            versions = [version for version in self.series_of(document) if version.id in kept and version_date(version)]
            versions = [version for version in versions if not is_ahead(version, self.today())] or versions
            if not version_date(document) or not versions or version_date(versions[0]) == version_date(document):
                newest.add(id_)
        return frozenset(newest)

    def is_ahead(self, id_: int) -> bool:
        """Whether a document is not in force yet."""
        return is_ahead(self.documents[id_], self.today())

    def is_in_force_in(self, id_: int, year: int) -> bool:
        """Whether a document without a year is in force in `year`, as far as its dates tell; from then on its next version is.

        A page that is no document of a known kind by its title is never in force.
        """
        document = self.documents[id_]
        if not title_core(document):
            return False
        versions = [
            version for version in self.series_of(document) if version is document or not self.is_ahead(version.id)
        ]
        starts = {version.id: version_date(version)[:4] for version in versions}
        asked = str(year)
        if asked in starts.values():  # one version came in that year
            return starts[id_] == asked
        later = [starts[version.id] for version in versions if starts[version.id] > starts[id_]]
        ended = (document.metadata.valid_until or "9999")[:4] < asked or any(start < asked for start in later)
        return "" < starts[id_] <= asked <= str(self.today().year) and not ended
