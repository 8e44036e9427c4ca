"""The composed answer → an answer in a model's words, of which only what its quotes state is shown.

    rewrite   kb.llm.query_rewriting  a follow-up that code is unsure of → a question that stands by itself, answered anew
    prompt    kb.llm.prompts          the cited passages and the composed lines → messages
    model     kb.llm.client           messages → pieces of text
    split     kb.llm.sentences        pieces → sentences with their marks
    check     kb.llm.grounding.check  a sentence → its proof, or None
    assemble  kb.llm.assembly         proved sentences, composed lines for the others and for what is missing → the answer

A summary is written chapter by chapter (kb.llm.summary). Where the model fails, the composed answer is the answer.
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
from kb.llm.query_rewriting import rewritten_answer
from kb.llm.summary import write_summary
from kb.types import Answer, LineRole, Status, Within, Writing

__all__ = ["Assembly", "Writer"]


class Writer:
    """Answers questions, in a model's words where a model is set. Threads may share it."""

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
            composed = yield from rewritten_answer(self.model, self.answerer, plan, composed)
            question = composed.understood or question
        if self.model is None or composed.status is not Status.ANSWERED or _is_of_several_questions(composed):
            yield composed
            return
        if any(line.chapter for line in composed.lines):
            yield from write_summary(self.model, question, composed)
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
