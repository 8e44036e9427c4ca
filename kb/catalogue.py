"""The catalogue: documents, their passages, and each passage's embedding. The door to sqlite3.

One SQLite file in WAL mode is the truth; every generation of the index is derived from it. Each write is one
transaction and makes one revision. A document that was replaced or removed is retired, not deleted, until a
generation without it is current: readers of the last generation still find its passages.

An embedding is kept by the digest of the embedded text and by encoder, so that a passage which stands unchanged
in a changed document is not embedded again, and another encoder's vectors are never mixed in.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.errors import CatalogueError
from kb.types import Document, Metadata, Passage

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

SCHEMA_VERSION = 1
_SCHEMA = """
CREATE TABLE documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    made_by TEXT NOT NULL,
    title TEXT NOT NULL,
    kind TEXT, issuer TEXT, region TEXT, year INTEGER, reporting_year INTEGER, number TEXT, date TEXT,
    text TEXT NOT NULL,
    added INTEGER NOT NULL,
    retired INTEGER
);
CREATE UNIQUE INDEX one_document_for_each_source ON documents (source) WHERE retired IS NULL;
CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    heading TEXT NOT NULL,
    "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    page INTEGER,
    digest TEXT NOT NULL
);
CREATE INDEX passages_of_document ON passages (document);
CREATE INDEX passages_by_digest ON passages (digest);
CREATE TABLE embeddings (
    digest TEXT NOT NULL,
    encoder TEXT NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (digest, encoder)
) WITHOUT ROWID;
CREATE TABLE revisions (revision INTEGER NOT NULL);
INSERT INTO revisions VALUES (0);
"""
_DOCUMENT_COLUMNS = """
    documents.id, source, name, sha256, title, kind, issuer, region, year, reporting_year, number, date,
    (SELECT count(*) FROM passages WHERE passages.document = documents.id)
"""
_STANDS = "added <= :revision AND (retired IS NULL OR retired > :revision)"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPassage:
    """A passage with its id and its document's id and title."""

    id: int
    document_id: int
    title: str
    passage: Passage


class Catalogue:
    """One open catalogue file. Threads may read from it side by side; only one may write."""

    def __init__(self, path: Path) -> None:
        """Open the catalogue at `path`; it is made where it is missing.

        Raises CatalogueError where the file cannot be opened or was made by a newer version.
        """
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, isolation_level=None, timeout=30, check_same_thread=False)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.execute("PRAGMA foreign_keys = ON")
            self._make_schema()
        except (OSError, sqlite3.Error) as error:
            raise CatalogueError(f"打不开文件库 {path}（{error}）；请检查路径与权限，或从备份恢复此文件。") from error

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Catalogue:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Documents ------------------------------------------------------------------------------------------------

    @property
    def revision(self) -> int:
        """The number of writes so far; a generation of the index is in step when it was built at this revision."""
        return int(self._one("SELECT revision FROM revisions"))

    def documents(self, revision: int | None = None) -> list[Document]:
        """The documents that stand at `revision` (default: now), by source."""
        rows = self._connection.execute(
            f"SELECT {_DOCUMENT_COLUMNS} FROM documents WHERE {_STANDS} ORDER BY source",
            {"revision": self.revision if revision is None else revision},
        )
        return [_document(row) for row in rows]

    def digests(self) -> dict[str, tuple[str, str]]:
        """For each source that is held: the sha256 of its bytes, and what made its passages."""
        rows = self._connection.execute("SELECT source, sha256, made_by FROM documents WHERE retired IS NULL")
        return {source: (digest, made_by) for source, digest, made_by in rows}

    def text(self, document_id: int) -> str:
        """The text of a document, which all spans count in.

        Raises CatalogueError where no such document is held.
        """
        row = self._connection.execute("SELECT text FROM documents WHERE id = ?", (document_id,)).fetchone()
        if row is None:
            raise CatalogueError(f"库中没有编号为 {document_id} 的文件；`python -m kb documents` 列出全部文件。")
        return str(row[0])

    def put(
        self,
        *,
        source: str,
        name: str,
        digest: str,
        made_by: str,
        metadata: Metadata,
        text: str,
        passages: Sequence[Passage],
    ) -> None:
        """Hold a document; one from the same source is retired in the same transaction."""
        with self._write() as revision:
            self._connection.execute(
                "UPDATE documents SET retired = ? WHERE source = ? AND retired IS NULL", (revision, source)
            )
            document_id = self._connection.execute(
                "INSERT INTO documents (source, name, sha256, made_by, title, kind, issuer, region, year, "
                "reporting_year, number, date, text, added) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    source, name, digest, made_by, metadata.title, metadata.kind, metadata.issuer, metadata.region,
                    metadata.year, metadata.reporting_year, metadata.number, metadata.date, text, revision,
                ),
            ).lastrowid  # fmt: skip
            self._connection.executemany(
                'INSERT INTO passages (document, heading, "start", "end", page, digest) VALUES (?, ?, ?, ?, ?, ?)',
                [
                    (
                        document_id,
                        json.dumps(passage.heading, ensure_ascii=False),
                        passage.start,
                        passage.end,
                        passage.page,
                        sha256(passage.embeddable_text(metadata.title).encode()).hexdigest(),
                    )
                    for passage in passages
                ],
            )

    def retire(self, sources: Sequence[str]) -> None:
        """Hold the documents of `sources` no longer."""
        with self._write() as revision:
            self._connection.executemany(
                "UPDATE documents SET retired = ? WHERE source = ? AND retired IS NULL",
                [(revision, source) for source in sources],
            )

    def purge(self, revision: int) -> None:
        """Delete what was retired by `revision`, and the embeddings that no passage needs."""
        with self._transaction():
            self._connection.execute("DELETE FROM documents WHERE retired <= ?", (revision,))
            self._connection.execute("DELETE FROM embeddings WHERE digest NOT IN (SELECT digest FROM passages)")

    # Passages and embeddings ----------------------------------------------------------------------------------

    def passages(self, revision: int | None = None) -> Iterator[StoredPassage]:
        """The passages of the documents that stand at `revision` (default: now), in order of their ids."""
        rows = self._connection.execute(
            f"{_PASSAGE_QUERY} WHERE {_STANDS} ORDER BY passages.id",
            {"revision": self.revision if revision is None else revision},
        )
        return map(_stored_passage, rows)

    def passages_of(self, document_id: int) -> Iterator[StoredPassage]:
        """The passages of one document, in order."""
        rows = self._connection.execute(f"{_PASSAGE_QUERY} WHERE document = ? ORDER BY passages.id", (document_id,))
        return map(_stored_passage, rows)

    def passages_by_id(self, ids: Sequence[int]) -> dict[int, StoredPassage]:
        """The passages with these ids; an id that is not held any more is left out."""
        rows = self._connection.execute(
            f"{_PASSAGE_QUERY} WHERE passages.id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
        return {row[0]: _stored_passage(row) for row in rows}

    def unembedded(self, encoder: str) -> dict[str, str]:
        """The texts that `encoder` has yet to embed, by digest: the work that is left before an index can be built."""
        rows = self._connection.execute(
            f"{_PASSAGE_QUERY} WHERE retired IS NULL AND NOT EXISTS (SELECT 1 FROM embeddings "
            "WHERE embeddings.digest = passages.digest AND encoder = ?)",
            (encoder,),
        )
        return {row[-1]: _embeddable_text(_stored_passage(row)) for row in rows}

    def put_embeddings(self, encoder: str, vectors: Mapping[str, NDArray[numpy.float32]]) -> None:
        """Keep vectors by digest; readers are not touched, so this makes no revision."""
        with self._transaction():
            self._connection.executemany(
                "INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?)",
                [(digest, encoder, vector.astype("<f4").tobytes()) for digest, vector in vectors.items()],
            )

    def embedded_passages(self, encoder: str, revision: int) -> Iterator[tuple[StoredPassage, NDArray[numpy.float32]]]:
        """The passages that stand at `revision`, each with its vector of shape (dimension,).

        Raises CatalogueError where `encoder` has not embedded all of them.
        """
        import numpy

        rows = self._connection.execute(
            f"{_PASSAGE_QUERY.replace('passages.digest', 'passages.digest, vector', 1)} "
            "LEFT JOIN embeddings ON embeddings.digest = passages.digest AND encoder = :encoder "
            f"WHERE {_STANDS} ORDER BY passages.id",
            {"encoder": encoder, "revision": revision},
        )
        for *row, vector in rows:
            if vector is None:
                raise CatalogueError("尚有段落未编码；请运行 `python -m ingest 文件夹` 完成导入。")
            yield _stored_passage(row), numpy.frombuffer(vector, dtype="<f4")

    def damage(self) -> str:
        """What SQLite finds wrong with the file, or an empty text."""
        found = str(self._connection.execute("PRAGMA quick_check(1)").fetchone()[0])
        return "" if found == "ok" else found

    # Underneath -----------------------------------------------------------------------------------------------

    def _make_schema(self) -> None:
        version = self._one("PRAGMA user_version")
        if version == 0:
            with self._transaction():
                if self._one("PRAGMA user_version") == 0:  # another process may have been first
                    for statement in _SCHEMA.split(";\n"):
                        self._connection.execute(statement)
                    self._connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        elif version != SCHEMA_VERSION:
            raise CatalogueError(
                f"文件库 {self.path} 的格式为 {version}，本版本只读格式 {SCHEMA_VERSION}；请安装建库时的版本，"
                "或用 `--data 新文件夹` 重新导入。"
            )

    def _one(self, query: str) -> int:
        return int(self._connection.execute(query).fetchone()[0])

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    @contextlib.contextmanager
    def _write(self) -> Iterator[int]:
        with self._transaction():
            self._connection.execute("UPDATE revisions SET revision = revision + 1")
            yield self.revision


# The text of a passage is cut from its document's, so that the two can never differ.
_PASSAGE_QUERY = """
    SELECT passages.id, document, title, heading, "start", "end", page,
        substr(text, "start" + 1, "end" - "start"), passages.digest
    FROM passages JOIN documents ON documents.id = document
"""


def _document(row: Sequence[Any]) -> Document:
    id_, source, name, digest, title, kind, issuer, region, year, reporting_year, number, date, num_passages = row
    metadata = Metadata(
        title=title,
        kind=kind,
        issuer=issuer,
        region=region,
        year=year,
        reporting_year=reporting_year,
        number=number,
        date=date,
    )
    return Document(id=id_, source=source, name=name, sha256=digest, metadata=metadata, num_passages=num_passages)


def _stored_passage(row: Sequence[Any]) -> StoredPassage:
    id_, document_id, title, heading, start, end, page, text, *_ = row
    passage = Passage(text=text, heading=tuple(json.loads(heading)), start=start, end=end, page=page)
    return StoredPassage(id=id_, document_id=document_id, title=title, passage=passage)


def _embeddable_text(stored: StoredPassage) -> str:
    return stored.passage.embeddable_text(stored.title)
