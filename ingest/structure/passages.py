"""Blocks → the document's text and its passages.

A passage is a run of blocks under one heading path. It never cuts a sentence, unless that is far longer than a passage
or a list whose items it parts; it never parts a lead-in from its first item, and holds a short article, list or item
whole. The passages of a document, with the line breaks between them, are its text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.structure.sections import sections
from ingest.structure.signatures import is_imprint
from ingest.structure.wholes import Wholes
from kb.chinese.figures import UNITS
from kb.chinese.text import CELL_MARK, sentences
from kb.types import Block, BlockKind, Passage

# A passage of one topic is found better than a page of many, and the encoder reads no more than 512 pieces,
# about 700 characters. docs/adr/0005 has the table.
PASSAGE_CHARACTERS = 300
# A longer sentence, or row of a table, is text that lost its marks: nobody reads it as one quote. The longest of 58
# published reports has 639 characters.
LONGEST_SENTENCE = 4 * PASSAGE_CHARACTERS
# Where such a sentence is cut, the weakest first.
_MARKS = tuple(map(re.compile, (r"\s+", r"[，、,：:]", r"[。！？!?；;][”’」』）)】》〉]*", re.escape(CELL_MARK))))
# Where it is not: 1,108.5 · 10:30 · 3.3 万公里 · 百分之三十点五. Rougher than `kb.chinese.figures`, which weighs what a number
# is worth; any text, however long its numbers, passes here.
_NUMERALS = "零〇一二两三四五六七八九十百千万亿"
_FIGURE = re.compile(
    rf"(?:百分之)?[\d{_NUMERALS}]"
    rf"(?:[\d{_NUMERALS}多余]|[.．:：](?=\d)|[,，](?=\d{{3}}(?!\d))|点(?=[{_NUMERALS}])|\s(?=[万亿]))*"
    rf"(?:\s*(?:%|％|‰|{UNITS}))?"
)
_LONGEST_FIGURE = 40  # characters


def document_text(blocks: Sequence[Block]) -> str:
    """The text of a document: its blocks, a line each."""
    return "\n".join(block.text for block in blocks)


def passages(blocks: Sequence[Block]) -> list[Passage]:
    """The passages of a document in order, with spans into `document_text(blocks)`.

    A heading stands in the passage that it opens; one longer than a passage is none. A paragraph longer than a
    passage is split between sentences. A sentence longer than a passage stays whole up to `LONGEST_SENTENCE`; a
    longer one is split at its marks, or else between figures. A list longer than a passage is split between its items;
    the later passages carry its lead-in.
    """
    text = document_text(blocks)
    wholes = Wholes(sections(blocks), PASSAGE_CHARACTERS)
    runs: list[_Run] = []
    for piece in _together(_pieces(blocks, wholes.cuts), wholes):
        if runs and runs[-1].admits(piece):
            runs[-1] = replace(runs[-1], end=piece.end, heading=piece.heading, only_headings=piece.only_headings)
        else:
            runs.append(piece)
    return [
        Passage(
            text=text[run.start : run.end],
            heading=run.heading,
            start=run.start,
            end=run.end,
            page=run.page,
            lead_in=wholes.lead_in(text, run.start),
        )
        for run in runs
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """Neighbouring blocks, or some sentences of a long one, that will make one passage."""

    start: int
    end: int
    heading: tuple[str, ...]
    page: int | None
    only_headings: bool  # nothing but headings so far: what comes next belongs to them

    def admits(self, piece: _Run) -> bool:
        if self.only_headings:
            return piece.heading[: len(self.heading)] == self.heading
        return (
            not piece.only_headings and piece.heading == self.heading and piece.end - self.start <= PASSAGE_CHARACTERS
        )


def _together(pieces: Iterable[_Run], wholes: Wholes) -> Iterator[_Run]:
    """The pieces, those as one that a passage holds whole: a short article or item, a lead-in with its first item."""
    held: _Run | None = None
    for piece in pieces:
        if (
            held is not None
            and not held.only_headings
            and held.heading == piece.heading
            and wholes.parts_at(piece.start)
        ):
            held = replace(held, end=piece.end)
            continue
        if held is not None:
            yield held
        held = piece
    if held is not None:
        yield held


def _pieces(blocks: Sequence[Block], cuts: Sequence[int]) -> Iterator[_Run]:
    """Headings, and parts of other blocks no longer than a passage where their sentences allow it.

    cuts: further places where a part may end, in order.
    """
    path: list[Block] = []  # the headings in force; the title is not one of them
    start = 0
    for block in blocks:
        is_heading = block.kind is BlockKind.HEADING and len(block.text) <= PASSAGE_CHARACTERS
        if block is blocks[-1] and is_imprint(block.text):
            path = []  # it belongs to the page, not to what the last heading is about
        if is_heading:
            path = [heading for heading in path if heading.level < block.level]
            if block.level > 1:
                path.append(block)
        within = cuts[bisect_left(cuts, start + 1) : bisect_left(cuts, start + len(block.text))]
        for text in _split(block.text, [cut - start for cut in within]):
            yield _Run(
                start=start,
                end=start + len(text),
                heading=tuple(heading.text for heading in path),
                page=block.page,
                only_headings=is_heading,
            )
            start += len(text)
        start += 1  # the line break


def _split(text: str, cuts: Sequence[int] = ()) -> list[str]:
    """`text` in pieces of whole sentences, or parts of very long ones, each as long as a passage may be."""
    if cuts:
        bounds = [0, *cuts, len(text)]
        return [piece for start, end in pairwise(bounds) for piece in _split(text[start:end])]
    pieces: list[str] = []
    for sentence in _sentences(text):
        if pieces and len(pieces[-1]) + len(sentence) <= PASSAGE_CHARACTERS:
            pieces[-1] += sentence
        else:
            pieces.append(sentence)
    return pieces


def _sentences(text: str) -> Iterator[str]:
    """The sentences of `text`, in parts no longer than a passage where they are too long; together they are `text`."""
    for start, end in sentences(text):
        if end - start > LONGEST_SENTENCE:
            while end - start > PASSAGE_CHARACTERS:
                place = start + _place_to_cut(text[start : min(end, start + PASSAGE_CHARACTERS + _LONGEST_FIGURE)])
                yield text[start:place]
                start = place
        yield text[start:end]


def _place_to_cut(text: str) -> int:
    """Where the passage at the start of `text` ends: at its best mark, else at its bound, not within a figure.

    The best is the strongest of the second half, so that parts are of a size; failing that, of the first.
    """
    within = {place for figure in _FIGURE.finditer(text) for place in range(figure.start() + 1, figure.end())}
    places = [
        (match.end() > PASSAGE_CHARACTERS // 2, strength, match.end())
        for strength, mark in enumerate(_MARKS)
        for match in mark.finditer(text)
        if match.end() <= PASSAGE_CHARACTERS and match.end() not in within
    ]
    if places:
        return max(places)[-1]
    # A number of hundreds of digits is cut as well.
    return max(set(range(1, PASSAGE_CHARACTERS + 1)) - within, default=PASSAGE_CHARACTERS)
