"""The years, issuers, places and title that a question names → its parts, each with the documents that may answer it.

A named year or issuer fails closed: a part has the documents that are of it and no others. A named place admits its own
documents, the rules of what contains it, and those of no known place; never another place's. Where there are none there
is no part, and `Scope.missing` says what is missing.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

from kb.search.gazetteer import Gazetteer, Name
from kb.search.scope.mentions import Mentions, Word
from kb.search.series import is_report, version_date, years_of
from kb.types import PartLabel, Within


class Missing(enum.StrEnum):
    """What a question names and no document is of."""

    YEAR = "year"
    ISSUER = "issuer"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopePart:
    """One part of a question: one issuer or place, one year, and the documents that may answer it."""

    label: PartLabel  # false where the question names neither issuer nor year
    documents: frozenset[int]
    year: int | None = None
    older: frozenset[int] = frozenset()  # looked into where no year is named and `documents` do not answer
    of_title: bool = False  # the year is that of the documents' titles, whatever year they report on
    names_year: bool = False  # no document is of the year: those of other years may name it in their text
    above: frozenset[int] = frozenset()  # documents of what contains the place that is named, or of no known place
    naming_year: frozenset[int] = frozenset()  # documents of which only what names the year is evidence
    naming_place: frozenset[int] = frozenset()  # documents of which only what names `place` is evidence
    place: str = ""  # that is named, without its rank, where some documents must name it

    def unnamed(self, document_id: int, texts: Sequence[str]) -> str:
        """What `texts` of a document would have to name to be evidence, and do not: 2024年, or the place; else ""."""
        text = " ".join(texts)
        if document_id in self.naming_year and str(self.year) not in text:
            return f"{self.year}年"
        return self.place if document_id in self.naming_place and self.place not in text else ""


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
    issuers: tuple[str, ...] = ()  # and places
    lacking: tuple[str, ...] = ()  # of these the places that no document is of, though some hold for them
    title: str = ""  # of the document that is asked for by it
    spans: tuple[tuple[int, int], ...] = ()  # where years and names stand in the folded question


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """The documents of one issuer or place."""

    label: str = ""
    documents: frozenset[int]
    above: frozenset[int] = frozenset()
    naming_place: frozenset[int] = frozenset()
    place: str = ""

    def kept_to(self, documents: frozenset[int]) -> _Group:
        return replace(
            self,
            documents=self.documents & documents,
            above=self.above & documents,
            naming_place=self.naming_place & documents,
        )

    def part(self, documents: frozenset[int], year: int | None = None) -> ScopePart:
        """The part of some of its documents and a year."""
        return ScopePart(
            label=PartLabel(issuer=self.label, year=year),
            documents=documents,
            year=year,
            above=self.above & documents,
            naming_place=self.naming_place & documents,
            place=self.place,
        )


def scope_of(mentions: Mentions, gazetteer: Gazetteer, within: Within | None = None) -> Scope:
    """The documents that a question with these `mentions` is about, kept to those `within`."""
    title = mentions.title
    scope = Scope(
        issuers=tuple(name.text for name in mentions.issuers), title=title.text if title else "", spans=mentions.spans
    )
    if foreign := mentions.foreign:
        return replace(scope, missing=Missing.ISSUER, missing_labels=(PartLabel(issuer=foreign),), issuers=(foreign,))
    admitted = title.documents if title else mentions.of_kind or frozenset(gazetteer.documents)
    named = [
        replace(name, place=None) if mentions.of_report else name  # a report of a city is no other's
        for name in mentions.issuers
    ]
    groups = [_group(name, admitted, title, gazetteer) for name in named] or [_Group(documents=admitted)]
    if within:
        kept = frozenset(gazetteer.within(within).documents)
        groups = [group.kept_to(kept) for group in groups]
    scope = replace(scope, lacking=tuple(group.label for group in groups if group.place))
    of_report = [mention for mention in mentions.years if mention.of_report]
    years = tuple(dict.fromkeys(year for mention in of_report or mentions.years for year in mention.years))
    if years:
        others = [mention for mention in mentions.years if of_report and not mention.of_report]
        scope = replace(scope, years=years, reporting_years=tuple(year for mention in others for year in mention.years))
    if mentions.issuers and not any(group.documents for group in groups):
        return _with_parts(scope, [group.part(frozenset()) for group in groups], Missing.ISSUER)
    if years:
        return _dated(scope, groups, gazetteer, mentions, of_report=bool(of_report))
    if mentions.last_years or Word.REPORT not in mentions.words:  # in a report, 去年 is the year before that report
        years = _relative_years(mentions, groups, gazetteer)
    if years:
        scope = replace(scope, years=years, relative=True, relative_word="".join(mentions.relative[:1]))
        return _dated(scope, groups, gazetteer, mentions, of_report=Word.REPORT in mentions.words)
    parts = []
    for group in groups:
        if versions := _versions(group, mentions, gazetteer):
            parts += versions
            continue
        newest = gazetteer.newest(group.documents)
        older = frozenset(id_ for id_ in group.documents - newest if not gazetteer.versions.is_ahead(id_))
        parts.append(replace(group.part(newest), older=older))
    return _with_parts(scope, parts, Missing.ISSUER)


def _versions(group: _Group, mentions: Mentions, gazetteer: Gazetteer) -> list[ScopePart]:
    """The versions of a rule that a question names by 旧版, or by 新旧, the older first, each by its year; [] for others."""
    if not mentions.words & {Word.OLD_VERSION, Word.BOTH_VERSIONS}:
        return []
    versions = gazetteer.versions.versions_asked(mentions.text, group.documents)
    last = [version for version in versions if not gazetteer.versions.is_ahead(version.id)][:2]
    if len(last) < 2:
        return []
    asked = last[::-1] if Word.BOTH_VERSIONS in mentions.words else last[1:]
    return [
        replace(
            group.part(frozenset({version.id})),
            label=PartLabel(issuer=group.label, year=int(version_date(version)[:4])),
        )
        for version in asked
    ]


def _group(name: Name, admitted: frozenset[int], title: Name | None, gazetteer: Gazetteer) -> _Group:
    """Of the documents that a title or a kind admits, those of an issuer or for a place: 国家 in a title names none.

    A place has its own, and the rules of what contains it. Where it has none of its own, a report of what contains it
    may still name it.
    """
    if name.place is None:
        kept = admitted & name.documents or (admitted if title and name.loose else name.documents)
        return _Group(label=name.text, documents=kept)
    own = name.documents | gazetteer.of_place(name.place)
    if name.loose:  # a report that is asked for by 国家 is that of its government
        own = frozenset(id_ for id_ in own if id_ in name.documents or not is_report(gazetteer.documents[id_]))
    above = gazetteer.rules_above(name.place) - own
    naming: frozenset[int] = frozenset()
    if not own:
        naming = frozenset(
            id_
            for id_ in gazetteer.above(name.place) - above
            if (place := gazetteer.place_of(gazetteer.documents[id_])) is None or not place.is_nation
        )
    every = own | above | naming
    kept = admitted & every or (admitted if title and name.loose else every)
    return _Group(
        label=name.text,
        documents=kept,
        above=above & kept,
        naming_place=naming & kept,
        place="" if own else name.place.short,
    )


def _dated(
    scope: Scope, groups: Sequence[_Group], gazetteer: Gazetteer, mentions: Mentions, *, of_report: bool
) -> Scope:
    """`scope` with a part for each of its years and each group of documents, by its label."""
    choose = _of_title_year if of_report else _of_reporting_year
    parts = [choose(group, year, gazetteer, mentions, scope) for group, year in product(groups, scope.years)]
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


def _of_title_year(group: _Group, year: int, gazetteer: Gazetteer, mentions: Mentions, scope: Scope) -> ScopePart:
    """A report is asked for by the year that its title names."""
    chosen = frozenset(id_ for id_ in group.documents if gazetteer.documents[id_].metadata.year == year)
    return replace(group.part(chosen, year), of_title=True)


def _of_reporting_year(group: _Group, year: int, gazetteer: Gazetteer, mentions: Mentions, scope: Scope) -> ScopePart:
    """What was done in a year stands in the report on that year, what was planned in the report of that year.

    Where there is neither, a later report may still name the year in its text. A document without a year answers where it
    is in force in that year (今年: now), or names the year.
    """
    documents = {id_: gazetteer.documents[id_] for id_ in group.documents}
    years = {id_: years_of(document) for id_, document in documents.items()}
    planned = frozenset(id_ for id_, span in years.items() if span and span[0] <= year <= span[1])
    done = frozenset(id_ for id_, document in documents.items() if document.metadata.reporting_year == year)
    if Word.PLANNED in mentions.words:
        chosen = planned or done
    elif Word.DONE in mentions.words:
        chosen = done or planned
    else:
        chosen = done | planned
    undated = frozenset(id_ for id_ in documents if not years[id_] and not documents[id_].metadata.reporting_year)
    own = group.documents - group.above
    yearly = gazetteer.versions.yearly_asked(mentions.text, own)
    in_force: frozenset[int]
    if yearly and not yearly & chosen and not scope.relative:
        in_force = frozenset()  # a notice comes out each year, and that of this year is not here
    elif scope.relative:
        in_force = gazetteer.newest(undated)
        undated = in_force
    else:
        in_force = frozenset(id_ for id_ in undated if gazetteer.versions.is_in_force_in(id_, year))
    of_year = chosen & own
    kept = chosen | undated if of_year else group.documents
    return replace(
        group.part(kept, year), names_year=not of_year and not in_force, naming_year=kept - chosen - in_force
    )


def _relative_years(mentions: Mentions, groups: Sequence[_Group], gazetteer: Gazetteer) -> tuple[int, ...]:
    """去年 and the like, counted from the newest of the documents that are of the names themselves, if any is of a year."""
    every = [group.documents - group.above for group in groups]
    years = [year for ids in every for id_ in ids if (year := gazetteer.documents[id_].metadata.year)]
    return tuple(max(years) + offset for offset in mentions.offsets) if years else ()
