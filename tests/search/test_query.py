"""A question is understood once: each text is looked into one time, whoever needs to know something of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import pytest

from kb.answering import Answerer
from kb.chinese.text import fold
from kb.search import intent
from kb.search.gazetteer import Gazetteer, Name
from kb.search.intent import Kind, kind_of
from kb.search.query import plan_query
from kb.search.retriever import Retriever
from kb.types import Document

REPORT = """{next}年云澜区政府工作报告
一、{year}年工作回顾
新建学校6所，投资{year}万元。粮食产量12万吨，油料产量3万吨。
"""


class Counting(Gazetteer):
    """A gazetteer that counts the texts it is asked about."""

    def __init__(self, documents: Sequence[Document]) -> None:
        super().__init__(documents)
        self.respellings: Counter[str] = Counter()
        self.lookups: Counter[str] = Counter()
        self.searches: Counter[str] = Counter()

    def respelled(self, question: str):  # type: ignore[no-untyped-def]
        self.respellings[question] += 1
        return super().respelled(question)

    def titled(self, question: str, quoted: Sequence[str]) -> Name | None:
        self.lookups[question] += 1
        return super().titled(question, quoted)

    def names_in(self, question: str) -> list[Name]:
        self.searches[question] += 1
        return super().names_in(question)


class Counted(Retriever):
    """The same documents by a gazetteer that counts."""

    def __init__(self, retriever: Retriever) -> None:
        super().__init__(retriever.index.folder.parent, retriever.encoder)
        self.counting = Counting(list(retriever.gazetteer().documents.values()))

    def gazetteer(self) -> Gazetteer:
        return self.counting


@pytest.fixture
def counted(hold: Callable[[Mapping[str, str]], Retriever]) -> Counted:
    texts = {f"{year + 1}_云澜区_政府工作报告.txt": REPORT.format(next=year + 1, year=year) for year in (2022, 2023)}
    return Counted(hold(texts))


@pytest.mark.parametrize(
    ("question", "history"),
    [
        ("云澜区2023年新建学校多少所？", []),
        ("云澜区2023年新建学校多少所？投资多少万元？2022年呢？", []),
        ("云澜区2023年粮食和油料产量各是多少万吨？", ["云澜区2022年新建学校多少所？"]),
        ("那2023年呢？", ["云澜区2022年新建学校多少所？"]),
        ("投资呢？", ["云澜区2022年新建学校多少所？", "那2023年呢？"]),
        ("达到5所了吗？", ["云澜区2022年新建学校多少所？", "那2023年呢？"]),
    ],
    ids=["one", "several", "two figures", "follow-up", "two follow-ups", "yes or no"],
)
def test_each_text_is_looked_into_once(question: str, history: list[str], counted: Counted) -> None:
    """No text is respelled twice, nor are names and titles sought in it twice, from the question to its answer."""
    Answerer(counted, num_evidence=8, question_characters=100).answer(question, history)
    assert {*history, question} == set(counted.counting.respellings)
    assert {1} == set(counted.counting.respellings.values()) | set(counted.counting.lookups.values())


@pytest.mark.parametrize(
    ("question", "history", "texts", "years", "kinds"),
    [
        ("那2023年呢？", ["云澜区2022年新建学校多少所？"], ["云澜区2023年新建学校多少所?"], (2023,), [Kind.FIGURE]),
        ("投资呢？", ["云澜区2022年新建学校多少所？"], ["2022年云澜区投资是多少？"], (2022,), [Kind.FIGURE]),
        (
            "今年再建几所？",
            ["云澜区2022年新建学校多少所？"],
            ["云澜区2022年新建学校多少所? 今年再建几所？"],
            (2022,),
            [Kind.FIGURE],
        ),
        (
            "云澜区2023年粮食和油料产量各是多少万吨？",
            [],
            ["云澜区2023年粮食产量是多少万吨?", "云澜区2023年油料产量是多少万吨?"],
            (2023,),
            [Kind.FIGURE, Kind.FIGURE],
        ),
        (
            "云澜区2023年新建学校多少所？投资多少万元？",
            [],
            ["云澜区2023年新建学校多少所？", "2023年云澜区投资多少万元？"],
            (2023,),
            [Kind.FIGURE, Kind.FIGURE],
        ),
    ],
    ids=["another year", "another matter", "both questions", "two figures", "several"],
)
def test_what_is_made_of_questions_is_not_parsed(
    question: str,
    history: list[str],
    texts: list[str],
    years: tuple[int, ...],
    kinds: list[Kind],
    counted: Counted,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A wording that nobody has written gets its names, years and kind from the questions that it is made of."""
    sorted_out: list[str] = []
    monkeypatch.setattr(intent, "kind_of", lambda text: sorted_out.append(text) or kind_of(text))
    plan = plan_query(question, history, counted.counting)
    plans = plan.questions or (plan,)
    assert texts == [plan.text for plan in plans]
    assert kinds == [plan.standalone.kind for plan in plans]
    assert {years} == {plan.scope.years for plan in plans}
    assert {("云澜区",)} == {plan.scope.issuers for plan in plans}
    written = "\n".join((*history, question))
    parsed = {*sorted_out, *counted.counting.lookups, *map(fold, counted.counting.searches)}
    assert sorted_out
    assert all(fold(text) in fold(written) for text in parsed)


def test_several_questions_are_plans(counted: Counted) -> None:
    """Each of several questions is a plan of its own, that has from the first what it leaves out."""
    plan = plan_query("云澜区2023年新建学校多少所？投资多少万元？", (), counted.gazetteer())
    assert ["所", "元"] == [question.unit for question in plan.questions]
    assert [(2023,), (2023,)] == [question.scope.years for question in plan.questions]
    assert [("云澜区",), ("云澜区",)] == [question.scope.issuers for question in plan.questions]


def test_a_plan_knows_what_it_leans_on(counted: Counted) -> None:
    """A follow-up leans on the questions before it and tells them apart from its own words; a whole question does not."""
    first = "云澜区2022年新建学校多少所？"
    plan = plan_query("那2023年呢？", [first], counted.gazetteer())
    assert plan.needs_history
    assert ("那2023年呢？", "云澜区2023年新建学校多少所?") == (plan.asked.text, plan.text)
    assert plan.before is not None and first == plan.before.text
    alone = plan_query(first, ["云澜区2023年粮食产量是多少万吨？"], counted.gazetteer())
    assert not alone.needs_history
    assert alone.asked is alone.standalone
