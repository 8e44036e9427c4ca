"""Hits → readings, each with its features; the best of them, or none where it is not sure enough."""

from __future__ import annotations

import random
from dataclasses import fields, replace

import pytest

from kb.answering.judge.belief import ChoiceWeights, shipped
from kb.answering.judge.judged import Opinion
from kb.answering.units import choice
from kb.answering.units.aspects import aspect_share, lacks_aspect
from kb.answering.units.choice import Choice, by_prior, choose, signs
from kb.answering.units.reading import Features
from kb.search.intent import Kind
from tests.answering.held import GUIDE, LEVEL, RULES, hold, read


@pytest.mark.parametrize("markdown", [RULES, GUIDE], ids=["rules", "guide"])
@pytest.mark.parametrize(
    "question", ["夜航灯牌核准办事指南说什么？", "夜渡是怎么规定的？", "索引号是什么？", "灯牌有哪些材料？"]
)
def test_no_title_heading_or_header_fact_is_a_reading(markdown: str, question: str) -> None:
    """索引号：…, 一、申请材料 and the title say nothing that answers, however near their words."""
    _, _, found = read(question, hold(markdown))
    assert found
    for reading in found:
        assert not reading.text.startswith(("索引号", "发布日期", "一、", "二、", "三、", "第一章", "# "))
        assert reading.hit.document.metadata.title != reading.text
        assert not reading.text.endswith("：")


def test_a_fee_is_told_by_money() -> None:
    """A block without money lacks what a question for a fee asks for, though it stands under the heading; 免交 is money."""
    plan, _, found = read("灯牌怎么收费？", hold(GUIDE))
    assert plan.aspect == "fee"
    assert ["押金免交，凭身份证登记。"] == [reading.text for reading in found if not reading.features.lacks]
    assert lacks_aspect(plan, "在二号窗口按图样收取。")
    assert not lacks_aspect(plan, "按图样收取9元。")


def test_a_figure_is_told_by_a_figure() -> None:
    """The number of an item or a row is no figure of it: a focus without one of its own lacks what is asked for."""
    markdown = RULES.replace("每日140元", "另议").replace("有效期不少于90日", "共90件")
    plan, _, found = read("夜渡快艇的停靠费标准是多少？", hold(markdown))
    assert plan.kind is Kind.FIGURE
    assert [
        "1.驾驶证，共90件；",
        "序号：1 | 船型：画舫 | 停靠费：每日90元",
        "船龄不满3年的，收12元；船龄3年以上的，收8元。",
    ] == [
        reading.text for reading in sorted(found, key=lambda reading: reading.focus.start) if not reading.features.lacks
    ]


def test_the_nearest_heading_tells_the_field_best() -> None:
    """1 for the nearest heading, less for a lead-in, for the words, and for a heading farther above; 0 where none does."""
    plan, _, _ = read("灯牌核准需要哪些材料？", hold(GUIDE))
    shares = [
        aspect_share(plan, ("须知", "申请材料"), "", "图样"),
        aspect_share(plan, ("须知",), "提交下列材料：", "图样"),
        aspect_share(plan, ("须知",), "", "带上身份证原件"),
        aspect_share(plan, ("申请材料", "须知"), "", "图样"),
        aspect_share(plan, ("须知",), "", "图样"),
    ]
    assert sorted(shares, reverse=True) == shares
    assert (1.0, 0.0, 5) == (shares[0], shares[-1], len(set(shares)))


def test_each_focus_is_read_once() -> None:
    """Two hits of one passage give one reading of each focus, that of the first."""
    held = hold(RULES)
    held.hits = (*held.hits, *(replace(hit, passage_id=99, score=0.01) for hit in held.hits))
    _, _, found = read("夜渡码头由谁划定？", held)
    assert len(found) == len({(reading.hit.document.id, reading.focus.start) for reading in found})
    assert 99 not in {reading.hit.passage_id for reading in found}


def test_features_are_shares() -> None:
    """Each is from 0 to 1."""
    for question in ("夜渡码头由谁划定？", "申请夜渡许可需要提交哪些材料？", "夜渡快艇的停靠费是多少元？"):
        _, _, found = read(question, hold(RULES, GUIDE))
        assert found
        for reading in found:
            for field in fields(Features):
                assert 0 <= getattr(reading.features, field.name) <= 1, field.name


OPINION = Opinion(odds=1.0, above_best=0.0, above_others=2.0, words=0.0, words_above_window=0.0, words_above_best=0.0)


def test_the_weights_name_the_features() -> None:
    """The weights are of each feature and each sign, and of nothing else; the bar is a probability."""
    _, _, found = read("夜渡码头由谁划定？", hold(RULES))
    judged = [replace(reading, judged=OPINION) for reading in found]
    weights = shipped()
    assert {field.name for field in fields(Features)} == weights.prior.keys()
    assert judged[0].values.keys() == weights.score.keys()
    assert {*signs(judged, weights), "constant"} == weights.sureness.keys()
    assert 0 < weights.least < 1


def test_a_ranking_does_not_hang_on_the_order_of_its_readings() -> None:
    """Of equals that of the earlier document comes first, then the earlier place."""
    _, _, found = read("夜渡码头由谁划定？", hold(RULES, RULES))
    level = ChoiceWeights(score={}, sureness={}, least=0.5)
    expected = sorted((reading.hit.document.id, reading.focus.start) for reading in found)
    assert {1, 2} == {document for document, _ in expected}
    for seed in range(5):
        mixed = random.Random(seed).sample(found, len(found))
        assert expected == [(one.hit.document.id, one.focus.start) for one in by_prior(mixed, level)]
        assert by_prior(found, shipped()) == by_prior(mixed, shipped())


def test_below_the_bar_nothing_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    """No lines, yet the nearest sections, each once and the best first; one that agrees needs less."""
    plan, _, found = read("夜渡码头由谁划定？", hold(RULES, GUIDE))

    def chosen(least: float, *, agrees: bool = False) -> Choice:
        level = replace(LEVEL, least=least)
        monkeypatch.setattr(choice, "shipped", lambda: level)
        return choose(plan, found, agrees=agrees)

    assert chosen(0.5).clauses
    assert () == chosen(0.51).clauses
    assert chosen(0.64, agrees=True).clauses
    assert () == chosen(0.66, agrees=True).clauses
    nearest = chosen(0.51).nearest
    assert found[0].hit.passage_id == nearest[0].passage_id
    numbers = [hit.passage_id for hit in nearest]
    assert len(numbers) == len(set(numbers))
    assert {reading.hit.passage_id for reading in found} == set(numbers)


def test_without_readings_there_is_no_choice() -> None:
    """Neither lines nor sections."""
    plan, _, _ = read("夜渡码头由谁划定？", hold(RULES))
    assert Choice(clauses=(), nearest=()) == choose(plan, [])
