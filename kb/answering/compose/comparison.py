"""The figures of several parts of a question → a sentence with their order or difference, worked out by code.

The figure of a part is the one that its segment states, with the words that belong to it: 增长5.4%, 超760亿斤.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from kb.answering.extract.answer_type import ROUGH_AFTER, ROUGH_BEFORE, is_rough, stated
from kb.answering.extract.selection import Selection
from kb.chinese.figures import Figure
from kb.chinese.lexicon import read_lexicon
from kb.search.intent import Kind
from kb.search.query import QueryPlan
from kb.types import Computed

_LEXICON = read_lexicon(__name__)
_ORDER = _LEXICON["order"]
_DIFFERENCE = _LEXICON["difference"]
_REACHED = _LEXICON["reached"]
_TO = _LEXICON["to"]
_DIRECTION = _LEXICON["direction"]
_NUMBER = _LEXICON["number"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A sentence that compares the figures of several parts, with the differences in it."""

    text: str
    computed: tuple[Computed, ...] = ()


def figure_in_words(plan: QueryPlan, selection: Selection) -> str:
    """The words of the figure, or of the range of two, that answers a part; "" where it states none, or several."""
    segment = selection.segment
    found = _meant(plan, segment)
    if not found or (len(found) > 1 and not (len(found) == 2 and _TO.fullmatch(segment, found[0].end, found[1].start))):
        return ""
    start, end = found[0].start, found[-1].end
    for before in (ROUGH_BEFORE, _DIRECTION):
        if match := before.search(segment[:start]):
            start = match.start()
    if match := ROUGH_AFTER.match(segment, end):
        end = match.end()
    return segment[start:end]


def compare(plan: QueryPlan, selections: Sequence[Selection]) -> Comparison | None:
    """The order or the difference of the figures of two parts or more, where the question asks for it.

    None where a part has no figure, or more than one that may be meant, or the units differ.
    """
    if plan.kind is not Kind.FIGURE or len(selections) < 2:
        return None
    labels = [str(selection.found.part.label) for selection in selections]
    figures = [_figure(plan, selection) for selection in selections]
    firm = [(label, figure) for label, figure in zip(labels, figures, strict=True) if figure]
    if len(firm) < len(labels) or len({figure.unit for _, figure in firm}) > 1:
        return None
    if _DIFFERENCE.search(plan.text) and (difference := _difference(firm)):
        return difference
    return _order(firm) if _ORDER.search(plan.text) else None


def _figure(plan: QueryPlan, selection: Selection) -> Figure | None:
    """The one figure that answers a part, where it is firm."""
    found = _meant(plan, selection.segment)
    return found[0] if len(found) == 1 and not is_rough(found[0], selection.segment) else None


def _meant(plan: QueryPlan, segment: str) -> list[Figure]:
    """The figures of a segment that may be its answer; of several those that are reached (由380元提高到420元)."""
    found = stated(plan, segment)
    reached = [figure for figure in found if _REACHED.search(segment[: figure.start])]
    return reached if len(found) > 1 and reached else found


def _order(firm: Sequence[tuple[str, Figure]]) -> Comparison:
    ordered = sorted(firm, key=lambda labelled: -labelled[1].value)
    signs = ["＝" if figure.value == other.value else "＞" for (_, figure), (_, other) in pairwise(ordered)]
    named = [f"{label}（{figure.text}）" for label, figure in ordered]
    return Comparison(text="由以上数字比较：" + "".join(map("".join, zip(named, [*signs, ""], strict=True))) + "。")


def _difference(firm: Sequence[tuple[str, Figure]]) -> Comparison | None:
    """How much the last is above or below the first, where both are written in the same unit and scale."""
    (first, before), (last, after) = firm[0], firm[-1]
    numbers = [_NUMBER.match(figure.text) for figure in (before, after)]
    if not (numbers[0] and numbers[1]):
        return None
    scales = [figure.text[number.end() :] for figure, number in zip((before, after), numbers, strict=True) if number]
    values = [Decimal(number.group().replace(",", "")) for number in numbers if number]
    if scales[0] != scales[1]:
        return None
    amount = abs(values[1] - values[0])
    figure = f"{amount}{'个百分点' if scales[0] == '%' else scales[0]}"
    if not amount:
        return Comparison(text=f"由以上数字计算：{last}与{first}相同。")
    word = "高" if values[1] > values[0] else "低"
    operands = (after.text, before.text) if values[1] > values[0] else (before.text, after.text)
    return Comparison(
        text=f"由以上数字计算：{last}比{first}{word}{figure}。",
        computed=(Computed(figure=figure, operation="difference", operands=operands),),
    )
