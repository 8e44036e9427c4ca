"""Plain text: every line that is not blank is a paragraph."""

from __future__ import annotations

from ingest.lines import tidy
from ingest.readers.text.decoding import decode
from kb.types import Block


def read(data: bytes) -> list[Block]:
    """One paragraph a line. Raises RefusedError for bytes that are no text."""
    return [Block(text=line) for line in map(tidy, decode(data).splitlines()) if line]
