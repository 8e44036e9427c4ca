"""The names that a document goes by: its title whole, the title that it issues, without its place, as its file is called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from kb.chinese.lexicon import read_lexicon
from kb.chinese.text import simplified, without_spaces
from kb.search.gazetteer import short_name
from kb.types import Document

_LEXICON = read_lexicon(__name__)
DOCUMENT_WORD = _LEXICON["document_word"]
_ENDS = re.compile(rf"(?:{DOCUMENT_WORD.pattern})$")
_ISSUES = _LEXICON["issues"]
BEHIND = _LEXICON["behind"]
_STATE = _LEXICON["state"]
_QUOTES = str.maketrans("", "", "《》〈〉<>“”\"'‘’「」『』")
_PIECES = re.compile(r"[_|｜]|-(?=[一-鿿])")
_SHORTEST = 3
_SHORTEST_WITHOUT_WORD = 6  # a name that ends in no word for a document stands by chance in other questions


@dataclass(frozen=True, slots=True)
class TitleNames:
    """The names of one document, folded and without white space and quotation marks."""

    whole: frozenset[str]  # each of which names it by itself
    without_place: frozenset[str]  # which several places may have
    words: str  # all in which a part of a name may stand: names, issuer, region, number


def closed_up(text: str) -> str:
    """`text` folded, in simplified characters, without white space and quotation marks."""
    return without_spaces(simplified(text)).translate(_QUOTES)


def names_of(document: Document) -> TitleNames:
    """The names that `document` goes by."""
    metadata = document.metadata
    return _names(
        metadata.title,
        document.name.rsplit(".", 1)[0],
        metadata.issuer or "",
        metadata.region or "",
        metadata.number or "",
    )


def shortest_name(document: Document) -> str:
    """The shortest of the names that say what kind of document it is; else its title, closed up."""
    names = [name for name in names_of(document).whole if last_word(name)] or [closed_up(document.metadata.title)]
    return min(names, key=lambda name: (len(name), name))


def last_word(name: str) -> str:
    """The word for a document at the end of a name: 条例, 办法, 法; "" where there is none."""
    match = _ENDS.search(BEHIND.sub("", name))
    return match.group() if match else ""


@lru_cache(maxsize=20_000)
def _names(title: str, stem: str, issuer: str, region: str, number: str) -> TitleNames:
    whole: set[str] = set()
    for text in (title, stem):
        for piece in _PIECES.split(simplified(text)):
            whole |= set(_readings(closed_up(piece)))
    whole = {name for name in whole if _is_name(name)}
    places = {closed_up(place) for place in (region, short_name(region)) if len(place) > 1}
    shorter = {name.removeprefix(place) for name in whole for place in places}
    return TitleNames(
        whole=frozenset(whole),
        without_place=frozenset(name for name in shorter - whole if _is_name(name)),
        words=" ".join((*sorted(whole), *map(closed_up, (title, issuer, region, number)))),
    )


def _readings(name: str) -> list[str]:
    """A name, without what stands behind it; what it issues; all without 中华人民共和国."""
    plain = BEHIND.sub("", name)
    issued = [match["issued"] for match in _ISSUES.finditer(plain)]
    return [reading for found in (plain, *issued) for reading in (found, _STATE.sub("", found))]


def _is_name(name: str) -> bool:
    return len(name) >= (_SHORTEST if last_word(name) else _SHORTEST_WITHOUT_WORD)
