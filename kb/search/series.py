"""Documents that are one series: the versions of a rule, the notices or reports of each year, and what makes one follow another.

Of one series are the yearly reports of one kind by one issuer, and whatever has the same place, kind and title but for
the year and the words that name a version. A page whose title is a name and no title is of none.
"""

from __future__ import annotations

import re
from datetime import date
from difflib import SequenceMatcher

from kb.chinese.lexicon import read_lexicon
from kb.chinese.text import simplified, without_spaces
from kb.search.jurisdiction import jurisdiction_of
from kb.types import Document

_LEXICON = read_lexicon(__name__)
_VERSION = _LEXICON["version"]
_PERIOD = _LEXICON["period"]
_TITLE = _LEXICON["title"]
_IN_FILE_NAME = _LEXICON["in_file_name"]
_SHORTEST = 4  # characters that tell one title from another
_SHORTEST_NOTICE = 6
_SHARE_OF_NOTICE = 0.6  # of the longer title, that stands in the shorter one
LEAST_SHARED = 4  # characters of a title by which a question asks for it


def is_report(document: Document) -> bool:
    """Whether a document is a yearly report: it tells of one body or place, and holds for no other."""
    return (document.metadata.kind or "").endswith(("报告", "年报", "公报"))


def series_key(document: Document) -> tuple[str, ...] | None:
    """What documents of one series have in common; None where that is not sure."""
    metadata = document.metadata
    if is_report(document):
        return ("", metadata.issuer, metadata.kind or "") if metadata.issuer else None
    core = title_core(document)
    if not core or not (metadata.kind or metadata.issuer or metadata.region):
        return None
    # The title says what kind of document it is; where the place is not known the kind must be the same, too.
    return (core, jurisdiction_of(metadata.region).name) if metadata.region else (core, "", metadata.kind or "")


def is_same_notice(document: Document, other: Document) -> bool:
    """Whether two notices of a year are one series though one has more in its title: …入学指标公告, …入学入住指标公告."""
    if is_report(document) or is_report(other) or document.metadata.region != other.metadata.region:
        return False
    if not (document.metadata.region and years_of(document) and years_of(other)):
        return False
    short, long = sorted((title_core(document), title_core(other)), key=len)
    if len(short) < _SHORTEST_NOTICE or len(short) < _SHARE_OF_NOTICE * len(long) or short[-2:] != long[-2:]:
        return False
    rest = iter(long)
    return all(character in rest for character in short)


def title_core(document: Document) -> str:
    """A title without place, year and version, by which it is told from others: 上海市…条例（2018年修正） → …条例; "" for none."""
    title = without_spaces(simplified(document.metadata.title))
    if not _TITLE.search(title):
        return ""
    region = document.metadata.region or ""
    place = jurisdiction_of(region or "全国")
    for name in sorted({region, place.name, place.short} - {""}, key=len, reverse=True):
        title = title.replace(name, "", 1)
    core = _PERIOD.sub("", _VERSION.sub("", title)).strip("《》〈〉（）()“”\"'、，,")
    return core if len(core) >= _SHORTEST else ""


def names_version(title: str) -> bool:
    """Whether a title says which version of a document it is of: 暂行办法, （2019年修正）."""
    return bool(_VERSION.search(title.removeprefix("中华人民共和国")))


def years_of(document: Document) -> tuple[int, int] | None:
    """The first and the last year that a title names: 2016年, 2014-2016年; None where it names none."""
    metadata = document.metadata
    if match := _PERIOD.search(metadata.title):
        first = int(match["first"])
        last = int(match["last"] or first)
        if metadata.year in (None, first, last) and first <= last:
            return first, last
    return (metadata.year, metadata.year) if metadata.year else None


def version_date(document: Document) -> str:
    """What orders the versions of a series, ISO 8601 or a year: the year of the title, else the last date known; "" for none."""
    metadata = document.metadata
    if is_report(document):
        return str(metadata.year or "")
    if years := years_of(document):
        return str(years[0])
    named = _IN_FILE_NAME.search(document.name)
    dates = [metadata.date_in_force, metadata.date, re.sub(r"\D", "-", named["date"]) if named else None]
    return max(filter(None, dates), default="")


def shared_words(question: str, title: str) -> int:
    """The length of the longest words that stand in both: 4 for 积分入户 in 积分入户指标 and 积分入户入学指标."""
    match = SequenceMatcher(None, question, title, autojunk=False).find_longest_match()
    return match.size


def is_ahead(document: Document, today: date) -> bool:
    """Whether a document is not in force yet."""
    in_force = document.metadata.date_in_force
    return in_force is not None and in_force > today.isoformat()
