"""The composed answer → what a model is asked: a head that never changes, passages as data, facts, the question.

The words are in prompt_texts.toml, as templates of langchain_core.

Documents and askers are fenced: nothing that they write can look like the fence, a mark, or a turn of the conversation.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from kb.chinese.text import sentences
from kb.types import Answer, Citation, text_of

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage
    from langchain_core.prompts import ChatPromptTemplate

MAX_TOKENS = 400
_MARGIN = 96  # tokens of the chat template
_LEAST = 60  # characters of a passage that are worth being shown
_AROUND = 120  # characters shown before and behind what is quoted
_QUESTION = 500
_MARKS = re.compile(r"[\[［【]\s*\^?(\d+)\s*[\]］】]")
_FENCE = re.compile(r"[<＜]{2,}|[>＞]{2,}|={3,}|-{3,}|`{3,}|#{2,}")
_TEMPLATE = re.compile(
    r"<\|[^<>]*?\|?>|\[/?INST\]|<</?SYS>>|</?s>|<(?:start|end)_of_turn>|</?[a-zA-Z!][^<>]*>", re.IGNORECASE
)
_TURN = re.compile(
    r"^\s*(?:system|assistant|user|human|系统|助手|用户|回答|问题|要点|资料|规则|前文|追问)\s*[:：]",
    re.IGNORECASE | re.MULTILINE,
)
_UNSEEN = frozenset({"Cf", "Cc", "Co", "Cn", "Cs"})


@cache
def template(name: str) -> ChatPromptTemplate:
    """The prompt of this name: "answer", of passages, facts and question, or "rewrite", of earlier and question."""
    from langchain_core.prompts import ChatPromptTemplate

    texts = tomllib.loads(files("kb.llm").joinpath("prompt_texts.toml").read_text(encoding="utf-8"))
    return ChatPromptTemplate.from_messages([(message["role"], message["text"]) for message in texts[name]])


def messages(question: str, composed: Answer, *, context: int) -> list[BaseMessage]:
    """What a model with `context` tokens is asked for `question`."""
    variables = {"facts": _facts(composed), "question": inert(question)[:_QUESTION]}
    used = _length(template("answer").format_messages(passages="", **variables))
    passages = _passages(composed, context - max_tokens(context) - _MARGIN - used)
    return template("answer").format_messages(passages=passages, **variables)


def max_tokens(context: int) -> int:
    """How long an answer may be."""
    return min(MAX_TOKENS, context // 3)


def fits(asked: Sequence[BaseMessage], *, context: int) -> bool:
    """Whether what is asked and the longest answer fit into `context` tokens together."""
    return _length(asked) + max_tokens(context) + _MARGIN <= context


def _length(asked: Sequence[BaseMessage]) -> int:
    """The tokens of what is asked, at most: a character of Chinese is one, with the tokenizers of today."""
    return sum(len(message.text) for message in asked)


def inert(text: str) -> str:
    """`text` with nothing in it that looks like a mark, the fence, a turn or markup, or is not seen."""
    seen = "".join(sign for sign in text if sign == "\n" or unicodedata.category(sign) not in _UNSEEN)
    seen = _TEMPLATE.sub("", seen)
    seen = _MARKS.sub(r"（\1）", _FENCE.sub(" ", seen))
    return re.sub(r"\s*\n\s*", " ", _TURN.sub("", seen)).strip()


def _facts(composed: Answer) -> str:
    """The lines of the composed answer: checked, ordered and computed by code."""
    return text_of(replace(line, text=inert(line.labelled), labels=()) for line in composed.lines)


def _passages(composed: Answer, room: int) -> str:
    """The passages that are cited, each with its name, as far as there is room."""
    by_marker: dict[int, list[Citation]] = {}
    for citation in composed.citations:
        by_marker.setdefault(citation.marker, []).append(citation)
    shown: list[str] = []
    for marker, cited in by_marker.items():
        metadata = cited[0].document.metadata
        about = "，".join(str(part) for part in (metadata.issuer, metadata.year) if part)
        name = f"[{marker}] {inert(' › '.join((metadata.title, *cited[0].heading)))}（{inert(about)}）\n"
        left = room - len("\n".join(shown)) - len(name) - 1
        if left < _LEAST:
            break
        shown.append(name + _whole_sentences(inert(_excerpt(cited)), left))
    return "\n".join(shown)


def _whole_sentences(text: str, room: int) -> str:
    """As many whole sentences from the beginning of `text` as there is room for; of a longer one, what there is."""
    ends = [end for _, end in sentences(text) if end <= room]
    return text[: ends[-1] if ends else room]


def _excerpt(cited: Sequence[Citation]) -> str:
    """The sentences of a passage that are quoted, and those around them: a model would repeat half a sentence as a whole one."""
    passage = cited[0].passage
    start = min(citation.start for citation in cited) - passage.start
    end = max(citation.end for citation in cited) - passage.start
    spans = [
        (first, last)
        for first, last in sentences(passage.text)
        if (start - _AROUND <= first and last <= end + _AROUND) or (first < end and start < last)
    ]
    return passage.text[spans[0][0] : spans[-1][1]]
