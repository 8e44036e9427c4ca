"""Runs of the ingest at the desk: progress, results and reasons, and the folders that are synchronised."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from kb.admin.jobs import Job
from kb.errors import DeskError
from kb.web.desk.access import Admin, Editor, Visitor, desk_page
from kb.web.desk.run_progress import KINDS, current_progress, progress, what_of
from kb.web.html import language_of
from kb.web.site_parts import SiteParts

_MOST_SHOWN = 200  # paths of one kind


def runs_pages(parts: SiteParts) -> APIRouter:
    """The runs, each run, and the folders."""
    router = APIRouter(include_in_schema=False)
    editing, audit = parts.editing, parts.audit

    @router.get("/desk/synchronise")
    def runs(request: Request, visitor: Editor) -> Response:
        return _runs_page(request, visitor, parts)

    @router.post("/desk/synchronise")
    def start(request: Request, visitor: Editor, folder: Annotated[str, Form()] = "") -> Response:
        try:
            run = editing.synchronise(folder, by=visitor.name)
        except DeskError as error:
            return _runs_page(request, visitor, parts, problem=error)
        audit.note(visitor.name, "documents.synchronise", "\n".join(run.folders), address=visitor.address)
        return RedirectResponse(f"/desk/synchronise/{run.id}", 303)

    @router.post("/desk/synchronise/folders")
    def add(request: Request, visitor: Admin, folder: Annotated[str, Form()] = "") -> Response:
        try:
            path = editing.folders.add(folder, by=visitor.name)
        except DeskError as error:
            return _runs_page(request, visitor, parts, problem=error, folder=folder)
        audit.note(visitor.name, "folder.add", str(path), address=visitor.address)
        return RedirectResponse("/desk/synchronise#folders", 303)

    @router.post("/desk/synchronise/folders/forget")
    def forget(visitor: Admin, folder: Annotated[str, Form()]) -> Response:
        if editing.folders.forget(folder):
            audit.note(visitor.name, "folder.forget", folder, address=visitor.address)
        return RedirectResponse("/desk/synchronise#folders", 303)

    @router.post("/desk/synchronise/admit")
    def admit(visitor: Admin, path: Annotated[str, Form()]) -> Response:
        if editing.admit(path):
            audit.note(visitor.name, "document.admit", path, address=visitor.address)
        return RedirectResponse("/desk/synchronise#excluded", 303)

    @router.get("/desk/synchronise/{run_id}/progress")
    def state(request: Request, visitor: Editor, run_id: int) -> Response:
        return JSONResponse(dict(progress(_run_of(parts, run_id), language_of(request))))

    @router.get("/desk/synchronise/{run_id}")
    def run_page(request: Request, visitor: Editor, run_id: int) -> Response:
        run = _run_of(parts, run_id)
        language = language_of(request)
        return desk_page(
            request,
            visitor,
            "desk/documents/run.html",
            here="synchronise",
            run={"id": run.id, "what": what_of(run, language), **progress(run, language)},
            record=run,
            kinds=KINDS,
            shown=_shown(parts, run),
        )

    @router.post("/desk/synchronise/{run_id}/again")
    def again(visitor: Editor, run_id: int) -> Response:
        before = _run_of(parts, run_id)
        run = editing.jobs.again(before.id, by=visitor.name)
        if run is None:
            raise HTTPException(404)
        audit.note(visitor.name, "documents.synchronise", "\n".join(run.folders), address=visitor.address)
        return RedirectResponse(f"/desk/synchronise/{run.id}", 303)

    return router


def _run_of(parts: SiteParts, run_id: int) -> Job:
    run = parts.editing.jobs.job(run_id) if 0 < run_id < 2**63 else None
    if run is None:
        raise HTTPException(404)
    return run


def _runs_page(
    request: Request, visitor: Visitor, parts: SiteParts, *, problem: DeskError | None = None, folder: str = ""
) -> Response:
    editing = parts.editing
    language = language_of(request)
    what: Callable[[Job], str] = lambda run: what_of(run, language)  # noqa: E731 - for the template
    return desk_page(
        request,
        visitor,
        "desk/documents/runs.html",
        here="synchronise",
        status_code=422 if problem else 200,
        run=current_progress(request, editing.jobs),
        runs=editing.jobs.latest(),
        what=what,
        folders=editing.folders.all(),
        uploads=editing.folders.uploads,
        may_be_read=editing.folders.may_be_read,
        roots=editing.folders.roots,
        exclusions=editing.corrections.exclusions(),
        is_admin=visitor.role.value == "admin",
        problem=problem,
        folder=folder,
    )


def _shown(parts: SiteParts, run: Job) -> dict[str, list[tuple[str, str, int | None, int | None]]]:
    """For each kind of the report the paths: name, whole path, its document, and the version before."""
    if run.outcome is None:
        return {}
    found: dict[str, list[tuple[str, str, int | None, int | None]]] = {}
    for kind, paths in run.outcome.paths.items():
        for path in paths[:_MOST_SHOWN]:
            document = parts.editing.documents.at(path)
            before = document.supersedes if document and kind == "updated" else None
            id_ = document.id if document else None
            found.setdefault(kind, []).append((Path(path).name, path, id_, before))
    return found
