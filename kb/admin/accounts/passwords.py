"""Passwords: which are refused, and how they are kept. Only this module imports argon2."""

from __future__ import annotations

import threading
import unicodedata
from functools import cached_property
from typing import TYPE_CHECKING, Final

from kb.errors import AccountError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

LEAST: Final = 10
_MOST: Final = 200
_LEAST_DIFFERENT: Final = 4
_AT_ONCE: Final = 2  # a hash takes 64 MiB: a flood of log-ins must not take the machine's memory
_PATIENCE: Final = 10.0  # seconds
# Passwords that lists of stolen ones begin with, of those that are long enough; what is round about them is refused too.
_COMMON: Final = (
    "1234567890 0123456789 9876543210 0987654321 123456789a a123456789 123456abc abc123456 123123123 112233445566 "
    "1q2w3e4r5t 1qaz2wsx3edc q1w2e3r4t5 qwertyuiop qwerty12345 asdfghjkl zxcvbnm password passw0rd p@ssw0rd p@ssword "
    "letmein welcome iloveyou administrator admin123 adminadmin changeme changethis trustno1 monkey123 dragon123 "
    "sunshine football baseball superman woaini1314 woaini520 5201314 1314520 mima123456 guanliyuan wenzheng zhengfu "
    "zhengwu beijing shanghai 默认密码 管理员密码 一二三四五六七八九十"
).split()


def refuse_weak(password: str, name: str) -> None:
    """Raise AccountError where `password` is too easily guessed for the account `name`."""
    plain = unicodedata.normalize("NFKC", password).casefold()
    if len(password) < LEAST:
        raise AccountError(
            f"密码至少要有 {LEAST} 个字符；几个不相干的词连起来最好记。",
            english=f"A password has at least {LEAST} characters; a few unrelated words are the easiest to remember.",
        )
    if len(password) > _MOST:
        raise AccountError(f"密码至多 {_MOST} 个字符。", english=f"A password has at most {_MOST} characters.")
    if unicodedata.normalize("NFKC", name).casefold() in plain:
        raise AccountError(
            "密码里不要含有用户名；请换一个。", english="A password does not hold the name; choose another."
        )
    if len(set(plain)) < _LEAST_DIFFERENT or any(
        word in plain and len(plain) - len(word) < LEAST // 2 for word in _COMMON
    ):
        raise AccountError(
            "这个密码太常见，容易被猜到；请换一个。", english="This password is too common to be safe; choose another."
        )


class Passwords:
    """Hashes passwords and tells whether one matches; a few at once, the others wait."""

    def __init__(self, memory_kib: int = 65536) -> None:
        """Each hash takes `memory_kib`; the default is RFC 9106's for machines with little of it."""
        self._memory_kib = memory_kib
        self._turn = threading.BoundedSemaphore(_AT_ONCE)

    def hash(self, password: str) -> str:
        """What is kept of a password. Raises AccountError where too many wait."""
        with _Turn(self._turn):
            return self._hasher.hash(_same(password))

    def matches(self, kept: str | None, password: str) -> bool:
        """Whether `password` is the one that is kept; takes as long where there is none (`kept` is None).

        Raises AccountError where too many wait.
        """
        from argon2.exceptions import InvalidHashError, VerificationError

        with _Turn(self._turn):
            try:
                nobody = self._nobody  # made with the first log-in, whoever it is
                self._hasher.verify(kept or nobody, _same(password[:_MOST]))
            except (VerificationError, InvalidHashError):
                return False
        return bool(kept) and len(password) <= _MOST

    def outdated(self, kept: str) -> bool:
        """Whether a hash was made with weaker parameters than hashes are now."""
        return self._hasher.check_needs_rehash(kept)

    @cached_property
    def _hasher(self) -> PasswordHasher:
        from argon2 import PasswordHasher

        return PasswordHasher(memory_cost=self._memory_kib)

    @cached_property
    def _nobody(self) -> str:
        """The hash that a name without an account is compared with."""
        return self._hasher.hash("nobody has this password")


class _Turn:
    """One of the few places for hashing."""

    def __init__(self, turn: threading.BoundedSemaphore) -> None:
        self._turn = turn

    def __enter__(self) -> None:
        if not self._turn.acquire(timeout=_PATIENCE):
            raise AccountError(
                "同时登录的人太多；请过一会儿再试。", english="Too many people log in at once; try again in a moment."
            )

    def __exit__(self, *_: object) -> None:
        self._turn.release()


def _same(password: str) -> bytes:
    """The password in one way of writing, whichever keyboard it came from."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
