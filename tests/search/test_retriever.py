"""Search: fusion, filters, and the index as a LangChain retriever."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import OtherEncoderError, QuestionError
from kb.search.bm25 import Terms
from kb.search.encoder import Encoder
from kb.search.retriever import Retriever, fuse
from kb.search.vectors import EmbeddedPassage, Vectors
from tests.conftest import save_quick_encoder

Hold = Callable[[Mapping[str, str]], Retriever]
REPORTS = {
    f"{year}_云澜区_政府工作报告.txt": f"{year}年云澜区政府工作报告\n一、工作回顾\n全区组织学法{year - 2000}次。\n"
    for year in (2022, 2023, 2024)
} | {"2024_望舒市_政府工作报告.txt": "2024年望舒市政府工作报告\n一、工作回顾\n全市组织学法99次。\n"}
SCORES = st.dictionaries(st.integers(1, 50), st.floats(0.01, 30, allow_nan=False), max_size=20)


def ranked(scores: dict[int, float]) -> dict[int, float]:
    return dict(sorted(scores.items(), key=lambda item: -item[1]))


@given(SCORES.map(ranked))
def test_fusing_one_ranking_gives_that_ranking(scores: dict[int, float]) -> None:
    """With nothing from the other side, the order stays."""
    assert list(scores) == list(fuse(scores, {}))
    assert list(scores) == list(fuse({}, scores))


@given(SCORES.map(ranked), SCORES.map(ranked))
def test_fused_scores_are_bounded_and_complete(terms: dict[int, float], vectors: dict[int, float]) -> None:
    """Whatever is found by either is in the fusion once, with a score from 0 to 1, best first."""
    fused = fuse(terms, vectors)
    assert set(terms) | set(vectors) == set(fused)
    assert all(0 <= score <= 1 for score in fused.values())
    assert sorted(fused.values(), reverse=True) == list(fused.values())


def test_an_empty_index_finds_nothing(data: Path, quick_encoder: Encoder) -> None:
    """Before the first ingest there are no hits, and no folder is made by asking."""
    assert [] == Retriever(data, quick_encoder).hits("学法多少次", num_results=5)
    assert not data.exists()


@pytest.mark.parametrize(
    ("names", "question"),
    [
        ({"2023_云澜区_政府工作报告.txt"}, "2023年云澜区政府工作报告里组织学法多少次"),
        ({"2024_望舒市_政府工作报告.txt"}, "2024年望舒市政府工作报告里组织学法多少次"),
        ({"2022_云澜区_政府工作报告.txt", "2023_云澜区_政府工作报告.txt"}, "云澜区2022年和2023年政府工作报告里组织学法多少次"),
        ({"2024_云澜区_政府工作报告.txt", "2024_望舒市_政府工作报告.txt"}, "组织学法多少次"),
        (set(), "2019年云澜区政府工作报告里组织学法多少次"),
    ],
    ids=["year and issuer", "another issuer", "two years", "no year: the newest of each", "a year that is not held"],
)  # fmt: skip
def test_named_years_and_issuers_fail_closed(hold: Hold, names: set[str], question: str) -> None:
    """Hits come from the named years and issuers and from nowhere else."""
    hits = hold(REPORTS).hits(question, num_results=20)
    assert names == {hit.document.name for hit in hits}


def test_hits_carry_their_ranks(hold: Hold) -> None:
    """A hit says where terms and vectors had it, and its passage stands in its document at its span."""
    retriever = hold(REPORTS)
    hit = retriever.search("云澜区组织学法24次", num_results=20)[0]
    text = retriever.catalogue.text(hit.document.id)
    assert "2024_云澜区_政府工作报告.txt" == hit.document.name
    assert (1, True) == (hit.term_rank, hit.vector_rank is not None)
    assert hit.passage.text == text[hit.passage.start : hit.passage.end]


def test_chinese_questions_hit_by_terms(hold: Hold) -> None:
    """A natural question without white space is found by its words."""
    [snapshot] = [hold(REPORTS).index.snapshot()]
    assert snapshot is not None
    assert 4 == len(snapshot.terms.search("请问全区一共组织了多少次学法？", num_results=20))


def test_another_encoder_asks_for_ingest(hold: Hold, data: Path, tmp_path: Path) -> None:
    """With another encoder than the index was made with, the error names the command and the folder."""
    hold(REPORTS)
    other = Encoder(save_quick_encoder(tmp_path / "model", seed=1))
    with pytest.raises(OtherEncoderError, match=r"python -m ingest .*documents"):
        Retriever(data, other).search("学法", num_results=5)


def test_an_empty_question(hold: Hold) -> None:
    """A question of white space is an error that says so."""
    with pytest.raises(QuestionError, match="空"):
        hold(REPORTS).hits("  ", num_results=5)


def test_what_is_equally_near_comes_in_order(tmp_path: Path) -> None:
    """Of passages with the same words and vector the lower id comes first, in whatever order they were put in."""
    ids = [*range(40, 0, -1)]
    vector = numpy.full(4, 0.5, dtype=numpy.float32)
    fields = {"document_id": 1}
    Vectors.build(
        tmp_path / "vectors", (EmbeddedPassage(id=id_, text="渡船", fields=fields, vector=vector) for id_ in ids)
    )
    Terms.build(tmp_path / "terms", ((id_, 1, "渡船") for id_ in ids))
    with closing(Vectors(tmp_path / "vectors")) as vectors:
        assert [*range(1, 13)] == [id_ for id_, _ in vectors.search(vector, num_results=12)]
    assert [*range(1, 41)] == [id_ for id_, _ in Terms(tmp_path / "terms").search("渡船", num_results=40)]


def test_asking_twice_gives_the_same(hold: Hold, data: Path, quick_encoder: Encoder) -> None:
    """Hits come in one order, whoever opens the index."""
    hold({f"{number}_望舒市_渡船通告.txt": f"渡船通告\n第{number}号\n全市组织学法99次。\n" for number in range(10, 40)})
    orders = []
    for _ in range(3):
        retriever = Retriever(data, quick_encoder)
        hits = retriever.search("组织学法多少次", num_results=12)
        orders.append([(hit.document.id, hit.passage.start) for hit in hits])
        retriever.index.close()
    assert orders[0] == orders[1] == orders[2]
