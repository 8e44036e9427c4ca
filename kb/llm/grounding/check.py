"""A sentence of a model → shown only where its quotes state all of it.

    sentence → segments → each beside the clause that it is told from → what is added, what is left out → kept or not

What is added must claim nothing, what is left out must not turn the meaning: a figure keeps its unit, its subject, its
direction and its bound, a plan stays a plan. A sentence in other words than its quotes falls, too, be it true.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from kb.chinese.text import clauses, segments, without_spaces
from kb.llm.grounding.alignment import align
from kb.llm.grounding.allowed_words import FROM_TO, PLANNED, turns
from kb.llm.grounding.reordered import retold
from kb.llm.grounding.restated import names_row, restates
from kb.llm.grounding.sources import Line, Source, figures_of, lines, sources
from kb.llm.grounding.tokens import Token, form_of, segment_around, tokens
from kb.llm.sentences import parted
from kb.types import Answer, Citation

_QUOTED = re.compile(r"[“\"「『《](.+?)[”\"」』》]")
_WORD = re.compile(r"\w\w")
_MOST_SOURCES = 6  # clauses that a segment is laid beside: those with most of its characters
_FIGURE_WEIGHT = 5  # characters that a figure in common is worth


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A sentence that its quotes state: its words, and the citations that it stands on."""

    text: str
    citations: tuple[Citation, ...]
    figures: frozenset[str]
    pairs: frozenset[str]

    @property
    def marked(self) -> str:
        """With its marks, as a composed line has them."""
        marks = dict.fromkeys(citation.marker for citation in self.citations)
        return self.text + "".join(f"[{marker}]" for marker in marks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Where a segment is told from: a span of the tokens of a source."""

    source: Source
    start: int
    end: int


class Proofreader:
    """Reads what a model writes in the place of `composed`, which answers `question`."""

    def __init__(self, composed: Answer, question: str = "") -> None:
        self._question = question
        self._told = composed.told
        self.lines = lines(composed)
        self._sources = list(sources(composed, self.lines))
        self._markers = sorted({citation.marker for citation in composed.citations})
        quotes = [citation.quote for citation in composed.citations]
        self._figures = frozenset().union(*map(figures_of, (*quotes, *(line.text for line in self.lines))))

    def read(self, sentence: str) -> Proof | None:
        """The proof of a sentence under the marks that it has, or under the only one that it may have; else None."""
        words, numbers = parted(sentence)
        marks = [number for number in numbers if number in self._markers]
        if marks:
            return self._proof(words, set(marks))
        found = [proof for marker in self._markers if (proof := self._proof(words, {marker}))]
        return found[0] if len(found) == 1 else None

    def line_for(self, sentence: str) -> Line | None:
        """The composed line that tells of what a sentence tells of, by the first of its marks."""
        words, numbers = parted(sentence)
        figures = figures_of(words)
        marked = [line for line in self.lines if set(line.markers) & set(numbers)]
        return max(marked, key=lambda line: len(line.needed & figures), default=None)

    def _proof(self, words: str, marks: set[int]) -> Proof | None:
        told = [source for source in self._sources if source.markers & marks]
        if (
            not _WORD.search(words)
            or not any(source.frame.claims(words) for source in told)
            or all(source.frame.misdates(words) for source in told)
            or not all(_is_verbatim(quoted, told) for quoted in _QUOTED.findall(words))
        ):
            return None
        used = self._told_whole(words, told) or self._restated(words, told)
        for segment in () if used else self._segments(words, told):
            found = self._told_from(segment, words, told, used) or self._by_items(segment, words, told, used)
            if not found:
                return None
            used += found
        if not used:
            return None
        text = words if words.endswith(("。", "！", "？", "”")) else words.rstrip("；;，,、：: .") + "。"
        forms = [token.text for token in tokens(words) if not token.ends]
        return Proof(
            text=text,
            citations=tuple(dict.fromkeys(citation for one in used for citation in one.source.citations)),
            figures=figures_of(words),
            pairs=frozenset(map("".join, pairwise(forms))),
        )

    def _segments(self, words: str, told: Sequence[Source]) -> Iterator[str]:
        """The segments of a sentence; one that claims nothing by itself is read with the one behind it."""
        held = ""
        pieces = [
            words[start:end][one:other] for start, end in clauses(words) for one, other in segments(words[start:end])
        ]
        for piece in pieces:
            held += piece
            if any(source.frame.claims(piece) for source in told):
                yield held
                held = ""
        if held and any(source.frame.claims(held, years=False) for source in told):
            yield held

    def _told_whole(self, words: str, told: Sequence[Source]) -> list[Told]:
        """The source that a sentence repeats whole, maybe behind a few words that claim nothing."""
        said = [token for token in tokens(words) if not token.ends]
        for source in told:
            quoted = [token.text for token in source.tokens if not token.ends]
            start = len(said) - len(quoted)
            if start >= 0 and quoted == [token.text for token in said[start:]] and source.is_composed:
                head = words[: said[start].start] if quoted else ""
                if source.frame.admits(head, sentence=source.sentence, before=source.text):
                    return [Told(source=source, start=0, end=len(source.tokens))]
        return []

    def _restated(self, words: str, told: Sequence[Source]) -> list[Told]:
        """The source whose figure a sentence tells in the words of the question, or as a row of the table."""
        for source in (source for source in told if not source.is_composed):
            for row in self._told:
                if row.marker not in source.markers or row.words not in source.text:
                    continue
                others = [other for other in self._told if other is not row]
                if restates(words, self._question, row, source) or (others and names_row(words, row, others)):
                    return [Told(source=source, start=0, end=len(source.tokens))]
        return []

    def _by_items(self, segment: str, words: str, told: Sequence[Source], used: Sequence[Told]) -> list[Told]:
        """Where the items of a list stand in another order: each by itself, if each has its figure."""
        items = segment.split("、")
        if len(items) < 2 or not all(figures_of(item) for item in items):
            return []
        found: list[Told] = []
        for item in items:
            one = self._told_from(item, words, told, [*used, *found])
            if not one:
                return []
            found += one
        return found

    def _told_from(self, segment: str, words: str, told: Sequence[Source], used: Sequence[Told]) -> list[Told]:
        """The source that a segment is told from, if there is one; `used` are those of the segments before."""
        said = [token for token in tokens(segment) if not token.ends]
        forms = {token.text: _FIGURE_WEIGHT if token.figure else 1 for token in said}
        nearest = sorted(told, key=lambda source: -sum(forms[form] for form in source.forms & forms.keys()))
        for source in nearest[:_MOST_SOURCES]:
            span = self._span(source, said, segment, words, used) or self._retold(source, said, words)
            if span:
                return [Told(source=source, start=span[0], end=span[1])]
        return []

    def _span(
        self, source: Source, said: Sequence[Token], segment: str, words: str, used: Sequence[Told]
    ) -> tuple[int, int] | None:
        """Where a source states a segment, as a span of its tokens; None where it does not."""
        quoted, frame = source.tokens, source.frame
        pairs = _in_runs(align(said, quoted), said)
        if not pairs or any(said[one].text not in self._figures for one, _ in pairs if said[one].figure):
            return None
        start, end = pairs[0][1], pairs[-1][1] + 1
        before = source.before + source.text[: quoted[end - 1].end]
        if not all(frame.admits(run, sentence=source.sentence, before=before) for run in _added(pairs, said, segment)):
            return None
        if PLANNED.search(source.before + source.text[: quoted[start].start]) and not PLANNED.search(words):
            return None
        has_figure = any(said[one].figure and not said[one].year for one, _ in pairs)
        for one, other in pairwise(place for _, place in pairs):
            run = frame.without_names(FROM_TO.sub("", form_of(quoted[one + 1 : other])))
            crosses = any(token.ends for token in quoted[one + 1 : other])
            if run and (turns(run) or ((crosses or has_figure) and not frame.is_light(run))):
                return None
        begin, finish = segment_around(quoted, start, end)
        left, right = quoted[begin:start], quoted[end:finish]
        run = frame.without_names(form_of(left))
        if turns(run) or ((has_figure or used) and not frame.is_light(run)):
            return None
        if turns(frame.without_names(form_of(right))):
            return None
        if has_figure and not self._has_subject(source, begin, end, used):
            return None
        return start, end

    def _retold(self, source: Source, said: Sequence[Token], words: str) -> tuple[int, int] | None:
        span = retold(source, said, source.before + source.text)
        if span is None or any(token.text not in self._figures for token in said if token.figure and not token.year):
            return None
        planned = PLANNED.search(source.before + source.text[: source.tokens[span[0]].start])
        return None if planned and not PLANNED.search(words) else span

    def _has_subject(self, source: Source, start: int, end: int, used: Sequence[Told]) -> bool:
        """Whether what a figure is of is said: in its segment, or in the one before, as it is quoted."""
        quoted = source.tokens
        if not start:
            return True
        if quoted[start - 1].text == "、":  # 教育、卫生支出100亿元 is of both.
            begin, _ = segment_around(quoted, start - 1, start - 1)
            item = quoted[begin : start - 1]
            if not any(token.figure and not token.year for token in item):
                return False
        if not source.frame.is_bare(form_of(quoted[start:end])):
            return True
        return bool(used) and used[-1].source is source and used[-1].end in (start, start - 1)


def _is_verbatim(quoted: str, told: Sequence[Source]) -> bool:
    """Whether the words between quotation marks stand so in a sentence, a heading or a title."""
    wanted = without_spaces(quoted)
    return any(wanted in without_spaces(source.sentence) or source.frame.is_name(wanted) for source in told)


def _in_runs(pairs: Sequence[tuple[int, int]], said: Sequence[Token]) -> list[tuple[int, int]]:
    """The pairs without single characters that stand in the quote by chance, far from the others."""
    kept = []
    for _, run in groupby(enumerate(pairs), key=lambda one: (one[1][0] - one[0], one[1][1] - one[0])):
        found = [pair for _, pair in run]
        if len(found) > 1 or said[found[0][0]].figure or len(said) == 1:
            kept += found
    return kept


def _added(pairs: Sequence[tuple[int, int]], said: Sequence[Token], segment: str) -> Iterator[str]:
    """What is said and not quoted, run by run."""
    matched = {one for one, _ in pairs}
    for is_matched, run in groupby(range(len(said)), key=matched.__contains__):
        if not is_matched:
            places = list(run)
            yield segment[said[places[0]].start : said[places[-1]].end]
