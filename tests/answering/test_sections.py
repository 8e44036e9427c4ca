"""Questions that a heading answers: the fields of guides, the points of reports."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pytest

from kb.answering import Answerer
from kb.search.query import plan_query
from kb.search.retriever import Retriever
from kb.types import Answer, Status

Hold = Callable[[Mapping[str, str]], Retriever]
GUIDE = """旧物回收点备案办事指南
一、受理条件
有固定场地，场地离学校不少于二百米。
二、申请材料
1.回收点备案表
2.场地使用凭据
3.经办人身份证
三、办理地点
望舒市听泉路8号便民楼二层6号窗口
四、办理时间
每周一至周五9:00至16:30
五、法定办结时限
20个工作日
六、承诺办结时限
4个工作日
七、咨询电话
0990-7654321
八、监督投诉电话
0990-7654329
"""
OTHER_GUIDE = """夜航灯牌核准办事指南
一、申请材料
1.灯牌图样
2.船主身份证
二、办理地点
望舒市柳堤3号水务站
三、法定办结时限
30个工作日
四、承诺办结时限
7个工作日
五、咨询电话
0990-1112223
六、监督投诉电话
0990-1112229
"""
REPORT = """2024年云澜区司法局法治政府建设情况报告
一、主要做法
院落里办了夜谈会，居民到场千余人；替各街道看过四百份合同。
二、存在的不足
对照居民期待，仍有三处短板。
（一）院落调解员更替太快
部分院落一年换了三位调解员，居民认不得人。
（二）合同归档不齐
有两个街道的合同只存了纸件，查找费时。
（三）年轻同志办案生疏
新到岗的同志没有独立办过听证。
三、明年安排
给调解员定三年任期，把合同统一存入档案库。
"""
MARKS = re.compile(r"\[\d+\]")


def ask(retriever: Retriever, question: str) -> Answer:
    return Answerer(retriever, num_evidence=8, question_characters=100).answer(question)


def said(answer: Answer) -> list[str]:
    """The lines of an answer, without their marks and the full stop that ends them; each must have a mark."""
    lines = answer.text.split("\n")
    assert all(MARKS.search(line) for line in lines)
    return [MARKS.sub("", line).rstrip("。") for line in lines]


def without(guide: str, *fields: str) -> str:
    """A guide without some of its fields."""
    for field in fields:
        guide, removed = re.subn(rf"[一二三四五六七八]、{field}\n(?:(?![一二三四五六七八]、).*\n)+", "", guide)
        assert removed == 1
    return guide


@pytest.fixture
def guides(hold: Hold) -> Retriever:
    return hold({"办事指南_望舒市_旧物回收点备案.txt": GUIDE, "办事指南_望舒市_夜航灯牌核准.txt": OTHER_GUIDE})


@pytest.mark.parametrize(
    ("field", "question"),
    [
        (["望舒市听泉路8号便民楼二层6号窗口"], "旧物回收点备案的办理地点在哪里？"),
        (["望舒市听泉路8号便民楼二层6号窗口"], "旧物回收点备案去哪儿办？"),
        (["0990-7654321"], "旧物回收点备案的咨询电话是多少？"),
        (["0990-7654321"], "打电话问旧物回收点备案，号码是多少？"),
        (["0990-7654329"], "旧物回收点备案的监督投诉电话是多少？"),
        (["0990-7654329"], "旧物回收点备案投诉打哪个电话？"),
        (["20个工作日"], "旧物回收点备案的法定办结时限是多久？"),
        (["20个工作日"], "旧物回收点备案法定几天办结？"),
        (["4个工作日"], "旧物回收点备案的承诺办结时限是多少？"),
        (["4个工作日"], "旧物回收点备案承诺几个工作日办结？"),
        (["每周一至周五9:00至16:30"], "旧物回收点备案的办理时间是什么时候？"),
        (["1.回收点备案表", "2.场地使用凭据", "3.经办人身份证"], "旧物回收点备案需要哪些申请材料？"),
        (["1.回收点备案表", "2.场地使用凭据", "3.经办人身份证"], "旧物回收点备案要带什么材料？"),
    ],
)
def test_a_field_of_a_guide(field: list[str], question: str, guides: Retriever) -> None:
    """What stands under the heading that names what is asked is the answer, whole and alone, in either wording."""
    answer = ask(guides, question)
    assert (Status.ANSWERED, field) == (answer.status, said(answer))
    assert {"旧物回收点备案办事指南"} == {citation.document.metadata.title for citation in answer.citations}


def test_a_field_is_quoted_at_its_span(guides: Retriever) -> None:
    """Each line under a heading is a quote of the document's text from start to end, without the heading."""
    citations = ask(guides, "旧物回收点备案需要哪些申请材料？").citations
    assert ["1.回收点备案表", "2.场地使用凭据", "3.经办人身份证"] == [citation.quote for citation in citations]
    for citation in citations:
        assert citation.quote == guides.catalogue.text(citation.document.id)[citation.start : citation.end]
        assert ("二、申请材料",) == citation.heading


@pytest.mark.parametrize(
    ("absent", "question"),
    [
        (["监督投诉电话"], "旧物回收点备案的监督投诉电话是多少？"),
        (["监督投诉电话"], "旧物回收点备案投诉打哪个电话？"),
        (["咨询电话"], "旧物回收点备案的咨询电话是多少？"),
        (["法定办结时限"], "旧物回收点备案的法定办结时限是多久？"),
        (["承诺办结时限"], "旧物回收点备案的承诺办结时限是多少？"),
        (["办理地点"], "旧物回收点备案的办理地点在哪里？"),
        (["办理地点"], "旧物回收点备案去哪儿办？"),
        (["法定办结时限", "承诺办结时限"], "旧物回收点备案承诺几个工作日办结？"),
    ],
)
def test_a_field_that_a_guide_lacks(absent: list[str], question: str, hold: Hold) -> None:
    """Neither a like field of the same guide nor the same field of another guide answers for one that is not there."""
    retriever = hold(
        {
            "办事指南_望舒市_旧物回收点备案.txt": without(GUIDE, *absent),
            "办事指南_望舒市_夜航灯牌核准.txt": OTHER_GUIDE,
        }
    )
    answer = ask(retriever, question)
    assert (Status.UNANSWERABLE_NOT_STATED, ()) == (answer.status, answer.citations)


def test_a_number_is_not_made_of_words(hold: Hold) -> None:
    """A field without any figure does not answer how many."""
    guide = GUIDE.replace("4个工作日", "收到当场办好")
    answer = ask(hold({"办事指南_望舒市_旧物回收点备案.txt": guide}), "旧物回收点备案承诺几个工作日办结？")
    assert (Status.UNANSWERABLE_NOT_STATED, ()) == (answer.status, answer.citations)


@pytest.mark.parametrize(
    "question",
    [
        "云澜区司法局存在哪些不足？",
        "云澜区司法局有哪些不足？",
        "2024年云澜区司法局法治政府建设情况报告里，存在的不足有哪些？",
    ],
)
def test_the_points_of_a_report(question: str, hold: Hold) -> None:
    """Where a heading names what is asked, the headings right below it are the answer, in order, each with its mark."""
    answer = ask(hold({"2024_云澜区司法局_法治政府建设情况报告.txt": REPORT}), question)
    assert ["（一）院落调解员更替太快", "（二）合同归档不齐", "（三）年轻同志办案生疏"] == [
        citation.quote for citation in answer.citations[:3]
    ]
    assert all(f"[{marker}]" in answer.text for marker in (1, 2, 3))
    assert "更替太快" in answer.text
    assert "换了三位" not in answer.text


def test_a_report_without_such_a_heading(hold: Hold) -> None:
    """Where no heading names what is asked and nothing else says it, there is no answer."""
    retriever = hold({"2024_云澜区司法局_法治政府建设情况报告.txt": REPORT.replace("存在的不足", "居民怎么说")})
    assert Status.UNANSWERABLE_NOT_STATED == ask(retriever, "云澜区司法局存在哪些不足？").status


@pytest.fixture
def titled(hold: Hold) -> Retriever:
    """Guides whose titles name a year or the nation, beside documents of that year and of the nation."""
    phones = "一、受理条件\n如实填写。\n二、咨询电话\n0990-111{0}\n三、监督投诉电话\n0990-222{0}\n"
    return hold(
        {
            "办事指南_望舒市_国家古树名录推荐.txt": "国家古树名录推荐办事指南\n" + phones.format(1),
            "办事指南_望舒市_船名核准.txt": "船名核准（2021年修订）办事指南\n" + phones.format(2),
            "2024_国务院_政府工作报告.txt": "2024年国务院政府工作报告\n一、2023年工作回顾\n咨询电话接通率提高到九成。\n",
            "2021_望舒市_政府工作报告.txt": "2021年望舒市政府工作报告\n一、2020年工作回顾\n咨询电话接通率提高到八成。\n",
        }
    )


@pytest.mark.parametrize(
    ("title", "number", "question"),
    [
        ("国家古树名录推荐办事指南", "0990-1111", "“国家古树名录推荐”的咨询电话是多少？"),
        ("国家古树名录推荐办事指南", "0990-2221", "《国家古树名录推荐办事指南》里，监督投诉电话是多少？"),
        ("船名核准（2021年修订）办事指南", "0990-1112", "“船名核准（2021年修订）”的咨询电话是多少？"),
        ("船名核准（2021年修订）办事指南", "0990-2222", "《船名核准（2021年修订）办事指南》的监督投诉电话是多少？"),
    ],
    ids=["the nation", "the nation, whole title", "a year", "a year, whole title"],
)
def test_a_quoted_title_is_no_scope(title: str, number: str, question: str, titled: Retriever) -> None:
    """A year or 国家 within a title in quotation marks is part of a name: it asks for no year and no issuer."""
    scope = plan_query(question, (), titled.gazetteer()).scope
    [document] = [document for document in titled.gazetteer().documents.values() if document.metadata.title == title]
    assert scope.title
    assert ((), ()) == (scope.years, scope.issuers)
    assert [frozenset({document.id})] == [part.documents for part in scope.parts]
    assert [number] == said(ask(titled, question))


def test_a_year_beside_a_quoted_title_counts(titled: Retriever) -> None:
    """A year outside of the quotation marks is asked for, whatever year the title has."""
    scope = plan_query("2024年“船名核准（2021年修订）”的咨询电话是多少？", (), titled.gazetteer()).scope
    assert (True, (2024,)) == (bool(scope.title), scope.years)


@pytest.mark.parametrize("question", ["“航道範圍內採砂”的咨询电话是多少？", "“航道范围内采砂”的咨询电话是多少？"])
def test_a_title_in_traditional_characters(question: str, hold: Hold) -> None:
    """A guide whose title has traditional characters is found by it, however the question writes it."""
    guide = "航道範圍內採砂办事指南\n一、受理条件\n如实填写。\n二、咨询电话\n0990-1117\n"
    retriever = hold({"办事指南_望舒市_采砂.txt": guide})
    assert plan_query(question, (), retriever.gazetteer()).scope.title
    assert ["0990-1117"] == said(ask(retriever, question))
