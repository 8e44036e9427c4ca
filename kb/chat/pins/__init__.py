"""Answers that editors pin to questions. A pin is given instead of a found answer, and only for the same question.

A pin is made of a text, quotes that stand in documents, and one or more wordings. It is in force while all that it
quotes stands: a document that is withdrawn, superseded or removed takes the pin out of force, and coming back puts it
in again.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.chat.marked_text import lines_of
from kb.chat.pins.drafts import Draft, GivenQuote, PinnedQuote, located
from kb.chinese.normalise import phrasing
from kb.errors import CatalogueError, PinError
from kb.search.retriever import Retriever
from kb.storage.sqlite import LateStore
from kb.storage.timestamps import timestamp
from kb.types import Answer, Citation, Document, Ending, Evidence, Hit, Passage, Status, Within

__all__ = ["Draft", "GivenQuote", "Pin", "PinnedQuote", "Pins"]

_VERSION = 1
_TABLES = """
CREATE TABLE pins (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    text TEXT NOT NULL,
    changed_by TEXT NOT NULL,
    changed_at TEXT NOT NULL
);
CREATE TABLE wordings (
    pin INTEGER NOT NULL REFERENCES pins (id) ON DELETE CASCADE,
    wording TEXT NOT NULL,
    phrasing TEXT NOT NULL UNIQUE
);
CREATE INDEX wordings_of_pin ON wordings (pin);
CREATE TABLE quotes (
    pin INTEGER NOT NULL REFERENCES pins (id) ON DELETE CASCADE,
    document INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    title TEXT NOT NULL,
    "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    quote TEXT NOT NULL
);
CREATE INDEX quotes_of_pin ON quotes (pin);
"""
_ENDINGS = {
    Ending.WITHDRAWN: "已撤回",
    Ending.SUPERSEDED: "已被新版取代",
    Ending.REMOVED: "已从库中移除",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """An answer that an editor has pinned."""

    id: int
    wordings: tuple[str, ...]
    text: str  # with a mark for each of the quotes, by their number from 1
    quotes: tuple[PinnedQuote, ...]
    changed_by: str
    changed_at: datetime.datetime

    @property
    def note(self) -> str:
        """What readers see below it."""
        day = self.changed_at.astimezone()
        return f"本回答由工作人员于{day.year}年{day.month}月{day.day}日核定。"


class Pins:
    """The pins in one file. Threads may share it. What asks or writes raises StoreError where the file is broken."""

    def __init__(self, path: Path, *, now: Callable[[], datetime.datetime] | None = None) -> None:
        """Keep pins in the file at `path`, which is opened when it is first needed."""
        self.path = path
        self._now = now or (lambda: datetime.datetime.now(datetime.UTC))
        self._store = LateStore(path, tables=_TABLES, version=_VERSION)

    def close(self) -> None:
        """Close the file; it is opened again where it is needed."""
        self._store.close()

    # What editors do ------------------------------------------------------------------------------------------

    def save(self, draft: Draft, *, by: str, retriever: Retriever, pin: int | None = None) -> Pin:
        """Pin what `draft` says, in the place of the pin with the id `pin` if one is given.

        Raises PinError, with the reason, where a quote does not stand in its document, a figure in no quote, or a
        wording is pinned already.
        """
        quotes = retriever.on_one_snapshot(lambda: located(draft, retriever.gazetteer(), retriever.catalogue))
        wordings = {phrasing(wording): wording.strip() for wording in draft.wordings}
        text = "\n".join(filter(None, map(str.strip, draft.text.splitlines())))
        with self._store.write() as connection:
            moment = timestamp(self._now())
            if pin is None:
                inserted = connection.execute(
                    "INSERT INTO pins (text, changed_by, changed_at) VALUES (?, ?, ?)", (text, by, moment)
                )
                pin = int(inserted.lastrowid or 0)
            elif not connection.execute(
                "UPDATE pins SET text = ?, changed_by = ?, changed_at = ? WHERE id = ?", (text, by, moment, pin)
            ).rowcount:
                raise PinError(
                    "这条核定的回答已被删除；请重新建立。", english="This pinned answer was removed; pin it anew."
                )
            connection.execute("DELETE FROM wordings WHERE pin = ?", (pin,))
            connection.execute("DELETE FROM quotes WHERE pin = ?", (pin,))
            for key, wording in wordings.items():
                if connection.execute("SELECT 1 FROM wordings WHERE phrasing = ?", (key,)).fetchone():
                    raise PinError(
                        f"“{wording}”已有核定的回答；请去修改那一条，或去掉这种问法。",
                        english=f"“{wording}” has a pinned answer already; change that one, or leave this wording out.",
                    )
                connection.execute("INSERT INTO wordings VALUES (?, ?, ?)", (pin, wording, key))
            connection.executemany(
                "INSERT INTO quotes VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    (pin, quote.document, quote.sha256, quote.title, quote.start, quote.end, quote.quote)
                    for quote in quotes
                ],
            )
        return self.pin(pin)

    def remove(self, pin: int) -> None:
        """Let a pin go."""
        with self._store.write() as connection:
            connection.execute("DELETE FROM pins WHERE id = ?", (pin,))

    def pin(self, pin: int) -> Pin:
        """The pin with this id. Raises PinError where there is none."""
        found = self._pins("WHERE id = ?", pin)
        if not found:
            raise PinError(
                "没有这条核定的回答；它可能已被删除。",
                english="There is no such pinned answer; it may have been removed.",
            )
        return found[0]

    def pins(self) -> list[Pin]:
        """All pins, changed last first."""
        return self._pins("ORDER BY changed_at DESC, id DESC")

    def out_of_force(self, pin: Pin, retriever: Retriever) -> tuple[str, ...]:
        """Why a pin is not in force: for each quote that does not stand any more, a sentence; none while it is."""
        return retriever.on_one_snapshot(
            lambda: tuple(
                dict.fromkeys(_reason(quote, retriever) for quote in pin.quotes if not _standing(quote, retriever))
            )
        )

    # What readers get -----------------------------------------------------------------------------------------

    def for_question(self, question: str) -> Pin | None:
        """The pin for this question, in force or not."""
        row = self._store.row("SELECT pin FROM wordings WHERE phrasing = ?", phrasing(question))
        return self.pin(row[0]) if row else None

    def answer(self, question: str, *, retriever: Retriever, within: Within | None = None) -> Answer | None:
        """The answer that is pinned to `question`; None where none is, or none that stands `within` what is chosen."""
        started = time.perf_counter()
        pin = self.for_question(question)
        if pin is None:
            return None
        return retriever.on_one_snapshot(lambda: _answer(pin, retriever, within, started))

    # Underneath -----------------------------------------------------------------------------------------------

    def _pins(self, condition: str, *values: Any) -> list[Pin]:
        return [
            Pin(
                id=id_,
                wordings=tuple(
                    wording
                    for (wording,) in self._store.rows("SELECT wording FROM wordings WHERE pin = ? ORDER BY rowid", id_)
                ),
                text=text,
                quotes=tuple(
                    PinnedQuote(document=document, sha256=sha256, title=title, start=start, end=end, quote=quote)
                    for document, sha256, title, start, end, quote in self._store.rows(
                        'SELECT document, sha256, title, "start", "end", quote FROM quotes WHERE pin = ? ORDER BY rowid',
                        id_,
                    )
                ),
                changed_by=changed_by,
                changed_at=datetime.datetime.fromisoformat(changed_at),
            )
            for id_, text, changed_by, changed_at in self._store.rows(
                f"SELECT id, text, changed_by, changed_at FROM pins {condition}", *values
            )
        ]


def _standing(quote: PinnedQuote, retriever: Retriever) -> tuple[Document, int] | None:
    """The document that is answered from now and holds the quote, and where; a file that was read anew has another id."""
    documents = retriever.gazetteer().documents
    same = [document for document in documents.values() if document.sha256 == quote.sha256]
    for document in sorted(same, key=lambda document: document.id != quote.document):
        text = retriever.catalogue.text(document.id)
        at_start = text[quote.start : quote.end] == quote.quote
        start = quote.start if at_start else text.find(quote.quote)
        if start >= 0:
            return document, start
    return None


def _reason(quote: PinnedQuote, retriever: Retriever) -> str:
    try:
        document = retriever.catalogue.document(quote.document)
    except CatalogueError:
        return f"《{quote.title}》{_ENDINGS[Ending.REMOVED]}。"
    if document.sha256 != quote.sha256:
        return f"《{quote.title}》{_ENDINGS[Ending.REMOVED]}。"
    ending = _ENDINGS[document.ended_by] if document.ended_by else "中已没有所引的字句"
    return f"《{quote.title}》{ending}。"


def _answer(pin: Pin, retriever: Retriever, within: Within | None, started: float) -> Answer | None:
    citations: list[Citation] = []
    hits: dict[int, Hit] = {}
    for quote in pin.quotes:
        standing = _standing(quote, retriever)
        if standing is None or (within and not within.admits(standing[0].metadata)):
            return None
        document, start = standing
        end = start + len(quote.quote)
        hit = _passage_around(document, start, end, quote, retriever)
        hits.setdefault(hit.passage_id, hit)
        citations.append(
            Citation(
                marker=list(hits).index(hit.passage_id) + 1,
                document=document,
                heading=hit.passage.heading,
                page=hit.passage.page,
                quote=quote.quote,
                start=start,
                end=end,
                passage=hit.passage,
            )
        )
    return Answer(
        status=Status.ANSWERED,
        lines=lines_of(pin.text, {number: [citation] for number, citation in enumerate(citations, start=1)}),
        citations=tuple(citations),
        evidence=tuple(Evidence(marker=marker, hit=hit) for marker, hit in enumerate(hits.values(), start=1)),
        pinned=pin.note,
        timings={"pin": time.perf_counter() - started},
    )


def _passage_around(document: Document, start: int, end: int, quote: PinnedQuote, retriever: Retriever) -> Hit:
    """The passage in which a quote begins, for its surroundings."""
    for hit in retriever.passages_of(document):
        if hit.passage.start <= start < hit.passage.end:
            return hit
    alone = Passage(text=quote.quote, heading=(), start=start, end=end)
    return Hit(passage_id=-start - 1, document=document, passage=alone, score=0.0)
