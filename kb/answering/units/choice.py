"""The readings of one part of a question → the best, whole, where it is sure enough; the sections that come nearest.

The weights of both are fitted by benchmarks/choice.py on questions with known answers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from kb.answering.extract.statements import Clause
from kb.answering.units.reading import Features, Reading
from kb.answering.units.wholes import section_of, shown_lines
from kb.search.query import QueryPlan
from kb.types import Hit

# In the order of Features.
_WEIGHTS = (2.0, 1.0, 0.5, 6.0, 2.0, 1.0, 0.3, 1.0)
_LEAST = 0.5  # least probability of being right, of what is shown as an answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What answers one part of a question, and what comes nearest to it."""

    clauses: tuple[Clause, ...]  # the lines of the best, whole; none where it is not sure enough
    nearest: tuple[Hit, ...]  # the sections of the best readings as hits, each once, best first


def choose(plan: QueryPlan, readings: Sequence[Reading]) -> Choice:
    """The best of `readings`, whole, where it is sure enough."""
    ranked = sorted(readings, key=lambda reading: -score(reading.features))
    nearest = _nearest(ranked)
    if not ranked or sureness(ranked) < _LEAST:
        return Choice(clauses=(), nearest=nearest)
    return Choice(clauses=shown_lines(plan, ranked[0]), nearest=nearest)


def score(features: Features) -> float:
    """How much speaks for a reading, beside the others of its question."""
    return float(sum(weight * value for weight, value in zip(_WEIGHTS, astuple(features), strict=True)))


def sureness(ranked: Sequence[Reading]) -> float:
    """The probability, 0 to 1, that the first of `ranked` answers."""
    return 1 / (1 + math.exp(-score(ranked[0].features)))


def _nearest(ranked: Sequence[Reading]) -> tuple[Hit, ...]:
    """The sections of the best readings, each once."""
    sections: dict[int, Hit] = {}
    for reading in ranked:
        sections.setdefault(reading.hit.passage_id, section_of(reading))
    return tuple(sections.values())
