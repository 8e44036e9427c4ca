"""The catalogue's connection: opened with its tables, its transactions, and lists for its queries."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Collection, Iterator
from pathlib import Path

from kb.errors import CatalogueError
from kb.storage.catalogue.schema import TABLES, UPGRADES, VERSION


def opened(path: Path) -> sqlite3.Connection:
    """The file at `path`, with its tables; both are made where they are missing, and tables of an earlier version upgraded.

    Raises OSError and sqlite3.Error where it cannot be opened, CatalogueError where it is of a later version.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, isolation_level=None, timeout=30, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    if _version(connection) < VERSION:
        with transaction(connection):
            version = _version(connection)  # another process may have been first
            scripts = (UPGRADES[before] for before in range(version, VERSION)) if version else (TABLES,)
            for statement in ";\n".join(scripts).split(";\n"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {VERSION}")
    elif (version := _version(connection)) > VERSION:
        raise CatalogueError(
            f"文件库 {path} 的格式为 {version}，本版本只读格式 {VERSION}；请安装建库时的版本，"
            "或用 `--data 新文件夹` 重新导入。"
        )
    return connection


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


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


def as_list(ids: Collection[int] | Collection[str] | None) -> str | None:
    """Ids or digests as a query takes them: a JSON list, or null for all."""
    return None if ids is None else json.dumps(list(ids))
