"""The original files of all documents: what a reader downloads, and what a damaged upload is put back from.

    originals/
      ab/abcdef…    a file by the sha256 of its bytes, written whole

A file is kept before the catalogue has its document, and deleted once no document has its digest.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterator
from hashlib import sha256
from pathlib import Path

from kb.errors import StoreError
from kb.storage.atomic import write_atomically

_DIGEST = re.compile(r"[0-9a-f]{64}")


class Originals:
    """The original files in one folder. Threads and processes may share it."""

    def __init__(self, folder: Path, *, keeps: bool = True) -> None:
        """Nothing is made before the first file is kept.

        keeps: whether files are kept from now on; those that were kept stay until their documents go.
        """
        self.folder = folder
        self._keeps = keeps

    def keep(self, data: bytes) -> None:
        """Keep these bytes, whole or not at all; nothing happens where they are kept already.

        Raises StoreError where the disk takes no more.
        """
        if not self._keeps:
            return
        digest = sha256(data).hexdigest()
        if self.path_of(digest) is None:
            try:
                # The public gets a file by its document, while that is shown.
                write_atomically(self._place(digest), data, private=True)
            except OSError as error:
                raise StoreError(
                    f"无法把原文件存入 {self.folder}（{error.strerror}）；请检查磁盘空间与权限，"
                    "或设 WENZHENG_KEEP_ORIGINALS=0 不存原文件。",
                    english=f"Originals cannot be kept in {self.folder} ({error.strerror}); check the disk and its permissions, or set WENZHENG_KEEP_ORIGINALS=0.",
                ) from error

    def path_of(self, digest: str) -> Path | None:
        """The file with this sha256; None where it is not kept, and for what is no sha256."""
        if not _DIGEST.fullmatch(digest):
            return None
        path = self._place(digest)
        return path if path.is_file() else None

    def purge(self, digests: Collection[str]) -> None:
        """Delete the files whose sha256 is not among `digests`, and what a killed write left."""
        for path in self._files():
            if path.name not in digests:
                path.unlink(missing_ok=True)

    def _place(self, digest: str) -> Path:
        return self.folder / digest[:2] / digest

    def _files(self) -> Iterator[Path]:
        with contextlib.suppress(FileNotFoundError):
            for folder in self.folder.iterdir():
                if folder.is_dir():
                    yield from folder.iterdir()
