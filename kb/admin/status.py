"""The running program's status: for the desk in full, and for machines in short whether it answers. Nothing is loaded."""

from __future__ import annotations

import contextlib
import platform
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import kb
from kb.admin.diagnosis import part_versions
from kb.errors import CatalogueError, IndexBrokenError
from kb.llm.client import Model
from kb.llm.client.child import resident_bytes
from kb.search.retriever import Retriever

_MIB = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexStatus:
    """The current snapshot of the index."""

    num_documents: int
    num_passages: int
    snapshot: str
    revision: int
    encoder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemStatus:
    """All that the desk shows. Sizes are in bytes, and None where the system does not say."""

    index: IndexStatus | None  # None where nothing was ingested, and where it cannot be read
    trouble: str  # why the index cannot be read, and what to do; "" where it can
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


def system_status(data: Path, retriever: Retriever, model: Model | None) -> SystemStatus:
    """The status now."""
    index, trouble = None, ""
    try:
        index = _index_status(retriever)
    except (IndexBrokenError, CatalogueError) as error:
        trouble = str(error)
    disk = shutil.disk_usage(data if data.exists() else Path())
    memory = model.memory_mib if model else None
    return SystemStatus(
        index=index,
        trouble=trouble,
        encoder=retriever.encoder.name,
        model=model.name if model else None,
        model_bytes=None if memory is None else memory * _MIB,
        own_bytes=resident_bytes("self"),
        data_bytes=_size(data),
        disk_free=disk.free,
        disk_total=disk.total,
        version=kb.__version__,
        python=platform.python_version(),
        parts=part_versions(),
    )


def _index_status(retriever: Retriever) -> IndexStatus | None:
    snapshot = retriever.index.snapshot()
    if snapshot is None:
        return None
    return IndexStatus(
        num_documents=len(retriever.gazetteer().documents),
        num_passages=snapshot.origin.num_passages,
        snapshot=snapshot.name,
        revision=snapshot.origin.revision,
        encoder=snapshot.origin.encoder,
    )


def _size(folder: Path) -> int:
    """How much the files of a folder take; what is gone while it is counted counts nothing."""
    size = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):
            if path.is_file():
                size += path.stat().st_size
    return size


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The state of each part in one word."""

    catalogue: str  # readable | empty | broken
    index: str  # in place | empty | broken
    encoder: str  # loaded | loading
    model: str  # none | set | running | stopped

    @property
    def answers(self) -> bool:
        """Whether a question asked now would be answered or refused at once.

        An empty index refuses, and without a model the answer is made of the documents' own sentences.
        """
        return "broken" not in {self.catalogue, self.index} and self.encoder == "loaded"

    def fields(self) -> dict[str, Any]:
        """The JSON fields of /healthz."""
        return {
            "status": "ok" if self.answers else "not ready",
            "version": kb.__version__,
            "catalogue": self.catalogue,
            "index": self.index,
            "encoder": self.encoder,
            "model": self.model,
        }


def health(retriever: Retriever, model: Model | None) -> Health:
    """The health now, cheap enough to be asked for every few seconds."""
    index = _index_health(retriever)
    return Health(
        index=index,
        catalogue="empty" if index == "empty" else _catalogue_health(retriever),
        encoder="loaded" if retriever.encoder.is_loaded else "loading",
        model=_model_health(model),
    )


def _index_health(retriever: Retriever) -> str:
    try:
        return "empty" if retriever.index.snapshot() is None else "in place"
    except IndexBrokenError:
        return "broken"


def _catalogue_health(retriever: Retriever) -> str:
    try:
        return "broken" if retriever.catalogue.trouble() else "readable"
    except CatalogueError:
        return "broken"


def _model_health(model: Model | None) -> str:
    if model is None:
        return "none"
    if model.runs is None:
        return "set"
    return "running" if model.runs else "stopped"
