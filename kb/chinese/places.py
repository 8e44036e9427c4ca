"""The places of China by the names that people write.

Provinces: 浙江, and 浙 in a row such as 浙、赣、湘 or before 省. Cities by name, and what is called a city, county or
district.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.chinese.regions import city_names
from kb.chinese.text import tagged

_BY_CHARACTER = dict(
    pair.split(":")
    for pair in (
        "京:北京 津:天津 冀:河北 晋:山西 蒙:内蒙古 辽:辽宁 吉:吉林 黑:黑龙江 沪:上海 苏:江苏 浙:浙江 皖:安徽 闽:福建 赣:江西 "
        "鲁:山东 豫:河南 鄂:湖北 湘:湖南 粤:广东 桂:广西 琼:海南 渝:重庆 川:四川 蜀:四川 黔:贵州 贵:贵州 滇:云南 云:云南 藏:西藏 "
        "陕:陕西 秦:陕西 甘:甘肃 陇:甘肃 青:青海 宁:宁夏 新:新疆 港:香港 澳:澳门 台:台湾"
    ).split()
)
_CHARACTER = f"[{''.join(_BY_CHARACTER)}]"
_NAME = "|".join(sorted(set(_BY_CHARACTER.values()), key=len, reverse=True))
_BEFORE = r"(?<![一-鿿](?<![年月较按据问在比和与及跟]))"  # 重、新 stand in words, 年浙 and 比较浙 do not
_ROW = re.compile(
    rf"{_BEFORE}{_CHARACTER}(?:(?:、|,|和|与|及|跟){_CHARACTER}(?=[^一-鿿]|$|[省市区两三四五六七八九各等的地在去今前这政呢和与及跟]))+"
    rf"|{_BEFORE}{_CHARACTER}(?=省)"
)
_JOINED = re.compile(
    rf"(?:、|,|和|与|及|跟|以及|还有)(?P<after>{_NAME})|(?P<before>{_NAME})(?:省|市|自治区)?(?=、|,|和|与|及|跟|以及|还有)"
)
_OPENING = re.compile(rf"(?:请问|根据|按照?|比较|(?:19|20)\d{{2}}年|[今去前明]年|[、,的在\s])*(?P<region>{_NAME})")

_PROVINCES = frozenset(_BY_CHARACTER.values())
_PLACE = re.compile(r"[一-鿿]{2,}[市县区州盟旗镇乡岛]")

Mention = tuple[str, int, int]
"""A province by its short name, and where it stands."""


def by_character(text: str) -> Iterator[Mention]:
    """The provinces that `text` names by one character each, in rows or before 省."""
    for row in _ROW.finditer(text):
        for position in range(*row.span()):
            if text[position] in _BY_CHARACTER:
                yield _BY_CHARACTER[text[position]], position, position + 1


def joined(text: str) -> Iterator[Mention]:
    """The provinces by name that stand in a row with something else: 江西和广东."""
    for match in _JOINED.finditer(text):
        group = "after" if match["after"] else "before"
        yield match[group], match.start(group), match.end(group)


def opening(text: str) -> str | None:
    """The province that `text` opens with."""
    match = _OPENING.match(text)
    return match["region"] if match else None


def provinces_in(text: str) -> list[str]:
    """The provinces whose names stand in `text`, in order: 河南 in 河南省政府, which the segmenter takes for one word."""
    return re.findall(_NAME, text)


def places(text: str) -> list[str]:
    """The provinces, cities, counties and districts that `text` names, without 市 and 省."""
    return [
        word.removesuffix("市").removesuffix("省")
        for word, tag in tagged(text)
        if {word, word.removesuffix("市"), word.removesuffix("省")} & _PROVINCES
        or word in city_names()
        or (tag == "ns" and _PLACE.fullmatch(word))
    ]
