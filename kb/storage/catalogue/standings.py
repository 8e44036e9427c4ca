"""When a document is answered from: a standing opens when it is added or restored, and ends for a reason."""

from __future__ import annotations

import sqlite3

from kb.storage.timestamps import timestamp
from kb.types import Ending


class Standings:
    """The standings of one catalogue; all writes are part of the caller's transaction, at its revision."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def open(self, document: int, revision: int) -> None:
        """Answer from a document."""
        self._connection.execute(
            "INSERT INTO standings (document, opened, opened_at) VALUES (?, ?, ?)", (document, revision, timestamp())
        )

    def open_behind(self, document: int, before: int | None, revision: int) -> None:
        """Answer from a document, unless it has the bytes of the one before, and that was withdrawn."""
        self.open(document, revision)
        withdrawn = before is not None and self.last_ending(before) is Ending.WITHDRAWN
        if withdrawn and self._digest(before) == self._digest(document):
            self.end(document, revision, Ending.WITHDRAWN)

    def end_without_paths(self, document: int, revision: int, reason: Ending) -> None:
        """End a document's standing, unless it has a path."""
        if not self._connection.execute("SELECT 1 FROM sources WHERE document = ? LIMIT 1", (document,)).fetchone():
            self.end(document, revision, reason)

    def end(self, document: int, revision: int, reason: Ending) -> None:
        """Answer from a document no more. One that was withdrawn before its file went is removed all the same."""
        self._connection.execute(
            "UPDATE standings SET ended = ?, ended_at = ?, reason = ? WHERE document = ? AND ended IS NULL",
            (revision, timestamp(), reason, document),
        )
        if reason is Ending.REMOVED:
            self._connection.execute(
                "UPDATE standings SET reason = ? WHERE document = ? "
                "AND opened = (SELECT max(opened) FROM standings WHERE document = ?)",
                (reason, document, document),
            )

    def last_ending(self, document: int) -> Ending | None:
        """Why a document is not answered from; None while it is."""
        row = self._connection.execute(
            "SELECT reason FROM standings WHERE document = ? ORDER BY opened DESC LIMIT 1", (document,)
        ).fetchone()
        return None if row is None or row[0] is None else Ending(row[0])

    def _digest(self, document: int | None) -> str:
        row = self._connection.execute("SELECT sha256 FROM documents WHERE id = ?", (document,)).fetchone()
        return str(row[0])
