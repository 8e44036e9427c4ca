"""Text as it is compared when answers are judged: what two spellings of one thing have in common."""

from __future__ import annotations

import re
import unicodedata

_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")
_DROPPED = re.compile(r"[\s*_`~]+")
_MARK = re.compile(r"[\[【(]\d{1,2}[\]】)]")
_NUMBER = re.compile(r"\d+(?:\.\d+)?%?")


def normal(text: str) -> str:
    """`text` in half width, without white space, separators of thousands and marks of emphasis."""
    return _DROPPED.sub("", _THOUSANDS.sub("", unicodedata.normalize("NFKC", text)))


def numbers(text: str) -> list[str]:
    """The numbers in Arabic digits of a normal text, each with its %, in order; marks such as [1] are none.

    Simpler than `kb.chinese.figures` on purpose: what judges must not share the mistakes of what is judged.
    """
    return _NUMBER.findall(_MARK.sub("", text))


def first_number(text: str) -> str | None:
    """The first number of a normal text."""
    number = _NUMBER.search(text)
    return number and number[0]
