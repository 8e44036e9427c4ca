"""A row of a table as its file has it → its cells, each with the head of its column.

In the text of a document a row is one line, `head：cell | head：cell`, or `label：value` in a form (`ingest.readers.tables`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.answering.structure import Span
from kb.chinese.text import CELL_MARK, trim

_HEAD = re.compile(r"[^：\n]{1,90}：")  # heads above one another are joined to one
_HEAD_PARTS = re.compile(r"[^－]+")  # heads above one another are joined by this dash
_ORDINAL = re.compile(r"(?:序号|编号|No\.?)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of a row, with its spans in the document's text."""

    head: tuple[Span, ...]  # of the heads above one another; none where the column has no head
    value: Span
    is_ordinal: bool = False  # it only counts the rows


def cells_of(text: str, start: int, end: int) -> list[Cell]:
    """The cells of the row of `text` at a span, in order; those without anything are left out."""
    cells: list[Cell] = []
    at = start
    for piece in text[start:end].split(CELL_MARK):
        match = _HEAD.match(piece)
        behind = match.end() if match and match.end() < len(piece) else 0
        value = trim(text, at + behind, at + len(piece))
        head = text[at : at + behind - 1] if behind else ""
        spans = tuple((at + part.start(), at + part.end()) for part in _HEAD_PARTS.finditer(head))
        if value[0] < value[1]:
            cells.append(Cell(head=spans, value=value, is_ordinal=bool(_ORDINAL.search(head))))
        at += len(piece) + len(CELL_MARK)
    return cells
