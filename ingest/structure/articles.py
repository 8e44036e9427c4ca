"""Which lines begin an article of a law, and which only name or quote one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.structure.numbering import ANY_COUNT, ARTICLE_NUMBER, COUNT, RANKS, value_of
from kb.types import Block, BlockKind

_SPACED = dict(RANKS)["条"]
# Without a space behind the number, what follows must not go on with it: 第三条规定的, 第五条第二款, 第六条、第七条.
_GLUED = re.compile(
    rf"{ARTICLE_NUMBER}(?=[“《一-鿿])(?!第|之|至|和|或|与|及|的|所|中|规定|规范|明确|要求|情形|[一二三四五六七八九十]+款)"
)
_NUMBER = re.compile(rf"第\s?(?P<count>{ANY_COUNT})\s?条(?:之(?P<further>{COUNT}))?")
_MOST_MISSING = 3  # articles that a text may leave out


def articles(blocks: Sequence[Block]) -> dict[int, int]:
    """The places of the blocks that begin an article, each with the length of its number and of a heading in brackets.

    Articles are counted. A line that begins with 第二十二条 and has neither the article before nor the one behind it is
    one that a text quotes.
    """
    candidates = [
        (i, match)
        for i, block in enumerate(blocks)
        if block.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
        and (match := _SPACED.match(block.text) or _GLUED.match(block.text))
    ]
    numbers = [_number(match[0]) for _, match in candidates]
    found: dict[int, int] = {}
    last = (0, 0)
    for (i, match), number, following in zip(candidates, numbers, [*numbers, (0, 0)][1:], strict=True):
        spaced = match.re is _SPACED
        follows = _follows(last, number)
        missing = number[0] - last[0] - 1
        begins = number[0] == 1 or (spaced and _follows(number, following))
        if follows or (spaced and ((0 < missing <= _MOST_MISSING and last[0]) or begins)) or number == (1, 0):
            found[i] = match.end()
            last = number
    return found


def _number(text: str) -> tuple[int, int]:
    """第十五条之二 as (15, 2)."""
    match = _NUMBER.match(text)
    return (value_of(match["count"]), value_of(match["further"] or "")) if match else (0, 0)


def _follows(first: tuple[int, int], second: tuple[int, int]) -> bool:
    return second in ((first[0] + 1, 0), (first[0], first[1] + 1))
