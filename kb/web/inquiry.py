"""Answers, passages and documents for programs (`kb.web.api`, `kb.web.mcp`), as the JSON fields of `kb.chat.json_fields`.

Programs have limits of their own: questions a minute for each address, answers side by side, the length of lists and
texts.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import Any

from kb.chat.ask import Responder
from kb.chat.json_fields import public_document_fields, search_fields
from kb.errors import UnknownDocumentError
from kb.search.query import check_length
from kb.search.retriever import Retriever
from kb.storage.listing import listing
from kb.storage.versions import PublicDocument, public_document, text_of
from kb.types import Answer, Within
from kb.web.limits import Allowance, Seats

MOST_HISTORY = 8  # earlier questions of a conversation
MOST_HITS = 50
MOST_DOCUMENTS = 200  # in one list
_AT_ONCE = 4  # as many as the page answers side by side
_WAITING = 8
_SECONDS = 5.0  # that a program waits for its turn

Answers = Callable[[str, Sequence[str], Within | None], Generator[Answer | None, None, None]]
"""(question, history, within) → the answer as it grows; the last is the whole. None comes while nothing is new."""


def answers_by(responder: Responder, channel: str) -> Answers:
    """The answers of `responder`, which the journal keeps with the channel by which they were asked for."""

    def answers(question: str, history: Sequence[str], within: Within | None) -> Generator[Answer | None, None, None]:
        return responder.answers(question, history, within=within, channel=channel)

    return answers


class Inquiry:
    """Answers, passages and documents for programs. Threads may share it."""

    def __init__(self, retriever: Retriever, *, question_characters: int, asks_a_minute: int) -> None:
        self.retriever = retriever
        self.question_characters = question_characters
        self._allowance = Allowance(asks_a_minute)
        self.seats = Seats(_AT_ONCE, waiting=_WAITING, seconds=_SECONDS)

    def ask(
        self, answers: Answers, question: str, history: Sequence[str], within: Within | None, *, address: str
    ) -> Generator[Answer | None, None, None]:
        """The answer as it grows, the last the whole; None from time to time while there is nothing new.

        Closing it ends the answering, but only where it yields: a caller whose client has left closes it at the next None.

        Raises TooOftenError and BusyError at once, before anything is answered.
        """
        self._allowance.spend(address)
        seat = self.seats.take()

        def growing() -> Generator[Answer | None, None, None]:
            try:
                yield from answers(question, history, within)
            finally:
                seat.leave()

        return growing()

    def search(
        self, question: str, history: Sequence[str], within: Within | None, *, limit: int, address: str
    ) -> dict[str, Any]:
        """The best passages. Raises as `ask`, and QuestionError where nothing can be looked for."""
        check_length(question, self.question_characters)
        self._allowance.spend(address)
        with self.seats.taken():
            hits = self.retriever.hits(question, history, within=within, num_results=min(limit, MOST_HITS))
        return search_fields(None, hits)

    def documents(self, words: str, within: Within | None, *, skip: int, limit: int) -> dict[str, Any]:
        """The documents, newest first, without the first `skip`, and what there is to choose from."""
        found = listing(self.retriever.gazetteer().documents.values(), words, within)
        return {
            "found": len(found.documents),
            "skip": skip,
            "documents": [
                public_document_fields(document)
                for document in found.documents[skip : skip + min(limit, MOST_DOCUMENTS)]
            ],
            "issuers": found.issuers,
            "years": found.years,
            "kinds": found.kinds,
        }

    def document(self, document_id: int) -> dict[str, Any]:
        """One document and its versions. Raises UnknownDocumentError."""
        public = self._public(document_id)
        return {
            **public_document_fields(public.document),
            "versions": [
                {
                    "id": version.id,
                    "held_since": version.held_since,
                    "ended_at": version.ended_at,
                    "ended_by": version.ended_by,
                }
                for version in public.versions
            ],
        }

    def text(self, document_id: int, *, start: int = 0, end: int | None = None) -> dict[str, Any]:
        """The text of a document, or a part of it. Raises UnknownDocumentError and HiddenDocumentError."""
        text = text_of(self.retriever.catalogue, self._public(document_id))
        start = min(start, len(text))
        end = len(text) if end is None else max(start, min(end, len(text)))
        return {"id": document_id, "characters": len(text), "start": start, "end": end, "text": text[start:end]}

    def _public(self, document_id: int) -> PublicDocument:
        if self.retriever.index.origin() is None:  # nothing was ingested yet, and looking would make a catalogue
            raise UnknownDocumentError("库中还没有文件；请先导入：python -m ingest 文件夹")
        return public_document(self.retriever.catalogue, document_id)
