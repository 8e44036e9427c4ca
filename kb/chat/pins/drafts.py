"""What an editor writes down for a pin → a draft whose words and figures stand in documents, or the reason why not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kb.chat.marked_text import marks_in, without_marks
from kb.chinese.figures import figures, stands_in
from kb.chinese.normalise import phrasing
from kb.errors import PinError
from kb.search.gazetteer import Gazetteer
from kb.storage.catalogue import Catalogue
from kb.types import Document

MOST_WORDINGS, LONGEST_WORDING = 20, 500
MOST_QUOTES, LONGEST_QUOTE = 10, 2000
LONGEST_TEXT = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenQuote:
    """Words that an editor quotes from a document; `start` tells of several places which is meant."""

    document: int
    words: str
    start: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An answer as an editor gives it: its text has a mark such as [2] for each of the quotes, by their number."""

    wordings: tuple[str, ...]
    text: str
    quotes: tuple[GivenQuote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedQuote:
    """Words of a document as they stood in it when they were pinned."""

    document: int
    sha256: str  # of the document's file: an id means nothing in another data folder
    title: str
    start: int
    end: int
    quote: str


def located(draft: Draft, gazetteer: Gazetteer, catalogue: Catalogue) -> tuple[PinnedQuote, ...]:
    """The quotes of a draft where they stand. Raises PinError where the draft cannot be pinned, with the reason."""
    _check_form(draft)
    quotes = [
        _located(number, given, gazetteer.documents.get(given.document), catalogue)
        for number, given in enumerate(draft.quotes, start=1)
    ]
    documents = [gazetteer.documents[quote.document] for quote in quotes]
    _check_marks(draft.text, len(quotes))
    _check_figures(draft.text, quotes, documents)
    return tuple(quotes)


def _check_form(draft: Draft) -> None:
    if not draft.wordings or not all(map(phrasing, draft.wordings)):
        raise PinError(
            "请至少写下一种问法，每行一种。", english="Write at least one wording of the question, each on a line."
        )
    if len(draft.wordings) > MOST_WORDINGS or max(map(len, draft.wordings)) > LONGEST_WORDING:
        raise PinError(
            f"问法最多 {MOST_WORDINGS} 种，每种最多 {LONGEST_WORDING} 个字；请删减。",
            english=f"At most {MOST_WORDINGS} wordings, of at most {LONGEST_WORDING} characters each; leave some out.",
        )
    if not draft.text.strip():
        raise PinError("请写下回答。", english="Write the answer.")
    if len(draft.text) > LONGEST_TEXT:
        raise PinError(
            f"回答最多 {LONGEST_TEXT} 个字；请删减。",
            english=f"An answer has at most {LONGEST_TEXT} characters; shorten it.",
        )
    if not draft.quotes:
        raise PinError(
            "请至少给出一条引文：回答要有出处。", english="Give at least one quote: an answer stands on its sources."
        )
    if len(draft.quotes) > MOST_QUOTES:
        raise PinError(f"引文最多 {MOST_QUOTES} 条；请删减。", english=f"At most {MOST_QUOTES} quotes; leave some out.")


def _located(number: int, given: GivenQuote, document: Document | None, catalogue: Catalogue) -> PinnedQuote:
    if document is None:
        raise PinError(
            f"引文 {number} 的文件不在库中，或已撤回、被取代；请选择库中现有的文件。",
            english=f"The document of quote {number} is not held, or was withdrawn or replaced; choose one that is held.",
        )
    words = given.words.strip()
    if not words or len(words) > LONGEST_QUOTE:
        raise PinError(
            f"引文 {number} 应有 1 至 {LONGEST_QUOTE} 个字；请照原文摘录。",
            english=f"Quote {number} has 1 to {LONGEST_QUOTE} characters; copy it from the document.",
        )
    text = catalogue.text(document.id)
    span = _span(text, words, given.start)
    if span is None:
        title = document.metadata.title
        raise PinError(
            f"引文 {number} 不在《{title}》中；请照原文摘录，一字不改。",
            english=f"Quote {number} does not stand in “{title}”; copy it word by word.",
        )
    start, end = span
    return PinnedQuote(
        document=document.id,
        sha256=document.sha256,
        title=document.metadata.title,
        start=start,
        end=end,
        quote=text[start:end],
    )


def _span(text: str, words: str, start: int | None) -> tuple[int, int] | None:
    """Where `words` stand in `text`, at `start` if they do there; white space does not count."""
    if start is not None and text[start : start + len(words)] == words:
        return start, start + len(words)
    found = text.find(words)
    if found >= 0:
        return found, found + len(words)
    match = re.search(r"\s*".join(map(re.escape, "".join(words.split()))), text)
    return match and match.span()


def _check_marks(text: str, num_quotes: int) -> None:
    marked = set(marks_in(text))
    if unknown := sorted(marked - set(range(1, num_quotes + 1))):
        raise PinError(
            f"回答中的 [{unknown[0]}] 没有对应的引文；请补上引文，或去掉这个标记。",
            english=f"No quote belongs to the [{unknown[0]}] of the answer; add the quote, or leave the mark out.",
        )
    if unmarked := sorted(set(range(1, num_quotes + 1)) - marked):
        raise PinError(
            f"引文 {unmarked[0]} 没有在回答中标出；请在它所证实的话后面写上 [{unmarked[0]}]。",
            english=f"The answer does not mark quote {unmarked[0]}; write [{unmarked[0]}] behind what it proves.",
        )


def _check_figures(text: str, quotes: Sequence[PinnedQuote], documents: Sequence[Document]) -> None:
    """Each figure of a line stands in a quote that the line marks; a document's own years and names need no quote."""
    for line in text.splitlines():
        marked = [number - 1 for number in marks_in(line)] or range(len(quotes))
        sources = [quotes[position].quote for position in marked]
        for document in (documents[position] for position in marked):
            metadata = document.metadata
            sources += [f"{year}年" for year in (metadata.year, metadata.reporting_year) if year]
            sources += [metadata.title, metadata.number or ""]
        for figure in figures(without_marks(line)):
            if not any(stands_in(figure, source) for source in sources):
                raise PinError(
                    f"“{figure.text}”不在这一行标出的引文里；请改正数字，或补上含有它的引文并标出。",
                    english=f"“{figure.text}” is in no quote that this line marks; correct the figure, or add and mark a quote that has it.",
                )
