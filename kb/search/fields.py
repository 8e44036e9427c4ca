"""What stands beside a passage's words wherever outsiders read them: in Chroma, in LangChain's documents.

The values are text and whole numbers, which Chroma can filter by; what is not known is left out, for it takes no None.
"""

from __future__ import annotations

from kb.types import Metadata, Passage

DOCUMENT_ID = "document_id"
_HEADINGS = " › "


def document_fields_of(metadata: Metadata) -> dict[str, str | int]:
    """What is known of a document: title, kind, issuer, region, year."""
    fields = {
        "title": metadata.title,
        "kind": metadata.kind,
        "issuer": metadata.issuer,
        "region": metadata.region,
        "year": metadata.year,
    }
    return {name: value for name, value in fields.items() if value is not None}


def passage_fields_of(metadata: Metadata, passage: Passage) -> dict[str, str | int]:
    """What is known of its document, and where in it a passage stands: heading path, page, span."""
    place = {
        "heading": _HEADINGS.join(passage.heading) or None,
        "page": passage.page,
        "start": passage.start,
        "end": passage.end,
    }
    return document_fields_of(metadata) | {name: value for name, value in place.items() if value is not None}
