"""Question → answer: `Answerer._answer` calls the steps in order, and each hands a frozen value to the next.

    plan      QueryPlan    kb.search.query      what is asked, and of which documents, part by part
    look up   LookUp       lookups              what stands in a document that is named: an article, a date, a meaning
    retrieve  Found        kb.search.retriever  the hits of one part of the question
    read      Candidates   extract.ranking      what in the hits may answer, best first
    decide    Selection    extract.selection    the clauses that answer one part, or none
    compose   Composition  compose.lines        lines with their citations
    check     CheckedLines compose.figure_check the lines whose figures stand in their quotes

A summary (extract.summary) takes the place of retrieve, read and decide where all of a report is asked for. Where no
line is left the answer is a refusal (refusals); an error is an answer, too, and its message says what to do.
"""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Callable, Sequence
from dataclasses import replace

from kb.answering.clock import Clock
from kb.answering.compose.figure_check import check
from kb.answering.compose.lines import compose
from kb.answering.continued import is_of_names, kept_to
from kb.answering.evidence import evidence_of, rejected_of
from kb.answering.extract.candidates import read
from kb.answering.extract.selection import Selection, decide
from kb.answering.extract.summary import summarise
from kb.answering.judge.judge import Judge
from kb.answering.lookups import look_up
from kb.answering.refusals import error, refuse, refuse_all, refuse_because
from kb.answering.several import join
from kb.errors import CatalogueError, EncoderError, IndexBrokenError, QuestionError
from kb.search.query import QueryPlan, check_length, plan_query
from kb.search.retriever import Retriever
from kb.types import Answer, Status, Within

_NUM_HITS = 16  # of one part, in which an answer is looked for; fewer are shown as evidence


class Answerer:
    """Answers questions from what a retriever finds. Threads may share it."""

    def __init__(
        self,
        retriever: Retriever,
        *,
        num_evidence: int,
        question_characters: int,
        contact: str = "",
        today: Callable[[], datetime.date] = datetime.date.today,
    ) -> None:
        """`contact`: where a reader may ask who gets no answer here; `today`: against which it is seen what still holds."""
        self.retriever = retriever
        self.judge = Judge(retriever.encoder)
        self.num_evidence = num_evidence
        self.question_characters = question_characters
        self.contact = contact
        self.today = today

    def warm_up(self) -> None:
        """Load the judge and answer once, so that encoder, segmenter and index are there before the first reader asks.

        What cannot be loaded is said by the answers.
        """
        with contextlib.suppress(EncoderError):
            self.judge.load()
        self.answer("启动")

    def answer(self, text: str, history: Sequence[str] = (), within: Within | None = None) -> Answer:
        """Answer the question `text`, asked after the questions `history` (oldest first), from the documents `within`.

        Never raises for what a person can mend: an error is an answer with its status.
        """
        return self.planned_answer(text, history, within)[1]

    def planned_answer(
        self, text: str, history: Sequence[str] = (), within: Within | None = None
    ) -> tuple[QueryPlan | None, Answer]:
        """The same with the plan that it was answered by; None where the question could not be planned."""
        try:
            return self.retriever.on_one_snapshot(lambda: self._planned_answer(text, history, within))
        except QuestionError as reason:
            return None, error(Status.ERROR_QUESTION, reason)
        except EncoderError as reason:
            return None, error(Status.ERROR_ENCODER, reason)
        except (CatalogueError, IndexBrokenError) as reason:
            return None, error(Status.ERROR_INDEX, reason)

    def _planned_answer(
        self, text: str, history: Sequence[str], within: Within | None
    ) -> tuple[QueryPlan | None, Answer]:
        check_length(text, self.question_characters)
        clock = Clock()
        gazetteer = self.retriever.gazetteer()
        if not gazetteer:
            return None, refuse_all()
        plan = plan_query(text, history, gazetteer, within)
        clock.step("understand")
        known: dict[str, Answer] = {}
        if looked_up := self._looked_up(plan):
            answer = looked_up
        elif plan.questions:
            answers = [self._answer(question, clock, known) for question in plan.questions]
            answer = join([question.asked.text for question in plan.questions], answers, self.num_evidence)
        else:
            answer = self._answer(plan, clock, known)
        return plan, replace(answer, timings=clock.steps)

    def _answer(self, plan: QueryPlan, clock: Clock, known: dict[str, Answer]) -> Answer:
        """Answer one question; of several at once each comes here. `known` has the answers so far, by the text of their plans.

        One that goes on from another is asked of the documents of that other's answer, and else as it is asked by itself.
        """
        if plan.text in known:
            return known[plan.text]
        answer: Answer | None = None
        if plan.continues:
            kept = kept_to(plan, self._answer(plan.continues, clock, known), self.retriever)
            answer = self._answer_whole(kept, clock) if kept else None
            if plan.alone and (answer is None or answer.status is not Status.ANSWERED):
                alone = self._answer_whole(plan.alone, clock)
                if is_of_names(alone, plan, self.retriever):
                    answer = alone
                elif answer is None:
                    answer = refuse(plan, evidence=alone.evidence, contact=self.contact)
        known[plan.text] = answer or self._answer_whole(plan, clock)
        return known[plan.text]

    def _answer_whole(self, plan: QueryPlan, clock: Clock) -> Answer:
        """Answer a question from the documents of its scope."""
        corpus, most = self.retriever, self.num_evidence
        if plan.scope.missing:
            return refuse(plan, contact=self.contact)
        if looked_up := self._looked_up(plan):
            return looked_up

        selections: list[Selection] = []
        if plan.is_of_all:
            selections = summarise(plan, corpus, most)
        if not selections:
            found = [corpus.retrieve(plan, part, num_hits=_NUM_HITS) for part in plan.scope.parts]
            selections = decide(plan, read(plan, found, corpus, self.judge, most))
            for number, selection in enumerate(selections):
                # Where the newest reports of a part do not answer, older ones may; a rule that was replaced does not.
                if selection.found.part.older and not selection.clauses and not selection.is_whole:
                    older = corpus.retrieve(plan, selection.found.part, num_hits=_NUM_HITS, older=True)
                    [earlier] = decide(plan, read(plan, [older], corpus, self.judge, most))
                    selections[number] = earlier if earlier.clauses and not earlier.is_whole else selection
        clock.step("select")

        composition = compose(plan, selections, corpus)
        checked = check(composition)
        clock.step("compose")
        found = [selection.found for selection in selections]
        evidence = evidence_of(composition.cited, [selection.best_hits for selection in selections], most)
        if not checked.citations:
            return refuse(plan, found, evidence, contact=self.contact)
        return Answer(
            status=Status.ANSWERED,
            lines=checked.lines,
            citations=checked.citations,
            computed=checked.computed,
            table=checked.table,
            evidence=evidence,
            rejected=rejected_of(found),
        )

    def _looked_up(self, plan: QueryPlan) -> Answer | None:
        """The answer to a question that names a document or a term and asks what stands there; None to any other."""
        found = None if plan.scope.missing else look_up(plan, self.retriever, self.today())
        if found is None:
            return None
        if found.composition is None:
            return refuse_because(found.refusal, contact=self.contact)
        lines = (*found.composition.lines, *found.composition.notes)
        return Answer(
            status=Status.ANSWERED,
            lines=lines,
            citations=tuple(dict.fromkeys(citation for line in lines for citation in line.citations)),
            evidence=evidence_of(found.composition.cited, (), self.num_evidence),
        )
