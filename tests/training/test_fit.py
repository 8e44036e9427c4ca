"""Fitting: on a toy set the loss falls, what answers comes first, and the file that is written is one that the judge reads."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kb.answering.judge import weights
from kb.search.weights import installed_file, read_weights
from training import fit
from training.fit import Prepared
from training.groups import Group, Item
from training.mean import mean
from training.prepare import prepare

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:index_reduce:UserWarning")]  # fits for some seconds

THINGS = ("渡船", "画舫", "快艇", "灯牌", "码头", "铜钟", "船桨", "救生衣")
LAYERS, SHARED = 2, 1
NUM_GROUPS = 100
OPTIONS = {
    "layers": LAYERS,
    "shared": SHARED,
    "epochs": 5,
    "minutes": 1,
    "pairs": 16,
    "rate": 0.001,
    "dropout": 0,
    "smoothing": 0.02,
    "hidden": 0.05,
    "every": 1,
}
LOSS = re.compile(r"loss ([\d.]+)")


def toy_group(number: int) -> Group:
    """What a thing costs: one window says it, the others tell of its care; every fifth question has no answer."""
    thing, price = THINGS[number % 8], f"{number % 9 + 1}元"
    items = (
        Item("办法", f"{thing}由水手擦洗。", False),
        Item("办法", f"{thing}收费{price}。", True, ((len(thing) + 2, len(thing) + 2 + len(price)),)),
        Item("办法", f"{thing}停在东边。", False),
    )
    return Group("toy", f"文件{number}", f"{thing}多少钱？", items[::2] if number % 5 == 4 else items)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared file of toy groups."""
    path = tmp_path_factory.mktemp("fit") / "prepared.npz"
    prepare([toy_group(number) for number in range(NUM_GROUPS)], path)
    return path


@pytest.fixture(scope="module")
def output(path: Path) -> Path:
    """Where the file goes that is fitted."""
    return path.with_name("judge.npz")


@pytest.fixture(scope="module")
def printed(path: Path, output: Path) -> str:
    """What `python -m training.fit` says while it fits two layers, the first the encoder's."""
    options = [f"--{name}={value}" for name, value in OPTIONS.items()]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["fit", str(path), str(output), *options])
        with (path.with_name("printed.txt")).open("w+", encoding="utf-8") as file:
            patch.setattr(sys, "stdout", file)
            fit.main()
            file.seek(0)
            return file.read()


@pytest.fixture(scope="module")
def figures(printed: str) -> dict[str, Any]:
    """The figures that it prints, of what was fitted and of what was written."""
    told: dict[str, Any] = {}
    for line in printed.splitlines():
        if line.startswith("{"):
            told |= json.loads(line)
    return told


def test_the_loss_falls(printed: str) -> None:
    """It is less than half of what it was in the first steps."""
    losses = [float(loss) for loss in LOSS.findall(printed)]
    assert 20 < len(losses)
    assert np.mean(losses[-5:]) < np.mean(losses[:5]) / 2


def test_what_answers_comes_first(figures: dict[str, Any]) -> None:
    """Of the questions that it was not trained on all have the window that answers first."""
    assert 1 == figures["fitted"]["toy"]["first"]
    assert 0 < figures["fitted"]["toy"]["questions"] < NUM_GROUPS


def test_what_is_written_is_what_was_fitted(figures: dict[str, Any]) -> None:
    """In 4 bits it tells as well."""
    for name in ("questions", "first", "right"):
        assert figures["fitted"]["toy"][name] == figures["written"]["toy"][name]
    assert pytest.approx(figures["fitted"]["toy"]["loss"], abs=0.1) == figures["written"]["toy"]["loss"]


def test_the_judge_reads_what_is_written(output: Path, path: Path, figures: dict[str, Any]) -> None:
    """The sizes, the heads, and the layers that are not shared as differences from the encoder's, and nothing else."""
    read, sizes = weights.read(output)
    assert {"layers": LAYERS, "shared": SHARED} == sizes
    base = {f"body.{name}": tensor for name, tensor in Prepared(path).tensors.items()}
    own = {name for name in base if name.startswith("body.encoder.layer.1.")}
    whole = weights.with_base(read, base)
    assert own == {name for name in whole if name.startswith("body.")}
    assert {"whole.0.weight", "whole.0.bias", "whole.2.weight", "whole.2.bias", "token.weight", "token.bias"} == {
        name for name in whole if not name.startswith("body.")
    }
    for name in own:
        assert base[name].shape == whole[name].shape
        np.testing.assert_allclose(base[name], whole[name], atol=0.05)
    assert any(not np.array_equal(base[name], whole[name]) for name in own)
    assert figures["bytes"] == output.stat().st_size < 2_000_000


def test_before_training_the_layers_are_the_encoders(path: Path) -> None:
    """The network begins with the encoder's first layers; it has no others."""
    prepared = Prepared(path)
    network = fit.network_of(prepared, LAYERS, 0.0)
    state = network.body.state_dict()
    for name, tensor in state.items():
        np.testing.assert_array_equal(prepared.tensors[name], tensor.numpy(), err_msg=name)
    assert {"0", "1"} == {name.split(".")[2] for name in state if name.startswith("encoder.layer.")}


def test_hidden_words_are_those_of_the_question(path: Path) -> None:
    """All of them, where all are to be hidden; the window and what stands above it stay."""
    prepared = Prepared(path)
    before = prepared.pairs[0]
    after = fit.hidden(before, 1.0, prepared.padding, np.random.default_rng(1))
    length = before.ids.tolist().index(before.ids[-1])
    assert {prepared.padding} == set(after.ids[1:length])
    assert before.ids[0] == after.ids[0]
    assert before.ids[length:].tolist() == after.ids[length:].tolist()
    assert before.start == after.start


def test_the_mean_of_fits(output: Path, tmp_path: Path) -> None:
    """The mean of a fit with itself is that fit; of fits of different sizes there is none."""
    mean([output, output], tmp_path / "mean.npz")
    base = {f"body.{name}": tensor for name, tensor in read_weights(installed_file()).tensors.items()}
    (once, sizes), (twice, same_sizes) = weights.read(output), weights.read(tmp_path / "mean.npz")
    assert sizes == same_sizes
    means = weights.with_base(twice, base)
    for name, tensor in weights.with_base(once, base).items():
        np.testing.assert_allclose(tensor, means[name], atol=0.01)
    other = tmp_path / "other.npz"
    weights.write(other, weights.with_base(once, base), base, sizes | {"layers": 3})
    with pytest.raises(ValueError, match="different sizes"):
        mean([output, other], tmp_path / "none.npz")
