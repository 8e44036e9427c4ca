"""Named values → a score, and how sure it is that the first candidate answers: by weights that benchmarks/choice.py fits."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceWeights:
    """What each named value counts for."""

    score: dict[str, float]  # of a candidate that was judged, beside the others of its question
    sureness: dict[str, float]  # of the best, beside "constant": log odds
    least: float  # probability of being right, from which the best is an answer
    prior: dict[str, float] = field(default_factory=dict)  # of a candidate before it is judged
    case: dict[str, float] = field(default_factory=dict)  # of several cases in one candidate (benchmarks/narrowing.py)
    least_case: float = 1.0  # probability of being the one that is asked about, from which a case is shown alone


@cache
def shipped() -> ChoiceWeights:
    """The weights of choice.json beside this file."""
    return ChoiceWeights(**json.loads(resources.files(__package__).joinpath("choice.json").read_text(encoding="utf-8")))


def weighed(values: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The sum of the values, each times its weight; one that is not there is 0."""
    return sum(weight * values.get(name, 0.0) for name, weight in weights.items())


def probability(signs: Mapping[str, float], weights: ChoiceWeights) -> float:
    """The probability, 0 to 1, that the best candidate answers."""
    return 1 / (1 + math.exp(-weighed({**signs, "constant": 1.0}, weights.sureness)))
