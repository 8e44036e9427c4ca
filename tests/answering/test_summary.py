"""Summaries without a model: chapter by chapter, year by year, quoted, within the bound of evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from kb.answering import Answerer
from kb.chinese.figures import figures, stands_in
from kb.search.intent import Kind
from kb.search.query import plan_query
from kb.search.retriever import Retriever
from kb.types import Answer, LineRole, Status, text_of

Hold = Callable[[Mapping[str, str]], Retriever]


def report(year: int, *, boats: int, trees: int, plan: int) -> str:
    """A report of a district that tells of the year before `year`, and plans that one."""
    return f"""{year}年云澜区政府工作报告
各位代表：现在，我代表区政府，向大会报告工作。
一、{year - 1}年工作回顾
过去一年极不平凡，我们在上级领导下召开会议9次。
（一）渡口航运稳步增长。
各渡口坚持安全第一，船工轮班值守。
全年运送旅客{boats}万人次，新增渡船{boats - 3}艘。
（二）山林养护见到成效。
护林员走遍各乡。
全年栽种果树{trees}万株，修剪老树{trees + 2}万株。
二、{year}年主要任务
今年要办好以下几件事。
（一）修缮码头。
修缮码头{plan}座，增设候船亭{plan + 1}个。
（二）守护江水。
清理河道{plan + 5}公里。
名词解释
1.“候船亭”：是指旅客候船的亭子，每座可容30人。
"""


REPORTS = {
    "2022_云澜区_政府工作报告.txt": report(2022, boats=31, trees=61, plan=51),
    "2023_云澜区_政府工作报告.txt": report(2023, boats=32, trees=71, plan=52),
    "2024_云澜区_政府工作报告.txt": report(2024, boats=33, trees=81, plan=53),
}
WHOLE = [
    "一、2023年工作回顾",
    "（一）渡口航运稳步增长：全年运送旅客33万人次，新增渡船30艘。",
    "（二）山林养护见到成效：全年栽种果树81万株，修剪老树83万株。",
    "二、2024年主要任务",
    "（一）修缮码头：修缮码头53座，增设候船亭54个。",
    "（二）守护江水：清理河道58公里。",
]


def ask(retriever: Retriever, question: str, num_evidence: int = 8) -> Answer:
    return Answerer(retriever, num_evidence=num_evidence, question_characters=500).answer(question)


def lines(answer: Answer) -> list[str]:
    """The lines of an answer without their marks."""
    return [line.labelled for line in answer.lines]


@pytest.fixture
def reports(hold: Hold) -> Retriever:
    return hold(REPORTS)


@pytest.mark.parametrize(
    "question",
    ["云澜区2024年政府工作报告讲了什么？", "概括一下2024年云澜区政府工作报告", "总结2024年政府工作报告的主要内容"],
)
def test_a_report_as_a_whole(question: str, reports: Retriever) -> None:
    """Each chapter in order under its heading, each point with its most telling sentence; no ceremony, no glossary."""
    assert WHOLE == lines(ask(reports, question))


@pytest.mark.parametrize("num_evidence", [2, 3, 4, 5, 8])
def test_as_many_passages_as_evidence_is_kept(num_evidence: int, reports: Retriever) -> None:
    """However little evidence is kept, no more passages are quoted, and all chapters that fit are told of in order."""
    answer = ask(reports, "概括一下2024年云澜区政府工作报告", num_evidence)
    assert len({citation.marker for citation in answer.citations}) <= num_evidence
    assert len(answer.evidence) <= num_evidence
    told = lines(answer)
    assert told == [line for line in WHOLE if line in told]
    headings = [(line.text, line.markers, line.chapter) for line in answer.lines if line.role is LineRole.HEADING]
    first = ("一、2023年工作回顾", (1,), 1)
    assert ([first] if num_evidence < 4 else [first, headings[-1]]) == headings


@pytest.mark.parametrize(
    "question",
    ["概括一下2024年云澜区政府工作报告", "总结2021到2023年的工作", "近三年有什么变化？", "云澜区2023年的工作总结"],
)
def test_every_line_and_figure_is_quoted(question: str, reports: Retriever) -> None:
    """Each figure of a line stands in a quote under its mark, and each quote in its document at its span."""
    answer = ask(reports, question)
    assert Status.ANSWERED == answer.status
    for line in answer.lines:
        words = line.text
        quotes = [citation.quote for citation in line.citations]
        assert quotes, line
        heading, _, sentence = words.rpartition("：") if words.startswith("（") else ("", "", "")
        assert not sentence or {f"{heading}。", sentence} <= set(quotes)
        assert all(any(stands_in(figure, quote) for quote in quotes) for figure in figures(words))
    for citation in answer.citations:
        text = reports.catalogue.text(citation.document.id)
        assert citation.quote == text[citation.start : citation.end]


def test_a_year_is_told_by_the_report_on_it(reports: Retriever) -> None:
    """What was done in a year stands in the report on it: its chapter of that year, and not what it plans."""
    answer = ask(reports, "总结云澜区2022年的工作")
    assert [
        "一、2022年工作回顾",
        "（一）渡口航运稳步增长：全年运送旅客32万人次，新增渡船29艘。",
        "（二）山林养护见到成效：全年栽种果树71万株，修剪老树73万株。",
    ] == lines(answer)


def test_a_year_that_is_only_planned(reports: Retriever) -> None:
    """Of a year on which no report is held, the plans of its own report are told, under their heading."""
    answer = ask(reports, "总结云澜区2024年的工作")
    assert "二、2024年主要任务" == lines(answer)[0]
    assert not any("2023年" in line or "旅客" in line for line in lines(answer))


def test_each_year_under_its_own_line(reports: Retriever) -> None:
    """Of several years each begins with its year and heading, in order, and tells only what is of it."""
    answer = ask(reports, "2021到2023年重点工作有哪些变化？")
    headings = [line.labelled for line in answer.lines if line.role is LineRole.HEADING]
    assert [f"{year}年：一、{year}年工作回顾" for year in (2021, 2022, 2023)] == headings
    own = ({"31万", "61万"}, {"32万", "71万"}, {"33万", "81万"})
    for number, figures_of_year in enumerate(own, start=1):
        chapter = text_of(line for line in answer.lines if line.chapter == number)
        found = {figure for figures_of_any in own for figure in figures_of_any if figure in chapter}
        assert found and found <= figures_of_year
    assert len({citation.marker for citation in answer.citations}) <= 8


def test_a_year_that_is_not_held_is_said(reports: Retriever) -> None:
    """A year among those asked for of which nothing is held is named as such."""
    answer = ask(reports, "总结云澜区2019年和2022年的工作")
    assert "云澜区2019年：没有在库中文件里找到。" == answer.text.splitlines()[-1]
    assert "云澜区2022年：一、2022年工作回顾" == lines(answer)[0]
    assert Status.UNANSWERABLE_OTHER_YEAR == ask(reports, "总结云澜区2019年的工作").status


def test_the_last_years(reports: Retriever) -> None:
    """近三年 counts from the newest report."""
    answer = ask(reports, "近三年有什么变化？")
    assert [2022, 2023, 2024] == [label.year for line in answer.lines for label in line.labels]
    assert 3 == max(line.chapter for line in answer.lines)


def test_several_documents_are_told_apart(hold: Hold) -> None:
    """Where several documents tell of the year, each is summed up under its issuer."""
    texts = {
        f"2024_{name}_政府工作报告.txt": report(2024, boats=boats, trees=40, plan=50).replace("云澜区", name)
        for name, boats in (("云澜区", 33), ("望舒市", 73))
    }
    answer = ask(hold(texts), "总结2023年的工作")
    labels = {str(label): line.chapter for line in answer.lines for label in line.labels}
    assert {"云澜区2023年", "望舒市2023年"} == set(labels)
    of_issuer = text_of(line for line in answer.lines if line.chapter == labels["云澜区2023年"])
    assert "33万人次" in of_issuer
    assert "73万人次" not in of_issuer


def test_too_many_documents(hold: Hold) -> None:
    """Where more documents may be meant than there is room for, the reader is asked for an issuer."""
    names = [f"{one}{other}县" for one in "云澜望舒" for other in "山水"]
    texts = {
        f"2024_{name}_政府工作报告.txt": report(2024, boats=33, trees=40, plan=50).replace("云澜区", name)
        for name in names
    }
    retriever = hold(texts)
    answer = ask(retriever, "总结2023年的工作")
    assert 8 == len(names)
    assert Status.UNANSWERABLE_NOT_STATED == answer.status
    assert "请写明是哪个单位" in answer.text
    assert Status.ANSWERED == ask(retriever, f"总结{names[0]}2023年的工作").status


def test_a_part_of_a_report(reports: Retriever) -> None:
    """A summary of one thing tells what stands below the heading that names it, of the right year."""
    assert ["（二）山林养护见到成效", "护林员走遍各乡。", "全年栽种果树71万株，修剪老树73万株。"] == lines(
        ask(reports, "总结一下云澜区2022年山林养护的情况")
    )
    planned = ask(reports, "总结一下云澜区2023年修缮码头的情况")
    assert not any(f"{plan}座" in planned.text for plan in (51, 53))


def test_a_guide_by_its_title(hold: Hold) -> None:
    """A guide that is asked for by its title is told of field by field; short lists are whole."""
    guide = "旧物回收点备案办事指南\n一、受理条件\n有固定场地。\n二、申请材料\n1.备案表\n2.场地凭据\n三、办理地点\n听泉路8号\n"
    other = "夜航灯牌核准办事指南\n一、申请材料\n1.灯牌图样\n二、办理地点\n柳堤3号\n"
    retriever = hold({"办事指南_望舒市_旧物.txt": guide, "办事指南_望舒市_夜航.txt": other})
    told = lines(ask(retriever, "概括一下旧物回收点备案"))
    assert [
        "一、受理条件",
        "有固定场地。",
        "二、申请材料",
        "1.备案表。",
        "2.场地凭据。",
        "三、办理地点",
        "听泉路8号。",
    ] == told


@pytest.mark.parametrize(
    ("kind", "question"),
    [
        (Kind.SUMMARY, "近三年有什么变化？"),
        (Kind.SUMMARY, "2021到2023年重点工作有哪些变化"),
        (Kind.SUMMARY, "概括一下这份报告"),
        (Kind.OTHER, "云澜区近两年渡船数量有什么变化？"),
        (Kind.LIST, "云澜区2023年主要任务有哪些"),
    ],
)
def test_what_is_a_summary_of_all(kind: Kind, question: str, reports: Retriever) -> None:
    """Changes of all that was done ask for a summary; those of one thing, and lists, are asked as before."""
    asked = plan_query(question, (), reports.gazetteer())
    assert kind == asked.kind
    assert (kind is Kind.SUMMARY) == (not asked.terms)
