"""Snapshots of the index: built aside, checked, made current in one step."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kb.errors import CatalogueError, IndexBrokenError
from kb.search.bm25 import Terms
from kb.search.index import Index
from kb.search.vectors import EmbeddedPassage, Vectors
from kb.storage.catalogue import Catalogue, Fingerprint
from kb.types import Metadata, Passage


def embedded(id_: int, document: int, vector: Any) -> EmbeddedPassage:
    """A passage of a document, with its vector."""
    return EmbeddedPassage(id=id_, text=f"第{id_}段。", fields={"document_id": document}, vector=vector)


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    """A catalogue of forty passages with random vectors."""
    catalogue = Catalogue(tmp_path / "catalogue.sqlite3")
    texts = [f"第{number}项工作，办理{number * 7}件。" for number in range(40)]
    starts = [sum(len(text) + 1 for text in texts[:number]) for number in range(40)]
    catalogue.add(
        path="/a.txt",
        name="a.txt",
        fingerprint=Fingerprint("0", "1"),
        metadata=Metadata(title="报告"),
        text="\n".join(texts),
        passages=[
            Passage(text=text, heading=(), start=start, end=start + len(text))
            for text, start in zip(texts, starts, strict=True)
        ],
    )
    chance = np.random.default_rng(0)
    vectors = {digest: chance.normal(size=16).astype(np.float32) for digest in catalogue.embeddings.missing("e", 1)}
    catalogue.embeddings.put("e", {digest: vector / np.linalg.norm(vector) for digest, vector in vectors.items()})
    return catalogue


def hold(catalogue: Catalogue, path: str, text: str) -> int:
    """Hold a document of one passage, and embed it."""
    passage = Passage(text=text, heading=(), start=0, end=len(text))
    document = catalogue.add(
        path=path,
        name=path[1:],
        fingerprint=Fingerprint(text, "1"),
        metadata=Metadata(title="报告"),
        text=text,
        passages=[passage],
    )
    missing = catalogue.embeddings.missing("e", catalogue.revision)
    vector = np.ones(16, np.float32) / 4
    catalogue.embeddings.put("e", dict.fromkeys(missing, vector))
    return document


def test_a_snapshot_has_all_passages(tmp_path: Path, catalogue: Catalogue) -> None:
    """What is built has a term entry and a vector for each passage, and says what it was built from."""
    index = Index(tmp_path / "index")
    index.build(catalogue, "e")
    snapshot = index.snapshot()
    assert snapshot is not None
    assert (40, 40, 40) == (len(snapshot.terms), len(snapshot.vectors), snapshot.origin.num_passages)
    assert index.in_step(catalogue.revision, "e")
    assert not index.in_step(catalogue.revision + 1, "e")
    assert not index.in_step(catalogue.revision, "other")
    index.close()


def test_vectors_find_themselves(tmp_path: Path, catalogue: Catalogue) -> None:
    """Each vector's nearest passage is its own, at cosine 1."""
    index = Index(tmp_path / "index")
    index.build(catalogue, "e")
    snapshot = index.snapshot()
    assert snapshot is not None
    for stored, vector in catalogue.embeddings.passages("e", catalogue.revision):
        [(nearest, cosine)] = snapshot.vectors.search(vector, num_results=1)
        assert (stored.id, pytest.approx(1, abs=1e-5)) == (nearest, cosine)
    index.close()


def test_copies(tmp_path: Path, catalogue: Catalogue) -> None:
    """Of one letter in three hundred files some have a vector, all are found by terms, and none hides what differs."""
    for number in range(300):
        text = "各单位要做好防汛工作。"
        catalogue.add(
            path=f"/letters/{number}",
            name=f"{number}",
            fingerprint=Fingerprint(f"letter {number}", "1"),
            metadata=Metadata(title="通知"),
            text=text,
            passages=[Passage(text=text, heading=(), start=0, end=len(text))],
        )
    missing = catalogue.embeddings.missing("e", catalogue.revision)
    catalogue.embeddings.put("e", dict.fromkeys(missing, np.ones(16, np.float32) / 4))
    index = Index(tmp_path / "index")
    index.build(catalogue, "e")
    snapshot = index.snapshot()
    assert snapshot is not None
    assert (340, 48) == (len(snapshot.terms), len(snapshot.vectors))
    assert 300 == len(snapshot.terms.search("防汛", num_results=400))
    for stored, vector in catalogue.embeddings.passages("e", catalogue.revision):
        [(nearest, _)] = snapshot.vectors.search(vector, num_results=1)
        assert stored.title == "通知" or nearest == stored.id
    # The first of the copies go: others take their place.
    catalogue.remove_paths([f"/letters/{number}" for number in range(4)])
    index.build(catalogue, "e")
    snapshot = index.snapshot()
    assert snapshot is not None
    assert (336, 48) == (len(snapshot.terms), len(snapshot.vectors))
    index.close()


def test_a_build_that_fails_its_check_is_not_made_current(
    tmp_path: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where vectors are lost on the way, the build is refused and the last snapshot stays current."""
    index = Index(tmp_path / "index")
    index.build(catalogue, "e")
    [document] = catalogue.standing_ids(catalogue.revision)

    def lose(folder: Path, passages: object) -> None:
        Vectors.build(folder, (), without={document})

    monkeypatch.setattr(Vectors, "bring_into_reach", staticmethod(lose))
    with pytest.raises(IndexBrokenError, match="向量 0 个，应有 40 个"):
        index.build(catalogue, "e", anew=True)
    monkeypatch.undo()
    assert 1 == int((tmp_path / "index" / "current").read_text())
    index.build(catalogue, "e")
    assert [] == list((tmp_path / "index").glob("*.building"))
    index.close()


def test_a_graph_that_left_a_passage_out_is_made_once_more(
    tmp_path: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A first build that fails its check is built anew, and only a second failure is an error."""
    [document] = catalogue.standing_ids(catalogue.revision)
    builds = []

    def lose_once(folder: Path, passages: object) -> None:
        builds.append(folder)
        if len(builds) == 1:
            Vectors.build(folder, (), without={document})

    monkeypatch.setattr(Vectors, "bring_into_reach", staticmethod(lose_once))
    index = Index(tmp_path / "index")
    index.build(catalogue, "e")
    assert 2 == len(builds)
    assert index.in_step(catalogue.revision, "e")
    assert [] == list((tmp_path / "index").glob("*.building"))
    index.close()


def test_one_passage_out_of_reach_fails_the_check(
    tmp_path: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All vectors are there, and one passage is found by none of them: the build is refused."""
    [document] = catalogue.standing_ids(catalogue.revision)

    def turn_one(folder: Path, passages: Callable[[], Iterable[EmbeddedPassage]]) -> None:
        first, *others = passages()
        Vectors.build(folder, (), without={document})
        Vectors.build(folder, [replace(first, vector=-first.vector), *others])

    monkeypatch.setattr(Vectors, "bring_into_reach", staticmethod(turn_one))
    with pytest.raises(IndexBrokenError, match="段落 1 找不到自己"):
        Index(tmp_path / "index").build(catalogue, "e")


def test_what_no_search_finds_is_put_in_again(tmp_path: Path) -> None:
    """Passages that a search for them does not find are named, and brought in; the others stay, each once."""
    chance = np.random.default_rng(0).normal(size=(300, 16)).astype(np.float32)
    all_of_them = [
        embedded(number, number // 7, vector / np.linalg.norm(vector)) for number, vector in enumerate(chance)
    ]
    Vectors.build(tmp_path / "vectors", all_of_them[:40] + all_of_them[50:])
    with closing(Vectors(tmp_path / "vectors")) as vectors:
        assert list(range(40, 50)) == [passage.id for passage in vectors.lost(all_of_them)]
    Vectors.bring_into_reach(tmp_path / "vectors", lambda: all_of_them)
    with closing(Vectors(tmp_path / "vectors")) as vectors:
        assert ([], 300) == (vectors.lost(all_of_them), len(vectors))


def test_no_snapshot_without_embeddings(tmp_path: Path, catalogue: Catalogue) -> None:
    """A build for an encoder that has not embedded all is an error, and nothing becomes current."""
    index = Index(tmp_path / "index")
    with pytest.raises(CatalogueError, match="python -m ingest"):
        index.build(catalogue, "other")
    assert index.snapshot() is None


def test_a_snapshot_of_before_is_used_until_the_next_is_built(tmp_path: Path, catalogue: Catalogue) -> None:
    """Vectors with nothing but ids are searched as they are; the next build replaces them, and embeds nothing."""
    index = Index(tmp_path / "index")
    index.build(catalogue, "e")
    snapshot = index.snapshot()
    assert snapshot is not None
    index.close()
    make_old(tmp_path / "index" / "000001", catalogue)
    index = Index(tmp_path / "index")
    snapshot = index.snapshot()
    assert snapshot is not None
    [document] = catalogue.standing_ids(catalogue.revision)
    for stored, vector in catalogue.embeddings.passages("e", catalogue.revision):
        [(nearest, _)] = snapshot.vectors.search(vector, num_results=1, documents={document, document + 1})
        assert stored.id == nearest
        assert [] == snapshot.vectors.search(vector, num_results=1, documents={document + 1})
    assert not index.in_step(catalogue.revision, "e")
    index.build(catalogue, "e")
    assert index.in_step(catalogue.revision, "e")
    snapshot = index.snapshot()
    assert snapshot is not None
    assert 40 == len(snapshot.vectors)
    index.close()


def make_old(folder: Path, catalogue: Catalogue) -> None:
    """Give a snapshot the vectors and the origin that were written before passages had words and fields in Chroma."""
    import chromadb

    shutil.rmtree(folder / "vectors")
    origin = json.loads((folder / "generation.json").read_text())
    del origin["form"]
    (folder / "generation.json").write_text(json.dumps(origin))
    client = chromadb.PersistentClient(folder / "vectors")
    collection = client.create_collection(
        "passages", embedding_function=None, configuration={"hnsw": {"space": "cosine", "ef_search": 200}}
    )
    for stored, vector in catalogue.embeddings.passages("e", catalogue.revision):
        collection.add(ids=[str(stored.id)], embeddings=[vector], metadatas=[{"document": stored.document_id}])
    client.close()


@pytest.mark.parametrize("part", ["terms", "vectors"])
def test_a_damaged_snapshot_is_reported(part: str, tmp_path: Path, catalogue: Catalogue) -> None:
    """A snapshot whose files are gone cannot be opened, and the error says what to run."""
    index = Index(tmp_path / "index")
    index.build(catalogue, "e")
    folder = tmp_path / "index" / "000001" / part
    folder.rename(tmp_path / "gone")
    with pytest.raises(IndexBrokenError, match="doctor"):
        index.snapshot()


def test_filters(tmp_path: Path) -> None:
    """Both sides keep to the documents that are admitted, and find nothing where none is."""
    rows = [(1, 10, "政务服务"), (2, 20, "政务服务"), (3, 30, "法治建设")]
    Terms.build(tmp_path / "terms", rows)
    vectors = np.eye(3, dtype=np.float32)
    Vectors.build(tmp_path / "vectors", [embedded(id_, document, vectors[id_ - 1]) for id_, document, _ in rows])
    by_terms, by_vectors = Terms(tmp_path / "terms"), Vectors(tmp_path / "vectors")
    assert [2] == [id_ for id_, _ in by_terms.search("政务服务", num_results=9, documents={20, 30})]
    assert {2, 3} == {id_ for id_, _ in by_vectors.search(vectors[0], num_results=9, documents={20, 30})}
    assert [] == by_terms.search("政务服务", num_results=9, documents=set())
    assert [] == by_vectors.search(vectors[0], num_results=9, documents=set())
    by_vectors.close()


def test_rare_terms_tell_more(tmp_path: Path) -> None:
    """A term that stands in fewer passages is rarer; one that stands in none tells nothing."""
    Terms.build(tmp_path / "terms", [(number, 1, "政务" if number else "政务法治") for number in range(9)])
    by_terms = Terms(tmp_path / "terms")
    assert 0 == by_terms.rarity("复议") < by_terms.rarity("政务") < by_terms.rarity("法治")


def test_damaged_vectors_are_reported_each_time(tmp_path: Path) -> None:
    """Vectors that cannot be opened are the same error when they are asked for again."""
    Vectors.build(tmp_path / "vectors", [embedded(1, 10, np.eye(3, dtype=np.float32)[0])])
    (tmp_path / "vectors" / "chroma.sqlite3").write_bytes(b"no database" * 500)
    for _ in range(3):
        with pytest.raises(IndexBrokenError, match="doctor"):
            Vectors(tmp_path / "vectors")


def test_many_small_changes_are_built_anew(tmp_path: Path, catalogue: Catalogue) -> None:
    """A snapshot made from the last by difference remembers the gaps, and is built anew before they are many."""
    for number in range(9):
        hold(catalogue, f"/{number}.txt", f"第{number}份报告。")
    index = Index(tmp_path / "index")
    gaps = []
    for change in range(6):
        hold(catalogue, "/0.txt", f"第{change}次修改的报告。")
        index.build(catalogue, "e")
        origin = index.origin()
        assert origin is not None
        gaps.append(origin.num_ended)
    assert [0, 1, 2, 0, 1, 2] == gaps


def test_removed_versions_that_another_file_had(tmp_path: Path) -> None:
    """Removing a file deletes its earlier versions, but for those that are earlier versions of a file that is held."""
    with Catalogue(tmp_path / "catalogue.sqlite3") as catalogue:
        first = hold(catalogue, "/a.txt", "甲乙同文。")
        catalogue.add_path("/b.txt", first)
        hold(catalogue, "/a.txt", "甲文。")
        hold(catalogue, "/b.txt", "乙文。")
        catalogue.remove_paths(["/a.txt"])
        catalogue.purge()
        assert ["甲乙同文。", "乙文。"] == [catalogue.text(document.id) for document in catalogue.all_documents()]


@pytest.fixture
def nervous_threads() -> Iterator[None]:
    """Threads that take turns as often as they can."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("nervous_threads")
def test_one_folder_opened_and_closed_by_many_threads(tmp_path: Path) -> None:
    """Threads that open and close the same vectors side by side all find them there."""
    Vectors.build(tmp_path / "vectors", [embedded(1, 10, np.eye(3, dtype=np.float32)[0])])

    def open_and_close(_: int) -> None:
        Vectors(tmp_path / "vectors").close()

    with ThreadPoolExecutor(4) as threads:
        assert 100 == len(list(threads.map(open_and_close, range(100))))
