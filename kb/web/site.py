"""All pages and interfaces on one port, with the headers and redirects that they share."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from kb.chat.example_questions import ExampleQuestions
from kb.web.html import language_redirect, serve_design
from kb.web.inquiry import Inquiry, answers_by
from kb.web.site_parts import SiteParts
from kb.web.texts import LANGUAGES

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from fastapi import FastAPI
    from starlette.types import Message, Receive, Scope, Send

# Gradio's front end writes scripts and styles into the page and builds its templates with `eval`, so these are allowed
# where a page has no stricter policy of its own; the text of documents is always escaped.
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
_CHATS = ("/", *(f"/{language}" for language in LANGUAGES))  # Gradio's pages stand at /en/ and not at /en
_HEADERS = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
)


def build_site(parts: SiteParts) -> Guard:
    """The pages over `parts`; the chat page, at /, takes what no other has."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # before gradio is imported: it calls home as it starts

    import gradio

    from kb.web.chat.frame import styling
    from kb.web.chat.page import build_page
    from kb.web.error_pages import missing_page
    from kb.web.replacement import Replacement

    site = build_pages(parts)
    site.add_middleware(Replacement, instead=missing_page)
    examples = ExampleQuestions(parts.writer.answerer, parts.data / "examples.json")
    for language in reversed(LANGUAGES):  # what is at / takes all that no other has, and comes last
        page = build_page(parts.responder, examples, language)
        path = "/" if language == LANGUAGES[0] else f"/{language}"
        gradio.mount_gradio_app(site, page, path=path, ssr_mode=False, run_history=False, **styling(language))
    return Guard(site)


def build_pages(parts: SiteParts) -> FastAPI:
    """All pages over `parts` but the chat."""
    from fastapi import FastAPI

    from kb.web.api import build_api
    from kb.web.api.token_routes import EditorAccess
    from kb.web.api_page import api_pages
    from kb.web.desk import desk_pages
    from kb.web.desk.access import Refused, refusal
    from kb.web.desk.body_limit import BodyLimit
    from kb.web.documents import document_pages
    from kb.web.error_pages import add_error_pages
    from kb.web.exports import export_pages

    site = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    site.state.parts = parts
    site.add_middleware(BodyLimit, parts=parts)
    site.add_exception_handler(Refused, refusal)
    add_error_pages(site)
    serve_design(site)
    for router in (export_pages(parts), *desk_pages(parts)):
        site.include_router(router)
    site.include_router(document_pages(parts))
    inquiry = Inquiry(
        parts.writer.answerer.retriever,
        question_characters=parts.settings.question_characters,
        asks_a_minute=parts.settings.asks_a_minute,
    )
    access = EditorAccess(
        editing=parts.editing,
        tokens=parts.accounts.tokens,
        audit=parts.audit,
        most_bytes=parts.settings.upload_total_mib * 2**20,
    )
    api = build_api(inquiry, answers_by(parts.responder, "api"), rate=parts.responder.rate, access=access)
    site.include_router(api_pages(parts, api))
    site.mount("/api", api)
    if parts.settings.mcp:
        from kb.web.mcp import build_server, serve_on

        site.router.lifespan_context = serve_on(site, build_server(inquiry, answers_by(parts.responder, "mcp")))
    return site


class Guard:
    """Adds the security headers, redirects to the reader's language, and refuses uploads to Gradio, which is open to all [1].

    [1] https://www.gradio.app/guides/file-access
    """

    def __init__(self, site: FastAPI) -> None:
        self._site = site

    def lifespan(self) -> AbstractAsyncContextManager[Any]:
        """The lifespan of the pages, to be entered as long as they are served."""
        return self._site.router.lifespan_context(self._site)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request as ASGI has it."""
        if scope["type"] == "http" and scope["path"] in _CHATS and (redirect := language_redirect(scope)):
            await redirect(scope, receive, send)
            return
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
