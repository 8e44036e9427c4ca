"""Evidence → answer. The whole way of a question stands in `Answerer.answer`.

    question → understanding → evidence → the clauses that answer → text with marks → figures checked → answer

Each step may end it: with a refusal of its kind, or with an error that says what to do.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from kb.answering.compose.figure_check import strike_unfounded
from kb.answering.compose.lines import compose
from kb.answering.extract.selection import Selection, select
from kb.answering.extract.summary import summarise
from kb.answering.refusals import error, refuse
from kb.answering.several import join
from kb.errors import CatalogueError, EncoderError, IndexBrokenError, QuestionError
from kb.search.followups import asked_at_once
from kb.search.intent import Kind
from kb.search.query import QueryPlan, plan_query
from kb.search.retriever import Found, Retriever
from kb.search.scope import Missing, Part
from kb.types import Answer, Evidence, Hit, Status, Within

_READ = 16  # hits of one part that an answer is looked for in; fewer are shown as evidence


class Answerer:
    """Answers questions from what a retriever finds. Threads may share it."""

    def __init__(self, retriever: Retriever, *, num_evidence: int, question_characters: int, contact: str = "") -> None:
        """`contact`: where a reader may ask who gets no answer here."""
        self.retriever = retriever
        self.num_evidence = num_evidence
        self.question_characters = question_characters
        self.contact = contact

    def warm_up(self) -> None:
        """Ask once in vain, so that no one waits for the model, the segmenter and the index to be opened."""
        self.answer("启动")

    def answer(self, text: str, history: Sequence[str] = (), within: Within | None = None) -> Answer:
        """Answer the question `text`, asked after the questions `history` (oldest first), from the documents `within`.

        Never raises for what a person can mend: an error is an answer with its status.
        """
        try:
            return self.retriever.undisturbed(lambda: self._answer(text, history, within))
        except QuestionError as reason:
            return error(Status.ERROR_QUESTION, reason)
        except EncoderError as reason:
            return error(Status.ERROR_ENCODER, reason)
        except (CatalogueError, IndexBrokenError) as reason:
            return error(Status.ERROR_INDEX, reason)

    def _answer(self, text: str, history: Sequence[str], within: Within | None) -> Answer:
        if len(text) > self.question_characters:
            raise QuestionError(f"问题有 {len(text)} 个字，最多 {self.question_characters} 个；请缩短后再问。")
        asked = asked_at_once(text, self.retriever.gazetteer())
        if len(asked) == 1:
            return self._answer_one(text, history, within)
        return join(asked, [self._answer_one(one, history, within) for one in asked], self.num_evidence)

    def _answer_one(self, text: str, history: Sequence[str], within: Within | None) -> Answer:
        clock = _Clock()
        gazetteer = self.retriever.gazetteer()
        if not gazetteer:
            return refuse(Status.UNANSWERABLE_EMPTY_INDEX, gazetteer, timings=clock.steps)

        question = plan_query(text, history, gazetteer, within)
        clock.step("plan_query")
        if question.scope.missing:
            status = _STATUS_OF_MISSING[question.scope.missing]
            return refuse(
                status, gazetteer, within=within, question=question, contact=self.contact, timings=clock.steps
            )

        selections = self._summarise(question) or self._select(question)
        found = [selection.found for selection in selections]
        clock.step("select")
        composition = compose(question, selections, self.retriever.first_with)
        checked = strike_unfounded(composition)
        clock.step("compose")
        evidence = _evidence(composition.cited, found, self.num_evidence)
        rejected = tuple(rejected for part_found in found for rejected in part_found.rejected)
        if not checked.citations:
            return refuse(
                _status_of(question, found),
                gazetteer,
                within=within,
                question=question,
                contact=self.contact,
                evidence=evidence,
                rejected=rejected,
                timings=clock.steps,
            )
        return Answer(
            status=Status.ANSWERED,
            lines=checked.lines,
            citations=checked.citations,
            computed=checked.computed,
            table=checked.table,
            evidence=evidence,
            rejected=rejected,
            timings=clock.steps,
        )

    def _summarise(self, question: QueryPlan) -> list[Selection]:
        """What sums up the documents that are meant, where nothing of them in particular is asked for."""
        if question.kind is not Kind.SUMMARY or question.terms:
            return []
        documents = self.retriever.gazetteer().documents
        return summarise(question, documents, self.retriever.passages_of, self.num_evidence)

    def _select(self, question: QueryPlan) -> list[Selection]:
        """The clauses that answer each part; where the newest documents have none, those of older ones."""
        newest = self._select_from(question, question.scope.parts, older=False)
        return [
            selection
            if selection.clauses or not selection.found.part.older
            else self._select_from(question, [selection.found.part], older=True)[0]
            for selection in newest
        ]

    def _select_from(self, question: QueryPlan, parts: Sequence[Part], *, older: bool) -> list[Selection]:
        found = [self.retriever.find(question, part, num_hits=_READ, older=older) for part in parts]
        return select(
            question,
            found,
            rarity=self.retriever.rarity,
            likeness=self.retriever.likeness if self.retriever.compares else None,
            passages_of=self.retriever.passages_of,
            num_evidence=self.num_evidence,
        )


_STATUS_OF_MISSING = {
    Missing.YEAR: Status.UNANSWERABLE_OTHER_YEAR,
    Missing.ISSUER: Status.UNANSWERABLE_OTHER_ISSUER,
}


def _status_of(question: QueryPlan, found: Sequence[Found]) -> Status:
    """Why no part of a question is answered."""
    if not question.speaks_of_places(hit.passage.text for part_found in found for hit in part_found.hits):
        return Status.UNANSWERABLE_OTHER_ISSUER
    if any(part_found.hits for part_found in found):
        return Status.UNANSWERABLE_NOT_STATED
    if any(part_found.part.names_year for part_found in found):
        return Status.UNANSWERABLE_OTHER_YEAR
    return Status.UNANSWERABLE_NO_EVIDENCE


def _evidence(cited: Sequence[Hit], found: Sequence[Found], most: int) -> tuple[Evidence, ...]:
    """What is cited, in the order of its markers, then the best of each part in turn."""
    in_turn = [hit for rank in zip_longest(*(part_found.hits for part_found in found)) for hit in rank if hit]
    hits = {hit.passage_id: hit for hit in (*cited, *in_turn)}
    num_cited = len({hit.passage_id for hit in cited})
    kept = list(hits.values())[: max(most, num_cited)]
    return tuple(Evidence(marker=marker, hit=hit) for marker, hit in enumerate(kept, start=1))


@dataclass(slots=True)
class _Clock:
    """Seconds by step, each since the step before."""

    steps: dict[str, float] = field(default_factory=dict)
    last: float = field(default_factory=time.perf_counter)

    def step(self, name: str) -> None:
        now = time.perf_counter()
        self.steps[name] = now - self.last
        self.last = now
