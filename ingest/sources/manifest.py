"""manifest.csv: metadata by an admin for the files in its folder, which overrule what was found in them.

    file,title,issuer,region,year,reporting_year,number,date,date_in_force,valid_until,kind
    2024/report.docx,,望舒市,,2024,,,,,,

`file` is a path below the manifest's folder; an empty cell leaves what was found.
"""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from ingest.readers.text.decoding import decode
from kb.errors import RefusedError
from kb.types import Metadata

NAME = "manifest.csv"
_TEXTS = ("title", "issuer", "region", "number", "date", "date_in_force", "valid_until", "kind")
_YEARS = ("year", "reporting_year")

Row = dict[str, str]


def read_manifest(path: Path) -> dict[Path, Row]:
    """The rows of a manifest by the path that each is about. Raises RefusedError where it cannot be meant."""
    try:
        text = decode(path.read_bytes())
    except OSError as error:
        raise RefusedError(f"无法读取（{error.strerror}）；请检查文件权限") from error
    reader = csv.DictReader(io.StringIO(text))
    columns = [column.strip() for column in reader.fieldnames or ()]
    unknown = sorted(set(columns) - {"file", *_TEXTS, *_YEARS})
    if unknown or "file" not in columns:
        raise RefusedError(
            f"列名应为 file 与 {'、'.join((*_TEXTS, *_YEARS))}；不认识 {'、'.join(unknown) or '（缺少 file）'}"
        )
    rows = {}
    for number, cells in enumerate(reader, start=2):
        row = {str(key).strip(): (value or "").strip() for key, value in cells.items() if isinstance(value, str)}
        if wrong := [name for name in _YEARS if row.get(name) and not (row[name].isascii() and row[name].isdigit())]:
            raise RefusedError(f"第 {number} 行的 {wrong[0]} 不是年份（{row[wrong[0]]}）；请写四位数字或留空")
        rows[path.parent / row["file"].replace("\\", "/")] = {
            name: value for name, value in row.items() if value and name != "file"
        }
    return rows


def overrule(found: Metadata, row: Row) -> Metadata:
    """`found` with the fields of the row in its place."""
    fields: dict[str, str | int] = {name: row[name] for name in _TEXTS if name in row}
    fields |= {name: int(row[name]) for name in _YEARS if name in row}
    return replace(found, **fields)  # type: ignore[arg-type]


def fingerprint_of_row(row: Row) -> str:
    """What tells one row from another, or nothing for an empty one."""
    return "-" + sha256(repr(sorted(row.items())).encode()).hexdigest()[:12] if row else ""
