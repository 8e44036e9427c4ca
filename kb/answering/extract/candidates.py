"""The hits of each part of a question → candidates: what may answer it.

A yearly report is read statement by statement, for its figures stand in running text, and so is a guide that the question names; whatever else is held, by its structure:
articles, lists, tables, questions with their answers. Sections under a heading that names what is asked go before both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.answering.corpus import Corpus
from kb.answering.extract.coverage import TermWeights
from kb.answering.extract.ranking import Ranking, rank
from kb.answering.extract.sections import section
from kb.answering.extract.statements import Clause
from kb.answering.judge.judge import Judge
from kb.answering.units.choice import read_in_order
from kb.answering.units.fields import field_lines
from kb.answering.units.reading import Reading, readings
from kb.search.intent import Kind
from kb.search.query import QueryPlan
from kb.search.retriever import Found
from kb.types import Metadata

_GUIDE = "办事指南"  # a field of it that the question names is told from its neighbours by their official words
_DECIDING_HITS = 5  # the best: what they are mostly of is how a part is read


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """What may answer each part of a question, one for each of `found`: sections, or else either a ranking or readings."""

    found: tuple[Found, ...]
    weights: TermWeights
    sections: tuple[tuple[Clause, ...], ...] = ()  # what stands under headings that name what is asked
    rankings: tuple[Ranking | None, ...] = ()  # of the statements of yearly reports
    readings: tuple[tuple[Reading, ...] | None, ...] = ()  # of the units of other documents, best first
    fields: tuple[tuple[Clause, ...] | None, ...] = ()  # of a guide, where one is asked for


def read(plan: QueryPlan, found: Sequence[Found], corpus: Corpus, judge: Judge, num_evidence: int) -> Candidates:
    """What of the passages that were found may answer each part of `plan`.

    Sections answer only together: where one part has none, all are read. A summary quotes about `num_evidence` passages in all.
    """
    weights = TermWeights(plan, corpus.rarity)
    most = max(num_evidence // len(found), 1) if found else 0
    reported = [is_of_statements(plan, of_part) for of_part in found]
    if all(reported):
        sections = tuple(section(plan, of_part, weights, corpus, most) for of_part in found)
        if all(sections):
            return Candidates(found=tuple(found), weights=weights, sections=sections)
    ranked = iter(
        rank(plan, [of_part for of_part, is_one in zip(found, reported, strict=True) if is_one], weights, corpus)
    )
    fields = tuple(
        None if is_one else field_lines(plan, of_part, weights, corpus, judge)
        for of_part, is_one in zip(found, reported, strict=True)
    )
    return Candidates(
        found=tuple(found),
        weights=weights,
        rankings=tuple(next(ranked) if is_one else None for is_one in reported),
        readings=tuple(
            # Where a field is asked for its heading decides, and nothing else is to be judged.
            None
            if is_one
            else read_in_order(plan, readings(plan, of_part, weights, corpus), judge if field is None else None)
            for of_part, is_one, field in zip(found, reported, fields, strict=True)
        ),
        fields=fields,
    )


def is_of_statements(plan: QueryPlan, found: Found) -> bool:
    """Whether what was found is mostly of yearly reports, or the guide that the question names, by the scores of the best."""
    best = found.hits[:_DECIDING_HITS]
    stated = sum(hit.score for hit in best if _has_statements(plan, hit.document.metadata))
    return 2 * stated >= sum(hit.score for hit in best)


def _has_statements(plan: QueryPlan, metadata: Metadata) -> bool:
    kind = metadata.kind or ""
    reports = metadata.reporting_year is not None or kind.endswith(("报告", "公报"))
    return reports or (bool(plan.scope.title) and kind == _GUIDE and plan.kind is not Kind.YES_NO)
