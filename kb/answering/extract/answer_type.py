"""The kind of a question and a segment → the share, 0 to 1, of what an answer of that kind must have: a figure, a list, a date."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from kb.chinese.figures import Figure, figures
from kb.chinese.lexicon import read_lexicon
from kb.chinese.text import fold, segments
from kb.search.intent import Kind
from kb.search.query import QueryPlan

_NO_UNIT_SHARE = 0.98  # of one whose figures have none
_OTHER_UNIT_SHARE = 0.5  # of a segment whose figures measure the same in another unit
_OTHER_MEASURE_SHARE = 0.7  # of a figure by head, a yearly mean, a share, where that is not asked
_OTHER_DIRECTION_SHARE = 0.5  # of one that tells how much something fell where its growth is asked
_OTHER_COUNT_SHARE = 0.4  # of a clause that lists more or fewer than are asked for
_NO_ITEMS_SHARE = 0.4  # of one that lists nothing where so many things are asked for
_NO_LIST_SHARE = 0.6  # of a clause that lists nothing where a list is asked for

_LEXICON = read_lexicon(__name__)
_RISES = _LEXICON["rises"]
_FALLS = _LEXICON["falls"]
_FALLEN = _LEXICON["fallen"]
_LISTED = _LEXICON["listed"]
_RUN = _LEXICON["run"]
_AND = _LEXICON["and"]
_DEFINED = _LEXICON["defined"]
_ENUMERATED = _LEXICON["enumerated"]
_TIME = _LEXICON["time"]
# What makes another measure of the same thing, and the words that ask for it.
_MEASURES_OF = (
    (_LEXICON["per_head"], _LEXICON["asks_per_head"]),
    (_LEXICON["yearly"], _LEXICON["asks_yearly"]),
    (_LEXICON["new"], _LEXICON["asks_new"]),
    (_LEXICON["share"], _LEXICON["asks_share"]),
)
# What is counted may be counted in other words: 多少个园区 is answered by 3家. What is measured may not.
_MEASURE_OF = {
    unit: number
    for number, units in enumerate(
        (
            "元 美元 港元 欧元",
            "% ‰ 个百分点 百分点 倍",
            "公里 千米 米 厘米 毫米",
            "吨 斤 亿斤 公斤 千克 克",
            "亩 公顷 平方米 平方公里 平方千米",
            "立方米",
            "微克 毫克",
            "千瓦 万千瓦",
            "千瓦时",
            "岁 年",
            "个月 天 日 周 工作日 小时 分钟",
        )
    )
    for unit in units.split()
}
_DEFINES = _LEXICON["defines"].pattern
ROUGH_BEFORE = _LEXICON["rough_before"]
ROUGH_AFTER = _LEXICON["rough_after"]
ROUGH_WITHIN = _LEXICON["rough_within"]
_OLDEST = 1000  # 66年 is a time, 1966年 a date


def kind_share(plan: QueryPlan, segment: str) -> float:
    """How far a segment holds what the kind of question asks for: 0 where it does not."""
    if plan.statement_kind is Kind.FIGURE:
        return _figure_share(plan, segment)
    if plan.statement_kind is Kind.LIST:
        return _list_share(plan, segment)
    if plan.statement_kind is Kind.DEFINITION:
        return 1.0 if any(_defines(segment, term) for term in plan.terms) else 0.0
    if plan.statement_kind is Kind.WHEN:
        return 1.0 if _TIME.search(segment) else 0.0
    return 1.0


def _defines(clause: str, term: str) -> bool:
    """Whether a clause says what `term` is: “六稳”：指…; 六稳是指…, 六稳，即…."""
    return bool(re.search(re.escape(term) + _DEFINES, fold(clause)))


def _list_share(plan: QueryPlan, clause: str) -> float:
    """Whether a clause lists something, and as many as are asked for."""
    pieces = segments(clause)
    if len(pieces) > 1:
        counts = {len(_ENUMERATED.findall(clause)), _parallel([clause[start:end] for start, end in pieces])}
        if _DEFINED.match(clause):
            return 1.0
    else:
        runs = {len(run.split("、")) for run in _RUN.findall(clause)}
        counts = {count + bool(_AND.search(clause)) for count in runs} | runs  # 甲、乙和丙
    if plan.num_items in counts:
        return 1.0
    if not _LISTED.search(clause):
        return _NO_ITEMS_SHARE if plan.num_items else _NO_LIST_SHARE
    return _OTHER_COUNT_SHARE if plan.num_items else 1.0


def _parallel(pieces: list[str]) -> int:
    """How many of `pieces` share a pair of characters, at most: 促进约1亿…，改造约1亿…，引导约1亿…."""
    pairs = Counter(pair for piece in pieces for pair in set(map("".join, pairwise(piece))))
    return max(pairs.values(), default=0)


def _figure_share(plan: QueryPlan, segment: str) -> float:
    found = stated(plan, segment)
    if not found:
        return 0.0
    unit = plan.unit
    share = 1.0 if unit is None else max(_unit_share(unit, figure.unit) for figure in found)
    asking = " ".join((plan.text, *(word for words in plan.official.values() for word in words)))
    for pattern, asks in _MEASURES_OF:
        if pattern.search(segment) and not asks.search(asking):
            share *= _OTHER_MEASURE_SHARE
    if _RISES.search(plan.text) and not _FALLS.search(plan.text):
        falling = [figure for figure in found if _FALLEN.search(segment[: figure.start])]
        share *= _OTHER_DIRECTION_SHARE if len(falling) == len(found) else 1.0
    return share


def stated(plan: QueryPlan, segment: str) -> list[Figure]:
    """The figures of `segment` that count or measure something and do not stand in the question.

    Where some are in the unit that is asked for, only these.
    """
    # 12345热线 is no answer to 12345热线多少件; 5% is one to 达到5%了吗.
    asked = {figure.value for figure in plan.figures} - ({plan.bound.figure.value} if plan.bound else set())
    found = [figure for figure in figures(segment) if figure.value not in asked and _counts(figure, segment, plan)]
    return [figure for figure in found if figure.unit == plan.unit] or found


def is_rough(figure: Figure, segment: str) -> bool:
    """Whether a figure is only near: 超760亿斤 and 800亿斤以上 give no difference."""
    return bool(ROUGH_BEFORE.search(segment[: figure.start]) or ROUGH_AFTER.match(segment, figure.end)) or bool(
        ROUGH_WITHIN.search(figure.text)
    )


def _counts(figure: Figure, segment: str, plan: QueryPlan) -> bool:
    """Whether a figure counts or measures something: a date does not, nor an ordinal."""
    if figure.unit == "年" and plan.unit == "年":
        return figure.value < _OLDEST
    if figure.unit == "日" and plan.unit in ("日", "天"):
        return not segment[: figure.start].endswith("月")
    is_date = figure.unit in ("年", "月", "日") or (not figure.unit and 1900 <= figure.value <= 2100)
    return (
        not is_date
        and not segment[: figure.start].endswith(("第", "届"))
        and not segment[figure.end :].startswith("号")
    )


def _unit_share(asked: str, stated: str) -> float:
    """1 for the same unit and for two that count, less for two that measure the same, 0 for others."""
    if asked == stated:
        return 1.0
    if asked not in _MEASURE_OF and stated not in _MEASURE_OF:
        return 1.0 if stated else _NO_UNIT_SHARE
    return _OTHER_UNIT_SHARE if _MEASURE_OF.get(asked) == _MEASURE_OF.get(stated) else 0.0
