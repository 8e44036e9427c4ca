"""The page that is served while the others are being opened: a box for the first question.

Importing Gradio, Chroma and the rest takes seconds. Until the site is open, a browser that asks for the chat gets this
light page, from which a question goes on to the chat by itself (static/start_page.js). Every other request waits, as
does /stands, which is answered when the site is open.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from kb.web.html import chat_language, design_files, page
from kb.web.texts import LANGUAGES

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.types import Receive, Scope, Send

    from kb.web.site import Guard


class StartPage:
    """An application that serves the start page until its site is open, and then that site."""

    def __init__(
        self, open_site: Callable[[], Guard], *, failed: Callable[[Exception], None], question_characters: int
    ) -> None:
        """`open_site` is called once, in a thread of its own, when the server has started.

        An error of it, or of the lifespan of the site, is handed to `failed`, which has to end the server.
        """
        self._open_site = open_site
        self._failed = failed
        self._question_characters = question_characters
        self._site: Guard | None = None
        self._stands = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request as ASGI has it."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        if self._site is None and _wants_chat(scope):
            await self._welcome(scope, receive, send)
            return
        if self._site is None and scope["type"] == "http" and scope["path"].startswith("/design/"):
            await _design()(scope, receive, send)
            return
        await self._stands.wait()
        if scope["type"] == "http" and scope["path"] == "/stands":
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body"})
            return
        assert self._site is not None  # noqa: S101
        await self._site(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        try:
            site = await asyncio.to_thread(self._open_site)
            async with site.lifespan():
                self._site = site
                self._stands.set()
                await receive()
        except Exception as error:
            self._failed(error)
            raise
        await send({"type": "lifespan.shutdown.complete"})

    async def _welcome(self, scope: Scope, receive: Receive, send: Send) -> None:
        from starlette.requests import Request

        request = Request(scope)
        response = page(
            request,
            "start_page.html",
            language=chat_language(request),
            question_characters=self._question_characters,
        )
        response.headers["cache-control"] = "no-store"
        await response(scope, receive, send)


@cache
def _design() -> Starlette:
    """The styles and scripts at /design, as the site serves them."""
    from starlette.applications import Starlette
    from starlette.routing import Mount

    return Starlette(routes=[Mount("/design", design_files())])


def _wants_chat(scope: Scope) -> bool:
    """Whether a browser asks for a chat page; a program that requests / waits for the real one."""
    if scope["type"] != "http" or scope["method"] != "GET" or scope["path"].strip("/") not in ("", *LANGUAGES):
        return False
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])
