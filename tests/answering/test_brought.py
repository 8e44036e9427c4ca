"""What a penalty brings along, and which field of a guide is meant."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb.answering.structure import Structure
from kb.answering.units import choice
from kb.answering.units.brought import brought_along
from kb.answering.units.fields import fields_asked, is_guide
from kb.answering.units.wholes import shown_lines
from tests.answering.held import LEVEL, Held, hold, read

FERRY = """# 望舒市夜渡灯牌管理办法

第一条 灯牌应当挂在船头。

夜渡时不得熄灭灯牌，也不得用布遮住。

第二条 快艇可以免挂灯牌。

第三条 违反本办法第一条第二款规定，熄灭灯牌的，处四百元罚款。
"""
CARD = """# 夜渡灯牌核发办事指南

## 申请材料

灯牌图样一张。

## 承诺办结时限

3个工作日

## 办理地点

望舒市水务局二楼

## 咨询电话

555-0107

## 监督投诉电话

555-0199
"""


def test_the_conduct_stands_below_its_penalty() -> None:
    """第一条第二款 is brought along by the fine for breaking it, once, at its span; a line that names no article brings nothing."""
    held = hold(FERRY)
    plan, _, found = read("熄灭夜渡灯牌怎么处罚？", held)
    [penalty] = [reading for reading in found if "四百元" in reading.text]
    [conduct] = brought_along(penalty, shown_lines(plan, penalty))
    assert "夜渡时不得熄灭灯牌，也不得用布遮住。" == conduct.text
    assert conduct.text == penalty.structure.text[conduct.start : conduct.end] == conduct.hit.passage.text
    assert () == brought_along(penalty, (conduct,))


def test_what_is_only_followed_is_not_brought() -> None:
    """依照 names a rule that is followed, and nothing that was broken."""
    held = hold(
        FERRY.replace("违反本办法第一条第二款规定，熄灭灯牌的，处四百元罚款", "依照本办法第一条第二款处罚，罚款四百元")
    )
    plan, _, found = read("熄灭夜渡灯牌怎么处罚？", held)
    [penalty] = [reading for reading in found if "四百元" in reading.text]
    assert () == brought_along(penalty, shown_lines(plan, penalty))


def test_a_ban_is_a_no(monkeypatch: pytest.MonkeyPatch) -> None:
    """不可以 before the rule that forbids; nothing where the question is none of yes or no."""
    held = hold("# 望舒市夜渡码头管理办法\n\n第一条 快艇不得停靠夜渡码头。\n\n第二条 码头由市水务局划定。\n")
    monkeypatch.setattr(choice, "shipped", lambda: replace(LEVEL, least=0.0))
    plan, _, found = read("快艇可以停靠夜渡码头吗？", held)
    assert "不可以" == choice.choose(plan, found).verdict
    plan, _, found = read("夜渡码头由谁划定？", held)
    assert "" == choice.choose(plan, found).verdict


def test_the_field_of_a_guide_is_told_by_its_heading() -> None:
    """多久, 在哪里 and 电话 lead each to one field; the number for complaints only where one complains; what is lacking to none."""
    structure = _structure(hold(CARD))
    assert is_guide(structure)
    assert not is_guide(_structure(hold(FERRY)))
    for question, heading in (
        ("夜渡灯牌多久能办好？", "承诺办结时限"),
        ("夜渡灯牌在哪里办？", "办理地点"),
        ("夜渡灯牌打什么电话问？", "咨询电话"),
        ("夜渡灯牌投诉打什么电话？", "监督投诉电话"),
        ("夜渡灯牌要带什么材料？", "申请材料"),
    ):
        plan, _, _ = read(question, hold(CARD))
        assert [heading] == [node.section.title for node in fields_asked(plan, structure) if node.section]
    plan, _, _ = read("夜渡灯牌收费吗？", hold(CARD))
    assert [] == fields_asked(plan, structure)


def _structure(held: Held) -> Structure:
    document = held.hits[0].document
    return Structure(held.text_of(document), held.sections_of(document))
