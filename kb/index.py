"""The index: one generation is one folder of terms and vectors.

    index/
      current              the name of the generation that readers use
      000017/              never changed once it is current
        generation.json    what it was built from
        terms/  vectors/

A generation is derived from the catalogue. It is built aside, checked, and made current by replacing one small file,
so that readers see the old one or the new one and never a half (docs/adr/0002).
"""

from __future__ import annotations

import json
import os
import shutil
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kb.catalogue import Catalogue
from kb.errors import IndexBrokenError
from kb.terms import Terms
from kb.vectors import Vectors

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

_KEPT = 2  # generations: the current one, and the last, which a reader may be in the middle of
_PROBES = 8  # passages that must find themselves before a generation is made current
_PROBE_COSINE = 0.99


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a generation was built from."""

    revision: int  # of the catalogue
    encoder: str
    num_passages: int


class Generation:
    """One generation, opened for reading."""

    def __init__(self, folder: Path, origin: Origin) -> None:
        self.name = folder.name
        self.origin = origin
        self.terms = Terms(folder / "terms")
        self.vectors = Vectors(folder / "vectors")

    def close(self) -> None:
        self.vectors.close()


class Index:
    """The generations in one folder. Threads may share it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open: Generation | None = None
        self._last: Generation | None = None
        self._lock = threading.Lock()

    # Reading --------------------------------------------------------------------------------------------------

    def origin(self) -> Origin | None:
        """What the current generation was built from, without opening it; None where there is none.

        Raises IndexBrokenError where it cannot be told.
        """
        name = self._current()
        if name is None:
            return None
        try:
            return Origin(**json.loads((self.folder / name / "generation.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise IndexBrokenError(f"索引 {self.folder / name} 已损坏；请运行 `python -m kb doctor`") from error

    def in_step(self, revision: int, encoder: str) -> bool:
        """Whether the current generation holds this revision of the catalogue in this encoder's vectors."""
        try:
            origin = self.origin()
        except IndexBrokenError:
            return False
        return origin is not None and (origin.revision, origin.encoder) == (revision, encoder)

    def generation(self) -> Generation | None:
        """The current generation, opened; a new one is seen at the next call. None where there is none yet.

        Raises IndexBrokenError where it cannot be opened.
        """
        with self._lock:
            name = self._current()
            if self._open is None or self._open.name != name:
                origin = self.origin()
                opened = None if name is None or origin is None else Generation(self.folder / name, origin)
                # Another thread may be asking the last one: it is closed one switch later.
                if self._last is not None:
                    self._last.close()
                self._last, self._open = self._open, opened
            return self._open

    def close(self) -> None:
        with self._lock:
            for generation in (self._open, self._last):
                if generation is not None:
                    generation.close()
            self._open = self._last = None

    def _current(self) -> str | None:
        try:
            return (self.folder / "current").read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None

    # Writing --------------------------------------------------------------------------------------------------

    def build(self, catalogue: Catalogue, encoder: str) -> None:
        """Build a generation from the catalogue as it is now and make it current.

        Only one process may build at a time (`ingest` holds a lock). Raises CatalogueError where passages are not
        embedded yet, IndexBrokenError where the new generation fails its check; the last one then stays current.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self._clear()
        name = f"{max((int(path.name) for path in self._generations()), default=0) + 1:06}"
        aside = self.folder / f"{name}.building"
        revision = catalogue.revision
        num_passages = Terms.build(
            aside / "terms",
            (
                (stored.id, stored.document_id, stored.passage.embeddable_text(stored.title))
                for stored in catalogue.passages(revision)
            ),
        )
        Vectors.build(
            aside / "vectors",
            (
                (stored.id, stored.document_id, vector)
                for stored, vector in catalogue.embedded_passages(encoder, revision)
            ),
        )
        origin = Origin(revision=revision, encoder=encoder, num_passages=num_passages)
        (aside / "generation.json").write_text(json.dumps(asdict(origin)), encoding="utf-8")
        self._check(aside, origin, catalogue)
        aside.rename(self.folder / name)
        self._make_current(name)
        self._clear()

    def _check(self, folder: Path, origin: Origin, catalogue: Catalogue) -> None:
        """Raise IndexBrokenError unless all passages are there and some, spread over all, find themselves."""
        generation = Generation(folder, origin)
        try:
            counts = {origin.num_passages, len(generation.terms), len(generation.vectors)}
            if len(counts) != 1:
                raise IndexBrokenError(f"新索引未通过检查（段落数 {sorted(counts)} 不一致）；请再次运行导入")
            every = max(1, origin.num_passages // _PROBES)
            for position, (stored, vector) in enumerate(catalogue.embedded_passages(origin.encoder, origin.revision)):
                if position % every == 0:
                    _check_probe(generation, stored.id, vector)
        finally:
            generation.close()

    def _make_current(self, name: str) -> None:
        pointer = self.folder / "current.new"
        with pointer.open("w", encoding="utf-8") as file:
            file.write(name)
            file.flush()
            os.fsync(file.fileno())
        pointer.replace(self.folder / "current")

    def _generations(self) -> list[Path]:
        return sorted(path for path in self.folder.iterdir() if path.name.isdigit())

    def _clear(self) -> None:
        """Remove what a killed build left and the generations that no reader is in any more."""
        current = self._current()
        old = [path for path in self._generations() if path.name != current]
        keep = [path for path in old if current is not None and path.name < current][-(_KEPT - 1) :]
        for path in [*self.folder.glob("*.building"), *(path for path in old if path not in keep)]:
            # A reader on Windows may hold files open; the next build tries again.
            shutil.rmtree(path, ignore_errors=True)


def _check_probe(generation: Generation, passage: int, vector: NDArray[numpy.float32]) -> None:
    found = generation.vectors.search(vector, num_results=3)
    if not found or found[0][1] < _PROBE_COSINE:
        raise IndexBrokenError(f"新索引未通过检查（段落 {passage} 找不到自己）；请再次运行导入")
