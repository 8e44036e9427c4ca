"""A sentence of a model and the quotes under its marks → a proof that they state all of it, or None.

    sentence → segments → each aligned with the clause that states it → what is added, what is left out → proof or None

What is added must claim nothing, what is left out must not change the meaning: a figure keeps its unit, its subject, its
direction and its bound, a plan stays a plan. A true sentence in other words than its quotes is not proved, either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from kb.chinese.text import clauses, segments, without_spaces
from kb.llm.grounding.alignment import align
from kb.llm.grounding.allowed_words import FROM_TO, PLANNED, changes_meaning
from kb.llm.grounding.reordered import reordered_span
from kb.llm.grounding.restated import names_part, restates
from kb.llm.grounding.sources import ComposedLine, Source, composed_lines, figures_of, sources
from kb.llm.grounding.tokens import Token, form_of, segment_around, tokens
from kb.llm.sentences import parted
from kb.types import Answer, AnswerLine, Citation

_QUOTED = re.compile(r"[“\"「『《](.+?)[”\"」』》]")
_WORD = re.compile(r"\w\w")
_MOST_SOURCES = 6  # clauses that a segment is aligned with: those with most of its characters
_FIGURE_WEIGHT = 5  # characters that a figure in common is worth


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A sentence that its quotes state: its words, and the citations that it stands on."""

    text: str
    citations: tuple[Citation, ...]
    figures: frozenset[str]
    pairs: frozenset[str]

    @property
    def line(self) -> AnswerLine:
        """As a line of an answer."""
        return AnswerLine(text=self.text, citations=self.citations)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSpan:
    """The tokens of a source that state a segment."""

    source: Source
    start: int
    end: int


class Proofreader:
    """Checks the sentences that a model writes in the place of `composed`, the answer to `question`."""

    def __init__(self, composed: Answer, question: str = "") -> None:
        self._question = question
        self.lines = composed_lines(composed)
        self._answering = [line for line in composed.lines if line.figure]
        self._sources = list(sources(composed, self.lines))
        self._markers = sorted({citation.marker for citation in composed.citations})
        quotes = [citation.quote for citation in composed.citations]
        self._figures = frozenset().union(*map(figures_of, (*quotes, *(line.text for line in self.lines))))

    def read(self, sentence: str) -> Proof | None:
        """The proof of a sentence by the citations of its marks; of one without marks by the one citation that proves it, else None."""
        words, numbers = parted(sentence)
        marks = [number for number in numbers if number in self._markers]
        if marks:
            return self._proof(words, set(marks))
        found = [proof for marker in self._markers if (proof := self._proof(words, {marker}))]
        return found[0] if len(found) == 1 else None

    def line_for(self, sentence: str) -> ComposedLine | None:
        """The composed line on the matter of a sentence, by the first of its marks."""
        words, numbers = parted(sentence)
        figures = figures_of(words)
        marked = [line for line in self.lines if set(line.markers) & set(numbers)]
        return max(marked, key=lambda line: len(line.needed & figures), default=None)

    def _proof(self, words: str, marks: set[int]) -> Proof | None:
        named = [source for source in self._sources if source.markers & marks]
        if (
            not _WORD.search(words)
            or not any(source.allowed.claims(words) for source in named)
            or all(source.allowed.misdates(words) for source in named)
            or not all(_is_verbatim(quoted, named) for quoted in _QUOTED.findall(words))
        ):
            return None
        used = self._repeated(words, named) or self._restated(words, named)
        for segment in () if used else self._segments(words, named):
            found = self._stated(segment, words, named, used) or self._by_items(segment, words, named, used)
            if not found:
                return None
            used += found
        if not used:
            return None
        text = words if words.endswith(("。", "！", "？", "”")) else words.rstrip("；;，,、：: .") + "。"
        forms = [token.text for token in tokens(words) if not token.ends]
        return Proof(
            text=text,
            citations=tuple(dict.fromkeys(citation for span in used for citation in span.source.citations)),
            figures=figures_of(words),
            pairs=frozenset(map("".join, pairwise(forms))),
        )

    def _segments(self, words: str, named: Sequence[Source]) -> Iterator[str]:
        """The segments of a sentence; one that claims nothing by itself is read with the one behind it."""
        pending = ""
        pieces = [
            words[start:end][first:last] for start, end in clauses(words) for first, last in segments(words[start:end])
        ]
        for piece in pieces:
            pending += piece
            if any(source.allowed.claims(piece) for source in named):
                yield pending
                pending = ""
        if pending and any(source.allowed.claims(pending, years=False) for source in named):
            yield pending

    def _repeated(self, words: str, named: Sequence[Source]) -> list[SourceSpan]:
        """The source that a sentence repeats whole, maybe behind a few words that claim nothing."""
        written = [token for token in tokens(words) if not token.ends]
        for source in named:
            quoted = [token.text for token in source.tokens if not token.ends]
            start = len(written) - len(quoted)
            if start >= 0 and quoted == [token.text for token in written[start:]] and source.is_composed:
                head = words[: written[start].start] if quoted else ""
                if source.allowed.admits(head, sentence=source.sentence, before=source.text):
                    return [SourceSpan(source=source, start=0, end=len(source.tokens))]
        return []

    def _restated(self, words: str, named: Sequence[Source]) -> list[SourceSpan]:
        """The source whose figure a sentence states in the words of the question, or behind the label of its part."""
        for source in (source for source in named if not source.is_composed):
            for line in self._answering:
                if not source.markers.intersection(line.markers) or line.words not in source.text:
                    continue
                others = [other for other in self._answering if other is not line]
                if restates(words, self._question, line, source) or (others and names_part(words, line, others)):
                    return [SourceSpan(source=source, start=0, end=len(source.tokens))]
        return []

    def _by_items(
        self, segment: str, words: str, named: Sequence[Source], used: Sequence[SourceSpan]
    ) -> list[SourceSpan]:
        """Where the items of a list stand in another order: each by itself, if each has its figure."""
        items = segment.split("、")
        if len(items) < 2 or not all(figures_of(item) for item in items):
            return []
        found: list[SourceSpan] = []
        for item in items:
            spans = self._stated(item, words, named, [*used, *found])
            if not spans:
                return []
            found += spans
        return found

    def _stated(
        self, segment: str, words: str, named: Sequence[Source], used: Sequence[SourceSpan]
    ) -> list[SourceSpan]:
        """The source that states a segment, if there is one; `used` are those of the segments before."""
        written = [token for token in tokens(segment) if not token.ends]
        forms = {token.text: _FIGURE_WEIGHT if token.figure else 1 for token in written}
        nearest = sorted(named, key=lambda source: -sum(forms[form] for form in source.forms & forms.keys()))
        for source in nearest[:_MOST_SOURCES]:
            span = self._span(source, written, segment, words, used) or self._reordered(source, written, words)
            if span:
                return [SourceSpan(source=source, start=span[0], end=span[1])]
        return []

    def _span(
        self, source: Source, written: Sequence[Token], segment: str, words: str, used: Sequence[SourceSpan]
    ) -> tuple[int, int] | None:
        """Where a source states a segment, as a span of its tokens; None where it does not."""
        quoted, allowed = source.tokens, source.allowed
        pairs = _in_runs(align(written, quoted), written)
        if not pairs or any(written[place].text not in self._figures for place, _ in pairs if written[place].figure):
            return None
        start, end = pairs[0][1], pairs[-1][1] + 1
        before = source.before + source.text[: quoted[end - 1].end]
        if not all(
            allowed.admits(run, sentence=source.sentence, before=before) for run in _added(pairs, written, segment)
        ):
            return None
        if PLANNED.search(source.before + source.text[: quoted[start].start]) and not PLANNED.search(words):
            return None
        has_figure = any(written[place].figure and not written[place].year for place, _ in pairs)
        for first, last in pairwise(place for _, place in pairs):
            run = allowed.without_names(FROM_TO.sub("", form_of(quoted[first + 1 : last])))
            crosses = any(token.ends for token in quoted[first + 1 : last])
            if run and (changes_meaning(run) or ((crosses or has_figure) and not allowed.is_light(run))):
                return None
        begin, finish = segment_around(quoted, start, end)
        left, right = quoted[begin:start], quoted[end:finish]
        run = allowed.without_names(form_of(left))
        if changes_meaning(run) or ((has_figure or used) and not allowed.is_light(run)):
            return None
        if changes_meaning(allowed.without_names(form_of(right))):
            return None
        if has_figure and not self._has_subject(source, begin, end, used):
            return None
        return start, end

    def _reordered(self, source: Source, written: Sequence[Token], words: str) -> tuple[int, int] | None:
        """Where a source states a segment in another order, as a span of its tokens; None where it does not."""
        span = reordered_span(source, written, source.before + source.text)
        if span is None or any(token.text not in self._figures for token in written if token.figure and not token.year):
            return None
        planned = PLANNED.search(source.before + source.text[: source.tokens[span[0]].start])
        return None if planned and not PLANNED.search(words) else span

    def _has_subject(self, source: Source, start: int, end: int, used: Sequence[SourceSpan]) -> bool:
        """Whether what a figure counts is named: in its segment, or in the one before, as it is quoted."""
        quoted = source.tokens
        if not start:
            return True
        if quoted[start - 1].text == "、":  # 教育、卫生支出100亿元 is of both.
            begin, _ = segment_around(quoted, start - 1, start - 1)
            item = quoted[begin : start - 1]
            if not any(token.figure and not token.year for token in item):
                return False
        if not source.allowed.is_bare(form_of(quoted[start:end])):
            return True
        return bool(used) and used[-1].source is source and used[-1].end in (start, start - 1)


def _is_verbatim(quoted: str, named: Sequence[Source]) -> bool:
    """Whether the words between quotation marks stand so in a sentence, a heading or a title."""
    wanted = without_spaces(quoted)
    return any(wanted in without_spaces(source.sentence) or source.allowed.is_name(wanted) for source in named)


def _in_runs(pairs: Sequence[tuple[int, int]], written: Sequence[Token]) -> list[tuple[int, int]]:
    """The pairs without single characters that stand in the quote by chance, far from the others."""
    kept = []
    for _, run in groupby(enumerate(pairs), key=lambda placed: (placed[1][0] - placed[0], placed[1][1] - placed[0])):
        found = [pair for _, pair in run]
        if len(found) > 1 or written[found[0][0]].figure or len(written) == 1:
            kept += found
    return kept


def _added(pairs: Sequence[tuple[int, int]], written: Sequence[Token], segment: str) -> Iterator[str]:
    """What is written and not quoted, run by run."""
    matched = {place for place, _ in pairs}
    for is_matched, run in groupby(range(len(written)), key=matched.__contains__):
        if not is_matched:
            places = list(run)
            yield segment[written[places[0]].start : written[places[-1]].end]
