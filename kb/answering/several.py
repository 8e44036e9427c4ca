"""The answers to several questions that were asked at once → one answer, question by question."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

from kb.types import Answer, Evidence, Hit, Status

_MARK = re.compile(r"\[(\d+)\]")


def join(questions: Sequence[str], answers: Sequence[Answer], num_evidence: int) -> Answer:
    """One answer that says for each of `questions` what answers it, or that it is not held.

    Markers are numbered anew. Where none is answered, the first refusal stands for all; where one clause answers all,
    it is said once.
    """
    if not any(answer.status is Status.ANSWERED for answer in answers) or len({answer.text for answer in answers}) == 1:
        return answers[0]
    hits = _cited_first(answers, num_evidence)
    markers = {passage: marker for marker, passage in enumerate(hits, start=1)}
    lines, citations = [], []
    for question, answer in zip(questions, answers, strict=True):
        if answer.status is not Status.ANSWERED:
            lines.append(f"{question}\n没有在库中文件里找到。")
            continue
        kept = (evidence for evidence in answer.evidence if evidence.hit.passage_id in markers)
        anew = {evidence.marker: markers[evidence.hit.passage_id] for evidence in kept}
        lines.append(f"{question}\n{_renumbered(answer.text, anew)}")
        citations += [replace(citation, marker=anew[citation.marker]) for citation in answer.citations]
    timings: Counter[str] = Counter()
    for answer in answers:
        timings.update(answer.timings)
    return Answer(
        status=Status.ANSWERED,
        text="\n".join(lines),
        citations=tuple(citations),
        evidence=tuple(Evidence(marker=marker, hit=hits[passage]) for passage, marker in markers.items()),
        rejected=tuple(rejected for answer in answers for rejected in answer.rejected),
        computed=tuple(step for answer in answers for step in answer.computed),
        timings=dict(timings),
    )


def _cited_first(answers: Sequence[Answer], most: int) -> dict[int, Hit]:
    """The evidence of all answers by passage: what is cited, then the best of the rest in turn, up to `most`."""
    cited = {
        evidence.hit.passage_id: evidence.hit
        for answer in answers
        for evidence in answer.evidence
        if evidence.marker in {citation.marker for citation in answer.citations}
    }
    in_turn = [one.hit for rank in zip_longest(*(answer.evidence for answer in answers)) for one in rank if one]
    hits = cited | {hit.passage_id: hit for hit in in_turn if hit.passage_id not in cited}
    return dict(list(hits.items())[: max(most, len(cited))])


def _renumbered(text: str, anew: Mapping[int, int]) -> str:
    """`text` with the new marker in the place of each of `anew`."""
    return _MARK.sub(lambda mark: f"[{anew[int(mark[1])]}]" if int(mark[1]) in anew else mark[0], text)
