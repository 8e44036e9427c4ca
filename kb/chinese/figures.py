"""Figures in Chinese text: a number with its unit as written, and its value.

`17次` is `十七次`, `1,108` is `1108`, `1.2万` is `12000`, `百分之三十` is `30%`, `2万5千` is `2.5万`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain

_FULL_TO_HALF = str.maketrans("０１２３４５６７８９．，％", "0123456789.,%")  # one for one: spans stay
_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1_000}
_LARGE = {"万": 10_000, "亿": 100_000_000}

# Measure words of government writing. A number written in Chinese characters is a figure only before one
# of them: 一 stands in too many words (统一, 一站式) to be a figure by itself.
UNITS = (
    "个百分点|百分点|平方公里|平方千米|平方米|立方米|公里|千米|厘米|毫米|微克|毫克|公斤|千克|千瓦时|万千瓦|千瓦|"
    "公顷|亿斤|工作日|个月|小时|分钟|美元|港元|欧元|人次|户次|件次|场次|批次|"
    "次|项|件|个|家|人|户|元|亩|吨|斤|克|米|部|台|套|座|所|处|辆|架|艘|列|条|款|张|份|篇|期|场|批|例|起|宗|"
    "名|位|岁|对|种|类|门|组|支|队|间|栋|棵|株|头|只|口|级|倍|成|天|日|周|月|年|时|分|秒|度|页|字|本|册|集|届|轮"
)
_COUNTED = "(?:个(?=工作日|小时))?"  # 十个工作日 are 工作日, and no 个
_ARABIC = re.compile(
    rf"(?P<number>(?<![\d.])\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|(?<![\d.])\d+(?:\.\d+)?)"
    rf"(?P<scale>(?:[多余]?[千百]?[万亿]+(?:\d+千)?|[多余]?千(?!克|米|瓦)|[多余]?百(?!分))?)[多余]?"
    rf"(?:[(（](?=(?:{UNITS})[)）]))?{_COUNTED}(?P<unit>%|‰|％|{UNITS})?"
)
_CHINESE = re.compile(
    rf"(?:(?P<percent>百分之)(?P<rate>[零〇一二两三四五六七八九十百点]+))"
    rf"|(?<![零〇一二两三四五六七八九十百千万亿])(?P<number>[零〇一二两三四五六七八九十百千万亿]+)[多余]?{_COUNTED}(?P<unit>{UNITS})"
)
_MOST_CHARACTERS = 24  # of a number in Chinese characters: a longer run is none


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure as it is written; `start` and `end` are its span in the text it was found in."""

    text: str
    value: Decimal
    unit: str  # "" where none follows; % for 百分之
    start: int
    end: int


def figures(text: str) -> list[Figure]:
    """All figures of `text`, in order."""
    half = text.translate(_FULL_TO_HALF)
    found = sorted(chain(_arabic(half, text), _chinese(half, text)), key=lambda figure: (figure.start, -figure.end))
    kept: list[Figure] = []
    for figure in found:
        if not kept or figure.start >= kept[-1].end:
            kept.append(figure)
    return kept


def stands_in(figure: Figure, quote: str) -> bool:
    """Whether `figure` is written in `quote`: the same value, and the same unit where both have one.

    A figure without a unit of its own matches any spelling of its value.
    """
    return any(
        figure.value == other.value and (figure.unit == other.unit or not figure.unit or not other.unit)
        for other in figures(quote)
    )


def chinese_number(text: str) -> Decimal:
    """The value of a number in Chinese characters: 一百零八 → 108, 两万五千 → 25000, 二〇二四 → 2024.

    Raises ValueError where a character is not part of a number.
    """
    if all(character in _DIGITS for character in text):
        return Decimal("".join(str(_DIGITS[character]) for character in text))
    total = section = digit = 0
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _SMALL:
            section += (digit or 1) * _SMALL[character]
            digit = 0
        elif character == "万":
            total, section, digit = total + (section + digit or 1) * 10_000, 0, 0
        elif character == "亿":  # 一万亿 is 10^12: 亿 multiplies all that stands before it
            total, section, digit = (total + section + digit or 1) * 100_000_000, 0, 0
        else:
            raise ValueError(f"{character!r} is not part of a Chinese number")
    return Decimal(total + section + digit)


def _arabic(half: str, text: str) -> Iterator[Figure]:
    for match in _ARABIC.finditer(half):
        value = Decimal(match["number"].replace(",", ""))
        scale = match["scale"].lstrip("多余")
        tail = re.fullmatch(r"([千百]?[万亿]+)(\d+)千", scale)
        if tail:  # 2万5千
            value = value * _scale(tail[1]) + Decimal(tail[2]) * 1_000
        else:
            value *= _scale(scale)
        yield Figure(
            text=text[match.start() : match.end()],
            value=value,
            unit=match["unit"] or "",
            start=match.start(),
            end=match.end(),
        )


def _chinese(half: str, text: str) -> Iterator[Figure]:
    for match in _CHINESE.finditer(half):
        if len(match["number"] or match["rate"]) > _MOST_CHARACTERS:
            continue
        if match["percent"]:
            whole, _, decimals = match["rate"].partition("点")
            if not whole or "点" in decimals:
                continue
            digits = "".join(str(_DIGITS.get(character, "")) for character in decimals)
            value, unit = Decimal(f"{chinese_number(whole)}.{digits or 0}"), "%"
        else:
            value, unit = chinese_number(match["number"]), match["unit"]
        yield Figure(
            text=text[match.start() : match.end()],
            value=value.normalize() if value % 1 else value,
            unit=unit,
            start=match.start(),
            end=match.end(),
        )


def _scale(characters: str) -> Decimal:
    value = 1
    for character in characters:
        value *= _SMALL.get(character) or _LARGE[character]
    return Decimal(value)
