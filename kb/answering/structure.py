"""A document's sections → containers and blocks: what may be shown whole.

container   an article, a question with its answer, a heading with its text: what a citation names
block       a paragraph, a list with its lead-in, or a table within a container
focus       a sentence, an item, or a row of a block: what answers by itself
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from kb.chinese.text import CELL_MARK, sentences, trim
from kb.types import Section, SectionKind

_CONTAINERS = frozenset(SectionKind) - {SectionKind.LIST, SectionKind.ITEM, SectionKind.TABLE, SectionKind.DEFINITION}

Span = tuple[int, int]
"""Start and end in the text of a document."""


class BlockShape(enum.StrEnum):
    """What a block is."""

    PARAGRAPH = "paragraph"
    LIST = "list"
    TABLE = "table"


@dataclass(frozen=True, slots=True, kw_only=True)
class Focus:
    """A sentence, an item or a row, and what must stand with it: the lead-ins above it, outermost first."""

    start: int
    end: int
    leads: tuple[Span, ...] = ()


@dataclass(frozen=True, eq=False)
class Node:
    """A section with those below it; the outermost is the document."""

    start: int
    end: int
    body: int
    section: Section | None = None
    parent: Node | None = field(default=None, repr=False)
    children: list[Node] = field(default_factory=list, repr=False)

    @property
    def kind(self) -> SectionKind | None:
        return self.section.kind if self.section else None

    @property
    def is_container(self) -> bool:
        return self.section is None or self.section.kind in _CONTAINERS

    @property
    def path(self) -> tuple[str, ...]:
        """The titles or numbers of the containers from the outermost to this one."""
        above = self.parent.path if self.parent else ()
        if self.section is None or not self.is_container:
            return above
        name = " ".join(filter(None, (self.section.number, self.section.title)))
        return (*above, name) if name else above


@dataclass(frozen=True, eq=False)
class UnitBlock:
    """A paragraph, a list or a table of a container."""

    shape: BlockShape
    start: int
    end: int
    body: int  # where its first item or row begins; of a paragraph its start
    container: Node = field(repr=False)
    foci: tuple[Focus, ...]


class Structure:
    """The containers and blocks of one document."""

    def __init__(self, text: str, sections: Sequence[Section]) -> None:
        self.text = text
        self.sections = tuple(sections)
        self.root = Node(0, len(text), 0)
        nodes: list[Node] = []
        for section in sections:
            parent = self.root if section.parent is None else nodes[section.parent]
            node = Node(section.start, section.end, section.body, section, parent)
            parent.children.append(node)
            nodes.append(node)

    @cached_property
    def blocks(self) -> tuple[UnitBlock, ...]:
        """All blocks of the document, in order."""
        return tuple(sorted(self._blocks(self.root), key=lambda block: block.start))

    def blocks_within(self, start: int, end: int) -> list[UnitBlock]:
        """The blocks that share a character with a span."""
        return [block for block in self.blocks if block.start < end and start < block.end]

    def lines(self, start: int, end: int) -> list[Span]:
        """The spans of the lines that hold anything within a span."""
        found, at = [], start
        for line in self.text[start:end].split("\n"):
            first, last = trim(self.text, at, at + len(line))
            if first < last:
                found.append((first, last))
            at += len(line) + 1
        return found

    def _blocks(self, node: Node) -> Iterator[UnitBlock]:
        at = node.body if node.section else node.start
        for child in _parts(node):
            yield from self._paragraphs(node, at, child.start)
            if child.is_container:
                yield from self._blocks(child)
            elif child.kind is SectionKind.TABLE:
                rows = tuple(Focus(start=start, end=end) for start, end in self.lines(child.body, child.end))
                yield UnitBlock(BlockShape.TABLE, child.start, child.end, child.body, node, rows)
            else:
                items = tuple(self._items(child, child.start, ()))
                yield UnitBlock(BlockShape.LIST, child.start, child.end, child.body, node, items)
            at = max(at, child.end)
        yield from self._paragraphs(node, at, node.end)

    def _paragraphs(self, node: Node, start: int, end: int) -> Iterator[UnitBlock]:
        for first, last in self.lines(start, end):
            yield UnitBlock(BlockShape.PARAGRAPH, first, last, first, node, tuple(self._sentences(first, last)))

    def _sentences(self, start: int, end: int, leads: tuple[Span, ...] = ()) -> Iterator[Focus]:
        if CELL_MARK in self.text[start:end]:
            yield Focus(start=start, end=end, leads=leads)
            return
        for first, last in sentences(self.text[start:end]):
            begin, finish = trim(self.text, start + first, start + last)
            if begin < finish:
                yield Focus(start=begin, end=finish, leads=leads)

    def _items(self, node: Node, start: int, leads: tuple[Span, ...]) -> Iterator[Focus]:
        """The items of a list that begins at `start`, each with the lead-ins above it; of an item with items below it these."""
        parts = list(_parts(node))
        lead = trim(self.text, start, parts[0].start if parts else node.body)
        if parts and parts[0].kind is SectionKind.LIST and "\n" not in self.text[start : parts[0].start]:
            yield from self._items(
                parts[0], start, leads
            )  # the number of an item is one lead-in with the words behind it
            parts = parts[1:]
        below = (*leads, lead) if lead[0] < lead[1] else leads
        for child in parts:
            if any(grand.kind in (SectionKind.LIST, SectionKind.ITEM) for grand in _parts(child)):
                yield from self._items(child, child.start, below)
            else:
                first, last = trim(self.text, child.start, child.end)
                if first < last:
                    yield Focus(start=first, end=last, leads=below)


def _parts(node: Node) -> Iterator[Node]:
    """The sections right below a node; a definition is a sentence, so that only a list in it counts."""
    for child in node.children:
        if child.kind is SectionKind.DEFINITION:
            yield from _parts(child)
        else:
            yield child
