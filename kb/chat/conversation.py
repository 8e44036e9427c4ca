"""Turns of a conversation → the JSON that the reader's browser keeps, and back.

    turns → JSON that names documents and places → the browser → JSON → turns

What comes back may have been changed. Only texts that a page escapes are taken from it; every passage is read anew from
the catalogue, and a quote that is not in it any more is not shown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kb.chat.filters import within_fields, within_of
from kb.chat.marked_text import lines_of
from kb.errors import CatalogueError
from kb.search.retriever import Retriever
from kb.types import (
    Answer,
    AnswerLine,
    Citation,
    Evidence,
    LineRole,
    PartLabel,
    Status,
    TableRow,
    Within,
    Writing,
)

VERSION = 1
MOST_TURNS = 30
MOST_CHARACTERS = 200_000  # of the JSON of a whole conversation
MOST_NEAREST = 3  # passages that are kept of a refusal
_LONGEST = 20_000  # characters of one text
_MOST_ROWS = 200
_LABEL = re.compile(r"(.*?)((?:19|20)\d\d)年")  # of a part, as `PartLabel` writes it


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A question that was asked, within what, and its answer."""

    question: str
    answer: Answer
    within: Within = Within()  # noqa: RUF009 (it is frozen)


def turn_fields(turn: Turn) -> dict[str, Any]:
    """A turn as JSON fields; passages are named by their places, and not repeated."""
    answer = turn.answer
    fields: dict[str, Any] = {
        "question": turn.question,
        "within": within_fields(turn.within),
        "status": answer.status.value,
        "lines": [
            [line.role.value, line.text, list(line.markers), list(map(str, line.labels)), line.continues]
            + [line.mark_below] * line.mark_below
            for line in answer.lines
        ],
        "citations": [
            [citation.marker, citation.document.id, citation.start, citation.end] for citation in answer.citations
        ],
        "table": [[str(row.label), row.figure, row.words, row.marker] for row in answer.table],
    }
    if not answer.citations:
        nearest = answer.evidence[:MOST_NEAREST]
        fields["nearest"] = [[kept.hit.document.id, kept.hit.passage.start] for kept in nearest]
    if answer.writing is not None:
        fields["writing"] = [answer.writing.standing, answer.writing.figures, answer.writing.note]
    if answer.entry:
        fields["entry"] = answer.entry
    if answer.pinned:
        fields["pinned"] = answer.pinned
    if answer.understood:
        fields["understood"] = answer.understood
    return fields


def conversation_of(text: str, retriever: Retriever) -> list[Turn]:
    """The turns of a kept conversation, oldest first; what is malformed, or more than the limits, is left out."""
    if len(text) > MOST_CHARACTERS:
        return []
    try:
        kept = json.loads(text)
    except (ValueError, RecursionError):
        return []
    if not isinstance(kept, Mapping) or kept.get("version") != VERSION:
        return []
    turns = (turn_of(fields, retriever) for fields in _list(kept.get("turns"))[-MOST_TURNS:])
    return [turn for turn in turns if turn is not None]


def turn_of(fields: object, retriever: Retriever) -> Turn | None:
    """A turn from its JSON fields; None where they are malformed."""
    if not isinstance(fields, Mapping):
        return None
    question, status = _text(fields.get("question")), _text(fields.get("status"))
    if not question or status not in list(Status):
        return None
    citations = tuple(_citations(_list(fields.get("citations")), retriever))
    cited: dict[int, list[Citation]] = {}
    for citation in citations:
        cited.setdefault(citation.marker, []).append(citation)
    table = tuple(_rows(_list(fields.get("table")), cited))
    if "lines" in fields:
        lines = tuple(_lines(_list(fields["lines"]), cited))
    else:
        lines = tuple(_lines_of_text(_text(fields.get("text")), cited, table))
    answer = Answer(
        status=Status(status),
        lines=lines,
        citations=citations,
        evidence=tuple(_nearest(_list(fields.get("nearest")), retriever)),
        table=table,
        writing=_writing(fields.get("writing")),
        entry=_text(fields.get("entry")) or None,
        pinned=_text(fields.get("pinned")),
        understood=_text(fields.get("understood")),
    )
    return Turn(question=question, answer=answer, within=within_of(fields.get("within")))


def _citations(fields: Sequence[object], retriever: Retriever) -> Iterator[Citation]:
    """The citations whose words still stand in a passage at their place."""
    for field in fields:
        match field:
            case [int(marker), int(document_id), int(start), int(end)] if 0 <= start < end:
                hit = _at(retriever, document_id, start)
            case _:
                continue
        if hit is None or end > hit.passage.end:
            continue
        quote = hit.passage.text[start - hit.passage.start : end - hit.passage.start]
        yield Citation(
            marker=marker,
            document=hit.document,
            heading=hit.passage.heading,
            page=hit.passage.page,
            quote=quote,
            start=start,
            end=end,
            passage=hit.passage,
        )


def _nearest(fields: Sequence[object], retriever: Retriever) -> Iterator[Evidence]:
    for marker, field in enumerate(fields[:MOST_NEAREST], start=1):
        match field:
            case [int(document_id), int(start)]:
                hit = _at(retriever, document_id, start)
            case _:
                continue
        if hit is not None:
            yield Evidence(marker=marker, hit=hit)


def _at(retriever: Retriever, document_id: int, place: int) -> Any:
    try:
        return retriever.hit_at(document_id, place)
    except (CatalogueError, OverflowError):  # a number of no document may be too large for SQLite
        return None


def _lines(fields: Sequence[object], cited: Mapping[int, Sequence[Citation]]) -> Iterator[AnswerLine]:
    """The lines of an answer; a mark whose citation is gone is text."""
    for field in fields:
        match field:
            case [str(role), str(text), [*markers], [*labels], bool(continues), *below] if role in list(LineRole):
                lost = "".join(f"[{marker}]" for marker in markers if isinstance(marker, int) and marker not in cited)
                known = (marker for marker in markers if isinstance(marker, int) and marker in cited)
                yield AnswerLine(
                    text=_text(text) + lost,
                    role=LineRole(role),
                    citations=tuple(citation for marker in known for citation in cited[marker]),
                    labels=tuple(_label(label) for label in labels if isinstance(label, str)),
                    continues=continues,
                    mark_below=below == [True],
                )


def _lines_of_text(
    text: str, cited: Mapping[int, Sequence[Citation]], table: Sequence[TableRow]
) -> Iterator[AnswerLine]:
    """The lines of a turn in the older form, one text with marks; its labels are found by those of its table."""
    unanswered = tuple(row.label for row in table if row.marker is None)
    labelled = [
        AnswerLine(text="", labels=labels) for labels in (*((row.label,) for row in table), unanswered) if labels
    ]
    for line in lines_of(text, cited):
        of_part = next((part for part in labelled if line.text.startswith(part.label) and not line.continues), None)
        if of_part:
            yield replace(line, text=line.text.removeprefix(of_part.label), labels=of_part.labels)
        else:
            yield line


def _rows(fields: Sequence[object], cited: Container[int]) -> Iterator[TableRow]:
    """The rows of a table; one whose citation is gone has no figure any more."""
    for field in fields:
        match field:
            case [str(label), str(figure), str(words), int(marker)] if marker in cited:
                yield TableRow(label=_label(label), figure=_text(figure), words=_text(words), marker=marker)
            case [str(label), str(), str(), int() | None]:
                yield TableRow(label=_label(label))


def _label(words: str) -> PartLabel:
    match = _LABEL.fullmatch(_text(words))
    return PartLabel(issuer=match[1], year=int(match[2])) if match else PartLabel(issuer=_text(words))


def _writing(fields: object) -> Writing | None:
    match fields:
        case [int(standing), int(figures), str(note)]:
            return Writing(standing=standing, figures=figures, note=note[:_LONGEST])
    return None


def _text(value: object) -> str:
    return value[:_LONGEST] if isinstance(value, str) else ""


def _list(value: object) -> list[object]:
    return value[:_MOST_ROWS] if isinstance(value, list) else []
