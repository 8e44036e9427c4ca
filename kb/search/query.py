"""What is asked: a question that stands by itself, its kind, the terms and the unit to look for, its scope.

question + history → standalone question → scope, kind, terms
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kb.chinese.places import places
from kb.chinese.spelling import Misspelling
from kb.chinese.synonyms import everyday_words
from kb.chinese.text import compounds, content_terms, fold
from kb.errors import QuestionError
from kb.search.followups import stand_alone
from kb.search.gazetteer import Gazetteer
from kb.search.intent import (
    Bound,
    Kind,
    bound_of,
    defined_in,
    is_of_all,
    kind_of,
    matter_of,
    num_items_of,
    outside,
    planned_of,
    quoted_in,
    unit_of,
)
from kb.search.scope import Scope, find_scope
from kb.types import Within

_QUOTED_SHARE = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryPlan:
    """A question as understood."""

    text: str  # stands by itself
    kind: Kind
    unit: str | None  # 多少次 asks for 次
    num_items: int | None  # 哪三个 asks for 3
    terms: dict[str, float]  # what an answer must speak of, by share: no years, issuers, words of form
    official: dict[str, tuple[str, ...]]  # for those of the terms that documents call otherwise
    compounds: tuple[str, ...]  # terms that stand side by side
    planned: bool | None  # whether a plan or a result is asked for, where the wording tells
    scope: Scope
    places: tuple[str, ...] = ()  # that are named and are no issuers: an answer must be about them
    bound: Bound | None = None
    misspellings: tuple[Misspelling, ...] = ()  # names that were written wrong; `text` has them right

    def speaks_of_places(self, texts: Iterable[str]) -> bool:
        """Whether one of `texts` speaks of the places that are named; so, too, where none is."""
        return not self.places or any(all(place in fold(text) for place in self.places) for text in texts)


def plan_query(text: str, history: Sequence[str], gazetteer: Gazetteer, within: Within | None = None) -> QueryPlan:
    """Understand `text`, asked after the questions `history` (oldest first) of the documents `within`.

    Raises QuestionError where it is empty.
    """
    if not text.strip():
        raise QuestionError("问题是空的；请写下想问的事。")
    standalone = ""
    text, misspellings = gazetteer.respelled(text)
    for asked in (*(gazetteer.respelled(earlier)[0] for earlier in history), text):
        standalone = stand_alone(" ".join(asked.split()), standalone, gazetteer)
    scope = find_scope(standalone, gazetteer, within)
    # A follow-up that asks for itself says what is wanted; one that does not wants what was asked before.
    asking = text if kind_of(text) is not Kind.OTHER else standalone
    kind = kind_of(asking)
    bound = bound_of(fold(standalone)) if kind is Kind.YES_NO else None
    defined = defined_in(fold(standalone)) if kind is Kind.DEFINITION else None
    matter = matter_of(standalone, scope, bound)
    if is_of_all(kind, matter):
        kind, matter = Kind.SUMMARY, ""
    everyday = list(everyday_words(matter))
    plain = outside(matter, [(word.start, word.end) for word in everyday])
    terms = content_terms(plain) | {word.text: 1.0 for word in everyday}
    terms |= dict.fromkeys(quoted_in(matter), _QUOTED_SHARE)
    return QueryPlan(
        text=standalone,
        kind=Kind.FIGURE if bound else kind,
        unit=bound.figure.unit if bound else unit_of(asking),
        num_items=num_items_of(asking),
        terms={defined: _QUOTED_SHARE} if defined else terms,
        official={word.text: word.official for word in everyday},
        compounds=tuple(dict.fromkeys(compounds(plain))),
        places=tuple(places(matter)),
        bound=bound,
        misspellings=misspellings,
        planned=planned_of(asking, scope),
        scope=scope,
    )
