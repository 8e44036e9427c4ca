"""A run in words: how far it is, and what it did, for the page and for the script that looks again every second."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from fastapi import Request

from kb.admin.jobs import Job, Jobs, JobState
from kb.web.html import language_of
from kb.web.texts import Language, text

KINDS = ("created", "updated", "moved", "duplicates", "removed", "left_out", "refused", "skipped")


def progress(run: Job, language: Language) -> Mapping[str, Any]:
    """What is shown of a run that may not be over: its state, its step, how much of it is done."""
    told = {
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
        told["count"] = text("run_count", language, done=run.done, total=run.total)
    if run.state is JobState.RUNNING and run.seconds_left is not None:
        told["left"] = text("run_left", language, time=_time(run.seconds_left, language))
    return told


def what_of(run: Job, language: Language) -> str:
    """What a run was asked for: 上传：a.docx、b.docx 等 12 项."""
    tasks = text("run_and", language).join(text(f"run_task_{task}", language) for task in run.tasks)
    if not run.about:
        return tasks
    shown = text("run_and", language).join(run.about[:3])
    more = text("run_more", language, count=len(run.about)) if len(run.about) > 3 else ""
    return text("run_what", language, tasks=tasks, about=shown + more)


def strip(request: Request, runs: Jobs) -> Mapping[str, Any] | None:
    """The run that is at work or waits, for the head of a page; None where none is."""
    language = language_of(request)
    run = next((run for run in reversed(runs.latest()) if not run.state.is_over), None)
    if run is None:
        return None
    return {"id": run.id, "what": what_of(run, language), **progress(run, language)}


def shown_time(told: str | None) -> str:
    """A time, ISO 8601 in UTC, as the server's clock shows it; "—" for none."""
    return datetime.fromisoformat(told).replace(tzinfo=UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S") if told else "—"


def _time(seconds: int, language: Language) -> str:
    if seconds < 90:
        return text("run_seconds", language, number=max(1, seconds))
    return text("run_minutes", language, number=round(seconds / 60))
