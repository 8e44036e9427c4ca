"""The words of the pages: both languages have the same names and values, and English has its plurals."""

from __future__ import annotations

import string
from collections.abc import Iterator

import pytest

from kb.web.texts import LANGUAGES, Language, Words, is_text, tables, text


def forms(words: Words) -> tuple[str, ...]:
    """The text, or its two forms."""
    return (words,) if isinstance(words, str) else tuple(words.values())


def values(words: Words) -> set[str | None]:
    """The values in braces."""
    return {name for form in forms(words) for _, name, _, _ in string.Formatter().parse(form) if name is not None}


def rows(language: Language) -> Iterator[tuple[str, Words]]:
    """All texts of a language with their names."""
    for table in tables(language).values():
        yield from table.items()


def test_both_languages_have_the_same_tables() -> None:
    """Every text has its row in every language, in the same order, and none is empty."""
    first, *others = ([(page, list(table)) for page, table in tables(language).items()] for language in LANGUAGES)
    assert all(first == other for other in others)
    assert all(form.strip() for language in LANGUAGES for _, words in rows(language) for form in forms(words))


def test_both_languages_have_the_same_values() -> None:
    """What a page fills in is shown in every language; a year needs no word around it in English."""
    assert {name: values(words) for name, words in rows("zh")} == {name: values(words) for name, words in rows("en")}


def test_each_text_has_its_own_name() -> None:
    """No name stands in two tables, where one would hide the other."""
    for language in LANGUAGES:
        names = [name for name, _ in rows(language)]
        assert sorted(set(names)) == sorted(names)


def test_forms_are_chosen_by_a_count() -> None:
    """A text with two forms has `one` and `other`, and `count` among its values."""
    two = [words for language in LANGUAGES for _, words in rows(language) if not isinstance(words, str)]
    assert two
    assert all(list(words) == ["one", "other"] and "count" in values(words) for words in two)


@pytest.mark.parametrize(
    ("shown", "name", "count"),
    [
        ("0 documents", "document_count", 0),
        ("1 document", "document_count", 1),
        ("2 documents", "document_count", 2),
        ("1 person", "people_count", 1),
        ("2 people", "people_count", 2),
        ("1 line", "audit_count", 1),
        ("1,200 passages", "health_num_passages", 1200),
        ("Search 1 chosen document", "searched_some", 1),
        ("1 more is not shown", "run_more_paths", 1),
        ("2 more are not shown", "run_more_paths", 2),
    ],
)
def test_english_has_its_plurals(shown: str, name: str, count: int) -> None:
    """One of a thing is named in the singular; none and several in the plural."""
    assert shown == text(name, "en", count=count)


def test_a_count_among_other_values() -> None:
    """A sentence with a second count is put together from two texts."""
    passages = text("document_num_passages", "en", count=1)
    assert "2 versions with 1 passage" == text("document_remove_versions", "en", count=2, passages=passages)


def test_no_english_count_lacks_its_singular() -> None:
    """Where a count stands before a word, the text has two forms."""
    flat = [words for _, words in rows("en") if isinstance(words, str) and "{count}" in words]
    assert [
        "All {count}…",
        "Uploads that could not be read: {count}",
        " and others, {count} in all",
        "{count} in all",
        "Answers with a fault ({count})",
    ] == flat


def test_unknown_names_and_values() -> None:
    """A name that is not there, and a value that is missing, are errors."""
    assert is_text("send") and not is_text("no_such_text")
    with pytest.raises(KeyError):
        text("no_such_text")
    with pytest.raises(KeyError):
        text("document_count", "en")
