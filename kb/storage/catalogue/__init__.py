"""The catalogue: documents, their passages, and each passage's embedding.

Only this folder and kb.storage.sqlite import sqlite3.

One SQLite file in WAL mode is the truth; every snapshot of the index is derived from it. Each write is one
transaction and makes one revision, and readers ask for the documents that were current at the revision of their snapshot:
they see a document as it was or as it is, and never half of it. A superseded document is kept with its dates, so that a
citation made last month still opens; a withdrawn one is kept and not answered from; a removed one is deleted once no
snapshot needs it.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from kb.errors import CatalogueError
from kb.storage.catalogue.connection import as_list, opened, transaction
from kb.storage.catalogue.embeddings import Embeddings
from kb.storage.catalogue.schema import (
    DOCUMENT_QUERY,
    PASSAGE_QUERY,
    REMOVED,
    STANDS,
    VERSIONS,
    WITHDRAWN,
    Fingerprint,
    StoredPassage,
    among,
    document_of,
)
from kb.storage.catalogue.sections import Sections
from kb.storage.catalogue.standings import Standings
from kb.storage.catalogue.texts import cut, text_of
from kb.types import Document, Ending, Metadata, Passage, Section

__all__ = ["Catalogue", "Fingerprint", "StoredPassage"]


class Catalogue:
    """One open catalogue file. Threads may read from it side by side; only one process and thread may write.

    Withdrawing and restoring alone may be done beside an ingest, by a catalogue that was opened for it.
    """

    def __init__(self, path: Path) -> None:
        """Open the catalogue at `path`; it is made where it is missing.

        Raises CatalogueError where the file cannot be opened or was made by a newer version.
        """
        self.path = path
        try:
            self._connection = opened(path)
        except (OSError, sqlite3.Error) as error:
            raise CatalogueError(f"打不开文件库 {path}（{error}）；请检查路径与权限，或从备份恢复此文件。") from error
        self.embeddings = Embeddings(self._connection)
        self.sections = Sections(self._connection)
        self._standings = Standings(self._connection)
        self._withdrawn: tuple[tuple[int, int], frozenset[int]] | None = None

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Catalogue:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Documents ------------------------------------------------------------------------------------------------

    @property
    def revision(self) -> int:
        """The number of writes so far; a snapshot of the index is in step when it was built at this revision."""
        return int(self._one("SELECT revision FROM revisions"))

    @property
    def state(self) -> tuple[int, int]:
        """Two numbers that differ after every write of any process: what was read before is valid while they are the same."""
        return self._one("PRAGMA data_version"), self._connection.total_changes

    def documents(self, revision: int | None = None) -> list[Document]:
        """The documents current at `revision` (default: now), by name."""
        at = {"revision": self.revision if revision is None else revision}
        return [
            document_of(row)
            for row in self._connection.execute(f"{DOCUMENT_QUERY} WHERE {STANDS} ORDER BY name, id", at)
        ]

    def all_documents(self) -> list[Document]:
        """Every document that is kept: current, superseded and withdrawn ones; by name, oldest first."""
        return [document_of(row) for row in self._connection.execute(f"{DOCUMENT_QUERY} ORDER BY name, id")]

    def standing_ids(self, revision: int) -> set[int]:
        """The ids of the documents current at `revision`."""
        rows = self._connection.execute(f"SELECT id FROM documents WHERE {STANDS}", {"revision": revision})
        return {id_ for (id_,) in rows}

    def withdrawn(self) -> frozenset[int]:
        """The ids of the documents that are withdrawn now, whatever the index contains."""
        state = self.state
        if self._withdrawn is None or self._withdrawn[0] != state:
            rows = self._connection.execute(WITHDRAWN, {"withdrawn": Ending.WITHDRAWN})
            self._withdrawn = state, frozenset(id_ for (id_,) in rows)
        return self._withdrawn[1]

    def sources(self) -> dict[str, int]:
        """The id of the document of each path."""
        return dict(self._connection.execute("SELECT path, document FROM sources"))

    def fingerprints(self) -> dict[Fingerprint, int]:
        """For each content that is kept the id of its document; the latest counts."""
        rows = self._connection.execute("SELECT id, sha256, made_by, correction FROM documents ORDER BY id")
        return {Fingerprint(*fingerprint): id_ for id_, *fingerprint in rows}

    def document(self, document_id: int) -> Document:
        """One document that is kept. Raises CatalogueError where there is none with this id."""
        row = self._connection.execute(f"{DOCUMENT_QUERY} WHERE documents.id = ?", (document_id,)).fetchone()
        if row is None:
            raise CatalogueError(f"库中没有编号为 {document_id} 的文件；`python -m kb documents` 列出全部文件。")
        return document_of(row)

    def named(self, name: str) -> list[Document]:
        """The documents of this file name or path that have a file now, withdrawn ones included.

        Raises CatalogueError where there is none.
        """
        found = [
            document
            for document in self.all_documents()
            if document.sources and name in (document.name, *document.sources)
        ]
        if not found:
            raise CatalogueError(f"库中没有文件 {name}；`python -m kb documents` 列出全部文件。")
        return found

    def versions(self, document_id: int) -> list[Document]:
        """All versions of a document that are kept, itself among them, oldest first; none where it is not kept."""
        rows = self._connection.execute(f"{DOCUMENT_QUERY} WHERE documents.id IN ({VERSIONS})", (document_id,))
        return sorted(map(document_of, rows), key=lambda document: (document.held_since or "", document.id))

    def text(self, document_id: int) -> str:
        """The text of a document, which all spans count in. Raises CatalogueError where there is none with this id."""
        text = text_of(self._connection, document_id)
        if text is None:
            raise CatalogueError(f"库中没有编号为 {document_id} 的文件；`python -m kb documents` 列出全部文件。")
        return text

    def documents_like(self, pattern: str) -> frozenset[int]:
        """The ids of the documents, current or not, in whose text `pattern` stands: % for any words, _ for one character."""
        rows = self._connection.execute("SELECT id FROM documents WHERE text LIKE ?", (pattern,))
        return frozenset(id_ for (id_,) in rows)

    # Writes: each is one transaction and one revision ---------------------------------------------------------

    def add(
        self,
        *,
        path: str,
        name: str,
        fingerprint: Fingerprint,
        metadata: Metadata,
        text: str,
        passages: Sequence[Passage],
        sections: Sequence[Section] = (),
        supersedes: int | None = None,
    ) -> int:
        """Add a new document from `path`, and return its id.

        It supersedes the document of `path` before, unless that has other paths; or else the one given. Where that one was
        withdrawn and has the same bytes, the new one is withdrawn as well: a correction does not bring it back.
        """
        with self._write() as revision:
            before = self._document_at(path)
            (document,) = self._connection.execute(
                "INSERT INTO documents (name, sha256, made_by, correction, title, kind, issuer, region, year, reporting_year, "
                "number, date, date_in_force, valid_until, text, supersedes) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
                (
                    name, *fingerprint, metadata.title, metadata.kind, metadata.issuer, metadata.region,
                    metadata.year, metadata.reporting_year, metadata.number, metadata.date, metadata.date_in_force,
                    metadata.valid_until, text, before if supersedes is None else supersedes,
                ),
            ).fetchone()  # fmt: skip
            self._connection.executemany(
                'INSERT INTO passages (document, heading, "start", "end", page, digest, lead_in) '
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        document,
                        json.dumps(passage.heading, ensure_ascii=False),
                        passage.start,
                        passage.end,
                        passage.page,
                        sha256(passage.embeddable_text(metadata.title).encode()).hexdigest(),
                        passage.lead_in,
                    )
                    for passage in passages
                ],
            )
            self.sections.add(document, sections)
            self._point(path, document)
            self._standings.open_behind(document, before if supersedes is None else supersedes, revision)
            for old in {before, supersedes}:
                if old is not None:
                    self._standings.end_without_paths(old, revision, Ending.SUPERSEDED)
            return int(document)

    def add_path(self, path: str, document: int, name: str | None = None) -> None:
        """Make `path` one of a document that is kept: a second copy, a moved file, or an old version put back.

        `name` is the document's new file name, where it was moved.
        """
        with self._write() as revision:
            before = self._document_at(path)
            self._point(path, document)
            if name is not None:
                self._connection.execute("UPDATE documents SET name = ? WHERE id = ?", (name, document))
            if self._standings.last_ending(document) in (Ending.SUPERSEDED, Ending.REMOVED):
                self._standings.open_behind(document, before, revision)
            if before is not None and before != document:
                self._standings.end_without_paths(before, revision, Ending.SUPERSEDED)

    def remove_paths(self, paths: Sequence[str]) -> None:
        """Forget `paths`. A document with no other path is removed, and all versions before it."""
        with self._write() as revision:
            documents = {document for path in paths if (document := self._document_at(path)) is not None}
            self._connection.executemany("DELETE FROM sources WHERE path = ?", [(path,) for path in paths])
            for document in documents:
                self._standings.end_without_paths(document, revision, Ending.REMOVED)

    def withdraw(self, document: int) -> None:
        """Keep a document and answer from it no more."""
        with self._write() as revision:
            self._standings.end(document, revision, Ending.WITHDRAWN)

    def restore(self, document: int) -> None:
        """Answer again from a document that was withdrawn; nothing changes for another."""
        with self._write() as revision:
            if self._standings.last_ending(document) is Ending.WITHDRAWN:
                self._standings.open(document, revision)

    def purge(self) -> None:
        """Delete what was removed, and the embeddings that no passage needs. No snapshot may be at an older revision."""
        removed = [(id_,) for (id_,) in self._connection.execute(REMOVED, {"removed": Ending.REMOVED})]
        if removed:
            with transaction(self._connection):
                self._connection.executemany("DELETE FROM documents WHERE id = ?", removed)
                self.embeddings.purge()

    # Passages -------------------------------------------------------------------------------------------------

    def passages(
        self, revision: int | None = None, documents: Collection[int] | None = None
    ) -> Iterator[StoredPassage]:
        """The passages of the documents current at `revision` (default: now), in order of their ids.

        documents: only those of these.
        """
        at = {"revision": self.revision if revision is None else revision, "documents": as_list(documents)}
        query = f"{PASSAGE_QUERY} WHERE {among(documents)} AND {STANDS} ORDER BY passages.id"
        return self._cut(query, at)

    def num_passages(self, revision: int) -> int:
        """How many passages the documents current at `revision` have."""
        query = f"SELECT count(*) FROM passages JOIN documents ON documents.id = passages.document WHERE {STANDS}"
        return int(self._connection.execute(query, {"revision": revision}).fetchone()[0])

    def passages_of(self, document_id: int) -> Iterator[StoredPassage]:
        """The passages of one document, in order."""
        return self._cut(f"{PASSAGE_QUERY} WHERE passages.document = ? ORDER BY passages.id", (document_id,))

    def passage_at(self, document_id: int, place: int) -> StoredPassage | None:
        """The passage of a document that contains the character `place` of its text; None where there is none."""
        query = (
            f'{PASSAGE_QUERY} WHERE passages.document = ? AND "start" <= ? AND "end" > ? ORDER BY "start" DESC LIMIT 1'
        )
        return next(self._cut(query, (document_id, place, place)), None)

    def passages_by_id(self, ids: Sequence[int]) -> dict[int, StoredPassage]:
        """The passages with these ids; an id that is not kept any more is left out."""
        query = f"{PASSAGE_QUERY} WHERE passages.id IN (SELECT value FROM json_each(?)) ORDER BY passages.document"
        return {stored.id: stored for stored in self._cut(query, (as_list(ids),))}

    def damage(self) -> str:
        """What SQLite finds wrong with the file, or an empty text."""
        found = str(self._connection.execute("PRAGMA quick_check(1)").fetchone()[0])
        return "" if found == "ok" else found

    def trouble(self) -> str:
        """What keeps the file from being read at this moment, or an empty text; quick, unlike `damage`."""
        try:
            self._one("SELECT count(*) FROM (SELECT 1 FROM documents LIMIT 1)")
        except sqlite3.Error as error:
            return str(error)
        return ""

    # Underneath -----------------------------------------------------------------------------------------------

    def _document_at(self, path: str) -> int | None:
        row = self._connection.execute("SELECT document FROM sources WHERE path = ?", (path,)).fetchone()
        return None if row is None else int(row[0])

    def _point(self, path: str, document: int) -> None:
        self._connection.execute("INSERT OR REPLACE INTO sources VALUES (?, ?)", (path, document))

    def _one(self, query: str) -> int:
        return int(self._connection.execute(query).fetchone()[0])

    def _cut(self, query: str, values: Mapping[str, object] | Sequence[object]) -> Iterator[StoredPassage]:
        return (stored for _, stored in cut(self._connection, self._connection.execute(query, values)))

    @contextlib.contextmanager
    def _write(self) -> Iterator[int]:
        with transaction(self._connection):
            self._connection.execute("UPDATE revisions SET revision = revision + 1")
            yield self.revision
