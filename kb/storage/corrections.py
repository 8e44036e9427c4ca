"""Corrections by editors of what was found in documents; each counts until it is taken back.

A correction is kept by the path of a file, and of any copy of the same bytes, so that it outlives a new version of the
file, a move, and every synchronisation; it goes before the file itself and before a `manifest.csv`. What was found is
kept beside it, so that it can be taken back without the file. An exclusion keeps a path out altogether.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from kb.errors import CorrectionError
from kb.storage.sqlite import Store
from kb.storage.timestamps import timestamp
from kb.types import Document, Metadata

YEARS = ("year", "reporting_year")
DAYS = ("date", "date_in_force", "valid_until")
NAMES = tuple(field.name for field in fields(Metadata))
_MOST_CHARACTERS = 300
_TABLES = """
CREATE TABLE corrections (
    path TEXT PRIMARY KEY, sha256 TEXT NOT NULL, said TEXT NOT NULL, by TEXT NOT NULL, at TEXT NOT NULL
);
CREATE INDEX corrections_by_sha256 ON corrections (sha256);
CREATE TABLE findings (path TEXT NOT NULL, sha256 TEXT NOT NULL, found TEXT NOT NULL, PRIMARY KEY (path, sha256));
CREATE INDEX findings_by_sha256 ON findings (sha256);
CREATE TABLE exclusions (path TEXT PRIMARY KEY, title TEXT NOT NULL, by TEXT NOT NULL, at TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """The metadata that an editor gave the file at one path, by field; "" empties a field."""

    path: str
    fields: Mapping[str, str]
    by: str
    at: str  # ISO 8601, UTC

    @property
    def fingerprint(self) -> str:
        """What tells one correction from another; "" where all was taken back."""
        return sha256(repr(sorted(self.fields.items())).encode()).hexdigest()[:12] if self.fields else ""

    def applied_to(self, found: Metadata) -> Metadata:
        """`found` with the fields of the correction in its place."""
        values: dict[str, Any] = {name: value or None for name, value in self.fields.items()}
        values |= {name: int(values[name]) for name in YEARS if values.get(name)}
        return replace(found, **values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """A path that is passed over, whatever file is there."""

    path: str
    title: str
    by: str
    at: str  # ISO 8601, UTC


class Corrections:
    """The corrections and exclusions of one data folder. Threads and processes may share them."""

    def __init__(self, path: Path) -> None:
        """Open the file at `path`; it is made where it is missing. Raises StoreError."""
        self._store = Store(path, tables=_TABLES, version=1)

    def close(self) -> None:
        self._store.close()

    # Corrections ----------------------------------------------------------------------------------------------

    def all(self) -> list[Correction]:
        """Every correction, those that were taken back whole included, by path."""
        return [
            _correction(row) for row in self._store.rows("SELECT path, said, by, at FROM corrections ORDER BY path")
        ]

    def of(self, path: str, digest: str) -> Correction | None:
        """The correction of the file at `path`, or that of the same bytes at another path."""
        row = self._store.row("SELECT path, said, by, at FROM corrections WHERE path = ?", path)
        row = row or self._store.row("SELECT path, said, by, at FROM corrections WHERE sha256 = ? LIMIT 1", digest)
        return None if row is None else replace(_correction(row), path=path)

    def found(self, path: str, digest: str) -> Metadata | None:
        """What was found in these bytes at `path`, or at another; None where no correction asked for it."""
        row = self._store.row(
            "SELECT found FROM findings WHERE sha256 = ? ORDER BY path = ? DESC LIMIT 1", digest, path
        )
        return None if row is None else Metadata(**json.loads(row[0]))

    def correct(self, document: Document, fields: Mapping[str, str], *, take_back: Iterable[str] = (), by: str) -> bool:
        """Correct these fields of a document, beside those corrected before; those in `take_back` are as found again.

        The next synchronisation makes the document anew. Returns whether anything changed. Raises CorrectionError where
        a value cannot be meant.
        """
        fields = {name: _checked(name, value) for name, value in fields.items()}
        taken_back = set(take_back)
        before = {path: self.of(path, document.sha256) for path in document.sources}  # all, before the first is written
        changed = False
        for path, correction in before.items():
            fields_before = correction.fields if correction else {}
            now = {name: value for name, value in {**fields_before, **fields}.items() if name not in taken_back}
            if now != fields_before:
                found = self.found(path, document.sha256) or document.metadata
                self.keep(Correction(path=path, fields=now, by=by, at=timestamp()), document.sha256, found)
                changed = True
        return changed

    def keep(self, correction: Correction, digest: str, found: Metadata) -> None:
        """Keep a correction for its path, whose file has these bytes now, and what was found in them."""
        with self._store.write() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO findings VALUES (?, ?, ?)",
                (correction.path, digest, json.dumps(asdict(found), ensure_ascii=False)),
            )
            connection.execute(
                "INSERT OR REPLACE INTO corrections VALUES (?, ?, ?, ?, ?)",
                (
                    correction.path, digest, json.dumps(dict(correction.fields), ensure_ascii=False), correction.by,
                    correction.at,
                ),
            )  # fmt: skip

    def forget(self, paths: Collection[str]) -> None:
        """Delete the corrections of these paths, whose files were removed."""
        with self._store.write() as connection:
            for table in ("corrections", "findings"):
                connection.executemany(f"DELETE FROM {table} WHERE path = ?", [(path,) for path in paths])  # noqa: S608

    # Exclusions -----------------------------------------------------------------------------------------------

    def exclusions(self) -> list[Exclusion]:
        """The paths that are kept out, by path."""
        rows = self._store.rows("SELECT path, title, by, at FROM exclusions ORDER BY path")
        return [Exclusion(path=path, title=title, by=by, at=at) for path, title, by, at in rows]

    def exclude(self, paths: Iterable[str], *, title: str, by: str) -> None:
        """Keep the files at `paths`, those of the document `title`, out from the next synchronisation on."""
        with self._store.write() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO exclusions VALUES (?, ?, ?, ?)",
                [(path, title, by, timestamp()) for path in paths],
            )

    def admit(self, path: str) -> bool:
        """Take a path in again; returns whether it was kept out."""
        with self._store.write() as connection:
            return bool(connection.execute("DELETE FROM exclusions WHERE path = ?", (path,)).rowcount)


def _correction(row: tuple[Any, ...]) -> Correction:
    path, fields, by, at = row
    return Correction(path=path, fields=json.loads(fields), by=by, at=at)


def _checked(name: str, value: str) -> str:
    """A value as it is kept. Raises CorrectionError where the field cannot have it."""
    value = " ".join(value.split())
    if name not in NAMES:
        raise CorrectionError(
            f"没有名为 {name} 的元数据；可改的有 {'、'.join(NAMES)}。",
            english=f"There is no metadata called {name}; there are {', '.join(NAMES)}.",
        )
    if name == "title" and not value:
        raise CorrectionError(
            "标题不能为空；请写上标题，或恢复自动识别的标题。",
            english="The title cannot be empty; write one, or take back the one that was found.",
        )
    if len(value) > _MOST_CHARACTERS:
        raise CorrectionError(
            f"{value[:10]}…过长；请不超过 {_MOST_CHARACTERS} 字。",
            english=f"{value[:10]}… is too long; write at most {_MOST_CHARACTERS} characters.",
        )
    if not value.isprintable():
        raise CorrectionError(
            "填写的内容里有不可见的控制字符；请重新输入。",
            english="There are control characters in what you wrote; write it again.",
        )
    if name in YEARS and value and not (value.isascii() and value.isdigit() and 1900 <= int(value) <= 2100):
        raise CorrectionError(
            f"年份 {value} 不对；请写四位数字，如 2024，或留空。",
            english=f"The year {value} will not do; write four digits, like 2024, or leave it empty.",
        )
    if name in DAYS and value:
        try:
            value = datetime.date.fromisoformat(value).isoformat()
        except ValueError:
            raise CorrectionError(
                f"日期 {value} 不对；请写成 2024-03-29 的样子，或留空。",
                english=f"The date {value} will not do; write it like 2024-03-29, or leave it empty.",
            ) from None
    return value
