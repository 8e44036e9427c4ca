"""Middleware of the desk: a large body is read only from somebody who is logged in, and no page is cached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kb.web.desk.access import is_script, visitor_of
from kb.web.html import language_of, page
from kb.web.site_parts import SiteParts
from kb.web.texts import text

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_MOST_BYTES: Final = 16 * 1024
_NO_STORE: Final = (b"cache-control", b"no-store")


class BodyLimit:
    """Refuses a request for the desk whose body is not small and whose sender is not logged in."""

    def __init__(self, site: ASGIApp, parts: SiteParts) -> None:
        self._site = site
        self._parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request as ASGI has it."""
        if scope["type"] != "http" or not is_of_desk(scope["path"]):
            await self._site(scope, receive, send)
            return

        async def send_uncached(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [header for header in message.get("headers", ()) if header[0].lower() != _NO_STORE[0]]
                message["headers"] = [*kept, _NO_STORE]
            await send(message)

        request = Request(scope, receive)
        if _has_large_body(request) and await visitor_of(self._parts, request) is None:
            await _refusal(request)(scope, receive, send_uncached)
            return
        await self._site(scope, receive, send_uncached)


def is_of_desk(path: str) -> bool:
    """Whether a path belongs to the desk."""
    return path == "/desk" or path.startswith("/desk/")


def _refusal(request: Request) -> Response:
    if is_script(request):
        return JSONResponse({"problem": text("desk_login_first", language_of(request))}, status_code=401)
    return page(request, "error.html", status_code=413, advice="desk_login_first", detail="")


def _has_large_body(request: Request) -> bool:
    length = request.headers.get("content-length", "")
    if "transfer-encoding" in request.headers:
        return True  # its length is not known before it is read
    return length != "" and not (length.isascii() and length.isdigit() and int(length) <= _MOST_BYTES)
