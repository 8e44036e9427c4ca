"""All that is served on the one port: each page at its address, behind the guard."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from kb.examples import Examples
from kb.pages.html import serve_design
from kb.pages.parts import Parts

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Gradio's front end writes scripts and styles into the page and builds its templates with `eval`, so these are allowed
# where a page has no stricter policy of its own; nothing that a document says reaches the page unescaped.
_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
_HEADERS = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
)


def build_site(parts: Parts) -> Guard:
    """The pages over `parts`; the chat page, at /, takes what no other has."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # before gradio is imported: it calls home as it starts

    import gradio
    from fastapi import FastAPI

    from kb.pages.chat import build_page, dress

    site = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    serve_design(site)
    page = build_page(parts.writer, Examples(parts.writer.answerer))
    return Guard(gradio.mount_gradio_app(site, page, path="/", ssr_mode=False, run_history=False, **dress()))


class Guard:
    """Keeps the pages to their own host, and takes no files by Gradio's way: it would, from anyone, on every page [1].

    [1] https://www.gradio.app/guides/file-access
    """

    def __init__(self, site: ASGIApp) -> None:
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request as ASGI has it."""
        if scope["type"] == "http" and scope["path"].rstrip("/").endswith("/upload"):
            from starlette.responses import PlainTextResponse

            await PlainTextResponse("此页面不接收文件。", status_code=403)(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                own = {name.lower() for name, _ in headers}
                message["headers"] = [*headers, *(header for header in _HEADERS if header[0] not in own)]
            await send(message)

        await self._site(scope, receive, send_guarded)
