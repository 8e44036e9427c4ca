"""Folders → the index: what is new is created, what changed updated, what is gone removed, and why is said.

files → blocks → passages → catalogue     each file whose bytes are not held yet
passages without an embedding → vectors   whatever paths were given: a run that was killed is finished
catalogue → a new snapshot              built aside, made current in one step
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.corrections import Said, bring_in_step, excluded, said_of
from ingest.metadata import metadata
from ingest.report import IngestReport
from ingest.sources.files import File, Files, Reads, archive_of
from ingest.sources.manifest import fingerprint, overrule
from ingest.structure.passages import document_text, passages
from kb.errors import RefusedError
from kb.search.encoder import Encoder
from kb.search.index import Index
from kb.storage.catalogue import Catalogue
from kb.storage.corrections import Corrections
from kb.storage.originals import Originals
from kb.types import Block

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

# Documents that were read by other rules are read again. Raise it when reading, outline or passages change.
MADE_BY = "4"
_EMBEDDED_AT_ONCE = 256  # passages between two writes: what a kill can cost
_TOLD_AT_ONCE = 32  # passages between two words of progress: they are sorted by length, so fewer cost no time

Read = Callable[[bytes, str], list[Block]]
"""A file's bytes and name → its blocks, with title and levels. Raises RefusedError."""

Progress = Callable[[str, int, int], None]
"""Told the step (reading, embedding, indexing), how much of it is done, and how much there is."""


def synchronise(
    paths: Sequence[Path],
    *,
    catalogue: Catalogue,
    index: Index,
    encoder: Encoder,
    read: Read,
    progress: Progress,
    originals: Originals | None = None,
    corrections: Corrections | None = None,
    may_be_read: Reads | None = None,
) -> IngestReport:
    """Make the index hold what the files and folders `paths` hold; documents from elsewhere are left alone.

    A file that cannot be read is refused with its reason; where an earlier state of it is held, that is kept.
    Killed at any moment, the last snapshot stays current and the next run finishes the work.

    originals: where the bytes of what is held are kept.
    corrections: what editors say of documents, wherever these come from.
    may_be_read: where it is given, nothing is read that it denies.
    """
    report = IngestReport()
    apart = originals.folder if originals else None
    files = Files(paths, refuse=report.refused.__setitem__, may_be_read=may_be_read, apart=apart)
    holding = _Holding(catalogue, read, report, originals, corrections)
    for done, path in enumerate(files.paths):
        progress("reading", done, len(files.paths))
        for file in files.open(path):
            holding.take(file)
        holding.looked_at.add(path)
    progress("reading", len(files.paths), len(files.paths))
    holding.let_go_below(paths)
    if corrections:
        bring_in_step(catalogue, corrections, report)
    _finish(catalogue=catalogue, index=index, encoder=encoder, report=report, progress=progress)
    if originals:
        originals.purge({digest for digest, _ in catalogue.fingerprints()})
    return report


def set_standing(catalogue: Catalogue, *, withdraw: Sequence[str], restore: Sequence[str]) -> None:
    """Withdraw and restore documents by file name or path; the next synchronisation brings the index in step.

    Raises CatalogueError where no document has that name.
    """
    for names, change in ((withdraw, catalogue.withdraw), (restore, catalogue.restore)):
        for name in names:
            for document in catalogue.named(name):
                change(document.id)


def _finish(*, catalogue: Catalogue, index: Index, encoder: Encoder, report: IngestReport, progress: Progress) -> None:
    """Embed what is not embedded yet and bring the index in step with the catalogue."""
    revision = catalogue.revision
    if not index.in_step(revision, encoder.name):
        _embed(catalogue, encoder, revision, report, progress)
        progress("indexing", 0, 1)
        index.build(catalogue, encoder.name)
        progress("indexing", 1, 1)
    catalogue.purge()


def _embed(catalogue: Catalogue, encoder: Encoder, revision: int, report: IngestReport, progress: Progress) -> None:
    # Neighbours in length go together: padding is work for nothing.
    missing = catalogue.embeddings.missing(encoder.name, revision)
    waiting = sorted(missing, key=lambda digest: missing[digest])
    for start in range(0, len(waiting), _EMBEDDED_AT_ONCE):
        digests = waiting[start : start + _EMBEDDED_AT_ONCE]
        texts = catalogue.embeddings.texts(digests)
        vectors: list[NDArray[float32]] = []
        for told in range(0, len(digests), _TOLD_AT_ONCE):
            progress("embedding", start + told, len(waiting))
            vectors.extend(encoder.encode_passages(texts[told : told + _TOLD_AT_ONCE]))
        catalogue.embeddings.put(encoder.name, dict(zip(digests, vectors, strict=True)))
        report.num_embedded += len(digests)
    if waiting:
        progress("embedding", len(waiting), len(waiting))


class _Holding:
    """Brings the catalogue in step with files, one after another."""

    def __init__(
        self,
        catalogue: Catalogue,
        read: Read,
        report: IngestReport,
        originals: Originals | None,
        corrections: Corrections | None,
    ) -> None:
        self._catalogue = catalogue
        self._read = read
        self._report = report
        self._originals = originals
        self._corrections = corrections
        self._excluded = excluded(corrections)
        self._sources = catalogue.sources()
        self._fingerprints = catalogue.fingerprints()
        self._present: set[str] = set()
        self.looked_at: set[Path] = set()

    def take(self, file: File) -> None:
        """Hold one file, in whatever way it differs from what is held."""
        if file.path in self._excluded:
            self._report.left_out.append(file.path)
            return
        self._present.add(file.path)
        digest = sha256(file.data).hexdigest()
        said = said_of(file, digest, self._corrections)
        content = (digest, MADE_BY + fingerprint(file.row) + said.fingerprint)
        known, held = self._fingerprints.get(content), self._sources.get(file.path)
        try:
            if known is None:
                known = self._hold(file, content, said)
                (self._report.created if held is None else self._report.updated).append(file.path)
            elif known == held:
                self._keep(file)
                self._report.skipped.append(file.path)
            else:
                self._keep(file)
                known = self._point(file, known, content, said)
        except RefusedError as error:
            self._report.refused[file.path] = f"{error}{'；库中仍保留它的上一版' if held is not None else ''}"
            return
        self._fingerprints[content] = self._sources[file.path] = known

    def _keep(self, file: File) -> None:
        if self._originals:
            self._originals.keep(file.data)

    def _hold(self, file: File, content: tuple[str, str], said: Said, *, supersedes: int | None = None) -> int:
        blocks = self._read(file.data, file.name)
        digest, made_by = content
        self._keep(file)
        return self._catalogue.hold(
            path=file.path,
            name=file.name,
            digest=digest,
            made_by=made_by,
            metadata=said.over(overrule(metadata(blocks, file.name), file.row), digest),
            text=document_text(blocks),
            passages=passages(blocks),
            supersedes=supersedes,
        )

    def _point(self, file: File, known: int, content: tuple[str, str], said: Said) -> int:
        """Let a path hold a content that is kept: moved, a second copy, or an old version put back."""
        document = self._catalogue.document(known)
        moved = not any(self._exists(source) for source in document.sources)
        held = self._sources.get(file.path)
        kind = self._report.updated if held is not None else self._report.moved if moved else self._report.duplicates
        if moved and document.name != file.name:  # a file name may say issuer and year
            found = overrule(metadata(self._read(file.data, file.name), file.name), file.row)
            if said.over(found, content[0]) != document.metadata:
                known = self._hold(file, content, said, supersedes=known)
                kind.append(file.path)
                return known
        self._catalogue.point(file.path, known, name=file.name if moved else None)
        kind.append(file.path)
        return known

    def _exists(self, source: str) -> bool:
        archive = archive_of(source)
        return source in self._present if archive in self.looked_at else archive.exists()

    def let_go_below(self, paths: Sequence[Path]) -> None:
        """Hold no more what a path held before; what is below a refused path was not looked at."""
        sources = self._catalogue.sources()
        refused = [Path(path) for path in self._report.refused]
        gone = {
            source
            for source in sources
            if source not in self._present
            and any(_is_below(source, path) for path in paths)
            and not any(_is_below(source, path) for path in refused)
        } | (self._excluded & sources.keys())
        if gone:
            left = {document for source, document in sources.items() if source not in gone}
            self._report.removed += sorted(source for source in gone if sources[source] not in left)
            self._catalogue.let_go(sorted(gone))


def _is_below(source: str, path: Path) -> bool:
    return Path(source).is_relative_to(path) or archive_of(source) == path
