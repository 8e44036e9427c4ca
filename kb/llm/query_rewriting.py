"""A follow-up that code is unsure of → a question that stands by itself, in a model's words.

    question + earlier ones → unsure? → prompt → model → one line → every word accounted for? → answered by the same rules

Nothing that a model writes is believed here, either. Code says of which years, issuers and title a follow-up is, and a
rewrite must name these and no others; its figures and places must stand in what was asked, its words in the follow-up
and in the question right before it, for 它 is what was asked last; and it must keep those of the follow-up itself. Else
the follow-up is understood as without a model.
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
from kb.chinese.figures import Figure, figures
from kb.chinese.lexicon import read_lexicon
from kb.chinese.places import places
from kb.chinese.text import content_terms, fold, tagged, without_spaces
from kb.errors import CatalogueError, IndexBrokenError, ModelError
from kb.llm.client import Model
from kb.llm.prompts import inert, template
from kb.search.followups import asked_at_once, leans, points_back
from kb.search.gazetteer import Gazetteer
from kb.search.intent import Kind, kind_of, outside, planned_of, unit_of
from kb.search.query import plan_query
from kb.search.scope import RELATIVE, Scope, find_scope
from kb.types import Answer, Status, Within

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


def understood(
    model: Model, answerer: Answerer, asked: str, history: Sequence[str], within: Within | None, composed: Answer
) -> Generator[None, None, tuple[str, Answer]]:
    """The question and the answer to go on with: those of a rewrite that stands, or `asked` and `composed`.

    None comes from time to time: closing it there ends the model's request.
    """
    if not history or composed.status not in (Status.ANSWERED, *_MAY_BE_MISREAD):
        return asked, composed
    try:
        follow_up = FollowUp(asked, history, answerer.retriever.gazetteer(), within)
        if not follow_up.is_unsure(composed):
            return asked, composed
        started = time.monotonic()
        said = yield from _said(model, follow_up)
        seconds = time.monotonic() - started
        rewrite = one_line(said)
        if not follow_up.admits(rewrite):
            return asked, composed
    except (ModelError, CatalogueError, IndexBrokenError):
        return asked, composed
    answer = answerer.answer(rewrite, (), within)
    # What code read alone, without what was said before it, gives way to a refusal, too.
    if answer.status is not Status.ANSWERED and (composed.status is not Status.ANSWERED or answer.status.is_error):
        return asked, composed
    return rewrite, replace(answer, understood=rewrite, timings={**answer.timings, "rewrite": seconds})


def messages(asked: str, before: Sequence[str]) -> list[BaseMessage]:
    """What a model is asked for a follow-up behind the questions `before`, fenced as documents are."""
    earlier = "\n".join(inert(question)[:_MOST_CHARACTERS] for question in before[-_MOST_EARLIER:])
    return template("rewrite").format_messages(earlier=earlier, question=inert(asked)[:_MOST_CHARACTERS])


def one_line(said: str) -> str:
    """The one line that a model was asked for, without what it puts around it; "" where it says more."""
    lines = [line for line in said.strip().splitlines() if line.strip()]
    return _LEAD.sub("", lines[0].strip(_AROUND)).strip(_AROUND) if len(lines) == 1 else ""


def _said(model: Model, follow_up: FollowUp) -> Generator[None, None, str]:
    """What the model writes. Raises ModelError."""
    said = ""
    asked = messages(follow_up.asked, follow_up.before)
    with closing(model.stream(asked, max_tokens=MAX_TOKENS, seconds=_SECONDS)) as pieces:
        for piece in pieces:
            said += piece
            yield
    return said


@dataclass(frozen=True)
class FollowUp:
    """A question behind others, as code reads it, and what a rewrite of it may say."""

    asked: str
    history: Sequence[str]
    gazetteer: Gazetteer
    within: Within | None = None

    def is_unsure(self, composed: Answer) -> bool:
        """Whether it leans on what was said, and code found nothing with it, or nothing there to lean on."""
        if len(asked_at_once(self.asked, self.gazetteer)) > 1 or not leans(self._own, self.gazetteer):
            return False
        if composed.status is not Status.ANSWERED:
            return True
        read = self._scope_of(self._reading)
        is_alone = without_spaces(self._reading) == without_spaces(self._own) and points_back(self._own)
        return is_alone and (self._issuers, self._years) != (self._issuers_of(read), _years_of(read))

    def admits(self, rewrite: str) -> bool:
        """Whether all that a rewrite says was said, of the same years and issuers, and nothing of the follow-up is lost."""
        if not rewrite.strip() or len(rewrite) > _MOST_CHARACTERS or _END.search(rewrite.rstrip("？?。！!")):
            return False
        line = self._mended(rewrite)
        bare = without_spaces(_END.sub("", line))
        if any(bare == without_spaces(_END.sub("", one)) for one in (self._reading, *self._told)):
            return False
        return self._is_of_the_same(line) and self._says_nothing_new(line) and self._keeps_its_own(line)

    @cached_property
    def before(self) -> tuple[str, ...]:
        """What a rewrite is made from: the last question as code reads it, behind others where it does not say of whom."""
        scope = self._scope_of(self._last)
        if (self._issuers_of(scope) or not self._issuers) and (_years_of(scope) or not self._years):
            return (self._last,)
        return (*self._told[:-2], self._last)

    @cached_property
    def _last(self) -> str:
        """The question right before it, as code reads it."""
        return plan_query(self.history[-1], self.history[:-1], self.gazetteer, self.within).text

    @cached_property
    def _own(self) -> str:
        return self._mended(self.asked)

    @cached_property
    def _told(self) -> tuple[str, ...]:
        return (*map(self._mended, self.history), self._own)

    @cached_property
    def _reading(self) -> str:
        return plan_query(self.asked, self.history, self.gazetteer, self.within).text

    @property
    def _behind(self) -> tuple[str, ...]:
        """It and what was asked before it, the nearest first."""
        return self._own, self._reading, *reversed(self._told[:-1])

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

    def _mended(self, text: str) -> str:
        return " ".join(self.gazetteer.respelled(text)[0].split())

    def _scope_of(self, text: str) -> Scope:
        return find_scope(text, self.gazetteer, self.within)

    def _issuers_of(self, scope: Scope) -> frozenset[frozenset[int] | str]:
        """The issuers of a scope, each by its documents, for one goes by several names; one not held by its name."""
        named = (self.gazetteer.names_in(issuer) for issuer in scope.issuers)
        return frozenset(
            (names[0].documents or issuer) if names else issuer
            for names, issuer in zip(named, scope.issuers, strict=True)
        )

    def _is_of_the_same(self, line: str) -> bool:
        scope = self._scope_of(line)
        return (
            _years_of(scope) == self._years
            and (bool(self._years) or _relative_words(line) == self._relative)
            and self._issuers_of(scope) == self._issuers
            and (self._titled is None or _documents_of(scope) <= _documents_of(self._titled))
            and set(places(line)) <= {place for told in self._told for place in places(told)}
        )

    def _says_nothing_new(self, line: str) -> bool:
        told_figures = {_form(figure) for told in self._told for figure in figures(told)}
        near = [self._last, self._own]
        told_terms = {term for one in near for term in content_terms(one)}
        told = "\n".join(map(fold, near))
        matter = outside(fold(line), self._scope_of(line).spans)  # names and years have a rule of their own
        return (
            all(_form(figure) in told_figures for figure in figures(line))
            and all(term in told_terms or (len(term) > 1 and term in told) for term in content_terms(matter))
            and all(word in told for word in _TURNING.findall(fold(line)))
            and (kind_of(line) in {Kind.FIGURE, Kind.OTHER, *map(kind_of, near)})
            and (unit_of(line) in {None, *map(unit_of, near)})
        )

    def _keeps_its_own(self, line: str) -> bool:
        own, scope = self._own, self._scope_of(self._own)
        words = [word for word, tag in tagged(outside(fold(own), scope.spans)) if tag.startswith(_CARRYING_TAGS)]
        carrying = content_terms(" ".join(words))
        kind, unit, planned = kind_of(own), unit_of(own), planned_of(own, scope)
        folded = fold(line)
        return (
            {_form(figure) for figure in figures(own)} <= {_form(figure) for figure in figures(line)}
            and all(word in folded for word in words if word in carrying)
            and all(word in folded for word in _TURNING.findall(fold(own)))
            and (kind is Kind.OTHER or kind_of(line) is kind)
            and unit in (None, unit_of(line))
            and planned in (None, planned_of(line, self._scope_of(line)))
        )


def _years_of(scope: Scope) -> frozenset[int]:
    """The years that a scope is named by; what 去年 means is no name."""
    return frozenset() if scope.relative else frozenset(scope.years)


def _documents_of(scope: Scope) -> frozenset[int]:
    return frozenset().union(*(part.documents | part.older for part in scope.parts))


def _relative_words(text: str) -> frozenset[str]:
    return frozenset(RELATIVE.findall(fold(text)))


def _form(figure: Figure) -> tuple[object, str]:
    """A figure by its value and unit; 2024 is 2024年."""
    is_year = not figure.unit and 1900 <= figure.value <= 2100
    return figure.value, "年" if is_year else figure.unit
