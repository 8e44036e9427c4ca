"""The structure of documents: which sections each has, and which section defines a term."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from kb.types import Section, SectionKind

_COLUMNS = 'kind, "start", "end", body, number, title, parent'


class Sections:
    """The sections of the documents of one catalogue."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, document: int, sections: Sequence[Section]) -> None:
        """Keep the sections of a new document, in document order; within a write of the catalogue."""
        self._connection.executemany(
            f"INSERT INTO sections (document, place, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    document, place, section.kind, section.start, section.end, section.body, section.number,
                    section.title, section.parent,
                )
                for place, section in enumerate(sections)
            ],
        )  # fmt: skip

    def of(self, document: int) -> tuple[Section, ...]:
        """The sections of a document, in document order; none where it is not kept, or was made without any."""
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM sections WHERE document = ? ORDER BY place", (document,)
        )
        return tuple(
            Section(kind=SectionKind(kind), start=start, end=end, body=body, number=number, title=title, parent=parent)
            for kind, start, end, body, number, title, parent in rows
        )

    def definitions(self) -> list[tuple[str, int, int, int]]:
        """Every definition: the term, the document, and its span there; by term and document, in document order."""
        query = 'SELECT title, document, "start", "end" FROM sections WHERE kind = ? ORDER BY title, document, place'
        return [tuple(row) for row in self._connection.execute(query, (SectionKind.DEFINITION,))]
