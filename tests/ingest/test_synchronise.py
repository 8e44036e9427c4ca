"""Folders to the index: the laws of a synchronisation, on real parts with a quick encoder."""

from __future__ import annotations

import os
import sqlite3
import sys
import zipfile
from pathlib import Path

import pytest

from ingest import synchronise as ingest_flow
from ingest.report import IngestReport
from ingest.worker import read_outlined
from kb.admin.diagnosis import repair_if_broken
from kb.errors import CatalogueError, IndexBrokenError
from kb.search.encoder import Encoder
from kb.search.index import Index
from kb.search.retriever import Retriever
from kb.storage.catalogue import Catalogue
from tests.conftest import Synchronise, save_quick_encoder

REPORT = "云澜区2024年度法治政府建设情况报告\n一、工作\n2024年组织学法17次。\n二、打算\n2025年组织学法20次。\n"


def counts(report: IngestReport) -> dict[str, int]:
    fields = report.fields()
    return {name: fields[name] for name in ("created", "updated", "skipped", "removed", "refused", "embedded")}  # type: ignore[misc]


def state(data: Path) -> list[tuple[object, ...]]:
    with sqlite3.connect(data / "catalogue.sqlite3") as connection:
        rows = [
            row
            for table in ("documents", "sources", "standings", "passages", "embeddings", "revisions")
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
    before, snapshot = state(data), Index(data / "index")._current()
    assert {"created": 0, "updated": 0, "skipped": 1, "removed": 0, "refused": 0, "embedded": 0} == counts(run(folder))
    assert (before, snapshot) == (state(data), Index(data / "index")._current())


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
    assert [str(folder / "a.txt")] == report.created
    assert [str(folder / name)] == list(report.refused)
    assert len(report.refused[str(folder / name)]) > 5


def test_a_broken_update_keeps_the_last_good_state(
    folder: Path, data: Path, run: Synchronise, quick_encoder: Encoder
) -> None:
    """Where a file's new content cannot be read, what it held before still answers, and the report says so."""
    (folder / "a.txt").write_text(REPORT)
    run(folder)
    (folder / "a.txt").write_bytes(bytes(range(256)) * 40)
    report = run(folder)
    assert "上一版" in report.refused[str(folder / "a.txt")]
    assert Retriever(data, quick_encoder).search("学法", num_results=5)


def test_missing_path_removes_nothing(folder: Path, run: Synchronise, data: Path) -> None:
    """A path that does not exist is refused: a share that is not mounted must not empty the index."""
    (folder / "a.txt").write_text(REPORT)
    run(folder)
    folder.rename(folder.with_name("elsewhere"))
    report = run(folder)
    assert "保留" in report.refused[str(folder)]
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
    assert ([], [str(inner)]) == (report.removed, list(report.refused))


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
    """Killed before vectors or index are made, readers keep the last snapshot and the next run finishes."""
    (folder / "a.txt").write_text(REPORT)
    run(folder)
    (folder / "a.txt").write_text(REPORT.replace("17次", "19次"))

    def kill(now: str, done: int, total: int) -> None:
        if now == step:
            raise Killed

    with Catalogue(data / "catalogue.sqlite3") as catalogue, pytest.raises(Killed):
        ingest_flow.synchronise(
            [folder],
            catalogue=catalogue,
            index=Index(data / "index"),
            encoder=quick_encoder,
            read=read_outlined,
            progress=kill,
        )
    reader = Retriever(data, quick_encoder)
    assert any("17次" in hit.passage.text for hit in reader.search("学法", num_results=9))
    run(folder)
    found = [hit.passage.text for hit in reader.search("学法", num_results=9)]
    assert any("19次" in text for text in found)
    assert not any("17次" in text for text in found)


def test_broken_snapshot_is_built_again_without_the_encoder(folder: Path, data: Path, run: Synchronise) -> None:
    """Where the current snapshot is damaged, the next run builds it from the catalogue and embeds nothing."""
    (folder / "a.txt").write_text(REPORT)
    run(folder)
    index = Index(data / "index")
    (data / "index" / (data / "index" / "current").read_text() / "generation.json").write_text("{")
    with pytest.raises(IndexBrokenError, match="doctor"):
        index.snapshot()
    report = run(folder)
    assert (1, 0) == (len(report.skipped), report.num_embedded)
    assert index.snapshot() is not None
    index.close()


def test_reader_sees_a_new_snapshot_without_opening_again(
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


def test_old_snapshots_are_cleared(folder: Path, data: Path, run: Synchronise) -> None:
    """However often it runs, the index holds the current snapshot and the last."""
    for count in range(4):
        (folder / "a.txt").write_text(REPORT.replace("17", str(17 + count)))
        run(folder)
    assert 2 == sum(path.is_dir() for path in (data / "index").iterdir())


def stands(data: Path) -> list[tuple[str, int]]:
    """File names with the number of their paths, of what stands."""
    with Catalogue(data / "catalogue.sqlite3") as catalogue:
        return [(document.name, len(document.sources)) for document in catalogue.documents()]


def test_renamed_file_is_moved(folder: Path, data: Path, run: Synchronise) -> None:
    """A renamed file is the same document under its new name, and nothing is embedded."""
    (folder / "a.txt").write_text(REPORT)
    run(folder)
    (folder / "a.txt").rename(folder / "b.txt")
    report = run(folder)
    assert ([str(folder / "b.txt")], [], [], 0) == (report.moved, report.created, report.removed, report.num_embedded)
    assert [("b.txt", 1)] == stands(data)


def test_renamed_file_whose_name_says_more(folder: Path, data: Path, run: Synchronise) -> None:
    """A new name that says the issuer changes what is known of the document."""
    (folder / "a.txt").write_text("工作报告\n一、工作\n学法17次。\n")
    run(folder)
    (folder / "a.txt").rename(folder / "2024_云澜区_工作报告.txt")
    assert 1 == len(run(folder).moved)
    with Catalogue(data / "catalogue.sqlite3") as catalogue:
        [document] = catalogue.documents()
    assert ("云澜区", 2024) == (document.metadata.issuer, document.metadata.year)


def test_moved_between_folders_in_one_run(tmp_path: Path, data: Path, run: Synchronise) -> None:
    """A file that moved to another folder keeps its document, whichever folder is read first."""
    for source, target in (("one", "two"), ("two", "one")):
        (tmp_path / source).mkdir(exist_ok=True)
        (tmp_path / target).mkdir(exist_ok=True)
        (tmp_path / source / f"{source}.txt").write_text(REPORT.replace("云澜区", source))
        run(tmp_path / "one", tmp_path / "two")
        (tmp_path / source / f"{source}.txt").rename(tmp_path / target / f"{source}.txt")
        report = run(tmp_path / "one", tmp_path / "two")
        assert (1, 0, 0) == (len(report.moved), len(report.removed), report.num_embedded)


def test_the_same_content_twice_is_one_document(folder: Path, data: Path, run: Synchronise) -> None:
    """A copy adds a path and no passage; when one of the two goes, the document stays."""
    (folder / "a.txt").write_text(REPORT)
    (folder / "b.txt").write_text(REPORT)
    report = run(folder)
    assert (1, 1) == (len(report.created), len(report.duplicates))
    assert [("a.txt", 2)] == stands(data)
    (folder / "a.txt").unlink()
    assert [] == run(folder).removed
    assert 1 == len(stands(data))


def test_superseded_version_is_kept_and_not_found(
    folder: Path, data: Path, run: Synchronise, quick_encoder: Encoder
) -> None:
    """An update keeps the old version, with its dates, and answers from the new one only."""
    (folder / "a.txt").write_text(REPORT)
    run(folder)
    (folder / "a.txt").write_text(REPORT.replace("17次", "18次"))
    run(folder)
    with Catalogue(data / "catalogue.sqlite3") as catalogue:
        old, new = catalogue.all_documents()
        assert ("superseded", None, old.id) == (old.ended_by, new.ended_by, new.supersedes)
        assert "17次" in catalogue.text(old.id)
    found = "".join(hit.passage.text for hit in Retriever(data, quick_encoder).search("学法", num_results=50))
    assert (True, False) == ("18次" in found, "17次" in found)


def test_put_back_embeds_nothing(folder: Path, run: Synchronise) -> None:
    """A file that is put back to its old content is an update without an embedding."""
    (folder / "a.txt").write_text(REPORT)
    run(folder)
    (folder / "a.txt").write_text(REPORT.replace("17次", "18次"))
    run(folder)
    (folder / "a.txt").write_text(REPORT)
    report = run(folder)
    assert (1, 0) == (len(report.updated), report.num_embedded)


def test_withdrawn_stays_withdrawn(folder: Path, data: Path, run: Synchronise, quick_encoder: Encoder) -> None:
    """A withdrawn document is not found, also after its file was read again, until it is restored."""
    (folder / "a.txt").write_text(REPORT)
    run(folder)
    retriever = Retriever(data, quick_encoder)
    for change in ("withdraw", "restore"):
        with Catalogue(data / "catalogue.sqlite3") as catalogue:
            ingest_flow.withdraw_and_restore(catalogue, **{"withdraw": [], "restore": [], change: ["a.txt"]})
        assert 1 == len(run(folder).skipped)
        assert bool(retriever.search("学法", num_results=5)) == (change == "restore")


def test_withdrawing_what_is_not_held(data: Path) -> None:
    """A name that is not held is an error that says how to list what is."""
    with Catalogue(data / "catalogue.sqlite3") as catalogue, pytest.raises(CatalogueError, match="documents"):
        ingest_flow.withdraw_and_restore(catalogue, withdraw=["none.txt"], restore=[])


def test_manifest_overrules(folder: Path, data: Path, run: Synchronise) -> None:
    """What a manifest says of a file is taken, a changed row is an update, and the manifest is no document."""
    (folder / "a.txt").write_text(REPORT)
    run(folder)
    (folder / "manifest.csv").write_text("file,issuer,year,region\na.txt,望舒市司法局,2023,\n")
    assert [str(folder / "a.txt")] == run(folder).updated
    with Catalogue(data / "catalogue.sqlite3") as catalogue:
        [document] = catalogue.documents()
    assert ("望舒市司法局", 2023) == (document.metadata.issuer, document.metadata.year)
    assert document.metadata.title.startswith("云澜区")
    assert 1 == len(run(folder).skipped)


@pytest.mark.parametrize(
    ("words", "content"),
    [("owner", "file,owner\na.txt,x\n"), ("file", "title\nx\n"), ("twenty", "file,year\na.txt,twenty\n")],
    ids=["unknown column", "no file column", "no year"],
)
def test_a_wrong_manifest_changes_nothing(words: str, content: str, folder: Path, run: Synchronise) -> None:
    """A manifest that cannot be meant is refused with what is wrong, and its folder stays as it is held."""
    (folder / "a.txt").write_text(REPORT)
    run(folder)
    (folder / "manifest.csv").write_text(content)
    report = run(folder)
    assert words in report.refused[str(folder)]
    assert ([], [], []) == (report.updated, report.removed, report.created)


def test_files_within_an_archive(folder: Path, data: Path, run: Synchronise) -> None:
    """The files in a zip are documents; one that goes from it is removed, and a bad one refused by itself."""
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        archive.writestr("2024/a.txt", REPORT)
        archive.writestr("b.txt", REPORT.replace("云澜区", "望舒市"))
        archive.writestr("empty.txt", "")
    report = run(folder)
    assert [f"{folder / 'all.zip'}!/{name}" for name in ("2024/a.txt", "b.txt")] == report.created
    assert [f"{folder / 'all.zip'}!/empty.txt"] == list(report.refused)
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        archive.writestr("2024/a.txt", REPORT)
    report = run(folder)
    assert ([f"{folder / 'all.zip'}!/b.txt"], 1) == (report.removed, len(report.skipped))
    (folder / "all.zip").unlink()
    assert 1 == len(run(folder).removed)
    assert [] == stands(data)


def test_small_change_copies_the_last_snapshot(
    folder: Path, data: Path, run: Synchronise, quick_encoder: Encoder
) -> None:
    """A change of one of ten documents, made by difference, finds just what an index built anew finds."""
    for number in range(10):
        (folder / f"{number}.txt").write_text(REPORT.replace("云澜区", f"第{number}区").replace("17", str(30 + number)))
    run(folder)
    (folder / "3.txt").write_text(REPORT.replace("云澜区", "第3区").replace("17次", "99次"))
    (folder / "4.txt").unlink()
    run(folder)

    def found() -> list[tuple[str, str, float]]:
        hits = Retriever(data, quick_encoder).search("2024年组织学法多少次", num_results=100)
        return sorted((hit.document.name, hit.passage.text, round(hit.vector_score, 5)) for hit in hits)

    by_difference = found()
    with Catalogue(data / "catalogue.sqlite3") as catalogue:
        Index(data / "index").build(catalogue, quick_encoder.name, anew=True)
    assert by_difference == found()
    assert "99次" in str(by_difference)


def test_a_damaged_base_is_not_built_upon(folder: Path, data: Path, run: Synchronise, quick_encoder: Encoder) -> None:
    """Where the current snapshot lost its vectors, a small change builds all anew."""
    for number in range(10):
        (folder / f"{number}.txt").write_text(REPORT.replace("云澜区", f"第{number}区"))
    run(folder)
    for file in (data / "index" / "000001" / "vectors").glob("*.sqlite3"):
        file.write_bytes(b"no database")
    (folder / "3.txt").unlink()
    run(folder)
    assert 9 == len({hit.document.name for hit in Retriever(data, quick_encoder).search("学法", num_results=99)})


def test_repair(folder: Path, data: Path, run: Synchronise, quick_encoder: Encoder) -> None:
    """A broken index is built again from the catalogue at start, with no encoder loaded; a whole one is left alone."""
    (folder / "a.txt").write_text(REPORT)
    run(folder)
    assert not repair_if_broken(data, quick_encoder.name)
    (data / "index" / "000001" / "generation.json").unlink()
    assert repair_if_broken(data, quick_encoder.name)
    assert Retriever(data, quick_encoder).search("学法", num_results=5)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_name_that_is_no_text(folder: Path, run: Synchronise) -> None:
    """A file whose name is no text is refused by itself; the others are held."""
    (folder / "a.txt").write_text(REPORT)
    Path(os.fsdecode(os.fsencode(folder) + b"/\xb1\xa8.txt")).write_text(REPORT)
    report = run(folder)
    assert (1, 1) == (len(report.created), len(report.refused))
