"""What cannot be served → a page in our frame that says what to do. Programs (/api, /mcp) get their own answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from fastapi.exception_handlers import http_exception_handler, request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request

from kb.errors import WenzhengError
from kb.web.html import page, told

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_OF_PROGRAMS: Final = ("/api", "/mcp", "/healthz")
_ADVICE: Final = {404: "error_missing", 405: "error_method", 413: "error_too_large"}


def answer_troubles(site: FastAPI) -> None:
    """Have the pages of `site` answer troubles in our frame."""

    async def refused(request: Request, raised: Exception) -> Response:
        error = cast(HTTPException, raised)
        if _is_of_program(request) or error.status_code < 400:
            return await http_exception_handler(request, error)
        advice = _ADVICE.get(error.status_code, "error_other")
        trouble = page(request, "error.html", status_code=error.status_code, advice=advice, detail="")
        trouble.headers.update(error.headers or {})
        return trouble

    async def malformed(request: Request, error: Exception) -> Response:
        if _is_of_program(request):
            return await request_validation_exception_handler(request, cast(RequestValidationError, error))
        return page(request, "error.html", status_code=400, advice="error_malformed", detail="")

    async def failed(request: Request, error: Exception) -> Response:
        if _is_of_program(request):
            return await http_exception_handler(request, HTTPException(503, str(error)))
        return page(
            request,
            "error.html",
            status_code=503,
            advice="error_failed",
            detail=told(request, cast(WenzhengError, error)),
        )

    site.add_exception_handler(HTTPException, refused)
    site.add_exception_handler(RequestValidationError, malformed)
    site.add_exception_handler(WenzhengError, failed)


class MissingPages:
    """Tells a person who looks for a page that is not there so in our frame; Gradio, which takes what no other has, would not."""

    def __init__(self, site: ASGIApp) -> None:
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request as ASGI has it."""
        if scope["type"] != "http" or "text/html" not in Request(scope).headers.get("accept", ""):
            await self._site(scope, receive, send)
            return
        is_missing = False

        async def send_told(message: Message) -> None:
            nonlocal is_missing
            if message["type"] == "http.response.start" and message["status"] == 404:
                kind = dict(message["headers"]).get(b"content-type", b"")
                is_missing = kind.startswith(b"application/json")
                if is_missing:
                    told = page(Request(scope), "error.html", status_code=404, advice=_ADVICE[404], detail="")
                    await told(scope, receive, send)
            if not is_missing:
                await send(message)

        await self._site(scope, receive, send_told)


def _is_of_program(request: Request) -> bool:
    return request.url.path.startswith(_OF_PROGRAMS)
