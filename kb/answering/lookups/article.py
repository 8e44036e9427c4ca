"""An article of a document by its number → its paragraphs and items, or those of them that are asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kb.answering.lookups.asked import Provision, article_number
from kb.answering.lookups.quotes import Quoted, note, quoted, titled, under_title
from kb.answering.lookups.source import OpenedDocument, Span
from kb.chinese.figures import chinese_number
from kb.chinese.lexicon import read_lexicon
from kb.chinese.text import fold, trim
from kb.types import LineRole, SectionKind

_LEXICON = read_lexicon(__name__)
_ITEM = _LEXICON["item"]
_RUNNING = _LEXICON["running"]
_ENDED = _LEXICON["ended"]
_NUMBER = re.compile(r"第[^条]+条(?:之[一二三四五六七八九十]+)?")
_LONG = 700  # characters: of a longer article the first paragraph is given


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article with its paragraphs, of each of which the first line is the paragraph and the others are its items."""

    number: str  # as it stands
    value: tuple[int, int]  # (20, 1) of 第二十条之一
    start: int
    paragraphs: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoArticle:
    """Why an article cannot be given."""

    reason: str


def articles_of(source: OpenedDocument) -> list[Article]:
    """The articles of a document in order, of its sections, or where these are none of its running text."""
    sections = [section for section in source.sections if section.kind is SectionKind.ARTICLE]
    of_sections = [(section.number, section.start, section.body, section.end) for section in sections]
    running = list(_running(source)) if len(sections) < 2 else []
    spans = running if len(running) > len(of_sections) else of_sections
    found = []
    for number, start, body, end in spans:
        if value := article_number(number):
            is_last = (number, start, body, end) == spans[-1]
            paragraphs = tuple(_paragraphs(source, body, end, is_last=is_last))
            found.append(Article(number=number, value=value, start=start, paragraphs=paragraphs))
    return found


def read_article(source: OpenedDocument, provision: Provision) -> list[Quoted] | NoArticle | None:
    """The lines of an article, each quoted; None where the document has no articles at all."""
    articles = articles_of(source)
    if not articles:
        return None
    title = titled(source.document)
    asked = (provision.article, provision.behind)
    article = max(
        (article for article in articles if article.value == asked and article.paragraphs),
        key=lambda article: article.paragraphs[-1][-1][1] - article.start,
        default=None,
    )
    if article is None:
        count = max(article.value[0] for article in articles)
        return NoArticle(reason=f"{title}共{count}条，没有{provision.text}，因此不作回答。")
    if provision.paragraph > len(article.paragraphs):
        return NoArticle(
            reason=f"{title}{article.number}共{len(article.paragraphs)}款，没有第{provision.paragraph}款，因此不作回答。"
        )
    paragraphs = article.paragraphs[provision.paragraph - 1 :][:1] if provision.paragraph else article.paragraphs
    if provision.item:
        chosen = [
            (paragraph[0], line) for paragraph in paragraphs for line in paragraph[1:]
            if _item_number(source.text[slice(*line)]) == provision.item
        ]  # fmt: skip
        if not chosen:
            return NoArticle(reason=f"{title}{article.number}没有第{provision.item}项，因此不作回答。")
        paragraphs = tuple(chosen[:1])
    lines = [line for paragraph in paragraphs for line in paragraph]
    left_out = 0
    if sum(end - start for start, end in lines) > _LONG and len(paragraphs) > 1:
        left_out = len(paragraphs) - 1
        lines = list(paragraphs[0])
    place = article.number + provision.text[len(match.group()) if (match := _NUMBER.match(provision.text)) else 0 :]
    found = list(_quoted_lines(source, article, lines, name=f"{title}{place}："))
    if left_out:
        found.append(note("这一条较长，以上是它的第一款，其余各款见原文。"))
    return under_title(found, source)


def _quoted_lines(source: OpenedDocument, article: Article, lines: Sequence[Span], *, name: str) -> Iterator[Quoted]:
    """The lines of an article. With the first the number is quoted that stands in front of it, or further up."""
    items = {line for paragraph in article.paragraphs for line in paragraph[1:]}
    for place, line in enumerate(lines):
        found = quoted(source, line, name="" if place else name)
        if place:
            yield replace(found, role=LineRole.ITEM) if line in items else found
        elif line == article.paragraphs[0][0]:
            yield replace(found, clauses=source.clauses(article.start, line[1]))
        else:
            number = source.clauses(article.start, article.start + len(article.number))
            yield replace(found, clauses=(*number, *found.clauses))


def _paragraphs(source: OpenedDocument, body: int, end: int, *, is_last: bool) -> Iterator[tuple[Span, ...]]:
    """The paragraphs of an article, each with its items. Behind the last article of a document other things may stand."""
    items = {section.start for section in source.sections if section.kind is SectionKind.ITEM}
    paragraph: list[Span] = []
    for line in source.lines(body, end):
        line = trim(source.text, line[0], min(line[1], end))
        words = source.text[slice(*line)]
        if is_last and paragraph and not _ENDED.search(words):
            break
        if paragraph and (line[0] in items or _ITEM.match(words)):
            paragraph.append(line)
            continue
        if paragraph:
            yield tuple(paragraph)
        paragraph = [line]
    if paragraph:
        yield tuple(paragraph)


def _running(source: OpenedDocument) -> Iterator[tuple[str, int, int, int]]:
    """The articles of a text that runs on without line breaks, each where the number that follows the one before stands."""
    found: list[re.Match[str]] = []
    for match in _RUNNING.finditer(source.text):
        value = article_number(match["number"])
        if value == ((len(found) + 1), 0):
            found.append(match)
    ends = [match.start("number") for match in found[1:]] + [len(source.text)]
    for match, end in zip(found, ends, strict=True):
        yield match["number"], match.start("number"), match.end(), end


def _item_number(line: str) -> int:
    match = _ITEM.match(fold(line))
    digits = (match["word"] or match["digit"]) if match else None
    if not digits:
        return 0
    return int(digits) if digits.isdecimal() else int(chinese_number(digits))
