"""A composed summary → the same in a model's words, part by part: one bounded call for each, checked by its own quotes.

    composed summary → its chapters, as far as the context holds each → a call and an assembly for each → one answer

What a part says must stand in the passages of that part: no figure wanders from one year, or one heading, to another.
A part that fails stays composed, and the rest goes on; where two in a row fail, or the time for the whole is over, what
is left stays composed.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING

from kb.errors import ModelError
from kb.llm.assembly import Assembly, in_words
from kb.llm.client import Model
from kb.llm.notes import NOTHING_CONFIRMED, PARTLY, TOO_LONG, note_of
from kb.llm.prompts import fits, max_tokens, messages
from kb.types import Answer, AnswerLine, Citation, LineRole, Writing

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

_MOST_LINES = 3  # of a part: a model says so much in one go, and the first words come after a short prompt
_ASKED = "用一两句话概括以上要点。（{question}）"
_LEAST_SECONDS = 1.0  # that are worth a call
_MOST_FAILURES = 2  # in a row: nobody is there, and each further call would only take time


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryPart:
    """A chapter of a composed summary, or some of its lines where the context holds no more."""

    chapter: int  # its number, from 1
    heading: AnswerLine | None  # none where it goes on with a chapter, or the chapter has none
    composed: Answer  # its lines, with the citations that their marks name
    asked: tuple[BaseMessage, ...] = ()  # of the model; nothing where the context does not hold even one line


def parts(question: str, composed: Answer, *, context: int) -> Iterator[SummaryPart]:
    """The parts of a composed summary, in order."""
    for number, chapter in groupby(composed.lines, key=lambda line: line.chapter):
        if not number:
            continue
        left = list(chapter)
        heading = left.pop(0) if left[0].role is LineRole.HEADING else None
        while left or heading:
            taken = next(
                (
                    size
                    for size in range(min(len(left), _MOST_LINES), 0, -1)
                    if _asked(question, composed, left[:size], context)
                ),
                min(len(left), 1),
            )
            lines, left = left[:taken], left[taken:]
            asked = _asked(question, composed, lines, context)
            yield SummaryPart(chapter=number, heading=heading, composed=_of_lines(composed, lines), asked=asked)
            heading = None


def _asked(question: str, composed: Answer, lines: Sequence[AnswerLine], context: int) -> tuple[BaseMessage, ...]:
    """What is asked for some lines of a chapter; nothing where it does not fit, or where there is none."""
    # The heading is not named: small models would repeat it, and write nothing else.
    asked = messages(_ASKED.format(question=question), _of_lines(composed, lines), context=context)
    return tuple(asked) if lines and fits(asked, context=context) else ()


def _of_lines(composed: Answer, lines: Sequence[AnswerLine]) -> Answer:
    """An answer of some of the lines of `composed`, with what they cite and nothing else."""
    markers = {marker for line in lines for marker in line.markers}
    cited = tuple(citation for citation in composed.citations if citation.marker in markers)
    return replace(composed, lines=tuple(lines), citations=cited, computed=(), table=())


def write_summary(model: Model, question: str, composed: Answer) -> Generator[Answer | None, None, None]:
    """The summary as it grows, each checked in full; the last is the whole. Closing it ends the model's request."""
    until = time.monotonic() + model.seconds
    summary = _Summary(composed)
    failures = 0
    for part in parts(question, composed, context=model.context):
        summary.begin(part)
        seconds = until - time.monotonic()
        if not part.asked:
            summary.leave(TOO_LONG if part.composed.lines else "")
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
    lines: list[AnswerLine] = field(default_factory=list)  # of the parts that are done, below their headings
    part: SummaryPart | None = None
    cited: list[Citation] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # why a part stays composed
    worded: int = 0  # parts in the model's words, whole or in part
    repaired: int = 0
    struck: int = 0

    def begin(self, part: SummaryPart) -> None:
        """Go on with the next part."""
        self.part = part

    def leave(self, note: str) -> None:
        """Leave the part as it was composed; `note` says why."""
        self.notes += [note] if note else []
        self._close(self._part.composed.lines)

    def end(self, assembly: Assembly) -> None:
        """Take what was written in the place of the part."""
        whole = assembly.whole()
        self.repaired += assembly.repaired
        self.struck += assembly.struck
        if whole.writing is None or whole.writing.note:
            self.leave(NOTHING_CONFIRMED)
            return
        self.worded += 1
        self.cited += whole.citations
        self._close(whole.lines)

    def with_part(self, growing: Answer) -> Answer:
        """What is done, and what stands of the part that is being written."""
        return self._answer([*self.lines, *self._below_heading(growing.lines)], growing.citations)

    def so_far(self) -> Answer:
        """What is done."""
        return self._answer(self.lines)

    def whole(self) -> Answer:
        """All parts, and the other lines of the composed answer; as composed where none is in the model's words."""
        rest = [line for line in self.composed.lines if not line.chapter]
        answer = self._answer([*self.lines, *rest])
        assert answer.writing is not None  # noqa: S101
        if not self.worded or answer.writing.standing != answer.writing.figures:
            note = self.notes[0] if self.notes else NOTHING_CONFIRMED
            return replace(self.composed, writing=Writing(repaired=self.repaired, struck=self.struck, note=note))
        unwritten = [note for note in self.notes if note != NOTHING_CONFIRMED]
        return replace(answer, writing=replace(answer.writing, note=PARTLY if unwritten else ""))

    @property
    def _part(self) -> SummaryPart:
        assert self.part is not None  # noqa: S101
        return self.part

    def _below_heading(self, lines: Sequence[AnswerLine]) -> list[AnswerLine]:
        below = [replace(line, chapter=self._part.chapter) for line in lines]
        heading = self._part.heading
        if heading is None:
            return below
        if below:  # Models like to repeat the heading.
            text = below[0].text.removeprefix(f"{heading.labelled}：").removeprefix(f"{heading.text}：")
            below[0] = replace(below[0], text=text)
        return [heading, *below]

    def _close(self, lines: Sequence[AnswerLine]) -> None:
        self.lines += self._below_heading(lines)
        self.part = None

    def _answer(self, lines: Sequence[AnswerLine], cited: Sequence[Citation] = ()) -> Answer:
        return in_words(self.composed, lines, [*self.cited, *cited], repaired=self.repaired, struck=self.struck)
