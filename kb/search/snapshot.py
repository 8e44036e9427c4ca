"""One snapshot of the index: a folder of terms and vectors, derived from one revision of the catalogue.

000017/
  generation.json  what it was built from
  terms/  vectors/   never changed once it is current
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from kb.errors import IndexBrokenError
from kb.search.bm25 import Terms
from kb.search.fields import DOCUMENT_ID, passage_fields_of
from kb.search.vectors import EmbeddedPassage, Vectors
from kb.storage.catalogue import Catalogue

_PROBES = 8  # documents whose passages must find themselves
# Chroma's graph gives a vector sixteen neighbours: hundreds of equal ones (one letter in many files) are neighbours to
# each other alone, and hide what lies behind them. The copies that are left out are found by terms.
MOST_COPIES = 8
# What stands beside the vectors. Raise it when that changes: snapshots of before are used as they are until the next
# synchronisation builds one anew. Form 1 had the document's id alone, as "document".
FORM = 2
_MOST_CHANGED = 0.3  # of the documents: what changed more since it was built anew is built anew, without the gaps


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a snapshot was built from."""

    revision: int  # of the catalogue
    encoder: str
    num_passages: int
    num_copies: int = 0  # of them, those that have no vector of their own
    form: int = 1  # FORM of the time
    num_ended: int = 0  # documents deleted since it was built anew; the room that they took is not given back


class Snapshot:
    """One snapshot, opened for reading."""

    def __init__(self, folder: Path) -> None:
        """Open what `build` made in `folder`. Raises IndexBrokenError where it cannot be read."""
        self.name = folder.name
        self.origin = read_origin(folder)
        self.terms = Terms(folder / "terms")
        self.vectors = Vectors(folder / "vectors", document_field=DOCUMENT_ID if self.origin.form > 1 else "document")

    def close(self) -> None:
        self.vectors.close()

    def missing(self) -> str:
        """Where the index has too few or too many entries, in words; "" where the counts are right."""
        wanted = {"词": (len(self.terms), self.origin.num_passages)}
        wanted["向量"] = len(self.vectors), self.origin.num_passages - self.origin.num_copies
        return "，".join(f"{name} {count} 个，应有 {due} 个" for name, (count, due) in wanted.items() if count != due)


def read_origin(folder: Path) -> Origin:
    """What the snapshot in `folder` was built from. Raises IndexBrokenError where its file cannot be read."""
    try:
        return Origin(**json.loads((folder / "generation.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise IndexBrokenError(f"索引 {folder} 已损坏；请运行 `python -m kb doctor --repair`") from error


def build(folder: Path, catalogue: Catalogue, encoder: str, *, base: Path | None = None) -> None:
    """Build a snapshot in the new `folder` from the catalogue as it is now, and check it.

    `base` is a snapshot of the same encoder: where little changed since, it is copied and the difference applied.
    Raises CatalogueError where passages are not embedded yet, IndexBrokenError where the check fails.
    """
    revision = catalogue.revision
    standing = catalogue.standing_ids(revision)
    before: set[int] = set()
    gaps = 0
    if base:
        origin = read_origin(base)
        before = catalogue.standing_ids(origin.revision)
        gaps = origin.num_ended + len(before - standing)
    if base and len(standing - before) + gaps <= _MOST_CHANGED * len(standing):
        shutil.copytree(base, folder)
    else:
        before, gaps = set(), 0
    added, ended = standing - before, before - standing
    copies = catalogue.embeddings.copies(revision, MOST_COPIES)

    def passages() -> Iterator[EmbeddedPassage]:
        embedded = embedded_passages(catalogue, encoder, revision, added)
        return (passage for passage in embedded if passage.id not in copies)

    Vectors.build(folder / "vectors", passages(), without=ended)
    Vectors.bring_into_reach(folder / "vectors", passages)
    standing_passages = catalogue.passages(revision, documents=added)
    terms = ((stored.id, stored.document_id, stored.embeddable_text()) for stored in standing_passages)
    Terms.build(folder / "terms", terms, without=ended)
    origin = Origin(
        revision=revision,
        encoder=encoder,
        num_passages=catalogue.num_passages(revision),
        num_copies=len(copies),
        form=FORM,
        num_ended=gaps,
    )
    (folder / "generation.json").write_text(json.dumps(asdict(origin)), encoding="utf-8")
    _check(folder, catalogue)


def embedded_passages(
    catalogue: Catalogue, encoder: str, revision: int, documents: Collection[int]
) -> Iterator[EmbeddedPassage]:
    """The passages of `documents` at `revision`, as Chroma keeps them.

    Raises CatalogueError where `encoder` has not embedded all.
    """
    metadata = {document.id: document.metadata for document in catalogue.documents(revision)}
    for stored, vector in catalogue.embeddings.passages(encoder, revision, documents=documents):
        fields = passage_fields_of(metadata[stored.document_id], stored.passage)
        yield EmbeddedPassage(
            id=stored.id,
            text=stored.passage.text,
            fields={DOCUMENT_ID: stored.document_id, **fields},
            vector=vector,
        )


def _check(folder: Path, catalogue: Catalogue) -> None:
    """Raise IndexBrokenError unless all passages are there and some, spread over all, find themselves.

    A difference that ended the first of many copies fails too, for want of the others: all is then built anew.
    """
    with closing(Snapshot(folder)) as snapshot:
        if missing := snapshot.missing():
            raise IndexBrokenError(f"新索引未通过检查（{missing}）；请再次运行导入")
        origin = snapshot.origin
        documents = sorted(catalogue.standing_ids(origin.revision))
        probed = set(documents[:: max(1, len(documents) // _PROBES)])
        embedded = embedded_passages(catalogue, origin.encoder, origin.revision, probed)
        for passage in snapshot.vectors.lost(embedded):
            raise IndexBrokenError(f"新索引未通过检查（段落 {passage.id} 找不到自己）；请再次运行导入")
