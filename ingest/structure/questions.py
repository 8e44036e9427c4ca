"""Which lines of a document are questions that the lines behind them answer."""

from __future__ import annotations

from collections.abc import Sequence

from kb.chinese.lexicon import read_lexicon
from kb.chinese.text import sentences
from kb.types import Block, BlockKind

_LEXICON = read_lexicon(__name__)
_QUESTION, _MARKED, _ANSWER = _LEXICON["question"], _LEXICON["marked"], _LEXICON["answer"]
_ASKS = _LEXICON["asks"]
_LONGEST = 120  # characters of a question
_LONGEST_UNMARKED = 60
_FEWEST = 3  # questions of a page that marks neither them nor its answers


def questions(blocks: Sequence[Block]) -> dict[int, int]:
    """The places of the blocks that are questions, or begin with one, each with the length of the question.

    A question says that it is one (问：), or its answer does (答：), or there are several on the page.
    """
    found: dict[int, int] = {}
    unmarked: list[int] = []
    for i, block in enumerate(blocks):
        if not _is_text(block):
            continue
        behind = blocks[i + 1] if i + 1 < len(blocks) else None
        if len(block.text) <= _LONGEST and _QUESTION.match(block.text):
            is_answered = behind is not None and bool(_ANSWER.match(behind.text))
            if is_answered or _MARKED.match(block.text):
                found[i] = len(block.text)
            elif len(block.text) <= _LONGEST_UNMARKED and behind and _is_text(behind):
                unmarked.append(i)
            continue
        end = sentences(block.text)[0][1]
        question, rest = block.text[:end].rstrip(), block.text[end:].lstrip()
        if len(question) <= _LONGEST and _QUESTION.match(question) and _ANSWER.match(rest):
            found[i] = len(question)
    answered = [i for i in unmarked if i + 1 not in unmarked]
    if len(answered) >= _FEWEST:
        found |= {i: len(blocks[i].text) for i in answered}
    return found


def is_question(text: str) -> bool:
    """Whether a heading asks."""
    return bool(_QUESTION.match(text))


def question_start(text: str) -> int:
    """Where the words of a question begin, behind its number and 问：."""
    match = _ASKS.match(text)
    return match.end() if match else 0


def answer_start(text: str) -> int:
    """Where the words of an answer begin, behind 答：, if that stands there."""
    match = _ANSWER.match(text)
    return match.end() if match else 0


def _is_text(block: Block) -> bool:
    return block.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
