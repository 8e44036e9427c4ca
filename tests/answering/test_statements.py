"""What of a passage may answer a question, and how far."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from kb.answering.extract.statements import Statement, statements
from kb.chinese.text import fold
from kb.search.gazetteer import Gazetteer
from kb.search.query import plan_query
from kb.search.retriever import Found
from kb.types import Document, Hit, Metadata, Passage

TITLE = "2024年云澜区政府工作报告"
REPORT = Metadata(
    title=TITLE, kind="政府工作报告", issuer="云澜区人民政府", region="云澜区", year=2024, reporting_year=2023
)
START = 100  # where the passage stands in its document


def stated(asked: str, text: str, *, heading: Sequence[str] = ("一、工作",)) -> list[Statement]:
    """The statements of one passage of a work report of 2024, for the first part of a question."""
    document = Document(
        id=1, name="a.txt", sources=("/a.txt",), sha256="", made_by="1", metadata=REPORT, num_passages=1
    )
    question = plan_query(asked, (), Gazetteer([document]))
    passage = Passage(text=text, heading=tuple(heading), start=START, end=START + len(text))
    hit = Hit(passage_id=1, document=document, passage=passage, score=1.0)
    return list(statements(question, Found(part=question.scope.parts[0], hits=(hit,), rejected=())))


def shares(asked: str, text: str, *, heading: Sequence[str] = ("一、工作",)) -> dict[str, float]:
    """How far each segment holds what is asked for; those that hold nothing of it are not there."""
    return {
        statement.place.segment.strip(",;。"): statement.share for statement in stated(asked, text, heading=heading)
    }


def share_of_clause(asked: str, clause: str) -> float:
    """How far a whole clause holds what is asked for."""
    return shares(asked, clause)[fold(clause).strip(",;。")]


def test_a_figure_is_stated_by_its_segment() -> None:
    """Where a figure is asked for, each segment that has one is a statement; the rest of its clause is around it."""
    [bridges, canals] = stated("云澜区挖渠多少公里？", "修桥路9公里，渠岸种柳，挖渠12公里。")
    assert ("修桥路9公里,", "", "渠岸种柳,挖渠12公里。") == (
        bridges.place.segment,
        bridges.place.before,
        bridges.place.after,
    )
    assert ("挖渠12公里。", "修桥路9公里,渠岸种柳,", "") == (
        canals.place.segment,
        canals.place.before,
        canals.place.after,
    )


def test_a_statement_is_quoted_with_its_clause() -> None:
    """The clause of a statement is the document's text from start to end, without the clauses beside it."""
    text = "修桥9座；挖渠12公里，渠水清。养鱼5吨。"
    [statement] = stated("云澜区挖渠多少公里？", text)
    clause = statement.clause
    assert "挖渠12公里，渠水清。" == clause.text == text[clause.start - START : clause.end - START]


def test_a_short_segment_is_understood_with_the_one_before() -> None:
    """A short segment is compared with a question together with the one before it, a long one by itself."""
    [statement] = stated("云澜区茶园有多少亩？", "云雾茶场今年扩种，达到9亩。")
    assert "云雾茶场今年扩种，达到9亩。" == statement.text
    [statement] = stated("云澜区茶园有多少亩？", "云雾茶场今年扩种，山脚新开的梯形茶园已有9亩。")
    assert "山脚新开的梯形茶园已有9亩。" == statement.text


def test_what_stands_around_a_segment() -> None:
    """The nearest heading, the title, the headings above and the sentence before are around a statement."""
    [statement] = stated("云澜区挖渠多少公里？", "老渠年久。新渠长9公里。", heading=("一、水利", "（一）沟渠"))
    assert "(一)沟渠" == statement.place.heading
    assert all(words in statement.place.context for words in (TITLE, "一、水利", "老渠年久"))


def test_titles_and_headings_state_nothing() -> None:
    """A title or a heading that stands in the passage is no statement, whatever figures it has."""
    text = f"{TITLE}\n一、修渠9公里\n挖渠12公里。"
    assert ["挖渠12公里"] == list(shares("云澜区挖渠多少公里？", text, heading=("一、修渠9公里",)))


def test_only_what_names_the_year() -> None:
    """Where the documents are of other years, only sentences that name the year state anything."""
    text = "2019年挖渠9公里，2019年渠成。去年挖渠12公里。"
    assert ["2019年挖渠9公里"] == list(shares("云澜区2019年挖渠多少公里？", text))


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("云澜区挖渠多少公里？", "挖渠花了9万元，挖渠来了40人，渠面300平方米"),
        ("云澜区果园有多少亩？", "果园产果40吨，果园修路9公里，果园有果农60人"),
        ("云澜区果园占比多少？", "果园占地40亩，果园9个，果园收入7万元"),
        ("云澜区有多少个果园？", "果园占地40亩，果园产果9吨，果园收入7万元"),
    ],
    ids=["length", "area", "share", "number"],
)
def test_a_measure_of_another_dimension_states_nothing(asked: str, text: str) -> None:
    """Kilometres are asked for: neither money nor heads nor square metres are any."""
    assert {} == shares(asked, text)


def test_a_measure_of_the_same_dimension_counts_less() -> None:
    """Acres may be told in hectares: that counts, but less than the unit that is asked for."""
    told = shares("云澜区果园有多少亩？", "果园占地300亩，苗圃占地5公顷，果园产果40吨")
    assert ["果园占地300亩", "苗圃占地5公顷"] == list(told)
    assert told["果园占地300亩"] > told["苗圃占地5公顷"]


def test_what_is_counted_may_be_counted_in_other_words() -> None:
    """多少个 is answered by 家, 座 and 处 as well as by 个."""
    told = shares("云澜区有多少个果园？", "果园9个，果园7家，果园5处，果园3座")
    assert ["果园9个", "果园7家", "果园5处", "果园3座"] == list(told)
    assert len(set(told.values())) == 1


@pytest.mark.parametrize(
    ("asks", "measure", "plain", "text"),
    [
        ("云澜区茶农人均收入多少元？", "茶农人均收入3万元", "茶农收入9亿元", "茶农人均收入3万元，茶农收入9亿元"),
        ("云澜区茶农收入年均多少元？", "茶农收入年均3亿元", "茶农收入9亿元", "茶农收入年均3亿元，茶农收入9亿元"),
        ("云澜区新增茶农收入多少元？", "新增茶农收入3亿元", "茶农收入9亿元", "新增茶农收入3亿元，茶农收入9亿元"),
    ],
    ids=["a head", "a year", "more"],
)
def test_another_measure_of_the_same_counts_less(asks: str, measure: str, plain: str, text: str) -> None:
    """By heads, by years, or what is new, is another figure: it counts less unless it is asked for."""
    told = shares("云澜区茶农收入多少元？", text)
    assert told[plain] > told[measure] > 0
    told = shares(asks, text)
    assert told[measure] >= told[plain]


@pytest.mark.parametrize(
    "segment", ["22号线开到渡口", "公交第3次改线", "第9届公交节", "2024年公交准点", "3月公交停驶", "公交始于1958"]
)
def test_ordinals_and_dates_count_nothing(segment: str) -> None:
    """A number of a line, an ordinal and a date are no figures that answer how many."""
    assert ["公交新开5条"] == list(shares("云澜区公交有多少条？", f"{segment}，公交新开5条。"))


def test_years_are_counted_where_they_are_asked_for() -> None:
    """66年 is how many years, 1958年 is a date."""
    text = "古桥立了66年，1958年重修，桥长40米。"
    assert ["古桥立了66年"] == list(shares("云澜区古桥立了多少年？", text))


def test_a_figure_of_the_question_states_nothing() -> None:
    """The name 12345 that a question itself says is no answer to it."""
    told = shares("云澜区12345热线接了多少件？", "开通12345热线，12345热线接件987件，热线准点。")
    assert ["12345热线接件987件"] == list(told)


@pytest.mark.parametrize(
    "asked", ["云澜区渡口的咨询电话是多少？", "云澜区渡口的电话是什么？", "云澜区渡口的传真号码是什么？"]
)
def test_a_phone_number_is_a_figure(asked: str) -> None:
    """A question for a phone number is answered by a segment of digits, and by no date beside it."""
    [statement] = stated(asked, "渡口咨询电话：0990-7654321，渡口有人值守，2024年启用。")
    assert ("0990-7654321,", "渡口咨询电话:") == (statement.place.segment, statement.place.before)


RESULT, PLAN = "去年新建幼儿园6所", "今年计划新建幼儿园8所"


@pytest.mark.parametrize(
    ("better", "worse", "asked"),
    [
        (RESULT, PLAN, "云澜区2023年实际新建了多少所幼儿园？"),
        (RESULT, PLAN, "云澜区2023年新建了多少所幼儿园？"),
        (PLAN, RESULT, "云澜区2024年计划新建多少所幼儿园？"),
        (PLAN, RESULT, "云澜区新建幼儿园的目标是多少所？"),
        (RESULT, PLAN, "云澜区新建了多少所幼儿园？"),
    ],
    ids=["result", "year told of", "plan", "aim", "neither"],
)
def test_plans_and_results(better: str, worse: str, asked: str) -> None:
    """A plan counts less where a result is asked for, and where nothing tells; a result less where a plan is."""
    told = shares(asked, f"{PLAN}。{RESULT}。")
    assert told[better] > told[worse] > 0


@pytest.mark.parametrize(
    ("better", "worse", "asked"),
    [
        ("一、2023年工作回顾", "二、2024年主要任务", "云澜区2023年实际新建多少所幼儿园？"),
        ("二、2024年主要任务", "一、2023年工作回顾", "云澜区2024年计划新建多少所幼儿园？"),
    ],
)
def test_a_heading_tells_plans_from_results(better: str, worse: str, asked: str) -> None:
    """Where a sentence does not tell whether it is done, its heading does."""
    [good] = shares(asked, "新建幼儿园7所。", heading=[better]).values()
    [bad] = shares(asked, "新建幼儿园7所。", heading=[worse]).values()
    assert good > bad > 0


def test_what_five_years_brought() -> None:
    """What five years brought counts less than what one did, unless it is asked for."""
    years, year = "五年来新建幼儿园30所", "去年新建幼儿园6所"
    told = shares("云澜区新建了多少所幼儿园？", f"{years}。{year}。")
    assert told[year] > told[years] > 0
    told = shares("云澜区五年来新建了多少所幼儿园？", f"{years}。{year}。")
    assert told[years] >= told[year]


@pytest.mark.parametrize(
    ("asked", "right", "wrong"),
    [
        ("云澜区办好了哪三个集市？", "办好了渡口、南门、茶山集市。", "办好了渡口、南门、茶山、古桥、柳堤集市。"),
        ("云澜区办好了哪三个集市？", "办好了渡口、南门、茶山集市。", "办好了渡口集市。"),
        ("云澜区办好了哪两个集市？", "办好了渡口、南门集市。", "办好了渡口、南门、茶山集市。"),
        ("云澜区办好了哪三个集市？", "办好了渡口、南门和茶山集市。", "办好了渡口集市。"),
        ("云澜区抓了哪三件事？", "一是修渠，二是种茶，三是护桥。", "一是修渠，二是种茶。"),
        ("云澜区抓了哪两件事？", "一是修渠，二是种茶。", "一是修渠，二是种茶，三是护桥。"),
        ("云澜区抓了哪三件事？", "①修渠，②种茶，③护桥。", "①修渠，②种茶。"),
        (
            "云澜区配了哪三种人员？",
            "每条街设一名调解员，每座桥设一名护桥员，每道渠设一名巡渠员。",
            "每条街设一名调解员，桥头立牌，渠边种柳。",
        ),
    ],
    ids=["more", "none", "fewer are asked", "with 和", "一是", "一是, fewer are asked", "①", "alike segments"],
)
def test_lists_of_so_many_things(asked: str, right: str, wrong: str) -> None:
    """Where so many things are asked for, a clause that lists as many holds more than one that does not."""
    assert share_of_clause(asked, right) > share_of_clause(asked, wrong) > 0


def test_a_list_is_read_whole_and_by_its_segments() -> None:
    """Where a list is asked for, the whole clause is a statement, and each of its segments."""
    told = stated("云澜区有哪些集市？", "渡口开早市，南门、茶山、古桥开夜市。")
    assert ["渡口开早市,", "南门、茶山、古桥开夜市。", "渡口开早市,南门、茶山、古桥开夜市。"] == [
        statement.place.segment for statement in told
    ]


def test_a_clause_that_lists_nothing_counts_less() -> None:
    """Where a list is asked for, a clause that lists holds more than one that does not."""
    asked = "云澜区办好了哪些集市？"
    assert share_of_clause(asked, "办好了渡口、南门、茶山集市。") > share_of_clause(asked, "办好了渡口集市。") > 0


def test_a_list_may_be_summed_up_behind() -> None:
    """A list is often named in the sentence after it: that is around it, too."""
    [statement] = stated("云澜区的“三灯”是哪些？", "渡口灯、桥头灯、书院灯。这“三灯”彻夜不灭。")[:1]
    assert "这“三灯”彻夜不灭" in statement.place.context


def test_a_definition_lists_what_it_defines() -> None:
    """A note that defines a name lists what the name stands for, however it is worded."""
    asked = "云澜区“三灯夜读”指哪三样？"
    defined = "“三灯夜读”：灯下讲书，写信，夜里会友。"
    assert share_of_clause(asked, defined) > share_of_clause(asked, "三灯夜读灯下讲书，写信，夜里会友。")


@pytest.mark.parametrize("time", ["3月5日", "三天后", "20分钟", "当场", "秋季"])
def test_times_are_told_where_they_are_asked_for(time: str) -> None:
    """Where a time is asked for, only clauses that tell one are statements."""
    text = f"渡船{time}靠岸；渡船靠岸。"
    assert [f"渡船{time}靠岸；"] == [statement.clause.text for statement in stated("云澜区渡船什么时候靠岸？", text)]


def test_other_questions_take_whole_clauses() -> None:
    """Where neither a figure nor a list is asked for, a clause is one statement."""
    told = stated("云澜区谁管渡船？", "渡船归水务站管，茶园归农技站管；古桥归街道管。")
    assert ["渡船归水务站管，茶园归农技站管；", "古桥归街道管。"] == [statement.clause.text for statement in told]


def test_a_heading_farther_above_tells_where_the_nearest_does_not() -> None:
    """Where the nearest heading does not tell a plan from a result, one above it does."""
    asked = "云澜区2023年实际新建多少所幼儿园？"
    [done] = shares(asked, "新建幼儿园7所。", heading=["一、2023年工作回顾", "（一）教育"]).values()
    [planned] = shares(asked, "新建幼儿园7所。", heading=["二、2024年主要任务", "（一）教育"]).values()
    assert done > planned
