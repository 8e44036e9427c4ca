"""Passages by meaning. The door to chromadb.

Chroma's persistent client is safe for one process that writes, so a folder of vectors is written once, aside, and
only read after that (docs/adr/0002).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.errors import IndexBrokenError

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

if TYPE_CHECKING:
    Row = tuple[int, int, NDArray[numpy.float32]]
    """Passage id, document id, vector."""

_COLLECTION = "passages"
_ADDED_AT_ONCE = 1_000  # Chroma takes 5,461 at most
# Chroma counts who has a folder open, and loses count where one thread opens what another closes.
_OPENING = threading.Lock()
_SOUGHT_AT_ONCE = 200
_ROUNDS = 3  # in which what is out of reach is put in again; the first leaves hardly one
_ITSELF = 0.99  # cosine from which what is found may stand for what was sought
_EF_SEARCH = 200  # breadth of the search; it can be set only when the collection is made


class Vectors:
    """The vectors of one snapshot, opened for reading."""

    def __init__(self, folder: Path) -> None:
        """Open what `build` wrote in `folder`. Raises IndexBrokenError where it cannot be read."""
        import chromadb.errors

        if not folder.is_dir():  # Chroma would make an empty one
            raise IndexBrokenError(f"向量索引 {folder} 不存在；请运行 `python -m kb doctor --repair`")
        self._client = _client(folder)
        try:
            self._collection = self._client.get_collection(_COLLECTION, embedding_function=None)
        except chromadb.errors.ChromaError as error:
            raise IndexBrokenError(
                f"向量索引 {folder} 无法打开（{error}）；请运行 `python -m kb doctor --repair`"
            ) from error

    def close(self) -> None:
        with _OPENING:
            self._client.close()

    def __len__(self) -> int:
        return int(self._collection.count())

    def search(
        self, vector: NDArray[numpy.float32], *, num_results: int, documents: Collection[int] | None = None
    ) -> list[tuple[int, float]]:
        """Ids of the nearest passages with their cosines, nearest first; `documents` keeps to those documents.

        `vector` has shape (dimension,) and length 1.
        """
        if documents is not None and not documents:
            return []
        return self._nearest([vector], num_results, documents)[0]

    def lost(self, rows: Iterable[Row]) -> list[Row]:
        """Those of `rows` that a search for their vectors does not find, nor any that is all but equal to them."""
        rows = iter(rows)
        lost = []
        while batch := list(islice(rows, _SOUGHT_AT_ONCE)):
            found = self._nearest([vector for _, _, vector in batch], 1)
            lost += [
                row for row, near in zip(batch, found, strict=True) if not any(cosine >= _ITSELF for _, cosine in near)
            ]
        return lost

    def _nearest(
        self, vectors: list[NDArray[numpy.float32]], num_results: int, documents: Collection[int] | None = None
    ) -> list[list[tuple[int, float]]]:
        """For each vector the ids of the nearest passages with their cosines."""
        import chromadb.errors

        where: Any = None if documents is None else {"document": {"$in": sorted(documents)}}
        try:
            found = self._collection.query(
                query_embeddings=vectors, n_results=num_results, where=where, include=["distances"]
            )
        except chromadb.errors.ChromaError as error:
            raise IndexBrokenError(f"向量索引无法查询（{error}）；请运行 `python -m kb doctor --repair`") from error
        return [
            [(int(id_), 1.0 - float(distance)) for id_, distance in zip(ids, distances, strict=True)]
            for ids, distances in zip(found["ids"], found["distances"] or [], strict=True)
        ]

    @staticmethod
    def build(folder: Path, rows: Iterable[Row], *, without: Collection[int] = ()) -> None:
        """Write `rows` (passage id, document id, vector) to `folder`.

        Where `folder` holds vectors already they stay, but for those of the documents `without`. Raises
        IndexBrokenError where what it holds cannot be used.
        """
        with _written(folder) as collection:
            if without:
                collection.delete(where={"document": {"$in": sorted(without)}})
            _add(collection, rows)

    @staticmethod
    def bring_into_reach(folder: Path, rows: Callable[[], Iterable[Row]]) -> None:
        """Put in again those of the rows in `folder` that no search finds. Raises as `build` does.

        They are outliers, most of all: the graph gave up every way to them as it grew (docs/adr/0002).
        """
        for _ in range(_ROUNDS):
            with closing(Vectors(folder)) as vectors:
                lost = vectors.lost(rows())
            if not lost:
                return
            with _written(folder) as collection:
                for start in range(0, len(lost), _ADDED_AT_ONCE):
                    collection.delete(ids=[str(id_) for id_, _, _ in lost[start : start + _ADDED_AT_ONCE]])
                _add(collection, lost)


@contextmanager
def _written(folder: Path) -> Iterator[Any]:
    """The collection in `folder`, made where there is none. Raises IndexBrokenError where it cannot be written."""
    import chromadb.errors

    client = _client(folder)
    try:
        yield client.get_or_create_collection(
            _COLLECTION,
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine", "ef_search": _EF_SEARCH}},
        )
    except chromadb.errors.ChromaError as error:
        raise IndexBrokenError(f"向量索引 {folder} 无法写入（{error}）；请再次运行导入") from error
    finally:
        with _OPENING:
            client.close()


def _add(collection: Any, rows: Iterable[Row]) -> None:
    rows = iter(rows)
    while batch := list(islice(rows, _ADDED_AT_ONCE)):
        ids, documents, vectors = zip(*batch, strict=True)
        collection.add(
            ids=[str(id_) for id_ in ids],
            embeddings=list(vectors),
            metadatas=[{"document": document} for document in documents],
        )


def _client(folder: Path) -> Any:
    """The client of one folder. Raises IndexBrokenError where Chroma cannot open it."""
    import chromadb
    import chromadb.errors
    from chromadb.config import Settings

    try:
        with _OPENING:
            return chromadb.PersistentClient(folder, settings=Settings(anonymized_telemetry=False))
    # Chroma keeps what it failed to open, and meets the remains when the same folder is opened again.
    except (chromadb.errors.ChromaError, ValueError, AttributeError) as error:
        raise IndexBrokenError(
            f"向量索引 {folder} 无法打开（{error}）；请运行 `python -m kb doctor --repair`"
        ) from error
