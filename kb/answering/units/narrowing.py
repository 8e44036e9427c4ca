"""Several cases side by side in one sentence, list or table → the one that the question is about.

“不足6个月的，1万元；满6个月的，2万元”: of the branches of a rule only that is shown which the amounts of the question satisfy, or
whose words are those of the question and of no other branch.
"""

from __future__ import annotations

from collections.abc import Sequence

from kb.answering.extract.rules.ranges import branch_for, branch_of_case, branches_in
from kb.answering.judge.judge import Judgement
from kb.answering.structure import BlockShape, Focus, Span, UnitBlock
from kb.answering.units.reading import asked_pairs
from kb.answering.units.rows import Cell
from kb.chinese.amounts import amounts_of_case
from kb.chinese.figures import figures
from kb.chinese.text import clauses, fold, segments, trim
from kb.search.intent import Kind
from kb.search.query import QueryPlan

_CLEARLY = 2  # of the question's pairs of characters that tell clauses apart, by which one must be ahead of the others
_CLEAR_SHARE = 0.15  # … and of all these pairs
_LADDER = 3  # segments with figures side by side are cases of one rule


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


def narrowed(plan: QueryPlan, text: str, start: int, end: int, said: Judgement | None = None) -> Span:
    """The part of a span of `text` that is about the case of the question; the whole span where none clearly is.

    Where the judge `said` something of the window in which the span stands, it has to hold the same part for the best.
    """
    if branch := branch_of(plan, text, start, end):
        return branch
    pieces = [(start + begin, start + finish) for begin, finish in clauses(text[start:end])] or [(start, end)]
    first, last = _meant(plan, text, pieces, said)
    pieces = [(first + begin, first + finish) for begin, finish in segments(text[first:last])] or pieces
    if sum(bool(figures(text[begin:finish])) for begin, finish in pieces) >= _LADDER:
        first, last = _meant(plan, text, pieces, said)
    return trim(text, first, last)


def meant_cells(plan: QueryPlan, text: str, cells: Sequence[Cell]) -> list[Cell]:
    """The cells of a row that are shown, without those that count the rows.

    Of several with figures under heads of their own that is shown whose head the question speaks of, where one clearly is.
    """
    kept = [cell for cell in cells if not cell.is_ordinal]
    counted = [cell for cell in kept if cell.head and figures(text[slice(*cell.value)])]
    if plan.statement_kind is not Kind.FIGURE or len(counted) < _LADDER:
        return kept
    best = _foremost(asked_pairs(plan), [fold("".join(text[slice(*span)] for span in cell.head)) for cell in counted])
    if best is None:
        return kept
    return [cell for cell in kept if cell not in counted or cell is counted[best]]


def _meant(plan: QueryPlan, text: str, pieces: Sequence[Span], said: Judgement | None) -> Span:
    """The one of `pieces` that the question is about; all of them where none clearly is, or where it states no figure."""
    whole = (pieces[0][0], pieces[-1][1])
    best = _foremost(asked_pairs(plan), [fold(text[start:end]) for start, end in pieces])
    if best is None or not figures(text[slice(*pieces[best])]):
        return whole
    if said and best != max(range(len(pieces)), key=lambda place: said.odds_of(*pieces[place])):
        return whole
    return pieces[best]


def _foremost(asked: frozenset[str], texts: Sequence[str]) -> int | None:
    """The place of the one of `texts` with clearly most of the pairs of characters `asked` that tell them apart."""
    held = [{pair for pair in asked if pair in text} for text in texts]
    if len(held) < 2:
        return None
    common = set.intersection(*held)
    counts = [len(pairs - common) for pairs in held]
    best = max(range(len(counts)), key=counts.__getitem__)
    second = max(count for place, count in enumerate(counts) if place != best)
    return best if counts[best] - second >= max(_CLEARLY, _CLEAR_SHARE * len(asked)) else None
