"""Figures of several parts of a question → their order and differences, worked out by code and said to be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from kb.answering.kinds import stated
from kb.answering.selecting import Selection
from kb.figures import Figure
from kb.question import Kind, Question
from kb.types import Computed

_ORDER = re.compile(r"最|谁|哪个|哪一?[年省市区]|排名|排序|更[多少高低快慢大小]|[高低多少]于")
_DIFFERENCE = re.compile(
    r"差多少|相差|差距|变化|对比|相比|比较|[多少高低快慢]多少|(?:增加|减少|提高|下降|上升|降低)了多少"
)
_REACHED = re.compile(r"(?:到|至|达|为|是)了?$")
_ROUGH_BEFORE = re.compile(r"(?:超过?|近|约|逾|突破|不低于|不少于|高于|低于)$")
_ROUGH_AFTER = re.compile(r"(?:以上|左右|以下|以内|多|余)")
_ROUGH_WITHIN = re.compile(r"[多余]")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What the figures of several parts come to, and how it was worked out."""

    text: str
    computed: tuple[Computed, ...] = ()


def compare(question: Question, selections: Sequence[Selection]) -> Comparison | None:
    """The order or the difference of the figures of two parts or more, where the question asks for it.

    None where a part has no figure, or more than one that may be meant, or the units differ.
    """
    if question.kind is not Kind.FIGURE or len(selections) < 2:
        return None
    labels = [selection.found.part.label for selection in selections]
    figures = [_figure(question, selection) for selection in selections]
    told = [(label, figure) for label, figure in zip(labels, figures, strict=True) if figure]
    if len(told) < len(labels) or len({figure.unit for _, figure in told}) > 1:
        return None
    if _DIFFERENCE.search(question.text) and (difference := _difference(told)):
        return difference
    return _order(told) if _ORDER.search(question.text) else None


def _figure(question: Question, selection: Selection) -> Figure | None:
    """The figure that answers a part: the one in its segment, or the one that is reached (由380元提高到420元)."""
    if selection.segment is None:
        return None
    found = stated(question, selection.segment)
    if len(found) > 1:
        found = [figure for figure in found if _REACHED.search(selection.segment[: figure.start])]
    return found[0] if len(found) == 1 and not _is_rough(found[0], selection.segment) else None


def _is_rough(figure: Figure, segment: str) -> bool:
    """Whether a figure is only near: 超760亿斤 and 800亿斤以上 give no difference."""
    return bool(_ROUGH_BEFORE.search(segment[: figure.start]) or _ROUGH_AFTER.match(segment, figure.end)) or bool(
        _ROUGH_WITHIN.search(figure.text)
    )


def _order(told: Sequence[tuple[str, Figure]]) -> Comparison:
    ordered = sorted(told, key=lambda one: -one[1].value)
    signs = ["＝" if one.value == other.value else "＞" for (_, one), (_, other) in pairwise(ordered)]
    named = [f"{label}（{figure.text}）" for label, figure in ordered]
    return Comparison(text="由以上数字比较：" + "".join(map("".join, zip(named, [*signs, ""], strict=True))) + "。")


def _difference(told: Sequence[tuple[str, Figure]]) -> Comparison | None:
    """How much the last is above or below the first, where both are written in the same unit and scale."""
    (first, before), (last, after) = told[0], told[-1]
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
