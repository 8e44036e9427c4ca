"""The wording of a question → what is to be looked up of a document, and the words that are left over."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

from kb.answering.lookups.naming.titles import closed_up
from kb.chinese.figures import chinese_number
from kb.chinese.lexicon import read_lexicon
from kb.chinese.text import fold, without_spaces

_LEXICON = read_lexicon(__name__)
GAP = "␟"  # stands in the place of what is taken out of a text; no title has it
_ARTICLE = _LEXICON["article"]
_NUMBER = _LEXICON["number"]
_PROVISION = _LEXICON["provision"]


class Fact(enum.StrEnum):
    """What is looked up of a document."""

    VALID_UNTIL = "valid_until"
    REPEALS = "repeals"
    STANDING = "standing"
    IN_FORCE = "in_force"
    ORDER = "order"
    NUMBER = "number"
    WRITTEN = "written"
    REVISED = "revised"
    ISSUED = "issued"
    ISSUER = "issuer"
    TITLE = "title"


# Of two that stand at one place the first counts; TITLE, which is asked in words
# of form alone, is asked of a number only.
_FACTS = (
    (Fact.VALID_UNTIL, _LEXICON["valid_until"]),
    (Fact.REPEALS, _LEXICON["repeals"]),
    (Fact.STANDING, _LEXICON["standing"]),
    (Fact.IN_FORCE, _LEXICON["in_force"]),
    (Fact.ORDER, _LEXICON["order"]),
    (Fact.NUMBER, _LEXICON["asks_number"]),
    (Fact.WRITTEN, _LEXICON["written"]),
    (Fact.REVISED, _LEXICON["revised"]),
    (Fact.ISSUED, _LEXICON["issued"]),
    (Fact.ISSUER, _LEXICON["issuer"]),
    (Fact.TITLE, _LEXICON["asks_title"]),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """An article of a document by its number, or one paragraph or item of it."""

    text: str  # as asked: 第二十二条第二款
    article: int
    behind: int = 0  # 1 of 第二十条之一
    paragraph: int = 0  # from 1; 0 where all are asked for
    item: int = 0  # from 1; 0 where all are asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A document number as a question or a document writes it: 云政发〔2021〕15号."""

    text: str
    organ: str  # the letters in front, with whatever stands before them
    year: str
    serial: str
    start: int  # of its brackets
    end: int

    def is_of(self, other: Number) -> bool:
        """Whether both are one number, whatever words stand before the one or the other."""
        same = (self.year, self.serial) == (other.year, other.serial)
        return same and (self.organ.endswith(other.organ) or other.organ.endswith(self.organ))


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a question asks to be looked up."""

    facts: tuple[Fact, ...]  # in the order in which they are asked
    provisions: tuple[Provision, ...]
    numbers: tuple[Number, ...]
    rest: str  # the question closed up, with `GAP` in the place of all these


def request_of(question: str) -> Request:
    """What `question` asks to be looked up; its facts are empty where it asks for none in such words."""
    text = closed_up(question)
    numbers = numbers_in(text)
    left = _NUMBER.sub(_gap, text)
    provisions = [_provision(match) for match in _PROVISION.finditer(left)]
    left = _PROVISION.sub(_gap, left)
    found: list[tuple[int, Fact]] = []
    for fact, pattern in _FACTS if numbers else _FACTS[:-1]:
        found += [(match.start(), fact) for match in pattern.finditer(left)]
        left = pattern.sub(_gap, left)
    return Request(
        facts=tuple(dict.fromkeys(fact for _, fact in sorted(found))),
        provisions=tuple(provisions),
        numbers=tuple(numbers),
        rest=left,
    )


def numbers_in(text: str) -> list[Number]:
    """The document numbers that stand in the folded `text`."""
    return [
        Number(
            text=match.group(),
            organ=match["organ"],
            year=match["year"],
            serial=match["serial"].lstrip("0"),
            start=match.start() + len(match["organ"]),
            end=match.end(),
        )
        for match in _NUMBER.finditer(text)
    ]


def article_number(number: str) -> tuple[int, int] | None:
    """第二十条之一 → (20, 1), 第3条 → (3, 0); None where `number` is no number of an article."""
    match = _ARTICLE.match(fold(without_spaces(number)))
    return (_value(match["article"]), _value(match["behind"])) if match else None


def _provision(match: re.Match[str]) -> Provision:
    return Provision(
        text=match.group(),
        article=_value(match["article"]),
        behind=_value(match["behind"]),
        paragraph=_value(match["paragraph"]),
        item=_value(match["item"]),
    )


def _value(digits: str | None) -> int:
    if not digits:
        return 0
    return int(digits) if digits.isdecimal() else int(chinese_number(digits))


def _gap(match: re.Match[str]) -> str:
    return GAP * len(match.group())
