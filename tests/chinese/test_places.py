"""Places that a text names."""

from __future__ import annotations

import pytest

from kb.chinese.places import places


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("福建省呢？", ["福建"]),
        ("福建呢？", ["福建"]),
        ("重庆市和四川省谁更多？", ["重庆", "四川"]),
        ("养老金多少钱？", []),
    ],
)
def test_provinces_and_cities(text: str, named: list[str]) -> None:
    """A province is the same with 省 or 市 and without."""
    assert named == places(text)
