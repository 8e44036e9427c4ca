"""Personal data is masked; what questions to a government are about is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.chinese.redaction import masked
from tests import ROOT

QUESTIONS = sorted((ROOT / "benchmarks" / "questions").glob("*.jsonl"))

# Made up: no such person, card or line exists; the check digits are right.
PERSONAL = {
    "我的身份证是11010519491231002X，能办优待证吗？": "我的身份证是【证件号】，能办优待证吗？",
    "证件11010519491231002x": "证件【证件号】",
    "１１０１０５１９４９１２３１００２Ｘ的养老金": "【证件号】的养老金",
    "110105 19491231 002X怎么查": "【证件号】怎么查",
    "身份证110105194912310021写错一位": "身份证【证件号】写错一位",
    "旧证号110105491231002可以用吗": "旧证号【证件号】可以用吗",
    "请回电13812345678谢谢": "请回电【手机号】谢谢",
    "请打138 1234 5678": "请打【手机号】",
    "请打138-1234-5678": "请打【手机号】",
    "请打+86 13812345678": "请打【手机号】",
    "我的手机是１３８１２３４５６７８": "我的手机是【手机号】",
    "手机号13812345678家里没人": "手机号【手机号】家里没人",
    "手机13800000000": "手机【手机号】",
    "打010-65123456找我": "打【座机号】找我",
    "打(0755)26123456转8001": "打【座机号】",
    "打02265123456": "打【座机号】",
    "我家电话：65123456": "我家电话：【座机号】",
    "补贴打到6222021234567890128": "补贴打到【卡号】",
    "补贴打到6222 0212 3456 7890 128": "补贴打到【卡号】",
    "卡号6222021234567890123": "卡号【卡号】",
    "发到zhang.san+a@example.com.cn吧": "发到【邮箱】吧",
    "发到zhang＠example.com吧": "发到【邮箱】吧",
    "津A12345违停": "【车牌号】违停",
    "粤B·D12345新能源车": "【车牌号】新能源车",
    "电话13812345678，邮箱a@b.cn": "电话【手机号】，邮箱【邮箱】",
}
ORDINARY = [
    "12345热线2024年接了多少件？",
    "拨打12345、12348还是12315？",
    "投资13800000000元用在哪里？",
    "投资13812345678元用在哪里？",
    "共13812345678元",
    "总额13812345678是哪一年的？",
    "13812345678万千瓦时",
    "2024年一般公共预算收入138,123,456,78元",
    "国发〔2024〕13812345678号",
    "津政发〔2024〕12号和国办发〔2023〕29号有什么不同？",
    "行政处罚决定书文号110105202401010012",
    "110105202401010012",
    "统一社会信用代码91110105MA01ABCD2X",
    "项目代码2203-110105-04-01-123456",
    "2024年1月1日至2024年12月31日办了多少件？",
    "20240101到20241231",
    "固定电话27650000户",
    "固定电话用户27650000户",
    "移动电话1650000000户",
    "订单2024123456789012",
    "圆周率3.14159265358979",
    "6222021234567890128元",
    "京津冀G101高速长多少公里？",
    "京A5类企业有几家？",
    "增长13.8123456780%",
    "400-123-4567是谁的热线？",
    "1381234567890123",
    "第13812345678号",
]


@pytest.mark.parametrize(("text", "expected"), PERSONAL.items(), ids=range(len(PERSONAL)))
def test_personal_data_is_masked(text: str, expected: str) -> None:
    """A label stands in its place, and the rest of the question stays as it is."""
    assert expected == masked(text)


@pytest.mark.parametrize("text", ORDINARY)
def test_figures_years_numbers_and_hotlines_stay(text: str) -> None:
    """What a question is about is left alone."""
    assert text == masked(text)


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_no_question_of_the_sets_changes(path: Path) -> None:
    """Questions about reports hold no personal data."""
    questions = [json.loads(line)["question"] for line in path.read_text(encoding="utf-8").splitlines()]
    assert questions == [masked(question) for question in questions]


def test_what_is_public_stays() -> None:
    """The telephone that a quoted guide gives stays in an answer; the reader's own does not."""
    answer = "咨询电话：022-65123456。您的13812345678没有登记。"
    assert "咨询电话：022-65123456。您的【手机号】没有登记。" == masked(answer, public=["咨询电话：022-65123456"])


@given(st.text(alphabet="0123456789 -+()元万〔〕号手机电话投资身份证卡京AXx.@a", max_size=60))
def test_what_is_masked_stays_as_it_is(text: str) -> None:
    """Masking twice masks no more than masking once."""
    assert masked(text) == masked(masked(text))
