"""The field that a question asks for → how far a section is that field, by its heading, its lead-in and its words."""

from __future__ import annotations

from kb.chinese.lexicon import read_lexicon
from kb.chinese.text import fold
from kb.search.intent import Aspect, Kind
from kb.search.query import QueryPlan

_LEXICON = read_lexicon(__name__)
_OF = {
    Aspect.CONDITIONS: _LEXICON["conditions"],
    Aspect.MATERIALS: _LEXICON["materials"],
    Aspect.STEPS: _LEXICON["steps"],
    Aspect.TIME_LIMIT: _LEXICON["time_limit"],
    Aspect.FEE: _LEXICON["fee"],
    Aspect.PLACE: _LEXICON["place"],
    Aspect.HOURS: _LEXICON["hours"],
    Aspect.PHONE: _LEXICON["phone"],
    Aspect.AUTHORITY: _LEXICON["authority"],
    Aspect.PENALTY: _LEXICON["penalty"],
}
# Words without which a reading hardly answers a question of the kind.
_WORDS_OF = {
    Kind.WHO: _LEXICON["body"],
    Kind.WHERE: _LEXICON["place"],
    Kind.YES_NO: _LEXICON["norm"],
}
# Words without which nothing is what is asked for.
_NEEDED = {
    Aspect.FEE: _LEXICON["money"],
    Aspect.PENALTY: _LEXICON["sanction"],
    Aspect.PHONE: _LEXICON["digits"],
}
_WITHOUT_SHARE = 0.3  # of one that has none of them
_LEAD_SHARE = 0.9
_WORDS_SHARE = 0.6
_FARTHER_SHARE = 0.4  # of a heading above the nearest


def aspect_share(plan: QueryPlan, path: tuple[str, ...], leads: str, words: str) -> float:
    """1 where the nearest heading names what is asked for, less where the lead-ins, the words or a heading above do."""
    pattern = _OF.get(plan.aspect) if plan.aspect else None
    if pattern is None:
        return 0.0
    if path and pattern.search(fold(path[-1])):
        return 1.0
    if pattern.search(leads):
        return _LEAD_SHARE
    if pattern.search(fold(words)):
        return _WORDS_SHARE
    return _FARTHER_SHARE if any(pattern.search(fold(heading)) for heading in path) else 0.0


def words_share(plan: QueryPlan, words: str) -> float:
    """1 where `words` name what the kind of question asks for: a body, a place, what is allowed or demanded; else less."""
    pattern = _WORDS_OF.get(plan.kind)
    return 1.0 if pattern is None or pattern.search(words) else _WITHOUT_SHARE


def lacks_aspect(plan: QueryPlan, words: str) -> bool:
    """Whether `words`, of a block, have nothing without which no fee, penalty or telephone is told."""
    pattern = _NEEDED.get(plan.aspect) if plan.aspect else None
    return pattern is not None and not pattern.search(words)
