"""The wording of a question → its kind, its unit, how many things, a plan or a result, and what it is about."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from kb.chinese.figures import Figure, chinese_number
from kb.chinese.lexicon import read_lexicon
from kb.chinese.text import content_terms
from kb.search.scope import QUOTED, Mentions, Scope, Word

_LEXICON = read_lexicon(__name__)
_HOW_MANY = _LEXICON["how_many"]
_PERCENT = _LEXICON["percent"]
_CHANGES = _LEXICON["changes"]
_OF_ALL = _LEXICON["of_all"]
_FORM = _LEXICON["form"]
_COMPARED = _LEXICON["compared"]
_DEFINED = _LEXICON["defined"]
_HOW_MANY_ITEMS = _LEXICON["how_many_items"]
_THIS_YEAR = frozenset(("今年", "本年"))


class Kind(enum.StrEnum):
    """The kind of a question, by what its answer must have."""

    FIGURE = "figure"
    LIST = "list"
    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    YES_NO = "yes_no"
    DEFINITION = "definition"
    SUMMARY = "summary"
    OTHER = "other"


# The first kind whose words stand in the question is its kind.
_KINDS = (
    (Kind.LIST, _LEXICON["asks_list"]),
    (Kind.DEFINITION, _LEXICON["asks_definition"]),
    (Kind.SUMMARY, _LEXICON["summary"]),
    (Kind.WHEN, _LEXICON["asks_when"]),
    (Kind.FIGURE, _LEXICON["asks_figure"]),
    (Kind.WHO, _LEXICON["asks_who"]),
    (Kind.WHERE, _LEXICON["asks_where"]),
    (Kind.YES_NO, _LEXICON["asks_yes_no"]),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What a figure is asked to be above or below: 超过5%了吗."""

    figure: Figure
    above: bool
    start: int  # of its span in the folded question, from 超过 on
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What a question asks for, by its wording."""

    kind: Kind
    unit: str | None = None
    num_items: int | None = None


def matter_of(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """What the folded question is about: without words of form and what stands at `spans`, its years and names."""
    return _FORM.sub(" ", outside(text, spans))


def is_of_all(kind: Kind, matter: str) -> bool:
    """Whether a summary of whole documents is asked for, by the kind and the matter of a question.

    2022到2024年重点工作有哪些变化 asks for one; 粮食产量有哪些变化 is about one thing.
    """
    if kind is not Kind.SUMMARY and not _CHANGES.search(matter):
        return False
    return not content_terms(_OF_ALL.sub(" ", _CHANGES.sub(" ", matter)))


def bound_of(text: str, figures: Sequence[Figure]) -> Bound | None:
    """Which of its `figures` the folded question asks another to be above or below; None where none, or several."""
    found = [
        Bound(figure=figure, above=bool(match["above"]), start=match.start(), end=figure.end)
        for figure in figures
        if figure.unit and (match := _COMPARED.search(text[: figure.start]))
    ]
    return found[0] if len(found) == 1 else None


def defined_in(text: str) -> str | None:
    """What the folded question asks the meaning of: 什么是六稳, “六稳”指什么."""
    match = _DEFINED.search(text)
    return (match["name"] or match["quoted"]) if match else None


def quoted_in(text: str) -> list[str]:
    """What the folded question puts in quotation marks: documents have it in the same words."""
    return [words for words in QUOTED.findall(text) if words.strip()]


def kind_of(text: str) -> Kind:
    """The kind of a question, by its wording."""
    return next((kind for kind, pattern in _KINDS if pattern.search(text)), Kind.OTHER)


def intent_of(text: str) -> Intent:
    """What the question `text` asks for."""
    return Intent(kind=kind_of(text), unit=unit_of(text), num_items=num_items_of(text))


def planned_of(mentions: Mentions, scope: Scope) -> bool | None:
    """Whether a plan is asked for (目标, what a report 提出), True, or a result, False; None where the wording leaves it open."""
    words = mentions.words
    if Word.ACTUAL in words:
        return False
    of_this_year = Word.PROPOSED in words or not _THIS_YEAR.isdisjoint(mentions.relative)
    if Word.PLANNED in words or (of_this_year and not scope.reporting_years):
        return True
    return False if Word.DONE in words else None


def unit_of(text: str) -> str | None:
    """The unit that a question asks for: 次 of 多少次."""
    if match := _HOW_MANY.search(text):
        return "%" if match["unit"] == "成" else match["unit"]
    if "多少钱" in text:
        return "元"
    if "人数" in text:
        return "人"
    return "%" if _PERCENT.search(text) else None


def num_items_of(text: str) -> int | None:
    """How many things a question asks for: 3 of 哪三个."""
    match = _HOW_MANY_ITEMS.search(text)
    if not match:
        return None
    number = match["number"]
    return int(number) if number.isdigit() else int(chinese_number(number))


def outside(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """`text` with white space in the place of `spans`."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text
