"""The hits of one part of a question → readings: what may answer, with the features that it is chosen by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.answering.corpus import Corpus
from kb.answering.extract.answer_type import kind_share
from kb.answering.extract.coverage import Place, TermWeights
from kb.answering.units.structure import Block, Focus, Structure
from kb.chinese.text import fold
from kb.search.query import QueryPlan
from kb.search.retriever import Found
from kb.types import Hit

_MOST_COMPARED = 24  # readings whose likeness is asked, the best by what they cover and by their hits


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What speaks for a reading, each from 0 to 1."""

    covered: float  # the share of the question's terms that the focus speaks of, with its lead-ins and headings
    covered_by_block: float  # … that its whole block speaks of
    adjacency: float  # of the terms that stand side by side in the question
    likeness: float  # cosine of the question with the focus, behind its heading and lead-ins
    passage_likeness: float  # cosine of the question with the passage
    passage_score: float  # of its hit, fused
    place: float  # 1 for the first hit, 1/2 for the second
    holds_kind: float  # how far it holds what the kind of question asks for


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A focus in its block, of a document that was found."""

    hit: Hit  # the best in which it stands
    structure: Structure
    block: Block
    focus: Focus
    features: Features

    @property
    def text(self) -> str:
        return self.structure.text[self.focus.start : self.focus.end]


def readings(plan: QueryPlan, found: Found, weights: TermWeights, corpus: Corpus) -> list[Reading]:
    """What in the blocks of `found.hits` may answer `plan`, each focus once, with its features."""
    structures: dict[int, Structure] = {}
    best: dict[tuple[int, int], Reading] = {}
    for rank, hit in enumerate(found.hits, start=1):
        document = hit.document
        if document.id not in structures:
            structures[document.id] = Structure(corpus.text_of(document), corpus.sections_of(document))
        structure = structures[document.id]
        for block in structure.blocks_within(hit.passage.start, hit.passage.end):
            for focus in block.foci:
                key = (document.id, focus.start)
                inside = focus.start < hit.passage.end and hit.passage.start < focus.end
                if key in best or not inside:
                    continue
                features = _features(plan, hit, rank, structure, block, focus, weights)
                best[key] = Reading(hit=hit, structure=structure, block=block, focus=focus, features=features)
    return _compared(plan, list(best.values()), corpus)


def _features(
    plan: QueryPlan, hit: Hit, rank: int, structure: Structure, block: Block, focus: Focus, weights: TermWeights
) -> Features:
    text = structure.text
    path = block.container.path
    segment = fold(text[focus.start : focus.end])
    leads = fold(" ".join(text[start:end] for start, end in focus.leads))
    context = fold(" ".join((hit.document.metadata.title, *path)))
    heading = fold(path[-1]) if path else ""
    place = Place(segment=segment, before=leads, heading=heading, context=context)
    whole = Place(segment=fold(text[block.start : block.end]), heading=heading, context=context)
    return Features(
        covered=weights.coverage(place),
        covered_by_block=weights.coverage(whole),
        adjacency=weights.adjacency(Place(segment=f"{heading} {leads} {segment}")),
        likeness=0.0,
        passage_likeness=hit.vector_score,
        passage_score=hit.score,
        place=1 / rank,
        holds_kind=kind_share(plan, text[focus.start : focus.end]),
    )


def comparable(reading: Reading) -> str:
    """The text of a focus behind its heading and lead-ins, as its likeness is asked."""
    text = reading.structure.text
    above = [*reading.block.container.path[-1:], *(text[start:end] for start, end in reading.focus.leads)]
    return " › ".join(above) + "\n" + reading.text


def _compared(plan: QueryPlan, found: Sequence[Reading], corpus: Corpus) -> list[Reading]:
    from dataclasses import replace

    order = sorted(
        found,
        key=lambda reading: (
            -reading.features.covered - 0.5 * reading.features.covered_by_block - reading.features.passage_score
        ),
    )
    kept = order[:_MOST_COMPARED]
    cosines = corpus.likeness(plan.text, [comparable(reading) for reading in kept])
    return [
        replace(reading, features=replace(reading.features, likeness=cosine))
        for reading, cosine in zip(kept, cosines, strict=True)
    ]
