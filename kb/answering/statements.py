"""Hits → statements: what might answer a question, with how far it holds what its kind asks for.

A statement is a segment of a clause, between commas: the figure that is asked for stands beside its subject there,
and other figures stand in other segments.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from kb.answering.wording import Place
from kb.figures import Figure, figures
from kb.question import Kind, Question
from kb.retrieval import Found
from kb.scope import Part
from kb.text import clauses, fold, segments, sentences, trim, without_spaces
from kb.types import Hit

_NO_UNIT_SHARE = 0.98  # of one whose figures have none
_OTHER_UNIT_SHARE = 0.5  # of a segment whose figures measure the same in another unit
_OTHER_MEASURE_SHARE = 0.7  # of one that tells of heads, yearly means, shares, where that is not asked
_OTHER_TENSE_SHARE = 0.7  # of a plan where a result is asked for, and the other way round
_OTHER_PERIOD_SHARE = 0.85  # of what five years brought where that is not asked
_UNASKED_PLAN_SHARE = 0.8  # of a plan where nothing tells whether a plan or a result is asked for
_OTHER_COUNT_SHARE = 0.4  # of a clause that lists more or fewer than are asked for
_NO_ITEMS_SHARE = 0.4  # of one that lists nothing where so many things are asked for
_NO_LIST_SHARE = 0.6  # of a clause that lists nothing where a list is asked for

_PLANNED = re.compile(r"目标|今年|明年|拟|力争|任务|安排|打算|部署|建议|要求|下一步|重点工作|计划|以上。?$|左右")
_DONE = re.compile(r"去年|过去|一年来|五年来|回顾|成效|成就|成绩|情况|达到|完成|累计|同比|比上年|[^除为]了")
_YEAR = re.compile(r"\d{4}年")
_OF_YEARS = re.compile(r"[“\"]?十[一二三四五]五[”\"]?(?:时期|期间)?(?!规划)|[五5]年来|过去[五5]年|[五5]年累计")
_LISTED = re.compile(r"、[^、]+、|一是|[^、，]+、[^、，]+(?:和|及|以及|等)")
_RUN = re.compile(r"[^，,；;。：:\s]+(?:、[^，,；;。：:\s]+)+")
_AND = re.compile(r"和|与|及")
_DEFINED = re.compile(r"(?:\d+[.．、])?\s*[“\"][^，。]{1,40}[”\"][：:]")  # as notes at the end of a report do
_ENUMERATED = re.compile(r"[一二三四五六七八九十]是|[①②③④⑤⑥⑦⑧⑨⑩]")
_TIME = re.compile(
    r"[\d一二三四五六七八九十]+[(（]?个?(?:年|月|日|天|周|工作日|小时|分钟|时|季)|即时|当[场日天]|[春夏秋冬]季|"
    r"(?:周|星期)[一二三四五六日天]|[上下]午|\d{1,2}[:：]\d{2}"
)
# What makes another measure of the same thing, and the words that ask for it.
_MEASURES_OF = (
    (re.compile(r"人均"), re.compile(r"人均|每人|每个人|一个人|平均")),
    (re.compile(r"年均"), re.compile(r"年均|平均|每年")),
    (re.compile(r"新增"), re.compile(r"新|增")),
    (re.compile(r"占比|比重"), re.compile(r"占|比")),
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
_SHORT = 14  # characters: a shorter segment is understood with the one before
_OLDEST = 1000  # 66年 is a time, 1966年 a date


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A clause of a passage, with its span in the document's text."""

    hit: Hit
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A segment of a clause that holds what the kind of question asks for."""

    clause: Clause
    place: Place
    text: str  # the segment, with the one before where it is short
    share: float  # how far it holds it, 0 to 1


def statements(question: Question, found: Found) -> Iterator[Statement]:
    """The statements of `found.hits` that may answer `question`."""
    for hit in found.hits:
        yield from _of_hit(question, found.part, hit)


def _of_hit(question: Question, part: Part, hit: Hit) -> Iterator[Statement]:
    passage = hit.passage
    above = " ".join((hit.document.metadata.title, *passage.heading))
    names = {without_spaces(name) for name in (hit.document.metadata.title, *passage.heading)}
    nearest = fold(passage.heading[-1]) if passage.heading else ""
    before = ""
    spans = sentences(passage.text)
    for (sentence_start, sentence_end), (next_start, next_end) in zip(spans, [*spans[1:], (0, 0)], strict=True):
        sentence = passage.text[sentence_start:sentence_end]
        behind = passage.text[next_start:next_end] if question.kind is Kind.LIST else ""  # …。这“六保”是今年的着力点。
        if without_spaces(sentence) in names:
            continue
        context = fold(f"{above} {before} {sentence} {behind}")
        before = sentence
        if part.names_year and str(part.year) not in sentence:
            continue
        tense = _tense_share(question, part, hit, sentence)
        for start, end in clauses(sentence):
            start, end = trim(sentence, start, end)
            offset = passage.start + sentence_start
            clause = Clause(hit=hit, text=sentence[start:end], start=offset + start, end=offset + end)
            earlier = ""
            for segment_start, segment_end in _segments(question.kind, clause.text):
                segment = clause.text[segment_start:segment_end]
                whole = earlier + segment if segment_start and len(segment) < _SHORT else segment
                earlier = segment
                if share := tense * _kind_share(question, segment):
                    place = Place(
                        segment=fold(segment),
                        before=fold(clause.text[:segment_start]),
                        after=fold(clause.text[segment_end:]),
                        heading=nearest,
                        context=context,
                    )
                    yield Statement(clause=clause, place=place, text=whole, share=share)


def _segments(kind: Kind, clause: str) -> list[tuple[int, int]]:
    """Where a figure is asked for its segments, where a list is asked for these and all, else the whole clause."""
    whole = [(0, len(clause))]
    pieces = segments(clause) if kind in (Kind.FIGURE, Kind.LIST) else []
    return pieces + whole if kind is Kind.LIST and len(pieces) > 1 else pieces or whole


def _kind_share(question: Question, segment: str) -> float:
    """How far a segment holds what the kind of question asks for: 0 where it does not."""
    if question.kind is Kind.FIGURE:
        return _figure_share(question, segment)
    if question.kind is Kind.LIST:
        return _list_share(question, segment)
    if question.kind is Kind.WHEN:
        return 1.0 if _TIME.search(segment) else 0.0
    return 1.0


def _list_share(question: Question, clause: str) -> float:
    """Whether a clause lists something, and as many as are asked for."""
    pieces = segments(clause)
    if len(pieces) > 1:
        counts = {len(_ENUMERATED.findall(clause)), _parallel([clause[start:end] for start, end in pieces])}
        if _DEFINED.match(clause):
            return 1.0
    else:
        runs = {len(run.split("、")) for run in _RUN.findall(clause)}
        counts = {count + bool(_AND.search(clause)) for count in runs} | runs  # 甲、乙和丙
    if question.num_items in counts:
        return 1.0
    if not _LISTED.search(clause):
        return _NO_ITEMS_SHARE if question.num_items else _NO_LIST_SHARE
    return _OTHER_COUNT_SHARE if question.num_items else 1.0


def _parallel(pieces: list[str]) -> int:
    """How many of `pieces` share a pair of characters, at most: 促进约1亿…，改造约1亿…，引导约1亿…."""
    pairs = Counter(pair for piece in pieces for pair in set(map("".join, pairwise(piece))))
    return max(pairs.values(), default=0)


def _figure_share(question: Question, segment: str) -> float:
    told = stated(question, segment)
    if not told:
        return 0.0
    unit = question.unit
    share = 1.0 if unit is None else max(_unit_share(unit, figure.unit) for figure in told)
    asking = " ".join((question.text, *(word for words in question.official.values() for word in words)))
    for pattern, asks in _MEASURES_OF:
        if pattern.search(segment) and not asks.search(asking):
            share *= _OTHER_MEASURE_SHARE
    return share


def stated(question: Question, segment: str) -> list[Figure]:
    """The figures of `segment` that count or measure something and do not stand in the question.

    Where some are in the unit that is asked for, only these.
    """
    asked = {figure.value for figure in figures(question.text)}  # 12345热线 is no answer to 12345热线多少件
    told = [figure for figure in figures(segment) if figure.value not in asked and _counts(figure, segment, question)]
    return [figure for figure in told if figure.unit == question.unit] or told


def _counts(figure: Figure, segment: str, question: Question) -> bool:
    """Whether a figure counts or measures something: a date does not, nor an ordinal."""
    if figure.unit == "年" and question.unit == "年":
        return figure.value < _OLDEST
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


def _tense_share(question: Question, part: Part, hit: Hit, sentence: str) -> float:
    """Less than 1 where a plan stands for a result that is asked for, or a result for a plan."""
    asked = question.planned
    metadata = hit.document.metadata
    told = question.scope.told_years or ((part.year,) if part.year else ())
    if asked is None and metadata.reporting_year != metadata.year:
        if metadata.reporting_year in told:
            asked = False
        elif metadata.year in question.scope.told_years or (metadata.year in told and not part.of_title):
            asked = True
    planned = _is_planned(hit, sentence)
    share = 1.0
    if question.kind is Kind.FIGURE and _tells_of_years("".join(hit.passage.heading[-1:]), sentence):
        share = 1.0 if _OF_YEARS.search(question.text) else _OTHER_PERIOD_SHARE
    if asked is None:
        return share * (_UNASKED_PLAN_SHARE if planned and question.kind is Kind.FIGURE else 1.0)
    return share * (1.0 if planned is None or planned == asked else _OTHER_TENSE_SHARE)


def _tells_of_years(heading: str, sentence: str) -> bool:
    """Whether five years are told of, by the heading, else by the sentence."""
    return not _YEAR.search(heading) and bool(_OF_YEARS.search(heading) or _OF_YEARS.search(sentence))


def _is_planned(hit: Hit, sentence: str) -> bool | None:
    """Whether a sentence tells what is to be done, by its headings, else by its wording; None where nothing tells."""
    for text in (*hit.passage.heading, sentence):
        planned, done = bool(_PLANNED.search(text)), bool(_DONE.search(text))
        if planned != done:
            return planned
    return None
