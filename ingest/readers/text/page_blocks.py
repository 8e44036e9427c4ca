"""The body of a web page → blocks as a reader sees them, each with what tells text from furniture.

A line ends where an element of its own block begins or ends, at <br>, and where a paragraph is indented by wide spaces
within one element. Tables that hold rows become rows; tables that lay out the page are read as the text that they hold.
"""

from __future__ import annotations

import functools
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ingest.lines import join, tidy
from ingest.readers.text.page_tables import PageTables
from kb.types import Block, BlockKind

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_UNREAD = frozenset(
    "script style noscript template iframe frame svg math object embed head select option button textarea input map canvas "
    "audio video nav menu rp rt".split()
)
# All others, unknown ones and those of Word included, are part of a line, as in a browser.
_OWN_LINE = frozenset(
    "address article aside blockquote body br caption center col colgroup dd details dialog dir div dl dt fieldset figcaption "
    "figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main ol p pre section summary "
    "table tbody td tfoot th thead title tr ul xmp".split()
)
_CELLS = frozenset(("td", "th", "caption"))
_VERBATIM = frozenset(("pre", "listing", "xmp"))
_LEVELS = {f"h{level}": level for level in range(1, 7)}
_BOLD_TAGS = frozenset(("b", "strong"))
_MAX_HEADING = 120  # characters; a longer one is text that was marked up for its looks
_MAX_DIGITS = 6
_MIN_HIDDEN = 80  # characters of text
_BREAK_IN_HEADING = "\v"

_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BUTTON = re.compile(r"(?:^|[\s_-])(?:btn|button)(?:$|[\s_-])", re.IGNORECASE)
_CENTRED = re.compile(r"text-align\s*:\s*center", re.IGNORECASE)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_BLOCK = re.compile(r"display\s*:\s*(?:block|flex|grid|list-item|table)", re.IGNORECASE)
_KEEPS_BREAKS = re.compile(r"white-space\s*:\s*pre", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?://|www\.)", re.IGNORECASE)
_FILE = re.compile(r"\.(?:docx?|wps|xlsx?|et|pdf|ofd|pptx?|txt|csv|zip|rar|7z)\b", re.IGNORECASE)

_ESCAPED_SPACE = re.compile(r"&(?:nbsp|e[nm]sp|sp);")  # escaped twice, or misspelt
_DIGITS = "一二三四五六七八九十百零〇"
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
# A line break of the source between two Chinese characters is none of the text, unless it follows a number: 第一条.
_SOURCE_BREAK = re.compile(
    rf"(?<=[{_WIDE}])"
    + "".join(rf"(?<!第[{_DIGITS}]{{{length}}}[编章节条])" for length in range(1, 6))
    + rf"[\r\n][ \t\r\n]*(?=[{_WIDE}])"
)
_NUMBERED = r"第[一二三四五六七八九十百零〇\d]{1,6}[编章节条]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]"
# Two wide spaces after a sentence, or before a number, open a paragraph.
_INDENT = re.compile(
    rf"(?<=[。；：！？;:!?”）)])[ \t\r\n]*(?:[\u3000\xa0][ \t\r\n]*){{2,}}(?=[^\s])"
    rf"|[ \t\r\n]*(?:[\u3000\xa0][ \t\r\n]*){{2,}}(?={_NUMBERED})"
)
_NO_MARKER = re.compile(r"list-style(?:-type)?\s*:\s*none", re.IGNORECASE)
_ITEM_NUMBER = re.compile(rf"(?:{_NUMBERED}|[\d①-⑳•·●▪■◆-])")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageBlock:
    """A block and where it stands in the page.

    element: the innermost element that holds all of it.
    num_linked: characters of it that lead to other pages.
    num_bold: characters in bold type.
    is_fact: whether it is of a table of facts about the document, “索引号：…”.
    """

    block: Block
    element: Element
    num_linked: int = 0
    num_bold: int = 0
    is_centred: bool = False
    is_in_table: bool = False
    is_fact: bool = False

    @property
    def link_share(self) -> float:
        return self.num_linked / max(1, len(self.block.text.replace(" ", "")))


@dataclass(frozen=True, slots=True)
class _Look:
    """How the text within an element looks, and what it is a part of."""

    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    is_link: bool = False
    is_bold: bool = False
    is_centred: bool = False
    keeps_breaks: bool = False


def page_blocks(body: Element) -> list[PageBlock]:
    """The blocks of a page without comments; furniture and text alike, in reading order."""
    return list(_Reader(PageTables(body, cell_text, leads_elsewhere)).read(body))


def cell_text(cell: Element) -> str:
    """The text of a cell, a line for each line of it; tables within are read as text."""
    return "\n".join(found.block.text for found in _Reader(None).read(cell))


class _Reader:
    """Reads one element; `tables` are those of the page, None where all are read as text."""

    def __init__(self, tables: PageTables | None) -> None:
        self._tables = tables
        self._pieces: list[tuple[str, _Look]] = []
        self._numbers: dict[Element, str] = {}  # of items that are yet to come

    def read(self, root: Element) -> Iterator[PageBlock]:
        import lxml.etree

        looks = [_Look()]
        walk = lxml.etree.iterwalk(root, events=("start", "end"))
        skipped: Element | None = None
        for event, element in walk:
            if event == "end":
                if element is not skipped:
                    is_break = element.tag == "br" and looks[-1].kind is BlockKind.HEADING
                    if not is_break and not _is_inline(element):
                        yield from self._flush(element)
                    looks.pop()
                skipped = None
                if element is not root:
                    self._add(element.tail, looks[-1])
                continue
            if element is not root and _is_unread(element):
                walk.skip_subtree()
                skipped = element
                continue
            look = _look(element, looks[-1])
            if element.tag == "br" and look.kind is BlockKind.HEADING:
                looks.append(look)
                self._add(_BREAK_IN_HEADING, look)
                continue
            table = self._tables.of(element) if self._tables else None
            if table is not None:
                yield from self._flush(element.getparent())
                for row in table.rows:
                    yield PageBlock(
                        block=row,
                        element=element,
                        num_linked=round(table.link_share * _size(row.text)),
                        is_in_table=True,
                        is_fact=table.is_header,
                    )
                walk.skip_subtree()
                skipped = element
                continue
            if not _is_inline(element):
                yield from self._flush(element.getparent() if element is not root else element)
            looks.append(look)
            if element.tag == "ol":
                self._numbers |= _item_numbers(element)
            self._add(self._numbers.pop(element, ""), look)
            self._add(element.text, look)

    def _add(self, text: str | None, look: _Look) -> None:
        if text:
            self._pieces.append((_ESCAPED_SPACE.sub("\xa0", text), look))

    def _flush(self, element: Element) -> Iterator[PageBlock]:
        """The lines of the pieces so far, which `element` holds."""
        pieces, self._pieces = self._pieces, []
        if not pieces:
            return
        line: list[tuple[str, _Look]] = []
        for piece, look in _as_lines(pieces):
            if piece == "\n":
                yield from _line(line, element)
                line = []
            else:
                line.append((piece, look))
        yield from _line(line, element)


def _as_lines(pieces: list[tuple[str, _Look]]) -> Iterator[tuple[str, _Look]]:
    """The pieces, cut where a line of the reader ends, which a lone line break stands for."""
    whole = "".join(text for text, _ in pieces)
    keeps_breaks = pieces[0][1].keeps_breaks
    # What goes, in order: (start, end, whether a line ends there).
    cuts = [(match.start(), match.end(), True) for match in _INDENT.finditer(whole)]
    breaks = re.finditer(r"\r\n?|\n", whole) if keeps_breaks else _SOURCE_BREAK.finditer(whole)
    taken = {place for start, end, _ in cuts for place in range(start, end)}
    cuts += [(match.start(), match.end(), keeps_breaks) for match in breaks if match.start() not in taken]
    if not cuts:
        yield from pieces
        return
    left = deque(sorted(cuts))
    place = 0  # of the piece in the whole
    for text, look in pieces:
        end = place + len(text)
        while left and left[0][0] < end:
            start, cut_end, ends_line = left[0]
            yield whole[place : max(place, start)], look
            if ends_line and start >= place:
                yield "\n", look
            place = min(cut_end, end)
            if cut_end > end:
                break
            left.popleft()
        yield whole[place:end], look
        place = end


def _line(pieces: list[tuple[str, _Look]], element: Element) -> Iterator[PageBlock]:
    looks = [look for piece, look in pieces if piece.strip()]
    if not looks:
        return
    first = looks[0]
    lines = [line for line in map(tidy, "".join(piece for piece, _ in pieces).split(_BREAK_IN_HEADING)) if line]
    kind, level = first.kind, first.level
    if kind is BlockKind.HEADING:
        title = functools.reduce(join, lines, "")
        if len(title) <= _MAX_HEADING:
            lines = [title]
        else:  # text that was marked up for its looks
            kind, level = BlockKind.PARAGRAPH, 0
    num_linked = sum(_size(piece) for piece, look in pieces if look.is_link)
    num_bold = sum(_size(piece) for piece, look in pieces if look.is_bold)
    for line in lines:
        yield PageBlock(
            block=Block(text=line, kind=kind, level=level),
            element=element,
            num_linked=min(num_linked, _size(line)),
            num_bold=min(num_bold, _size(line)),
            is_centred=first.is_centred,
        )


def _size(text: str) -> int:
    return len("".join(text.split()))


def _look(element: Element, outer: _Look) -> _Look:
    tag, style = element.tag, element.get("style", "")
    if tag in _CELLS:
        outer = _Look(is_link=outer.is_link)
    is_centred = outer.is_centred or _is_centred(element, style)
    if tag in _LEVELS:
        return replace(outer, kind=BlockKind.HEADING, level=_LEVELS[tag], is_centred=is_centred)
    look = replace(
        outer,
        is_link=outer.is_link or leads_elsewhere(element),
        is_bold=outer.is_bold or tag in _BOLD_TAGS or bool(_BOLD.search(style)),
        is_centred=is_centred,
        keeps_breaks=outer.keeps_breaks or tag in _VERBATIM or bool(_KEEPS_BREAKS.search(style)),
    )
    return replace(look, kind=BlockKind.LIST_ITEM, level=0) if tag == "li" else look


def _is_centred(element: Element, style: str) -> bool:
    return element.tag == "center" or element.get("align", "").lower() == "center" or bool(_CENTRED.search(style))


def _is_inline(element: Element) -> bool:
    return element.tag not in _OWN_LINE and not _BLOCK.search(element.get("style", ""))


def _is_unread(element: Element) -> bool:
    """Whether an element shows no text: a script, a field, navigation by its name, or hidden with little in it."""
    return (
        element.tag in _UNREAD
        or (element.tag == "a" and bool(_BUTTON.search(element.get("class", ""))))
        or element.get("role") in ("navigation", "search")
        or element.get("hidden") is not None
        or bool(_HIDDEN.search(element.get("style", "")))
    ) and not _holds_text(element)


def _holds_text(element: Element) -> bool:
    """Whether a hidden element holds text: one of several tabs is seen at a time, and all are read."""
    if element.tag in _UNREAD or element.tag == "a":
        return False
    size = len("".join(element.itertext()))
    linked = sum(len("".join(link.itertext())) for link in element.iter("a"))
    return size - linked >= _MIN_HIDDEN and 2 * linked < size and any("。" in text for text in element.itertext())


def leads_elsewhere(element: Element) -> bool:
    """Whether an element is a link to another page, and not to a file or a place in this one."""
    if element.tag != "a":
        return False
    target = element.get("href", "").strip()
    if not target or (target.startswith("#") and len(target) > 1) or target.lower().startswith(("mailto:", "tel:")):
        return False
    text = "".join(element.itertext()).strip()
    return not (_FILE.search(target) or _FILE.search(text) or _ADDRESS.match(text))


def _item_numbers(outer: Element) -> dict[Element, str]:
    """The numbers that a browser puts before the items of <ol>; none where their text has some already."""
    items = [child for child in outer if child.tag == "li"]
    shows_none = _NO_MARKER.search(outer.get("style", ""))
    if shows_none or any(_ITEM_NUMBER.match("".join(child.itertext()).strip()) for child in items):
        return {}
    start = outer.get("start", "1")
    first = int(start) if start.isdecimal() and len(start) < _MAX_DIGITS else 1
    return {item: f"{first + i}. " for i, item in enumerate(items)}
