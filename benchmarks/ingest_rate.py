"""Passages a second of a whole ingest, beside the bare encoder on the same texts in the same run.

    python benchmarks/ingest_rate.py FOLDER [--repeat N]

Prints what an ingest of FOLDER into a new data folder took, what its second run took, what the encoder alone takes for
the same texts in one call, and the ratio of the two rates. Start-up (imports, loading the model,
starting the reading process) is left out of both.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from ingest.isolation import ReadingProcess
from ingest.synchronise import synchronise
from kb.catalogue import Catalogue
from kb.encoder import load_encoder
from kb.index import Index


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--repeat", type=int, default=1)
    options = parser.parse_args()
    encoder = load_encoder()
    encoder.encode_query("启动")
    ratios = []
    for _ in range(options.repeat):
        with (
            tempfile.TemporaryDirectory() as data,
            Catalogue(Path(data) / "catalogue.sqlite3") as catalogue,
            ReadingProcess() as reading,
        ):
            reading.read("启动".encode(), "启动.txt")
            seconds = []
            for _ in range(2):
                started = time.perf_counter()
                report = synchronise(
                    [options.folder.resolve()],
                    catalogue=catalogue,
                    index=Index(Path(data) / "index"),
                    encoder=encoder,
                    read=reading.read,
                    progress=lambda step, done, total: None,
                )
                seconds.append(time.perf_counter() - started)
            texts = [stored.passage.embeddable_text(stored.title) for stored in catalogue.passages()]
            started = time.perf_counter()
            encoder.encode_passages(list(dict.fromkeys(texts)))
            bare = time.perf_counter() - started
        ratios.append(bare / seconds[0])
        print(
            f"ingest {seconds[0]:.1f} s for {len(texts)} passages, second run {seconds[1]:.2f} s "
            f"({len(report.skipped)} skipped, {report.num_embedded} embedded), encoder alone {bare:.1f} s, "
            f"rate {ratios[-1]:.0%} of the encoder's"
        )
    print(f"median {statistics.median(ratios):.0%}")


if __name__ == "__main__":
    main()
