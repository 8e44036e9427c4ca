"""Every entry of every lexicon finds what its examples say, and is used."""

from __future__ import annotations

import re

import pytest

from kb.chinese.lexicon import Lexicon, read_lexicon
from tests import ROOT

LEXICONS = [
    read_lexicon(".".join(path.relative_to(ROOT).with_suffix("").parts))
    for path in sorted([*ROOT.glob("kb/**/*.toml"), *ROOT.glob("ingest/**/*.toml")])
    if path.with_suffix(".py").exists()
]
ENTRIES = [pytest.param(lexicon, name, id=f"{lexicon.file}:{name}") for lexicon in LEXICONS for name in lexicon.entries]
FIELDS = {"means", "pattern", "words", "finds", "misses"}


def plain(example: str) -> str:
    return example.translate(str.maketrans("", "", "{}"))


def marked(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda match: f"{{{match[0]}}}" if match[0] else "", text)


@pytest.mark.parametrize(("lexicon", "name"), ENTRIES)
def test_an_entry_finds_what_its_examples_say(lexicon: Lexicon, name: str) -> None:
    """What is found in an example is what it has in braces: something in `finds`, nothing in `misses`."""
    entry = lexicon.entries[name]
    assert entry["finds"] == [marked(lexicon[name], plain(example)) for example in entry["finds"]]
    assert [] == [example for example in entry["finds"] if "{" not in example]
    misses = entry.get("misses", [])
    assert misses == [marked(lexicon[name], example) for example in misses]


@pytest.mark.parametrize(("lexicon", "name"), ENTRIES)
def test_every_alternative_has_an_example(lexicon: Lexicon, name: str) -> None:
    """Each alternative of a pattern finds what stands in the braces of some example; of words, one is enough."""
    entry = lexicon.entries[name]
    places = [(plain(example), len(plain(example[: mark.start()])), len(mark[1]))
              for example in entry["finds"] for mark in re.finditer(r"\{(.*?)\}", example)]  # fmt: skip
    shown = [
        alternative
        for alternative in lexicon.alternatives(name)
        if any(
            match.end() == start + length
            for text, start, length in places
            if (match := re.compile(alternative).match(text, start))
        )
    ]
    assert shown if "words" in entry else shown == list(lexicon.alternatives(name))


@pytest.mark.parametrize(("lexicon", "name"), ENTRIES)
def test_an_entry_says_what_it_means_and_is_used(lexicon: Lexicon, name: str) -> None:
    """An entry has a sentence on its meaning and no unknown field; its module or another entry asks for it."""
    entry = lexicon.entries[name]
    assert entry["means"]
    assert set() == set(entry) - FIELDS
    module = (ROOT / lexicon.file).with_suffix(".py").read_text(encoding="utf-8")
    others = [str(other.get("pattern")) for other in lexicon.entries.values()]
    assert f'_LEXICON["{name}"]' in module or any(f"<<{name}>>" in pattern for pattern in others)


def test_an_error_names_file_and_entry() -> None:
    """A lexicon that is wrong, or lacks an entry, says where."""
    lexicon = Lexicon("kb/lexicon.toml", {"open": {"pattern": "(几"}, "lost": {"pattern": "<<nothing>>"}, "empty": {}})
    with pytest.raises(ValueError, match=r"kb/lexicon\.toml: \[open\]"):
        lexicon["open"]
    for name, named in {"lost": "nothing", "empty": "empty", "absent": "absent"}.items():
        with pytest.raises(ValueError, match=rf"kb/lexicon\.toml: \[{named}\] has no pattern"):
            lexicon[name]


def test_references_and_words() -> None:
    """An entry stands in another without the names of its groups; of words the longest is found."""
    lexicon = Lexicon(
        "kb/lexicon.toml",
        {
            "count": {"pattern": "几(?P<unit><<units>>)"},
            "asked": {"pattern": ["约<<count>>", "共(?P<unit>多少)"]},
            "harmless": {"words": "报告 据报告"},
        },
    )
    assert ["约几件", None] == [(match := lexicon["asked"].search("约几件")) and match[0], match["unit"]]
    assert "据报告" == lexicon["harmless"].findall("据报告")[0]
