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

from ingest.jobs import open_registry
from ingest.worker import read_outlined
from kb.admin.documents import Standing, Wanted
from kb.admin.editing import Registry
from kb.admin.jobs import MOST_KEPT, History, Run, State, Task
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


Open = Callable[[], AbstractContextManager[Registry]]


@pytest.fixture
def opened(data: Path, tmp_path: Path, quick_encoder: Encoder) -> Open:
    def opened() -> AbstractContextManager[Registry]:
        settings = read_settings({"WENZHENG_FOLDERS": str(tmp_path / "reports"), "WENZHENG_UPLOAD_MIB": "1"})
        return open_registry(data, settings, quick_encoder, open_reading=Here)

    return opened


@pytest.fixture
def registry(opened: Open) -> Iterator[Registry]:
    with opened() as registry:
        yield registry


def over(registry: Registry, run: Run | None) -> Run:
    """The run once it is over."""
    assert run is not None
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        now = registry.runs.run(run.id)
        assert now is not None
        if now.state.is_over:
            return now
        time.sleep(0.01)
    raise AssertionError(f"still {now}")


def upload(registry: Registry, name: str, text: str | bytes) -> Run:
    content = text.encode() if isinstance(text, str) else text
    return over(registry, registry.take_in([registry.take(name, io.BytesIO(content).read)], by="li"))


def the_one(registry: Registry, standing: Standing = Standing.IN_FORCE) -> int:
    (entry,) = registry.inventory.listed(Wanted(state=standing)).entries
    return entry.document.id


def found(data: Path, encoder: Encoder, words: str = "学法") -> str:
    return "".join(hit.passage.text for hit in Retriever(data, encoder).search(words, num_results=20))


def test_an_upload_is_held(registry: Registry, data: Path, quick_encoder: Encoder) -> None:
    """What was sent is found, and the run says what it did, for whom, and when."""
    run = upload(registry, "a.txt", REPORT)
    assert run.outcome is not None
    assert (State.DONE, (Task.UPLOAD,), ("a.txt",), ("li",), "") == (
        run.state,
        run.tasks,
        run.about,
        run.by,
        run.error,
    )
    assert (1, 1) == (run.outcome.counts["created"], len(run.outcome.paths["created"]))
    assert run.asked_at <= run.started_at <= run.ended_at
    assert "学法17次" in found(data, quick_encoder)


def test_a_name_that_is_taken_is_a_new_version(registry: Registry, data: Path, quick_encoder: Encoder) -> None:
    """The new file is answered from, the old one is kept beside it, with both originals."""
    upload(registry, "a.txt", REPORT)
    upload(registry, "a.txt", REPORT.replace("17", "18"))
    newer, older = registry.inventory.versions(the_one(registry))
    assert (Standing.IN_FORCE, Standing.SUPERSEDED) == (newer.standing, older.standing)
    assert "学法18次" in (text := found(data, quick_encoder))
    assert "学法17次" not in text
    assert all(registry.originals.path_of(entry.document.sha256) for entry in (newer, older))


def test_withdrawn_at_the_next_question(registry: Registry, data: Path, quick_encoder: Encoder) -> None:
    """A page that is open answers from it no more before any run is over; restored, it does again."""
    upload(registry, "a.txt", REPORT)
    retriever = Retriever(data, quick_encoder)
    assert retriever.search("学法", num_results=5)
    id_ = the_one(registry)
    with only_one(data):  # no run can begin
        run = registry.withdraw(id_, by="li")
        assert [] == retriever.search("学法", num_results=5)
        assert id_ == the_one(registry, Standing.WITHDRAWN)
    assert State.DONE is over(registry, run).state
    assert [] == retriever.search("学法", num_results=5)
    over(registry, registry.restore(id_, by="li"))
    assert retriever.search("学法", num_results=5)


def test_removed_with_all_its_versions(registry: Registry, data: Path) -> None:
    """Neither text nor original nor upload is left, and an upload of the same name begins anew."""
    upload(registry, "a.txt", REPORT)
    upload(registry, "a.txt", REPORT.replace("17", "18"))
    registry.correct(the_one(registry), {"issuer": "望舒市"}, by="li")
    over(registry, registry.remove(the_one(registry), by="li"))
    assert 0 == registry.inventory.listed(Wanted()).total
    assert [] == [path for path in (data / "originals").rglob("*") if path.is_file()]
    assert [] == [path for path in (data / "documents").rglob("*") if path.is_file()]
    upload(registry, "a.txt", REPORT)
    entry = registry.inventory.entry(the_one(registry))
    assert entry is not None
    assert "望舒市" != entry.document.metadata.issuer


def test_removed_from_a_folder_of_the_server(registry: Registry, tmp_path: Path) -> None:
    """The file is not ours to delete: it stays and is kept out, until it is admitted."""
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "a.txt").write_text(REPORT)
    registry.folders.add(str(folder), by="li")
    over(registry, registry.synchronise(by="li"))
    over(registry, registry.remove(the_one(registry), by="li"))
    run = over(registry, registry.synchronise(str(folder.resolve()), by="li"))
    assert run.outcome is not None
    assert (1, 0) == (run.outcome.counts["left_out"], run.outcome.counts["created"])
    assert (folder / "a.txt").is_file()
    (exclusion,) = registry.corrections.exclusions()
    assert registry.admit(exclusion.path)
    over(registry, registry.synchronise(by="li"))
    assert the_one(registry)


def test_old_versions_are_not_touched(registry: Registry) -> None:
    """Only what a file holds now can be withdrawn, restored, corrected or removed."""
    upload(registry, "a.txt", REPORT)
    upload(registry, "a.txt", REPORT.replace("17", "18"))
    old = the_one(registry, Standing.SUPERSEDED)
    for act in (registry.withdraw, registry.restore, registry.remove):
        with pytest.raises(DeskError, match="旧版本"):
            act(old, by="li")
    with pytest.raises(DeskError, match="没有这份文件"):
        registry.withdraw(old + 100, by="li")


def test_what_is_asked_meanwhile_joins_the_one_that_waits(registry: Registry) -> None:
    """One runs, one waits: a third request is the second's, with what it is about and by whom."""
    Here.may_go_on.clear()
    first = registry.take_in([registry.take("a.txt", io.BytesIO(REPORT.encode()).read)], by="li")
    while registry.runs.run(first.id) is None or registry.runs.run(first.id).state is not State.RUNNING:  # type: ignore[union-attr]
        time.sleep(0.01)
    second = registry.take_in([registry.take("b.txt", io.BytesIO(REPORT.encode()).read)], by="li")
    third = registry.synchronise(by="wang")
    assert (first.id != second.id, second.id) == (True, third.id)
    assert ((Task.UPLOAD, Task.SYNCHRONISE), ("li", "wang")) == (third.tasks, third.by)
    assert [second.id, first.id] == [run.id for run in registry.runs.latest()]
    Here.may_go_on.set()
    assert State.DONE is over(registry, third).state
    entry = registry.inventory.entry(the_one(registry))
    assert entry is not None
    assert 2 == len(entry.document.sources)


def test_another_ingest_is_waited_for(registry: Registry, data: Path) -> None:
    """While another process is at work a run says so, and begins when that is over."""
    with only_one(data):
        run = registry.take_in([registry.take("a.txt", io.BytesIO(REPORT.encode()).read)], by="li")
        until = time.monotonic() + _PATIENCE
        while not (now := registry.runs.run(run.id)).note and time.monotonic() < until:  # type: ignore[union-attr]
            time.sleep(0.01)
        assert now is not None
        assert (State.WAITING, True) == (now.state, "另一个导入" in now.note)
    assert (State.DONE, "") == ((done := over(registry, run)).state, done.note)


def test_a_run_that_was_cut_off_is_run_again(opened: Open, data: Path, quick_encoder: Encoder) -> None:
    """After the end of its process a run is told as interrupted, and run again it finishes the work."""
    with opened() as registry:
        Here.may_go_on.clear()
        for name in "ab":
            registry.take(f"{name}.txt", io.BytesIO(REPORT.replace("17", str(ord(name))).encode()).read)
        run = registry.take_in([], by="li")
        while registry.runs.run(run.id).state is not State.RUNNING:
            time.sleep(0.01)
        threading.Timer(0.3, Here.may_go_on.set).start()  # the registry is closed while the first file is read
    with opened() as registry:
        before = registry.runs.run(run.id)
        assert State.INTERRUPTED is before.state
        assert before.ended_at
        assert State.DONE is over(registry, registry.runs.again(run.id, by="wang")).state
        assert 2 == registry.inventory.listed(Wanted(state=Standing.IN_FORCE)).total
        assert registry.runs.again(run.id + 100, by="wang") is None


def test_a_killed_process_leaves_an_interrupted_run(data: Path) -> None:
    """Nothing tells of a kill: what was not over when the history is opened is interrupted."""
    history = History(data / "runs.sqlite3")
    run = history.add(Run(id=0, tasks=(Task.UPLOAD,), about=("a",), folders=(), by=("li",), asked_at="2026-01-01"))
    history.write(replace(run, state=State.RUNNING, step="embedding", done=3, total=9))
    history.close()
    history = History(data / "runs.sqlite3")
    assert [(State.INTERRUPTED, 3, 9)] == [(run.state, run.done, run.total) for run in history.latest()]
    for _ in range(MOST_KEPT + 5):
        last = history.add(run)
    assert MOST_KEPT == len(history.latest())
    assert history.run(run.id) is None
    assert history.run(last.id) == replace(last, state=State.WAITING)
    history.close()


def test_a_failure_is_told_and_the_next_run_begins(
    registry: Registry, monkeypatch: pytest.MonkeyPatch, quick_encoder: Encoder
) -> None:
    """Whatever a run meets, it says so, and the thread lives on."""

    def broken(texts: object) -> None:
        raise ZeroDivisionError("of the test's making")

    with monkeypatch.context() as patched:
        patched.setattr(quick_encoder, "encode_passages", broken)
        run = upload(registry, "a.txt", REPORT)
    assert (State.FAILED, True) == (run.state, "ZeroDivisionError" in run.error)
    assert State.DONE is over(registry, registry.runs.again(run.id, by="li")).state
    assert the_one(registry)


def test_an_unreadable_upload_is_told_and_discarded(registry: Registry) -> None:
    """It is named with its reason; discarded, the earlier state lies there again and stays held."""
    upload(registry, "a.txt", REPORT)
    upload(registry, "b.txt", b"%PDF-1.7 nothing more")
    upload(registry, "a.txt", bytes(range(256)) * 40)
    assert [("a.txt", True), ("b.txt", False)] == [(r.path.name, r.is_held) for r in registry.refusals()]
    assert all(refusal.reason for refusal in registry.refusals())
    for name in ("a.txt", "b.txt"):
        registry.discard(name)
    run = over(registry, registry.synchronise(by="li"))
    assert run.outcome is not None
    assert {} == run.outcome.reasons
    assert [] == registry.refusals()
    assert the_one(registry)
    with pytest.raises(UploadError):
        registry.discard("a.txt")


# What may be read ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", "reports", "../etc", "/", "/etc", "/nowhere", "/tmp\0"])
def test_only_open_folders_are_added(name: str, registry: Registry, tmp_path: Path) -> None:
    """Neither a relative path, nor one elsewhere, nor what is no path is remembered."""
    (tmp_path / "reports").mkdir()
    with pytest.raises(FolderError):
        registry.folders.add(name, by="li")
    with pytest.raises(FolderError):
        registry.folders.add(f"{tmp_path}/reports/../other", by="li")
    with pytest.raises(FolderError, match="没有文件夹"):
        registry.folders.add(f"{tmp_path}/reports/missing", by="li")
    assert [] == registry.folders.all()


def test_the_data_folder_is_no_folder_of_documents(data: Path, quick_encoder: Encoder, tmp_path: Path) -> None:
    """Accounts and catalogue lie there: neither it, nor what holds it, nor what is in it can be added."""
    settings = read_settings({"WENZHENG_FOLDERS": str(tmp_path)})
    with open_registry(data, settings, quick_encoder, open_reading=Here) as registry:
        for path in (data, data / "index", tmp_path):
            path.mkdir(exist_ok=True)
            with pytest.raises(FolderError):
                registry.folders.add(str(path), by="li")


def test_no_folder_is_open_by_default(data: Path, quick_encoder: Encoder, tmp_path: Path) -> None:
    """Without the setting nothing of the server is read but uploads."""
    with (
        open_registry(data, read_settings({}), quick_encoder, open_reading=Here) as registry,
        pytest.raises(FolderError, match="WENZHENG_FOLDERS"),
    ):
        registry.folders.add(str(tmp_path), by="li")


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_out_of_a_folder_are_not_followed(registry: Registry, tmp_path: Path) -> None:
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
    registry.folders.add(str(folder), by="li")
    run = over(registry, registry.synchronise(by="li"))
    assert run.outcome is not None
    assert {"file.txt", "inner", "manifest.csv"} == {Path(path).name for path in run.outcome.reasons}
    assert "password" not in str(run)
    entry = registry.inventory.entry(the_one(registry))
    assert entry is not None
    assert {"here.txt", "within.txt"} == {Path(source).name for source in entry.document.sources}


def test_a_folder_that_is_closed_later_is_not_read(
    registry: Registry, data: Path, tmp_path: Path, quick_encoder: Encoder
) -> None:
    """Where the setting no longer names a root, what was remembered below it is read no more; what is held stays."""
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "a.txt").write_text(REPORT)
    registry.folders.add(str(folder), by="li")
    over(registry, registry.synchronise(by="li"))
    before = registry.runs.latest()[0].id
    registry.runs.close()
    with open_registry(data, read_settings({}), quick_encoder, open_reading=Here) as narrower:
        with pytest.raises(FolderError):
            narrower.synchronise(str(folder), by="li")
        run = over(narrower, narrower.runs.again(before, by="li"))
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
def test_uploads_are_bounded(content: bytes, reason: str, registry: Registry, data: Path) -> None:
    """What is empty or too large is not kept, and leaves an earlier file of that name as it was."""
    registry.take("a.txt", io.BytesIO(b"before").read)
    with pytest.raises(UploadError, match=reason):
        registry.take("a.txt", io.BytesIO(content).read)
    assert [b"before"] == [path.read_bytes() for path in (data / "documents").rglob("*") if path.is_file()]


def test_an_upload_that_is_cut_off_leaves_nothing(registry: Registry, data: Path) -> None:
    """Where the sender goes away in the middle, nothing of the file is held."""

    def torn(size: int) -> bytes:
        raise ConnectionResetError

    with pytest.raises((UploadError, ConnectionResetError)):
        registry.take("a.txt", torn)
    assert [] == [path for path in (data / "documents").rglob("*") if path.is_file()]
