"""Terms, vectors and their weighted sum on queries whose passages are known.

    python benchmarks/fusion.py CORPUS.jsonl QUERIES.jsonl [--most N]

A corpus line has `id`, `title` and `text`; a query line has `query` and `positives`, ids of passages. Prints R@1, R@5
and MRR@10 for vector weights from 0 (terms alone) to 1 (vectors alone), over the candidates that `kb.retrieval` takes.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from tqdm import tqdm

from kb.encoder import load_encoder
from kb.retrieval import LEAST_CANDIDATES, VECTOR_WEIGHT, fuse
from kb.terms import Terms
from kb.vectors import Vectors

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
    texts = [f"{passage['title']}\n{passage['text']}" for passage in passages]
    names = [passage["id"] for passage in passages]
    encoder = load_encoder()
    ranks: dict[float, list[int]] = {weight: [] for weight in _WEIGHTS}
    with tempfile.TemporaryDirectory() as folder:
        Terms.build(Path(folder) / "terms", ((number, 0, text) for number, text in enumerate(texts)))
        rows = zip(range(len(texts)), [0] * len(texts), encoder.encode_passages(texts), strict=True)
        Vectors.build(Path(folder) / "vectors", rows)
        terms, vectors = Terms(Path(folder) / "terms"), Vectors(Path(folder) / "vectors")
        for query in tqdm(queries):
            by_terms = dict(terms.search(query["query"], num_results=LEAST_CANDIDATES))
            vector = encoder.encode_query(query["query"])
            by_vectors = dict(vectors.search(vector, num_results=LEAST_CANDIDATES))
            for weight in _WEIGHTS:
                found = [names[number] for number in fuse(by_terms, by_vectors, vector_weight=weight)]
                positions = [found.index(name) + 1 for name in query["positives"] if name in found]
                ranks[weight].append(min(positions, default=0))
        vectors.close()
    print("| vector weight | R@1 | R@5 | MRR@10 |\n|---|---|---|---|")
    for weight, found_at in ranks.items():
        first = sum(rank == 1 for rank in found_at) / len(found_at)
        five = sum(1 <= rank <= 5 for rank in found_at) / len(found_at)
        mean = sum(1 / rank for rank in found_at if 1 <= rank <= 10) / len(found_at)
        used = " (used)" if weight == VECTOR_WEIGHT else ""
        print(f"| {weight}{used} | {first:.3f} | {five:.3f} | {mean:.3f} |")


if __name__ == "__main__":
    main()
