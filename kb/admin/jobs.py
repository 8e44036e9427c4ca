"""Jobs bring the index in step while the site is served; these are their records, as the desk and the API show them.

    asked for → waiting → running → done, failed or interrupted

Who asks for a job gets its record at once and looks it up again as often as wanted. What a job is about is stored before it
starts (a file in a folder, a correction, a withdrawal), so that one that was killed is completed by running it again.
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

MOST_KEPT = 50  # jobs
_MOST_PATHS = 1_000  # kept of each kind in a report; the counts tell of all
_TABLES = """
CREATE TABLE runs (id INTEGER PRIMARY KEY AUTOINCREMENT, state TEXT NOT NULL, told TEXT NOT NULL);
"""


class JobTask(enum.StrEnum):
    """What a job was asked for."""

    SYNCHRONISE = "synchronise"
    UPLOAD = "upload"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    RESTORE = "restore"
    REMOVE = "remove"


class JobState(enum.StrEnum):
    """How far a job is."""

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
    """What a job did: counts by kind, the paths behind them, and the reasons of what was refused."""

    counts: Mapping[str, int] = field(default_factory=dict)  # created, updated, skipped, …: docs/ingest.md
    paths: Mapping[str, Sequence[str]] = field(default_factory=dict)  # but for those that were skipped
    reasons: Mapping[str, str] = field(default_factory=dict)  # by refused path
    num_embedded: int = 0

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> JobOutcome:
        """The outcome in the JSON fields of an ingest report (docs/commands.md)."""
        paths = {name: tuple(paths[:_MOST_PATHS]) for name, paths in fields["paths"].items() if name != "skipped"}
        reasons = dict(list(fields["reasons"].items())[:_MOST_PATHS])
        counts = {name: int(fields[name]) for name in fields["paths"]}
        return cls(counts=counts, paths=paths, reasons=reasons, num_embedded=int(fields["embedded"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One job, as it is at a moment. Times are ISO 8601, UTC; "" where there is none yet."""

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
    seconds_left: int | None = None  # of the step, where it can be estimated
    note: str = ""  # why it waits
    error: str = ""
    outcome: JobOutcome | None = None

    def fields(self) -> dict[str, Any]:
        """The job as JSON fields."""
        return asdict(self)


class Jobs(Protocol):
    """Where jobs are asked for; one runs and one waits, and what is asked for meanwhile joins the one that waits."""

    def start(self, task: JobTask, *, folders: Sequence[Path] = (), about: Sequence[str] = (), by: str) -> Job:
        """Ask for a job that synchronises `folders`, and brings the index in step with all else that changed."""
        ...

    def again(self, job_id: int, *, by: str) -> Job | None:
        """Ask for a job over the same folders; None where there is no such job."""
        ...

    def job(self, job_id: int) -> Job | None:
        """A job as it is now; None where there is none, or where it is too long ago."""
        ...

    def latest(self) -> list[Job]:
        """The last jobs, the newest first."""
        ...


class JobHistory:
    """The last jobs in a file of their own. Threads may share it."""

    def __init__(self, path: Path) -> None:
        """Open the file at `path`, where jobs that were not over count as interrupted. Raises StoreError."""
        self._store = Store(path, tables=_TABLES, version=1)
        for job in self.latest():
            if not job.state.is_over:
                self.write(replace(job, state=JobState.INTERRUPTED, ended_at=timestamp(), note="", seconds_left=None))

    def close(self) -> None:
        self._store.close()

    def add(self, job: Job) -> Job:
        """Store a new job, and return it with its number; only the last fifty are kept."""
        with self._store.write() as connection:
            (id_,) = connection.execute(
                "INSERT INTO runs (state, told) VALUES (?, ?) RETURNING id", (job.state, _as_json(job))
            ).fetchone()
            connection.execute("DELETE FROM runs WHERE id <= ?", (id_ - MOST_KEPT,))
        return replace(job, id=id_)

    def write(self, job: Job) -> None:
        """Store what a job has come to."""
        with self._store.write() as connection:
            connection.execute("UPDATE runs SET state = ?, told = ? WHERE id = ?", (job.state, _as_json(job), job.id))

    def job(self, job_id: int) -> Job | None:
        row = self._store.row("SELECT id, told FROM runs WHERE id = ?", job_id)
        return None if row is None else _job(row)

    def latest(self) -> list[Job]:
        """The jobs that are kept, the newest first."""
        return [_job(row) for row in self._store.rows("SELECT id, told FROM runs ORDER BY id DESC")]


def _as_json(job: Job) -> str:
    return json.dumps(job.fields(), ensure_ascii=False)


def _job(row: tuple[Any, ...]) -> Job:
    fields = json.loads(row[1])
    outcome = fields.pop("outcome")
    of_many = {name: tuple(fields.pop(name)) for name in ("about", "folders", "by")}
    return Job(
        **{
            **fields,
            **of_many,
            "id": row[0],
            "tasks": tuple(map(JobTask, fields["tasks"])),
            "state": JobState(fields["state"]),
            "outcome": None if outcome is None else JobOutcome(**outcome),
        }
    )
