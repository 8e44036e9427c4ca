"""Answers and refusals, on real parts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from kb.answering import Answerer
from kb.answering.compose.figure_check import check, unfounded
from kb.answering.compose.lines import Composition
from kb.answering.extract.candidates import read
from kb.answering.extract.selection import decide
from kb.answering.judge.judge import Judge
from kb.chinese.figures import figures, stands_in
from kb.search.encoder import Encoder
from kb.search.gazetteer import Gazetteer
from kb.search.query import plan_query
from kb.search.retriever import Retriever
from kb.types import Answer, AnswerLine, Citation, Document, LineRole, Metadata, Passage, Status, Within
from tests.conftest import Synchronise, save_quick_encoder

Hold = Callable[[Mapping[str, str]], Retriever]
REPORT = """2024年云澜区政府工作报告
一、2023年工作回顾
新建幼儿园6所；改造老旧小区21个。全区组织学法十七次，普法进校园、进企业、进社区。
二、2024年主要任务
计划新建幼儿园8所，改造老旧小区30个。
"""


def at_once(question: str, gazetteer: Gazetteer) -> list[str]:
    """The questions that one asks at once."""
    return [plan.asked.text for plan in plan_query(question, (), gazetteer).questions]


def ask(retriever: Retriever, question: str, *history: str) -> Answer:
    return Answerer(retriever, num_evidence=8, question_characters=100).answer(question, history)


@pytest.fixture
def report(hold: Hold) -> Retriever:
    return hold({"2024_云澜区_政府工作报告.txt": REPORT})


@pytest.mark.parametrize(
    ("figure", "question"),
    [
        ("十七次", "云澜区组织学法多少次？"),
        ("6所", "云澜区2023年新建了多少所幼儿园？"),
        ("8所", "云澜区2024年计划新建多少所幼儿园？"),
        ("21个", "云澜区2023年改造了多少个老旧小区？"),
    ],
    ids=["written in characters", "result", "plan", "clause behind a semicolon"],
)
def test_the_clause_that_answers(figure: str, question: str, report: Retriever) -> None:
    """A question for a figure is answered by the clause that states it, with its mark."""
    answer = ask(report, question)
    assert Status.ANSWERED == answer.status
    assert figure in answer.text
    assert "[1]" in answer.text


def test_a_figure_of_the_question_is_no_answer(hold: Hold) -> None:
    """12345热线 is no answer to 12345热线多少件, however well it fits."""
    text = "2024年云澜区政府工作报告\n一、2023年工作回顾\n做好12345热线工单办理。共接热线工单987件。\n"
    answer = ask(hold({"2024_云澜区_政府工作报告.txt": text}), "云澜区2023年12345热线工单多少件？")
    assert "987件" in answer.text


def test_every_quote_stands_in_its_document_at_its_span(report: Retriever) -> None:
    """A quote is the document's text from start to end, and lies in a passage of the evidence with its marker."""
    answer = ask(report, "云澜区2023年新建了多少所幼儿园？")
    for citation in answer.citations:
        assert citation.quote == report.catalogue.text(citation.document.id)[citation.start : citation.end]
        [evidence] = [evidence for evidence in answer.evidence if evidence.marker == citation.marker]
        assert evidence.hit.passage == citation.passage


@pytest.mark.parametrize(
    ("status", "question"),
    [
        (Status.UNANSWERABLE_NOT_STATED, "云澜区2024年的地区生产总值是多少？"),
        (Status.UNANSWERABLE_OTHER_YEAR, "2021年云澜区政府工作报告里组织学法多少次？"),
        (Status.UNANSWERABLE_OTHER_YEAR, "云澜区2019年组织学法多少次？"),
        (Status.UNANSWERABLE_OTHER_ISSUER, "2024年白沙市政府工作报告里组织学法多少次？"),
        (Status.UNANSWERABLE_NOT_STATED, "云澜区的区花是什么花？"),
        (Status.UNANSWERABLE_NOT_STATED, "云澜区2024年是多少？"),
    ],
    ids=["not stated", "report of another year", "another year", "another issuer", "nothing on this", "about nothing"],
)
def test_refusals_have_their_kind(status: Status, question: str, report: Retriever) -> None:
    """What the documents do not carry is refused, cites nothing, and says what is missing."""
    answer = ask(report, question)
    assert (status, ()) == (answer.status, answer.citations)
    assert "不作回答" in answer.text


def test_a_refusal_says_what_is_held(report: Retriever) -> None:
    """A year that is not held is refused with the years and issuers that are."""
    answer = ask(report, "2021年云澜区政府工作报告里组织学法多少次？")
    assert "2021年" in answer.text
    assert "云澜区，年份为2024年" in answer.text


def test_an_empty_index_refuses(data: Path, quick_encoder: Encoder) -> None:
    """Before the first ingest the answer is a refusal that says what to type."""
    answer = ask(Retriever(data, quick_encoder), "组织学法多少次？")
    assert Status.UNANSWERABLE_EMPTY_INDEX == answer.status
    assert "python -m ingest" in answer.text


def test_several_years_are_answered_one_by_one(hold: Hold) -> None:
    """Each year that is asked has its line and mark, and one that is not held is named."""
    retriever = hold(
        {
            f"{year}_云澜区_政府工作报告.txt": f"{year}年云澜区政府工作报告\n一、回顾\n全区组织学法{year - 2000}次。\n"
            for year in (2022, 2023, 2024)
        }
    )
    answer = ask(retriever, "云澜区2021年、2022年和2024年政府工作报告里组织学法多少次？")
    assert [
        "云澜区2022年：全区组织学法22次。[1]",
        "云澜区2024年：全区组织学法24次。[2]",
        "云澜区2021年：没有在库中文件里找到。",
    ] == answer.text.split("\n")


def test_no_year_takes_the_newest_and_says_so(hold: Hold) -> None:
    """Where no year is named the newest report answers, and its year is said and cited."""
    retriever = hold(
        {
            f"{year}_云澜区_政府工作报告.txt": f"{year}年云澜区政府工作报告\n一、回顾\n全区组织学法{year - 2000}次。\n"
            for year in (2022, 2024)
        }
    )
    answer = ask(retriever, "云澜区组织学法多少次？")
    assert "24次" in answer.text
    assert "2024年" in answer.text
    assert any("2024年" in citation.quote for citation in answer.citations)


def test_follow_up(hold: Hold) -> None:
    """A follow-up is answered with what it takes from the question before."""
    retriever = hold(
        {
            f"{year}_云澜区_政府工作报告.txt": f"{year}年云澜区政府工作报告\n一、回顾\n全区组织学法{year - 2000}次。\n"
            for year in (2022, 2024)
        }
    )
    answer = ask(retriever, "2022年的报告呢？", "2024年云澜区政府工作报告里组织学法多少次？")
    assert "22次" in answer.text


FERRIES = {
    "2024_云澜区_政府工作报告.txt": "2024年云澜区政府工作报告\n一、2023年工作回顾\n全区渡船平稳载客9万人次。\n",
    "2024_望舒市_政府工作报告.txt": "2024年望舒市政府工作报告\n一、2023年工作回顾\n全市渡船平稳载客12万人次。\n",
    "2024_松月县_政府工作报告.txt": "2024年松月县政府工作报告\n一、2023年工作回顾\n"
    "渡船夜游吸引30万人次。全县渡船平稳载客4万人次。\n",
}


def test_a_part_by_itself_takes_what_comes_first(hold: Hold) -> None:
    """Of two indicators that say as much of what is asked, the first of the report answers."""
    answer = ask(hold(FERRIES), "松月县2024年政府工作报告里渡船多少人次？")
    assert "30万人次" in answer.text


@pytest.mark.parametrize("issuers", ["云澜区、望舒市、松月县", "松月县、云澜区、望舒市", "松月县、望舒市"])
def test_the_parts_of_a_question_agree(issuers: str, hold: Hold) -> None:
    """Where several are asked for one indicator, a report that has two takes the one that the others take."""
    answer = ask(hold(FERRIES), f"{issuers}2024年政府工作报告里渡船多少人次？")
    [line] = [line for line in answer.text.split("\n") if line.startswith("松月县")]
    assert "4万人次" in line
    assert "30万人次" not in answer.text


def test_likeness_is_asked_of_the_default_encoder_only(data: Path, encoder: Encoder, quick_encoder: Encoder) -> None:
    """Answers are judged on the scale of the default encoder: with another one likeness decides nothing."""
    assert (True, False) == (
        Retriever(data, encoder).has_calibrated_likeness,
        Retriever(data, quick_encoder).has_calibrated_likeness,
    )


@pytest.mark.parametrize(
    "question",
    [
        "云澜区2023年新建了多少所幼儿园？",
        "云澜区2024年计划改造多少个老旧小区？",
        "云澜区组织学法多少次？",
        "云澜区普法进了哪些地方？",
        "云澜区的区花是什么花？",
        "云澜区2024年渡船添了多少艘？",
    ],
)
def test_other_encoders_do_not_change_an_answer(question: str, folder: Path, run: Synchronise, tmp_path: Path) -> None:
    """With encoders that know nothing of meaning the wording decides, and so each gives the same answer."""
    (folder / "2024_云澜区_政府工作报告.txt").write_text(REPORT, encoding="utf-8")
    answers = []
    for seed in (1, 2):
        other = Encoder(save_quick_encoder(tmp_path / f"model{seed}", seed=seed))
        run(folder, into=tmp_path / f"data{seed}", encoder=other)
        answers.append(ask(Retriever(tmp_path / f"data{seed}", other), question))
    one, another = answers
    assert (one.status, one.text) == (another.status, another.text)


def test_everyday_words_are_forgiven_by_likeness_only(hold: Hold) -> None:
    """What is asked in everyday words and said in others is believed where it is alike, not by its wording."""
    text = "2024年云澜区政府工作报告\n一、2023年工作回顾\n替船员要回9万元。\n"
    retriever = hold({"2024_云澜区_政府工作报告.txt": text})
    plan = plan_query("云澜区被拖工资的船员讨薪讨回多少元？", (), retriever.gazetteer())
    found = [retriever.retrieve(plan, part, num_hits=8) for part in plan.scope.parts]

    class Alike(Retriever):
        """The same documents, all of whose statements are so alike to any question."""

        def __init__(self, cosine: float | None) -> None:
            super().__init__(retriever.index.folder.parent, retriever.encoder)
            self.cosine = cosine

        @property
        def has_calibrated_likeness(self) -> bool:
            return self.cosine is not None

        def likeness(self, text: str, others: Sequence[str]) -> list[float]:
            return [self.cosine or 0.0] * len(others)

    def clauses(cosine: float | None) -> list[str]:
        [selection] = decide(plan, read(plan, found, Alike(cosine), Judge(retriever.encoder), 8))
        return [clause.text for clause in selection.clauses]

    assert ["替船员要回9万元。"] == clauses(1.0)
    assert [] == clauses(0.0)
    assert [] == clauses(None)


@pytest.mark.parametrize(("words", "question"), [("空", "  "), ("最多 100", "学法" * 60)], ids=["empty", "too long"])
def test_bad_questions_are_errors_that_say_why(words: str, question: str, report: Retriever) -> None:
    """A question that cannot be asked is an error with its reason, not a refusal."""
    answer = ask(report, question)
    assert Status.ERROR_QUESTION == answer.status
    assert words in answer.text


def test_another_encoder_is_an_error_that_says_what_to_type(report: Retriever, data: Path, tmp_path: Path) -> None:
    """With another encoder than the index has, the answer is an error with the command."""
    answer = ask(Retriever(data, Encoder(save_quick_encoder(tmp_path / "m", seed=1))), "云澜区组织学法多少次？")
    assert Status.ERROR_ENCODER == answer.status
    assert "python -m ingest" in answer.text


def test_a_broken_index_is_an_error_that_says_what_to_type(
    report: Retriever, data: Path, quick_encoder: Encoder
) -> None:
    """With a damaged index the answer is an error with the command."""
    (data / "index" / "000001" / "generation.json").write_text("{")
    answer = ask(Retriever(data, quick_encoder), "云澜区组织学法多少次？")
    assert Status.ERROR_INDEX == answer.status
    assert "doctor" in answer.text


def cite(quote: str) -> Citation:
    document = Document(
        id=1, sources=("/a",), made_by="1", name="a", sha256="", metadata=Metadata(title="报告"), num_passages=1
    )
    passage = Passage(text=quote, heading=(), start=0, end=len(quote))
    return Citation(
        marker=1, document=document, heading=(), page=None, quote=quote, start=0, end=len(quote), passage=passage
    )


@pytest.mark.parametrize(
    "text",
    ["全区组织学法17次。", "学法十七次，合格率99.8%。", "学法17 次，投入12000元。", "投入1.2万元，1,108项。"],
)
def test_figures_of_the_quote_may_be_said_in_any_spelling(text: str) -> None:
    """A figure that stands in the quote passes, in whatever spelling."""
    assert [] == unfounded(text, [cite("全年组织学法17次，合格率99.8％，投入1.2万元，办理1108项。")])


@pytest.mark.parametrize("text", ["学法18次。", "学法17件。", "合格率99.7%。", "投入1.2亿元。", "办理1180项。"])
def test_a_line_with_another_figure_is_struck(text: str) -> None:
    """A line that states a figure which its quote does not is not said, and its citation goes with it."""
    quote = cite("全年组织学法17次，合格率99.8％，投入1.2万元，办理1108项。")
    checked = check(Composition(lines=(AnswerLine(text=text, citations=(quote,)),), notes=(AnswerLine(text="注。"),)))
    assert ((), (), 1) == (checked.lines, checked.citations, len(checked.struck))


@pytest.mark.parametrize(
    "question",
    [
        "滨海新区政务服务办2024年组织学法多少次？",
        "云澜区司法局2022年到2024年组织学法次数分别是多少？",
        "云澜区食品经营许可证承诺几个工作日办结？",
        "云澜区司法局有哪些普法举措？",
        "云澜区2024年的地区生产总值是多少？",
        "组织学法多少次？",
    ],
)
def test_laws_of_every_answer(question: str, corpus_answerer: Answerer) -> None:
    """Over the sample corpus: quotes stand at their spans, figures in the quotes of their line, refusals cite nothing."""
    answer = corpus_answerer.answer(question)
    assert not answer.status.is_error
    assert answer.status.refuses == (not answer.citations)
    for citation in answer.citations:
        text = corpus_answerer.retriever.catalogue.text(citation.document.id)
        assert citation.quote == text[citation.start : citation.end]
    if answer.status.refuses:
        assert {LineRole.REPLY} == {line.role for line in answer.lines}
    for line in answer.lines if answer.status is Status.ANSWERED else ():
        assert set(line.citations) <= set(answer.citations)
        for figure in figures(line.text) if line.role is LineRole.STATEMENT else ():
            assert any(stands_in(figure, citation.quote) for citation in line.citations)


def test_several_questions_at_once(report: Retriever) -> None:
    """Each is answered under its own words with its own mark, and what is not held is said."""
    answer = ask(report, "云澜区组织学法多少次？改造了多少个老旧小区？发射了多少颗卫星？")
    assert Status.ANSWERED == answer.status
    asked = [number for number, line in enumerate(answer.lines) if line.role is LineRole.QUESTION]
    assert 3 == len(asked)
    assert "十七次" in answer.lines[asked[0] + 1].text
    assert "21个" in answer.lines[asked[1] + 1].text
    assert (LineRole.NOTE, "没有在库中文件里找到。") == (answer.lines[-1].role, answer.lines[-1].text)
    assert len(answer.evidence) <= 8
    for citation in answer.citations:
        assert f"[{citation.marker}]" in answer.text
        evidence = next(one for one in answer.evidence if one.marker == citation.marker)
        assert citation.quote in evidence.hit.passage.text


def test_one_question_and_its_comparison() -> None:
    """谁最多 behind a question is no question of its own."""
    assert [] == at_once("云澜区和望舒区2024年各新建多少所学校？谁最多？", Gazetteer(()))
    assert 2 == len(at_once("云澜区2024年新建多少所学校？投资多少万元？", Gazetteer(())))


@pytest.mark.parametrize("told", ["超760万吨", "760万吨以上", "760多万吨"])
def test_rough_figures_are_not_compared(told: str, hold: Hold) -> None:
    """What is only about a figure gives no difference and no order."""
    retriever = hold(
        {
            "2024_云澜区_政府工作报告.txt": "2024年云澜区政府工作报告\n一、2023年工作回顾\n渡口货运量达到800万吨。",
            "2024_望舒市_政府工作报告.txt": f"2024年望舒市政府工作报告\n一、2023年工作回顾\n渡口货运量达到{told}。",
        }
    )
    rough = ask(retriever, "云澜区和望舒市2023年渡口货运量相差多少万吨？")
    assert (Status.ANSWERED, ()) == (rough.status, rough.computed)
    assert "由以上数字" not in rough.text


def test_a_difference_is_computed_and_said_to_be(hold: Hold) -> None:
    """Two figures of one unit give their difference, with both as operands; no quote states it."""
    retriever = hold(
        {
            "2024_云澜区_政府工作报告.txt": "2024年云澜区政府工作报告\n一、2023年工作回顾\n渡口货运量达到800万吨。",
            "2024_望舒市_政府工作报告.txt": "2024年望舒市政府工作报告\n一、2023年工作回顾\n渡口货运量达到760万吨。",
        }
    )
    answer = ask(retriever, "云澜区和望舒市2023年渡口货运量相差多少万吨？")
    [step] = answer.computed
    assert ("40万吨", "difference", ("800万吨", "760万吨")) == (step.figure, step.operation, step.operands)
    assert "由以上数字计算：望舒市2023年比云澜区2023年低40万吨。[1][2]" in answer.text
    ordered = ask(retriever, "云澜区和望舒市2023年渡口货运量各是多少万吨？谁更多？")
    assert "云澜区2023年（800万吨）＞望舒市2023年（760万吨）" in ordered.text


def test_several_parts_are_a_table(hold: Hold) -> None:
    """Figures of several issuers stand in rows, each as its quote has it; what is not held has a row, too."""
    retriever = hold(
        {
            "2024_云澜区_政府工作报告.txt": "2024年云澜区政府工作报告\n一、2023年工作回顾\n渡口货运量增长5.4%。",
            "2024_望舒市_政府工作报告.txt": "2024年望舒市政府工作报告\n一、2023年工作回顾\n渡口货运量增长4%左右。",
        }
    )
    answer = ask(retriever, "2022年、2023年云澜区和望舒市渡口货运量增长百分之几？")
    assert [
        ("云澜区2023年", "增长5.4%", 1),
        ("望舒市2023年", "增长4%左右", 2),
        ("云澜区2022年", "", None),
        ("望舒市2022年", "", None),
    ] == [(str(row.label), row.figure, row.marker) for row in answer.table]
    for row in answer.table[:2]:
        assert row.figure in row.words
        assert any(row.words in citation.quote for citation in answer.citations if citation.marker == row.marker)
    assert () == ask(retriever, "云澜区渡口货运量增长百分之几？").table


NEAR = """2024年云澜区政府工作报告
一、“十四五”以来和2023年工作回顾
五年来，城镇新增就业6.1万人。
二、2023年工作回顾
渡口货运量达到800万吨。其中，对外贸易货运量达到90万吨。单位能耗下降14%。青岚镇新建茶园300亩。
三、2024年主要任务
渡口货运量达到850万吨。到2030年，人均预期寿命达到82岁。
"""


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("云澜区2023年渡口货运量达到多少万吨？", "800万吨"),
        ("云澜区2024年渡口货运量达到多少万吨？", "850万吨"),
        ("云澜区2023年全年城镇新增就业多少万人？", None),
        ("云澜区2023年单位能耗增长多少？", None),
        ("云澜区现在的人均预期寿命是多少岁？", None),
        ("云澜区2030年人均预期寿命达到多少岁？", None),
        ("青岚镇新建茶园多少亩？", "300亩"),
        ("青岛市渡口货运量达到多少万吨？", None),
    ],
    ids=[
        "the whole, not a part",
        "the plan of the year",
        "five years for one",
        "a fall for a growth",
        "a year ahead",
        "a year that no document is of",
        "a place within",
        "a city that is not held",
    ],
)
def test_near_misses(question: str, answer: str | None, hold: Hold) -> None:
    """What is of another year, another place, or a part is no answer, however alike the words are."""
    given = ask(hold({"2024_云澜区_政府工作报告.txt": NEAR}), question)
    assert (answer is not None) == (Status.ANSWERED == given.status), given.text
    assert answer is None or answer in given.text


def test_the_year_is_said_where_the_question_leaves_it_open(hold: Hold) -> None:
    """No year, or one that is counted from the newest report, is told with the words that name it."""
    retriever = hold({"2024_云澜区_政府工作报告.txt": NEAR})
    for question, said in (
        ("云澜区渡口货运量达到多少万吨？", "问题没有指明年份，以上取自2024年的文件。"),
        ("云澜区去年渡口货运量达到多少万吨？", "问题中的“去年”按库中最新的文件推算，以上为2023年。"),
    ):
        answer = ask(retriever, question)
        assert said in answer.text
        assert any(said[-9:-1].strip("的文件以上为取自") in citation.quote for citation in answer.citations)
    assert "年份" not in ask(retriever, "云澜区2023年渡口货运量达到多少万吨？").text


def test_the_same_for_another_year_at_once() -> None:
    """2022年呢 behind a question asks the same for that year."""
    asked = at_once("云澜区2023年渡口货运量是多少万吨？2022年呢？", Gazetteer(()))
    assert 2 == len(asked)
    assert "2022年" in asked[1]
    assert "渡口货运量" in asked[1]


def test_this_year_behind_last_year(hold: Hold) -> None:
    """今年 behind a question of 去年 is another year, and takes its place."""
    gazetteer = hold({"2024_云澜区_政府工作报告.txt": NEAR}).gazetteer()
    question = plan_query("今年还计划达到多少", ["云澜区去年渡口货运量达到多少万吨？"], gazetteer)
    assert (2024,) == question.scope.years


TOLD = """2024年云澜区政府工作报告
一、2023年工作回顾
渡口货运量达到800万吨，增长5.4%。粮食产量12万吨，油料产量3万吨。设立青年驿站6家。
（一）扎实推进交通建设。新建码头2座。
（二）扎实推进普法工作。组织学法十七次。
二、2024年主要任务
（一）建设智慧港口。
名词解释
1.“青年驿站”：指为来云澜区求职的青年提供的免费住处；住处由街道设立。
"""


@pytest.fixture
def told(hold: Hold) -> Retriever:
    return hold({"2024_云澜区_政府工作报告.txt": TOLD})


@pytest.mark.parametrize(
    ("begins", "question"),
    [
        ("是。", "云澜区2023年渡口货运量增长超过5%了吗？"),
        ("否。", "云澜区2023年渡口货运量增长超过6%了吗？"),
        ("否。", "云澜区2023年渡口货运量不到800万吨吗？"),
        ("有。", "云澜区2023年有没有设立青年驿站？"),
        ("设立青年驿站", "云澜区2023年是否没有设立青年驿站？"),
    ],
    ids=["above", "not above", "not below", "said", "a negation decides nothing"],
)
def test_yes_and_no(begins: str, question: str, told: Retriever) -> None:
    """Yes or no is said where a firm figure or the very words decide it, always with the sentence."""
    answer = ask(told, question)
    assert answer.text.startswith(begins), answer.text
    assert answer.citations


@pytest.mark.parametrize("question", ["什么是青年驿站？", "“青年驿站”是什么意思？", "云澜区的青年驿站指的是什么？"])
def test_a_definition(question: str, told: Retriever) -> None:
    """What something is is answered by the whole note that says so, and not by a sentence that only uses the word."""
    assert "指为来云澜区求职的青年提供的免费住处；住处由街道设立。[1]" in ask(told, question).text
    assert Status.UNANSWERABLE_NOT_STATED == ask(told, "什么是智慧港口？").status


def test_two_figures_at_once(told: Retriever) -> None:
    """粮食和油料产量各多少 is answered for both, and what is not held is said."""
    answer = ask(told, "云澜区2023年粮食和油料产量各是多少万吨？")
    assert "12万吨" in answer.text
    assert "3万吨" in answer.text
    assert ["云澜区2023年粮食产量是多少万吨?", "云澜区2023年茶叶产量是多少万吨?"] == at_once(
        "云澜区2023年粮食和茶叶产量各是多少万吨？", told.gazetteer()
    )
    assert ["云澜区2023年城镇新增就业目标是多少", "云澜区2023年失业率目标是多少"] == at_once(
        "云澜区2023年城镇新增就业和失业率目标分别是多少", told.gazetteer()
    )
    assert [] == at_once("云澜区2022年和2023年粮食产量各是多少？", told.gazetteer())


def test_a_summary_is_the_outline(told: Retriever) -> None:
    """What a report tells as a whole is told by its headings, each with its mark."""
    answer = ask(told, "云澜区2024年政府工作报告讲了什么？")
    lines = answer.text.splitlines()
    assert lines[0].startswith("一、2023年工作回顾")
    assert any("扎实推进普法工作" in line for line in lines)
    assert any(line.startswith("二、2024年主要任务") for line in lines)
    assert all(re.search(r"\[\d+\]$", line) for line in lines)


def test_a_result_before_a_plan(hold: Hold) -> None:
    """Of a year that one report plans and the next tells of, the result answers, where neither is asked for."""
    retriever = hold(
        {
            "2023_云澜区_政府工作报告.txt": "2023年云澜区政府工作报告\n一、2023年工作安排\n渡口货运量达到850万吨。",
            "2024_云澜区_政府工作报告.txt": "2024年云澜区政府工作报告\n一、2023年工作回顾\n渡口货运量达到800万吨。",
        }
    )
    assert "800万吨" in ask(retriever, "云澜区2023年渡口货运量是多少万吨？").text
    assert "850万吨" in ask(retriever, "2023年云澜区政府工作报告里，渡口货运量是多少万吨？").text


def test_a_refusal_says_where_to_ask(report: Retriever) -> None:
    """The issuer that is named and held, and the contact that is set; a place that is not held is no issuer to ask."""
    answerer = Answerer(report, num_evidence=8, question_characters=100, contact="云澜热线")
    stated = answerer.answer("云澜区2023年发射了多少颗卫星？")
    assert Status.UNANSWERABLE_NOT_STATED == stated.status
    assert "可以向发文单位（云澜区）或云澜热线询问。" in stated.text
    elsewhere = answerer.answer("青岛市改造了多少个老旧小区？")
    assert Status.UNANSWERABLE_OTHER_ISSUER == elsewhere.status
    assert "库中没有青岛的文件" in elsewhere.text
    assert "可以向云澜热线询问。" in elsewhere.text
    assert "询问" not in ask(report, "青岛市改造了多少个老旧小区？").text


def test_a_question_is_kept_to_what_the_reader_chose(hold: Hold) -> None:
    """Of two reports that answer only the chosen one is quoted; what it lacks is refused, and the choice is said."""
    both = hold(
        {
            "2023_云澜区_政府工作报告.txt": REPORT.replace("2024", "2023")
            .replace("6所", "9所")
            .replace("十七次", "五次"),
            "2024_云澜区_政府工作报告.txt": REPORT,
            "2024_临海区_政府工作报告.txt": "2024年临海区政府工作报告\n改造渡口3个。\n",
        }
    )
    answerer = Answerer(both, num_evidence=8, question_characters=100)
    older = answerer.answer("组织学法多少次？", within=Within(years=(2023,)))
    assert "五次" in older.text
    assert {2023} == {citation.document.metadata.year for citation in older.citations}
    lacking = answerer.answer("组织学法多少次？", within=Within(issuers=("临海区",)))
    assert lacking.status.refuses
    assert "所选范围内" in lacking.text
    named = answerer.answer("云澜区组织学法多少次？", within=Within(issuers=("临海区",)))
    assert Status.UNANSWERABLE_OTHER_ISSUER == named.status
    assert "所选范围内没有云澜区的文件" in named.text
    assert "所选范围内共有1份文件" in named.text
