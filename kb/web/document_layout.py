"""The lines of a document as a page shows them: headings, paragraphs, rows of tables.

text, heading paths of the passages → lines with levels, cells and pages → those that a span touches, marked
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from kb.chinese.text import CELL_MARK, without_spaces
from kb.types import Passage

TITLE_LEVEL = 1
_LABEL_END = "："
_LONGEST_LABEL = 20  # characters; what is longer is a sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPiece:
    """Words of a line, within the marked span or outside it."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLine:
    """One line of a text: a heading, a paragraph, or a row of a table."""

    start: int
    end: int
    level: int = 0  # of a heading, 1 is the title; 0 for all else
    page: int | None = None  # where a new page begins with this line
    cells: tuple[tuple[TextPiece, ...], ...]  # of a row; one for all else

    @property
    def is_row(self) -> bool:
        return len(self.cells) > 1

    @property
    def is_marked(self) -> bool:
        return any(piece.marked for cell in self.cells for piece in cell)

    @property
    def text(self) -> str:
        return CELL_MARK.join(map(_text_of, self.cells))


def lines(
    text: str, passages: Sequence[Passage], *, title: str, marked: tuple[int, int] | None = None
) -> tuple[TextLine, ...]:
    """The lines of `text` that are not empty, in order; `marked` is a span of it, which may go over several lines.

    A span that does not lie within `text` marks nothing.
    """
    start, end = marked if marked and 0 <= marked[0] < marked[1] <= len(text) else (0, 0)
    levels = _levels(text, passages, title)
    pages = _pages(text, passages)
    return tuple(
        TextLine(
            start=at,
            end=at + len(words),
            level=levels.get(at, 0),
            page=pages.get(at),
            cells=tuple(_pieces(cell, place, start, end) for cell, place in _cells(words, at)),
        )
        for words, at in _rows(text)
        if words.strip()
    )


def outline(all_lines: Sequence[TextLine]) -> tuple[TextLine, ...]:
    """The headings below the title."""
    return tuple(line for line in all_lines if line.level > TITLE_LEVEL)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextTable:
    """Rows that follow each other. `head` is empty where the cells do not carry the names of their columns."""

    head: tuple[str, ...]
    rows: tuple[TextLine, ...]


def with_tables(all_lines: Sequence[TextLine]) -> Iterator[TextLine | TextTable]:
    """The lines, with rows that have as many cells and follow each other as one table.

    Each cell carries the name of its column (年份：2024) in the text; where all of a column do, it stands at its head.
    """
    for (columns, _), group in groupby(all_lines, key=lambda line: (len(line.cells), line.is_row and _labels(line))):
        if columns == 1:
            yield from group
        else:
            rows = tuple(group)
            head = _labels(rows[0])
            yield TextTable(head=head, rows=tuple(_without_labels(row, head) for row in rows) if head else rows)


def _labels(row: TextLine) -> tuple[str, ...]:
    """The names of the columns that the cells of a row carry; none where one of them carries none."""
    labels = tuple(_text_of(cell).partition(_LABEL_END) for cell in row.cells)
    whole = all(label and mark and len(label) <= _LONGEST_LABEL for label, mark, _ in labels)
    return tuple(label for label, _, _ in labels) if whole else ()


def _without_labels(row: TextLine, head: Sequence[str]) -> TextLine:
    cells = tuple(tuple(_behind(cell, len(label + _LABEL_END))) for cell, label in zip(row.cells, head, strict=True))
    return replace(row, cells=cells)


def _behind(pieces: Sequence[TextPiece], place: int) -> Iterator[TextPiece]:
    """The pieces from `place` on."""
    for piece in pieces:
        if len(piece.text) > place:
            yield replace(piece, text=piece.text[place:])
        place = max(place - len(piece.text), 0)


def _text_of(cell: Sequence[TextPiece]) -> str:
    return "".join(piece.text for piece in cell)


def _rows(text: str) -> Iterator[tuple[str, int]]:
    at = 0
    for words in text.split("\n"):
        yield words, at
        at += len(words) + 1


def _levels(text: str, passages: Sequence[Passage], title: str) -> dict[int, int]:
    """The levels of headings by their places. A passage begins with the headings that it opens, after the title."""
    levels: dict[int, int] = {}
    before: tuple[str, ...] = ()
    for passage in passages:
        new = [
            depth
            for depth, heading in enumerate(passage.heading)
            if depth >= len(before) or before[: depth + 1] != passage.heading[: depth + 1]
        ]
        at = passage.start
        for words in text[passage.start : passage.end].split("\n"):
            depth = next((depth for depth in new if passage.heading[depth] == words), None)
            if depth is not None:
                levels[at] = depth + TITLE_LEVEL + 1
                new = [deeper for deeper in new if deeper > depth]
            elif not levels and words and without_spaces(words) == without_spaces(title):
                levels[at] = TITLE_LEVEL
            elif not new:
                break
            at += len(words) + 1
        before = passage.heading
    return levels


def _pages(text: str, passages: Sequence[Passage]) -> dict[int, int]:
    """The pages by the places of the lines with which they begin, as far as passages tell."""
    pages: dict[int, int] = {}
    last: int | None = None
    for passage in passages:
        if passage.page is not None and passage.page != last:
            last = passage.page
            if passage.start == 0 or text[passage.start - 1] == "\n":
                pages[passage.start] = passage.page
    return pages


def _cells(words: str, at: int) -> Iterator[tuple[str, int]]:
    for cell in words.split(CELL_MARK):
        yield cell, at
        at += len(cell) + len(CELL_MARK)


def _pieces(words: str, at: int, start: int, end: int) -> tuple[TextPiece, ...]:
    """`words`, which stand at `at`, cut where the span from `start` to `end` begins and ends."""
    first, last = (min(max(place - at, 0), len(words)) for place in (start, end))
    cut = (
        TextPiece(text=words[:first]),
        TextPiece(text=words[first:last], marked=True),
        TextPiece(text=words[last:]),
    )
    return tuple(piece for piece in cut if piece.text)
