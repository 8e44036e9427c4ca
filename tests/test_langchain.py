"""Our parts in chains of somebody else's shape."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Any

import pytest
from langchain_chroma import Chroma
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.documents import Document
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, HumanMessage
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnablePassthrough
from langchain_core.vectorstores import InMemoryVectorStore
from langchain_text_splitters import RecursiveCharacterTextSplitter

from ingest.loader import DocumentLoader
from kb import Answer, AnswerLine, KnowledgeBase, Status
from kb.answering import Answerer
from kb.chat.runnable import Answers, answer_runnable
from kb.llm.writer import Writer
from kb.search.encoder import Encoder
from kb.search.langchain import EncoderEmbeddings, PassageRetriever
from kb.search.retriever import Retriever
from kb.settings import read_settings

Hold = Callable[[dict[str, str]], Retriever]

REPORTS = {
    "2024_云澜区司法局_法治政府建设年度报告.txt": "2024年云澜区司法局法治政府建设年度报告\n一、主要工作\n全年组织学法17次。\n",
    "2023_云澜区司法局_法治政府建设年度报告.txt": "2023年云澜区司法局法治政府建设年度报告\n一、主要工作\n全年组织学法9次。\n",
    "2024_云澜区水务局_年度报告.txt": "2024年云澜区水务局法治政府建设年度报告\n一、主要工作\n全年组织学法5次。\n",
}


def vectors_folder(data: Path) -> str:
    """The folder that a Chroma client opens, as docs/architecture.md finds it."""
    return str(data / "index" / (data / "index" / "current").read_text() / "vectors")


def words(documents: list[Document]) -> str:
    return "\n".join(document.page_content for document in documents)


def test_the_retriever_in_a_chain(hold: Hold) -> None:
    """The retriever feeds the prompt of a chain that knows nothing of ours."""
    asked: list[str] = []
    model = GenericFakeChatModel(messages=iter([AIMessage("17次")]))
    prompt = ChatPromptTemplate.from_template("{context}\n{question}")
    retriever = PassageRetriever(retriever=hold(REPORTS), num_results=3)

    def noted(value: object) -> object:
        asked.append(str(value))
        return value

    chain = (
        {"context": retriever | words, "question": RunnablePassthrough()} | prompt | noted | model | StrOutputParser()
    )
    assert "17次" == chain.invoke("2024年云澜区司法局组织学法多少次？")
    assert "组织学法17次" in asked[0] and "组织学法9次" not in asked[0] and "组织学法5次" not in asked[0]


def test_what_stands_beside_a_passage(hold: Hold) -> None:
    """A passage comes with its document's id and file name, what is known of it, its place and its score."""
    [first, *_] = PassageRetriever(retriever=hold(REPORTS)).invoke("2024年云澜区司法局组织学法多少次？")
    score = first.metadata.pop("score")
    assert 0 < score <= 1
    assert {
        "document_id",
        "document",
        "title",
        "kind",
        "issuer",
        "region",
        "year",
        "heading",
        "start",
        "end",
    } == first.metadata.keys()
    assert ("云澜区司法局", 2024, "一、主要工作") == tuple(first.metadata[key] for key in ("issuer", "year", "heading"))


def test_the_encoder_in_a_vector_store(quick_encoder: Encoder) -> None:
    """A vector store of LangChain's own takes our encoder as its embeddings."""
    store = InMemoryVectorStore(embedding=EncoderEmbeddings(quick_encoder))
    store.add_texts(["全年组织学法17次。", "办理法律援助案件301件。"])
    [found] = store.similarity_search("组织学法多少次", k=1)
    assert "全年组织学法17次。" == found.page_content


def test_a_snapshot_in_chroma(hold: Hold, data: Path, quick_encoder: Encoder) -> None:
    """langchain_chroma opens a snapshot: readable passages, found by meaning and filtered by what is known of them."""
    hold(REPORTS)
    store = Chroma(
        collection_name="passages",
        embedding_function=EncoderEmbeddings(quick_encoder),
        persist_directory=vectors_folder(data),
        create_collection_if_not_exists=False,
    )
    found = store.similarity_search("组织学法多少次", k=10, filter={"issuer": "云澜区水务局"})
    assert "全年组织学法5次。" in words(found)
    assert {"云澜区水务局"} == {document.metadata["issuer"] for document in found}
    both = {"$and": [{"issuer": "云澜区司法局"}, {"year": {"$gte": 2024}}]}
    found = store.similarity_search("组织学法多少次", k=10, filter=both)
    assert {2024} == {document.metadata["year"] for document in found}
    [held] = [document for document in found if "学法17次" in document.page_content]
    assert "一、主要工作" == held.metadata["heading"]
    assert "2024年云澜区司法局法治政府建设年度报告" == held.metadata["title"]


@pytest.mark.parametrize("key", ["issuer", "year", "region"])
def test_what_is_not_known_is_left_out(key: str, hold: Hold, data: Path) -> None:
    """A document of nobody and no year is in the collection all the same, without those fields."""
    import chromadb

    hold({"说明.txt": "说明\n各单位要做好防汛工作。\n"})
    collection = chromadb.PersistentClient(vectors_folder(data)).get_collection("passages")
    kept = collection.get()
    assert "各单位要做好防汛工作。" in "\n".join(kept["documents"] or [])
    assert all(key not in fields for fields in kept["metadatas"] or [])


# Loading ----------------------------------------------------------------------------------------------------------


def test_documents_for_somebody_elses_splitter(folder: Path) -> None:
    """A folder is loaded with what is known of each document, which stays with each piece that a splitter makes."""
    for name, text in REPORTS.items():
        (folder / name).write_text(text + "普法工作扎实推进，效果良好。" * 100, encoding="utf-8")
    documents = DocumentLoader(folder).load()
    pieces = RecursiveCharacterTextSplitter(chunk_size=200, chunk_overlap=0, separators=["。"]).split_documents(
        documents
    )
    assert (3, True) == (len(documents), len(pieces) > 20)
    water = [piece for piece in pieces if piece.metadata["issuer"] == "云澜区水务局"]
    assert "组织学法5次" in words(water)
    assert {str(folder / "2024_云澜区水务局_年度报告.txt")} == {piece.metadata["source"] for piece in water}


def test_passages_for_somebody_elses_store(folder: Path, quick_encoder: Encoder) -> None:
    """Passages come with heading path and span, and a store of somebody else finds them with a filter."""
    for name, text in REPORTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    store = InMemoryVectorStore(embedding=EncoderEmbeddings(quick_encoder))
    store.add_documents(list(DocumentLoader([folder], by="passage").lazy_load()))
    [found] = store.similarity_search("组织学法", k=1, filter=lambda document: document.metadata["year"] == 2023)
    assert ("一、主要工作", True) == (found.metadata["heading"], "学法9次" in found.page_content)
    whole = next(one for one in DocumentLoader(folder).load() if one.metadata["year"] == 2023).page_content
    assert found.page_content == whole[found.metadata["start"] : found.metadata["end"]]


def test_a_file_that_cannot_be_loaded(folder: Path) -> None:
    """What cannot be read is named with its reason, and the rest is loaded; also asynchronously."""
    (folder / "a.txt").write_text("说明\n各单位要做好防汛工作。\n", encoding="utf-8")
    (folder / "b.docx").write_bytes(b"PK\x03\x04 broken")
    loader = DocumentLoader(folder)

    async def load() -> list[Document]:
        return [document async for document in loader.alazy_load()]

    assert ["a.txt"] == [document.metadata["document"] for document in asyncio.run(load())]
    assert [str(folder / "b.docx")] == list(loader.refused)


# Answering --------------------------------------------------------------------------------------------------------

QUESTION = "2024年云澜区司法局组织学法多少次？"


@pytest.fixture
def knowledge(hold: Hold) -> KnowledgeBase:
    """A knowledge base without a model."""
    return KnowledgeBase(Writer(Answerer(hold(REPORTS), num_evidence=8, question_characters=500)))


def test_the_answer_in_a_chain(knowledge: KnowledgeBase) -> None:
    """The runnable answers in a chain, alone, in batches and asynchronously."""
    chain = {"question": RunnablePassthrough()} | knowledge.as_runnable() | (lambda answer: answer.text)
    assert "17次" in chain.invoke(QUESTION)
    assert ["17次", "9次"] == [
        next(figure for figure in ("17次", "9次", "5次") if figure in text)
        for text in chain.batch([QUESTION, QUESTION.replace("2024", "2023")])
    ]
    assert "17次" in asyncio.run(chain.ainvoke(QUESTION))


def test_a_follow_up_in_a_chain(knowledge: KnowledgeBase) -> None:
    """Earlier questions come as texts or as the messages of a conversation."""
    runnable = knowledge.as_runnable()
    texts = {"question": "2023年呢？", "history": [QUESTION]}
    conversation = {"question": "2023年呢？", "history": [HumanMessage(QUESTION), AIMessage("17次。[1]")]}
    assert "9次" in runnable.invoke(texts).text
    assert runnable.invoke(texts).text == runnable.invoke(conversation).text


def test_a_refusal_is_a_value(knowledge: KnowledgeBase) -> None:
    """What the documents do not hold is an answer with its status, not an error."""
    assert Status.UNANSWERABLE_OTHER_YEAR is knowledge.as_runnable().invoke("2019年云澜区司法局组织学法多少次？").status


def test_callbacks_and_configuration(knowledge: KnowledgeBase) -> None:
    """Callbacks hear of start and end, with the name, tags and metadata that `with_config` gives."""
    heard: list[tuple[str, object]] = []

    class Listener(BaseCallbackHandler):
        def on_chain_start(self, serialized: object, inputs: object, **details: Any) -> None:
            heard.append((details["name"], (inputs, details["tags"])))

        def on_chain_end(self, outputs: Any, **details: Any) -> None:
            heard.append(("end", outputs.status))

    runnable = knowledge.as_runnable().with_config(callbacks=[Listener()], tags=["desk"], run_name="问政")
    runnable.invoke(QUESTION)
    assert [("问政", (QUESTION, ["desk"])), ("end", Status.ANSWERED)] == heard


def slowly(answers: list[str], closed: list[bool]) -> Answers:
    """An answer that grows, with pauses in which nothing is new."""

    def growing(question: str, history: Sequence[str]) -> Generator[Answer | None, None, None]:
        try:
            for text in answers:
                yield None
                yield Answer(status=Status.ANSWERED, lines=(AnswerLine(text=text),))
        finally:
            closed.append(True)

    return growing


def test_an_answer_that_grows() -> None:
    """The stream has each state of the answer; what stands behind it sees the last, and so does `invoke`."""
    runnable = answer_runnable(slowly(["全区", "全区组织学法", "全区组织学法17次。"], []))
    chain = runnable | (lambda answer: answer.text)

    async def stream() -> list[str]:
        return [answer.text async for answer in runnable.astream(QUESTION)]

    grown = ["全区", "全区组织学法", "全区组织学法17次。"]
    assert grown == [answer.text for answer in runnable.stream(QUESTION)]
    assert grown == asyncio.run(stream())
    assert grown[-1] == runnable.invoke(QUESTION).text == asyncio.run(runnable.ainvoke(QUESTION)).text
    assert [grown[-1]] == list(chain.stream(QUESTION))


def test_who_stops_reading_ends_the_answer() -> None:
    """Leaving a stream closes what is behind it."""
    closed: list[bool] = []
    runnable = answer_runnable(slowly(["全区", "全区组织学法"], closed))

    async def leave() -> None:
        async with contextlib.aclosing(runnable.astream(QUESTION)) as answers:  # type: ignore[type-var]
            async for _ in answers:
                break

    with contextlib.closing(runnable.stream(QUESTION)) as answers:  # type: ignore[type-var]
        next(answers)
    asyncio.run(leave())
    assert [True, True] == closed


def test_somebody_elses_model_words_the_answer(hold: Hold, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A chat model of LangChain's words the answer, and what it says wrongly is not shown."""
    hold(REPORTS)
    encoder = hold(REPORTS).encoder.name
    settings = read_settings({"WENZHENG_ENCODER": encoder})
    right = "2024年，云澜区司法局全年组织学法17次。[1]"
    for said, shown in ((right, "全年组织学法17次"), (right.replace("17", "71"), "全年组织学法17次")):
        model = GenericFakeChatModel(messages=iter([AIMessage(said)]))
        with KnowledgeBase.open(data, settings=settings, chat_model=model) as knowledge:
            *_, answer = knowledge.stream(QUESTION)
        assert shown in answer.text and "71" not in answer.text
        assert answer.writing is not None
