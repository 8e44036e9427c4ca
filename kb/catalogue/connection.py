"""Transactions and lists for the catalogue's connection."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Collection, Iterator


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is done within happens, or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def as_list(ids: Collection[int] | None) -> str | None:
    """Ids as a query takes them: a JSON list, or null for all."""
    return None if ids is None else json.dumps(list(ids))
