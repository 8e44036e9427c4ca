"""A yes-or-no question and the words that answer it → 是, 否 or the like; "" where the words do not decide it."""

from __future__ import annotations

from collections.abc import Callable

from kb.answering.extract.answer_type import is_rough, stated
from kb.chinese.lexicon import read_lexicon
from kb.search.intent import Kind
from kb.search.query import QueryPlan

Presence = Callable[[str], float]
"""How far the words that answer speak of a term, 0 to 1."""

_WHOLLY = 0.9
_LEXICON = read_lexicon(__name__)
_NOT = _LEXICON["not"]
_ASKS_YES_OR_NO = _LEXICON["asks_yes_or_no"]
_YES = ((_LEXICON["asks_whether_there_is"], "有"), (_LEXICON["asks_whether_one_may"], "可以"))
_NO = {"有": "没有", "可以": "不可以", "是": "否"}


def verdict(plan: QueryPlan, words: str, presence: Presence) -> str:
    """是, 否 or the like where `words` decide `plan`; "" where they do not, or it is no question of yes or no."""
    yes = next((word for pattern, word in _YES if pattern.search(plan.text)), "是")
    if plan.bound:
        holds = _is_within(plan, words)
        return "" if holds is None else yes if holds else _NO[yes]
    if plan.kind is not Kind.YES_NO or not plan.terms:
        return ""
    plain = _ASKS_YES_OR_NO.sub("", plan.text)
    decided = (
        not _NOT.search(plain) and not _NOT.search(words) and all(presence(term) >= _WHOLLY for term in plan.terms)
    )
    return yes if decided else ""


def _is_within(plan: QueryPlan, words: str) -> bool | None:
    """Whether the one firm figure of `words` is on the side of the bound that is asked for; None where none is sure."""
    bound = plan.bound
    found = stated(plan, words)
    if bound is None or len(found) != 1 or found[0].unit != bound.figure.unit or is_rough(found[0], words):
        return None
    return found[0].value >= bound.figure.value if bound.above else found[0].value < bound.figure.value
