"""People: who has an account, in which role, and the links by which they set their passwords."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from kb.admin.accounts import LINK_HOURS
from kb.admin.accounts.roles import Role
from kb.errors import AccountError
from kb.web.desk.access import Admin, Visitor, desk_page
from kb.web.site_parts import SiteParts

Field = Annotated[str, Form()]
_NOTICES: Final = ("people_changed", "people_removed")


def people_pages(parts: SiteParts) -> APIRouter:
    """The list of people, and what an admin does with it."""
    router = APIRouter(include_in_schema=False)
    accounts, audit = parts.accounts, parts.audit

    @router.get("/desk/people")
    def people(request: Request, visitor: Admin, notice: str = "") -> Response:
        return _page(request, visitor, parts, notice=notice if notice in _NOTICES else "")

    @router.post("/desk/people")
    def add(
        request: Request, visitor: Admin, name: Field = "", role: Annotated[Role, Form()] = Role.EDITOR
    ) -> Response:
        try:
            name = accounts.create(name, role)
            link = accounts.reset_link(name)
        except AccountError as error:
            return _page(request, visitor, parts, problem=error, typed=name)
        audit.note(visitor.name, "account.create", name, role, address=visitor.address)
        return _page(request, visitor, parts, link=link, linked=name)

    @router.post("/desk/people/link")
    def link(request: Request, visitor: Admin, name: Field = "") -> Response:
        try:
            made = accounts.reset_link(name)
        except AccountError as error:
            return _page(request, visitor, parts, problem=error)
        audit.note(visitor.name, "account.link", name, address=visitor.address)
        return _page(request, visitor, parts, link=made, linked=name)

    @router.post("/desk/people/role")
    def role(
        request: Request, visitor: Admin, role: Annotated[Role, Form()] = Role.EDITOR, name: Field = ""
    ) -> Response:
        return change(request, visitor, name, lambda: accounts.set_role(name, role), "account.role", role)

    @router.post("/desk/people/active")
    def active(request: Request, visitor: Admin, active: Annotated[bool, Form()] = True, name: Field = "") -> Response:
        act = "account.enable" if active else "account.disable"
        return change(request, visitor, name, lambda: accounts.set_active(name, active), act)

    @router.post("/desk/people/remove")
    def remove(request: Request, visitor: Admin, name: Field = "", sure: Annotated[bool, Form()] = False) -> Response:
        if not sure:
            return _page(request, visitor, parts, problem="people_unsure")
        return change(request, visitor, name, lambda: accounts.remove(name), "account.remove", notice="people_removed")

    def change(
        request: Request,
        visitor: Visitor,
        name: str,
        changing: Callable[[], object],
        act: str,
        detail: str = "",
        *,
        notice: str = "people_changed",
    ) -> Response:
        try:
            changing()
        except AccountError as error:
            return _page(request, visitor, parts, problem=error)
        audit.note(visitor.name, act, name, detail, address=visitor.address)
        return RedirectResponse(f"/desk/people?notice={notice}", 303)

    return router


def _page(
    request: Request,
    visitor: Visitor,
    parts: SiteParts,
    *,
    problem: str | AccountError = "",
    notice: str = "",
    typed: str = "",
    link: str = "",
    linked: str = "",
) -> Response:
    return desk_page(
        request,
        visitor,
        "desk/people.html",
        here="people",
        problem=problem,
        people=parts.accounts.all(),
        roles=list(Role),
        notice=notice,
        typed=typed,
        link=f"{request.base_url}desk/setup/{link}" if link else "",
        linked=linked,
        hours=LINK_HOURS,
    )
