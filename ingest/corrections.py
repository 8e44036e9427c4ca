"""Corrections by editors that came since their documents were made: these are made anew, and no file is read for it."""

from __future__ import annotations

from ingest.report import IngestReport
from kb.storage.catalogue import Catalogue, Fingerprint
from kb.storage.corrections import Corrections


def apply_corrections(catalogue: Catalogue, corrections: Corrections, report: IngestReport) -> None:
    """Make the documents anew that were made with another correction than they have now."""
    sources, fingerprints = catalogue.sources(), catalogue.fingerprints()
    for correction in corrections.all():
        if correction.path not in sources:
            continue
        document = catalogue.document(sources[correction.path])
        found = corrections.found(correction.path, document.sha256)
        if correction.fingerprint == document.correction or found is None:
            continue
        fingerprint = Fingerprint(document.sha256, document.made_by, correction.fingerprint)
        known = fingerprints.get(fingerprint)
        if known is not None:
            catalogue.add_path(correction.path, known)
        else:
            fingerprints[fingerprint] = catalogue.add(
                path=correction.path,
                name=document.name,
                fingerprint=fingerprint,
                metadata=correction.applied_to(found),
                text=catalogue.text(document.id),
                passages=[stored.passage for stored in catalogue.passages_of(document.id)],
            )
        report.updated.append(correction.path)
