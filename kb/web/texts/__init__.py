"""The words of the pages: zh.toml and en.toml, each with a table for each page and a row for each text."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final, Literal

Language = Literal["zh", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")

Words = str | Mapping[Literal["one", "other"], str]
"""A text with its values in braces, or its two forms: for a `count` of 1, and for every other."""


def text(name: str, /, language: Language = "zh", **values: object) -> str:
    """The text `name` with `values` in place of their names.

    Raises KeyError for a name that the tables do not have, and for a value that is missing.
    """
    words = _texts(language)[name]
    if not isinstance(words, str):
        words = words["one" if values["count"] == 1 else "other"]
    return words.format(**values)


def is_text(name: str) -> bool:
    """Whether the tables have a text of that name."""
    return name in _texts(LANGUAGES[0])


@cache
def tables(language: Language) -> Mapping[str, Mapping[str, Words]]:
    """The texts of a language by their names, by the names of the pages."""
    return tomllib.loads(files("kb.web").joinpath("texts", f"{language}.toml").read_text(encoding="utf-8"))


@cache
def _texts(language: Language) -> Mapping[str, Words]:
    return {name: words for table in tables(language).values() for name, words in table.items()}
