"""Diagnosis: whether each part works, and what to do where it does not; at once, or in the background for the desk."""

from __future__ import annotations

import contextlib
import importlib.metadata
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.errors import CatalogueError, EncoderError, IndexBrokenError, ModelError, WenzhengError
from kb.llm.client import Model, open_model
from kb.search.encoder import Encoder, encoder_name
from kb.search.index import Index
from kb.search.retriever import Retriever
from kb.settings import Settings
from kb.storage.catalogue import Catalogue
from kb.storage.lock import only_one

_PARTS = ("chromadb", "tantivy", "rjieba", "sentence-transformers", "torch", "langchain-core", "gradio")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The state of one part; `advice` is empty where it is healthy and nothing is left to do."""

    name: str
    healthy: bool
    detail: str
    advice: str = ""

    def __str__(self) -> str:
        mark = "✓" if self.healthy else "✗"
        return f"{mark} {self.name}：{self.detail}" + (f"\n    → {self.advice}" if self.advice else "")

    def fields(self) -> dict[str, Any]:
        """The finding as JSON fields."""
        return {"name": self.name, "healthy": self.healthy, "detail": self.detail, "advice": self.advice}


def examine(
    settings: Settings, data: Path, *, living: Retriever | None = None, model: Model | None = None
) -> list[Finding]:
    """Look at the parts, the encoder, the language model, and the data folder.

    A program that runs gives its own retriever and model, so that none is loaded a second time.
    """
    encoder = living.encoder if living else Encoder(settings.encoder)
    findings = [_parts(), _encoder(encoder), _try(model, settings) if model else examine_model(settings)]
    if not (data / "catalogue.sqlite3").is_file():
        advice = f"请导入文件：python -m ingest 文件夹 --data {data}"
        return [*findings, Finding(name="文件库", healthy=True, detail=f"{data} 中还没有文件", advice=advice)]
    try:
        with Catalogue(data / "catalogue.sqlite3") as catalogue:
            findings.append(_catalogue(catalogue))
            if living:
                return [*findings, _index(living.index, catalogue, encoder)]
            with contextlib.closing(Index(data / "index")) as index:
                return [*findings, _index(index, catalogue, encoder)]
    except CatalogueError as error:
        return [*findings, Finding(name="文件库", healthy=False, detail="无法读取", advice=str(error))]


def examine_model(settings: Settings) -> Finding:
    """Ask the language model one small thing, if one is set."""
    model = open_model(settings)
    if model is None:
        return Finding(name="语言模型", healthy=True, detail="没有设置；回答由文件中的原句组成")
    with model:
        return _try(model, settings)


def _try(model: Model, settings: Settings) -> Finding:
    where = settings.model_url or settings.model_file or settings.model_provider
    try:
        return Finding(name="语言模型", healthy=True, detail=f"{model.name}（{where}），{_try_out(model)}")
    except ModelError as error:
        detail = f"{model.name}（{where}）无法使用"
        return Finding(name="语言模型", healthy=False, detail=detail, advice=str(error))


def _try_out(model: Model) -> str:
    started = time.perf_counter()
    model.warm_up()
    loaded = time.perf_counter()
    pieces = model.stream([("user", "请回答：好")], max_tokens=200)
    next(filter(None, pieces), None)
    seconds = time.perf_counter() - loaded
    memory = model.memory_mib
    own = f"载入用时 {loaded - started:.1f} 秒，占内存 {memory} MiB，" if memory is not None else ""
    return f"{own}{seconds:.1f} 秒后开始回答"


def repair(data: Path, encoder_setting: str) -> None:
    """Build the index anew from the catalogue; the encoder is not needed.

    Raises LockedError where an ingest is at work, CatalogueError where the catalogue is not there or passages are not
    embedded yet.
    """
    path = data / "catalogue.sqlite3"
    if not path.is_file():
        raise CatalogueError(f"{data} 中没有文件库；请先导入：python -m ingest 文件夹 --data {data}")
    with only_one(data), Catalogue(path) as catalogue:
        Index(data / "index").build(catalogue, encoder_name(encoder_setting), anew=True)


def repair_if_broken(data: Path, encoder_setting: str) -> bool:
    """Build the index anew where there should be one and it cannot be opened; returns whether that was done."""
    index = Index(data / "index")
    try:
        index.snapshot()
    except IndexBrokenError:
        repair(data, encoder_setting)
        return True
    finally:
        index.close()
    return False


def part_versions() -> dict[str, str]:
    """The libraries that answers and pages stand on, with their versions."""
    return {part: importlib.metadata.version(part) for part in _PARTS}


def _parts() -> Finding:
    versions = " · ".join(f"{part} {version}" for part, version in part_versions().items())
    return Finding(name="部件", healthy=True, detail=versions)


def _encoder(encoder: Encoder) -> Finding:
    started = time.perf_counter()
    try:
        dimension = encoder.dimension
    except EncoderError as error:
        return Finding(name="编码器", healthy=False, detail=f"{encoder.name} 无法载入", advice=str(error))
    seconds = time.perf_counter() - started
    return Finding(name="编码器", healthy=True, detail=f"{encoder.name}，{dimension} 维，载入用时 {seconds:.1f} 秒")


def _catalogue(catalogue: Catalogue) -> Finding:
    documents = catalogue.documents()
    problem = catalogue.damage()
    if problem:
        advice = "请从备份恢复此文件，或删去数据文件夹后重新导入。"
        return Finding(name="文件库", healthy=False, detail=f"{catalogue.path} 已损坏（{problem}）", advice=advice)
    num_passages = sum(document.num_passages for document in documents)
    detail = f"{len(documents)} 份文件，{num_passages} 个段落（{catalogue.path}，第 {catalogue.revision} 次改动）"
    return Finding(name="文件库", healthy=True, detail=detail)


def _index(index: Index, catalogue: Catalogue, encoder: Encoder) -> Finding:
    advice = "请运行 `python -m kb doctor --repair`；若有段落未编码，请再次运行 `python -m ingest 文件夹`。"
    try:
        snapshot = index.snapshot()
        if snapshot is None:
            return Finding(name="索引", healthy=False, detail="还没有建立", advice=advice)
        origin = snapshot.origin
        missing = snapshot.missing()
    except IndexBrokenError as error:
        return Finding(name="索引", healthy=False, detail="无法打开", advice=f"{error}。{advice}")
    if missing:
        return Finding(name="索引", healthy=False, detail=f"不完整（{missing}）", advice=advice)
    if origin.encoder != encoder.name:
        detail = f"由编码器 {origin.encoder} 建立，现在设置的是 {encoder.name}"
        advice = "请再次运行 `python -m ingest 文件夹` 重新编码，或改回原来的 WENZHENG_ENCODER。"
        return Finding(name="索引", healthy=False, detail=detail, advice=advice)
    if origin.revision != catalogue.revision:
        detail = f"停在文件库第 {origin.revision} 次改动，文件库已到第 {catalogue.revision} 次"
        return Finding(name="索引", healthy=False, detail=detail, advice=advice)
    detail = f"与文件库一致，{origin.num_passages} 个段落（第 {snapshot.name} 代）"
    return Finding(name="索引", healthy=True, detail=detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What `examine` found, and when it ended (seconds since 1970)."""

    ended: float
    findings: Sequence[Finding]


class BackgroundDiagnosis:
    """Runs `examine` in a thread of its own, one at a time, and keeps the last result."""

    def __init__(self, examine: Callable[[], Sequence[Finding]], clock: Callable[[], float] = time.time) -> None:
        self._examine = examine
        self._clock = clock
        self._turn = threading.Lock()
        self.last: Diagnosis | None = None

    @property
    def is_running(self) -> bool:
        return self._turn.locked()

    def start(self) -> bool:
        """Begin a diagnosis; returns False where one is running."""
        if not self._turn.acquire(blocking=False):
            return False
        threading.Thread(target=self._run, name="diagnosis", daemon=True).start()
        return True

    def _run(self) -> None:
        try:
            findings = self._examine()
            self.last = Diagnosis(ended=self._clock(), findings=findings)
        except WenzhengError as error:
            unfinished = Finding(name="检查", healthy=False, detail="没有做完", advice=str(error))
            self.last = Diagnosis(ended=self._clock(), findings=[unfinished])
        finally:
            self._turn.release()
