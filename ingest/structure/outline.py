"""Blocks as the file has them → blocks with a title and levels of headings, without the boilerplate of pages.

The Chinese order of sections is 第一章 · 第一节 · 一、 · （一） · 1. · （1）; a format hardly ever marks it.
Nothing is invented and nothing reordered: apart from boilerplate and white space the text stays as it was.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from string import ascii_letters

from ingest.lines import join
from ingest.structure.boilerplate import without_boilerplate
from ingest.structure.headings import headings, is_open, rank_of_block
from ingest.structure.numbering import RANKS
from kb.types import Block, BlockKind

_NAMES = tuple(name for name, _ in RANKS)
_ANNEX, _PERIOD = _NAMES.index("附件"), _NAMES.index("时期")

_MAX_TITLE = 70  # characters
_MAX_BEFORE_TITLE = 12  # blocks
_ENDS = re.compile(r"[。！？!?；;…：:][”’」』）)]*$")
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
    return _with_levels([*titled[:num_before], *headings(titled[num_before:])])


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
    if rank_of_block(block) is not None:
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
    if rank_of_block(first) is not None or top[0] > _MAX_BEFORE_TITLE:
        return False
    others = [blocks[i] for i in top[1:]]
    return not others or bool(_TITLE.search(first.text)) or all(rank_of_block(block) is not None for block in others)


def _find_title(blocks: Sequence[Block]) -> int | None:
    """The place of the title among the leading paragraphs; None where none looks like one."""
    leading = []
    for i, block in enumerate(blocks[:_MAX_BEFORE_TITLE]):
        numbered = rank_of_block(block) not in (None, _PERIOD)
        if block.kind is not BlockKind.PARAGRAPH or numbered or len(block.text) > 2 * _MAX_TITLE:
            break
        if len(block.text) <= _MAX_TITLE and not _ENDS.search(block.text) and not _NO_TITLE.match(block.text):
            leading.append(i)
    named = next((i for i in leading if _TITLE.search(blocks[i].text.replace(" ", ""))), None)
    return named if named is not None else next((i for i in leading if i == 0 and len(blocks) > 1), None)


def _with_levels(blocks: list[Block]) -> list[Block]:
    """A level for every heading that has none: its rank among the ranks that occur, below those given."""
    given: dict[int, int] = {}
    above = 1  # the lowest level of a heading that has a level and no number
    for block in blocks:
        if block.kind is BlockKind.HEADING and block.level:
            rank = rank_of_block(block)
            if rank is not None and block.level > 1:
                given[rank] = min(given.get(rank, block.level), block.level)
            else:
                above = max(above, block.level)
    levels = dict(given)
    found = {rank for block in blocks if is_open(block) and (rank := rank_of_block(block)) is not None}
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
            was_open, level = is_open(block), block.level
            if was_open:
                rank = rank_of_block(block)
                in_annex = in_annex and rank != _ANNEX
                # A question without a number stands below the heading in force, beside the one before.
                level = max(last, above) + 1 if rank is None else levels[rank] + in_annex
                in_annex = in_annex or rank == _ANNEX
            last = last if was_open and rank_of_block(block) is None else level
            path = [(by_rank, given_level) for by_rank, given_level in path if by_rank < level]
            # No level is left out below a heading: a list of terms in an annex has no sections above it.
            final = min(level, path[-1][1] + 1) if was_open and path else level
            path.append((level, final))
            block = dataclasses.replace(block, level=final)
        result.append(block)
    return result
