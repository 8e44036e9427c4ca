"""The answers to several questions that were asked at once → one answer, question by question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

from kb.types import Answer, AnswerLine, Citation, Evidence, Hit, LineRole, Status


def join(questions: Sequence[str], answers: Sequence[Answer], num_evidence: int) -> Answer:
    """One answer that has for each of `questions` the lines that answer it, or a note that nothing was found.

    Markers are numbered anew. Where none is answered, the first refusal stands for all; where the same lines answer
    all, they stand once.
    """
    if not any(answer.status is Status.ANSWERED for answer in answers) or len({answer.text for answer in answers}) == 1:
        return answers[0]
    hits = _cited_first(answers, num_evidence)
    markers = {passage: marker for marker, passage in enumerate(hits, start=1)}
    lines: list[AnswerLine] = []
    citations: list[Citation] = []
    for question, answer in zip(questions, answers, strict=True):
        lines.append(AnswerLine(text=question, role=LineRole.QUESTION))
        if answer.status is not Status.ANSWERED:
            lines.append(AnswerLine(text="没有在库中文件里找到。", role=LineRole.NOTE))
            continue
        kept = (evidence for evidence in answer.evidence if evidence.hit.passage_id in markers)
        renumbered = {evidence.marker: markers[evidence.hit.passage_id] for evidence in kept}
        lines += [replace(line, citations=_renumbered(line.citations, renumbered)) for line in answer.lines]
        citations += _renumbered(answer.citations, renumbered)
    return Answer(
        status=Status.ANSWERED,
        lines=tuple(lines),
        citations=tuple(citations),
        evidence=tuple(Evidence(marker=marker, hit=hits[passage]) for passage, marker in markers.items()),
        rejected=tuple(rejected for answer in answers for rejected in answer.rejected),
        computed=tuple(step for answer in answers for step in answer.computed),
    )


def _cited_first(answers: Sequence[Answer], most: int) -> dict[int, Hit]:
    """The evidence of all answers by passage: what is cited, then the best of the rest in turn, up to `most`."""
    cited = {
        evidence.hit.passage_id: evidence.hit
        for answer in answers
        for evidence in answer.evidence
        if evidence.marker in {citation.marker for citation in answer.citations}
    }
    ranks = zip_longest(*(answer.evidence for answer in answers))
    in_turn = [evidence.hit for rank in ranks for evidence in rank if evidence]
    hits = cited | {hit.passage_id: hit for hit in in_turn if hit.passage_id not in cited}
    return dict(list(hits.items())[: max(most, len(cited))])


def _renumbered(citations: Sequence[Citation], renumbered: Mapping[int, int]) -> tuple[Citation, ...]:
    """`citations` with the new marker of each."""
    return tuple(replace(citation, marker=renumbered[citation.marker]) for citation in citations)
