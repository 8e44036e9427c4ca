"""What a question asks for, by its wording: its kind, what a statement must have, and which field of a guide it wants."""

from __future__ import annotations

import pytest

from kb.search.intent import Aspect, Kind, compared_in, intent_of

KINDS = {
    "申请公租房要符合什么条件？": (Kind.CONDITIONS, Kind.OTHER),
    "哪些人可以申请临时救助？": (Kind.CONDITIONS, Kind.LIST),
    "什么情况下会被列入失信名单": (Kind.CONDITIONS, Kind.OTHER),
    "补办优待证要带啥": (Kind.CONDITIONS, Kind.OTHER),
    "补办优待证要交哪些材料？": (Kind.CONDITIONS, Kind.LIST),
    "孩子上户口咋办": (Kind.PROCEDURE, Kind.OTHER),
    "临时救助怎么申请？": (Kind.PROCEDURE, Kind.OTHER),
    "换证的流程有哪些步骤？": (Kind.PROCEDURE, Kind.LIST),
    "临时居住证和长期居住证有什么区别？": (Kind.DIFFERENCE, Kind.OTHER),
    "2022年和2024年的报告有什么不同？": (Kind.OTHER, Kind.OTHER),
    "占道经营归谁管？": (Kind.WHO, Kind.WHO),
    "由哪个部门牵头？": (Kind.WHO, Kind.WHO),
    "通知是哪个单位发的？": (Kind.WHO, Kind.LIST),
    "去哪交表": (Kind.WHERE, Kind.WHERE),
    "要不要本人去": (Kind.YES_NO, Kind.YES_NO),
    "旧证还管用不？": (Kind.YES_NO, Kind.YES_NO),
    "小餐饮怎么界定？": (Kind.DEFINITION, Kind.OTHER),
    "报名是哪两天？": (Kind.WHEN, Kind.LIST),
    "2024年新建水闸多少座？": (Kind.FIGURE, Kind.FIGURE),
    "如何理解六稳？": (Kind.DEFINITION, Kind.DEFINITION),
    "水利工作怎么样？": (Kind.OTHER, Kind.OTHER),
}


@pytest.mark.parametrize(("text", "kinds"), KINDS.items(), ids=KINDS)
def test_the_kind_of_a_question(text: str, kinds: tuple[Kind, Kind]) -> None:
    """The kind, and the kind of a single statement, which has none of those that are answered by structure."""
    intent = intent_of(text)
    assert kinds == (intent.kind, intent.statement_kind)


ASPECTS = {
    "要什么材料？": Aspect.MATERIALS,
    "要满足哪些条件": Aspect.CONDITIONS,
    "怎么弄": Aspect.STEPS,
    "要多久": Aspect.TIME_LIMIT,
    "几天能办好": Aspect.TIME_LIMIT,
    "收费吗": Aspect.FEE,
    "要多少钱？": Aspect.FEE,
    "在哪里办？": Aspect.PLACE,
    "电话是多少": Aspect.PHONE,
    "周末能去办吗": Aspect.HOURS,
    "找谁批": Aspect.AUTHORITY,
    "不办会怎么罚？": Aspect.PENALTY,
    "罚多少钱": Aspect.PENALTY,
    "粮食产量是多少万吨": None,
    "每人每年补助多少钱": None,
    "陪产假有几天": None,
}


@pytest.mark.parametrize(("text", "aspect"), ASPECTS.items(), ids=ASPECTS)
def test_the_aspect_of_a_question(text: str, aspect: Aspect | None) -> None:
    """The field of a guide that a question asks for; none where it asks for something else."""
    assert aspect == intent_of(text).aspect


@pytest.mark.parametrize(
    ("text", "two"),
    [
        ("临时居住证和长期居住证有什么区别?", ("临时居住证", "长期居住证")),
        ("公租房对新职工和老职工的社保要求有什么不同?", ("新职工", "老职工")),
        ("“小作坊”跟“小餐饮”是一回事吗", ("小作坊", "小餐饮")),
        ("2022年和2024年有什么不同", None),
        ("材料不同怎么办", None),
    ],
)
def test_the_two_things_that_are_compared(text: str, two: tuple[str, str] | None) -> None:
    """Each as the question calls it; years are no things, they are parts of a scope."""
    assert two == compared_in(text)
