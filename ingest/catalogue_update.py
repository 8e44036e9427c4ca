"""Files → the catalogue: what is new is created, what changed updated, what moved pointed to, what is gone removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

from ingest.metadata import metadata
from ingest.report import IngestReport
from ingest.sources.files import File, archive_of
from ingest.sources.manifest import fingerprint_of_row, overrule
from ingest.structure.passages import document_text, passages
from ingest.structure.sections import sections
from kb.errors import RefusedError
from kb.storage.catalogue import Catalogue, Fingerprint
from kb.storage.corrections import Correction, Corrections
from kb.storage.originals import Originals
from kb.types import Block, Metadata

# Documents that were read by other rules are read again. Raise it when reading, outline or passages change.
MADE_BY = "7"

Read = Callable[[bytes, str], list[Block]]
"""A file's bytes and name → its blocks, with title and levels. Raises RefusedError."""


class CatalogueUpdate:
    """Brings the catalogue in step with files, one after another, and writes down what it did in `report`."""

    def __init__(
        self,
        catalogue: Catalogue,
        read: Read,
        report: IngestReport,
        originals: Originals | None = None,
        corrections: Corrections | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._read = read
        self._report = report
        self._originals = originals
        self._corrections = corrections
        self._excluded = {exclusion.path for exclusion in corrections.exclusions()} if corrections else set()
        self._sources = catalogue.sources()
        self._fingerprints = catalogue.fingerprints()
        self._present: set[str] = set()
        self._finished: set[Path] = set()

    def take(self, file: File) -> None:
        """Create, update, move or skip the document of one file."""
        if file.path in self._excluded:
            self._report.left_out.append(file.path)
            return
        self._present.add(file.path)
        digest = sha256(file.data).hexdigest()
        correction = self._corrections.of(file.path, digest) if self._corrections else None
        made_by = MADE_BY + fingerprint_of_row(file.row)
        fingerprint = Fingerprint(digest, made_by, correction.fingerprint if correction else "")
        before, document = self._sources.get(file.path), self._fingerprints.get(fingerprint)
        try:
            if document is None:
                document = self._add(file, fingerprint, correction)
                (self._report.created if before is None else self._report.updated).append(file.path)
            elif document == before:
                self._keep_original(file)
                self._report.skipped.append(file.path)
            else:
                self._keep_original(file)
                document = self._add_path(file, document, fingerprint, correction)
        except RefusedError as error:
            kept = "；库中仍保留它的上一版" if before is not None else ""
            self._report.refused[file.path] = f"{error}{kept}"
            return
        self._fingerprints[fingerprint] = self._sources[file.path] = document

    def finish(self, path: Path) -> None:
        """Note that all files at `path`, an archive maybe, were taken."""
        self._finished.add(path)

    def remove_missing(self, paths: Sequence[Path]) -> None:
        """Forget the files below `paths` that are gone; what is below a refused path was not looked at."""
        sources = self._catalogue.sources()
        refused = [Path(path) for path in self._report.refused]
        missing = {
            source
            for source in sources
            if source not in self._present
            and any(_is_below(source, path) for path in paths)
            and not any(_is_below(source, path) for path in refused)
        } | (self._excluded & sources.keys())
        if missing:
            remaining = {document for source, document in sources.items() if source not in missing}
            self._report.removed += sorted(source for source in missing if sources[source] not in remaining)
            self._catalogue.remove_paths(sorted(missing))

    def _add(
        self, file: File, fingerprint: Fingerprint, correction: Correction | None, *, supersedes: int | None = None
    ) -> int:
        """Read a file and add its document; returns its id."""
        blocks = self._read(file.data, file.name)
        self._keep_original(file)
        found = overrule(metadata(blocks, file.name), file.row)
        self._keep_correction(correction, file, fingerprint, found)
        return self._catalogue.add(
            path=file.path,
            name=file.name,
            fingerprint=fingerprint,
            metadata=correction.applied_to(found) if correction else found,
            text=document_text(blocks),
            passages=passages(blocks),
            sections=sections(blocks),
            supersedes=supersedes,
        )

    def _add_path(self, file: File, document_id: int, fingerprint: Fingerprint, correction: Correction | None) -> int:
        """Point a path to a document that is there: moved, a second copy, or an old version put back; returns its id."""
        document = self._catalogue.document(document_id)
        moved = not any(self._exists(source) for source in document.sources)
        before = self._sources.get(file.path)
        kind = self._report.updated if before is not None else self._report.moved if moved else self._report.duplicates
        if moved and document.name != file.name:  # a file name may say issuer and year
            found = overrule(metadata(self._read(file.data, file.name), file.name), file.row)
            self._keep_correction(correction, file, fingerprint, found)
            if (correction.applied_to(found) if correction else found) != document.metadata:
                document_id = self._add(file, fingerprint, correction, supersedes=document_id)
                kind.append(file.path)
                return document_id
        self._catalogue.add_path(file.path, document_id, name=file.name if moved else None)
        kind.append(file.path)
        return document_id

    def _keep_original(self, file: File) -> None:
        if self._originals:
            self._originals.keep(file.data)

    def _keep_correction(
        self, correction: Correction | None, file: File, fingerprint: Fingerprint, found: Metadata
    ) -> None:
        """Keep what was found beside the correction, so that it can be taken back."""
        if self._corrections and correction:
            self._corrections.keep(correction, fingerprint.sha256, found)

    def _exists(self, source: str) -> bool:
        archive = archive_of(source)
        return source in self._present if archive in self._finished else archive.exists()


def _is_below(source: str, path: Path) -> bool:
    return Path(source).is_relative_to(path) or archive_of(source) == path
