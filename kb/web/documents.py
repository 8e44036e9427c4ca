"""The public pages of documents: the list, each document with its whole text, and its original file."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from kb.errors import UnknownDocumentError
from kb.storage.listing import listing
from kb.storage.versions import PublicDocument, passages_of, public_document, text_of
from kb.types import Within
from kb.web.document_layout import TextLine, lines, outline, with_tables
from kb.web.html import language_of, page
from kb.web.site_parts import SiteParts
from kb.web.texts import text

NUM_ON_PAGE: Final = 50
_LONGEST_WORDS: Final = 200  # characters that are looked for
_LONGEST_NAME: Final = 150  # characters of a file name that is offered
# A browser asks again each time: what was withdrawn a moment ago must not open from its memory.
_FRESH: Final = {"cache-control": "no-cache"}
# Whatever the file is, it is taken as bytes, in a place where nothing in it can run.
_INERT: Final = {
    **_FRESH,
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "same-origin",
}


def document_pages(parts: SiteParts) -> APIRouter:
    """The pages at /documents."""
    router = APIRouter()
    retriever = parts.writer.answerer.retriever

    @router.get("/documents")
    def document_list(
        request: Request,
        words: Annotated[str, Query()] = "",
        issuer: Annotated[str, Query()] = "",
        year: Annotated[str, Query()] = "",
        kind: Annotated[str, Query()] = "",
        number: Annotated[str, Query(alias="page")] = "1",
    ) -> Response:
        words = " ".join(words[:_LONGEST_WORDS].split())
        within = Within(
            issuers=(issuer,) if issuer else (),
            years=(int(year),) if _is_number(year) else (),
            kinds=(kind,) if kind else (),
        )
        found = listing(retriever.gazetteer().documents.values(), words, within)
        num_pages = max(1, math.ceil(len(found.documents) / NUM_ON_PAGE))
        here = min(max(int(number), 1), num_pages) if _is_number(number) else 1
        asked = {"words": words, "issuer": issuer, "year": year, "kind": kind}
        kept = {name: value for name, value in asked.items() if value}
        answer = page(
            request,
            "documents/list.html",
            documents=found.documents[(here - 1) * NUM_ON_PAGE : here * NUM_ON_PAGE],
            num_found=len(found.documents),
            choices={"issuer": found.issuers, "year": found.years, "kind": found.kinds},
            asked=asked,
            here=here,
            num_pages=num_pages,
            page_address=lambda other: "/documents?" + urlencode({**kept, "page": other}),
            day=_day_of(request),
        )
        answer.headers.update(_FRESH)
        return answer

    @router.get("/documents/{document_id}")
    def document(
        request: Request,
        document_id: str,
        start: Annotated[str, Query(alias="from")] = "",
        end: Annotated[str, Query(alias="to")] = "",
    ) -> Response:
        public = _public(document_id)
        if public is None:
            return _missing(request)
        marked = (int(start), int(end)) if _is_number(start) and _is_number(end) else None
        shown: tuple[TextLine, ...] = ()
        if public.is_shown:
            shown = lines(
                text_of(retriever.catalogue, public),
                passages_of(retriever.catalogue, public),
                title=public.document.metadata.title,
                marked=marked,
            )
        answer = page(
            request,
            "documents/document.html",
            status_code=200 if public.is_shown else 410,
            public=public,
            document=public.document,
            metadata=public.document.metadata,
            outline=outline(shown),
            shown=with_tables(shown),
            has_mark=any(line.is_marked for line in shown),
            has_original=_original(public) is not None,
            day=_day_of(request),
        )
        answer.headers.update(_FRESH)
        return answer

    @router.get("/documents/{document_id}/original")
    def original(request: Request, document_id: str) -> Response:
        public = _public(document_id)
        path = None if public is None else _original(public)
        if public is None or path is None:
            return _missing(request)
        return FileResponse(
            path,
            media_type="application/octet-stream",
            filename=file_name(public.document.name),
            content_disposition_type="attachment",
            headers=_INERT,
        )

    def _public(document_id: str) -> PublicDocument | None:
        if not _is_number(document_id):
            return None
        if retriever.index.origin() is None:  # nothing was ingested yet, and looking would make a catalogue
            return None
        try:
            return public_document(retriever.catalogue, int(document_id))
        except UnknownDocumentError:
            return None

    def _original(public: PublicDocument) -> Path | None:
        if not public.is_shown:
            return None
        return parts.editing.originals.path_of(public.document.sha256)

    return router


def file_name(name: str) -> str:
    """A file name that is safe to offer: without folders, and without characters that are invisible or turn the reading direction."""
    last = name.replace("\\", "/").rpartition("/")[2]
    visible = "".join(mark for mark in last if unicodedata.category(mark)[0] not in "CZ" or mark == " ").strip(". ")
    stem, dot, ending = visible.rpartition(".")
    if dot and len(ending) <= 10:
        return f"{stem[:_LONGEST_NAME]}.{ending}" if stem else f"file.{ending}"
    return visible[:_LONGEST_NAME] or "file"


def _missing(request: Request) -> Response:
    return page(request, "documents/missing.html", status_code=404)


def _is_number(words: str) -> bool:
    return words.isascii() and words.isdigit() and len(words) <= 18


def _day_of(request: Request) -> Callable[[str | None], str]:
    """Times as days in the reader's language: 2024-03-05 is 2024年3月5日."""
    language = language_of(request)

    def day(time: str | None) -> str:
        try:
            read = datetime.fromisoformat(time or "")
        except ValueError:
            return time or ""
        if read.tzinfo is not None:
            read = read.astimezone()
        return text("day", language, year=read.year, month=read.month, day=read.day)

    return day
