"""A file beside the catalogue: whole writes, and errors that say what to do."""

from __future__ import annotations

import sqlite3
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kb.errors import StoreError
from kb.storage.sqlite import Store

TABLES = "CREATE TABLE words (word TEXT PRIMARY KEY);\nCREATE INDEX by_word ON words (word);\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "below" / "words.sqlite3"


def opened(path: Path, version: int = 1) -> Store:
    return Store(path, tables=TABLES, version=version)


def test_what_is_written_is_there_when_opened_again(path: Path) -> None:
    """A write outlives its process."""
    store = opened(path)
    with store.write() as connection:
        connection.execute("INSERT INTO words VALUES ('问')")
    store.close()
    assert [("问",)] == opened(path).rows("SELECT word FROM words")


def test_a_write_that_fails_leaves_nothing(path: Path) -> None:
    """Half a write is none."""
    store = opened(path)

    def write_twice() -> None:
        with store.write() as connection:
            connection.execute("INSERT INTO words VALUES ('问')")
            connection.execute("INSERT INTO words VALUES ('问')")

    with pytest.raises(sqlite3.IntegrityError):
        write_twice()
    assert [] == store.rows("SELECT word FROM words")
    assert store.row("SELECT word FROM words") is None


def test_threads_share_a_store(path: Path) -> None:
    """Writes side by side are all kept."""
    store = opened(path)

    def write(number: int) -> None:
        with store.write() as connection:
            connection.execute("INSERT INTO words VALUES (?)", (str(number),))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, range(100)))
    assert (100,) == store.row("SELECT count(*) FROM words")


def test_another_version_is_refused(path: Path) -> None:
    """A file of another version is named, and left as it is."""
    opened(path).close()
    with pytest.raises(StoreError, match=path.name):
        opened(path, version=2)
    opened(path)


@pytest.mark.parametrize("content", [b"no database at all, but text", b"\x00" * 4096])
def test_what_is_no_database_is_refused(path: Path, content: bytes) -> None:
    """A broken file is named, with what to do."""
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(StoreError, match="备份"):
        opened(path)


def test_a_table_that_is_gone_is_told(path: Path) -> None:
    """What SQLite says comes as our error."""
    with pytest.raises(StoreError, match="无法读写"):
        opened(path).rows("SELECT * FROM lost")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_only_its_owner_reads_it(path: Path) -> None:
    """Nobody else on the machine reads accounts or questions."""
    opened(path)
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)
