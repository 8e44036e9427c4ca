"""Laws that hold for every document and every question: over the sample corpus, and over a larger set where it is."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path

import pytest

from kb.answering import Answerer
from kb.chat.json_fields import answer_fields
from kb.chinese.figures import figures
from kb.chinese.text import sentences
from kb.evaluation import evaluate
from kb.evaluation.documents import CatalogueTexts, FolderTexts
from kb.evaluation.lines import KnownQuestion, given_answer, read_questions
from kb.evaluation.report import EvaluationReport
from kb.search.encoder import Encoder
from kb.search.retriever import Retriever
from kb.storage.catalogue import Catalogue
from kb.types import Answer
from tests import CORPUS, SHARED
from tests.conftest import synchronise_into

REPORTS, QUESTIONS = SHARED / "reports", SHARED / "eval" / "report_questions.jsonl"
MANY = pytest.param(
    "reports",
    marks=[
        pytest.mark.slow,
        pytest.mark.skipif(
            not (REPORTS.is_dir() and QUESTIONS.is_file()), reason="the reports and questions, ../shared, are not here"
        ),
    ],
)


def asked_back(catalogue: Catalogue) -> Iterator[KnownQuestion]:
    """For each sentence of the documents with one figure: what stands in its place? And what none of them states."""
    for document in catalogue.documents():
        for stored in catalogue.passages_of(document.id):
            text = stored.passage.text
            for sentence in (text[start:end] for start, end in sentences(text)):
                found = figures(sentence)
                if len(found) == 1 and found[0].unit not in ("", "年", "条") and 12 <= len(sentence) < 60:
                    figure = found[0]
                    gap = f"{sentence[: figure.start]}多少{figure.unit}{sentence[figure.end :]}".strip("。；;\n ")
                    yield KnownQuestion(
                        id=f"{document.name}:{stored.passage.start}:{sentence}",
                        kind="fact",
                        text=f"{document.metadata.title}：{gap}？",
                        answerable=True,
                        gold=((figure.text,),),
                        docs=(document.name,),
                    )
        for matter in ("海水淡化产量是多少万吨", "发射了多少颗卫星"):
            asked = f"{document.metadata.title}：{matter}？"
            yield KnownQuestion(id=f"{document.name}:{matter}", kind="not_stated", text=asked, answerable=False)


@dataclass(frozen=True)
class Library:
    """Documents that are held, and questions on them, answered by their wording alone."""

    folder: Path
    data: Path
    encoder: Encoder
    known: Sequence[KnownQuestion]  # none where they are made of the documents

    def answerer(self) -> Answerer:
        """An answerer that has answered nothing yet."""
        return Answerer(Retriever(self.data, self.encoder), num_evidence=8, question_characters=500)

    def catalogue(self) -> Catalogue:
        return Catalogue(self.data / "catalogue.sqlite3")

    @cached_property
    def questions(self) -> Sequence[KnownQuestion]:
        with self.catalogue() as catalogue:
            return self.known or list(asked_back(catalogue))

    @cached_property
    def answers(self) -> dict[str, Answer]:
        """By the ids of their questions."""
        answerer = self.answerer()
        return {question.id: answerer.answer(question.text, question.history) for question in self.questions}

    @cached_property
    def report(self) -> EvaluationReport:
        given = {id_: given_answer(answer_fields(id_, answer)) for id_, answer in self.answers.items()}
        with self.catalogue() as catalogue:
            texts = FolderTexts(self.folder) if self.known else CatalogueTexts(catalogue)
            return evaluate(self.questions, given, texts)


@pytest.fixture(scope="module", params=["corpus", MANY])
def library(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, quick_encoder: Encoder
) -> Library:
    library = tmp_path_factory.mktemp("library")
    folder = Path(shutil.copytree(REPORTS if request.param == "reports" else CORPUS, library / "documents"))
    assert {} == synchronise_into(library / "data", folder, encoder=quick_encoder).refused
    known = read_questions(QUESTIONS) if request.param == "reports" else ()
    return Library(folder, library / "data", quick_encoder, known)


def as_shown(answer: Answer) -> tuple[object, ...]:
    """What of an answer a reader sees."""
    cited = [(citation.marker, citation.document.name, citation.start, citation.quote) for citation in answer.citations]
    return answer.status, answer.text, cited


# Documents --------------------------------------------------------------------------------------------------------


def test_passages_rejoin_to_the_text(library: Library) -> None:
    """The passages of a document, each at its span, with the line breaks between them, are its text."""
    with library.catalogue() as catalogue:
        for document in catalogue.documents():
            text, rejoined = catalogue.text(document.id), ""
            for stored in catalogue.passages_of(document.id):
                rejoined += "\n" * (stored.passage.start - len(rejoined)) + stored.passage.text
                assert len(rejoined) == stored.passage.end, document.name
            assert text == rejoined, document.name


def test_synchronising_twice_changes_nothing(library: Library, tmp_path: Path) -> None:
    """All files are skipped, nothing is embedded, and the same snapshot is current."""
    data = shutil.copytree(library.data, tmp_path / "data")
    current = data / "index" / "current"
    before = current.read_bytes()
    with Catalogue(data / "catalogue.sqlite3") as catalogue:
        state, documents = catalogue.state, catalogue.documents()
        report = synchronise_into(data, library.folder, encoder=library.encoder)
        assert (len(documents), 0) == (len(report.skipped), report.num_embedded)
        assert (state, documents) == (catalogue.state, catalogue.documents())
    assert before == current.read_bytes()


def test_a_document_is_found_by_its_own_title(library: Library) -> None:
    """Among the first hits for a title is a document of that title."""
    retriever = library.answerer().retriever
    with library.catalogue() as catalogue:
        titles = {document.metadata.title for document in catalogue.documents()}
    for title in titles:
        assert title in {hit.document.metadata.title for hit in retriever.search(title, num_results=10)}


# Answers ----------------------------------------------------------------------------------------------------------


def test_every_quote_stands_at_its_span(library: Library) -> None:
    """In the text of its document, within the passage that it was taken from."""
    with library.catalogue() as catalogue:
        for answer in library.answers.values():
            for citation in answer.citations:
                text = catalogue.text(citation.document.id)
                assert citation.quote == text[citation.start : citation.end]
                assert citation.quote in citation.passage.text
            for evidence in answer.evidence:
                passage = evidence.hit.passage
                assert passage.text == catalogue.text(evidence.hit.document.id)[passage.start : passage.end]


def test_an_answer_quotes_and_a_refusal_does_not(library: Library) -> None:
    """Whatever is answered has a quote; what is refused has none, and says why."""
    for answer in library.answers.values():
        assert answer.status.refuses is not bool(answer.citations)
        assert answer.text


def test_asking_twice_gives_the_same(library: Library) -> None:
    """And so does another answerer, whatever it answered before."""
    another = library.answerer()
    for question in islice(reversed(library.questions), 30):
        again = another.answer(question.text, question.history)
        assert as_shown(library.answers[question.id]) == as_shown(again), question.text


def test_an_empty_index_refuses(library: Library, data: Path) -> None:
    """Where nothing is held, nothing is answered."""
    empty = Answerer(Retriever(data, library.encoder), num_evidence=8, question_characters=500)
    for question in islice(library.questions, 30):
        answer = empty.answer(question.text, question.history)
        assert (True, ()) == (answer.status.refuses, answer.citations)


def test_what_is_gone_is_quoted_no_more(library: Library, tmp_path: Path) -> None:
    """Once the file that was quoted most is gone no answer quotes it."""
    quoted = Counter(cited.document.name for answer in library.answers.values() for cited in answer.citations)
    [(gone, _)] = quoted.most_common(1)
    data = shutil.copytree(library.data, tmp_path / "data")
    kept = shutil.copytree(library.folder, tmp_path / "kept")
    (library.folder / gone).unlink()
    try:
        assert 1 == len(synchronise_into(data, library.folder, encoder=library.encoder).removed)
    finally:
        shutil.copy2(kept / gone, library.folder)
    answerer = Answerer(Retriever(data, library.encoder), num_evidence=8, question_characters=500)
    for question in islice((question for question in library.questions if gone in question.docs), 20):
        answer = answerer.answer(question.text, question.history)
        assert gone not in {evidence.hit.document.name for evidence in answer.evidence}
        assert gone not in {citation.document.name for citation in answer.citations}


@pytest.mark.parametrize("measure", ["untraced", "false_quote", "uncited", "errors"])
def test_never(measure: str, library: Library) -> None:
    """No figure without a quote that states it, no quote that its file does not hold, no answer without a quote."""
    assert 0 == library.report.figures[measure]


def test_wording_alone_answers_most(library: Library) -> None:
    """Without an encoder that knows meanings most is still answered; the bounds are far from what is reached."""
    measured = library.report.figures
    assert 0.6 < (measured["accuracy"] or 0)
    assert 0.1 > (measured["wrong_figure"] or 0)


def test_what_is_not_stated_is_refused(library: Library) -> None:
    """Most questions that the documents do not answer; the bound is far from what is reached."""
    assert 0.8 < (library.report.figures["refusal"] or 0)


def test_a_table_shows_the_figures_that_are_asked_for(library: Library) -> None:
    """Of a right answer no cell shows another figure of its quote; most cells are filled."""
    right = {judged.question.id: judged.question for judged in library.report.judged if judged.verdict.right}
    cells = [(right[id_], row) for id_, answer in library.answers.items() if id_ in right for row in answer.table]
    for question, row in cells:
        wanted = {figure.value for group in question.gold for words in group for figure in figures(words)}
        assert {figure.value for figure in figures(row.figure)} <= wanted, (question.id, row)
        assert row.figure in row.words
    assert sum(bool(row.figure) for _, row in cells) >= 0.9 * len(cells)
    assert 40 < len(cells) or not library.known
