"""The number of a document: in a header table, behind its title, on a line of its own, or that of an order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from kb.chinese.lexicon import read_lexicon

_LEXICON = read_lexicon(__name__)
_NUMBER, _ORDER, _QUOTES = _LEXICON["number"], _LEXICON["order"], _LEXICON["quotes"]
_NOTICE = _LEXICON["notice"]
_ORDER_HEAD, _ORDER_NUMBER = _LEXICON["order_head"], _LEXICON["order_number"]
_STATE = "中华人民共和国"
_AT_END = re.compile(rf"[（(]\s*(?P<number>{re.sub(r'[?]P<[a-z]+>', '?:', _NUMBER.pattern)})\s*[）)]$")
_MAX_LINE = 60
_MAX_ORDER = 36


def number_in(text: str) -> str | None:
    """The number that `text` is, or that a labelled field holds: 〔〕 for whatever brackets; an order with its issuer."""
    text = re.sub(r"\s+", "", text)
    if match := _NUMBER.search(text):
        sign = re.sub(r"[〔\[［（(]$", "", match["sign"])
        of = match["of"] if sign.endswith("公告") else ""
        return f"{sign}〔{match['year']}〕{of}{match['serial']}号"
    if match := _NOTICE.search(text):
        return f"{match['by']}{match['year']}年第{match['serial']}号"
    if match := _ORDER.search(text):
        return f"{match['by'].removeprefix(_STATE)}令第{match['serial']}号"
    return None


def without_number(title: str) -> str:
    """A title without the number that stands behind it in brackets."""
    return _AT_END.sub("", title).strip()


def find_number(lines: Sequence[str], titles: Sequence[str]) -> str | None:
    """The number behind one of `titles`, or on a line of its own among `lines`, the head of the document."""
    for title in titles:
        if match := _AT_END.search(title.strip()):
            return number_in(match["number"])
    for line, following in pairwise([*lines, ""]):
        if (head := _ORDER_HEAD.match(line)) and (serial := _ORDER_NUMBER.match(following)):
            return f"{head['by'].removeprefix(_STATE)}令第{serial['serial']}号"
        if len(line) <= _MAX_ORDER and _NOTICE.fullmatch(line):
            return number_in(line)
        if len(line) <= _MAX_ORDER and (order := _ORDER.fullmatch(line.strip("（）()"))):
            return f"{order['by'].removeprefix(_STATE)}令第{order['serial']}号"
        if len(line) <= _MAX_LINE and not _QUOTES.search(line) and (match := _NUMBER.search(line)):
            behind = line[match.end() :].strip("）)》 ")
            if behind in ("", "文件") and (found := number_in(line[match.start() :])):
                return found
    return None
