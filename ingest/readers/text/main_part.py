"""The main part of a web page: its text without the furniture that surrounds it.

What is furniture is told by where it stands and where it leads: text that is mostly links to other pages, in runs or at the
edges, and what stands before the title or behind the text. The main part is the smallest element with most of the text.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.readers.text.page_blocks import PageBlock
from ingest.readers.text.page_titles import is_fact_line, looks_like_a_title, named_titles
from kb.chinese.lexicon import read_lexicon
from kb.types import BlockKind

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_LEXICON = read_lexicon(__name__)
_OFFICE_LINE = _LEXICON["office_line"]
_FURNITURE = _LEXICON["furniture"]

# Chosen on pages of some thirty sites, each with its own templates: any value nearby finds the same parts.
_LINKED = 0.5  # share of a block from which it leads elsewhere
_LINKED_TABLE = 0.9  # share of a table: a list of services links to each of them
_LINKED_PATH = 0.2  # share of a line with “>”
_MOST = 0.75  # of the text of a page
_FRAGMENT_WEIGHT = 0.2  # of a line without a sentence, beside one with
_FURNITURE_WEIGHT = 0.05
_RUN = 3  # blocks that lead elsewhere, one after another
_MIN_PROSE = 40  # characters of a paragraph behind the main part
_MAX_FACT = 80
_MAX_FURNITURE = 40
_MAX_LINKS_HEADING = 8
_MIN_ARTICLE = 8  # characters of links to articles; those to channels and buttons are shorter
_MAX_ABOVE = 5  # blocks between a title and its text

_FURNITURE_NAME = re.compile(
    r"(?:^|\s)(?:header|top|topbar)(?:$|\s)|(?:^|[\s_-])(?:foot|footer|copyright|nav|navbar|menu|crumbs?|breadcrumbs?|sidebar|share|login|toolbar|pagination)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_STEP = re.compile(r"[>＞»›→]")
_ANNEX = re.compile(r"附[件录表]")
_ANNEX_ABOVE = re.compile(r"附[件录表]?[一二三四五六七八九十\d]*\s*[：:.]?\s*$")
_SENTENCE = re.compile(r"[。！？；?]|[，、].{6,}")


class _Named:
    """Which elements stand in one that is called furniture, by its tag or by its class or id."""

    def __init__(self) -> None:
        self._known: dict[Element, bool] = {}

    def is_furniture(self, element: Element) -> bool:
        """Whether it, or an element around it, is called so."""
        passed: list[Element] = []
        found = False
        for outer in (element, *element.iterancestors()):
            if outer in self._known:
                found = self._known[outer]
                break
            passed.append(outer)
            name = f"{outer.get('class', '')} {outer.get('id', '')}"
            if outer.tag in ("footer", "aside") or _FURNITURE_NAME.search(name):
                found = True
                break
        self._known.update(dict.fromkeys(passed, found))
        return found


def main_part(
    blocks: Sequence[PageBlock], body: Element, titles: Sequence[str]
) -> tuple[list[PageBlock], list[PageBlock]]:
    """The facts about the document, and tables, that stand before its text, and the main part's blocks, both in order.

    titles: what the page may be called; text before a line that is one of them is furniture.
    A page that holds nothing but furniture is given whole.
    """
    shown = _with_annexes(blocks)
    text = _without_links(shown)
    if not text:
        return [], list(blocks)
    named = _Named()
    main = _widened(_main_element(text, body, named), shown, body, named)
    within = [i for i, found in enumerate(text) if _is_within(found.element, main)]
    first, last = within[0], within[-1]
    start = _start(text, first, [*titles, *named_titles(text[:first])])
    facts = [found for found in text[:start] if _is_fact(found) or (found.is_in_table and _belongs(found, named))]
    behind = [found for found in text[last + 1 :] if _belongs(found, named)]
    inside = [found for found in text[start : last + 1] if not _is_button(found, named) or named.is_furniture(main)]
    return facts, [*_trimmed(inside), *behind]


def _with_annexes(blocks: Sequence[PageBlock]) -> list[PageBlock]:
    """`blocks` with the links below the word annex as text, whatever page they lead to."""
    result: list[PageBlock] = []
    for is_linked, group in itertools.groupby(blocks, key=_leads_away):
        run = list(group)
        above = result[-1] if result else run[0]
        if is_linked and (_ANNEX_ABOVE.search(above.block.text) or _ANNEX.match(run[0].block.text)):
            run = [replace(found, num_linked=0) for found in run]
        result += run
    return result


def _without_links(blocks: Sequence[PageBlock]) -> list[PageBlock]:
    """`blocks` without runs of those that lead elsewhere; none where all do."""
    kept: list[PageBlock] = []
    for is_linked, group in itertools.groupby(blocks, key=_leads_away):
        run = list(group)
        if not is_linked or (len(run) < _RUN and not any(found.is_in_table for found in run)):
            kept += run
        elif kept and _heads_links(kept[-1], run):
            kept.pop()
    return kept if any(not _leads_away(found) for found in kept) else []


def _heads_links(found: PageBlock, links: Sequence[PageBlock]) -> bool:
    """Whether a block is the heading of links to other articles, as 热点新闻."""
    size = sum(len(link.block.text) for link in links) / len(links)
    is_title = found.block.level == 1 or found.is_in_table or _SENTENCE.search(found.block.text)
    return not is_title and len(found.block.text) <= _MAX_LINKS_HEADING and size >= _MIN_ARTICLE


def _trimmed(blocks: list[PageBlock]) -> list[PageBlock]:
    """`blocks` without links and short lines of the site at the beginning and the end."""
    is_text = [not _leads_away(found) and not _is_furniture_line(found) for found in blocks]
    if True not in is_text:
        return blocks
    return blocks[is_text.index(True) : len(is_text) - is_text[::-1].index(True)]


def _is_furniture_line(found: PageBlock) -> bool:
    text = found.block.text
    is_text = found.is_in_table or found.is_fact or _OFFICE_LINE.match(text) or is_fact_line(text)
    return not is_text and len(text) <= _MAX_FURNITURE and bool(_FURNITURE.search(text))


def _leads_away(found: PageBlock) -> bool:
    """Whether a block is mostly links to other pages, or the path to this one."""
    if found.is_in_table:
        return found.link_share >= _LINKED_TABLE
    return found.link_share >= _LINKED or (found.link_share >= _LINKED_PATH and bool(_STEP.search(found.block.text)))


def _main_element(blocks: Sequence[PageBlock], body: Element, named: _Named) -> Element:
    """The smallest element with most of the text in sentences and tables."""
    weights: dict[Element, float] = defaultdict(float)
    for found in blocks:
        text = found.block.text
        weight = len(text) * max(0.0, 1 - found.link_share)
        if not found.is_in_table and not _SENTENCE.search(text):
            weight *= _FRAGMENT_WEIGHT
        if named.is_furniture(found.element) or _is_furniture_line(found):
            weight *= _FURNITURE_WEIGHT
        for element in (found.element, *found.element.iterancestors()):
            weights[element] += weight
            if element is body:
                break
    least = _MOST * weights[body]
    main = body
    while True:
        inner = next((child for child in main if weights.get(child, 0.0) >= least), None)
        if inner is None or not least:
            return main
        main = inner


def _widened(main: Element, blocks: Sequence[PageBlock], body: Element, named: _Named) -> Element:
    """The largest element around `main` that adds no furniture, or `main`: a signature often stands beside the text."""
    around = [main]
    while around[-1] is not body:
        around.append(around[-1].getparent())
    height = {element: i for i, element in enumerate(around)}
    largest = len(around) - 1
    for found in blocks:
        is_named = named.is_furniture(found.element)
        if is_named or _leads_away(found) or _FURNITURE.search(found.block.text):
            element = found.element
            while element not in height:
                element = element.getparent()
            if height[element]:  # not within `main` itself
                largest = min(largest, height[element] - 1)
    return around[largest]


def _is_within(element: Element, outer: Element) -> bool:
    return element is outer or any(ancestor is outer for ancestor in element.iterancestors())


def _start(blocks: Sequence[PageBlock], first: int, titles: Sequence[str]) -> int:
    """Where the main part begins: at the title above its text, with what stands between, or at its text."""
    named = {"".join(title.split()) for title in titles}
    heading = like_a_title = None
    for i in range(first, -1, -1):
        block = blocks[i].block
        if "".join(block.text.split()) in named:
            return i
        if _leads_away(blocks[i]) or _is_furniture_line(blocks[i]):
            continue
        if block.kind is BlockKind.HEADING and not is_fact_line(block.text) and heading in (None, i + 1):
            heading = i
        if like_a_title is None and first - i <= _MAX_ABOVE and looks_like_a_title(block.text):
            like_a_title = i
    places = [place for place in (heading, like_a_title) if place is not None]
    return min(places, default=first)


def _is_fact(found: PageBlock) -> bool:
    text = found.block.text
    is_short = len(text) <= _MAX_FACT or found.is_fact
    return is_short and not _leads_away(found) and (found.is_fact or is_fact_line(text))


def _is_button(found: PageBlock, named: _Named) -> bool:
    """Whether a block is furniture by the name of what it stands in, and no heading, row, sentence or office."""
    text, kind = found.block.text, found.block.kind
    is_row = found.is_in_table and not found.is_fact
    is_text = is_row or kind is BlockKind.HEADING or _SENTENCE.search(text) or _OFFICE_LINE.match(text)
    return not is_text and not is_fact_line(text) and named.is_furniture(found.element)


def _belongs(found: PageBlock, named: _Named) -> bool:
    """Whether what stands behind the main part is of it: a table, prose, or who is responsible."""
    text = found.block.text
    if _OFFICE_LINE.match(text) or _ANNEX.match(text):
        return True
    if found.link_share >= _LINKED or named.is_furniture(found.element):
        return False
    is_prose = len(text) >= _MIN_PROSE and "。" in text
    return found.is_in_table or is_prose
