"""A question and those before it → the query plan: what is asked, of what kind, of which documents. Each is parsed once.

    text, history → a Question each → a question that stands by itself (followups) → QueryPlan

Where several questions are asked at once, `QueryPlan.questions` has the plan of each.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from kb.chinese.figures import Figure
from kb.chinese.places import places
from kb.chinese.spelling import Misspelling
from kb.chinese.synonyms import EverydayWord, everyday_words
from kb.chinese.text import compounds, content_terms, fold
from kb.errors import QuestionError
from kb.search import followups
from kb.search.gazetteer import Gazetteer
from kb.search.intent import (
    Aspect,
    Bound,
    Kind,
    asks_trend,
    compared_in,
    defined_in,
    is_of_all,
    matter_of,
    outside,
    planned_of,
    quoted_in,
    without_aspect,
)
from kb.search.question import Question, question_of
from kb.search.scope import Scope
from kb.search.wording.clauses import story_and_asking, without_asking
from kb.types import Within

_CONTEXT_SHARE = 0.5  # of a term that only the question before has, where the follow-up says what it wants
_STORY_SHARE = 0.5  # of a term that only the story has which is told before the question
_DURATIONS = ("年", "个月", "周", "天", "小时", "岁")
_OLDEST = 1900  # 66年 is a time, 1966年 a date
_QUOTED_SHARE = 2.0  # of a term in quotation marks; of others it is 1 at most


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryPlan:
    """What one question asks, understood by itself and with the questions before it."""

    asked: Question  # as it is asked
    standalone: Question  # as it would be asked without the questions before it
    kind: Kind
    statement_kind: Kind  # what a single statement must have: conditions, a procedure and a difference are none
    unit: str | None  # 多少次 asks for 次
    num_items: int | None  # 哪三个 asks for 3
    terms: dict[str, float]  # what an answer must speak of, by share: no years, issuers, words of form
    official: dict[str, tuple[str, ...]]  # for those of the terms that documents call otherwise
    compounds: tuple[str, ...]  # terms that stand side by side
    planned: bool | None  # whether a plan or a result is asked for, where the wording tells
    scope: Scope
    within: Within | None = None  # the documents that a reader keeps it to
    places: tuple[str, ...] = ()  # that are named and are no issuers: an answer must be about them
    bound: Bound | None = None
    asking: str = ""  # the sentences of the question that ask, without the story before them
    case: tuple[Figure, ...] = ()  # what the question tells of its case: 8个月, 3000人; no dates
    continues: QueryPlan | None = None  # the question of the same matter that it goes on from
    context: frozenset[str] = frozenset()  # those of the terms that only that question has
    names: tuple[str, ...] = ()  # things that one that goes on names itself; none where it asks for a field only
    alone: QueryPlan | None = None  # of a follow-up that names something, and no part of a question: as asked by itself
    aspect: Aspect | None = None  # what of a matter is asked for, where guides have a field for it
    compared: tuple[str, str] | None = None  # the two things of which a difference is asked for
    history: tuple[Question, ...] = ()  # what was asked before it, oldest first
    before: Question | None = None  # the last of these, standing by itself
    is_kept: bool = False  # it is asked only of the documents that answered the question before it
    questions: tuple[QueryPlan, ...] = ()  # where several are asked at once, the plan of each

    @property
    def gazetteer(self) -> Gazetteer:
        """The documents that it is asked of, by name."""
        return self.asked.gazetteer

    @property
    def text(self) -> str:
        """The question, standing by itself."""
        return self.standalone.text

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The figures that stand in the question."""
        return self.standalone.figures

    @property
    def misspellings(self) -> tuple[Misspelling, ...]:
        """Names that were written wrong; `text` has them right."""
        return self.asked.misspellings

    def kept_to(self, documents: Collection[int]) -> QueryPlan:
        """The same asked of those documents alone, of which the question before it was asked.

        They are of the matter already: what the question itself says weighs more there than what was asked before it.
        """
        parts = tuple(
            replace(part, documents=frozenset(documents), older=frozenset(), names_year=False)
            for part in self.scope.parts
        )
        share = _CONTEXT_SHARE if self.asked.aspect or self.names else 1.0
        terms = _weighed(self.terms, self.context, share)
        return replace(self, scope=replace(self.scope, parts=parts), terms=terms, is_kept=True)

    @property
    def needs_history(self) -> bool:
        """Whether it needs the questions before it to be understood."""
        return followups.needs_history(self.asked)

    @property
    def is_of_all(self) -> bool:
        """Whether it asks for a summary of whole documents, and for nothing in particular."""
        return self.kind is Kind.SUMMARY and not self.terms

    def speaks_of_places(self, texts: Iterable[str]) -> bool:
        """Whether one of `texts` names all places that the question names; True where it names none."""
        return not self.places or any(all(place in fold(text) for place in self.places) for text in texts)


def check_length(text: str, most: int) -> None:
    """Raise QuestionError where a question has more than `most` characters."""
    if len(text) > most:
        raise QuestionError(f"问题有 {len(text)} 个字，最多 {most} 个；请缩短后再问。")


def plan_query(text: str, history: Sequence[str], gazetteer: Gazetteer, within: Within | None = None) -> QueryPlan:
    """Understand `text`, asked after the questions `history` (oldest first) of the documents `within`.

    Raises QuestionError where it is empty.
    """
    if not text.strip():
        raise QuestionError("问题是空的；请写下想问的事。")
    earlier = tuple(question_of(question, gazetteer) for question in history)
    before: Question | None = None
    for question in earlier:
        before = followups.standing_alone(question, before)
    asked = question_of(text, gazetteer)
    whole = replace(_plan(asked, before, within), history=earlier)
    return replace(
        whole, questions=tuple(_plan(question, before, within) for question in followups.questions_in(asked, before))
    )


def _plan(asked: Question, before: Question | None, within: Within | None) -> QueryPlan:
    """The plan of one question, behind the question `before`; one that goes on from another already does so as it says."""
    is_part = asked.context is not None
    standalone = asked if is_part else followups.standing_alone(asked, before)
    asked = standalone.own or asked
    scope = standalone.scope_within(within)
    # A follow-up that asks for itself says what is wanted; one that does not wants what was asked before.
    asking = asked if asked.kind is not Kind.OTHER else standalone
    kind, statement_kind = asking.kind, asking.statement_kind
    bound = standalone.bound if kind is Kind.YES_NO else None
    defined = defined_in(standalone.folded) if kind is Kind.DEFINITION else None
    matter = matter_of(standalone.folded, (*scope.spans, *([(bound.start, bound.end)] if bound else ())))
    if is_of_all(statement_kind, matter):
        kind, statement_kind, matter = Kind.SUMMARY, Kind.SUMMARY, ""
    if kind is Kind.OTHER and len(scope.years) > 1 and asks_trend(standalone.folded):
        kind = statement_kind = Kind.FIGURE
    compared = compared_in(outside(standalone.folded, scope.spans)) if kind is Kind.DIFFERENCE else None
    if kind is Kind.DIFFERENCE and not compared:
        kind = statement_kind  # two issuers are two parts of a scope
    everyday, plain, terms = _matter(matter)
    terms |= dict.fromkeys(quoted_in(matter), _QUOTED_SHARE)
    story, asking_words = story_and_asking(asked.text)
    context: Set[str] = frozenset()
    if standalone.context:
        # What was asked of the matter before is no part of it; a branch asks the same again.
        matter_before = outside(standalone.context.folded, standalone.context.scope.spans)
        if standalone.intent == asked.intent:
            matter_before = without_asking(without_aspect(matter_before))
        context = (_matter(matter_before)[2].keys() & terms.keys()) - _terms_of(asked).keys()
        terms = {term: share for term, share in terms.items() if term in context or term in _terms_of(asked)}
    wanted = asked.reworded(asking_words)
    if story and followups.names_in(wanted):
        told = _terms_of(asked.reworded(story)).keys() - _terms_of(wanted).keys()
        terms = _weighed(terms, told, _STORY_SHARE)
    continues = _plan(standalone.context, None, within) if standalone.context else None
    names = tuple(followups.names_in(asked)) if continues else ()
    case = tuple(figure for figure in asked.figures if _tells_of_case(figure))
    return QueryPlan(
        asked=asked,
        standalone=standalone,
        kind=Kind.FIGURE if bound else kind,
        statement_kind=Kind.FIGURE if bound else statement_kind,
        aspect=asking.aspect,
        compared=compared,
        unit=bound.figure.unit if bound else asking.unit,
        num_items=asking.num_items,
        terms={defined: _QUOTED_SHARE} if defined else terms,
        official={word.text: word.official for word in everyday},
        compounds=tuple(dict.fromkeys(compounds(plain))),
        planned=planned_of(asking.mentions, scope),
        scope=scope,
        within=within,
        places=tuple(places(matter)),
        bound=bound,
        asking=asking_words,
        case=case or (continues.case if continues else ()),
        before=before,
        continues=continues,
        context=frozenset(context),
        names=names,
        alone=_plan(followups.alone(standalone), None, within) if names and not is_part else None,
    )


def _matter(matter: str) -> tuple[list[EverydayWord], str, dict[str, float]]:
    """The everyday words of a matter, what is left of it without them, and its terms, each with its share."""
    everyday = list(everyday_words(matter))
    plain = outside(matter, [(word.start, word.end) for word in everyday])
    return everyday, plain, content_terms(plain) | {word.text: 1.0 for word in everyday}


def _terms_of(asked: Question) -> dict[str, float]:
    """The terms of a question by itself, each with its share."""
    return _matter(matter_of(asked.folded, asked.mentions.spans))[2]


def _weighed(terms: Mapping[str, float], around: Collection[str], share: float) -> dict[str, float]:
    """`terms` with those that stand `around` what is asked at a share of their own."""
    return {term: full * share if term in around else full for term, full in terms.items()}


def _tells_of_case(figure: Figure) -> bool:
    """Whether a figure of a question tells of its case: a date, a year and 一次 do not."""
    if figure.text.startswith("一") and figure.unit not in _DURATIONS:
        return False
    return figure.unit not in ("月", "日") and not (figure.unit in ("年", "") and figure.value >= _OLDEST)
