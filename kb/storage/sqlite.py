"""SQLite files beside the catalogue, for accounts, the journal, pins and the like.

Each module that stores something has one such file with its own tables, so that one can be copied, emptied or lost without
the others. The catalogue, which is the truth about documents, is not one of them.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kb.errors import StoreError


class Store:
    """One open file. Threads may share it; each write is one transaction."""

    def __init__(self, path: Path, *, tables: str, version: int) -> None:
        """Open the file at `path`; where it is missing it is made, with `tables`, for its owner's eyes only.

        Raises StoreError where it cannot be opened or has tables of another version.
        """
        self.path = path
        self._lock = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                path.touch(mode=0o600)
            self._connection = sqlite3.connect(path, isolation_level=None, timeout=30, check_same_thread=False)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.execute("PRAGMA foreign_keys = ON")
            found = self._make_tables(tables, version)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(
                f"打不开 {path}（{error}）；请检查路径、权限与磁盘，或从备份恢复此文件。",
                english=f"{path} cannot be opened ({error}); check path, permissions and disk, or restore the file from a backup.",
            ) from error
        if found != version:
            raise StoreError(
                f"{path} 的格式为 {found}，本版本只读格式 {version}；请安装建立它时的版本，或移走此文件。",
                english=f"{path} has format {found}, and this version reads only {version}; install the version that made it, or move the file.",
            )

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows that `query` finds. Raises StoreError."""
        with self._exclusive():
            return self._connection.execute(query, values).fetchall()

    def row(self, query: str, *values: Any) -> tuple[Any, ...] | None:
        """The first row that `query` finds. Raises StoreError."""
        return next(iter(self.rows(query, *values)), None)

    @contextlib.contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """All that is done with the connection within happens, or nothing of it. Raises StoreError."""
        with self._exclusive():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def close(self) -> None:
        """Close the file; nothing can be asked of it any more."""
        with self._lock:
            self._connection.close()

    @contextlib.contextmanager
    def _exclusive(self) -> Iterator[None]:
        """One thread at a time, with SQLite's errors raised as StoreError."""
        with self._lock:
            try:
                yield
            except sqlite3.IntegrityError:
                raise  # of the caller's making: a name that is taken
            except sqlite3.Error as error:
                raise StoreError(
                    f"无法读写 {self.path}（{error}）；请检查磁盘空间与权限。",
                    english=f"{self.path} cannot be read or written ({error}); check the disk and its permissions.",
                ) from error

    def _make_tables(self, tables: str, version: int) -> int:
        """The version of the tables, which are made where there are none."""
        self._connection.execute("BEGIN IMMEDIATE")
        (found,) = self._connection.execute("PRAGMA user_version").fetchone()
        if found == 0:
            for statement in filter(None, map(str.strip, tables.split(";\n"))):
                self._connection.execute(statement)
            self._connection.execute(f"PRAGMA user_version = {version}")
            found = version
        self._connection.execute("COMMIT")
        return int(found)


class LateStore:
    """A store that is opened when it is first needed, and again after it was closed; until then nothing can go wrong."""

    def __init__(self, path: Path, *, tables: str, version: int) -> None:
        self._open: Callable[[], Store] = lambda: Store(path, tables=tables, version=version)
        self._lock = threading.Lock()
        self._store: Store | None = None

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows that `query` finds. Raises StoreError, also where the file cannot be opened."""
        return self._opened().rows(query, *values)

    def row(self, query: str, *values: Any) -> tuple[Any, ...] | None:
        """The first row that `query` finds. Raises StoreError, also where the file cannot be opened."""
        return self._opened().row(query, *values)

    @contextlib.contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """As `Store.write`. Raises StoreError, also where the file cannot be opened."""
        with self._opened().write() as connection:
            yield connection

    def close(self) -> None:
        """Close the file, if it is open."""
        with self._lock:
            if self._store is not None:
                self._store.close()
                self._store = None

    def _opened(self) -> Store:
        with self._lock:
            if self._store is None:
                self._store = self._open()
            return self._store
