"""Where a question asks, and where it tells."""

from __future__ import annotations

import pytest

from kb.search.wording.clauses import asking_clauses, is_branch, story_and_asking

ASKING = {
    "优待证补办多少钱，几天能拿到？": ["优待证补办多少钱", "几天能拿到？"],
    "开小餐馆要不要许可？不办会怎么罚": ["开小餐馆要不要许可？", "不办会怎么罚"],
    "在云澜区生二孩，女方的假有几天，男方的假有几天": ["在云澜区生二孩，女方的假有几天", "男方的假有几天"],
    "超过三个月才登记怎么罚？要是伪造证件的呢？": ["超过三个月才登记怎么罚？", "要是伪造证件的呢？"],
    "租的房子，没有合同，怎么登记？": ["租的房子，没有合同，怎么登记？"],
    "我在厂里做了六年，老板没说给几个月。请问补偿按几个月算？": [
        "我在厂里做了六年，老板没说给几个月。请问补偿按几个月算？"
    ],
    "《补贴办法（谁申请，谁受益）》是谁发的，文号多少": ["《补贴办法（谁申请，谁受益）》是谁发的", "文号多少"],
    "水利、交通和教育的投资是多少，谢谢": ["水利、交通和教育的投资是多少，谢谢"],
    "无论做了几天都要登记吗": ["无论做了几天都要登记吗"],
    "渡船开了几年，牌照能补吗？": ["渡船开了几年，牌照能补吗？"],
    "如果几条船一样大，先登记谁？": ["如果几条船一样大，先登记谁？"],
    "检修花了几天？要多少钱？": ["检修花了几天？", "要多少钱？"],
}


@pytest.mark.parametrize(("text", "parts"), ASKING.items(), ids=ASKING)
def test_the_stretches_that_ask_one_thing_each(text: str, parts: list[str]) -> None:
    """What is told goes with the question behind it; an enumeration, a story and an unasked 几个月 ask nothing."""
    assert parts == asking_clauses(text)


@pytest.mark.parametrize(
    ("text", "story", "asking"),
    [
        ("我三月进厂，交了八个月社保。想问一下，最多能报多少？", "我三月进厂，交了八个月社保。", "最多能报多少？"),
        ("没有孩子，打算收养一个。要交哪些证明？", "没有孩子，打算收养一个。", "要交哪些证明？"),
        ("优待证怎么办？", "", "优待证怎么办？"),
        ("讲一讲水利。", "", "讲一讲水利。"),
    ],
)
def test_a_story_stands_before_what_is_asked(text: str, story: str, asking: str) -> None:
    """The sentences before the first that asks; 想问一下 is no part of what is asked."""
    assert (story, asking) == story_and_asking(text)


def test_a_branch_asks_the_same_of_another_case() -> None:
    """要是… and …呢 are branches; a question of its own is none."""
    assert [True, True, False] == [is_branch(text) for text in ("要是没有合同", "超过的部分呢？", "要什么材料？")]
