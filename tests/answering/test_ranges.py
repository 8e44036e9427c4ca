"""Intervals and branches: what a rule says of an amount, and which branch a case satisfies."""

from __future__ import annotations

import random
from decimal import Decimal
from itertools import pairwise

import pytest

from kb.answering.extract.rules.intervals import Interval, interval_in, satisfies
from kb.answering.extract.rules.ranges import branch_for, branch_of_case, branches_in
from kb.chinese.amounts import Amount, amounts_of_case


def shown(interval: Interval) -> str:
    low = "-" if interval.low is None else f"{interval.low.normalize():f}"
    high = "-" if interval.high is None else f"{interval.high.normalize():f}"
    opening = {True: "[", False: "(", None: "?"}[interval.low_included]
    closing = {True: "]", False: ")", None: "?"}[interval.high_included]
    return f"{opening}{low} {high}{closing}{interval.measure}"


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("满8个月不足1年", "[8 12)个月"),
        ("已满一年未满两年半", "[12 30)个月"),
        ("不满十六周岁", "(- 16)岁"),
        ("15万元以上（含）30万元以下", "[150000 300000]元"),
        ("超过6万元至12万元的部分", "(60000 120000]元"),
        ("超过三年但不超过五年", "(36 60]个月"),
        ("2500元（含）以下", "[- 2500]元"),
        ("60平方米以下（不含60平方米）", "(- 60)平方米"),
        ("2000至3500元", "[2000 3500]元"),
        ("3-5万元", "[30000 50000]元"),
        ("一至三倍", "[1 3]倍"),
        ("三百元以上三千元以下", "[300 3000]元"),
        ("百分之二十以上百分之五十以下", "[20 50]%"),
        ("四分之三以上", "[75 -]%"),
        ("人数过半数", "(50 -)%"),
        ("不超过三个月", "[- 3]个月"),
        ("不得少于七人", "[7 -]人"),
        ("不低于4小时", "[0.1666666666666666666666666667 -]日"),
        ("九十日内", "[- 90]日"),
        ("第3个月起", "[3 -]个月"),
        ("第1个月至第6个月", "[1 6]个月"),
        ("三年后", "?36 -?个月"),
        ("5月8日至5月20日", "[508 520]日期"),
        ("2021年5月8—20日", "[20210508 20210520]日期"),
        ("9月至次年8月", "[901 831]日期"),
        ("2021年8月31日以前", "[- 20210831]日期"),
        ("2021年9月1日前", "?- 20210901?日期"),
        ("5月底前", "?- 531?日期"),
        ("有效期至2021年3月31日", "[- 20210331]日期"),
        ("不足或等于5万元", "[- 50000]元"),
        ("等于以及高于80%低于100%", "[80 100)%"),
        ("三级医院", "[3 3]医院等级"),
        ("二级及以下医疗机构", "[- 2]医院等级"),
        ("本科以上学历", "[4 -]学历"),
        ("五级以上伤残", "[- 5]级"),
        ("年满60周岁以上", "[60 -]岁"),
        ("大于60且小于等于90平方米", "(60 90]平方米"),
    ],
)
def test_an_interval_is_read_as_the_law_counts(text: str, interval: str) -> None:
    """以上, 以下, 以内 and 满 include their number, 超过, 不满, 未满 and 不足 do not; brackets go before that."""
    assert [interval] == [shown(found) for found in interval_in(text)]


@pytest.mark.parametrize(
    "text", ["每满1年积2分", "有效期届满三十日前", "第十条至第十二条", "电话0101-66681234", "2021年", "补助800元"]
)
def test_what_is_no_interval(text: str) -> None:
    """A rate, the end of a term, articles, a telephone, and an amount by itself have no two ends."""
    assert [] == interval_in(text)


def test_spans_and_several_intervals() -> None:
    """Each interval has the span of its words, and intervals of one sentence are not joined."""
    text = "不满1万元的，处五百元以上五千元以下罚款"
    assert ["不满1万元", "五百元以上五千元以下"] == [text[found.start : found.end] for found in interval_in(text)]


@pytest.mark.parametrize(
    ("interval", "case", "holds"),
    [
        ("满6个月不足1年", "交了8个月", True),
        ("满6个月不足1年", "交了半年", True),
        ("满6个月不足1年", "交满一年", False),
        ("满6个月不足1年", "有二百多天", True),
        ("满6个月不足1年", "有180天", None),
        ("满6个月不足1年", "不到1年", None),
        ("满6个月不足1年", "花了8000元", None),
        ("不满十四周岁", "孩子14岁", False),
        ("不满十四周岁", "孩子13岁半", True),
        ("20万元以上", "赚了25万", True),
        ("30日内", "过了六周", False),
        ("30个工作日内", "过了六周", None),
        ("5月8日至5月20日", "5月20号", True),
        ("2021年5月8日至20日", "2022年5月10日", False),
        ("2021年5月8日至20日", "5月10日", True),
        ("9月至次年8月", "明年3月2日", True),
        ("12月1日至次年2月28日", "6月", False),
        ("12月1日至次年2月28日", "1月5日", True),
        ("2021年9月1日前", "2021年9月1日", None),
        ("2021年9月1日前", "2021年8月", True),
        ("二级及以下医疗机构", "三甲医院", False),
        ("大专以上", "本科毕业", True),
    ],
)
def test_a_case_satisfies_an_interval(interval: str, case: str, holds: bool | None) -> None:
    """Units are converted within a measure; None where the measure is another, or the case not known well enough."""
    (amount,) = amounts_of_case(case)
    (found,) = interval_in(interval)
    assert holds is satisfies(found, amount)


LADDER = "连续缴费的，按年限支付：满3个月不足9个月的，最高支付2万元；满9个月不足2年的，最高支付4万元；满2年以上的，最高支付9万元。"


def test_a_sentence_is_parted_into_its_branches() -> None:
    """Each branch has its condition and its consequence; the lead-in is none."""
    branches = branches_in(LADDER)
    assert ["满3个月不足9个月", "满9个月不足2年", "满2年以上"] == [
        LADDER[slice(*branch.condition)] for branch in branches
    ]
    assert ["最高支付2万元；", "最高支付4万元；", "最高支付9万元。"] == [
        LADDER[slice(*branch.consequence)] for branch in branches
    ]


def test_branches_stand_between_commas_and_in_rows_too() -> None:
    """三级医院800元、二级医院500元; rows of a table whose first cell is an interval or an amount alone."""
    text = "起付标准为：三级医院800元，二级医院500元，一级医院200元。"
    assert ["三级", "二级", "一级"] == [text[branch.intervals[0].start :][:2] for branch in branches_in(text)]
    rows = "缴费年限 | 积分\n满1年不满3年 | 5分\n3年以上 | 12分\n"
    assert ["5分", "12分"] == [rows[slice(*branch.consequence)] for branch in branches_in(rows)]
    rows = "家庭人口 | 补助\n1人户 | 300元\n2人户 | 550元\n"
    assert 1 == branch_of_case(amounts_of_case("我们家2人"), branches_in(rows))


def test_conditions_that_overlap_are_no_branches() -> None:
    """资金五万元以上, 面积…五千元以上: each is a condition of its own, and a case of 6万元 chooses neither."""
    assert [] == branches_in("甲类应有5万元以上的，予以登记；乙类应有5000元以上的，予以登记。")
    assert [] == branches_in("参保满1年的，先申请。参保未满1年的，先缴费。")
    assert [] == branches_in("从第3个月起，享受门诊待遇；从第9个月起，享受生育待遇。")


@pytest.mark.parametrize("text", ["", "附则", "本办法自公布之日起施行。", "满一年的，发给五百元。", "序号 | 内容\n"])
def test_what_has_no_branches(text: str) -> None:
    """No condition, or one alone, is no choice."""
    assert [] == branches_in(text)


@pytest.mark.parametrize(
    ("case", "branch"),
    [("交了8个月", 0), ("交了9个月", 1), ("交了一年半", 1), ("两年整", 2), ("才1个月", None), ("不到2年", None), ("600元", None)],
)  # fmt: skip
def test_the_branch_that_a_case_satisfies(case: str, branch: int | None) -> None:
    """One branch, or None: below all of them, not known well enough, or of another measure."""
    assert branch == branch_of_case(amounts_of_case(case), branches_in(LADDER))
    clauses = [LADDER[found.start : found.end] for found in branches_in(LADDER)]
    assert branch == branch_for(amounts_of_case(case), clauses)


def test_a_consequence_is_no_condition() -> None:
    """A case of 6000元 does not choose among fines of so much."""
    clauses = ["情节较轻的，处五千元以上一万元以下罚款", "情节严重的，处一万元以上五万元以下罚款"]
    assert branch_for(amounts_of_case("我欠了6000元"), clauses) is None


def test_amounts_of_one_measure_that_do_not_agree_decide_nothing() -> None:
    """35 years of age and 8 months of payment go together; two different times do not."""
    clauses = [LADDER[found.start : found.end] for found in branches_in(LADDER)]
    assert 0 == branch_for(amounts_of_case("我35岁，交了8个月"), clauses)
    assert branch_for(amounts_of_case("先交8个月，后来交3年"), clauses) is None


@pytest.mark.parametrize("seed", range(20))
def test_of_an_exhaustive_ladder_exactly_one_rung_holds(seed: int) -> None:
    """不满a, 满a不满b, …, b以上 leave no gap and do not overlap, whatever the figure."""
    drawn = random.Random(seed)
    rungs = sorted(drawn.sample(range(2, 60), 3))
    clauses = [
        f"不满{rungs[0]}个月的，100元",
        *(f"满{low}个月不足{high}个月的，{low}00元" for low, high in pairwise(rungs)),
        f"{rungs[-1]}个月以上的，9000元",
    ]
    for _ in range(20):
        months = Decimal(drawn.randint(1, 140)) / 2
        case = Amount(text="", low=months, high=months, measure="个月", start=0, end=0)
        expected = sum(months >= rung for rung in rungs)
        assert expected == branch_for([case], clauses)


def test_of_thresholds_the_highest_that_is_reached_holds() -> None:
    """满1年, 满2年, 满3年 of the same thing; of different things several hold, and none is chosen."""
    clauses = ["满1年，积3分", "满2年，积5分", "满3年及以上，积9分"]
    assert [None, 0, 1, 2] == [branch_for(amounts_of_case(case), clauses) for case in ("半年", "1年", "2年半", "4年")]
    assert branch_for(amounts_of_case("4年"), ["任教满1年的，积3分", "从医满2年的，积5分"]) is None


def test_a_branch_for_men_or_women_needs_them_named() -> None:
    """男满60周岁, 女满50周岁: age alone does not choose."""
    clauses = ["男性满60周岁不满70周岁的，每月200元", "女性满50周岁不满60周岁的，每月150元"]
    assert branch_for(amounts_of_case("我55岁"), clauses, "我55岁") is None
    assert 1 == branch_for(amounts_of_case("我妈是女职工，55岁"), clauses, "我妈是女职工，55岁")


def test_a_list_in_brackets_is_one_condition() -> None:
    """高中（中专、职高）40分 is one branch, and a share of payment may be named before the grades of hospitals."""
    text = "得分标准：高中（中专、职高）为40分；大专为60分。"
    assert ["高中（中专、职高）", "大专"] == [text[slice(*branch.condition)] for branch in branches_in(text)]
    text = "支付比例为三级医院60%，二级医院75%。"
    assert 2 == len(branches_in(text))
