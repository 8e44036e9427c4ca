"""References within a document: 违反本条例第二十二条第一款, 依照前款规定, 有前条第（三）项情形 → the spans that they name.

A document is a sequence of sections; its articles (条) have paragraphs (款), each a line of text with the items (项) behind it.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kb.answering.extract.rules.articles import (
    NUMBERS,
    Span,
    article_at,
    article_of,
    articles_of,
    item_before,
    items_of,
    number_of,
    ordinal,
    paragraphs_of,
)
from kb.chinese.lexicon import read_lexicon
from kb.chinese.text import trim
from kb.types import Section

_LEXICON = read_lexicon(__name__)
_REFERENCE = _LEXICON["reference"]
_VERB_BEFORE = _LEXICON["verb_before"]
_TO = re.compile(r"\s*[至到]\s*")
_SENTENCE_ENDS = frozenset("。\n")
_MOST_BETWEEN = 40  # that 第十条至第二十条 may stand for


class Relative(enum.StrEnum):
    """What a reference is counted from, where it does not name an article."""

    NONE = ""
    THIS_ARTICLE = "本条"
    THIS_PARAGRAPH = "本款"
    ARTICLES_BEFORE = "前条"
    PARAGRAPHS_BEFORE = "前款"
    ITEMS_BEFORE = "前项"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What one reference names; `start` and `end` are its span in the text it was found in."""

    text: str
    document: str = ""  # the name of another document; "" for the own one
    relative: Relative = Relative.NONE
    count: int = 1  # of those before: 前两款 are two
    article: int | None = None
    article_suffix: int = 0  # of 第二十条之一 it is 1
    paragraph: int | None = None  # from 1
    item: int | None = None  # from 1
    start: int
    end: int

    @property
    def is_own(self) -> bool:
        return not self.document

    @property
    def article_number(self) -> str:
        """第22条; "" where no article is named."""
        return f"第{self.article}条" if self.article else ""


def references_in(text: str) -> list[Reference]:
    """All references of `text` to articles, paragraphs and items, in order; 第十条至第十二条 are three."""
    found: list[Reference] = []
    for match in _REFERENCE.finditer(text):
        if match["articles"] and not match["document"] and _is_heading(text, match.start()):
            continue
        gap = text[found[-1].end : match.start()] if found else ""
        is_bare = not (match["document"] or match["articles"] or match["relative"])
        before = found[-1] if found and (_is_list(gap) or (is_bare and _SENTENCE_ENDS.isdisjoint(gap))) else None
        references = list(_references(match, before))
        if before is not None and _TO.fullmatch(gap):
            found += _between(before, references[0])
        found += references
    return found


def resolve(reference: Reference, sections: Sequence[Section], text: str, at: int) -> Span | None:
    """The span of what `reference` names in the document of `sections`; None where that is another, or lacks it.

    at: where in the document the reference stands.
    """
    if not reference.is_own:
        return None
    own = article_at(sections, at)
    if reference.relative is Relative.NONE:
        article = article_of(sections, reference.article, at)
    elif reference.relative is Relative.ARTICLES_BEFORE:
        return _articles_before(sections, own, reference, text)
    else:
        article = own
    if article is None:
        return None
    paragraphs = paragraphs_of(article, text)
    if reference.relative in (Relative.PARAGRAPHS_BEFORE, Relative.THIS_PARAGRAPH, Relative.ITEMS_BEFORE):
        place = next((number for number, (start, end) in enumerate(paragraphs) if start <= at < end), None)
        if place is None:
            return None
        if reference.relative is Relative.ITEMS_BEFORE:
            return item_before(paragraphs[place], text, at)
        first = place - reference.count if reference.relative is Relative.PARAGRAPHS_BEFORE else place
        last = place - 1 if reference.relative is Relative.PARAGRAPHS_BEFORE else place
        if first < 0:
            return None
        span = paragraphs[first][0], paragraphs[last][1]
        return _within(replace(reference, paragraph=None), span, [span], text)
    return _within(reference, (article.start, article.end), paragraphs, text)


def resolved_in(start: int, end: int, sections: Sequence[Section], text: str) -> list[tuple[Reference, Span]]:
    """The references that stand at a span of a document's text, and what each names there; spans are of that text."""
    found = []
    for reference in references_in(text[start:end]):
        moved = replace(reference, start=reference.start + start, end=reference.end + start)
        if span := resolve(moved, sections, text, moved.start):
            found.append((moved, span))
    return found


def _is_heading(text: str, start: int) -> bool:
    """Whether an article's number stands where the article begins, and so names no other."""
    return not text[text.rfind("\n", 0, start) + 1 : start].strip()


def _is_list(gap: str) -> bool:
    """Whether what stands between two references makes them one list: the second may leave out what the first names."""
    return bool(re.fullmatch(r"[、，,\s]*(?:和|或者?|及|以及|与|至|到)?\s*", gap)) and len(gap) < 5


def _references(match: re.Match[str], before: Reference | None) -> Iterator[Reference]:
    """The references of one match; what it leaves out is that of the reference before, of the same list."""
    document = _document(match["document"])
    relative, count = _relative(match["relative"])
    articles = _values(match["articles"])
    paragraphs = _values(match["paragraphs"]) or [None]
    items = _values(match["items"]) or [None]
    suffix = ordinal(match["suffix"]) or 0
    if document is None:
        document = before.document if before else ""
    start = match.start() + _verbs_before(match["document"])
    text = match.string[start : match.end()]
    plain = Reference(text=text, document=document, start=start, end=match.end())
    if relative is not Relative.NONE:
        plain = replace(plain, relative=relative, count=count)
    elif not articles:
        plain = _left_out(plain, before, names_paragraph=paragraphs != [None])
        if plain.relative is Relative.NONE and plain.article is None:
            plain = replace(plain, relative=Relative.THIS_ARTICLE)
    for article in articles or [plain.article]:
        for paragraph in paragraphs:
            for item in items:
                yield replace(
                    plain,
                    article=article,
                    article_suffix=suffix if articles else plain.article_suffix,
                    paragraph=paragraph if paragraph is not None else plain.paragraph,
                    item=item,
                )


def _left_out(plain: Reference, before: Reference | None, names_paragraph: bool) -> Reference:
    if before is None:
        return plain
    return replace(
        plain,
        document=before.document,
        relative=before.relative,
        count=before.count,
        article=before.article,
        article_suffix=before.article_suffix,
        paragraph=None if names_paragraph else before.paragraph,
    )


def _between(first: Reference, last: Reference) -> list[Reference]:
    """The references from one to another, of the level in which they differ, without either."""
    if first.item and last.item:
        return [replace(last, item=item) for item in _numbers_between(first.item, last.item)]
    if first.paragraph and last.paragraph:
        return [replace(last, paragraph=paragraph) for paragraph in _numbers_between(first.paragraph, last.paragraph)]
    if first.article and last.article:
        return [replace(last, article=article) for article in _numbers_between(first.article, last.article)]
    return []


def _numbers_between(low: int, high: int) -> range:
    return range(low + 1, high if high - low <= _MOST_BETWEEN else low)


def _document(words: str | None) -> str | None:
    """The name of the document that stands before an article: "" for 本条例; None where none stands there."""
    if not words:
        return None
    if words.startswith("本"):
        return ""
    return words[_verbs_before(words) :].removeprefix("《").replace("》", "", 1)


def _verbs_before(words: str | None) -> int:
    """How many of the characters before an article are not of the document's name."""
    match = _VERB_BEFORE.match(words) if words and "《" not in words else None
    return match.end() if match else 0


def _relative(words: str | None) -> tuple[Relative, int]:
    if not words:
        return Relative.NONE, 1
    count = NUMBERS.search(words)
    number = number_of(count[0]) if count else 1
    return Relative(words[0] + words[-1]), number


def _values(words: str | None) -> list[int | None]:
    return [number_of(number) for number in NUMBERS.findall(words or "")]


def _articles_before(sections: Sequence[Section], own: Section | None, reference: Reference, text: str) -> Span | None:
    articles = articles_of(sections)
    if own is None or (place := articles.index(own)) < reference.count:
        return None
    before = articles[place - reference.count : place]
    span = before[0].start, before[-1].end
    return _within(reference, span, paragraphs_of(before[0], text) if len(before) == 1 else [span], text)


def _within(reference: Reference, whole: Span, paragraphs: Sequence[Span], text: str) -> Span | None:
    """The paragraph or item of an article that a reference names, or the whole."""
    span = whole
    if reference.paragraph is not None:
        if not 1 <= reference.paragraph <= len(paragraphs):
            return None
        span = paragraphs[reference.paragraph - 1]
    if reference.item is None:
        return trim(text, *span)
    return next((items for number, items in items_of(span, text) if number == reference.item), None)
