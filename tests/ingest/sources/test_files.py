"""The files at some paths: links between folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.sources.files import Files


def found(folder: Path) -> list[str]:
    """The files that are found below `folder`, as paths from there; none may be refused."""
    refused: dict[str, str] = {}
    paths = Files([folder], refuse=refused.__setitem__).paths
    assert {} == refused
    return [path.relative_to(folder).as_posix() for path in paths]


@pytest.mark.parametrize(("at", "to"), [("loop", "."), ("inner/up", ".."), ("inner/loop", ".")])
def test_looping_link_is_not_entered(at: str, to: str, folder: Path) -> None:
    """A link to its own folder or to one above gives no file a second time."""
    (folder / "inner").mkdir()
    (folder / "a.txt").write_text("甲")
    (folder / "inner" / "b.txt").write_text("乙")
    (folder / at).symlink_to(to, target_is_directory=True)
    assert ["a.txt", "inner/b.txt"] == found(folder)


def test_folder_that_was_given_by_a_link(folder: Path) -> None:
    """A loop ends as well where the way into it is a link."""
    (folder / "real").mkdir()
    (folder / "real" / "a.txt").write_text("甲")
    (folder / "real" / "back").symlink_to(folder / "link", target_is_directory=True)
    (folder / "link").symlink_to("real", target_is_directory=True)
    assert ["a.txt"] == found(folder / "link")


def test_folders_that_link_each_other(folder: Path) -> None:
    """Each is entered from the other, and not from there again."""
    for name, other in (("a", "b"), ("b", "a")):
        (folder / name).mkdir()
        (folder / name / f"{name}.txt").write_text(name)
        (folder / name / "to").symlink_to(folder / other, target_is_directory=True)
    assert ["a/a.txt", "a/to/b.txt", "b/b.txt", "b/to/a.txt"] == found(folder)


def test_linked_folder_is_followed(folder: Path, tmp_path: Path) -> None:
    """A folder that is linked from two places gives its files by both paths."""
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "a.txt").write_text("甲")
    for name in ("one", "two"):
        (folder / name).symlink_to(tmp_path / "shared", target_is_directory=True)
    assert ["one/a.txt", "two/a.txt"] == found(folder)
