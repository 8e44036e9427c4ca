"""What an editor's program may do over HTTP, with a token: upload, withdraw, restore, and look at the runs of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends, File, UploadFile
from fastapi import Path as InPath
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kb.api.models import Problem, told
from kb.api.reading import DocumentId, address_of
from kb.errors import NotHeldError
from kb.pages.texts import text


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

    def run(self, run_id: int, /) -> Run | None:
        """A run as it stands now; None where there is none."""
        ...


class Registry(Protocol):
    """Where documents are kept right; each act starts a run that brings the index in step."""

    @property
    def runs(self) -> Runs: ...

    def take(self, name: str, read: Callable[[int], bytes], /) -> Path:
        """Keep an uploaded file under a name that can do no harm."""
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

    registry: Registry
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
        paths = [desk.registry.take(one.filename or "", one.file.read) for one in file]
        run = desk.registry.take_in(paths, by=by.name)
        for path in paths:
            desk.note(by.name, "document.upload", path.name, "API", address=address_of(request))
        return _begun(run)

    @router.post("/documents/{document_id}/withdraw", summary=text("api_withdraw"), status_code=202)
    def withdraw(request: Request, by: By, document_id: DocumentId) -> Response:
        run = desk.registry.withdraw(document_id, by=by.name)
        desk.note(by.name, "document.withdraw", str(document_id), "API", address=address_of(request))
        return _begun(run)

    @router.post("/documents/{document_id}/restore", summary=text("api_restore"), status_code=202)
    def restore(request: Request, by: By, document_id: DocumentId) -> Response:
        run = desk.registry.restore(document_id, by=by.name)
        desk.note(by.name, "document.restore", str(document_id), "API", address=address_of(request))
        return _begun(run)

    @router.get("/runs/{run_id}", summary=text("api_run"), dependencies=[Depends(holder)])
    def run(run_id: RunId) -> Response:
        found = desk.registry.runs.run(run_id)
        if found is None:
            raise NotHeldError(f"没有编号为 {run_id} 的导入，或已太久；后台的同步页列出最近的导入。")
        return JSONResponse(found.fields(), headers={"cache-control": "no-store"})

    return router


def _begun(run: Run) -> Response:
    """A run was asked for; where it stands is looked at again at its own address."""
    return JSONResponse(run.fields(), status_code=202, headers={"location": f"/api/v1/runs/{run.id}"})
