"""What was found for a plan → the evidence that is shown with its answer, and what was rejected."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from kb.search.retriever import Found
from kb.types import Evidence, Hit, Rejected


def evidence_of(cited: Sequence[Hit], best: Sequence[Sequence[Hit]], most: int) -> tuple[Evidence, ...]:
    """What is cited, in the order of its markers, then the best of each part in turn, up to `most` passages."""
    in_turn = [hit for rank in zip_longest(*best) for hit in rank if hit]
    hits = {hit.passage_id: hit for hit in (*cited, *in_turn)}
    num_cited = len({hit.passage_id for hit in cited})
    kept = list(hits.values())[: max(most, num_cited)]
    return tuple(Evidence(marker=marker, hit=hit) for marker, hit in enumerate(kept, start=1))


def rejected_of(found: Sequence[Found]) -> tuple[Rejected, ...]:
    """What was found and is no evidence, part by part."""
    return tuple(rejected for of_part in found for rejected in of_part.rejected)
