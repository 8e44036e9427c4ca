"""One line of text: tidied, and joined to the next."""

from __future__ import annotations

import re
import unicodedata

# What editors and web pages leave behind: soft hyphen, zero widths, directions, word joiner, BOM.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_LATIN = re.compile(r"[A-Za-z0-9,;:!?%)\]'\"]")


def tidy(text: str) -> str:
    """`text` on one line: white space collapsed to single spaces, none at the ends, no invisible marks."""
    text = " ".join(_INVISIBLE.sub("", text).split())
    return " ".join("".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cs")).split())


def join(first: str, second: str) -> str:
    """Two lines of one paragraph: a space between Latin words, none between Chinese."""
    if not first or not second:
        return first + second
    # A word goes before a word or a figure with a space; a figure may have been torn.
    before_word = _LATIN.match(first[-1]) and re.match("[A-Za-z]", second)
    before_figure = re.match("[A-Za-z]", first[-1]) and second[0].isdigit()
    return f"{first} {second}" if before_word or before_figure else first + second
