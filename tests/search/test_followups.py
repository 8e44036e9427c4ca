"""A question behind others, and several in one: what each goes on from, what it names itself, and what it asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest

from kb.search.gazetteer import Gazetteer
from kb.search.intent import Aspect, Kind
from kb.search.query import QueryPlan, plan_query
from kb.search.retriever import Retriever

GUIDE = "云澜区居住证办理指南\n\n一、办理地点\n街道便民中心。\n\n二、收费标准\n补领每证20元。\n"
LAW = "望舒市犬只管理条例\n\n第一条 养犬应当登记。\n\n第二条 未登记的，处五百元罚款。\n"
REPORT = "2024年云澜区政府工作报告\n一、2023年工作回顾\n新建学校6所。\n"


@pytest.fixture
def plan(hold: Callable[[Mapping[str, str]], Retriever]) -> Callable[..., QueryPlan]:
    gazetteer: Gazetteer = hold(
        {"云澜区居住证办理指南.txt": GUIDE, "望舒市犬只管理条例.txt": LAW, "2024_云澜区_政府工作报告.txt": REPORT}
    ).gazetteer()
    return lambda text, *history: plan_query(text, history, gazetteer)


FIELDS = {
    "要什么材料？": Aspect.MATERIALS,
    "要多久": Aspect.TIME_LIMIT,
    "收费吗": Aspect.FEE,
    "在哪里办？": Aspect.PLACE,
    "找谁批": Aspect.AUTHORITY,
    "窗口电话是多少？": Aspect.PHONE,
}


@pytest.mark.parametrize(("asked", "aspect"), FIELDS.items(), ids=FIELDS)
@pytest.mark.parametrize("between", [(), ("要多久？",), ("收不收钱", "去哪办")], ids=["next", "third", "fourth"])
def test_a_field_is_asked_of_the_matter_before(
    asked: str, aspect: Aspect, between: Sequence[str], plan: Callable[..., QueryPlan]
) -> None:
    """A follow-up that asks for a field names nothing, and goes on from the matter; fields asked for in between are left out."""
    first = "居住证怎么办？"
    found = plan(asked, first, *between)
    assert (aspect, (), None) == (found.aspect, found.names, found.alone)
    assert found.continues is not None
    assert (first, f"{first} {asked}") == (found.continues.text, found.text)
    assert {"居住证"} <= found.context <= found.terms.keys()


def test_a_branch_asks_the_same_of_another_case(plan: Callable[..., QueryPlan]) -> None:
    """外地的孩子呢 behind 要什么材料 asks for materials; of a longer row the first question and the last stay."""
    found = plan("那外地的孩子呢？", "居住证怎么办？", "要什么材料？")
    assert (Kind.CONDITIONS, Aspect.MATERIALS) == (found.kind, found.aspect)
    assert "居住证怎么办？ 要什么材料？ 那外地的孩子呢？" == found.text
    later = plan("烈性犬呢？", "养犬要登记吗？", "不登记怎么罚？", "没拴绳的怎么罚？")
    assert "养犬要登记吗？ 没拴绳的怎么罚？ 烈性犬呢？" == later.text


def test_what_names_a_matter_can_be_asked_by_itself(plan: Callable[..., QueryPlan]) -> None:
    """A follow-up with a thing of its own is also planned alone, of the place before; words of any procedure name nothing."""
    found = plan("网吧几点关门？", "云澜区养犬要登记吗？")
    assert found.alone is not None
    assert "网吧" in found.names
    assert ("云澜区网吧几点关门？", ("云澜区",)) == (found.alone.text, found.alone.scope.issuers)
    assert plan("望舒市的犬只登记后多久能拿到证件和号牌？", "居住证怎么办？").continues is None


def test_a_figure_of_a_report_stands_by_its_name(plan: Callable[..., QueryPlan]) -> None:
    """Reports have the same figures year by year: a follow-up on one leaves the figure before behind."""
    found = plan("投资呢？", "云澜区2023年新建学校多少所？")
    assert ("2023年云澜区投资是多少？", None) == (found.text, found.continues)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("居住证丢了补一张多少钱，去哪里补？", ["居住证丢了补一张多少钱", "去哪里补？"]),
        ("养犬不登记怎么罚？要是烈性犬的呢？", ["养犬不登记怎么罚？", "要是烈性犬的呢？"]),
        ("养犬登记找谁办，犬牌又归谁发？", ["养犬登记找谁办", "犬牌又归谁发？"]),
        ("养犬登记的面积标准是什么，怎么界定？", []),
        ("犬牌和犬证哪个更贵，相差多少？", []),
        ("我养了三只狗，一直没登记。想问一下会罚多少？", []),
        ("居住证和犬证在哪里办？", []),
    ],
)
def test_several_questions_in_one(text: str, asked: list[str], plan: Callable[..., QueryPlan]) -> None:
    """Each is asked by itself, the later ones going on from the first; a comparison, a story and an enumeration are one."""
    questions = plan(text).questions
    assert asked == [question.asked.text for question in questions]
    assert asked[:1] * len(questions[1:]) == [
        question.continues.text for question in questions[1:] if question.continues
    ]


def test_the_case_and_what_is_asked(plan: Callable[..., QueryPlan]) -> None:
    """Figures tell the case, dates do not; what only the story says weighs less; years of a story are those of no document."""
    found = plan("我2023年3月进厂，交了8个月社保，一直没办居住证。想问一下，补办居住证会罚多少钱？")
    assert ["8个月"] == [figure.text for figure in found.case]
    assert "补办居住证会罚多少钱？" == found.asking
    assert found.terms["社保"] < found.terms["居住证"]
    assert () == found.scope.years
