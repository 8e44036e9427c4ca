"""Files that are written whole or not at all."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.storage.atomic import write_atomically


def test_the_pieces_take_the_place_of_the_file(tmp_path: Path) -> None:
    """The new content whole, in folders that were missing, and nothing else beside it."""
    path, aside = tmp_path / "a" / "b.txt", tmp_path / "aside"
    write_atomically(path, b"old", aside=aside)
    write_atomically(path, iter([b"n", b"ew"]), aside=aside)
    assert (b"new", ["b.txt"], []) == (path.read_bytes(), [at.name for at in path.parent.iterdir()], [*aside.iterdir()])


def test_what_breaks_off_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    """An error between two pieces costs the new content only, and leaves nothing behind."""

    def pieces() -> Iterator[bytes]:
        yield b"new"
        raise RuntimeError

    path = tmp_path / "a.txt"
    write_atomically(path, b"old")
    with pytest.raises(RuntimeError):
        write_atomically(path, pieces())
    assert (b"old", [path]) == (path.read_bytes(), [*tmp_path.iterdir()])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no such modes")
def test_a_private_file_is_its_owners(tmp_path: Path) -> None:
    """Nobody else reads it."""
    write_atomically(tmp_path / "a.txt", b"", private=True)
    assert 0o600 == (tmp_path / "a.txt").stat().st_mode & 0o777
