"""The routes that need a token: an editor's program uploads, withdraws and restores documents, and reads runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, UploadFile
from fastapi import Path as InPath
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from kb.admin.accounts.roles import TokenHolder
from kb.admin.accounts.tokens import ApiTokens
from kb.admin.audit import AuditLog
from kb.admin.editing import DocumentEditing
from kb.admin.jobs import Job
from kb.errors import UnknownDocumentError, UploadError
from kb.web.api.errors import error_response, http_error
from kb.web.api.models import ErrorFields, description_of
from kb.web.api.open_routes import DocumentId
from kb.web.limits import client_address
from kb.web.texts import text


@dataclass(frozen=True, slots=True, kw_only=True)
class EditorAccess:
    """What stands behind the addresses that need a token."""

    editing: DocumentEditing
    tokens: ApiTokens
    audit: AuditLog
    most_bytes: int  # of all files of an upload


_BEARER = HTTPBearer(auto_error=False, description=text("api_token_how", header="Authorization: Bearer …"))


def holder(request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]) -> TokenHolder:
    """Who holds the token of a request; 401 where it has none that is valid."""
    access: EditorAccess = request.app.state.access
    found = access.tokens.holder(given.credentials) if given else None
    if found is None:
        raise HTTPException(401, headers={"www-authenticate": "Bearer"})
    return found


By = Annotated[TokenHolder, Depends(holder)]
RunId = Annotated[int, InPath(ge=1, le=2**63 - 1, description=description_of("run_id"))]
Files = Annotated[list[UploadFile], File(description=description_of("file"))]


def token_routes(access: EditorAccess) -> APIRouter:
    """The routes; every change is noted in the audit log."""
    problems: dict[int | str, dict[str, Any]] = {
        401: {"model": ErrorFields},
        404: {"model": ErrorFields},
    }
    router = APIRouter(responses=problems)

    @router.post(
        "/documents", summary=text("api_upload"), name="upload", status_code=202, max_body_size=access.most_bytes
    )
    def upload(
        request: Request,
        by: By,
        file: Files,
    ) -> Response:
        taken = access.editing.take_all((upload.filename or "", upload.file.read) for upload in file)
        if not taken.paths:
            return error_response(422, "refused", "".join(map(str, taken.refused.values())))
        job = access.editing.take_in(taken.paths, by=by.name)
        for path in taken.paths:
            access.audit.note(by.name, "document.upload", path.name, "API", address=client_address(request))
        return _begun(job, refused={name: str(error) for name, error in taken.refused.items()})

    @router.post("/documents/{document_id}/withdraw", summary=text("api_withdraw"), status_code=202)
    def withdraw(request: Request, by: By, document_id: DocumentId) -> Response:
        job = access.editing.withdraw(document_id, by=by.name)
        access.audit.note(by.name, "document.withdraw", str(document_id), "API", address=client_address(request))
        return _begun(job)

    @router.post("/documents/{document_id}/restore", summary=text("api_restore"), status_code=202)
    def restore(request: Request, by: By, document_id: DocumentId) -> Response:
        job = access.editing.restore(document_id, by=by.name)
        access.audit.note(by.name, "document.restore", str(document_id), "API", address=client_address(request))
        return _begun(job)

    @router.get("/runs/{run_id}", summary=text("api_run"), dependencies=[Depends(holder)])
    def run(run_id: RunId) -> Response:
        found = access.editing.jobs.job(run_id)
        if found is None:
            raise UnknownDocumentError(f"没有编号为 {run_id} 的导入，或已太久；后台的同步页列出最近的导入。")
        return JSONResponse(found.fields(), headers={"cache-control": "no-store"})

    return router


class TokenFirst:
    """Refuses an upload without a token, or one that the disk has no room for, before its body is read.

    The routes check the token again; FastAPI reads a body before its dependencies.
    """

    def __init__(self, app: ASGIApp, access: EditorAccess) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request as ASGI has it."""
        path = scope.get("path", "").removeprefix(scope.get("root_path", ""))
        if scope["type"] == "http" and scope["method"] == "POST" and path.startswith("/v1/documents"):
            request = Request(scope)
            refusal = await run_in_threadpool(self._refusal, request)
            if refusal is not None:
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _refusal(self, request: Request) -> Response | None:
        kind, _, secret = request.headers.get("authorization", "").partition(" ")
        if kind.casefold() != "bearer" or self._access.tokens.holder(secret.strip()) is None:
            return http_error(401, {"www-authenticate": "Bearer"})
        length = request.headers.get("content-length", "")
        try:
            self._access.editing.check_room(int(length) if length.isdecimal() else self._access.most_bytes)
        except UploadError as error:
            return error_response(507, "full", str(error))
        return None


def _begun(job: Job, **more: object) -> Response:
    """A job that has begun, with the address at which it can be followed."""
    return JSONResponse({**job.fields(), **more}, status_code=202, headers={"location": f"/api/v1/runs/{job.id}"})
