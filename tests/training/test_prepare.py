"""Groups → the file that fitting reads: tokens, labels, groups, what is held out, and the encoder's weights exactly."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from kb.answering.judge.network import CONTEXT_TOKENS, TOKENS
from kb.search import weights
from kb.search.encoder import tokenizer_of
from training.fit import Prepared
from training.groups import Group, Item
from training.prepare import prepare

pytestmark = pytest.mark.slow  # reads the encoder's weights

EMBEDDINGS = "embeddings.word_embeddings.weight"


def item(text: str, *words: str, context: str = "渡船办法；第一条") -> Item:
    """A window; it answers where it has words that do."""
    return Item(context, text, bool(words), tuple((text.index(one), text.index(one) + len(one)) for one in words))


GROUPS = [
    Group("ferry", "渡船", "渡船多少钱？", (item("渡船每班收费9元。", "9元"), item("押金30元，下船时退还。"))),
    Group("ferry", "渡船", "渡船能养狗吗？", (item("渡船由水手每日擦洗。"),)),
    Group(
        "hall",
        "图书馆",
        "几点开门，几点关门？",
        (item("上午八点开门，晚上九点关门。", "八点", "九点"), item("渡船停在码头。" * 90, context="节" * 90)),
    ),
    Group("known", "码头", "码头在哪里？", (item("码头在石阶东边。", "石阶东边"),), is_held_out=True),
    *(
        Group("many", f"文件{number}", f"第{number // 2}问？", (item("渡船。"),))
        for number in [*range(200), *range(200)]
    ),
]
NUM_NAMED = 4  # those before the many


@pytest.fixture(scope="module")
def encoder_weights() -> weights.Weights:
    """What the encoder's own file holds."""
    return weights.read_weights(weights.installed_file())


@pytest.fixture(scope="module")
def tokenizer(encoder_weights: weights.Weights) -> Tokenizer:
    """The encoder's, without cutting."""
    tokenizer = tokenizer_of(encoder_weights)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of `GROUPS`."""
    path = tmp_path_factory.mktemp("prepared") / "prepared.npz"
    prepare(GROUPS, path)
    return path


@pytest.fixture(scope="module")
def prepared(path: Path) -> Prepared:
    """`GROUPS`, as fitting reads them."""
    return Prepared(path)


def tokens(prepared: Prepared, encoder_weights: weights.Weights, ids: Sequence[int]) -> list[str]:
    """The pieces of numbers that count only the tokens that occur; known by their vectors."""
    vectors = {row.tobytes(): number for number, row in enumerate(encoder_weights.tensors[EMBEDDINGS])}
    own = prepared.tensors[EMBEDDINGS]
    return [encoder_weights.pieces[vectors[own[number].tobytes()]][0] for number in ids]


def places(group: int) -> Sequence[int]:
    """Where the windows of one of `GROUPS` stand among all."""
    first = sum(len(one.items) for one in GROUPS[:group])
    return range(first, first + len(GROUPS[group].items))


def test_tokens_come_back(prepared: Prepared, encoder_weights: weights.Weights, tokenizer: Tokenizer) -> None:
    """`<s> question </s> context </s> window </s>`, and where the window begins."""
    [place, _] = places(0)
    pair = prepared.pairs[place]
    expected = ["<s>"]
    for text in ("渡船多少钱？", "渡船办法；第一条", "渡船每班收费9元。"):
        start = len(expected)
        expected += [*tokenizer.encode(text, add_special_tokens=False).tokens, "</s>"]
    assert expected == tokens(prepared, encoder_weights, pair.ids.tolist())
    assert start == pair.start
    assert ["<pad>"] == tokens(prepared, encoder_weights, [prepared.padding])


def test_labels_are_over_the_words_that_answer(prepared: Prepared, tokenizer: Tokenizer) -> None:
    """The tokens that share a character with such words, and no others, are labelled; all spans of a window are."""
    for number, text, words in (
        (0, "渡船每班收费9元。", ["9元"]),
        (2, "上午八点开门，晚上九点关门。", ["八点", "九点"]),
        (3, "码头在石阶东边。", ["石阶东边"]),
    ):
        place = places(number)[0]
        pair, labels = prepared.pairs[place], prepared.labels[place]
        assert len(pair.ids) == len(labels)
        spans = [(text.index(one), text.index(one) + len(one)) for one in words]
        expected = [
            any(start < last and first < end for start, end in spans)
            for first, last in tokenizer.encode(text, add_special_tokens=False).offsets
        ]
        assert any(expected)
        assert [*[False] * pair.start, *expected, False] == labels.astype(bool).tolist()
    assert not prepared.labels[places(0)[1]].any()


def test_what_is_too_long_is_cut(prepared: Prepared, tokenizer: Tokenizer) -> None:
    """A pair has 320 tokens at most, of which the context has 48 at most; so has what is labelled."""
    place = places(2)[1]
    pair, question = prepared.pairs[place], tokenizer.encode("几点开门，几点关门？", add_special_tokens=False).ids
    assert (TOKENS, TOKENS) == (len(pair.ids), len(prepared.labels[place]))
    assert len(question) + CONTEXT_TOKENS + 3 == pair.start


def test_groups_come_back(prepared: Prepared) -> None:
    """The windows of a question stand together, in order, with whether they answer and the source of each."""
    assert [list(places(number)) for number in range(len(GROUPS))] == [list(group) for group in prepared.groups]
    assert [one.answers for group in GROUPS for one in group.items] == prepared.answers.tolist()
    assert [group.source for group in GROUPS for _ in group.items] == prepared.sources


def test_documents_are_held_out_whole(prepared: Prepared) -> None:
    """About one of 12 documents is held out, with all that is asked of it; what is scored only is held out always."""
    held_out = [bool(prepared.held_out[group[0]]) for group in prepared.groups]
    assert all(
        held_out[number] == prepared.held_out[place] for number, group in enumerate(prepared.groups) for place in group
    )
    assert held_out[NUM_NAMED - 1]
    assert held_out[0] == held_out[1]
    first, second = held_out[NUM_NAMED : NUM_NAMED + 200], held_out[NUM_NAMED + 200 :]
    assert first == second
    assert 8 <= sum(first) <= 30


def test_the_encoders_layers_come_back_exactly(prepared: Prepared, encoder_weights: weights.Weights) -> None:
    """Each tensor is the encoder's, bit by bit; of the embeddings of words there are those of the tokens that occur."""
    assert set(encoder_weights.tensors) == set(prepared.tensors)
    for name in set(prepared.tensors) - {EMBEDDINGS}:
        np.testing.assert_array_equal(encoder_weights.tensors[name], prepared.tensors[name], err_msg=name)
    known = {row.tobytes() for row in encoder_weights.tensors[EMBEDDINGS]}
    assert all(row.tobytes() in known for row in prepared.tensors[EMBEDDINGS])
    assert len(prepared.tensors[EMBEDDINGS]) == prepared.sizes["vocab_size"] < 1000
    assert {name: size for name, size in encoder_weights.sizes.items() if name != "vocab_size"} == {
        name: pytest.approx(size) for name, size in prepared.sizes.items() if name != "vocab_size"
    }


def test_the_file_has_no_words(path: Path) -> None:
    """Neither questions nor windows nor names of documents stand in the file, but the names of sources."""
    with np.load(path, allow_pickle=False) as file:
        texts = {name: file[name].tolist() for name in file.files if file[name].dtype.kind in "US"}
    assert {"sources", "sizes"} == set(texts)
    assert ["ferry", "hall", "known", "many"] == texts["sources"]


def test_the_file_is_small(path: Path) -> None:
    """The encoder's matrices take 4 bits a weight: some 13 MB, where they would take 85."""
    assert path.stat().st_size < 16_000_000
