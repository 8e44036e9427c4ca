"""问政 as a library: the documents of a data folder, answers that stand on quoted passages of them, and parts for LangChain.

    from kb import KnowledgeBase

    knowledge = KnowledgeBase.open("data")  # filled by `python -m ingest FOLDER`
    answer = knowledge.ask("2024年组织学法多少次？")
    print(answer.text)
    for citation in answer.citations:
        print(citation.marker, citation.document.name, citation.quote)

`kb.answering` holds the flow from a question to an answer; `python -m kb` is the command line. Importing this loads
nothing but the values.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from kb.types import Answer, AnswerLine, Citation, Document, Hit, Status, Within

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.retrievers import BaseRetriever
    from langchain_core.runnables import Runnable

    from kb.llm.writer import Writer
    from kb.search.encoder import Encoder
    from kb.search.retriever import Retriever
    from kb.settings import Settings

__version__ = "0.1.0"

__all__ = ["Answer", "AnswerLine", "Citation", "Document", "Hit", "KnowledgeBase", "Status", "Within", "__version__"]

_LOG = logging.getLogger(__name__)


class KnowledgeBase:
    """The documents of one data folder, to be asked and searched. Threads may share it.

    Where a language model is set, its requests end with `close` or with the block: `with KnowledgeBase.open(…) as …`.
    """

    def __init__(self, writer: Writer) -> None:
        """Take parts that were put together; `open` does that for a data folder."""
        self.writer = writer

    @classmethod
    def open(
        cls,
        path: str | Path | None = None,
        *,
        settings: Settings | None = None,
        use_model: bool = True,
        chat_model: BaseChatModel | None = None,
        retriever: Callable[[Path, Encoder], Retriever] | None = None,
    ) -> Self:
        """Open the data folder that `python -m ingest` filled; nothing is loaded before it is needed.

        path: WENZHENG_DATA where none is given.
        settings: those of the environment where none are given.
        use_model: whether the language model that is set, if one is, may word answers.
        chat_model: a LangChain chat model in the place of the one that is set.
        retriever: a class of your own in the place of `kb.search.retriever.Retriever` (docs/architecture.md).

        A broken index is built anew from the catalogue. Raises SettingsError, and where that cannot be done
        LockedError or CatalogueError.
        """
        from kb.admin.diagnosis import repair_if_broken
        from kb.answering import Answerer
        from kb.llm.client import model_of, open_model
        from kb.llm.writer import Writer
        from kb.search.encoder import Encoder
        from kb.search.retriever import Retriever
        from kb.settings import read_settings

        settings = settings or read_settings()
        data = Path(path or settings.data)
        if repair_if_broken(data, settings.encoder):
            _LOG.warning("索引已损坏，已由文件库重建。")
        answerer = Answerer(
            (retriever or Retriever)(data, Encoder(settings.encoder)),
            num_evidence=settings.num_evidence,
            question_characters=settings.question_characters,
            contact=settings.contact,
        )
        if chat_model is not None:
            return cls(Writer(answerer, model_of(chat_model, settings)))
        return cls(Writer(answerer, open_model(settings) if use_model else None))

    @property
    def retriever(self) -> Retriever:
        """What finds passages; its `catalogue` holds the documents' texts."""
        return self.writer.answerer.retriever

    def ask(self, question: str, history: Sequence[str] = (), *, within: Within | None = None) -> Answer:
        """The answer to a question behind earlier ones, oldest first, from the documents `within`.

        Never raises for what a person can mend: a refusal and an error are answers with their status.
        """
        return self.writer.answer(question, history, within)

    def stream(self, question: str, history: Sequence[str] = (), *, within: Within | None = None) -> Iterator[Answer]:
        """The answer as it grows, each checked in full; the last is the whole. Without a model there is one."""
        with closing(self.writer.answers(question, history, within)) as growing:
            yield from filter(None, growing)

    def search(
        self, question: str, history: Sequence[str] = (), *, limit: int = 10, within: Within | None = None
    ) -> list[Hit]:
        """The best passages for a question, of the years and issuers that it names, best first.

        Raises QuestionError where the question is empty, IndexBrokenError, OtherEncoderError and EncoderError.
        """
        return self.retriever.hits(question, history, num_results=limit, within=within)

    def documents(self) -> list[Document]:
        """The documents that are answered from, by name."""
        return list(self.retriever.gazetteer().documents.values())

    def as_retriever(self, *, limit: int = 5) -> BaseRetriever:
        """The same search as a LangChain retriever: question → LangChain documents."""
        from kb.search.langchain import PassageRetriever

        return PassageRetriever(retriever=self.retriever, num_results=limit)

    def as_runnable(self) -> Runnable[str | dict[str, Any], Answer]:
        """The whole as a LangChain runnable: a question, or a mapping with `question` and `history`, → an answer."""
        from kb.chat.runnable import answer_runnable

        return answer_runnable(self.writer.answers)

    def warm_up(self) -> None:
        """Load encoder and index now, so that the first question takes no longer than the others."""
        self.writer.answerer.warm_up()

    def close(self) -> None:
        """End the language model and its requests, if there is one; may be called twice."""
        if self.writer.model is not None:
            self.writer.model.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
