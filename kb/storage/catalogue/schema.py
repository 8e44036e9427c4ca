"""The tables of the catalogue, and rows → values."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from kb.types import Document, Ending, Metadata, Passage

VERSION = 3

# The structure of each document, in document order.
_SECTIONS = """CREATE TABLE sections (
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    parent INTEGER,
    kind TEXT NOT NULL,
    number TEXT NOT NULL,
    title TEXT NOT NULL,
    "start" INTEGER NOT NULL,
    body INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    PRIMARY KEY (document, place)
) WITHOUT ROWID;
CREATE INDEX sections_by_kind ON sections (kind, title);
"""

# A document is one content of one file; it never changes. It is current while it is answered from: a standing opens when
# it is added or restored, and ends when it is superseded, withdrawn or removed. Revisions number the writes.
TABLES = f"""
CREATE TABLE documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    made_by TEXT NOT NULL,
    correction TEXT NOT NULL DEFAULT '',
    title TEXT NOT NULL,
    kind TEXT, issuer TEXT, region TEXT, year INTEGER, reporting_year INTEGER, number TEXT, date TEXT,
    date_in_force TEXT, valid_until TEXT,
    text TEXT NOT NULL,
    supersedes INTEGER REFERENCES documents (id) ON DELETE SET NULL
);
CREATE INDEX documents_by_sha256 ON documents (sha256);
CREATE INDEX documents_by_supersedes ON documents (supersedes);
CREATE TABLE sources (
    path TEXT PRIMARY KEY,
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX sources_of_document ON sources (document);
CREATE TABLE standings (
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    opened INTEGER NOT NULL,
    opened_at TEXT NOT NULL,
    ended INTEGER,
    ended_at TEXT,
    reason TEXT
);
CREATE INDEX standings_of_document ON standings (document);
CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    heading TEXT NOT NULL,
    "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    page INTEGER,
    digest TEXT NOT NULL,
    lead_in TEXT NOT NULL DEFAULT ''
);
CREATE INDEX passages_of_document ON passages (document);
CREATE INDEX passages_by_digest ON passages (digest);
{_SECTIONS}CREATE TABLE embeddings (
    digest TEXT NOT NULL,
    encoder TEXT NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (digest, encoder)
) WITHOUT ROWID;
CREATE TABLE revisions (revision INTEGER NOT NULL);
INSERT INTO revisions VALUES (0);
"""

# What makes the tables of one version those of the next.
UPGRADES = {
    # The fingerprint of a correction stood behind a + in made_by.
    1: """
ALTER TABLE documents ADD COLUMN correction TEXT NOT NULL DEFAULT '';
UPDATE documents SET correction = substr(made_by, instr(made_by, '+') + 1),
    made_by = substr(made_by, 1, instr(made_by, '+') - 1) WHERE instr(made_by, '+');
""",
    2: f"""
ALTER TABLE documents ADD COLUMN date_in_force TEXT;
ALTER TABLE documents ADD COLUMN valid_until TEXT;
ALTER TABLE passages ADD COLUMN lead_in TEXT NOT NULL DEFAULT '';
{_SECTIONS}""",
}

STANDS = """EXISTS (SELECT 1 FROM standings WHERE standings.document = documents.id
    AND opened <= :revision AND (ended IS NULL OR ended > :revision))"""

_LAST = "(SELECT {} FROM standings WHERE standings.document = documents.id ORDER BY opened DESC LIMIT 1)"
DOCUMENT_QUERY = f"""
    SELECT documents.id, name, sha256, made_by, correction, title, kind, issuer, region, year, reporting_year, number, date,
        date_in_force, valid_until, supersedes,
        (SELECT json_group_array(path) FROM
            (SELECT path FROM sources WHERE sources.document = documents.id ORDER BY path)),
        (SELECT count(*) FROM passages WHERE passages.document = documents.id),
        {_LAST.format("opened_at")}, {_LAST.format("ended_at")}, {_LAST.format("reason")}
    FROM documents
"""

WITHDRAWN = """
    SELECT document FROM standings WHERE reason = :withdrawn AND NOT EXISTS (
        SELECT 1 FROM standings AS later WHERE later.document = standings.document AND later.rowid > standings.rowid)
"""

# What may be deleted: what was removed and did not come back, and the versions before it that no other document has.
REMOVED = """
    WITH RECURSIVE removed (id) AS (
        SELECT document FROM standings WHERE reason = :removed AND NOT EXISTS (
            SELECT 1 FROM standings AS later WHERE later.document = standings.document AND later.opened > standings.opened)
        UNION SELECT supersedes FROM documents JOIN removed ON documents.id = removed.id WHERE supersedes IS NOT NULL)
    SELECT id FROM removed WHERE id NOT IN (SELECT document FROM sources) AND NOT EXISTS (
        SELECT 1 FROM documents AS heir WHERE heir.supersedes = removed.id AND heir.id NOT IN removed)
"""

# The versions before and after a document, and those of the same file beside it.
VERSIONS = """
    WITH RECURSIVE version (id) AS (
        SELECT id FROM documents WHERE id = ?
        UNION SELECT supersedes FROM documents JOIN version ON documents.id = version.id WHERE supersedes IS NOT NULL
        UNION SELECT documents.id FROM documents JOIN version ON documents.supersedes = version.id)
    SELECT id FROM version
"""

# Without the words: `kb.storage.catalogue.texts` cuts them.
PASSAGE_QUERY = """
    SELECT passages.id, passages.document, title, heading, "start", "end", page, passages.digest, lead_in
    FROM passages JOIN documents ON documents.id = passages.document
"""


def among(documents: Collection[int] | None) -> str:
    """The condition for the passages of `documents`, which the query takes as a JSON list; TRUE for all."""
    # One condition for both cases would read every passage to find those of a few documents.
    return "TRUE" if documents is None else "passages.document IN (SELECT value FROM json_each(:documents))"


class Fingerprint(NamedTuple):
    """What tells one document from another: the bytes of its file, what it was made with, and its correction."""

    sha256: str
    made_by: str
    correction: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPassage:
    """A passage with its id and its document's id and title."""

    id: int
    document_id: int
    title: str
    passage: Passage
    digest: str  # of the text that is embedded

    def embeddable_text(self) -> str:
        """The text that is embedded, and searched by terms."""
        return self.passage.embeddable_text(self.title)


def document_of(row: Sequence[Any]) -> Document:
    """A row of DOCUMENT_QUERY as a document."""
    id_, name, digest, made_by, correction, title, kind, issuer, region, year, reporting_year, number, date, *rest = row
    date_in_force, valid_until, supersedes, sources, num_passages, opened_at, ended_at, reason = rest
    metadata = Metadata(
        title=title,
        kind=kind,
        issuer=issuer,
        region=region,
        year=year,
        reporting_year=reporting_year,
        number=number,
        date=date,
        date_in_force=date_in_force,
        valid_until=valid_until,
    )
    return Document(
        id=id_,
        name=name,
        sources=tuple(json.loads(sources)),
        sha256=digest,
        made_by=made_by,
        correction=correction,
        metadata=metadata,
        num_passages=num_passages,
        supersedes=supersedes,
        held_since=opened_at,
        ended_at=ended_at,
        ended_by=None if reason is None else Ending(reason),
    )


def passage_of(row: Sequence[Any], text: str) -> StoredPassage:
    """A row of PASSAGE_QUERY as a passage; `text` is the whole text of its document."""
    id_, document_id, title, heading, start, end, page, digest, lead_in, *_ = row
    passage = Passage(
        text=text[start:end], heading=tuple(json.loads(heading)), start=start, end=end, page=page, lead_in=lead_in
    )
    return StoredPassage(id=id_, document_id=document_id, title=title, passage=passage, digest=digest)
