"""The history below the title of a law: on which day what body did what, and by which order it was made known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.metadata.dates import DAY, day_in
from kb.chinese.lexicon import read_lexicon

_LEXICON = read_lexicon(__name__)
_ACT, _ASSENT = _LEXICON["act"], _LEXICON["assent"]
_BY = _LEXICON["by"]
_QUOTED, _CONGRESS = _LEXICON["quoted"], _LEXICON["congress"]
_PRESIDENT = _LEXICON["president"]
_ORDER, _MEETING = _LEXICON["order"], _LEXICON["meeting"]
_STATE = "中华人民共和国"
_NOTE = re.compile(rf"^[（(\s]*(?:根据)?\s*{DAY}")
_ENTRY = re.compile(rf"(?P<day>{DAY})(?P<text>.*?)(?=(?:[，,；;。\s]*(?:根据)?\s*{DAY})|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Enactment:
    """One day of the history: who did it, in which order (国务院令第735号), and whether it made, changed or only approved."""

    day: str  # ISO 8601
    body: str | None = None
    order: str | None = None
    is_meeting: bool = False  # of a government, which passes rules
    is_assent: bool = False


def enactments(lines: Sequence[str]) -> tuple[Enactment, ...]:
    """The history that stands in `lines`, in order; the day of coming into force is no part of it."""
    found = []
    for line in lines:
        if not _NOTE.match(line):
            continue
        for entry in _ENTRY.finditer(_QUOTED.sub(lambda match: match["by"] or "", line)):
            text = re.sub(r"\s", "", entry["text"])
            day = day_in(entry["day"])
            if day and _ACT.search(text):
                body, order = _made_by(text)
                is_meeting = bool(_MEETING.search(text)) and not order
                is_assent = bool(_ASSENT.search(text))
                found.append(Enactment(day=day, body=body, order=order, is_meeting=is_meeting, is_assent=is_assent))
    return tuple(found)


def _made_by(text: str) -> tuple[str | None, str | None]:
    if match := _CONGRESS.search(text):
        return f"{'全国' if match['national'] else match['of']}{match['body']}", None
    if (match := _ORDER.search(text)) and "次会议" not in match["by"]:
        by = match["by"].replace(_STATE, "").removesuffix("令")
        return None if _PRESIDENT.search(by) else by, f"{by}令第{match['number']}号"
    if match := _MEETING.search(text):
        return match["by"], None
    if match := _BY.match(text):
        return match["body"], None
    return ("国务院", None) if text.startswith("国务院") else (None, None)
