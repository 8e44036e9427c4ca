"""Folders to the index: the laws of a synchronisation, on real parts with a quick encoder."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from ingest import synchronise as room
from kb.catalogue import Catalogue
from kb.encoder import Encoder
from kb.errors import IndexBrokenError
from kb.index import Index
from kb.retrieval import Retriever
from tests.conftest import Synchronise, save_quick_encoder

REPORT = "云澜区2024年度法治政府建设情况报告\n一、工作\n2024年组织学法17次。\n二、打算\n2025年组织学法20次。\n"


def counts(report: room.Report) -> dict[str, int]:
    fields = report.fields()
    return {name: fields[name] for name in ("created", "updated", "skipped", "removed", "refused", "embedded")}  # type: ignore[misc]


def state(data: Path) -> list[tuple[object, ...]]:
    with sqlite3.connect(data / "catalogue.sqlite3") as connection:
        rows = [
            row
            for table in ("documents", "passages", "embeddings", "revisions")
            for row in connection.execute(f"SELECT * FROM {table}")
        ]
    connection.close()
    return rows


def test_created(folder: Path, run: Synchronise) -> None:
    """New files are created, and all their passages embedded."""
    (folder / "a.txt").write_text(REPORT)
    (folder / "b.md").write_text("# 云澜区办事指南\n## 咨询电话\n0000-1234\n")
    report = run(folder)
    assert (2, 0, 0) == (len(report.created), len(report.skipped), len(report.refused))
    assert report.num_embedded > 0


def test_twice_changes_nothing(folder: Path, data: Path, run: Synchronise) -> None:
    """The second run skips all, embeds nothing, and leaves catalogue and index as they were."""
    (folder / "a.txt").write_text(REPORT)
    run(folder)
    before, generation = state(data), Index(data / "index")._current()
    assert {"created": 0, "updated": 0, "skipped": 1, "removed": 0, "refused": 0, "embedded": 0} == counts(run(folder))
    assert (before, generation) == (state(data), Index(data / "index")._current())


def test_changed_sentence_embeds_its_passage_only(folder: Path, run: Synchronise) -> None:
    """One corrected sentence is one update and one new embedding."""
    (folder / "a.txt").write_text(REPORT)
    run(folder)
    (folder / "a.txt").write_text(REPORT.replace("学法20次", "学法21次"))
    assert {"created": 0, "updated": 1, "skipped": 0, "removed": 0, "refused": 0, "embedded": 1} == counts(run(folder))


def test_changed_sentence_replaces_the_old(folder: Path, data: Path, run: Synchronise, quick_encoder: Encoder) -> None:
    """After an update no search finds the old wording."""
    (folder / "a.txt").write_text(REPORT)
    run(folder)
    (folder / "a.txt").write_text(REPORT.replace("学法20次", "学法21次"))
    run(folder)
    found = "".join(hit.passage.text for hit in Retriever(data, quick_encoder).search("学法", num_results=50))
    assert "学法21次" in found
    assert "学法20次" not in found


def test_removed_file_is_removed_whole(folder: Path, data: Path, run: Synchronise, quick_encoder: Encoder) -> None:
    """Nothing of a file that is gone is left: no document, passage, embedding or hit."""
    (folder / "a.txt").write_text(REPORT)
    (folder / "b.txt").write_text(REPORT.replace("17", "18").replace("云澜区", "望舒市"))
    run(folder)
    (folder / "a.txt").unlink()
    assert 1 == len(run(folder).removed)
    assert not any("17次" in str(row) for row in state(data))
    assert {"b.txt"} == {
        hit.document.name for hit in Retriever(data, quick_encoder).search("学法多少次", num_results=50)
    }


def test_other_paths_are_left_alone(tmp_path: Path, run: Synchronise) -> None:
    """A path that is not given keeps its documents."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(REPORT.replace("云澜区", name))
    run(tmp_path / "one")
    report = run(tmp_path / "two")
    assert {"created": 1, "updated": 0, "skipped": 0, "removed": 0, "refused": 0} == {
        name: count for name, count in counts(report).items() if name != "embedded"
    }


def test_one_file_alone(folder: Path, run: Synchronise) -> None:
    """A file may be given by itself; its neighbours are left alone."""
    (folder / "a.txt").write_text(REPORT)
    (folder / "b.txt").write_text(REPORT.replace("云澜区", "望舒市"))
    run(folder)
    (folder / "b.txt").unlink()
    assert {"created": 0, "updated": 0, "skipped": 1, "removed": 0, "refused": 0, "embedded": 0} == counts(
        run(folder / "a.txt")
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.txt", b""),
        ("noise.bin", bytes(range(256)) * 40),
        ("cut.docx", b"PK\x03\x04 not a whole archive"),
        ("cut.pdf", b"%PDF-1.7 nothing more"),
    ],
    ids=["empty", "binary", "cut docx", "cut pdf"],
)
def test_refused_with_a_reason(name: str, content: bytes, folder: Path, run: Synchronise) -> None:
    """A file that cannot be read is named with its reason; the others are held."""
    (folder / "a.txt").write_text(REPORT)
    (folder / name).write_bytes(content)
    report = run(folder)
    assert [folder / "a.txt"] == report.created
    assert [folder / name] == list(report.refused)
    assert len(report.refused[folder / name]) > 5


def test_a_broken_update_keeps_the_last_good_state(
    folder: Path, data: Path, run: Synchronise, quick_encoder: Encoder
) -> None:
    """Where a file's new content cannot be read, what it held before still answers, and the report says so."""
    (folder / "a.txt").write_text(REPORT)
    run(folder)
    (folder / "a.txt").write_bytes(bytes(range(256)) * 40)
    report = run(folder)
    assert "上一版" in report.refused[folder / "a.txt"]
    assert Retriever(data, quick_encoder).search("学法", num_results=5)


def test_missing_path_removes_nothing(folder: Path, run: Synchronise, data: Path) -> None:
    """A path that does not exist is refused: a share that is not mounted must not empty the index."""
    (folder / "a.txt").write_text(REPORT)
    run(folder)
    folder.rename(folder.with_name("elsewhere"))
    report = run(folder)
    assert "1 份" in report.refused[folder]
    assert [] == report.removed
    with Catalogue(data / "catalogue.sqlite3") as catalogue:
        assert 1 == len(catalogue.documents())


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a folder that the user may not open")
def test_closed_folder_removes_nothing(folder: Path, run: Synchronise) -> None:
    """A folder that may not be opened is refused, and what it held stays."""
    inner = folder / "inner"
    inner.mkdir()
    (inner / "a.txt").write_text(REPORT)
    run(folder)
    inner.chmod(0)
    report = run(folder)
    inner.chmod(0o700)
    assert ([], [inner]) == (report.removed, list(report.refused))


def test_left_behind_files_are_no_documents(folder: Path, run: Synchronise) -> None:
    """What systems and offices leave in a folder is passed over in silence."""
    for name in (".DS_Store", "~$报告.docx", "Thumbs.db", "desktop.ini"):
        (folder / name).write_bytes(b"\0")
    assert {"created": 0, "updated": 0, "skipped": 0, "removed": 0, "refused": 0, "embedded": 0} == counts(run(folder))


def test_another_encoder_embeds_all_again(
    folder: Path, data: Path, tmp_path: Path, run: Synchronise, quick_encoder: Encoder
) -> None:
    """With another encoder all that is held is embedded again, also from paths that are not given."""
    (folder / "a.txt").write_text(REPORT)
    first = run(folder)
    (tmp_path / "other").mkdir()
    other = Encoder(save_quick_encoder(tmp_path / "model", seed=1))
    report = run(tmp_path / "other", encoder=other)
    assert first.num_embedded == report.num_embedded
    assert Retriever(data, other).search("学法", num_results=5)


class Killed(BaseException):
    """Stands for SIGKILL: nothing in the code catches it."""


@pytest.mark.parametrize("step", ["embedding", "indexing"])
def test_killed_and_run_again(step: str, folder: Path, data: Path, run: Synchronise, quick_encoder: Encoder) -> None:
    """Killed before vectors or index are made, readers keep the last generation and the next run finishes."""
    (folder / "a.txt").write_text(REPORT)
    run(folder)
    (folder / "a.txt").write_text(REPORT.replace("17次", "19次"))

    def kill(now: str, done: int, total: int) -> None:
        if now == step:
            raise Killed

    with Catalogue(data / "catalogue.sqlite3") as catalogue, pytest.raises(Killed):
        room.synchronise(
            [folder], catalogue=catalogue, index=Index(data / "index"), encoder=quick_encoder, progress=kill
        )
    reader = Retriever(data, quick_encoder)
    assert any("17次" in hit.passage.text for hit in reader.search("学法", num_results=9))
    run(folder)
    found = [hit.passage.text for hit in reader.search("学法", num_results=9)]
    assert any("19次" in text for text in found)
    assert not any("17次" in text for text in found)


def test_broken_generation_is_built_again_without_the_encoder(folder: Path, data: Path, run: Synchronise) -> None:
    """Where the current generation is damaged, the next run builds it from the catalogue and embeds nothing."""
    (folder / "a.txt").write_text(REPORT)
    run(folder)
    index = Index(data / "index")
    (data / "index" / str(index._current()) / "generation.json").write_text("{")
    with pytest.raises(IndexBrokenError, match="doctor"):
        index.generation()
    report = run(folder)
    assert (1, 0) == (len(report.skipped), report.num_embedded)
    assert index.generation() is not None
    index.close()


def test_reader_sees_a_new_generation_without_opening_again(
    folder: Path, data: Path, run: Synchronise, quick_encoder: Encoder
) -> None:
    """A reader that is open finds documents that were ingested after it was opened."""
    reader = Retriever(data, quick_encoder)
    assert [] == reader.search("学法", num_results=5)
    (folder / "a.txt").write_text(REPORT)
    run(folder)
    assert 1 == len({hit.document.name for hit in reader.search("学法", num_results=5)})
    (folder / "b.txt").write_text(REPORT.replace("云澜区", "望舒市"))
    run(folder)
    assert 2 == len({hit.document.name for hit in reader.search("学法", num_results=5)})


def test_old_generations_are_cleared(folder: Path, data: Path, run: Synchronise) -> None:
    """However often it runs, the index holds the current generation and the last."""
    for count in range(4):
        (folder / "a.txt").write_text(REPORT.replace("17", str(17 + count)))
        run(folder)
    assert 2 == sum(path.is_dir() for path in (data / "index").iterdir())
