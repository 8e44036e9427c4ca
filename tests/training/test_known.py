"""Questions that were written for training, as questions with known answers: those of documents that are held out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from kb.evaluation.lines import read_questions
from kb.search.retriever import Retriever
from tests.training.test_groups import FERRY, asked, lines
from training.groups import is_held_out
from training.known import known

Hold = Callable[[Mapping[str, str]], Retriever]
HELD_OUT, TRAINED_ON = (
    next(name for number in range(99) if is_held_out(name := f"渡船{number}.md") is wanted) for wanted in (True, False)
)


@pytest.fixture
def retriever(hold: Hold) -> Retriever:
    """Over rules of two ferries, one held out and one not."""
    return hold({HELD_OUT: FERRY, TRAINED_ON: FERRY.replace("9元", "8元")})


def test_held_out_questions_can_be_evaluated(retriever: Retriever, tmp_path: Path) -> None:
    """Questions on documents that are trained on, or are not held, are left out; the others are lines of an evaluation."""
    path = lines(
        tmp_path / "ferry.jsonl",
        asked("半价票多少钱？", "半价票收费5元", "5元", doc=TRAINED_ON) | {"kind": "figure"},
        asked("半价票多少钱？", "半价票收费5元", "5元", doc=HELD_OUT) | {"kind": "figure"},
        asked("能带狗吗？", doc=HELD_OUT) | {"kind": "yesno"},
        asked("押金多少？", "押金为每人99元", "99元", doc=HELD_OUT) | {"kind": "figure"},
        asked("几点开门？", doc="没有.md") | {"kind": "when"},
    )
    output = tmp_path / "known.jsonl"
    output.write_text("".join(json.dumps(one) + "\n" for one in known(path, retriever)), encoding="utf-8")
    first, second = read_questions(output)
    assert ("ferry2", (("5元",),), (HELD_OUT,), True) == (first.id, first.gold, first.docs, first.answerable)
    assert ("unanswerable", (), False) == (second.kind, second.gold, second.answerable)


@pytest.mark.parametrize(
    ("kind", "gold"), [("list", [["停靠申请表"], ["船员证件"]]), ("figure", [["停靠申请表", "船员证件"]])]
)
def test_a_list_is_right_as_a_whole(kind: str, gold: list[list[str]], retriever: Retriever, tmp_path: Path) -> None:
    """All items of a list belong to an answer; of places that say the same, one is enough."""
    question = asked("停靠要交什么？", doc=HELD_OUT) | {"kind": kind}
    question["answers"] = [{"quote": words, "words": ""} for words in ("停靠申请表", "船员证件")]
    [found] = known(lines(tmp_path / "ferry.jsonl", question), retriever)
    assert gold == found["gold"]
