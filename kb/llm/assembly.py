"""The answer that takes the place of a composed one: a model's proved sentences, and composed lines for the rest.

pieces → sentences → each kept, repaired or struck → what is missing → answer
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field, replace

from kb.chinese.figures import figures, stands_in
from kb.llm.grounding.check import Proof, Proofreader
from kb.llm.grounding.sources import ComposedLine
from kb.llm.notes import NOTHING_CONFIRMED
from kb.llm.sentences import SentenceSplitter, parted
from kb.types import Answer, AnswerLine, Citation, Writing, text_of

_MOST_SENTENCES = 12  # a model that goes on has lost its thread
_SECONDS_BETWEEN = 0.5  # two answers, or None where there is nothing new
_COVERED = 0.8  # of a line without figures: what must be written of it, two characters by two


@dataclass(slots=True)
class Assembly:
    """What is written so far, in the place of a composed answer."""

    composed: Answer
    question: str = ""
    reader: Proofreader = field(init=False)
    written: list[Proof | ComposedLine] = field(default_factory=list)
    num_sentences: int = 0  # of the model
    repaired: int = 0
    struck: int = 0

    def __post_init__(self) -> None:
        self.reader = Proofreader(self.composed, self.question)

    @property
    def proofs(self) -> list[Proof]:
        """The sentences of the model that were proved."""
        return _proofs(self.written)

    def take(self, pieces: Iterable[str]) -> Generator[Answer | None, None, None]:
        """Take the model's text, and yield the answer so far each time that it has grown.

        None comes from time to time while there is nothing new: a generator can be closed only where it yields.
        """
        splitter = SentenceSplitter()
        yielded = time.monotonic()
        for piece in pieces:
            grown = [self.add(sentence) for sentence in splitter.add(piece)]
            if any(grown) or not piece or time.monotonic() > yielded + _SECONDS_BETWEEN:
                yield self.so_far() if any(grown) else None
                yielded = time.monotonic()
            if self.num_sentences >= _MOST_SENTENCES:
                break
        for sentence in splitter.rest():
            self.add(sentence)

    def add(self, sentence: str) -> bool:
        """Write a sentence, or the composed line in its place; whether anything was written."""
        self.num_sentences += 1
        proof = self.reader.read(sentence)
        if proof is not None:
            if any(before.pairs >= proof.pairs for before in self.proofs):
                return False
            self.written.append(proof)
            return True
        line = self.reader.line_for(sentence)
        if line is None or line in self.written or self._is_covered(line):
            self.struck += 1
            return False
        self.written.append(line)
        self.repaired += 1
        return True

    def so_far(self) -> Answer:
        """What stands by now."""
        return self._answer(self.written)

    def whole(self) -> Answer:
        """All that was written, and the composed lines that it does not cover; where nothing stands, only these."""
        if not self.proofs:
            return self._composed()
        written = list(self.written)
        for line in self.reader.lines:
            if line not in written and not self._is_covered(line):
                written = _with_line(written, line)
        answer = self._answer(written)
        assert answer.writing is not None  # noqa: S101
        return answer if answer.writing.standing == answer.writing.figures else self._composed()

    def _composed(self) -> Answer:
        return replace(
            self.composed, writing=Writing(repaired=self.repaired, struck=self.struck, note=NOTHING_CONFIRMED)
        )

    def _is_covered(self, line: ComposedLine) -> bool:
        """Whether what is written has all that a composed line must have."""
        proofs = [proof for proof in self.proofs if _shares_marker(proof, line)]
        if not line.markers or not proofs:
            return False
        if line.needed:
            return all(any(figure in proof.figures for proof in proofs) for figure in line.needed)
        return len(line.pairs & frozenset().union(*(proof.pairs for proof in proofs))) >= _COVERED * len(line.pairs)

    def _answer(self, written: Sequence[Proof | ComposedLine]) -> Answer:
        cited = [citation for proof in _proofs(written) for citation in proof.citations]
        lines = _rows(written, self.reader.lines)
        return in_words(self.composed, lines, cited, repaired=self.repaired, struck=self.struck)


def in_words(
    composed: Answer, lines: Sequence[AnswerLine], cited: Sequence[Citation], *, repaired: int, struck: int
) -> Answer:
    """`composed` with `lines` in the place of its own, which cite `cited`, too; their figures are counted."""
    figures, standing = _counted(lines, composed, cited)
    return replace(
        composed,
        lines=tuple(lines),
        citations=tuple(dict.fromkeys((*composed.citations, *cited))),
        writing=Writing(figures=figures, standing=standing, repaired=repaired, struck=struck),
    )


def _counted(lines: Sequence[AnswerLine], composed: Answer, cited: Sequence[Citation]) -> tuple[int, int]:
    """The figures of `lines`, and how many of them are quoted, were worked out by code, or are a document's year."""
    citations = (*composed.citations, *cited)
    metadata = [citation.document.metadata for citation in citations]
    years = {year for known in metadata for year in (known.year, known.reporting_year) if year}
    names = [known.title for known in metadata] + [name for citation in citations for name in citation.heading]
    sources = (composed.text, *(f"{year}年" for year in years), *names, *(citation.quote for citation in citations))
    found = figures(parted(text_of(lines, marked=False))[0])
    return len(found), sum(any(stands_in(figure, source) for source in sources) for figure in found)


def _rows(written: Sequence[Proof | ComposedLine], composed: Sequence[ComposedLine]) -> list[AnswerLine]:
    """Sentences behind each other; what stands as composed is a row of its own."""
    own_row = {line.text for line in composed}
    lines: list[AnswerLine] = []
    continues = False
    for piece in written:
        stands_alone = piece.text in own_row
        line = piece.line if isinstance(piece, ComposedLine) else _line_of(piece, composed)
        lines.append(replace(line, continues=continues and not stands_alone))
        continues = not stands_alone
    return lines


def _line_of(proof: Proof, composed: Sequence[ComposedLine]) -> AnswerLine:
    """A sentence of the model as a line; one that names a part as the composed line does is of that part, too."""
    for line in composed:
        label = line.line.label
        if label and proof.text.startswith(label):
            return replace(proof.line, text=proof.text.removeprefix(label), labels=line.line.labels)
    return proof.line


def _proofs(written: Sequence[Proof | ComposedLine]) -> list[Proof]:
    return [piece for piece in written if isinstance(piece, Proof)]


def _shares_marker(proof: Proof, line: ComposedLine) -> bool:
    return bool({citation.marker for citation in proof.citations} & set(line.markers))


def _with_line(written: Sequence[Proof | ComposedLine], line: ComposedLine) -> list[Proof | ComposedLine]:
    """`written` with a composed line in the place of the sentences that have a part of it, or at the end."""
    parts = [proof for proof in _proofs(written) if proof.pairs and proof.pairs <= line.pairs]
    if not parts:
        return [*written, line]
    kept = [line if piece is parts[0] else piece for piece in written]
    return [piece for piece in kept if piece not in parts]
