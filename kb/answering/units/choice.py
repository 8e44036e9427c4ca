"""The readings of one part of a question → the best, whole, where it is sure enough; the sections that come nearest.

The weights of both are fitted by benchmarks/choice.py on questions with known answers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple

from kb.answering.corpus import Corpus
from kb.answering.extract.coverage import TermWeights
from kb.answering.extract.selection import Selection
from kb.answering.units.reading import Features, Reading, readings
from kb.answering.units.wholes import section_of, shown_lines
from kb.search.query import QueryPlan
from kb.search.retriever import Found
from kb.types import Hit

# In the order of Features.
_WEIGHTS = (2.0, 1.0, 0.5, 6.0, 2.0, 1.0, 0.3, 1.0)
_LEAST = 0.5  # least probability of being right, of what is shown as an answer
_MOST_NEAREST = 3


def score(features: Features) -> float:
    """How much speaks for a reading, beside the others of its question."""
    return float(sum(weight * value for weight, value in zip(_WEIGHTS, astuple(features), strict=True)))


def sureness(ranked: Sequence[Reading], weights: TermWeights) -> float:
    """The probability, 0 to 1, that the first of `ranked` answers."""
    return 1 / (1 + math.exp(-score(ranked[0].features)))


def select(plan: QueryPlan, found: Found, weights: TermWeights, corpus: Corpus) -> Selection:
    """What answers one part of `plan`, whole, or nothing where the best is not sure enough."""
    ranked = sorted(readings(plan, found, weights, corpus), key=lambda reading: -score(reading.features))
    nearest = _nearest(ranked)
    if not ranked or sureness(ranked, weights) < _LEAST:
        return Selection(found=found, clauses=(), is_whole=True, nearest=nearest)
    return Selection(found=found, clauses=shown_lines(plan, ranked[0]), is_whole=True, nearest=nearest)


def _nearest(ranked: Sequence[Reading]) -> tuple[Hit, ...]:
    """The sections of the best readings, each once."""
    sections: dict[int, Hit] = {}
    for reading in ranked:
        sections.setdefault(reading.hit.passage_id, section_of(reading))
    return tuple(sections.values())
