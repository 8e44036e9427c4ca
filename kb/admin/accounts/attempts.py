"""Lock-out: an account, or an address, from which too many log-ins failed has to wait, each time longer.

An attempt counts as failed before the password is looked at, and is taken back where it was right, so that many at once
find no gap. Names without an account are counted like others: what is answered tells nothing of which there are.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kb.admin.accounts.secret import digest
from kb.errors import LockedOutError
from kb.storage.sqlite import Store

if TYPE_CHECKING:
    import sqlite3

_FIRST_WAIT: Final = 60.0  # seconds; doubled with each further failure
_LONGEST_WAIT: Final = 15 * 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bound:
    """So many failures are let pass; they are forgotten after so many quiet seconds."""

    failures: int
    forgotten: float


_ACCOUNT: Final = _Bound(failures=5, forgotten=24 * 3600.0)
_ADDRESS: Final = _Bound(failures=20, forgotten=3600.0)


class Attempts:
    """Counts failed log-ins in the store of the accounts."""

    def __init__(self, store: Store, clock: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock

    def begin(self, account: str, address: str) -> bool:
        """Count an attempt; returns whether the account or the address is locked if it fails.

        Raises LockedOutError while one of them is locked; such an attempt is not counted.
        """
        now = self._clock()
        with self._store.write() as connection:
            connection.execute("DELETE FROM attempts WHERE latest < ?", (now - _ACCOUNT.forgotten,))
            bounds = ((_account(account), _ACCOUNT), (_address(address), _ADDRESS))
            for key, _ in bounds:
                self._refuse_locked(connection, key, now)
            locks = [_count(connection, key, bound, now) for key, bound in bounds]
            return any(locks)

    def succeeded(self, connection: sqlite3.Connection, account: str, address: str) -> None:
        """Take the attempt back: the account starts anew, the address keeps its other failures."""
        connection.execute("DELETE FROM attempts WHERE key = ?", (_account(account),))
        connection.execute(
            "UPDATE attempts SET failures = failures - 1, locked_until = CASE WHEN failures > ? THEN locked_until ELSE 0 END "
            "WHERE key = ?",
            (_ADDRESS.failures, _address(address)),
        )

    def forget(self, connection: sqlite3.Connection, account: str) -> None:
        """The account's failures count no more: its password was set anew."""
        connection.execute("DELETE FROM attempts WHERE key = ?", (_account(account),))

    def _refuse_locked(self, connection: sqlite3.Connection, key: bytes, now: float) -> None:
        row = connection.execute("SELECT locked_until FROM attempts WHERE key = ?", (key,)).fetchone()
        if row is not None and row[0] > now:
            raise LockedOutError(row[0] - now)


def _count(connection: sqlite3.Connection, key: bytes, bound: _Bound, now: float) -> bool:
    row = connection.execute("SELECT failures, latest FROM attempts WHERE key = ?", (key,)).fetchone()
    failures = 1 if row is None or row[1] < now - bound.forgotten else row[0] + 1
    over = failures - bound.failures
    wait = min(_FIRST_WAIT * 2.0 ** min(over, 10), _LONGEST_WAIT) if over >= 0 else 0.0
    connection.execute(
        "INSERT OR REPLACE INTO attempts (key, failures, latest, locked_until) VALUES (?, ?, ?, ?)",
        (key, failures, now, now + wait if wait else 0.0),
    )
    return over >= 0


def _account(name: str) -> bytes:
    """Names are kept as digests: people type passwords where a name is asked for."""
    return digest(f"account {name}")


def _address(address: str) -> bytes:
    """One household's or office's addresses count as one."""
    try:
        if ipaddress.ip_address(address).version == 6:
            address = str(ipaddress.ip_network(f"{address}/64", strict=False))
    except ValueError:
        pass  # a name, or none: counted as it is
    return digest(f"address {address}")
