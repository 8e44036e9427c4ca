"""A question that goes on from another → the same kept to the documents that answered that other.

要多久 behind 居住证怎么办 is asked of the guide that told how, and of no other guide; where it is not answered there it is
not answered. A question that names something of its own (网吧几点关门) is kept to them only where they speak of that.
"""

from __future__ import annotations

from collections.abc import Iterable

from kb.answering.corpus import Corpus
from kb.chinese.text import fold
from kb.search.followups import names_in
from kb.search.query import QueryPlan
from kb.types import Answer, Document, Status


def kept_to(plan: QueryPlan, before: Answer, corpus: Corpus) -> QueryPlan | None:
    """`plan` kept to the documents of `before`, the answer to the question that it goes on from.

    None where it asks of several issuers or years, names one itself, or names what these documents do not speak of.
    """
    own = plan.asked.scope
    if plan.continues is None or len(plan.scope.parts) != 1 or own.issuers or own.years or own.title:
        return None
    documents = _documents_of(before)
    if before.status is not Status.ANSWERED:  # the nearest may be about anything
        matter = names_in(plan.continues.standalone)
        documents = [
            document for document in documents if matter and _says(fold(document.metadata.title), matter, plan)
        ]
    kept = {document.id for document in documents if _speaks_of_names(document, plan, corpus)}
    return plan.kept_to(kept) if kept else None


def is_of_names(answer: Answer, plan: QueryPlan, corpus: Corpus) -> bool:
    """Whether an answer to `plan` as it is asked by itself cites only documents that speak of what it names.

    By itself it may say less than it means: 没牌照罚多少 is answered by any fine.
    """
    return answer.status is Status.ANSWERED and all(
        _speaks_of_names(document, plan, corpus) for document in _documents_of(answer)
    )


def _speaks_of_names(document: Document, plan: QueryPlan, corpus: Corpus) -> bool:
    """Whether a document has the names of a follow-up, but for those that no document has."""
    known = [name for name in plan.names if corpus.rarity(name) > 0 or name in plan.official]
    return not known or _says(fold(corpus.text_of(document)), known, plan)


def _documents_of(answer: Answer) -> list[Document]:
    """The documents that an answer cites; of a refusal the nearest."""
    cited = [citation.document for citation in answer.citations]
    nearest = [evidence.hit.document for evidence in answer.evidence[:1]]
    return list({document.id: document for document in cited or nearest}.values())


def _says(text: str, names: Iterable[str], plan: QueryPlan) -> bool:
    """Whether every one of `names` stands in a folded text, or the official word for it."""
    return all(any(word in text for word in (name, *plan.official.get(name, ()))) for name in names)
