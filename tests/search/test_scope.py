"""Years, issuers and follow-ups of questions, against documents that are held."""

from __future__ import annotations

import pytest

from kb.search.followups import standing_alone
from kb.search.gazetteer import Gazetteer, short_name
from kb.search.intent import Kind
from kb.search.query import plan_query
from kb.search.question import Question
from kb.search.scope import Missing, Scope
from kb.types import Document, Metadata, Within

WORK_REPORT = "政府工作报告"


def document(id_: int, issuer: str, year: int | None, kind: str = WORK_REPORT, region: str | None = None) -> Document:
    reporting = None if year is None else year - 1 if kind == WORK_REPORT else year
    metadata = Metadata(
        title=f"{year or ''}年{issuer}{kind}",
        kind=kind,
        issuer=issuer,
        region=region or issuer,
        year=year,
        reporting_year=reporting,
    )
    return Document(
        id=id_, sources=(f"/{id_}",), made_by="1", name=f"{id_}.txt", sha256="", metadata=metadata, num_passages=1
    )


GAZETTEER = Gazetteer(
    [
        *(document(year, "国务院", year, region="全国") for year in range(2010, 2019)),
        document(1, "青河省", 2026),
        document(2, "云岭壮族自治区", 2026),
        document(3, "临海市", 2025),
        document(4, "临海市", 2026),
        document(5, "望舒新区政务服务办", 2024, "法治政府建设报告", "望舒新区"),
    ]
)


def admitted(question: str) -> list[tuple[str, list[int]]]:
    return [(str(part.label), sorted(part.documents)) for part in Question(question, GAZETTEER).scope.parts]


def labels_of(scope: Scope) -> tuple[str, ...]:
    """What is named and not held, in words."""
    return tuple(map(str, scope.missing_labels))


@pytest.mark.parametrize(
    ("expected", "question"),
    [
        ([("国务院2014年", [2014])], "2014年国务院政府工作报告要求淘汰黄标车多少万辆？"),
        ([("国务院2014年", [2014])], "根据2014年国务院政府工作报告，2013年国内生产总值是多少？"),
        (
            [("国务院2012年", [2012]), ("国务院2014年", [2014])],
            "国务院2012年和2014年政府工作报告的赤字率分别是多少？",
        ),
        (
            [("国务院2012年", [2012]), ("国务院2013年", [2013]), ("国务院2014年", [2014])],
            "国务院2012到2014年政府工作报告的赤字率怎么变化？",
        ),
        (
            [("国务院2012年", [2012, 2013]), ("国务院2016年", [2016, 2017])],
            "国务院政府工作报告里的赤字率，2012年、2016年各是多少？",
        ),
        ([("青河2026年", [1]), ("云岭2026年", [2])], "青河、云岭2026年城镇新增就业的目标各是多少？"),
        ([("青河2025年", [1])], "2025年青河完成了多少棚户区改造？"),
        ([("临海2025年", [3])], "临海2025年的目标是多少？"),
        ([("临海2025年", [4])], "临海2025年实际完成了多少？"),
        ([("临海", [4])], "临海的粮食产量是多少？"),
        ([("国家", [2018])], "国家的赤字率是多少？"),
        ([("望舒新区政务服务办2024年", [5])], "望舒新区政务服务办2024年组织学法多少次？"),
        ([("政务服务办2024年", [5])], "政务服务办2024年组织学法多少次？"),
        ([("临海2024年", [3])], "临海去年完成了多少？2024年"),
        ([("国务院2016年", [2016]), ("国务院2018年", [2018])], "16年和18年国务院安排的赤字率各是多少？"),
        ([("国务院2017年", [2017]), ("国务院2018年", [2018])], "国务院近两年的赤字率目标各是多少？"),
        ([("国务院2017年", [2017]), ("国务院2018年", [2018])], "近两年国务院政府工作报告的赤字率各是多少？"),
        ([("国务院", [2018])], "国务院说粮食产量连续12年超过多少？"),
        ([("国务院2016年", [2016, 2017])], "孩子2012年9月15号生的，2016年国务院说了什么？"),
    ],
)
def test_parts(expected: list[tuple[str, list[int]]], question: str) -> None:
    """A question is answered from the documents that its years and issuers name, part by part."""
    assert expected == admitted(question)


@pytest.mark.parametrize(
    ("missing", "labels", "question"),
    [
        (Missing.YEAR, ("国务院2023年",), "2023年国务院政府工作报告的赤字率是多少？"),
        (Missing.ISSUER, ("白沙市",), "2026年白沙市政府工作报告的赤字率是多少？"),
        (Missing.ISSUER, ("白沙省",), "白沙省2026年政府工作报告的赤字率是多少？"),
    ],
)
def test_what_is_not_held_has_no_part(missing: Missing, labels: tuple[str, ...], question: str) -> None:
    """A named year or issuer that is not held leaves nothing to answer from."""
    scope = Question(question, GAZETTEER).scope
    assert ((), missing, labels) == (scope.parts, scope.missing, labels_of(scope))


def test_a_year_that_is_told_of_elsewhere() -> None:
    """Where no report is on the year that is asked, only text that names the year counts."""
    [part] = Question("临海2010年的粮食产量是多少？", GAZETTEER).scope.parts
    assert (2010, True) == (part.year, part.names_year)


def test_one_of_two_years_is_not_held() -> None:
    """The year that is held is answered, and the one that is not is named."""
    scope = Question("国务院2018年和2023年政府工作报告的赤字率分别是多少？", GAZETTEER).scope
    assert (["国务院2018年"], ("国务院2023年",)) == ([str(part.label) for part in scope.parts], labels_of(scope))


@pytest.mark.parametrize(
    ("expected", "region"),
    [
        ("青河", "青河省"),
        ("云岭", "云岭壮族自治区"),
        ("恩江", "恩江土家族苗族自治州"),
        ("望舒", "望舒新区"),
        ("沙市", "沙市"),
    ],
)
def test_short_names(expected: str, region: str) -> None:
    """A region is called without what it is, unless one character would be left."""
    assert expected == short_name(region)


@pytest.mark.parametrize(
    ("expected", "text", "earlier"),
    [
        ("2026年云岭政府工作报告里,云岭的粮食产量是多少?", "那云岭呢？", "2026年青河省政府工作报告里，青河的粮食产量是多少？"),
        ("2018年国务院政府工作报告的赤字率是多少?", "2018年的报告呢？", "2016年国务院政府工作报告的赤字率是多少？"),
        ("2018年国务院政府工作报告的赤字率是多少?", "两年后的报告里呢？", "2016年国务院政府工作报告的赤字率是多少？"),
        ("2015年国务院政府工作报告的赤字率是多少?", "上一年呢？", "2016年国务院政府工作报告的赤字率是多少？"),
        ("2016年国务院政府工作报告铁路投资是多少？", "铁路投资呢？", "2016年国务院政府工作报告的赤字率是多少？"),
        ("2016年青河新建学校多少所? 今年还打算再建几所？", "今年还打算再建几所？", "2016年青河新建学校多少所？"),
        ("2024年政务服务办组织学法多少次？", "2024年政务服务办组织学法多少次？", "2016年青河新建学校多少所？"),
    ],
    ids=["issuer", "year", "years later", "year before", "matter", "both", "stands by itself"],
)  # fmt: skip
def test_follow_ups_stand_alone(expected: str, text: str, earlier: str) -> None:
    """A follow-up takes from the earlier question what it leaves out, and nothing that it says itself."""
    assert expected == standing_alone(Question(text, GAZETTEER), Question(earlier, GAZETTEER)).text


@pytest.mark.parametrize(
    ("kind", "unit", "question"),
    [
        (Kind.FIGURE, "次", "组织学法多少次？"),
        (Kind.FIGURE, "元", "每月发多少钱？"),
        (Kind.FIGURE, "%", "好差评主动评价率是多少？"),
        (Kind.FIGURE, "公里", "新建了几公里？"),
        (Kind.LIST, None, "有哪些举措？"),
        (Kind.WHEN, None, "什么时候施行？"),
        (Kind.WHO, None, "局长是谁？"),
        (Kind.WHERE, None, "在哪里办理？"),
        (Kind.YES_NO, None, "可以网上办理吗？"),
    ],
)
def test_kinds(kind: Kind, unit: str | None, question: str) -> None:
    """The kind of a question and the unit that it asks for are told from its words."""
    understood = plan_query(question, (), GAZETTEER)
    assert (kind, unit) == (understood.kind, understood.unit)


def test_terms_are_what_it_is_about() -> None:
    """Years, issuers and words of form are no terms."""
    understood = plan_query("请问2014年国务院政府工作报告要求淘汰黄标车多少万辆？", (), GAZETTEER)
    assert {"淘汰", "黄标车"} <= set(understood.terms)
    assert not {"2014", "国务院", "多少", "报告", "政府", "年"} & set(understood.terms)


PROVINCES = Gazetteer(
    [
        document(1, "浙江省", 2026),
        document(2, "江西省", 2026),
        document(3, "湖南省", 2026),
        document(4, "贵州省", 2026),
        document(5, "新疆维吾尔自治区", 2026),
        document(6, "云南省", 2026),
    ]
)
ALL = [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("expected", "question"),
    [
        ([("浙江2026年", [1]), ("江西2026年", [2]), ("湖南2026年", [3])], "浙、赣、湘三省2026年的渡船各有多少艘？"),
        ([("贵州2026年", [4]), ("浙江2026年", [1])], "黔、浙两省2026年的渡船各有多少艘？"),
        ([("云南", [6]), ("新疆", [5])], "滇、新两地的渡船各有多少艘？"),
        ([("云南", [6]), ("湖南", [3])], "滇与湘各有多少艘渡船？"),
        ([("江西2026年", [2])], "赣省2026年有多少艘渡船？"),
    ],
    ids=["three", "in the order of the question", "two places", "joined by 与", "one before 省"],
)
def test_regions_by_one_character(expected: list[tuple[str, list[int]]], question: str) -> None:
    """In a row of them, or before 省, a character names a region, part by part."""
    assert expected == [(str(part.label), sorted(part.documents)) for part in Question(question, PROVINCES).scope.parts]


def test_one_of_a_row_of_regions_is_not_held() -> None:
    """The regions that are held are answered, and the one that is not is named."""
    scope = Question("浙、赣、粤三省2026年的渡船各有多少艘？", PROVINCES).scope
    assert (["浙江2026年", "江西2026年"], ("广东2026年",)) == (
        [str(part.label) for part in scope.parts],
        labels_of(scope),
    )


def test_none_of_a_row_of_regions_is_held() -> None:
    """A row of regions that are not held leaves nothing to answer from."""
    scope = Question("粤、闽两省的渡船各有多少艘？", PROVINCES).scope
    assert ((), Missing.ISSUER, ("广东", "福建")) == (scope.parts, scope.missing, labels_of(scope))


@pytest.mark.parametrize(
    "question",
    [
        "贵重药材有多少种？",
        "新增渡船多少艘？",
        "云计算企业有多少家？",
        "贵重药材、新增渡船、云计算企业各有多少？",
        "苦、甘、新鲜的茶各有多少种？",
        "高贵、新颖的船有多少艘？",
        "渡船贵和新的原因有几个？",
    ],
)
def test_a_character_within_a_word_is_no_region(question: str) -> None:
    """贵重, 新增 and 云计算 name no region, not even in a row."""
    scope = Question(question, PROVINCES).scope
    assert ((), None) == (scope.issuers, scope.missing)
    assert [ALL] == [sorted(part.documents) for part in scope.parts]


@pytest.mark.parametrize(
    "question",
    [
        "广东的渡船有多少艘？",
        "请问广东2026年有多少艘渡船？",
        "2026年广东有多少艘渡船？",
        "去年广东添了多少艘渡船？",
        "根据广东省的报告，渡船有多少艘？",
    ],
)
def test_a_region_that_opens_a_question_and_is_not_held(question: str) -> None:
    """A region that a question opens with is asked about: where it is not held nothing else answers for it."""
    scope = Question(question, PROVINCES).scope
    [label] = labels_of(scope)
    assert ((), Missing.ISSUER, "广东") == (scope.parts, scope.missing, label.removesuffix("省"))


def test_a_region_that_opens_a_question_and_is_held() -> None:
    """The same question is answered from a region that is held."""
    assert [[1]] == [sorted(part.documents) for part in Question("请问浙江的渡船有多少艘？", PROVINCES).scope.parts]


@pytest.mark.parametrize(
    ("year", "follow_ups"),
    [
        (2015, ["再往后一年呢？"]),
        (2015, ["次年呢？"]),
        (2015, ["第二年呢？"]),
        (2015, ["下一年的报告呢？"]),
        (2013, ["再往前一年呢？"]),
        (2017, ["三年之后呢？"]),
        (2016, ["次年呢？", "再往后一年呢？"]),
        (2014, ["次年呢？", "再往前一年呢？"]),
    ],
    ids=lambda value: "、".join(value) if isinstance(value, list) else str(value),
)
def test_follow_ups_count_years_from_the_question_before(year: int, follow_ups: list[str]) -> None:
    """The next year is the one after that of the question before, and the one after that follows it."""
    first = "2014年国务院政府工作报告的赤字率是多少？"
    understood = plan_query(follow_ups[-1], (first, *follow_ups[:-1]), GAZETTEER)
    assert f"{year}年国务院政府工作报告的赤字率是多少?" == understood.text
    assert (year,) == understood.scope.years


def test_traditional_characters() -> None:
    """A question in traditional characters is the same question."""
    asked = "2014年國務院政府工作報告要求淘汰黃標車多少萬輛？"
    simple = "2014年国务院政府工作报告要求淘汰黄标车多少万辆？"
    assert plan_query(simple, (), GAZETTEER) == plan_query(asked, (), GAZETTEER)


@pytest.mark.parametrize(
    ("expected", "question", "within"),
    [
        ([("", [2014])], "淘汰黄标车多少万辆？", Within(issuers=("国务院",), years=(2014,))),
        ([("", [2014, 2015])], "淘汰黄标车多少万辆？", Within(years=(2014, 2015))),
        ([("临海市", [3])], "临海市的渡船有多少艘？", Within(years=(2025,))),
        ([("青河省", [1])], "青河省和临海市的渡船各有多少艘？", Within(issuers=("青河省",))),
        ([], "临海市的渡船有多少艘？", Within(issuers=("青河省",))),
        ([], "国务院2012年政府工作报告的赤字率是多少？", Within(years=(2014,))),
        ([("", [5])], "普法多少次？", Within(kinds=("法治政府建设报告",))),
        ([], "普法多少次？", Within(kinds=("办事指南",))),
    ],
    ids=[
        "one document",
        "years",
        "a name and a year",
        "one of two names",
        "another name",
        "another year",
        "a kind",
        "none of that kind",
    ],
)
def test_kept_to_what_the_reader_chose(expected: list[object], question: str, within: Within) -> None:
    """What is chosen and what is named must both admit a document; a name that is not chosen is never passed over."""
    scope = Question(question, GAZETTEER).scope_within(within)
    newest_and_older = [(str(part.label), sorted(part.documents | part.older)) for part in scope.parts]
    assert expected == newest_and_older
    assert (scope.missing is None) == bool(expected)


@pytest.mark.parametrize("year", ["二〇一四年", "二零一四年", "二○一四年"])
def test_a_year_in_characters_is_that_year(year: str) -> None:
    """A year may be written in characters; a length of time is none."""
    asked = f"{year}国务院政府工作报告要求淘汰黄标车多少万辆？"
    digits = "2014年国务院政府工作报告要求淘汰黄标车多少万辆？"
    assert plan_query(digits, (), GAZETTEER) == plan_query(asked, (), GAZETTEER)
    assert "二三年" in plan_query("国务院用了二三年的时间吗？", (), GAZETTEER).text
