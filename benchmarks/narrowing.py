"""Fit which of several cases in one sentence is shown alone: python -m benchmarks.narrowing FOLDER QUESTIONS… [FOLDER …].

    python -m benchmarks.narrowing training/documents training/questions/made.jsonl FOLDER training/questions/policies.jsonl --write

QUESTIONS are files of training questions (training/README.md) on the files of FOLDER; those on documents that the judge was not
trained on are taken, or all with `--all`. A question counts where its answer is one of several cases. Two halves are made by the
document; each is scored by weights that were fitted on the other, and the table says for each bar how often the case that
answers is shown alone, how often another is, and how often all are. `--write` fits on all and writes the weights into choice.json.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

from benchmarks.choice import fitted_softmax, write_weights
from kb.answering.judge.belief import weighed
from kb.answering.judge.judge import Judge, question_words
from kb.answering.judge.windows import Windows
from kb.answering.structure import BlockShape, Structure
from kb.answering.units.cases import cases_in
from kb.answering.units.narrowing import case_values
from kb.answering.units.wholes import NARROW
from kb.search.encoder import DEFAULT, Encoder
from kb.search.gazetteer import Gazetteer
from kb.search.query import plan_query
from training.groups import is_held_out, lines, places, read_structure

BARS = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95)


@dataclass(frozen=True)
class Told:
    """A question whose answer is one of several cases."""

    document: str
    values: list[dict[str, float]]  # of each case
    right: int

    @property
    def half(self) -> int:
        return sha256(self.document.encode()).digest()[1] % 2


def main() -> None:
    """Fit and print; write where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", type=Path, nargs="+", metavar="FOLDER QUESTIONS…")
    parser.add_argument("--all", action="store_true", help="questions that the judge was trained on as well")
    parser.add_argument("--least", type=float, default=0.9, help="the bar that is written")
    parser.add_argument("--judge", type=Path, help="a file of another judge")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    encoder = Encoder(DEFAULT)
    judge = Judge(encoder, options.judge, None) if options.judge else Judge(encoder)
    told: list[Told] = []
    for path in options.paths:
        if path.is_dir():
            folder = path
        else:
            told += read_told(path, folder, judge, every=options.all)
    fitted = [fitted_softmax([(one.values, [one.right]) for one in told if one.half != half]) for half in (0, 1)]
    print_table(told, fitted)
    if options.write:
        write_weights(case=fitted_softmax([(one.values, [one.right]) for one in told]), least_case=options.least)


def read_told(path: Path, folder: Path, judge: Judge, *, every: bool) -> Iterator[Told]:
    """The questions of a file that one of several cases of a sentence or item answers."""
    cut: dict[str, tuple[Structure, Windows]] = {}
    for given in lines(path):
        name = given["doc"]
        plan = plan_query(given["q"], [], Gazetteer(()))
        if not (every or is_held_out(name)) or plan.kind not in NARROW or not (folder / name).is_file():
            continue
        if name not in cut:
            structure, title = read_structure(folder / name)
            cut[name] = structure, Windows(structure, title)
        structure, windows = cut[name]
        spans = [span for answer in given["answers"] for span in places(structure.text, answer)]
        if len(spans) != 1:
            continue
        [(start, _)] = spans
        for block in structure.blocks_within(start, start + 1):
            for focus in block.foci:
                cases = cases_in(structure.text, focus.start, focus.end)
                right = [place for place, (first, last) in enumerate(cases.spans) if first <= start < last]
                if block.shape is not BlockShape.TABLE and len(cases.spans) > 1 and right:
                    [said] = judge.judge(question_words(plan), [windows.at(focus.start)])
                    yield Told(name, case_values(plan, structure.text, cases, said), right[0])


def print_table(told: list[Told], fitted: list[dict[str, float]]) -> None:
    """What each bar shows alone, rightly and wrongly."""
    print(f"{len(told)} questions; each half by the weights of the other")
    print(f"{'bar':>5} {'right':>6} {'wrong':>6} {'all shown':>10} {'precision':>10}")
    shares = []
    for one in told:
        scores = np.array([weighed(values, fitted[one.half]) for values in one.values])
        odds = np.exp(scores - scores.max())
        shares.append((1 / odds.sum(), int(scores.argmax()) == one.right))
    for bar in BARS:
        right = sum(is_right for share, is_right in shares if share >= bar)
        wrong = sum(not is_right for share, is_right in shares if share >= bar)
        print(f"{bar:5.2f} {right:6} {wrong:6} {len(told) - right - wrong:10} {right / max(right + wrong, 1):10.3f}")


if __name__ == "__main__":
    main()
