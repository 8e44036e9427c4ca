"""What is found of each document beside what a reader found, field by field.

    python -m benchmarks.metadata CSV FOLDER [--half a|b] [--show]

CSV has the columns file, title, issuer, region, kind, number, date_issued, date_in_force; an empty cell is what the text does
not say. FOLDER has the files, which are read as `python -m ingest` reads them. A half is chosen by the sha256 of the file's
name. `right` is of those given; `wrong` is what differs or was not given; `empty` is what was given and not found. Widths,
brackets and marks of titles and numbers do not count. --show prints what is not right.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import re
from collections import Counter
from pathlib import Path

from ingest.metadata import metadata
from ingest.worker import read_outlined
from kb.chinese.text import fold

_FIELDS = {
    "title": "title",
    "issuer": "issuer",
    "region": "region",
    "kind": "kind",
    "number": "number",
    "date_issued": "date",
    "date_in_force": "date_in_force",
}


def main() -> None:
    """Read, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("csv", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", choices=("a", "b"))
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    with options.csv.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if options.half in (None, half(row["file"]))]
    counts: dict[str, Counter[str]] = {field: Counter() for field in _FIELDS}
    for row in rows:
        path = options.folder / row["file"]
        found = metadata(read_outlined(path.read_bytes(), path.name), path.name)
        for field, name in _FIELDS.items():
            value = getattr(found, name) or ""
            verdict = compared(row[field], value)
            counts[field][verdict] += 1
            if options.show and verdict not in ("right", "neither"):
                print(f"{path.name}\t{field}\t{verdict}\n    given {row[field]}\n    found {value}")
    print(f"{len(rows)} documents\n| field | given | right | empty | wrong | right of given | wrong of all |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for field, count in counts.items():
        given = sum(count.values()) - count["neither"] - count["not given"]
        wrong = count["wrong"] + count["not given"]
        shares = f"{count['right'] / max(given, 1):.2f} | {wrong / max(len(rows), 1):.2f}"
        print(f"| {field} | {given} | {count['right']} | {count['empty']} | {wrong} | {shares} |")


def half(name: str) -> str:
    """The half that a file belongs to."""
    return "ab"[int(hashlib.sha256(name.encode()).hexdigest(), 16) % 2]


def compared(given: str, found: str) -> str:
    """right, wrong, empty; neither, where neither has it; not given, where only what was found has it."""
    if not given:
        return "not given" if found else "neither"
    if not found:
        return "empty"
    return "right" if _plain(given) == _plain(found) else "wrong"


def _plain(text: str) -> str:
    return re.sub(r"[\s《》〈〉“”\"'()（）\[\]〔〕]", "", fold(text))


if __name__ == "__main__":
    main()
