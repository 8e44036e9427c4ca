"""The composed answer → an answer in a model's words, of which only what its quotes state is shown.

    a follow-up that code is unsure of → the question that it stands for (kb.llm.query_rewriting)
    composed answer → prompt → model → sentences → each kept, repaired or struck → what is missing → answer

A summary goes this way chapter by chapter. A language model makes answers more fluent, never more daring: nothing that
it writes is believed. Whatever goes wrong, the composed answer stands.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import replace

from kb.answering import Answerer
from kb.errors import ModelError
from kb.llm.assembly import Assembly
from kb.llm.client import Model
from kb.llm.notes import note_of
from kb.llm.prompts import max_tokens, messages
from kb.llm.query_rewriting import understood
from kb.llm.summary import part_by_part
from kb.types import Answer, LineRole, Status, Within, Writing

__all__ = ["Assembly", "Writer"]


class Writer:
    """Answers questions, in a model's words where there is one. Threads may share it."""

    def __init__(self, answerer: Answerer, model: Model | None = None) -> None:
        self.answerer = answerer
        self.model = model

    def answer(self, question: str, history: Sequence[str] = (), within: Within | None = None) -> Answer:
        """The whole answer."""
        *_, whole = filter(None, self.answers(question, history, within))
        return whole

    def answers(
        self, question: str, history: Sequence[str] = (), within: Within | None = None
    ) -> Generator[Answer | None, None, None]:
        """The answer as it grows, each checked in full; the last is the whole. Closing it ends the model's request.

        None comes from time to time while there is nothing new: a generator can be closed only where it yields.
        Without a model, and where nothing is answered, there is one: the composed answer.
        """
        plan, composed = self.answerer.planned_answer(question, history, within)
        if self.model is not None and plan is not None:
            composed = yield from understood(self.model, self.answerer, plan, composed)
            question = composed.understood or question
        if self.model is None or composed.status is not Status.ANSWERED or _is_of_several_questions(composed):
            yield composed
            return
        if any(line.chapter for line in composed.lines):
            yield from part_by_part(self.model, question, composed)
            return
        assembly = Assembly(composed, question)
        asked = messages(question, composed, context=self.model.context)
        try:
            with closing(self.model.stream(asked, max_tokens=max_tokens(self.model.context))) as pieces:
                yield from assembly.take(pieces)
        except ModelError as error:
            yield replace(composed, writing=Writing(note=note_of(error)))
            return
        yield assembly.whole()


def _is_of_several_questions(composed: Answer) -> bool:
    return any(line.role is LineRole.QUESTION for line in composed.lines)
