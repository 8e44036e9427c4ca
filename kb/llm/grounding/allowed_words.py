"""The words that a sentence may have, or leave out, beside those of its quote.

Everything else that is said must be quoted, in the order in which it is quoted.
"""

from __future__ import annotations

import re

from kb.answering.extract.plan_or_result import is_planned
from kb.chinese.text import fold, tagged
from kb.search.gazetteer import aliases
from kb.types import Document, Passage

# They claim nothing.
_HARMLESS = re.compile(
    "|".join(
        map(
            re.escape,
            sorted(
                "根据 按照 依据 据 显示 表明 指出 提到 提出 宣布 公布 表示 介绍 载明 写明 写道 说 报告 文件 资料 材料 原文 其中 此外 另外 同时 并且 以及 "
                "一共 总共 共计 总计 合计 共 达到 达 具体为 具体是 具体来看 具体如下 如下 包括 即 该 这是 以上 是 为 有 的 在 中 里 "
                "也 还 而 且 并 和 与 及 于 来看 方面 情况 工作 活动 数量 总数 主要 回答 答案 答 所述 一方面 另一方面 首先 其次 最后 "
                "全年 ， 。 、 ： ； ！ , . : ; !".split(),
                key=len,
                reverse=True,
            ),
        )
    )
)
_DONE = re.compile(r"已经?|完成|实现|了")  # harmless beside a result, and not beside a plan …
_TO_DO = re.compile(r"安排|要求|计划|打算|准备|拟")  # … and these the other way
_LAYOUT = re.compile(r"[\s《》“”‘’\"'「」『』（）()【】]")
_YEAR = re.compile(r"((?:19|20)\d{2})年度?")

# What turns the meaning of a clause where it is left out, and what it is the meaning of.
TURNING = re.compile(
    r"不|未|没|无(?!偿)|非(?!物质|遗|常|公|洲)|否|免|勿|禁|停|取消|暂|拟|计划|目标|力争|预[计期]|争取|确保|努力|将|(?<![主重需必纪])要|约|近|超|"
    r"逾|以[上下内外]|左右|上下|突破|至[少多]|最|[高低多少]于|增|减|升|降|跌|涨|提高|回落|扩大|缩小|分别|均|各|每|累计|占|比|由|从|"
    r"除|若|如果|应|可|须|原则|一般|仅|只|另|和|与|及|或|至|[-—–~～]|负"
)
PLANNED = re.compile(r"目标|拟|力争|争取|预[计期]|计划|确保|努力|将|(?<![主重需必纪])要|安排|下一步")
FROM_TO = re.compile(
    r"[由从]<[^<>]+>(?:(?:提高|增加|增长|上升|提升|扩大|下降|降低|减少|降|升|增|减|缩短|压缩)*[到至为])?"
)
# What is only said of a figure; of what, the segment before tells.
_OF_A_FIGURE = re.compile(
    r"<[^<>]*>|同比|环比|[比较](?:上年|去年|上月|上季度)?|实际|名义|分别|年均|平均|累计|"
    r"(?:增长|增加|提高|提升|上升|上涨|下降|降低|减少|回落|扩大|缩小|增|减|升|降|涨|跌|超|达|约|近|到|至|从|由|多|少|高|低|快|慢|过|于|以上|以下|以内|左右)"
)
_OF_A_WHOLE = re.compile(r"占|其中|同比|较|比")
_LIGHT_TAGS = ("d", "u", "p", "c", "y", "e", "t")  # adverbs, particles, prepositions: a figure is the same without
_AGO = {"去年": -1, "上年": -1, "今年": 0, "明年": 1}


class Frame:
    """What a passage may be called by: the names of its issuer and region, its title, headings, years."""

    def __init__(self, document: Document, passage: Passage, years: frozenset[int] = frozenset()) -> None:
        """`years`: those that the composed answer names its line by, if it does."""
        metadata = document.metadata
        names = {fold(name) for name in (metadata.title, metadata.kind, metadata.number, *passage.heading) if name}
        names |= aliases(document)
        region = metadata.region or metadata.issuer or ""
        names |= {f"{whole}{level}" for level in "省市区县" if level in region for whole in ("全", "我", "本")}
        self._year, self._reporting_year = metadata.year, metadata.reporting_year
        self._heading, self._years = passage.heading, years
        longest_first = sorted(("".join(name.split()) for name in names), key=len, reverse=True)
        self._names = re.compile("|".join(map(re.escape, longest_first)))
        named = rf"年度?(?=(?:{self._names.pattern})*(?:{re.escape(metadata.kind or '报告')}|报告))"
        self._title = re.compile(rf"({metadata.year}{named})")
        self._dated = re.compile(rf"((?:19|20)\d{{2}}){named}")

    def misdates(self, words: str) -> bool:
        """Whether `words` name the document by another year than its own."""
        return self._year is not None and any(
            int(year) != self._year for year in self._dated.findall(_LAYOUT.sub("", fold(words)))
        )

    def without_names(self, words: str) -> str:
        """`words`, folded, without the names of this passage."""
        return self._names.sub("", self._title.sub("", _LAYOUT.sub("", words)))

    def admits(self, words: str, *, sentence: str, before: str) -> bool:
        """Whether `words` may be said of a `sentence` of the passage, which do not stand in it.

        `before` is what stands in the sentence before what is said.
        """
        left = self.without_names(fold(words))
        planned = is_planned(self._heading, sentence)
        if not all(self._is_of(int(year), planned, before) for year in _YEAR.findall(left)):
            return False
        left = _YEAR.sub("", left)
        return not _HARMLESS.sub("", (_TO_DO if planned else _DONE).sub("", left))

    def claims(self, words: str, *, years: bool = True) -> bool:
        """Whether `words` say more than a name, and a year where `years` claim nothing."""
        left = self.without_names(fold(words))
        return bool(_HARMLESS.sub("", _YEAR.sub("", left) if years else left))

    def is_name(self, words: str) -> bool:
        """Whether `words` are a title, a heading or another name of the passage."""
        return bool(self._names.fullmatch(words))

    def is_light(self, words: str) -> bool:
        """Whether nothing but names, times and words without weight stand in `words`, which are left out."""
        left = self.without_names(words)
        return not _HARMLESS.sub("", left) or all(
            tag.startswith(_LIGHT_TAGS) for _, tag in tagged(_HARMLESS.sub("", left))
        )

    def is_bare(self, form: str) -> bool:
        """Whether a segment (tokens in their forms) tells only how much, and of what another one before it."""
        left = self.without_names(form)
        return bool(_OF_A_WHOLE.match(left)) or not _HARMLESS.sub("", _OF_A_FIGURE.sub("", left))

    def _is_of(self, year: int, planned: bool | None, before: str) -> bool:
        """Whether a sentence is of `year`, which it does not say."""
        if self._years:
            return year in self._years
        told = {int(one) for one in _YEAR.findall(before)}
        told |= {self._year + ago for word, ago in _AGO.items() if word in before and self._year}
        if told or self._year == self._reporting_year:
            return told == {year} if told else year == self._year
        return planned is not None and year == (self._year if planned else self._reporting_year)


def turns(words: str) -> bool:
    """Whether leaving out `words` (tokens in their forms) turns the meaning: with a figure it does."""
    return "<" in words or bool(TURNING.search(words))
