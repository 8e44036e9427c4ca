"""References within a document: 违反本条例第二十二条第一款, 依照前款规定, 有前条第（三）项情形 → the spans that they name.

A document is a sequence of sections; its articles (条) have paragraphs (款), each a line of text with the items (项) behind it.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kb.chinese.figures import chinese_number
from kb.chinese.lexicon import read_lexicon
from kb.chinese.text import trim
from kb.types import Section, SectionKind

Span = tuple[int, int]

_LEXICON = read_lexicon(__name__)
_REFERENCE = _LEXICON["reference"]
_ITEM_MARK = _LEXICON["item_mark"]
_PENALTY = _LEXICON["penalty"]
_VERB_BEFORE = _LEXICON["verb_before"]
_NUMBERS = re.compile(r"[一二三四五六七八九十百零〇○两]+|\d+")
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalty:
    """A paragraph that says what follows from conduct that another one states."""

    reference: Reference  # by which it names that conduct, with its span in the document
    paragraph: Span
    item: Span | None = None  # of the paragraph's list, where the reference stands in one


def references_in(text: str) -> list[Reference]:
    """All references of `text` to articles, paragraphs and items, in order; 第十条至第十二条 are three."""
    found: list[Reference] = []
    for match in _REFERENCE.finditer(text):
        if match["articles"] and not match["document"] and _is_heading(text, match.start()):
            continue
        before = found[-1] if found and _is_list(text[found[-1].end : match.start()]) else None
        references = list(_references(match, before))
        if before is not None and "至" in text[before.end : match.start()]:
            found += _between(before, references[0])
        found += references
    return found


def resolve(reference: Reference, sections: Sequence[Section], text: str, at: int) -> Span | None:
    """The span of what `reference` names in the document of `sections`; None where that is another, or lacks it.

    at: where in the document the reference stands.
    """
    if not reference.is_own:
        return None
    own = _article_at(sections, at)
    if reference.relative is Relative.NONE:
        article = _article(sections, reference.article, at)
    elif reference.relative is Relative.ARTICLES_BEFORE:
        return _articles_before(sections, own, reference, text)
    else:
        article = own
    if article is None:
        return None
    paragraphs = _paragraphs(article, text)
    if reference.relative in (Relative.PARAGRAPHS_BEFORE, Relative.THIS_PARAGRAPH, Relative.ITEMS_BEFORE):
        place = next((number for number, (start, end) in enumerate(paragraphs) if start <= at < end), None)
        if place is None:
            return None
        if reference.relative is Relative.ITEMS_BEFORE:
            return _item_before(paragraphs[place], text, at)
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


def penalties_of(article_number: str, sections: Sequence[Section], text: str, at: int | None = None) -> list[Penalty]:
    """The paragraphs that name the article `article_number` (第二十二条) and a penalty: 违反本条例第二十二条规定的，处….

    at: where in the document the conduct stands; only what names that place is found, and not another paragraph or item.
    """
    article = _article(sections, _ordinal(article_number), at or 0)
    if article is None:
        return []
    found = []
    for other in _articles(sections):
        for paragraph in _paragraphs(other, text):
            for reference, span in resolved_in(*paragraph, sections, text):
                names = span[0] <= at < span[1] if at is not None else span[0] < article.end and span[1] > article.start
                if not names or (at is not None and paragraph[0] <= at < paragraph[1]):
                    continue
                item = _item_at(paragraph, text, reference.start)
                lead_in = paragraph[0], _first_item(paragraph, text)
                words = f"{text[slice(*lead_in)]}{text[slice(*item)]}" if item else text[slice(*paragraph)]
                if _PENALTY.search(words):
                    found.append(Penalty(reference=reference, paragraph=paragraph, item=item))
    return _each_once(found)


def paragraphs_of(article: Section, text: str) -> list[Span]:
    """The paragraphs (款) of an article, each with its items."""
    return _paragraphs(article, text)


def _each_once(penalties: Sequence[Penalty]) -> list[Penalty]:
    return list({(penalty.paragraph, penalty.item): penalty for penalty in reversed(penalties)}.values())[::-1]


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
    suffix = _ordinal(match["suffix"]) or 0
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
    for level in ("item", "paragraph", "article"):
        low, high = getattr(first, level), getattr(last, level)
        if low is not None and high is not None:
            numbers = range(low + 1, high) if high - low <= _MOST_BETWEEN else range(0)
            return [replace(last, **{level: number}) for number in numbers]
    return []


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
    count = _NUMBERS.search(words)
    number = _number(count[0]) if count else 1
    return Relative(words[0] + words[-1]), number


def _values(words: str | None) -> list[int | None]:
    return [_number(number) for number in _NUMBERS.findall(words or "")]


def _number(words: str) -> int:
    return int(words) if words.isdigit() and words.isascii() else int(chinese_number(words.replace("○", "〇")))


def _ordinal(words: str | None) -> int | None:
    """22 of 第二十二条; None where no number stands there."""
    match = _NUMBERS.search(words or "")
    return _number(match[0]) if match else None


def _articles(sections: Sequence[Section]) -> list[Section]:
    return [section for section in sections if section.kind is SectionKind.ARTICLE]


def _article(sections: Sequence[Section], number: int | None, at: int) -> Section | None:
    """The article of that number; of several (an annex counts anew) that of the run of articles which `at` stands in."""
    if number is None:
        return None
    runs: list[list[Section]] = []
    last = 0
    for article in _articles(sections):
        value = _ordinal(article.number) or 0
        if not runs or value < last:
            runs.append([])
        runs[-1].append(article)
        last = value
    named = [[article for article in run if _ordinal(article.number) == number] for run in runs]
    ordered = sorted(
        (pair for pair in zip(runs, named, strict=True) if pair[1]),
        key=lambda pair: not pair[0][0].start <= at < pair[0][-1].end,
    )
    return ordered[0][1][0] if ordered else None


def _article_at(sections: Sequence[Section], at: int) -> Section | None:
    return next((article for article in _articles(sections) if article.start <= at < article.end), None)


def _articles_before(
    sections: Sequence[Section], own: Section | None, reference: Reference, text: str
) -> Span | None:
    articles = _articles(sections)
    if own is None or (place := articles.index(own)) < reference.count:
        return None
    before = articles[place - reference.count : place]
    span = before[0].start, before[-1].end
    return _within(reference, span, _paragraphs(before[0], text) if len(before) == 1 else [span], text)


def _within(reference: Reference, whole: Span, paragraphs: Sequence[Span], text: str) -> Span | None:
    """The paragraph or item of an article that a reference names, or the whole."""
    span = whole
    if reference.paragraph is not None:
        if not 1 <= reference.paragraph <= len(paragraphs):
            return None
        span = paragraphs[reference.paragraph - 1]
    if reference.item is None:
        return trim(text, *span)
    return next((items for number, items in _items(span, text) if number == reference.item), None)


def _paragraphs(article: Section, text: str) -> list[Span]:
    """The lines of an article; those that are items belong to the line before."""
    spans: list[Span] = []
    start = article.start
    for line in text[article.start : article.end].splitlines(keepends=True):
        end = start + len(line)
        if start < article.body >= end or not line.strip():  # the number alone
            start = end
            continue
        if spans and _ITEM_MARK.match(line.lstrip()):
            spans[-1] = spans[-1][0], end
        else:
            spans.append((start, end))
        start = end
    return [trim(text, *span) for span in spans]


def _items(span: Span, text: str) -> list[tuple[int, Span]]:
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
        (_ordinal(match[0]) or 0, trim(text, match.start(), until)) for match, until in zip(of_kind, ends, strict=True)
    ]


def _kind_of_mark(match: re.Match[str]) -> str:
    return next(name for name, words in match.groupdict().items() if words)


def _first_item(span: Span, text: str) -> int:
    items = _items(span, text)
    return items[0][1][0] if items else span[1]


def _item_at(span: Span, text: str, at: int) -> Span | None:
    return next((item for _, item in _items(span, text) if item[0] <= at < item[1]), None)


def _item_before(span: Span, text: str, at: int) -> Span | None:
    items = [item for _, item in _items(span, text)]
    place = next((number for number, (start, end) in enumerate(items) if start <= at < end), 0)
    return items[place - 1] if place else None
