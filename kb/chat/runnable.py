"""The answer as a LangChain runnable.

A question, or a mapping with `question` and `history`, goes in; an `Answer` comes out. `stream` gives the answer as it
grows: each piece is a whole, checked answer that takes the place of the one before, as the objects of LangChain's
JsonOutputParser do. What comes behind it in a chain therefore sees the last one: `runnable | (lambda answer: answer.text)`.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from kb.types import Answer

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

Answers = Callable[[str, Sequence[str]], Generator[Answer | None, None, None]]
"""(question, earlier questions) → the answer as it grows; None where there is nothing new."""


def answer_runnable(answers: Answers) -> Runnable[str | dict[str, Any], Answer]:
    """A runnable over `answers`, with all that LangChain brings: batch, the asynchronous ones, callbacks, configuration."""
    from langchain_core.runnables import RunnableLambda

    def stream(asked: str | dict[str, Any]) -> Iterator[Answer]:
        with closing(answers(*_question_of(asked))) as growing:
            yield from filter(None, growing)

    async def astream(asked: str | dict[str, Any]) -> AsyncIterator[Answer]:
        growing = answers(*_question_of(asked))
        turn = threading.Lock()  # a step that was cancelled goes on in its thread, and ends before the rest is closed

        def step() -> tuple[bool, Answer | None]:
            with turn:
                try:
                    return True, next(growing)
                except StopIteration:
                    return False, None

        def close() -> None:
            with turn:
                growing.close()

        try:
            while True:
                goes_on, answer = await asyncio.to_thread(step)
                if not goes_on:
                    return
                if answer is not None:
                    yield answer
        finally:
            await asyncio.to_thread(close)

    return RunnableLambda(stream, afunc=astream, name="wenzheng")


def _question_of(asked: str | Mapping[str, Any]) -> tuple[str, list[str]]:
    """The question and those before it. Of LangChain messages in the history, those of the person count."""
    if isinstance(asked, str):
        return asked, []
    history = [
        earlier if isinstance(earlier, str) else str(earlier.text)
        for earlier in asked.get("history", ())
        if isinstance(earlier, str) or earlier.type == "human"
    ]
    return asked["question"], history
