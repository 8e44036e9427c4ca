"""What the running program has in hand: documents, index, model, disk, memory, versions. Nothing is loaded for it."""

from __future__ import annotations

import contextlib
import platform
import shutil
from dataclasses import dataclass
from pathlib import Path

import kb
from kb.admin.diagnosis import part_versions
from kb.errors import CatalogueError, IndexBrokenError
from kb.llm.client import Model
from kb.search.retriever import Retriever

_KIB = 1024
_MIB = 1024 * _KIB


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What answers stand on: documents and passages of the current snapshot of the index."""

    num_documents: int
    num_passages: int
    snapshot: str
    revision: int
    encoder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """The program as it is. Sizes are in bytes, and None where the system does not say."""

    held: Held | None
    trouble: str  # why nothing can be held, with what to do; "" where all is well, or nothing was ingested
    encoder: str
    model: str | None
    model_bytes: int | None
    own_bytes: int | None
    data_bytes: int
    disk_free: int
    disk_total: int
    version: str
    python: str
    parts: dict[str, str]


def take_vitals(data: Path, retriever: Retriever, model: Model | None) -> Vitals:
    """Look at the parts as they are now."""
    held, trouble = None, ""
    try:
        held = _held(retriever)
    except (IndexBrokenError, CatalogueError) as error:
        trouble = str(error)
    disk = shutil.disk_usage(data if data.exists() else Path())
    memory = model.memory_mib if model else None
    return Vitals(
        held=held,
        trouble=trouble,
        encoder=retriever.encoder.name,
        model=model.name if model else None,
        model_bytes=None if memory is None else memory * _MIB,
        own_bytes=_own_bytes(),
        data_bytes=_size(data),
        disk_free=disk.free,
        disk_total=disk.total,
        version=kb.__version__,
        python=platform.python_version(),
        parts=part_versions(),
    )


def _held(retriever: Retriever) -> Held | None:
    snapshot = retriever.index.snapshot()
    if snapshot is None:
        return None
    return Held(
        num_documents=len(retriever.gazetteer().documents),
        num_passages=snapshot.origin.num_passages,
        snapshot=snapshot.name,
        revision=snapshot.origin.revision,
        encoder=snapshot.origin.encoder,
    )


def _own_bytes() -> int | None:
    """Resident memory of this process."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return None
    return next((int(line.split()[1]) * _KIB for line in status.splitlines() if line.startswith("VmRSS:")), None)


def _size(folder: Path) -> int:
    """How much the files of a folder take; what is gone while it is counted counts nothing."""
    size = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):
            if path.is_file():
                size += path.stat().st_size
    return size
