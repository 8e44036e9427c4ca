"""The judge that is shipped: it tells what answers from what looks like it, and where the answering words stand."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from kb.answering.judge.judge import Judge, Judgement, question_words
from kb.answering.judge.windows import Window, Windows
from kb.answering.structure import Structure
from kb.errors import EncoderError
from kb.search.encoder import Encoder
from kb.search.gazetteer import Gazetteer
from kb.search.query import plan_query
from kb.types import Document, Metadata
from tests.answering.test_units import structure_of

PERMITS = """# 云澜区居住证办事指南

## 一、申领条件

离开常住户口所在地，在云澜区居住半年以上的，可以申领居住证。

## 二、收费

首次申领居住证不收费。居住证丢失后补办的，收取工本费20元。

## 三、办理地点

到居住地的派出所或者社区服务站办理。

## 四、办理时限

派出所自受理之日起15日内发给居住证；偏远地方可以延长到30日。

## 五、续签

居住证每年签注一次，应当在满一年前一个月内到派出所办理签注手续。

## 六、申请材料

申领居住证应当提交下列材料，装入区政府统一印制的信封内，并在信封背面逐项列出材料的名称和份数：

1. 本人身份证，正面和背面复印在同一张纸上，由本人签名；

2. 近期相片，白色背景，正面，不戴帽子，一式三张，每张背面写明姓名；

3. 租房合同或者房产证明，租房的还应当有房东的身份证复印件和联系电话；

4. 工作单位盖章的在职证明，个体经营的提交营业执照副本的复印件；

5. 随行子女的出生医学证明和户口簿，一式两份，原件在窗口核对后当场退还；

6. 由他人代办的，提交委托书和代办人的身份证，并写明代办人的联系电话。
"""


@pytest.fixture(scope="module")
def structure() -> Structure:
    """Of the guide."""
    return structure_of(PERMITS)


@pytest.fixture(scope="module")
def windows(structure: Structure) -> list[Window]:
    """Of the guide."""
    return Windows(structure, "云澜区居住证办事指南").all()


@pytest.fixture(scope="module")
def judge(encoder: Encoder) -> Judge:
    """The judge that is shipped, beside the encoder that is shipped."""
    return Judge(encoder)


def odds_of(judged: list[Judgement]) -> list[float]:
    return [one.odds for one in judged]


def best_of(judged: list[Judgement]) -> Judgement:
    return max(judged, key=lambda one: one.odds)


@pytest.mark.parametrize(
    ("question", "answer", "words"),
    [
        ("居住证丢了，补办要多少钱？", "收取工本费20元", "20元"),
        ("居住证多久签注一次？", "居住证每年签注一次", "每年"),
    ],
)
def test_what_answers_is_told_from_a_near_miss(
    question: str, answer: str, words: str, judge: Judge, structure: Structure, windows: list[Window]
) -> None:
    """Of the windows of a guide the one that answers has the best odds, better than even; so have in it the words that do."""
    judged = judge.judge(question, windows)
    best = best_of(judged)
    assert answer in best.window.text
    assert 0 < best.odds
    start = structure.text.index(answer) + answer.index(words)
    assert 0 < best.odds_of(start, start + len(words))


def test_of_what_is_not_stated_nothing_answers(judge: Judge, windows: list[Window]) -> None:
    """No window of a guide to residence permits answers how driving licences are renewed."""
    assert max(odds_of(judge.judge("驾驶证怎么换？", windows))) < -2


def test_judgements_are_in_the_order_of_their_windows(judge: Judge, windows: list[Window]) -> None:
    """Each window has what it has when it is judged by itself, among longer and shorter ones."""
    together = judge.judge("补办居住证要多少钱？", windows)
    alone = [one for window in windows for one in judge.judge("补办居住证要多少钱？", [window])]
    assert windows == [one.window for one in together]
    np.testing.assert_allclose(odds_of(alone), odds_of(together), atol=1e-3)
    assert [[token[:2] for token in one.tokens] for one in alone] == [
        [token[:2] for token in one.tokens] for one in together
    ]


def test_tokens_stand_where_their_words_are(judge: Judge, structure: Structure, windows: list[Window]) -> None:
    """The spans of a window's tokens go through its text in order and leave out nothing but white space; none is of a lead-in."""
    assert any(window.lead for window in windows)
    for one in judge.judge("居住证丢了，补办要多少钱？", windows):
        starts = [start for start, _, _ in one.tokens]
        assert sorted(starts) == starts
        assert all(one.window.start <= start < end <= one.window.end for start, end, _ in one.tokens)
        covered = {place for start, end, _ in one.tokens for place in range(start, end)}
        missed = (structure.text[place] for place in range(one.window.start, one.window.end) if place not in covered)
        assert "" == "".join(missed).strip()


def test_words_that_are_written_wide(judge: Judge) -> None:
    """Characters that the tokenizer writes otherwise, as ㎡ and full-width figures, do not move what stands behind them."""
    text = "房屋㎡数为３０㎡以上，①补办居住证收取工本费20元。"
    [found] = judge.judge("居住证丢了，补办要多少钱？", [Window("居住证", "收费：", 70, 70 + len(text), text)])
    start, end, _ = max(found.tokens, key=lambda token: token[2])
    assert text[start - 70 : end - 70] in "20元"
    assert {70 + len(text)} == {end for _, end, _ in found.tokens[-1:]}


def test_a_long_window_is_cut_at_its_end(judge: Judge) -> None:
    """Of more text than the judge takes the first part is judged; the words behind it have the odds of nothing."""
    text = "居住证丢失后补办的，收取工本费20元。" + "渡船停在码头东边。" * 100
    [found] = judge.judge("居住证丢了，补办要多少钱？", [Window("", "", 0, len(text), text)])
    start, end, _ = max(found.tokens, key=lambda token: token[2])
    assert text[start:end] in "20元"
    assert found.tokens[-1][1] < len(text)
    assert found.best_words > found.odds_of(len(text) - 5, len(text)) <= -10


def test_the_lead_in_counts(judge: Judge) -> None:
    """What is under 补办材料 answers what is needed for a new one; under 注销材料 it does not."""
    text = "1. 本人身份证；2. 近期相片。"
    right, wrong = (Window("居住证办事指南", lead, 0, len(text), text) for lead in ("补办材料：", "注销材料："))
    first, second = odds_of(judge.judge("补办居住证要带什么材料？", [right, wrong]))
    assert first > second + 1


def test_no_windows_need_no_judge(tmp_path: Path) -> None:
    """Of no windows nothing is said, and nothing is loaded."""
    assert [] == Judge(Encoder("none"), tmp_path / "none.npz").judge("多少钱？", [])


def test_the_encoder_stays_what_it_was(encoder: Encoder, windows: list[Window]) -> None:
    """A judge that shares an encoder's embeddings leaves its vectors as they were."""
    before = encoder.encode_query("补办居住证要多少钱？")
    Judge(encoder).judge("补办居住证要多少钱？", windows)
    np.testing.assert_array_equal(before, encoder.encode_query("补办居住证要多少钱？"))


def test_beside_another_encoder(judge: Judge, encoder: Encoder, quick_encoder: Encoder, windows: list[Window]) -> None:
    """A judge beside an encoder of another model gives the same odds."""
    assert encoder.name != quick_encoder.name
    question = "补办居住证要多少钱？"
    other = Judge(quick_encoder)
    np.testing.assert_allclose(
        odds_of(judge.judge(question, windows)), odds_of(other.judge(question, windows)), atol=1e-4
    )


def test_threads_ask_side_by_side(judge: Judge, encoder: Encoder, windows: list[Window]) -> None:
    """Threads that ask a judge at the same time, before it is loaded, get what each would get alone."""
    questions = ["补办居住证要多少钱？", "住多久才能办居住证？"] * 2
    shared = Judge(encoder)
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda question: odds_of(shared.judge(question, windows)), questions))
    np.testing.assert_allclose([odds_of(judge.judge(question, windows)) for question in questions], together, atol=1e-4)


def test_a_broken_file_is_tried_again(tmp_path: Path, encoder: Encoder, windows: list[Window]) -> None:
    """A judge whose file is not there says what to do, and loads it once it is."""
    path = tmp_path / "judge.npz"
    judge = Judge(encoder, path)
    with pytest.raises(EncoderError, match=r"judge\.npz.*请重新安装"):
        judge.judge("多少钱？", windows)
    path.symlink_to(Path(__file__).parents[2] / "kb" / "answering" / "judge" / "judge.npz")
    assert len(windows) == len(judge.judge("多少钱？", windows))


def test_a_file_of_another_digest(encoder: Encoder, windows: list[Window]) -> None:
    """A file that is not the one that it should be is not used."""
    with pytest.raises(EncoderError, match="已损坏"):
        Judge(encoder, digest="0" * 64).judge("多少钱？", windows)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("2024年补办居住证收多少钱？", "补办居住证收多少钱?"),
        ("补办居住证收多少钱？", "补办居住证收多少钱?"),
        ("补办 居住证，收多少钱？", "补办 居住证,收多少钱?"),
    ],
)
def test_the_words_of_a_question(question: str, words: str) -> None:
    """A question without the years that it names."""
    assert words == question_words(plan_query(question, (), Gazetteer(())))


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("渡船登记，广州和佛山分别收多少钱？", "渡船登记, 收多少钱?"),
        ("广州跟佛山的渡船登记费有什么不同？", "的渡船登记费 ?"),
        ("广州的渡船登记分别收多少钱？", "的渡船登记分别收多少钱?"),
    ],
    ids=["behind", "in front", "one place"],
)
def test_what_compares_is_not_judged(question: str, words: str) -> None:
    """Each of two places is judged by what is asked of it alone; of one place the question stays as it is."""
    cities = [
        Document(
            id=number,
            sources=(f"/{number}",),
            made_by="1",
            name=f"{city}.txt",
            sha256="",
            metadata=Metadata(title=f"{city}市渡船登记办法", region=f"{city}市", kind="办法"),
            num_passages=1,
        )
        for number, city in enumerate(("广州", "佛山"), start=1)
    ]
    assert words == question_words(plan_query(question, (), Gazetteer(cities)))


def test_odds_of_spans() -> None:
    """The best token that shares a character with a span counts; without any the odds are those of nothing."""
    window = Window("", "", 10, 20, "一二三四五六七八九十")
    found = Judgement(window, 0.0, ((10, 12, -1.0), (12, 15, 2.0), (15, 20, 0.5)))
    assert (2.0, -1.0, 2.0, 0.5) == (
        found.best_words,
        found.odds_of(10, 12),
        found.odds_of(11, 13),
        found.odds_of(15, 16),
    )
    assert {-10.0} == {found.odds_of(20, 25), found.odds_of(5, 10), Judgement(window, 0.0, ()).best_words}
