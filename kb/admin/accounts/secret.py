"""Secrets that are handed out once: made at random, and kept as digests only."""

from __future__ import annotations

import hashlib
import hmac
import secrets

_NUM_BYTES = 32  # 256 bits: nobody guesses one, so a plain digest guards it


def new_secret() -> str:
    """A secret that may stand in an address or a cookie."""
    return secrets.token_urlsafe(_NUM_BYTES)


def digest(secret: str) -> bytes:
    """What is kept of a secret: who reads the file cannot use it."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def form_secret(session: str) -> str:
    """The secret that the forms of a session carry, which tells nothing of the session's own."""
    return hmac.new(session.encode("utf-8", "replace"), b"form", "sha256").hexdigest()


def same(given: str, wanted: str) -> bool:
    """Whether two secrets are the same, in a time that does not tell how much of them is."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode("utf-8", "replace"))
