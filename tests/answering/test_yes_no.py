"""Verdicts of rules: 可以, 不需要 and the like only where a rule says just that, with its condition and its exception."""

from __future__ import annotations

import pytest

from kb.answering.extract.rules.modality import Mood, norms_in
from kb.answering.extract.yes_no import RuleVerdict, verdict_of
from kb.search.gazetteer import Gazetteer
from kb.search.query import plan_query


def decided(question: str, text: str, lead_in: str = "", context: str = "") -> RuleVerdict | None:
    return verdict_of(plan_query(question, (), Gazetteer(())), text, lead_in, context)


def said(question: str, text: str, lead_in: str = "") -> str:
    verdict = decided(question, text, lead_in)
    return verdict.text if verdict else ""


@pytest.mark.parametrize(
    ("text", "mood", "ground", "scope"),
    [
        ("养犬人不得携犬进入商场。", Mood.FORBIDS, "养犬人", "携犬进入商场"),
        ("摊位使用人可以转让摊位。", Mood.PERMITS, "摊位使用人", "转让摊位"),
        ("租户应当办理登记。", Mood.DEMANDS, "租户", "办理登记"),
        ("老年人免收门票。", Mood.EXEMPTS, "老年人", "门票"),
        ("验收合格后方可使用。", Mood.PERMITS_AFTER, "验收合格后", "使用"),
        ("见习期间不视为工龄。", Mood.RECOGNISES_NOT, "见习期间", "工龄"),
        ("骑行受伤的，视同工伤。", Mood.RECOGNISES, "骑行受伤的，", "工伤"),
    ],
)
def test_a_norm_has_mood_ground_and_scope(text: str, mood: Mood, ground: str, scope: str) -> None:
    """Who and in which case, what is said of it, and of what."""
    (norm,) = norms_in(text)
    assert (mood, ground, scope) == (norm.mood, norm.ground, norm.scope)


def test_words_that_bound_a_quantity_or_stand_in_a_condition_are_no_norms() -> None:
    """不得少于三人, 不能及时清除的，, 应当验收的工程，."""
    assert [] == norms_in("参加人员不得少于三人。")
    assert [Mood.DEMANDS] == [norm.mood for norm in norms_in("不能及时清除的，应当报告。")]
    assert [Mood.FORBIDS] == [norm.mood for norm in norms_in("应当验收的工程，未经验收的，不得使用。")]


def test_an_item_has_the_mood_of_its_lead_in() -> None:
    """What is listed is the conduct, or the case in which the conduct is forbidden."""
    (conduct,) = norms_in("（二）洗车；", "河道内禁止下列行为：")
    assert (Mood.FORBIDS, True, "洗车" in conduct.scope) == (conduct.mood, conduct.of_item, True)
    (case,) = norms_in("（一）被查封的；", "有下列情形之一的房屋，不得出租：")
    assert (Mood.FORBIDS, True, "出租：") == (case.mood, "查封" in case.ground, case.scope)
    listed = norms_in("河道内禁止下列行为：\n（一）倾倒垃圾；\n（二）洗车。")
    assert [True, True] == [words in norm.scope for words, norm in zip(("倾倒垃圾", "洗车"), listed[-2:], strict=True)]


def test_an_exception_is_kept() -> None:
    """除外 in brackets, in a segment, or behind 但; what begins with 但 and has a norm of its own is one, too."""
    assert "（导盲犬除外）" == norms_in("不得携犬乘车（导盲犬除外）。")[0].exception
    assert norms_in("禁止夜间施工，但抢险作业除外。")[0].exception.startswith("但抢险")
    moods = [norm.mood for norm in norms_in("居民可以养犬，但不得养烈性犬。")]
    assert [Mood.PERMITS, Mood.FORBIDS] == moods


@pytest.mark.parametrize(
    ("question", "text", "verdict"),
    [
        ("摊位可以转让吗？", "摊位不得转让。", "不可以"),
        ("能带狗进商场吗", "任何人不得带狗进入商场。", "不可以"),
        ("带狗进商场行不行？", "任何人不得带狗进入商场。", "不可以"),
        ("摊位能不能转让", "摊位可以转让。", "可以"),
        ("对评分有异议可以申请复核吗", "对评分有异议的，可以申请复核。", "可以"),
        ("租客要不要办登记？", "租客应当办理登记。", "需要"),
        ("租客是不是不用办登记？", "租客应当办理登记。", "需要"),
        ("租客可以不办登记吗？", "租客应当办理登记。", "需要"),
        ("住旅馆还要办居住登记吗？", "住旅馆的，不需要办理居住登记。", "不需要"),
        ("住旅馆是不是不用办居住登记", "住旅馆的，可以不办理居住登记。", "不需要"),
        ("见习期算工龄吗？", "见习期不视为工龄。", "不是"),
        ("救助站会收费吗？", "救助站不得收取费用。", "不得"),
        ("年满16岁能办借书证吗，我18岁", "年满十六周岁的，可以办理借书证。", "可以"),
    ],
)
def test_a_rule_decides(question: str, text: str, verdict: str) -> None:
    """The rule speaks of just what is asked, and on no condition that the question does not tell."""
    assert verdict == said(question, text)


@pytest.mark.parametrize(
    ("question", "text", "verdict"),
    [
        ("外地户口能办老年证吗", "外地户口居住证满六个月的，可以办理老年证。", "符合条件的可以"),
        ("遗体可以延期火化吗", "有特殊情况的，经批准，遗体可以延期火化。", "符合条件的可以"),
        ("账户余额能继承吗", "账户余额可以依法继承。", "符合条件的可以"),
        ("新车场可以使用吗", "新车场验收合格后方可使用。", "符合条件的可以"),
        ("摊位能不能转让", "抵押给银行的，摊位不得转让。", "符合所列情形的不可以"),
        ("住旅馆要登记吗", "境外人员住旅馆的，应当登记。", "符合所列情形的需要"),
        ("摊位可以转让吗", "摊位可以转让，但抵押的除外。", "可以，但有例外"),
        ("能带狗坐公交吗", "不得带狗乘坐公交（导盲犬除外）。", "不可以，但有例外"),
        (
            "下班路上摔伤算工伤吗",
            "下班路上受到他人伤害摔伤的，且非本人主要责任的，应当认定为工伤。",
            "符合所列情形的是",
        ),
    ],
)
def test_a_verdict_has_its_condition_and_its_exception(question: str, text: str, verdict: str) -> None:
    """可以 is said with its condition where the question does not tell that it is met."""
    assert verdict == said(question, text)


def test_a_list_decides_by_its_lead_in() -> None:
    """禁止下列行为 and the item together."""
    assert "不可以" == said("能在河里洗车吗", "（二）在河里洗车；", "禁止下列行为：")
    assert "" == said("能在河里洗车吗", "（二）在河里洗车；")


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("摊位可以转租吗", "摊位可以转让。"),
        ("未成年人能单独乘缆车吗", "游客可以乘坐缆车。"),
        ("可以申请两个摊位吗", "居民可以申请一个摊位。"),
        ("可以同时申请吗", "居民可以申请摊位。"),
        ("15岁能办借书证吗", "年满十六周岁的，可以办理借书证。"),
        ("物业能以欠费为由不交接吗", "物业不得以欠费为由拒绝交接。"),
        ("办证要收费吗", "首次办证免收工本费；换领、补领的，应当缴纳工本费。"),
        ("抵押的摊位可以转让吗", "摊位可以转让，但抵押的除外。"),
        ("个人可以做行纪吗", "机构可以从事居间、行纪；个人只能从事居间。"),
        ("怎么转让摊位", "摊位可以转让。"),
        ("居民可以不登记就养犬吗", "居民可以养犬。"),
        ("可以种菜吗", "不得在公共绿地内种菜。"),
    ],
)
def test_where_it_is_not_sure_there_is_no_verdict(question: str, text: str) -> None:
    """Other conduct, other people, other numbers, an unmet condition, an exception that is asked about, no yes-or-no question."""
    assert decided(question, text) is None


def test_what_it_is_about_may_be_named_above() -> None:
    """The title or heading names what the sentence leaves out."""
    assert decided("低保可以发实物吗", "必要时，可以发放实物。") is None
    verdict = decided("低保可以发实物吗", "必要时，可以发放实物。", context="云澜区最低生活保障办法")
    assert "符合条件的可以" == (verdict.text if verdict else "")
