"""Seconds, memory and disk of an ingest of many documents, beside those of a quarter of them.

    python -m benchmarks.scale [--documents 20000]

Documents of about four passages are made here and embedded by a stand-in that takes no time to speak of. Memory is
what the process and its reading process take beyond what they take with the encoder loaded, at the peak of each step.
Needs Linux.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from benchmarks.documents import make_documents, written
from ingest.synchronise import synchronise
from ingest.worker import ReadingProcess
from kb.search.encoder import Encoder
from kb.search.index import Index
from kb.storage.catalogue import Catalogue

_MIB = 2**20
_PAGE = os.sysconf("SC_PAGE_SIZE")
_SECTIONS = 2  # of a document, a passage or two each


class Gauge:
    """Seconds by step, and the most memory that was taken in each."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.memory: defaultdict[str, int] = defaultdict(int)
        self._before = self._taken()
        self._step = ""
        self._since = time.perf_counter()

    def __call__(self, step: str, done: int = 0, total: int = 0) -> None:
        """A step begins or goes on."""
        now = time.perf_counter()
        self.seconds[self._step] += now - self._since
        self._step, self._since = step, now

    @contextlib.contextmanager
    def measuring(self, run: str) -> Iterator[None]:
        """Name the steps of a run after it, and measure it as a whole."""
        self(run)
        ended = threading.Event()
        sampler = threading.Thread(target=self._sample, args=(ended,))
        sampler.start()
        yield
        ended.set()
        sampler.join()
        self("")

    def _sample(self, ended: threading.Event) -> None:
        while not ended.wait(0.01):
            step = self._step
            self.memory[step] = max(self.memory[step], self._taken() - self._before)

    def _taken(self) -> int:
        return sum(map(_resident, [os.getpid(), *(child.pid for child in multiprocessing.active_children())]))


def _resident(process: int | None) -> int:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * _PAGE
    return 0


def _size(path: Path) -> float:
    return sum(file.stat().st_size for file in [path, *path.rglob("*")] if file.is_file()) / _MIB


def measure(work: Path, count: int, encoder: Encoder) -> dict[str, str]:
    """The column of a table for `count` documents."""
    folder = work / "documents"
    folder.mkdir()
    documents = make_documents(count, num_sections=_SECTIONS)
    for number, lines in enumerate(documents):
        (folder / f"{number:05}.txt").write_text(written(lines, number, 0), encoding="utf-8")
    del documents
    encoder.encode_passages(["启动"] * 256)
    gauge = Gauge()

    def run(name: str) -> tuple[int, int]:
        with (
            gauge.measuring(name),
            Catalogue(work / "catalogue.sqlite3") as catalogue,
            ReadingProcess() as reading,
        ):
            report = synchronise(
                [folder],
                catalogue=catalogue,
                index=Index(work / "index"),
                encoder=encoder,
                read=reading.read,
                progress=lambda step, done, total: gauge(f"{name}: {step}"),
            )
            return report.num_embedded, catalogue.num_passages(catalogue.revision)

    _, num_passages = run("first")
    index_size = _size(work / "index")
    run("second")
    changed = folder / f"{count // 2:05}.txt"
    text = changed.read_text(encoding="utf-8")
    changed.write_text(text.replace("。", "，还有一件。", 1), encoding="utf-8")
    num_embedded, _ = run("changed")

    def seconds(run: str) -> str:
        return f"{sum(seconds for step, seconds in gauge.seconds.items() if step.startswith(run)):.1f}"

    def memory(step: str) -> str:
        return f"{max(taken for name, taken in gauge.memory.items() if name.startswith(step)) / _MIB:.0f}"

    return {
        "passages": f"{num_passages:,}",
        **{f"{step}, s": seconds(f"first: {step}") for step in ("reading", "embedding", "indexing")},
        "nothing changed, s": seconds("second"),
        "one sentence changed, s": seconds("changed"),
        "… passages embedded for it": f"{num_embedded}",
        **{f"memory in {step}, MiB": memory(f"first: {step}") for step in ("reading", "embedding", "indexing")},
        "memory where nothing changed, MiB": memory("second"),
        "memory where one sentence changed, MiB": memory("changed"),
        "catalogue, MiB": f"{_size(work / 'catalogue.sqlite3'):.0f}",
        "one snapshot of the index, MiB": f"{index_size:.0f}",
    }


def main() -> None:
    """Measure each size in a process of its own and print a table."""
    from tests.conftest import save_quick_encoder

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--only", action="store_true", help="without the quarter; prints JSON")
    options = parser.parse_args()
    if options.only:
        with tempfile.TemporaryDirectory() as name:
            (Path(name) / "encoder").mkdir()
            encoder = Encoder(save_quick_encoder(Path(name) / "encoder", seed=0))
            print(json.dumps(measure(Path(name), options.documents, encoder)))
        return
    counts = [options.documents // 4, options.documents]
    columns = []
    for count in counts:
        command = [sys.executable, "-m", "benchmarks.scale", "--only", "--documents", str(count)]
        columns.append(json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout))
    print("| | " + " | ".join(f"{count:,} documents" for count in counts) + " |")
    print("|---" * (1 + len(counts)) + "|")
    for name in columns[0]:
        print(f"| {name} | " + " | ".join(column[name] for column in columns) + " |")


if __name__ == "__main__":
    main()
