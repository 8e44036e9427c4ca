"""A part of a query plan → hits: BM25 and vectors, fused, within the documents of that part.

Hits that cannot be evidence, since they do not name the year or the place that is asked for, are kept apart with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from pathlib import Path
from typing import TypeVar

from kb.errors import OtherEncoderError
from kb.search.encoder import DEFAULT, Encoder, encoder_name
from kb.search.gazetteer import Gazetteer
from kb.search.index import Index
from kb.search.query import QueryPlan, plan_query
from kb.search.scope import ScopePart
from kb.search.snapshot import Snapshot
from kb.storage.catalogue import Catalogue
from kb.types import Document, Hit, Rejected, Section, Within

# Terms and vectors each bring so many candidates for each hit that is wanted, and count alike when they are fused:
# docs/adr/0004 has the table that chose the weight.
_CANDIDATES = 4
LEAST_CANDIDATES = 40
VECTOR_WEIGHT = 0.5
_REMEMBERED = 64  # questions whose vectors are kept: each is searched for part by part, and compared with statements


T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found for one part of a question, best first."""

    part: ScopePart
    hits: tuple[Hit, ...]
    rejected: tuple[Rejected, ...]


class Retriever:
    """A catalogue, its index and an encoder. Threads may share it."""

    def __init__(self, data: Path, encoder: Encoder) -> None:
        """Read what `python -m ingest` keeps in the folder `data`; nothing is opened before it is needed."""
        self.index = Index(data / "index")
        self.encoder = encoder
        self._encode_query = lru_cache(maxsize=_REMEMBERED)(encoder.encode_query)
        self._catalogue_path = data / "catalogue.sqlite3"
        self._gazetteer: tuple[tuple[str, frozenset[int]], Gazetteer] | None = None

    @cached_property
    def catalogue(self) -> Catalogue:
        return Catalogue(self._catalogue_path)

    def gazetteer(self) -> Gazetteer:
        """The documents of the current snapshot by their names, without those withdrawn since it was built."""
        snapshot = self.index.snapshot()
        if snapshot is None:
            return Gazetteer(())
        withdrawn = self.catalogue.withdrawn()
        if self._gazetteer is None or self._gazetteer[0] != (snapshot.name, withdrawn):
            documents = self.catalogue.documents(snapshot.origin.revision)
            standing = [document for document in documents if document.id not in withdrawn]
            self._gazetteer = (snapshot.name, withdrawn), Gazetteer(standing)
        return self._gazetteer[1]

    def retrieve(self, plan: QueryPlan, part: ScopePart, *, num_hits: int, older: bool = False) -> Found:
        """The best `num_hits` passages for one part of a plan, and what of them is no evidence for it.

        `older` looks into the part's older documents.
        """
        hits = self.search(
            plan.text,
            # What holds for a wider place may name the one that is asked about.
            terms=" ".join((*plan.terms, *chain.from_iterable(plan.official.values()), *plan.scope.lacking)),
            num_results=num_hits,
            documents=part.older if older else part.documents,
        )
        unnamed = {hit.passage_id: part.unnamed(hit.document.id, [hit.passage.text]) for hit in hits}
        return Found(
            part=part,
            hits=tuple(hit for hit in hits if not unnamed[hit.passage_id]),
            rejected=tuple(
                Rejected(hit=hit, reason=f"没有写明{words}") for hit in hits if (words := unnamed[hit.passage_id])
            ),
        )

    def hits(
        self, text: str, history: Sequence[str] = (), *, num_results: int, within: Within | None = None
    ) -> list[Hit]:
        """The best passages for a question as it is asked, of the documents that it admits and `within`, best first.

        Raises as `search`, and QuestionError where `text` is empty.
        """

        def hits() -> list[Hit]:
            plan = plan_query(text, history, self.gazetteer(), within)
            found = [self.retrieve(plan, part, num_hits=num_results) for part in plan.scope.parts]
            hits = {hit.passage_id: hit for part_found in found for hit in part_found.hits}
            return sorted(hits.values(), key=lambda hit: -hit.score)[:num_results]

        return self.on_one_snapshot(hits)

    def on_one_snapshot(self, ask: Callable[[], T]) -> T:
        """Call `ask` so that one snapshot is current throughout: again where an ingest made another current meanwhile."""
        while True:
            snapshot = self.index.snapshot()
            answer = ask()
            if self.index.snapshot() is snapshot:
                return answer

    def search(
        self,
        text: str,
        *,
        num_results: int,
        terms: str | None = None,
        documents: Collection[int] | None = None,
    ) -> list[Hit]:
        """The best passages for `text`, best first.

        `terms` are the words to look for where they are not those of `text`; `documents` keeps to those documents.
        Raises IndexBrokenError, OtherEncoderError and EncoderError.
        """
        snapshot = self.index.snapshot()
        if snapshot is None or (documents is not None and not documents):
            return []
        self._check_encoder(snapshot)
        if documents is not None and len(documents) == len(self.gazetteer().documents):
            documents = None  # a filter that admits all only costs time
        candidates = max(LEAST_CANDIDATES, _CANDIDATES * num_results)
        by_terms = snapshot.terms.search(text if terms is None else terms, num_results=candidates, documents=documents)
        by_vectors = snapshot.vectors.search(self._encode_query(text), num_results=candidates, documents=documents)
        return self._hits(by_terms, by_vectors)[:num_results]

    def passages_of(self, document: Document) -> list[Hit]:
        """The passages of `document` in order, as hits without scores."""
        return [
            Hit(passage_id=stored.id, document=document, passage=stored.passage, score=0.0)
            for stored in self.catalogue.passages_of(document.id)
        ]

    def sections_of(self, document: Document) -> tuple[Section, ...]:
        """The structure of `document`, in document order; spans count in `text_of`."""
        return self.catalogue.sections.of(document.id)

    def text_of(self, document: Document) -> str:
        """The text of `document`."""
        return self.catalogue.text(document.id)

    def definitions(self) -> Sequence[tuple[str, int, int, int]]:
        """Every definition of a term: the term, the id of the document, and its span there."""
        return self.catalogue.sections.definitions()

    def documents_like(self, pattern: str) -> frozenset[int]:
        """The ids of the documents in whose text `pattern` stands: % for any words, _ for one character."""
        return self.catalogue.documents_like(pattern)

    def first_with(self, document: Document, words: str) -> Hit | None:
        """The first passage of `document` in which `words` stand, as a hit without scores."""
        return next((hit for hit in self.passages_of(document) if words in hit.passage.text), None)

    def hit_at(self, document_id: int, place: int) -> Hit | None:
        """The passage of a document, whether it stands or not, in which the character `place` stands; without scores.

        None where the document, or such a passage of it, is not kept. Raises CatalogueError where nothing can be read.
        """
        stored = self.catalogue.passage_at(document_id, place)
        if stored is None:
            return None
        document = self.gazetteer().documents.get(document_id) or self.catalogue.document(document_id)
        return Hit(passage_id=stored.id, document=document, passage=stored.passage, score=0.0)

    def rarity(self, term: str) -> float:
        """The inverse document frequency of a term, as BM25 weighs it; 0 for one that is in no passage."""
        snapshot = self.index.snapshot()
        return snapshot.terms.rarity(term) if snapshot else 0.0

    @property
    def has_calibrated_likeness(self) -> bool:
        """Whether `likeness` is on the scale that answers are judged by: that of the default encoder."""
        return self.encoder.name == encoder_name(DEFAULT)

    def likeness(self, text: str, others: Sequence[str]) -> list[float]:
        """The cosine of each of `others` with the question `text`."""
        distinct = list(dict.fromkeys(others))
        cosines = self.encoder.encode_passages(distinct) @ self._encode_query(text)
        of = dict(zip(distinct, cosines.tolist(), strict=True))
        return [of[other] for other in others]

    def _hits(self, by_terms: list[tuple[int, float]], by_vectors: list[tuple[int, float]]) -> list[Hit]:
        term_scores, vector_scores = dict(by_terms), dict(by_vectors)
        term_ranks = {id_: rank for rank, id_ in enumerate(term_scores, start=1)}
        vector_ranks = {id_: rank for rank, id_ in enumerate(vector_scores, start=1)}
        fused = fuse(term_scores, vector_scores)
        passages = self.catalogue.passages_by_id(list(fused))
        documents = self.gazetteer().documents
        return [
            Hit(
                passage_id=id_,
                document=documents[passages[id_].document_id],
                passage=passages[id_].passage,
                score=score,
                term_rank=term_ranks.get(id_),
                vector_rank=vector_ranks.get(id_),
                vector_score=vector_scores.get(id_, 0.0),
            )
            for id_, score in fused.items()
            # A document that was removed a moment ago may be in the index still.
            if id_ in passages and passages[id_].document_id in documents
        ]

    def _check_encoder(self, snapshot: Snapshot) -> None:
        if snapshot.origin.encoder != self.encoder.name:
            sources = [
                Path(source).parent for document in self.gazetteer().documents.values() for source in document.sources
            ]
            folder = min(sources, key=lambda path: len(path.parts), default=Path("文件夹"))
            raise OtherEncoderError(
                f"索引由编码器 {snapshot.origin.encoder} 建立，现在设置的是 {self.encoder.name}；"
                f"请运行 `python -m ingest {folder}` 重新编码，或改回原来的 WENZHENG_ENCODER。"
            )


def fuse(
    term_scores: dict[int, float], vector_scores: dict[int, float], *, vector_weight: float = VECTOR_WEIGHT
) -> dict[int, float]:
    """The weighted sum of both scores, each brought to 0…1, best first; ties keep the order of vectors, then terms.

    Fusing one ranking alone gives that ranking.
    """
    terms, vectors = _normalised(term_scores), _normalised(vector_scores)
    fused = {
        id_: vector_weight * vectors.get(id_, 0.0) + (1 - vector_weight) * terms.get(id_, 0.0)
        for id_ in (*vectors, *terms)
    }
    return dict(sorted(fused.items(), key=lambda item: -item[1]))


def _normalised(scores: dict[int, float]) -> dict[int, float]:
    """Scores brought to 0…1 by their least and greatest."""
    if not scores:
        return {}
    least, greatest = min(scores.values()), max(scores.values())
    spread = greatest - least or 1.0
    return {id_: 1.0 if greatest == least else (score - least) / spread for id_, score in scores.items()}
