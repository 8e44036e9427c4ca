"""Runs: what brings the index in step while the pages serve, as the desk and the API see it.

    asked for → waiting → running → done, failed or interrupted

Who asks is told a run at once and looks at it again as often as wanted. What a run is about is kept before it starts (a
file in a folder, a correction, a withdrawal), so that one that was killed is made good by running it again.
"""

from __future__ import annotations

import datetime
import enum
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from kb.storage.sqlite import Store

MOST_KEPT = 50  # runs in the history
_MOST_PATHS = 1_000  # kept of each kind in a report; the counts tell of all
_TABLES = """
CREATE TABLE runs (id INTEGER PRIMARY KEY AUTOINCREMENT, state TEXT NOT NULL, told TEXT NOT NULL);
"""


class Task(enum.StrEnum):
    """What a run was asked for."""

    SYNCHRONISE = "synchronise"
    UPLOAD = "upload"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    RESTORE = "restore"
    REMOVE = "remove"


class State(enum.StrEnum):
    """How far a run is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    INTERRUPTED = "interrupted"  # by the end of its process

    @property
    def is_over(self) -> bool:
        return self not in (State.WAITING, State.RUNNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run did: counts by kind, the paths behind them, and the reasons of what was refused."""

    counts: Mapping[str, int] = field(default_factory=dict)  # created, updated, skipped, …: docs/ingest.md
    paths: Mapping[str, Sequence[str]] = field(default_factory=dict)  # but for those that were skipped
    reasons: Mapping[str, str] = field(default_factory=dict)  # by refused path
    num_embedded: int = 0

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> Outcome:
        """The outcome that the JSON fields of an ingest tell (docs/commands.md)."""
        paths = {name: tuple(paths[:_MOST_PATHS]) for name, paths in fields["paths"].items() if name != "skipped"}
        reasons = dict(list(fields["reasons"].items())[:_MOST_PATHS])
        counts = {name: int(fields[name]) for name in fields["paths"]}
        return cls(counts=counts, paths=paths, reasons=reasons, num_embedded=int(fields["embedded"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run, as it stands at a moment. Times are ISO 8601, UTC; "" where there is none yet."""

    id: int
    tasks: tuple[Task, ...]
    about: tuple[str, ...]  # what the people who asked named: file names, titles, folders
    folders: tuple[str, ...]  # that are synchronised
    by: tuple[str, ...]
    asked_at: str
    state: State = State.WAITING
    started_at: str = ""
    ended_at: str = ""
    step: str = ""  # reading, embedding, indexing
    done: int = 0
    total: int = 0
    seconds_left: int | None = None  # of the step, where it can be told
    note: str = ""  # why it waits
    error: str = ""
    outcome: Outcome | None = None

    def fields(self) -> dict[str, Any]:
        """The run as JSON fields."""
        return asdict(self)


class Runs(Protocol):
    """Where runs are asked for; one runs and one waits, and what is asked meanwhile joins the one that waits."""

    def start(self, task: Task, *, folders: Sequence[Path] = (), about: Sequence[str] = (), by: str) -> Run:
        """Ask for a run that synchronises `folders`, and brings the index in step with all else that changed."""
        ...

    def again(self, run_id: int, *, by: str) -> Run | None:
        """Ask for a run of the same folders; None where there is no such run."""
        ...

    def run(self, run_id: int) -> Run | None:
        """A run as it stands now; None where there is none, or where it is too long ago."""
        ...

    def latest(self) -> list[Run]:
        """The last runs, the newest first."""
        ...


class History:
    """The last runs in a file of their own. Threads may share it."""

    def __init__(self, path: Path) -> None:
        """Open the file at `path`, where runs that were not over count as interrupted. Raises StoreError."""
        self._store = Store(path, tables=_TABLES, version=1)
        for run in self.latest():
            if not run.state.is_over:
                self.write(replace(run, state=State.INTERRUPTED, ended_at=now(), note="", seconds_left=None))

    def close(self) -> None:
        self._store.close()

    def add(self, run: Run) -> Run:
        """Keep a new run, and return it with its number; the oldest beyond the last fifty are let go."""
        with self._store.write() as connection:
            (id_,) = connection.execute(
                "INSERT INTO runs (state, told) VALUES (?, ?) RETURNING id", (run.state, _told(run))
            ).fetchone()
            connection.execute("DELETE FROM runs WHERE id <= ?", (id_ - MOST_KEPT,))
        return replace(run, id=id_)

    def write(self, run: Run) -> None:
        """Keep what a run has come to."""
        with self._store.write() as connection:
            connection.execute("UPDATE runs SET state = ?, told = ? WHERE id = ?", (run.state, _told(run), run.id))

    def run(self, run_id: int) -> Run | None:
        row = self._store.row("SELECT id, told FROM runs WHERE id = ?", run_id)
        return None if row is None else _run(row)

    def latest(self) -> list[Run]:
        """The runs that are kept, the newest first."""
        return [_run(row) for row in self._store.rows("SELECT id, told FROM runs ORDER BY id DESC")]


def now() -> str:
    """The moment, as runs tell it."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def _told(run: Run) -> str:
    return json.dumps(run.fields(), ensure_ascii=False)


def _run(row: tuple[Any, ...]) -> Run:
    told = json.loads(row[1])
    outcome = told.pop("outcome")
    of_many = {name: tuple(told.pop(name)) for name in ("about", "folders", "by")}
    return Run(
        **{
            **told,
            **of_many,
            "id": row[0],
            "tasks": tuple(map(Task, told["tasks"])),
            "state": State(told["state"]),
            "outcome": None if outcome is None else Outcome(**outcome),
        }
    )
