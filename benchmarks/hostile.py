"""A synchronisation over files that are meant to do harm: it ends, and each file is read or refused with a reason.

    python -m benchmarks.hostile [--count 300] [--seed 0] [--seconds 20] [--size 1000000]

Prints what was read and refused by format and reason, the slowest files, those that ended the reading process or took
all its time or memory, and the peak memory. Exits with 1 where something that must hold does not.
"""

from __future__ import annotations

import argparse
import re
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.hostile_files import SENTENCE, File, hostile_files
from ingest.report import IngestReport
from ingest.synchronise import synchronise
from ingest.worker import ReadingProcess
from kb.errors import RefusedError, WenzhengError
from kb.search.encoder import Encoder
from kb.search.index import Index
from kb.search.retriever import Retriever
from kb.storage.catalogue import Catalogue
from kb.types import Block
from tests.conftest import save_quick_encoder

SOUND = "完好_云澜区司法局_年报.txt"
_CHINESE = re.compile("[一-鿿]")
# Reasons that mean that a reader had to be stopped.
_STOPPED = ("崩溃", "还没读完", "需要的内存", "被系统终止")
_NUM_SLOWEST = 10
_MAX_REASON = 34  # characters


@dataclass(frozen=True, slots=True, order=True)
class Read:
    """How long a file took, and why it was refused, if it was."""

    seconds: float
    name: str
    refusal: str = ""


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What a synchronisation over hostile files came to."""

    report: IngestReport
    seconds: float
    reading: list[Read] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def stopped(self) -> list[Read]:
        """The files whose reader had to be stopped."""
        return [read for read in self.reading if any(word in read.refusal for word in _STOPPED)]


def run(files: Iterable[File], folder: Path, *, encoder: Encoder, seconds: float) -> Outcome:
    """Write the files, synchronise them and check what must hold.

    folder: empty; the data folder is made within it.
    seconds: that the reading of one file may take.
    """
    documents, data = folder / "documents", folder / "data"
    documents.mkdir()
    written = {str(documents / SOUND)}
    (documents / SOUND).write_text(f"年度报告\n一、学法\n{SENTENCE}完好的文件照常可查。", encoding="utf-8")
    for name, content in files:
        (documents / name).write_bytes(content)
        written.add(str(documents / name))
    outcome = Outcome(report=IngestReport(), seconds=0.0)
    started = time.perf_counter()
    with Catalogue(data / "catalogue.sqlite3") as catalogue, ReadingProcess(seconds=seconds) as process:

        def read(content: bytes, name: str) -> list[Block]:
            start, refusal = time.perf_counter(), ""
            try:
                return process.read(content, name)
            except RefusedError as error:
                refusal = str(error)
                raise
            finally:
                outcome.reading.append(Read(time.perf_counter() - start, name, refusal))

        try:
            outcome.report = synchronise(
                [documents],
                catalogue=catalogue,
                index=Index(data / "index"),
                encoder=encoder,
                read=read,
                progress=lambda step, done, total: None,
            )
        except WenzhengError as error:
            outcome.failures.append(f"the run did not end well: {error}")
    outcome.seconds = time.perf_counter() - started
    if not outcome.failures:
        outcome.failures += _failures(outcome.report, written)
        outcome.failures += _unusable(data, encoder)
    return outcome


def _failures(report: IngestReport, written: set[str]) -> Iterable[str]:
    named = {*report.created, *report.duplicates, *report.refused}
    for path in sorted(written):
        if path not in named and not any(other.startswith(f"{path}!/") for other in named):
            yield f"neither read nor refused: {path!r}"
    for path, reason in report.refused.items():
        if not _CHINESE.search(reason):
            yield f"no Chinese reason: {path!r}: {reason!r}"


def _unusable(data: Path, encoder: Encoder) -> Iterable[str]:
    try:
        hits = Retriever(data, encoder).search("完好的文件照常可查", num_results=5)
    except (WenzhengError, OSError, RuntimeError) as error:
        yield f"the index cannot be asked: {error!r}"
        return
    if SOUND not in {hit.document.name for hit in hits}:
        yield f"the sound document is not found; found were {[hit.document.name for hit in hits]!r}"


def main() -> int:
    """Run, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=20.0, help="for the reading of one file")
    parser.add_argument("--size", type=int, default=1_000_000, help="of what is too large: tags, characters, rows")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as model:
        encoder = Encoder(save_quick_encoder(Path(model), seed=0))
        files = hostile_files(options.count, options.seed, size=options.size)
        outcome = run(files, Path(folder), encoder=encoder, seconds=options.seconds)
    _print(outcome)
    return 1 if outcome.failures else 0


def _print(outcome: Outcome) -> None:
    report = outcome.report
    names, refused = [*report.created, *report.duplicates], report.refused
    print(f"{len(names)} read, {len(refused)} refused in {outcome.seconds:.0f} s")
    print("\nby format: read / refused")
    counts = Counter((_suffix(path), path in refused) for path in [*names, *refused])
    for suffix in sorted({suffix for suffix, _ in counts}):
        print(f"  {suffix:8} {counts[suffix, False]:4} / {counts[suffix, True]}")
    print("\nreasons")
    reasons = Counter(re.sub(r"\d+", "#", reason)[:_MAX_REASON] for reason in refused.values())
    for reason, count in reasons.most_common():
        print(f"  {count:4}  {reason}")
    print("\nslowest to read")
    for read in sorted(outcome.reading, reverse=True)[:_NUM_SLOWEST]:
        print(f"  {read.seconds:6.1f} s  {read.name[:60]!r}")
    own, reader = (
        resource.getrusage(who).ru_maxrss / 2**20 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(f"\npeak memory: {own:.1f} GiB here, {reader:.1f} GiB in the reading process")
    _print_list("readers that had to be stopped", [f"{read.name!r}: {read.refusal}" for read in outcome.stopped])
    _print_list("failures", outcome.failures)


def _print_list(title: str, lines: Sequence[str]) -> None:
    print(f"\n{title}: {len(lines)}")
    for line in lines:
        print(f"  {line[-200:]}")


def _suffix(path: str) -> str:
    suffix = Path(path).suffix.lower().removeprefix(".")
    return suffix if re.fullmatch(r"\w{1,6}", suffix) else "—"


if __name__ == "__main__":
    sys.exit(main())
