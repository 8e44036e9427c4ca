"""The encoder as LangChain embeddings, the index as a LangChain retriever.

from kb.search.langchain import EncoderEmbeddings, PassageRetriever
chain = PassageRetriever.open(Path("data")) | …
store = InMemoryVectorStore(embedding=EncoderEmbeddings())
"""

from __future__ import annotations

from pathlib import Path

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from kb.search.encoder import DEFAULT, Encoder
from kb.search.fields import DOCUMENT_ID, passage_fields_of
from kb.search.retriever import Retriever
from kb.types import Hit


class EncoderEmbeddings(Embeddings):
    """The encoder that the index is made with; its vectors have length 1."""

    def __init__(self, encoder: Encoder | str = DEFAULT) -> None:
        """Take an encoder, or its setting as `encoder_name` does; the model is loaded on first use."""
        self.encoder = Encoder(encoder) if isinstance(encoder, str) else encoder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """The vectors of passages, in their order. Raises EncoderError."""
        vectors: list[list[float]] = self.encoder.encode_passages(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question. Raises EncoderError."""
        vector: list[float] = self.encoder.encode_query(text).tolist()
        return vector


class PassageRetriever(BaseRetriever):
    """Passages for a question, within the years and issuers that it names, as LangChain documents.

    The metadata is that of `kb.search.fields`, with the document's file name and id, and the score.
    """

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
            DOCUMENT_ID: hit.document.id,
            "document": hit.document.name,
            **passage_fields_of(hit.document.metadata, hit.passage),
            "score": hit.score,
        },
    )
