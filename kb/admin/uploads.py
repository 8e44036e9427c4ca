"""Files that editors send: written to the folder of uploads, whole, under a name that can do no harm.

The folder is synchronised like any other; a file of a name that is taken is a new version of it.
"""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

from kb.errors import UploadError
from kb.storage.atomic import write_atomically

_MOST_BYTES_OF_NAME = 200  # file systems take 255
_FORBIDDEN = re.compile(r'[<>:"|?*/\\]')
# Names of devices, which Windows takes for the device whatever follows the full stop.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)", re.IGNORECASE)
# What an ingest passes over, or takes for something else than a document.
_NOT_TAKEN = {"manifest.csv", "thumbs.db", "desktop.ini", "__macosx"}
_ROOM = 200 * 2**20  # bytes that stay free for the catalogue and the index
_ASIDE = ".incoming"  # an ingest passes over what begins with a full stop


class UploadFolder:
    """The folder of uploads. Threads may share it."""

    def __init__(self, folder: Path, *, most_bytes: int) -> None:
        """Nothing is made before the first upload.

        most_bytes: of one file.
        """
        self.folder = folder
        self.most_bytes = most_bytes

    def take(self, name: str, read: Callable[[int], bytes]) -> Path:
        """Write what `read` gives, piece by piece, to the folder under `name` made safe, and return its path.

        A file of that name is replaced in one step. Raises UploadError, and leaves all as it was.
        """
        safe = safe_name(name)
        try:
            write_atomically(self.folder / safe, self._pieces(safe, read), aside=self.folder / _ASIDE, private=True)
        except OSError as error:
            raise UploadError(
                f"没能存下 {safe}（{error.strerror}）；请检查磁盘空间与权限后重新上传。",
                english=f"{safe} could not be kept ({error.strerror}); check the disk and its permissions, and send it again.",
            ) from error
        return self.folder / safe

    def path_of(self, source: str) -> Path | None:
        """The uploaded file that a path of a document is; None where it lies elsewhere or within an archive."""
        path = Path(source)
        return path if path.parent == self.folder else None

    def put_back(self, path: Path, data: bytes) -> None:
        """Replace an uploaded file by an earlier state of it."""
        write_atomically(path, data, private=True)

    def check_room(self, size: int) -> None:
        """Raise UploadError where the disk has no room for `size` bytes, their original kept beside them."""
        self.folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(self.folder).free
        if free < 2 * size + _ROOM:
            raise UploadError(
                f"磁盘只剩 {free // 2**20} MiB，放不下这些文件；请清理磁盘后重新上传。",
                english=f"The disk has {free // 2**20} MiB left, too little for these files; free some and send them again.",
            )

    def clear(self) -> None:
        """Remove what uploads that were cut off have left; call it while none is under way."""
        shutil.rmtree(self.folder / _ASIDE, ignore_errors=True)

    def _pieces(self, name: str, read: Callable[[int], bytes]) -> Iterator[bytes]:
        size = 0
        while piece := read(2**20):
            size += len(piece)
            if size > self.most_bytes:
                raise UploadError(
                    f"{name} 超过 {self.most_bytes // 2**20} MiB；请拆成几个文件，或请管理员调高 WENZHENG_UPLOAD_MIB。",
                    english=f"{name} is larger than {self.most_bytes // 2**20} MiB; split it, or ask an admin to raise WENZHENG_UPLOAD_MIB.",
                )
            yield piece
        if not size:
            raise UploadError(
                f"{name} 是空的；请检查后重新上传。", english=f"{name} is empty; check it and send it again."
            )


def safe_name(name: str) -> str:
    """A file name without folders, control characters and all that a system reads in its own way.

    Raises UploadError where nothing is left, or where an ingest would not take it for a document.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    # Controls, marks that turn the direction of writing, and halves of characters.
    shown = "".join(c for c in last if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
    plain = _FORBIDDEN.sub("_", " ".join(shown.split())).lstrip(".~$ ").rstrip(". ")
    if not plain.strip("_"):
        raise UploadError(
            "文件没有可用的名称；请改名后重新上传。",
            english="The file has no name that can be used; rename it and send it again.",
        )
    if plain.lower() in _NOT_TAKEN:
        raise UploadError(
            f"{plain} 不作为文件收入；元数据请在文件的页面上修改。",
            english=f"{plain} is not taken for a document; change metadata on the page of the document.",
        )
    if _DEVICES.match(plain):
        plain = f"_{plain}"
    return _shortened(plain)


def _shortened(name: str) -> str:
    """A name within the bytes that a file system takes, its ending kept."""
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending.encode()) > 16:
        stem, dot, ending = name, "", ""
    room = _MOST_BYTES_OF_NAME - len((dot + ending).encode())
    return stem.encode()[:room].decode("utf-8", "ignore").rstrip(". ") + dot + ending
