"""Log-in, log-out, the one-time link, and the visitor's own password."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from kb.errors import AccountError, LockedOutError, LoginError
from kb.web.desk.access import COOKIE, SECTIONS, Editor, desk_page, sent_from_here
from kb.web.html import error_text, page
from kb.web.limits import client_address
from kb.web.site_parts import SiteParts

Field = Annotated[str, Form()]
_NOTICES: Final = ("desk_left", "desk_password_set", "desk_expired", "desk_expired_form")


def login_pages(parts: SiteParts) -> APIRouter:
    """The pages of log-in, log-out and passwords."""
    router = APIRouter(include_in_schema=False)
    accounts, audit = parts.accounts, parts.audit

    @router.get("/desk")
    def desk(visitor: Editor) -> Response:
        return RedirectResponse(SECTIONS[0].address, 303)

    @router.get("/desk/login")
    def login(request: Request, next: str = "/desk", notice: str = "") -> Response:
        return _login_page(request, parts, next, notice=notice if notice in _NOTICES else "")

    @router.post("/desk/login")
    def enter(request: Request, name: Field = "", password: Field = "", next: Field = "/desk") -> Response:
        address = client_address(request)
        if not sent_from_here(request):
            return _login_page(request, parts, next, status_code=403, problem="desk_stale_form")
        try:
            secret = accounts.enter(name, password, address)
        except LockedOutError as error:
            refusal = _login_page(request, parts, next, status_code=429, problem=error)
            refusal.headers["retry-after"] = str(error.seconds)
            return refusal
        except LoginError as error:
            audit.note(error.known, "account.fail", address=address)
            if error.locks:
                audit.note(error.known, "account.lock", address=address)
            return _login_page(request, parts, next, status_code=401, problem=error)
        except AccountError as error:
            return _login_page(request, parts, next, status_code=503, problem=error)
        visitor = accounts.sessions.visitor(secret)
        audit.note(visitor[0] if visitor else name, "account.enter", address=address)
        if COOKIE in request.cookies:
            accounts.sessions.end(request.cookies[COOKIE])
        return _with_session(RedirectResponse(local(next), 303), request, secret)

    @router.post("/desk/logout")
    def leave(request: Request, visitor: Editor) -> Response:
        accounts.sessions.end(request.cookies[COOKIE])
        audit.note(visitor.name, "account.leave", address=visitor.address)
        return _without_session("/desk/login?notice=desk_left")

    @router.get("/desk/setup/{secret}")
    def setup(request: Request, secret: str) -> Response:
        return _setup_page(request, parts, secret)

    @router.post("/desk/setup/{secret}")
    def set_up(request: Request, secret: str, name: Field = "", password: Field = "", again: Field = "") -> Response:
        if not sent_from_here(request):
            return _setup_page(request, parts, secret, status_code=403, problem="desk_stale_form")
        if password != again:
            return _setup_page(request, parts, secret, status_code=400, problem="desk_unlike", name=name)
        try:
            first = accounts.linked(secret) == ""
            name = accounts.use_link(secret, password, name)
        except AccountError as error:
            return _setup_page(request, parts, secret, status_code=400, problem=error, name=name)
        audit.note(name, "account.first" if first else "account.reset", name, address=client_address(request))
        return _without_session("/desk/login?notice=desk_password_set")

    @router.get("/desk/password")
    def password_form(request: Request, visitor: Editor) -> Response:
        return desk_page(request, visitor, "desk/password.html", here="password")

    @router.post("/desk/password")
    def change(request: Request, visitor: Editor, old: Field = "", password: Field = "", again: Field = "") -> Response:
        def refuse(status_code: int, problem: str | AccountError) -> Response:
            return desk_page(
                request, visitor, "desk/password.html", here="password", problem=problem, status_code=status_code
            )

        if password != again:
            return refuse(400, "desk_unlike")
        try:
            accounts.change_password(visitor.name, old, password, visitor.address)
        except LoginError as error:
            audit.note(visitor.name, "account.fail", address=visitor.address)
            return refuse(429, error) if isinstance(error, LockedOutError) else refuse(400, "desk_old_wrong")
        except AccountError as error:
            return refuse(400, error)
        audit.note(visitor.name, "account.password", visitor.name, address=visitor.address)
        return _without_session("/desk/login?notice=desk_password_set")

    return router


def no_such_page() -> APIRouter:
    """The last route of the desk: every other address is 404."""
    router = APIRouter(include_in_schema=False)

    @router.get("/desk/{rest:path}")
    def missing(rest: str, visitor: Editor) -> Response:
        raise HTTPException(404)

    return router


def local(address: str) -> str:
    """`address` where it belongs to the desk, else /desk: log-in never leads to another site."""
    if not address.startswith("/desk") or address[5:6] not in {"", "/", "?"} or not address.isprintable():
        return "/desk"
    return "/desk" if "\\" in address or address.startswith(("/desk/login", "/desk/logout")) else address


def _login_page(
    request: Request,
    parts: SiteParts,
    next_address: str,
    *,
    status_code: int = 200,
    problem: str | AccountError = "",
    notice: str = "",
) -> Response:
    return page(
        request,
        "desk/login.html",
        status_code=status_code,
        next=local(next_address),
        problem=error_text(request, problem),
        notice=notice,
        empty=not parts.accounts.all(),
    )


def _setup_page(
    request: Request,
    parts: SiteParts,
    secret: str,
    *,
    status_code: int = 200,
    problem: str | AccountError = "",
    name: str = "",
) -> Response:
    account = parts.accounts.linked(secret)
    if account is None:
        return page(request, "desk/setup.html", status_code=410, account=None, problem="", name="")
    return page(
        request,
        "desk/setup.html",
        status_code=status_code,
        account=account,
        problem=error_text(request, problem),
        name=name,
    )


def _with_session(response: Response, request: Request, secret: str) -> Response:
    response.set_cookie(
        COOKIE, secret, path="/desk", httponly=True, samesite="lax", secure=request.url.scheme == "https"
    )
    return response


def _without_session(address: str) -> Response:
    response = RedirectResponse(address, 303)
    response.delete_cookie(COOKIE, path="/desk", httponly=True, samesite="lax")
    return response
