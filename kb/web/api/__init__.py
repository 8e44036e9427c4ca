"""The HTTP API: what the pages do, for programs.

/api/v1/…           questions, passages, documents; with a token, what an editor does (docs/api.md)
/api/openapi.json   the same as an OpenAPI schema, from which the page /api is made
"""

from __future__ import annotations

from fastapi import FastAPI

import kb
from kb.web.api.errors import add_error_handlers, too_large
from kb.web.api.open_routes import Rate, open_routes
from kb.web.api.token_routes import EditorAccess, TokenFirst, token_routes
from kb.web.inquiry import Answers, Inquiry
from kb.web.replacement import Replacement
from kb.web.texts import text


def build_api(
    inquiry: Inquiry, answers: Answers, *, rate: Rate | None = None, access: EditorAccess | None = None
) -> FastAPI:
    """The application at /api; without `access` it has no routes that need a token."""
    # Its own documentation pages load scripts from outside.
    api = FastAPI(
        title=text("api_title"),
        description=text("api_purpose"),
        version=kb.__version__,
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    add_error_handlers(api)
    api.add_middleware(Replacement, instead=too_large)
    api.include_router(open_routes(inquiry, answers, rate), prefix="/v1")
    if access is not None:
        api.state.access = access
        api.add_middleware(TokenFirst, access=access)
        api.include_router(token_routes(access), prefix="/v1")
    return api
