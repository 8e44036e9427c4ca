"""Access to the desk: the visitor of a request, their role, and whether a form was sent by themselves.

A page takes an argument of the type `Editor` or `Admin`; nothing else is needed. A POST must also carry the session's
token, in the hidden field `token` of the form or in the header `x-desk-token` of a script, and come from a page of ours.
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
from kb.errors import WenzhengError
from kb.web.html import error_text, language_of, page
from kb.web.limits import client_address
from kb.web.site_parts import SiteParts
from kb.web.texts import text

COOKIE: Final = "wenzheng-desk"
TOKEN_HEADER: Final = "x-desk-token"  # noqa: S105
_READING: Final = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who uses the desk, and from which address; `token` is carried by each of their forms."""

    name: str
    role: Role
    token: str
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSection:
    """A section of the desk as its navigation shows it: the label is the text `desk_` and the name."""

    name: str
    role: Role

    @property
    def address(self) -> str:
        return f"/desk/{self.name}"


SECTIONS: Final = (
    DeskSection(name="documents", role=Role.EDITOR),
    DeskSection(name="synchronise", role=Role.EDITOR),
    DeskSection(name="questions", role=Role.EDITOR),
    DeskSection(name="pins", role=Role.EDITOR),
    DeskSection(name="quality", role=Role.EDITOR),
    DeskSection(name="health", role=Role.EDITOR),
    DeskSection(name="people", role=Role.ADMIN),
    DeskSection(name="tokens", role=Role.ADMIN),
    DeskSection(name="audit", role=Role.ADMIN),
    DeskSection(name="settings", role=Role.ADMIN),
)


class Refused(Exception):  # noqa: N818 - it carries a response and is no failure
    """A request is refused with the response in it: a redirect to the log-in, or a page that says why."""

    def __init__(self, response: Response) -> None:
        super().__init__(f"refused with {response.status_code}")
        self.response = response


async def refusal(request: Request, refused: Exception) -> Response:
    """The response of a `Refused`."""
    return cast(Refused, refused).response


async def editor(request: Request) -> Visitor:
    """The visitor, who has at least the role of an editor. Raises Refused."""
    return await _visitor_in_role(request, Role.EDITOR)


async def admin(request: Request) -> Visitor:
    """The visitor, who has the role of an admin. Raises Refused."""
    return await _visitor_in_role(request, Role.ADMIN)


Editor = Annotated[Visitor, Depends(editor)]
Admin = Annotated[Visitor, Depends(admin)]


async def visitor_of(parts: SiteParts, connection: HTTPConnection) -> Visitor | None:
    """Who sends a request; None without a session that is alive."""
    secret = connection.cookies.get(COOKIE)
    found = await run_in_threadpool(parts.accounts.sessions.visitor, secret) if secret else None
    if not secret or not found:
        return None
    name, role = found
    return Visitor(name=name, role=role, token=form_secret(secret), address=client_address(connection))


def sent_from_here(request: Request) -> bool:
    """Whether a form was sent from a page of ours, by the headers that every current browser sends."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site not in {None, "same-origin", "none"}:
        return False
    return origin is None or urlsplit(origin).netloc.casefold() == request.headers.get("host", "").casefold()


def is_script(request: Request) -> bool:
    """Whether a script of a page sent the request, which expects JSON."""
    return request.headers.get("accept", "").startswith("application/json")


def desk_page(
    request: Request,
    visitor: Visitor,
    template: str,
    *,
    here: str = "",
    problem: str | WenzhengError | None = None,
    status_code: int | None = None,
    **values: Any,
) -> HTMLResponse:
    """A page in the frame of the desk; `here` names its section.

    `problem`, a name of the texts or an error, is shown on the page; its status is 400 then, if no other is given.
    """
    sections = [section for section in SECTIONS if visitor.role.covers(section.role)]
    return page(
        request,
        template,
        status_code=status_code or (400 if problem else 200),
        visitor=visitor,
        sections=sections,
        here=here,
        problem=error_text(request, problem),
        **values,
    )


async def _visitor_in_role(request: Request, role: Role) -> Visitor:
    visitor = await visitor_of(request.app.state.parts, request)
    reading = request.method in _READING
    if visitor is None:
        raise Refused(_to_login(request, reading))
    if not reading and not (sent_from_here(request) and await _is_own_form(request, visitor)):
        raise Refused(desk_page(request, visitor, "desk/denied.html", status_code=403, problem="desk_stale_form"))
    if not visitor.role.covers(role):
        raise Refused(desk_page(request, visitor, "desk/denied.html", status_code=403, problem="desk_role_too_low"))
    return visitor


def _to_login(request: Request, reading: bool) -> Response:
    """A redirect to the log-in, and from there to the page that was asked for, or whose form was sent.

    A script gets 401 as JSON.
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
    if given is None:  # the body of a script may be a stream, which is left to the page
        given = (await request.form()).get("token")
    return isinstance(given, str) and same(given, visitor.token)
