"""The index: snapshots in one folder, and which of them is current.

    index/
      current    the name of the snapshot that readers use
      000016/    the last one: a reader may be in the middle of it
      000017/

A snapshot is built aside, checked, and made current by replacing one small file, so that readers see the old one or
the new one and never a half (docs/adr/0002).
"""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

from kb.errors import IndexBrokenError
from kb.search import snapshot
from kb.search.snapshot import FORM, Origin, Snapshot, read_origin
from kb.storage.atomic import write_atomically
from kb.storage.catalogue import Catalogue

_KEPT = 2  # snapshots: the current one and the last


class Index:
    """The snapshots in one folder. Threads may share it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open: Snapshot | None = None
        self._last: Snapshot | None = None
        self._lock = threading.Lock()

    # Reading --------------------------------------------------------------------------------------------------

    def origin(self) -> Origin | None:
        """What the current snapshot was built from, without opening it; None where there is none.

        Raises IndexBrokenError where its file cannot be read.
        """
        name = self._current()
        return None if name is None else read_origin(self.folder / name)

    def in_step(self, revision: int, encoder: str) -> bool:
        """Whether the current snapshot holds this revision of the catalogue in this encoder's vectors and today's form."""
        try:
            origin = self.origin()
        except IndexBrokenError:
            return False
        return origin is not None and (origin.revision, origin.encoder, origin.form) == (revision, encoder, FORM)

    def snapshot(self) -> Snapshot | None:
        """The current snapshot, opened; a new one is seen at the next call. None where there is none yet.

        Raises IndexBrokenError where it cannot be opened.
        """
        with self._lock:
            name = self._current()
            if self._open is None or self._open.name != name:
                opened = None if name is None else Snapshot(self.folder / name)
                # Another thread may be asking the last one: it is closed one switch later.
                if self._last is not None:
                    self._last.close()
                self._last, self._open = self._open, opened
            return self._open

    def close(self) -> None:
        with self._lock:
            for opened in (self._open, self._last):
                if opened is not None:
                    opened.close()
            self._open = self._last = None

    def _current(self) -> str | None:
        try:
            return (self.folder / "current").read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None

    # Writing --------------------------------------------------------------------------------------------------

    def build(self, catalogue: Catalogue, encoder: str, *, anew: bool = False) -> None:
        """Build a snapshot from the catalogue as it is now and make it current.

        A small change copies the current snapshot and applies the difference, unless `anew`. Only one process may
        build at a time (`kb.storage.lock`). Raises CatalogueError where passages are not embedded yet, IndexBrokenError
        where the new snapshot fails its check twice; the last one then stays current.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self._clear()
        name = f"{max((int(path.name) for path in self._snapshots()), default=0) + 1:06}"
        aside = self.folder / f"{name}.building"
        base = None if anew else self._base(encoder)
        try:
            snapshot.build(aside, catalogue, encoder, base=base)
        except IndexBrokenError:
            # The base was damaged, and so is its copy; or Chroma's graph, which several threads make, left a passage
            # out of reach. Anew, once, and elsewhere: Chroma does not open the same path again in one process.
            shutil.rmtree(aside, ignore_errors=True)
            aside = self.folder / f"{name}.anew.building"
            snapshot.build(aside, catalogue, encoder)
        aside.rename(self.folder / name)
        self._make_current(name)
        self._clear()

    def _base(self, encoder: str) -> Path | None:
        """The current snapshot, where one for `encoder` in today's form can be made from it."""
        try:
            name, origin = self._current(), self.origin()
        except IndexBrokenError:
            return None
        fits = origin is not None and (origin.encoder, origin.form) == (encoder, FORM)
        return self.folder / name if name and fits else None

    def _make_current(self, name: str) -> None:
        write_atomically(self.folder / "current", name.encode())

    def _snapshots(self) -> list[Path]:
        return sorted(path for path in self.folder.iterdir() if path.name.isdigit())

    def _clear(self) -> None:
        """Remove what a killed build left and the snapshots that no reader is in any more."""
        current = self._current()
        old = [path for path in self._snapshots() if path.name != current]
        keep = [path for path in old if current is not None and path.name < current][-(_KEPT - 1) :]
        for path in [*self.folder.glob("*.building"), *(path for path in old if path not in keep)]:
            # A reader on Windows may hold files open; the next build tries again.
            shutil.rmtree(path, ignore_errors=True)
