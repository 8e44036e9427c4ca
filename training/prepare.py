"""Groups → one file that fitting needs and nothing else: tokens, labels, and the encoder's weights for these tokens.

It is small enough to be carried to a machine with a GPU, and has no words in it.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from kb.answering.judge.network import pair
from kb.search import weights
from kb.search.encoder import DEFAULT, Encoder, tokenizer_of
from kb.search.retriever import Retriever
from kb.search.weights import BLOCK, BLOCK_WEIGHTS
from training.groups import Group, is_held_out, read_known, read_made, read_questions, read_statements

_EMBEDDINGS = "embeddings.word_embeddings.weight"
_EXACT = 1e-6


def prepare(groups: Sequence[Group], path: Path) -> None:
    """Write the groups, tokenised, with what is needed of the encoder."""
    given = weights.read_weights(weights.installed_file())
    tokenizer = tokenizer_of(given)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    begin, end = tokenizer.token_to_id("<s>"), tokenizer.token_to_id("</s>")
    columns: dict[str, list[Any]] = {
        name: [] for name in ("ids", "labels", "length", "start", "answers", "group", "source", "held_out")
    }
    sources = sorted({group.source for group in groups})
    for number, group in enumerate(groups):
        held_out = group.is_held_out or is_held_out(group.document)
        question = _ids(tokenizer, group.question)
        for item in group.items:
            window = tokenizer.encode(item.text, add_special_tokens=False)
            made = pair(question, _ids(tokenizer, item.context), window.ids, begin=begin, end=end)
            labels = np.zeros(len(made.ids), np.uint8)
            for place, (first, last) in enumerate(window.offsets[: len(made.ids) - made.start - 1]):
                labels[made.start + place] = any(start < last and first < stop for start, stop in item.spans)
            columns["ids"].append(made.ids)
            columns["labels"].append(labels)
            columns["length"].append(len(made.ids))
            columns["start"].append(made.start)
            columns["answers"].append(item.answers)
            columns["group"].append(number)
            columns["source"].append(sources.index(group.source))
            columns["held_out"].append(held_out)
    ids = np.concatenate(columns["ids"])
    kept, compact = np.unique(np.append(ids, tokenizer.token_to_id("<pad>")), return_inverse=True)
    tensors = dict(given.tensors)
    tensors[_EMBEDDINGS] = tensors[_EMBEDDINGS][kept]
    np.savez_compressed(
        path,
        ids=compact[:-1].astype(np.uint16),
        padding=compact[-1],
        labels=np.packbits(np.concatenate(columns["labels"])),
        length=np.array(columns["length"], np.uint16),
        start=np.array(columns["start"], np.uint16),
        answers=np.array(columns["answers"], bool),
        group=np.array(columns["group"], np.uint32),
        source=np.array(columns["source"], np.uint8),
        held_out=np.array(columns["held_out"], bool),
        sources=np.array(sources),
        sizes=np.array([f"{name}={value}" for name, value in (given.sizes | {"vocab_size": len(kept)}).items()]),
        **{f"tensor/{name}": _small(tensor) for name, tensor in tensors.items()},
    )


def _ids(tokenizer: Tokenizer, text: str) -> list[int]:
    ids: list[int] = tokenizer.encode(text, add_special_tokens=False).ids
    return ids


def _small(tensor: NDArray[np.float32]) -> NDArray[Any]:
    """A matrix of the encoder's file in the 4 bits that it had there, other tensors as they are.

    A block's weights are whole multiples of its scale: of the scales that the greatest of them allows, the one that fits.
    """
    if tensor.ndim != 2 or tensor.size % BLOCK_WEIGHTS:
        return tensor
    rows = tensor.reshape(-1, BLOCK_WEIGHTS)
    greatest = rows[np.arange(len(rows)), np.abs(rows).argmax(axis=1)][:, None]
    scales = np.stack([greatest[:, 0] / level for level in (-8, *range(-7, 0), *range(1, 8))], axis=1).astype(
        np.float16
    )
    best, error = np.zeros(len(rows), np.float16), np.full(len(rows), np.inf)
    for scale in scales.T:
        with np.errstate(divide="ignore", invalid="ignore"):
            whole = np.clip(np.rint(rows / scale.astype(np.float32)[:, None]), -8, 7)
            lost = np.nan_to_num(np.abs(whole * scale.astype(np.float32)[:, None] - rows).max(axis=1), nan=np.inf)
        better = lost < error
        best[better], error[better] = scale[better], lost[better]
    if error.max() > _EXACT:
        return tensor
    blocks = np.zeros(len(rows), BLOCK)
    blocks["scale"] = best
    scale = best.astype(np.float32)[:, None]
    whole = np.clip(np.rint(rows / np.where(scale == 0, 1, scale)), -8, 7).astype(np.int16) + 8
    half = BLOCK_WEIGHTS // 2
    blocks["halves"] = (whole[:, :half] | (whole[:, half:] << 4)).astype(np.uint8)
    return blocks.view(np.uint8).reshape(tensor.shape[0], -1)


def main() -> None:
    """Read, mine and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", type=Path)
    parser.add_argument("--statements", type=Path, nargs="*", default=[], help="files of shared reading data")
    parser.add_argument(
        "--data", type=Path, help="the documents that the questions are on, as `python -m ingest` keeps them"
    )
    parser.add_argument("--questions", type=Path, nargs="*", default=[], help="files of questions (training/README.md)")
    parser.add_argument("--folder", type=Path, help="of documents that were made for training")
    parser.add_argument("--made", type=Path, nargs="*", default=[], help="files of questions on these")
    parser.add_argument(
        "--known",
        type=Path,
        nargs=2,
        action="append",
        default=[],
        metavar=("DATA", "QUESTIONS"),
        help="questions with known answers on other documents: scored only",
    )
    options = parser.parse_args()
    groups = [group for path in options.statements for group in read_statements(path)]
    encoder = Encoder(DEFAULT)
    if options.data:
        retriever = Retriever(options.data, encoder)
        groups += [group for path in options.questions for group in read_questions(path, retriever)]
    groups += [group for path in options.made for group in read_made(path, options.folder)]
    for data, path in options.known:
        groups += read_known(path, Retriever(data, encoder))
    prepare(groups, options.output)
    for source, count in sorted(Counter(group.source for group in groups).items()):
        windows = [item for group in groups if group.source == source for item in group.items]
        print(
            f"{source:24} {count:6} questions {len(windows):7} windows {sum(item.answers for item in windows):6} that answer"
        )


if __name__ == "__main__":
    main()
