"""A summary, written part by part: each in one bounded call of the model, checked by its own quotes alone.

    composed summary → its chapters, as far as the context holds each → a call and a assembly for each → one answer

What a part says must stand in the passages of that part: no figure wanders from one year, or one heading, to another.
A part that fails stays composed, and the rest goes on; where two in a row fail, or the time for the whole is over, what
is left stays composed.
"""

from __future__ import annotations

import re
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from kb.errors import ModelError
from kb.llm.assembly import Assembly, in_words
from kb.llm.client import Model
from kb.llm.notes import NOTHING_STANDS, PARTLY, TOO_LONG, note_of
from kb.llm.prompts import fits, max_tokens, messages
from kb.llm.sentences import parted
from kb.types import Answer, Citation, Writing

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

_MOST_LINES = 3  # of a part: a model says so much in one go, and the first words come after a short prompt
_ASKED = "用一两句话概括以上要点。（{question}）"
_MARKS = re.compile(r"(?:\[\d+\])+$")
_LEAST_SECONDS = 1.0  # that are worth a call
_MOST_FAILURES = 2  # in a row: nobody is there, and each further call would only take time


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A chapter of a composed summary, or some of its lines where the context holds no more."""

    heading: str  # with its mark; "" where it goes on with a chapter, or has none
    composed: Answer  # its lines, with the citations that their marks name
    asked: tuple[BaseMessage, ...] = ()  # of the model; nothing where the context does not hold even one line


def parts(question: str, composed: Answer, *, context: int) -> Iterator[Part]:
    """The parts of a composed summary, in order."""
    for chapter in composed.chapters:
        heading, left = chapter.heading, list(chapter.lines)
        while left or heading:
            taken = next(
                (
                    number
                    for number in range(min(len(left), _MOST_LINES), 0, -1)
                    if _asked(question, composed, left[:number], context)
                ),
                min(len(left), 1),
            )
            lines, left = left[:taken], left[taken:]
            asked = _asked(question, composed, lines, context)
            yield Part(heading=heading, composed=_of_lines(composed, lines), asked=asked)
            heading = ""


def _asked(question: str, composed: Answer, lines: Sequence[str], context: int) -> tuple[BaseMessage, ...]:
    """What is asked for some lines of a chapter; nothing where it does not fit, or where there is none."""
    # The heading is not named: small models would say it again, and nothing else.
    asked = messages(_ASKED.format(question=question), _of_lines(composed, lines), context=context)
    return tuple(asked) if lines and fits(asked, context=context) else ()


def _of_lines(composed: Answer, lines: Sequence[str]) -> Answer:
    """An answer of some of the lines of `composed`, with what they cite and nothing else."""
    # Only what stands at the end of a line: a document may write [1] itself.
    marks = [match.group() for line in lines if (match := _MARKS.search(line))]
    markers = {marker for one in marks for marker in parted(one)[1]}
    cited = tuple(citation for citation in composed.citations if citation.marker in markers)
    return replace(composed, text="\n".join(lines), citations=cited, computed=(), table=(), told=(), chapters=())


def part_by_part(model: Model, question: str, composed: Answer) -> Generator[Answer | None, None, None]:
    """The summary as it grows, each checked in full; the last is the whole. Closing it ends the model's request."""
    until = time.monotonic() + model.seconds
    summary = _Summary(composed)
    failures = 0
    for part in parts(question, composed, context=model.context):
        summary.begin(part)
        seconds = until - time.monotonic()
        if not part.asked:
            summary.leave(TOO_LONG if part.composed.text else "")
        elif seconds < _LEAST_SECONDS or failures == _MOST_FAILURES:
            summary.leave(PARTLY)
        else:
            assembly = Assembly(part.composed)
            tokens = max_tokens(model.context)
            try:
                with closing(model.stream(part.asked, max_tokens=tokens, seconds=seconds)) as pieces:
                    for growing in assembly.take(pieces):
                        yield summary.with_part(growing) if growing else None
                summary.end(assembly)
                failures = 0
            except ModelError as error:
                failures += 1
                summary.leave(note_of(error))
        yield summary.so_far()
    yield summary.whole()


@dataclass(slots=True)
class _Summary:
    """What is written of a summary so far, part by part."""

    composed: Answer
    texts: list[str] = field(default_factory=list)  # of the parts that are done, below their headings
    part: Part | None = None
    cited: list[Citation] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # why a part stays composed
    worded: int = 0  # parts in the model's words, whole or in part
    repaired: int = 0
    struck: int = 0

    def begin(self, part: Part) -> None:
        """Go on with the next part."""
        self.part = part

    def leave(self, note: str) -> None:
        """Leave the part as it was composed; `note` says why."""
        self.notes += [note] if note else []
        self._close(self._part.composed.text)

    def end(self, assembly: Assembly) -> None:
        """Take what was written in the place of the part."""
        whole = assembly.whole()
        self.repaired += assembly.repaired
        self.struck += assembly.struck
        if whole.writing is None or whole.writing.note:
            self.leave(NOTHING_STANDS)
            return
        self.worded += 1
        self.cited += whole.citations
        self._close(whole.text)

    def with_part(self, growing: Answer) -> Answer:
        """What is done, and what stands of the part that is being written."""
        return self._answer([*self.texts, self._below_heading(growing.text)], growing.citations)

    def so_far(self) -> Answer:
        """What is done."""
        return self._answer(self.texts)

    def whole(self) -> Answer:
        """All parts, and what the composed answer says besides; as composed where none is in the model's words."""
        told = sum(bool(chapter.heading) + len(chapter.lines) for chapter in self.composed.chapters)
        rest = self.composed.text.splitlines()[told:]
        answer = self._answer([*self.texts, *rest])
        assert answer.writing is not None  # noqa: S101
        if not self.worded or answer.writing.standing != answer.writing.figures:
            note = self.notes[0] if self.notes else NOTHING_STANDS
            return replace(self.composed, writing=Writing(repaired=self.repaired, struck=self.struck, note=note))
        unwritten = [note for note in self.notes if note != NOTHING_STANDS]
        return replace(answer, writing=replace(answer.writing, note=PARTLY if unwritten else ""))

    @property
    def _part(self) -> Part:
        assert self.part is not None  # noqa: S101
        return self.part

    def _below_heading(self, text: str) -> str:
        name, _ = parted(self._part.heading)
        if name:  # Models like to repeat it.
            text = text.removeprefix(f"{name}：").removeprefix(f"{name.rpartition('：')[2]}：")
        return "\n".join(filter(None, (self._part.heading, text)))

    def _close(self, text: str) -> None:
        self.texts.append(self._below_heading(text))
        self.part = None

    def _answer(self, texts: Sequence[str], cited: Sequence[Citation] = ()) -> Answer:
        text = "\n".join(texts)
        return in_words(self.composed, text, [*self.cited, *cited], repaired=self.repaired, struck=self.struck)
