"""The hits of each part of a question → candidates: sections under a heading that names what is asked, else statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.answering.corpus import Corpus
from kb.answering.extract.coverage import TermWeights
from kb.answering.extract.ranking import Ranking, rank
from kb.answering.extract.sections import section
from kb.answering.extract.statements import Clause
from kb.search.query import QueryPlan
from kb.search.retriever import Found


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """What may answer each part of a question: either `sections` or `rankings`, one for each of `found`."""

    found: tuple[Found, ...]
    weights: TermWeights
    sections: tuple[tuple[Clause, ...], ...] = ()  # what stands under headings that name what is asked
    rankings: tuple[Ranking, ...] = ()


def read(plan: QueryPlan, found: Sequence[Found], corpus: Corpus, num_evidence: int) -> Candidates:
    """What of the passages that were found may answer each part of `plan`.

    Sections answer only together: where one part has none, all are read statement by statement. A summary quotes about
    `num_evidence` passages in all.
    """
    weights = TermWeights(plan, corpus.rarity)
    most = max(num_evidence // len(found), 1) if found else 0
    sections = tuple(section(plan, of_part, weights, corpus, most) for of_part in found)
    if all(sections):
        return Candidates(found=tuple(found), weights=weights, sections=sections)
    return Candidates(found=tuple(found), weights=weights, rankings=tuple(rank(plan, found, weights, corpus)))
