"""Runs: what brings the index in step while the pages serve, as the desk and the API see it.

    asked for → waiting → running → done, failed or interrupted

Who asks is told a run at once and looks at it again as often as wanted. What a run is about is kept before it starts (a
file in a folder, a correction, a withdrawal), so that one that was killed is made good by running it again.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from kb.storage.sqlite import Store
from kb.storage.timestamps import timestamp

MOST_KEPT = 50  # runs in the history
_MOST_PATHS = 1_000  # kept of each kind in a report; the counts tell of all
_TABLES = """
CREATE TABLE runs (id INTEGER PRIMARY KEY AUTOINCREMENT, state TEXT NOT NULL, told TEXT NOT NULL);
"""


class JobTask(enum.StrEnum):
    """What a run was asked for."""

    SYNCHRONISE = "synchronise"
    UPLOAD = "upload"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    RESTORE = "restore"
    REMOVE = "remove"


class JobState(enum.StrEnum):
    """How far a run is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    INTERRUPTED = "interrupted"  # by the end of its process

    @property
    def is_over(self) -> bool:
        return self not in (JobState.WAITING, JobState.RUNNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobOutcome:
    """What a run did: counts by kind, the paths behind them, and the reasons of what was refused."""

    counts: Mapping[str, int] = field(default_factory=dict)  # created, updated, skipped, …: docs/ingest.md
    paths: Mapping[str, Sequence[str]] = field(default_factory=dict)  # but for those that were skipped
    reasons: Mapping[str, str] = field(default_factory=dict)  # by refused path
    num_embedded: int = 0

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> JobOutcome:
        """The outcome that the JSON fields of an ingest tell (docs/commands.md)."""
        paths = {name: tuple(paths[:_MOST_PATHS]) for name, paths in fields["paths"].items() if name != "skipped"}
        reasons = dict(list(fields["reasons"].items())[:_MOST_PATHS])
        counts = {name: int(fields[name]) for name in fields["paths"]}
        return cls(counts=counts, paths=paths, reasons=reasons, num_embedded=int(fields["embedded"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One run, as it stands at a moment. Times are ISO 8601, UTC; "" where there is none yet."""

    id: int
    tasks: tuple[JobTask, ...]
    about: tuple[str, ...]  # what the people who asked named: file names, titles, folders
    folders: tuple[str, ...]  # that are synchronised
    by: tuple[str, ...]
    asked_at: str
    state: JobState = JobState.WAITING
    started_at: str = ""
    ended_at: str = ""
    step: str = ""  # reading, embedding, indexing
    done: int = 0
    total: int = 0
    seconds_left: int | None = None  # of the step, where it can be told
    note: str = ""  # why it waits
    error: str = ""
    outcome: JobOutcome | None = None

    def fields(self) -> dict[str, Any]:
        """The run as JSON fields."""
        return asdict(self)


class Jobs(Protocol):
    """Where runs are asked for; one runs and one waits, and what is asked meanwhile joins the one that waits."""

    def start(self, task: JobTask, *, folders: Sequence[Path] = (), about: Sequence[str] = (), by: str) -> Job:
        """Ask for a run that synchronises `folders`, and brings the index in step with all else that changed."""
        ...

    def again(self, job_id: int, *, by: str) -> Job | None:
        """Ask for a run of the same folders; None where there is no such run."""
        ...

    def job(self, job_id: int) -> Job | None:
        """A run as it stands now; None where there is none, or where it is too long ago."""
        ...

    def latest(self) -> list[Job]:
        """The last runs, the newest first."""
        ...


class JobHistory:
    """The last runs in a file of their own. Threads may share it."""

    def __init__(self, path: Path) -> None:
        """Open the file at `path`, where runs that were not over count as interrupted. Raises StoreError."""
        self._store = Store(path, tables=_TABLES, version=1)
        for job in self.latest():
            if not job.state.is_over:
                self.write(replace(job, state=JobState.INTERRUPTED, ended_at=timestamp(), note="", seconds_left=None))

    def close(self) -> None:
        self._store.close()

    def add(self, job: Job) -> Job:
        """Keep a new run, and return it with its number; the oldest beyond the last fifty are let go."""
        with self._store.write() as connection:
            (id_,) = connection.execute(
                "INSERT INTO runs (state, told) VALUES (?, ?) RETURNING id", (job.state, _as_json(job))
            ).fetchone()
            connection.execute("DELETE FROM runs WHERE id <= ?", (id_ - MOST_KEPT,))
        return replace(job, id=id_)

    def write(self, job: Job) -> None:
        """Keep what a run has come to."""
        with self._store.write() as connection:
            connection.execute("UPDATE runs SET state = ?, told = ? WHERE id = ?", (job.state, _as_json(job), job.id))

    def job(self, job_id: int) -> Job | None:
        row = self._store.row("SELECT id, told FROM runs WHERE id = ?", job_id)
        return None if row is None else _job(row)

    def latest(self) -> list[Job]:
        """The runs that are kept, the newest first."""
        return [_job(row) for row in self._store.rows("SELECT id, told FROM runs ORDER BY id DESC")]


def _as_json(job: Job) -> str:
    return json.dumps(job.fields(), ensure_ascii=False)


def _job(row: tuple[Any, ...]) -> Job:
    told = json.loads(row[1])
    outcome = told.pop("outcome")
    of_many = {name: tuple(told.pop(name)) for name in ("about", "folders", "by")}
    return Job(
        **{
            **told,
            **of_many,
            "id": row[0],
            "tasks": tuple(map(JobTask, told["tasks"])),
            "state": JobState(told["state"]),
            "outcome": None if outcome is None else JobOutcome(**outcome),
        }
    )
