"""Questions in citizens' words on the policies of the sample corpus: whole units, the branch that holds, look-ups, refusals."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.answering import Answerer
from kb.search.encoder import Encoder
from kb.search.retriever import Retriever
from kb.types import Answer
from tests.ingest.test_sample_documents import NOTICES, QUESTIONS, REGULATION


@pytest.fixture(scope="module")
def answerer(corpus_data: Path, encoder: Encoder) -> Answerer:
    """An answerer over the sample corpus by the real encoder: citizens' words are seldom those of the document."""
    return Answerer(Retriever(corpus_data, encoder), num_evidence=8, question_characters=500)


def cited(answer: Answer) -> set[str]:
    """The names of the documents that an answer quotes."""
    return {citation.document.name for citation in answer.citations}


def asked(answerer: Answerer, question: str, name: str, *history: str) -> str:
    """The text of an answer that quotes the document `name` and no other."""
    answer = answerer.answer(question, history)
    assert not answer.status.refuses, answer.text
    assert {name} == cited(answer), answer.text
    return answer.text


@pytest.mark.parametrize(
    ("items", "name", "question"),
    [
        (
            ["申请养犬登记，应当提交下列材料", "养犬登记申请表", "没有本区户籍的另交云澜区居住证", "出租人同意养犬的书面证明",
             "犬只免疫证明", "照片各1张"],
            REGULATION,
            "给狗上证要交什么材料？",
        ),
        (
            ["个人申请养犬登记，应当同时符合下列条件", "年满18周岁", "独户居住", "免疫证明在有效期内", "犬只不属于禁养犬"],
            REGULATION,
            "在云澜区养狗要符合什么条件？",
        ),
        (
            ["义务教育入学", "就业介绍和创业指导", "城乡居民医疗保险", "换领、补领居民身份证", "须持证满3年"],
            QUESTIONS,
            "有了云澜区居住证能享受哪些服务？",
        ),
    ],
    ids=["papers", "conditions", "services"],
)  # fmt: skip
def test_a_list_is_shown_whole(items: list[str], name: str, question: str, answerer: Answerer) -> None:
    """The lead-in and all items."""
    text = asked(answerer, question, name)
    assert [] == [item for item in items if item not in text], text


@pytest.mark.parametrize(
    ("stated", "others", "name", "question"),
    [
        (["处100元罚款"], ["500元"], REGULATION, "狗在路边拉屎不清理，要罚多少钱？"),
        (["1000元以上3000元以下"], ["处500元罚款", "1万元"], REGULATION, "狗咬了人，医药费花了3000元，狗主人罚多少？"),
        (["处500元罚款"], ["1000元以上3000元以下", "1万元"], REGULATION, "狗咬人，医药费600元，罚多少？"),
        (["5月13日9:00至5月24日17:00"], ["5月15日"], NOTICES[2024], "云澜区2024年小学网上报名是哪几天？"),
        (["5月15日9:00至5月26日17:00"], ["5月13日"], NOTICES[2023], "云澜区2023年小学网上报名是哪几天？"),
        (["315"], ["360", "270"], NOTICES[2024], "听潮小学2024年招多少人？"),
        (["正阳街40号"], [], QUESTIONS, "住在禾渡镇，去哪里办居住证？"),
        (["20元"], [], QUESTIONS, "居住证丢了，补一张要多少钱？"),
        (["遗弃、虐待犬只的，处1000元以上3000元以下罚款"], ["从重处罚"], REGULATION, "把狗扔了不养了会怎么处罚？"),
    ],
    ids=[
        "dirt", "bite of 3000", "bite of 600", "school 2024", "school 2023", "pupils", "where", "lost", "left"
    ],
)  # fmt: skip
def test_the_branch_that_holds(
    stated: list[str], others: list[str], name: str, question: str, answerer: Answerer
) -> None:
    """What holds for the case that is asked of, and not what holds for another."""
    text = asked(answerer, question, name)
    assert [] == [words for words in stated if words not in text], text
    assert [] == [words for words in others if words in text], text


def test_what_is_not_sure_is_shown_and_not_claimed(answerer: Answerer) -> None:
    """办证 is called 登记 there: what answers is among the first three passages, and nothing else is claimed."""
    stated = "处每只500元罚款"
    answer = answerer.answer("养狗不办证罚多少钱？")
    assert any(stated in evidence.hit.passage.text for evidence in answer.evidence[:3])
    assert answer.status.refuses or stated in answer.text
    assert "5000元以上1万元以下罚款。[" not in answer.text


@pytest.mark.parametrize("question", ["云澜区80岁老人领高龄津贴，申请要带什么材料？", "高龄津贴要带什么材料"])
def test_a_guide_of_another_matter_does_not_answer(question: str, answerer: Answerer) -> None:
    """The guide of the card for old people mentions the allowance; what it needs for the card is not what the allowance needs."""
    assert answerer.answer(question).status.refuses


@pytest.mark.parametrize(
    ("condition", "name", "question"),
    [
        ("经驾驶员同意", REGULATION, "能带狗坐出租车吗？"),
        ("经营者允许的除外", REGULATION, "可以带狗去饭馆吃饭吗？"),
        ("未满16周岁", QUESTIONS, "居住证可以让别人代办吗？"),
    ],
    ids=["taxi", "restaurant", "by another"],
)
def test_yes_or_no_with_its_condition(condition: str, name: str, question: str, answerer: Answerer) -> None:
    """The condition stands beside the verdict."""
    assert condition in asked(answerer, question, name)


@pytest.mark.parametrize(
    ("stated", "question"),
    [
        (["5个工作日内作出决定", "每枚收取工本费20元"], "云澜区养犬管理办法第十条是怎么规定的？"),
        (["逾期不改正的，处200元罚款"], "养犬管理办法第二十四条第（二）项"),
        (["2023年5月1日"], "养犬管理办法从哪天起施行？"),
        (["有效期5年"], "云澜区养犬管理办法的有效期到什么时候？"),
        (["云澜政规〔2023〕3号"], "云澜区养犬管理办法的文号是多少？"),
        (["云澜区养犬管理办法"], "云澜政规〔2023〕3号是什么文件？"),
        (["云澜区人民政府"], "养犬管理办法是谁发的？"),
        (["听潮街道、松月街道的全部范围和禾渡镇镇区"], "什么是重点管理区？"),
        (["重点管理区以外的范围"], "养犬管理办法里的一般管理区指什么？"),
    ],
    ids=["article", "item", "in force", "until", "number", "by number", "issuer", "term", "other term"],
)
def test_look_ups(stated: list[str], question: str, answerer: Answerer) -> None:
    """Straight from the regulation."""
    text = asked(answerer, question, REGULATION)
    assert [] == [words for words in stated if words not in text], text


def test_the_number_of_a_notice(answerer: Answerer) -> None:
    """云澜教发〔2024〕11号, from the head table of the newer of two notices."""
    assert "云澜教发〔2024〕11号" in asked(answerer, "2024年义务教育招生入学通知的文号是多少？", NOTICES[2024])


def test_a_conversation_keeps_its_document(answerer: Answerer) -> None:
    """Papers, then the cost: both of the page on residence permits."""
    first = "申领云澜区居住证要哪些材料？"
    assert "居住证申领表" in asked(answerer, first, QUESTIONS)
    assert "首次申领和到期签注不收费" in asked(answerer, "收费吗？", QUESTIONS, first)


@pytest.mark.parametrize(
    "question",
    [
        "洛屏区养狗不办证罚多少钱？",
        "2022年云澜区小学网上报名是哪几天？",
        "云澜区2024年高中录取分数线是多少？",
    ],
    ids=["other place", "other year", "other school"],
)
def test_what_is_not_held_is_refused(question: str, answerer: Answerer) -> None:
    """Another place, another year, another matter."""
    answer = answerer.answer(question)
    assert answer.status.refuses, answer.text
