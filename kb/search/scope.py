"""The years, issuers and title that a question names → its parts, each with the documents that may answer it.

A named year or issuer fails closed: a part has the documents that are of it and no others. Where there are none there is
no part, and `Scope.missing` says what is missing.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product

from kb.chinese.figures import chinese_number
from kb.chinese.lexicon import read_lexicon
from kb.search.gazetteer import Gazetteer, Name
from kb.types import PartLabel, Within

_LEXICON = read_lexicon(__name__)
_YEAR = _LEXICON["year"]
_YEARS = _LEXICON["years"]
_RANGE = _LEXICON["range"]
QUOTED = _LEXICON["quoted"]
_RELATIVE_YEARS = {"前年": -2, "去年": -1, "上年": -1, "上一年": -1, "今年": 0, "本年": 0, "明年": 1}
RELATIVE = re.compile("|".join(_RELATIVE_YEARS))
_LAST_YEARS = _LEXICON["last_years"]
_SHORT_YEAR = _LEXICON["short_year"]
_NAMES_JOIN = _LEXICON["names_join"]
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


_WORDS = {
    Word.PLANNED: _LEXICON["planned"],
    Word.DONE: _LEXICON["done"],
    Word.ACTUAL: _LEXICON["actual"],
    Word.PROPOSED: _LEXICON["proposed"],
    Word.REPORT: _LEXICON["report"],
}


class Missing(enum.StrEnum):
    """What a question names and no document is of."""

    YEAR = "year"
    ISSUER = "issuer"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopePart:
    """One part of a question: one issuer, one year, and the documents that may answer it."""

    label: PartLabel  # false where the question names neither issuer nor year
    documents: frozenset[int]
    year: int | None = None
    older: frozenset[int] = frozenset()  # looked into where no year is named and `documents` do not answer
    of_title: bool = False  # the year is that of the documents' titles, whatever year they report on
    names_year: bool = False  # no document is of the year: those of other years may name it in their text


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a question is about, in parts that are answered one by one."""

    parts: tuple[ScopePart, ...] = ()
    missing: Missing | None = None  # why there is no part
    missing_labels: tuple[PartLabel, ...] = ()  # what is named and no document is of
    years: tuple[int, ...] = ()
    relative: bool = False  # the years are counted from the newest document: 去年, 近三年
    relative_word: str = ""  # 去年 or the like, where the years are those that it means
    reporting_years: tuple[int, ...] = ()  # named beside the year of a report: those that it reports on
    issuers: tuple[str, ...] = ()
    title: str = ""  # of the document that is asked for by it
    spans: tuple[tuple[int, int], ...] = ()  # where years and names stand in the folded question


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
    names: tuple[Name, ...] = ()  # of issuers and regions
    issuers: tuple[Name, ...] = ()  # those of the names that the question asks about
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
        return tuple(filter(_outside_quotes(self.title, self.text), self.dated))

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Where years and names stand that are no matter."""
        unquoted = filter(_outside_quotes(self.title, self.text), self.names)
        return (
            *((name.start, name.end) for name in unquoted if _is_name(name, self.issuers, self.text)),
            *((mention.start, mention.end) for mention in self.years),
            *([(self.title.start, self.title.end)] if self.title else ()),
        )

    def without_years(self, end: int) -> Mentions:
        """The same without the years that stand before `end`, in what someone tells of himself."""
        dated = tuple(mention for mention in self.dated if mention.start >= end)
        return replace(self, dated=dated, relative=tuple(RELATIVE.findall(self.text[end:])), last_years=0)

    @property
    def subjects(self) -> tuple[Name, ...]:
        """The issuers that it asks about, with or without documents."""
        foreign = Name(text=self.foreign, start=0, end=0, documents=frozenset())
        return self.issuers or ((foreign,) if self.foreign else ())


def find_mentions(text: str, gazetteer: Gazetteer) -> Mentions:
    """What the folded question `text`, which must stand by itself, names."""
    title = gazetteer.titled(text, QUOTED.findall(text))
    outside = _outside_quotes(title, text)  # 《国家…咨询》 names no issuer
    names = gazetteer.names_in(text)
    unquoted = [name for name in names if outside(name)]
    issuers, of_report = _meant(unquoted, text)
    foreign = None if issuers or title else gazetteer.missing_region(text) or _report_of(text)
    dated, reports = _year_mentions(text, gazetteer)
    reports += [(name.start, match.end()) for name in names if (match := _REPORT_FOLLOWS.match(text, name.end))]
    if match := _REPORT_FOLLOWS.match(text):
        reports.append(match.span())
    last_years = _LAST_YEARS.search(text)
    return Mentions(
        text=text,
        title=title,
        names=tuple(names),
        issuers=tuple(issuers),
        foreign=foreign or "",
        of_report=of_report,
        dated=tuple(dated),
        relative=tuple(RELATIVE.findall(text)),
        last_years=int(chinese_number(last_years["number"])) if last_years else 0,
        reports=tuple(reports),
        of_kind=gazetteer.of_kind(text),
        words=words_in(text),
    )


def words_in(text: str) -> frozenset[Word]:
    """What words of `text` tell of what is wanted."""
    return frozenset(word for word, pattern in _WORDS.items() if pattern.search(text))


def scope_of(mentions: Mentions, gazetteer: Gazetteer, within: Within | None = None) -> Scope:
    """The documents that a question with these `mentions` is about, kept to those `within`."""
    title = mentions.title
    scope = Scope(
        issuers=tuple(name.text for name in mentions.issuers), title=title.text if title else "", spans=mentions.spans
    )
    if foreign := mentions.foreign:
        return replace(scope, missing=Missing.ISSUER, missing_labels=(PartLabel(issuer=foreign),), issuers=(foreign,))
    admitted = title.documents if title else mentions.of_kind or frozenset(gazetteer.documents)
    groups = [(name.text, _admitted(admitted, name, title)) for name in mentions.issuers] or [("", admitted)]
    if within:
        kept = frozenset(gazetteer.within(within).documents)
        groups = [(label, documents & kept) for label, documents in groups]
    of_report = [mention for mention in mentions.years if mention.of_report]
    years = tuple(dict.fromkeys(year for mention in of_report or mentions.years for year in mention.years))
    if years:
        others = [mention for mention in mentions.years if of_report and not mention.of_report]
        scope = replace(scope, years=years, reporting_years=tuple(year for mention in others for year in mention.years))
        return _dated(scope, groups, gazetteer, mentions.words, of_report=bool(of_report))
    if mentions.last_years or Word.REPORT not in mentions.words:  # in a report, 去年 is the year before that report
        years = _relative_years(mentions, frozenset().union(*(documents for _, documents in groups)), gazetteer)
    if years:
        scope = replace(scope, years=years, relative=True, relative_word="".join(mentions.relative[:1]))
        return _dated(scope, groups, gazetteer, mentions.words, of_report=Word.REPORT in mentions.words)
    newest = [gazetteer.newest(documents) for _, documents in groups]
    parts = [
        ScopePart(label=PartLabel(issuer=label), documents=new, older=documents - new)
        for (label, documents), new in zip(groups, newest, strict=True)
    ]
    return _with_parts(scope, parts, Missing.ISSUER)


def _is_name(name: Name, issuers: Sequence[Name], text: str) -> bool:
    """Whether a name is one of the `issuers` asked about, and no part of the matter: 中央 of 中央财政 is."""
    is_matter = name.loose and _OF_MATTER.match(text, name.end)
    return not is_matter and any(name.documents == issuer.documents for issuer in issuers)


def _admitted(admitted: frozenset[int], name: Name, title: Name | None) -> frozenset[int]:
    """Of the documents that a title or a kind admits, those of an issuer: 国家 in a title names none."""
    return admitted & name.documents or (admitted if title and name.loose else name.documents)


def _outside_quotes(title: Name | None, text: str) -> Callable[[Name | YearMention], bool]:
    """Whether a name or a year stands outside of the title that the question puts in quotation marks."""
    if title is None or not title.start or not QUOTED.match(text, title.start - 1):
        return lambda mention: True
    return lambda mention: mention.end <= title.start or title.end <= mention.start


def _dated(
    scope: Scope,
    groups: Sequence[tuple[str, frozenset[int]]],
    gazetteer: Gazetteer,
    words: frozenset[Word],
    *,
    of_report: bool,
) -> Scope:
    """`scope` with a part for each of its years and each group of documents, by its label."""
    choose = _of_title_year if of_report else _of_reporting_year
    parts = [
        choose(label, year, documents, gazetteer, words) for (label, documents), year in product(groups, scope.years)
    ]
    return _with_parts(scope, parts, Missing.YEAR)


def _with_parts(scope: Scope, parts: Sequence[ScopePart], missing: Missing) -> Scope:
    """`scope` with those of `parts` that there are documents for, and the names of the others."""
    kept = tuple(part for part in parts if part.documents)
    return replace(
        scope,
        parts=kept,
        missing=None if kept else missing,
        missing_labels=tuple(part.label for part in parts if not part.documents),
    )


def _of_title_year(
    label: str, year: int, documents: frozenset[int], gazetteer: Gazetteer, words: frozenset[Word]
) -> ScopePart:
    """A report is asked for by the year that its title names."""
    chosen = frozenset(id_ for id_ in documents if gazetteer.documents[id_].metadata.year == year)
    return ScopePart(label=PartLabel(issuer=label, year=year), year=year, documents=chosen, of_title=True)


def _of_reporting_year(
    label: str, year: int, documents: frozenset[int], gazetteer: Gazetteer, words: frozenset[Word]
) -> ScopePart:
    """What was done in a year stands in the report on that year, what was planned in the report of that year.

    Where there is neither, a later report may still name the year in its text.
    """
    metadata = {id_: gazetteer.documents[id_].metadata for id_ in documents}
    planned = frozenset(id_ for id_ in documents if metadata[id_].year == year)
    done = frozenset(id_ for id_ in documents if metadata[id_].reporting_year == year)
    if Word.PLANNED in words:
        chosen = planned or done
    elif Word.DONE in words:
        chosen = done or planned
    else:
        chosen = done | planned
    return ScopePart(
        label=PartLabel(issuer=label, year=year), year=year, documents=chosen or documents, names_year=not chosen
    )


def _meant(named: Iterable[Name], text: str) -> tuple[list[Name], bool]:
    """The issuers that `text` asks about, of the names that stand in it, each once; and whether they are a report's.

    A place may also be part of the matter (a railway to 北京): where some names stand before 报告, these are meant.
    """
    lists: list[list[Name]] = []
    for name in named:
        if lists and _NAMES_JOIN.fullmatch(text, lists[-1][-1].end, name.start):
            lists[-1].append(name)
        else:
            lists.append([name])
    of_report = [names for names in lists if _REPORT_FOLLOWS.match(text, names[-1].end)]
    names = [name for names in of_report or lists for name in names]
    return each_once(names), bool(of_report)


def each_once(names: Sequence[Name]) -> list[Name]:
    """Issuers by their names, each once; loose ones only where there are no others."""
    names = [name for name in names if not name.loose] or names
    return list({name.documents or name.text: name for name in reversed(names)}.values())[::-1]


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
    found += [(match, _years_of(match.group(), gazetteer)) for match in _YEARS.finditer(text)]
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


def _relative_years(mentions: Mentions, documents: frozenset[int], gazetteer: Gazetteer) -> tuple[int, ...]:
    """去年 and the like, counted from the newest of `documents`."""
    years = [year for id_ in documents if (year := gazetteer.documents[id_].metadata.year)]
    offsets = dict.fromkeys(_RELATIVE_YEARS[word] for word in mentions.relative)
    if mentions.last_years:
        offsets = dict.fromkeys(range(1 - mentions.last_years, 1))
    return tuple(max(years) + offset for offset in offsets) if years else ()


def _behind_name(text: str, position: int, gazetteer: Gazetteer) -> int:
    """The position behind a name that stands at `position`, or `position`."""
    names = gazetteer.names_in(text[position : position + 30])
    close = names and _COUNTED.fullmatch(text, position, position + names[0].start)
    return position + names[0].end if close else position
