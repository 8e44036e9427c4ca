"""API tokens: programs that may write, made and revoked by an admin."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from kb.admin.accounts.roles import Role
from kb.errors import AccountError
from kb.web.desk.access import Admin, Visitor, desk_page
from kb.web.site_parts import SiteParts

_DAYS: Final = (30, 90, 365, 0)  # 0 for a token that does not expire


def tokens_pages(parts: SiteParts) -> APIRouter:
    """The list of tokens, and what an admin does with it."""
    router = APIRouter(include_in_schema=False)
    tokens, audit = parts.accounts.tokens, parts.audit

    @router.get("/desk/tokens")
    def all_tokens(request: Request, visitor: Admin, notice: str = "") -> Response:
        return _page(request, visitor, parts, notice=notice if notice == "tokens_revoked" else "")

    @router.post("/desk/tokens")
    def create(
        request: Request,
        visitor: Admin,
        label: Annotated[str, Form()] = "",
        role: Annotated[Role, Form()] = Role.EDITOR,
        days: Annotated[int, Form()] = _DAYS[1],
    ) -> Response:
        if days not in _DAYS:
            raise HTTPException(400)
        try:
            secret = tokens.create(visitor.name, label, role, days=days or None)
        except AccountError as error:
            return _page(request, visitor, parts, problem=error, typed=label)
        audit.note(visitor.name, "token.create", label, role, address=visitor.address)
        return _page(request, visitor, parts, secret=secret)

    @router.post("/desk/tokens/revoke")
    def revoke(visitor: Admin, id: Annotated[int, Form()] = 0) -> Response:
        token = tokens.revoke(id)
        if token is not None:
            audit.note(visitor.name, "token.revoke", token.label, token.name, address=visitor.address)
        return RedirectResponse("/desk/tokens?notice=tokens_revoked", 303)

    return router


def _page(
    request: Request,
    visitor: Visitor,
    parts: SiteParts,
    *,
    problem: AccountError | None = None,
    notice: str = "",
    typed: str = "",
    secret: str = "",
) -> Response:
    return desk_page(
        request,
        visitor,
        "desk/tokens.html",
        here="tokens",
        problem=problem,
        tokens=parts.accounts.tokens.all(),
        roles=list(Role),
        choices=_DAYS,
        notice=notice,
        typed=typed,
        secret=secret,
    )
