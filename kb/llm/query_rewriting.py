"""A follow-up that code is unsure of → a question that stands by itself, in a model's words.

    question + earlier ones → unsure? → prompt → model → one line → every word accounted for? → answered by the same rules

A rewrite is used only where code can check it. It must be of the years, issuers and title that code finds for the
follow-up; its figures and places must have been asked about before; its words must be those of the follow-up and of the
question right before it, for 它 is what was asked last; and it must keep the words of the follow-up. Else the follow-up
is answered as without a model.
"""

from __future__ import annotations

import re
import time
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from kb.answering import Answerer
from kb.chinese.figures import Figure
from kb.chinese.lexicon import read_lexicon
from kb.chinese.places import places
from kb.chinese.text import content_terms, tagged, without_spaces
from kb.errors import ModelError
from kb.llm.client import Model
from kb.llm.prompts import inert, template
from kb.search.followups import points_back
from kb.search.intent import Kind, outside
from kb.search.query import QueryPlan
from kb.search.question import Question, question_of
from kb.search.scope import Scope
from kb.types import Answer, Status

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

MAX_TOKENS = 60
_SECONDS = 10.0  # a follow-up is answered from its own words after that
_MOST_EARLIER = 3
_MOST_CHARACTERS = 120  # of a question, earlier or rewritten

_LEXICON = read_lexicon(__name__)
_LEAD = _LEXICON["lead"]
_TURNING = _LEXICON["turning"]
_AROUND = "“”\"'「」『』 \t"
_END = re.compile(r"[？?。！!]+")
_CARRYING_TAGS = ("n", "v", "a", "i", "l", "j", "b", "m", "q", "t", "eng", "g", "s", "f", "z")
# It may refuse, for another reason than that the year or the issuer that is named is not held.
_MAY_BE_MISREAD = (Status.UNANSWERABLE_NOT_STATED, Status.UNANSWERABLE_NO_EVIDENCE)


def rewritten_answer(
    model: Model, answerer: Answerer, plan: QueryPlan, composed: Answer
) -> Generator[None, None, Answer]:
    """The answer to a rewrite that passes the checks, which names it as `understood`; else `composed`.

    None comes from time to time: closing it there ends the model's request.
    """
    if not plan.history or composed.status not in (Status.ANSWERED, *_MAY_BE_MISREAD):
        return composed
    follow_up = FollowUp(plan)
    if not follow_up.is_unsure(composed):
        return composed
    started = time.monotonic()
    try:
        written = yield from _written(model, follow_up)
    except ModelError:
        return composed
    seconds = time.monotonic() - started
    rewrite = one_line(written)
    if not follow_up.admits(rewrite):
        return composed
    answer = answerer.answer(rewrite, (), plan.within)
    # What code read alone, without what was asked before it, gives way to a refusal, too.
    if answer.status is not Status.ANSWERED and (composed.status is not Status.ANSWERED or answer.status.is_error):
        return composed
    return replace(answer, understood=rewrite, timings={**answer.timings, "rewrite": seconds})


def messages(asked: str, before: Sequence[str]) -> list[BaseMessage]:
    """What a model is asked for a follow-up behind the questions `before`, fenced as documents are."""
    earlier = "\n".join(inert(question)[:_MOST_CHARACTERS] for question in before[-_MOST_EARLIER:])
    return template("rewrite").format_messages(earlier=earlier, question=inert(asked)[:_MOST_CHARACTERS])


def one_line(written: str) -> str:
    """The one line that a model was asked for, without what it puts around it; "" where it writes more."""
    lines = [line for line in written.strip().splitlines() if line.strip()]
    return _LEAD.sub("", lines[0].strip(_AROUND)).strip(_AROUND) if len(lines) == 1 else ""


def _written(model: Model, follow_up: FollowUp) -> Generator[None, None, str]:
    """What the model writes. Raises ModelError."""
    written = ""
    asked = messages(follow_up.plan.asked.text, follow_up.before)
    with closing(model.stream(asked, max_tokens=MAX_TOKENS, seconds=_SECONDS)) as pieces:
        for piece in pieces:
            written += piece
            yield
    return written


@dataclass(frozen=True)
class FollowUp:
    """A question behind others, as code understands it, and what a rewrite of it may say."""

    plan: QueryPlan

    def is_unsure(self, composed: Answer) -> bool:
        """Whether it needs the questions before it, and code got no answer from its reading, or found nothing it refers to."""
        plan = self.plan
        if plan.questions or not plan.needs_history:
            return False
        if composed.status is not Status.ANSWERED:
            return True
        is_alone = without_spaces(plan.text) == without_spaces(plan.asked.text) and points_back(plan.asked)
        return is_alone and (self._issuers, self._years) != (self._issuers_of(plan.scope), _years_of(plan.scope))

    def admits(self, rewrite: str) -> bool:
        """Whether a rewrite says only what was asked, of the same years and issuers, and loses nothing of the follow-up."""
        if not rewrite.strip() or len(rewrite) > _MOST_CHARACTERS or _END.search(rewrite.rstrip("？?。！!")):
            return False
        line = question_of(rewrite, self.plan.asked.gazetteer)
        known = (self.plan.standalone, *self._asked)
        if any(_bare(line) == _bare(question) for question in known):
            return False
        return self._is_of_the_same(line) and self._says_nothing_new(line) and self._keeps_its_own(line)

    @cached_property
    def before(self) -> tuple[str, ...]:
        """What a rewrite is made from: the last question as code reads it, behind others where it does not say of whom."""
        last = self._last
        scope = self._scope_of(last)
        if (self._issuers_of(scope) or not self._issuers) and (_years_of(scope) or not self._years):
            return (last.text,)
        return (*(question.text for question in self.plan.history[:-1]), last.text)

    @property
    def _last(self) -> Question:
        """The question right before it, standing by itself."""
        return self.plan.before or self.plan.standalone

    @property
    def _asked(self) -> tuple[Question, ...]:
        return (*self.plan.history, self.plan.asked)

    @property
    def _behind(self) -> tuple[Question, ...]:
        """The follow-up and the questions before it, the nearest first."""
        return self.plan.asked, self.plan.standalone, *reversed(self.plan.history)

    @cached_property
    def _scopes(self) -> tuple[Scope, ...]:
        """Where the years, the issuers and the title that it is of may stand: the first that names any decides."""
        return tuple(map(self._scope_of, self._behind))

    @cached_property
    def _issuers(self) -> frozenset[frozenset[int] | str]:
        return next(filter(None, map(self._issuers_of, self._scopes)), frozenset())

    @cached_property
    def _years(self) -> frozenset[int]:
        return next(filter(None, map(_years_of, self._scopes)), frozenset())

    @cached_property
    def _relative(self) -> frozenset[str]:
        """去年 and the like, which say the year where no year is named."""
        return next(filter(None, map(_relative_words, self._behind)), frozenset())

    @cached_property
    def _titled(self) -> Scope | None:
        """The scope that says by its title which document is asked."""
        return next((scope for scope in self._scopes if scope.title), None)

    def _scope_of(self, question: Question) -> Scope:
        return question.scope_within(self.plan.within)

    def _issuers_of(self, scope: Scope) -> frozenset[frozenset[int] | str]:
        """The issuers of a scope, each by its documents, for one goes by several names; one not held by its name."""
        named = (self.plan.asked.gazetteer.names_in(issuer) for issuer in scope.issuers)
        return frozenset(
            (names[0].documents or issuer) if names else issuer
            for names, issuer in zip(named, scope.issuers, strict=True)
        )

    def _is_of_the_same(self, line: Question) -> bool:
        scope = self._scope_of(line)
        return (
            _years_of(scope) == self._years
            and (bool(self._years) or _relative_words(line) == self._relative)
            and self._issuers_of(scope) == self._issuers
            and (self._titled is None or _documents_of(scope) <= _documents_of(self._titled))
            and set(places(line.text)) <= {place for question in self._asked for place in places(question.text)}
        )

    def _says_nothing_new(self, line: Question) -> bool:
        known_figures = {_form(figure) for question in self._asked for figure in question.figures}
        near = (self._last, self.plan.asked)
        known_terms = {term for question in near for term in content_terms(question.text)}
        known = "\n".join(question.folded for question in near)
        matter = outside(line.folded, line.mentions.spans)  # names and years have a rule of their own
        return (
            all(_form(figure) in known_figures for figure in line.figures)
            and all(term in known_terms or (len(term) > 1 and term in known) for term in content_terms(matter))
            and all(word in known for word in _TURNING.findall(line.folded))
            and line.kind in {Kind.FIGURE, Kind.OTHER, *(question.kind for question in near)}
            and line.unit in {None, *(question.unit for question in near)}
        )

    def _keeps_its_own(self, line: Question) -> bool:
        own = self.plan.asked
        words = [
            word for word, tag in tagged(outside(own.folded, own.mentions.spans)) if tag.startswith(_CARRYING_TAGS)
        ]
        carrying = content_terms(" ".join(words))
        return (
            {_form(figure) for figure in own.figures} <= {_form(figure) for figure in line.figures}
            and all(word in line.folded for word in words if word in carrying)
            and all(word in line.folded for word in _TURNING.findall(own.folded))
            and (own.kind is Kind.OTHER or line.kind is own.kind)
            and own.unit in (None, line.unit)
            and own.planned in (None, line.planned)
        )


def _bare(question: Question) -> str:
    """A question without white space and the marks that end it."""
    return without_spaces(_END.sub("", question.text))


def _years_of(scope: Scope) -> frozenset[int]:
    """The years that a scope is named by; what 去年 means is no name."""
    return frozenset() if scope.relative else frozenset(scope.years)


def _documents_of(scope: Scope) -> frozenset[int]:
    return frozenset().union(*(part.documents | part.older for part in scope.parts))


def _relative_words(question: Question) -> frozenset[str]:
    return frozenset(question.mentions.relative)


def _form(figure: Figure) -> tuple[object, str]:
    """A figure by its value and unit; 2024 is 2024年."""
    is_year = not figure.unit and 1900 <= figure.value <= 2100
    return figure.value, "年" if is_year else figure.unit
