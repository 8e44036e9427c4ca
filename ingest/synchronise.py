"""Files and folders → the index: the whole flow on one screen.

file        ingest.sources              the files at some paths, those within archives among them
blocks      ingest.readers              by format, in a process of its own (ingest.worker)
structure   ingest.structure.outline    the title and the levels of headings; ingest.metadata beside it
passages    ingest.structure.passages
catalogue   ingest.catalogue_update     each document whose content is not there yet
vectors     ingest.embedding            whatever paths were given: a run that was killed is finished
snapshot    kb.search.index             built aside, made current in one step
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ingest.catalogue_update import CatalogueUpdate, Read
from ingest.corrections import apply_corrections
from ingest.embedding import Progress, embed_missing
from ingest.report import IngestReport
from ingest.sources.files import Files, MayBeRead
from kb.search.encoder import Encoder
from kb.search.index import Index
from kb.storage.catalogue import Catalogue
from kb.storage.corrections import Corrections
from kb.storage.originals import Originals


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
    may_be_read: MayBeRead | None = None,
) -> IngestReport:
    """Bring the index in step with the files and folders `paths`; documents from elsewhere are left alone.

    A file that cannot be read is refused with its reason, and the document that was made of it before stays.
    Killed at any moment, the last snapshot stays current and the next run finishes the work.

    read: a file's blocks with their structure, `ingest.worker.ReadingProcess.read`.
    originals: where the bytes of files are kept.
    corrections: those of editors, which go before what is found.
    may_be_read: where it is given, nothing is read that it denies.
    """
    report = IngestReport()
    apart = originals.folder if originals else None
    files = Files(paths, refuse=report.refused.__setitem__, may_be_read=may_be_read, apart=apart)
    update = CatalogueUpdate(catalogue, read, report, originals, corrections)
    for done, path in enumerate(files.paths):
        progress("reading", done, len(files.paths))
        for file in files.open(path):
            update.take(file)
        update.finish(path)
    progress("reading", len(files.paths), len(files.paths))
    update.remove_missing(paths)
    if corrections:
        apply_corrections(catalogue, corrections, report)
    if not index.in_step(catalogue.revision, encoder.name):
        report.num_embedded = embed_missing(catalogue, encoder, progress)
        progress("indexing", 0, 1)
        index.build(catalogue, encoder.name)
        progress("indexing", 1, 1)
    catalogue.purge()
    if originals:
        originals.purge({fingerprint.sha256 for fingerprint in catalogue.fingerprints()})
    return report


def withdraw_and_restore(catalogue: Catalogue, *, withdraw: Sequence[str], restore: Sequence[str]) -> None:
    """Withdraw and restore documents by file name or path; the next synchronisation brings the index in step.

    Raises CatalogueError where no document has that name.
    """
    for names, change in ((withdraw, catalogue.withdraw), (restore, catalogue.restore)):
        for name in names:
            for document in catalogue.named(name):
                change(document.id)
