"""Sessions: who is at the desk, from which browser, and until when."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from kb.admin.accounts.roles import Role
from kb.admin.accounts.secret import digest, new_secret
from kb.storage.sqlite import Store

if TYPE_CHECKING:
    import sqlite3

LONGEST: Final = 12 * 3600.0  # seconds from log-in, however busy
_SEEN_EVERY: Final = 30.0  # a request within so many seconds writes nothing


class Sessions:
    """Begins and ends sessions in the store of the accounts."""

    def __init__(self, store: Store, clock: Callable[[], float], idle_seconds: float) -> None:
        self._store = store
        self._clock = clock
        self._idle_seconds = idle_seconds

    def begin(self, connection: sqlite3.Connection, account: int, password: str) -> str | None:
        """A new session's secret; None where the account was ended, or its password changed, in the meantime."""
        now, secret = self._clock(), new_secret()
        connection.execute("DELETE FROM sessions WHERE made < ? OR seen < ?", (now - LONGEST, now - self._idle_seconds))
        begun = connection.execute(
            "INSERT INTO sessions (digest, account, made, seen) "
            "SELECT ?, id, ?, ? FROM accounts WHERE id = ? AND active AND password = ?",
            (digest(secret), now, now, account, password),
        )
        return secret if begun.rowcount else None

    def visitor(self, secret: str) -> tuple[str, Role] | None:
        """Name and role of whom the session is of; None where it is over, or there is none."""
        now, key = self._clock(), digest(secret)
        row = self._store.row(
            "SELECT name, role, seen FROM sessions JOIN accounts ON accounts.id = sessions.account "
            "WHERE digest = ? AND active AND sessions.made > ? AND seen > ?",
            key,
            now - LONGEST,
            now - self._idle_seconds,
        )
        if row is None:
            return None
        if row[2] < now - _SEEN_EVERY:
            with self._store.write() as connection:
                connection.execute("UPDATE sessions SET seen = ? WHERE digest = ?", (now, key))
        return row[0], Role(row[1])

    def end(self, secret: str) -> None:
        """End one session."""
        with self._store.write() as connection:
            connection.execute("DELETE FROM sessions WHERE digest = ?", (digest(secret),))

    def end_all(self, connection: sqlite3.Connection, account: int) -> None:
        """End all sessions of an account."""
        connection.execute("DELETE FROM sessions WHERE account = ?", (account,))
