"""Documents, citations and answers made by hand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kb.chat.marked_text import lines_of
from kb.types import AnswerLine, Citation, Document, Metadata, Passage


def document_of(title: str = "年度报告", *, id_: int = 1, name: str = "r.txt", **metadata: Any) -> Document:
    """A document with this id and `metadata`, of one passage."""
    return Document(
        id=id_,
        name=name,
        sources=(f"/{name}",),
        sha256="",
        made_by="1",
        metadata=Metadata(title=title, **metadata),
        num_passages=1,
    )


def citation_of(document: Document, passage: Passage, quote: str, *, marker: int = 1) -> Citation:
    """The first place of `quote` in `passage`."""
    start = passage.start + passage.text.index(quote)
    return Citation(
        marker=marker,
        document=document,
        heading=passage.heading,
        page=passage.page,
        quote=quote,
        start=start,
        end=start + len(quote),
        passage=passage,
    )


def marked_lines(text: str, citations: Iterable[Citation] = ()) -> tuple[AnswerLine, ...]:
    """The lines of `text`, whose marks name `citations` by their markers."""
    cited: dict[int, list[Citation]] = {}
    for citation in citations:
        cited.setdefault(citation.marker, []).append(citation)
    return lines_of(text, cited)
