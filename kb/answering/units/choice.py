"""The readings of one part of a question → the best, whole, where it is sure enough; the sections that come nearest.

The weights of both are fitted by benchmarks/choice.py on questions with known answers, and stand in choice.json.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib import resources

from kb.answering.extract.statements import Clause
from kb.answering.extract.yes_no import verdict_of
from kb.answering.units.brought import brought_along
from kb.answering.units.narrowing import focus_of_case
from kb.answering.units.reading import Features, Reading
from kb.answering.units.wholes import section_of, shown_lines
from kb.chinese.text import fold
from kb.search.intent import Aspect, Kind
from kb.search.query import QueryPlan
from kb.types import Hit

_AGREEING = 0.15  # by which the bar is lower where another part of the question is answered
_NO_RIVAL = 3.0  # how far the best is ahead where there is no other


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What answers one part of a question, and what comes nearest to it."""

    clauses: tuple[Clause, ...]  # the lines of the best, whole; none where it is not sure enough
    nearest: tuple[Hit, ...]  # the sections of the best readings as hits, each once, best first
    verdict: str = ""  # 可以, 不可以 and the like, where that is asked and the rule decides it


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceWeights:
    """What each feature counts for."""

    score: dict[str, float]  # of a reading beside the others of its question, by the names of Features
    sureness: dict[str, float]  # of the best, by the names of `signs`, beside "constant": log odds
    least: float  # probability of being right, from which the best is an answer


def choose(plan: QueryPlan, readings: Sequence[Reading], *, agrees: bool = False) -> Choice:
    """The best of `readings`, whole, where it is sure enough; less is asked of one that agrees with another part's answer."""
    weights = shipped_weights()
    ranked = ranking(readings, weights)
    nearest = _nearest(ranked)
    if not ranked or sureness(ranked, weights) < weights.least - _AGREEING * agrees:
        return Choice(clauses=(), nearest=nearest)
    best = [ranked[0]] if plan.compared is None else _side_by_side(plan.compared, ranked)
    clauses: list[Clause] = []
    for reading in best:
        lines = shown_lines(plan, of_case(plan, reading))
        clauses += (*lines, *(brought_along(reading, lines) if plan.aspect is Aspect.PENALTY else ()))
    return Choice(clauses=tuple(clauses), nearest=nearest, verdict=_verdict(plan, best))


def _verdict(plan: QueryPlan, best: Sequence[Reading]) -> str:
    """What the rule that is shown answers to a question of yes or no; "" where it does not decide."""
    if plan.kind is not Kind.YES_NO or len(best) != 1:
        return ""
    [reading] = best
    text = reading.structure.text
    leads = "".join(text[start:end] for start, end in reading.focus.leads)
    context = " ".join((reading.hit.document.metadata.title, *reading.block.container.path))
    found = verdict_of(plan, reading.text, leads, context)
    return found.text if found else ""


def _side_by_side(compared: tuple[str, str], ranked: Sequence[Reading]) -> list[Reading]:
    """The first of `ranked` that speaks of each of two things, once where one speaks of both; none where one is missing."""
    spoken = [next((reading for reading in ranked if _speaks_of(reading, term)), None) for term in compared]
    found = [reading for reading in spoken if reading]
    return list({reading.block.start: reading for reading in found}.values()) if len(found) == len(compared) else []


def _speaks_of(reading: Reading, term: str) -> bool:
    text, block = reading.structure.text, reading.block
    return fold(term) in fold(" ".join((text[block.start : block.end], *block.container.path)))


@cache
def shipped_weights() -> ChoiceWeights:
    """The weights of choice.json."""
    return ChoiceWeights(**json.loads(resources.files(__package__).joinpath("choice.json").read_text(encoding="utf-8")))


def ranking(readings: Sequence[Reading], weights: ChoiceWeights) -> list[Reading]:
    """`readings`, best first; of equals the one that comes first in its document."""
    return sorted(
        readings,
        key=lambda reading: (-score(reading.features, weights), reading.hit.document.id, reading.focus.start),
    )


def score(features: Features, weights: ChoiceWeights) -> float:
    """How much speaks for a reading, beside the others of its question."""
    values: dict[str, float] = asdict(features)
    return sum(weight * values[name] for name, weight in weights.score.items())


def sureness(ranked: Sequence[Reading], weights: ChoiceWeights) -> float:
    """The probability, 0 to 1, that the first of `ranked` answers."""
    found = signs(ranked, weights)
    return 1 / (1 + math.exp(-sum(weight * found[name] for name, weight in weights.sureness.items())))


def signs(ranked: Sequence[Reading], weights: ChoiceWeights) -> dict[str, float]:
    """What tells whether the first of `ranked` answers: its features, its score, and how far it is ahead."""
    best = ranked[0]
    own = score(best.features, weights)
    block = _ahead(own, (reading for reading in ranked if reading.block is not best.block), weights)
    document = _ahead(own, (reading for reading in ranked if reading.hit.document.id != best.hit.document.id), weights)
    return asdict(best.features) | {
        "constant": 1.0,
        "score": own,
        "ahead_of_blocks": block,
        "ahead_of_documents": document,
    }


def of_case(plan: QueryPlan, reading: Reading) -> Reading:
    """The reading of the same block that the case of the question decides on, where one does."""
    focus = focus_of_case(plan, reading.structure.text, reading.block)
    return replace(reading, focus=focus) if focus else reading


def _ahead(own: float, rivals: Iterator[Reading], weights: ChoiceWeights) -> float:
    """How far a score is ahead of the first of `rivals`, which come best first."""
    rival = next(rivals, None)
    return min(own - score(rival.features, weights), _NO_RIVAL) if rival else _NO_RIVAL


def _nearest(ranked: Sequence[Reading]) -> tuple[Hit, ...]:
    """The sections of the best readings, each once."""
    sections: dict[int, Hit] = {}
    for reading in ranked:
        sections.setdefault(reading.hit.passage_id, section_of(reading))
    return tuple(sections.values())
