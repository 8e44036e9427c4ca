"""The text of a document at the desk: block by block, passage by passage, and two versions side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final, TypeVar

from fastapi import APIRouter, HTTPException, Query, Request
from starlette.responses import FileResponse, Response

from kb.storage.corrections import NAMES
from kb.web.desk.access import Editor, desk_page
from kb.web.desk.documents import entry_of
from kb.web.diff import differences
from kb.web.site_parts import SiteParts

_BLOCKS: Final = 400  # on a page
_PASSAGES: Final = 40
_MOST_DIFFERENCES: Final = 2_000  # lines that are shown

Thing = TypeVar("Thing")
Number = Annotated[int, Query(ge=1, le=1_000_000)]


def document_text_pages(parts: SiteParts) -> APIRouter:
    """What a document says, as a person reads it and as the index does."""
    router = APIRouter(include_in_schema=False)
    editing = parts.editing

    @router.get("/desk/documents/{document_id}/text")
    def text(request: Request, visitor: Editor, document_id: int, page: Number = 1) -> Response:
        entry = entry_of(parts, document_id)
        blocks = editing.documents.text(document_id).split("\n")
        headings = {words for stored in editing.documents.passages(document_id) for words in stored.passage.heading}
        first, shown, num_pages = _page_of(blocks, page, _BLOCKS)
        return desk_page(
            request,
            visitor,
            "desk/documents/text.html",
            here="documents",
            document=entry.document,
            blocks=[(first + number, block, block in headings) for number, block in enumerate(shown)],
            number=min(page, num_pages),
            num_pages=num_pages,
            num_blocks=len(blocks),
        )

    @router.get("/desk/documents/{document_id}/passages")
    def passages(request: Request, visitor: Editor, document_id: int, page: Number = 1) -> Response:
        entry = entry_of(parts, document_id)
        stored = editing.documents.passages(document_id)
        first, shown, num_pages = _page_of(stored, page, _PASSAGES)
        return desk_page(
            request,
            visitor,
            "desk/documents/passages.html",
            here="documents",
            document=entry.document,
            passages=list(enumerate(shown, start=first)),
            number=min(page, num_pages),
            num_pages=num_pages,
            num_passages=len(stored),
        )

    @router.get("/desk/documents/{document_id}/compare/{other_id}")
    def compare(request: Request, visitor: Editor, document_id: int, other_id: int) -> Response:
        entries = (entry_of(parts, document_id), entry_of(parts, other_id))
        older, newer = sorted(entries, key=lambda entry: entry.document.id)
        if older not in editing.documents.versions(newer.document.id):
            raise HTTPException(404)
        before, after = older.document.metadata, newer.document.metadata
        lines = differences(editing.documents.text(older.document.id), editing.documents.text(newer.document.id))
        return desk_page(
            request,
            visitor,
            "desk/documents/compare.html",
            here="documents",
            older=older.document,
            newer=newer.document,
            metadata=[
                (name, getattr(before, name) or "", getattr(after, name) or "")
                for name in NAMES
                if getattr(before, name) != getattr(after, name)
            ],
            lines=lines[:_MOST_DIFFERENCES],
            num_changes=sum(line.changes for line in lines),
            left_out=max(0, len(lines) - _MOST_DIFFERENCES),
        )

    @router.get("/desk/documents/{document_id}/original")
    def original(visitor: Editor, document_id: int) -> Response:
        document = entry_of(parts, document_id).document
        path = editing.originals.path_of(document.sha256)
        if path is None:
            raise HTTPException(404)
        # Never shown in the browser: an HTML document could run scripts as one of our pages.
        return FileResponse(
            path,
            filename=document.name,
            media_type="application/octet-stream",
            content_disposition_type="attachment",
            headers={"x-content-type-options": "nosniff"},
        )

    return router


def _page_of(things: Sequence[Thing], page: int, most: int) -> tuple[int, Sequence[Thing], int]:
    """The number of the first of a page, from 1; what is on it; how many pages there are."""
    num_pages = max(1, -(-len(things) // most))
    start = (min(page, num_pages) - 1) * most
    return start + 1, things[start : start + most], num_pages
