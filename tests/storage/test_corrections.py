"""What editors say of documents: it stands over what is found, until it is taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ingest.report import IngestReport
from kb.errors import CorrectionError
from kb.search.encoder import Encoder
from kb.search.index import Index
from kb.search.retriever import Retriever
from kb.storage.catalogue import Catalogue
from kb.storage.corrections import Corrections
from kb.types import Document, Ending
from tests.conftest import synchronise_into

REPORT = "云澜区2024年度法治政府建设情况报告\n一、工作\n2024年组织学法17次。\n"


@pytest.fixture
def corrections(data: Path) -> Iterator[Corrections]:
    with closing(Corrections(data / "corrections.sqlite3")) as opened:
        yield opened


@pytest.fixture
def run_corrected(data: Path, corrections: Corrections, quick_encoder: Encoder) -> Callable[..., IngestReport]:
    """Synchronise paths with what editors say."""

    def run(*paths: Path) -> IngestReport:
        return synchronise_into(data, *paths, encoder=quick_encoder, corrections=corrections)

    return run


def held(data: Path) -> list[Document]:
    with Catalogue(data / "catalogue.sqlite3") as catalogue:
        return catalogue.documents()


def the_one(data: Path) -> Document:
    (document,) = held(data)
    return document


def test_a_correction_makes_the_document_anew(
    folder: Path,
    data: Path,
    corrections: Corrections,
    run_corrected: Callable[..., IngestReport],
    quick_encoder: Encoder,
) -> None:
    """Without its file being read, a document is what an editor says; the state before stays as a version."""
    (folder / "a.txt").write_text(REPORT)
    run_corrected(folder)
    before = the_one(data)
    assert corrections.correct(before, {"issuer": "望舒市", "year": "2023"}, by="li")
    (folder / "a.txt").unlink()  # it is not needed
    assert [str(folder / "a.txt")] == run_corrected().updated
    after = the_one(data)
    assert ("望舒市", 2023, before.metadata.title) == (
        after.metadata.issuer,
        after.metadata.year,
        after.metadata.title,
    )
    assert before.id == after.supersedes
    assert ["望舒市"] == Retriever(data, quick_encoder).gazetteer().issuers


def test_twice_changes_nothing(
    folder: Path, data: Path, corrections: Corrections, run_corrected: Callable[..., IngestReport]
) -> None:
    """A correction that was made is not made again, by whatever is synchronised."""
    (folder / "a.txt").write_text(REPORT)
    run_corrected(folder)
    corrections.correct(the_one(data), {"issuer": "望舒市"}, by="li")
    run_corrected()
    document = the_one(data)
    assert ([], [str(folder / "a.txt")]) == ((report := run_corrected(folder)).updated, report.skipped)
    assert document == the_one(data)
    assert not corrections.correct(document, {"issuer": "望舒市"}, by="li")


def test_it_outlives_a_new_version_and_a_move(
    folder: Path, data: Path, corrections: Corrections, run_corrected: Callable[..., IngestReport]
) -> None:
    """A changed file and a moved one are still what the editor said."""
    (folder / "a.txt").write_text(REPORT)
    run_corrected(folder)
    corrections.correct(the_one(data), {"issuer": "望舒市"}, by="li")
    (folder / "a.txt").write_text(REPORT.replace("17", "18"))
    run_corrected(folder)
    assert "望舒市" == the_one(data).metadata.issuer
    (folder / "a.txt").rename(folder / "b.txt")
    run_corrected(folder)
    assert ("b.txt", "望舒市") == (the_one(data).name, the_one(data).metadata.issuer)
    (folder / "b.txt").write_text(REPORT.replace("17", "19"))
    run_corrected(folder)
    assert "望舒市" == the_one(data).metadata.issuer


def test_it_goes_before_a_manifest(
    folder: Path, data: Path, corrections: Corrections, run_corrected: Callable[..., IngestReport]
) -> None:
    """Where both speak the editor is heard, and the manifest on all else."""
    (folder / "a.txt").write_text(REPORT)
    (folder / "manifest.csv").write_text("file,issuer,region\na.txt,归真县,归真县\n")
    run_corrected(folder)
    corrections.correct(the_one(data), {"issuer": "望舒市"}, by="li")
    run_corrected(folder)
    assert ("望舒市", "归真县") == (the_one(data).metadata.issuer, the_one(data).metadata.region)


def test_taken_back_it_is_what_was_found_in_the_newest_file(
    folder: Path, data: Path, corrections: Corrections, run_corrected: Callable[..., IngestReport]
) -> None:
    """Though the file changed under the correction, what is found in it now comes back."""
    (folder / "a.txt").write_text(REPORT)
    run_corrected(folder)
    corrections.correct(the_one(data), {"title": "另一个标题", "issuer": "望舒市"}, by="li")
    run_corrected()
    (folder / "a.txt").write_text(REPORT.replace("2024年度", "2025年度"))
    run_corrected(folder)
    assert "另一个标题" == the_one(data).metadata.title
    corrections.correct(the_one(data), {}, take_back=["title"], by="wang")
    (folder / "a.txt").unlink()
    run_corrected()
    assert ("云澜区2025年度法治政府建设情况报告", "望舒市") == (
        the_one(data).metadata.title,
        the_one(data).metadata.issuer,
    )


def test_what_was_found_wrongly_can_be_emptied(
    folder: Path, data: Path, corrections: Corrections, run_corrected: Callable[..., IngestReport]
) -> None:
    """An editor can say that a document has no issuer."""
    (folder / "a.txt").write_text(REPORT)
    run_corrected(folder)
    assert the_one(data).metadata.issuer
    corrections.correct(the_one(data), {"issuer": " "}, by="li")
    run_corrected()
    assert the_one(data).metadata.issuer is None


def test_copies_stay_one_document(
    folder: Path, data: Path, corrections: Corrections, run_corrected: Callable[..., IngestReport]
) -> None:
    """A document of two paths is corrected at both, and a third copy joins it."""
    for name in "ab":
        (folder / f"{name}.txt").write_text(REPORT)
    run_corrected(folder)
    corrections.correct(the_one(data), {"issuer": "望舒市"}, by="li")
    run_corrected()
    assert 2 == len(the_one(data).sources)
    (folder / "c.txt").write_text(REPORT)
    assert [str(folder / "c.txt")] == run_corrected(folder).duplicates
    assert 3 == len(the_one(data).sources)


def test_a_withdrawn_document_stays_withdrawn(
    folder: Path, data: Path, corrections: Corrections, run_corrected: Callable[..., IngestReport]
) -> None:
    """A word about a document does not bring it back; nor does that word taken back."""
    (folder / "a.txt").write_text(REPORT)
    run_corrected(folder)
    document = the_one(data)
    with Catalogue(data / "catalogue.sqlite3") as catalogue:
        catalogue.withdraw(document.id)
    corrections.correct(document, {"issuer": "望舒市"}, by="li")
    run_corrected(folder)
    assert [] == held(data)
    with Catalogue(data / "catalogue.sqlite3") as catalogue:
        current = catalogue.named("a.txt")[0]
        assert (Ending.WITHDRAWN, "望舒市") == (current.ended_by, current.metadata.issuer)
    corrections.correct(current, {}, take_back=["issuer"], by="li")
    run_corrected(folder)
    assert [] == held(data)
    with Catalogue(data / "catalogue.sqlite3") as catalogue:
        catalogue.restore(catalogue.named("a.txt")[0].id)
    assert document.metadata == the_one(data).metadata


def test_an_excluded_path_is_let_go_and_stays_out(
    folder: Path, data: Path, corrections: Corrections, run_corrected: Callable[..., IngestReport]
) -> None:
    """Its file may lie there: it is not held, and the report says so, until it is admitted."""
    (folder / "a.txt").write_text(REPORT)
    run_corrected(folder)
    corrections.exclude(the_one(data).sources, title="报告", by="li")
    assert [str(folder / "a.txt")] == run_corrected().removed
    assert [] == held(data)
    assert ([], [str(folder / "a.txt")]) == ((report := run_corrected(folder)).created, report.left_out)
    assert corrections.admit(str(folder / "a.txt"))
    assert [str(folder / "a.txt")] == run_corrected(folder).created


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", " "),
        ("year", "二〇二四"),
        ("year", "20245"),
        ("reporting_year", "²⁰²⁴"),
        ("date", "2024-13-01"),
        ("date", "三月"),
        ("date_in_force", "2024-02-30"),
        ("valid_until", "五年"),
        ("issuer", "长" * 301),
        ("number", "一\x00号"),
        ("sha256", "x"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    name: str,
    value: str,
    folder: Path,
    data: Path,
    corrections: Corrections,
    run_corrected: Callable[..., IngestReport],
) -> None:
    """A slip is named, and nothing is kept of it."""
    (folder / "a.txt").write_text(REPORT)
    run_corrected(folder)
    with pytest.raises(CorrectionError):
        corrections.correct(the_one(data), {"region": "云澜区", name: value}, by="li")
    assert [] == corrections.all()


def test_a_correction_reaches_the_collection(
    folder: Path, data: Path, corrections: Corrections, run_corrected: Callable[..., IngestReport]
) -> None:
    """What an editor says of one of nine documents stands beside its passages in Chroma, in a snapshot made by difference."""
    import chromadb

    for number in range(9):
        (folder / f"{number}.txt").write_text(REPORT.replace("17次", f"{number}次"))
    run_corrected(folder)
    corrections.correct(held(data)[3], {"issuer": "望舒市", "year": "2023"}, by="li")
    run_corrected()
    name = (data / "index" / "current").read_text()
    assert 1 == Index(data / "index").origin().num_ended  # type: ignore[union-attr]
    collection = chromadb.PersistentClient(data / "index" / name / "vectors").get_collection("passages")
    kept = collection.get(where={"issuer": "望舒市"})
    assert "3次" in "\n".join(kept["documents"] or [])
    assert {2023} == {fields["year"] for fields in kept["metadatas"] or []}
    standing = {document.id for document in held(data)}
    assert standing == {fields["document_id"] for fields in collection.get()["metadatas"] or []}
