"""What stands in windows, with what a judge says of it: which windows it is asked for, and what comes of its odds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kb.answering.judge.judge import Judge, Judgement
from kb.answering.judge.judged import Opinion, Placed, judged_of
from kb.answering.judge.windows import Window
from kb.search.gazetteer import Gazetteer
from kb.search.query import plan_query

PLAN = plan_query("渡船多少钱？", (), Gazetteer(()))
LENGTH = 20  # of a window
ODDS = st.floats(-15, 15)


class Fixed(Judge):
    """Gives windows the odds that it was given by their text, one token a character; remembers what it was asked."""

    def __init__(self, odds: dict[str, float], words: dict[str, float] | None = None) -> None:
        self.odds, self.words = odds, words or {}
        self.asked: list[tuple[str, list[Window]]] = []

    def judge(self, question: str, windows: Sequence[Window]) -> list[Judgement]:
        self.asked.append((question, list(windows)))
        return [Judgement(window, self.odds[window.text], self._tokens(window)) for window in windows]

    def _tokens(self, window: Window) -> tuple[tuple[int, int, float], ...]:
        odds = self.words.get(window.text, -5.0)
        return tuple((place, place + 1, odds - place + window.start) for place in range(window.start, window.end))


def placed(item: str, window: int, *, document: int = 1, start: int = 0, end: int = LENGTH) -> Placed[str]:
    """Something in the window of that number in a document; `start` and `end` within the window."""
    first = window * LENGTH
    made = Window(context="", lead="", start=first, end=first + LENGTH, text=f"{document}.{window}")
    return Placed(item, document, made, first + start, first + end)


def judged(item: tuple[str, Opinion | None]) -> Opinion:
    """What is said of an item of which something is said."""
    assert item[1]
    return item[1]


def test_each_window_is_judged_once() -> None:
    """Two things in a window have it judged once; a window that begins at the same place of another document is another."""
    judge = Fixed({"1.0": 1.0, "2.0": 2.0, "1.1": 3.0})
    items = [placed("a", 0), placed("b", 0, document=2), placed("c", 0, start=9), placed("d", 1), placed("e", 1)]
    found = judged_of(PLAN, items, judge, most=9)
    [(_, windows)] = judge.asked
    assert ["1.0", "2.0", "1.1"] == [window.text for window in windows]
    assert [("a", 1.0), ("b", 2.0), ("c", 1.0), ("d", 3.0), ("e", 3.0)] == [
        (item, found and found.odds) for item, found in found
    ]


def test_only_so_many_windows_are_judged() -> None:
    """With room for the characters of two, the first two windows are judged, with all that stands in them; the rest is given back with nothing."""
    judge = Fixed({"1.0": 1.0, "1.1": 2.0})
    items = [placed("a", 0), placed("b", 1), placed("c", 2), placed("d", 0), placed("e", 3)]
    found = judged_of(PLAN, items, judge, most=6)
    [(_, windows)] = judge.asked
    assert ["1.0", "1.1"] == [window.text for window in windows]
    assert [("a", True), ("b", True), ("c", False), ("d", True), ("e", False)] == [
        (item, found is not None) for item, found in found
    ]


def test_no_room_and_nothing() -> None:
    """Without room nothing is said of anything; of nothing there is nothing to say."""
    assert [("a", None)] == judged_of(PLAN, [placed("a", 0)], Fixed({}), most=0)
    assert [] == judged_of(PLAN, [], Fixed({}), most=9)


def test_the_question_is_asked_without_what_is_not_judged() -> None:
    """The years and issuers that a question names are left out of what the judge is asked."""
    judge = Fixed({"1.0": 1.0})
    judged_of(plan_query("2024年渡船收多少钱？", (), Gazetteer(())), [placed("a", 0)], judge, most=1)
    assert ["渡船收多少钱?"] == [question for question, _ in judge.asked]


def test_a_window_beside_the_others() -> None:
    """Of odds 1 and 3 the second is 2 above the other and none behind the best, the first 2 behind."""
    first, second = map(
        judged, judged_of(PLAN, [placed("a", 0), placed("b", 1)], Fixed({"1.0": 1.0, "1.1": 3.0}), most=6)
    )
    assert (-2.0, -2.0) == (first.above_best, first.above_others)
    assert (0.0, 2.0) == (second.above_best, second.above_others)
    assert {"judged": 3 / 8, "ahead_of_windows": 2 / 8} == second.signs


def test_the_words_of_a_span() -> None:
    """The best token of a span counts, beside that of its window and that of the best span; here the first tokens are best."""
    judge = Fixed({"1.0": 1.0, "1.1": 3.0}, {"1.0": 4.0, "1.1": 2.0})
    items = [placed("a", 0, start=3, end=6), placed("b", 1, start=0, end=1)]
    first, second = map(judged, judged_of(PLAN, items, judge, most=6))
    assert (1.0, -3.0, -1.0) == (first.words, first.words_above_window, first.words_above_best)
    assert (2.0, 0.0, 0.0) == (second.words, second.words_above_window, second.words_above_best)


@given(st.lists(st.tuples(ODDS, ODDS, st.integers(0, LENGTH - 1)), min_size=1, max_size=6))
def test_features_are_bounded(drawn: list[tuple[float, float, int]]) -> None:
    """What is clipped is within 1 of 0, what is behind is 0 or less, and one is the best."""
    texts = [f"1.{number}" for number in range(len(drawn))]
    judge = Fixed(
        {text: odds for text, (odds, _, _) in zip(texts, drawn, strict=True)},
        {text: words for text, (_, words, _) in zip(texts, drawn, strict=True)},
    )
    items = [placed(text, number, start=drawn[number][2]) for number, text in enumerate(texts)]
    found = list(map(judged, judged_of(PLAN, items, judge, most=99)))
    assert 1 == sum(one.above_best == 0 for one in found) or len({odds for odds, _, _ in drawn}) < len(drawn)
    for one in found:
        assert all(map(math.isfinite, (*one.features.values(), *one.signs.values())))
        assert all(-1 <= one.features[name] <= 1 for name in ("judged", "judged_words"))
        assert all(one.features[name] <= 0 for name in ("judged_behind", "judged_words_within", "judged_words_behind"))
        assert all(-1 <= sign <= 1 for sign in one.signs.values())
        assert one.judgement in judge.judge("", [one.judgement.window] if one.judgement else [])


def test_a_span_without_tokens() -> None:
    """Where the judge has no token for a span, the words are as unlikely as any, and no better than the best of its window."""
    judge = Fixed({"1.0": 1.0}, {"1.0": -12.0})
    [found] = map(judged, judged_of(PLAN, [placed("a", 0, start=50, end=60)], judge, most=1))
    assert found.words_above_window <= 0


def test_the_rows_of_a_table_are_judged_as_one() -> None:
    """Each has the odds and words of the best, beside what stands outside of the table; what is said of its own window stays with it."""
    judge = Fixed({"1.0": 1.0, "1.1": 4.0, "1.2": 3.0}, {"1.0": -2.0, "1.1": 2.0, "1.2": 0.0})
    items = [replace(placed("a", 0), table=0), replace(placed("b", 1), table=0), placed("c", 2)]
    first, second, third = map(judged, judged_of(PLAN, items, judge, most=9))
    assert (4.0, 0.0, 1.0, 2.0) == (first.odds, first.above_best, first.above_others, first.words)
    assert first.features == second.features
    assert (-1.0, -1.0) == (third.above_best, third.above_others)
    assert [1.0, 4.0] == [one.judgement.odds for one in (first, second) if one.judgement]
