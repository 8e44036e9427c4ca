"""One question, parsed once: the names, years, kind and unit in its own words, without the questions before it.

All steps take this value and not a text, so that nothing is parsed twice. A question that is made of others has its names,
years, kind and unit from these; its wording is shown, searched for and taken apart into terms and figures. Of that wording only
a title is sought anew, where a year or an issuer in it is another now.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeVar

from kb.chinese.figures import Figure, figures
from kb.chinese.spelling import Misspelling
from kb.chinese.text import content_terms, fold
from kb.search.gazetteer import Gazetteer, Name
from kb.search.intent import Aspect, Bound, Intent, Kind, bound_of, intent_of, matter_of, planned_of, unit_of
from kb.search.scope import (
    QUOTED,
    RELATIVE,
    Mentions,
    Scope,
    YearMention,
    each_once,
    find_mentions,
    scope_of,
    words_in,
)
from kb.search.wording.clauses import is_personal, story_and_asking
from kb.types import Within

_Mention = TypeVar("_Mention", Name, YearMention)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Words in the place of a span of a question, or in front of it, and what they name."""

    words: str
    start: int = 0
    end: int = 0
    issuer: Name | None = None
    years: tuple[int, ...] = ()
    title: Name | None = None


@dataclass(frozen=True)
class Question:
    """A text and what is parsed from it, each when it is first needed. Spans are offsets into `folded`."""

    text: str
    gazetteer: Gazetteer = field(repr=False, compare=False)
    misspellings: tuple[Misspelling, ...] = ()  # names that were written wrong; `text` has them right
    given_mentions: Mentions | None = field(default=None, repr=False, compare=False)  # of a question made of others
    given_intent: Intent | None = field(default=None, repr=False, compare=False)
    context: Question | None = field(default=None, repr=False, compare=False)  # the question that it goes on from
    own: Question | None = field(default=None, repr=False, compare=False)  # of one that goes on: what was asked itself

    def reworded(self, text: str) -> Question:
        """Words of its own, asked of the same documents."""
        return self if text == self.text else Question(text, self.gazetteer)

    def derived(self, mentions: Mentions, intent: Intent | None = None, text: str = "") -> Question:
        """A question made of this one, that names and asks what is given; `text` is its wording before it is folded."""
        return Question(text or mentions.text, self.gazetteer, (), mentions, intent or self.intent)

    def of_issuer(self, issuer: Name) -> Question:
        """The same asked of another issuer, in the place of each name; in front where no issuer is named."""
        edits = [
            Edit(words=issuer.text, start=name.start, end=name.end, issuer=issuer)
            for name in self.mentions.names
            if not name.loose
        ]
        if not self.mentions.subjects:
            edits.insert(0, Edit(words=issuer.text, issuer=issuer))
        return self.derived(self._edited(edits))

    def of_years(self, years: Sequence[int], scope: Scope) -> Question:
        """The same asked of other years, in the place of those of its `scope`; in front where that has none."""
        if not scope.years:
            return self.in_front(years)
        pattern = RELATIVE if scope.relative else re.compile("|".join(rf"{year}\s*年?" for year in scope.years))
        spans = [match.span() for match in pattern.finditer(self.mentions.text)]
        edits = [Edit(words=_in_words(years), start=start, end=end, years=tuple(years)) for start, end in spans]
        edited = self._edited(edits)
        return self.derived(replace(edited, relative=()) if scope.relative and edits else edited)

    def in_front(
        self, years: Sequence[int] = (), issuers: Sequence[Name] = (), titled: Mentions | None = None
    ) -> Question:
        """The same with a title, that of the question with the mentions `titled`, years and issuers named in front of it."""
        title = titled.title if titled else None
        edits = [Edit(words="“"), Edit(words=title.text, title=title), Edit(words="”的")] if title else []
        edits += [Edit(words=_in_words(years), years=tuple(years))] if years else []
        for issuer in issuers:
            edits += [Edit(words="、" * (issuer is not issuers[0])), Edit(words=issuer.text, issuer=issuer)]
        edited = self._edited(edits)
        if titled and title:
            edited = replace(
                edited,
                names=(*_within(title, titled.names), *edited.names),
                dated=(*_within(title, titled.dated), *edited.dated),
            )
        return self.derived(edited, text="".join(edit.words for edit in edits) + self.text)

    def followed_by(self, other: Question) -> Question:
        """This one and `other` behind it, which says what is asked; what it leaves open is as before."""
        first, second = self.mentions, other._edited([Edit(words=f"{self.mentions.text} ")])
        issuers = [*first.issuers, *second.issuers]
        if first.of_report != second.of_report:
            issuers = [*(first if first.of_report else second).issuers]
        title = second.title or first.title
        mentions = replace(
            second,
            title=title,
            names=first.names + second.names,
            issuers=tuple(each_once(issuers)),
            foreign="" if issuers or title else first.foreign or second.foreign,
            of_report=first.of_report or second.of_report,
            dated=first.dated + second.dated,
            relative=first.relative + second.relative,
            last_years=first.last_years or second.last_years,
            reports=first.reports + second.reports,
            of_kind=first.of_kind | second.of_kind,
            words=first.words | second.words,
        )
        unit, num_items = other.unit or self.unit, other.num_items or self.num_items
        intent = replace(other.intent, unit=unit, num_items=num_items)
        return self.derived(mentions, intent, f"{self.text} {other.text}")

    def continued_by(self, other: Question, intent: Intent) -> Question:
        """This one as the context of `other`, which asks with `intent`; both can still be told apart."""
        return replace(self.followed_by(other), given_intent=intent, context=self, own=other)

    def with_figure(self, start: int, end: int, figure: str) -> Question:
        """The same with one of the figures that it asks for in the place of a span, which names others, too.

        Unit and plan are read anew, for each figure has its own.
        """
        edited = self._edited([Edit(words=figure, start=start, end=end)])
        edited = replace(edited, issuers=edited.issuers or self.mentions.issuers, words=words_in(edited.text))
        return self.derived(edited, replace(self.intent.of_figure, unit=unit_of(edited.text[start:])))

    def _edited(self, edits: Sequence[Edit]) -> Mentions:
        """The mentions after `edits`, in order: what an edit touches gives way to what it names, the rest is moved."""
        old, text = self.mentions, self.mentions.text
        for edit in reversed(edits):
            text = text[: edit.start] + edit.words + text[edit.end :]

        def touches(edit: Edit, mention: Name | YearMention) -> bool:
            return edit.start < mention.end and mention.start < edit.end

        def moved(position: int, edits: Sequence[Edit] = edits) -> int:
            return position + sum(len(edit.words) - edit.end + edit.start for edit in edits if edit.end <= position)

        def kept(mentions: Sequence[_Mention]) -> list[_Mention]:
            free = [mention for mention in mentions if not any(touches(edit, mention) for edit in edits)]
            return [replace(mention, start=moved(mention.start), end=moved(mention.end)) for mention in free]

        before = [edit for edit in edits if not edit.end and (edit.issuer or edit.years)]
        opening = bool(before) and any(not start for start, _ in old.reports)  # the report is of what stands before it
        reports = [(moved(start) if start or not before else 0, moved(end)) for start, end in old.reports]
        names, issuers = kept(old.names), kept(old.issuers)
        titles = kept([old.title] if old.title else [])
        named = [edit.issuer for edit in edits if edit.issuer]
        dated = []
        for mention in old.dated:
            years = next((edit.years for edit in edits if edit.years and touches(edit, mention)), mention.years)
            dated.append(replace(mention, years=years, start=moved(mention.start), end=moved(mention.end)))
        for number, edit in enumerate(edits):
            start = moved(edit.start, edits[:number])
            end = start + len(edit.words)
            titles += [replace(edit.title, start=start, end=end)] if edit.title else []
            if edit.issuer and any(issuer.documents or issuer.place for issuer in named):
                names.append(replace(edit.issuer, start=start, end=end))
                if not edit.end or edit.start in {name.start for name in old.issuers or old.names}:
                    issuers.append(names[-1])
            if edit.years and not any(touches(edit, mention) for mention in old.dated):
                of_report = opening and not edit.end and len(named) <= 1
                dated.append(YearMention(years=edit.years, start=start, end=end, of_report=of_report))
        renamed = any(start < edit.end and edit.start < end for start, end in old.reports for edit in edits)
        if not titles and (old.title or renamed or opening):
            found = self.gazetteer.titled(text, QUOTED.findall(text))  # 2024年 of 2024年青岚县政府工作报告 is another's
            titles += [found] if found else []
        return replace(
            old,
            text=text,
            title=titles[0] if titles else None,
            names=tuple(sorted(names, key=_start)),
            issuers=tuple(each_once(sorted(issuers, key=_start))),
            foreign="" if issuers or titles else named[0].text if named else old.foreign,
            of_report=old.of_report or (opening and bool(named)),
            dated=tuple(sorted(dated, key=_start)),
            reports=tuple(reports),
            words=old.words | words_in("".join(edit.words for edit in edits if edit.title)),
        )

    @cached_property
    def folded(self) -> str:
        return fold(self.text)

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        return tuple(figures(self.folded))

    @cached_property
    def mentions(self) -> Mentions:
        if self.given_mentions:
            return self.given_mentions
        found = find_mentions(self.folded, self.gazetteer)
        story, _ = story_and_asking(self.folded)
        return found.without_years(self.folded.index(story) + len(story)) if is_personal(story) else found

    @cached_property
    def scope(self) -> Scope:
        """What it is about, of all documents."""
        return scope_of(self.mentions, self.gazetteer)

    def scope_within(self, within: Within | None) -> Scope:
        """What it is about, of the documents that a reader keeps to."""
        return scope_of(self.mentions, self.gazetteer, within) if within else self.scope

    @cached_property
    def intent(self) -> Intent:
        return self.given_intent or intent_of(self.text)

    @property
    def kind(self) -> Kind:
        return self.intent.kind

    @property
    def statement_kind(self) -> Kind:
        return self.intent.statement_kind

    @property
    def aspect(self) -> Aspect | None:
        return self.intent.aspect

    @property
    def unit(self) -> str | None:
        return self.intent.unit

    @property
    def num_items(self) -> int | None:
        return self.intent.num_items

    @cached_property
    def planned(self) -> bool | None:
        return planned_of(self.mentions, self.scope)

    @cached_property
    def bound(self) -> Bound | None:
        return bound_of(self.folded, self.figures)

    @cached_property
    def matter_terms(self) -> dict[str, float]:
        """The terms of what it is about, each with its share."""
        return content_terms(matter_of(self.folded, self.mentions.spans))


def _in_words(years: Sequence[int]) -> str:
    return "、".join(f"{year}年" for year in years)


def _within(title: Name, mentions: Sequence[_Mention]) -> list[_Mention]:
    """Those of the `mentions` that stand in a title, where the title is the second character of a text and what follows."""
    return [
        replace(mention, start=mention.start - title.start + 1, end=mention.end - title.start + 1)
        for mention in mentions
        if title.start <= mention.start and mention.end <= title.end
    ]


def _start(mention: Name | YearMention) -> int:
    return mention.start


def question_of(text: str, gazetteer: Gazetteer) -> Question:
    """The question `text` on one line: in simplified characters, years in digits, names as documents have them."""
    respelled, misspellings = gazetteer.respelled(text)
    return Question(" ".join(respelled.split()), gazetteer, misspellings)
