"""The audit log: who did what at the desk, and when. It only grows: the file itself refuses to change or drop a line."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kb.storage.sqlite import Store

_MOST: Final = {"who": 100, "act": 100, "about": 500, "detail": 2000, "address": 100}  # characters
_AT_ONCE: Final = 1000  # lines
_VERSION: Final = 1
_TABLES: Final = """
CREATE TABLE lines (
    id INTEGER PRIMARY KEY AUTOINCREMENT, moment REAL NOT NULL, who TEXT NOT NULL, act TEXT NOT NULL,
    about TEXT NOT NULL, detail TEXT NOT NULL, address TEXT NOT NULL
);
CREATE INDEX by_who ON lines (who);
CREATE INDEX by_act ON lines (act);
CREATE INDEX by_moment ON lines (moment);
CREATE TRIGGER no_change BEFORE UPDATE ON lines BEGIN SELECT RAISE (ABORT, 'the audit log only grows'); END;
CREATE TRIGGER no_loss BEFORE DELETE ON lines BEGIN SELECT RAISE (ABORT, 'the audit log only grows'); END;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One act. `moment` is in seconds since 1970; `act` is a name such as `account.create`."""

    moment: float
    who: str
    act: str
    about: str
    detail: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which entries are asked for; a field that is empty or None admits all. `since` is included, `until` is not."""

    who: str = ""
    act: str = ""
    words: str = ""
    since: float | None = None
    until: float | None = None

    def condition(self) -> tuple[str, list[Any]]:
        """The condition in SQL, and the values in it."""
        conditions = ["1"]
        values: list[Any] = []
        for column, value in (("who", self.who), ("act", self.act)):
            if value:
                conditions.append(f"{column} = ?")
                values.append(value)
        if self.words:
            conditions.append("(instr(about, ?) OR instr(detail, ?) OR instr(address, ?))")
            values += [self.words] * 3
        if self.since is not None:
            conditions.append("moment >= ?")
            values.append(self.since)
        if self.until is not None:
            conditions.append("moment < ?")
            values.append(self.until)
        return " AND ".join(conditions), values


class AuditLog:
    """One open log. Threads may share it."""

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time) -> None:
        """Open the log at `path`, or begin it. Raises StoreError."""
        self._store = Store(path, tables=_TABLES, version=_VERSION)
        self._clock = clock

    def close(self) -> None:
        """Close the file."""
        self._store.close()

    def note(self, who: str, act: str, about: str = "", detail: str = "", *, address: str = "") -> None:
        """Add an entry: `who` did `act`, a name such as `account.create`, to `about`. Raises StoreError."""
        given = {"who": who, "act": act, "about": about, "detail": detail, "address": address}
        with self._store.write() as connection:
            connection.execute(
                "INSERT INTO lines (moment, who, act, about, detail, address) VALUES (?, ?, ?, ?, ?, ?)",
                (self._clock(), *(_bounded(value, _MOST[name]) for name, value in given.items())),
            )

    def lines(self, sought: AuditFilter, *, skip: int = 0, limit: int = 50) -> list[AuditEntry]:
        """The entries that `sought` admits, the newest first."""
        return [line for _, line in self._found(sought, limit, skip=skip)]

    def every(self, sought: AuditFilter) -> Iterator[AuditEntry]:
        """All entries that `sought` admits, the newest first, a thousand at a time; those added meanwhile are not among them."""
        before = None
        while found := self._found(sought, _AT_ONCE, before=before):
            yield from (line for _, line in found)
            before = found[-1][0]

    def count(self, sought: AuditFilter) -> int:
        """How many entries `sought` admits."""
        condition, values = sought.condition()
        row = self._store.row(f"SELECT count(*) FROM lines WHERE {condition}", *values)  # noqa: S608
        return int(row[0]) if row else 0

    def people(self) -> list[str]:
        """Everybody who did something, by name."""
        return [str(who) for (who,) in self._store.rows("SELECT DISTINCT who FROM lines ORDER BY who")]

    def acts(self) -> list[str]:
        """Every kind of act that was done."""
        return [str(act) for (act,) in self._store.rows("SELECT DISTINCT act FROM lines ORDER BY act")]

    def _found(
        self, sought: AuditFilter, limit: int, *, skip: int = 0, before: int | None = None
    ) -> list[tuple[int, AuditEntry]]:
        condition, values = sought.condition()
        rows = self._store.rows(
            f"SELECT id, moment, who, act, about, detail, address FROM lines WHERE {condition} "  # noqa: S608
            "AND (? IS NULL OR id < ?) ORDER BY id DESC LIMIT ? OFFSET ?",
            *values,
            before,
            before,
            limit,
            skip,
        )
        return [
            (id_, AuditEntry(moment=moment, who=who, act=act, about=about, detail=detail, address=address))
            for id_, moment, who, act, about, detail, address in rows
        ]


def _bounded(value: str, most: int) -> str:
    """The value on one line, and no longer than is kept."""
    value = " ".join("".join(letter if letter.isprintable() else " " for letter in value).split())
    return value if len(value) <= most else f"{value[: most - 1]}…"
