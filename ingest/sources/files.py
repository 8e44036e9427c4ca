"""The files at some paths: those of folders, those within archives, with what a manifest says of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ingest.sources import manifest
from ingest.sources.archives import is_archive, members
from kb.errors import RefusedError

# Larger ones are not read: a report of a thousand pages of scans is smaller.
MOST_BYTES = 500 * 2**20
# What systems and offices leave behind is no document.
_LEFT_BEHIND = ("Thumbs.db", "desktop.ini", "__MACOSX")
_WITHIN = "!/"

Refuse = Callable[[str, str], None]
"""Called with a path that is left out, and why."""

MayBeRead = Callable[[Path], bool]
"""Whether a path may be read, links resolved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file and its bytes. `path` of a member of an archive is the archive's, !/, and its name there."""

    path: str
    name: str
    data: bytes
    row: manifest.Row = field(default_factory=dict)  # of a manifest


class Files:
    """The paths of the files to read, found at once; their bytes come one after another."""

    def __init__(
        self, paths: Sequence[Path], refuse: Refuse, *, may_be_read: MayBeRead | None = None, apart: Path | None = None
    ) -> None:
        """Find the files at `paths`, each once, in order. A path that does not exist is refused.

        may_be_read: where it is given, what it denies is refused, and links that lead there.
        apart: a folder that is passed over: our own copies of files are no documents.
        """
        self._refuse = refuse
        self._may_be_read = may_be_read
        self._apart = apart
        self._rows: dict[Path, manifest.Row] = {}
        self.paths: list[Path] = []
        for path in dict.fromkeys(paths):
            if not self._is_open(path):
                continue
            if path.is_dir():
                self.paths += self._below(path)
            elif path.exists():
                self.paths.append(path)
            else:
                refuse(str(path), "路径不存在；请检查写法或磁盘是否已挂载，库中来自此处的文件照旧保留")
        self.paths = list(dict.fromkeys(self.paths))

    def open(self, path: Path) -> Iterator[File]:
        """The file at `path`, or the files within it where it is an archive."""
        if not self._is_open(path):
            return
        try:
            if path.stat().st_size > MOST_BYTES:
                raise RefusedError(f"文件超过 {MOST_BYTES // 2**20} MB；请拆成几个文件")
            data = path.read_bytes()
            if not is_archive(data):
                yield File(path=str(path), name=path.name, data=data, row=self._rows.get(path, {}))
                return
            for member in members(data, path.name):
                within = f"{path}{_WITHIN}{member.name}"
                if member.refusal:
                    self._refuse(within, member.refusal)
                    continue
                row = self._rows.get(path / member.name, {})
                yield File(path=within, name=member.name.rsplit("/", 1)[-1], data=member.data, row=row)
        except OSError as error:
            self._refuse(str(path), f"无法读取（{error.strerror}）；请检查文件权限")
        except RefusedError as error:
            self._refuse(str(path), str(error))

    def _below(self, folder: Path, above: frozenset[Path] = frozenset()) -> Iterator[Path]:
        """The files below `folder`; `above` are the folders on the way down to it, links resolved."""
        real = folder.resolve()
        if real in above:  # a link leads back up: its files are found already
            return
        if not self._is_open(folder) or (self._apart is not None and real == self._apart.resolve()):
            return
        try:
            paths = sorted(folder.iterdir())
            if (folder / manifest.NAME) in paths and self._is_open(folder / manifest.NAME):
                self._rows |= manifest.read_manifest(folder / manifest.NAME)
        except OSError as error:
            self._refuse(str(folder), f"无法打开文件夹（{error.strerror}）；请检查权限")
            return
        except RefusedError as error:  # without it the files would be named wrongly: the documents stay as they are
            self._refuse(str(folder), f"{manifest.NAME} 有误，本文件夹暂不更新：{error}")
            return
        for path in paths:
            if path.name.startswith((".", "~$")) or path.name in (*_LEFT_BEHIND, manifest.NAME):
                continue
            if _unwritable(path):
                self._refuse(str(path).encode("utf-8", "replace").decode(), "文件名不是 UTF-8 编码，无法登记；请改名")
            elif path.is_dir():
                yield from self._below(path, above | {real})
            elif path.is_file():
                yield path

    def _is_open(self, path: Path) -> bool:
        """Whether `path` may be read; one that may not is refused. Asked again as a file is opened: links change."""
        if self._may_be_read is None or self._may_be_read(path):
            return True
        self._refuse(str(path), "链接指向开放的文件夹之外，未读取；请把文件本身放入文件夹")
        return False


def _unwritable(path: Path) -> bool:
    """Whether a name has bytes that are no text: it could not be stored nor printed."""
    try:
        path.name.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def archive_of(path: str) -> Path:
    """The path of the file on disk that holds `path`: its archive's, or its own."""
    return Path(path.split(_WITHIN, 1)[0])
