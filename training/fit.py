"""Prepared groups → the judge's file: `python -m training.fit prepared.npz judge.npz --layers 6 --minutes 8`.

Of the windows of a question, and of none of them, one is to be chosen: the loss is the softmax over their log odds and a zero for
none, beside the loss of each window by itself and of the tokens that answer. It runs on a GPU where there is one.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional
from transformers import BertConfig, BertModel

from kb.answering.judge import weights
from kb.answering.judge.network import Network, Pair, batch, trained
from kb.search.weights import BLOCK, dequantise

_WINDOW_WEIGHT = 0.5
_TOKEN_WEIGHT = 0.5
_WORDS_WEIGHT = 4.0  # of a token that answers, beside one that does not
_WARM_UP = 0.04  # of all steps
_HEADS_RATE = 4.0  # times the rate of the layers
_BUCKET = 40  # batches that are sorted by length together
_PAIRS_SCORED = 256
_LEAST_RATE = 0.02


class Prepared:
    """What training/prepare.py writes."""

    def __init__(self, path: Path) -> None:
        with np.load(path, allow_pickle=False) as file:
            given = dict(file)
        length, start = given["length"].astype(np.int64), given["start"].astype(np.int64)
        ends = np.cumsum(length)
        labels = np.unpackbits(given["labels"])[: ends[-1]]
        self.padding = int(given["padding"])
        self.pairs = [
            Pair(given["ids"][end - size : end].astype(np.int32), int(first))
            for end, size, first in zip(ends, length, start, strict=True)
        ]
        self.labels = [labels[end - size : end] for end, size in zip(ends, length, strict=True)]
        self.answers = given["answers"]
        self.sources = [str(given["sources"][number]) for number in given["source"]]
        self.held_out = given["held_out"]
        _, firsts = np.unique(given["group"], return_index=True)
        bounds = [*map(int, firsts), len(length)]
        self.groups = [range(first, last) for first, last in pairwise(bounds)]
        self.sizes = {name: float(value) for name, value in (one.split("=") for one in map(str, given["sizes"]))}
        self.tensors = {
            name.removeprefix("tensor/"): _tensor(value) for name, value in given.items() if name.startswith("tensor/")
        }


def _tensor(value: NDArray[Any]) -> NDArray[np.float32]:
    if value.dtype != np.uint8:
        return value.astype(np.float32)
    return dequantise(value.reshape(-1).view(BLOCK)).reshape(value.shape[0], -1)


def network_of(prepared: Prepared, layers: int, dropout: float) -> Network:
    """The network before training: the encoder's first layers, and heads that know nothing."""
    sizes = {name: value if name == "layer_norm_eps" else int(value) for name, value in prepared.sizes.items()}
    config = BertConfig(
        **(sizes | {"num_hidden_layers": layers}), hidden_dropout_prob=dropout, attention_probs_dropout_prob=dropout
    )
    body = BertModel(config, add_pooling_layer=False)
    own = {name: torch.from_numpy(tensor) for name, tensor in prepared.tensors.items() if _is_within(name, layers)}
    body.load_state_dict(own)
    return Network(body)


def _is_within(name: str, layers: int) -> bool:
    return not name.startswith("encoder.layer.") or int(name.split(".")[2]) < layers


def fit(prepared: Prepared, options: argparse.Namespace, device: str) -> Network:
    """Train for `options.minutes`, or `options.epochs` where that is sooner."""
    torch.manual_seed(options.seed)
    rng = np.random.default_rng(options.seed)
    network = network_of(prepared, options.layers, options.dropout).to(device)
    for name, parameter in network.body.named_parameters():
        frozen = name.startswith("embeddings.") or (
            name.startswith("encoder.layer.") and int(name.split(".")[2]) < options.shared
        )
        parameter.requires_grad = not frozen
    body = [parameter for parameter in network.body.parameters() if parameter.requires_grad]
    heads = [*network.whole.parameters(), *network.token.parameters()]
    optimiser = torch.optim.AdamW(
        [{"params": body, "lr": options.rate}, {"params": heads, "lr": options.rate * _HEADS_RATE}],
        betas=(0.9, 0.98),
        weight_decay=0.01,
    )
    rates = [group["lr"] for group in optimiser.param_groups]
    share = dict(part.split("=") for part in options.shares.split(",") if part)
    trainable = [group for group in prepared.groups if options.all or not prepared.held_out[group[0]]]
    begun, step, epoch, losses = time.monotonic(), 0, 0, []
    while (done := _done(begun, epoch, options)) < 1:
        batches = list(_batches(prepared, trainable, share, options.pairs, rng))
        for number, groups in enumerate(batches):
            done = min(_done(begun, epoch + number / len(batches), options), 1.0)
            for group, rate in zip(optimiser.param_groups, rates, strict=True):
                group["lr"] = rate * max(_LEAST_RATE, min(done / _WARM_UP, 1.0) * (1 - done))
            loss = _loss(network, prepared, groups, device, options, rng)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_([*body, *heads], 1.0)
            optimiser.step()
            losses.append(loss.detach())
            step += 1
            if step % options.every == 0:
                mean = float(torch.stack(losses).mean())
                print(
                    f"{time.monotonic() - begun:6.0f} s step {step} epoch {epoch} done {done:.2f} loss {mean:.4f}",
                    flush=True,
                )
                losses = []
            if done >= 1:
                break
        epoch += 1
    return network


def _done(begun: float, epoch: float, options: argparse.Namespace) -> float:
    """The share of the training that is over."""
    by_time = (time.monotonic() - begun) / (options.minutes * 60)
    by_epochs = epoch / options.epochs if options.epochs else 0.0
    return max(by_time, by_epochs)


def _batches(
    prepared: Prepared, groups: list[range], share: dict[str, str], pairs: int, rng: np.random.Generator
) -> Iterator[list[range]]:
    """All groups in an order of their own, those of a source as often as its share says, in batches of like length."""
    times = [float(share.get(prepared.sources[group[0]], share.get("", 1.0))) for group in groups]
    counts = [int(count) + (rng.random() < count % 1) for count in times]
    order = np.repeat(np.arange(len(groups)), counts)
    rng.shuffle(order)
    longest = [max(len(prepared.pairs[place].ids) for place in group) for group in groups]
    average = max(sum(len(groups[place]) for place in order) / len(order), 1)
    bucket = int(_BUCKET * pairs / average)
    batches: list[list[range]] = []
    for first in range(0, len(order), bucket):
        current: list[range] = []
        held = 0
        for place in sorted(order[first : first + bucket], key=lambda place: longest[place]):
            if current and held + len(groups[place]) > pairs:
                batches.append(current)
                current, held = [], 0
            current.append(groups[place])
            held += len(groups[place])
        batches.append(current)
    for place in rng.permutation(len(batches)):
        yield batches[place]


def _loss(
    network: Network,
    prepared: Prepared,
    groups: list[range],
    device: str,
    options: argparse.Namespace,
    rng: np.random.Generator,
) -> Tensor:
    places = [place for group in groups for place in group]
    pairs = [prepared.pairs[place] for place in places]
    if options.hidden:
        pairs = [hidden(pair, options.hidden, prepared.padding, rng) for pair in pairs]
    ids, mask, own = (tensor.to(device) for tensor in batch(pairs, prepared.padding))
    labels = torch.zeros(own.shape)
    for row, place in enumerate(places):
        labels[row, : len(prepared.labels[place])] = torch.from_numpy(prepared.labels[place].astype(np.float32))
    labels = labels.to(device)
    answers = torch.tensor(prepared.answers[places], dtype=torch.float32, device=device)
    network.train()
    with torch.autocast(device, torch.bfloat16, enabled=device == "cuda"):
        whole, token = network(ids, mask, own)
    whole, token = whole.float(), token.float()
    number = torch.tensor([place for place, group in enumerate(groups) for _ in group], device=device)
    chosen = _logsumexp(whole + torch.log(answers.clamp(min=1e-30)), number, len(groups))
    any_right = torch.zeros(len(groups), device=device).index_reduce_(0, number, answers, "amax")
    everything = _logsumexp(whole, number, len(groups))
    total = torch.logaddexp(everything, torch.zeros_like(everything))
    of_groups = torch.where(any_right > 0, total - chosen, total).mean()
    believed = answers * (1 - options.smoothing) + options.smoothing / 2
    of_windows = functional.binary_cross_entropy_with_logits(whole, believed)
    of_tokens = functional.binary_cross_entropy_with_logits(
        token, labels, pos_weight=torch.tensor(_WORDS_WEIGHT, device=device), reduction="none"
    )
    return of_groups + _WINDOW_WEIGHT * of_windows + _TOKEN_WEIGHT * (of_tokens * own).sum() / own.sum()


def hidden(pair: Pair, share: float, padding: int, rng: np.random.Generator) -> Pair:
    """A pair with a share of the tokens of its question hidden, so that no single word of it decides."""
    asked = int(np.argmax(pair.ids == pair.ids[-1])) - 1  # the question ends with the token that ends a pair
    ids = pair.ids.copy()
    ids[1 : asked + 1][rng.random(asked) < share] = padding
    return Pair(ids, pair.start)


def _logsumexp(values: Tensor, group: Tensor, num_groups: int) -> Tensor:
    most = torch.full((num_groups,), -1e30, device=values.device).index_reduce_(0, group, values.detach(), "amax")
    sums = torch.zeros(num_groups, device=values.device).index_add(0, group, torch.exp(values - most[group]))
    return most + torch.log(sums)


@torch.inference_mode()
def scores(network: Network, prepared: Prepared, places: list[int], device: str) -> NDArray[np.float64]:
    """The log odds of pairs."""
    network.eval()
    found = np.zeros(len(places))
    order = sorted(range(len(places)), key=lambda at: len(prepared.pairs[places[at]].ids))
    for first in range(0, len(order), _PAIRS_SCORED):
        run = order[first : first + _PAIRS_SCORED]
        given = [tensor.to(device) for tensor in batch([prepared.pairs[places[at]] for at in run], prepared.padding)]
        with torch.autocast(device, torch.bfloat16, enabled=device == "cuda"):
            found[run] = network(*given)[0].float().cpu().numpy()
    return found


def figures(network: Network, prepared: Prepared, device: str) -> dict[str, dict[str, float]]:
    """Of held-out groups, by source: how often the first window is right, and how well right firsts are told from others."""
    groups = [group for group in prepared.groups if prepared.held_out[group[0]]]
    places = [place for group in groups for place in group]
    of = dict(zip(places, scores(network, prepared, places, device), strict=True))
    told: dict[str, dict[str, float]] = {}
    for source in sorted({prepared.sources[group[0]] for group in groups}):
        own = [group for group in groups if prepared.sources[group[0]] == source]
        firsts = [max(group, key=lambda place: of[place]) for group in own]
        known = [any(prepared.answers[place] for place in group) for group in own]
        right = [bool(prepared.answers[first]) for first in firsts]
        best = [of[first] for first in firsts]
        told[source] = {
            "questions": len(own),
            "first": sum(right) / max(sum(known), 1),
            "auc": _auc(best, right),
            "sure": sum(1 / (1 + math.exp(-one)) for one in best) / len(best),
            "right": sum(right) / len(right),
            "loss": sum(
                math.log1p(math.exp(-one if is_right else one)) for one, is_right in zip(best, right, strict=True)
            )
            / len(best),
        }
    return told


def _auc(values: list[float], right: list[bool]) -> float:
    """How often a right one has more than a wrong one."""
    first = np.array([value for value, is_right in zip(values, right, strict=True) if is_right])
    second = np.array([value for value, is_right in zip(values, right, strict=True) if not is_right])
    return float((first[:, None] > second[None]).mean()) if len(first) and len(second) else math.nan


def write(network: Network, prepared: Prepared, path: Path, options: argparse.Namespace) -> None:
    """The file that is shipped."""
    tensors = {name: tensor.float().cpu().numpy() for name, tensor in trained(network, options.shared).items()}
    base = {f"body.{name}": tensor for name, tensor in prepared.tensors.items()}
    weights.write(path, tensors, base, {"layers": options.layers, "shared": options.shared})


def main() -> None:
    """Fit, print the figures of what was held out, write, and print those of what was written."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("prepared", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--layers", type=int, default=6, help="of the encoder's, from the first")
    parser.add_argument("--shared", type=int, default=0, help="of these, how many stay the encoder's")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--epochs", type=float, default=0, help="0: as many as there is time for")
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument(
        "--smoothing", type=float, default=0.0, help="how far no window is believed to be wholly right or wrong"
    )
    parser.add_argument(
        "--hidden", type=float, default=0.0, help="share of a question's tokens that are hidden in training"
    )
    parser.add_argument("--pairs", type=int, default=256, help="in a batch")
    parser.add_argument(
        "--shares", default="", help="source=times, …; =times for all others: how often an epoch has it"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", type=int, default=100)
    parser.add_argument("--all", action="store_true", help="train on what is held out as well")
    options = parser.parse_args()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    prepared = Prepared(options.prepared)
    network = fit(prepared, options, device)
    print(json.dumps({"fitted": figures(network, prepared, device)}), flush=True)
    write(network, prepared, options.output, options)
    tensors, _ = weights.read(options.output)
    base = {f"body.{name}": tensor for name, tensor in prepared.tensors.items()}
    network.load_state_dict({n: torch.from_numpy(t) for n, t in weights.with_base(tensors, base).items()}, strict=False)
    print(
        json.dumps({"written": figures(network, prepared, device), "bytes": options.output.stat().st_size}), flush=True
    )


if __name__ == "__main__":
    main()
