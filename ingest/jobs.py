"""Ingest jobs, one after another in a thread of this process, while the site answers; `kb.admin.jobs` has their records.

The encoder is the one that the pages ask with, so that it is loaded once. The thread takes a low priority where the
system has one for threads (Linux): questions go first.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol, TypeVar

from ingest.synchronise import synchronise
from ingest.worker import ReadingProcess
from kb.admin.folders import NamedFolders
from kb.admin.jobs import Job, JobHistory, JobOutcome, JobState, JobTask
from kb.errors import LockedError, WenzhengError
from kb.search.encoder import Encoder
from kb.search.index import Index
from kb.storage.catalogue import Catalogue
from kb.storage.corrections import Corrections
from kb.storage.lock import only_one
from kb.storage.originals import Originals
from kb.storage.timestamps import timestamp
from kb.types import Block

_SECONDS_BETWEEN_TRIES = 2.0  # for the lock that another process holds
_NICE = 15  # of 19: a job gets what questions leave
_SECONDS_TO_END = 10.0  # that a job has to come to a stop
_MOST_ABOUT = 200  # names kept of what a job is about


Text = TypeVar("Text", bound=str)


class FileReader(Protocol):
    """What reads files for one job."""

    def read(self, data: bytes, name: str) -> list[Block]:
        """The blocks of a file. Raises RefusedError."""
        ...


OpenReading = Callable[[], contextlib.AbstractContextManager[FileReader]]


class _StoppingError(Exception):
    """The process ends."""


class IngestJobs:
    """One runs and one waits; what is asked for meanwhile joins the one that waits."""

    def __init__(
        self,
        data: Path,
        *,
        encoder: Encoder,
        originals: Originals,
        corrections: Corrections,
        folders: NamedFolders,
        open_reading: OpenReading = ReadingProcess,
    ) -> None:
        """Open the history in `data`; nothing runs before something is asked for. Raises StoreError."""
        self._open_reading = open_reading
        self._data = data
        self._encoder = encoder
        self._originals = originals
        self._corrections = corrections
        self._folders = folders
        self._history = JobHistory(data / "runs.sqlite3")
        self._changed = threading.Condition()
        self._waiting: Job | None = None
        self._running: Job | None = None
        self._stopping = False
        self._thread: threading.Thread | None = None

    def close(self) -> None:
        """Interrupt the job at its next step, then close the history."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(timeout=_SECONDS_TO_END)
            if self._thread.is_alive():  # it ends with the process, and the next start says that it was interrupted
                return
        self._history.close()

    # What others ask ------------------------------------------------------------------------------------------

    def start(self, task: JobTask, *, folders: Sequence[Path] = (), about: Sequence[str] = (), by: str) -> Job:
        """Ask for a job; it joins the one that waits, if one does."""
        paths = [str(folder) for folder in folders]
        with self._changed:
            if self._waiting is not None:
                joined = replace(
                    self._waiting,
                    tasks=_joined(self._waiting.tasks, [task]),
                    folders=_joined(self._waiting.folders, paths),
                    about=_joined(self._waiting.about, about)[:_MOST_ABOUT],
                    by=_joined(self._waiting.by, [by]),
                )
                self._history.write(joined)
                self._waiting = joined
            else:
                self._waiting = self._history.add(
                    Job(
                        id=0, tasks=(task,), folders=tuple(paths), about=tuple(about[:_MOST_ABOUT]), by=(by,),
                        asked_at=timestamp(),
                    )
                )  # fmt: skip
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name="runs", daemon=True)
                self._thread.start()
            self._changed.notify_all()
            return self._waiting

    def again(self, job_id: int, *, by: str) -> Job | None:
        """Ask for a job over the same folders."""
        before = self.job(job_id)
        if before is None:
            return None
        folders = [Path(folder) for folder in before.folders]
        return self.start(before.tasks[0], folders=folders, about=before.about, by=by)

    def job(self, job_id: int) -> Job | None:
        """A job as it is now."""
        with self._changed:
            for job in (self._running, self._waiting):
                if job is not None and job.id == job_id:
                    return job
        return self._history.job(job_id)

    def latest(self) -> list[Job]:
        """The last jobs, the newest first."""
        with self._changed:
            current = {job.id: job for job in (self._running, self._waiting) if job is not None}
        return [current.get(job.id, job) for job in self._history.latest()]

    # The thread -----------------------------------------------------------------------------------------------

    def _serve(self) -> None:
        _give_way()
        while True:
            with self._changed:
                while self._waiting is None and not self._stopping:
                    self._changed.wait()
                if self._stopping:
                    return
            try:
                with only_one(self._data):
                    self._take_next()
                    self._end(self._outcome())
            except LockedError as error:
                self._wait_for_lock(error)
            except _StoppingError:
                self._end(JobState.INTERRUPTED)
                return
            except WenzhengError as error:
                self._end(error)
            except Exception as error:  # noqa: BLE001 - the thread must outlive whatever a job meets, and say what it was
                self._end(error)

    def _take_next(self) -> None:
        with self._changed:
            assert self._waiting is not None  # noqa: S101 - nobody else takes it
            self._running = replace(self._waiting, state=JobState.RUNNING, started_at=timestamp(), note="")
            self._waiting = None
            self._history.write(self._running)

    def _wait_for_lock(self, error: LockedError) -> None:
        with self._changed:
            if self._waiting is not None and not self._waiting.note:
                self._waiting = replace(self._waiting, note=str(error))
            self._changed.wait(timeout=_SECONDS_BETWEEN_TRIES)

    def _outcome(self) -> JobOutcome:
        job = self._running
        assert job is not None  # noqa: S101
        with Catalogue(self._data / "catalogue.sqlite3") as catalogue, self._open_reading() as reading:
            report = synchronise(
                [Path(folder) for folder in job.folders],
                catalogue=catalogue,
                index=Index(self._data / "index"),
                encoder=self._encoder,
                read=reading.read,
                progress=_JobProgress(self),
                originals=self._originals,
                corrections=self._corrections,
                may_be_read=self._folders.may_be_read,
            )
        return JobOutcome.of(report.fields())

    def _end(self, result: JobOutcome | JobState | Exception) -> None:
        """Store how the job ended."""
        with self._changed:
            job = self._running or self._waiting  # one that could not even begin has failed as well
            if job is None:
                return
            if self._running is None:
                self._waiting = None
            ended = replace(job, state=JobState.DONE, ended_at=timestamp(), seconds_left=None)
            match result:
                case JobOutcome():
                    ended = replace(ended, outcome=result)
                case JobState():
                    ended = replace(ended, state=result)
                case WenzhengError():
                    ended = replace(ended, state=JobState.FAILED, error=str(result))
                case _:
                    message = f"程序出错（{type(result).__name__}：{result}）；已做的部分已保存，请再次运行。"
                    ended = replace(ended, state=JobState.FAILED, error=message)
            # A full disk must not stop the thread; what it did is in the catalogue.
            with contextlib.suppress(WenzhengError):
                self._history.write(ended)
            self._running = None
            self._changed.notify_all()

    def take_progress(self, step: str, done: int, total: int, seconds_left: int | None) -> None:
        """Note how far the job is. Raises _StoppingError where the process ends."""
        with self._changed:
            if self._stopping:
                raise _StoppingError
            if self._running is None:
                return
            new_step = self._running.step != step
            self._running = replace(self._running, step=step, done=done, total=total, seconds_left=seconds_left)
            if new_step:
                self._history.write(self._running)


class _JobProgress:
    """Notes in the job how far it is, and estimates how long its step will take yet."""

    def __init__(self, jobs: IngestJobs) -> None:
        self._jobs = jobs
        self._step = ""
        self._since = 0.0
        self._first = 0

    def __call__(self, step: str, done: int, total: int) -> None:
        if step != self._step:
            self._step, self._since, self._first = step, time.monotonic(), done
        took = done - self._first
        seconds_left = None
        if took > 0 and done < total:
            seconds_left = round((time.monotonic() - self._since) / took * (total - done))
        self._jobs.take_progress(step, done, total, seconds_left)


def _joined(before: Sequence[Text], more: Sequence[Text]) -> tuple[Text, ...]:
    return tuple(dict.fromkeys((*before, *more)))


def _give_way() -> None:
    """Let all other threads go first, where the system ranks threads."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
