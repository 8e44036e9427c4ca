"""What is written in the place of a composed answer: a model's sentences that stand, and composed lines for the rest.

pieces → sentences → each kept, repaired or struck → what is missing → answer
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field, replace

from kb.chinese.figures import figures, stands_in
from kb.llm.grounding.check import Proof, Proofreader
from kb.llm.grounding.sources import Line
from kb.llm.notes import NOTHING_STANDS
from kb.llm.sentences import MARK, Cutter
from kb.types import Answer, Citation, Writing

_MOST_SENTENCES = 12  # a model that goes on has lost its thread
_SECONDS_BETWEEN = 0.5  # two answers, or None where there is nothing new
_TOLD = 0.8  # of a line without figures: what must be said of it, two characters by two


@dataclass(slots=True)
class Assembly:
    """What is written so far, in the place of a composed answer."""

    composed: Answer
    question: str = ""
    reader: Proofreader = field(init=False)
    written: list[Proof | Line] = field(default_factory=list)
    num_sentences: int = 0  # of the model
    repaired: int = 0
    struck: int = 0

    def __post_init__(self) -> None:
        self.reader = Proofreader(self.composed, self.question)

    def take(self, pieces: Iterable[str]) -> Generator[Answer | None, None, None]:
        """Write what comes, and say what stands each time that there is more of it.

        None comes from time to time while there is nothing new: a generator can be closed only where it yields.
        """
        cutter = Cutter()
        told = time.monotonic()
        for piece in pieces:
            grown = [self.add(sentence) for sentence in cutter.add(piece)]
            if any(grown) or not piece or time.monotonic() > told + _SECONDS_BETWEEN:
                yield self.so_far() if any(grown) else None
                told = time.monotonic()
            if self.num_sentences >= _MOST_SENTENCES:
                break
        for sentence in cutter.rest():
            self.add(sentence)

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
        return replace(self.composed, writing=Writing(repaired=self.repaired, struck=self.struck, note=NOTHING_STANDS))

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
        return in_words(self.composed, text, cited, repaired=self.repaired, struck=self.struck)


def in_words(composed: Answer, text: str, cited: Sequence[Citation], *, repaired: int, struck: int) -> Answer:
    """`composed` with `text` in the place of its own, which cites `cited`, too; its figures are counted."""
    figures, standing = _counted(text, composed, cited)
    return replace(
        composed,
        text=text,
        citations=tuple(dict.fromkeys((*composed.citations, *cited))),
        writing=Writing(figures=figures, standing=standing, repaired=repaired, struck=struck),
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
