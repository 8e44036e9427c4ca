"""Of the names in a question, those that it is asked of: a place may also be where someone comes from, or matter.

本人河南户籍，在望舒市上班 is asked of 望舒市; 到北京的铁路 is about a railway; 内地西藏班 is the name of a class.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kb.chinese import places
from kb.chinese.lexicon import read_lexicon
from kb.search.gazetteer import Gazetteer, Name

_LEXICON = read_lexicon(__name__)
NAMES_JOIN = _LEXICON["names_join"]
_REPORT_FOLLOWS = read_lexicon("kb.search.scope.mentions")["report_follows"]
_ORIGIN_BEFORE = _LEXICON["origin_before"]
_ORIGIN_AFTER = _LEXICON["origin_after"]
_VISITORS = _LEXICON["visitors"]
_WAY_BEFORE = _LEXICON["way_before"]
_WAY_AFTER = _LEXICON["way_after"]
_TOWARDS = _LEXICON["towards"]
_PART_OF_NAME = _LEXICON["part_of_name"]
_TOGETHER = _LEXICON["together"]
_IN = _LEXICON["in"]
_PLACED = _LEXICON["placed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subjects:
    """The names that a question is asked of."""

    names: tuple[Name, ...] = ()
    origins: tuple[Name, ...] = ()  # places that only say where someone comes from
    of_report: bool = False  # they are those of a report that it names


def subjects_in(text: str, named: Sequence[Name], gazetteer: Gazetteer) -> Subjects:
    """Which of the names in the folded question `text` it is asked of.

    Where some names stand before 报告, these are meant. A place without documents counts where no other is named.
    """
    lists = _lists(named, text)
    of_report = [names for names in lists if _REPORT_FOLLOWS.match(text, names[-1].end)]
    if of_report:
        return Subjects(names=tuple(each_once([name for names in of_report for name in names])), of_report=True)
    names = [name for row in lists for name in row if not _is_matter(name, row, text)]
    origins = [name for name in names if _is_origin(name, text)]
    asked = [name for name in names if name not in origins]
    if not asked:  # 望舒市户口 alone says whose rules are asked for
        asked, origins = [name for name in origins if not _VISITORS.match(text, name.start)], []
    asked = _innermost(_with_documents(asked, text, gazetteer), text)
    if any(name.place and _IN.search(text[: name.start]) for name in asked):
        origins += [name for name in asked if name.place and not _PLACED.fullmatch(text, 0, name.start)]
        asked = [name for name in asked if name not in origins]
    return Subjects(names=tuple(each_once(asked)), origins=tuple(origins))


def each_once(names: Sequence[Name]) -> list[Name]:
    """Issuers and places by their names, each once; loose ones only where there are no others."""
    names = [name for name in names if not name.loose] or names
    return list({name.documents or name.text: name for name in reversed(names)}.values())[::-1]


def _lists(named: Iterable[Name], text: str) -> list[list[Name]]:
    """The names that stand in a row, with nothing between but what joins them."""
    lists: list[list[Name]] = []
    for name in named:
        if lists and NAMES_JOIN.fullmatch(text, lists[-1][-1].end, name.start):
            lists[-1].append(name)
        else:
            lists.append([name])
    return lists


def _is_matter(name: Name, row: Sequence[Name], text: str) -> bool:
    """Whether a place in a row is what is asked about, and not of whom: 到北京的铁路, 内地西藏班, 甲省和乙省合建."""
    if name.place is None:
        return False
    before, end = text[: name.start], name.end
    if _PART_OF_NAME.match(text, end) or _WAY_BEFORE.search(before):
        return True
    if _TOWARDS.search(before) and _WAY_AFTER.match(text, end):
        return True
    return len(row) > 1 and bool(_TOGETHER.match(text, row[-1].end))


def _is_origin(name: Name, text: str) -> bool:
    """Whether a place says where someone comes from."""
    return name.place is not None and bool(
        _ORIGIN_AFTER.match(text, name.end)
        or _ORIGIN_BEFORE.search(text[: name.start])
        or _VISITORS.match(text, name.start)
    )


def _innermost(names: Sequence[Name], text: str) -> list[Name]:
    """`names` without a place that contains another outside of its row: in 望舒市…按省的办法 it is asked of 望舒市."""
    row_of = {name.start: number for number, row in enumerate(_lists(names, text)) for name in row}
    return [
        name
        for name in names
        if not name.place
        or not any(
            other.place and other.place != name.place and name.place.contains(other.place)
            for other in names
            if row_of[other.start] != row_of[name.start]
        )
    ]


def _with_documents(names: Sequence[Name], text: str, gazetteer: Gazetteer) -> list[Name]:
    """`names` without the places that only other places' documents could speak of, and those beside others with documents.

    A province that opens the question, or stands in a row, is asked about in any case.
    """
    rows = {name.start for row in _lists(names, text) if len(row) > 1 for name in row}
    provinces = {start for _, start, _ in (*places.by_character(text), *places.joined(text))} & rows
    opening = places.opening(text)
    held = any(name.documents and not name.loose for name in names)
    kept = []
    for name in names:
        asked = name.start in provinces or bool(opening and name.place and name.text.startswith(opening))
        if name.documents or name.place is None or asked or (not held and gazetteer.rules_above(name.place)):
            kept.append(name)
    return kept
