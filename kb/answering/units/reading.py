"""The hits of one part of a question → readings: what may answer, with the features that it is chosen by."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, field
from itertools import pairwise

from kb.answering.corpus import Corpus
from kb.answering.extract.answer_type import kind_share
from kb.answering.extract.coverage import Place, TermWeights
from kb.answering.judge.judge import Judgement
from kb.answering.judge.judged import Opinion
from kb.answering.judge.windows import Window, Windows
from kb.answering.structure import BlockShape, Focus, Structure, UnitBlock
from kb.answering.units.aspects import aspect_share, lacks_aspect, words_share
from kb.answering.units.cases import without_number
from kb.answering.units.rows import cells_of
from kb.chinese.figures import figures
from kb.chinese.lexicon import read_lexicon
from kb.chinese.text import CELL_MARK, fold, without_spaces
from kb.search.intent import Kind
from kb.search.query import QueryPlan
from kb.search.retriever import Found
from kb.types import Hit, SectionKind

_LEXICON = read_lexicon(__name__)
_PURPOSE = _LEXICON["purpose"]
_ENDS = _LEXICON["ends"]
_REFERS = _LEXICON["refers"]
_FACT = _LEXICON["fact"]
LISTED = frozenset((Kind.LIST, Kind.SUMMARY, Kind.CONDITIONS, Kind.PROCEDURE))  # kinds whose answer is a list
MEASURED = frozenset((Kind.FIGURE, Kind.WHEN))  # kinds that hardly anything answers but what measures or dates
_NO_PLACE = 0.5
_LONGEST_NAME = 40  # characters of a heading or a caption that has a comma
_FIELDS = frozenset((SectionKind.HEADING, SectionKind.QUESTION))
_LONG = 300.0  # characters of a block, beyond which its length tells nothing more


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What speaks for a reading, and what against it; each from 0 to 1."""

    covered: float  # the share of the question's terms that the focus speaks of, with its lead-ins and headings
    covered_by_block: float  # … that its whole block speaks of
    covered_by_title: float  # … that the title of the document speaks of
    shared_pairs: float  # the share of the question's pairs of characters that stand in the block or above it
    pairs_in_focus: float  # … in the focus or its lead-ins
    adjacency: float  # of the terms that stand side by side in the question
    passage_likeness: (
        float  # cosine of the question with the passage, above the least of the hits; 0 by an encoder not measured
    )
    passage_score: float  # of its hit, fused
    place: float  # 1 for the first hit, 1/2 for the second
    document_share: float  # of the scores of all hits, those in its document
    holds_kind: float  # how far the focus holds what the kind of question asks for
    lacks: float  # 1 where it has nothing of what is asked for: no figure or date, or its block no sum, penalty or number to dial
    aspect: float  # how far headings, lead-ins and words are those of the field that is asked for
    is_list: float  # a list is asked for, and it is one, or a field
    is_purpose: float  # it says what a law is for, or where it applies
    is_reference: float  # it says little but that other rules apply
    length: float  # of the block
    rarest: float  # how far the block, or what stands above it, speaks of the rarest of the question's terms
    of_place: float  # 1 where it is of the place that is named, 0 where of one above it, between where none is named
    unheard: float  # of the question: the share of its terms that no document has
    place_lacks: float  # of the question: 1 where no document is of the place that it names


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A focus in its block, of a document that was found."""

    hit: Hit  # the best in which it stands
    structure: Structure
    block: UnitBlock
    focus: Focus
    features: Features
    windows: Windows = field(repr=False)
    judged: Opinion | None = None  # None where the judge was not asked

    @property
    def window(self) -> Window:
        """What the judge is shown of it."""
        return self.windows.at(self.focus.start)

    @property
    def is_row(self) -> bool:
        return self.block.shape is BlockShape.TABLE

    @property
    def said(self) -> Judgement | None:
        """What the judge said of its window; None where it was not asked."""
        return self.judged.judgement if self.judged else None

    @property
    def values(self) -> dict[str, float]:
        """Its features with what the judge says of it, by name."""
        known: dict[str, float] = asdict(self.features)
        return known | (self.judged.features if self.judged else {})

    @property
    def text(self) -> str:
        return self.structure.text[self.focus.start : self.focus.end]


def readings(plan: QueryPlan, found: Found, weights: TermWeights, corpus: Corpus) -> list[Reading]:
    """What in the blocks of `found.hits` may answer `plan`, each focus once, with its features."""
    cut: dict[int, tuple[Structure, Windows]] = {}
    by_document: defaultdict[int, float] = defaultdict(float)
    for hit in found.hits:
        by_document[hit.document.id] += hit.score
    total = sum(by_document.values()) or 1.0
    least = min((hit.vector_score for hit in found.hits if hit.vector_score), default=0.0)
    asked = asked_pairs(plan)
    best: dict[tuple[int, int], Reading] = {}
    for rank, hit in enumerate(found.hits, start=1):
        document = hit.document
        if document.id not in cut:
            structure = Structure(corpus.text_of(document), corpus.sections_of(document))
            cut[document.id] = structure, Windows(structure, document.metadata.title)
        structure, windows = cut[document.id]
        for block in structure.blocks_within(hit.passage.start, hit.passage.end):
            above = _Above(plan, hit, structure, block, weights, asked)
            for focus in block.foci:
                key = (document.id, focus.start)
                inside = focus.start < hit.passage.end and hit.passage.start < focus.end
                if key in best or not inside or not _may_answer(hit, structure, block, focus):
                    continue
                features = above.features(
                    focus,
                    of_place=0.0 if document.id in found.part.above else 1.0 if found.part.above else _NO_PLACE,
                    passage_likeness=max(hit.vector_score - least, 0.0) if corpus.has_calibrated_likeness else 0.0,
                    passage_score=hit.score,
                    place=1 / rank,
                    document_share=by_document[document.id] / total,
                )
                best[key] = Reading(
                    hit=hit, structure=structure, block=block, focus=focus, features=features, windows=windows
                )
    return list(best.values())


class _Above:
    """A block with what stands above it, measured once for all its foci."""

    def __init__(
        self,
        plan: QueryPlan,
        hit: Hit,
        structure: Structure,
        block: UnitBlock,
        weights: TermWeights,
        asked: frozenset[str],
    ) -> None:
        self._plan, self._structure, self._block, self._weights, self._asked = plan, structure, block, weights, asked
        path = block.container.path
        self._path = path
        self._heading = fold(path[-1]) if path else ""
        title = fold(hit.document.metadata.title)
        self._context = f"{title} {fold(' '.join(path))}"
        whole = fold(structure.text[block.start : block.end])
        self._covered_by_block = weights.coverage(Place(segment=whole, heading=self._heading, context=self._context))
        self._rarest = weights.presence_of_rarest(
            Place(segment=f"{whole} {title} {self._context}", heading=self._heading, context=self._context)
        )
        self._covered_by_title = weights.coverage(Place(segment=title))
        self._shared = share_of(asked, f"{self._context}{whole}")
        self._lacks_aspect = lacks_aspect(plan, whole)

    def features(
        self,
        focus: Focus,
        *,
        passage_likeness: float,
        passage_score: float,
        place: float,
        document_share: float,
        of_place: float,
    ) -> Features:
        plan, block, text = self._plan, self._block, self._structure.text
        words = text[focus.start : focus.end]
        segment = fold(words)
        leads = fold(" ".join(text[start:end] for start, end in focus.leads))
        listed = plan.kind in LISTED
        holds_kind = kind_share(plan, _uncounted(text, block, focus)) * words_share(plan, f"{leads}{words}")
        return Features(
            covered=self._weights.coverage(
                Place(segment=segment, before=leads, heading=self._heading, context=self._context)
            ),
            covered_by_block=self._covered_by_block,
            covered_by_title=self._covered_by_title,
            shared_pairs=self._shared,
            pairs_in_focus=share_of(self._asked, f"{self._heading}{leads}{segment}"),
            adjacency=self._weights.adjacency(Place(segment=f"{self._heading} {leads} {segment}")),
            passage_likeness=passage_likeness,
            passage_score=passage_score,
            place=place,
            document_share=document_share,
            holds_kind=holds_kind,
            lacks=float(self._lacks_aspect or (plan.kind in MEASURED and not holds_kind)),
            aspect=aspect_share(plan, self._path, leads, words),
            is_list=float(listed and (block.shape is BlockShape.LIST or block.container.kind in _FIELDS)),
            is_purpose=float(bool(_PURPOSE.search(words))),
            is_reference=float(bool(_REFERS.search(words))),
            length=min(block.end - block.start, _LONG) / _LONG,
            rarest=self._rarest,
            of_place=of_place,
            unheard=self._weights.unheard_share,
            place_lacks=float(bool(plan.scope.lacking)),
        )


def _uncounted(text: str, block: UnitBlock, focus: Focus) -> str:
    """The words of a focus without what only counts it among its neighbours: the number of an item, the ordinal of a row."""
    if block.shape is not BlockShape.TABLE:
        return without_number(text[focus.start : focus.end])
    cells = [cell for cell in cells_of(text, focus.start, focus.end) if not cell.is_ordinal]
    return CELL_MARK.join(text[(*cell.head, cell.value)[0][0] : cell.value[1]] for cell in cells)


def _may_answer(hit: Hit, structure: Structure, block: UnitBlock, focus: Focus) -> bool:
    """Whether a focus says anything by itself: a title, a heading, a head row or a line of an address does not."""
    words = structure.text[focus.start : focus.end]
    name = without_spaces(words)
    names = {without_spaces(hit.document.metadata.title), *map(without_spaces, block.container.path)}
    if name in names or _FACT.match(words):
        return False
    if block.shape is not BlockShape.PARAGRAPH or CELL_MARK in words or _ENDS.search(words):
        return True
    if len(name) > _LONGEST_NAME and "，" in words:
        return True
    # A line without an end is a heading or a caption, unless it is all that its field holds.
    alone = (
        block.container.kind in _FIELDS and block.end - block.start >= block.container.end - block.container.body - 1
    )
    return alone or bool(figures(words) and block.container.kind in _FIELDS)


def asked_pairs(plan: QueryPlan) -> frozenset[str]:
    """The pairs of neighbouring characters of the terms that are asked of, and of those that stand side by side."""
    return frozenset(first + second for words in (*plan.terms, *plan.compounds) for first, second in pairwise(words))


def share_of(asked: frozenset[str], text: str) -> float:
    """The share of the pairs `asked` that stand in the folded `text`."""
    return sum(pair in text for pair in asked) / len(asked) if asked else 0.0
