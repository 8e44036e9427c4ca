"""Refusals of every kind, and errors, as answers. All canned replies stand here.

A refusal says what is missing and which documents there are, and has the nearest passages as its evidence.
"""

from __future__ import annotations

from collections.abc import Sequence

from kb.answering.evidence import rejected_of
from kb.errors import WenzhengError
from kb.search.gazetteer import Gazetteer
from kb.search.query import QueryPlan
from kb.search.retriever import Found
from kb.search.scope import Missing, Scope
from kb.types import Answer, Evidence, PartLabel, Status, replies

_REPLIES = {
    Status.UNANSWERABLE_EMPTY_INDEX: "库中还没有文件。请先导入：python -m ingest 文件夹",
    Status.UNANSWERABLE_NO_EVIDENCE: "{where}没有与这个问题有关的文件。",
    Status.UNANSWERABLE_NOT_STATED: "没有在{where}的文件里找到写明这一点的原文，因此不作回答。",
    Status.UNANSWERABLE_OTHER_YEAR: "{where}没有{missing}的文件，因此不作回答。",
    Status.UNANSWERABLE_OTHER_ISSUER: "{where}没有{missing}的文件，因此不作回答。",
}
_ONLY_ABOVE = (
    "{where}没有{missing}的文件；在对它同样适用或不知属于何地的文件里，也没有找到写明这一点的原文，因此不作回答。"
)
_TOO_MANY = "要概括的文件太多，不能一并概括；请写明是哪个单位、哪一年的文件。"
_MOST_NAMES = 8


def refuse_all() -> Answer:
    """The refusal of any question where there are no documents."""
    status = Status.UNANSWERABLE_EMPTY_INDEX
    return Answer(status=status, lines=replies(_REPLIES[status]))


def refuse(
    plan: QueryPlan, found: Sequence[Found] = (), evidence: tuple[Evidence, ...] = (), *, contact: str = ""
) -> Answer:
    """The refusal of a question of which no part is answered by what was `found`, nor by the nearest of it, `evidence`.

    It says which documents there are and where to ask: `contact` is set by the operator.
    """
    status = status_of(plan, found)
    where = "所选范围内" if plan.within else "库中"
    if status is Status.UNANSWERABLE_NOT_STATED and plan.is_of_all:
        lines = [_TOO_MANY]
    else:
        missing = "、".join(filter(None, map(str, _missing(plan))))
        reply = _ONLY_ABOVE if _lacks_place(plan) else _REPLIES[status]
        lines = [reply.format(where=where, missing=missing or "这方面")]
    if status is not Status.UNANSWERABLE_NOT_STATED:
        lines.append(_documents_there(plan.gazetteer.within(plan.within), where))
    lines += map(str, plan.misspellings)
    if evidence:
        lines.append("可能有关的原文附后，供参考。")
    lines += _where_to_ask(plan.scope, evidence, contact)
    return Answer(status=status, lines=replies("\n".join(lines)), evidence=evidence, rejected=rejected_of(found))


def refuse_because(reason: str, *, contact: str = "") -> Answer:
    """The refusal of a question about a document that is named, for a `reason` in a sentence."""
    lines = [reason, *([f"可以向{contact}询问。"] if contact else [])]
    return Answer(status=Status.UNANSWERABLE_NOT_STATED, lines=replies("\n".join(lines)))


def _missing(plan: QueryPlan) -> tuple[PartLabel | str, ...]:
    """What is named and has no documents: of a part whose documents are of other years, its year."""
    scope = plan.scope
    if _lacks_place(plan):
        return scope.lacking
    years = tuple(part.label for part in scope.parts if part.names_year)
    return scope.missing_labels or years or plan.places


def _lacks_place(plan: QueryPlan) -> bool:
    """Whether no document is of any place that the question asks about, though some may hold for it."""
    return not plan.scope.missing and bool(plan.scope.lacking) and plan.scope.lacking == plan.scope.issuers


def _where_to_ask(scope: Scope, evidence: Sequence[Evidence], contact: str) -> list[str]:
    """The issuers that the question names and that have documents here, and the contact that is set."""
    above = frozenset().union(
        *(part.above for part in scope.parts)
    )  # who issues for all places knows of no one's matter
    found = (kept.hit.document.metadata.issuer for kept in evidence if kept.hit.document.id not in above)
    issuers = list(dict.fromkeys(filter(None, found))) or list(scope.issuers)
    named = scope.issuers and scope.missing is not Missing.ISSUER
    asked = [f"发文单位（{'、'.join(issuers[: len(scope.issuers)])}）"] if named else []
    asked += [contact] if contact else []
    return [f"可以向{'或'.join(asked)}询问。"] if asked else []


def error(status: Status, reason: WenzhengError) -> Answer:
    """An error as an answer: its message already says what to do."""
    return Answer(status=status, lines=replies(str(reason)))


def _documents_there(gazetteer: Gazetteer, where: str) -> str:
    """How many documents there are, from which issuers and years."""
    if not gazetteer:
        return f"{where}没有文件。"
    issuers = gazetteer.issuers
    names = "、".join(issuers[:_MOST_NAMES]) + (f"等{len(issuers)}个单位" if len(issuers) > _MOST_NAMES else "")
    regions = gazetteer.regions
    places = "、".join(regions[:_MOST_NAMES]) + (f"等{len(regions)}个地区" if len(regions) > _MOST_NAMES else "")
    years = gazetteer.years
    span = "" if not years else f"{years[0]}年" if len(years) == 1 else f"{years[-1]}年至{years[0]}年"
    return (
        f"{where}共有{len(gazetteer.documents)}份文件"
        + (f"，来自{names}" if names else "")
        + (f"，属于{places}" if places and regions != issuers else "")
        + (f"，年份为{span}" if span else "")
        + "。"
    )


_STATUS_OF_MISSING = {
    Missing.YEAR: Status.UNANSWERABLE_OTHER_YEAR,
    Missing.ISSUER: Status.UNANSWERABLE_OTHER_ISSUER,
}


def status_of(plan: QueryPlan, found: Sequence[Found] = ()) -> Status:
    """Why no part of `plan` is answered, by what it names and what was found for it."""
    if plan.scope.missing:
        return _STATUS_OF_MISSING[plan.scope.missing]
    if _lacks_place(plan):
        return Status.UNANSWERABLE_OTHER_ISSUER
    if not plan.speaks_of_places(hit.passage.text for of_part in found for hit in of_part.hits):
        return Status.UNANSWERABLE_OTHER_ISSUER
    if any(of_part.hits for of_part in found):
        return Status.UNANSWERABLE_NOT_STATED
    if any(of_part.part.names_year for of_part in found):
        return Status.UNANSWERABLE_OTHER_YEAR
    return Status.UNANSWERABLE_NO_EVIDENCE
