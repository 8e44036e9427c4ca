"""The blocks of a document as lines with their places in its text, and the sections found in them before they have parents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ingest.structure.numbering import ItemNumber, item_number
from kb.types import Block, BlockKind, Section


@dataclass(frozen=True, slots=True)
class Line:
    """A block, or the part of one behind the number of an item, at its place in `document_text`."""

    text: str
    start: int
    kind: BlockKind
    level: int = 0  # of a heading

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def number(self) -> ItemNumber | None:
        """The number of the item that the line is; None for a row of a table, and where it has none."""
        return None if self.kind is BlockKind.TABLE_ROW else item_number(self.text)

    @property
    def is_row(self) -> bool:
        return self.kind is BlockKind.TABLE_ROW

    def behind(self, offset: int) -> Line:
        """The line without its first `offset` characters and the spaces behind them; a paragraph."""
        rest = self.text[offset:]
        rest_start = self.start + offset + len(rest) - len(rest.lstrip())
        return Line(rest.lstrip(), rest_start, BlockKind.PARAGRAPH)


def lines_of(blocks: Iterable[Block]) -> Iterator[Line]:
    """Each block as a line, at its place in `document_text(blocks)`."""
    start = 0
    for block in blocks:
        yield Line(block.text, start, block.kind, block.level)
        start += len(block.text) + 1


def in_tree(found: Iterable[Section]) -> tuple[Section, ...]:
    """Sections in document order, each with the innermost one around it as its parent.

    Of two with one span the first is the outer one. One that overlaps another by half is left out.
    """
    tree: list[Section] = []
    path: list[int] = []  # the places of the sections that are still open
    for section in sorted(found, key=lambda section: (section.start, -section.end)):
        while path and tree[path[-1]].end <= section.start:
            path.pop()
        if path and tree[path[-1]].end < section.end:
            continue
        tree.append(replace(section, parent=path[-1] if path else None))
        path.append(len(tree) - 1)
    return tuple(tree)
