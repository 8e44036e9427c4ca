"""The words that a sentence may have, or leave out, beside those of its quote.

Every other word must be quoted, in the order in which it is quoted.
"""

from __future__ import annotations

import re

from kb.answering.extract.plan_or_result import is_planned
from kb.chinese.lexicon import read_lexicon
from kb.chinese.text import fold, tagged
from kb.search.gazetteer import aliases
from kb.types import Document, Passage

_LAYOUT = re.compile(r"[\s《》“”‘’\"'「」『』（）()【】]")
_LEXICON = read_lexicon(__name__)
_HARMLESS = _LEXICON["harmless"]
_DONE = _LEXICON["done"]
_TO_DO = _LEXICON["to_do"]
_YEAR = _LEXICON["year"]
TURNING = _LEXICON["turning"]
PLANNED = _LEXICON["planned"]
FROM_TO = _LEXICON["from_to"]
_OF_A_FIGURE = _LEXICON["of_a_figure"]
_OF_A_WHOLE = _LEXICON["of_a_whole"]
_LIGHT_TAGS = ("d", "u", "p", "c", "y", "e", "t")  # adverbs, particles, prepositions: a figure is the same without
_AGO = {"去年": -1, "上年": -1, "今年": 0, "明年": 1}


class AllowedWords:
    """The names by which a sentence may call a passage (issuer, region, title, headings, years), and what it may add to it."""

    def __init__(self, document: Document, passage: Passage, years: frozenset[int] = frozenset()) -> None:
        """`years`: those in the labels of the composed lines that quote the passage."""
        metadata = document.metadata
        names = {fold(name) for name in (metadata.title, metadata.kind, metadata.number, *passage.heading) if name}
        names |= aliases(document)
        region = metadata.region or metadata.issuer or ""
        names |= {f"{whole}{level}" for level in "省市区县" if level in region for whole in ("全", "我", "本")}
        self._year, self._reporting_year = metadata.year, metadata.reporting_year
        self._heading, self._years = passage.heading, years
        longest_first = sorted(("".join(name.split()) for name in names), key=len, reverse=True)
        self._names = re.compile("|".join(map(re.escape, longest_first)))
        named = rf"年度?(?=(?:{self._names.pattern})*(?:{re.escape(metadata.kind or '报告')}|报告))"
        self._title = re.compile(rf"({metadata.year}{named})")
        self._dated = re.compile(rf"((?:19|20)\d{{2}}){named}")

    def misdates(self, words: str) -> bool:
        """Whether `words` name the document by another year than its own."""
        return self._year is not None and any(
            int(year) != self._year for year in self._dated.findall(_LAYOUT.sub("", fold(words)))
        )

    def without_names(self, words: str) -> str:
        """`words`, folded, without the names of this passage."""
        return self._names.sub("", self._title.sub("", _LAYOUT.sub("", words)))

    def admits(self, words: str, *, sentence: str, before: str) -> bool:
        """Whether `words`, which do not stand in a `sentence` of the passage, may be added to it.

        `before` is what stands in the sentence before them.
        """
        left = self.without_names(fold(words))
        planned = is_planned(self._heading, sentence)
        if not all(self._is_of(int(year), planned, before) for year in _YEAR.findall(left)):
            return False
        left = _YEAR.sub("", left)
        return not _HARMLESS.sub("", (_TO_DO if planned else _DONE).sub("", left))

    def claims(self, words: str, *, years: bool = True) -> bool:
        """Whether `words` say more than a name, and a year where `years` claim nothing."""
        left = self.without_names(fold(words))
        return bool(_HARMLESS.sub("", _YEAR.sub("", left) if years else left))

    def is_name(self, words: str) -> bool:
        """Whether `words` are a title, a heading or another name of the passage."""
        return bool(self._names.fullmatch(words))

    def is_light(self, words: str) -> bool:
        """Whether `words`, which a sentence leaves out, are only names, times, adverbs and particles."""
        left = self.without_names(words)
        return not _HARMLESS.sub("", left) or all(
            tag.startswith(_LIGHT_TAGS) for _, tag in tagged(_HARMLESS.sub("", left))
        )

    def is_bare(self, form: str) -> bool:
        """Whether a segment (tokens in their forms) has only an amount, and what it counts is in the segment before."""
        left = self.without_names(form)
        return bool(_OF_A_WHOLE.match(left)) or not _HARMLESS.sub("", _OF_A_FIGURE.sub("", left))

    def _is_of(self, year: int, planned: bool | None, before: str) -> bool:
        """Whether a sentence that does not name `year` is of it."""
        if self._years:
            return year in self._years
        named = {int(digits) for digits in _YEAR.findall(before)}
        named |= {self._year + ago for word, ago in _AGO.items() if word in before and self._year}
        if named or self._year == self._reporting_year:
            return named == {year} if named else year == self._year
        return planned is not None and year == (self._year if planned else self._reporting_year)


def changes_meaning(words: str) -> bool:
    """Whether leaving out `words` (tokens in their forms) changes the meaning: always where they have a figure."""
    return "<" in words or bool(TURNING.search(words))
