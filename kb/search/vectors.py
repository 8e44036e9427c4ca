"""Passages by meaning. Only this module imports chromadb.

Chroma's persistent client is safe for one process that writes, so a folder of vectors is written once, aside, and
only read after that (docs/adr/0002). Any Chroma client that opens the folder finds the collection "passages": the words
of each passage as its document, and what `kb.search.fields` says of it as its metadata.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.errors import IndexBrokenError
from kb.search.fields import DOCUMENT_ID

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

COLLECTION = "passages"
_ADDED_AT_ONCE = 1_000  # Chroma takes 5,461 at most
# Chroma counts who has a folder open, and loses count where one thread opens what another closes.
_OPENING = threading.Lock()
_SOUGHT_AT_ONCE = 200
_ROUNDS = 3  # in which what is out of reach is put in again; the first leaves hardly one
_ITSELF = 0.99  # cosine from which what is found may stand for what was sought
# What Chroma misses differs from process to process: of 190 questions on 5,600 passages 6 had other hits where 256 were
# sought, none with 1,024, in the same time.
_SOUGHT = 1024
_DIGITS = 6  # of a cosine that tell one passage from another; the last ones of a 32 bit figure do not
_EF_SEARCH = 200  # breadth of the search; it can be set only when the collection is made


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedPassage:
    """A passage as the collection keeps it; `fields` holds its document's id as `document_id`."""

    id: int
    text: str
    fields: Mapping[str, str | int]
    vector: NDArray[numpy.float32]  # of shape (dimension,) and length 1


class Vectors:
    """The vectors of one snapshot, opened for reading."""

    def __init__(self, folder: Path, *, document_field: str = DOCUMENT_ID) -> None:
        """Open what `build` wrote in `folder`; `document_field` is the metadata that holds a document's id.

        Raises IndexBrokenError where it cannot be read.
        """
        import chromadb.errors

        self._document_field = document_field

        if not folder.is_dir():  # Chroma would make an empty one
            raise IndexBrokenError(f"向量索引 {folder} 不存在；请运行 `python -m kb doctor --repair`")
        self._client = _client(folder)
        try:
            self._collection = self._client.get_collection(COLLECTION, embedding_function=None)
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

        `vector` has shape (dimension,) and length 1. Asking twice gives the same: of equal cosines the lower id comes first.
        """
        if documents is not None and not documents:
            return []
        nearest = self._nearest([vector], max(num_results, _SOUGHT), documents)[0]
        return sorted(nearest, key=lambda found: (-round(found[1], _DIGITS), found[0]))[:num_results]

    def lost(self, passages: Iterable[EmbeddedPassage]) -> list[EmbeddedPassage]:
        """Those that a search for their vectors does not find, nor any that is all but equal to them."""
        passages = iter(passages)
        lost: list[EmbeddedPassage] = []
        while batch := list(islice(passages, _SOUGHT_AT_ONCE)):
            found = self._nearest([passage.vector for passage in batch], 1)
            lost += [
                passage
                for passage, near in zip(batch, found, strict=True)
                if not any(cosine >= _ITSELF for _, cosine in near)
            ]
        return lost

    def _nearest(
        self, vectors: list[NDArray[numpy.float32]], num_results: int, documents: Collection[int] | None = None
    ) -> list[list[tuple[int, float]]]:
        """For each vector the ids of the nearest passages with their cosines."""
        import chromadb.errors

        where: Any = None if documents is None else {self._document_field: {"$in": sorted(documents)}}
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
    def build(folder: Path, passages: Iterable[EmbeddedPassage], *, without: Collection[int] = ()) -> None:
        """Write `passages` to `folder`.

        Where `folder` holds vectors already they stay, but for those of the documents `without`. Raises
        IndexBrokenError where what it holds cannot be used.
        """
        with _written(folder) as collection:
            if without:
                collection.delete(where={DOCUMENT_ID: {"$in": sorted(without)}})
            _add(collection, passages)

    @staticmethod
    def bring_into_reach(folder: Path, passages: Callable[[], Iterable[EmbeddedPassage]]) -> None:
        """Put in again those of the passages in `folder` that no search finds. Raises as `build` does.

        They are outliers, most of all: the graph gave up every way to them as it grew (docs/adr/0002).
        """
        for _ in range(_ROUNDS):
            with closing(Vectors(folder)) as vectors:
                lost = vectors.lost(passages())
            if not lost:
                return
            with _written(folder) as collection:
                for start in range(0, len(lost), _ADDED_AT_ONCE):
                    collection.delete(ids=[str(passage.id) for passage in lost[start : start + _ADDED_AT_ONCE]])
                _add(collection, lost)


@contextmanager
def _written(folder: Path) -> Iterator[Any]:
    """The collection in `folder`, made where there is none. Raises IndexBrokenError where it cannot be written."""
    import chromadb.errors

    client = _client(folder)
    try:
        yield client.get_or_create_collection(
            COLLECTION,
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine", "ef_search": _EF_SEARCH}},
        )
    except chromadb.errors.ChromaError as error:
        raise IndexBrokenError(f"向量索引 {folder} 无法写入（{error}）；请再次运行导入") from error
    finally:
        with _OPENING:
            client.close()


def _add(collection: Any, passages: Iterable[EmbeddedPassage]) -> None:
    passages = iter(passages)
    while batch := list(islice(passages, _ADDED_AT_ONCE)):
        collection.add(
            ids=[str(passage.id) for passage in batch],
            embeddings=[passage.vector for passage in batch],
            documents=[passage.text for passage in batch],
            metadatas=[dict(passage.fields) for passage in batch],
        )


def _client(folder: Path) -> Any:
    """The client of one folder. Raises IndexBrokenError where Chroma cannot open it."""
    import chromadb
    import chromadb.errors

    try:
        # With Chroma's own settings: within one process all clients of a folder must have the same.
        with _OPENING:
            return chromadb.PersistentClient(folder)
    # Chroma keeps what it failed to open, and meets the remains when the same folder is opened again.
    except (chromadb.errors.ChromaError, ValueError, AttributeError) as error:
        raise IndexBrokenError(
            f"向量索引 {folder} 无法打开（{error}）；请运行 `python -m kb doctor --repair`"
        ) from error
