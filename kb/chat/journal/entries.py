"""The tables of the journal, and rows → values."""

from __future__ import annotations

import datetime
import enum
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kb.types import Status, Within

VERSION = 1
TABLES = """
CREATE TABLE entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    token TEXT NOT NULL UNIQUE,
    asked_at TEXT NOT NULL,
    channel TEXT NOT NULL,
    question TEXT NOT NULL,
    phrasing TEXT NOT NULL,
    history TEXT NOT NULL,
    within TEXT NOT NULL,
    status TEXT NOT NULL,
    text TEXT NOT NULL,
    seconds REAL NOT NULL,
    pinned INTEGER NOT NULL,
    good INTEGER,
    reason TEXT NOT NULL DEFAULT ''
);
CREATE INDEX entries_by_time ON entries (asked_at);
CREATE INDEX entries_by_status ON entries (status, asked_at);
CREATE INDEX entries_by_phrasing ON entries (phrasing);
CREATE TABLE quotes (
    entry INTEGER NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
    marker INTEGER NOT NULL,
    document INTEGER NOT NULL,
    name TEXT NOT NULL,
    title TEXT NOT NULL,
    "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    quote TEXT NOT NULL
);
CREATE INDEX quotes_of_entry ON quotes (entry);
CREATE TABLE vectors (
    text TEXT NOT NULL,
    encoder TEXT NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (text, encoder)
) WITHOUT ROWID;
"""
COLUMNS = (
    "id, token, asked_at, channel, question, history, within, status, text, seconds, pinned, good, reason, phrasing"
)


class JournalFilter(enum.StrEnum):
    """Which entries a list shows."""

    ALL = "all"
    ANSWERED = "answered"
    REFUSED = "refused"
    FAILED = "failed"
    RATED = "rated"
    BAD = "bad"


CONDITIONS = {
    JournalFilter.ALL: "TRUE",
    JournalFilter.ANSWERED: "status = 'answered'",
    JournalFilter.REFUSED: "status LIKE 'unanswerable%'",
    JournalFilter.FAILED: "status LIKE 'error%'",
    JournalFilter.RATED: "good IS NOT NULL",
    JournalFilter.BAD: "good = 0",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalQuote:
    """A quote that an answer was given with, as it stood when it was given."""

    marker: int
    document: int  # its id; it may have been removed since
    name: str  # file name
    title: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """One question as it was asked, masked, and what it came to."""

    token: str
    asked_at: datetime.datetime
    channel: str  # page, api, mcp; desk where staff asked again
    question: str
    phrasing: str  # `kb.chinese.normalise` of the question
    history: tuple[str, ...]  # the questions before it, oldest first
    within: Within
    status: Status
    text: str
    quotes: tuple[JournalQuote, ...]
    seconds: float
    pinned: bool
    good: bool | None  # None where nobody rated it
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The questions of one day."""

    date: datetime.date
    asked: int
    answered: int


def quoted_of(row: Sequence[Any]) -> JournalQuote:
    """A row of `quotes` without its entry."""
    marker, document, name, title, start, end, quote = row
    return JournalQuote(marker=marker, document=document, name=name, title=title, start=start, end=end, quote=quote)


def entry_of(row: Sequence[Any], quotes: Sequence[JournalQuote]) -> JournalEntry:
    """A row of COLUMNS, with the quotes of its entry."""
    _, token, asked_at, channel, question, history, within, status, text, seconds, pinned, good, reason, words = row
    chosen = {name: tuple(values) for name, values in json.loads(within).items()}
    return JournalEntry(
        token=token,
        asked_at=datetime.datetime.fromisoformat(asked_at),
        channel=channel,
        question=question,
        phrasing=words,
        history=tuple(json.loads(history)),
        within=Within(**chosen),
        status=Status(status),
        text=text,
        quotes=tuple(quotes),
        seconds=seconds,
        pinned=bool(pinned),
        good=None if good is None else bool(good),
        reason=reason,
    )
