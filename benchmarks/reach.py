"""How many passages no search by meaning finds: `python -m benchmarks.reach DATA [--builds 3]` builds DATA's vectors anew.

Each build is measured twice: as Chroma's graph comes out, and after what was out of reach was put in again.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from kb.search.index import Index
from kb.search.snapshot import MOST_COPIES, embedded_passages
from kb.search.vectors import EmbeddedPassage, Vectors
from kb.storage.catalogue import Catalogue


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--builds", type=int, default=3)
    options = parser.parse_args()
    origin = Index(options.data / "index").origin()
    assert origin is not None, "DATA has no index"
    print(
        "| vectors | seconds to build | out of reach | seconds to put in again | out of reach then |\n|---|---|---|---|---|"
    )
    with Catalogue(options.data / "catalogue.sqlite3") as catalogue:
        copies = catalogue.embeddings.copies(catalogue.revision, MOST_COPIES)
        documents = catalogue.standing_ids(catalogue.revision)

        def passages() -> Iterator[EmbeddedPassage]:
            embedded = embedded_passages(catalogue, origin.encoder, catalogue.revision, documents)
            return (passage for passage in embedded if passage.id not in copies)

        for _ in range(options.builds):
            with tempfile.TemporaryDirectory() as folder:
                started = time.perf_counter()
                Vectors.build(Path(folder, "vectors"), passages())
                built = time.perf_counter()
                before, number = lost(Path(folder, "vectors"), passages())
                looked = time.perf_counter()
                Vectors.bring_into_reach(Path(folder, "vectors"), passages)
                brought = time.perf_counter()
                after, _ = lost(Path(folder, "vectors"), passages())
            print(f"| {number} | {built - started:.1f} | {before} | {brought - looked:.1f} | {after} |", flush=True)


def lost(folder: Path, passages: Iterator[EmbeddedPassage]) -> tuple[int, int]:
    """How many of `passages` the vectors in `folder` do not find, and how many vectors there are."""
    with closing(Vectors(folder)) as vectors:
        return len(vectors.lost(passages)), len(vectors)


if __name__ == "__main__":
    main()
