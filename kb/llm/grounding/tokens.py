"""Text → tokens: figures whole, other characters one by one, without spaces, quotation marks and brackets.

`17 次` and `十七次` are one token, `1.2万` and `12000` are the same. `2.5万多` is another than `2.5万`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kb.answering.extract.answer_type import ROUGH_WITHIN
from kb.chinese.figures import Figure, figures
from kb.chinese.text import fold

# No two numbers of a row grow together where a space is dropped.
_SPACES = re.compile(r"(?<!\d)\s+|\s+(?!\d)")
_ENDS = frozenset("，,；;：:。！？!?、|\n ")
_DROPPED = frozenset({"Ps", "Pe", "Pi", "Pf", "Cf", "Cc"})
_QUOTES = frozenset("\"'`*_·")
FIGURE = re.compile(r"<[^<>]*>")  # in the form of a text


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """`text` is its form for comparing; `start` and `end` are its span in the text as given."""

    text: str
    start: int
    end: int
    figure: Figure | None = None

    @property
    def ends(self) -> bool:
        """Whether it is a mark that ends a segment or an item of a list."""
        return self.text in _ENDS

    @property
    def year(self) -> int | None:
        """The year that it names."""
        figure = self.figure
        return int(figure.value) if figure and figure.unit == "年" and 1900 <= figure.value <= 2100 else None


def tokens(text: str) -> list[Token]:
    """All tokens of `text`, in order."""
    spaces = {place for match in _SPACES.finditer(text) for place in range(*match.span())}
    places = [place for place in range(len(text)) if place not in spaces or text[place] == "\n"]
    squeezed = "".join(text[place] for place in places)
    found: list[Token] = []
    position = 0
    for figure in [*figures(squeezed), None]:
        for offset in range(position, figure.start if figure else len(squeezed)):
            character = squeezed[offset]
            if character in _QUOTES or (character != "\n" and unicodedata.category(character) in _DROPPED):
                continue
            found.append(Token(text=fold(character), start=places[offset], end=places[offset] + 1))
        if figure:
            start, end = places[figure.start], places[figure.end - 1] + 1
            found.append(Token(text=_form(figure), start=start, end=end, figure=figure))
            position = figure.end
    return found


def form_of(run: Iterable[Token]) -> str:
    """The tokens of `run` in their forms, as one text."""
    return "".join(token.text for token in run)


def segment_around(run: Sequence[Token], start: int, end: int) -> tuple[int, int]:
    """The span from the mark before `start` to the mark behind `end`, without these."""
    while start and not run[start - 1].ends:
        start -= 1
    while end < len(run) and not run[end].ends:
        end += 1
    return start, end


def _form(figure: Figure) -> str:
    rough = "+" if ROUGH_WITHIN.search(figure.text) else ""
    return f"<{figure.value.normalize():f}{rough}{fold(figure.unit)}>"
