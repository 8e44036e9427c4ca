"""Notes below an answer that is composed by code because a model failed, or wrote nothing that its quotes state."""

from __future__ import annotations

from kb.errors import ModelDownError, ModelError, ModelSlowError

NOTHING_CONFIRMED = "模型的话没有一句能由原文证实，以下为原文摘录。"
PARTLY = "模型没有写完，有的部分为原文摘录。"
TOO_LONG = "原文超出模型一次能读的长度，以下为原文摘录。"
_SLOW = "模型没有按时回答，以下为原文摘录。"
_DOWN = "模型没有接通，以下为原文摘录。"
_BROKEN = "模型的回答不能用，以下为原文摘录。"


def note_of(error: ModelError) -> str:
    """The note for a model that failed."""
    if isinstance(error, ModelSlowError):
        return _SLOW
    return _DOWN if isinstance(error, ModelDownError) else _BROKEN
