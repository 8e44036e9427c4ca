"""How the lines of Chinese documents are numbered: 第一编 · 第一章 · 第一节 · 一、 · 第一条 · （一） · 1. · （1） · ① · a."""

from __future__ import annotations

import re
from dataclasses import dataclass

COUNT = r"[一二三四五六七八九十百零〇]+"
ANY_COUNT = rf"(?:{COUNT}|\d{{1,3}})"

# 第十五条, 第十五条之一, 第15条; a reference in a sentence goes on without a space: 第三条规定的事项.
ARTICLE_NUMBER = rf"第\s?{ANY_COUNT}\s?条(?:之{COUNT})?"

# The numbers of headings, from the highest. A period is the unnumbered kind of reports that have parts of sections.
RANKS = (
    ("编", re.compile(rf"第{ANY_COUNT}(?:编|部分)(?=\s|[：:]|$)")),
    ("章", re.compile(rf"第{ANY_COUNT}章")),
    ("节", re.compile(rf"第{ANY_COUNT}节")),
    ("附件", re.compile(r"附[件录表]\s*[一二三四五六七八九十\d]*$|名词(?:解释|注释)$|注释$")),
    (
        "时期",
        re.compile(r"(?=(?:“十.五”|(?:19|20)\d\d年)[^，。；：]{0,30}(?:回顾|任务|安排|工作|成就|要点|举措)$)"),
    ),
    ("一、", re.compile(rf"{COUNT}、(?!{COUNT}[、是])")),
    (
        "条",
        re.compile(
            rf"{ARTICLE_NUMBER}(?:\s*(?:（[^（）]{{1,20}}）|【[^【】]{{1,20}}】))?(?:(?=\s|$|(?<=[）】]))|[：:])"
        ),
    ),
    ("（一）", re.compile(rf"[（(]{COUNT}[）)]")),
    ("1.", re.compile(r"\d{1,2}(?:[.．](?!\d(?!\d{3}年))|、)")),
    ("（1）", re.compile(r"[（(]\d{1,2}[）)]|[①-⑳]")),
)

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0}
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"

# The numbers of items. What follows the number of the third kind must not make it a figure: 3.5, 2024.1.
_ITEM_NUMBERS = (
    ("一、", re.compile(rf"(?P<count>{COUNT})、")),
    ("（一）", re.compile(rf"[（(]\s?(?P<count>{COUNT})\s?[）)][、.．]?")),
    ("1.", re.compile(r"(?P<count>\d{1,2})(?:[.．](?!\s?\d)|、)")),
    ("（1）", re.compile(r"[（(]\s?(?P<count>\d{1,2})\s?[）)][、.．]?")),
    ("1）", re.compile(r"(?P<count>\d{1,2})[）)][、.．]?")),
    ("①", re.compile(rf"(?P<count>[{_CIRCLED}])[、.．]?")),
    ("a.", re.compile(r"(?P<count>[a-zA-Z])[.．、)）](?![a-zA-Z.])")),
)


STYLES = tuple(style for style, _ in _ITEM_NUMBERS)  # from the outermost


@dataclass(frozen=True, slots=True)
class ItemNumber:
    """The number of an item of a list, at the start of a line or within a sentence."""

    style: str  # 一、 （一） 1. （1） 1） ① a.
    ordinal: int  # from 1
    text: str  # as it stands


def item_number(text: str, at: int = 0) -> ItemNumber | None:
    """The number of an item that begins at `at`; None where there is none."""
    for style, pattern in _ITEM_NUMBERS:
        if (match := pattern.match(text, at)) and (ordinal := _ordinal(match["count"])):
            return ItemNumber(style, ordinal, match[0])
    return None


def rank_of(text: str) -> int | None:
    """The place in `RANKS` of the number that `text` begins with; None where it has none."""
    return next((rank for rank, (_, pattern) in enumerate(RANKS) if pattern.match(text)), None)


def value_of(count: str) -> int:
    """The value of a count up to 999, in digits or characters: 一百零二 is 102. 0 where it is none."""
    if count.isdigit() and count.isascii():
        return int(count)
    total = unit = 0
    for character in count:
        if character in _DIGITS:
            unit = _DIGITS[character]
        elif character == "十":
            total, unit = total + (unit or 1) * 10, 0
        elif character == "百":
            total, unit = total + (unit or 1) * 100, 0
        else:
            return 0
    return total + unit


def _ordinal(count: str) -> int:
    if count in _CIRCLED:
        return _CIRCLED.index(count) + 1
    if count.isascii() and count.isalpha():
        return ord(count.lower()) - ord("a") + 1
    return value_of(count)
