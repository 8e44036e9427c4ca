"""Pinned answers: the list with what is in force, and the form by which one is made, changed or removed."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from kb.chat.journal import JournalEntry
from kb.chat.marked_text import renumbered
from kb.chat.pins import Draft, GivenQuote, Pin
from kb.chat.pins.drafts import LONGEST_TEXT, MOST_QUOTES
from kb.errors import PinError
from kb.web.desk.access import Editor, Visitor, desk_page
from kb.web.site_parts import SiteParts

Text = Annotated[str, Form()]
Texts = Annotated[list[str], Form()]
_SPARE_ROWS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteRow:
    """One quote as it stands in the form."""

    document: str = ""  # its id, and its title for the eye
    words: str = ""
    start: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.document.strip() and not self.words.strip()


def pins_pages(parts: SiteParts) -> APIRouter:
    """The pages about pinned answers."""
    router = APIRouter(include_in_schema=False, prefix="/desk/pins")
    pins, journal = parts.responder.pins, parts.responder.journal
    retriever = parts.writer.answerer.retriever

    def form(
        request: Request,
        visitor: Visitor,
        *,
        pin: Pin | None,
        wordings: str,
        text: str,
        rows: Sequence[QuoteRow],
        problem: PinError | None = None,
    ) -> Response:
        kept = _without_end(rows)
        spare = [QuoteRow()] * min(_SPARE_ROWS, MOST_QUOTES - len(kept))
        documents = sorted(retriever.gazetteer().documents.values(), key=lambda document: document.metadata.title)
        return desk_page(
            request,
            visitor,
            "desk/pin.html",
            here="pins",
            problem=problem,
            pin=pin,
            reasons=pins.out_of_force(pin, retriever) if pin else (),
            wordings=wordings,
            answer=text,
            rows=[*kept, *spare],
            documents=[(f"{document.id} {document.metadata.title}", document.name) for document in documents],
            longest=LONGEST_TEXT,
        )

    def save(
        request: Request, visitor: Visitor, pin: Pin | None, wordings: str, text: str, rows: list[QuoteRow]
    ) -> Response:
        draft = Draft(
            wordings=tuple(filter(str.strip, wordings.splitlines())),
            text=text,
            quotes=tuple(map(_given, _without_end(rows))),
        )
        try:
            saved = pins.save(draft, by=visitor.name, retriever=retriever, pin=pin.id if pin else None)
        except PinError as error:
            return form(request, visitor, pin=pin, wordings=wordings, text=text, rows=rows, problem=error)
        act = "pin.change" if pin else "pin.create"
        parts.audit.note(visitor.name, act, saved.wordings[0], saved.text, address=visitor.address)
        return RedirectResponse("/desk/pins", 303)

    @router.get("")
    def list_(request: Request, visitor: Editor) -> Response:
        shown = [(pin, pins.out_of_force(pin, retriever)) for pin in pins.pins()]
        fallen = [(pin, reasons) for pin, reasons in shown if reasons]
        standing = [(pin, reasons) for pin, reasons in shown if not reasons]
        return desk_page(request, visitor, "desk/pins.html", here="pins", fallen=fallen, standing=standing)

    @router.get("/new")
    def new(request: Request, visitor: Editor, entry: str = "") -> Response:
        found = journal.entry(entry) if entry else None
        if entry and found is None:
            raise HTTPException(404)
        prefilled = _of_entry(found) if found else {"wordings": "", "text": "", "rows": ()}
        return form(request, visitor, pin=None, **prefilled)

    @router.post("/new")
    def create(
        request: Request, visitor: Editor, wordings: Text = "", text: Text = "",
        document: Texts = [], words: Texts = [], start: Texts = [],  # noqa: B006
    ) -> Response:  # fmt: skip
        return save(request, visitor, None, wordings, text, _rows(document, words, start))

    @router.get("/{number}")
    def show(request: Request, visitor: Editor, number: int) -> Response:
        pin = _pin(parts, number)
        rows = [
            QuoteRow(document=f"{quote.document} {quote.title}", words=quote.quote, start=str(quote.start))
            for quote in pin.quotes
        ]
        return form(request, visitor, pin=pin, wordings="\n".join(pin.wordings), text=pin.text, rows=rows)

    @router.post("/{number}")
    def change(
        request: Request, visitor: Editor, number: int, wordings: Text = "", text: Text = "",
        document: Texts = [], words: Texts = [], start: Texts = [],  # noqa: B006
    ) -> Response:  # fmt: skip
        return save(request, visitor, _pin(parts, number), wordings, text, _rows(document, words, start))

    @router.post("/{number}/remove")
    def remove(request: Request, visitor: Editor, number: int) -> Response:
        pin = _pin(parts, number)
        pins.remove(number)
        parts.audit.note(visitor.name, "pin.remove", pin.wordings[0], pin.text, address=visitor.address)
        return RedirectResponse("/desk/pins", 303)

    return router


def _pin(parts: SiteParts, number: int) -> Pin:
    try:
        return parts.responder.pins.pin(number)
    except PinError:
        raise HTTPException(404) from None


def _of_entry(entry: JournalEntry) -> dict[str, Any]:
    """What the form begins with: the entry's answer, with a mark for each of its quotes."""
    numbers: dict[int, list[int]] = {}
    for number, quote in enumerate(entry.quotes, start=1):
        numbers.setdefault(quote.marker, []).append(number)
    return {
        "wordings": entry.question,
        "text": renumbered(entry.text, numbers) if entry.quotes else "",
        "rows": [
            QuoteRow(document=f"{quote.document} {quote.title}", words=quote.quote, start=str(quote.start))
            for quote in entry.quotes[:MOST_QUOTES]
        ],
    }


def _rows(documents: Sequence[str], words: Sequence[str], starts: Sequence[str]) -> list[QuoteRow]:
    if not len(documents) == len(words) == len(starts):
        raise HTTPException(400)
    return [
        QuoteRow(document=document, words=quote, start=start)
        for document, quote, start in zip(documents, words, starts, strict=True)
    ]


def _without_end(rows: Sequence[QuoteRow]) -> list[QuoteRow]:
    """The rows to the last that is not empty: one between would move the numbers of those behind it."""
    filled = [number for number, row in enumerate(rows, start=1) if not row.is_empty]
    return list(rows[: max(filled, default=0)])


def _given(row: QuoteRow) -> GivenQuote:
    digits = "".join(itertools.takewhile(str.isdecimal, row.document.strip()))
    start = int(row.start) if row.start.isascii() and row.start.isdigit() and len(row.start) < 16 else None
    return GivenQuote(document=int(digits) if digits and len(digits) < 16 else 0, words=row.words, start=start)
