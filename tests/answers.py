"""Answers made by hand, of text with marks."""

from __future__ import annotations

from collections.abc import Iterable

from kb.chat.marked_text import lines_of
from kb.types import AnswerLine, Citation


def marked_lines(text: str, citations: Iterable[Citation] = ()) -> tuple[AnswerLine, ...]:
    """The lines of `text`, whose marks name `citations` by their markers."""
    cited: dict[int, list[Citation]] = {}
    for citation in citations:
        cited.setdefault(citation.marker, []).append(citation)
    return lines_of(text, cited)
