"""Errors → pages that say what to do. Programs (/api, /mcp) get their own answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from fastapi.exception_handlers import http_exception_handler, request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request

from kb.errors import WenzhengError
from kb.web.html import error_text, page

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.responses import Response
    from starlette.types import Message, Scope

_FOR_PROGRAMS: Final = ("/api", "/mcp", "/healthz")
_ADVICE: Final = {404: "error_missing", 405: "error_method", 413: "error_too_large"}


def add_error_pages(site: FastAPI) -> None:
    """Let `site` show errors as pages; programs get the JSON of FastAPI."""

    async def refused(request: Request, raised: Exception) -> Response:
        error = cast(HTTPException, raised)
        if _is_for_program(request) or error.status_code < 400:
            return await http_exception_handler(request, error)
        advice = _ADVICE.get(error.status_code, "error_other")
        response = page(request, "error.html", status_code=error.status_code, advice=advice, detail="")
        response.headers.update(error.headers or {})
        return response

    async def malformed(request: Request, error: Exception) -> Response:
        if _is_for_program(request):
            return await request_validation_exception_handler(request, cast(RequestValidationError, error))
        return page(request, "error.html", status_code=400, advice="error_malformed", detail="")

    async def failed(request: Request, error: Exception) -> Response:
        if _is_for_program(request):
            return await http_exception_handler(request, HTTPException(503, str(error)))
        return page(
            request,
            "error.html",
            status_code=503,
            advice="error_failed",
            detail=error_text(request, cast(WenzhengError, error)),
        )

    site.add_exception_handler(HTTPException, refused)
    site.add_exception_handler(RequestValidationError, malformed)
    site.add_exception_handler(WenzhengError, failed)


def missing_page(scope: Scope, message: Message) -> Response | None:
    """The page of the error 404 for a browser; Gradio, which is mounted at / and takes every other address, sends JSON."""
    request = Request(scope)
    kind = dict(message["headers"]).get(b"content-type", b"")
    if (
        message["status"] != 404
        or "text/html" not in request.headers.get("accept", "")
        or not kind.startswith(b"application/json")
    ):
        return None
    return page(request, "error.html", status_code=404, advice=_ADVICE[404], detail="")


def _is_for_program(request: Request) -> bool:
    return request.url.path.startswith(_FOR_PROGRAMS)
