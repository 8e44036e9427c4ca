"""A penalty names the article that was broken: “违反本办法第十六条第一款” → that paragraph, which is shown below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kb.answering.extract.rules.references import resolved_in
from kb.answering.extract.statements import Clause
from kb.answering.units.reading import Reading
from kb.chinese.lexicon import read_lexicon
from kb.chinese.text import trim

_LEXICON = read_lexicon(__name__)
_BREAKS = _LEXICON["breaks"]
_BEFORE = 12  # characters before a reference in which it is said to be broken
_LONGEST = 240  # characters of what is brought along: a longer article is opened by the reader


def brought_along(reading: Reading, shown: Sequence[Clause]) -> tuple[Clause, ...]:
    """The paragraphs that the lines `shown` say are broken, each once; none that is shown already, or is long."""
    structure = reading.structure
    text = structure.text
    lines: dict[int, Clause] = {}
    for clause in shown:
        for reference, (start, end) in resolved_in(clause.start, clause.end, structure.sections, text):
            start, end = trim(text, start, end)
            known = any(start < other.end and other.start < end for other in shown)
            if (
                known
                or end - start > _LONGEST
                or not _BREAKS.search(text, max(reference.start - _BEFORE, 0), reference.end)
            ):
                continue
            passage = replace(clause.hit.passage, text=text[start:end], start=start, end=end, lead_in="")
            lines.setdefault(
                start, Clause(hit=replace(clause.hit, passage=passage), text=text[start:end], start=start, end=end)
            )
    return tuple(lines.values())
