"""A guide and the field that a question asks for → that field: its materials, time limit, fee, place, hours, telephone.

A guide is any document whose headings are such fields. Which field is meant is told by the question's aspect and by the heading
alone; a guide that lacks it answers nothing, for its other fields are about something else. Whether the guide is of the matter at
all the judge is asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from kb.answering.corpus import Corpus
from kb.answering.extract.coverage import Place, TermWeights
from kb.answering.extract.statements import Clause
from kb.answering.judge.judge import Judge, question_words
from kb.answering.judge.windows import Windows
from kb.answering.structure import BlockShape, Node, Structure
from kb.answering.units.wholes import row_line
from kb.chinese.lexicon import read_lexicon
from kb.chinese.text import fold, trim
from kb.search.intent import Aspect
from kb.search.query import QueryPlan
from kb.search.retriever import Found
from kb.types import Document, Hit, LineRole, SectionKind

_LEXICON = read_lexicon(__name__)
_HEADINGS = {
    Aspect.CONDITIONS: _LEXICON["conditions"],
    Aspect.MATERIALS: _LEXICON["materials"],
    Aspect.STEPS: _LEXICON["steps"],
    Aspect.TIME_LIMIT: _LEXICON["time_limit"],
    Aspect.FEE: _LEXICON["fee"],
    Aspect.PLACE: _LEXICON["place"],
    Aspect.HOURS: _LEXICON["hours"],
    Aspect.PHONE: _LEXICON["phone"],
}
# Fields beside which nothing in a guide tells the same.
_FIELD_ALONE = frozenset((Aspect.TIME_LIMIT, Aspect.FEE, Aspect.PLACE, Aspect.HOURS, Aspect.PHONE))
_COMPLAINT = _LEXICON["complaint"]
_FEWEST_FIELDS = 3  # kinds of fields that make a document a guide
_LEADING_SHARE = 0.4  # of the scores of all hits, those of the guide that is meant
_DENIED = -3.5  # log odds: of the sample guides' 36 known questions the fields that answer have at least -1.5
_MOST_WINDOWS = 4  # of a field, that are judged
_NAMED_SHARE = 0.5  # … or of the question's terms, those that its title covers


def field_lines(
    plan: QueryPlan, found: Found, weights: TermWeights, corpus: Corpus, judge: Judge
) -> tuple[Clause, ...] | None:
    """The lines of the field of the leading guide that a question asks for; none where that guide lacks it.

    None where no guide leads, where the judge is sure that the field does not answer, or where other sections of the guide may
    tell: of conditions, materials and steps. Raises EncoderError where the judge cannot be loaded.
    """
    document = leading_guide(found, weights) if plan.aspect in _HEADINGS else None
    if document is None:
        return None
    structure = Structure(corpus.text_of(document), corpus.sections_of(document))
    if not is_guide(structure):
        return None
    fields = fields_asked(plan, structure)
    if not fields:
        return () if plan.aspect in _FIELD_ALONE else None
    if _is_denied(plan, document, structure, fields, judge):
        return None
    hits = corpus.passages_of(document)
    rows = {
        focus.start for block in structure.blocks if block.shape is BlockShape.TABLE for focus in block.foci
    }  # which are quoted cell by cell
    lines: list[Clause] = []
    for field in fields:
        hit = _whole(structure, field, next(hit for hit in hits if field.start < hit.passage.end))
        spans = structure.lines(field.start if len(fields) > 1 else field.body, field.end)
        lines += [
            row_line(plan, structure.text, start, end, hit)
            if start in rows
            else Clause(hit=hit, text=structure.text[start:end], start=start, end=end, role=LineRole.ITEM)
            for start, end in spans
        ]
    return tuple(lines)


def _is_denied(plan: QueryPlan, document: Document, structure: Structure, fields: Sequence[Node], judge: Judge) -> bool:
    """Whether the judge is sure that none of `fields` answers: the guide is of another matter."""
    windows = Windows(structure, document.metadata.title)
    starts = [start for field in fields for start, _ in structure.lines(field.body, field.end)]
    held = list(dict.fromkeys(windows.at(start) for start in starts))[:_MOST_WINDOWS]
    return all(judgement.odds < _DENIED for judgement in judge.judge(question_words(plan), held))


def leading_guide(found: Found, weights: TermWeights) -> Document | None:
    """The document that most of what was found is of, or whose title the question speaks of; None where neither is clear."""
    shares: defaultdict[int, float] = defaultdict(float)
    for hit in found.hits:
        shares[hit.document.id] += hit.score
    if not shares:
        return None
    first = found.hits[0].document
    share = shares[first.id] / (sum(shares.values()) or 1.0)
    named = weights.coverage(Place(segment=fold(first.metadata.title)))
    leads = first.id == max(shares, key=lambda id_: shares[id_])
    return first if leads and (share >= _LEADING_SHARE or named >= _NAMED_SHARE) else None


def is_guide(structure: Structure) -> bool:
    """Whether the headings of a document are fields of several kinds."""
    titles = [_title(node) for node in leaves(structure.root)]
    return sum(any(pattern.search(title) for title in titles) for pattern in _HEADINGS.values()) >= _FEWEST_FIELDS


def fields_asked(plan: QueryPlan, structure: Structure) -> list[Node]:
    """The fields of a guide that the question asks for, in order; none where it has no such field, or asks for none."""
    pattern = _HEADINGS.get(plan.aspect) if plan.aspect else None
    if pattern is None:
        return []
    fields = [node for node in leaves(structure.root) if pattern.search(_title(node))]
    if plan.aspect is Aspect.PHONE:
        complains = bool(_COMPLAINT.search(plan.text))
        fields = [node for node in fields if bool(_COMPLAINT.search(_title(node))) is complains]
    return fields


def leaves(node: Node) -> Sequence[Node]:
    """The headings below `node` that have no headings below themselves, in order."""
    found: list[Node] = []
    for child in node.children:
        below = leaves(child)
        found += below or ([child] if child.kind is SectionKind.HEADING else [])
    return found


def _whole(structure: Structure, field: Node, hit: Hit) -> Hit:
    """The hit with the whole field as its passage."""
    start, end = trim(structure.text, field.start, field.end)
    return replace(hit, passage=replace(hit.passage, text=structure.text[start:end], start=start, end=end, lead_in=""))


def _title(node: Node) -> str:
    return node.section.title if node.section else ""
