"""The file of what was trained: tensors come back as near as their bits allow, and a broken file says what to do."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from kb.answering.judge import weights
from kb.errors import EncoderError

Tensors = dict[str, NDArray[np.float32]]
MATRIX, INNER, BIAS = "body.encoder.layer.0.query.weight", "body.encoder.layer.0.output.weight", "body.norm.bias"
HEAD = "whole.0.weight"
SIZES = {"layers": 6, "shared": 2}


@pytest.fixture
def base() -> Tensors:
    """The encoder's tensors, of an encoder of width 64."""
    drawn = np.random.default_rng(1)
    shapes = {MATRIX: (64, 64), INNER: (64, 96), BIAS: (64,)}
    return {name: drawn.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}


@pytest.fixture
def tensors(base: Tensors) -> Tensors:
    """Those after training, and a head that the encoder does not have."""
    drawn = np.random.default_rng(2)
    moved = {name: tensor + drawn.normal(0, 0.02, tensor.shape).astype(np.float32) for name, tensor in base.items()}
    return moved | {HEAD: drawn.normal(size=(8, 192)).astype(np.float32)}


@pytest.fixture
def path(tmp_path: Path, tensors: Tensors, base: Tensors) -> Path:
    """The file of these."""
    weights.write(tmp_path / "judge.npz", tensors, base, SIZES)
    return tmp_path / "judge.npz"


def test_matrices_come_back_in_4_bits(path: Path, tensors: Tensors, base: Tensors) -> None:
    """Of 32 differences none is off by more than half a step, of which the greatest difference is 7."""
    read, _ = weights.read(path)
    whole = weights.with_base(read, base)
    for name in (MATRIX, INNER):
        assert tensors[name].shape == whole[name].shape
        difference = (tensors[name] - base[name]).reshape(-1, 32)
        step = np.abs(difference).max(axis=1, keepdims=True) / 7
        assert (np.abs(whole[name] - tensors[name]).reshape(-1, 32) <= 0.51 * step).all()


def test_other_tensors_come_back_in_fp16(path: Path, tensors: Tensors, base: Tensors) -> None:
    """What is no matrix, or a matrix that the encoder lacks, is itself to 11 bits."""
    read, _ = weights.read(path)
    whole = weights.with_base(read, base)
    assert set(tensors) == set(whole)
    for name in (BIAS, HEAD):
        np.testing.assert_array_equal(tensors[name].astype(np.float16).astype(np.float32), whole[name])
    assert {np.dtype(np.float32)} == {tensor.dtype for tensor in whole.values()}


def test_a_matrix_takes_18_bytes_for_32_weights(path: Path) -> None:
    """A difference is stored in 4 bits and a scale."""
    with np.load(path) as file:
        assert 64 * 64 // 32 * 18 == file[f"difference/{MATRIX}"].nbytes


def test_what_was_not_trained_is_the_encoders_own(tmp_path: Path, base: Tensors) -> None:
    """A matrix that differs in nothing comes back exactly."""
    weights.write(tmp_path / "judge.npz", {MATRIX: base[MATRIX]}, base, {})
    read, _ = weights.read(tmp_path / "judge.npz")
    np.testing.assert_array_equal(base[MATRIX], weights.with_base(read, base)[MATRIX])


def test_sizes_come_back(path: Path) -> None:
    """Sizes are whole numbers by name, and no tensors."""
    read, sizes = weights.read(path)
    assert SIZES == sizes
    assert not any(name.startswith("size/") for name in read)


def test_the_file_of_its_digest(path: Path) -> None:
    """The file that it should be is read; one with one byte changed is refused with what to do."""
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    assert SIZES == weights.read(path, digest)[1]
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(EncoderError, match=r"judge\.npz 已损坏.*请重新安装"):
        weights.read(path, digest)


@pytest.mark.parametrize("num_bytes", [0, 100, 9_000], ids=["empty", "cut in its head", "cut in its tensors"])
def test_a_file_that_was_cut(path: Path, num_bytes: int) -> None:
    """A file that was cut short is refused with what to do, by whichever digest."""
    content = path.read_bytes()
    assert num_bytes < len(content)
    path.write_bytes(content[:num_bytes])
    with pytest.raises(EncoderError, match=r"judge\.npz.*请重新安装"):
        weights.read(path, hashlib.sha256(content).hexdigest())
    with pytest.raises(EncoderError, match=r"judge\.npz.*请重新安装"):
        weights.read(path)


def test_a_file_of_something_else(tmp_path: Path) -> None:
    """A file that holds no arrays is refused with what to do."""
    path = tmp_path / "judge.npz"
    path.write_text("渡船不收费。", encoding="utf-8")
    with pytest.raises(EncoderError, match=r"judge\.npz.*请重新安装"):
        weights.read(path)


def test_a_missing_file(tmp_path: Path) -> None:
    """A path where no file lies is named, with what to do; with a digest and without."""
    for digest in (None, "0" * 64):
        with pytest.raises(EncoderError, match=r"无法读取.*none\.npz.*请重新安装"):
            weights.read(tmp_path / "none.npz", digest)
