"""Text with marks → text whose every figure stands in the quote that its mark names.

What cannot be shown so is not said: a line that states another figure is struck.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.answering.composing import Draft, Line
from kb.figures import Figure, figures, stands_in
from kb.types import Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """An answer whose figures were checked."""

    text: str
    citations: tuple[Citation, ...]
    struck: tuple[Line, ...]


def strike_unfounded(draft: Draft) -> Checked:
    """Strike the lines of `draft` that state a figure which does not stand in their quotes."""
    kept = [line for line in draft.lines if not unfounded(line.text, line.citations)]
    return Checked(
        text="\n".join(filter(None, [*map(_marked, kept), draft.closing])) if kept else "",
        citations=tuple(citation for line in kept for citation in line.citations),
        struck=tuple(line for line in draft.lines if line not in kept),
    )


def unfounded(text: str, citations: Sequence[Citation]) -> list[Figure]:
    """The figures of `text` that stand in no quote of `citations`."""
    return [figure for figure in figures(text) if not any(stands_in(figure, citation.quote) for citation in citations)]


def _marked(line: Line) -> str:
    marks = "".join(f"[{marker}]" for marker in dict.fromkeys(citation.marker for citation in line.citations))
    return (f"{line.label}：" if line.label else "") + line.text + marks
