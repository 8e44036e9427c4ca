"""Passages are cut from the text of their document, so that the two can never differ; a long text is read once for many."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kb.storage.catalogue.schema import StoredPassage, passage_of


def text_of(connection: sqlite3.Connection, document_id: int) -> str | None:
    """The text of a document; None where it is not kept."""
    row = connection.execute("SELECT text FROM documents WHERE id = ?", (document_id,)).fetchone()
    return None if row is None else str(row[0])


def cut(connection: sqlite3.Connection, rows: Iterable[Sequence[Any]]) -> Iterator[tuple[Sequence[Any], StoredPassage]]:
    """Each row that begins as those of PASSAGE_QUERY do, with its passage; what was deleted meanwhile is left out.

    The text is read once for neighbours of one document. SQLite, asked for the words of each, would count through all
    before them: of a text of a megabyte an ingest took a minute for that alone.
    """
    document, text = None, None
    for row in rows:
        if row[1] != document:
            document, text = row[1], text_of(connection, row[1])
        if text is not None:
            yield row, passage_of(row, text)
