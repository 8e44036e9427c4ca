"""Several versions of one document → the newest first, and the years by which each may be asked for."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

from kb.answering.lookups.naming.titles import shortest_name
from kb.answering.lookups.source import OpenedDocument
from kb.chinese.figures import chinese_number
from kb.chinese.lexicon import read_lexicon
from kb.chinese.text import fold, without_spaces
from kb.types import Document

_LEXICON = read_lexicon(__name__)
_DATE = _LEXICON["date"]
_REVISION = _LEXICON["revision"]
_TRIAL = _LEXICON["trial"]
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")


def series_of(document: Document) -> str:
    """What the versions of one document have in common: its shortest name, without 暂行 and 试行."""
    return _TRIAL.sub("", shortest_name(document))


def dates_in(text: str) -> list[datetime.date]:
    """The days that `text` names, in digits or in characters, in order."""
    found = []
    for match in _DATE.finditer(without_spaces(text)):
        try:
            found.append(datetime.date(*(_value(match[part]) for part in ("year", "month", "day"))))
        except ValueError:
            continue
    return found


def revision_lines(source: OpenedDocument) -> list[tuple[int, int]]:
    """The lines of a head that open with a day and say that a law was passed, given out or revised on it, in order."""
    found = []
    for span in source.lines(0, source.head):
        line = fold(source.text[slice(*span)])
        if _DATE.match(without_spaces(line).lstrip("(")) and _REVISION.search(line) and dates_in(line):
            found.append(span)
    return found


def date_of(source: OpenedDocument) -> str:
    """The day of a version, ISO 8601: of its last revision, in its file name, in its metadata; "" where none is known."""
    metadata = source.document.metadata
    days = [day.isoformat() for span in revision_lines(source) for day in dates_in(source.text[slice(*span)])]
    days += [day.isoformat() for day in dates_in(source.document.name)]
    return (
        max(days, default="")
        or metadata.date
        or metadata.date_in_force
        or max(_years_in_name(source.document), default="")
    )


def newest_first(sources: Iterable[OpenedDocument]) -> list[OpenedDocument]:
    """Versions of one document, the newest first."""
    return sorted(sources, key=lambda source: (date_of(source), source.document.id), reverse=True)


def years_of(source: OpenedDocument) -> frozenset[str]:
    """The years by which a version may be asked for: of its last revision, its name, its number and its dates."""
    metadata = source.document.metadata
    texts = (
        date_of(source),
        source.document.name,
        metadata.title,
        metadata.number,
        metadata.date,
        metadata.date_in_force,
    )
    return frozenset(year for text in texts if text for year in _YEAR.findall(text))


def _years_in_name(document: Document) -> list[str]:
    return _YEAR.findall(document.name)


def _value(digits: str) -> int:
    return int(digits) if digits.isdecimal() else int(chinese_number(digits.replace("○", "〇").replace("Ｏ", "〇")))
