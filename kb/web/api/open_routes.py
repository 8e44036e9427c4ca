"""The routes that need no token: questions, passages, documents, ratings."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from typing import Annotated, Any, Final

import anyio
from fastapi import APIRouter, Path, Query
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from kb.chat.json_fields import answer_fields
from kb.errors import UnknownDocumentError
from kb.types import Answer, Status, Within
from kb.web.api.errors import error_response
from kb.web.api.models import (
    AnswerFields,
    AskRequest,
    DocumentFields,
    DocumentListFields,
    ErrorFields,
    FeedbackRequest,
    Name,
    SearchFields,
    TextFields,
    Year,
    description_of,
)
from kb.web.inquiry import MOST_DOCUMENTS, MOST_HITS, Answers, Inquiry
from kb.web.limits import client_address
from kb.web.texts import text

LONGEST_BODY: Final = 64 * 1024  # bytes of a question with its history
_MOST_CHARACTERS: Final = 100_000_000  # a place in a text
_CODES: Final = {Status.ERROR_QUESTION: 400}
_EVENTS: Final = "text/event-stream"
_NOTHING_NEW: Final = ": \n\n"
_GONE: Final = 499  # as nginx has it: the client has closed the connection
_FRESH: Final = {"cache-control": "no-store"}

Rate = Callable[[str, bool, str], bool]
"""(entry, good, reason) → whether there is such an entry, and it was noted."""

Issuers = Annotated[tuple[Name, ...], Query(description=description_of("issuer"), max_length=50)]
Years = Annotated[tuple[Year, ...], Query(description=description_of("year"), max_length=50)]
Kinds = Annotated[tuple[Name, ...], Query(description=description_of("kind"), max_length=50)]
DocumentId = Annotated[int, Path(ge=1, le=2**63 - 1, description=description_of("document_id"))]


def open_routes(inquiry: Inquiry, answers: Answers, rate: Rate | None) -> APIRouter:
    """The routes; without `rate` no answer can be rated."""
    router = APIRouter()

    @router.post(
        "/ask",
        summary=text("api_ask"),
        max_body_size=LONGEST_BODY,
        responses={
            200: {"model": AnswerFields, "content": {_EVENTS: {}}},
            400: {"model": ErrorFields},
            429: {"model": ErrorFields},
            503: {"model": ErrorFields},
        },
    )
    async def ask(request: Request, asked: AskRequest) -> Response:
        within, address = asked.within.within(), client_address(request)
        growing = await run_in_threadpool(inquiry.ask, answers, asked.question, asked.history, within, address=address)
        if asked.stream or _EVENTS in request.headers.get("accept", ""):
            first = await run_in_threadpool(next, growing)  # an error is answered before the stream begins
            if first is not None and first.status.is_error:
                await _close(growing)
                return _answered(first)
            return StreamingResponse(stream(first, growing), media_type=_EVENTS, headers=_FRESH)
        whole = await whole_of(growing, request.is_disconnected)
        return _answered(whole) if whole else Response(status_code=_GONE)

    @router.get("/search", summary=text("api_search"), responses={200: {"model": SearchFields}})
    def search(
        request: Request,
        question: Annotated[str, Query(min_length=1, max_length=5000, description=description_of("question"))],
        issuer: Issuers = (),
        year: Years = (),
        kind: Kinds = (),
        limit: Annotated[int, Query(ge=1, le=MOST_HITS, description=description_of("limit"))] = 10,
    ) -> Response:
        within = Within(issuers=issuer, years=year, kinds=kind)
        return _fields(inquiry.search(question, (), within, limit=limit, address=client_address(request)))

    @router.get("/documents", summary=text("api_documents"), responses={200: {"model": DocumentListFields}})
    def documents(
        words: Annotated[str, Query(max_length=200, description=description_of("words"))] = "",
        issuer: Issuers = (),
        year: Years = (),
        kind: Kinds = (),
        skip: Annotated[int, Query(ge=0, le=10_000_000, description=description_of("skip"))] = 0,
        limit: Annotated[int, Query(ge=1, le=MOST_DOCUMENTS, description=description_of("limit"))] = 50,
    ) -> Response:
        within = Within(issuers=issuer, years=year, kinds=kind)
        return _fields(inquiry.documents(words, within, skip=skip, limit=limit))

    @router.get(
        "/documents/{document_id}",
        summary=text("api_document"),
        responses={200: {"model": DocumentFields}, 404: {"model": ErrorFields}},
    )
    def document(document_id: DocumentId) -> Response:
        return _fields(inquiry.document(document_id))

    @router.get(
        "/documents/{document_id}/text",
        summary=text("api_document_text"),
        responses={200: {"model": TextFields}, 404: {"model": ErrorFields}, 410: {"model": ErrorFields}},
    )
    def document_text(
        document_id: DocumentId,
        start: Annotated[int, Query(ge=0, le=_MOST_CHARACTERS, description=description_of("start"))] = 0,
        end: Annotated[int | None, Query(ge=0, le=_MOST_CHARACTERS, description=description_of("end"))] = None,
    ) -> Response:
        return _fields(inquiry.text(document_id, start=start, end=end))

    @router.post(
        "/feedback",
        summary=text("api_feedback"),
        max_body_size=LONGEST_BODY,
        status_code=204,
        responses={404: {"model": ErrorFields}},
    )
    def feedback(rated: FeedbackRequest) -> Response:
        if rate is None or not rate(rated.entry, rated.good, rated.reason):
            raise UnknownDocumentError("没有记下这个回答，或已太久；请把意见告诉管理员。")
        return Response(status_code=204)

    return router


def _fields(fields: dict[str, Any]) -> Response:
    return JSONResponse(fields, headers=_FRESH)


def _answered(answer: Answer) -> Response:
    """An answer or a refusal as 200, an error with its own code."""
    if answer.status.is_error:
        return error_response(_CODES.get(answer.status, 503), answer.status.value, answer.text)
    return _fields(answer_fields(None, answer))


async def stream(first: Answer | None, rest: Generator[Answer | None, None, None]) -> AsyncGenerator[str, None]:
    """The answer as it grows (`growing`), then the whole (`answer`), as server-sent events.

    While there is nothing new a comment is sent now and then, which keeps the connection open and shows whether it is.
    """
    whole = first
    try:
        yield _growing(first)
        async for grown in iterate_in_threadpool(rest):
            whole = grown or whole
            yield _growing(grown)
        assert whole is not None  # noqa: S101
        yield _event("answer", answer_fields(None, whole))
    finally:
        await _close(rest)


async def whole_of(
    growing: Generator[Answer | None, None, None], has_left: Callable[[], Awaitable[bool]]
) -> Answer | None:
    """The whole answer; None where the client has left before, which ends the answering."""
    whole = None
    try:
        async for grown in iterate_in_threadpool(growing):
            whole = grown or whole
            if grown is None and await has_left():
                return None
    finally:
        await _close(growing)
    return whole


async def _close(growing: Generator[Answer | None, None, None]) -> None:
    """End the answering, so that its seat comes free, even where the request is cancelled."""
    with anyio.CancelScope(shield=True):
        await run_in_threadpool(growing.close)


def _growing(grown: Answer | None) -> str:
    return _event("growing", {"status": grown.status.value, "text": grown.text}) if grown else _NOTHING_NEW


def _event(name: str, fields: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(fields, ensure_ascii=False)}\n\n"
