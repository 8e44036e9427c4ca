"""Our parts in chains of somebody else's shape."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnablePassthrough
from langchain_core.vectorstores import InMemoryVectorStore

from kb.search.encoder import Encoder
from kb.search.langchain import EncoderEmbeddings, PassageRetriever
from kb.search.retriever import Retriever

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
