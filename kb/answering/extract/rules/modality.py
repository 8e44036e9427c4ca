"""Sentences of a rule → its norms: what it grants, forbids, demands or exempts, to whom, on which condition, but for what.

居住证满六个月的，可以申领；但是，已在外地领取的除外。
ground 居住证满六个月的 · permits · scope 申领 · exception 但是，已在外地领取的除外
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass

from kb.answering.extract.rules.articles import is_item
from kb.chinese.lexicon import read_lexicon
from kb.chinese.text import sentences

_LEXICON = read_lexicon(__name__)
_QUANTITY = _LEXICON["quantity"]
_REFUSES = _LEXICON["refuses"]
_EXCEPTS = _LEXICON["excepts"]
_TURNS = _LEXICON["turns"]
_DEPENDS = _LEXICON["depends"]
_LISTED = _LEXICON["listed"]
_CLAUSE_END = re.compile(r"[；;\n]")
_CONDITION_SEGMENT = re.compile(r"[^，,；;。：:]*的[，,]")


class Mood(enum.StrEnum):
    """What a rule says of conduct."""

    RECOGNISES_NOT = "recognises_not"
    EXEMPTS = "exempts"
    FORBIDS = "forbids"
    PERMITS_AFTER = "permits_after"
    ONLY = "only"
    RECOGNISES = "recognises"
    DEMANDS = "demands"
    PERMITS = "permits"


# Of words that overlap the first holds: 不予认定 is no 认定.
_MOODS = (
    (Mood.RECOGNISES_NOT, _LEXICON["recognises_not"]),
    (Mood.EXEMPTS, _LEXICON["exempts"]),
    (Mood.FORBIDS, _LEXICON["forbids"]),
    (Mood.PERMITS_AFTER, _LEXICON["permits_after"]),
    (Mood.ONLY, _LEXICON["only"]),
    (Mood.RECOGNISES, _LEXICON["recognises"]),
    (Mood.DEMANDS, _LEXICON["demands"]),
    (Mood.PERMITS, _LEXICON["permits"]),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm:
    """One thing that a sentence of a rule says of conduct."""

    mood: Mood
    words: str  # that say so: 不得
    ground: str  # who and in which case: what stands before, the item of a list of cases included
    scope: str  # what: what stands behind, the item of a list of conduct included
    exception: str = ""  # from what the sentence says, as it says so
    depends: bool = False  # its scope has a condition of its own: 经批准, 凭证
    of_item: bool = False  # it is of an item with its lead-in


def norms_in(text: str, lead_in: str = "") -> list[Norm]:
    """The norms of `text`, in order; of an item of a list `lead_in` is what stands before the list, with its colon."""
    found: list[Norm] = []
    lead = lead_in
    for line in _lines(text):
        if is_item(line):
            found += _norms_of_item(line, lead)
        elif line.rstrip().endswith(("：", ":")):
            lead = line
            found += _norms_of_line(line)
        else:
            lead = lead if line is text and lead_in else ""
            found += _norms_of_item(line, lead) if lead else _norms_of_line(line)
    return found


def _lines(text: str) -> Iterator[str]:
    """The lines of `text`; a list that stands in one line is cut at its items."""
    for line in text.splitlines():
        pieces = [
            0,
            *(
                match.start()
                for match in re.finditer(r"(?<=[：:；;])\s*(?=[（(][一二三四五六七八九十\d]{1,3}[）)])", line)
            ),
        ]
        for start, end in zip(pieces, [*pieces[1:], len(line)], strict=True):
            if line[start:end].strip():
                yield line[start:end]


def _norms_of_item(item: str, lead_in: str) -> list[Norm]:
    """The norms of the lead-in with the item in its place, else those of the item itself."""
    leading = _norms_of_line(lead_in)
    if not leading:
        return _norms_of_line(item)
    last = leading[-1]
    is_case = _LISTED.search(last.ground) is not None
    return [
        Norm(
            mood=last.mood,
            words=last.words,
            ground=f"{last.ground}{item}" if is_case else last.ground,
            scope=last.scope if is_case else f"{last.scope}{item}",
            exception=last.exception or _exception(item),
            depends=last.depends,
            of_item=True,
        )
    ]


def _norms_of_line(line: str) -> list[Norm]:
    return [norm for start, end in sentences(line) for norm in _norms_of_sentence(line[start:end])]


def _norms_of_sentence(sentence: str) -> Iterator[Norm]:
    """The norms of a sentence; what begins with 但 is an exception from those before it, and may have norms of its own."""
    turn = _TURNS.search(sentence)
    first, second = (sentence[: turn.start()], sentence[turn.start() :]) if turn else (sentence, "")
    inner = _exception(first)
    for clause in _CLAUSE_END.split(first.replace(inner, "") if inner else first):
        yield from _norms_of_clause(clause, inner or second.strip())
    if second and not _EXCEPTS.search(second):
        for clause in _CLAUSE_END.split(second):
            yield from _norms_of_clause(clause, "")


def _norms_of_clause(clause: str, exception: str) -> Iterator[Norm]:
    marks = [mark for mark in _marks(clause) if not _is_attribute(clause, mark[1])]
    marks = [mark for place, mark in enumerate(marks) if not place or not _goes_on(clause, marks[place - 1], mark)]
    before = ""
    reached = 0
    for place, (mood, match) in enumerate(marks):
        until = len(clause)
        if place + 1 < len(marks):
            following = marks[place + 1][1].start()
            comma = max(clause.rfind("，", match.end(), following), clause.rfind(",", match.end(), following))
            until = comma if comma >= 0 else following
            condition = _CONDITION_SEGMENT.search(clause, match.end(), following)
            until = condition.start() if condition else until
        scope = clause[match.end() : until].strip(" ，,。")
        before += clause[reached : match.start()]
        reached = until
        yield Norm(
            mood=mood,
            words=match[0],
            ground=before,
            scope=scope,
            exception=exception,
            depends=bool(_DEPENDS.search(scope)),
        )


def _goes_on(clause: str, before: tuple[Mood, re.Match[str]], mark: tuple[Mood, re.Match[str]]) -> bool:
    """Whether a word goes on with the denial before it: 不得认定为工伤或者视同工伤."""
    gap = clause[before[1].end() : mark[1].start()]
    return before[0] is Mood.RECOGNISES_NOT and mark[0] is Mood.RECOGNISES and not re.search(r"[，,；;]", gap)


def _is_attribute(clause: str, mark: re.Match[str]) -> bool:
    """Whether a word of a rule stands in a condition, 不能及时消除的，, or before a noun, 应当验收的工程，…禁止."""
    start = max(clause.rfind(comma, 0, mark.start()) for comma in "，,：:") + 1
    segment = re.compile(r"[^，,：:]*[，,：:]?").match(clause, start)
    words = segment[0] if segment else ""
    if re.search(r"的[，,]$", words) or words.endswith("的"):
        return True
    in_segment = [other for _, other in _marks(clause) if start <= other.start() < start + len(words)]
    attribute = re.search(r"的[^，,：:的]{1,14}[，,：:]?$", clause[mark.end() : start + len(words)])
    rest = clause[start + len(words) :]
    behind = bool(_marks(rest)) or rest.startswith(("由", "按", "参照", "适用", "依"))
    inside = bool(in_segment) and in_segment[0].start() < mark.start()
    return attribute is not None and ((behind and start == 0) or inside)


def _marks(clause: str) -> list[tuple[Mood, re.Match[str]]]:
    taken: list[tuple[Mood, re.Match[str]]] = []
    for mood, pattern in _MOODS:
        for match in pattern.finditer(clause):
            if all(match.end() <= other.start() or match.start() >= other.end() for _, other in taken):
                taken.append((mood, match))
    taken = [(mood, match) for mood, match in taken if not _QUANTITY.search(clause[match.end() :])]
    return sorted(taken, key=lambda mark: mark[1].start())


def _exception(sentence: str) -> str:
    """The words of an exception: the brackets or the segment in which 除外 stands."""
    match = _EXCEPTS.search(sentence)
    if match is None:
        return ""
    brackets = re.search(r"[（(][^（()）]*(?:除外|例外)[^（()）]*[）)]", sentence)
    if brackets:
        return brackets[0]
    start = max(sentence.rfind(mark, 0, match.start()) for mark in "，,；;。") + 1
    end = min((place for mark in "，,；;。" if (place := sentence.find(mark, match.end())) >= 0), default=len(sentence))
    return sentence[start:end]


def refuses(norm: Norm) -> bool:
    """Whether what a norm forbids is to keep others from theirs: 不得以欠费为由拒绝交接."""
    return bool(_REFUSES.search(norm.scope))
