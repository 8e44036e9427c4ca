"""Versions of one rule and notices of each year: what is of one series, which is in force, and which a year asks for."""

from __future__ import annotations

from datetime import date

import pytest

from kb.search.gazetteer import Gazetteer
from kb.search.question import Question
from kb.search.scope import ScopePart
from kb.search.series import series_key, title_core, version_date, years_of
from kb.types import Document, Metadata


def document(id_: int, title: str, name: str = "", **known: object) -> Document:
    metadata = Metadata(title=title, **{"kind": "办法", "region": "望舒市", **known})  # type: ignore[arg-type]
    name = name or f"{id_}.txt"
    return Document(id=id_, sources=(f"/{id_}",), made_by="1", name=name, sha256="", metadata=metadata, num_passages=1)


def day() -> date:
    return date(2024, 6, 1)


OLD, NEW, COMING, NOTICE_2022, NOTICE_2023, PAGE_2022, PAGE_2024, LAW = range(1, 9)
GAZETTEER = Gazetteer(
    [
        document(OLD, "望舒市渡船管理暂行办法", date="2014-03-01"),
        document(NEW, "望舒市渡船管理办法（2019年修正）", date="2019-05-01"),
        document(COMING, "望舒市渡船管理办法", date="2024-05-01", date_in_force="2024-10-01"),
        document(NOTICE_2022, "2022年度望舒市渡船补贴公告", kind="公告", year=2022),
        document(NOTICE_2023, "望舒市2023年度渡船补贴公告", kind="公告", year=2023),
        document(PAGE_2022, "望舒渡船网", kind=None, region=None, year=2022),
        document(PAGE_2024, "望舒渡口网", kind=None, region=None, year=2024),
        document(LAW, "渡船检验细则", region=None, kind="细则", date="2010-01-01", valid_until="2020-12-31"),
    ],
    day,
)


def part(question: str) -> ScopePart:
    [only] = Question(question, GAZETTEER).scope.parts
    return only


@pytest.mark.parametrize(
    ("expected", "title"),
    [
        ("渡船管理办法", "望舒市渡船管理暂行办法"),
        ("渡船管理办法", "望舒市渡船管理办法（2019年修正）"),
        ("渡船管理办法", "关于印发《望舒市渡船管理办法》的通知"),
        ("渡船补贴公告", "2022年度望舒市渡船补贴公告"),
        ("", "望舒市渡船局"),
    ],
)
def test_the_core_of_a_title(expected: str, title: str) -> None:
    """What is left of a title without place, year and version; the name of an office is none."""
    assert expected == title_core(document(1, title))


def test_series() -> None:
    """Versions and the notices of each year are one series, the last first; pages without kind and issuer are of none."""
    documents = GAZETTEER.documents
    assert [COMING, NEW, OLD] == [version.id for version in GAZETTEER.series_of(documents[OLD])]
    assert [NOTICE_2023, NOTICE_2022] == [version.id for version in GAZETTEER.series_of(documents[NOTICE_2022])]
    assert [PAGE_2022] == [version.id for version in GAZETTEER.series_of(documents[PAGE_2022])]
    assert None is series_key(documents[PAGE_2024])


def test_the_version_in_force_answers() -> None:
    """Where no year is named: neither the version before it, which is looked into later, nor one that is not in force yet.

    A page of another year is shut out by nothing.
    """
    asked = part("渡船怎么登记？")
    assert {NEW, NOTICE_2023, PAGE_2022, PAGE_2024, LAW} == asked.documents
    assert {OLD, NOTICE_2022} == asked.older
    later = Gazetteer(GAZETTEER.documents.values(), lambda: date(2024, 10, 1))
    [asked] = Question("渡船怎么登记？", later).scope.parts
    assert COMING in asked.documents
    assert NEW in asked.older


@pytest.mark.parametrize(
    ("expected", "question"),
    [
        ({OLD, LAW}, "2014年望舒渡船怎么登记？"),
        ({OLD, LAW}, "2016年望舒渡船怎么登记？"),
        ({NEW, LAW}, "2019年望舒渡船怎么登记？"),
        ({NEW}, "2021年望舒渡船怎么登记？"),
        ({NEW, NOTICE_2022}, "2022年望舒渡船补贴多少？"),
        ({NEW, COMING}, "2024年望舒渡船怎么登记？"),
        (set(), "2009年望舒渡船怎么登记？"),
        (set(), "到2030年望舒渡船要达到多少艘？"),
    ],
)
def test_a_year_asks_for_the_version_of_that_year(expected: set[int], question: str) -> None:
    """The version that came or was in force in the year, and the notice of the year; all else must name the year."""
    asked = part(question)
    assert expected == asked.documents - asked.naming_year - {PAGE_2022, PAGE_2024}


@pytest.mark.parametrize(
    ("expected", "title"),
    [
        ((2022, 2022), "2022年度渡船补贴公告"),
        ((2015, 2015), "2015学年望舒市招生通告"),
        ((2014, 2016), "望舒市2014-2016年渡船方案"),
        ((2018, 2035), "望舒新区规划（2018—2035年）"),
        (None, "渡船条例（2019年修正）"),
        (None, "渡船指南"),
    ],
)
def test_the_years_of_a_title(expected: tuple[int, int] | None, title: str) -> None:
    """A title names the years that its document is of; not the year of a version."""
    assert expected == years_of(document(1, title))


def test_the_date_of_a_version() -> None:
    """The last date that is known: in force, issued, or in the name of the file; of a yearly notice its year."""
    assert "2020-12-30" == version_date(document(1, "渡船条例", "渡船条例(2020-12-30).md", date="2004-08-19"))
    assert "2019-05-01" == version_date(document(1, "渡船条例", date="2019-03-01", date_in_force="2019-05-01"))
    assert "2022" == version_date(document(1, "2022年度渡船补贴公告", date="2021-12-01", year=2022))
    assert "" == version_date(document(1, "渡船条例"))


def test_a_notice_with_more_in_its_title() -> None:
    """The notice of a year is of the series of the one before, where it has the same words and more."""
    notices = [
        document(1, "2022年望舒市渡船补贴指标公告", kind="公告", year=2022),
        document(2, "2023年望舒市渡船补贴和船员落户指标公告", kind="公告", year=2023),
        document(3, "2023年望舒市渔船检验公告", kind="公告", year=2023),
    ]
    gazetteer = Gazetteer(notices, day)
    assert [2, 1] == [version.id for version in gazetteer.series_of(notices[0])]
    assert {2, 3} == gazetteer.newest([1, 2, 3])


@pytest.mark.parametrize(
    ("expected", "question"),
    [
        ([("望舒2014年", {OLD}), ("望舒2019年", {NEW})], "望舒渡船管理办法新旧两个版本的票价是多少？"),
        ([("望舒2014年", {OLD}), ("望舒2019年", {NEW})], "望舒渡船管理办法改了以后，票价有什么变化？"),
        ([("望舒2014年", {OLD})], "望舒旧版渡船管理办法的票价是多少？"),
        ([("望舒2014年", {OLD}), ("望舒2019年", {NEW})], "望舒渡船管理办法2014年和2019年的票价各是多少？"),
    ],
    ids=["both", "what changed", "the old one", "by their years"],
)
def test_versions_are_asked_for(expected: list[tuple[str, set[int]]], question: str) -> None:
    """The version in force and the one before it are parts of their own, by their years."""
    parts = Question(question, GAZETTEER).scope.parts
    rules = {OLD, NEW, COMING}
    assert expected == [(str(part.label), set(part.documents - part.naming_year) & rules) for part in parts]


def test_a_title_means_the_version_in_force() -> None:
    """A title is that of all versions, unless it says of which one it is."""
    assert ({NEW}, {OLD}) == ((asked := part("《望舒市渡船管理办法》的票价是多少？")).documents, asked.older)
    assert {OLD} == part("《望舒市渡船管理暂行办法》的票价是多少？").documents


def test_a_yearly_notice_of_another_year_does_not_answer() -> None:
    """Where the notice of the year that is asked for is missing, whatever answers must name the year."""
    asked = part("2021年望舒渡船补贴是多少？")
    assert asked.documents == asked.naming_year
    assert {NEW} <= part("2021年望舒渡船怎么登记？").documents - part("2021年望舒渡船怎么登记？").naming_year
