"""The composed answer → an answer in a model's words, of which only what its quotes state is shown.

    composed answer → prompt → model → sentences → each kept, repaired or struck → what is missing → answer

A language model makes answers more fluent, never more daring: nothing that it writes is believed. Whatever goes wrong,
the composed answer stands.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

from kb.answering import Answerer
from kb.errors import ModelDownError, ModelError, ModelSlowError
from kb.figures import figures, stands_in
from kb.model import Model
from kb.types import Answer, Citation, Status, Within, Writing
from kb.writing.prompt import max_tokens, messages
from kb.writing.proofreading import Proof, Proofreader
from kb.writing.sentences import MARK, Cutter
from kb.writing.sources import Line

_MOST_SENTENCES = 12  # a model that goes on has lost its thread
_SECONDS_BETWEEN = 1.0
_TOLD = 0.8  # of a line without figures: what must be said of it, two characters by two

_SLOW = "模型没有按时回答，以下为原文摘录。"
_DOWN = "模型没有接通，以下为原文摘录。"
_BROKEN = "模型的回答不能用，以下为原文摘录。"
_NOTHING_STANDS = "模型的话没有一句能由原文证实，以下为原文摘录。"


class Writer:
    """Answers questions, in a model's words where there is one. Threads may share it."""

    def __init__(self, answerer: Answerer, model: Model | None = None) -> None:
        self.answerer = answerer
        self.model = model

    def answer(self, question: str, history: Sequence[str] = (), within: Within | None = None) -> Answer:
        """The whole answer."""
        *_, whole = self.answers(question, history, within)
        return whole

    def answers(
        self, question: str, history: Sequence[str] = (), within: Within | None = None
    ) -> Generator[Answer, None, None]:
        """The answer as it grows, each checked in full; the last is the whole. Closing it ends the model's request.

        Without a model, and where nothing is answered, there is one: the composed answer.
        """
        composed = self.answerer.answer(question, history, within)
        if self.model is None or composed.status is not Status.ANSWERED or _is_several(composed):
            yield composed
            return
        manuscript = Manuscript(composed)
        cutter = Cutter()
        asked = messages(question, composed, context=self.model.context)
        told = time.monotonic()
        try:
            with closing(self.model.stream(asked, max_tokens=max_tokens(self.model.context))) as pieces:
                for piece in pieces:
                    grown = [manuscript.add(sentence) for sentence in cutter.add(piece)]
                    # Told again from time to time, for a generator can be closed only where it yields.
                    if any(grown) or (manuscript.written and time.monotonic() > told + _SECONDS_BETWEEN):
                        told = time.monotonic()
                        yield manuscript.so_far()
                    if manuscript.num_sentences >= _MOST_SENTENCES:
                        break
        except ModelError as error:
            yield replace(composed, writing=Writing(note=_note(error)))
            return
        for sentence in cutter.rest():
            manuscript.add(sentence)
        yield manuscript.whole()


def _is_several(composed: Answer) -> bool:
    """Whether several questions were asked at once: each is told below its own heading, which has no mark."""
    marked = [line.rstrip().endswith("]") for line in composed.text.splitlines()]
    return True in marked and False in marked[: len(marked) - marked[::-1].index(True)]


def _note(error: ModelError) -> str:
    if isinstance(error, ModelSlowError):
        return _SLOW
    return _DOWN if isinstance(error, ModelDownError) else _BROKEN


@dataclass(slots=True)
class Manuscript:
    """What is written so far, in the place of a composed answer."""

    composed: Answer
    reader: Proofreader = field(init=False)
    written: list[Proof | Line] = field(default_factory=list)
    num_sentences: int = 0  # of the model
    repaired: int = 0
    struck: int = 0

    def __post_init__(self) -> None:
        self.reader = Proofreader(self.composed)

    @property
    def proofs(self) -> list[Proof]:
        """The sentences of the model that stand."""
        return [one for one in self.written if isinstance(one, Proof)]

    def add(self, sentence: str) -> bool:
        """Write a sentence, or the composed line in its place; whether anything was written."""
        self.num_sentences += 1
        proof = self.reader.read(sentence)
        if proof is not None:
            if any(isinstance(one, Proof) and one.pairs >= proof.pairs for one in self.written):
                return False  # said before
            self.written.append(proof)
            return True
        line = self.reader.line_for(sentence)
        if line is None or line in self.written or self._is_told(line):
            self.struck += 1
            return False
        self.written.append(line)
        self.repaired += 1
        return True

    def so_far(self) -> Answer:
        """What stands by now."""
        return self._answer(self.written)

    def whole(self) -> Answer:
        """All that was written, and the composed lines that are not told in it; where nothing stands, only these."""
        if not any(isinstance(one, Proof) for one in self.written):
            return self._composed()
        written = list(self.written)
        for line in self.reader.lines:
            if line not in written and not self._is_told(line):
                written = _with_line(written, line)
        answer = self._answer(written)
        assert answer.writing is not None  # noqa: S101
        return answer if answer.writing.standing == answer.writing.figures else self._composed()

    def _composed(self) -> Answer:
        return replace(self.composed, writing=Writing(repaired=self.repaired, struck=self.struck, note=_NOTHING_STANDS))

    def _is_told(self, line: Line) -> bool:
        """Whether what is written has all that a composed line must tell."""
        told = [one for one in self.written if isinstance(one, Proof) and _tells_of(one, line)]
        if not line.markers or not told:
            return False
        if line.needed:
            return all(any(figure in proof.figures for proof in told) for figure in line.needed)
        return len(line.pairs & frozenset().union(*(one.pairs for one in told))) >= _TOLD * len(line.pairs)

    def _answer(self, written: Sequence[Proof | Line]) -> Answer:
        cited = [citation for one in written if isinstance(one, Proof) for citation in one.citations]
        text = ""
        own_line = {line.text for line in self.reader.lines}
        for one in written:
            words = one.marked if isinstance(one, Proof) else one.whole
            text += f"\n{words}\n" if one.text in own_line else words
        text = "\n".join(filter(None, text.splitlines()))
        figures, standing = _counted(text, self.composed, cited)
        return replace(
            self.composed,
            text=text,
            citations=tuple(dict.fromkeys((*self.composed.citations, *cited))),
            writing=Writing(figures=figures, standing=standing, repaired=self.repaired, struck=self.struck),
        )


def _counted(text: str, composed: Answer, cited: Sequence[Citation]) -> tuple[int, int]:
    """The figures of `text`, and how many of them are quoted, were worked out by code, or are a document's year."""
    citations = (*composed.citations, *cited)
    metadata = [citation.document.metadata for citation in citations]
    years = {year for one in metadata for year in (one.year, one.reporting_year) if year}
    names = [one.title for one in metadata] + [name for citation in citations for name in citation.heading]
    told = (composed.text, *(f"{year}年" for year in years), *names, *(citation.quote for citation in citations))
    found = figures(MARK.sub("", text))
    return len(found), sum(any(stands_in(figure, source) for source in told) for figure in found)


def _tells_of(proof: Proof, line: Line) -> bool:
    return bool({citation.marker for citation in proof.citations} & set(line.markers))


def _with_line(written: Sequence[Proof | Line], line: Line) -> list[Proof | Line]:
    """`written` with a composed line in the place of the sentences that say a part of it, or at the end."""
    parts = [one for one in written if isinstance(one, Proof) and one.pairs and one.pairs <= line.pairs]
    if not parts:
        return [*written, line]
    kept = [line if one is parts[0] else one for one in written]
    return [one for one in kept if one not in parts]
