"""A question of yes or no, and the words that answer it → yes, no, or nothing: only what the words decide is said."""

from __future__ import annotations

from collections.abc import Callable

from kb.answering.extract.answer_type import is_rough, stated
from kb.chinese.lexicon import read_lexicon
from kb.search.intent import Kind
from kb.search.query import QueryPlan

Said = Callable[[str], float]
"""How far the words that answer speak of a term, 0 to 1."""

_WHOLLY = 0.9
_LEXICON = read_lexicon(__name__)
_NOT = _LEXICON["not"]
_ASKS_YES_OR_NO = _LEXICON["asks_yes_or_no"]
_YES = ((_LEXICON["asks_whether_there_is"], "有"), (_LEXICON["asks_whether_one_may"], "可以"))
_NO = {"有": "没有", "可以": "不可以", "是": "否"}


def verdict(question: QueryPlan, words: str, said: Said) -> str:
    """是, 否 or the like where `words` decide `question`; "" where they do not, or it is no question of yes or no."""
    yes = next((word for pattern, word in _YES if pattern.search(question.text)), "是")
    if question.bound:
        holds = _is_within(question, words)
        return "" if holds is None else yes if holds else _NO[yes]
    if question.kind is not Kind.YES_NO or not question.terms:
        return ""
    plain = _ASKS_YES_OR_NO.sub("", question.text)
    decided = (
        not _NOT.search(plain) and not _NOT.search(words) and all(said(term) >= _WHOLLY for term in question.terms)
    )
    return yes if decided else ""


def _is_within(question: QueryPlan, words: str) -> bool | None:
    """Whether the one firm figure of `words` is on the side of the bound that is asked for; None where none is sure."""
    bound = question.bound
    told = stated(question, words)
    if bound is None or len(told) != 1 or told[0].unit != bound.figure.unit or is_rough(told[0], words):
        return None
    return told[0].value >= bound.figure.value if bound.above else told[0].value < bound.figure.value
