"""The place of a question: which documents hold for it, and which of several places it is asked of."""

from __future__ import annotations

import pytest

from kb.search.gazetteer import Gazetteer
from kb.search.query import plan_query
from kb.search.question import Question
from kb.search.scope import Missing, ScopePart
from kb.types import Document, Metadata


def rule(id_: int, title: str, region: str | None, kind: str = "办法", **more: object) -> Document:
    metadata = Metadata(title=title, kind=kind, region=region, **more)  # type: ignore[arg-type]
    name = f"{title}.txt"
    return Document(id=id_, sources=(f"/{id_}",), made_by="1", name=name, sha256="", metadata=metadata, num_passages=1)


NATION, PROVINCE, CITY, OTHER_CITY, DISTRICT, UNKNOWN, REPORT = range(1, 8)
RULES = [
    rule(NATION, "渡船安全条例", "全国"),
    rule(PROVINCE, "广东省渡船管理规定", "广东省"),
    rule(CITY, "广州市渡船登记办法", "广州市"),
    rule(OTHER_CITY, "佛山市渡船登记办法", "佛山市"),
    rule(DISTRICT, "天河区渡口开放公告", "广州市天河区"),
    rule(UNKNOWN, "渡船检验细则", None),
    rule(REPORT, "2024年国务院政府工作报告", "全国", "政府工作报告", issuer="国务院", year=2024, reporting_year=2023),
]
GAZETTEER = Gazetteer(RULES)


def parts(question: str, gazetteer: Gazetteer = GAZETTEER) -> tuple[ScopePart, ...]:
    return Question(question, gazetteer).scope.parts


@pytest.mark.parametrize(
    ("expected", "question"),
    [
        ({CITY, PROVINCE, NATION, UNKNOWN}, "广州渡船登记要多少钱？"),
        ({CITY, PROVINCE, NATION, UNKNOWN}, "我在广东省广州市，渡船登记要多少钱？"),
        ({DISTRICT, CITY, PROVINCE, NATION, UNKNOWN}, "天河区的渡口什么时候开放？"),
        ({DISTRICT, CITY, PROVINCE, NATION, UNKNOWN}, "广州天河区的渡口什么时候开放？"),
        ({PROVINCE, NATION, UNKNOWN}, "广东的渡船登记要多少钱？"),
        ({CITY, PROVINCE, NATION, UNKNOWN}, "广州的渡船吵，按广东的规定罚多少？"),
        ({CITY, PROVINCE, NATION, UNKNOWN}, "台湾老板的渡船在广州怎么登记？"),
        ({PROVINCE, NATION, UNKNOWN}, "在珠海，渡船登记要多少钱？"),
        ({NATION, UNKNOWN}, "渡船登记在浙江要多少钱？"),
        ({NATION, UNKNOWN, REPORT}, "国家规定渡船多久检验一次？"),
        ({NATION, PROVINCE, CITY, OTHER_CITY, DISTRICT, UNKNOWN, REPORT}, "渡船登记要多少钱？"),
    ],
    ids=["city", "chain", "district", "district of a city", "province", "city by its province's rules", "visitor", "city without documents", "another province",
         "nation", "no place"],
)  # fmt: skip
def test_a_place_admits_what_holds_for_it(expected: set[int], question: str) -> None:
    """Its own documents, the rules of what contains it and what may be of any place; never another place's, nor a part's."""
    [part] = parts(question)
    assert expected == part.documents


def test_what_is_above_a_place_is_told_apart() -> None:
    """The plan says which documents are not of the place itself, and a rule by whom it is."""
    [part] = parts("广州渡船登记要多少钱？")
    assert {PROVINCE, NATION, UNKNOWN} == part.above
    places = [GAZETTEER.place_of(GAZETTEER.documents[id_]) for id_ in (PROVINCE, NATION)]
    assert ["广东省规定", "国家规定"] == [place.rules for place in places if place]


def test_a_report_of_what_contains_a_place_is_no_rule() -> None:
    """Where only reports are held a province without one is missing; a city's must name it in their text."""
    reports = Gazetteer(
        [RULES[REPORT - 1], rule(8, "2024年广东省政府工作报告", "广东省", "政府工作报告", issuer="广东省", year=2024)]
    )
    assert Missing.ISSUER is Question("浙江2024年的渡船有多少艘？", reports).scope.missing
    plan = plan_query("2024年佛山的渡船有多少艘？", (), reports)
    assert ("佛山",) == plan.places
    assert Missing.ISSUER is Question("2024年佛山市政府工作报告的目标是什么？", reports).scope.missing
    mixed = Gazetteer([*reports.documents.values(), RULES[NATION - 1]])
    [part] = parts("佛山的渡船有多少艘？", mixed)
    assert ({8, NATION}, {8}, "佛山") == (part.documents, part.naming_place, part.place)
    assert ("佛山", "") == (part.unnamed(8, ["全省有9艘"]), part.unnamed(8, ["佛山有9艘"]))


@pytest.mark.parametrize(
    ("asked", "question"),
    [
        (["广州"], "本人河南户籍，在广州上班，能登记渡船吗？"),
        (["广州"], "我是佛山人，在广州能登记渡船吗？"),
        (["广州"], "老家佛山，来广州开渡船要什么证？"),
        (["广州"], "从佛山搬到广州，渡船要重新登记吗？"),
        (["佛山"], "佛山户口能登记渡船吗？"),
        (["广州"], "广州有到佛山的班列吗？"),
        (["广州"], "香港居民在广州能登记渡船吗？"),
        ([], "香港居民能登记渡船吗？"),
        ([], "内地佛山班的学生坐渡船要票吗？"),
        ([], "广州和佛山合建的渡口在哪里？"),
        (["广州", "佛山"], "广州和佛山的渡船登记各要多少钱？"),
        (["广州"], "在广州登记的渡船，能开到佛山吗？"),
    ],
)
def test_which_place_a_question_is_asked_of(asked: list[str], question: str) -> None:
    """Of several places the one that something is done in; not where someone comes from or goes to, nor a part of a name."""
    assert asked == [name.text for name in Question(question, GAZETTEER).mentions.issuers]


def test_where_someone_comes_from_need_not_be_named() -> None:
    """An answer must name the end of a way, and not where someone comes from."""
    assert () == plan_query("河南户籍在广州能登记渡船吗？", (), GAZETTEER).places
    assert ("北京",) == plan_query("广州有到北京的铁路吗？", (), GAZETTEER).places


def test_a_place_without_documents_is_lacking() -> None:
    """It is known that no document is of the place itself, though some hold for it."""
    scope = Question("在珠海，渡船登记要多少钱？", GAZETTEER).scope
    assert (("珠海",), None) == (scope.lacking, scope.missing)
    assert () == Question("广州渡船登记要多少钱？", GAZETTEER).scope.lacking


def test_a_place_before_a_title_makes_it_another() -> None:
    """广州渡船安全条例 is not 渡船安全条例; 佛山渡船登记办法 is 佛山市渡船登记办法."""
    assert None is Question("广州渡船安全条例什么时候施行？", GAZETTEER).mentions.title
    assert [{OTHER_CITY}] == [part.documents for part in parts("佛山渡船登记办法什么时候施行？")]


def test_a_kind_of_few_characters_is_no_scope() -> None:
    """收到处罚通知 does not ask for a document of the kind 通知."""
    notices = Gazetteer([*RULES, rule(8, "渡口改造通知", None, "通知")])
    [part] = parts("收到处罚通知，渡船还能开吗？", notices)
    assert {NATION, UNKNOWN, 8} <= part.documents


def test_invented_places() -> None:
    """A place that no gazetteer has goes by its name: 望舒市 contains 望舒市云澜区, and the nation both."""
    gazetteer = Gazetteer(
        [
            rule(1, "望舒市渡船办法", "望舒市"),
            rule(2, "云澜区渡船公告", "望舒市云澜区"),
            rule(3, "青岚县渡船公告", "青岚县"),
            rule(4, "渡船条例", "全国"),
        ]
    )
    assert [{1, 2, 4}] == [part.documents for part in parts("望舒市云澜区的渡船几点开？", gazetteer)]
    assert [{1, 4}] == [part.documents for part in parts("望舒的渡船几点开？", gazetteer)]


def test_places_in_a_row_are_asked_of_each() -> None:
    """A city beside its province in a row is compared with it, and not taken for a part of one name."""
    assert [CITY, PROVINCE] == [
        min(part.documents - part.above) for part in parts("广州和广东的渡船登记费分别是多少？")
    ]
