"""Text with marks such as [1], as editors write it and as browsers and the journal keep it → lines of an answer.

An answer itself is never read so: `Answer.lines` has its text without marks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from kb.types import AnswerLine, Citation

_MARK = re.compile(r"\[(\d+)\]")


def lines_of(text: str, cited: Mapping[int, Sequence[Citation]]) -> tuple[AnswerLine, ...]:
    """The lines of `text`, cut behind the marks of `cited`; a mark of another number stays text."""
    if not cited:
        return tuple(AnswerLine(text=row) for row in text.splitlines() if row)
    marks = re.compile(rf"((?:\[(?:{'|'.join(map(str, cited))})\])+)")
    lines: list[AnswerLine] = []
    for row in filter(None, text.splitlines()):
        pieces = [*marks.split(row), ""]  # words and marks in turn
        for place in range(0, len(pieces), 2):
            words, numbers = pieces[place], marks_in(pieces[place + 1])
            if words or numbers:
                citations = tuple(citation for number in numbers for citation in cited[number])
                lines.append(AnswerLine(text=words, citations=citations, continues=place > 0))
    return tuple(lines)


def marks_in(text: str) -> list[int]:
    """The numbers of the marks in `text`, in order."""
    return [int(number) for number in _MARK.findall(text)]


def renumbered(text: str, numbers: Mapping[int, Sequence[int]]) -> str:
    """`text` with the marks of `numbers` in the place of each mark, none where it has no numbers."""
    return _MARK.sub(lambda mark: "".join(f"[{number}]" for number in numbers.get(int(mark[1]), ())), text)


def without_marks(text: str) -> str:
    """`text` with a space in the place of each mark."""
    return _MARK.sub(" ", text)
