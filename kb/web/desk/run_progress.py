"""The progress of a run in words, for a page and for the script that refreshes it every second."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request

from kb.admin.jobs import Job, Jobs, JobState
from kb.web.html import language_of
from kb.web.texts import Language, text

KINDS = ("created", "updated", "moved", "duplicates", "removed", "left_out", "refused", "skipped")


def progress(run: Job, language: Language) -> Mapping[str, Any]:
    """The state, step and progress of a run, which may be over."""
    shown = {
        "state": text(f"run_{run.state}", language),
        "step": text(f"run_step_{run.step}", language) if run.step else "",
        "done": run.done,
        "total": max(1, run.total),
        "count": "",
        "left": "",
        "note": run.note,
        "over": run.state.is_over,
    }
    if run.state is JobState.RUNNING and run.total > 1:
        shown["count"] = text("run_count", language, done=run.done, total=run.total)
    if run.state is JobState.RUNNING and run.seconds_left is not None:
        shown["left"] = text("run_left", language, time=_time(run.seconds_left, language))
    return shown


def what_of(run: Job, language: Language) -> str:
    """The tasks and subjects of a run: 上传：a.docx、b.docx 等 12 项."""
    tasks = text("run_and", language).join(text(f"run_task_{task}", language) for task in run.tasks)
    if not run.about:
        return tasks
    shown = text("run_and", language).join(run.about[:3])
    more = text("run_more", language, count=len(run.about)) if len(run.about) > 3 else ""
    return text("run_what", language, tasks=tasks, about=shown + more)


def current_progress(request: Request, jobs: Jobs) -> Mapping[str, Any] | None:
    """The run that is at work or waits, with its progress; None where there is none."""
    language = language_of(request)
    run = next((run for run in reversed(jobs.latest()) if not run.state.is_over), None)
    if run is None:
        return None
    return {"id": run.id, "what": what_of(run, language), **progress(run, language)}


def _time(seconds: int, language: Language) -> str:
    if seconds < 90:
        return text("run_seconds", language, number=max(1, seconds))
    return text("run_minutes", language, number=round(seconds / 60))
