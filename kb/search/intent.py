"""What the wording of a question asks for: its kind, its unit, how many things, a plan or a result, and its matter."""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass

from kb.chinese.figures import UNITS, Figure, chinese_number
from kb.chinese.text import content_terms
from kb.search.scope import DONE, PLANNED, QUOTED, Scope

_HOW_MANY = re.compile(rf"(?:多少|几)[个]?(?!年度)[百千万亿]*(?P<unit>{UNITS})")
_PERCENT = re.compile(
    r"百分之[几多]|百分比|占比|比重|[一-鿿](?<!效|频|汇|概)率(?!先)|增长(?:了)?多少|下降(?:了)?多少|增速|涨幅|增幅|降幅"
)
_SUMMARY = r"总结(?:一下)?(?!大会|会|“|十)|概括|概述|归纳|综述|主要(?:的?工作)?内容|[讲说写谈]了些?什么|(?:总体|整体|基本|工作)情况"
# Of all that was done, and not of one thing: 近三年有什么变化.
_CHANGES = re.compile(
    r"(?:都|各|分别)?(?:有|发生|出现|发生了|出现了)了?(?:哪些|什么)(?:新|大|重大|主要|明显|突出)?的?(?:变化|不同)(?:和特点)?"
    r"|(?:的|发生的|主要)?(?:变化|不同)(?:是|有)(?:哪些|什么)"
)
_OF_ALL = re.compile(
    r"(?:重点|主要|中心|各项|全部|整体|总体|全年|全面|年度|政府)+|工作|任务|内容|要点|[这那该本][份篇个]|全文|文件|之间|前后|(?:这|最近|近)?几年|最近|近|以来|安排|部署|计划|打算"
)
# What makes the question, and is not what it is about.
_FORM = re.compile(
    rf"了?{_HOW_MANY.pattern.replace('?P<unit>', '?:')}|了?多少[万亿]*|{_SUMMARY}|的工作(?=[。?？]*$)|(?<=[一-鿿]{{2}})(?<!具体)人数|哪个省[区份]?|政府工作报告|工作报告|报告|年报|[今去前明当本]年|上一?年|依次|各是|各有|"
    r"名词(?:注释|解释)|[这两三四五六七八九十]+年|[两三四五六七八九十]省|是?哪[几两三四五六七八九十\d]+(?:个|项|条|样|张|家|位|大|种|类)?(?:方面)?|是哪\w|定在|定为|什么时候|哪一?天|"
    r"[两三四五六七八九]个?(?:[一-鿿]{2}[大强])?(?:省份|地区|省|市|地)(?![一-鿿]{0,3}级)|实际(?:各|分别)?(?=完成|达到)|百分之[几多]少?|[几成]?以上|以下|几成|百分比"
)
# A telegram asks for a figure by its name alone: 云澜区2016年接待游客人数.
_MEASURE = r"(?:总[额量数值]|数量|人数|人次|金额|产[量值]|增[速幅]|规模|面积|里程|比[例重率]|数据)(?:是|的?(?:变化|对比|情况))?(?:[,，。？?]|$)"
_COMPARED = re.compile(
    r"(?:(?P<below>不到|不足|低于|少于|小于|不超过|不高于)|(?P<above>超过?|突破|高于|大于|多于|不低于|不少于|达到))了?$"
)
_DEFINED = re.compile(
    r"(?:什么(?:是|叫)|何[谓为])[\"“「『]?(?P<name>[^\"“”「」『』?？,，。]+?)[\"”」』]?[?？。]*$"
    r"|[\"“「『](?P<quoted>[^\"“”「」『』]+)[\"”」』]"
)
_OF_THE_REPORT = re.compile(r"提出|当年|今年|本年")  # a report tells of the year before, and plans its own
_HOW_MANY_ITEMS = re.compile(r"哪(?P<number>[两二三四五六七八九十\d]+)[^一二三四五六七八九十\d]")


class Kind(enum.StrEnum):
    """What an answer must hold to be one."""

    FIGURE = "figure"
    LIST = "list"
    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    YES_NO = "yes_no"
    DEFINITION = "definition"
    SUMMARY = "summary"
    OTHER = "other"


# The first kind whose words stand in the question is its kind.
_KINDS = (
    (Kind.LIST, re.compile(r"哪些|哪几|哪[两三四五六七八九十\d]|分别指|具体指|包括什么|是哪\w{0,2}[个项条样方家]|保哪")),
    (Kind.DEFINITION, re.compile(r"什么(?:是|叫)|何[谓为]|什么意思|含义|(?:怎么|如何)理解|指的?是?什么")),
    (Kind.SUMMARY, re.compile(_SUMMARY)),
    (Kind.WHEN, re.compile(r"什么时候|何时|哪一?[天日年月]|哪个月|几月|几号|几点|什么时间|多久|多长时间|时限|期限|有效期")),
    (Kind.FIGURE, re.compile(rf"多少|(?:电话|号码|传真|邮编)[^，。？?]{{0,4}}(?:是什么|是哪)|几(?:{UNITS})|百分之几|几成|几折|多[大高长厚重快](?!程)|{_PERCENT.pattern}|目标[^，。]{{0,6}}是|{_MEASURE}")),
    (Kind.WHO, re.compile(r"谁|哪位|哪家|哪个(?:单位|部门|机构|公司|局)|什么(?:单位|部门|机构)")),
    (Kind.WHERE, re.compile(r"哪里|哪儿|何处|什么地方|在哪|地址|地点")),
    (Kind.YES_NO, re.compile(r"吗[?？]?$|是否|有没有|能不能|能否|可否|是不是|可不可以")),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What a figure is asked to be above or below: 超过5%了吗."""

    figure: Figure
    above: bool
    start: int  # of its span in the folded question, from 超过 on
    end: int


def matter_of(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """What the folded question is about: without words of form and what stands at `spans`, its years and names."""
    return _FORM.sub(" ", outside(text, spans))


def is_of_all(kind: Kind, matter: str) -> bool:
    """Whether a summary is asked for of all that documents tell, by the kind and the matter of a question.

    2022到2024年重点工作有哪些变化 asks for one; 粮食产量有哪些变化 is about one thing.
    """
    if kind is not Kind.SUMMARY and not _CHANGES.search(matter):
        return False
    return not content_terms(_OF_ALL.sub(" ", _CHANGES.sub(" ", matter)))


def bound_of(text: str, figures: Sequence[Figure]) -> Bound | None:
    """Which of its `figures` the folded question asks another to be above or below; None where none, or several."""
    found = [
        Bound(figure=figure, above=bool(match["above"]), start=match.start(), end=figure.end)
        for figure in figures
        if figure.unit and (match := _COMPARED.search(text[: figure.start]))
    ]
    return found[0] if len(found) == 1 else None


def defined_in(text: str) -> str | None:
    """What the folded question asks the meaning of: 什么是六稳, “六稳”指什么."""
    match = _DEFINED.search(text)
    return (match["name"] or match["quoted"]) if match else None


def quoted_in(text: str) -> list[str]:
    """What the folded question puts in quotation marks: documents have it in the same words."""
    return [words for words in QUOTED.findall(text) if words.strip()]


def kind_of(text: str) -> Kind:
    """The kind of a question, by its wording."""
    return next((kind for kind, pattern in _KINDS if pattern.search(text)), Kind.OTHER)


def planned_of(text: str, scope: Scope) -> bool | None:
    """Whether a plan is asked for: 目标, or what a report 提出 and not what it tells of an earlier year."""
    if "实际" in text:
        return False
    if PLANNED.search(text) or (_OF_THE_REPORT.search(text) and not scope.reporting_years):
        return True
    return False if DONE.search(text) else None


def unit_of(text: str) -> str | None:
    """The unit that a question asks for: 次 of 多少次."""
    if match := _HOW_MANY.search(text):
        return "%" if match["unit"] == "成" else match["unit"]
    if "多少钱" in text:
        return "元"
    if "人数" in text:
        return "人"
    return "%" if _PERCENT.search(text) else None


def num_items_of(text: str) -> int | None:
    """How many things a question asks for: 3 of 哪三个."""
    match = _HOW_MANY_ITEMS.search(text)
    if not match:
        return None
    number = match["number"]
    return int(number) if number.isdigit() else int(chinese_number(number))


def outside(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """`text` with white space in the place of `spans`."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text
