"""The documents as the desk lists them: by words and filters, page by page, with the versions of each."""

from __future__ import annotations

import enum
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from kb.chinese.text import fold, simplified
from kb.errors import IndexBrokenError
from kb.search.gazetteer import unsure
from kb.search.index import Index
from kb.storage.catalogue import Catalogue, StoredPassage
from kb.storage.listing import Field, facet
from kb.types import Document, Ending

PER_PAGE = 50  # documents


class Standing(enum.StrEnum):
    """Whether a document is answered from."""

    IN_FORCE = "in_force"
    PENDING = "pending"  # in the catalogue, and not in the index yet
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFilter:
    """Which documents are listed; an empty field admits all."""

    words: str = ""
    issuer: str = ""
    year: str = ""
    kind: str = ""
    state: str = ""  # a Standing, or unsure, or corrected; "" is all but old versions
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedDocument:
    """A document as it is listed."""

    document: Document
    standing: Standing
    corrected: bool  # by an editor
    missing: tuple[str, ...]  # metadata that were not found, so that questions may miss it


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentListPage:
    """One page of the list, and the values that its filters can have."""

    entries: tuple[ListedDocument, ...]
    total: int
    page: int
    num_pages: int
    issuers: tuple[str, ...] = ()
    years: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)  # of each state in which one is, whatever was looked for


class DocumentList:
    """The documents of one data folder. Threads may share it."""

    def __init__(self, data: Path) -> None:
        """Nothing is opened before it is needed."""
        self._path = data / "catalogue.sqlite3"
        self._index = Index(data / "index")
        self._lock = threading.Lock()
        self._all: tuple[object, _AllDocuments] | None = None

    @cached_property
    def catalogue(self) -> Catalogue:
        return Catalogue(self._path)

    def page(self, wanted: DocumentFilter) -> DocumentListPage:
        """The documents that are looked for, by title, newest year first within one title."""
        documents = self._current()
        found = [entry for entry in documents.entries if _fits(entry, wanted)]
        num_pages = max(1, -(-len(found) // PER_PAGE))
        page = min(max(1, wanted.page), num_pages)
        return DocumentListPage(
            entries=tuple(found[(page - 1) * PER_PAGE : page * PER_PAGE]),
            total=len(found),
            page=page,
            num_pages=num_pages,
            issuers=documents.issuers,
            years=documents.years,
            kinds=documents.kinds,
            counts=documents.counts,
        )

    def entry(self, document_id: int) -> ListedDocument | None:
        """The document with this id; None where there is none."""
        return self._current().by_id.get(document_id)

    def at(self, path: str) -> Document | None:
        """The current document of a path."""
        entry = self._current().by_path.get(path)
        return None if entry is None else entry.document

    def versions(self, document_id: int) -> list[ListedDocument]:
        """All versions of a document, the newest first."""
        documents = self._current()
        found, waiting = set[int](), [document_id]
        while waiting:
            id_ = waiting.pop()
            if id_ in documents.by_id and id_ not in found:
                found.add(id_)
                before = documents.by_id[id_].document.supersedes
                waiting += [*documents.heirs.get(id_, ()), *([] if before is None else [before])]
        return sorted((documents.by_id[id_] for id_ in found), key=lambda entry: -entry.document.id)

    def text(self, document_id: int) -> str:
        """The text of a document. Raises CatalogueError where there is none."""
        return self.catalogue.text(document_id)

    def passages(self, document_id: int) -> list[StoredPassage]:
        """The passages of a document as the index has them, in order."""
        return list(self.catalogue.passages_of(document_id))

    def _current(self) -> _AllDocuments:
        """All documents, read again where something was written since."""
        try:
            origin = self._index.origin()
        except IndexBrokenError:  # the next run builds it again
            origin = None
        revision = origin.revision if origin else 0
        state = (self.catalogue.state, revision)
        with self._lock:
            if self._all is None or self._all[0] != state:
                indexed = self.catalogue.standing_ids(revision) if origin else set()
                self._all = state, _AllDocuments(self.catalogue.all_documents(), indexed)
            return self._all[1]


class _AllDocuments:
    """All documents of the catalogue at one moment, by the keys that they are looked up by."""

    def __init__(self, documents: Iterable[Document], indexed: set[int]) -> None:
        kept = [document for document in documents if document.ended_by is not Ending.REMOVED]
        self.entries = sorted(
            (_entry(document, indexed) for document in kept),
            key=lambda entry: (entry.document.metadata.title, -(entry.document.metadata.year or 0), -entry.document.id),
        )
        self.by_id = {entry.document.id: entry for entry in self.entries}
        self.by_path = {source: entry for entry in self.entries for source in entry.document.sources}
        self.heirs: dict[int, list[int]] = {}
        for document in kept:
            if document.supersedes is not None:
                self.heirs.setdefault(document.supersedes, []).append(document.id)

    @cached_property
    def issuers(self) -> tuple[str, ...]:
        return self._values("issuer")

    @cached_property
    def years(self) -> tuple[str, ...]:
        return self._values("year")

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        return self._values("kind")

    @cached_property
    def counts(self) -> dict[str, int]:
        counts = Counter(str(entry.standing) for entry in self.entries)
        current = [entry for entry in self.entries if entry.document.sources]
        counts["unsure"] = sum(bool(entry.missing) for entry in current)
        counts["corrected"] = sum(entry.corrected for entry in current)
        return dict(+counts)  # without the states in which nothing is

    def _values(self, field: Field) -> tuple[str, ...]:
        return tuple(facet((entry.document.metadata for entry in self.entries if entry.document.sources), field))


def _entry(document: Document, indexed: set[int]) -> ListedDocument:
    return ListedDocument(
        document=document,
        standing=_standing(document, indexed),
        corrected=bool(document.correction),
        missing=tuple(unsure(document)),
    )


def _standing(document: Document, indexed: set[int]) -> Standing:
    if not document.sources:
        return Standing.SUPERSEDED
    if document.ended_by is Ending.WITHDRAWN:
        return Standing.WITHDRAWN
    return Standing.IN_FORCE if document.id in indexed else Standing.PENDING


def _fits(entry: ListedDocument, wanted: DocumentFilter) -> bool:
    document, metadata = entry.document, entry.document.metadata
    if wanted.state in ("", "unsure", "corrected"):
        chosen = bool(document.sources)
        chosen = chosen and (wanted.state != "unsure" or bool(entry.missing))
        chosen = chosen and (wanted.state != "corrected" or entry.corrected)
    else:
        chosen = entry.standing == wanted.state
    return (
        chosen
        and (not wanted.issuer or metadata.issuer == wanted.issuer)
        and (not wanted.year or str(metadata.year or "") == wanted.year)
        and (not wanted.kind or metadata.kind == wanted.kind)
        and _has(document, wanted.words)
    )


def _has(document: Document, words: str) -> bool:
    """Whether all the words stand in what a document is called by."""
    if not words.strip():
        return True
    metadata = document.metadata
    names = (metadata.title, document.name, metadata.number or "", metadata.issuer or "", *document.sources)
    where = simplified(fold("\n".join(names))).lower()
    return all(word in where for word in simplified(fold(words)).lower().split())
