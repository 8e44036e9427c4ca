"""What an editor's program may do over HTTP, with a token: upload, withdraw, restore, and look at the runs of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends, File, UploadFile
from fastapi import Path as InPath
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from kb.errors import NotHeldError, UploadError
from kb.web.api.errors import problem, refused
from kb.web.api.models import Problem, told
from kb.web.api.open_routes import DocumentId, address_of
from kb.web.texts import text


class Holder(Protocol):
    """Who holds a token."""

    @property
    def name(self) -> str: ...


class Run(Protocol):
    """One run of an ingest."""

    @property
    def id(self) -> int: ...

    def fields(self) -> dict[str, Any]:
        """The run as JSON fields."""
        ...


class Runs(Protocol):
    """The runs that there were."""

    def job(self, run_id: int, /) -> Run | None:
        """A run as it stands now; None where there is none."""
        ...


class Taken(Protocol):
    """What became of files that were sent together."""

    @property
    def paths(self) -> Sequence[Path]: ...

    @property
    def refused(self) -> Mapping[str, UploadError]: ...


class Registry(Protocol):
    """Where documents are kept right; each act starts a run that brings the index in step."""

    @property
    def jobs(self) -> Runs: ...

    def check_room(self, size: int, /) -> None:
        """Raise UploadError where the disk has no room for so many bytes."""
        ...

    def take_all(self, files: Iterable[tuple[str, Callable[[int], bytes]]], /) -> Taken:
        """Keep uploaded files under names that can do no harm, each by itself."""
        ...

    def take_in(self, paths: Sequence[Path], /, *, by: str) -> Run:
        """Hold what was uploaded."""
        ...

    def withdraw(self, document_id: int, /, *, by: str) -> Run:
        """Answer from a document no more."""
        ...

    def restore(self, document_id: int, /, *, by: str) -> Run:
        """Answer from it again."""
        ...


class Note(Protocol):
    """How an act is put down in the audit log."""

    def __call__(self, who: str, act: str, about: str = "", detail: str = "", *, address: str = "") -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What stands behind the addresses that need a token."""

    editing: Registry
    holder: Callable[[str], Holder | None]  # of a token
    note: Note
    most_bytes: int  # of all files of one upload


_BEARER = HTTPBearer(auto_error=False, description=text("api_token_how", header="Authorization: Bearer …"))


def holder(request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]) -> Holder:
    """Who sends a request; 401 for nobody."""
    desk: Desk = request.app.state.desk
    found = desk.holder(given.credentials) if given else None
    if found is None:
        raise HTTPException(401, headers={"www-authenticate": "Bearer"})
    return found


By = Annotated[Holder, Depends(holder)]
RunId = Annotated[int, InPath(ge=1, le=2**63 - 1, description=told("run_id"))]
Files = Annotated[list[UploadFile], File(description=told("file"))]


def writing_routes(desk: Desk) -> APIRouter:
    """The addresses that need a token."""
    problems: dict[int | str, dict[str, Any]] = {
        401: {"model": Problem},
        404: {"model": Problem},
    }
    router = APIRouter(responses=problems)

    @router.post(
        "/documents", summary=text("api_upload"), name="upload", status_code=202, max_body_size=desk.most_bytes
    )
    def upload(
        request: Request,
        by: By,
        file: Files,
    ) -> Response:
        taken = desk.editing.take_all((one.filename or "", one.file.read) for one in file)
        if not taken.paths:
            return problem(422, "refused", "".join(map(str, taken.refused.values())))
        run = desk.editing.take_in(taken.paths, by=by.name)
        for path in taken.paths:
            desk.note(by.name, "document.upload", path.name, "API", address=address_of(request))
        return _begun(run, refused={name: str(error) for name, error in taken.refused.items()})

    @router.post("/documents/{document_id}/withdraw", summary=text("api_withdraw"), status_code=202)
    def withdraw(request: Request, by: By, document_id: DocumentId) -> Response:
        run = desk.editing.withdraw(document_id, by=by.name)
        desk.note(by.name, "document.withdraw", str(document_id), "API", address=address_of(request))
        return _begun(run)

    @router.post("/documents/{document_id}/restore", summary=text("api_restore"), status_code=202)
    def restore(request: Request, by: By, document_id: DocumentId) -> Response:
        run = desk.editing.restore(document_id, by=by.name)
        desk.note(by.name, "document.restore", str(document_id), "API", address=address_of(request))
        return _begun(run)

    @router.get("/runs/{run_id}", summary=text("api_run"), dependencies=[Depends(holder)])
    def run(run_id: RunId) -> Response:
        found = desk.editing.jobs.job(run_id)
        if found is None:
            raise NotHeldError(f"没有编号为 {run_id} 的导入，或已太久；后台的同步页列出最近的导入。")
        return JSONResponse(found.fields(), headers={"cache-control": "no-store"})

    return router


class TokenFirst:
    """Turns away what is sent without a token, or finds no room on the disk, before its body is read.

    The routes ask for the token again; FastAPI reads a body before it asks.
    """

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self._app = app
        self._desk = desk

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
        if kind.casefold() != "bearer" or self._desk.holder(secret.strip()) is None:
            return refused(401, {"www-authenticate": "Bearer"})
        length = request.headers.get("content-length", "")
        try:
            self._desk.editing.check_room(int(length) if length.isdecimal() else self._desk.most_bytes)
        except UploadError as error:
            return problem(507, "full", str(error))
        return None


def _begun(run: Run, **more: object) -> Response:
    """A run was asked for; where it stands is looked at again at its own address."""
    return JSONResponse({**run.fields(), **more}, status_code=202, headers={"location": f"/api/v1/runs/{run.id}"})
