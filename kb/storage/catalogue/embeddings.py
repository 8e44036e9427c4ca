"""Each passage's embedding, kept by the digest of the embedded text and by encoder.

An unchanged passage of a changed document is not embedded again, and another encoder's vectors are never
mixed in.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from kb.errors import CatalogueError
from kb.storage.catalogue.connection import as_list, transaction
from kb.storage.catalogue.schema import PASSAGE_QUERY, STANDS, StoredPassage, among
from kb.storage.catalogue.texts import cut

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray


class Embeddings:
    """The embeddings of one catalogue."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def missing(self, encoder: str, revision: int) -> dict[str, int]:
        """The passages current at `revision` that `encoder` has not embedded: their lengths by digest."""
        query = (
            'SELECT digest, max("end" - "start") FROM passages JOIN documents ON documents.id = passages.document '
            f"WHERE {STANDS} AND NOT EXISTS (SELECT 1 FROM embeddings "
            "WHERE embeddings.digest = passages.digest AND encoder = :encoder) GROUP BY digest"
        )
        return dict(self._connection.execute(query, {"encoder": encoder, "revision": revision}))

    def texts(self, digests: list[str]) -> list[str]:
        """The texts to embed with these digests, in their order."""
        query = (
            f"{PASSAGE_QUERY} WHERE passages.digest IN (SELECT value FROM json_each(?)) "
            "GROUP BY passages.digest ORDER BY passages.document"
        )
        rows = self._connection.execute(query, (as_list(digests),))
        texts = {stored.digest: stored.embeddable_text() for _, stored in cut(self._connection, rows)}
        return [texts[digest] for digest in digests]

    def put(self, encoder: str, vectors: Mapping[str, NDArray[numpy.float32]]) -> None:
        """Keep vectors of shape (dimension,) by digest; readers are not touched, so this makes no revision."""
        with transaction(self._connection):
            self._connection.executemany(
                "INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?)",
                [(digest, encoder, vector.astype("<f4").tobytes()) for digest, vector in vectors.items()],
            )

    def passages(
        self, encoder: str, revision: int, documents: Collection[int] | None = None
    ) -> Iterator[tuple[StoredPassage, NDArray[numpy.float32]]]:
        """The passages current at `revision`, each with its vector of shape (dimension,), in order of their ids.

        documents: only those of these. Raises CatalogueError where `encoder` has not embedded all.
        """
        import numpy

        query = (
            f"{PASSAGE_QUERY.replace('lead_in', 'lead_in, vector', 1)} "
            "LEFT JOIN embeddings ON embeddings.digest = passages.digest AND encoder = :encoder "
            f"WHERE {among(documents)} AND {STANDS} ORDER BY passages.id"
        )
        at = {"encoder": encoder, "revision": revision, "documents": as_list(documents)}
        for row, stored in cut(self._connection, self._connection.execute(query, at)):
            if row[-1] is None:
                raise CatalogueError("尚有段落未编码；请运行 `python -m ingest 文件夹` 完成导入。")
            yield stored, numpy.frombuffer(row[-1], dtype="<f4")

    def copies(self, revision: int, most: int) -> set[int]:
        """Ids of the passages at `revision` that have the digest of `most` older ones, or of more."""
        query = (
            "SELECT id FROM (SELECT passages.id, row_number() OVER (PARTITION BY digest ORDER BY passages.id) AS copy "
            f"FROM passages JOIN documents ON documents.id = passages.document WHERE {STANDS}) WHERE copy > :most"
        )
        return {id_ for (id_,) in self._connection.execute(query, {"revision": revision, "most": most})}

    def purge(self) -> None:
        """Delete, within a transaction, the embeddings that no passage needs."""
        self._connection.execute("DELETE FROM embeddings WHERE digest NOT IN (SELECT digest FROM passages)")
