"""The differences of two texts, line by line, and within a changed line piece by piece."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_MOST_COMPARED = 3_000  # characters of lines that are laid side by side within
_LEAST_ALIKE = 0.4  # of two lines that are one line changed
_NEAR = 12  # lines among which the other state of a line is looked for
_AROUND = 2  # lines that are shown before and after a change
# Figures and words of letters stay whole; a Chinese character stands for itself.
_PIECE = re.compile(r"\d+(?:[.,]\d+)*%?|[A-Za-z]+|\s+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class DiffPiece:
    """Some characters of a line, and whether the other line lacks them."""

    text: str
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffLine:
    """One step of a comparison: a line as it was and as it is; `before` or `after` is None where there was none.

    `skipped` lines that are equal stand for a line that is not shown.
    """

    before: tuple[DiffPiece, ...] | None = None
    after: tuple[DiffPiece, ...] | None = None
    skipped: int = 0

    @property
    def changes(self) -> bool:
        return not self.skipped and self.before != self.after


def differences(before: str, after: str) -> list[DiffLine]:
    """The lines of both texts side by side, with what is equal and far from any change left out."""
    old, new = before.split("\n"), after.split("\n")
    lines: list[DiffLine] = []
    for kind, i, j, k, l in difflib.SequenceMatcher(None, old, new, autojunk=len(old) > 2_000).get_opcodes():  # noqa: E741
        if kind == "equal":
            lines += _equal(old[i:j], at_start=i == 0, at_end=j == len(old))
        else:
            lines += _changed(old[i:j], new[k:l])
    return lines


def _equal(texts: Sequence[str], *, at_start: bool, at_end: bool) -> list[DiffLine]:
    shown = [_line(text, text) for text in texts]
    head, tail = 0 if at_start else _AROUND, 0 if at_end else _AROUND
    skipped = len(shown) - head - tail
    if skipped < 2:
        return shown
    return [*shown[:head], DiffLine(skipped=skipped), *shown[len(shown) - tail :]]


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[DiffLine]:
    """Lines in whose place others stand, each beside the next that is like it."""
    rest = list(new)
    for text in old:
        like = next((number for number, other in enumerate(rest[:_NEAR]) if _alike(text, other)), None)
        if like is None:
            yield _line(text, None)
            continue
        for other in rest[:like]:
            yield _line(None, other)
        yield _line(text, rest[like])
        rest = rest[like + 1 :]
    for other in rest:
        yield _line(None, other)


def _alike(line: str, other: str) -> bool:
    if len(line) + len(other) > _MOST_COMPARED:
        return line[:40] == other[:40]
    matcher = difflib.SequenceMatcher(None, line, other, autojunk=False)
    return matcher.real_quick_ratio() >= _LEAST_ALIKE and matcher.ratio() >= _LEAST_ALIKE


def _line(before: str | None, after: str | None) -> DiffLine:
    if before is None or after is None:
        return DiffLine(
            before=None if before is None else (DiffPiece(before, True),),
            after=None if after is None else (DiffPiece(after, True),),
        )
    if before == after:
        return DiffLine(before=(DiffPiece(before, False),), after=(DiffPiece(after, False),))
    if len(before) + len(after) > _MOST_COMPARED:
        return DiffLine(before=(DiffPiece(before, True),), after=(DiffPiece(after, True),))
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    left: list[DiffPiece] = []
    right: list[DiffPiece] = []
    for kind, i, j, k, l in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():  # noqa: E741
        left += [DiffPiece("".join(old[i:j]), kind != "equal")] if i < j else []
        right += [DiffPiece("".join(new[k:l]), kind != "equal")] if k < l else []
    return DiffLine(before=tuple(left), after=tuple(right))
