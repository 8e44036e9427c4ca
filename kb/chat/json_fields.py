"""The JSON fields that outside programs rely on (docs/commands.md); tests hold them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from kb.types import Answer, Document, Evidence, Hit


def answer_fields(id_: str | None, answer: Answer) -> dict[str, Any]:
    """An answer as one JSON object; `id_` is that of its question line, if it had one."""
    fields: dict[str, Any] = {} if id_ is None else {"id": id_}
    return fields | {
        "status": answer.status.value,
        "text": answer.text,
        "lines": [
            {
                "role": line.role.value,
                "text": line.text,
                "markers": list(line.markers),
                "labels": [{"issuer": label.issuer, "year": label.year} for label in line.labels],
                "figure": line.figure,
                "words": line.words,
                "chapter": line.chapter,
                "continues": line.continues,
            }
            for line in answer.lines
        ],
        "citations": [
            {
                "marker": citation.marker,
                "document": citation.document.name,
                "document_id": citation.document.id,
                "title": citation.document.metadata.title,
                "page": citation.page,
                "heading": list(citation.heading),
                "quote": citation.quote,
                "start": citation.start,
                "end": citation.end,
            }
            for citation in answer.citations
        ],
        "evidence": [_evidence_fields(evidence) for evidence in answer.evidence],
        "rejected": [{**_passage_fields(rejected.hit), "reason": rejected.reason} for rejected in answer.rejected],
        "computed": [
            {"figure": computed.figure, "operation": computed.operation, "operands": list(computed.operands)}
            for computed in answer.computed
        ],
        "table": [
            {"label": str(row.label), "figure": row.figure, "words": row.words, "marker": row.marker}
            for row in answer.table
        ],
        "writing": None if answer.writing is None else dataclasses.asdict(answer.writing),
        "understood": answer.understood,
        "pinned": answer.pinned,
        "entry": answer.entry,
        "seconds": round(sum(answer.timings.values()), 4),
        "timings": {step: round(seconds, 4) for step, seconds in answer.timings.items()},
    }


def search_fields(id_: str | None, hits: Sequence[Hit]) -> dict[str, Any]:
    """The hits of one search as one JSON object."""
    fields: dict[str, Any] = {} if id_ is None else {"id": id_}
    return fields | {
        "hits": [
            {
                **_passage_fields(hit),
                "score": round(hit.score, 4),
                "term_rank": hit.term_rank,
                "vector_rank": hit.vector_rank,
            }
            for hit in hits
        ]
    }


def document_fields(document: Document) -> dict[str, Any]:
    """A document as one JSON object."""
    metadata = document.metadata
    return {
        "id": document.id,
        "document": document.name,
        "sources": list(document.sources),
        "title": metadata.title,
        "kind": metadata.kind,
        "issuer": metadata.issuer,
        "region": metadata.region,
        "year": metadata.year,
        "reporting_year": metadata.reporting_year,
        "number": metadata.number,
        "date": metadata.date,
        "date_in_force": metadata.date_in_force,
        "valid_until": metadata.valid_until,
        "sha256": document.sha256,
        "passages": document.num_passages,
        "held_since": document.held_since,
        "ended_at": document.ended_at,
        "ended_by": document.ended_by,
    }


def public_document_fields(document: Document) -> dict[str, Any]:
    """A document for the public: without the paths of its files on the server."""
    return {name: value for name, value in document_fields(document).items() if name != "sources"}


def _evidence_fields(evidence: Evidence) -> dict[str, Any]:
    return {"marker": evidence.marker, **_passage_fields(evidence.hit)}


def _passage_fields(hit: Hit) -> dict[str, Any]:
    return {
        "document": hit.document.name,
        "document_id": hit.document.id,
        "title": hit.document.metadata.title,
        "heading": list(hit.passage.heading),
        "page": hit.passage.page,
        "text": hit.passage.text,
        "start": hit.passage.start,
        "end": hit.passage.end,
    }
