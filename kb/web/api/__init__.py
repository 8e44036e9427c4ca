"""The HTTP API: what the pages do, for programs. The door to FastAPI with its rooms.

/api/v1/…           questions, passages, documents; with a token, what an editor does (docs/api.md)
/api/openapi.json   the same as OpenAPI tells it, from which the page /api is made
"""

from __future__ import annotations

from fastapi import FastAPI

import kb
from kb.web.api.errors import TellingTooLarge, answer_troubles
from kb.web.api.open_routes import Rate, reading_routes
from kb.web.api.token_routes import Desk, TokenFirst, writing_routes
from kb.web.inquiry import Answers, Inquiry
from kb.web.texts import text


def build_api(inquiry: Inquiry, answers: Answers, *, rate: Rate | None = None, desk: Desk | None = None) -> FastAPI:
    """The application that stands at /api; what needs a token is there where there is a desk."""
    # Its own documentation pages load scripts from outside.
    api = FastAPI(
        title=text("api_title"),
        description=text("api_purpose"),
        version=kb.__version__,
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    answer_troubles(api)
    api.add_middleware(TellingTooLarge)
    api.include_router(reading_routes(inquiry, answers, rate), prefix="/v1")
    if desk is not None:
        api.state.desk = desk
        api.add_middleware(TokenFirst, desk=desk)
        api.include_router(writing_routes(desk), prefix="/v1")
    return api
