"""Uploads of editors: limited before they are read, each file kept or refused by itself with a reason."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, RedirectResponse, Response

from kb.errors import DeskError, UploadError
from kb.web.desk.access import Editor, Refused, Visitor, desk_page, is_script
from kb.web.html import error_text, language_of, page
from kb.web.site_parts import SiteParts
from kb.web.texts import text

_FRAME = 2**20  # bytes that a form may have besides its files
_MOST_FILES = 1_000


def uploads_pages(parts: SiteParts) -> APIRouter:
    """Uploading files, and discarding one that could not be read."""
    router = APIRouter(include_in_schema=False)
    editing, audit = parts.editing, parts.audit
    most_bytes = parts.settings.upload_total_mib * 2**20

    async def fits(request: Request) -> None:
        """Refuse a request that is too large, or has no length, before its body is read. Raises Refused."""
        length = request.headers.get("content-length", "")
        problem = ""
        if not (length.isascii() and length.isdigit()):
            problem = text("document_no_length", language_of(request))
        elif int(length) > most_bytes + _FRAME:
            problem = text("document_too_much", language_of(request), mib=parts.settings.upload_total_mib)
        else:
            try:
                await run_in_threadpool(editing.check_room, int(length))
            except UploadError as error:
                problem = error_text(request, error)
        if problem and is_script(request):
            raise Refused(JSONResponse({"problem": problem}, status_code=413))
        if problem:
            raise Refused(page(request, "error.html", status_code=413, advice="error_too_large", detail=problem))

    @router.post("/desk/documents/files", dependencies=[Depends(fits)])
    async def take(request: Request, visitor: Editor) -> Response:
        async with request.form(max_files=_MOST_FILES) as form:  # its files are closed at the end
            files = [file for file in form.getlist("files") if isinstance(file, UploadFile) and file.filename]
            return await run_in_threadpool(_take, request, visitor, parts, files)

    @router.post("/desk/documents/discard")
    def discard(request: Request, visitor: Editor, name: Annotated[str, Form()]) -> Response:
        try:
            editing.discard(name)
        except DeskError as error:
            return desk_page(
                request, visitor, "desk/documents/upload_result.html", here="documents", status_code=422,
                taken=[], refused=[(name, error_text(request, error))], run=None,
            )  # fmt: skip
        audit.note(visitor.name, "document.discard", name, address=visitor.address)
        return RedirectResponse("/desk/documents", 303)

    return router


def _take(request: Request, visitor: Visitor, parts: SiteParts, files: list[UploadFile]) -> Response:
    """Keep each file, then start one run that takes in all of them."""
    kept = parts.editing.take_all((file.filename or "", file.file.read) for file in files)
    taken = [path.name for path in kept.paths]
    refused = [(name, error_text(request, error)) for name, error in kept.refused.items()]
    if not files:
        refused.append(("", text("document_no_files", language_of(request))))
    run = None
    if taken:
        run = parts.editing.take_in(kept.paths, by=visitor.name)
        for name in taken:
            parts.audit.note(visitor.name, "document.upload", name, address=visitor.address)
    address = f"/desk/synchronise/{run.id}" if run else ""
    if is_script(request):
        to_run = text("document_to_run", language_of(request))
        reasons = [{"name": name, "reason": reason} for name, reason in refused]
        return JSONResponse({"run": address, "refused": reasons, "to_run": to_run}, status_code=200 if run else 422)
    if run and not refused:
        return RedirectResponse(address, 303)
    return desk_page(
        request,
        visitor,
        "desk/documents/upload_result.html",
        here="documents",
        status_code=200 if run else 422,
        taken=taken,
        refused=refused,
        run=run,
    )
