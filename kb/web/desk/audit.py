"""The audit log as a page: found by who, what and when, and exported; nothing can be changed here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response, StreamingResponse

from kb.admin.accounts.roles import Role
from kb.admin.audit import AuditFilter
from kb.web.desk.access import Admin, desk_page
from kb.web.html import language_of, moment
from kb.web.site_parts import SiteParts
from kb.web.spreadsheet import csv_lines
from kb.web.texts import Language, is_text, text

_A_PAGE: Final = 50  # lines
_COLUMNS: Final = ("moment", "who", "act", "about", "detail", "address")


def _asked(who: str = "", act: str = "", words: str = "", since: str = "", until: str = "") -> dict[str, str]:
    """What the form of the page asks for."""
    return {"who": who, "act": act, "words": words.strip(), "since": since, "until": until}


Asked = Annotated[dict[str, str], Depends(_asked)]


def audit_pages(parts: SiteParts) -> APIRouter:
    """The log, a page at a time, and as one file."""
    router = APIRouter(include_in_schema=False)
    audit = parts.audit

    @router.get("/desk/audit")
    def log(
        request: Request, visitor: Admin, asked: Asked, page: Annotated[int, Query(ge=1, le=1_000_000)] = 1
    ) -> Response:
        sought = _sought(asked)
        count = audit.count(sought)
        given = {name: value for name, value in asked.items() if value}
        return desk_page(
            request,
            visitor,
            "desk/audit.html",
            here="audit",
            lines=audit.lines(sought, skip=(page - 1) * _A_PAGE, limit=_A_PAGE),
            count=count,
            asked=asked,
            people=audit.people(),
            acts=audit.acts(),
            act_name=partial(act_name, language=language_of(request)),
            detail_of=partial(detail_of, language=language_of(request)),
            number=page,
            num_pages=max(1, -(-count // _A_PAGE)),
            address_of=lambda number: "?" + urlencode({**given, "page": number}),
            export="/desk/audit.csv?" + urlencode(given),
        )

    @router.get("/desk/audit.csv")
    def export(request: Request, visitor: Admin, asked: Asked) -> Response:
        language = language_of(request)
        audit.note(visitor.name, "audit.export", address=visitor.address)

        def rows() -> Iterator[Sequence[object]]:
            yield [text(f"audit_{column}", language) for column in _COLUMNS]
            for line in audit.every(_sought(asked)):
                yield (
                    moment(line.moment),
                    line.who,
                    act_name(line.act, language),
                    line.about,
                    detail_of(line.detail, language),
                    line.address,
                )

        return StreamingResponse(
            csv_lines(rows()),
            media_type="text/csv; charset=utf-8",
            headers={"content-disposition": 'attachment; filename="wenzheng-audit.csv"'},
        )

    return router


def act_name(act: str, language: Language) -> str:
    """An act as the page names it: `account.create` by the text `act_account_create`."""
    name = f"act_{act.replace('.', '_')}"
    return text(name, language) if is_text(name) else act


def detail_of(detail: str, language: Language) -> str:
    """What is noted beside an act as the page names it: a role by its name."""
    return text(f"desk_role_{detail}", language) if detail in set(Role) else detail


def _sought(asked: dict[str, str]) -> AuditFilter:
    return AuditFilter(
        who=asked["who"],
        act=asked["act"],
        words=asked["words"],
        since=_midnight(asked["since"], 0),
        until=_midnight(asked["until"], 1),
    )


def _midnight(day: str, later: int) -> float | None:
    """When a day, or the one `later`, begins by the server's clock; None for what is no day."""
    try:
        begins = datetime.combine(date.fromisoformat(day) + timedelta(days=later), time()).astimezone()
    except (ValueError, OverflowError):
        return None
    return begins.timestamp()
