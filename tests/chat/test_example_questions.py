"""Example questions: what they are made from, and that each one is answered."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kb.answering import Answerer
from kb.chat.example_questions import ExampleQuestions, candidates, example_questions
from kb.search.encoder import Encoder
from kb.search.retriever import Retriever
from kb.storage.catalogue import Catalogue
from kb.types import Document, Passage, Status
from tests.answers import document_of


def document(**metadata: object) -> Document:
    """A report of 2024, or what `metadata` makes of it."""
    known = {"title": "云澜区司法局2024年度报告", "issuer": "云澜区司法局", "region": "云澜区", "reporting_year": 2024}
    return document_of(**{**known, **metadata})


def questions(text: str, *, heading: tuple[str, ...] = (), **metadata: object) -> list[str]:
    """The questions that a passage of such a document makes."""
    passage = Passage(text=text, heading=heading, start=100, end=100 + len(text))
    return [candidate.question for candidate in candidates(document(**metadata), [passage])]


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        pytest.param("云澜区司法局2024年组织学法多少次？", "2024年共组织学法17次。", id="year-and-count"),
        pytest.param(
            "云澜区司法局2024年办理法律援助案件多少件？", "办理法律援助案件301件，比上年增长17.6%。", id="begins"
        ),
        pytest.param("云澜区2024年公职律师增至多少名？", "年末全区公职律师增至8名。", id="everywhere"),
        pytest.param("云澜区司法局2024年人民调解成功率是多少？", "人民调解成功率达到98.1%。", id="share"),
        pytest.param("云澜区司法局2024年发放救助资金多少万元？", "全年发放救助资金1,163万元。", id="money"),
    ],
)
def test_clause_becomes_question(question: str, clause: str) -> None:
    """A clause with one figure at its end becomes a question that stands by itself."""
    assert [question] == questions(clause)


@pytest.mark.parametrize(
    "clause",
    [
        pytest.param("其中农民工讨薪案件128件。", id="of-which"),
        pytest.param("同比增长新增就业岗位300个。", id="compared"),
        pytest.param("政务服务“好差评”满意率99.6%。", id="quotation-marks"),
        pytest.param("他们提出的修改建议共203条。", id="pronoun"),
        pytest.param("开展普法活动不少于150场。", id="planned"),
        pytest.param("免罚清单总数由36项增加到52项。", id="two-figures"),
        pytest.param("公布清理目录，提出修改意见203条。", id="leans-on-what-is-before"),
        pytest.param("办结81件。", id="too-short"),
        pytest.param("2023年组织学法活动12次。", id="other-year"),
        pytest.param("平均办理用时压缩至38日。", id="days"),
    ],
)
def test_clumsy_clause_makes_no_question(clause: str) -> None:
    """A clause that leans on other words, or says too little, makes no question."""
    assert [] == questions(clause)


def test_plans_make_no_question() -> None:
    """What stands under a heading of another year is no work of the reporting year."""
    assert [] == questions("组织专题学法活动16次。", heading=("四、2025年工作安排",))


def test_heading_of_guide_becomes_question() -> None:
    """The headings of a guide that people ask for become questions about it."""
    heading = ("六、承诺办结时限",)
    assert ["优待证的承诺办结时限是多少？"] == questions("3个工作日", heading=heading, title="优待证办事指南")


def test_candidate_spans_its_figure() -> None:
    """The span of a candidate is where the figure stands in the document's text."""
    text = "全年开展普法活动138场。"
    passage = Passage(text=text, heading=(), start=100, end=100 + len(text))
    (candidate,) = candidates(document(), [passage])
    assert "138场" == text[candidate.start - 100 : candidate.end - 100]


def test_examples_are_answered(corpus_answerer: Answerer) -> None:
    """Every example is short, and its answer quotes a document."""
    examples = example_questions(corpus_answerer)
    assert 4 == len(set(examples))
    assert 30 >= max(map(len, examples))
    assert {Status.ANSWERED} == {corpus_answerer.answer(question).status for question in examples}


def test_examples_are_spread(corpus_answerer: Answerer) -> None:
    """The first two examples come from different documents."""
    first, second = example_questions(corpus_answerer, number=2)
    cited = [corpus_answerer.answer(question).citations[0].document.id for question in (first, second)]
    assert 2 == len(set(cited))


def test_examples_are_the_same_every_time(corpus_answerer: Answerer) -> None:
    """The examples change with what is held and with nothing else."""
    assert example_questions(corpus_answerer) == ExampleQuestions(corpus_answerer)()


def test_empty_index_has_no_examples(tmp_path: Path, quick_encoder: Encoder) -> None:
    """Where nothing is held there is nothing to ask, and no error."""
    answerer = Answerer(Retriever(tmp_path, quick_encoder), num_evidence=8, question_characters=500)
    assert [] == ExampleQuestions(answerer)()


def test_index_of_another_encoder_has_no_examples(quick_corpus_data: Path) -> None:
    """Where the index cannot be asked there are no examples; the reader meets the error as an answer."""
    answerer = Answerer(Retriever(quick_corpus_data, Encoder()), num_evidence=8, question_characters=500)
    assert [] == ExampleQuestions(answerer)()


def test_examples_are_kept_for_the_next_start(quick_corpus_data: Path, tmp_path: Path, quick_encoder: Encoder) -> None:
    """A fresh start shows them without the encoder; where what is held is not the same any more they are made anew."""
    data = shutil.copytree(quick_corpus_data, tmp_path / "data")
    kept = data / "examples.json"

    def start(encoder: Encoder) -> ExampleQuestions:
        return ExampleQuestions(Answerer(Retriever(data, encoder), num_evidence=8, question_characters=500), kept)

    made = start(quick_encoder)()
    assert [question for question in made if "滨海新区" in question]
    asleep = Encoder(quick_encoder.name)
    assert made == start(asleep)()
    assert not asleep.is_loaded
    with Catalogue(data / "catalogue.sqlite3") as catalogue:
        catalogue.withdraw(next(one.id for one in catalogue.documents() if "滨海新区" in one.name))
    other = start(quick_encoder)()
    assert other
    assert not [question for question in other if "滨海新区" in question]
    kept.write_text("{", encoding="utf-8")
    assert other == start(quick_encoder)()
