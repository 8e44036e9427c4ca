"""Hits → the clauses that answer, or none.

A clause is scored by how much of the question's terms it speaks of, each weighed by its rarity, and by whether it
holds what the kind of question asks for. Below a bar it is no answer: a near miss is worse than a refusal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from kb.figures import Figure, figures
from kb.question import Kind, Question
from kb.retrieval import Found
from kb.scope import Part
from kb.text import clauses, fold, sentences, trim
from kb.types import Hit

Rarity = Callable[[str], float]

# Chosen on questions over public reports; docs/evaluation.md tells how well they do.
_BAR = 0.5  # of the weight of the question's terms
_HEADING_SHARE = 0.9  # of a term that stands not in the clause but in the heading right above
_CONTEXT_SHARE = 0.6  # of one in the title, the headings above, the rest of the sentence or the sentence before
_PART_SHARE = 0.5  # of a term of which only some characters stand in the clause
_OTHER_UNIT_SHARE = 0.5  # of a clause whose figures have other units than the one asked for
_OTHER_TENSE_SHARE = 0.7  # of a plan where a result is asked for, and the other way round
_UNASKED_PLAN_SHARE = 0.9  # of a plan where nothing tells whether a plan or a result is asked for
_NO_LIST_SHARE = 0.6  # of a clause that lists nothing where a list is asked for
_NEAR_BEST = 0.97  # a clause that scores so near the best one is shown, too
_MOST_CLAUSES = {Kind.LIST: 3}

_PLANNED = re.compile(r"目标|今年|明年|拟|力争|任务|安排|打算|部署|建议|要求|下一步|重点工作|计划|以上。?$|左右")
_LISTED = re.compile(r"、[^、]+、|一是|[^、，]+、[^、，]+(?:和|及|以及|等)")
_TIME = re.compile(
    r"[\d一二三四五六七八九十]+[(（]?(?:年|个月|月|日|天|周|工作日|小时|分钟|时|季)|即时|当[场日天]|[春夏秋冬]季"
)
_DONE = re.compile(r"去年|过去|一年来|五年来|回顾|成效|成就|成绩|情况|达到|完成|累计|同比|比上年|[^除为]了")

# What is counted may be counted in other words: 多少个园区 is answered by 3家. What is measured may not.
_MEASURES = frozenset(
    (
        "元 美元 % ‰ 个百分点 百分点 公里 千米 米 吨 斤 亿斤 公斤 亩 公顷 平方米 平方公里 立方米 微克 "
        "千瓦 万千瓦 千瓦时 倍 岁 年"
    ).split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A clause of a passage, with its span in the document's text."""

    hit: Hit
    text: str
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The clauses that answer one part of a question, best first; none where its hits do not carry it."""

    found: Found
    clauses: tuple[Clause, ...]


def select(question: Question, found: Found, rarity: Rarity) -> Selection:
    """Choose the clauses of `found.hits` that answer `question`."""
    weights = {term: share * rarity(term) for term, share in question.terms.items()}
    candidates = sorted(
        (clause for hit in found.hits for clause in _clauses(question, found.part, hit, weights)),
        key=lambda clause: -clause.score,
    )
    best = candidates[0].score if candidates else 0.0
    if best < _BAR:
        return Selection(found=found, clauses=())
    kept = [clause for clause in candidates if clause.score >= max(_BAR, best * _NEAR_BEST)]
    return Selection(found=found, clauses=tuple(_distinct(kept))[: _MOST_CLAUSES.get(question.kind, 1)])


def _clauses(question: Question, part: Part, hit: Hit, weights: dict[str, float]) -> Iterator[Clause]:
    passage = hit.passage
    above = " ".join((hit.document.metadata.title, *passage.heading))
    nearest = fold(passage.heading[-1]) if passage.heading else ""
    before = ""
    for sentence_start, sentence_end in sentences(passage.text):
        sentence = passage.text[sentence_start:sentence_end]
        if sentence.strip() in passage.heading:
            continue
        context = fold(f"{above} {before} {sentence}")
        before = sentence
        for start, end in clauses(sentence):
            start, end = trim(sentence, start, end)
            text = sentence[start:end]
            share = _kind_share(question, text) * _tense_share(question, part, hit, sentence)
            if not share or (part.names_year and str(part.year) not in sentence):
                continue
            yield Clause(
                hit=hit,
                text=text,
                start=passage.start + sentence_start + start,
                end=passage.start + sentence_start + end,
                score=share * _coverage(weights, fold(text), nearest, context),
            )


def _coverage(weights: dict[str, float], clause: str, heading: str, context: str) -> float:
    """The share of the terms' weight that a clause, its nearest heading and its context speak of; all folded."""
    total = sum(weights.values())
    if not total:
        return 0.0  # a question about nothing has no answer
    return sum(weight * _presence(term, clause, heading, context) for term, weight in weights.items()) / total


def _presence(term: str, clause: str, heading: str, context: str) -> float:
    if term in clause:
        return 1.0
    if term in heading:
        return _HEADING_SHARE
    if term in context:
        return _CONTEXT_SHARE
    pairs = [term[position : position + 2] for position in range(len(term) - 1)]
    return _PART_SHARE * sum(pair in clause for pair in pairs) / len(pairs) if len(pairs) > 1 else 0.0


def _kind_share(question: Question, clause: str) -> float:
    """How far a clause holds what the kind of question asks for: 0 where it does not."""
    if question.kind is Kind.FIGURE:
        asked = {figure.value for figure in figures(question.text)}  # 12345热线 is no answer to 12345热线多少件
        stated = [
            figure
            for figure in figures(clause)
            if figure.value not in asked and not _is_date(figure) and not _is_ordinal(figure, clause)
        ]
        if not stated:
            return 0.0
        unit = question.unit
        return 1.0 if unit is None or any(_alike(unit, figure.unit) for figure in stated) else _OTHER_UNIT_SHARE
    if question.kind is Kind.LIST:
        return 1.0 if _LISTED.search(clause) else _NO_LIST_SHARE
    if question.kind is Kind.WHEN:
        return 1.0 if _TIME.search(clause) else 0.0
    return 1.0


def _tense_share(question: Question, part: Part, hit: Hit, sentence: str) -> float:
    """Less than 1 where a plan stands for a result that is asked for, or a result for a plan."""
    asked = question.planned
    metadata = hit.document.metadata
    told = question.scope.told_years or ((part.year,) if part.year else ())
    if asked is None and metadata.reporting_year != metadata.year:
        if metadata.reporting_year in told:
            asked = False
        elif metadata.year in question.scope.told_years:
            asked = True
    planned = _is_planned(hit, sentence)
    if asked is None:
        return _UNASKED_PLAN_SHARE if planned and question.kind is Kind.FIGURE else 1.0
    return 1.0 if planned is None or planned == asked else _OTHER_TENSE_SHARE


def _is_planned(hit: Hit, sentence: str) -> bool | None:
    """Whether a sentence tells what is to be done, by its headings, else by its wording; None where nothing tells."""
    for text in (*hit.passage.heading, sentence):
        planned, done = bool(_PLANNED.search(text)), bool(_DONE.search(text))
        if planned != done:
            return planned
    return None


def _is_date(figure: Figure) -> bool:
    return figure.unit in ("年", "月", "日") or (not figure.unit and 1900 <= figure.value <= 2100)


def _is_ordinal(figure: Figure, clause: str) -> bool:
    return clause[: figure.start].endswith(("第", "届"))


def _alike(asked: str, stated: str) -> bool:
    return asked == stated or (asked not in _MEASURES and stated not in _MEASURES)


def _distinct(candidates: Iterable[Clause]) -> Iterator[Clause]:
    """Each wording once: reports repeat themselves."""
    seen: set[str] = set()
    for clause in candidates:
        words = re.sub(r"\W", "", fold(clause.text))
        if words not in seen:
            seen.add(words)
            yield clause
