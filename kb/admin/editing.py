"""The changes that editors make to documents: each is stored first, then a job brings the index in step.

A withdrawal counts from the next question on; all other changes once their job is over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kb.admin.documents import DocumentList, ListedDocument, Standing
from kb.admin.folders import NamedFolders
from kb.admin.jobs import Job, Jobs, JobTask
from kb.admin.uploads import UploadFolder, safe_name
from kb.errors import DeskError, FolderError, RemovedDocumentError, UploadError
from kb.storage.catalogue import Catalogue
from kb.storage.corrections import Corrections
from kb.storage.originals import Originals


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedUpload:
    """An uploaded file that could not be taken in."""

    path: Path
    reason: str
    is_held: bool  # in an earlier version


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenUploads:
    """What became of files that were sent together."""

    paths: tuple[Path, ...]  # of those that were kept
    refused: Mapping[str, UploadError]  # by name, as it was sent


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentEditing:
    """The changes that editors make, over the parts that store them."""

    documents: DocumentList
    originals: Originals
    corrections: Corrections
    uploads: UploadFolder
    folders: NamedFolders
    jobs: Jobs

    # Files ----------------------------------------------------------------------------------------------------

    def check_room(self, size: int) -> None:
        """Raise UploadError where the disk has no room for uploads of `size` bytes."""
        self.uploads.check_room(size)

    def take_all(self, files: Iterable[tuple[str, Callable[[int], bytes]]]) -> TakenUploads:
        """Keep files that were sent together, each by its name and pieces; one that is refused leaves the others be."""
        paths: list[Path] = []
        refused: dict[str, UploadError] = {}
        for name, read in files:
            try:
                safe = safe_name(name)
                if any(path.name == safe for path in paths):
                    raise UploadError(
                        f"这次上传里有几个文件都叫 {safe}，只收了第一个；请改名后重新上传。",
                        english=f"Several files of this upload are called {safe}; only the first was taken. Rename the others.",
                    )
                paths.append(self.take(name, read))
            except UploadError as error:
                refused[name] = error
        return TakenUploads(paths=tuple(paths), refused=refused)

    def take(self, name: str, read: Callable[[int], bytes]) -> Path:
        """Keep an uploaded file, piece by piece; `take_in` makes it a document. Raises UploadError."""
        return self.uploads.take(name, read)

    def take_in(self, paths: Sequence[Path], *, by: str) -> Job:
        """Ingest what was uploaded."""
        return self._start(JobTask.UPLOAD, [self.uploads.folder], [path.name for path in paths], by)

    def synchronise(self, folder: str = "", *, by: str) -> Job:
        """Synchronise one of the folders that are remembered, or all. Raises FolderError."""
        paths = self.folders.paths()
        if folder:
            paths = [path for path in paths if str(path) == folder]
        if not paths:
            raise FolderError(
                "没有可以同步的文件夹；请先上传文件，或添加一个服务器文件夹。",
                english="There is no folder to synchronise; upload files first, or add a folder of the server.",
            )
        return self._start(JobTask.SYNCHRONISE, paths, [str(path) for path in paths], by)

    def refusals(self) -> list[RefusedUpload]:
        """The uploaded files that the last run over them could not take in, while they lie there."""
        for job in self.jobs.latest():
            if job.outcome is not None and str(self.uploads.folder) in job.folders:
                return [
                    RefusedUpload(path=path, reason=reason, is_held=self.documents.at(source) is not None)
                    for source, reason in job.outcome.reasons.items()
                    if (path := self.uploads.path_of(source)) is not None and path.is_file()
                ]
        return []

    def discard(self, name: str) -> None:
        """Delete an uploaded file that could not be taken in; where there is an earlier version of it, put that back.

        Raises UploadError where there is no such file, or the earlier version was not kept.
        """
        path = next((refusal.path for refusal in self.refusals() if refusal.path.name == name), None)
        if path is None:
            raise UploadError(
                f"上传的文件里没有未能收入的 {name}；请刷新页面。",
                english=f"Among the uploaded files is no {name} that was refused; load the page again.",
            )
        before = self.documents.at(str(path))
        if before is None:
            path.unlink(missing_ok=True)
            return
        original = self.originals.path_of(before.sha256)
        if original is None:
            raise UploadError(
                f"没有存下 {name} 的上一版，不能放回；请重新上传一份可读的文件。",
                english=f"The version of {name} before was not kept and cannot be put back; upload a file that can be read.",
            )
        self.uploads.put_back(path, original.read_bytes())

    # Documents ------------------------------------------------------------------------------------------------

    def withdraw(self, document_id: int, *, by: str) -> Job:
        """Stop answering from a document, from the next question on. Raises DeskError."""
        entry = self._current(document_id)
        with Catalogue(self.documents.catalogue.path) as catalogue:
            catalogue.withdraw(document_id)
        return self._start(JobTask.WITHDRAW, [], [entry.document.metadata.title], by)

    def restore(self, document_id: int, *, by: str) -> Job:
        """Answer from a withdrawn document again. Raises DeskError."""
        entry = self._current(document_id)
        with Catalogue(self.documents.catalogue.path) as catalogue:
            catalogue.restore(document_id)
        return self._start(JobTask.RESTORE, [], [entry.document.metadata.title], by)

    def correct(
        self, document_id: int, fields: Mapping[str, str], *, take_back: Iterable[str] = (), by: str
    ) -> Job | None:
        """Correct metadata of a document; None where nothing changes. Raises DeskError."""
        entry = self._current(document_id)
        if not self.corrections.correct(entry.document, fields, take_back=take_back, by=by):
            return None
        return self._start(JobTask.CORRECT, [], [entry.document.metadata.title], by)

    def remove(self, document_id: int, *, by: str) -> Job:
        """Delete a document with all its versions; a file in a folder of the server stays there and is kept out.

        Raises DeskError.
        """
        entry = self._current(document_id)
        document = entry.document
        uploaded = [path for source in document.sources if (path := self.uploads.path_of(source)) is not None]
        others = [source for source in document.sources if self.uploads.path_of(source) is None]
        self.corrections.exclude(others, title=document.metadata.title, by=by)
        for path in uploaded:
            path.unlink(missing_ok=True)
        self.corrections.forget(document.sources)
        folders = [self.uploads.folder] if uploaded else []
        return self._start(JobTask.REMOVE, folders, [document.metadata.title], by)

    def admit(self, path: str) -> bool:
        """Take a path in again at the next synchronisation; returns whether it was kept out."""
        return self.corrections.admit(path)

    # Underneath -----------------------------------------------------------------------------------------------

    def _current(self, document_id: int) -> ListedDocument:
        entry = self.documents.entry(document_id)
        if entry is None:
            raise RemovedDocumentError(
                "库中已没有这份文件；请回到文件列表。",
                english="This document is not held any more; go back to the list of documents.",
            )
        if entry.standing is Standing.SUPERSEDED:
            raise DeskError(
                "这是旧版本，不能再改动；请打开它的最新版本。",
                english="This is an old version and cannot be changed any more; open its newest version.",
            )
        return entry

    def _start(self, task: JobTask, folders: Sequence[Path], about: Sequence[str], by: str) -> Job:
        return self.jobs.start(task, folders=folders, about=about, by=by)
