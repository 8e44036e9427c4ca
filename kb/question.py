"""What is asked: a question that stands by itself, its kind, the terms and the unit to look for, its scope.

question + history → standalone question → scope, kind, terms
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass

from kb.errors import QuestionError
from kb.everyday import everyday_words
from kb.figures import UNITS, chinese_number
from kb.holdings import Holdings
from kb.regions import places
from kb.scope import DONE, PLANNED, QUOTED, RELATIVE, Scope, find_scope
from kb.slips import Slip
from kb.text import compounds, content_terms, fold, simplified, without_spaces

_HOW_MANY = re.compile(rf"(?:多少|几)[个]?(?!年度)[百千万亿]*(?P<unit>{UNITS})")
_PERCENT = re.compile(
    r"百分之[几多]|百分比|占比|比重|[一-鿿](?<!效|频|汇|概)率(?!先)|增长(?:了)?多少|下降(?:了)?多少|增速|涨幅|增幅|降幅"
)
# What makes the question, and is not what it is about.
_FORM = re.compile(
    rf"了?{_HOW_MANY.pattern.replace('?P<unit>', '?:')}|了?多少[万亿]*|政府工作报告|工作报告|报告|年报|[今去前明当本]年|上一?年|依次|各是|各有|"
    r"名词(?:注释|解释)|[这两三四五六七八九十]+年|[两三四五六七八九十]省|是?哪[几两三四五六七八九十\d]+(?:个|项|条|样|张|家|位|大|种|类)?(?:方面)?|是哪\w|定在|定为|什么时候|哪一?天|"
    r"[两三四五六七八九]个?(?:[一-鿿]{2}[大强])?(?:省份|地区|省|市|地)(?![一-鿿]{0,3}级)|实际(?:各|分别)?(?=完成|达到)|百分之[几多]少?|[几成]?以上|以下|几成|百分比"
)
# A telegram asks for a figure by its name alone: 海拉尔区2016年接待游客人数.
_MEASURE = r"(?:总[额量数值]|数量|人数|人次|金额|产[量值]|增[速幅]|规模|面积|里程|比[例重率]|数据)(?:是|的?(?:变化|对比|情况))?(?:[,，。？?]|$)"
_QUOTED_SHARE = 2.0
_OF_THE_REPORT = re.compile(r"提出|当年|今年|本年")  # a report tells of the year before, and plans its own
_FOLLOW_UP = re.compile(r"^(?:那|还有|其中|它|他们|这|再|换成|今年|明年|当年)|呢[?？]?$")
_HOW_MANY_ITEMS = re.compile(r"哪(?P<number>[两二三四五六七八九十\d]+)[^一二三四五六七八九十\d]")
_LATER = re.compile(r"([一两二三四五])年之?后|往后([一两二三四五])年|(?:下|后)一年|次年|第二年")
_EARLIER = re.compile(r"([一两二三四五])年之?前|往前([一两二三四五])年|(?:上|前)一年")
_ASKED = re.compile(r"[^？?]+[？?]")
_COMPARES = re.compile(r"最|谁|哪个|哪[一年省]|相差|差多少|差距|比.{0,6}[多少高低快慢]|呢[？?]$")
# What points from one question to the next.
_POINTER = re.compile(rf"再?(?:{_LATER.pattern}|{_EARLIER.pattern})|[那这][份篇个些]")
_DIGITS = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5}


class Kind(enum.StrEnum):
    """What an answer must hold to be one."""

    FIGURE = "figure"
    LIST = "list"
    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    YES_NO = "yes_no"
    OTHER = "other"


# The first kind whose words stand in the question is its kind.
_KINDS = (
    (Kind.LIST, re.compile(r"哪些|哪几|哪[两三四五六七八九十\d]|分别指|具体指|包括什么|是哪\w{0,2}[个项条样方家]|保哪")),
    (Kind.WHEN, re.compile(r"什么时候|何时|哪一?[天日年月]|哪个月|几月|几号|几点|什么时间|多久|多长时间|时限|期限|有效期")),
    (Kind.FIGURE, re.compile(rf"多少|(?:电话|号码|传真|邮编)[^，。？?]{{0,4}}(?:是什么|是哪)|几(?:{UNITS})|百分之几|几成|几折|多[大高长厚重快](?!程)|{_PERCENT.pattern}|目标[^，。]{{0,6}}是|{_MEASURE}")),
    (Kind.WHO, re.compile(r"谁|哪位|哪家|哪个(?:单位|部门|机构|公司|局)|什么(?:单位|部门|机构)")),
    (Kind.WHERE, re.compile(r"哪里|哪儿|何处|什么地方|在哪|地址|地点")),
    (Kind.YES_NO, re.compile(r"吗[?？]?$|是否|有没有|能不能|能否|可否|是不是|可不可以")),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question as understood."""

    text: str  # stands by itself
    kind: Kind
    unit: str | None  # 多少次 asks for 次
    num_items: int | None  # 哪三个 asks for 3
    terms: dict[str, float]  # what an answer must speak of, by share: no years, issuers, words of form
    official: dict[str, tuple[str, ...]]  # for those of the terms that documents call otherwise
    compounds: tuple[str, ...]  # terms that stand side by side
    planned: bool | None  # whether a plan or a result is asked for, where the wording tells
    scope: Scope
    places: tuple[str, ...] = ()  # that are named and are no issuers: an answer must be about them
    slips: tuple[Slip, ...] = ()  # names that were written wrong; `text` has them right


def understand(text: str, history: Sequence[str], holdings: Holdings) -> Question:
    """Understand `text`, asked after the questions `history` (oldest first).

    Raises QuestionError where it is empty.
    """
    if not text.strip():
        raise QuestionError("问题是空的；请写下想问的事。")
    standalone = ""
    text, slips = holdings.slips.mended(simplified(text))
    for asked in (*(holdings.slips.mended(simplified(earlier))[0] for earlier in history), text):
        standalone = stand_alone(" ".join(asked.split()), standalone, holdings)
    scope = find_scope(standalone, holdings)
    # A follow-up that asks for itself says what is wanted; one that does not wants what was asked before.
    asking = text if _kind(text) is not Kind.OTHER else standalone
    matter = _matter(standalone, scope)
    everyday = list(everyday_words(matter))
    plain = _outside(matter, [(word.start, word.end) for word in everyday])
    return Question(
        text=standalone,
        kind=_kind(asking),
        unit=_unit(asking),
        num_items=_num_items(asking),
        terms=content_terms(plain)
        | {word.text: 1.0 for word in everyday}
        | dict.fromkeys(_quoted(matter), _QUOTED_SHARE),
        official={word.text: word.official for word in everyday},
        compounds=tuple(dict.fromkeys(compounds(plain))),
        places=tuple(places(matter)),
        slips=slips,
        planned=_planned(asking, scope),
        scope=scope,
    )


def asked_at_once(text: str, holdings: Holdings) -> list[str]:
    """The questions of `text`, each standing by itself: a later one takes years, issuers and title from the first.

    `text` itself where it asks one; 谁最多 at its end is no question of its own.
    """
    simple, _ = holdings.slips.mended(simplified(text))
    parts = [part.strip() for part in _ASKED.findall(simple)]
    if (
        len(parts) < 2
        or without_spaces("".join(parts)) != without_spaces(simple)
        or not all(_asks(part, holdings) for part in parts)
    ):
        return [text]
    first = find_scope(parts[0], holdings)
    title = f"“{first.title}”的" if first.title else ""
    years = "、".join(f"{year}年" for year in first.years)
    standalone = parts[:1]
    for part in parts[1:]:
        own = find_scope(part, holdings)
        if 1.0 not in content_terms(_matter(part, own)).values():  # 参加了多少人次 leans on what was asked before it
            standalone.append(stand_alone(part, standalone[-1], holdings))
            continue
        before = ("" if own.years else years) + ("" if own.issuers else "、".join(first.issuers))
        standalone.append(("" if own.title else title) + before + part)
    return standalone


def _asks(part: str, holdings: Holdings) -> bool:
    """Whether a part of a question asks for something of its own: 2010年呢 asks the same for another year."""
    scope = find_scope(part, holdings)
    if part.endswith(("呢？", "呢?")) and (scope.years or scope.issuers):
        return True
    return _kind(part) is not Kind.OTHER and not _COMPARES.search(part) and bool(content_terms(_matter(part, scope)))


def _matter(text: str, scope: Scope) -> str:
    """What a question is about: without its years, names and words of form; folded."""
    return _FORM.sub(" ", _outside(fold(text), scope.spans))


def stand_alone(text: str, earlier: str, holdings: Holdings) -> str:
    """`text` as it would be asked without the question `earlier` before it.

    那江西呢 takes the earlier question and puts another issuer in it, 2020年的报告呢 another year; 接待人数呢 keeps
    issuer and year and asks for something else; 今年还打算再建几个 needs both questions to be understood.
    """
    own = find_scope(text, holdings)
    matter = list(content_terms(_POINTER.sub(" ", _outside(fold(text), own.spans))))
    complete = (own.issuers and own.years and matter) or (len(matter) > 3 and not _FOLLOW_UP.search(text))
    if not earlier or complete:
        return text
    scope = find_scope(earlier, holdings)
    kept = _with_scope(fold(earlier), scope, own, _offset(text), holdings)
    if not matter or (_offset(text) and _kind(text) is not Kind.OTHER):
        return kept
    if _kind(text) is not Kind.OTHER:
        return f"{kept} {text}"
    subject = "".join((*own.issuers, *scope.issuers)[:1])
    years = "、".join(f"{year + _offset(text)}年" for year in _named_years(own, scope) or scope.years)
    report = "政府工作报告" if "政府工作报告" in earlier else ""
    return f"{years}{subject}{report}{''.join(matter)}是多少？"


def _with_scope(earlier: str, scope: Scope, own: Scope, offset: int, holdings: Holdings) -> str:
    """The folded question `earlier` with the issuers and years of `own` in the places of its own."""
    if own.issuers:
        for name in reversed([name for name in holdings.names_in(earlier) if not name.loose]):
            earlier = earlier[: name.start] + own.issuers[0] + earlier[name.end :]
        if not scope.issuers:
            earlier = own.issuers[0] + earlier
    years = _named_years(own, scope) or tuple(year + offset for year in scope.years if offset)
    if years:
        named = "、".join(f"{year}年" for year in years)
        old = RELATIVE if scope.relative else re.compile("|".join(rf"{year}\s*年?" for year in scope.years) or r"(?!)")
        earlier = old.sub(named, earlier) if scope.years else named + earlier
    return earlier


def _named_years(own: Scope, earlier: Scope) -> tuple[int, ...]:
    """The years that a follow-up says itself; its 今年 is the year that the earlier question names, if it does."""
    return () if own.relative and not earlier.relative else own.years


def _offset(text: str) -> int:
    """两年后 → 2, 往后三年 → 3, 上一年 → -1, 0 where nothing of the kind is said."""
    for pattern, sign in ((_LATER, 1), (_EARLIER, -1)):
        if match := pattern.search(text):
            return sign * _DIGITS[match[1] or match[2] or "一"]
    return 0


def _quoted(text: str) -> list[str]:
    """What the folded question puts in quotation marks: documents have it in the same words."""
    return [words for words in QUOTED.findall(text) if words.strip()]


def _kind(text: str) -> Kind:
    return next((kind for kind, pattern in _KINDS if pattern.search(text)), Kind.OTHER)


def _planned(text: str, scope: Scope) -> bool | None:
    """Whether a plan is asked for: 目标, or what a report 提出 and not what it tells of an earlier year."""
    if "实际" in text:
        return False
    if PLANNED.search(text) or (_OF_THE_REPORT.search(text) and not scope.told_years):
        return True
    return False if DONE.search(text) else None


def _unit(text: str) -> str | None:
    if match := _HOW_MANY.search(text):
        return "%" if match["unit"] == "成" else match["unit"]
    if "多少钱" in text:
        return "元"
    if "人数" in text:
        return "人"
    return "%" if _PERCENT.search(text) else None


def _num_items(text: str) -> int | None:
    match = _HOW_MANY_ITEMS.search(text)
    if not match:
        return None
    number = match["number"]
    return int(number) if number.isdigit() else int(chinese_number(number))


def _outside(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """`text` with white space in the place of `spans`."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text
