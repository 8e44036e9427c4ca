"""From when and until when a document holds, what it puts out of force, and whether it still holds, with the sentences that say so."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence

from kb.answering.corpus import Corpus
from kb.answering.lookups.asked import Number, numbers_in
from kb.answering.lookups.issue import read_issued
from kb.answering.lookups.naming.subject import Subject, numbers_of
from kb.answering.lookups.naming.titles import closed_up, names_of, shortest_name
from kb.answering.lookups.naming.versions import date_of, dates_in, newest_first, revision_lines
from kb.answering.lookups.quotes import Quoted, note, quoted, titled, under_title
from kb.answering.lookups.source import OpenedDocument, Span, source_of
from kb.chinese.figures import chinese_number
from kb.chinese.lexicon import read_lexicon
from kb.chinese.text import fold
from kb.types import Document

_LEXICON = read_lexicon(__name__)
_ITSELF = _LEXICON["itself"]
_TAKES_EFFECT = _LEXICON["takes_effect"]
_ON_ISSUE = _LEXICON["on_issue"]
_ANNOUNCED = _LEXICON["announced"]
_HEAD_LINE = _LEXICON["head_line"]
_HOLDS_UNTIL = _LEXICON["holds_until"]
_YEARS = _LEXICON["years"]
_ENDS = _LEXICON["ends"]
_MOST = 3  # sentences that put others out of force


def read_in_force(source: OpenedDocument) -> list[Quoted]:
    """The sentence that says from when the document holds; where that is its issue, also when it was given out."""
    span = in_force_span(source)
    if span is None:
        return []
    found = [quoted(source, span, name=f"{titled(source.document)}：")]
    if _ON_ISSUE.search(source.text[slice(*span)]):
        found += read_issued(source, written=False)
    return under_title(found, source)


def read_valid_until(source: OpenedDocument) -> list[Quoted]:
    """The sentence that says until when or for how long the document holds; also its issue where that is the beginning."""
    span = _holds_until(source)
    if span is None:
        return []
    words = source.text[slice(*span)]
    found = [quoted(source, span, name=f"{titled(source.document)}：")]
    if not dates_in(words) and _ON_ISSUE.search(words):
        found += read_issued(source, written=False)
    return under_title(found, source)


def read_repeals(source: OpenedDocument) -> list[Quoted]:
    """The sentences that put other documents out of force."""
    spans = [span for span in source.sentences() if _repeals(source.text[slice(*span)])]
    name = f"{titled(source.document)}："
    found = [quoted(source, span, name="" if place else name) for place, span in enumerate(spans[:_MOST])]
    return under_title(found, source)


def read_standing(
    subject: Subject, corpus: Corpus, documents: Sequence[Document], today: datetime.date
) -> list[Quoted]:
    """Whether a document still holds, as far as the documents say: ended by another, run out, revised, or since when in force."""
    source, title = subject.source, titled(subject.source.document)
    if ended := list(ended_by(source.document, numbers_of(source.document), corpus, documents)):
        lines = [
            quoted(other, span, name=f"{title}已经废止。{titled(other.document)}写明：") for other, span in ended[:1]
        ]
        return under_title(lines, ended[0][0])
    if lines := read_valid_until(source):
        end = _last_day(source)
        verdict = "" if end is None else f"{title}的有效期已过：" if end < today else f"{title}仍在有效期内："
        return [Quoted(text=lines[0].text, clauses=lines[0].clauses, name=verdict or lines[0].name), *lines[1:]]
    newest = subject.versions[0]
    in_force = read_in_force(newest)
    if newest.document.id != source.document.id:
        spans = revision_lines(newest)[-1:] or [span for span in (in_force_span(newest),) if span]
        lines = [
            quoted(newest, span, name=f"库中有它较新的版本，以新版为准：{titled(newest.document)}，") for span in spans
        ]
        return under_title(lines, newest)
    if not in_force:
        return []
    day = next(iter(dates_in(in_force[0].text)), None)
    if day and day > today:
        return [*in_force, note("按今天的日期，它还没有开始施行。")]
    revised = [quoted(source, span) for span in revision_lines(source)[-1:]]
    revised = [line for line in revised if all(line.text != other.text for other in in_force)]
    return [*in_force, *revised, note("库中没有写明它已废止；库外是否另有规定，请以发文单位的答复为准。")]


def ended_by(
    document: Document | None, numbers: Sequence[Number], corpus: Corpus, documents: Sequence[Document]
) -> Iterator[tuple[OpenedDocument, Span]]:
    """The sentences of other documents that put one out of force, named by its number or, where they give none, by its title."""
    dated = date_of(source_of(document, corpus)) if document else ""
    for source in mentioning(document, numbers, corpus, documents):
        if date_of(source) < dated:  # an older document ends one of the same name before it
            continue
        for span in source.sentences():
            sentence = source.text[slice(*span)]
            if _repeals(sentence) and _names(sentence, document, numbers):
                yield source, span


def mentioning(
    document: Document | None, numbers: Sequence[Number], corpus: Corpus, documents: Sequence[Document]
) -> list[OpenedDocument]:
    """The other documents that name one by a number or by its title, the newest first."""
    patterns = [f"%{number.year}_{between}{number.serial}号%" for number in numbers for between in ("", "第")]
    patterns += [f"%{shortest_name(document)}%"] if document else []
    admitted = {other.id: other for other in documents if document is None or other.id != document.id}
    found = {id_ for pattern in patterns for id_ in corpus.documents_like(pattern)} & set(admitted)
    return newest_first(source_of(admitted[id_], corpus) for id_ in found)


def in_force_span(source: OpenedDocument) -> Span | None:
    """The sentence that says from when the document itself holds: at its end, else in the notice that gives it out."""
    sentences = [span for span in source.sentences() if _TAKES_EFFECT.search(fold(source.text[slice(*span)]))]
    for span in reversed(sentences):
        if _ITSELF.search(source.text[slice(*span)]):
            return span
    head = [span for span in source.lines(0, source.head) if _HEAD_LINE.search(fold(source.text[slice(*span)]))]
    announced = [span for span in sentences if span[0] < source.head and _ANNOUNCED.search(source.text[slice(*span)])]
    unnamed = [span for span in sentences if "《" not in source.text[slice(*span)]]
    return next(iter((*announced, *head, *(unnamed if len(unnamed) == 1 else ()))), None)


def _holds_until(source: OpenedDocument) -> Span | None:
    for span in reversed(list(source.sentences())):
        sentence = fold(source.text[slice(*span)])
        if _HOLDS_UNTIL.search(sentence) and (_ITSELF.search(sentence) or _TAKES_EFFECT.search(sentence)):
            return span
    return None


def _last_day(source: OpenedDocument) -> datetime.date | None:
    """The last day on which the document holds, where its words tell."""
    span = _holds_until(source)
    sentence = fold(source.text[slice(*span)]) if span else ""
    match = _HOLDS_UNTIL.search(sentence)
    if not match:
        return None
    if days := dates_in(sentence[match.start() :]):
        return days[0]
    years = _YEARS.search(sentence, match.start())
    begin = dates_in(sentence[: match.start()]) or _issue_days(source)
    if not (years and begin):
        return None
    number = years["number"]
    last = begin[0].year + (int(number) if number.isdecimal() else int(chinese_number(number)))
    return begin[0].replace(year=last, day=min(begin[0].day, 28))


def _issue_days(source: OpenedDocument) -> list[datetime.date]:
    return [
        day for line in read_issued(source, written=False) for clause in line.clauses for day in dates_in(clause.text)
    ]


def _repeals(sentence: str) -> bool:
    return bool(_ENDS.search(sentence))


def _names(sentence: str, document: Document | None, numbers: Sequence[Number]) -> bool:
    """Whether a sentence names a document by its number, or by its title where no other number stands behind that."""
    closed = closed_up(sentence)
    written = numbers_in(closed)
    if any(number.is_of(other) for number in numbers for other in written):
        return True
    if document is None:
        return False
    for quoted_title in re.finditer(r"《(?P<title>[^《》]+)》\s*(?P<number>[（(][^）)]*号[）)])?", sentence):
        if closed_up(quoted_title["title"]) in names_of(document).whole and not quoted_title["number"]:
            return True
    return False
