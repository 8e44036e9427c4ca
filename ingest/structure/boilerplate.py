"""Blocks without the boilerplate of web pages: buttons, paths and footers that are on every page of a site.

Only short lines made wholly of such words go, and such words within a line that says when and by whom a document was
published. 主办单位 and 联系方式 stay: they name the issuer and its phone.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from kb.chinese.lexicon import read_lexicon
from kb.types import Block, BlockKind

_LEXICON = read_lexicon(__name__)
_WORDS = _LEXICON["words"].pattern
_MARKS = r"[\s:：|｜>＞》《<＜【】\[\]（）()×·•/,，、]"
_BOILERPLATE = re.compile(rf"{_MARKS}*(?:(?:{_WORDS}){_MARKS}*)+|[\s|｜>＞》《<＜【】×]+")
_PATH = _LEXICON["path"]
_PUBLISHED = _LEXICON["published"]
_WITHIN = _LEXICON["within"]
_LABEL = _LEXICON["label"]
_STEP = re.compile(r"[>＞]+")
_GLUED = _LEXICON["glued"]
_BAR = re.compile(r"\s*[|｜]+$")
_MAX_BOILERPLATE = 60  # characters
_MAX_PUBLISHED = 160
_MAX_STEP = 14


def without_boilerplate(blocks: Sequence[Block]) -> list[Block]:
    """`blocks` without lines that are boilerplate, and without a word of it glued to the line before."""
    boilerplate = [_is_boilerplate(block) for block in blocks]
    for i, block in enumerate(blocks[1:], start=1):
        # What follows a “>” that stands alone is one more step of the path to the page.
        if _STEP.fullmatch(blocks[i - 1].text) and len(block.text) <= _MAX_STEP and _is_plain(block):
            boilerplate[i] = True
    kept = []
    for i, block in enumerate(blocks):
        if boilerplate[i]:
            continue
        text = _BAR.sub("", block.text)
        if _is_plain(block):
            if i + 1 < len(blocks) and boilerplate[i + 1]:
                text = _GLUED.sub("", text).rstrip()
            text = _published(text)
        if text:
            kept.append(block if text == block.text else dataclasses.replace(block, text=text))
    return kept


def _is_plain(block: Block) -> bool:
    return block.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)


def _is_boilerplate(block: Block) -> bool:
    if not _is_plain(block) or len(block.text) > _MAX_BOILERPLATE:
        return not _BAR.sub("", block.text)
    return bool(_BOILERPLATE.fullmatch(block.text) or _PATH.fullmatch(block.text))


def _published(text: str) -> str:
    """A line on who published a document and when, its labels apart, without counters and buttons."""
    first = _PUBLISHED.match(text) if len(text) <= _MAX_PUBLISHED else None
    if first is None:
        return text
    rest = _LABEL.sub(r" \g<0>", _WITHIN.sub(" ", text[first.end() :]))
    return " ".join((first[0] + rest).split()).strip(" |｜")
