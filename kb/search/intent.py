"""The wording of a question → its kind, its unit, how many things, a plan or a result, and what it is about.

`Kind` is what the answer must be; `Aspect` is what of a matter is asked for, where guides have a field for it.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from kb.chinese.figures import Figure, chinese_number
from kb.chinese.lexicon import read_lexicon
from kb.chinese.text import content_terms, fold
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
_TREND = _LEXICON["trend"]
_DIFFERS = _LEXICON["differs"]
_TWO = _LEXICON["two"]
_YEAR = re.compile(r"\d{2,4}年")
_THIS_YEAR = frozenset(("今年", "本年"))
_Found = TypeVar("_Found")


class Kind(enum.StrEnum):
    """The kind of a question, by what its answer must have.

    Conditions, a procedure and a difference are answered by the structure of a document. Where single statements are
    weighed, `Intent.statement_kind` says what one of them must have, and has none of the three.
    """

    CONDITIONS = "conditions"  # who may, what is needed, which materials: a list with its lead-in
    PROCEDURE = "procedure"  # how something is done: steps in order
    DIFFERENCE = "difference"  # of two things, side by side
    FIGURE = "figure"
    LIST = "list"
    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    YES_NO = "yes_no"
    DEFINITION = "definition"
    SUMMARY = "summary"
    OTHER = "other"


class Aspect(enum.StrEnum):
    """What of a matter is asked for: a field of a guide, or the part of a law that a section is about."""

    CONDITIONS = "conditions"
    MATERIALS = "materials"
    STEPS = "steps"
    TIME_LIMIT = "time_limit"
    FEE = "fee"
    PLACE = "place"
    HOURS = "hours"
    PHONE = "phone"
    AUTHORITY = "authority"  # who decides, accepts or is in charge
    PENALTY = "penalty"


# The first kind whose words stand in the question is that of its statements …
_STATEMENT_KINDS = (
    (Kind.LIST, _LEXICON["asks_list"]),
    (Kind.DEFINITION, _LEXICON["asks_definition"]),
    (Kind.SUMMARY, _LEXICON["summary"]),
    (Kind.WHEN, _LEXICON["asks_when"]),
    (Kind.FIGURE, _LEXICON["asks_figure"]),
    (Kind.WHO, _LEXICON["asks_who"]),
    (Kind.WHERE, _LEXICON["asks_where"]),
    (Kind.YES_NO, _LEXICON["asks_yes_no"]),
)
# … and of the question, where none of those goes before it that are answered by structure.
_KINDS = (
    (Kind.CONDITIONS, _LEXICON["asks_conditions"]),
    (Kind.CONDITIONS, _LEXICON["asks_materials"]),
    (Kind.PROCEDURE, _LEXICON["asks_steps"]),
    (Kind.DEFINITION, _LEXICON["asks_meaning"]),
    (Kind.WHO, _LEXICON["asks_body"]),
    (Kind.WHEN, _LEXICON["asks_days"]),
    *_STATEMENT_KINDS[:-1],
    (Kind.PROCEDURE, _LEXICON["asks_procedure"]),
    _STATEMENT_KINDS[-1],
)
_ASPECTS = (
    (Aspect.PENALTY, _LEXICON["asks_penalty"]),
    (Aspect.PHONE, _LEXICON["asks_phone"]),
    (Aspect.HOURS, _LEXICON["asks_hours"]),
    (Aspect.FEE, _LEXICON["asks_fee"]),
    (Aspect.MATERIALS, _LEXICON["asks_materials"]),
    (Aspect.TIME_LIMIT, _LEXICON["asks_time_limit"]),
)
_ASPECT_OF_KIND = {
    Kind.CONDITIONS: Aspect.CONDITIONS,
    Kind.PROCEDURE: Aspect.STEPS,
    Kind.WHERE: Aspect.PLACE,
    Kind.WHO: Aspect.AUTHORITY,
}


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
    statement_kind: Kind  # what a single statement must have
    unit: str | None = None
    num_items: int | None = None
    aspect: Aspect | None = None

    @property
    def of_figure(self) -> Intent:
        """The same for a figure."""
        return replace(self, kind=Kind.FIGURE, statement_kind=Kind.FIGURE)


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


def asks_trend(text: str) -> bool:
    """Whether the folded question, asked of several years, asks for their figures side by side: 对比, 趋势."""
    return bool(_TREND.search(text))


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
    if _DIFFERS.search(text) and compared_in(fold(text)):
        return Kind.DIFFERENCE
    return _first(_KINDS, text) or Kind.OTHER


def intent_of(text: str) -> Intent:
    """What the question `text` asks for."""
    kind = kind_of(text)
    return Intent(
        kind=kind,
        statement_kind=_first(_STATEMENT_KINDS, text) or Kind.OTHER,
        unit=unit_of(text),
        num_items=num_items_of(text),
        aspect=_first(_ASPECTS, text) or _ASPECT_OF_KIND.get(kind),
    )


def without_aspect(text: str) -> str:
    """`text` with white space in the place of the words that ask for a field of a guide."""
    for _, pattern in _ASPECTS:
        text = pattern.sub(" ", text)
    return text


def _first(patterns: Iterable[tuple[_Found, re.Pattern[str]]], text: str) -> _Found | None:
    """What the first of `patterns` that finds something in `text` stands for."""
    return next((found for found, pattern in patterns if pattern.search(text)), None)


def compared_in(text: str) -> tuple[str, str] | None:
    """The two things of which the folded question asks how they differ; None where it names none, or years."""
    match = _TWO.search(text)
    if match is None or any(_YEAR.search(match[name]) for name in ("one", "other")):
        return None
    return match["one"], match["other"]


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
