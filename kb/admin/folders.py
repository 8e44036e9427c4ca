"""The folders of the server that the desk synchronises: that of uploads and those that an admin named.

Only what lies below the roots of the setting WENZHENG_FOLDERS may be named, and what a link leads to counts as where it
leads. The data folder itself is never read as documents.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kb.errors import FolderError
from kb.storage.sqlite import Store
from kb.storage.timestamps import timestamp

_TABLES = "CREATE TABLE folders (path TEXT PRIMARY KEY, by TEXT NOT NULL, at TEXT NOT NULL);"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedFolder:
    """A folder that an admin named."""

    path: Path
    by: str
    at: str  # ISO 8601, UTC
    is_there: bool


class NamedFolders:
    """The named folders of one data folder. Threads may share them."""

    def __init__(self, store: Path, *, roots: Sequence[Path], uploads: Path, data: Path) -> None:
        """Open the file at `store`; it is made where it is missing.

        roots: what may be read, with all below it.
        uploads: the folder of uploads, which may always be read.
        data: the data folder, which may not.
        """
        self._store = Store(store, tables=_TABLES, version=1)
        self._data = data
        self.uploads = uploads
        self.roots = tuple(roots)

    def close(self) -> None:
        self._store.close()

    def all(self) -> list[NamedFolder]:
        """The folders that were named, by path."""
        rows = self._store.rows("SELECT path, by, at FROM folders ORDER BY path")
        return [NamedFolder(path=Path(path), by=by, at=at, is_there=Path(path).is_dir()) for path, by, at in rows]

    def paths(self) -> list[Path]:
        """All that is synchronised: the uploads, and the folders that were named and may still be read."""
        allowed = [folder.path for folder in self.all() if self.may_be_read(folder.path)]
        return [*([self.uploads] if self.uploads.is_dir() else []), *allowed]

    def add(self, path: str, *, by: str) -> Path:
        """Add a folder, and return its path with links resolved. Raises FolderError."""
        named = Path(path.strip())
        if not self.roots:
            raise FolderError(
                "没有开放任何服务器文件夹；请设置 WENZHENG_FOLDERS 后重新启动，或改用上传。",
                english="No folder of the server is open; set WENZHENG_FOLDERS and start again, or upload files.",
            )
        if not named.is_absolute() or "\0" in path:
            raise FolderError(
                "请写文件夹的绝对路径，如 /srv/reports。",
                english="Write the whole path of the folder, like /srv/reports.",
            )
        # One message for all that is not open, so that none tells what else is on the disk.
        if not self.may_be_read(named):
            raise FolderError(
                f"{named} 不在开放的文件夹之内，或是程序自己的数据文件夹；开放的是 {'、'.join(map(str, self.roots))}。",
                english=f"{named} is not within the open folders, or is the program's own; open are {', '.join(map(str, self.roots))}.",
            )
        if not named.is_dir():
            raise FolderError(
                f"没有文件夹 {named}；请检查写法，或磁盘是否已挂载。",
                english=f"There is no folder {named}; check how it is written, and whether its disk is mounted.",
            )
        real = named.resolve()
        with self._store.write() as connection:
            connection.execute("INSERT OR IGNORE INTO folders VALUES (?, ?, ?)", (str(real), by, timestamp()))
        return real

    def forget(self, path: str) -> bool:
        """Stop synchronising a folder; its documents stay. Returns whether it was named."""
        with self._store.write() as connection:
            return bool(connection.execute("DELETE FROM folders WHERE path = ?", (path,)).rowcount)

    def may_be_read(self, path: Path) -> bool:
        """Whether `path` lies where documents may be read from, links resolved."""
        try:
            real, data, uploads = path.resolve(), self._data.resolve(), self.uploads.resolve()
            roots = [root.resolve() for root in self.roots]
        except (OSError, RuntimeError, ValueError):  # a link that leads to itself, or no path at all
            return False
        if real.is_relative_to(uploads):
            return True
        own = real.is_relative_to(data) or data.is_relative_to(real)
        return not own and any(real.is_relative_to(root) for root in roots)
