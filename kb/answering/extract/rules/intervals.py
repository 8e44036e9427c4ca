"""Text → the intervals that it states: 满6个月不足1年, 10万元以上20万元以下, 不满十四周岁, 三级医院, 6月13日至20日.

In Chinese law 以上, 以下, 以内 and 届满 include the number, 超过, 不满, 未满 and 不足 do not; what stands in brackets, （含） or
（不含）, goes before that. Of several branches (items, rows, clauses) the one is found whose interval holds what a case states.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from kb.chinese.amounts import BARE, DATE, Amount, amounts, in_measure, with_measure_of
from kb.chinese.lexicon import read_lexicon

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
_YEAR = 10_000  # of a date as a number of eight digits


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
