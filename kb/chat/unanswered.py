"""Questions that stayed unanswered → groups of those that ask the same, so that what is missing most is seen first.

The same years and places, and matter that is alike: by the default encoder where it is in use, else by the characters
that stand side by side. Of 54 pairs of refused questions that ask the same in other words, among 15,877 that do not,
the encoder puts 76 in a hundred together and is right in 91, the characters 67 and 78. Terms, and whole questions
without the rule on years and places, were worse.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.chat.journal import Journal, JournalEntry
from kb.chinese.lexicon import read_lexicon
from kb.chinese.normalise import phrasing
from kb.chinese.places import places, provinces_in
from kb.chinese.text import simplified
from kb.errors import QuestionError
from kb.search.query import plan_query
from kb.search.retriever import Retriever

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_READ = 1000  # entries, newest first, that groups are made of
_COMPARED = 200  # different questions among these: each is encoded once, in some 20 ms
_LEAST_COSINE = 0.961
_LEAST_SHARED = 0.42
_LEXICON = read_lexicon(__name__)
_YEAR = _LEXICON["year"]
_FRAME = _LEXICON["frame"]

Encode = Callable[[Sequence[str]], "NDArray[np.float32]"]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionGroup:
    """Entries that ask the same, newest first."""

    entries: tuple[JournalEntry, ...]

    @property
    def newest(self) -> JournalEntry:
        return self.entries[0]

    @property
    def different(self) -> tuple[JournalEntry, ...]:
        """The newest entry of each wording, newest first."""
        newest = {(entry.phrasing, entry.history): entry for entry in reversed(self.entries)}
        return tuple(sorted(newest.values(), key=_time, reverse=True))

    @property
    def wordings(self) -> tuple[str, ...]:
        """The different wordings, newest first."""
        return tuple(dict.fromkeys(entry.question for entry in self.different))


class UnansweredQuestions:
    """The groups of a journal's unanswered questions. Threads may share it."""

    def __init__(self, journal: Journal, retriever: Retriever) -> None:
        self.journal = journal
        self.retriever = retriever

    def groups(self) -> list[QuestionGroup]:
        """What is asked most often first. Raises StoreError where the journal is broken."""
        by_text: defaultdict[str, list[JournalEntry]] = defaultdict(list)
        for entry in self.journal.unanswered(_READ):
            by_text[self._standing_alone(entry)].append(entry)
        texts = list(by_text)[:_COMPARED]
        groups = [
            QuestionGroup(
                entries=tuple(sorted((entry for text in alike for entry in by_text[text]), key=_time, reverse=True))
            )
            for alike in grouped(texts, self._encode if self.retriever.has_calibrated_likeness else None)
        ]
        return sorted(groups, key=lambda group: (len(group.entries), _time(group.newest)), reverse=True)

    def _standing_alone(self, entry: JournalEntry) -> str:
        if not entry.history:
            return entry.question
        try:
            plan = plan_query(entry.question, entry.history, self.retriever.gazetteer())
            # A question of a matter of its own, behind another that it only goes on from, is grouped by itself.
            goes_on = plan.text.endswith(plan.asked.text) and 1.0 in plan.asked.matter_terms.values()
            return plan.asked.text if goes_on else plan.text
        except QuestionError:
            return entry.question

    def _encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.journal.vectors(texts, self.retriever.encoder)


def grouped(texts: Sequence[str], encode: Encode | None) -> list[list[str]]:
    """Texts that ask the same together, in the order of their first ones.

    `encode` gives unit vectors of the default encoder; without it characters are compared.
    """
    import numpy as np

    matters = [_matter(text) for text in texts]
    if encode is not None and texts:
        vectors = encode(matters)
        alike = vectors @ vectors.T >= _LEAST_COSINE
    else:
        pairs = [_pairs(matter) for matter in matters]
        alike = np.array([[_shared(left, right) >= _LEAST_SHARED for right in pairs] for left in pairs])
    scopes = [_scope(text) for text in texts]
    words = [phrasing(text) for text in texts]
    groups: list[list[int]] = []
    for number in range(len(texts)):
        for group in groups:
            first = group[0]
            if words[first] == words[number] or (alike[first, number] and _is_one_scope(scopes[first], scopes[number])):
                group.append(number)
                break
        else:
            groups.append([number])
    return [[texts[number] for number in group] for group in groups]


def _matter(text: str) -> str:
    """What a question is about, without the years, places and reports that it names."""
    plain = simplified(text)
    for place in sorted(_places(plain), key=len, reverse=True):
        plain = plain.replace(place, "")
    return _FRAME.sub("", plain).strip("，。？,.? ") or plain


def _scope(text: str) -> tuple[frozenset[str], frozenset[str]]:
    plain = simplified(text)
    return frozenset(_YEAR.findall(plain)), _places(plain)


def _places(text: str) -> frozenset[str]:
    return frozenset((*places(text), *provinces_in(text)))


def _is_one_scope(left: tuple[frozenset[str], ...], right: tuple[frozenset[str], ...]) -> bool:
    """Whether years and places are the same, or one names more of them than the other: 2025年, and 2025年 in a report of 2026."""
    return all(
        not first or not second or first <= second or second <= first for first, second in zip(left, right, strict=True)
    )


def _pairs(text: str) -> frozenset[str]:
    words = phrasing(text)
    return frozenset(words[position : position + 2] for position in range(max(len(words) - 1, 1)))


def _shared(left: frozenset[str], right: frozenset[str]) -> float:
    return 2 * len(left & right) / (len(left) + len(right))


def _time(entry: JournalEntry) -> str:
    return entry.asked_at.isoformat()
