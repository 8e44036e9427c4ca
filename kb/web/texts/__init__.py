"""Everything that the pages say: a table for each page, a row for each text, a column for each language."""

from __future__ import annotations

from typing import Final, Literal

from kb.web.texts import (
    api,
    audit,
    chat,
    desk,
    documents,
    filters,
    frame,
    keeping,
    one_document,
    people,
    pins,
    quality,
    questions,
    running,
    runs,
)

Language = Literal["zh", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")

# A name stands in one table only; a test holds that.
TABLES: Final[tuple[dict[str, dict[str, str]], ...]] = tuple(
    page.TEXTS
    for page in (
        frame,
        chat,
        filters,
        documents,
        api,
        desk,
        keeping,
        one_document,
        runs,
        questions,
        pins,
        quality,
        people,
        audit,
        running,
    )
)
_TEXTS: Final = {name: row for table in TABLES for name, row in table.items()}


def text(name: str, /, language: Language = "zh", **values: object) -> str:
    """The text `name` of the tables, with `values` in its places."""
    return _TEXTS[name][language].format(**values)


def is_text(name: str) -> bool:
    """Whether the tables have a text of that name."""
    return name in _TEXTS
