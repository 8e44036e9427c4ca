"""Blocks as the file has them → blocks with a title and levels of headings, without the boilerplate of pages.

The Chinese order of sections is 第一章 · 第一节 · 一、 · （一） · 1. · （1）; a format hardly ever marks it.
Nothing is invented and nothing reordered: apart from boilerplate and white space the text stays as it was.
"""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Sequence
from string import ascii_letters

from ingest.lines import join
from ingest.structure.articles import articles
from ingest.structure.boilerplate import without_boilerplate
from ingest.structure.lines import lines_of
from ingest.structure.lists import lead_in, lists
from ingest.structure.numbering import RANKS, rank_of
from ingest.structure.questions import questions
from kb.chinese.text import sentences
from kb.types import Block, BlockKind, SectionKind

_NAMES = tuple(name for name, _ in RANKS)
_ANNEX, _PERIOD, _SECTION = _NAMES.index("附件"), _NAMES.index("时期"), _NAMES.index("一、")
_ARTICLE, _SUBSECTION = _NAMES.index("条"), _NAMES.index("（一）")

_MAX_HEADING = 45  # characters, number included
_MAX_INLINE = {_SECTION: 40, _SUBSECTION: 40, _SUBSECTION + 1: 26}  # of a heading with text behind it
_MIN_BODY = 30  # characters behind a longer heading
_MAX_LONGER = 16
_MAX_ITEM = 200  # of an item with what stands below it
_MAX_TITLE = 70
_MAX_BEFORE_TITLE = 12  # blocks
_FINAL = re.compile(r"[。！？!?；;…]")
_ENDS = re.compile(r"[。！？!?；;…：:][”’」』）)]*$")
_FIGURE = re.compile(
    r"\d[\d.]*[多余]?[万亿]*(?:元|%|％|个|件|次|人|名|公里|亩|吨|项|户|倍|套|家|所|座|米|千瓦|场|期|条|位|天|日)"
)
_TITLE = re.compile(
    r"(?:报告|规划|方案|办法|条例|规定|通知|通告|公告|公报|意见|决定|决议|指南|纲要|要点|细则|措施|计划|批复|函|令|总结|年报|模板|办理|须知|清单|标准|规则|章程|白皮书|纪要|简报|汇编|公示|名单|解读|问答|比对)"
    r"(?:[（(][^（）()]{1,20}[）)])*$"
)
_NO_TITLE = re.compile(r"[-—―－–]|来源|时间|日期|作者|编辑|发布|\d{4}[-年/.]\s?\d{1,2}[-月/.]|[（(]\d{4}年|各位|.*记者")
_OPEN = re.compile(r"[（(《“‘「『【\[〔]$|[，、,的]$")
_DIGITS = re.compile(r"\d[\d.]*")
_CONTINUES = re.compile(r"[，。、；：！？）》”’」』】〕,;!?%％‰]")
_TORN_NUMBER = re.compile(r"(?<!^)(?<!\d\d\d)\d{1,3}[.．]$")
_MAX_JOINED = 5000  # characters of a paragraph, beyond which lines are no paragraph of it any more
_MAX_TORN = 10  # characters of a word that a page marks up by itself


def outline(blocks: Sequence[Block]) -> list[Block]:
    """`blocks` with the title at level 1, sections below it by their numbers, and torn lines joined.

    Blocks that the format marks as headings stay headings, in their order of levels. Raises nothing.
    """
    joined = _join_torn(without_boilerplate(blocks))
    titled, num_before = _with_title(joined)
    split = titled[:num_before]
    body = titled[num_before:]
    numbers, asked, items = articles(body), questions(body), _items(body)
    in_article = in_answer = False
    for i, block in enumerate(body):
        rank = _rank(block)
        if i in asked or i in numbers:
            parts = _cut(block, asked[i] if i in asked else numbers[i])
        elif rank == _ARTICLE and block.kind is not BlockKind.HEADING:
            parts = [block]  # one that is quoted
        elif (
            i in items
            or (in_article and _is_item_of_article(block, rank, split[-1]))
            or (in_answer and rank is not None and rank > _SECTION and i + 1 not in asked)
        ):
            parts = [dataclasses.replace(block, kind=BlockKind.LIST_ITEM)]
        else:
            parts = _split(block, body[i + 1] if i + 1 < len(body) else None)
        split += parts
        if parts[0].kind is BlockKind.HEADING:
            in_answer = i in asked
            in_article = i in numbers or rank == _ARTICLE or (in_article and rank is None)
    return _with_levels(_without_lists(split))


def _rank(block: Block) -> int | None:
    """The place of a block's number in `RANKS`; None where it has none."""
    return None if block.kind is BlockKind.TABLE_ROW else rank_of(block.text)


def _join_torn(blocks: Sequence[Block]) -> list[Block]:
    """Join paragraphs that were torn inside a sentence, a word or a number; when in doubt leave them."""
    joined: list[Block] = []
    was_torn_word = False
    for block in blocks:
        before = joined[-1] if joined else None
        if before is None or not _is_torn(before, block, was_torn_word):
            joined.append(block)
            was_torn_word = False
            continue
        torn_number = _TORN_NUMBER.search(before.text) or _DIGITS.fullmatch(block.text)
        text = before.text + block.text if torn_number else join(before.text, block.text)
        joined[-1] = dataclasses.replace(before, text=text)
        was_torn_word = len(block.text) <= _MAX_TORN
    return joined


def _is_torn(before: Block, block: Block, was_torn_word: bool) -> bool:
    """Whether `block` goes on where `before` stops; `before` may end in a word that was torn out itself."""
    if before.kind not in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM) or block.kind is not BlockKind.PARAGRAPH:
        return False
    if len(before.text) > _MAX_JOINED:
        return False
    if _TORN_NUMBER.search(before.text) and block.text[0].isdigit():
        return True
    if _ENDS.search(before.text):
        return False
    if _CONTINUES.match(block.text) or (_DIGITS.fullmatch(block.text) and before.text[-1] in ascii_letters):
        return True
    if _rank(block) is not None:
        return False
    return was_torn_word or bool(_OPEN.search(before.text)) or _closes(before.text, block.text)


def _closes(before: str, text: str) -> bool:
    """Whether `text` closes a bracket that `before` left open, or is a word torn out within it."""
    for opening, closing in ("（）", "《》", "“”"):
        if before.count(opening) > before.count(closing):
            at = text.find(closing)
            return opening not in text[:at] if at >= 0 else len(text) <= _MAX_TORN
    return False


def _with_title(blocks: list[Block]) -> tuple[list[Block], int]:
    """The blocks with the title as the only heading of level 1, and the number of blocks up to it."""
    top = [i for i, block in enumerate(blocks) if block.kind is BlockKind.HEADING and block.level == 1]
    first = top[0] if top else None
    if first is not None and _is_given_title(blocks, top):
        others = top[1:]
        title: int | None = first
    else:
        others = top
        title = _find_title(blocks[:first])
    below = 1 if others else 0
    shifted = [
        dataclasses.replace(block, level=block.level + below)
        if below and block.kind is BlockKind.HEADING and block.level and i != first
        else block
        for i, block in enumerate(blocks)
    ]
    if first is not None and title != first:
        shifted[first] = dataclasses.replace(blocks[first], level=2)
    if title is not None:
        shifted[title] = dataclasses.replace(blocks[title], kind=BlockKind.HEADING, level=1)
    return shifted, 0 if title is None else title + 1


def _is_given_title(blocks: Sequence[Block], top: Sequence[int]) -> bool:
    """Whether the first heading of level 1 is the title and no section."""
    first = blocks[top[0]]
    if _rank(first) is not None or top[0] > _MAX_BEFORE_TITLE:
        return False
    others = [blocks[i] for i in top[1:]]
    return not others or bool(_TITLE.search(first.text)) or all(_rank(block) is not None for block in others)


def _find_title(blocks: Sequence[Block]) -> int | None:
    """The place of the title among the leading paragraphs; None where none looks like one."""
    leading = []
    for i, block in enumerate(blocks[:_MAX_BEFORE_TITLE]):
        numbered = _rank(block) not in (None, _PERIOD)
        if block.kind is not BlockKind.PARAGRAPH or numbered or len(block.text) > 2 * _MAX_TITLE:
            break
        if len(block.text) <= _MAX_TITLE and not _ENDS.search(block.text) and not _NO_TITLE.match(block.text):
            leading.append(i)
    named = next((i for i in leading if _TITLE.search(blocks[i].text.replace(" ", ""))), None)
    return named if named is not None else next((i for i in leading if i == 0 and len(blocks) > 1), None)


def _cut(block: Block, length: int) -> list[Block]:
    """The first `length` characters as a heading, and what stands behind them as its text; a short line whole."""
    rest = block.text[length:].strip()
    if not rest or not (_FINAL.search(rest) or _ENDS.search(rest) or len(block.text) > _MAX_HEADING):
        return [_heading(block, block.text)]
    return [_heading(block, block.text[:length].strip()), dataclasses.replace(block, text=rest)]


def _items(blocks: Sequence[Block]) -> set[int]:
    """The places of numbered lines that are short items behind a lead-in; longer ones are headings with their text."""
    lines = list(lines_of(blocks))
    text = "\n".join(line.text for line in lines)
    places = {line.start: i for i, line in enumerate(lines)}
    found: set[int] = set()
    for is_heading, group in itertools.groupby(lines, key=lambda line: line.kind is BlockKind.HEADING):
        sections = [] if is_heading else list(lists(list(group)))
        for section in sections:
            leads = text[section.start : section.body].rstrip()
            # Behind a full stop stand sections of a report: 今年要办好以下几件事。
            if section.kind is SectionKind.LIST and leads.endswith(("：", ":")) and lead_in(leads) is not None:
                items = [
                    item
                    for item in sections
                    if item.kind is SectionKind.ITEM and section.body <= item.start < section.end
                ]
                if len(items) > 1 and all(item.end - item.start <= _MAX_ITEM for item in items):
                    found |= {places[item.start] for item in items if item.start in places}
    return found


def _is_item_of_article(block: Block, rank: int | None, before: Block) -> bool:
    """Whether a numbered line below the heading of an article is an item of it; the paragraphs of an article have no number."""
    if block.kind not in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM) or rank is None:
        return False
    if rank == _SECTION:  # else it is a section that stands behind the articles
        before_rank = _rank(before) if before.kind is BlockKind.LIST_ITEM else None
        return before.text.endswith(("：", ":")) or (before_rank is not None and before_rank >= _SECTION)
    return rank > _ARTICLE


def _split(block: Block, after: Block | None) -> list[Block]:
    """A paragraph as a heading, as a heading and its text, as a list item, or as it was."""
    rank = _rank(block) if block.kind is BlockKind.PARAGRAPH else None
    if rank is None:
        return [block]
    match = RANKS[rank][1].match(block.text)
    number = match[0] if match else ""
    rest = block.text[len(number) :].strip()
    if len(block.text) <= _MAX_HEADING and not _FINAL.search(rest) and not block.text.endswith(("：", ":", "，")):
        return [_heading(block, block.text)]
    start, end = sentences(block.text)[0]
    first, behind = block.text[start:end].strip(), block.text[end:].strip()
    # A line of its own may be longer than a heading that its text follows.
    longest = _MAX_INLINE.get(rank, 0) + (0 if behind or rank > _SUBSECTION else _MAX_TORN)
    if rank <= _SUBSECTION and len(behind) >= _MIN_BODY:
        longest += _MAX_LONGER
    short = len(first) <= longest and not _FIGURE.search(first[len(number) :]) and not re.search("[；;]", first)
    if short and behind:
        return [_heading(block, first), dataclasses.replace(block, text=behind)]
    if short and after is not None and after.kind is BlockKind.PARAGRAPH and (_rank(after) or rank + 1) > rank:
        return [_heading(block, first)]
    if rank >= _SUBSECTION and not behind:
        return [dataclasses.replace(block, kind=BlockKind.LIST_ITEM)]
    return [block]


def _heading(block: Block, text: str) -> Block:
    return dataclasses.replace(block, text=text, kind=BlockKind.HEADING, level=0)


def _without_lists(blocks: list[Block]) -> list[Block]:
    """Headings that this module found and that follow one another over nothing are the items of a list.

    A table of contents is one as well; the last of its run is the first heading of the text.
    """
    result: list[Block] = []
    for (rank, is_numbered), group in itertools.groupby(blocks, key=lambda block: (_rank(block), _is_numbered(block))):
        run = list(group)
        if not is_numbered or rank is None or len(run) < (2 if rank >= _SUBSECTION else 3):
            result += run
            continue
        last = [] if rank >= _SUBSECTION else run[-1:]
        items = run[: len(run) - len(last)]
        result += [dataclasses.replace(block, kind=BlockKind.LIST_ITEM, level=0) for block in items] + last
    return result


def _is_numbered(block: Block) -> bool:
    """A list item, or a heading whose level is still open."""
    return block.kind is BlockKind.LIST_ITEM or _is_open(block)


def _with_levels(blocks: list[Block]) -> list[Block]:
    """A level for every heading that has none: its rank among the ranks that occur, below those given."""
    given: dict[int, int] = {}
    above = 1  # the lowest level of a heading that has a level and no number
    for block in blocks:
        if block.kind is BlockKind.HEADING and block.level:
            rank = _rank(block)
            if rank is not None and block.level > 1:
                given[rank] = min(given.get(rank, block.level), block.level)
            else:
                above = max(above, block.level)
    levels = dict(given)
    found = {rank for block in blocks if _is_open(block) and (rank := _rank(block)) is not None}
    for rank in sorted(found - given.keys()):
        # An annex stands beside the sections, not above them.
        higher = [level for other, level in levels.items() if other < rank and other != _ANNEX]
        if rank == _ANNEX:
            higher = []
        levels[rank] = max(higher) + 1 if higher else above + 1
    result = []
    in_annex = False  # whose sections are one level lower
    last = 0  # the level of the last heading that is none of the questions without a number
    path: list[tuple[int, int]] = []  # the headings in force: level by rank, level as it is given
    for block in blocks:
        if block.kind is BlockKind.HEADING:
            is_open, level = _is_open(block), block.level
            if is_open:
                rank = _rank(block)
                in_annex = in_annex and rank != _ANNEX
                # A question without a number stands below the heading in force, beside the one before.
                level = max(last, above) + 1 if rank is None else levels[rank] + in_annex
                in_annex = in_annex or rank == _ANNEX
            last = last if is_open and _rank(block) is None else level
            path = [(by_rank, given_level) for by_rank, given_level in path if by_rank < level]
            # No level is left out below a heading: a list of terms in an annex has no sections above it.
            final = min(level, path[-1][1] + 1) if is_open and path else level
            path.append((level, final))
            block = dataclasses.replace(block, level=final)
        result.append(block)
    return result


def _is_open(block: Block) -> bool:
    return block.kind is BlockKind.HEADING and not block.level
