"""Lines → lists with their lead-ins and items, nested, whether each item has a line or all stand in one paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.structure.lines import Line
from ingest.structure.numbering import STYLES, item_number
from ingest.structure.questions import answer_start
from kb.chinese.lexicon import read_lexicon
from kb.chinese.text import sentences
from kb.types import BlockKind, Section, SectionKind

_LEXICON = read_lexicon(__name__)
_LEADS_IN, _ADDRESS = _LEXICON["leads_in"], _LEXICON["address"]
_COLON = ("：", ":")
_BULLET = "•"  # the style of items without a number
_CLAUSE = "；"  # of paragraphs that end in ； behind a colon
_CLAUSE_ENDS = ("；", ";")
# A number in brackets or a circle may follow any word, but not 第（一）项 or 前款（一）、（二）.
_ITEM_MAY_BEGIN = re.compile(
    r"(?:^|(?<=[：:；;。，,）)\s]))(?=[（(\d①-⑳一二三四五六七八九十a-zA-Z])|(?<![第款条、和或至与及])(?=[（(①-⑳])"
)
_NO_ITEM = re.compile(r"\s*(?:[项目款、和至或与及]|的规定)")  # （一）、（二）项 names items and is none
_FULL_STOP = re.compile(r"。[”’」』）)]*")


def lists(lines: Sequence[Line]) -> Iterator[Section]:
    """The lists, items and tables among lines that have no heading between them, parents before children."""
    yield from _content(
        [line.behind(start) if (start := answer_start(line.text)) else line for line in lines], frozenset()
    )


def lead_in(text: str) -> int | None:
    """Where the last sentence of `text` begins, if that leads to items behind `text`; else None."""
    spans = sentences(text.rstrip())
    if not spans:
        return None
    start, end = spans[-1]
    return start if _LEADS_IN.search(text[start:end]) and not _ADDRESS.match(text) else None


def style_of(line: Line) -> str:
    """The style of the item that a line is: that of its number, or • for one without; "" where it is none."""
    number = line.number
    return number.style if number else _BULLET if line.kind is BlockKind.LIST_ITEM else ""


def _content(lines: Sequence[Line], outer: frozenset[str]) -> Iterator[Section]:
    """Sections within lines; of an item, whose first line is without its number.

    outer: the styles of the items around them.
    """
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.is_row:
            end = next((i for i in range(at, len(lines)) if not lines[i].is_row), len(lines))
            yield _table(lines, at, end)
            at = end
            continue
        in_line = list(_in_line(line))
        style = style_of(line)
        # Text that begins with one number after another is no list within a list.
        if style and style not in outer and not (in_line and in_line[0].body == line.start):
            end, items = _items(lines, at, outer)
            if len([item for item in items if item.kind is SectionKind.ITEM]) > 1:
                yield Section(kind=SectionKind.LIST, start=line.start, end=lines[end - 1].end, body=line.start)
                yield from items
            else:
                number = line.number
                first = line.behind(len(number.text) if number else 0)
                yield from _content([first, *lines[at + 1 : end]], outer | {style})
            at = end
            continue
        start = _leads_to(line, lines[at + 1 : at + 3], outer) if at + 1 < len(lines) else None
        if start is None:
            yield from in_line
            at += 1
            continue
        end, items = _items(lines, at + 1, outer)
        yield Section(kind=SectionKind.LIST, start=line.start + start, end=lines[end - 1].end, body=lines[at + 1].start)
        yield from items
        at = end


def _leads_to(line: Line, following: Sequence[Line], outer: frozenset[str]) -> int | None:
    """Where in `line` the sentence begins that leads to the lines behind it; None where none does."""
    start = lead_in(line.text)
    number, style = following[0].number, style_of(following[0])
    if style in outer:
        return None
    ends_in_colon = line.text.rstrip().endswith(_COLON)
    if style and ((number and number.ordinal == 1) or style == _BULLET or ends_in_colon):
        if start is None and outer and line.text and not line.text.endswith("。"):
            return sentences(line.text)[-1][0]  # the title of an item leads to the items below it
        return start
    clauses = len(following) > 1 and all(
        following_line.text.rstrip().endswith((*_CLAUSE_ENDS, "。")) and not following_line.is_row
        for following_line in following
    )
    if ends_in_colon and clauses and following[0].text.rstrip().endswith(_CLAUSE_ENDS):
        return start
    return None


def _items(lines: Sequence[Line], at: int, outer: frozenset[str]) -> tuple[int, list[Section]]:
    """The items from `at` on with what is in them, and the place of the line behind the last one."""
    style = style_of(lines[at])
    if not style:
        return _clauses(lines, at)
    found: list[Section] = []
    ordinal = 0
    while at < len(lines) and style_of(lines[at]) == style:
        number = lines[at].number
        # A number may be left out or given twice; another 1 begins another list.
        if number is not None and found and not ordinal <= number.ordinal <= ordinal + 2:
            break
        ordinal = number.ordinal if number else 0
        end = _end_of_item(lines, at, style, ordinal, outer)
        first = lines[at].behind(len(number.text) if number else 0)
        found.append(
            Section(
                kind=SectionKind.ITEM,
                start=lines[at].start,
                end=lines[end - 1].end,
                body=min(first.start, lines[at].end),
                number=number.text.strip() if number else "",
            )
        )
        found += _content([first, *lines[at + 1 : end]], outer | {style})
        at = end
    return at, found


def _clauses(lines: Sequence[Line], at: int) -> tuple[int, list[Section]]:
    """Items that are paragraphs without number, each but the last ending in ；."""
    found = []
    while at < len(lines):
        line = lines[at]
        found.append(Section(kind=SectionKind.ITEM, start=line.start, end=line.end, body=line.start))
        found += _in_line(line)
        at += 1
        if not line.text.rstrip().endswith(_CLAUSE_ENDS):
            break
    return at, found


def _end_of_item(lines: Sequence[Line], at: int, style: str, ordinal: int, outer: frozenset[str]) -> int:
    """The place of the line behind the item that begins at `at`."""
    end = at + 1
    while end < len(lines):
        line_style = style_of(lines[end])
        if line_style == style or line_style in outer:
            break
        if line_style:
            if not _is_within(line_style, style) and not lines[end - 1].text.rstrip().endswith(_COLON):
                break
        else:
            # Lines without a number belong to the item where the list goes on behind them.
            following = None if style == _BULLET else _next_item(lines, end, style, ordinal, outer)
            if following is None:
                break
            return following
        end += 1
    return end


def _is_within(inner: str, outer: str) -> bool:
    """Whether items of the style `inner` stand below those of `outer` in the order of Chinese documents."""
    if _BULLET in (inner, outer):
        return inner == _BULLET
    return STYLES.index(inner) > STYLES.index(outer)


def _next_item(lines: Sequence[Line], at: int, style: str, ordinal: int, outer: frozenset[str]) -> int | None:
    """The place from `at` on of the item behind that with this ordinal; None where its list ends."""
    for i in range(at, len(lines)):
        line_style = style_of(lines[i])
        if line_style == style:
            number = lines[i].number
            return i if number is not None and ordinal < number.ordinal <= ordinal + 2 else None
        if line_style in outer:
            return None
    return None


def _in_line(line: Line) -> list[Section]:
    """The lists that stand within one line: its lead-in, then items that are counted from the first."""
    return _in_span(line, 0, len(line.text), frozenset())


def _in_span(line: Line, start: int, end: int, outer: frozenset[str]) -> list[Section]:
    """The list within a part of a line, with the lists within its items."""
    places = _places(line.text[:end], start, outer)
    if len(places) < 2:
        return []
    first = places[0]
    before = line.text[start:first].rstrip()
    lead = start + (sentences(before)[-1][0] if before else first - start)
    bounds = [*places[1:], end]
    items: list[tuple[int, int]] = [
        (place, place + len(line.text[place:bound].rstrip())) for place, bound in zip(places, bounds, strict=True)
    ]
    if not any(_FULL_STOP.search(line.text, place, stop - 1) for place, stop in items[:-1]):
        place, stop = items[-1]
        items[-1] = (place, match.end() if (match := _FULL_STOP.search(line.text, place, stop)) else stop)
    found = [
        Section(
            kind=SectionKind.LIST,
            start=line.start + lead,
            end=line.start + items[-1][1],
            body=line.start + first,
        )
    ]
    for place, stop in items:
        number = item_number(line.text, place)
        if number is None:
            continue
        body = place + len(number.text)
        found.append(
            Section(
                kind=SectionKind.ITEM,
                start=line.start + place,
                end=line.start + stop,
                body=line.start + min(body, stop),
                number=number.text.strip(),
            )
        )
        found += _in_span(line, body, stop, outer | {number.style})
    return found


def _places(text: str, start: int, outer: frozenset[str]) -> list[int]:
    """Where the items of the first list within `text` begin, from `start` on; empty where there is none."""
    by_style: dict[str, list[int]] = {}
    for at in sorted({start, *(match.start() for match in _ITEM_MAY_BEGIN.finditer(text, start))}):
        number = item_number(text, at)
        if number is None or number.style in outer or _NO_ITEM.match(text, at + len(number.text)):
            continue
        places = by_style.setdefault(number.style, [])
        if number.ordinal == len(places) + 1:
            places.append(at)
    runs = [places for places in by_style.values() if len(places) > 1 and _is_led_to(text, start, places[0])]
    return min(runs, default=[])


def _is_led_to(text: str, start: int, first: int) -> bool:
    """Whether the items from `first` on stand behind a colon or a full stop, or at the start."""
    before = text[start:first].rstrip()
    return not before or before.endswith((*_COLON, "。", "；"))


def _table(lines: Sequence[Line], at: int, end: int) -> Section:
    """A run of rows with the lines before it that are its caption."""
    first = at
    while first and at - first < 2 and _is_caption(lines[first - 1]):
        first -= 1
    return Section(
        kind=SectionKind.TABLE,
        start=lines[first].start,
        end=lines[end - 1].end,
        body=lines[at].start,
        title=lines[first].text if first < at else "",
    )


def _is_caption(line: Line) -> bool:
    return line.kind is BlockKind.PARAGRAPH and len(line.text) <= 40 and not re.search("[。；;！？]", line.text)
