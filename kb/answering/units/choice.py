"""The readings of one part of a question → the best, whole, where it is sure enough; the sections that come nearest.

The weights of both are fitted by benchmarks/choice.py on questions with known answers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kb.answering.extract.statements import Clause
from kb.answering.extract.yes_no import verdict_of
from kb.answering.judge.belief import ChoiceWeights, probability, shipped, weighed
from kb.answering.judge.judge import Judge
from kb.answering.judge.judged import Placed, judged_of
from kb.answering.units.brought import brought_along
from kb.answering.units.narrowing import focus_of_case
from kb.answering.units.reading import Reading
from kb.answering.units.wholes import section_of, shown_lines
from kb.chinese.text import fold
from kb.search.intent import Aspect, Kind
from kb.search.query import QueryPlan
from kb.types import Hit

_AGREEING = 0.15  # by which the bar is lower where another part of the question is answered, or the question before it
_MOST_JUDGED = (
    1200  # characters of the windows that are judged of each part: what two cores judge in a third of a second
)
_FAR_AHEAD = 3.0  # of a score before judging; farther tells nothing more


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What answers one part of a question, and what comes nearest to it."""

    clauses: tuple[Clause, ...]  # the lines of the best, whole; none where it is not sure enough
    nearest: tuple[Hit, ...]  # the sections of the best readings as hits, each once, best first
    verdict: str = ""  # 可以, 不可以 and the like, where that is asked and the rule decides it


def read_in_order(plan: QueryPlan, readings: Sequence[Reading], judge: Judge | None) -> tuple[Reading, ...]:
    """`readings`, best first: those that the judge was asked about, then the others. Raises EncoderError as it does."""
    weights = shipped()
    in_order = by_prior(readings, weights)
    return tuple(ranking(judged(plan, in_order, judge), weights) if judge else in_order)


def choose(plan: QueryPlan, ranked: Sequence[Reading], *, agrees: bool = False) -> Choice:
    """The best of `ranked`, whole, where it is sure enough.

    Less is asked of one that `agrees` with another part's answer, or goes on in the document of the answer before it.
    """
    weights = shipped()
    nearest = _nearest(ranked)
    if (
        not ranked
        or not plan.terms
        or probability(signs(ranked, weights), weights) < weights.least - _AGREEING * agrees
    ):
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


def by_prior(readings: Sequence[Reading], weights: ChoiceWeights) -> list[Reading]:
    """`readings`, best first by what is known without the judge; of equals the one that comes first in its document."""
    return sorted(
        readings,
        key=lambda reading: (-prior(reading, weights), reading.hit.document.id, reading.focus.start),
    )


def judged(plan: QueryPlan, readings: Sequence[Reading], judge: Judge) -> list[Reading]:
    """Readings, best first → the same, those of the first windows with what the judge says of them."""
    placed = [
        Placed(
            reading,
            reading.hit.document.id,
            reading.window,
            reading.focus.start,
            reading.focus.end,
            table=reading.block.start if reading.is_row else None,
        )
        for reading in readings
    ]
    return [replace(reading, judged=said) for reading, said in judged_of(plan, placed, judge, most=_MOST_JUDGED)]


def ranking(readings: Sequence[Reading], weights: ChoiceWeights) -> list[Reading]:
    """Readings in the order of `by_prior` → those that are judged, best first, then the others."""
    return sorted(readings, key=lambda reading: -score(reading, weights) if reading.judged else math.inf)


def prior(reading: Reading, weights: ChoiceWeights) -> float:
    """How much speaks for a reading before it is judged."""
    return weighed(reading.values, weights.prior)


def score(reading: Reading, weights: ChoiceWeights) -> float:
    """How much speaks for a reading that is judged, beside the others of its question."""
    return weighed(reading.values, weights.score)


def signs(ranked: Sequence[Reading], weights: ChoiceWeights) -> dict[str, float]:
    """What tells whether the first of `ranked` answers: few values, so that few questions fit their weights."""
    best, *others = ranked
    rivals = [reading for reading in others if reading.block is not best.block]
    return {
        "score": score(best, weights),
        "place_lacks": best.features.place_lacks,
        "prior_ahead": _ahead(best, rivals, weights),
        **(best.judged.signs if best.judged else {}),
    }


def of_case(plan: QueryPlan, reading: Reading) -> Reading:
    """The reading of the same block that the case of the question decides on, where one does."""
    focus = focus_of_case(plan, reading.structure.text, reading.block)
    return replace(reading, focus=focus) if focus else reading


def _ahead(best: Reading, rivals: Sequence[Reading], weights: ChoiceWeights) -> float:
    """How far the best is ahead of `rivals` by what is known without the judge; below 0 where one of them is."""
    own = prior(best, weights)
    ahead = own - max((prior(rival, weights) for rival in rivals), default=-math.inf)
    return max(min(ahead, _FAR_AHEAD), -_FAR_AHEAD)


def _nearest(ranked: Sequence[Reading]) -> tuple[Hit, ...]:
    """The sections of the best readings, each once."""
    sections: dict[int, Hit] = {}
    for reading in ranked:
        sections.setdefault(reading.hit.passage_id, section_of(reading))
    return tuple(sections.values())
