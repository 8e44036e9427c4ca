"""A reader's question, from the page, the API or MCP → its pinned answer, else the writer's; both enter the journal.

Where the file of the pins or the journal is broken, or its disk full, that is logged once, and the answer goes on.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TypeVar

from kb.chat.journal import Journal
from kb.chat.pins import Pins
from kb.errors import CatalogueError, IndexBrokenError, QuestionError, StoreError
from kb.llm.writer import Writer
from kb.search.query import plan_query
from kb.types import Answer, Within

T = TypeVar("T")

_LOG = logging.getLogger(__name__)


class Responder:
    """Answers questions from pins or by the writer, and enters them in the journal. Threads may share it."""

    def __init__(self, writer: Writer, journal: Journal, pins: Pins) -> None:
        self.writer = writer
        self.journal = journal
        self.pins = pins
        self._logged: set[str] = set()

    def answer(
        self, question: str, history: Sequence[str] = (), *, within: Within | None = None, channel: str = "page"
    ) -> Answer:
        """The whole answer."""
        *_, whole = filter(None, self.answers(question, history, within=within, channel=channel))
        return whole

    def answers(
        self, question: str, history: Sequence[str] = (), *, within: Within | None = None, channel: str = "page"
    ) -> Generator[Answer | None, None, None]:
        """The answer as it grows; the last is the whole. Each carries the id of its entry. None comes while nothing is new.

        The entry is made when the generator ends: of the whole, or of what was there when it was closed.
        """
        entry = self.journal.reserve()
        seconds = 0.0
        answer: Answer | None = None
        try:
            with closing(self._answers(question, history, within)) as growing:
                while True:
                    started = time.perf_counter()
                    try:
                        grown = next(growing)
                    except StopIteration:
                        break
                    finally:
                        seconds += time.perf_counter() - started  # the reader's own time, between two, does not count
                    if grown is None:
                        yield None
                        continue
                    answer = replace(grown, entry=entry)
                    yield answer
        finally:
            if answer is not None and question.strip():
                self._unless_broken(
                    "journal",
                    lambda: self.journal.record(
                        question,
                        answer,
                        channel=channel,
                        history=history,
                        within=within,
                        seconds=seconds,
                        entry=entry,
                    ),
                )

    def rate(self, entry: str, good: bool, reason: str = "") -> bool:
        """Record the rating of an answer; False where it could not be recorded."""
        return bool(self._unless_broken("journal", lambda: self.journal.rate(entry, good, reason)))

    def _answers(
        self, question: str, history: Sequence[str], within: Within | None
    ) -> Generator[Answer | None, None, None]:
        pinned = self._unless_broken("pins", lambda: self._pinned(question, history, within))
        if pinned is not None:
            yield pinned
            return
        yield from self.writer.answers(question, history, within)

    def _pinned(self, question: str, history: Sequence[str], within: Within | None) -> Answer | None:
        """The pinned answer; None where none is, or where the question is a follow-up that needs those before it."""
        if self.pins.for_question(question) is None:
            return None
        retriever = self.writer.answerer.retriever
        try:
            if history:
                plan = plan_query(question, history, retriever.gazetteer())
                if plan.text != plan.asked.text:
                    return None
            return self.pins.answer(question, retriever=retriever, within=within)
        except (CatalogueError, IndexBrokenError, QuestionError):
            return None  # the writer meets the same error, and answers with it

    def _unless_broken(self, store: str, use: Callable[[], T]) -> T | None:
        """What `use` returns; None where the file that it uses is broken."""
        try:
            result = use()
        except StoreError as error:
            if store not in self._logged:
                self._logged.add(store)
                _LOG.error("%s：%s 回答照常，此前后的记录可能缺失。", store, error)
            return None
        self._logged.discard(store)
        return result
