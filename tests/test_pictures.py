"""The pictures that the documents show."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests import ROOT

PAGES = [ROOT / "README.md", ROOT / "README.zh.md", *sorted((ROOT / "docs").glob("**/*.md"))]
MOST_BYTES = 4_000_000  # of all pictures: every clone carries them


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_picture_that_a_page_shows_is_there(page: Path) -> None:
    """Each is a file of the repository, and is described for those who do not see it."""
    for words, address in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / address).is_file(), address
        assert words.strip(), address


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_first_screen_shows_the_chat(name: str) -> None:
    """A picture stands before the first heading under the name."""
    assert "](docs/pictures/chat-" in (ROOT / name).read_text(encoding="utf-8").partition("\n## ")[0]


def test_pictures_are_light() -> None:
    """What a reader of the pages needs, and no more."""
    sizes = [path.stat().st_size for path in (ROOT / "docs" / "pictures").glob("*.png")]
    assert 0 < sum(sizes) < MOST_BYTES
