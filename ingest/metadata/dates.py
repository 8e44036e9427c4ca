"""Days that a document names: when it was made, from when and until when it holds. All as ISO 8601."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from kb.chinese.figures import chinese_number
from kb.chinese.lexicon import read_lexicon
from kb.chinese.text import fold

_LEXICON = read_lexicon(__name__)
_DAY, _DAY_IN_WORDS, _MONTH = _LEXICON["day"], _LEXICON["day_in_words"], _LEXICON["month"]
_IN_FORCE, _OWN_DAY = _LEXICON["in_force"], _LEXICON["own_day"]
_UNTIL, _YEARS = _LEXICON["until"], _LEXICON["years"]
DAY = (
    rf"(?:{_DAY.pattern}|{_DAY_IN_WORDS.pattern})".replace("?P<year>", "?:")
    .replace("?P<month>", "?:")
    .replace("?P<day>", "?:")
)
"""A day, in figures or characters, without groups."""


def day_in(text: str) -> str | None:
    """The first day in `text`."""
    folded = fold(text)
    if match := _DAY.search(folded):
        year, month, day = (int(match[name]) for name in ("year", "month", "day"))
    elif match := _DAY_IN_WORDS.search(folded):
        digits = match["year"].translate(str.maketrans("〇○零oO0一二三四五六七八九", "000000123456789"))
        year, month, day = int(digits), int(chinese_number(match["month"])), int(chinese_number(match["day"]))
    else:
        return None
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return None


def in_force_from(lines: Iterable[str], made: str | None) -> str | None:
    """From when a document holds as its own sentence says; `made` is the day on which it was made, where that is sure."""
    for line in lines:
        if match := _IN_FORCE.search(line):
            if _OWN_DAY.search(match["from"]):
                return made if _OWN_DAY.fullmatch(match["from"].strip()) else None
            if found := day_in(match["from"]):
                return found
            if month := _MONTH.search(fold(match["from"])):
                return f"{month['year']}-{int(month['month']):02}-01"
    return None


def holds_until(lines: Sequence[str], in_force: str | None) -> str | None:
    """Until when a document holds: a day that it names, or its years counted from the day from which it holds."""
    for line in lines:
        if not _IN_FORCE.search(line) and not line.startswith(("本", "有效期")):
            continue
        if match := _UNTIL.search(line):
            return day_in(match["until"])
        if in_force and (match := _YEARS.search(line)):
            years = match["years"] or match["trial"]
            return _years_after(in_force, int(years) if years.isdecimal() else int(chinese_number(years)))
    return None


def _years_after(day: str, years: int) -> str:
    """The last of as many years that begin on `day`."""
    first = datetime.date.fromisoformat(day)
    try:
        after = first.replace(year=first.year + years)
    except ValueError:  # the 29th of February
        after = datetime.date(first.year + years, 3, 1)
    return (after - datetime.timedelta(days=1)).isoformat()
