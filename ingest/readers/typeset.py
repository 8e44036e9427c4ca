"""Lines in their places on pages → paragraphs, without what repeats on every page.

A paragraph ends where its last line ends early, or where the next line is indented; the end of a page
ends none.
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.readers.lines import join
from ingest.readers.tables import Row
from kb.types import Block

_PAGE_NUMBER = re.compile(
    r"[-—–－·•\s]*(?:第\s*)?\d{1,4}\s*页?(?:\s*[/／,，]?\s*共?\s*\d{1,4}\s*页?)?[-—–－·•\s]*"
)
_NUMBERED = re.compile(
    r"第[一二三四五六七八九十百零〇\d]+[编章节条]|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)]|\d{1,2}[.．、](?!\d)"
)
_UNBROKEN = re.compile(r"[0-9A-Za-z.,%/:@-]*")
_FINAL = re.compile(r"[。！？；：!?;][”’」』）)]*$")
_MARGIN_LINES = 2  # lines at the top and the bottom where headers and footers stand
_SHORT = 2.0  # characters that a line ends before the margin, where it is not full
_INDENT = 1.2  # characters
_SAME_SIZE = 1.15
_LATIN_WIDTH = 0.5  # of a Chinese character


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it stands on the page, in points from the lower left corner; or a table in its place."""

    text: str
    left: float
    right: float
    top: float
    size: float  # of its font, points
    page: int
    table: tuple[Row, ...] = ()


def without_margins(pages: list[list[Line]]) -> list[Line]:
    """All lines without page numbers and the headers and footers that repeat."""

    def marginal(page: list[Line]) -> list[Line]:
        lines = sorted((line for line in page if not line.table), key=lambda line: -line.top)
        return lines[:_MARGIN_LINES] + lines[-_MARGIN_LINES:]

    def shape(line: Line) -> tuple[str, int]:
        return re.sub(r"\d+", "#", line.text), round(line.top / 10)

    counts = Counter(key for page in pages for key in {shape(line) for line in marginal(page)})
    enough = max(3, len(pages) // 2)
    kept = []
    for page in pages:
        outer = sorted(page, key=lambda line: line.top)
        edges = {id(line) for line in (outer[:1] + outer[-1:])}
        margin = {id(line) for line in marginal(page)}
        for line in page:
            number = id(line) in edges and _PAGE_NUMBER.fullmatch(line.text)
            if not number and not (id(line) in margin and counts[shape(line)] >= enough):
                kept.append(line)
    return kept


def paragraphs(group: list[Line], lines: list[Line]) -> Iterator[Block]:
    """The paragraphs of lines that follow one another; `lines` are all of the document, for its measures."""
    text = [line for line in lines if not line.table]
    size = statistics.median(line.size for line in text)
    body = [line for line in text if size / _SAME_SIZE <= line.size <= size * _SAME_SIZE]
    margins = {
        page: _margins([line for line in body if line.page == page]) for page in {line.page for line in text}
    }
    content, page = group[0].text, group[0].page
    for before, line in itertools.pairwise(group):
        if _continues(before, line, size, margins[line.page][0], margins[before.page][1]):
            content = join(content, line.text)
        else:
            yield Block(text=content, page=page)
            content, page = line.text, line.page
    yield Block(text=content, page=page)


def _margins(body: list[Line]) -> tuple[float, float]:
    """Left and right, points: where most lines of a page begin, and where all but stray ones end."""
    if len(body) < 2:
        return (body[0].left, body[0].right) if body else (0.0, 0.0)
    return (
        statistics.quantiles((line.left for line in body), n=10, method="inclusive")[0],
        statistics.quantiles((line.right for line in body), n=10, method="inclusive")[-1],
    )


def _continues(before: Line, line: Line, size: float, left: float, right: float) -> bool:
    """Whether `line` belongs to the paragraph of the line before it."""
    if max(before.size, line.size) > _SAME_SIZE * min(before.size, line.size):
        return False
    if before.size > _SAME_SIZE * size:  # a title of several lines
        return before.page == line.page and not _FINAL.search(before.text) and not _NUMBERED.match(line.text)
    if line.left > left + _INDENT * size:
        return False
    # A figure is not broken: the line before it ends early.
    unbroken = len(_UNBROKEN.match(line.text)[0]) * _LATIN_WIDTH  # type: ignore[index]
    if before.right + (unbroken + _SHORT) * size < right:
        return False
    return not (_FINAL.search(before.text) and _NUMBERED.match(line.text))
