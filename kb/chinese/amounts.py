"""Amounts in Chinese text: a quantity in the base unit of its measure, a date, or a degree of an ordered scale.

`半年` is 6 months, `两年半` 30, `1年零3个月` 15; `8万块` is 80000 元, `三分之二` 66.7 %, `十四周岁` 14 岁; `6月13日` is a
date without a year, `2016年6月` one without a day; `三级医院` is 3 of the grades of hospitals, `本科` 4 of those of education.
An amount that is only bounded (`3年多`, `不到1年`) has different values for `low` and `high`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from kb.chinese.figures import chinese_number
from kb.chinese.lexicon import read_lexicon

MONTHS, DAYS, YUAN, SHARE, DATE, BARE = "个月", "日", "元", "%", "日期", ""

# What each unit is in the base unit of its measure. A month is no number of days: see `in_measure`.
_MEASURES: dict[str, dict[str, Fraction]] = {
    MONTHS: {"年": Fraction(12), "周年": Fraction(12), "个年度": Fraction(12), "年度": Fraction(12), "学年": Fraction(12),
             "季度": Fraction(3), "个季度": Fraction(3), "个月": Fraction(1), "月": Fraction(1), "个自然月": Fraction(1)},
    DAYS: {"周": Fraction(7), "星期": Fraction(7), "个星期": Fraction(7), "日": Fraction(1), "天": Fraction(1),
           "个自然日": Fraction(1), "自然日": Fraction(1), "昼夜": Fraction(1), "小时": Fraction(1, 24),
           "个小时": Fraction(1, 24), "分钟": Fraction(1, 1440)},
    "个工作日": {"个工作日": Fraction(1), "工作日": Fraction(1), "个工作天": Fraction(1)},
    YUAN: {"元": Fraction(1), "块钱": Fraction(1), "块": Fraction(1), "元人民币": Fraction(1), "角": Fraction(1, 10)},
    SHARE: {"%": Fraction(1), "％": Fraction(1), "成": Fraction(10), "个百分点": Fraction(1)},
    "人": {"人": Fraction(1), "名": Fraction(1), "位": Fraction(1), "个人": Fraction(1)},
    "岁": {"岁": Fraction(1), "周岁": Fraction(1), "个月大": Fraction(1, 12)},
    "平方米": {"平方米": Fraction(1), "㎡": Fraction(1), "平米": Fraction(1), "个平方": Fraction(1), "平方公里": Fraction(10**6)},
    "米": {"米": Fraction(1), "公里": Fraction(1000), "千米": Fraction(1000), "厘米": Fraction(1, 100), "毫米": Fraction(1, 1000)},
    "千克": {"千克": Fraction(1), "公斤": Fraction(1), "斤": Fraction(1, 2), "吨": Fraction(1000), "克": Fraction(1, 1000)},
}  # fmt: skip
_UNIT = {unit: (measure, share) for measure, units in _MEASURES.items() for unit, share in units.items()}
# Units that are a measure of their own.
_UNIT |= {
    unit: (unit, Fraction(1))
    for unit in "次 倍 分 级 户 家 件 台 辆 张 部 套 间 层 项 个 种 份 期 场 亩 公顷 毫升 升 分贝 千瓦 度 米/秒 班 所 笔 例 只 头".split()
}
_DIGITS = "零〇一二两三四五六七八九十百千万亿"
_NO_UNIT_BEFORE = {
    "年": "级龄检报审终",
    "个月大": "病额型学",
    "分": "之公支类别",
    "级": "分",
    "度": "假",
    "个": "别",
}  # 一年级, 8个月大病
_UNITS = "|".join(
    re.escape(unit) + (f"(?![{_NO_UNIT_BEFORE[unit]}])" if unit in _NO_UNIT_BEFORE else "")
    for unit in sorted(_UNIT, key=len, reverse=True)
)
_LARGE = {"百": 100, "千": 1_000, "万": 10_000, "百万": 1_000_000, "千万": 10**7, "亿": 10**8, "万亿": 10**12}
_SCALE = r"(?:百万|千万|万亿|百(?!分)|千(?![克米瓦])|万|亿)"
_FULL_TO_HALF = str.maketrans("０１２３４５６７８９．，％（）：－～﹤﹥＜＞", "0123456789.,%():-~<><>")  # one for one

_NUMBER = (
    rf"(?:(?<![\d.])\d+(?:,\d{{3}})*(?:\.\d+)?{_SCALE}?|(?<![{_DIGITS}分之])[{_DIGITS}]{{1,12}}(?:点[{_DIGITS}]+)?)"
)
_QUANTITY = re.compile(
    rf"(?P<number>{_NUMBER}|(?<!一)半)(?P<more>[多余])?(?P<inner>个半)?(?P<unit>{_UNITS})?(?P<half>半(?!数|径|决|年|个))?(?P<over>[多余])?"
)
_SHARE = re.compile(
    rf"(?P<whole>[{_DIGITS}]+|\d+)分之(?P<part>[{_DIGITS}]+(?:点[{_DIGITS}]+)?|\d+(?:\.\d+)?)|(?P<half>(?<![一多])半数|一半)"
)
_DATE = re.compile(
    r"(?:(?P<year>(?<!\d)(?:19|20)\d\d|[一二][〇零○一二三四五六七八九]{3})年)?(?<!\d)"
    r"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月(?!以[上下内]|之内|内|期)"
    r"(?:(?P<day>[12]\d|3[01]|0?[1-9]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])(?:[日号]|(?=[-—~至到]\d{1,2}[日号]))|(?:底|末))?"
)
_DAY_OF_MONTH = re.compile(r"(?<=[至到\-—~])(?P<day>[12]\d|3[01]|0?[1-9])[日号]")
_WHOLE_YEAR = re.compile(
    r"(?P<year>(?<!\d)(?:19|20)\d\d)(?:年(?!\d|[十一二三四五六七八九]+月)|(?=[-—至到~](?:19|20)\d\d年))"
)
_TO_DATE = re.compile(r"(?:起?至|到|[-—~]{1,2})")
_JOINT = re.compile(r"[零又]?")
_OTHER_ONE = re.compile(r"(?<!以)[上下前后次同另某]一[个年月周季日天](?:年度|月|季度)?$")  # 下一年 is no year of time
_ORDINAL_UNITS = frozenset(("条", "款", "项", "章", "节", "号", "届", "批", "期", "场", "次", "个", "种", "级", "层"))

_LEXICON = read_lexicon(__name__)
_LESS = _LEXICON["less"]
_ABOUT = _LEXICON["about"]
_RATE = _LEXICON["rate"]
_STATED = _LEXICON["stated"]
_SCALES = {
    "医院等级": _LEXICON["grade_of_hospital"],
    "学历": _LEXICON["education"],
    "技能等级": _LEXICON["skill"],
}

DEGREES = frozenset(_SCALES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """An amount as it is written; `start` and `end` are its span in the text.

    A date is a number of eight digits, 20160613; one without a year of four, 613; a day or month that is not named makes
    `low` its first and `high` its last day.
    """

    text: str
    low: Decimal  # in the base unit of its measure
    high: Decimal
    measure: str  # the base unit; 日期 of dates, 医院等级, 学历 and 技能等级 of degrees; "" of a bare number
    start: int
    end: int
    is_ordinal: bool = False  # 第7个月

    @property
    def is_degree(self) -> bool:
        return self.measure in DEGREES


def amounts(text: str) -> list[Amount]:
    """All amounts of `text`, in order; of a bare number (1000 of 1000至2000元) the measure is empty."""
    half = text.translate(_FULL_TO_HALF)
    taken: list[Amount] = []
    for found in (_dates(half), _degrees(half), _shares(half), _quantities(half)):
        for amount in found:
            if all(amount.end <= other.start or amount.start >= other.end for other in taken):
                taken.append(amount)
    in_order = sorted(taken, key=lambda amount: amount.start)
    return [replace(amount, text=text[amount.start : amount.end]) for amount in _joined(in_order, half)]


def amounts_of_case(question: str) -> list[Amount]:
    """The amounts that a question states of its case; 不到1年 is from 0 to 1 year, 快3年 and 3年左右 are near to 3.

    In 一年最多能报多少 the year is none of them, but what the figure is asked for.
    """
    half = question.translate(_FULL_TO_HALF)
    return [
        _bounded(amount, half)
        for amount in amounts(question)
        if (amount.measure or amount.text[-1:] in "万千亿") and not _is_rate(amount, half)
    ]


def in_measure(amount: Amount, measure: str) -> tuple[Decimal, Decimal] | None:
    """The least and the most that `amount` is in the base unit of `measure`; None where it is of another measure.

    Months are of 28 to 31 days, many of them near to 30.44.
    """
    if amount.measure == measure:
        return amount.low, amount.high
    if amount.measure == BARE and measure == YUAN and amount.text[-1:] in "万千亿":
        return amount.low, amount.high
    month, slack = Decimal("30.4375"), Decimal(3)
    if (amount.measure, measure) == (MONTHS, DAYS) and amount.low:
        return amount.low * month - slack, amount.high * month + slack
    if (amount.measure, measure) == (DAYS, MONTHS):
        return max(Decimal(0), (amount.low - slack) / month), (amount.high + slack) / month
    return None


def with_measure_of(number: Amount, other: Amount) -> Amount:
    """A bare number in the unit of the amount behind it: 1 of 1至2万元 is 10000 元, 1000 of 1000至2000元 1000 元."""
    match = _QUANTITY.fullmatch(other.text.translate(_FULL_TO_HALF))
    if match is None or match["unit"] is None:
        return replace(number, measure=other.measure)
    share = _UNIT[match["unit"]][1]
    scale = re.search(rf"{_SCALE}$", match["number"])
    written = re.search(rf"{_SCALE}$", number.text)
    if scale and not written and Fraction(number.low) < Fraction(other.low) / share / _LARGE[scale[0]]:
        share *= _LARGE[scale[0]]
    value = _decimal(Fraction(number.low) * share)
    return replace(number, low=value, high=value, measure=other.measure)


def _quantities(half: str) -> Iterator[Amount]:
    for match in _QUANTITY.finditer(half):
        if (match["number"] == "半" and match["unit"] is None) or _OTHER_ONE.search(
            half[max(0, match.start() - 2) : match.end()]
        ):
            continue
        unit = "个月" if match["inner"] and match["unit"] == "月" else match["unit"]
        measure, share = _UNIT[unit] if unit else (BARE, Fraction(1))
        is_ordinal = half[: match.start()].endswith("第")
        if is_ordinal and (not unit or unit in _ORDINAL_UNITS):
            continue
        try:
            number = Fraction(1, 2) if match["number"] == "半" else _number(match["number"])
        except ValueError:
            continue
        if match["inner"] or (match["half"] and unit):
            number += Fraction(1, 2)
        elif match["half"]:
            continue
        low = high = _decimal(number * share)
        if match["more"] or match["over"]:
            high = _decimal(number * share + _step(match["number"], bool(match["over"])) * share)
        end = match.end() if match["half"] or match["over"] or not match["unit"] else match.end("unit")
        yield Amount(text="", low=low, high=high, measure=measure, start=match.start(), end=end, is_ordinal=is_ordinal)


def _step(number: str, behind_unit: bool) -> Fraction:
    """How much 多 may be: of 3年多 less than 1, of 30多 less than 10, of 8万多 less than 1万."""
    if behind_unit:
        return Fraction(99, 100)
    value = _number(number)
    step = Fraction(1)
    while value and value % (step * 10) == 0:
        step *= 10
    return step * Fraction(99, 100)


def _number(text: str) -> Fraction:
    scale = re.search(rf"{_SCALE}$", text) if text[0].isdigit() else None
    if text[0].isdigit():
        plain = text[: scale.start()] if scale else text
        return Fraction(plain.replace(",", "")) * (_LARGE[scale[0]] if scale else 1)
    whole, _, decimals = text.partition("点")
    value = Fraction(chinese_number(whole))
    return value + (Fraction(int(chinese_number(decimals)), 10 ** len(decimals)) if decimals else 0)


def _shares(half: str) -> Iterator[Amount]:
    for match in _SHARE.finditer(half):
        try:
            share = Fraction(1, 2) if match["half"] else _number(match["part"]) / _number(match["whole"])
        except (ValueError, ZeroDivisionError):
            continue
        value = _decimal(share * 100)
        yield Amount(text="", low=value, high=value, measure=SHARE, start=match.start(), end=match.end())


def _dates(half: str) -> Iterator[Amount]:
    last = (0, 0, 0)  # where the date before ends, its year and its month: 6月13日至20日
    for match in sorted((*_DATE.finditer(half), *_WHOLE_YEAR.finditer(half), *_DAY_OF_MONTH.finditer(half)),
                        key=lambda match: match.start()):  # fmt: skip
        parts = match.groupdict()
        if "month" in parts:
            year, month = _plain(parts["year"]), _plain(parts["month"])
            if not year and last[1] and _TO_DATE.fullmatch(half[last[0] : match.start()]):  # 2016年6月13日至6月20日
                year = last[1] + (month < last[2])
            last = match.end(), year, month
            low = high = _plain(parts["day"])
            if not low:
                low, high = 31 if match[0].endswith(("底", "末")) else 1, 31
            yield _date(match, year * 10_000 + month * 100 + low, year * 10_000 + month * 100 + high)
        elif "day" in parts:
            if last[0] == match.start() - 1:
                value = last[1] * 10_000 + last[2] * 100 + _plain(parts["day"])
                yield _date(match, value, value)
        else:
            year = _plain(parts["year"])
            yield _date(match, year * 10_000 + 101, year * 10_000 + 1231)


def _date(match: re.Match[str], low: int, high: int) -> Amount:
    return Amount(text="", low=Decimal(low), high=Decimal(high), measure=DATE, start=match.start(), end=match.end())


def _plain(text: str | None) -> int:
    if not text:
        return 0
    return int(text) if text.isdigit() and text.isascii() else int(chinese_number(text.replace("○", "〇")))


def _degrees(half: str) -> Iterator[Amount]:
    for measure, pattern in _SCALES.items():
        for match in pattern.finditer(half):
            group = next(name for name, words in match.groupdict().items() if words)
            value = Decimal(group.rpartition("_")[2])
            yield Amount(text="", low=value, high=value, measure=measure, start=match.start(), end=match.end())


def _joined(found: list[Amount], half: str) -> Iterator[Amount]:
    """1年零3个月 as one amount, and 3小时30分钟."""
    before: Amount | None = None
    for amount in found:
        if (
            before is not None
            and before.measure == amount.measure
            and amount.measure in (MONTHS, DAYS)
            and _JOINT.fullmatch(half[before.end : amount.start])
            and before.low > amount.low
            and not amount.is_ordinal
        ):
            before = replace(before, low=before.low + amount.low, high=before.high + amount.high, end=amount.end)
            continue
        if before is not None:
            yield before
        before = amount
    if before is not None:
        yield before


def _is_rate(amount: Amount, half: str) -> bool:
    return amount.text[:1] in "一1" and bool(_RATE.match(half, amount.end)) and not _STATED.search(half[: amount.start])


def _bounded(amount: Amount, half: str) -> Amount:
    if amount.measure == DATE or amount.is_degree:
        return amount
    if _LESS.search(half[: amount.start]):
        return replace(amount, low=Decimal(0), high=amount.low * Decimal("0.999"))
    if _ABOUT.search(half[: amount.start]) or half[amount.end :].startswith(("左右", "上下")):
        return replace(amount, low=amount.low * Decimal("0.9"), high=amount.high * Decimal("1.1"))
    return amount


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
