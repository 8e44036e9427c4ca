"""Names of bodies: 广州市人力资源和社会保障局 is the body 人力资源和社会保障局 of the place 广州市.

A place is one of the gazetteer, or, where that knows none, what has the shape of one and an organ behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from kb.chinese.lexicon import read_lexicon
from kb.chinese.regions import NATION, Region, regions_in
from kb.chinese.text import without_spaces

_LEXICON = read_lexicon(__name__)
_NATIONAL, _NO_PLACE = _LEXICON["national"], _LEXICON["no_place"]
_ORGANS = _LEXICON["organ"].pattern
ORGAN = rf"[一-鿿]{{0,20}}?(?:{_ORGANS})"
"""The name of an organ, without its place."""
# 贵州省 and 广州市 do not end at 州, 上海市场监管 is no place, and neither is 市级.
SHAPE = (
    r"(?:[一-鿿]{2,12}?(?:自治区|自治州|自治县|自治旗)"
    r"|(?!自治|委)(?:[一-鿿]{2,5}?(?:特别行政区|新区|地区|省|市|区|县|旗|州(?![省市])|盟)|[一-鿿]县)(?![场长级域块直属]|政策|民生))"
)
"""What has the shape of a place's name."""
_PLACES = re.compile(rf"(?:{SHAPE})+(?=[一-鿿]{{0,20}}?(?:{_ORGANS}))")
_ORGAN_AT = re.compile(rf"[一-鿿]{{0,14}}?(?:{_ORGANS})")
_ORGAN_WHOLE = re.compile(rf"[一-鿿]{{0,20}}(?:{_ORGANS})")
_OFFICE = re.compile(r"[一-鿿]{0,8}?(?:办公厅|办公室|司|局)(?![一-鿿]*部)")
_BEFORE_PLACE = re.compile(r"^[《（(\s\d年度—-]*(?:学年)?(?:关于|解读|印发)?[《\s]*")
_PARTY = re.compile(r"(?:中国共产党|中共)")
_RELATIVE = re.compile(r"(?:本|我)?(?P<rank>自治区|自治州|自治县|[省市区县旗州盟])(?P<organ>[一-鿿]{2,})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A body as its name says it: the whole, its place as it stands there, and the organ; "" where it names no organ."""

    name: str
    place: str
    organ: str
    region: Region | None = None  # of the gazetteer


def body_at(text: str) -> Body | None:
    """The body or place that `text` begins with."""
    if match := _NATIONAL.match(text):
        return _national(text, match.end())
    party = _PARTY.match(text)
    begin = party.end() if party else 0
    end, region = place_at(text[begin:])
    if not end:
        return None
    organ = _ORGAN_AT.match(text, begin + end)
    return Body(
        name=text[: organ.end() if organ else begin + end],
        place=_full(text[begin : begin + end], region),
        organ=organ.group() if organ else "",
        region=region,
    )


def _national(text: str, end: int) -> Body:
    """A body of the nation, with its office (教育部办公厅), or its office at a place (国家税务总局云澜区税务局)."""
    length, region = place_at(text[end:])
    if length:
        organ = _ORGAN_AT.match(text, end + length)
        name = text[: organ.end()] if organ else text
        place = _full(text[end : end + length], region)
        return Body(name=name, place=place, organ=organ.group() if organ else text[end + length :], region=region)
    office = _OFFICE.match(text, end)
    name = text[: office.end() if office else end]
    return Body(name=name, place=NATION.name, organ=name, region=NATION)


def whole_body(text: str) -> Body | None:
    """The body whose name `text` is, from its first character to its last; a place alone is none."""
    text = re.sub(r"[（(](?:代章|盖章|章|印)[）)]$", "", without_spaces(text))
    if match := _NATIONAL.match(text):
        body = _national(text, match.end())
        return body if body.name == text else None
    party = _PARTY.match(text)
    begin = party.end() if party else 0
    end, region = place_at(text[begin:])
    if end and _ORGAN_WHOLE.fullmatch(text, begin + end):
        return Body(name=text, place=_full(text[begin : begin + end], region), organ=text[begin + end :], region=region)
    return None


def place_at(text: str) -> tuple[int, Region | None]:
    """Where the place ends that `text` begins with, and its region in the gazetteer; 0 where it begins with none."""
    first = next(iter(regions_in(text[:40])), None)
    if first and first.start == 0:
        return first.end, first.region
    match = _PLACES.match(text)
    return (match.end(), None) if match and not _NO_PLACE.search(match.group()) else (0, None)


def _full(place: str, region: Region | None) -> str:
    """The place as it stands, if it stands there with its rank; 广州 is 广州市."""
    return region.label if region and place.endswith(region.short) and place != region.name else place


def place_of(titles: Iterable[str]) -> str | None:
    """The place that one of `titles` begins with; one of the gazetteer with what contains it (广州市天河区)."""
    for title in titles:
        opening = _BEFORE_PLACE.match(title)
        rest = title[opening.end() if opening else 0 :]
        if rest.startswith("中华人民共和国"):
            return NATION.name
        end, region = place_at(rest)
        if end:
            return region.label if region else rest[:end]
    return None


def is_organ(text: str) -> bool:
    """Whether `text` is the name of an organ, of whatever place."""
    return 4 <= len(text) <= 30 and bool(_ORGAN_WHOLE.fullmatch(text)) and not _NO_PLACE.match(text)


def of_place(organ: str, place: str | None) -> str | None:
    """市教育局 with its place, 望舒市; None where the place is of another rank, or not known."""
    match = _RELATIVE.fullmatch(organ)
    if match is None:
        return organ
    return f"{place}{match['organ']}" if place and place.endswith(match["rank"]) else None
