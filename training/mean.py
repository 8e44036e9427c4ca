"""Several fits of the same network → one file with the mean of their weights: python -m training.mean A.npz B.npz … judge.npz.

Fits that begin from the same weights and see the data in another order, or other shares of it, differ in what they are wrong
about. The mean of their weights is wrong less often than any of them, less sure of it, and as fast as one.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.answering.judge import weights
from kb.search.weights import installed_file, read_weights


def mean(paths: Sequence[Path], output: Path) -> None:
    """Write the mean of the files `paths`. Raises ValueError where they are not of one size."""
    base = {f"body.{name}": tensor for name, tensor in read_weights(installed_file()).tensors.items()}
    read = [weights.read(path) for path in paths]
    sizes = read[0][1]
    if any(other != sizes for _, other in read):
        raise ValueError(f"fits of different sizes: {[other for _, other in read]}")
    fits = [weights.with_base(tensors, base) for tensors, _ in read]
    means: dict[str, NDArray[np.float32]] = {
        name: np.mean([fit[name] for fit in fits], axis=0, dtype=np.float32) for name in fits[0]
    }
    weights.write(output, means, base, sizes)


def main() -> None:
    """Read, and write the mean."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", type=Path, nargs="+", metavar="FIT")
    parser.add_argument("output", type=Path)
    options = parser.parse_args()
    mean(options.paths, options.output)


if __name__ == "__main__":
    main()
