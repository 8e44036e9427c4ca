"""A yes-or-no question and the words that answer it → 是, 否 or the like; "" or None where the words do not decide it.

A report decides by what it says was done (`verdict`), a rule by its mood: what it grants, forbids, demands, exempts
(`verdict_of`). A wrong verdict is worse than none: where the rule asks for more than the question tells, it is said with that
condition or not at all, and the quote stands alone.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kb.answering.extract.answer_type import is_rough, stated
from kb.answering.extract.rules.intervals import interval_in, satisfies
from kb.answering.extract.rules.modality import Mood, Norm, norms_in, refuses
from kb.chinese.amounts import amounts, amounts_of_case, in_measure
from kb.chinese.lexicon import read_lexicon
from kb.chinese.synonyms import everyday_words, rule_words
from kb.chinese.text import content_terms, fold, tagged
from kb.search.intent import Kind, outside
from kb.search.query import QueryPlan

Presence = Callable[[str], float]
"""How far the words that answer speak of a term, 0 to 1."""

_WHOLLY = 0.9
_LEXICON = read_lexicon(__name__)
_NOT = _LEXICON["not"]
_ASKS_YES_OR_NO = _LEXICON["asks_yes_or_no"]
_YES = ((_LEXICON["asks_whether_there_is"], "有"), (_LEXICON["asks_whether_one_may"], "可以"))
_NO = {"有": "没有", "可以": "不可以", "是": "否"}

_ASKS_WHETHER = _LEXICON["asks_whether"]
_LIGHT = _LEXICON["light"]
_UNIVERSAL = _LEXICON["universal"]
_DENIES = _LEXICON["denies"]
_COORDINATES = _LEXICON["coordinates"]
_AND_SO_ON = _LEXICON["and_so_on"]
_LIMIT = _LEXICON["limit"]
_NARROWS = _LEXICON["narrows"]
_LISTED = _LEXICON["listed_below"]
_GENERAL = _LEXICON["general"]
_SENTENCE = re.compile(r"[。?？!！\n]")
_FILLED = r"[^\W\d]{0,2}"  # what an abbreviation leaves out between two characters
_SEGMENT = re.compile(r"[，,；;]")
_PARTICLE = re.compile(r"[吗嘛](?:[，, ]|$)|呢|吗")
_LEAST_OF_ACTION = 0.7  # of what is asked, that a norm must speak of
_LEAST_OF_TERM = 0.5  # presence from which a term is spoken of
_LEAST_OF_GROUND = 0.6  # of what a norm presupposes, that the question must tell


class Asked(enum.StrEnum):
    """What a question of yes or no asks of conduct."""

    MUST_NOT = "must_not"  # 可以不…吗, 是不是不用…
    MAY = "may"
    MUST = "must"
    IS = "is"
    WILL = "will"


# The first whose words stand in the question is what it asks.
_ASKED = (
    (Asked.MUST_NOT, _LEXICON["asks_must_not"]),
    (Asked.MAY, _LEXICON["asks_may"]),
    (Asked.MUST, _LEXICON["asks_must"]),
    (Asked.IS, _LEXICON["asks_is"]),
    (Asked.WILL, _LEXICON["asks_will"]),
)
_MAY_BEHIND = _LEXICON["asks_may_behind"]

# What a rule's mood answers to what is asked; what stands in no row is not answered.
_WORDS: Mapping[tuple[Asked, Mood], str] = {
    (Asked.MAY, Mood.PERMITS): "可以",
    (Asked.MAY, Mood.PERMITS_AFTER): "可以",
    (Asked.MAY, Mood.FORBIDS): "不可以",
    (Asked.MAY, Mood.RECOGNISES): "可以",
    (Asked.MAY, Mood.RECOGNISES_NOT): "不可以",
    (Asked.MUST, Mood.DEMANDS): "需要",
    (Asked.MUST, Mood.EXEMPTS): "不需要",
    (Asked.MUST, Mood.FORBIDS): "不得",
    (Asked.MUST_NOT, Mood.DEMANDS): "需要",
    (Asked.MUST_NOT, Mood.EXEMPTS): "不需要",
    (Asked.IS, Mood.RECOGNISES): "是",
    (Asked.IS, Mood.RECOGNISES_NOT): "不是",
    (Asked.WILL, Mood.FORBIDS): "不得",
}
_DENYING = frozenset((Mood.FORBIDS, Mood.EXEMPTS, Mood.RECOGNISES_NOT, Mood.ONLY))
_GRANTS = frozenset((Mood.PERMITS, Mood.PERMITS_AFTER, Mood.EXEMPTS, Mood.RECOGNISES))


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleVerdict:
    """What a rule answers to a question of yes or no, with what it depends on."""

    word: str  # 可以, 不可以, 需要, 不需要, 不得, 是, 不是
    condition: str = ""  # as the rule says it, where the question does not tell that it is met
    exception: str = ""  # as the rule says it

    @property
    def text(self) -> str:
        """可以; 符合条件的可以; 不可以，但有例外."""
        cases = "条件" if self.word in ("可以", "不需要") else "所列情形"
        words = f"符合{cases}的{self.word}" if self.condition else self.word
        return f"{words}，但有例外" if self.exception else words


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """What a question of yes or no asks, and of what."""

    asked: Asked
    action: str
    around: str  # the other words of the question


def verdict_of(plan: QueryPlan, text: str, lead_in: str = "", context: str = "") -> RuleVerdict | None:
    """What `text`, a sentence, an article or an item of a list behind `lead_in`, answers to a question of yes or no.

    context: title and headings above it, which may name what it is about.
    None where the question is none, where no norm is of what is asked, or where two that are do not agree.
    """
    wish = _wish(fold(plan.text))
    if wish is None:
        return None
    of_action = [norm for norm in norms_in(text, lead_in) if _is_of_action(norm, wish)]
    moods = {norm.mood in _DENYING for norm in of_action}
    found = {
        verdict
        for norm in of_action
        if _names_all(norm, wish, plan, f"{context} {lead_in}")
        for verdict in (_answer(norm, wish, is_alone=len(moods) == 1),)
    }
    return found.pop() if len(found) == 1 else None


def _wish(question: str) -> _Wish | None:
    if not _ASKS_WHETHER.search(question):
        return None
    sentence = next(words for words in _SENTENCE.split(question) if _ASKS_WHETHER.search(words))
    others = question.replace(sentence, " ", 1)
    if behind := _MAY_BEHIND.search(sentence):
        head, _, action = _rpartition(sentence[: behind.start()].rstrip(", "))
        if _terms(action) and not any(pattern.search(action) for _, pattern in _ASKED):
            return _taken(Asked.MAY, action, f"{others} {head} {sentence[behind.end() :]}")
    for asked, pattern in _ASKED:
        if match := pattern.search(sentence):
            action, rest = _PARTICLE.split(f"{sentence[match.end() :]}吗", maxsplit=1)
            around = f"{others} {rest.removesuffix('吗')}"
            if action.strip(" ,，"):
                return _taken(asked, action, f"{around} {sentence[: match.start()]}")
            head, _, before = _rpartition(sentence[: match.start()])
            return _taken(asked, before, f"{around} {head}")
    return None


def _rpartition(words: str) -> tuple[str, str, str]:
    """The words before the last comma and those behind it."""
    return words.rpartition(",") if "," in words else words.rpartition("，")


def _taken(asked: Asked, action: str, around: str) -> _Wish | None:
    """可以不登记吗 asks whether one must; another denial in what is asked is not taken apart."""
    if asked is Asked.MAY and re.match(r"\s*(?:不|没)", action):
        asked, action = Asked.MUST_NOT, action.lstrip()[1:]
    return None if _DENIES.search(action) or not _terms(action) else _Wish(asked=asked, action=action, around=around)


def _is_of_action(norm: Norm, wish: _Wish) -> bool:
    """Whether a norm is of the conduct that is asked about."""
    if refuses(norm):
        return False
    terms = _terms(wish.action)
    where, scope = fold(f"{norm.ground} {norm.scope}"), fold(norm.scope)
    total = sum(weight for weight, _ in terms.values())
    spoken = sum(weight * _presence(term, official, where) for term, (weight, official) in terms.items())
    verbs = {word for word, tag in tagged(wish.action) if tag.startswith("v")}
    doing = [term for term in terms if term in verbs or rule_words(term)] or list(terms)
    in_scope = any(_presence(term, terms[term][1], scope) >= _LEAST_OF_TERM for term in doing)
    narrowed = all(word in where for word in _NARROWS.findall(wish.action))
    return in_scope and narrowed and spoken >= _LEAST_OF_ACTION * total and _has_figures(norm, wish.action)


def _has_figures(norm: Norm, action: str) -> bool:
    """Whether the figures in what is asked, 申请两所学校, are those of the norm."""
    stated = amounts(fold(norm.scope))
    intervals = interval_in(norm.scope)
    return all(
        any(amount.measure == other.measure and amount.low == other.low for other in stated)
        or any(satisfies(interval, amount) for interval in (*intervals, *interval_in(norm.ground)))
        for amount in amounts(action)
        if amount.measure
    )


def _names_all(norm: Norm, wish: _Wish, plan: QueryPlan, context: str) -> bool:
    """Whether what else the question names is spoken of by the norm, or above it.

    Where it asks for what is done in any matter, 能再申请吗, its verbs are, too.
    """
    where = fold(f"{norm.ground} {norm.scope} {context}")
    is_general = all(_GENERAL.fullmatch(term) for term in _terms(wish.action))
    return all(
        (weight < 1 and not is_general) or term in plan.places or _presence(term, official, where) > _LEAST_OF_TERM
        for term, (weight, official) in _terms(wish.around).items()
    )


def _answer(norm: Norm, wish: _Wish, *, is_alone: bool) -> RuleVerdict | None:
    """The verdict of a norm that is of what is asked; `is_alone` where the text has no norm to the contrary."""
    word = _WORDS.get((wish.asked, norm.mood))
    question = _told(wish)
    if word is None or (norm.exception and _speaks(norm, wish)):
        return None
    met = _figures_met(norm, question)
    if met is False:
        return None
    figures = [(interval.start, interval.end) for interval in interval_in(norm.ground)]
    told = _is_told(outside(norm.ground, figures), question, _LEAST_OF_GROUND if is_alone else _WHOLLY)
    limits = [limit for limit in _limits(norm.scope) if not _is_told(limit, question, _LEAST_OF_TERM)]
    if met and told and not limits and not norm.depends and norm.mood is not Mood.PERMITS_AFTER:
        return RuleVerdict(word=word, exception=norm.exception)
    if not is_alone or (norm.mood not in _GRANTS and ((met and told) or word == "不得")):
        return None  # 不得在公共绿地内种菜 does not say whether one may elsewhere
    condition = norm.ground if not (met and told) else norm.scope
    return RuleVerdict(word=word, condition=condition, exception=norm.exception)


def _told(wish: _Wish) -> str:
    """What a question tells, with the official words for its everyday ones."""
    question = fold(f"{wish.around} {wish.action}")
    return " ".join((question, *(word for _, official in _terms(question).values() for word in official)))


def _figures_met(norm: Norm, question: str) -> bool | None:
    """Whether the figures of a case are within what the norm says; None where either has a figure that the other lacks."""
    case = amounts_of_case(question)
    intervals = interval_in(norm.ground)
    held = [[satisfies(interval, amount) for amount in case] for interval in intervals]
    if any(False in each for each in held):
        return False
    if any(True not in each for each in held):
        return None
    unused = [amount for amount in case if not any(in_measure(amount, interval.measure) for interval in intervals)]
    return None if unused else True


def _is_told(words: str, question: str, least: float) -> bool:
    """Whether a question tells what `words` presuppose: each thing, and most of the rest; of what is listed one is enough."""
    for segment in _SEGMENT.split(_UNIVERSAL.sub(" ", fold(words))):
        members = [content_terms(member) for member in _COORDINATES.split(_AND_SO_ON.sub(" ", segment))]
        shares = [_share_told(terms, question, _qualities(segment)) for terms in members if terms]
        if shares and max(shares) < least:
            return False
    return True


def _qualities(words: str) -> frozenset[str]:
    """The words that tell which people, things, places and times are meant: 境外, 公办, 夜间."""
    return frozenset(word for word, tag in tagged(words) if tag.startswith(("a", "b", "s", "t")))


def _share_told(terms: Mapping[str, float], question: str, qualities: frozenset[str]) -> float:
    """How much of `terms` a question tells; 0 where it lacks one that names a thing or tells which."""
    told = {term: _presence(term, rule_words(term), question) for term in terms}
    if any((weight >= 1 or term in qualities) and told[term] < _LEAST_OF_TERM for term, weight in terms.items()):
        return 0.0
    return sum(weight * told[term] for term, weight in terms.items()) / sum(terms.values())


def _limits(scope: str) -> list[str]:
    """The words of a scope that narrow it: 在夜间, 影响市容的."""
    return [match[0] for match in _LIMIT.finditer(scope) if not _LISTED.search(match[0])]


def _speaks(norm: Norm, wish: _Wish) -> bool:
    """Whether the question may be about the exception: it names something that is spoken of there and not before."""
    before = fold(f"{norm.ground} {norm.scope}")
    exception = fold(norm.exception)
    return any(
        _presence(term, official, exception) >= _LEAST_OF_TERM > _presence(term, official, before)
        for term, (_, official) in (_terms(wish.around) | _terms(wish.action)).items()
    )


def _terms(words: str) -> dict[str, tuple[float, tuple[str, ...]]]:
    """The terms of a part of the question, each with its weight and the official words for it; figures and places are none."""
    folded = fold(words)
    everyday = list(everyday_words(folded))
    spans = [(word.start, word.end) for word in everyday]
    plain = outside(folded, [*spans, *((amount.start, amount.end) for amount in amounts(folded) if amount.measure)])
    places = {word for word, tag in tagged(plain) if tag.startswith("ns")}
    terms: dict[str, tuple[float, tuple[str, ...]]] = {
        term: (weight, rule_words(term))
        for term, weight in content_terms(plain).items()
        if term not in places and not _LIGHT.fullmatch(term)
    }
    return terms | {
        word.text: (1.0, (*word.official, *rule_words(word.text)))
        for word in everyday
        if not _LIGHT.fullmatch(word.text)
    }


def _presence(term: str, official: tuple[str, ...], where: str) -> float:
    """1 where a term or an official word for it is in `where`, or in full (居民楼: 居民住宅楼); else the share of its pairs of characters."""
    if term in where or any(word in where for word in official):
        return 1.0
    if len(term) > 2 and re.search(_FILLED.join(map(re.escape, term)), where):
        return 1.0
    pairs = [term[place : place + 2] for place in range(len(term) - 1)]
    return sum(pair in where for pair in pairs) / len(pairs) if pairs else 0.0


def verdict(plan: QueryPlan, words: str, presence: Presence) -> str:
    """是, 否 or the like where `words` decide `plan`; "" where they do not, or it is no question of yes or no."""
    yes = next((word for pattern, word in _YES if pattern.search(plan.text)), "是")
    if plan.bound:
        holds = _is_within(plan, words)
        return "" if holds is None else yes if holds else _NO[yes]
    if plan.kind is not Kind.YES_NO or not plan.terms:
        return ""
    plain = _ASKS_YES_OR_NO.sub("", plan.text)
    decided = (
        not _NOT.search(plain) and not _NOT.search(words) and all(presence(term) >= _WHOLLY for term in plan.terms)
    )
    return yes if decided else ""


def _is_within(plan: QueryPlan, words: str) -> bool | None:
    """Whether the one firm figure of `words` is on the side of the bound that is asked for; None where none is sure."""
    bound = plan.bound
    found = stated(plan, words)
    if bound is None or len(found) != 1 or found[0].unit != bound.figure.unit or is_rough(found[0], words):
        return None
    return found[0].value >= bound.figure.value if bound.above else found[0].value < bound.figure.value
