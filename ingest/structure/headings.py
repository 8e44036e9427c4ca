"""Blocks of a text → those with its headings found by their numbers and wording; their levels are still open.

Numbered lines are headings over the text behind them, or items: below an article, in an answer, behind a lead-in, and
where they follow one another over nothing. Those that are counted together are one or the other.
"""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Sequence

from ingest.structure.articles import articles
from ingest.structure.lines import lines_of
from ingest.structure.lists import lead_in, lists
from ingest.structure.numbering import RANKS, item_number, rank_of
from ingest.structure.questions import questions
from kb.chinese.lexicon import read_lexicon
from kb.chinese.text import sentences
from kb.types import Block, BlockKind, SectionKind

_LEXICON = read_lexicon(__name__)
_LABEL, _FIELD = _LEXICON["label"], _LEXICON["field"]

_NAMES = tuple(name for name, _ in RANKS)
_SECTION, _ARTICLE, _SUBSECTION = _NAMES.index("一、"), _NAMES.index("条"), _NAMES.index("（一）")

_MAX_HEADING = 45  # characters, number included
_MAX_INLINE = {_SECTION: 40, _SUBSECTION: 40, _SUBSECTION + 1: 26}  # of a heading with text behind it
_MIN_BODY = 30  # characters behind a longer heading
_MAX_LONGER = 16
_MAX_ALONE = 10  # characters by which a heading in a line of its own may be longer
_MAX_ITEM = 200  # of an item with what stands below it
_MAX_COUNTED = 100  # of a heading that others are counted with
_FINAL = re.compile(r"[。！？!?；;…]")
_ENDS = re.compile(r"[。！？!?；;…：:][”’」』）)]*$")
_COLON = ("：", ":")
_FIGURE = re.compile(
    r"\d[\d.]*[多余]?[万亿]*(?:元|%|％|个|件|次|人|名|公里|亩|吨|项|户|倍|套|家|所|座|米|千瓦|场|期|条|位|天|日)"
)


def headings(blocks: Sequence[Block]) -> list[Block]:
    """The blocks below the title, with headings of level 0 for those that this module finds.

    What stands behind the heading of a paragraph is a paragraph of its own. Raises nothing.
    """
    labels = _labels(blocks)
    numbers, asked, items = articles(blocks), questions(blocks), _items(blocks, labels)
    found: list[Block] = []
    origins: list[int] = []  # the place among `blocks` of what each was made of
    in_article = in_answer = False
    for i, block in enumerate(blocks):
        rank = rank_of_block(block)
        if i in asked or i in numbers:
            parts = _cut(block, asked[i] if i in asked else numbers[i])
        elif rank == _ARTICLE and block.kind is not BlockKind.HEADING:
            parts = [block]  # one that is quoted
        elif (
            i in items
            or (in_article and _is_item_of_article(block, rank, found[-1]))
            or (in_answer and rank is not None and rank > _SECTION and i + 1 not in asked)
        ):
            parts = [dataclasses.replace(block, kind=BlockKind.LIST_ITEM)]
        elif i in labels and not in_article and (i + 1 in items or rank_of_block(blocks[i + 1]) != _SECTION):
            parts = [_heading(block, block.text)]
        else:
            parts = _split(block, blocks[i + 1] if i + 1 < len(blocks) else None)
        found += parts
        origins += [i] * len(parts)
        if parts[0].kind is BlockKind.HEADING:
            in_answer = i in asked
            in_article = i in numbers or rank == _ARTICLE or (in_article and rank is None)
    return _uniform(_without_lists(found), origins, blocks)


def rank_of_block(block: Block) -> int | None:
    """The place of a block's number in `RANKS`; None where it has none."""
    return None if block.kind is BlockKind.TABLE_ROW else rank_of(block.text)


def _labels(blocks: Sequence[Block]) -> set[int]:
    """The places of short lines without marks that name what stands below them: 申请材料, 办理流程及时限."""
    found = set()
    for i, (block, after) in enumerate(itertools.pairwise(blocks)):
        if (
            block.kind is not BlockKind.PARAGRAPH
            or not _LABEL.fullmatch(block.text)
            or rank_of_block(block) is not None
        ):
            continue
        number = item_number(after.text) if after.kind is not BlockKind.TABLE_ROW else None
        leads = (number is not None and number.ordinal == 1) or (number is None and after.kind is BlockKind.LIST_ITEM)
        names = after.kind is BlockKind.PARAGRAPH and _FINAL.search(after.text) and _FIELD.fullmatch(block.text)
        if leads or names:
            found.add(i)
    return found


def _cut(block: Block, length: int) -> list[Block]:
    """The first `length` characters as a heading, and what stands behind them as its text; a short line whole."""
    rest = block.text[length:].strip()
    if not rest or not (_FINAL.search(rest) or _ENDS.search(rest) or len(block.text) > _MAX_HEADING):
        return [_heading(block, block.text)]
    return [_heading(block, block.text[:length].strip()), dataclasses.replace(block, text=rest)]


def _items(blocks: Sequence[Block], labels: set[int]) -> set[int]:
    """The places of numbered lines that are short items behind a lead-in or a label.

    Longer ones are headings with their text.
    """
    lines = list(lines_of(blocks))
    text = "\n".join(line.text for line in lines)
    places = {line.start: i for i, line in enumerate(lines)}
    found: set[int] = set()
    for is_heading, group in itertools.groupby(lines, key=lambda line: line.kind is BlockKind.HEADING):
        sections = [] if is_heading else list(lists(list(group)))
        for section in sections:
            leads = text[section.start : section.body].rstrip()
            labelled = section.start == section.body and places.get(section.start, 0) - 1 in labels
            # Behind a full stop stand sections of a report: 今年要办好以下几件事。
            led = leads.endswith(_COLON) and lead_in(leads) is not None
            if section.kind is SectionKind.LIST and (led or labelled):
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
        before_rank = rank_of_block(before) if before.kind is BlockKind.LIST_ITEM else None
        return before.text.endswith(_COLON) or (before_rank is not None and before_rank >= _SECTION)
    return rank > _ARTICLE


def _split(block: Block, after: Block | None) -> list[Block]:
    """A paragraph as a heading, as a heading and its text, as a list item, or as it was."""
    rank = rank_of_block(block) if block.kind is BlockKind.PARAGRAPH else None
    if rank is None:
        return [block]
    match = RANKS[rank][1].match(block.text)
    number = match[0] if match else ""
    rest = block.text[len(number) :].strip()
    if len(block.text) <= _MAX_HEADING and not _FINAL.search(rest) and not block.text.endswith((*_COLON, "，")):
        return [_heading(block, block.text)]
    start, end = sentences(block.text)[0]
    first, behind = block.text[start:end].strip(), block.text[end:].strip()
    # A line of its own may be longer than a heading that its text follows.
    longest = _MAX_INLINE.get(rank, 0) + (0 if behind or rank > _SUBSECTION else _MAX_ALONE)
    if rank <= _SUBSECTION and len(behind) >= _MIN_BODY:
        longest += _MAX_LONGER
    short = len(first) <= longest and not _FIGURE.search(first[len(number) :]) and not re.search("[；;]", first)
    if short and behind:
        return [_heading(block, first), dataclasses.replace(block, text=behind)]
    if short and after is not None and after.kind is BlockKind.PARAGRAPH and (rank_of_block(after) or rank + 1) > rank:
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
    for (rank, is_numbered), group in itertools.groupby(
        blocks, key=lambda block: (rank_of_block(block), _is_numbered(block))
    ):
        run = list(group)
        if not is_numbered or rank is None or len(run) < (2 if rank >= _SUBSECTION else 3):
            result += run
            continue
        last = [] if rank >= _SUBSECTION else run[-1:]
        items = run[: len(run) - len(last)]
        result += [dataclasses.replace(block, kind=BlockKind.LIST_ITEM, level=0) for block in items] + last
    return result


def _uniform(found: list[Block], origins: Sequence[int], blocks: Sequence[Block]) -> list[Block]:
    """The same where of the lines that are counted together some are headings and some are not: all are what most are."""
    result: list[Block | None] = list(found)
    for run in _counted(found):
        headed = [i for i in run if found[i].kind is BlockKind.HEADING]
        if not headed or len(headed) == len(run):
            continue
        if 2 * len(headed) >= len(run):
            for i in set(run) - set(headed):
                result[i] = _heading(found[i], found[i].text) if len(found[i].text) <= _MAX_COUNTED else found[i]
            continue
        for i in headed:
            result[i] = dataclasses.replace(blocks[origins[i]], kind=BlockKind.LIST_ITEM)
            if i + 1 < len(found) and origins[i + 1] == origins[i]:
                result[i + 1] = None
    return [block for block in result if block is not None]


def _counted(found: Sequence[Block]) -> list[list[int]]:
    """The places of numbered lines in runs: those of one rank that are counted on, with no heading of another kind between."""
    runs: list[list[int]] = []
    open_runs: dict[int, tuple[list[int], int]] = {}  # by rank: a run, and its last ordinal
    for i, block in enumerate(found):
        rank = rank_of_block(block)
        number = item_number(block.text)
        if rank is None or rank < _SECTION or rank == _ARTICLE or number is None or block.level:
            if block.kind is BlockKind.HEADING:
                open_runs = {}
            continue
        open_runs = {other: run for other, run in open_runs.items() if other <= rank}
        run, last = open_runs.get(rank, ([], 0))
        if not run or number.ordinal != last + 1:
            run = []
            runs.append(run)
        run.append(i)
        open_runs[rank] = (run, number.ordinal)
    return runs


def _is_numbered(block: Block) -> bool:
    """A list item, or a heading whose level is still open."""
    return block.kind is BlockKind.LIST_ITEM or is_open(block)


def is_open(block: Block) -> bool:
    """Whether a block is a heading whose level is not known yet."""
    return block.kind is BlockKind.HEADING and not block.level
