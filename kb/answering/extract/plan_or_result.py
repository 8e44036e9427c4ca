"""Whether a sentence is of the year that is asked for, and a plan or a result as asked: a share, 0 to 1.

A government report gives the results of the year before it and plans for its own year; at the end of five years it also
gives the results of the five.
"""

from __future__ import annotations

from collections.abc import Sequence

from kb.chinese.lexicon import read_lexicon
from kb.search.intent import Kind
from kb.search.query import QueryPlan
from kb.search.scope import ScopePart
from kb.types import Hit

_OTHER_TENSE_SHARE = 0.7  # of a plan where a result is asked for, and the other way round
_UNASKED_PLAN_SHARE = 0.8  # of a plan where the question does not say whether it asks for a plan or a result
_OTHER_YEAR_SHARE = 0.4  # of what is of another year than the one that is asked for
_OTHER_PERIOD_SHARE = 0.85  # of what five years brought where that is not asked

_LEXICON = read_lexicon(__name__)
_PLANNED = _LEXICON["planned"]
_DONE = _LEXICON["done"]
_YEAR = _LEXICON["year"]
_OF_ONE_YEAR = _LEXICON["of_one_year"]
_AHEAD = _LEXICON["ahead"]
_OF_YEARS = _LEXICON["of_years"]


def tense_share(plan: QueryPlan, part: ScopePart, hit: Hit, sentence: str, planned: bool | None) -> float:
    """How far a sentence is of the year that is asked for, and a plan or a result as asked: 1 where it is, less where not.

    `planned`: whether the sentence states a plan, by `is_planned`.
    """
    if _is_of_another_year(part, hit, planned) or _looks_ahead(plan, hit, sentence):
        return _OTHER_YEAR_SHARE
    return _period_share(plan, part, hit, sentence) * _plan_share(plan, part, hit, planned)


def _period_share(plan: QueryPlan, part: ScopePart, hit: Hit, sentence: str) -> float:
    """Less than 1 where the sentence or the heading is of five years, and the question is not."""
    if plan.kind is not Kind.FIGURE or _OF_YEARS.search(plan.text):
        return 1.0
    heading = "".join(hit.passage.heading[-1:])
    period = "" if _YEAR.search(heading) else sentence + heading
    if part.year and _OF_ONE_YEAR.search(plan.text) and _OF_YEARS.search(period + sentence):
        return _OTHER_YEAR_SHARE
    return _OTHER_PERIOD_SHARE if _OF_YEARS.search(period) else 1.0


def _plan_share(plan: QueryPlan, part: ScopePart, hit: Hit, planned: bool | None) -> float:
    """Less than 1 where the sentence is a plan and a result is asked for, or the other way round."""
    asked = plan.planned
    metadata = hit.document.metadata
    reporting_years = plan.scope.reporting_years
    years = reporting_years or ((part.year,) if part.year else ())
    if asked is None and metadata.reporting_year != metadata.year:
        if metadata.reporting_year in years:
            asked = False
        elif metadata.year in reporting_years or (metadata.year in years and not part.of_title):
            asked = True
    if asked is None:
        return _UNASKED_PLAN_SHARE if planned and plan.kind is Kind.FIGURE else 1.0
    return 1.0 if planned is None or planned == asked else _OTHER_TENSE_SHARE


def _is_of_another_year(part: ScopePart, hit: Hit, planned: bool | None) -> bool:
    """Whether the headings name another year than the one that is asked for, or results are of the year before it."""
    if part.of_title or part.year is None:
        return False
    named = _YEAR.findall(" ".join(hit.passage.heading))
    if named:
        return f"{part.year}年" not in named
    metadata = hit.document.metadata
    return planned is False and part.year == metadata.year != metadata.reporting_year


def _looks_ahead(plan: QueryPlan, hit: Hit, sentence: str) -> bool:
    """Whether a sentence is of a year after that of its document, and the question is not: 到2030年."""
    years = _AHEAD.findall(sentence)
    year = hit.document.metadata.year
    return year is not None and any(int(ahead) > year and ahead not in plan.text for ahead in years)


def of_year(hits: Sequence[Hit], part: ScopePart, *, planned: bool | None) -> list[Hit]:
    """Of the passages of one document those whose highest heading is of the year of `part`; all where it is of a title.

    `planned`: whether a plan is asked for.
    """
    if part.year is None or part.of_title or not hits:
        return list(hits)
    metadata = hits[0].document.metadata
    # A report has the results of one year, and the plans of the next.
    plans = bool(planned) or metadata.reporting_year != part.year

    def is_of_year(hit: Hit) -> bool | None:
        heading = "".join(hit.passage.heading[:1])
        if years := _YEAR.findall(heading):
            return f"{part.year}年" in years
        planned_there = is_planned([heading], "")
        return None if planned_there is None else planned_there == plans

    kept = [hit for hit in hits if is_of_year(hit)]
    if kept and metadata.year != metadata.reporting_year:
        return kept
    # 存在的不足 names no year: it is of the one year of its report.
    return [hit for hit in hits if is_of_year(hit) is not False]


def is_planned(heading: Sequence[str], sentence: str) -> bool | None:
    """Whether a sentence states a plan, by its headings, else by its wording; None where neither decides."""
    for text in (*heading, sentence):
        planned, done = bool(_PLANNED.search(text)), bool(_DONE.search(text))
        if planned != done:
            return planned
    return None
