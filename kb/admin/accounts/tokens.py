"""API tokens: a program's way in, with the name of an account and no more rights than the account has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from kb.admin.accounts.roles import Role, TokenHolder
from kb.admin.accounts.secret import digest, new_secret
from kb.errors import AccountError
from kb.storage.sqlite import Store

_MOST_LABEL: Final = 80
_USED_EVERY: Final = 60.0  # seconds: a use within so many is not noted again


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """A token as it is listed: all but the secret. Times are seconds since 1970; `expires` is None for never."""

    id: int
    name: str
    label: str
    role: Role
    made: float
    used: float | None
    expires: float | None
    live: bool


class ApiTokens:
    """Makes, revokes and recognises tokens in the store of the accounts."""

    def __init__(self, store: Store, clock: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock

    def create(self, name: str, label: str, role: Role, *, days: int | None = None) -> str:
        """A new token of the account `name`; its secret is shown this once.

        Raises AccountError where there is no such account, where the role is more than the account's, or without a label.
        """
        label = " ".join(label.split())
        if not label or len(label) > _MOST_LABEL or not label.isprintable():
            raise AccountError(
                f"请写明令牌给谁用，不超过 {_MOST_LABEL} 个字。",
                english=f"Say what the token is for, in at most {_MOST_LABEL} characters.",
            )
        now, secret = self._clock(), f"wz_{new_secret()}"
        with self._store.write() as connection:
            row = connection.execute("SELECT id, role FROM accounts WHERE name = ? AND active", (name,)).fetchone()
            if row is None or not Role(row[1]).covers(role):
                raise AccountError("令牌的权限不能超过账号本身。", english="A token may do no more than its account.")
            connection.execute(
                "INSERT INTO tokens (digest, account, label, role, made, expires) VALUES (?, ?, ?, ?, ?, ?)",
                (digest(secret), row[0], label, role, now, None if days is None else now + days * 86400.0),
            )
        return secret

    def holder(self, secret: str) -> TokenHolder | None:
        """Who holds the token; None where it is none, was revoked or has expired, or where the account was disabled."""
        now, key = self._clock(), digest(secret)
        row = self._store.row(
            "SELECT name, accounts.role, tokens.role, label, used FROM tokens JOIN accounts ON accounts.id = tokens.account "
            "WHERE digest = ? AND active AND (expires IS NULL OR expires > ?)",
            key,
            now,
        )
        if row is None:
            return None
        name, account_role, role, label, used = row
        if used is None or used < now - _USED_EVERY:
            with self._store.write() as connection:
                connection.execute("UPDATE tokens SET used = ? WHERE digest = ?", (now, key))
        least = Role(role) if Role(account_role).covers(Role(role)) else Role(account_role)
        return TokenHolder(name=name, role=least, label=label)

    def all(self) -> list[ApiToken]:
        """All tokens, the newest first; `live` tells whether one can be used."""
        now = self._clock()
        rows = self._store.rows(
            "SELECT tokens.id, name, label, tokens.role, tokens.made, used, expires, active "
            "FROM tokens JOIN accounts ON accounts.id = tokens.account ORDER BY tokens.id DESC"
        )
        return [
            ApiToken(
                id=id_,
                name=name,
                label=label,
                role=Role(role),
                made=made,
                used=used,
                expires=expires,
                live=bool(active) and (expires is None or expires > now),
            )
            for id_, name, label, role, made, used, expires, active in rows
        ]

    def revoke(self, id_: int) -> ApiToken | None:
        """End a token; returns what it was, or None where there is none."""
        found = next((token for token in self.all() if token.id == id_), None)
        with self._store.write() as connection:
            connection.execute("DELETE FROM tokens WHERE id = ?", (id_,))
        return found
