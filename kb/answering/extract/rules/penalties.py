"""Conduct that one article states → the paragraphs that say what follows from it.

Both stand in one document: 个人应当分类投放… in one article, 违反本条例第二十四条规定的，处… in another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.answering.extract.rules.articles import (
    Span,
    article_of,
    articles_of,
    first_item,
    item_at,
    ordinal,
    paragraphs_of,
)
from kb.answering.extract.rules.references import Reference, resolved_in
from kb.chinese.lexicon import read_lexicon
from kb.types import Section

_LEXICON = read_lexicon(__name__)
_PENALTY = _LEXICON["penalty"]
_VERB = _LEXICON["verb"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalty:
    """A paragraph that says what follows from conduct that another one states."""

    reference: Reference  # by which it names that conduct, with its span in the document
    paragraph: Span
    item: Span | None = None  # of the paragraph's list, where the reference stands in one


def penalties_of(article_number: str, sections: Sequence[Section], text: str, at: int | None = None) -> list[Penalty]:
    """The paragraphs that name the article `article_number` (第二十二条) and a penalty: 违反本条例第二十二条规定的，处….

    at: where in the document the conduct stands; only what names that place is found, and not another paragraph or item.
    """
    article = article_of(sections, ordinal(article_number), at or 0)
    if article is None:
        return []
    conduct = (article.start, article.end) if at is None else (at, at + 1)
    found = []
    for other in articles_of(sections):
        for paragraph in paragraphs_of(other, text):
            for reference, span in resolved_in(*paragraph, sections, text):
                names = span[0] < conduct[1] and span[1] > conduct[0]
                is_itself = at is not None and paragraph[0] <= at < paragraph[1]
                if is_itself or not names or _follows(text[paragraph[0] : reference.start]):
                    continue
                item = item_at(paragraph, text, reference.start)
                lead_in = paragraph[0], first_item(paragraph, text)
                words = f"{text[slice(*lead_in)]}{text[slice(*item)]}" if item else text[slice(*paragraph)]
                if _PENALTY.search(words):
                    found.append(Penalty(reference=reference, paragraph=paragraph, item=item))
    return _each_once(found)


def _follows(before: str) -> bool:
    """Whether a reference tells by what rule something is done, 依照第五十七条作出的, and not what is broken."""
    verbs = list(_VERB.finditer(before))
    return bool(verbs) and verbs[-1]["follows"] is not None


def _each_once(penalties: Sequence[Penalty]) -> list[Penalty]:
    return list({(penalty.paragraph, penalty.item): penalty for penalty in reversed(penalties)}.values())[::-1]
