"""What is read of every file below some folders, as a Markdown table.

    python benchmarks/reading.py FOLDER… [--truth TEXT FILE]…

The files are read as `python -m ingest` reads them: archives opened, each file in the reading process. The second
table sums up by kind of file; the third compares FILE with its true TEXT, in order and with white space folded: the
share of the true characters that were read, and of the read characters that are true; and in any order, as tables are
read row by row. Rows repeat the heads of their columns, so that a file with tables has more characters than its text.
"""

from __future__ import annotations

import argparse
import sys
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.metadata import metadata
from ingest.sources.files import Files
from ingest.structure.passages import document_text
from ingest.worker import ReadingProcess
from kb.errors import RefusedError
from kb.types import Block, BlockKind, Metadata

_MAX_TITLE = 36  # characters of a cell
_HEADS = "file kind blocks rows headings pages seconds title issuer year reports refused".split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One file and what came of it."""

    name: str
    seconds: float
    blocks: Sequence[Block] = ()
    found: Metadata | None = None
    refusal: str = ""

    @property
    def kind(self) -> str:
        return Path(self.name).suffix.lower().removeprefix(".") or "—"

    @property
    def num_pages(self) -> int:
        return max((block.page or 0 for block in self.blocks), default=0)

    def count(self, kind: BlockKind) -> int:
        return sum(block.kind is kind for block in self.blocks)


def main() -> None:
    """Read and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--truth", nargs=2, type=Path, action="append", default=[], metavar=("TEXT", "FILE"))
    options = parser.parse_args()
    with ReadingProcess() as process:
        readings = list(read_all(options.folders, process))
        if readings:
            print(table(_HEADS, map(_cells, readings)), end="\n\n")
            print(table(("kind", "files", "refused", "seconds", "seconds a page"), _summary(readings)), end="\n\n")
        rows = [_compare(text, file, process) for text, file in options.truth]
    if rows:
        print(table(("file", "true characters", "read characters", "recall", "precision", "recall in any order"), rows))


def read_all(folders: Sequence[Path], process: ReadingProcess) -> Iterable[Reading]:
    """Every file below the folders, one after another, refused ones as well."""
    refused: list[tuple[str, str]] = []
    files = Files(folders, refuse=lambda path, reason: refused.append((path, reason)))
    for path in files.paths:
        for file in files.open(path):
            started = time.perf_counter()
            name = file.path.removeprefix(f"{path.parent}/")
            print(name, file=sys.stderr)
            try:
                blocks = process.read(file.data, file.name)
            except RefusedError as error:
                yield Reading(name=name, seconds=time.perf_counter() - started, refusal=str(error))
                continue
            seconds = time.perf_counter() - started
            yield Reading(name=name, seconds=seconds, blocks=blocks, found=metadata(blocks, file.name))
        for within, reason in refused:
            yield Reading(name=within.removeprefix(f"{path.parent}/"), seconds=0.0, refusal=reason)
        refused.clear()


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "｜") for cell in line) + " |" for line in lines)


def _cells(reading: Reading) -> Sequence[str]:
    start = [reading.name, reading.kind]
    seconds = f"{reading.seconds:.2f}"
    if reading.found is None:
        return [*start, *[""] * 4, seconds, *[""] * 4, reading.refusal]
    found = reading.found
    title = found.title if len(found.title) <= _MAX_TITLE else found.title[:_MAX_TITLE] + "…"
    counts = [len(reading.blocks), reading.count(BlockKind.TABLE_ROW), reading.count(BlockKind.HEADING)]
    known = [found.issuer, found.year, found.reporting_year]
    return [
        *start,
        *map(str, counts),
        str(reading.num_pages or ""),
        seconds,
        title,
        *(str(value or "") for value in known),
        "",
    ]


def _summary(readings: Sequence[Reading]) -> Iterable[Sequence[str]]:
    for kind in sorted({reading.kind for reading in readings}):
        of_kind = [reading for reading in readings if reading.kind == kind]
        seconds = sum(reading.seconds for reading in of_kind)
        pages = sum(reading.num_pages for reading in of_kind)
        paged = sum(reading.seconds for reading in of_kind if reading.num_pages)
        num_refused = sum(bool(reading.refusal) for reading in of_kind)
        a_page = f"{paged / pages:.3f}" if pages else ""
        yield [kind, str(len(of_kind)), str(num_refused), f"{seconds:.1f}", a_page]


def _compare(text: Path, file: Path, process: ReadingProcess) -> Sequence[str]:
    true = fold(text.read_text(encoding="utf-8"))
    read = fold(document_text(process.read(file.read_bytes(), file.name)))
    common = num_common(true, read)
    anywhere = (Counter(true) & Counter(read)).total()
    shares = [f"{found / max(1, len(of)):.2%}" for found, of in ((common, true), (common, read), (anywhere, true))]
    return [file.name, str(len(true)), str(len(read)), *shares]


def fold(text: str) -> str:
    """`text` in compatibility form (NFKC) without white space and form feeds."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def num_common(first: str, second: str) -> int:
    """The length of the longest common subsequence, by bits in parallel [1].

    [1] Crochemore and others 2001, A fast and practical bit-vector algorithm for the LCS problem.
    """
    places: dict[str, int] = defaultdict(int)
    for i, character in enumerate(first):
        places[character] |= 1 << i
    everywhere = (1 << len(first)) - 1
    row = everywhere
    for character in second:
        matches = row & places[character]
        row = ((row + matches) | (row - matches)) & everywhere
    return len(first) - row.bit_count()


if __name__ == "__main__":
    main()
