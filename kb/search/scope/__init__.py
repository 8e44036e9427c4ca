"""What a question names → the documents that each part of it may be answered from.

mentions  the years, issuers, places and title in its words
subjects  of these names, those that it is asked of
parts     the documents of each: own, of what contains the place, of the year, in force
"""

from kb.search.scope.mentions import QUOTED, RELATIVE, Mentions, Word, YearMention, find_mentions, words_in
from kb.search.scope.parts import Missing, Scope, ScopePart, scope_of
from kb.search.scope.subjects import each_once

__all__ = [
    "QUOTED",
    "RELATIVE",
    "Mentions",
    "Missing",
    "Scope",
    "ScopePart",
    "Word",
    "YearMention",
    "each_once",
    "find_mentions",
    "scope_of",
    "words_in",
]
