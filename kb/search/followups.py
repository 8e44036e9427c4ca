"""Follow-ups → questions that stand by themselves; a text that asks for several things → a question for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kb.chinese.lexicon import read_lexicon
from kb.chinese.text import content_terms, fold, tagged, without_spaces
from kb.search.intent import Kind, outside
from kb.search.question import Question
from kb.search.scope import Mentions, Scope, Word
from kb.search.wording.clauses import asking_clauses, is_branch, without_asking

_LEXICON = read_lexicon(__name__)
_PAIR = _LEXICON["pair"]
_GOAL = _LEXICON["goal"]
_NAMED_ALONE = _LEXICON["named_alone"]
_FOLLOW_UP = _LEXICON["follow_up"]
_POINTS_BACK = _LEXICON["points_back"]
_LATER = _LEXICON["later"]
_EARLIER = _LEXICON["earlier"]
_ASKED = _LEXICON["asked"]
_COMPARES = _LEXICON["compares"]
_COMPARES_PARTS = _LEXICON["compares_parts"]
_POINTER = _LEXICON["pointer"]
_OF_ANY_MATTER = _LEXICON["of_any_matter"]
_NAMES_NOTHING = _LEXICON["names_nothing"]
_OF_ANYONE = _LEXICON["of_anyone"]
_NAMING_TAGS = ("n", "j", "l", "i", "eng")  # of words that name things; those made of verbs name none
_WHOLE = 3  # things that a question names that is whole, whatever was asked before it
_OF_ANSWER = frozenset((Kind.FIGURE, Kind.WHEN, Kind.WHO, Kind.WHERE, Kind.YES_NO))
_DIGITS = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5}


def questions_in(asked: Question, before: Question | None = None) -> tuple[Question, ...]:
    """The questions of one that asks several at once, each standing by itself; none where it asks only one.

    A later one takes years, issuers and title from the first, and goes on from it where that is not of reports.
    新增就业和失业率分别是多少 asks for each of the two; 谁最多 at its end is no question of its own.
    """
    if pair := _pair(asked):
        return pair
    if not _is_of_reports(asked) and (before is None or not _is_of_reports(before)):
        return _in_turn(asked, before)
    parts = [asked.reworded(part.strip()) for part in _ASKED.findall(asked.text)]
    if (
        len(parts) < 2
        or without_spaces("".join(part.text for part in parts)) != without_spaces(asked.text)
        or not all(map(_asks, parts))
    ):
        return ()
    first, *others = parts
    questions = [first]
    for part in others:
        if 1.0 not in part.matter_terms.values():  # 参加了多少人次 leans on what was asked before it
            questions.append(standing_alone(part, questions[-1]))
            continue
        years = () if part.scope.years else first.scope.years
        issuers = () if part.scope.issuers else first.mentions.subjects
        questions.append(part.in_front(years, issuers, None if part.scope.title else first.mentions))
    return tuple(questions)


def _in_turn(asked: Question, before: Question | None) -> tuple[Question, ...]:
    """The questions that the clauses of one ask behind `before`, each going on from the first; none where it asks only one."""
    first, *others = (asked.reworded(words) for words in asking_clauses(asked.text))
    if not others or not all(_asks_anew(part, first) for part in others):
        return ()
    questions = [standing_alone(first, before)]
    for part in others:
        questions.append(_continued(part, questions[-1 if is_branch(part.text) else 0]))
    return tuple(questions)


def _asks_anew(part: Question, first: Question) -> bool:
    """Whether a part asks for something of its own, or the same of another case; 怎么界定 behind 标准是什么 does neither."""
    if _COMPARES_PARTS.search(part.text):
        return False
    differs = part.kind in _OF_ANSWER and part.kind is not first.kind
    return bool(part.aspect) or differs or is_branch(part.text) or bool(names_in(part))


def _pair(asked: Question) -> tuple[Question, ...]:
    """The two questions of one that asks for two figures, each with the words that both share; none where it does not.

    粮食和油料产量各多少 asks for 粮食产量 and 油料产量.
    """
    if asked.kind is not Kind.FIGURE:
        return ()
    hidden = asked.folded
    for start, end in asked.scope.spans:
        hidden = hidden[:start] + "," * (end - start) + hidden[end:]
    match = _PAIR.search(hidden)
    if not match:
        return ()
    first, second = match["one"], match["other"]
    terms, other_terms = list(content_terms(first)), list(content_terms(second))
    if not terms or not other_terms:
        return ()
    if len(terms) == 1 and not _NAMED_ALONE.search(first):
        first += "".join(other_terms[1:])
    if len(other_terms) == 1 and not _NAMED_ALONE.search(second):
        second = "".join(terms[:-1]) + second
    if (goal := _GOAL.search(second)) and not first.endswith(goal[0]):
        first += goal[0]
    start, end = match.start("one"), match.end()
    return asked.with_figure(start, end, first), asked.with_figure(start, end, second)


def _asks(part: Question) -> bool:
    """Whether a part of a question asks for something of its own: 2010年呢 asks the same for another year."""
    if part.text.endswith(("呢？", "呢?")) and (part.scope.years or part.scope.issuers):
        return True
    return part.kind is not Kind.OTHER and not _COMPARES.search(part.text) and bool(part.matter_terms)


def needs_history(asked: Question) -> bool:
    """Whether a follow-up cannot be understood without the questions before it."""
    return points_back(asked) or not _is_complete(asked)


def points_back(asked: Question) -> bool:
    """Whether a word of a question stands for something that was asked before: 它, 这个项目, 后者."""
    return bool(_POINTS_BACK.search(asked.text))


def standing_alone(asked: Question, earlier: Question | None) -> Question:
    """What is asked, as it would be asked without the question `earlier` before it.

    那江西呢 takes the earlier question and puts another issuer in it, 2020年的报告呢 another year; 接待人数呢 keeps
    issuer and year and asks for something else; 今年还打算再建几个 needs both questions to be understood.
    """
    if earlier is None or not earlier.text:
        return asked
    if not _is_of_reports(earlier):
        return asked if _is_whole(asked) else _continued(asked, earlier)
    if _is_complete(asked):
        return asked
    own, matter, offset = asked.scope, _own_matter(asked), _offset(asked.text)
    kept = _with_scope(earlier, asked, offset)
    if not matter or (offset and asked.kind is not Kind.OTHER):
        return kept
    if asked.kind is not Kind.OTHER:
        return kept.followed_by(asked)
    years = _named_years(own, earlier.scope) or earlier.scope.years
    subject = (*asked.mentions.subjects, *earlier.mentions.subjects)[:1]
    figure = _figure_of(asked, matter, of_report="政府工作报告" in earlier.text)
    return figure.in_front([year + offset for year in years], subject)


def _is_of_reports(asked: Question) -> bool:
    """Whether a question is about reports alone: these have the same figures year by year, and a figure stands by its name."""
    scope = asked.scope
    documents = [asked.gazetteer.documents[id_] for part in scope.parts for id_ in part.documents | part.older]
    if not documents:
        return bool(scope.missing)
    reports = [document.metadata for document in documents if "报告" in (document.metadata.kind or "")]
    if any({metadata.year, metadata.reporting_year} & set(scope.years) for metadata in reports):
        return True  # beside it what has no year may speak of the matter, too
    named = bool(scope.issuers or scope.title)
    return len(reports) == len(documents) or (named and 2 * len(reports) > len(documents))


def _continued(asked: Question, earlier: Question) -> Question:
    """What is asked behind `earlier`, of the same matter: what it asks for itself, or the same as before of another case.

    A field that was asked for in between (要多久) is no matter, and is left out; of a longer row the first and the last stay.
    """
    branch = is_branch(asked.text) and asked.aspect is None and asked.kind is Kind.OTHER
    context = earlier
    if earlier.context and earlier.own and not branch and not names_in(earlier.own):
        context = earlier.context
    if context.context and context.context.context and context.own:
        root = context.context.context
        context = root.continued_by(context.own, context.intent)
    if asked.scope.issuers or asked.scope.years:
        context = replace(_with_scope(context, asked, 0), context=context.context, own=context.own)
    intent = replace(earlier.intent, unit=asked.unit or earlier.unit) if branch else asked.intent
    return context.continued_by(asked, intent)


def alone(standalone: Question) -> Question:
    """A question that goes on from another as it would be asked by itself, of the issuers or places of that other."""
    asked = standalone.own or standalone
    if asked.scope.issuers or asked.scope.title or standalone.context is None:
        return asked
    return asked.in_front((), standalone.context.mentions.subjects)


def _is_whole(asked: Question) -> bool:
    """Whether a question behind others names so much that it goes on from none."""
    named = len(names_in(asked))
    of_another = bool(asked.scope.issuers) and named > 0 and asked.kind is not Kind.OTHER
    return not _FOLLOW_UP.search(asked.text) and (named >= _WHOLE or of_another or bool(asked.scope.title))


def names_in(asked: Question) -> list[str]:
    """The things that a follow-up names itself: no words of any procedure (窗口, 材料), of people, nor figures."""
    plain = without_asking(outside(asked.folded, asked.mentions.spans))
    plain = _OF_ANYONE.sub(" ", _OF_ANY_MATTER.sub(" ", plain))
    return [
        word
        for word, tag in tagged(_POINTER.sub(" ", plain))
        if tag.startswith(_NAMING_TAGS) and not _NAMES_NOTHING.fullmatch(word) and not any(map(str.isdigit, word))
    ]


def _figure_of(asked: Question, matter: Sequence[str], *, of_report: bool) -> Question:
    """The figure that a follow-up names by its `matter`, of a report or not."""
    report = "政府工作报告" if of_report else ""
    words = f"{report}{''.join(matter)}是多少？"
    own = asked.mentions
    mentions = Mentions(
        text=fold(words),
        relative=tuple(word for word in own.relative if word in words),
        last_years=own.last_years,
        reports=((0, len(report)),) if report else (),
        of_kind=own.of_kind | asked.gazetteer.of_kind(report),
        words=own.words | ({Word.REPORT} if report else set()),
    )
    return asked.derived(mentions, asked.intent.of_figure, words)


def _own_matter(asked: Question) -> list[str]:
    """The terms of a follow-up itself, without what points from one question to the next."""
    return list(content_terms(_POINTER.sub(" ", outside(asked.folded, asked.mentions.spans))))


def _is_complete(asked: Question) -> bool:
    """Whether a question names all that it is about, or more than a follow-up says."""
    matter = _own_matter(asked)
    return bool(asked.scope.issuers and asked.scope.years and matter) or (
        len(matter) > 3 and not _FOLLOW_UP.search(asked.text)
    )


def _with_scope(earlier: Question, asked: Question, offset: int) -> Question:
    """The question `earlier` with the issuers and years of the follow-up in the places of its own."""
    own, scope = asked.scope, earlier.scope
    kept = earlier.derived(earlier.mentions)
    if own.issuers:
        kept = kept.of_issuer(asked.mentions.subjects[0])
    years = _named_years(own, scope) or tuple(year + offset for year in scope.years if offset)
    return kept.of_years(years, scope) if years else kept


def _named_years(own: Scope, earlier: Scope) -> tuple[int, ...]:
    """The years that a follow-up says itself; its 今年 is the year that the earlier question names, if it does."""
    return () if own.relative and not earlier.relative else own.years


def _offset(text: str) -> int:
    """两年后 → 2, 往后三年 → 3, 上一年 → -1, 0 where nothing of the kind is said."""
    for pattern, sign in ((_LATER, 1), (_EARLIER, -1)):
        if match := pattern.search(text):
            return sign * _DIGITS[match[1] or match[2] or "一"]
    return 0
