"""What the rules of scope cost and keep out, on questions whose documents are known.

    python -m benchmarks.scope QUESTIONS.jsonl DATA [--show]

A question has `question`, `history`, `answerable`, `docs` (file names) and `gold` (groups of phrases, one of each in the
answer). R@5: of the answerable ones, how many have among the first five hits one of their documents; stricter, one
whose text has a phrase of each gold group, or of any. As shipped and over all documents; for each half of the questions, by the first
document's name. Of all questions: how many of the hits are of another place than the one that is asked about.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from tqdm import tqdm

from kb.search.encoder import Encoder
from kb.search.jurisdiction import Jurisdiction
from kb.search.query import QueryPlan, plan_query
from kb.search.retriever import Retriever
from kb.types import Hit

_FIRST = 5


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("questions", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--show", action="store_true", help="the questions that are lost, and hits of other places")
    options = parser.parse_args()
    retriever = Retriever(options.data, Encoder())
    lines = options.questions.read_text(encoding="utf-8").splitlines()
    counts: Counter[tuple[str, str]] = Counter()
    for question in tqdm([json.loads(line) for line in lines]):
        history = question.get("history") or ()
        plan = plan_query(question["question"], history, retriever.gazetteer())
        shipped = retriever.hits(question["question"], history, num_results=_FIRST)
        half = _half(question)
        strangers = _strangers(plan, shipped, retriever)
        counts[half, "other"] += len(strangers)
        if options.show and strangers:
            print(question["id"], question["question"], [hit.document.metadata.region for hit in strangers])
        if not question["answerable"]:
            continue
        terms = " ".join((*plan.terms, *chain.from_iterable(plan.official.values())))
        unscoped = retriever.search(plan.text, terms=terms, num_results=_FIRST)
        counts[half, "asked"] += 1
        for name, hits in (("shipped", shipped), ("no scope", unscoped)):
            counts[half, f"{name}: document"] += _has_document(question, hits)
            counts[half, f"{name}: gold"] += _has_gold(question, hits)
        if options.show and _has_document(question, unscoped) > _has_document(question, shipped):
            print(question["id"], question["question"], question["docs"], [part.label for part in plan.scope.parts])
    halves = sorted({half for half, _ in counts})
    print(f"| | {' | '.join(halves)} | all |\n|---|{'---|' * (len(halves) + 1)}")
    for name in dict.fromkeys(name for _, name in counts):
        row = [counts[half, name] for half in halves]
        print(f"| {name} | {' | '.join(map(str, row))} | {sum(row)} |")


def _half(question: dict[str, Any]) -> str:
    """A or B, by the name of the first document; of a question without one by its wording."""
    name = (question["docs"] or [question["question"]])[0]
    return "AB"[hashlib.sha256(name.encode()).digest()[0] % 2]


def _has_document(question: dict[str, Any], hits: Sequence[Hit]) -> bool:
    return any(hit.document.name in question["docs"] for hit in hits)


def _has_gold(question: dict[str, Any], hits: Sequence[Hit]) -> bool:
    """Whether the text of one hit has a phrase of a gold group."""
    phrases = ["".join(phrase.split()) for group in question["gold"] for phrase in group]
    texts = ["".join(hit.passage.text.split()) for hit in hits]
    return any(phrase in text for phrase in phrases for text in texts)


def _strangers(plan: QueryPlan, hits: Sequence[Hit], retriever: Retriever) -> list[Hit]:
    """The hits whose document is of a place that neither contains nor is one that the question asks about."""
    asked = [name.place for name in plan.standalone.mentions.issuers if name.place]
    return [hit for hit in hits if asked and not _holds_for(retriever.gazetteer().place_of(hit.document), asked)]


def _holds_for(place: Jurisdiction | None, asked: Sequence[Jurisdiction]) -> bool:
    return place is None or any(place.contains(other) for other in asked)


if __name__ == "__main__":
    main()
