"""A segment in another order than its quote: 共开了9场的是宣讲会 for 宣讲会共开了9场.

Only where nothing can be mistaken: the quote's segment and what is written have one and the same figure, no list of
things, no word that relates one thing to another, and all words for what the figure counts are written.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from kb.chinese.lexicon import read_lexicon
from kb.chinese.text import content_terms
from kb.llm.grounding.allowed_words import TURNING
from kb.llm.grounding.sources import Source
from kb.llm.grounding.tokens import FIGURE, Token, form_of, segment_around

_LEXICON = read_lexicon(__name__)
_TIES = _LEXICON["ties"]
_SIGN = re.compile(r"[^\w,，、:：;；。]")


def reordered_span(source: Source, written: Sequence[Token], before: str) -> tuple[int, int] | None:
    """The span of tokens of `source` that state what is written, in whatever order; None where it does not state it.

    before: the text of the passage up to the end of the source.
    """
    quoted, allowed = source.tokens, source.allowed
    counts = [token.text for token in written if token.figure and not token.year]
    places = [place for place, token in enumerate(quoted) if counts == [token.text]]
    if len(places) != 1:
        return None
    start, end = segment_around(quoted, places[0], places[0])
    own = form_of(quoted[start:end])
    joined = bool(start) and quoted[start - 1].text == "、"
    if joined or len(FIGURE.findall(own)) != 1 or _TIES.search(own) or allowed.is_bare(own):
        return None
    begin = start
    while begin and quoted[begin - 1].text in ",，":
        left, _ = segment_around(quoted, begin - 2, begin - 2) if begin > 1 else (0, 0)
        if any(token.figure for token in quoted[left:begin]):
            break
        begin = left
    stated = form_of(quoted[begin:end])
    words = allowed.without_names(form_of([token for token in written if not token.year]))
    if Counter(TURNING.findall(FIGURE.sub("", words))) != Counter(TURNING.findall(FIGURE.sub("", own))):
        return None
    stated_years = {token.year for token in quoted[begin:end]}
    years = [f"{token.year}年" for token in written if token.year and token.year not in stated_years]
    if not all(allowed.admits(year, sentence=source.sentence, before=before) for year in years):
        return None
    if _SIGN.search(FIGURE.sub("", words)) or not all(term in stated for term in _terms(words) if allowed.claims(term)):
        return None
    subject = [
        term for term, share in _terms(allowed.without_names(own)).items() if share == 1 and allowed.claims(term)
    ]
    return (begin, end) if subject and all(term in words for term in subject) else None


def _terms(form: str) -> dict[str, float]:
    return content_terms(FIGURE.sub(" ", form))
