"""The labelled fields of header tables and page heads: 发文机关, 成文日期, 发文字号 and the like.

A row is read whichever way it is laid out: “发文机关：云澜区民政局 | 成文日期：2023年4月1日”, label and value in cells of
their own, or heads above values, where what stands before the last colon of a cell is the head's.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping, Sequence

from kb.chinese.lexicon import read_lexicon
from kb.types import Block, BlockKind


class Label(enum.StrEnum):
    """What a labelled field tells."""

    ORGAN = "organ"
    PUBLISHER = "publisher"
    SOURCE = "source"
    WRITTEN = "written"
    PUBLISHED = "published"
    NUMBER = "number"
    TITLE = "title"
    IN_FORCE = "in_force"
    UNTIL = "until"
    OTHER = "other"


_LEXICON = read_lexicon(__name__)
_LABELS = {
    Label.ORGAN: _LEXICON["organ"],
    Label.PUBLISHER: _LEXICON["publisher"],
    Label.SOURCE: _LEXICON["source"],
    Label.WRITTEN: _LEXICON["written"],
    Label.PUBLISHED: _LEXICON["published"],
    Label.NUMBER: _LEXICON["number"],
    Label.TITLE: _LEXICON["title"],
    Label.IN_FORCE: _LEXICON["in_force"],
    Label.UNTIL: _LEXICON["until"],
    Label.OTHER: _LEXICON["other"],
}
_SEPARATOR = _LEXICON["separator"]
_LABEL = re.compile(
    rf"(?:^|(?<=[|:：】【\s（(;；]))(?:{'|'.join(f'(?P<{label}>{pattern.pattern})' for label, pattern in _LABELS.items())})"
    rf"(?:{_SEPARATOR.pattern})"
)
_HEAD_BLOCKS, _TAIL_BLOCKS = 20, 12
_MAX_LINE = 120  # characters of a paragraph that may be labelled
_MARKS = " \t　：:|｜【】[];；"


def labelled_fields(blocks: Sequence[Block]) -> Mapping[Label, str]:
    """The first value of each label at the head of a document or at its end."""
    found: dict[Label, str] = {}
    for block in (*blocks[:_HEAD_BLOCKS], *blocks[_HEAD_BLOCKS:][-_TAIL_BLOCKS:]):
        if block.kind is BlockKind.TABLE_ROW or len(block.text) <= _MAX_LINE:
            for label, value in _pairs(block.text):
                if value:
                    found.setdefault(label, value)
    found.pop(Label.OTHER, None)
    return found


def _pairs(row: str) -> list[tuple[Label, str]]:
    matches = list(_LABEL.finditer(row))
    ends = (*(match.start() for match in matches[1:]), len(row))
    return [
        (Label(match.lastgroup or ""), _value(row[match.end() : end]))
        for match, end in zip(matches, ends, strict=False)
    ]


def _value(text: str) -> str:
    """The cell behind a label, without the head of its column."""
    cell = text.strip(_MARKS).split(" | ")[0].strip(_MARKS)
    return re.split(r"[:：](?!\d\d)", cell)[-1].strip(_MARKS)
