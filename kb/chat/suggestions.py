"""An answer → questions that may come next, each of which the corpus answers.

    question → the same for another year, for another issuer; what else its document has → each answered → those with an answer

No question is written down here, and none is suggested without having been answered just now. The time is bounded: what
is not answered by then is not suggested.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from itertools import islice, zip_longest

from kb.answering import Answerer
from kb.chat.example_questions import candidates
from kb.chinese.text import fold
from kb.errors import WenzhengError
from kb.search.followups import standing_alone
from kb.search.gazetteer import Gazetteer, aliases
from kb.search.query import plan_query
from kb.search.question import Question
from kb.search.scope import Scope
from kb.types import Answer, Document, Status, Within

MOST_SUGGESTIONS = 3
SECONDS = 0.3
_MOST_OF_A_KIND = 4  # years, issuers and passages that are tried
_MOST_PASSAGES = 60


def suggestions(
    answerer: Answerer,
    answer: Answer,
    question: str,
    history: Sequence[str] = (),
    within: Within | None = None,
    *,
    seconds: float = SECONDS,
) -> list[str]:
    """Up to three questions after `question`, asked after `history` within `within`, and its `answer`.

    None is tried any more once `seconds` are over. Where nothing can be read there are none.
    """
    until = time.monotonic() + seconds
    asked = {fold(text) for text in (*history, question)}
    kept: list[str] = []
    try:
        gazetteer = answerer.retriever.gazetteer()
        standalone = plan_query(question, history, gazetteer).standalone
        asked.add(standalone.folded)
        for candidate in _candidates(answerer, standalone, answer, gazetteer.within(within)):
            if time.monotonic() > until or len(kept) == MOST_SUGGESTIONS:
                break
            if fold(candidate) not in asked and answerer.answer(candidate, (), within).status is Status.ANSWERED:
                asked.add(fold(candidate))
                kept.append(candidate)
    except WenzhengError:
        return kept
    return kept


def _about(answer: Answer, scope: Scope, gazetteer: Gazetteer) -> list[Document]:
    """The documents that an answer or a refusal is about: cited, of the issuers that are named, or nearest."""
    cited = [citation.document for citation in answer.citations]
    named = [
        document for name in scope.issuers for document in gazetteer.documents.values() if name in aliases(document)
    ]
    nearest = [evidence.hit.document for evidence in answer.evidence[:1]]
    return list({document.id: document for document in cited or named or nearest}.values())


def _candidates(answerer: Answerer, question: Question, answer: Answer, kept: Gazetteer) -> Iterator[str]:
    """Questions of each kind in turn: another year, another issuer, the same document."""
    scope = question.scope
    about = _about(answer, scope, kept)
    years = set(scope.years) or {year for document in about if answer.citations and (year := _year(document))}
    issuers = {document.metadata.issuer for document in about if answer.citations or scope.issuers}
    documents = list(kept.documents.values())

    def asked_of(other: str) -> str:
        return standing_alone(question.reworded(f"{other}呢？"), question).text

    of_year = (asked_of(f"{year}年") for year in _other_years(about, years, documents))
    of_issuer = map(asked_of, _other_issuers(about, years, issuers, documents))
    for turn in zip_longest(of_year, of_issuer, _same_document(answerer, answer)):
        yield from (candidate.replace("?", "？") for candidate in turn if candidate)


def _other_years(about: Sequence[Document], years: Collection[int], documents: Sequence[Document]) -> list[int]:
    """The years of other documents of the same issuers and kind, the nearest first."""
    if len(years) > 1:  # asked side by side already
        return []
    known = {(document.metadata.issuer, document.metadata.kind) for document in about}
    reported = {
        year
        for document in documents
        if (document.metadata.issuer, document.metadata.kind) in known and (year := _year(document))
    }
    nearest = max(years, default=max(reported, default=0))
    return sorted(reported - set(years), key=lambda year: (abs(year - nearest), -year))[:_MOST_OF_A_KIND]


def _other_issuers(
    about: Sequence[Document], years: Collection[int], issuers: Collection[str | None], documents: Sequence[Document]
) -> list[str]:
    """The issuers of other documents of the same year and kind."""
    if len(issuers) > 1:
        return []
    kinds = {document.metadata.kind for document in about}
    alike = (
        document.metadata.issuer
        for document in documents
        if document.metadata.kind in kinds and (not years or _year(document) in years)
    )
    return list(dict.fromkeys(issuer for issuer in alike if issuer and issuer not in issuers))[:_MOST_OF_A_KIND]


def _same_document(answerer: Answerer, answer: Answer) -> Iterator[str]:
    """Questions that the passages beside the cited one suggest, the next ones first."""
    for citation in answer.citations[:1]:
        passages = [hit.passage for hit in answerer.retriever.passages_of(citation.document)]
        passages.sort(key=lambda passage: (passage.start < citation.start, abs(passage.start - citation.start)))
        found = candidates(citation.document, passages[1:_MOST_PASSAGES])
        yield from islice((candidate.question for candidate in found), _MOST_OF_A_KIND)


def _year(document: Document) -> int | None:
    return document.metadata.reporting_year or document.metadata.year
