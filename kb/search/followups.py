"""Questions that stand by themselves: those behind others in a conversation, and several in one.

history + question → standalone question; a question that asks for two things → two questions
"""

from __future__ import annotations

import re

from kb.chinese.lexicon import read_lexicon
from kb.chinese.text import content_terms, fold, without_spaces
from kb.search.gazetteer import Gazetteer
from kb.search.intent import Kind, kind_of, matter_of, outside
from kb.search.scope import RELATIVE, Scope, find_scope

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
_POINTER = _LEXICON["pointer"]
_DIGITS = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5}


def asked_at_once(text: str, gazetteer: Gazetteer) -> list[str]:
    """The questions of `text`, each standing by itself: a later one takes years, issuers and title from the first.

    Of 新增就业和失业率分别是多少, one for each. `text` itself where it asks one; 谁最多 at its end is no question of its own.
    """
    simple, _ = gazetteer.respelled(text)
    if pair := _pair(fold(simple), gazetteer):
        return pair
    parts = [part.strip() for part in _ASKED.findall(simple)]
    if (
        len(parts) < 2
        or without_spaces("".join(parts)) != without_spaces(simple)
        or not all(_asks(part, gazetteer) for part in parts)
    ):
        return [text]
    first = find_scope(parts[0], gazetteer)
    title = f"“{first.title}”的" if first.title else ""
    years = "、".join(f"{year}年" for year in first.years)
    standalone = parts[:1]
    for part in parts[1:]:
        own = find_scope(part, gazetteer)
        if 1.0 not in content_terms(matter_of(part, own)).values():  # 参加了多少人次 leans on what was asked before it
            standalone.append(stand_alone(part, standalone[-1], gazetteer))
            continue
        before = ("" if own.years else years) + ("" if own.issuers else "、".join(first.issuers))
        standalone.append(("" if own.title else title) + before + part)
    return standalone


def _pair(text: str, gazetteer: Gazetteer) -> list[str]:
    """The two questions of one that asks for two figures, each with the words that both share; none where it does not.

    粮食和油料产量各多少 asks for 粮食产量 and 油料产量.
    """
    if kind_of(text) is not Kind.FIGURE:
        return []
    hidden = text
    for start, end in find_scope(text, gazetteer).spans:
        hidden = hidden[:start] + "," * (end - start) + hidden[end:]
    match = _PAIR.search(hidden)
    if not match:
        return []
    one, other = list(content_terms(match["one"])), list(content_terms(match["other"]))
    if not one or not other:
        return []
    first = match["one"] + ("" if len(one) > 1 or _NAMED_ALONE.search(match["one"]) else "".join(other[1:]))
    second = ("" if len(other) > 1 or _NAMED_ALONE.search(match["other"]) else "".join(one[:-1])) + match["other"]
    if (goal := _GOAL.search(second)) and not first.endswith(goal[0]):
        first += goal[0]
    before, behind = text[: match.start("one")], text[match.end() :]
    return [before + asked + behind for asked in (first, second)]


def _asks(part: str, gazetteer: Gazetteer) -> bool:
    """Whether a part of a question asks for something of its own: 2010年呢 asks the same for another year."""
    scope = find_scope(part, gazetteer)
    if part.endswith(("呢？", "呢?")) and (scope.years or scope.issuers):
        return True
    return (
        kind_of(part) is not Kind.OTHER and not _COMPARES.search(part) and bool(content_terms(matter_of(part, scope)))
    )


def leans(text: str, gazetteer: Gazetteer) -> bool:
    """Whether a question behind others needs them to be understood."""
    own = find_scope(text, gazetteer)
    return points_back(text) or not _is_complete(text, own, _matter(text, own))


def points_back(text: str) -> bool:
    """Whether a word of `text` stands for something that was said before: 它, 这个项目, 后者."""
    return bool(_POINTS_BACK.search(text))


def stand_alone(text: str, earlier: str, gazetteer: Gazetteer) -> str:
    """`text` as it would be asked without the question `earlier` before it.

    那江西呢 takes the earlier question and puts another issuer in it, 2020年的报告呢 another year; 接待人数呢 keeps
    issuer and year and asks for something else; 今年还打算再建几个 needs both questions to be understood.
    """
    own = find_scope(text, gazetteer)
    matter = _matter(text, own)
    if not earlier or _is_complete(text, own, matter):
        return text
    scope = find_scope(earlier, gazetteer)
    kept = _with_scope(fold(earlier), scope, own, _offset(text), gazetteer)
    if not matter or (_offset(text) and kind_of(text) is not Kind.OTHER):
        return kept
    if kind_of(text) is not Kind.OTHER:
        return f"{kept} {text}"
    subject = "".join((*own.issuers, *scope.issuers)[:1])
    years = "、".join(f"{year + _offset(text)}年" for year in _named_years(own, scope) or scope.years)
    report = "政府工作报告" if "政府工作报告" in earlier else ""
    return f"{years}{subject}{report}{''.join(matter)}是多少？"


def _matter(text: str, own: Scope) -> list[str]:
    return list(content_terms(_POINTER.sub(" ", outside(fold(text), own.spans))))


def _is_complete(text: str, own: Scope, matter: list[str]) -> bool:
    """Whether a question names all that it is about, or more than a follow-up says."""
    return bool(own.issuers and own.years and matter) or (len(matter) > 3 and not _FOLLOW_UP.search(text))


def _with_scope(earlier: str, scope: Scope, own: Scope, offset: int, gazetteer: Gazetteer) -> str:
    """The folded question `earlier` with the issuers and years of `own` in the places of its own."""
    if own.issuers:
        for name in reversed([name for name in gazetteer.names_in(earlier) if not name.loose]):
            earlier = earlier[: name.start] + own.issuers[0] + earlier[name.end :]
        if not scope.issuers:
            earlier = own.issuers[0] + earlier
    years = _named_years(own, scope) or tuple(year + offset for year in scope.years if offset)
    if years:
        named = "、".join(f"{year}年" for year in years)
        old = RELATIVE if scope.relative else re.compile("|".join(rf"{year}\s*年?" for year in scope.years) or r"(?!)")
        earlier = old.sub(named, earlier) if scope.years else named + earlier
    return earlier


def _named_years(own: Scope, earlier: Scope) -> tuple[int, ...]:
    """The years that a follow-up says itself; its 今年 is the year that the earlier question names, if it does."""
    return () if own.relative and not earlier.relative else own.years


def _offset(text: str) -> int:
    """两年后 → 2, 往后三年 → 3, 上一年 → -1, 0 where nothing of the kind is said."""
    for pattern, sign in ((_LATER, 1), (_EARLIER, -1)):
        if match := pattern.search(text):
            return sign * _DIGITS[match[1] or match[2] or "一"]
    return 0
