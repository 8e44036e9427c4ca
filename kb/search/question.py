"""One question, parsed once: the names, years, figures, kind and unit in its own words, without the questions before it.

All steps take this value and not a text, so that nothing is parsed twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from kb.chinese.figures import Figure, figures
from kb.chinese.spelling import Misspelling
from kb.chinese.text import content_terms, fold
from kb.search.gazetteer import Gazetteer
from kb.search.intent import Bound, Kind, bound_of, kind_of, matter_of, num_items_of, planned_of, unit_of
from kb.search.scope import Mentions, Scope, find_mentions, scope_of
from kb.types import Within


@dataclass(frozen=True)
class Question:
    """A text and what is parsed from it, each when it is first needed. Spans are offsets into `folded`."""

    text: str
    gazetteer: Gazetteer = field(repr=False, compare=False)
    misspellings: tuple[Misspelling, ...] = ()  # names that were written wrong; `text` has them right

    def reworded(self, text: str) -> Question:
        """Another wording, asked of the same documents."""
        return self if text == self.text else Question(text, self.gazetteer)

    @cached_property
    def folded(self) -> str:
        return fold(self.text)

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        return tuple(figures(self.folded))

    @cached_property
    def mentions(self) -> Mentions:
        return find_mentions(self.folded, self.gazetteer)

    @cached_property
    def scope(self) -> Scope:
        """What it is about, of all documents."""
        return scope_of(self.mentions, self.gazetteer)

    def scope_within(self, within: Within | None) -> Scope:
        """What it is about, of the documents that a reader keeps to."""
        return scope_of(self.mentions, self.gazetteer, within) if within else self.scope

    @cached_property
    def kind(self) -> Kind:
        return kind_of(self.text)

    @cached_property
    def unit(self) -> str | None:
        return unit_of(self.text)

    @cached_property
    def num_items(self) -> int | None:
        return num_items_of(self.text)

    @cached_property
    def planned(self) -> bool | None:
        return planned_of(self.text, self.scope)

    @cached_property
    def bound(self) -> Bound | None:
        return bound_of(self.folded, self.figures)

    @cached_property
    def matter_terms(self) -> dict[str, float]:
        """The terms of what it is about, each with its share."""
        return content_terms(matter_of(self.folded, self.mentions.spans))


def question_of(text: str, gazetteer: Gazetteer) -> Question:
    """The question `text` on one line: in simplified characters, years in digits, names as documents have them."""
    respelled, misspellings = gazetteer.respelled(text)
    return Question(" ".join(respelled.split()), gazetteer, misspellings)
