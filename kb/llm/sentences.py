"""Pieces of text as they come → sentences, each with the marks behind it, in plain text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_NUMBERS = r"\^?\d+(?:\s*[,，、]\s*\^?\d+)*"
MARK = re.compile(rf"[\[［【]\s*({_NUMBERS})\s*[\]］】]")
_BODY = r"(?:[^。！？!?\n]|!(?=\[)|(?<=<)!)"  # with images and comments in it
_MARKED = rf"(?:[。！？?]|(?<!<)!(?!\[))++[”’」』）)】》〉]*+(?:\s*[\[［【]\s*{_NUMBERS}\s*[\]］】])*+"
_SENTENCE = rf"\s*(?:{_BODY}*{_MARKED}|[^\n]*(?:\n|$))"
# It is whole when what comes behind it is known to be none of its marks.
_WHOLE = re.compile(rf"\s*(?:{_BODY}*{_MARKED}|[^\n]*\n)\s*(?=[^\s\[［【])")
_LAST = re.compile(_SENTENCE)
_THOUGHT = re.compile(r"<(think|thinking|reasoning)>.*?(?:</\1>|$)", re.DOTALL | re.IGNORECASE)
_OPEN_THOUGHT = re.compile(r"<(think|thinking|reasoning)>(?!.*</\1>)", re.DOTALL | re.IGNORECASE)
_MARKUP = (
    (re.compile(r"^.*</(?:think|thinking|reasoning)>", re.DOTALL | re.IGNORECASE), ""),
    (re.compile(r"<!--.*?(?:-->|$)", re.DOTALL), ""),
    (re.compile(r"<(script|style|iframe|svg)\b.*?(?:</\1>|$)", re.DOTALL | re.IGNORECASE), ""),
    (re.compile(r"<\|[^|<>]*\|>"), ""),  # marks of a chat template
    (re.compile(r"</?[a-zA-Z][^<>]*>"), ""),
    (re.compile(r"!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])"), ""),  # images
    (re.compile(r"(?<!!)\[([^\]]*)\]\([^)]*\)"), r"\1"),  # links
    (re.compile(r"^\s*(?:```.*|~~~.*)$", re.MULTILINE), ""),
    (re.compile(r"^\s*(?:#{1,6}\s+|>\s*|[-*+•]\s+)", re.MULTILINE), ""),
    (re.compile(r"\*\*|__|`|~~"), ""),
    (re.compile(r"^\s*\d{1,2}[.．、)]\s+", re.MULTILINE), ""),
    (re.compile(r"^\s*(?:回答|答案|答)[:：]"), ""),
)
_UNSEEN = frozenset({"Cf", "Cc", "Co", "Cn", "Cs"})


class SentenceSplitter:
    """Splits a stream of text into sentences, each as soon as it is whole; the reasoning of a model is left out."""

    def __init__(self) -> None:
        self._pending = ""

    def add(self, piece: str) -> Iterator[str]:
        """Take the next piece of text; yields the sentences that it completes."""
        self._pending += piece
        if _OPEN_THOUGHT.search(self._pending):
            return
        self._pending = _THOUGHT.sub("", self._pending)
        while match := _WHOLE.match(self._pending):
            self._pending = self._pending[match.end() :]
            if sentence := plain(match.group()):
                yield sentence

    def rest(self) -> Iterator[str]:
        """The sentences of what is left at the end of the stream."""
        for match in _LAST.finditer(_THOUGHT.sub("", self._pending)):
            if sentence := plain(match.group()):
                yield sentence


def sentences(text: str) -> list[str]:
    """The sentences of a whole answer."""
    splitter = SentenceSplitter()
    return [*splitter.add(text), *splitter.rest()]


def plain(text: str) -> str:
    """`text` without markup, images, addresses of links, and characters that are not seen."""
    for pattern, words in _MARKUP:
        text = pattern.sub(words, text)
    seen = (character for character in text if character in "\n\t" or unicodedata.category(character) not in _UNSEEN)
    return "".join(seen).strip()


def parted(sentence: str) -> tuple[str, tuple[int, ...]]:
    """A sentence without its marks, and the numbers that they name, in order."""
    numbers = [int(number) for match in MARK.finditer(sentence) for number in re.findall(r"\d+", match[1])]
    return MARK.sub("", sentence).strip(), tuple(dict.fromkeys(numbers))
