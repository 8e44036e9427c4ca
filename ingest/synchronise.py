"""Folders → the index: what is new is created, what changed updated, what is gone removed, and why is said.

    files → blocks → passages → catalogue     each file whose bytes changed
    passages without an embedding → vectors   whatever paths were given: a run that was killed is finished
    catalogue → a new generation              built aside, made current in one step

Counts and reasons are a value that prints itself [1].

[1] govuk-chat, `SyncResult`; llm, `embed-multi`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from ingest.metadata import metadata
from ingest.outline import outline
from ingest.passages import document_text, passages
from ingest.readers import read
from kb.catalogue import Catalogue
from kb.encoder import Encoder
from kb.errors import RefusedError
from kb.index import Index

# Documents that were cut into passages by other rules are read again. Raise it when the rules change.
MADE_BY = "1"
# Passages between two writes: what a kill can cost. `Encoder` sorts them by length, so more is faster, too.
_EMBEDDED_AT_ONCE = 256

Progress = Callable[[str, int, int], None]
"""Told the step (reading, embedding, indexing), how much of it is done, and how much there is."""


@dataclass(slots=True, kw_only=True)
class Report:
    """What a synchronisation did, by path."""

    created: list[Path] = field(default_factory=list)
    updated: list[Path] = field(default_factory=list)
    skipped: list[Path] = field(default_factory=list)
    removed: list[Path] = field(default_factory=list)
    refused: dict[Path, str] = field(default_factory=dict)  # with the reason
    num_embedded: int = 0

    def __str__(self) -> str:
        counts = (
            f"新建 {len(self.created)}  更新 {len(self.updated)}  未变 {len(self.skipped)}  "
            f"移除 {len(self.removed)}  拒绝 {len(self.refused)}  编码段落 {self.num_embedded}"
        )
        return "\n".join([counts, *(f"  拒绝 {path}：{reason}" for path, reason in self.refused.items())])

    def fields(self) -> dict[str, object]:
        """The report as JSON fields (docs/commands.md): counts, the paths behind them, and the reasons."""
        paths = {
            "created": self.created,
            "updated": self.updated,
            "skipped": self.skipped,
            "removed": self.removed,
            "refused": list(self.refused),
        }
        return {
            **{name: len(of_kind) for name, of_kind in paths.items()},
            "embedded": self.num_embedded,
            "paths": {name: [str(path) for path in of_kind] for name, of_kind in paths.items()},
            "reasons": {str(path): reason for path, reason in self.refused.items()},
        }


def synchronise(
    paths: Sequence[Path], *, catalogue: Catalogue, index: Index, encoder: Encoder, progress: Progress
) -> Report:
    """Make the index hold what the files and folders `paths` hold; documents from elsewhere are left alone.

    A file that cannot be read is refused with its reason; where an earlier state of it is held, that is kept.
    Killed at any moment, the last generation stays current and the next run finishes the work.
    """
    report = Report()
    files = _files(paths, catalogue, report)
    held = catalogue.digests()
    for done, path in enumerate(files):
        progress("reading", done, len(files))
        _synchronise_file(path, held, catalogue, report)
    progress("reading", len(files), len(files))
    _remove_missing(paths, files, catalogue, report)
    _embed(catalogue, encoder, report, progress)
    if not index.in_step(catalogue.revision, encoder.name):
        progress("indexing", 0, 1)
        index.build(catalogue, encoder.name)
        catalogue.purge(catalogue.revision)
        progress("indexing", 1, 1)
    return report


def _files(paths: Sequence[Path], catalogue: Catalogue, report: Report) -> list[Path]:
    """The files at `paths`, each once.

    A path that does not exist is refused: a share that is not mounted today must not empty the index.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found |= dict.fromkeys(_files_in(path, report))
        elif path.exists():
            found[path] = None
        else:
            num_held = sum(Path(source).is_relative_to(path) for source in catalogue.digests())
            kept = (
                f"；库中来自此处的 {num_held} 份文件照旧保留，若要移除请对其所在的上级文件夹运行导入"
                if num_held
                else ""
            )
            report.refused[path] = f"路径不存在，请检查写法或磁盘是否已挂载{kept}"
    return list(found)


def _files_in(folder: Path, report: Report) -> Iterator[Path]:
    """Files below `folder` in order; those that systems and offices leave behind are no documents."""
    try:
        paths = sorted(folder.iterdir())
    except OSError as error:
        report.refused[folder] = f"无法打开文件夹（{error.strerror}）；请检查权限"
        return
    for path in paths:
        if path.name.startswith((".", "~$")) or path.name in ("Thumbs.db", "desktop.ini", "__MACOSX"):
            continue
        if path.is_dir():
            yield from _files_in(path, report)
        elif path.is_file():
            yield path


def _synchronise_file(
    path: Path, held_digests: Mapping[str, tuple[str, str]], catalogue: Catalogue, report: Report
) -> None:
    held = held_digests.get(str(path))
    try:
        data = path.read_bytes()
        digest = sha256(data).hexdigest()
        if held == (digest, MADE_BY):
            report.skipped.append(path)
            return
        blocks = outline(read(data, path.name))
    except OSError as error:
        report.refused[path] = f"无法读取（{error.strerror}）；请检查文件权限"
        return
    except RefusedError as error:
        report.refused[path] = f"{error}{'；库中仍保留它的上一版' if held else ''}"
        return
    catalogue.put(
        source=str(path),
        name=path.name,
        digest=digest,
        made_by=MADE_BY,
        metadata=metadata(blocks, path.name),
        text=document_text(blocks),
        passages=passages(blocks),
    )
    (report.updated if held else report.created).append(path)


def _remove_missing(paths: Sequence[Path], files: Sequence[Path], catalogue: Catalogue, report: Report) -> None:
    """Retire what a path held before and holds no more; what is below a refused path was not looked at."""
    present = {str(path) for path in files}
    gone = [
        source
        for source in catalogue.digests()
        if source not in present
        and any(Path(source).is_relative_to(path) for path in paths)
        and not any(Path(source).is_relative_to(path) for path in report.refused)
    ]
    if gone:
        catalogue.retire(gone)
        report.removed.extend(map(Path, gone))


def _embed(catalogue: Catalogue, encoder: Encoder, report: Report, progress: Progress) -> None:
    # Neighbours in length go together: padding is work for nothing.
    waiting = sorted(catalogue.unembedded(encoder.name).items(), key=lambda item: len(item[1]))
    for start in range(0, len(waiting), _EMBEDDED_AT_ONCE):
        progress("embedding", start, len(waiting))
        batch = waiting[start : start + _EMBEDDED_AT_ONCE]
        digests, texts = zip(*batch, strict=True)
        vectors = encoder.encode_passages(texts)
        catalogue.put_embeddings(encoder.name, dict(zip(digests, vectors, strict=True)))
        report.num_embedded += len(batch)
    if waiting:
        progress("embedding", len(waiting), len(waiting))
