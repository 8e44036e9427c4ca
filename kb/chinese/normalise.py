"""When two questions are the same question: the same words, however they are typed and however politely asked."""

from __future__ import annotations

import re
import unicodedata

from kb.chinese.text import simplified, without_spaces

_OPENING = re.compile(
    r"(?:您好|你好|hello|hi|麻烦(?:您|你)?|劳驾|打扰(?:一下)?|请教(?:一下)?|请问(?:一下)?|问一下|问下|"
    r"(?:我)?想(?:请)?(?:问|知道|了解|咨询|查询?)(?:一下|下)?|咨询(?:一下|下)|请?(?:帮我|帮忙)(?:查|看|问)(?:一下|下|查)?|"
    r"请?告诉我(?:一下)?|有谁知道)"
)
_ENDING = re.compile(r"(?:谢谢(?:您|你|了|啦)?|多谢|感谢)$")
_KEPT = frozenset("%‰")


def phrasing(text: str) -> str:
    """The words of a question without width, script, case, white space, punctuation and polite openings and endings.

    Two questions with the same phrasing are one question. What stands between digits stays: 1.5万 is not 15万.
    """
    words = simplified(without_spaces(text))
    words = "".join(
        character
        for position, character in enumerate(words)
        if character in _KEPT or not _is_mark(character) or _is_between_digits(words, position)
    )
    shorter = _ENDING.sub("", words)
    while (match := _OPENING.match(shorter)) and match.end() < len(shorter):
        shorter = shorter[match.end() :]
    return shorter or words


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] in "PZC"


def _is_between_digits(words: str, position: int) -> bool:
    return words[position - 1 : position].isdigit() and words[position + 1 : position + 2].isdigit()
