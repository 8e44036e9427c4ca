"""What is asked: a question that stands by itself, its kind, the terms and the unit to look for, its scope.

question + history → standalone question → scope, kind, terms
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass

from kb.errors import QuestionError
from kb.figures import UNITS
from kb.holdings import Holdings
from kb.scope import Scope, find_scope
from kb.text import content_terms, fold

_QUOTED = re.compile(r"[“「『《\"]([^“”「」『』《》\"]{2,60})[”」』》\"]")
_HOW_MANY = re.compile(rf"(?:多少|几)[个]?[百千万亿]*(?P<unit>{UNITS})")
_PERCENT = re.compile(
    r"百分之几|百分比|占比|比重|[一-鿿](?<!效|频|汇|概)率(?!先)|增长(?:了)?多少|下降(?:了)?多少|增速|涨幅|增幅|降幅"
)
_FOLLOW_UP = re.compile(r"^(?:那|还有|其中|它|他们|这|再|换成|今年|明年|当年)|呢[?？]?$")
_OFFSET = re.compile(r"([一两二三四五])年(后|前|之后|之前)|(下|上)一年")
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
    (Kind.FIGURE, re.compile(rf"多少|几(?:{UNITS})|百分之几|几成|几折|多[大高长厚重快](?!程)|{_PERCENT.pattern}|目标[^，。]{{0,6}}是")),
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
    terms: tuple[str, ...]  # what an answer must speak of: no years, issuers, words of form
    quoted: tuple[str, ...]
    scope: Scope


def understand(text: str, history: Sequence[str], holdings: Holdings) -> Question:
    """Understand `text`, asked after the questions `history` (oldest first).

    Raises QuestionError where it is empty.
    """
    if not text.strip():
        raise QuestionError("问题是空的；请写下想问的事。")
    standalone = ""
    for asked in (*history, text):
        standalone = stand_alone(" ".join(asked.split()), standalone, holdings)
    scope = find_scope(standalone, holdings)
    return Question(
        text=standalone,
        kind=next((kind for kind, pattern in _KINDS if pattern.search(standalone)), Kind.OTHER),
        unit=_unit(standalone),
        terms=tuple(content_terms(_HOW_MANY.sub(" ", _outside(fold(standalone), scope.spans)))),
        quoted=tuple(_QUOTED.findall(standalone)),
        scope=scope,
    )


def stand_alone(text: str, earlier: str, holdings: Holdings) -> str:
    """`text` as it would be asked without the question `earlier` before it.

    那江西呢 takes the earlier question and puts another issuer in it, 2020年的报告呢 another year; 接待人数呢 keeps
    issuer and year and asks for something else; 今年还打算再建几个 needs both questions to be understood.
    """
    own = find_scope(text, holdings)
    matter = [term for term in content_terms(_outside(fold(text), own.spans)) if not _OFFSET.fullmatch(term)]
    complete = own.issuers and own.years and matter or len(matter) > 3 and not _FOLLOW_UP.search(text)
    if not earlier or complete:
        return text
    scope = find_scope(earlier, holdings)
    kept = _with_scope(fold(earlier), scope, own, _offset(text))
    asks = any(pattern.search(text) for _, pattern in _KINDS)
    if not matter or _OFFSET.search(text):
        return kept
    if asks:
        return f"{kept} {text}"
    subject = "".join((*own.issuers, *scope.issuers)[:1])
    years = "、".join(f"{year}年" for year in own.years or scope.years)
    report = "政府工作报告" if "政府工作报告" in earlier else ""
    return f"{years}{subject}{report}{''.join(matter)}是多少？"


def _with_scope(earlier: str, scope: Scope, own: Scope, offset: int) -> str:
    """The folded question `earlier` with the issuers and years of `own` in the places of its own."""
    years = own.years or tuple(year + offset for year in scope.years if offset)
    if own.issuers:
        earlier = re.sub("|".join(map(re.escape, scope.issuers)) or r"(?!)", own.issuers[0], earlier)
        if not scope.issuers:
            earlier = own.issuers[0] + earlier
    if years and scope.years:
        named = "、".join(f"{year}年" for year in years).removesuffix("年")
        earlier = re.sub("|".join(map(str, scope.years)), named, earlier)
    elif years:
        earlier = "、".join(f"{year}年" for year in years) + earlier
    return earlier


def _offset(text: str) -> int:
    """两年后 → 2, 上一年 → -1, 0 where nothing of the kind is said."""
    match = _OFFSET.search(text)
    if not match:
        return 0
    if match[3]:
        return 1 if match[3] == "下" else -1
    return _DIGITS[match[1]] * (1 if match[2].endswith("后") else -1)


def _unit(text: str) -> str | None:
    if match := _HOW_MANY.search(text):
        return match["unit"]
    return "%" if _PERCENT.search(text) else None


def _outside(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """`text` with white space in the place of `spans`."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text
