"""Text → the branches that it tells apart by an amount, and the branch that a case satisfies: 满6个月不足1年的，2万元."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kb.answering.extract.rules.intervals import Interval, interval_in, satisfies
from kb.chinese.amounts import BARE, DEGREES, Amount, amounts, in_measure
from kb.chinese.lexicon import read_lexicon
from kb.chinese.text import CELL_MARK, clauses, trim

_LEXICON = read_lexicon(__name__)
_CONDITION_ENDS = _LEXICON["condition_ends"]
_CONSEQUENCE = _LEXICON["consequence"]
_ONLY_AMOUNT = _LEXICON["only_amount"]
_FROM_THEN = re.compile(r"\d.*[起后]|[年月日]后?起")
_SEX = re.compile(r"[男女]")
_SEGMENT_MARK = re.compile(r"[，,：:、]")
_FURTHEST = 30  # characters from an interval to the end of its condition

_Condition = tuple[str, Sequence[Interval]]  # its words, and the intervals in them


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One of several cases that a text tells apart by an amount: 满6个月不足1年的，2万元."""

    start: int
    end: int
    words: str  # of the condition
    condition: tuple[int, int]
    consequence: tuple[int, int]
    intervals: tuple[Interval, ...]  # of the condition


def branch_for(case: Sequence[Amount], branches: Sequence[str], question: str = "") -> int | None:
    """The place of the one branch that the amounts of a case satisfy; None where none or several do.

    A branch is an item, a row, or a clause. Where it has a condition and a consequence the condition decides; of 满1年, 满2年,
    满3年 the highest that is reached. A branch for men or for women is found only where `question` names them.
    """
    return _only_one(case, [_condition_of(branch) for branch in branches], question)


def branch_of_case(case: Sequence[Amount], branches: Sequence[Branch], question: str = "") -> int | None:
    """The same of the branches of one text, as `branches_in` finds them."""
    conditions = [
        (branch.words, [found.moved(-branch.condition[0]) for found in branch.intervals]) for branch in branches
    ]
    return _only_one(case, conditions, question)


def branches_in(text: str) -> list[Branch]:
    """The branches of `text`, in order: clauses of one sentence, or rows, that part an amount among them.

    Their intervals are of one measure and do not overlap, or are thresholds of one thing: 满1年, 满2年.
    """
    groups: dict[tuple[int, str], list[Branch]] = {}
    sentence = 0
    for start, end in _pieces(text):
        if branch := _branch(text, start, end):
            groups.setdefault((sentence, branch.intervals[0].measure), []).append(branch)
        sentence += text[start:end].rstrip().endswith("。")
    kept = [branch for group in groups.values() if len(group) > 1 and _parts(group) for branch in group]
    return sorted(kept, key=lambda branch: branch.start)


def _parts(group: Sequence[Branch]) -> bool:
    """Whether the intervals of several branches part an amount among them."""
    firsts = [branch.intervals[0] for branch in group]
    if not any(_overlap(first, second) for place, first in enumerate(firsts) for second in firsts[place + 1 :]):
        return True
    rests = {
        _without_intervals(branch.words, [found.moved(-branch.condition[0]) for found in branch.intervals])
        for branch in group
    }
    lows = {first.low for first in firsts}
    # What begins in the third month and what begins in the thirteenth are had together.
    is_ladder = all(_is_threshold(branch.intervals) and not _FROM_THEN.search(branch.words) for branch in group)
    return is_ladder and len(rests) == 1 and len(lows) == len(firsts)


def _overlap(first: Interval, second: Interval) -> bool:
    """Whether two intervals have more than one end in common; a degree is all of its interval."""
    low = max((end for end in (first.low, second.low) if end is not None), default=None)
    high = min((end for end in (first.high, second.high) if end is not None), default=None)
    if low is None or high is None:
        return True
    is_point = any(interval.low == interval.high for interval in (first, second))
    return low < high or (low == high and is_point)


def _only_one(case: Sequence[Amount], conditions: Sequence[_Condition], question: str) -> int | None:
    fitting = [place for place, (_, intervals) in enumerate(conditions) if _fits(case, intervals)]
    if len(fitting) > 1 and len({_without_intervals(*conditions[place]) for place in fitting}) == 1:
        lows = [conditions[place][1][0].low for place in fitting if _is_threshold(conditions[place][1])]
        known = [low for low in lows if low is not None]
        if len(set(known)) == len(fitting):
            fitting = [fitting[known.index(max(known))]]
    if len(fitting) != 1:
        return None
    sexes = set(_SEX.findall(conditions[fitting[0]][0]))
    return fitting[0] if sexes <= set(_SEX.findall(question)) else None


def _is_threshold(intervals: Sequence[Interval]) -> bool:
    return len(intervals) == 1 and intervals[0].high is None


def _without_intervals(condition: str, intervals: Sequence[Interval]) -> str:
    """The rest of a condition, by which branches differ that are not of one ladder."""
    for interval in reversed(intervals):
        condition = condition[: interval.start] + condition[interval.end :]
    return re.sub(r"\W|的", "", condition)


def _fits(case: Sequence[Amount], intervals: Sequence[Interval]) -> bool:
    """Whether one interval holds and none fails; amounts of one measure that do not agree decide nothing."""
    decided: list[bool | None] = []
    for interval in intervals:
        of_measure = {satisfies(interval, amount) for amount in case if in_measure(amount, interval.measure)}
        if of_measure and of_measure != {True}:
            return False
        decided += of_measure
    return bool(decided)


def _condition_of(branch: str) -> _Condition:
    if found := _branch(branch, 0, len(branch)):
        start, end = found.condition
        return branch[start:end], [interval.moved(-start) for interval in found.intervals]
    return branch, [interval for interval in interval_in(branch) if not _is_consequence(branch, interval)]


def _branch(text: str, start: int, end: int) -> Branch | None:
    """The branch that stands at a span; None where it has no condition in front of its consequence."""
    start, end = trim(text, start, end)
    piece = text[start:end]
    parted = _parted_row(piece) if CELL_MARK in piece else _parted(piece)
    if parted is None:
        return None
    intervals, condition_end, consequence_start = parted
    return Branch(
        start=start,
        end=end,
        words=piece[:condition_end],
        condition=(start, start + condition_end),
        consequence=(start + consequence_start, end),
        intervals=tuple(interval.moved(start) for interval in intervals),
    )


def _parted(piece: str) -> tuple[list[Interval], int, int] | None:
    """The intervals of a condition, where it ends, and where its consequence begins."""
    found = interval_in(piece)
    first = next(iter(found), None)
    if first is None or _is_consequence(piece, first):
        return None
    ending = _CONDITION_ENDS.search(piece, first.end, first.end + _FURTHEST)
    if ending is None or ending.end() >= len(piece.rstrip("。；;，,")):
        return None
    if _CONSEQUENCE.search(piece, first.end, ending.start()):
        return None
    return [interval for interval in found if interval.end <= ending.start()], ending.start(), ending.end()


def _parted_row(row: str) -> tuple[list[Interval], int, int] | None:
    """The same of a row: the first cell with an interval, or with one amount and nothing else, and the cells behind it."""
    offset = 0
    cells = row.split(CELL_MARK)
    for cell in cells[:-1]:
        found = interval_in(cell) or _only_amount(cell)
        if found:
            end = offset + len(cell)
            return [interval.moved(offset) for interval in found], end, end + len(CELL_MARK)
        offset += len(cell) + len(CELL_MARK)
    return None


def _only_amount(cell: str) -> list[Interval]:
    """A cell that is one amount, as an interval of that amount alone: 2人户."""
    found = [amount for amount in amounts(cell) if amount.measure != BARE]
    if len(found) != 1 or not _ONLY_AMOUNT.fullmatch(cell[: found[0].start] + cell[found[0].end :]):
        return []
    amount = found[0]
    return [Interval(low=amount.low, high=amount.high, measure=amount.measure, start=amount.start, end=amount.end)]


def _is_consequence(piece: str, interval: Interval) -> bool:
    """Whether an interval is what follows and no condition: 处五百元以上五千元以下罚款, 应当在三十日内."""
    if interval.measure in DEGREES:
        return False
    segment = max(piece.rfind(mark, 0, interval.start) for mark in "，,：:；;。、|") + 1
    return bool(_CONSEQUENCE.search(piece, segment, interval.start))


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """The clauses of `text`; one with several conditions is cut before each of them."""
    for start, end in clauses(text):
        clause = text[start:end]
        cuts = [0]
        if CELL_MARK not in clause:
            marks = [mark.end() for mark in _SEGMENT_MARK.finditer(clause) if not _in_brackets(clause, mark.start())]
            found = interval_in(clause) if marks else []
            for mark, following in pairwise([*marks, len(clause)]):
                inside = [interval for interval in found if mark <= interval.start and interval.end <= following]
                if inside and _parted(clause[mark:]):
                    cuts.append(mark)
        for first, last in zip(cuts, [*cuts[1:], len(clause)], strict=True):
            yield start + first, start + last


def _in_brackets(clause: str, at: int) -> bool:
    before = clause[:at]
    return before.count("（") + before.count("(") > before.count("）") + before.count(")")
