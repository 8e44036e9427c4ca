"""Terms, vectors and their weighted sum on queries whose passages are known.

    python -m benchmarks.fusion CORPUS.jsonl QUERIES.jsonl [--most N]

A corpus line has `id`, `title` and `text`; a query line has `query` and `positives`, ids of passages. Prints R@1, R@5
and MRR@10 for vector weights from 0 (terms alone) to 1 (vectors alone), over the candidates that `kb.search.retriever` takes,
and for the whole of retrieval, with all that it understands of a question.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from tqdm import tqdm

from kb.search.encoder import Encoder
from kb.search.index import Index
from kb.search.retriever import LEAST_CANDIDATES, VECTOR_WEIGHT, Retriever, fuse
from kb.storage.catalogue import Catalogue, Fingerprint
from kb.types import Metadata, Passage

_WHOLE = "whole retrieval"
_WEIGHTS = (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0)


def read(path: Path) -> list[dict[str, Any]]:
    """The JSON objects of a file, one a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("queries", type=Path)
    parser.add_argument("--most", type=int, help="only the first N queries")
    options = parser.parse_args()
    passages, queries = read(options.corpus), read(options.queries)[: options.most]
    encoder = Encoder()
    ranks: dict[str, list[int]] = {str(weight): [] for weight in _WEIGHTS} | {_WHOLE: []}
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        hold(passages, data, encoder)
        retriever = Retriever(data, encoder)
        snapshot = retriever.index.snapshot()
        assert snapshot is not None
        for query in tqdm(queries):
            by_terms = dict(snapshot.terms.search(query["query"], num_results=LEAST_CANDIDATES))
            vector = encoder.encode_query(query["query"])
            by_vectors = dict(snapshot.vectors.search(vector, num_results=LEAST_CANDIDATES))
            for weight in _WEIGHTS:
                fused = retriever.catalogue.passages_by_id(list(by_terms | by_vectors))
                found = [fused[id_].document_id for id_ in fuse(by_terms, by_vectors, vector_weight=weight)]
                ranks[str(weight)].append(_rank([retriever.catalogue.document(id_).name for id_ in found[:10]], query))
            hits = retriever.hits(query["query"], num_results=10)
            ranks[_WHOLE].append(_rank([hit.document.name for hit in hits], query))
        retriever.index.close()
    print("| vector weight | R@1 | R@5 | MRR@10 |\n|---|---|---|---|")
    for weight, found_at in ranks.items():
        first = sum(rank == 1 for rank in found_at) / len(found_at)
        five = sum(1 <= rank <= 5 for rank in found_at) / len(found_at)
        mean = sum(1 / rank for rank in found_at if 1 <= rank <= 10) / len(found_at)
        used = " (used)" if weight == str(VECTOR_WEIGHT) else ""
        print(f"| {weight}{used} | {first:.3f} | {five:.3f} | {mean:.3f} |")


def hold(passages: list[dict[str, Any]], data: Path, encoder: Encoder) -> None:
    """Make a data folder in which each passage is a document."""
    with Catalogue(data / "catalogue.sqlite3") as catalogue:
        for passage in passages:
            text = passage["text"]
            catalogue.add(
                path=f"/{passage['id']}",
                name=passage["id"],
                fingerprint=Fingerprint(passage["id"], ""),
                metadata=Metadata(title=passage["title"]),
                text=text,
                passages=[Passage(text=text, heading=(), start=0, end=len(text))],
            )
        digests = list(catalogue.embeddings.missing(encoder.name, catalogue.revision))
        vectors = encoder.encode_passages(catalogue.embeddings.texts(digests))
        catalogue.embeddings.put(encoder.name, dict(zip(digests, vectors, strict=True)))
        Index(data / "index").build(catalogue, encoder.name)


def _rank(names: list[str], query: dict[str, Any]) -> int:
    """The place of the first right passage, from 1; 0 where it is not among them."""
    return min((names.index(name) + 1 for name in query["positives"] if name in names), default=0)


if __name__ == "__main__":
    main()
