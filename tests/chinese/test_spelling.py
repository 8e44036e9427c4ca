"""Names that are written wrong and sound right."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from kb.answering import Answerer
from kb.chinese.spelling import Misspelling, Names
from kb.search.retriever import Retriever
from kb.types import Status

NAMES = Names(["广东", "山西", "河南", "海拉尔区", "政务服务办", "北京市"])


@pytest.mark.parametrize(
    ("respelled", "text"),
    [
        ("2026年广东省的目标", "2026年广冬省的目标"),
        ("海拉尔区2016年", "海腊尔区2016年"),
        ("政务服务办组织学法", "整务服务办组织学法"),
        ("北京市", "北景市"),
    ],
    ids=["two characters, same tone", "three, another tone", "the first character", "the middle one"],
)
def test_a_slip_is_mended(respelled: str, text: str) -> None:
    """What sounds as a name does and is no word is that name."""
    assert respelled == NAMES.respelled(text)[0]


@pytest.mark.parametrize(
    "text", ["陕西的粮食", "发展和南北合作", "广东省", "河南和山西", "", "办事大厅背景", "GDP 5.6%"], ids=str
)
def test_what_is_no_slip_stays(text: str) -> None:
    """Another place, a word, a name itself, and parts of words stay as they are."""
    assert (text, ()) == NAMES.respelled(text)


def test_the_answer_tells_how_a_slip_was_read(hold: Callable[[Mapping[str, str]], Retriever]) -> None:
    """A question with a slip in a name, and its follow-up, are answered for that name, and the answer says so."""
    retriever = hold(
        {
            "2024_广东省_政府工作报告.txt": "2024年广东省政府工作报告\n一、2023年工作回顾\n渡口货运量达到800万吨。",
            "2024_山西省_政府工作报告.txt": "2024年山西省政府工作报告\n一、2023年工作回顾\n渡口货运量达到760万吨。",
        }
    )
    answerer = Answerer(retriever, num_evidence=8, question_characters=100)
    answer = answerer.answer("广冬省2023年渡口货运量达到多少万吨？")
    assert Status.ANSWERED == answer.status
    assert "800万吨" in answer.text
    assert answer.text.endswith("问题中的“广冬省”按“广东省”理解。")
    assert "760万吨" in answerer.answer("那山西呢？", ["广冬省2023年渡口货运量达到多少万吨？"]).text
    refused = answerer.answer("广冬省2011年渡口货运量达到多少万吨？")
    assert Status.UNANSWERABLE_OTHER_YEAR == refused.status
    assert "“广冬省”按“广东省”理解" in refused.text


def test_slips_are_values() -> None:
    """A slip tells what was written and what is meant."""
    assert (Misspelling(written="广冬", name="广东"),) == NAMES.respelled("广冬")[1]
