"""The journal: questions, their answers and ratings. Personal data is masked before anything is stored.

One SQLite file beside the catalogue. It is opened when it is first needed, so that a disk that is broken or full costs
its entries and never an answer.
"""

from __future__ import annotations

import datetime
import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.chat.journal.entries import (
    COLUMNS,
    CONDITIONS,
    TABLES,
    VERSION,
    Day,
    JournalEntry,
    JournalFilter,
    JournalQuote,
    entry_of,
    quoted_of,
)
from kb.chinese.normalise import phrasing
from kb.chinese.redaction import masked
from kb.search.encoder import Encoder
from kb.storage.sqlite import LateStore
from kb.storage.timestamps import timestamp
from kb.types import Answer, Within

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["LONGEST_REASON", "Day", "Journal", "JournalEntry", "JournalFilter", "JournalQuote"]

LONGEST_REASON = 200  # characters
DESK = "desk"  # the channel of questions that staff ask again
_LONGEST_QUESTION = 5000


class Journal:
    """The journal in one file. Threads may share it. What asks or writes raises StoreError where the file is broken."""

    def __init__(self, path: Path, *, days: int = 365, now: Callable[[], datetime.datetime] | None = None) -> None:
        """Keep entries in the file at `path` for so many days; with 0 nothing is kept."""
        self.path = path
        self.days = days
        self._now = now or (lambda: datetime.datetime.now(datetime.UTC))
        self._store = LateStore(path, tables=TABLES, version=VERSION)

    def close(self) -> None:
        """Close the file; it is opened again where it is needed."""
        self._store.close()

    # Writes ---------------------------------------------------------------------------------------------------

    def reserve(self) -> str | None:
        """A random public id for an entry to come; None where nothing is kept."""
        return secrets.token_urlsafe(16) if self.days else None

    def record(
        self,
        question: str,
        answer: Answer,
        *,
        channel: str,
        history: Sequence[str] = (),
        within: Within | None = None,
        seconds: float | None = None,
        entry: str | None = None,
    ) -> str | None:
        """Keep a question with its whole answer; returns the entry's public id, or None where nothing is kept.

        `entry` is an id that was reserved. Of the answer, what its quotes say is public and not masked.
        """
        token = entry or self.reserve()
        if not token or not self.days:
            return None
        asked = masked(question[:_LONGEST_QUESTION])
        public = [citation.quote for citation in answer.citations]
        chosen = within or Within()
        with self._store.write() as connection:
            connection.execute("DELETE FROM entries WHERE asked_at < ?", (self._oldest(),))
            cursor = connection.execute(
                "INSERT INTO entries (token, asked_at, channel, question, phrasing, history, within, status, text, "
                "seconds, pinned) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    token,
                    timestamp(self._now()),
                    channel,
                    asked,
                    phrasing(asked),
                    _json([masked(earlier[:_LONGEST_QUESTION]) for earlier in history]),
                    _json({"issuers": chosen.issuers, "years": chosen.years, "kinds": chosen.kinds}),
                    answer.status.value,
                    masked(answer.text, public=public),
                    round(sum(answer.timings.values()) if seconds is None else seconds, 4),
                    bool(answer.pinned),
                ),
            )
            connection.executemany(
                "INSERT INTO quotes VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        cursor.lastrowid,
                        citation.marker,
                        citation.document.id,
                        citation.document.name,
                        citation.document.metadata.title,
                        citation.start,
                        citation.end,
                        citation.quote,
                    )
                    for citation in answer.citations
                ],
            )
        return token

    def rate(self, entry: str, good: bool, reason: str = "") -> bool:
        """Note what a reader thinks of an answer, in the place of what was noted before; False where it is not kept."""
        if not self.days:
            return False
        with self._store.write() as connection:
            rated = connection.execute(
                "UPDATE entries SET good = ?, reason = ? WHERE token = ?",
                (good, masked(reason.strip()[:LONGEST_REASON]), entry),
            )
        return rated.rowcount > 0

    # What was asked -------------------------------------------------------------------------------------------

    def entry(self, token: str) -> JournalEntry | None:
        """The entry with this public id."""
        return next(iter(self._entries("token = ?", token, limit=1)), None)

    def entries(
        self, show: JournalFilter = JournalFilter.ALL, words: str = "", *, limit: int = 50, offset: int = 0
    ) -> list[JournalEntry]:
        """The entries that `show` admits and whose question has `words`, newest first."""
        condition, values = _condition(show, words)
        return self._entries(condition, *values, limit=limit, offset=offset)

    def count(self, show: JournalFilter = JournalFilter.ALL, words: str = "") -> int:
        """How many entries there are of these."""
        condition, values = _condition(show, words)
        rows = self._store.rows(
            f"SELECT count(*) FROM entries WHERE asked_at >= ? AND {condition}", self._oldest(), *values
        )
        return int(rows[0][0])

    def each(
        self, show: JournalFilter = JournalFilter.ALL, words: str = "", *, page: int = 500
    ) -> Iterator[JournalEntry]:
        """The same entries one by one, read in pages, so that a long export holds up no answer."""
        condition, values = _condition(show, words)
        last = 2**63 - 1
        while rows := self._rows(f"id < ? AND {condition}", last, *values, limit=page, offset=0):
            last = rows[-1][0]
            yield from self._with_quotes(rows)

    def unanswered(self, limit: int) -> list[JournalEntry]:
        """The newest entries that were refused, newest first, unless the same question has been answered since."""
        return self._entries(
            "status LIKE 'unanswerable%' AND NOT EXISTS (SELECT 1 FROM entries AS later WHERE "
            "later.status = 'answered' AND later.id > entries.id AND later.phrasing = entries.phrasing "
            "AND later.history = entries.history)",
            limit=limit,
        )

    def vectors(self, texts: Sequence[str], encoder: Encoder) -> NDArray[np.float32]:
        """The vectors of `texts`, of shape (len(texts), dimension). They are kept for the next call, and those of other texts deleted."""
        import numpy as np

        wanted = json.dumps(texts)
        known = dict(
            self._store.rows(
                "SELECT text, vector FROM vectors WHERE encoder = ? AND text IN (SELECT value FROM json_each(?))",
                encoder.name,
                wanted,
            )
        )
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if missing:
            made = zip(missing, encoder.encode_passages(missing), strict=True)
            known |= {text: vector.astype("<f4").tobytes() for text, vector in made}
            with self._store.write() as connection:
                connection.execute("DELETE FROM vectors WHERE text NOT IN (SELECT value FROM json_each(?))", (wanted,))
                connection.executemany(
                    "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)",
                    [(text, encoder.name, known[text]) for text in missing],
                )
        return np.stack([np.frombuffer(known[text], "<f4") for text in texts]).astype(np.float32)

    # Pictures over time ---------------------------------------------------------------------------------------

    def by_day(self, num_days: int) -> list[Day]:
        """The last `num_days` days to today, oldest first, in the time of this machine; errors count as not answered.

        What the desk asks again is no reader's question, here and in `slowest`.
        """
        today = self._now().astimezone().date()
        dates = [today - datetime.timedelta(days=back) for back in reversed(range(num_days))]
        first = timestamp(datetime.datetime.combine(dates[0], datetime.time()).astimezone(datetime.UTC))
        rows = self._store.rows(
            "SELECT date(asked_at, 'localtime'), count(*), sum(status = 'answered') FROM entries "
            "WHERE asked_at >= ? AND channel != ? GROUP BY 1",
            max(first, self._oldest()),
            DESK,
        )
        found = {date: (asked, answered) for date, asked, answered in rows}
        return [
            Day(date=date, asked=asked, answered=answered)
            for date in dates
            for asked, answered in [found.get(date.isoformat(), (0, 0))]
        ]

    def slowest(self, num_days: int, *, limit: int = 10) -> list[JournalEntry]:
        """The entries of the last `num_days` days that took longest, slowest first."""
        since = timestamp(self._now() - datetime.timedelta(days=num_days))
        return self._entries("asked_at >= ? AND channel != ?", since, DESK, limit=limit, order="seconds DESC, id DESC")

    # Underneath -----------------------------------------------------------------------------------------------

    def _oldest(self) -> str:
        """When the oldest entry that is kept may have been asked; what is older is shown to no one."""
        return timestamp(self._now() - datetime.timedelta(days=self.days))

    def _entries(
        self, condition: str, *values: Any, limit: int, offset: int = 0, order: str = "id DESC"
    ) -> list[JournalEntry]:
        return self._with_quotes(self._rows(condition, *values, limit=limit, offset=offset, order=order))

    def _rows(
        self, condition: str, *values: Any, limit: int, offset: int, order: str = "id DESC"
    ) -> list[tuple[Any, ...]]:
        return self._store.rows(
            f"SELECT {COLUMNS} FROM entries WHERE asked_at >= ? AND {condition} ORDER BY {order} LIMIT ? OFFSET ?",
            self._oldest(), *values, limit, offset,
        )  # fmt: skip

    def _with_quotes(self, rows: Sequence[tuple[Any, ...]]) -> list[JournalEntry]:
        quotes: dict[int, list[JournalQuote]] = {row[0]: [] for row in rows}
        for entry, *row in self._store.rows(
            'SELECT entry, marker, document, name, title, "start", "end", quote FROM quotes '
            "WHERE entry IN (SELECT value FROM json_each(?)) ORDER BY rowid",
            json.dumps(list(quotes)),
        ):
            quotes[entry].append(quoted_of(row))
        return [entry_of(row, quotes[row[0]]) for row in rows]


def _condition(show: JournalFilter, words: str) -> tuple[str, tuple[str, ...]]:
    words = words.strip()
    if not words:
        return CONDITIONS[show], ()
    return f"{CONDITIONS[show]} AND (instr(phrasing, ?) OR instr(question, ?))", (phrasing(words) or words, words)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
