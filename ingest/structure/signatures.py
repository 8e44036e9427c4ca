"""Lines → the blocks in which an issuer signs: its name, or several, and the date; and who keeps the site, at the end."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.structure.lines import Line
from kb.chinese.lexicon import read_lexicon
from kb.types import BlockKind

_LEXICON = read_lexicon(__name__)
_DATE, _ISSUER, _BOTH = _LEXICON["date"], _LEXICON["issuer"], _LEXICON["both"]
_IMPRINT = _LEXICON["imprint"]
_MAX_ISSUERS = 8  # of a joint notice


def signatures(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """The places of the first line of each signature, and of the line behind it.

    A date that stands below the title, before any sentence, is none.
    """
    found = []
    has_sentence = False
    for i, line in enumerate(lines):
        has_sentence = has_sentence or line.text.rstrip().endswith(("。", "：", ":"))
        if not has_sentence or line.kind is not BlockKind.PARAGRAPH:
            continue
        if _BOTH.match(line.text) or (i == len(lines) - 1 and is_imprint(line.text)):
            found.append((i, i + 1))
        elif _DATE.match(line.text):
            first = i
            while first and i - first < _MAX_ISSUERS and _is_issuer(lines[first - 1]):
                first -= 1
            if first < i:
                found.append((first, i + 1))
    return found


def is_imprint(text: str) -> bool:
    """Whether a line names the office that keeps the site."""
    return bool(_IMPRINT.match(text))


def _is_issuer(line: Line) -> bool:
    return line.kind is BlockKind.PARAGRAPH and bool(_ISSUER.match(line.text))
