"""The administrative divisions of China, from the nation down to counties and districts, and the zones of national rank.

They stand in regions.txt with their codes (GB/T 2260): 44 广东省, 4401 广州市, 440106 天河区. One division contains another
where its code begins the other's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from kb.chinese.lexicon import read_lexicon
from kb.chinese.text import word_ends

_LEXICON = read_lexicon(__name__)
_AUTONOMOUS = _LEXICON["autonomous"]
_ZONE, _ZONE_BEHIND = _LEXICON["zone"], _LEXICON["zone_behind"]
_OTHER_WORD = _LEXICON["other_word"]
_NATIONAL = ("全国", "国家", "中国", "中华人民共和国")
_RANKS = ("特别行政区", "新区", "林区", "地区", "省", "市", "区", "县", "盟", "旗")
_PROVINCE, _PREFECTURE = 2, 4  # digits of their codes


@dataclass(frozen=True, slots=True)
class Region:
    """A division by its code, without the pairs of zeros at its end, and its full name; the nation has the code ""."""

    code: str
    name: str

    def contains(self, other: Region) -> bool:
        """Whether `other` lies in it; it contains itself."""
        return other.code.startswith(self.code)

    @property
    def short(self) -> str:
        """The name without its rank: 广州, 广西, 恩施; a name of two characters stays: 歙县."""
        return _short(self.name)

    @property
    def above(self) -> tuple[Region, ...]:
        """What it lies in, the nation first: of 天河区 全国, 广东省, 广州市."""
        names = _table().names
        codes = [self.code[:length] for length in (2, _PREFECTURE) if length < len(self.code)]
        return (NATION, *(Region(code, names[code]) for code in codes if code in names)) if self.code else ()

    @property
    def label(self) -> str:
        """Its name, of a district, or where several bear it, with that of its city: 广州市天河区, 天津市滨海新区, 广州市."""
        if len(self.code) <= _PREFECTURE or (not self.name.endswith("区") and len(_table().full[self.name]) == 1):
            return self.name
        return self.name if self.name.startswith(self.above[-1].short) else f"{self.above[-1].name}{self.name}"


NATION = Region("", _NATIONAL[0])


@cache
def city_names() -> frozenset[str]:
    """The cities, prefectures and leagues by full and by short name, without the short names that are words of their own."""
    table = _table()
    cities = {code for code, name in table.names.items() if _is_city(code, name)}
    full = {name for name, codes in table.full.items() if not cities.isdisjoint(codes)}
    short = {name for name, codes in table.short.items() if not cities.isdisjoint(codes) and _is_place(codes, name)}
    return frozenset(full | short)


def _is_city(code: str, name: str) -> bool:
    """Prefectures, and of counties those that are called cities or lie in no prefecture: 义乌市, 神农架林区."""
    return len(code) == _PREFECTURE or name.endswith("市") or code[_PROVINCE:_PREFECTURE] == "90"


@dataclass(frozen=True, slots=True)
class RegionMention:
    """Where a text names a region; a chain such as 广东省广州市 is one mention of the inner one."""

    region: Region
    start: int
    end: int


def region_named(name: str) -> Region | None:
    """The region of a full or short name or of a chain (广东省广州市天河区); None where it is none, or may be several."""
    if name in _NATIONAL:
        return NATION
    mentions = _mentions(name, range(len(name) + 1), alone=True)
    whole = len(mentions) == 1 and (mentions[0].start, mentions[0].end) == (0, len(name))
    return mentions[0].region if whole else None


def regions_in(text: str) -> list[RegionMention]:
    """The regions that `text` names, in order.

    A name that several bear, or that is a word of its own (朝阳, 新城区), is a region only where one that contains it stands
    before it. A short name is a word or several as the segmenter cuts them.
    """
    return _mentions(text, {0, *word_ends(text)}) if text else []


@dataclass(frozen=True, slots=True)
class _Table:
    names: dict[str, str] = field(default_factory=dict)  # by code
    full: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # codes by full or former name
    short: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    notes: dict[str, str] = field(
        default_factory=dict
    )  # by code: "**" where the full name alone is no place, else the short
    lengths: defaultdict[str, set[int]] = field(
        default_factory=lambda: defaultdict(set)
    )  # of names, by first character

    def add(self, code: str, name: str) -> None:
        """A name by which a division goes, and what is shorter: 恩施 and 恩施州 for 恩施土家族苗族自治州."""
        self.full[name].append(code)
        short = _short(name)
        shorter = {short} - {name}
        if "自治" in name:
            shorter.add(short + name[-1])
        for other in shorter:
            if code not in self.short[other]:
                self.short[other].append(code)
        self.lengths[name[0]] |= {len(name), *map(len, shorter)}


@cache
def _table() -> _Table:
    table = _Table()
    for line in files("kb.chinese").joinpath("regions.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        code, name, note, former, *_ = (*line.split("\t"), "", "")
        table.names[code] = name
        if note:
            table.notes[code] = note
        for full in (name, *former.split()):
            table.add(code, full)
    return table


def _short(name: str) -> str:
    if "自治" in name:
        match = _AUTONOMOUS.fullmatch(name)
        return match["short"] if match else name
    if _ZONE.search(name):
        return name
    return next((name[: -len(rank)] for rank in _RANKS if name.endswith(rank) and len(name) > len(rank) + 1), name)


def _mentions(text: str, ends: Iterable[int], *, alone: bool = False) -> list[RegionMention]:
    """What stands between two of `ends` may be a short name; `alone` admits names that are words of their own."""
    boundaries = frozenset(ends)
    found: list[RegionMention] = []
    position = 0
    while position < len(text):
        mention = _mention_at(text, position, boundaries, found, alone)
        if mention is None:
            position += 1
            continue
        if found and found[-1].end == mention.start and found[-1].region.contains(mention.region):
            mention = RegionMention(mention.region, found.pop().start, mention.end)
        found.append(mention)
        position = mention.end
    return found


def _mention_at(
    text: str, start: int, boundaries: frozenset[int], before: list[RegionMention], alone: bool
) -> RegionMention | None:
    table = _table()
    beside = before[-1].region if before and before[-1].end == start else None
    for length in sorted(table.lengths.get(text[start], ()), reverse=True):
        end = start + length
        name = text[start:end]
        if end > len(text):
            continue
        is_full = name in table.full and not _OTHER_WORD.match(text, end)
        codes = table.full[name] if is_full else table.short.get(name, [])
        ends = alone or end in boundaries or bool(_ZONE_BEHIND.match(text, end))
        if beside and (is_full or ends) and (inner := _highest(_within(codes, beside))):
            return RegionMention(Region(inner, table.names[inner]), start, end)
        if is_full:
            stands = _stands_alone(codes[0], name, text[:start], ends, start in boundaries)
        else:
            stands = (
                start in boundaries and ends and (alone or _is_place(codes, name)) and not _is_ranked(codes, text, end)
            )
        if stands and (code := _one_of(codes, before)) is not None:
            return RegionMention(Region(code, table.names[code]), start, end)
    return None


def _stands_alone(code: str, name: str, before: str, ends: bool, starts: bool) -> bool:
    """Whether a full name is one where nothing around it is named: 和县 and 老城区 stand in other words, too."""
    if len(code) <= _PREFECTURE:
        return True
    if len(name) == 2 or _table().notes.get(code) == "**":
        return name.endswith(("县", "旗")) and ends and not before[-1:].isalpha()
    return starts


def _is_place(codes: list[str], name: str) -> bool:
    """Whether a short name is a place by itself: none of the highest of its divisions says that it is not; 红河州 is one."""
    table = _table()
    return all(code not in table.notes or name != _short(table.names[code]) for code in _best(codes))


def _is_ranked(codes: list[str], text: str, end: int) -> bool:
    """Whether a rank follows a short name, which is then another place's: 青河省 is not 青河县."""
    lower = all(len(code) > _PROVINCE for code in codes)
    return lower and text.startswith(_RANKS, end) and not _OTHER_WORD.match(text, end + 1)


def _one_of(codes: list[str], before: list[RegionMention]) -> str | None:
    """Which of the divisions of one name is meant: the highest, else the one within what was named last; None if unsure."""
    within = (_highest(_within(codes, mention.region)) for mention in reversed(before))
    return _highest(codes) or next(filter(None, within), None)


def _within(codes: list[str], region: Region) -> list[str]:
    return [code for code in codes if code.startswith(region.code) and code != region.code]


def _highest(codes: Iterable[str]) -> str | None:
    """The one of the highest rank; None where several are of it."""
    best = _best(codes)
    return best[0] if len(best) == 1 else None


def _best(codes: Iterable[str]) -> list[str]:
    """Those of the highest rank, of which what has ended gives way to what there is."""
    ranked: defaultdict[int, list[str]] = defaultdict(list)
    for code in codes:
        ranked[len(code)].append(code)
    best = ranked[min(ranked)] if ranked else []
    return [code for code in best if not _table().notes.get(code, "").isdigit()] or best
