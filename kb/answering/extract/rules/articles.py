"""The articles (条) of a document, their paragraphs (款) and the items (项) of these, by their numbers.

A paragraph is a line of an article, with the items behind it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.chinese.figures import chinese_number
from kb.chinese.lexicon import read_lexicon
from kb.chinese.text import trim
from kb.types import Section, SectionKind

Span = tuple[int, int]

_LEXICON = read_lexicon(__name__)
_ITEM_MARK = _LEXICON["item_mark"]
NUMBERS = re.compile(r"[一二三四五六七八九十百零〇○两]+|\d+")


def number_of(words: str) -> int:
    """22 of 二十二. Raises ValueError where that is no number."""
    return int(words) if words.isdigit() and words.isascii() else int(chinese_number(words.replace("○", "〇")))


def ordinal(words: str | None) -> int | None:
    """22 of 第二十二条; None where no number stands there."""
    match = NUMBERS.search(words or "")
    return number_of(match[0]) if match else None


def articles_of(sections: Sequence[Section]) -> list[Section]:
    """The articles of a document, in order."""
    return [section for section in sections if section.kind is SectionKind.ARTICLE]


def article_of(sections: Sequence[Section], number: int | None, at: int) -> Section | None:
    """The article of that number; of several (an annex counts anew) that of the run of articles which `at` stands in."""
    if number is None:
        return None
    runs: list[list[Section]] = []
    last = 0
    for article in articles_of(sections):
        value = ordinal(article.number) or 0
        if not runs or value < last:
            runs.append([])
        runs[-1].append(article)
        last = value
    named = [[article for article in run if ordinal(article.number) == number] for run in runs]
    ordered = sorted(
        (pair for pair in zip(runs, named, strict=True) if pair[1]),
        key=lambda pair: not pair[0][0].start <= at < pair[0][-1].end,
    )
    return ordered[0][1][0] if ordered else None


def article_at(sections: Sequence[Section], at: int) -> Section | None:
    """The article that a place of the text is in."""
    return next((article for article in articles_of(sections) if article.start <= at < article.end), None)


def paragraphs_of(article: Section, text: str) -> list[Span]:
    """The lines of an article; those that are items belong to the line before."""
    spans: list[Span] = []
    start = article.start
    for line in text[article.start : article.end].splitlines(keepends=True):
        end = start + len(line)
        if start < article.body >= end or not line.strip():  # the number alone
            start = end
            continue
        if spans and is_item(line):
            spans[-1] = spans[-1][0], end
        else:
            spans.append((start, end))
        start = end
    return [trim(text, *span) for span in spans]


def is_item(line: str) -> bool:
    """Whether a line begins with the number of an item: （一）, 1., ①."""
    return bool(_ITEM_MARK.match(line.lstrip()))


def items_of(span: Span, text: str) -> list[tuple[int, Span]]:
    """The items of the outermost list in a span, with their numbers; the list that begins first is that."""
    start, end = span
    marks = [
        match
        for match in _ITEM_MARK.finditer(text, start, end)
        if match.start() == start or text[match.start() - 1] in "\n：:；;。 　"
    ]
    if not marks:
        return []
    kind = _kind_of_mark(marks[0])
    of_kind = [match for match in marks if _kind_of_mark(match) == kind]
    ends = [match.start() for match in of_kind[1:]] + [end]
    return [
        (ordinal(match[0]) or 0, trim(text, match.start(), until)) for match, until in zip(of_kind, ends, strict=True)
    ]


def _kind_of_mark(match: re.Match[str]) -> str:
    return next(name for name, words in match.groupdict().items() if words)


def first_item(span: Span, text: str) -> int:
    """Where the items of a paragraph begin, its end where it has none."""
    items = items_of(span, text)
    return items[0][1][0] if items else span[1]


def item_at(span: Span, text: str, at: int) -> Span | None:
    """The item of a paragraph that a place of the text is in."""
    return next((item for _, item in items_of(span, text) if item[0] <= at < item[1]), None)


def item_before(span: Span, text: str, at: int) -> Span | None:
    """The item before that one."""
    items = [item for _, item in items_of(span, text)]
    place = next((number for number, (start, end) in enumerate(items) if start <= at < end), 0)
    return items[place - 1] if place else None
