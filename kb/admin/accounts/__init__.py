"""The accounts of the desk: who may come in, how, and for how long. One SQLite file; no password or secret is in it.

There is no default password. While nobody has an account, `setup_link` gives a secret for one address where the first
admin is made; later accounts are made by an admin, who hands on a link of the same kind and never learns the password.
"""

from __future__ import annotations

import contextlib
import time
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kb.admin.accounts.attempts import Attempts
from kb.admin.accounts.passwords import Passwords, refuse_weak
from kb.admin.accounts.roles import Account, Role
from kb.admin.accounts.secret import digest, new_secret
from kb.admin.accounts.sessions import Sessions
from kb.admin.accounts.tokens import ApiTokens
from kb.errors import AccountError, LoginError
from kb.storage.sqlite import Store

if TYPE_CHECKING:
    import sqlite3

LINK_HOURS: Final = 24
_MOST_NAME: Final = 40
_VERSION: Final = 1
_TABLES: Final = """
CREATE TABLE accounts (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, folded TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL CHECK (role IN ('editor', 'admin')), password TEXT NOT NULL DEFAULT '',
    active INTEGER NOT NULL DEFAULT 1, made REAL NOT NULL, entered REAL
);
CREATE TABLE sessions (
    digest BLOB PRIMARY KEY, account INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    made REAL NOT NULL, seen REAL NOT NULL
);
CREATE TABLE links (
    digest BLOB PRIMARY KEY, account INTEGER REFERENCES accounts (id) ON DELETE CASCADE, expires REAL NOT NULL
);
CREATE TABLE attempts (
    key BLOB PRIMARY KEY, failures INTEGER NOT NULL, latest REAL NOT NULL, locked_until REAL NOT NULL
);
CREATE TABLE tokens (
    id INTEGER PRIMARY KEY AUTOINCREMENT, digest BLOB NOT NULL UNIQUE,
    account INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, label TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('editor', 'admin')), made REAL NOT NULL, used REAL, expires REAL
);
"""
# An admin who could come in now.
_ADMINS: Final = "SELECT count(*) FROM accounts WHERE role = 'admin' AND active AND password != ''"


class Accounts:
    """One open file of accounts. Threads may share it."""

    def __init__(
        self,
        path: Path,
        *,
        session_minutes: int = 60,
        passwords: Passwords | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Open the file at `path`, or make it. Raises StoreError."""
        self._store = Store(path, tables=_TABLES, version=_VERSION)
        self._clock = clock
        self._passwords = passwords or Passwords()
        self._attempts = Attempts(self._store, clock)
        self.sessions = Sessions(self._store, clock, session_minutes * 60.0)
        self.tokens = ApiTokens(self._store, clock)

    def close(self) -> None:
        """Close the file."""
        self._store.close()

    def all(self) -> list[Account]:
        """All accounts, by name."""
        rows = self._store.rows("SELECT name, role, active, password, made, entered FROM accounts ORDER BY folded")
        return [
            Account(name=name, role=Role(role), active=bool(active), ready=bool(password), made=made, entered=entered)
            for name, role, active, password, made, entered in rows
        ]

    # Coming in ------------------------------------------------------------------------------------------------

    def enter(self, name: str, password: str, address: str = "") -> str:
        """Begin a session from `address`; returns its secret.

        Raises LoginError where name and password do not go together, and LockedOutError (one of these) after too many.
        """
        folded = _folded(name)
        locks = self._attempts.begin(folded, address)
        found = self._store.row("SELECT id, name, password FROM accounts WHERE folded = ? AND active", folded)
        id_, known, kept = found or (0, "", "")
        if self._passwords.matches(kept or None, password):
            fresh = self._passwords.hash(password) if self._passwords.outdated(kept) else kept
            with self._store.write() as connection:
                connection.execute("UPDATE accounts SET password = ? WHERE id = ? AND password = ?", (fresh, id_, kept))
                secret = self.sessions.begin(connection, id_, fresh)
                if secret is not None:
                    connection.execute("UPDATE accounts SET entered = ? WHERE id = ?", (self._clock(), id_))
                    self._attempts.succeeded(connection, folded, address)
                    return secret
        raise LoginError(known=known, locks=locks)

    def setup_link(self) -> str | None:
        """The secret of a new link for the first account, in place of earlier ones; None where there is an account."""
        with self._store.write() as connection:
            connection.execute("DELETE FROM links WHERE account IS NULL")
            if connection.execute("SELECT 1 FROM accounts").fetchone():
                return None
            return self._link(connection, None)

    def reset_link(self, name: str) -> str:
        """The secret of a new link that sets the password of `name`, in place of earlier ones. Raises AccountError."""
        with self._store.write() as connection:
            id_ = _one(connection, name)[0]
            connection.execute("DELETE FROM links WHERE account = ?", (id_,))
            return self._link(connection, id_)

    def linked(self, secret: str) -> str | None:
        """Whose password a link sets: a name, "" for the first account; None where it is used, expired or none."""
        row = self._store.row(
            "SELECT coalesce(name, '') FROM links LEFT JOIN accounts ON accounts.id = links.account "
            "WHERE digest = ? AND expires > ?",
            digest(secret),
            self._clock(),
        )
        return None if row is None else str(row[0])

    def use_link(self, secret: str, password: str, name: str = "") -> str:
        """Set the password that the link is for, or make the first admin as `name`; returns the name. Once only.

        All sessions of the account end. Raises AccountError where link, name or password will not do.
        """
        whose = self.linked(secret)
        if whose is None:
            raise _dead_link()
        chosen = whose or _name(name)
        refuse_weak(password, chosen)
        hashed = self._passwords.hash(password)
        with self._store.write() as connection:
            if not connection.execute("DELETE FROM links WHERE digest = ?", (digest(secret),)).rowcount:
                raise _dead_link()
            if not whose:
                if connection.execute("SELECT 1 FROM accounts").fetchone():
                    raise _dead_link()
                self._insert(connection, chosen, Role.ADMIN, hashed)
            else:
                self._set_password(connection, _one(connection, whose)[0], _folded(whose), hashed)
        return chosen

    # Keeping accounts -----------------------------------------------------------------------------------------

    def create(self, name: str, role: Role, password: str | None = None) -> str:
        """A new account; without a password it waits for its link. Returns the name. Raises AccountError."""
        name = _name(name)
        hashed = ""
        if password is not None:
            refuse_weak(password, name)
            hashed = self._passwords.hash(password)
        with self._store.write() as connection:
            if connection.execute("SELECT 1 FROM accounts WHERE folded = ?", (_folded(name),)).fetchone():
                raise AccountError(
                    f"已经有名为 {name} 的账号；请换一个名字。",
                    english=f"There is an account called {name} already; choose another name.",
                )
            self._insert(connection, name, role, hashed)
        return name

    def create_first(self, name: str, password: str) -> bool:
        """The first admin, where there is no account yet; returns whether it was made. Raises AccountError."""
        if self.all():
            return False
        self.create(name, Role.ADMIN, password)
        return True

    def change_password(self, name: str, old: str, new: str, address: str = "") -> None:
        """Set a new password and end all sessions of the account.

        Raises LoginError where `old` is wrong, AccountError where `new` will not do.
        """
        refuse_weak(new, name)
        folded = _folded(name)
        locks = self._attempts.begin(folded, address)
        found = self._store.row("SELECT id, password FROM accounts WHERE folded = ?", folded)
        if found is None or not self._passwords.matches(found[1] or None, old):
            raise LoginError(known=name, locks=locks)
        hashed = self._passwords.hash(new)
        with self._store.write() as connection:
            self._set_password(connection, found[0], folded, hashed)
            self._attempts.succeeded(connection, folded, address)

    def set_role(self, name: str, role: Role) -> None:
        """Give the account another role. Raises AccountError, also where no admin would be left."""
        with self._store.write() as connection, _an_admin_stays(connection):
            connection.execute("UPDATE accounts SET role = ? WHERE id = ?", (role, _one(connection, name)[0]))

    def set_active(self, name: str, active: bool) -> None:
        """Disable an account, which ends its sessions and tokens' use, or enable it. Raises AccountError."""
        with self._store.write() as connection, _an_admin_stays(connection):
            id_ = _one(connection, name)[0]
            connection.execute("UPDATE accounts SET active = ? WHERE id = ?", (active, id_))
            self.sessions.end_all(connection, id_)

    def remove(self, name: str) -> None:
        """Remove an account with its sessions, links and tokens. Raises AccountError."""
        with self._store.write() as connection, _an_admin_stays(connection):
            connection.execute("DELETE FROM accounts WHERE id = ?", (_one(connection, name)[0],))

    def _insert(self, connection: sqlite3.Connection, name: str, role: Role, hashed: str) -> None:
        connection.execute(
            "INSERT INTO accounts (name, folded, role, password, made) VALUES (?, ?, ?, ?, ?)",
            (name, _folded(name), role, hashed, self._clock()),
        )

    def _set_password(self, connection: sqlite3.Connection, id_: int, folded: str, hashed: str) -> None:
        connection.execute("UPDATE accounts SET password = ? WHERE id = ?", (hashed, id_))
        connection.execute("DELETE FROM links WHERE account = ?", (id_,))
        self.sessions.end_all(connection, id_)
        self._attempts.forget(connection, folded)

    def _link(self, connection: sqlite3.Connection, account: int | None) -> str:
        secret, now = new_secret(), self._clock()
        connection.execute("DELETE FROM links WHERE expires < ?", (now,))
        connection.execute("INSERT INTO links VALUES (?, ?, ?)", (digest(secret), account, now + LINK_HOURS * 3600.0))
        return secret


@contextlib.contextmanager
def _an_admin_stays(connection: sqlite3.Connection) -> Iterator[None]:
    """What is done within is undone where it leaves no admin who could come in, and there was one."""
    (before,) = connection.execute(_ADMINS).fetchone()
    yield
    (after,) = connection.execute(_ADMINS).fetchone()
    if before and not after:
        raise AccountError(
            "这是最后一位管理员；请先让另一位成为管理员。",
            english="This is the last admin; make another person an admin first.",
        )


def _one(connection: sqlite3.Connection, name: str) -> tuple[Any, ...]:
    row: tuple[Any, ...] | None = connection.execute("SELECT id FROM accounts WHERE name = ?", (name,)).fetchone()
    if row is None:
        raise AccountError(f"没有名为 {name} 的账号。", english=f"There is no account called {name}.")
    return row


def _dead_link() -> AccountError:
    return AccountError(
        "这个链接已经用过或过期；请向管理员要一个新的，或在服务器上运行 python -m kb accounts。",
        english="This link was used or has expired; ask an admin for a new one, or run python -m kb accounts.",
    )


def _name(name: str) -> str:
    """A name as it is kept. Raises AccountError where it will not do."""
    name = unicodedata.normalize("NFKC", name).strip()
    if not 1 <= len(name) <= _MOST_NAME or not all(letter.isalnum() or letter in "._-@" for letter in name):
        raise AccountError(
            f"用户名用汉字、字母、数字和 . _ - @，不超过 {_MOST_NAME} 个字符。",
            english=f"A name has letters, digits and . _ - @ only, at most {_MOST_NAME} of them.",
        )
    return name


def _folded(name: str) -> str:
    """The name by which accounts are told apart: whichever width and case it is typed in."""
    return unicodedata.normalize("NFKC", name).strip().casefold()[:200]
