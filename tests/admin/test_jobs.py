"""Runs beside the pages: one after another, told as they go, made good after a kill; and what may be read by them."""

from __future__ import annotations

import io
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest

from app import open_editing
from ingest.worker import read_outlined
from kb.admin.documents import DocumentFilter, Standing
from kb.admin.editing import DocumentEditing
from kb.admin.jobs import MOST_KEPT, Job, JobHistory, JobState, JobTask
from kb.admin.uploads import safe_name
from kb.errors import DeskError, FolderError, UploadError
from kb.search.encoder import Encoder
from kb.search.retriever import Retriever
from kb.settings import read_settings
from kb.storage.lock import only_one
from kb.types import Block

REPORT = "云澜区2024年度法治政府建设情况报告\n一、工作\n2024年组织学法17次。\n"
_PATIENCE = 60.0


class Here:
    """Reads files in this process; the first waits until it may."""

    may_go_on = threading.Event()

    def __enter__(self) -> Here:
        return self

    def __exit__(self, *error: object) -> None:
        return None

    def read(self, data: bytes, name: str) -> list[Block]:
        assert self.may_go_on.wait(_PATIENCE)
        return read_outlined(data, name)


@pytest.fixture(autouse=True)
def _go_on() -> None:
    Here.may_go_on.set()


Open = Callable[[], AbstractContextManager[DocumentEditing]]


@pytest.fixture
def opened(data: Path, tmp_path: Path, quick_encoder: Encoder) -> Open:
    def opened() -> AbstractContextManager[DocumentEditing]:
        settings = read_settings({"WENZHENG_FOLDERS": str(tmp_path / "reports"), "WENZHENG_UPLOAD_MIB": "1"})
        return open_editing(settings, data, quick_encoder, open_reading=Here)

    return opened


@pytest.fixture
def editing(opened: Open) -> Iterator[DocumentEditing]:
    with opened() as editing:
        yield editing


def over(editing: DocumentEditing, run: Job | None) -> Job:
    """The run once it is over."""
    assert run is not None
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        now = editing.jobs.job(run.id)
        assert now is not None
        if now.state.is_over:
            return now
        time.sleep(0.01)
    raise AssertionError(f"still {now}")


def upload(editing: DocumentEditing, name: str, text: str | bytes) -> Job:
    content = text.encode() if isinstance(text, str) else text
    return over(editing, editing.take_in([editing.take(name, io.BytesIO(content).read)], by="li"))


def the_one(editing: DocumentEditing, standing: Standing = Standing.IN_FORCE) -> int:
    (entry,) = editing.documents.page(DocumentFilter(state=standing)).entries
    return entry.document.id


def found(data: Path, encoder: Encoder, words: str = "学法") -> str:
    return "".join(hit.passage.text for hit in Retriever(data, encoder).search(words, num_results=20))


def test_an_upload_is_held(editing: DocumentEditing, data: Path, quick_encoder: Encoder) -> None:
    """What was sent is found, and the run says what it did, for whom, and when."""
    run = upload(editing, "a.txt", REPORT)
    assert run.outcome is not None
    assert (JobState.DONE, (JobTask.UPLOAD,), ("a.txt",), ("li",), "") == (
        run.state,
        run.tasks,
        run.about,
        run.by,
        run.error,
    )
    assert (1, 1) == (run.outcome.counts["created"], len(run.outcome.paths["created"]))
    assert run.asked_at <= run.started_at <= run.ended_at
    assert "学法17次" in found(data, quick_encoder)


def test_a_name_that_is_taken_is_a_new_version(editing: DocumentEditing, data: Path, quick_encoder: Encoder) -> None:
    """The new file is answered from, the old one is kept beside it, with both originals."""
    upload(editing, "a.txt", REPORT)
    upload(editing, "a.txt", REPORT.replace("17", "18"))
    newer, older = editing.documents.versions(the_one(editing))
    assert (Standing.IN_FORCE, Standing.SUPERSEDED) == (newer.standing, older.standing)
    assert "学法18次" in (text := found(data, quick_encoder))
    assert "学法17次" not in text
    assert all(editing.originals.path_of(entry.document.sha256) for entry in (newer, older))


def test_withdrawn_at_the_next_question(editing: DocumentEditing, data: Path, quick_encoder: Encoder) -> None:
    """A page that is open answers from it no more before any run is over; restored, it does again."""
    upload(editing, "a.txt", REPORT)
    retriever = Retriever(data, quick_encoder)
    assert retriever.search("学法", num_results=5)
    id_ = the_one(editing)
    with only_one(data):  # no run can begin
        run = editing.withdraw(id_, by="li")
        assert [] == retriever.search("学法", num_results=5)
        assert id_ == the_one(editing, Standing.WITHDRAWN)
    assert JobState.DONE is over(editing, run).state
    assert [] == retriever.search("学法", num_results=5)
    over(editing, editing.restore(id_, by="li"))
    assert retriever.search("学法", num_results=5)


def test_removed_with_all_its_versions(editing: DocumentEditing, data: Path) -> None:
    """Neither text nor original nor upload is left, and an upload of the same name begins anew."""
    upload(editing, "a.txt", REPORT)
    upload(editing, "a.txt", REPORT.replace("17", "18"))
    editing.correct(the_one(editing), {"issuer": "望舒市"}, by="li")
    over(editing, editing.remove(the_one(editing), by="li"))
    assert 0 == editing.documents.page(DocumentFilter()).total
    assert [] == [path for path in (data / "originals").rglob("*") if path.is_file()]
    assert [] == [path for path in (data / "documents").rglob("*") if path.is_file()]
    upload(editing, "a.txt", REPORT)
    entry = editing.documents.entry(the_one(editing))
    assert entry is not None
    assert "望舒市" != entry.document.metadata.issuer


def test_removed_from_a_folder_of_the_server(editing: DocumentEditing, tmp_path: Path) -> None:
    """The file is not ours to delete: it stays and is kept out, until it is admitted."""
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "a.txt").write_text(REPORT)
    editing.folders.add(str(folder), by="li")
    over(editing, editing.synchronise(by="li"))
    over(editing, editing.remove(the_one(editing), by="li"))
    run = over(editing, editing.synchronise(str(folder.resolve()), by="li"))
    assert run.outcome is not None
    assert (1, 0) == (run.outcome.counts["left_out"], run.outcome.counts["created"])
    assert (folder / "a.txt").is_file()
    (exclusion,) = editing.corrections.exclusions()
    assert editing.admit(exclusion.path)
    over(editing, editing.synchronise(by="li"))
    assert the_one(editing)


def test_old_versions_are_not_touched(editing: DocumentEditing) -> None:
    """Only what a file holds now can be withdrawn, restored, corrected or removed."""
    upload(editing, "a.txt", REPORT)
    upload(editing, "a.txt", REPORT.replace("17", "18"))
    old = the_one(editing, Standing.SUPERSEDED)
    for act in (editing.withdraw, editing.restore, editing.remove):
        with pytest.raises(DeskError, match="旧版本"):
            act(old, by="li")
    with pytest.raises(DeskError, match="没有这份文件"):
        editing.withdraw(old + 100, by="li")


def test_what_is_asked_meanwhile_joins_the_one_that_waits(editing: DocumentEditing) -> None:
    """One runs, one waits: a third request is the second's, with what it is about and by whom."""
    Here.may_go_on.clear()
    first = editing.take_in([editing.take("a.txt", io.BytesIO(REPORT.encode()).read)], by="li")
    while editing.jobs.job(first.id) is None or editing.jobs.job(first.id).state is not JobState.RUNNING:  # type: ignore[union-attr]
        time.sleep(0.01)
    second = editing.take_in([editing.take("b.txt", io.BytesIO(REPORT.encode()).read)], by="li")
    third = editing.synchronise(by="wang")
    assert (first.id != second.id, second.id) == (True, third.id)
    assert ((JobTask.UPLOAD, JobTask.SYNCHRONISE), ("li", "wang")) == (third.tasks, third.by)
    assert [second.id, first.id] == [run.id for run in editing.jobs.latest()]
    Here.may_go_on.set()
    assert JobState.DONE is over(editing, third).state
    entry = editing.documents.entry(the_one(editing))
    assert entry is not None
    assert 2 == len(entry.document.sources)


def test_another_ingest_is_waited_for(editing: DocumentEditing, data: Path) -> None:
    """While another process is at work a run says so, and begins when that is over."""
    with only_one(data):
        run = editing.take_in([editing.take("a.txt", io.BytesIO(REPORT.encode()).read)], by="li")
        until = time.monotonic() + _PATIENCE
        while not (now := editing.jobs.job(run.id)).note and time.monotonic() < until:  # type: ignore[union-attr]
            time.sleep(0.01)
        assert now is not None
        assert (JobState.WAITING, True) == (now.state, "另一个导入" in now.note)
    assert (JobState.DONE, "") == ((done := over(editing, run)).state, done.note)


def test_a_run_that_was_cut_off_is_run_again(opened: Open, data: Path, quick_encoder: Encoder) -> None:
    """After the end of its process a run is told as interrupted, and run again it finishes the work."""
    with opened() as editing:
        Here.may_go_on.clear()
        for name in "ab":
            editing.take(f"{name}.txt", io.BytesIO(REPORT.replace("17", str(ord(name))).encode()).read)
        run = editing.take_in([], by="li")
        while editing.jobs.job(run.id).state is not JobState.RUNNING:
            time.sleep(0.01)
        threading.Timer(0.3, Here.may_go_on.set).start()  # the registry is closed while the first file is read
    with opened() as editing:
        before = editing.jobs.job(run.id)
        assert JobState.INTERRUPTED is before.state
        assert before.ended_at
        assert JobState.DONE is over(editing, editing.jobs.again(run.id, by="wang")).state
        assert 2 == editing.documents.page(DocumentFilter(state=Standing.IN_FORCE)).total
        assert editing.jobs.again(run.id + 100, by="wang") is None


def test_a_killed_process_leaves_an_interrupted_run(data: Path) -> None:
    """Nothing tells of a kill: what was not over when the history is opened is interrupted."""
    history = JobHistory(data / "runs.sqlite3")
    run = history.add(Job(id=0, tasks=(JobTask.UPLOAD,), about=("a",), folders=(), by=("li",), asked_at="2026-01-01"))
    history.write(replace(run, state=JobState.RUNNING, step="embedding", done=3, total=9))
    history.close()
    history = JobHistory(data / "runs.sqlite3")
    assert [(JobState.INTERRUPTED, 3, 9)] == [(run.state, run.done, run.total) for run in history.latest()]
    for _ in range(MOST_KEPT + 5):
        last = history.add(run)
    assert MOST_KEPT == len(history.latest())
    assert history.job(run.id) is None
    assert history.job(last.id) == replace(last, state=JobState.WAITING)
    history.close()


def test_a_failure_is_told_and_the_next_run_begins(
    editing: DocumentEditing, monkeypatch: pytest.MonkeyPatch, quick_encoder: Encoder
) -> None:
    """Whatever a run meets, it says so, and the thread lives on."""

    def broken(texts: object) -> None:
        raise ZeroDivisionError("of the test's making")

    with monkeypatch.context() as patched:
        patched.setattr(quick_encoder, "encode_passages", broken)
        run = upload(editing, "a.txt", REPORT)
    assert (JobState.FAILED, True) == (run.state, "ZeroDivisionError" in run.error)
    assert JobState.DONE is over(editing, editing.jobs.again(run.id, by="li")).state
    assert the_one(editing)


def test_an_unreadable_upload_is_told_and_discarded(editing: DocumentEditing) -> None:
    """It is named with its reason; discarded, the earlier state lies there again and stays held."""
    upload(editing, "a.txt", REPORT)
    upload(editing, "b.txt", b"%PDF-1.7 nothing more")
    upload(editing, "a.txt", bytes(range(256)) * 40)
    assert [("a.txt", True), ("b.txt", False)] == [(r.path.name, r.is_held) for r in editing.refusals()]
    assert all(refusal.reason for refusal in editing.refusals())
    for name in ("a.txt", "b.txt"):
        editing.discard(name)
    run = over(editing, editing.synchronise(by="li"))
    assert run.outcome is not None
    assert {} == run.outcome.reasons
    assert [] == editing.refusals()
    assert the_one(editing)
    with pytest.raises(UploadError):
        editing.discard("a.txt")


# What may be read ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", "reports", "../etc", "/", "/etc", "/nowhere", "/tmp\0"])
def test_only_open_folders_are_added(name: str, editing: DocumentEditing, tmp_path: Path) -> None:
    """Neither a relative path, nor one elsewhere, nor what is no path is remembered."""
    (tmp_path / "reports").mkdir()
    with pytest.raises(FolderError):
        editing.folders.add(name, by="li")
    with pytest.raises(FolderError):
        editing.folders.add(f"{tmp_path}/reports/../other", by="li")
    with pytest.raises(FolderError, match="没有文件夹"):
        editing.folders.add(f"{tmp_path}/reports/missing", by="li")
    assert [] == editing.folders.all()


def test_the_data_folder_is_no_folder_of_documents(data: Path, quick_encoder: Encoder, tmp_path: Path) -> None:
    """Accounts and catalogue lie there: neither it, nor what holds it, nor what is in it can be added."""
    settings = read_settings({"WENZHENG_FOLDERS": str(tmp_path)})
    with open_editing(settings, data, quick_encoder, open_reading=Here) as editing:
        for path in (data, data / "index", tmp_path):
            path.mkdir(exist_ok=True)
            with pytest.raises(FolderError):
                editing.folders.add(str(path), by="li")


def test_no_folder_is_open_by_default(data: Path, quick_encoder: Encoder, tmp_path: Path) -> None:
    """Without the setting nothing of the server is read but uploads."""
    with (
        open_editing(read_settings({}), data, quick_encoder, open_reading=Here) as editing,
        pytest.raises(FolderError, match="WENZHENG_FOLDERS"),
    ):
        editing.folders.add(str(tmp_path), by="li")


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_out_of_a_folder_are_not_followed(editing: DocumentEditing, tmp_path: Path) -> None:
    """Neither a file, nor a folder, nor a manifest that lies elsewhere is read, and each is named."""
    folder, outside = tmp_path / "reports", tmp_path / "outside"
    for path in (folder, outside):
        path.mkdir()
    (outside / "secret.txt").write_text(REPORT)
    (outside / "manifest.csv").write_text("password\nsecret\n")
    (folder / "here.txt").write_text(REPORT.replace("17", "18"))
    (folder / "file.txt").symlink_to(outside / "secret.txt")
    (folder / "inner").symlink_to(outside)
    (folder / "manifest.csv").symlink_to(outside / "manifest.csv")
    (folder / "within.txt").symlink_to(folder / "here.txt")
    editing.folders.add(str(folder), by="li")
    run = over(editing, editing.synchronise(by="li"))
    assert run.outcome is not None
    assert {"file.txt", "inner", "manifest.csv"} == {Path(path).name for path in run.outcome.reasons}
    assert "password" not in str(run)
    entry = editing.documents.entry(the_one(editing))
    assert entry is not None
    assert {"here.txt", "within.txt"} == {Path(source).name for source in entry.document.sources}


def test_a_folder_that_is_closed_later_is_not_read(
    editing: DocumentEditing, data: Path, tmp_path: Path, quick_encoder: Encoder
) -> None:
    """Where the setting no longer names a root, what was remembered below it is read no more; what is held stays."""
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "a.txt").write_text(REPORT)
    editing.folders.add(str(folder), by="li")
    over(editing, editing.synchronise(by="li"))
    before = editing.jobs.latest()[0].id
    editing.jobs.close()
    with open_editing(read_settings({}), data, quick_encoder, open_reading=Here) as narrower:
        with pytest.raises(FolderError):
            narrower.synchronise(str(folder), by="li")
        run = over(narrower, narrower.jobs.again(before, by="li"))
        assert run.outcome is not None
        assert [str(folder)] == list(run.outcome.reasons)
        assert the_one(narrower)


# Uploads ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("报告.docx", "报告.docx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\li\\报告.pdf", "报告.pdf"),
        ("..\\..\\x.txt", "x.txt"),
        (".htaccess", "htaccess"),
        ("~$报告.docx", "报告.docx"),
        ("a\x00b\x1b[31m\n.txt", "ab[31m.txt"),
        ("\u202etxt.exe", "txt.exe"),
        ("<script>alert(1)</script>.txt", "script_.txt"),
        ('a"><img src=x onerror=1>.txt', "a___img src=x onerror=1_.txt"),
        ("con.txt", "_con.txt"),
        ("LPT1", "_LPT1"),
        ("constitution.txt", "constitution.txt"),
        ("a.txt. . ", "a.txt"),
        ("e\u0301.txt", "é.txt"),
        ("a:b|c?d*e.txt", "a_b_c_d_e.txt"),
    ],
)
def test_names_are_made_safe(name: str, kept: str) -> None:
    """A name is one part, of characters that are seen, and no device."""
    assert kept == safe_name(name)


@pytest.mark.parametrize("name", ["", "..", "/", "\x00", " . ", "???", "manifest.csv", "MANIFEST.CSV", "Thumbs.db"])
def test_names_that_are_none(name: str) -> None:
    """Where nothing is left of a name, or an ingest would pass it over, the file is refused with a reason."""
    with pytest.raises(UploadError, match="请|不作为"):
        safe_name(name)


def test_a_long_name_keeps_its_ending() -> None:
    """Three hundred characters of three bytes fit no file system."""
    safe = safe_name("长" * 300 + ".docx")
    assert safe.endswith("长.docx")
    assert len(safe.encode()) <= 200


@pytest.mark.parametrize(("content", "reason"), [(b"", "空的"), (b"x" * (2**20 + 1), "超过 1 MiB")])
def test_uploads_are_bounded(content: bytes, reason: str, editing: DocumentEditing, data: Path) -> None:
    """What is empty or too large is not kept, and leaves an earlier file of that name as it was."""
    editing.take("a.txt", io.BytesIO(b"before").read)
    with pytest.raises(UploadError, match=reason):
        editing.take("a.txt", io.BytesIO(content).read)
    assert [b"before"] == [path.read_bytes() for path in (data / "documents").rglob("*") if path.is_file()]


def test_an_upload_that_is_cut_off_leaves_nothing(editing: DocumentEditing, data: Path) -> None:
    """Where the sender goes away in the middle, nothing of the file is held."""

    def torn(size: int) -> bytes:
        raise ConnectionResetError

    with pytest.raises((UploadError, ConnectionResetError)):
        editing.take("a.txt", torn)
    assert [] == [path for path in (data / "documents").rglob("*") if path.is_file()]
