"""Look-ups: what a question asks of a document by its name is read in the document, and not searched for by likeness.

    request    what is asked, in which words      asked
    reference  the document that is named         subject (titles, versions)
    lines      where the document says it         article, issue, validity, listing, definition
    answer     the lines with their citations     quotes

A question that asks for anything else as well is no look-up, and goes the normal way.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from kb.answering.compose.lines import Composition
from kb.answering.corpus import Corpus
from kb.answering.lookups.article import NoArticle, read_article
from kb.answering.lookups.asked import Fact, Number, Request, numbers_in, request_of
from kb.answering.lookups.definition import read_definitions
from kb.answering.lookups.issue import read_issued, read_issuer, read_number, read_order, read_revised
from kb.answering.lookups.listing import listed_matter, read_listing
from kb.answering.lookups.naming.subject import NamedDocument, Subject, reference_of
from kb.answering.lookups.naming.titles import closed_up
from kb.answering.lookups.naming.versions import revision_lines
from kb.answering.lookups.quotes import Quoted, composed, note, quoted, title_span, titled
from kb.answering.lookups.validity import (
    ended_by,
    in_force_span,
    mentioning,
    read_in_force,
    read_repeals,
    read_standing,
    read_valid_until,
)
from kb.search.query import QueryPlan
from kb.types import Document

_MOST_PROVISIONS = 3
_MOST_CHOICES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUp:
    """What was looked up: lines with citations, or why there are none."""

    composition: Composition | None = None
    refusal: str = ""


def look_up(plan: QueryPlan, corpus: Corpus, today: datetime.date) -> LookUp | None:
    """The answer to a question that asks for something by the name of a document or a term; None to any other."""
    if listing := _listing(plan, corpus):
        return listing
    request = request_of(plan.asked.text)
    if request.facts or request.provisions or request.numbers:
        if reference := reference_of(plan, request, corpus):
            return _of_reference(plan, request, reference, corpus, today)
        return None
    lines = composed(read_definitions(plan, corpus))
    return LookUp(composition=lines) if lines.lines else None


def _listing(plan: QueryPlan, corpus: Corpus) -> LookUp | None:
    matter = listed_matter(plan.text)
    if matter is None:
        return None
    lines = composed(read_listing(*matter, _documents(plan), corpus))
    return LookUp(composition=lines) if lines.lines else None


def _of_reference(
    plan: QueryPlan, request: Request, reference: NamedDocument, corpus: Corpus, today: datetime.date
) -> LookUp | None:
    """What is asked of the document that is named; a refusal where it is not clear which, or it is not there."""
    if reference.subject:
        return _of_subject(plan, request, reference.subject, corpus, today)
    if reference.choices:
        names = list(dict.fromkeys(map(titled, reference.choices)))
        rest = f"等{len(names)}份" if len(names) > _MOST_CHOICES else ""
        return LookUp(
            refusal=f"问题没有写明是哪一份文件，可能是{'、'.join(names[:_MOST_CHOICES])}{rest}。请写明文件名称再问。"
        )
    if reference.number:
        return _by_absent_number(reference.number, request, plan, corpus)
    if reference.absent and request.provisions:
        near = [titled(document) for document in _documents(plan) if reference.absent in titled(document)]
        have = f"库中有{'、'.join(near[:_MOST_CHOICES])}。" if near else ""
        return LookUp(refusal=f"库中没有《{reference.absent}》，因此不作回答。{have}")
    if reference.is_empty and request.provisions:
        return LookUp(refusal=f"问题没有写明是哪一份文件的{request.provisions[0].text}。请写明文件名称再问。")
    return None


def _of_subject(
    plan: QueryPlan, request: Request, subject: Subject, corpus: Corpus, today: datetime.date
) -> LookUp | None:
    source = subject.source
    found: list[Quoted] = []
    for provision in request.provisions[:_MOST_PROVISIONS]:
        article = read_article(source, provision)
        if article is None:
            return None
        if isinstance(article, NoArticle):
            if len(request.provisions) == 1:
                return LookUp(refusal=article.reason)
            continue
        found += article
    if found and len(subject.versions) > 1:
        found += _version_note(subject)
    facts = request.facts if not request.provisions else ()
    missing = []
    for fact in facts or ((Fact.TITLE,) if request.numbers and not found else ()):
        lines = _fact(fact, subject, plan, corpus, today)
        missing += [] if lines else [_NOT_STATED[fact].format(title=titled(source.document))]
        found += [line for line in lines if line not in found]
    composition = composed([*found, *map(note, missing)])
    if composition.lines:
        return LookUp(composition=composition)
    refusable = facts and not _LEFT_TO_SEARCH & set(facts)
    return LookUp(refusal=f"{missing[0].rstrip('。')}，因此不作回答。") if refusable and missing else None


_NOT_STATED = {
    Fact.VALID_UNTIL: "没有在{title}里找到写明有效期的原文。",
    Fact.REPEALS: "没有在{title}里找到写明废止其他文件的原文。",
    Fact.STANDING: "没有在{title}里找到写明它是否有效的原文。",
    Fact.IN_FORCE: "没有在{title}里找到写明施行日期的原文。",
    Fact.NUMBER: "没有在{title}里找到它的文号。",
    Fact.ORDER: "没有在{title}里找到它是第几号令。",
    Fact.ISSUED: "没有在{title}里找到写明发布日期的原文。",
    Fact.WRITTEN: "没有在{title}里找到写明成文日期的原文。",
    Fact.REVISED: "没有在{title}里找到写明修订日期的原文。",
    Fact.ISSUER: "没有在{title}里找到写明发文单位的原文。",
    Fact.TITLE: "没有在{title}里找到它的标题。",
}
_LEFT_TO_SEARCH = {
    Fact.ISSUED,
    Fact.REVISED,
    Fact.ISSUER,
    Fact.IN_FORCE,
    Fact.TITLE,
    Fact.STANDING,
}  # other words may state these


def _fact(fact: Fact, subject: Subject, plan: QueryPlan, corpus: Corpus, today: datetime.date) -> list[Quoted]:
    """The lines that state one fact of a document."""
    source = subject.source
    match fact:
        case Fact.IN_FORCE:
            return read_in_force(source)
        case Fact.VALID_UNTIL:
            return read_valid_until(source)
        case Fact.REPEALS:
            return read_repeals(source)
        case Fact.STANDING:
            return read_standing(subject, corpus, _documents(plan), today)
        case Fact.ORDER:
            return read_order(source)
        case Fact.NUMBER:
            return read_number(source)
        case Fact.ISSUED | Fact.WRITTEN:
            return read_issued(source, written=fact is Fact.WRITTEN)
        case Fact.REVISED:
            return read_revised(source)
        case Fact.ISSUER:
            return read_issuer(source)
        case Fact.TITLE:
            span = title_span(source)
            return [quoted(source, span)] if span else []


def _version_note(subject: Subject) -> list[Quoted]:
    """Which of several versions the answer is of, by the line that says when it was revised or from when it holds."""
    source = subject.source
    span = next(iter(revision_lines(source)[-1:]), None) or in_force_span(source)
    newest = subject.versions[0].document.id == source.document.id
    words = "库中还有较早的版本，以上取自较新的一版：" if newest else "库中还有更新的版本，以上取自较早的一版："
    return [quoted(source, span, name=words)] if span else []


def _by_absent_number(number: Number, request: Request, plan: QueryPlan, corpus: Corpus) -> LookUp:
    """What other documents say of a document that is not there."""
    documents = _documents(plan)
    absent = f"库中没有文号为{number.text}的文件"
    lines: list[Quoted] = []
    if Fact.STANDING in request.facts:
        ended = list(ended_by(None, [number], corpus, documents))[:1]
        lines = [
            quoted(source, span, name=f"{number.text}已经废止。{titled(source.document)}写明：")
            for source, span in ended
        ]
    elif Fact.TITLE in request.facts or not request.facts:
        lines = _mentions(number, absent, corpus, documents)[:1]
    composition = composed(lines)
    if composition.lines:
        return LookUp(composition=composition)
    return LookUp(refusal=f"{absent}，因此不作回答。")


def _mentions(number: Number, absent: str, corpus: Corpus, documents: Sequence[Document]) -> list[Quoted]:
    """The sentences of other documents that name a number."""
    return [
        quoted(source, span, name=f"{absent}；{titled(source.document)}提到它：")
        for source in mentioning(None, [number], corpus, documents)
        for span in source.sentences()
        if any(map(number.is_of, numbers_in(closed_up(source.text[slice(*span)]))))
    ]


def _documents(plan: QueryPlan) -> tuple[Document, ...]:
    return tuple(plan.gazetteer.within(plan.within).documents.values())
