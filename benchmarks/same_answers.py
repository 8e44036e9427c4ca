"""Whether two programs answer alike: what `python -m kb ask --batch` of each wrote for the same questions, compared.

    python -m benchmarks.same_answers BEFORE.jsonl AFTER.jsonl

Compared are status, text, citations, evidence, table and computed figures; seconds are not. Prints each difference and
ends with 1 where there is any.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

FIELDS = ("status", "text", "citations", "evidence", "rejected", "computed", "table", "understood")


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare two files of answers."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.same_answers", description=__doc__.splitlines()[0])
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    options = parser.parse_args(arguments)
    before, after = _read(options.before), _read(options.after)
    differences = [line for id_ in before | after for line in _differences(id_, before.get(id_), after.get(id_))]
    for line in differences:
        print(line)
    print(
        f"{len(before)} answers, {len(differences)} differences" if differences else f"{len(before)} answers, identical"
    )
    return 1 if differences else 0


def _read(path: Path) -> dict[str, dict[str, Any]]:
    lines = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return {fields["id"]: fields for fields in lines}


def _differences(id_: str, before: dict[str, Any] | None, after: dict[str, Any] | None) -> list[str]:
    if before is None or after is None:
        return [f"{id_}: only {'after' if before is None else 'before'}"]
    return [
        f"{id_} {field}:\n  before {_short(before.get(field))}\n  after  {_short(after.get(field))}"
        for field in FIELDS
        if before.get(field) != after.get(field)
    ]


def _short(value: object, most: int = 400) -> str:
    written = json.dumps(value, ensure_ascii=False)
    return written if len(written) <= most else f"{written[:most]}…"


if __name__ == "__main__":
    sys.exit(main())
