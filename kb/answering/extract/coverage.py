"""Coverage: the share of a question's terms, 0 to 1, that stand in a segment or around it, each weighed by its rarity.

The official word for a term counts nearly as much as the term. A term that no passage has weighs 1, which is little:
it is how people speak (家里娃, 一层层).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from kb.chinese.text import terms
from kb.search.query import QueryPlan

Rarity = Callable[[str], float]
"""A term → its inverse document frequency; 0 for one that is in no passage."""

_FEWEST_TERMS = 3
_UNHEARD = 1.0  # the weight of a term that no passage has
_OFFICIAL_SHARE = 0.95  # of an everyday word for which an official one stands
_BEFORE_SHARE = 0.8  # of a term that stands in the clause, before the segment
_AFTER_SHARE = 0.7
_HEADING_SHARE = 0.9  # … in the heading right above
_CONTEXT_SHARE = 0.6  # … in the title, the headings above, the rest of the sentence or the sentence before
_NEARLY_SHARE = 0.9  # of a term that stands in the segment with a character or two between: 粮食总产量 for 粮食产量
_PART_SHARE = 0.5  # of a term of which only some characters stand there


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A segment, and what stands around it, from the nearest to the farthest; all folded."""

    segment: str
    before: str = ""  # in its clause
    after: str = ""
    heading: str = ""  # the nearest
    context: str = ""


class TermWeights:
    """The terms of one question with their weights; measures what a segment covers of them."""

    def __init__(self, plan: QueryPlan, rarity: Rarity) -> None:
        self._plan = plan
        self._rarity = rarity

    @cached_property
    def everyday_share(self) -> float:
        """The share of the terms that are everyday words: those that no passage has, or that documents call otherwise.

        0 for a question of a term or two, which says too little without them.
        """
        heard = [self.is_official(term) for term in self._plan.terms]
        return heard.count(False) / len(heard) if len(heard) >= _FEWEST_TERMS else 0.0

    @cached_property
    def unheard_share(self) -> float:
        """The share of the terms, by what they count, that no passage has in any spelling."""
        total = sum(self._plan.terms.values())
        unheard = (
            share
            for term, share in self._plan.terms.items()
            if not any(
                self._rarity(word)
                for spelling in (term, *self._plan.official.get(term, ()))
                for word in terms(spelling)
            )
        )
        return sum(unheard) / total if total else 0.0

    def presence_of_rarest(self, place: Place) -> float:
        """How far `place` speaks of the term that counts most; 0 for a question about nothing."""
        weights = self._weights
        return self.presence(max(weights, key=lambda term: weights[term]), place) if weights else 0.0

    def is_official(self, term: str) -> bool:
        """Whether documents use a term of the question themselves."""
        return self._rarity(term) > 0 and term not in self._plan.official

    def coverage(self, place: Place) -> float:
        """The share of the terms' weight that `place` speaks of; 0 for a question about nothing."""
        total = sum(self._weights.values())
        return (
            sum(weight * self.presence(term, place) for term, weight in self._weights.items()) / total if total else 0.0
        )

    def adjacency(self, place: Place) -> float:
        """The share of the terms that stand side by side in the question, by weight, that do so in `place`.

        中央预算内投资 is not 中央预算内水利投资.
        """
        total = sum(self._compounds.values())
        return (
            sum(self._compounds[words] for words in self._compounds if words in place.segment) / total if total else 0.0
        )

    @cached_property
    def _weights(self) -> dict[str, float]:
        return {term: share * self._weight(term) for term, share in self._plan.terms.items()}

    @cached_property
    def _compounds(self) -> dict[str, float]:
        return {
            words: min((weight for term, weight in self._weights.items() if term in words), default=0.0)
            for words in self._plan.compounds
        }

    def _weight(self, term: str) -> float:
        """The rarity of a term; of an everyday word the lowest of its official words."""
        spellings = (term, *self._plan.official.get(term, ()))
        rarities = [max(map(self._rarity, terms(words)), default=0.0) for words in spellings]
        return min(filter(None, rarities), default=_UNHEARD)

    def presence(self, term: str, place: Place) -> float:
        """How far `place` speaks of `term`, 0 to 1."""
        official = (_OFFICIAL_SHARE * _presence(word, place) for word in self._plan.official.get(term, ()))
        return max(_presence(term, place), *official, 0.0)


def _presence(term: str, place: Place) -> float:
    """1 where `term` stands in the segment, less where it stands around it or in parts."""
    if term in place.segment:
        return 1.0
    if len(term) > 3 and re.search(".{0,2}".join(map(re.escape, term)), place.segment):
        return _NEARLY_SHARE
    if term in place.heading:
        return _HEADING_SHARE
    if term in place.before:
        return _BEFORE_SHARE
    if term in place.after:
        return _AFTER_SHARE
    pairs = [term[position : position + 2] for position in range(len(term) - 1)]
    if len(pairs) < 2:
        return _CONTEXT_SHARE if term in place.context else 0.0
    part = max(
        _PART_SHARE * sum(pair in place.segment for pair in pairs),
        _PART_SHARE * _BEFORE_SHARE * sum(pair in place.before for pair in pairs),
        _PART_SHARE * _AFTER_SHARE * sum(pair in place.after for pair in pairs),
    ) / len(pairs)
    return max(part, _CONTEXT_SHARE if term in place.context else 0.0)
