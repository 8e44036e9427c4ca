"""The composed answer → what a sentence may repeat: the clauses of its passages, and its own lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

from kb.chinese.text import clauses, sentences, trim
from kb.llm.grounding.allowed_words import AllowedWords
from kb.llm.grounding.tokens import Token, tokens
from kb.llm.sentences import parted
from kb.types import Answer, AnswerLine, Citation


@dataclass(frozen=True, kw_only=True)
class Source:
    """A clause of a passage, or a line that code wrote, with the citations that its marks name."""

    text: str
    before: str = ""  # of the clause's sentence
    sentence: str
    citations: tuple[Citation, ...]
    allowed: AllowedWords
    is_composed: bool = False

    @cached_property
    def tokens(self) -> list[Token]:
        return tokens(self.text)

    @cached_property
    def forms(self) -> frozenset[str]:
        return frozenset(token.text for token in self.tokens)

    @property
    def markers(self) -> set[int]:
        return {citation.marker for citation in self.citations}


@dataclass(frozen=True, kw_only=True)
class ComposedLine:
    """A line of the composed answer, and the figures that an answer in other words must have, too."""

    line: AnswerLine
    needed: frozenset[str] = field(default=frozenset())

    @cached_property
    def text(self) -> str:
        """With its labels, read as a model's sentence is: without marks, and without footnotes that look like marks."""
        return parted(self.line.labelled)[0]

    @property
    def markers(self) -> tuple[int, ...]:
        """None where it is a note that nothing was found."""
        return self.line.markers

    @cached_property
    def pairs(self) -> frozenset[str]:
        """The tokens side by side, two by two."""
        forms = [token.text for token in tokens(self.text) if not token.ends]
        return frozenset(map("".join, pairwise(forms)))


def composed_lines(composed: Answer) -> list[ComposedLine]:
    """The lines of an answer, each with its needed figures: the one that is asked for, else all."""
    return [
        ComposedLine(line=line, needed=figures_of(_answering(line) or parted(line.labelled)[0]))
        for line in composed.lines
    ]


def _answering(line: AnswerLine) -> str:
    """The figure that is asked for, where it stands in the line as in its quote."""
    return line.figure if line.words in line.text else ""


def figures_of(text: str) -> frozenset[str]:
    """The figures of `text` in the form of tokens."""
    return frozenset(token.text for token in tokens(text) if token.figure)


def sources(composed: Answer, lines: Sequence[ComposedLine]) -> Iterator[Source]:
    """All that a sentence may repeat: what code composed, then each passage that it cites."""
    by_marker: dict[int, list[Citation]] = {}
    for citation in composed.citations:
        by_marker.setdefault(citation.marker, []).append(citation)
    allowed_by_marker = {
        marker: AllowedWords(cited[0].document, cited[0].passage, _years_of(marker, lines))
        for marker, cited in by_marker.items()
    }
    for line in lines:
        cited = tuple(citation for marker in line.markers for citation in by_marker.get(marker, ()))
        if cited:
            allowed = allowed_by_marker[cited[0].marker]
            yield Source(text=line.text, sentence=line.text, citations=cited, allowed=allowed, is_composed=True)
    for marker, quoted in by_marker.items():
        yield from _of_passage(quoted, allowed_by_marker[marker])


def _years_of(marker: int, lines: Sequence[ComposedLine]) -> frozenset[int]:
    """The years of the parts whose lines cite nothing but this marker."""
    labels = (label for line in lines if line.markers == (marker,) for label in line.line.labels)
    return frozenset(label.year for label in labels if label.year)


def _of_passage(cited: Sequence[Citation], allowed: AllowedWords) -> Iterator[Source]:
    passage = cited[0].passage
    for sentence_start, sentence_end in sentences(passage.text):
        sentence = passage.text[sentence_start:sentence_end]
        for clause in clauses(sentence):
            start, end = trim(sentence, *clause)
            if start < end:
                span = passage.start + sentence_start + start, passage.start + sentence_start + end
                yield Source(
                    text=sentence[start:end],
                    before=sentence[:start],
                    sentence=sentence,
                    citations=(_citation(cited, *span),),
                    allowed=allowed,
                )


def _citation(cited: Sequence[Citation], start: int, end: int) -> Citation:
    """The citation of the composed answer around the span, else a new one with the span as its quote."""
    for citation in cited:
        if citation.start <= start and end <= citation.end:
            return citation
    passage = cited[0].passage
    return replace(cited[0], quote=passage.text[start - passage.start : end - passage.start], start=start, end=end)
