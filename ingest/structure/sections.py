"""Outlined blocks → the tree of sections of their document."""

from __future__ import annotations

from collections.abc import Sequence

from kb.types import Block, Section


def sections(blocks: Sequence[Block]) -> tuple[Section, ...]:
    """The sections of a document in document order, with spans into `document_text(blocks)`."""
    return ()
