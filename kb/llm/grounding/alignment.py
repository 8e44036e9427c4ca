"""Two rows of tokens → which stand for which, in order: what is written beside what is quoted.

A local alignment with gaps [1]: long runs are worth more than scattered characters, and what is left out at either end
of the quote costs nothing.

[1] Smith and Waterman 1981; Gotoh 1982.
"""

from __future__ import annotations

from collections.abc import Sequence

from kb.llm.grounding.tokens import Token

_SAME = 1.0
_FIGURE = 3.0
_IN_A_RUN = 0.5
_ADDED = -0.4  # of a token that is written and not quoted
_SKIP = -0.8  # of a gap in the quote …
_SKIPPED = -0.05  # … and of each of its tokens

_FREE, _MATCH, _ADD, _PASS = range(4)


def align(written: Sequence[Token], quoted: Sequence[Token]) -> list[tuple[int, int]]:
    """The pairs (place in `written`, place in `quoted`) of the best alignment, in order."""
    width = len(quoted) + 1
    low = float("-inf")
    match, add, skip = [low] * width, [0.0] * width, [low] * width
    came: list[tuple[list[int], list[int], list[int]]] = []
    for token in written:
        next_match, next_add, next_skip = [low] * width, [low] * width, [low] * width
        from_match, from_add, from_skip = [_FREE] * width, [_FREE] * width, [_FREE] * width
        worth = _FIGURE if token.figure else _SAME
        for place in range(width):
            if place and token.text == quoted[place - 1].text and not token.ends:
                before = place - 1
                ways = (match[before] + _IN_A_RUN, add[before], skip[before])
                best = max(ways)
                next_match[place], from_match[place] = best + worth, 1 + ways.index(best)
            ways = (match[place], add[place], skip[place])
            best = max(ways)
            next_add[place], from_add[place] = best + _ADDED, 1 + ways.index(best)
            if place:
                ways = (next_match[place - 1] + _SKIP, low, next_skip[place - 1])
                best = max(ways)
                next_skip[place], from_skip[place] = best + _SKIPPED, 1 + ways.index(best)
        match, add, skip = next_match, next_add, next_skip
        came.append((from_match, from_add, from_skip))
    return _trace(came, match, add)


def _trace(
    came: Sequence[tuple[list[int], list[int], list[int]]], match: Sequence[float], add: Sequence[float]
) -> list[tuple[int, int]]:
    """Go back the way that the best score came."""
    _, place, state = max(
        max((score, place, _MATCH) for place, score in enumerate(match)),
        max((score, place, _ADD) for place, score in enumerate(add)),
    )
    pairs = []
    row = len(came) - 1
    while row >= 0:
        before = came[row][state - 1][place]
        if state == _MATCH:
            pairs.append((row, place - 1))
            row, place = row - 1, place - 1
        elif state == _ADD:
            row -= 1
        else:
            place -= 1
        state = before
    return pairs[::-1]
