"""Who may do what at the desk: two roles, and the accounts that have them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """An editor keeps documents and answers right; an admin also keeps people, tokens and what cannot be undone."""

    EDITOR = "editor"
    ADMIN = "admin"

    def covers(self, other: Role) -> bool:
        """Whether this role may do what `other` may."""
        return self is Role.ADMIN or other is Role.EDITOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One person at the desk. `ready` is False until a password is set; times are seconds since 1970."""

    name: str
    role: Role
    active: bool
    ready: bool
    made: float
    entered: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenHolder:
    """Who holds an API token: the account's name, what the token may do, and what it is called."""

    name: str
    role: Role
    label: str
