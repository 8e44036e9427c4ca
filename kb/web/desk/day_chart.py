"""Counts by day → the places of bars and lines in a drawing; the template draws them, styles colour them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kb.chat.journal import Day

WIDTH: Final = 720
HEIGHT: Final = 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 8, 12, 28
_MOST_LABELS: Final = 6
_STEPS: Final = (1, 2, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """The questions of a day: a bar, and within it the part that was answered."""

    day: Day
    x: float
    width: float
    y: float
    height: float
    answered_y: float
    answered_height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Words beside an axis."""

    words: str
    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Questions a day as bars, with the labels of both axes and lines across."""

    width: int
    height: int
    left: int
    right: int
    bars: tuple[Bar, ...]
    days: tuple[Label, ...]
    counts: tuple[Label, ...]


def picture_of(by_day: Sequence[Day]) -> Picture:
    """The picture of days in order; there is at least one."""
    step = _step(max(day.asked for day in by_day))
    top = max(step, -(-max(day.asked for day in by_day) // step) * step)
    floor = HEIGHT - _BOTTOM
    tall = floor - _TOP
    wide = (WIDTH - _LEFT - _RIGHT) / len(by_day)

    def high(count: int) -> float:
        return round(tall * count / top, 1)

    bars = [
        Bar(
            day=day,
            x=round(_LEFT + wide * number + wide * 0.15, 1),
            width=round(wide * 0.7, 1),
            y=round(floor - high(day.asked), 1),
            height=high(day.asked),
            answered_y=round(floor - high(day.answered), 1),
            answered_height=high(day.answered),
        )
        for number, day in enumerate(by_day)
    ]
    every = -(-len(by_day) // _MOST_LABELS)
    labelled = [bar for number, bar in enumerate(reversed(bars)) if number % every == 0]
    return Picture(
        width=WIDTH,
        height=HEIGHT,
        left=_LEFT,
        right=WIDTH - _RIGHT,
        bars=tuple(bars),
        days=tuple(
            Label(words=f"{bar.day.date.month}-{bar.day.date.day}", x=round(bar.x + bar.width / 2, 1), y=HEIGHT - 8)
            for bar in labelled
        ),
        counts=tuple(
            Label(words=str(count), x=_LEFT - 8, y=round(floor - high(count), 1)) for count in range(0, top + 1, step)
        ),
    )


def _step(most: int) -> int:
    """1, 2 or 5 times a power of ten, so that there are at most five lines across."""
    power = 1
    while True:
        for step in _STEPS:
            if most <= 5 * step * power:
                return step * power
        power *= 10
