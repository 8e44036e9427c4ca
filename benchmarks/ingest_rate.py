"""Passages a second of a whole ingest, beside the bare encoder on the same texts in the same run.

    python -m benchmarks.ingest_rate FOLDER [FOLDER ...] [--sample N] [--repeat N]

Prints what an ingest of the folders into a new data folder took and how much of it was spent inside the encoder, what
its second run took, the memory at the peak and the sizes of the files that it made; then what the encoder alone takes
in one call for the same texts, or for every Nth of them by length, and the ratio of the two rates. Start-up (imports,
loading the model, starting the reading process) is left out of both. Needs Linux.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy
from numpy.typing import NDArray

from ingest.synchronise import synchronise
from ingest.worker import ReadingProcess
from kb.search.encoder import Encoder
from kb.search.index import Index
from kb.storage.catalogue import Catalogue

_MIB = 2**20


class TimedEncoder(Encoder):
    """An encoder that counts the seconds it takes."""

    seconds = 0.0

    def encode_passages(self, texts: Sequence[str]) -> NDArray[numpy.float32]:
        started = time.perf_counter()
        vectors = super().encode_passages(texts)
        self.seconds += time.perf_counter() - started
        return vectors


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--sample", type=int, default=1, help="the encoder alone takes every Nth text")
    parser.add_argument("--repeat", type=int, default=1)
    options = parser.parse_args()
    encoder = TimedEncoder()
    encoder.encode_query("启动")
    loaded = _peak()
    ratios = []
    for _ in range(options.repeat):
        with (
            tempfile.TemporaryDirectory() as data,
            Catalogue(Path(data) / "catalogue.sqlite3") as catalogue,
            ReadingProcess() as reading,
        ):
            reading.read("启动".encode(), "启动.txt")
            encoder.seconds = 0.0
            seconds = []
            for _ in range(2):
                started = time.perf_counter()
                report = synchronise(
                    [folder.resolve() for folder in options.folders],
                    catalogue=catalogue,
                    index=Index(Path(data) / "index"),
                    encoder=encoder,
                    read=reading.read,
                    progress=lambda step, done, total: None,
                )
                seconds.append(time.perf_counter() - started)
            inside = encoder.seconds
            texts = {stored.passage.embeddable_text(stored.title) for stored in catalogue.passages()}
            sizes = {path.name: _size(path) for path in Path(data).iterdir()}
            peak = _peak()
        print(
            f"{len(report.skipped)} documents, {len(texts)} passages: ingest {seconds[0]:.1f} s, of it in the encoder "
            f"{inside:.1f} s ({inside / seconds[0]:.0%}); second run {seconds[1]:.2f} s, "
            f"{len(report.skipped)} skipped, {report.num_embedded} embedded"
        )
        print(f"memory at the peak {peak:.0f} MiB, with the model loaded {loaded:.0f}; ", end="")
        print(", ".join(f"{name} {size:.0f} MiB" for name, size in sizes.items()), flush=True)
        sample = sorted(texts, key=len)[:: options.sample]
        started = time.perf_counter()
        encoder.encode_passages(sample)
        alone = (time.perf_counter() - started) * len(texts) / len(sample)
        ratios.append(alone / seconds[0])
        print(f"encoder alone {alone:.1f} s (measured on {len(sample)}): rate {ratios[-1]:.0%} of the encoder's")
    print(f"median {statistics.median(ratios):.0%}")


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / _MIB


def _size(path: Path) -> float:
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files) / _MIB


if __name__ == "__main__":
    main()
