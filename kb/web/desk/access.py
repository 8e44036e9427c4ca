"""The door of the desk: who comes in, what they may do, and whether a form is their own.

A page asks for `Editor` or `Admin` as the type of an argument; that is all it takes. Of what is sent (POST) the door also
asks for the session's token, in the hidden field `token` of the form or in the header `x-desk-token` of a script, and
that the browser sent it from a page of ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final, cast
from urllib.parse import quote, urlencode, urlsplit

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from kb.admin.accounts.roles import Role
from kb.admin.accounts.secret import form_secret, same
from kb.web.html import language_of, page
from kb.web.site_parts import SiteParts
from kb.web.texts import text

COOKIE: Final = "wenzheng-desk"
TOKEN_HEADER: Final = "x-desk-token"  # noqa: S105
_READING: Final = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who is at the desk, and from where; `token` is what each of their forms carries."""

    name: str
    role: Role
    token: str
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A page of the desk as the frame names it: its text is `desk_` and the name."""

    name: str
    role: Role

    @property
    def address(self) -> str:
        return f"/desk/{self.name}"


SECTIONS: Final = (
    Section(name="documents", role=Role.EDITOR),
    Section(name="synchronise", role=Role.EDITOR),
    Section(name="questions", role=Role.EDITOR),
    Section(name="pins", role=Role.EDITOR),
    Section(name="quality", role=Role.EDITOR),
    Section(name="health", role=Role.EDITOR),
    Section(name="people", role=Role.ADMIN),
    Section(name="tokens", role=Role.ADMIN),
    Section(name="audit", role=Role.ADMIN),
    Section(name="settings", role=Role.ADMIN),
)


class TurnedAway(Exception):  # noqa: N818 - it is no error
    """The visitor is turned away; what they get instead is in it."""

    def __init__(self, response: Response) -> None:
        super().__init__(f"turned away with {response.status_code}")
        self.response = response


async def turned(request: Request, away: Exception) -> Response:
    """Answer with what is in it."""
    return cast(TurnedAway, away).response


async def editor(request: Request) -> Visitor:
    """The visitor, who may do what an editor may; else they are turned away."""
    return await _let_in(request, Role.EDITOR)


async def admin(request: Request) -> Visitor:
    """The visitor, who may do what an admin may; else they are turned away."""
    return await _let_in(request, Role.ADMIN)


Editor = Annotated[Visitor, Depends(editor)]
Admin = Annotated[Visitor, Depends(admin)]


async def visitor_of(parts: SiteParts, connection: HTTPConnection) -> Visitor | None:
    """Who sends a request; None where nobody's session is alive."""
    secret = connection.cookies.get(COOKIE)
    found = await run_in_threadpool(parts.accounts.sessions.visitor, secret) if secret else None
    if not secret or not found:
        return None
    name, role = found
    return Visitor(name=name, role=role, token=form_secret(secret), address=address_of(connection))


def address_of(connection: HTTPConnection) -> str:
    """The address that a request comes from; behind a proxy that is trusted, the one it tells."""
    return connection.client.host if connection.client else ""


def sent_from_here(request: Request) -> bool:
    """Whether a form was sent from a page of ours, as far as the browser tells; all that are in use do."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site not in {None, "same-origin", "none"}:
        return False
    return origin is None or urlsplit(origin).netloc.casefold() == request.headers.get("host", "").casefold()


def is_script(request: Request) -> bool:
    """Whether a script of a page sent it, which wants JSON."""
    return request.headers.get("accept", "").startswith("application/json")


def desk_page(
    request: Request,
    visitor: Visitor,
    template: str,
    *,
    here: str = "",
    status_code: int = 200,
    **values: Any,
) -> HTMLResponse:
    """A page in the frame of the desk; `here` names the room that it is in."""
    rooms = [room for room in SECTIONS if visitor.role.covers(room.role)]
    return page(request, template, status_code=status_code, visitor=visitor, rooms=rooms, here=here, **values)


async def _let_in(request: Request, role: Role) -> Visitor:
    visitor = await visitor_of(request.app.state.parts, request)
    reading = request.method in _READING
    if visitor is None:
        raise TurnedAway(_to_login(request, reading))
    if not reading and not (sent_from_here(request) and await _is_own_form(request, visitor)):
        raise TurnedAway(desk_page(request, visitor, "desk/denied.html", status_code=403, why="desk_stale_form"))
    if not visitor.role.covers(role):
        raise TurnedAway(desk_page(request, visitor, "desk/denied.html", status_code=403, why="desk_role_too_low"))
    return visitor


def _to_login(request: Request, reading: bool) -> Response:
    """The way to the log-in, and from there to where one wanted to go, or to the page whose form is not taken.

    A script that sent something is told so instead.
    """
    if not reading and is_script(request):
        return JSONResponse({"problem": text("desk_login_first", language_of(request))}, status_code=401)
    wanted = urlsplit(str(request.url) if reading else request.headers.get("referer", ""))
    if wanted.netloc.casefold() != request.headers.get("host", "").casefold():
        wanted = urlsplit("/desk")
    asked = {"next": wanted.path + (f"?{wanted.query}" if wanted.query else "")}
    if COOKIE in request.cookies:
        asked["notice"] = "desk_expired" if reading else "desk_expired_form"
    return RedirectResponse(f"/desk/login?{urlencode(asked, quote_via=quote, safe='')}", 303)


async def _is_own_form(request: Request, visitor: Visitor) -> bool:
    given: object = request.headers.get(TOKEN_HEADER)
    if given is None:  # what a script sends may be a stream, which is left to the page
        given = (await request.form()).get("token")
    return isinstance(given, str) and same(given, visitor.token)
