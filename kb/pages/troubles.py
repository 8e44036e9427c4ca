"""What cannot be served → a page in our frame that says what to do. Programs (/api, /mcp) get their own answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from fastapi.exception_handlers import http_exception_handler, request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from kb.errors import WenzhengError
from kb.pages.html import page, told

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import Response

_OF_PROGRAMS: Final = ("/api", "/mcp", "/healthz")
_ADVICE: Final = {404: "trouble_missing", 405: "trouble_method", 413: "trouble_too_large"}


def answer_troubles(site: FastAPI) -> None:
    """Have the pages of `site` answer troubles in our frame."""

    async def refused(request: Request, raised: Exception) -> Response:
        error = cast(HTTPException, raised)
        if _is_of_program(request) or error.status_code < 400:
            return await http_exception_handler(request, error)
        advice = _ADVICE.get(error.status_code, "trouble_other")
        trouble = page(request, "trouble.html", status_code=error.status_code, advice=advice, detail="")
        trouble.headers.update(error.headers or {})
        return trouble

    async def malformed(request: Request, error: Exception) -> Response:
        if _is_of_program(request):
            return await request_validation_exception_handler(request, cast(RequestValidationError, error))
        return page(request, "trouble.html", status_code=400, advice="trouble_malformed", detail="")

    async def failed(request: Request, error: Exception) -> Response:
        if _is_of_program(request):
            return await http_exception_handler(request, HTTPException(503, str(error)))
        return page(
            request,
            "trouble.html",
            status_code=503,
            advice="trouble_failed",
            detail=told(request, cast(WenzhengError, error)),
        )

    site.add_exception_handler(HTTPException, refused)
    site.add_exception_handler(RequestValidationError, malformed)
    site.add_exception_handler(WenzhengError, failed)


def _is_of_program(request: Request) -> bool:
    return request.url.path.startswith(_OF_PROGRAMS)
