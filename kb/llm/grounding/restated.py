"""The question said again with its figure in it: 新开工改造老旧小区多少个？ is answered by 新开工改造老旧小区3.9万个.

Where code has told which figure answers, and that its segment says by itself what is asked, a sentence may tell it in
the order of the question. Still all that it tells of must stand in the quote or be a name of its passage, all that the
segment tells of must be told, and no word may turn the meaning.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kb.chinese.lexicon import read_lexicon
from kb.chinese.text import content_terms, fold
from kb.llm.grounding.allowed_words import PLANNED, TURNING
from kb.llm.grounding.sources import Source
from kb.llm.grounding.tokens import FIGURE, form_of, tokens
from kb.search.scope import RELATIVE
from kb.types import Row

_HELD = "|"  # in the place of the figure
_SIGN = re.compile(r"[^\w，,、。；;|\s]")
_LEXICON = read_lexicon(__name__)
_TIES = _LEXICON["ties"]
_FROM = _LEXICON["from"]
# What was reached may be told as what is.
_REACHED = (("risen", _LEXICON["risen"]), ("fallen", _LEXICON["fallen"]), ("", _LEXICON["reached"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Telling:
    """What a text tells of a figure: the words around it, without years, and without how it was reached."""

    around: str
    reached: str  # "risen", "fallen", or "" where it only is
    begun: tuple[str, ...]  # from which figures


def restates(words: str, question: str, row: Row, source: Source) -> bool:
    """Whether `words` are the question with the figure of `row` in it, as `source` has it."""
    frame = source.frame
    said, quoted, asked = (frame.without_names(fold(text)) for text in (words, row.words, question))
    for relative in RELATIVE.findall(asked):
        said = said.replace(relative, "")
    figure = _without_reaching(form_of(tokens(row.figure)))
    told, stated = (_telling(text, figure) for text in (said, quoted))
    if told is None or stated is None or told.reached not in ("", stated.reached):
        return False
    if told.begun not in ((), stated.begun):
        return False
    return (
        _is_of_its_years(said, asked, source)
        and not (PLANNED.search(source.before) and not PLANNED.search(told.around))
        and not set(_SIGN.findall(told.around)) - set(_SIGN.findall(stated.around))
        and Counter(TURNING.findall(told.around)) == Counter(TURNING.findall(stated.around))
        and _tells_all(told.around, stated.around, source)
        and _tells_no_more(told.around, stated.around, asked, source)
    )


def names_row(words: str, row: Row, others: Sequence[Row]) -> bool:
    """Whether `words` are a row of the table: its figure, behind what no other row has in its label."""
    figure = fold(row.figure)
    said = "".join(fold(words).split()).rstrip("。.;；")
    if not figure or not said.endswith(figure):
        return False
    label = said.removesuffix(figure).rstrip(":：,，")
    return len(label) > 1 and label in fold(row.label) and not any(label in fold(other.label) for other in others)


def _telling(text: str, figure: str) -> _Telling | None:
    """What `text` tells of `figure`; None where it tells another figure, or this one twice."""
    form = form_of(token for token in tokens(text) if not token.year)
    begun = tuple(_FROM.findall(form))
    before, found, behind = _FROM.sub("", form).lstrip(":：,，").partition(figure)
    if not found or FIGURE.search(before + behind):
        return None
    for reached, words in _REACHED:
        if match := words.search(before):
            return _Telling(around=f"{before[: match.start()]}{_HELD}{behind}", reached=reached, begun=begun)
    return None


def _without_reaching(figure: str) -> str:
    """A figure without the words that tell how it was reached; those of its bound or direction stay."""
    before, sign, value = figure.partition("<")
    for _, words in _REACHED:
        before = words.sub("", before)
    return before + sign + value


def _is_of_its_years(said: str, asked: str, source: Source) -> bool:
    """Whether the years that are told are those that were asked about, or those of the sentence."""
    told, meant = ({token.year for token in tokens(text) if token.year} for text in (said, asked))
    return told == meant or all(_admits(f"{year}年", source) for year in told)


def _tells_all(told: str, stated: str, source: Source) -> bool:
    """Whether all that the segment tells of is told."""
    return all(term in told or _admits(term, source) for term in content_terms(stated))


def _tells_no_more(told: str, stated: str, asked: str, source: Source) -> bool:
    """Whether all that is told stands in the segment, or was asked for and stands above it, in an order that holds."""
    above = fold("".join((source.sentence, *source.citations[0].heading)))
    terms = [term for term in content_terms(told) if not _admits(term, source)]
    if not all(term in stated or (term in asked and term in above) for term in terms):
        return False
    left = told
    for term in sorted(terms, key=len, reverse=True):
        left = left.replace(term, "，")
    quoted = [*(term for term in terms if term in stated), _HELD]
    as_quoted = sorted(quoted, key=told.find) == sorted(quoted, key=stated.find)
    as_asked = not _TIES.search(stated) and all(term in asked for term in terms)
    in_order = as_quoted or (as_asked and sorted(terms, key=told.find) == sorted(terms, key=asked.find))
    return in_order and _admits("".join(one for one in left if one not in stated), source)


def _admits(words: str, source: Source) -> bool:
    return source.frame.admits(words, sentence=source.sentence, before=source.before + source.text)
