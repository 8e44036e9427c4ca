"""Blocks → the lines in which a document says what it is: those at its head, those at its end, those in between."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kb.types import Block, BlockKind

HEAD_LINES = 30  # title, number, header table, history, cover letter
TAIL_LINES = 12  # signature and imprint
_LONG_ROW = 120  # characters of a table row from which it is a layout table around running text
_SPACE = re.compile(r"\s+")


def lines_of(blocks: Sequence[Block]) -> list[str]:
    """The lines of a document; a page that stands whole in a cell is cut where it has spaces."""
    return [line for block in blocks for line in _lines(block) if line]


def _lines(block: Block) -> Iterator[str]:
    if block.kind is BlockKind.TABLE_ROW and len(block.text) > _LONG_ROW:
        yield from _SPACE.split(block.text)
    else:
        yield from map(str.strip, block.text.split("\n"))
