"""Quality: evaluations on questions with known answers, their progress and results, each against the one before."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from kb.errors import EvaluationError
from kb.evaluation.history import MOST_BYTES, EvaluationState, changes
from kb.evaluation.report import KIND_COLUMNS
from kb.web.desk.access import Editor, Visitor, desk_page
from kb.web.site_parts import SiteParts


def quality_pages(parts: SiteParts) -> APIRouter:
    """The pages about evaluations."""
    router = APIRouter(include_in_schema=False, prefix="/desk/quality")
    history = parts.evaluations

    def show(request: Request, visitor: Visitor, problem: str | EvaluationError = "") -> Response:
        return desk_page(
            request,
            visitor,
            "desk/quality.html",
            here="quality",
            problem=problem,
            sets=history.sets(),
            evaluations=history.latest(),
            progress=history.progress(),
        )

    def begin(visitor: Visitor, set_: int) -> Response:
        number = history.start(set_, by=visitor.name)
        name = next(found.name for found in history.sets() if found.id == set_)
        parts.audit.note(visitor.name, "evaluation.start", name, address=visitor.address)
        return RedirectResponse(f"/desk/quality/{number}", 303)

    @router.get("")
    def list_(request: Request, visitor: Editor) -> Response:
        return show(request, visitor)

    @router.post("/send")
    def send(request: Request, visitor: Editor, file: UploadFile | None = None) -> Response:
        if file is None or not file.filename:
            return show(request, visitor, "quality_no_file")
        try:
            kept = history.keep(file.filename, file.file.read(MOST_BYTES + 1))
            return begin(visitor, kept.id)
        except EvaluationError as error:
            return show(request, visitor, error)

    @router.post("/start")
    def start(request: Request, visitor: Editor, questions: Annotated[int, Form()]) -> Response:
        try:
            return begin(visitor, questions)
        except EvaluationError as error:
            return show(request, visitor, error)

    @router.post("/stop")
    def stop(visitor: Editor) -> Response:
        progress = history.progress()
        history.stop()
        if progress is not None:
            parts.audit.note(visitor.name, "evaluation.stop", str(progress[0]), address=visitor.address)
        return RedirectResponse("/desk/quality", 303)

    @router.get("/progress")
    def progress(visitor: Editor) -> Response:
        found = history.progress()
        return JSONResponse(None if found is None else {"evaluation": found[0], "done": found[1], "total": found[2]})

    @router.get("/{number}")
    def evaluation_page(request: Request, visitor: Editor, number: int) -> Response:
        evaluation = history.evaluation(number)
        if evaluation is None:
            raise HTTPException(404)
        before = history.before(evaluation) if evaluation.state is EvaluationState.DONE else None
        failed_before = {failure["id"] for failure in before.report["failures"]} if before else set()
        failed_now = {failure["id"] for failure in evaluation.report.get("failures", ())}
        return desk_page(
            request,
            visitor,
            "desk/evaluation.html",
            here="quality",
            evaluation=evaluation,
            before=before,
            changes=changes(evaluation, before),
            columns=KIND_COLUMNS,
            new=failed_now - failed_before if before else set(),
            fixed=sorted(failed_before - failed_now),
            progress=history.progress() if evaluation.state is EvaluationState.RUNNING else None,
        )

    return router
