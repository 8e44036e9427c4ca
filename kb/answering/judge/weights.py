"""The file of what was trained → tensors, and back: matrices as their difference from the encoder's, in 4 bits.

A difference is Q4_0, as in the encoder's own file (`kb.search.weights`): an fp16 scale and 16 bytes for 32 weights. What is no
matrix, or has none to differ from, is fp16.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.errors import EncoderError
from kb.search.weights import BLOCK, BLOCK_WEIGHTS, dequantise

_DIFFERENCE = "difference/"
_MOST = 7.0

Tensors = Mapping[str, NDArray[np.float32]]


def write(path: Path, tensors: Tensors, base: Tensors, sizes: Mapping[str, int]) -> None:
    """Write `tensors` to a file; `base` has the encoder's matrices by the same names, `sizes` what else is to be known."""
    kept: dict[str, NDArray[np.generic]] = {f"size/{name}": np.array(size) for name, size in sizes.items()}
    for name, tensor in tensors.items():
        if name in base and tensor.ndim == 2:
            kept[_DIFFERENCE + name] = _quantised(tensor - base[name]).view(np.uint8)
        else:
            kept[name] = tensor.astype(np.float16)
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **kept)


def read(path: Path, digest: str | None = None) -> tuple[dict[str, NDArray[np.float32]], dict[str, int]]:
    """A file → differences and tensors by name (a difference as one flat array), and its sizes.

    Raises EncoderError where it cannot be read, or is not the one of `digest`.
    """
    try:
        content = path.read_bytes()
        if digest is not None and hashlib.sha256(content).hexdigest() != digest:
            raise EncoderError(f"{path} 已损坏；请重新安装本程序。")
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            kept = dict(file)
    except (OSError, EOFError, ValueError, zipfile.BadZipFile) as error:
        raise EncoderError(f"无法读取 {path}（{error}）；请重新安装本程序。") from error
    sizes = {name.removeprefix("size/"): int(value) for name, value in kept.items() if name.startswith("size/")}
    tensors = {
        name: dequantise(value.view(BLOCK)).reshape(-1) if name.startswith(_DIFFERENCE) else value.astype(np.float32)
        for name, value in kept.items()
        if not name.startswith("size/")
    }
    return tensors, sizes


def with_base(tensors: Tensors, base: Tensors) -> dict[str, NDArray[np.float32]]:
    """The tensors of `read`, differences added to the matrices that they differ from."""
    return {
        name.removeprefix(_DIFFERENCE): base[name.removeprefix(_DIFFERENCE)]
        + tensor.reshape(base[name.removeprefix(_DIFFERENCE)].shape)
        if name.startswith(_DIFFERENCE)
        else tensor
        for name, tensor in tensors.items()
    }


def _quantised(difference: NDArray[np.float32]) -> NDArray[np.void]:
    """Weights, as many as are a multiple of 32 → blocks of Q4_0."""
    rows = difference.reshape(-1, BLOCK_WEIGHTS)
    blocks = np.zeros(len(rows), BLOCK)
    blocks["scale"] = np.abs(rows).max(axis=1) / _MOST
    scale = blocks["scale"].astype(np.float32)[:, None]
    whole = np.clip(np.rint(rows / np.where(scale > 0, scale, 1)), -_MOST - 1, _MOST).astype(np.int16) + 8
    half = BLOCK_WEIGHTS // 2
    blocks["halves"] = (whole[:, :half] | (whole[:, half:] << 4)).astype(np.uint8)
    return blocks
