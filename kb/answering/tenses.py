"""Plans and results: a report tells of the year before and plans its own, and of five years at their end."""

from __future__ import annotations

import re

from kb.question import Kind, Question
from kb.scope import Part
from kb.types import Hit

_OTHER_TENSE_SHARE = 0.7  # of a plan where a result is asked for, and the other way round
_UNASKED_PLAN_SHARE = 0.8  # of a plan where nothing tells whether a plan or a result is asked for
_OTHER_PERIOD_SHARE = 0.85  # of what five years brought where that is not asked

_PLANNED = re.compile(r"目标|今年|明年|拟|力争|任务|安排|打算|部署|建议|要求|下一步|重点工作|计划|以上。?$|左右")
_DONE = re.compile(r"去年|过去|一年来|五年来|回顾|成效|成就|成绩|情况|达到|完成|累计|同比|比上年|[^除为]了")
_YEAR = re.compile(r"\d{4}年")
_OF_YEARS = re.compile(r"[“\"]?十[一二三四五]五[”\"]?(?:时期|期间)?(?!规划)|[五5]年来|过去[五5]年|[五5]年累计")


def tense_share(question: Question, part: Part, hit: Hit, sentence: str) -> float:
    """Less than 1 where a plan stands for a result that is asked for, or a result for a plan."""
    asked = question.planned
    metadata = hit.document.metadata
    told = question.scope.told_years or ((part.year,) if part.year else ())
    if asked is None and metadata.reporting_year != metadata.year:
        if metadata.reporting_year in told:
            asked = False
        elif metadata.year in question.scope.told_years or (metadata.year in told and not part.of_title):
            asked = True
    planned = _is_planned(hit, sentence)
    share = 1.0
    if question.kind is Kind.FIGURE and _tells_of_years("".join(hit.passage.heading[-1:]), sentence):
        share = 1.0 if _OF_YEARS.search(question.text) else _OTHER_PERIOD_SHARE
    if asked is None:
        return share * (_UNASKED_PLAN_SHARE if planned and question.kind is Kind.FIGURE else 1.0)
    return share * (1.0 if planned is None or planned == asked else _OTHER_TENSE_SHARE)


def _tells_of_years(heading: str, sentence: str) -> bool:
    """Whether five years are told of, by the heading, else by the sentence."""
    return not _YEAR.search(heading) and bool(_OF_YEARS.search(heading) or _OF_YEARS.search(sentence))


def _is_planned(hit: Hit, sentence: str) -> bool | None:
    """Whether a sentence tells what is to be done, by its headings, else by its wording; None where nothing tells."""
    for text in (*hit.passage.heading, sentence):
        planned, done = bool(_PLANNED.search(text)), bool(_DONE.search(text))
        if planned != done:
            return planned
    return None
