"""Original files: whole, by their digest, for as long as a document has them."""

from __future__ import annotations

import io
import stat
import sys
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from ingest.report import IngestReport
from kb.errors import StoreError
from kb.search.encoder import Encoder
from kb.storage.originals import Originals
from tests.conftest import full_disk, synchronise_into

REPORT = "云澜区2024年度法治政府建设情况报告\n一、工作\n2024年组织学法17次。\n"


@pytest.fixture
def originals(data: Path) -> Originals:
    return Originals(data / "originals")


@pytest.fixture
def run_keeping(data: Path, originals: Originals, quick_encoder: Encoder) -> Callable[..., IngestReport]:
    """Synchronise paths and keep the originals."""

    def run(*paths: Path, originals: Originals | None = originals) -> IngestReport:
        return synchronise_into(data, *paths, encoder=quick_encoder, originals=originals)

    return run


def digest(text: str | bytes) -> str:
    return sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def kept(originals: Originals) -> set[str]:
    return {path.name for path in originals.folder.rglob("*") if path.is_file()}


def test_what_is_kept_is_there_byte_by_byte(originals: Originals) -> None:
    """A file comes back as it was, by its digest."""
    originals.keep(b"\x00PK whatever")
    path = originals.path_of(digest(b"\x00PK whatever"))
    assert path is not None
    assert b"\x00PK whatever" == path.read_bytes()


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "/..", "\0" * 64])
def test_only_a_digest_names_a_file(name: str, originals: Originals) -> None:
    """Nothing else leads anywhere."""
    assert originals.path_of(name) is None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_only_its_owner_reads_it(originals: Originals) -> None:
    """A withdrawn document's file is for nobody else on the machine."""
    originals.keep(b"x")
    path = originals.path_of(digest(b"x"))
    assert path is not None
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)


def test_a_write_that_fails_leaves_nothing(originals: Originals) -> None:
    """On a full disk there is no half a file, and the error says what to do."""
    with full_disk(500), pytest.raises(StoreError, match="磁盘空间"):
        originals.keep(b"x" * 1000)
    assert set() == kept(originals)


def test_kept_with_its_document_and_gone_with_it(
    folder: Path, originals: Originals, run_keeping: Callable[..., IngestReport]
) -> None:
    """Every version that is kept has its original; a file that is gone takes all with it."""
    (folder / "a.txt").write_text(REPORT)
    run_keeping(folder)
    assert {digest(REPORT)} == kept(originals)
    newer = REPORT.replace("17", "18")
    (folder / "a.txt").write_text(newer)
    run_keeping(folder)
    assert {digest(REPORT), digest(newer)} == kept(originals)
    (folder / "a.txt").unlink()
    run_keeping(folder)
    assert set() == kept(originals)


def test_what_is_refused_is_not_kept(
    folder: Path, originals: Originals, run_keeping: Callable[..., IngestReport]
) -> None:
    """A file that no document stands for is not kept."""
    (folder / "a.bin").write_bytes(bytes(range(256)) * 40)
    assert run_keeping(folder).refused
    assert set() == kept(originals)


def test_members_of_archives_are_kept(
    folder: Path, originals: Originals, run_keeping: Callable[..., IngestReport]
) -> None:
    """A file within an archive is kept by itself, and the archive is not."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("年报/a.txt", REPORT)
    (folder / "a.zip").write_bytes(packed.getvalue())
    run_keeping(folder)
    assert {digest(REPORT)} == kept(originals)


def test_an_older_data_folder_is_filled_in(
    folder: Path, originals: Originals, run_keeping: Callable[..., IngestReport]
) -> None:
    """What was held without originals gets them when its file is seen again, though it is skipped."""
    (folder / "a.txt").write_text(REPORT)
    run_keeping(folder, originals=None)
    assert originals.path_of(digest(REPORT)) is None
    assert [str(folder / "a.txt")] == run_keeping(folder).skipped
    assert originals.path_of(digest(REPORT)) is not None


def test_a_killed_run_leaves_none_behind(
    folder: Path, originals: Originals, run_keeping: Callable[..., IngestReport]
) -> None:
    """What was kept and never held, and half of a write, are gone after the next run."""
    originals.keep(b"kept, and then killed")
    (originals.folder / "ab").mkdir()
    (originals.folder / "ab" / ".half").write_bytes(b"x")
    (folder / "a.txt").write_text(REPORT)
    run_keeping(folder)
    assert {digest(REPORT)} == kept(originals)


def test_originals_are_no_documents(data: Path, folder: Path, run_keeping: Callable[..., IngestReport]) -> None:
    """Where the data folder lies within the documents, our own copies are not taken in again."""
    (folder / "a.txt").write_text(REPORT)
    run_keeping(folder)
    report = run_keeping(data / "originals", folder)
    assert ([], []) == (report.duplicates, report.created)


def test_none_are_kept_where_they_are_not_wanted(
    data: Path, folder: Path, run_keeping: Callable[..., IngestReport]
) -> None:
    """Kept no more, those that are there go with their documents all the same."""
    (folder / "a.txt").write_text(REPORT)
    run_keeping(folder)
    off = Originals(data / "originals", keeps=False)
    (folder / "a.txt").write_text(REPORT.replace("17", "18"))
    run_keeping(folder, originals=off)
    assert {digest(REPORT)} == kept(off)
    (folder / "a.txt").unlink()
    run_keeping(folder, originals=off)
    assert set() == kept(off)
