"""The index as a LangChain retriever, for somebody else's chain. The door to langchain_core.

from kb.search.langchain import PassageRetriever
chain = PassageRetriever.open(Path("data")) | …
"""

from __future__ import annotations

from pathlib import Path

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from kb.search.encoder import DEFAULT, Encoder
from kb.search.retriever import Retriever
from kb.types import Hit


class PassageRetriever(BaseRetriever):
    """Passages for a question, within the years and issuers that it names, as LangChain documents."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    retriever: Retriever
    num_results: int = 5

    @classmethod
    def open(cls, data: Path, encoder: str = DEFAULT, *, num_results: int = 5) -> PassageRetriever:
        """Open the data folder that `python -m ingest` filled; `encoder` as the setting of that name."""
        return cls(retriever=Retriever(data, Encoder(encoder)), num_results=num_results)

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [_document(hit) for hit in self.retriever.hits(query, num_results=self.num_results)]


def _document(hit: Hit) -> Document:
    return Document(
        id=str(hit.passage_id),
        page_content=hit.passage.text,
        metadata={
            "document": hit.document.name,
            "title": hit.document.metadata.title,
            "issuer": hit.document.metadata.issuer,
            "year": hit.document.metadata.year,
            "heading": list(hit.passage.heading),
            "page": hit.passage.page,
            "start": hit.passage.start,
            "end": hit.passage.end,
            "score": hit.score,
        },
    )
