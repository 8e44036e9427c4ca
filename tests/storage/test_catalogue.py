"""The catalogue, on real SQLite."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from kb.errors import CatalogueError
from kb.storage.catalogue import Catalogue, Fingerprint
from kb.types import Ending, Metadata, Passage


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue(tmp_path / "data" / "catalogue.sqlite3")


def embed(catalogue: Catalogue, vector: np.ndarray | None = None) -> None:
    vector = np.ones(4, np.float32) if vector is None else vector
    catalogue.embeddings.put("e", dict.fromkeys(catalogue.embeddings.missing("e", catalogue.revision), vector))


def put(catalogue: Catalogue, source: str, *texts: str, title: str = "报告") -> None:
    start, passages = 0, []
    for text in texts:
        passages.append(Passage(text=text, heading=("一、工作",), start=start, end=start + len(text)))
        start += len(text) + 1
    catalogue.add(
        path=source,
        name=Path(source).name,
        fingerprint=Fingerprint(f"{source} {texts}", "1"),
        metadata=Metadata(title=title, issuer="云澜区", year=2024),
        text="\n".join(texts),
        passages=passages,
    )


def texts(catalogue: Catalogue, revision: int | None = None) -> list[str]:
    return [stored.passage.text for stored in catalogue.passages(revision)]


def test_a_document_comes_back_as_it_was_put(catalogue: Catalogue) -> None:
    """Metadata, heading paths, spans and text are kept."""
    put(catalogue, "/a.txt", "学法17次。", "普法4场。")
    [document] = catalogue.documents()
    assert ("/a.txt", "a.txt", "云澜区", 2024, 2) == (
        document.sources[0],
        document.name,
        document.metadata.issuer,
        document.metadata.year,
        document.num_passages,
    )
    assert "学法17次。\n普法4场。" == catalogue.text(document.id)
    last = list(catalogue.passages())[-1]
    assert (("一、工作",), 7, 12) == (last.passage.heading, last.passage.start, last.passage.end)


def test_spans_count_characters(catalogue: Catalogue) -> None:
    """A character outside the basic plane is one character in spans, as in Python."""
    put(catalogue, "/a.txt", "𠮷区😀17次。", "普法4场。")
    assert ["𠮷区😀17次。", "普法4场。"] == texts(catalogue)


def test_an_update_supersedes_the_old_document(catalogue: Catalogue) -> None:
    """A revision before an update still shows the old passages, one after it the new ones only."""
    put(catalogue, "/a.txt", "学法16次。")
    before = catalogue.revision
    put(catalogue, "/a.txt", "学法17次。")
    assert ["学法16次。"] == texts(catalogue, before)
    assert ["学法17次。"] == texts(catalogue)


def test_purge_deletes_what_was_removed(catalogue: Catalogue) -> None:
    """After a purge nothing of a removed document is left, its older versions and embeddings included."""
    put(catalogue, "/a.txt", "学法16次。")
    embed(catalogue)
    put(catalogue, "/a.txt", "学法17次。")
    catalogue.remove_paths(["/a.txt"])
    catalogue.purge()
    with sqlite3.connect(catalogue.path) as connection:
        counts = [
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("documents", "passages", "embeddings")
        ]
    connection.close()
    assert [0, 0, 0] == counts


def test_embeddings_are_kept_by_text_and_encoder(catalogue: Catalogue) -> None:
    """A passage that stands unchanged in a changed document needs no new embedding; another encoder needs all."""
    put(catalogue, "/a.txt", "学法17次。", "普法4场。")
    embed(catalogue)
    put(catalogue, "/a.txt", "学法17次。", "普法5场。")
    [digest] = catalogue.embeddings.missing("e", catalogue.revision)
    assert ["报告 › 一、工作\n普法5场。"] == catalogue.embeddings.texts([digest])
    assert 2 == len(catalogue.embeddings.missing("other", catalogue.revision))


def test_vectors_come_back(catalogue: Catalogue) -> None:
    """A vector comes back bit for bit."""
    put(catalogue, "/a.txt", "学法17次。")
    vector = np.array([0.1, -0.2, 0.3], np.float32)
    embed(catalogue, vector)
    [(_, stored)] = catalogue.embeddings.passages("e", catalogue.revision)
    np.testing.assert_array_equal(vector, stored)


def test_no_index_without_all_embeddings(catalogue: Catalogue) -> None:
    """Passages that are not embedded are an error that says what to run."""
    put(catalogue, "/a.txt", "学法17次。")
    with pytest.raises(CatalogueError, match="python -m ingest"):
        list(catalogue.embeddings.passages("e", catalogue.revision))


def test_a_failed_write_changes_nothing(catalogue: Catalogue) -> None:
    """A write that fails half way leaves the catalogue as it was."""
    put(catalogue, "/a.txt", "学法16次。")
    before = catalogue.revision
    broken = Passage(text="普法", heading=(), start=0, end=2, page="one")  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        catalogue.add(
            path="/a.txt",
            name="a.txt",
            fingerprint=Fingerprint("", "1"),
            metadata=Metadata(title="报告"),
            text="普法",
            passages=[broken, None],  # type: ignore[list-item]
        )
    assert (before, ["学法16次。"]) == (catalogue.revision, texts(catalogue))


def test_not_a_catalogue(tmp_path: Path) -> None:
    """A file that is no SQLite database is named, with what to do."""
    path = tmp_path / "catalogue.sqlite3"
    path.write_text("not a database, and long enough to be read as one" * 9)
    with pytest.raises(CatalogueError, match=r"catalogue\.sqlite3.*备份"):
        Catalogue(path)


def test_a_newer_catalogue(tmp_path: Path) -> None:
    """A catalogue of another format is refused and left as it is."""
    path = tmp_path / "catalogue.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(CatalogueError, match="99"):
        Catalogue(path)


def endings(catalogue: Catalogue) -> list[str | None]:
    return [document.ended_by for document in catalogue.all_documents()]


def test_a_superseded_version_stays_with_its_dates(catalogue: Catalogue) -> None:
    """What a citation of last month points at can still be opened, and says that it is superseded, and by what."""
    put(catalogue, "/a.txt", "学法16次。")
    put(catalogue, "/a.txt", "学法17次。")
    old, new = catalogue.all_documents()
    assert (Ending.SUPERSEDED, None) == (old.ended_by, new.ended_by)
    assert old.id == new.supersedes
    assert old.held_since is not None
    assert old.ended_at is not None
    assert "学法16次。" == catalogue.text(old.id)
    assert ["学法16次。"] == [stored.passage.text for stored in catalogue.passages_of(old.id)]


def test_withdrawn_and_restored(catalogue: Catalogue) -> None:
    """A withdrawn document is kept and does not stand; restored it stands again, and each revision remembers."""
    put(catalogue, "/a.txt", "学法17次。")
    [document] = catalogue.documents()
    first = catalogue.revision
    catalogue.withdraw(document.id)
    withdrawn = catalogue.revision
    assert ([], [Ending.WITHDRAWN]) == (texts(catalogue), endings(catalogue))
    catalogue.restore(document.id)
    assert (["学法17次。"], [None]) == (texts(catalogue), endings(catalogue))
    assert (["学法17次。"], []) == (texts(catalogue, first), texts(catalogue, withdrawn))


def test_restoring_what_is_not_withdrawn_changes_nothing(catalogue: Catalogue) -> None:
    """A superseded version is not brought back beside the new one."""
    put(catalogue, "/a.txt", "学法16次。")
    [old] = catalogue.documents()
    put(catalogue, "/a.txt", "学法17次。")
    catalogue.restore(old.id)
    assert ["学法17次。"] == texts(catalogue)


def test_two_paths_of_one_document(catalogue: Catalogue) -> None:
    """A document with two paths stands until both are gone."""
    put(catalogue, "/a.txt", "学法17次。")
    [document] = catalogue.documents()
    catalogue.add_path("/b.txt", document.id)
    assert ("/a.txt", "/b.txt") == catalogue.documents()[0].sources
    catalogue.remove_paths(["/a.txt"])
    assert ["学法17次。"] == texts(catalogue)
    catalogue.remove_paths(["/b.txt"])
    assert ([], [Ending.REMOVED]) == (texts(catalogue), endings(catalogue))


def test_an_old_version_put_back(catalogue: Catalogue) -> None:
    """Where a file's old content comes back, the old document stands again and the newer one is superseded."""
    put(catalogue, "/a.txt", "学法16次。")
    [old] = catalogue.documents()
    put(catalogue, "/a.txt", "学法17次。")
    catalogue.add_path("/a.txt", old.id)
    assert ["学法16次。"] == texts(catalogue)
    assert [None, Ending.SUPERSEDED] == endings(catalogue)


def test_long_texts_take_time_in_proportion(tmp_path: Path) -> None:
    """Of a text four times as long all passages are read in about four times the time, and not in sixteen."""
    seconds = []
    for num_passages in (500, 2000):
        with Catalogue(tmp_path / f"{num_passages}.sqlite3") as catalogue:
            put(catalogue, "/a.txt", *(f"第{number}项工作，" + "普法宣传活动。" * 40 for number in range(num_passages)))
            embed(catalogue)
            digests = [stored.digest for stored in catalogue.passages()]
            ids = [stored.id for stored in catalogue.passages()]

            def read_all(catalogue: Catalogue, digests: list[str], ids: list[int]) -> None:
                for start in range(0, len(ids), 200):
                    catalogue.embeddings.texts(digests[start : start + 200])
                    catalogue.passages_by_id(ids[start : start + 200])
                assert len(ids) == sum(1 for _ in catalogue.embeddings.passages("e", catalogue.revision))

            took = []
            for _ in range(3):  # what else the machine does counts least in the quickest
                started = time.thread_time()
                read_all(catalogue, digests, ids)
                took.append(time.thread_time() - started)
            seconds.append(min(took))
    assert seconds[1] < 9 * seconds[0]


def test_a_catalogue_of_the_version_before_is_upgraded(tmp_path: Path) -> None:
    """The correction behind the + in made_by is a field of its own; revision, passages and vectors stay as they were."""
    path = tmp_path / "catalogue.sqlite3"
    with Catalogue(path) as catalogue:
        put(catalogue, "/a.txt", "学法16次。")
        put(catalogue, "/b.txt", "普法9次。")
        vectors = {digest: np.ones(3, np.float32) for digest in catalogue.embeddings.missing("e", catalogue.revision)}
        catalogue.embeddings.put("e", vectors)
        revision = catalogue.revision
    with closing(sqlite3.connect(path)) as before, before:
        before.execute("UPDATE documents SET made_by = '4-0a+9c' WHERE name = 'b.txt'")
        for column in ("correction", "date_in_force", "valid_until"):
            before.execute(f"ALTER TABLE documents DROP COLUMN {column}")
        before.execute("ALTER TABLE passages DROP COLUMN lead_in")
        before.execute("DROP TABLE sections")
        before.execute("PRAGMA user_version = 1")
    with Catalogue(path) as catalogue:
        assert [("1", ""), ("4-0a", "9c")] == [(one.made_by, one.correction) for one in catalogue.documents()]
        assert (revision, {}) == (catalogue.revision, catalogue.embeddings.missing("e", revision))
        assert [(), ()] == [catalogue.sections.of(document.id) for document in catalogue.documents()]
