"""The documents at the desk: found by words and filters; each with what is changed of it, its versions, and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from kb.admin.documents import DocumentFilter, ListedDocument, Standing
from kb.admin.jobs import Job
from kb.errors import DeskError
from kb.storage.corrections import DAYS, NAMES, YEARS
from kb.web.desk.access import Admin, Editor, Visitor, desk_page
from kb.web.desk.run_progress import current_progress
from kb.web.site_parts import SiteParts

STATES: Final = ("", *Standing, "unsure", "corrected")
_LONGEST: Final = 100  # characters of words that are looked for
_MOST_ID: Final = 2**63 - 1


def _wanted(
    words: str = "", issuer: str = "", year: str = "", kind: str = "", state: str = "", page: str = "1"
) -> DocumentFilter:
    """The filter of the list's form; an invalid page is the first."""
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 8 else 1
    state = state if state in STATES else ""
    return DocumentFilter(words=words[:_LONGEST].strip(), issuer=issuer, year=year, kind=kind, state=state, page=number)


Asked = Annotated[DocumentFilter, Depends(_wanted)]


def documents_pages(parts: SiteParts) -> APIRouter:
    """The list of documents, a document, and its actions."""
    router = APIRouter(include_in_schema=False)
    editing, audit = parts.editing, parts.audit

    @router.get("/desk/documents")
    def listed(request: Request, visitor: Editor, wanted: Asked) -> Response:
        return desk_page(
            request,
            visitor,
            "desk/documents/list.html",
            here="documents",
            wanted=wanted,
            found=editing.documents.page(wanted),
            states=STATES,
            refusals=editing.refusals(),
            address_of=lambda **changed: "?" + urlencode(_query(wanted, **changed)),
            run=current_progress(request, editing.jobs),
            most_mib=parts.settings.upload_mib,
            total_mib=parts.settings.upload_total_mib,
        )

    @router.get("/desk/documents/{document_id}")
    def document(request: Request, visitor: Editor, document_id: int) -> Response:
        return _document_page(request, visitor, parts, entry_of(parts, document_id))

    @router.post("/desk/documents/{document_id}")
    async def correct(request: Request, visitor: Editor, document_id: int) -> Response:
        form = await request.form()
        given = {name: value for name in NAMES if isinstance(value := form.get(name), str)}
        taken_back = [name for name in form.getlist("take_back") if isinstance(name, str)]
        return await run_in_threadpool(_correct, request, visitor, parts, document_id, given, taken_back)

    @router.post("/desk/documents/{document_id}/withdraw")
    def withdraw(request: Request, visitor: Editor, document_id: int) -> Response:
        return change(request, visitor, document_id, "document.withdraw", editing.withdraw)

    @router.post("/desk/documents/{document_id}/restore")
    def restore(request: Request, visitor: Editor, document_id: int) -> Response:
        return change(request, visitor, document_id, "document.restore", editing.restore)

    def change(request: Request, visitor: Visitor, document_id: int, act: str, job_of: Callable[..., Job]) -> Response:
        entry = entry_of(parts, document_id)
        try:
            job_of(document_id, by=visitor.name)
        except DeskError as error:
            return _document_page(request, visitor, parts, entry, problem=error)
        audit.note(visitor.name, act, entry.document.metadata.title, address=visitor.address)
        return RedirectResponse(f"/desk/documents/{document_id}", 303)

    @router.get("/desk/documents/{document_id}/remove")
    def ask_again(request: Request, visitor: Admin, document_id: int) -> Response:
        return _remove_page(request, visitor, parts, entry_of(parts, document_id))

    @router.post("/desk/documents/{document_id}/remove")
    def remove(request: Request, visitor: Admin, document_id: int) -> Response:
        entry = entry_of(parts, document_id)
        try:
            run = editing.remove(document_id, by=visitor.name)
        except DeskError as error:
            return _remove_page(request, visitor, parts, entry, problem=error)
        detail = "\n".join(entry.document.sources)
        audit.note(visitor.name, "document.remove", entry.document.metadata.title, detail, address=visitor.address)
        return RedirectResponse(f"/desk/synchronise/{run.id}", 303)

    return router


def entry_of(parts: SiteParts, document_id: int) -> ListedDocument:
    """The document with this id. Raises HTTPException where there is none."""
    entry = parts.editing.documents.entry(document_id) if 0 < document_id <= _MOST_ID else None
    if entry is None:
        raise HTTPException(404)
    return entry


def _correct(
    request: Request, visitor: Visitor, parts: SiteParts, document_id: int, given: dict[str, str], taken_back: list[str]
) -> Response:
    """Keep the corrections of a form; fields that were not changed are no corrections."""
    entry = entry_of(parts, document_id)
    metadata = entry.document.metadata
    changed = {
        name: value
        for name, value in given.items()
        if name not in taken_back and " ".join(value.split()) != str(getattr(metadata, name) or "")
    }
    try:
        run = parts.editing.correct(document_id, changed, take_back=taken_back, by=visitor.name)
    except DeskError as error:
        return _document_page(request, visitor, parts, entry, problem=error, given=given)
    if run is None:
        return RedirectResponse(f"/desk/documents/{document_id}", 303)
    detail = "\n".join(
        [f"{name}：{getattr(metadata, name) or '—'} → {value or '—'}" for name, value in changed.items()]
        + [f"{name}：{getattr(metadata, name) or '—'} → （恢复）" for name in taken_back]
    )
    parts.audit.note(visitor.name, "document.correct", metadata.title, detail, address=visitor.address)
    return RedirectResponse(f"/desk/synchronise/{run.id}", 303)


def _document_page(
    request: Request,
    visitor: Visitor,
    parts: SiteParts,
    entry: ListedDocument,
    *,
    problem: DeskError | None = None,
    given: dict[str, str] | None = None,
) -> Response:
    editing, document = parts.editing, entry.document
    correction = found = None
    if document.sources:
        correction = editing.corrections.of(document.sources[0], document.sha256)
        found = editing.corrections.found(document.sources[0], document.sha256)
    shown = {name: str(getattr(document.metadata, name) or "") for name in NAMES} | (given or {})
    listed = editing.documents.page(DocumentFilter())
    return desk_page(
        request,
        visitor,
        "desk/documents/document.html",
        here="documents",
        status_code=422 if problem else 200,
        problem=problem,
        entry=entry,
        document=document,
        shown=shown,
        names=NAMES,
        days=DAYS,
        years=YEARS,
        correction=correction if correction and correction.fields else None,
        found=found,
        versions=editing.documents.versions(document.id),
        original=editing.originals.path_of(document.sha256) is not None,
        may_remove=visitor.role.value == "admin",
        known={"issuer": listed.issuers, "kind": listed.kinds},
        run=current_progress(request, editing.jobs),
    )


def _remove_page(
    request: Request, visitor: Visitor, parts: SiteParts, entry: ListedDocument, *, problem: DeskError | None = None
) -> Response:
    editing, document = parts.editing, entry.document
    versions = editing.documents.versions(document.id)
    return desk_page(
        request,
        visitor,
        "desk/documents/remove.html",
        here="documents",
        status_code=422 if problem else 200,
        problem=problem,
        document=document,
        versions=versions,
        num_passages=sum(version.document.num_passages for version in versions),
        uploaded=[path.name for source in document.sources if (path := editing.uploads.path_of(source))],
        kept_out=[source for source in document.sources if not editing.uploads.path_of(source)],
    )


def _query(wanted: DocumentFilter, **changed: object) -> dict[str, str]:
    """The query of the list's address with some values changed; the page is kept only where it is among them."""
    asked = {name: getattr(wanted, name) for name in ("words", "issuer", "year", "kind", "state")} | changed
    return {name: str(value) for name, value in asked.items() if value}
