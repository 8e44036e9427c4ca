"""What editors say of files, as an ingest sees it: over what was found, and brought in step where it changed since."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.report import IngestReport
from ingest.sources.files import File
from kb.storage.catalogue import Catalogue
from kb.storage.corrections import Correction, Corrections
from kb.types import Metadata


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of one file; nothing where no editor said anything."""

    correction: Correction | None
    corrections: Corrections | None

    @property
    def fingerprint(self) -> str:
        return self.correction.fingerprint if self.correction else ""

    def over(self, found: Metadata, digest: str) -> Metadata:
        """`found` with what is said in its place; what was found is kept, so that it can be taken back."""
        if self.correction is None or self.corrections is None:
            return found
        self.corrections.remember(self.correction.path, digest, found)
        self.corrections.attach(self.correction, digest)
        return self.correction.over(found)


def said_of(file: File, digest: str, corrections: Corrections | None) -> Said:
    """What editors say of a file."""
    return Said(corrections.of(file.path, digest) if corrections else None, corrections)


def excluded(corrections: Corrections | None) -> set[str]:
    """The paths that are kept out."""
    return {exclusion.path for exclusion in corrections.exclusions()} if corrections else set()


def bring_in_step(catalogue: Catalogue, corrections: Corrections, report: IngestReport) -> None:
    """Make the documents anew of which something else is said than when they were made; no file is read for it."""
    sources, fingerprints = catalogue.sources(), catalogue.fingerprints()
    for correction in corrections.all():
        if correction.path not in sources:
            continue
        document = catalogue.document(sources[correction.path])
        made_by = document.made_by.partition("+")[0] + correction.fingerprint
        found = corrections.found(correction.path, document.sha256)
        if made_by == document.made_by or found is None:
            continue
        known = fingerprints.get((document.sha256, made_by))
        if known is not None:
            catalogue.point(correction.path, known)
        else:
            fingerprints[document.sha256, made_by] = catalogue.hold(
                path=correction.path,
                name=document.name,
                digest=document.sha256,
                made_by=made_by,
                metadata=correction.over(found),
                text=catalogue.text(document.id),
                passages=[stored.passage for stored in catalogue.passages_of(document.id)],
            )
        report.updated.append(correction.path)
