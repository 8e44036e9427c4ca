"""Several cases side by side in one sentence, list or table → the one that the question is about.

“不足6个月的，1万元；满6个月的，2万元”: of the branches of a rule only that is shown which the amounts of the question satisfy, or that is
the one clearly meant by its words and by the judge, with weights that benchmarks/narrowing.py fits.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from kb.answering.extract.answer_type import kind_share
from kb.answering.extract.rules.ranges import branch_for, branch_of_case, branches_in
from kb.answering.judge.belief import shipped, weighed
from kb.answering.judge.judge import Judgement
from kb.answering.structure import BlockShape, Focus, Span, UnitBlock
from kb.answering.units.aspects import words_share
from kb.answering.units.cases import Cases, cases_in, without_number
from kb.answering.units.reading import asked_pairs
from kb.answering.units.rows import Cell
from kb.chinese.amounts import amounts_of_case
from kb.chinese.figures import figures
from kb.chinese.text import fold, trim
from kb.search.intent import Kind
from kb.search.query import QueryPlan

_CLEARLY = 2  # of the question's pairs of characters that tell clauses apart, by which one must be ahead of the others
_CLEAR_SHARE = 0.15  # … and of all these pairs
_FEWEST_CELLS = 3  # with figures under heads of their own, of which one is shown
_MOST = 8.0  # log odds behind the best case, beyond which they tell nothing more


def focus_of_case(plan: QueryPlan, text: str, block: UnitBlock) -> Focus | None:
    """The one item or row of a block that the amounts of the question satisfy; None where none or several do."""
    case = amounts_of_case(plan.text)
    if block.shape is BlockShape.PARAGRAPH or not case:
        return None
    place = branch_for(case, [text[focus.start : focus.end] for focus in block.foci], plan.text)
    return None if place is None else block.foci[place]


def branch_of(plan: QueryPlan, text: str, start: int, end: int) -> Span | None:
    """The branch of a span of `text` that the amounts of the question satisfy; None where none or several do."""
    branches = branches_in(text[start:end])
    place = branch_of_case(amounts_of_case(plan.text), branches, plan.text) if branches else None
    return None if place is None else trim(text, start + branches[place].start, start + branches[place].end)


def narrowed(plan: QueryPlan, text: str, start: int, end: int, said: Judgement | None = None) -> list[Span]:
    """The part of a span of `text` that is about the case of the question, behind what stands above all cases.

    The whole span where the cases are not clearly told apart, or where nothing was `said` of the window in which they stand.
    """
    if branch := branch_of(plan, text, start, end):
        return [branch]
    cases = cases_in(text, start, end)
    weights = shipped()
    if said and len(cases.spans) > 1:
        values = case_values(plan, text, cases, said)
        scores = [weighed(of_case, weights.case) for of_case in values]
        best = max(range(len(scores)), key=scores.__getitem__)
        contradicted = max(of_case["words"] for of_case in values) - values[best]["words"] >= _CLEARLY
        if not contradicted and 1 / sum(math.exp(score - scores[best]) for score in scores) >= weights.least_case:
            return [*filter(None, [cases.head]), cases.spans[best]]
    return [(start, end)]


def case_values(plan: QueryPlan, text: str, cases: Cases, said: Judgement) -> list[dict[str, float]]:
    """What speaks for each of several cases being the one that is asked about."""
    words = [fold(text[slice(*span)]) for span in cases.spans]
    held = _telling(asked_pairs(plan), words)
    odds = [said.odds_of(*span) for span in cases.spans]
    return [
        {
            "words": float(len(pairs)),
            "judged": max(own - max(odds), -_MOST),
            "holds_kind": kind_share(plan, without_number(said_there)) * words_share(plan, said_there),
        }
        for pairs, own, said_there in zip(held, odds, words, strict=True)
    ]


def meant_cells(plan: QueryPlan, text: str, cells: Sequence[Cell]) -> list[Cell]:
    """The cells of a row that are shown, without those that count the rows.

    Of several with figures under heads of their own that is shown whose head the question speaks of, where one clearly is.
    """
    kept = [cell for cell in cells if not cell.is_ordinal]
    counted = [cell for cell in kept if cell.head and figures(text[slice(*cell.value)])]
    if plan.statement_kind is not Kind.FIGURE or len(counted) < _FEWEST_CELLS:
        return kept
    best = _foremost(asked_pairs(plan), [fold("".join(text[slice(*span)] for span in cell.head)) for cell in counted])
    if best is None:
        return kept
    return [cell for cell in kept if cell not in counted or cell is counted[best]]


def _foremost(asked: frozenset[str], texts: Sequence[str]) -> int | None:
    """The place of the one of `texts` with clearly most of the pairs of characters `asked` that tell them apart."""
    if len(texts) < 2:
        return None
    counts = list(map(len, _telling(asked, texts)))
    best = max(range(len(counts)), key=counts.__getitem__)
    second = max(count for place, count in enumerate(counts) if place != best)
    return best if counts[best] - second >= max(_CLEARLY, _CLEAR_SHARE * len(asked)) else None


def _telling(asked: frozenset[str], texts: Sequence[str]) -> list[set[str]]:
    """Of the pairs of characters `asked` those that stand in each of `texts`, and not in all of them."""
    held = [{pair for pair in asked if pair in text} for text in texts]
    common = set.intersection(*held)
    return [pairs - common for pairs in held]
