"""The words of one question → the years, issuers, places and titles that it names, and which of these it is asked of."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from kb.chinese.figures import chinese_number
from kb.chinese.lexicon import read_lexicon
from kb.search.gazetteer import Gazetteer, Name
from kb.search.scope.subjects import subjects_in

_LEXICON = read_lexicon(__name__)
_YEAR = _LEXICON["year"]
_YEARS = _LEXICON["years"]
_RANGE = _LEXICON["range"]
_BORN = _LEXICON["born"]
QUOTED = _LEXICON["quoted"]
_RELATIVE_YEARS = {"前年": -2, "去年": -1, "上年": -1, "上一年": -1, "今年": 0, "本年": 0, "明年": 1}
RELATIVE = re.compile("|".join(_RELATIVE_YEARS))
_LAST_YEARS = _LEXICON["last_years"]
_SHORT_YEAR = _LEXICON["short_year"]
_REPORT_FOLLOWS = _LEXICON["report_follows"]
_OF_MATTER = _LEXICON["of_matter"]
_COUNTED = _LEXICON["counted"]
_REPORT_OF = _LEXICON["report_of"]


class Word(enum.StrEnum):
    """What words of a question tell of the documents and the figures that it wants."""

    PLANNED = "planned"
    DONE = "done"
    ACTUAL = "actual"
    PROPOSED = "proposed"
    REPORT = "report"
    BOTH_VERSIONS = "both_versions"
    OLD_VERSION = "old_version"


_WORDS = {
    Word.PLANNED: _LEXICON["planned"],
    Word.DONE: _LEXICON["done"],
    Word.ACTUAL: _LEXICON["actual"],
    Word.PROPOSED: _LEXICON["proposed"],
    Word.REPORT: _LEXICON["report"],
    Word.BOTH_VERSIONS: _LEXICON["both_versions"],
    Word.OLD_VERSION: _LEXICON["old_version"],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class YearMention:
    """Years that are named together, with their span in the folded question."""

    years: tuple[int, ...]
    start: int
    end: int
    of_report: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentions:
    """The names and years that stand in a folded question, whatever documents it is kept to, and what bears on these."""

    text: str
    title: Name | None = None
    names: tuple[Name, ...] = ()  # of issuers and places
    issuers: tuple[Name, ...] = ()  # those of the names that the question asks about, places among them
    origins: tuple[Name, ...] = ()  # places that a person comes from, where another is asked about
    foreign: str = ""  # the issuer that it asks about where no document is of it
    of_report: bool = False  # the issuers are those of a report that it names
    dated: tuple[YearMention, ...] = ()  # those in a quoted title, too
    relative: tuple[str, ...] = ()  # 去年 and the like
    last_years: int = 0  # 3 of 近三年
    reports: tuple[tuple[int, int], ...] = ()  # from a year or a name, or the start, to the 报告 that it belongs to
    of_kind: frozenset[int] = frozenset()  # the documents of the kinds that it names
    words: frozenset[Word] = frozenset()

    @property
    def years(self) -> tuple[YearMention, ...]:
        """The years outside of a quoted title."""
        return tuple(filter(outside_quotes(self.title, self.text), self.dated))

    @property
    def offsets(self) -> tuple[int, ...]:
        """The years that are counted from another: -1 of 去年; 0, -1 and -2 of 近三年."""
        if self.last_years:
            return tuple(range(1 - self.last_years, 1))
        return tuple(dict.fromkeys(_RELATIVE_YEARS[word] for word in self.relative))

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Where years and names stand that are no matter."""
        unquoted = filter(outside_quotes(self.title, self.text), self.names)
        return (
            *((name.start, name.end) for name in unquoted if _is_name(name, self.issuers, self.text)),
            *((name.start, name.end) for name in self.origins),
            *((mention.start, mention.end) for mention in self.years),
            *([(self.title.start, self.title.end)] if self.title else ()),
        )

    def without_years(self, end: int) -> Mentions:
        """The same without the years that stand before `end`, in what someone tells of himself."""
        dated = tuple(mention for mention in self.dated if mention.start >= end)
        return replace(self, dated=dated, relative=tuple(RELATIVE.findall(self.text[end:])), last_years=0)

    @property
    def subjects(self) -> tuple[Name, ...]:
        """The issuers and places that it asks about, with or without documents."""
        foreign = Name(text=self.foreign, start=0, end=0, documents=frozenset())
        return self.issuers or ((foreign,) if self.foreign else ())


def find_mentions(text: str, gazetteer: Gazetteer) -> Mentions:
    """What the folded question `text`, which must stand by itself, names."""
    names = gazetteer.names_in(text)
    title = gazetteer.titled(text, QUOTED.findall(text))
    if title and _is_of_another_place(title, names, gazetteer):
        title = None
    if title:
        title = gazetteer.with_versions(title)
    outside = outside_quotes(title, text)  # 《国家…咨询》 names no issuer
    subjects = subjects_in(text, [name for name in names if outside(name)], gazetteer)
    foreign = None if subjects.names or title else _report_of(text)
    dated, reports = _year_mentions(text, gazetteer)
    reports += [(name.start, match.end()) for name in names if (match := _REPORT_FOLLOWS.match(text, name.end))]
    if match := _REPORT_FOLLOWS.match(text):
        reports.append(match.span())
    last_years = _LAST_YEARS.search(text)
    return Mentions(
        text=text,
        title=title,
        names=tuple(names),
        issuers=subjects.names,
        origins=subjects.origins,
        foreign=foreign or "",
        of_report=subjects.of_report,
        dated=tuple(dated),
        relative=tuple(RELATIVE.findall(text)),
        last_years=int(chinese_number(last_years["number"])) if last_years else 0,
        reports=tuple(reports),
        of_kind=gazetteer.of_kind(text),
        words=words_in(text),
    )


def _is_of_another_place(title: Name, names: Sequence[Name], gazetteer: Gazetteer) -> bool:
    """Whether a place right before a title makes it the title of a document of that place: 望舒市渡船条例 is not 渡船条例."""
    before = [name.place for name in names if name.place and not name.loose and name.end == title.start]
    return bool(before) and not any(
        gazetteer.place_of(gazetteer.documents[id_]) == before[0] for id_ in title.documents
    )


def words_in(text: str) -> frozenset[Word]:
    """What words of `text` tell of what is wanted."""
    return frozenset(word for word, pattern in _WORDS.items() if pattern.search(text))


def outside_quotes(title: Name | None, text: str) -> Callable[[Name | YearMention], bool]:
    """Whether a name or a year stands outside of the title that the question puts in quotation marks."""
    if title is None or not title.start or not QUOTED.match(text, title.start - 1):
        return lambda mention: True
    return lambda mention: mention.end <= title.start or title.end <= mention.start


def _is_name(name: Name, issuers: Sequence[Name], text: str) -> bool:
    """Whether a name is one of the `issuers` asked about, and no part of the matter: 中央 of 中央财政 is."""
    is_matter = name.loose and _OF_MATTER.match(text, name.end)
    return not is_matter and any(name.is_same(issuer) for issuer in issuers)


def _report_of(text: str) -> str | None:
    """The issuer whose report is asked for, by the words alone."""
    match = _REPORT_OF.search(text)
    return match["issuer"] if match else None


def _year_mentions(text: str, gazetteer: Gazetteer) -> tuple[list[YearMention], list[tuple[int, int]]]:
    """The years that stand in `text`, and the spans from these to the 报告 that they belong to."""
    found: list[tuple[re.Match[str], tuple[int, ...]]] = [
        (match, (year,))
        for match in _SHORT_YEAR.finditer(text)
        if (year := 2000 + int(match["year"])) in gazetteer.years
    ]
    found += [
        (match, _years_of(match.group(), gazetteer))
        for match in _YEARS.finditer(text)
        if not _BORN.match(text, match.end())
    ]
    mentions, reports = [], []
    for match, years in sorted(found, key=lambda mention: mention[0].start()):
        report = _REPORT_FOLLOWS.match(text, _behind_name(text, match.end(), gazetteer))
        mentions.append(YearMention(years=years, start=match.start(), end=match.end(), of_report=bool(report)))
        if report:
            reports.append((match.start(), report.end()))
    return mentions, reports


def _years_of(words: str, gazetteer: Gazetteer) -> tuple[int, ...]:
    """The years of 2016年和2018年; of 2016到2018年 those between that documents are of, too."""
    years = tuple(int(year) for year in _YEAR.findall(words))
    if _RANGE.fullmatch(words) and years[0] < years[1]:
        return tuple(year for year in range(years[0], years[1] + 1) if year in gazetteer.years or year in years)
    return years


def _behind_name(text: str, position: int, gazetteer: Gazetteer) -> int:
    """The position behind a name that stands at `position`, or `position`."""
    names = gazetteer.names_in(text[position : position + 30])
    close = names and _COUNTED.fullmatch(text, position, position + names[0].start)
    return position + names[0].end if close else position
