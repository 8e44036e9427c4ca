"""A question said again with its figure in it, and all that must not be said so."""

from __future__ import annotations

import pytest

from kb.llm.grounding.check import Proofreader
from kb.types import Answer, AnswerLine, PartLabel, Passage, Status
from tests.answers import citation_of, document_of

WORK = (
    "渡口信息平台从无到有，用户规模达到11.4万户。分步推开旧桥改造，结束了66年的摆渡历史。"
    "居民收入从2.1万元提高到3.5万元。新建渡口9座、改造8座。"
)


def answered(question: str, *parts: tuple[str, str, str]) -> Proofreader:
    """The proofreader of an answer to `question` with a line for each part: the issuer it is of, words, figure."""
    document = document_of(
        "2026年云澜区政府工作报告",
        kind="政府工作报告",
        issuer="云澜区人民政府",
        region="云澜区",
        year=2026,
        reporting_year=2025,
    )
    passage = Passage(text=WORK, heading=("一、2025年工作回顾",), start=0, end=len(WORK))
    words = parts[0][1]
    start = WORK.rindex("。", 0, WORK.index(words)) + 1 if "。" in WORK[: WORK.index(words)] else 0
    quote = WORK[start : WORK.index("。", start) + 1]
    cited = citation_of(document, passage, quote)
    lines = tuple(
        AnswerLine(
            text=quote,
            citations=(cited,),
            labels=(PartLabel(issuer=issuer, year=2026),) if issuer else (),
            figure=figure,
            words=words,
        )
        for issuer, words, figure in parts
    )
    answer = Answer(status=Status.ANSWERED, lines=lines, citations=(cited,))
    return Proofreader(answer, question)


PLATFORM = (
    "2026年云澜区政府工作报告说，渡口信息平台的用户规模达到多少户？",
    ("", "用户规模达到11.4万户。", "11.4万户"),
)
BRIDGES = ("旧桥改造结束了多少年的摆渡历史？", ("", "结束了66年的摆渡历史。", "66年"))
INCOME = ("居民收入提高到了多少元？", ("", "居民收入从2.1万元提高到3.5万元。", "提高到3.5万元"))


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (PLATFORM, "渡口信息平台的用户规模达到11.4万户。[1]"),
        (PLATFORM, "2026年云澜区政府工作报告说，渡口信息平台的用户规模达到114000户。[1]"),
        (PLATFORM, "云澜区渡口信息平台用户规模为11.4万户。[1]"),
        (BRIDGES, "旧桥改造结束了66年的摆渡历史。[1]"),
        (INCOME, "居民收入提高到了3.5万元。[1]"),
        (INCOME, "2025年居民收入为3.5万元。[1]"),
        (INCOME, "居民收入从2.1万元提高到3.5万元。[1]"),
    ],
)
def test_the_question_with_its_figure_is_shown(asked: tuple[str, tuple[str, str, str]], sentence: str) -> None:
    """What is asked about may stand in the sentence before the figure's segment; the document's names claim nothing."""
    assert answered(*asked).read(sentence) is not None


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (PLATFORM, "渡口信息平台的用户规模达到11.5万户。[1]"),
        (PLATFORM, "渡口信息平台的用户规模超过11.4万户。[1]"),
        (PLATFORM, "渡口信息平台的用户规模未达到11.4万户。[1]"),
        (PLATFORM, "2025年云澜区政府工作报告说，渡口信息平台的用户规模达到11.4万户。[1]"),
        (PLATFORM, "2024年渡口信息平台的用户规模达到11.4万户。[1]"),
        (PLATFORM, "青河区渡口信息平台的用户规模达到11.4万户。[1]"),
        (PLATFORM, "渡口信息平台的企业用户规模达到11.4万户。[1]"),
        (PLATFORM, "旧桥改造的用户规模达到11.4万户。[1]"),
        (BRIDGES, "旧桥改造全面完成，结束了66年的摆渡历史。[1]"),
        (BRIDGES, "旧桥改造提前结束了66年的摆渡历史。[1]"),
        (INCOME, "居民收入从2.2万元提高到3.5万元。[1]"),
        (INCOME, "居民收入降低到3.5万元。[1]"),
        (INCOME, "居民收入提高到2.1万元。[1]"),
        (INCOME, "居民收入提高了3.5万元。[1]"),
    ],
)
def test_what_is_not_quoted_is_not_said_with_it(asked: tuple[str, tuple[str, str, str]], sentence: str) -> None:
    """Another figure, bound, year, issuer, subject or direction falls, also in the words of the question."""
    assert answered(*asked).read(sentence) is None


def test_words_of_the_question_that_stand_nowhere_fall() -> None:
    """What the question takes for granted is not said after it."""
    asked = ("渡口信息平台的用户规模提前达到多少户？", *PLATFORM[1:])
    assert answered(*asked).read("渡口信息平台的用户规模提前达到11.4万户。[1]") is None


@pytest.mark.parametrize(
    ("shown", "sentence"),
    [
        (True, "云澜：9座。[1]"),
        (True, "云澜2026年：9座。[1]"),
        (False, "云澜：8座。[1]"),
        (False, "2026年：9座。[1]"),
        (False, "9座。[1]"),
        (False, "临海：9座。[1]"),
    ],
    ids=["issuer", "issuer and year", "another row's figure", "a label of two rows", "no label", "no row's label"],
)
def test_a_row_of_the_table_is_said_by_its_label(shown: bool, sentence: str) -> None:
    """Behind what only its label has, a row's figure may stand alone."""
    parts = (("云澜", "新建渡口9座、改造8座。", "9座"), ("青河", "改造8座。", "8座"))
    reader = answered("云澜和青河的渡口各有多少座？", *parts)
    assert shown is (reader.read(sentence) is not None)
