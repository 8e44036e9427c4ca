"""The public library: what a program of somebody else imports from kb."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_chroma import Chroma

import kb
from kb import Answer, Hit, KnowledgeBase, Status, Within
from kb.search.encoder import Encoder
from kb.search.langchain import EncoderEmbeddings
from kb.search.retriever import Retriever
from kb.settings import Settings, read_settings
from tests import ROOT

Hold = Callable[[dict[str, str]], Retriever]

REPORTS = {
    "2024_云澜区司法局_年度报告.txt": "2024年云澜区司法局法治政府建设年度报告\n一、主要工作\n全年组织学法17次。\n",
    "2023_云澜区司法局_年度报告.txt": "2023年云澜区司法局法治政府建设年度报告\n一、主要工作\n全年组织学法9次。\n",
}
QUESTION = "2024年云澜区司法局组织学法多少次？"


@pytest.fixture
def settings(hold: Hold) -> Settings:
    """Settings that name the quick encoder; two reports are held in its vectors."""
    return read_settings({"WENZHENG_ENCODER": hold(REPORTS).encoder.name})


@pytest.fixture
def knowledge(data: Path, settings: Settings) -> Iterator[KnowledgeBase]:
    with KnowledgeBase.open(data, settings=settings) as knowledge:
        yield knowledge


def test_importing_it_loads_nothing_heavy() -> None:
    """`import kb` brings the values and no library; its names are these."""
    program = (
        "import sys; before = set(sys.modules); import kb; "
        "print(*sorted({name.partition('.')[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names)))"
    )
    shown = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "kb" == shown.stdout.strip()
    assert {
        "Answer",
        "AnswerLine",
        "Citation",
        "Document",
        "Hit",
        "KnowledgeBase",
        "Status",
        "Within",
        "__version__",
    } == set(kb.__all__)


def test_asking(knowledge: KnowledgeBase) -> None:
    """An answer has its text, its status, and citations that name document and quote."""
    answer = knowledge.ask(QUESTION)
    assert (Status.ANSWERED, True) == (answer.status, "17次" in answer.text)
    assert ["2024_云澜区司法局_年度报告.txt"] == [citation.document.name for citation in answer.citations]
    assert "全年组织学法17次。" == answer.citations[0].quote
    assert [answer.text] == [grown.text for grown in knowledge.stream(QUESTION)]


def test_asking_further(knowledge: KnowledgeBase) -> None:
    """Earlier questions are heeded, and so are the documents that a question is kept to."""
    assert "9次" in knowledge.ask("2023年呢？", [QUESTION]).text
    assert knowledge.ask(QUESTION, within=Within(years=(2023,))).status.refuses


def test_searching(knowledge: KnowledgeBase) -> None:
    """A search gives passages, best first and no more than asked for; a retriever gives the same to LangChain."""
    [hit] = knowledge.search("2023年组织学法", limit=1)
    assert "全年组织学法9次。" in hit.passage.text
    [document] = knowledge.as_retriever(limit=1).invoke("2023年组织学法")
    assert hit.passage.text == document.page_content


def test_what_is_held(knowledge: KnowledgeBase) -> None:
    """The documents are those that are answered from, with what is known of them."""
    assert [2023, 2024] == [document.metadata.year for document in knowledge.documents()]


def test_a_folder_with_nothing_in_it(tmp_path: Path) -> None:
    """Of a folder that nothing was ingested into, all answers are refusals, and nothing is made there."""
    with KnowledgeBase.open(tmp_path / "nowhere", settings=read_settings({})) as knowledge:
        answer: Answer = knowledge.ask(QUESTION)
        assert ([], []) == (knowledge.documents(), knowledge.search(QUESTION))
    assert Status.UNANSWERABLE_EMPTY_INDEX is answer.status
    assert not (tmp_path / "nowhere").exists()


def test_a_broken_index_is_made_anew(
    data: Path, settings: Settings, quick_encoder: Encoder, caplog: pytest.LogCaptureFixture
) -> None:
    """An index that cannot be opened is built from the catalogue, and that is said in one line."""
    (data / "index" / "000001" / "generation.json").unlink()
    assert "17次" in KnowledgeBase.open(data, settings=settings).ask(QUESTION).text
    assert ["索引已损坏，已由文件库重建。"] == [record.getMessage() for record in caplog.records]


def test_a_retriever_of_ones_own(data: Path, settings: Settings) -> None:
    """The answer stands on what another retriever finds: here a vector store of LangChain's, over our own snapshot."""
    asked: list[str] = []

    class StoreRetriever(Retriever):
        def __init__(self, data: Path, encoder: Encoder) -> None:
            super().__init__(data, encoder)
            snapshot = data / "index" / (data / "index" / "current").read_text()
            self.store = Chroma("passages", EncoderEmbeddings(encoder), str(snapshot / "vectors"))

        def search(
            self,
            text: str,
            *,
            num_results: int,
            terms: str | None = None,
            documents: Collection[int] | None = None,
        ) -> list[Hit]:
            asked.append(text)
            admitted: Any = None if documents is None else {"document_id": {"$in": sorted(documents)}}
            found = self.store.similarity_search(text, k=num_results, filter=admitted)
            hits = (self.hit_at(passage.metadata["document_id"], passage.metadata["start"]) for passage in found)
            return [hit for hit in hits if hit]

    with KnowledgeBase.open(data, settings=settings, retriever=StoreRetriever) as knowledge:
        answer = knowledge.ask(QUESTION)
    assert "17次" in answer.text
    assert asked
