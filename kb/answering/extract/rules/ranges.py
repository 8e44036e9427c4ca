"""Text → the intervals that it states: 满6个月不足1年, 10万元以上20万元以下, 不满十四周岁, 三级医院, 6月13日至20日.

In Chinese law 以上, 以下, 以内 and 届满 include the number, 超过, 不满, 未满 and 不足 do not; what stands in brackets, （含） or
（不含）, goes before that. Of several branches (items, rows, clauses) the one is found whose interval holds what a case states.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from kb.chinese.amounts import BARE, DATE, Amount, amounts, in_measure, with_measure_of
from kb.chinese.lexicon import read_lexicon
from kb.chinese.text import CELL_MARK, clauses, trim

_LEXICON = read_lexicon(__name__)
_DATES = frozenset((DATE,))
_TIMES = frozenset(("个月", "日", "个工作日", DATE))
_ANY: frozenset[str] = frozenset()
# What stands behind an amount: whether it is the lower end, whether it is included, of which measures.
_BEHIND = (
    (_LEXICON["or_more"], True, True, _ANY),
    (_LEXICON["or_less"], False, True, _ANY),
    (_LEXICON["and_more"], True, False, _ANY),
    (_LEXICON["within"], False, True, _TIMES),
    (_LEXICON["until"], False, True, _DATES),
    (_LEXICON["before"], False, None, _DATES),
    (_LEXICON["from_then"], True, True, _TIMES),
    (_LEXICON["after"], True, None, _TIMES),
)
# What stands in front of it.
_IN_FRONT = (
    (_LEXICON["at_most"], False, True, _ANY),
    (_LEXICON["at_least"], True, True, _ANY),
    (_LEXICON["less_than"], False, False, _ANY),
    (_LEXICON["more_than"], True, False, _ANY),
    (_LEXICON["reaches"], True, True, _ANY),
    (_LEXICON["valid_to"], False, True, _DATES),
    (_LEXICON["since"], True, True, _DATES),
)
_RATE = _LEXICON["rate"]
_INCLUDED = _LEXICON["included"]
_EXCLUDED = _LEXICON["excluded"]
_TO = _LEXICON["to"]
_JOINS = _LEXICON["joins"]
_GRAVEST_FIRST = _LEXICON["gravest_first"]
_CONDITION_ENDS = _LEXICON["condition_ends"]
_CONSEQUENCE = _LEXICON["consequence"]
_ONLY_AMOUNT = _LEXICON["only_amount"]
_SEGMENT_MARK = re.compile(r"[，,：:、]")
_YEAR = 10_000  # of a date as a number of eight digits
_FURTHEST = 30  # characters from an interval to the end of its condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """The amounts between two ends, either of which may be open; spans are of the text it was found in."""

    low: Decimal | None  # in the base unit of its measure
    high: Decimal | None
    low_included: bool | None = True  # None where the words leave it open: 9月1日前
    high_included: bool | None = True
    measure: str
    start: int
    end: int

    def moved(self, by: int) -> Interval:
        return replace(self, start=self.start + by, end=self.end + by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One of several cases that a text tells apart by an amount: 满6个月不足1年的，2万元."""

    start: int
    end: int
    condition: tuple[int, int]
    consequence: tuple[int, int]
    intervals: tuple[Interval, ...]  # of the condition


@dataclass(frozen=True, slots=True, kw_only=True)
class _End:
    """An amount, and whether the words beside it make it the lower or the upper end of an interval."""

    amount: Amount
    is_low: bool | None  # None: nothing says which
    included: bool | None
    start: int  # with these words
    end: int


def interval_in(text: str) -> list[Interval]:
    """The intervals of `text`, in order. An amount by itself is none; a degree by itself is that degree."""
    found: list[Interval] = []
    ends = list(_ends(text))
    while ends:
        first, *ends = ends
        if ends and (pair := _pair(first, ends[0], text)):
            found.append(pair)
            del ends[0]
        elif single := _single(first, text):
            found.append(single)
    return found


def satisfies(interval: Interval, amount: Amount) -> bool | None:
    """Whether `amount` is within `interval`; None where it is of another measure, or not known well enough to tell."""
    bounds = in_measure(amount, interval.measure)
    if bounds is None:
        return None
    low, high = interval.low, interval.high
    least, most = bounds
    if interval.measure == DATE and min(end for end in (low, high, most) if end is not None) < _YEAR:
        # Days of any year: 9月至次年8月 goes on behind December.
        if low is None or high is None or (low // _YEAR != high // _YEAR and low >= _YEAR):
            return None
        low, high, least, most = low % _YEAR, high % _YEAR, least % _YEAR, most % _YEAR
        if low > high:
            out = satisfies(replace(interval, low=high, high=low, low_included=False, high_included=False), amount)
            return None if out is None else not out
    too_low = low is not None and (most < low or (most == low and interval.low_included is False))
    too_high = high is not None and (least > high or (least == high and interval.high_included is False))
    if too_low or too_high:
        return False
    reaches_low = low is None or least > low or (least == low and interval.low_included)
    reaches_high = high is None or most < high or (most == high and interval.high_included)
    return True if reaches_low and reaches_high else None


def branch_for(case: Sequence[Amount], branches: Sequence[str]) -> int | None:
    """The place of the one branch that the amounts of a case satisfy; None where none or several do.

    A branch is an item, a row, or a clause. Where it has a condition and a consequence the condition decides.
    """
    return _only_one([_fits(case, _intervals_of(branch)) for branch in branches])


def branch_of_case(case: Sequence[Amount], branches: Sequence[Branch]) -> int | None:
    """The same of the branches of one text, as `branches_in` finds them."""
    return _only_one([_fits(case, branch.intervals) for branch in branches])


def branches_in(text: str) -> list[Branch]:
    """The branches of `text`, in order: clauses, rows or segments, two at least with a condition of one measure."""
    found = [branch for start, end in _pieces(text) if (branch := _branch(text, start, end))]
    measures = [branch.intervals[0].measure for branch in found]
    return [branch for branch in found if measures.count(branch.intervals[0].measure) > 1]


def _only_one(fitting: Sequence[bool]) -> int | None:
    return fitting.index(True) if sum(fitting) == 1 else None


def _fits(case: Sequence[Amount], intervals: Sequence[Interval]) -> bool:
    """Whether one interval holds and none fails; amounts of one measure that do not agree decide nothing."""
    decided: list[bool | None] = []
    for interval in intervals:
        of_measure = {satisfies(interval, amount) for amount in case if in_measure(amount, interval.measure)}
        if of_measure and of_measure != {True}:
            return False
        decided += of_measure
    return bool(decided)


def _intervals_of(branch: str) -> tuple[Interval, ...]:
    if found := _branch(branch, 0, len(branch)):
        return found.intervals
    return tuple(interval for interval in interval_in(branch) if not _is_consequence(branch, interval))


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
    segment = max(piece.rfind(mark, 0, interval.start) for mark in "，,：:；;。、|") + 1
    return bool(_CONSEQUENCE.search(piece, segment, interval.start))


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """The clauses of `text`; one with several conditions is cut before each of them."""
    for start, end in clauses(text):
        clause = text[start:end]
        cuts = [0]
        if CELL_MARK not in clause:
            marks = [mark.end() for mark in _SEGMENT_MARK.finditer(clause)]
            found = interval_in(clause) if marks else []
            for mark, following in zip(marks, [*marks[1:], len(clause)], strict=True):
                inside = [interval for interval in found if mark <= interval.start and interval.end <= following]
                if inside and _parted(clause[mark:]):
                    cuts.append(mark)
        for first, last in zip(cuts, [*cuts[1:], len(clause)], strict=True):
            yield start + first, start + last


def _pair(first: _End, second: _End, text: str) -> Interval | None:
    """Two amounts as the ends of one interval, where they are joined and of one measure."""
    if first.is_low is False or second.is_low is True or first.start > second.start:
        return None
    gap = text[first.end : second.start]
    both_marked = first.is_low is True and second.is_low is False
    if not (_TO.fullmatch(gap) or (both_marked and _JOINS.fullmatch(gap))):
        return None
    low = first.amount
    if low.measure == BARE and second.amount.measure == DATE:
        return None
    if low.measure == BARE and second.amount.measure != BARE:
        low = with_measure_of(low, second.amount)
    if low.measure != second.amount.measure or low.measure == BARE:
        return None
    return Interval(
        low=low.low,
        high=second.amount.high,
        low_included=first.included,
        high_included=second.included,
        measure=low.measure,
        start=first.start,
        end=second.end,
    )


def _single(end: _End, text: str) -> Interval | None:
    amount = end.amount
    if amount.measure == BARE or (end.is_low is None and not amount.is_degree):
        return None
    is_low = end.is_low
    if (
        is_low is not None
        and amount.measure == "级"
        and _GRAVEST_FIRST.search(text, max(0, end.start - 8), end.end + 4)
    ):
        is_low = not is_low
    return Interval(
        # After 2015年 is after its last day, until 6月 goes to its last day.
        low=None if is_low is False else amount.low if end.included or is_low is None else amount.high,
        high=None if is_low is True else amount.high if end.included or is_low is None else amount.low,
        low_included=end.included,
        high_included=end.included,
        measure=amount.measure,
        start=end.start,
        end=end.end,
    )


def _ends(text: str) -> Iterator[_End]:
    """The amounts of `text` with the words beside them that make them an end; 每满1年 is a rate, and none."""
    reached = 0
    for amount in amounts(text):
        if amount.start < reached or _RATE.search(text[: amount.start]):
            continue
        end = _end(amount, text)
        reached = end.end
        yield end


def _end(amount: Amount, text: str) -> _End:
    position, noted = _note(text, amount.end)
    behind: tuple[bool, bool | None] | None = None
    for pattern, is_low, included, measures in _BEHIND:
        if (not measures or amount.measure in measures) and (match := pattern.match(text, position)):
            behind = is_low, included
            position, noted_behind = _note(text, match.end())
            noted = noted_behind if noted is None else noted
            break
    start = amount.start
    in_front: tuple[bool, bool | None] | None = None
    for pattern, is_low, included, measures in _IN_FRONT:
        if (not measures or amount.measure in measures) and (match := pattern.search(text[: amount.start])):
            in_front, start = (is_low, included), match.start()
            break
    is_low_end, is_included = behind or in_front or (None, True)
    if behind and in_front:
        is_included = behind[1] if in_front[1] or in_front[0] is not behind[0] else False
        if in_front[0] is not behind[0] and not in_front[1]:  # 不足3年以上: who knows
            is_low_end = None
    return _End(
        amount=amount,
        is_low=is_low_end,
        included=is_included if noted is None else noted,
        start=start,
        end=position,
    )


def _note(text: str, position: int) -> tuple[int, bool | None]:
    """Where brackets behind an amount end, and whether they say that it is included; None where there are none."""
    for pattern, included in ((_EXCLUDED, False), (_INCLUDED, True)):
        if match := pattern.match(text, position):
            return match.end(), included
    return position, None
