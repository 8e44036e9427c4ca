"""The question written again with its figure in it: 新开工改造老旧小区多少个？ is answered by 新开工改造老旧小区3.9万个.

Where code found which figure answers, and that its segment alone has what is asked, a sentence may have it in the order
of the question. Still each of its words must stand in the quote or be a name of its passage, each term of the segment
must stand in it, and no word may turn the meaning.
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
from kb.types import AnswerLine

_PLACE = "|"  # in the place of the figure
_SIGN = re.compile(r"[^\w，,、。；;|\s]")
_LEXICON = read_lexicon(__name__)
_TIES = _LEXICON["ties"]
_FROM = _LEXICON["from"]
# What was reached may be written as what is.
_REACHED = (("risen", _LEXICON["risen"]), ("fallen", _LEXICON["fallen"]), ("", _LEXICON["reached"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Account:
    """What a text states of a figure: the words around it, without years, and without how it was reached."""

    around: str
    reached: str  # "risen", "fallen", or "" where it only is
    begun: tuple[str, ...]  # from which figures


def restates(words: str, question: str, line: AnswerLine, source: Source) -> bool:
    """Whether `words` are the question with the figure of `line` in it, as `source` has it."""
    allowed = source.allowed
    written, quoted, asked = (allowed.without_names(fold(text)) for text in (words, line.words, question))
    for relative in RELATIVE.findall(asked):
        written = written.replace(relative, "")
    figure = _without_reaching(form_of(tokens(line.figure)))
    own, stated = (_account(text, figure) for text in (written, quoted))
    if own is None or stated is None or own.reached not in ("", stated.reached):
        return False
    if own.begun not in ((), stated.begun):
        return False
    return (
        _is_of_its_years(written, asked, source)
        and not (PLANNED.search(source.before) and not PLANNED.search(own.around))
        and not set(_SIGN.findall(own.around)) - set(_SIGN.findall(stated.around))
        and Counter(TURNING.findall(own.around)) == Counter(TURNING.findall(stated.around))
        and _leaves_nothing_out(own.around, stated.around, source)
        and _adds_nothing(own.around, stated.around, asked, source)
    )


def names_part(words: str, line: AnswerLine, others: Sequence[AnswerLine]) -> bool:
    """Whether `words` are the figure of a part of the question, behind what no other part has in its label."""
    figure = fold(line.figure)
    written = "".join(fold(words).split()).rstrip("。.;；")
    if not figure or not written.endswith(figure):
        return False
    label = written.removesuffix(figure).rstrip(":：,，")
    return len(label) > 1 and label in _label(line) and not any(label in _label(other) for other in others)


def _label(line: AnswerLine) -> str:
    return fold("".join(map(str, line.labels)))


def _account(text: str, figure: str) -> _Account | None:
    """What `text` states of `figure`; None where it states another figure, or this one twice."""
    form = form_of(token for token in tokens(text) if not token.year)
    begun = tuple(_FROM.findall(form))
    before, found, behind = _FROM.sub("", form).lstrip(":：,，").partition(figure)
    if not found or FIGURE.search(before + behind):
        return None
    for reached, words in _REACHED:
        if match := words.search(before):
            return _Account(around=f"{before[: match.start()]}{_PLACE}{behind}", reached=reached, begun=begun)
    return None


def _without_reaching(figure: str) -> str:
    """A figure without the words for how it was reached; those of its bound or direction stay."""
    before, sign, value = figure.partition("<")
    for _, words in _REACHED:
        before = words.sub("", before)
    return before + sign + value


def _is_of_its_years(written: str, asked: str, source: Source) -> bool:
    """Whether the years that are written are those that were asked about, or those of the sentence."""
    named, meant = ({token.year for token in tokens(text) if token.year} for text in (written, asked))
    return named == meant or all(_admits(f"{year}年", source) for year in named)


def _leaves_nothing_out(own: str, stated: str, source: Source) -> bool:
    """Whether each term of the segment is written."""
    return all(term in own or _admits(term, source) for term in content_terms(stated))


def _adds_nothing(own: str, stated: str, asked: str, source: Source) -> bool:
    """Whether all that is written stands in the segment, or was asked for and stands above it, in an order that holds."""
    above = fold("".join((source.sentence, *source.citations[0].heading)))
    terms = [term for term in content_terms(own) if not _admits(term, source)]
    if not all(term in stated or (term in asked and term in above) for term in terms):
        return False
    left = own
    for term in sorted(terms, key=len, reverse=True):
        left = left.replace(term, "，")
    quoted = [*(term for term in terms if term in stated), _PLACE]
    as_quoted = sorted(quoted, key=own.find) == sorted(quoted, key=stated.find)
    as_asked = not _TIES.search(stated) and all(term in asked for term in terms)
    in_order = as_quoted or (as_asked and sorted(terms, key=own.find) == sorted(terms, key=asked.find))
    return in_order and _admits("".join(character for character in left if character not in stated), source)


def _admits(words: str, source: Source) -> bool:
    return source.allowed.admits(words, sentence=source.sentence, before=source.before + source.text)
