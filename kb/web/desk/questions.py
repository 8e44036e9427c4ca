"""The questions that were asked: the list, an entry, the unanswered, which can be asked again, counts by day, CSV."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Form, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response, StreamingResponse

from kb.chat.journal import DESK, JournalEntry, JournalFilter
from kb.chat.unanswered import UnansweredQuestions
from kb.web.charts import day_chart
from kb.web.desk.access import Editor, desk_page
from kb.web.html import language_of
from kb.web.site_parts import SiteParts
from kb.web.spreadsheet import csv_lines
from kb.web.texts import text

_ON_A_PAGE: Final = 30
_ASKED_AGAIN: Final = 5  # wordings of a group
_SPANS: Final = (30, 90, 365)  # days
_COLUMNS: Final = (
    "when",
    "question",
    "earlier",
    "status",
    "answer",
    "documents",
    "seconds",
    "channel",
    "rating",
    "reason",
)


def questions_pages(parts: SiteParts) -> APIRouter:
    """The pages of questions."""
    router = APIRouter(include_in_schema=False, prefix="/desk/questions")
    responder, journal = parts.responder, parts.responder.journal
    unanswered = UnansweredQuestions(journal, parts.writer.answerer.retriever)

    @router.get("")
    def list_(
        request: Request, visitor: Editor, show: JournalFilter = JournalFilter.ALL, words: str = "", number: int = 1
    ) -> Response:
        count = journal.count(show, words)
        last = max(-(-count // _ON_A_PAGE), 1)
        number = min(max(number, 1), last)
        return desk_page(
            request,
            visitor,
            "desk/questions.html",
            here="questions",
            tab="list",
            entries=journal.entries(show, words, limit=_ON_A_PAGE, offset=(number - 1) * _ON_A_PAGE),
            shows=list(JournalFilter),
            show=show,
            words=words,
            count=count,
            number=number,
            last=last,
            days=journal.days,
        )

    @router.get("/unanswered")
    def groups(request: Request, visitor: Editor) -> Response:
        return desk_page(
            request,
            visitor,
            "desk/unanswered.html",
            here="questions",
            tab="unanswered",
            groups=unanswered.groups(),
            most=_ASKED_AGAIN,
        )

    @router.post("/again")
    def ask_again(request: Request, visitor: Editor, entry: Annotated[list[str], Form()]) -> Response:
        pairs = []
        for old in _entries(parts, entry[:_ASKED_AGAIN]):
            answer = responder.answer(old.question, old.history, within=old.within, channel=DESK)
            pairs.append(f"{old.token}.{answer.entry}")
            parts.audit.note(visitor.name, "question.again", old.question, address=visitor.address)
        return RedirectResponse("/desk/questions/again?" + "&".join(f"pair={pair}" for pair in pairs), 303)

    @router.get("/again")
    def compare(request: Request, visitor: Editor, pair: Annotated[list[str], Query()]) -> Response:
        pairs = [_entries(parts, tokens.split(".")) for tokens in pair[:_ASKED_AGAIN]]
        return desk_page(request, visitor, "desk/asked_again.html", here="questions", tab="unanswered", pairs=pairs)

    @router.get("/pictures")
    def by_day(request: Request, visitor: Editor, days: int = _SPANS[0]) -> Response:
        span = days if days in _SPANS else _SPANS[0]
        days_asked = journal.by_day(span)
        return desk_page(
            request,
            visitor,
            "desk/question_days.html",
            here="questions",
            tab="pictures",
            chart=day_chart(days_asked, language_of(request)),
            by_day=[day for day in reversed(days_asked) if day.asked],
            asked=sum(day.asked for day in days_asked),
            answered=sum(day.answered for day in days_asked),
            slowest=journal.slowest(span),
            spans=_SPANS,
            span=span,
        )

    @router.get("/export.csv")
    def export(request: Request, visitor: Editor, show: JournalFilter = JournalFilter.ALL, words: str = "") -> Response:
        parts.audit.note(visitor.name, "question.export", words, show.value, address=visitor.address)
        language = language_of(request)
        head = [text(f"questions_column_{name}", language) for name in _COLUMNS]
        rows = (_row(entry) for entry in journal.each(show, words))
        return StreamingResponse(
            csv_lines(line for part in ([head], rows) for line in part),
            media_type="text/csv; charset=utf-8",
            headers={"content-disposition": 'attachment; filename="questions.csv"'},
        )

    @router.get("/{entry}")
    def entry_page(request: Request, visitor: Editor, entry: str) -> Response:
        [found] = _entries(parts, [entry])
        pin = responder.pins.for_question(found.question)
        return desk_page(request, visitor, "desk/question.html", here="questions", tab="list", entry=found, pin=pin)

    return router


def _entries(parts: SiteParts, tokens: Sequence[str]) -> list[JournalEntry]:
    """The entries with these public ids. Raises HTTPException (404) where one is not kept."""
    found = [parts.responder.journal.entry(token) for token in tokens]
    kept = [entry for entry in found if entry is not None]
    if len(kept) < max(len(tokens), 1):
        raise HTTPException(404)
    return kept


def _row(entry: JournalEntry) -> tuple[object, ...]:
    return (
        entry.asked_at.astimezone().strftime("%Y-%m-%d %H:%M:%S"),
        entry.question,
        "\n".join(entry.history),
        entry.status.value,
        entry.text,
        "\n".join(dict.fromkeys(quote.name for quote in entry.quotes)),
        entry.seconds,
        entry.channel,
        {True: "good", False: "bad", None: ""}[entry.good],
        entry.reason,
    )
