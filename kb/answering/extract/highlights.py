"""The passages of a document → its headings in order, each with its most informative sentence: what a summary quotes.

    passages → chapters, by the highest headings → how many passages each may quote → its most informative sentences

A long report is quoted evenly: each chapter has its share by its length, and of neighbouring passages the one with the
most informative sentence is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from kb.answering.extract.statements import Clause, names_above
from kb.chinese.figures import figures
from kb.chinese.lexicon import read_lexicon
from kb.chinese.text import CELL_MARK, clauses, sentences, trim, without_spaces
from kb.types import Hit

_LEXICON = read_lexicon(__name__)
_NOTES = _LEXICON["notes"]
_FORMAL = _LEXICON["formal"]
_LEANS = _LEXICON["leans"]
_ENDS = _LEXICON["ends"]

_SHORT, _LONG = (
    8,
    110,
)  # characters of a sentence: a shorter one says too little, a longer one is quoted clause by clause
_LONG_LIST = 240  # … and of a list, of which a part alone would mislead
_MOST_FIGURES = 3  # that count: more figures in one sentence do not make it more informative
# The scores, by `_score`, from which a sentence is quoted.
_LEAST_SCORE = 0.0
_LEAST_SCORE_ALONE = -2.0  # where nothing else is quoted of its chapter
_LEAST_SCORE_OPENING = 1.0  # in the first passage of a chapter of which more is quoted


def abridge(passages: Sequence[Hit], most: int, *, depth: int = 0) -> tuple[Clause, ...]:
    """The most informative clauses of `passages`, of at most `most` of these, in order.

    Each chapter, by the headings at `depth`, begins with its heading where that stands in the text.
    """
    chapters = [list(hits) for _, hits in groupby(passages, key=lambda hit: hit.passage.heading[depth : depth + 1])]
    headed = [hits for hits in chapters if hits[0].passage.heading[depth:]]
    kept = [hits for hits in headed if not _NOTES.search(hits[0].passage.heading[depth])] or headed or chapters
    worded = [hits for hits in kept if _length(hits)] or kept
    found: list[Clause] = []
    for hits, share in zip(worded, _shares(worded, most), strict=True):
        if share:
            found += _of_chapter(hits, share, depth)
    return tuple(found)


def heading_of(hit: Hit, depth: int) -> Clause | None:
    """The heading at `depth` of a passage, where it stands in its text."""
    heading = "".join(hit.passage.heading[depth : depth + 1])
    return next((line for line in lines_of(hit) if line.text == heading), None) if heading else None


def lines_of(hit: Hit) -> Iterator[Clause]:
    """The lines of a passage that hold anything."""
    start = hit.passage.start
    for line in hit.passage.text.split("\n"):
        text = line.strip()
        if text:
            offset = start + line.index(text)
            yield Clause(hit=hit, text=text, start=offset, end=offset + len(text))
        start += len(line) + 1


def _below_headings(hit: Hit) -> list[Clause]:
    """The lines of a passage that are no headings of it."""
    names = names_above(hit)
    return [line for line in lines_of(hit) if without_spaces(line.text) not in names]


def _length(hits: Sequence[Hit]) -> int:
    """Characters of a chapter beside the rows of its tables; 0 where it is mostly a table."""
    lines = [line.text for hit in hits for line in _below_headings(hit)]
    prose = [line for line in lines if CELL_MARK not in line]
    return sum(map(len, prose)) if 2 * len(prose) >= len(lines) else 0


def _shares(chapters: Sequence[Sequence[Hit]], most: int) -> list[int]:
    """How many of `most` passages are quoted of each chapter.

    The longest first have what they need, and the rest goes out in proportion to length [1]. A chapter whose first passage
    has no informative sentence needs two: that and another.

    [1] The method of Webster and Sainte-Laguë for seats.
    """
    lengths = [_length(hits) for hits in chapters]
    needs = [1 if len(hits) == 1 or _opening(hits) else 2 for hits in chapters]
    shares = [0] * len(chapters)
    for number in sorted(range(len(chapters)), key=lambda number: -lengths[number]):
        if sum(shares) + needs[number] <= most:
            shares[number] = needs[number]
    if chapters and not any(shares):
        shares[lengths.index(max(lengths))] = most
    while sum(shares) < most:
        open_ = [number for number, share in enumerate(shares) if 0 < share < len(chapters[number])]
        if not open_:
            break
        shares[max(open_, key=lambda number: lengths[number] / (2 * shares[number] + 1))] += 1
    return shares


def _opening(hits: Sequence[Hit]) -> Clause | None:
    """The most informative clause of the first passage of a chapter; None where none scores high enough."""
    first = _most_informative(hits[:1])
    return first if first and _score(first) >= _LEAST_SCORE_OPENING else None


def _of_chapter(hits: Sequence[Hit], share: int, depth: int) -> Iterator[Clause]:
    """The heading of a chapter, and a clause of each of so many passages of it."""
    heading = heading_of(hits[0], depth)
    if heading:
        yield replace(heading, heads=True)
    whole = _below_headings(hits[0])
    if len(hits) == 1 and sum(len(line.text) for line in whole) <= (_LONG if len(whole) == 1 else _LONG_LIST):
        yield from whole
    elif first := _opening(hits) if share > 1 else _most_informative(hits[:1], _LEAST_SCORE_ALONE):
        yield first
    for cells in _evenly(list(_cells(hits[1:], share - 1, depth + 1)), share - 1):
        found = [clause for cell in cells if (clause := _of_cell(cell, depth + 1))]
        if found:
            yield max(found, key=_score)


def _cells(hits: Sequence[Hit], least: int, depth: int) -> Iterator[list[Hit]]:
    """The passages under each of the headings at `depth`; one by one where these are fewer than `least`."""
    by_heading = [list(cell) for _, cell in groupby(hits, key=lambda hit: hit.passage.heading[depth : depth + 1])]
    if len(by_heading) < least:
        return ([hit] for hit in hits)
    return (cell[:1] if cell[0].passage.heading[depth:] else cell for cell in by_heading)


def _evenly(cells: Sequence[list[Hit]], number: int) -> Iterator[Sequence[list[Hit]]]:
    """`cells` in so many rows of neighbours, as even as may be."""
    number = min(number, len(cells))
    for row in range(number):
        yield cells[row * len(cells) // number : (row + 1) * len(cells) // number]


def _of_cell(cell: Sequence[Hit], depth: int) -> Clause | None:
    """The most informative clause of a cell, under its heading; the heading alone where there is none."""
    best = _most_informative(cell)
    heading = heading_of(cell[0], depth)
    if heading is None or (best and best.hit is not heading.hit):
        return best
    return replace(best, under=heading) if best else heading


def _most_informative(hits: Sequence[Hit], least: float = _LEAST_SCORE) -> Clause | None:
    """The clause of `hits` with the highest score, the first of equals; None where none has the `least` score."""
    found = [clause for hit in hits for clause in _sentences(hit)]
    best = max(found, key=_score, default=None)
    return best if best and _score(best) >= least else None


def _sentences(hit: Hit) -> Iterator[Clause]:
    """The sentences of a passage, and of long ones the clauses; without its headings."""
    text, offset = hit.passage.text, hit.passage.start
    names = names_above(hit)
    for start, end in sentences(text):
        if without_spaces(text[start:end]) in names:
            continue
        spans = [(0, end - start)] if end - start <= _LONG else clauses(text[start:end])
        for first, last in spans:
            begin, finish = trim(text, start + first, start + last)
            if begin < finish:
                yield Clause(hit=hit, text=text[begin:finish], start=offset + begin, end=offset + finish)


def _score(clause: Clause) -> float:
    """How informative a clause is by itself: figures add; ceremony, and words that refer to what is before, take away."""
    text = clause.text
    counted = [figure for figure in figures(text) if figure.unit not in ("年", "月", "日", "")]
    score = float(min(len(counted), _MOST_FIGURES))
    score -= 3.0 * bool(_FORMAL.search(text)) + 1.5 * bool(_LEANS.match(text)) + 2.0 * (len(text) < _SHORT)
    score -= 1.5 * (CELL_MARK in text) + 2.0 * (not _ENDS.search(text))
    return score - max(0, len(text) - _LONG) / 50
