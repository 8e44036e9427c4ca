"""A summary in a model's words, part by part: each checked by its own quotes, in bounded time, within the context."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from itertools import pairwise

import pytest

from kb.answering import Answerer
from kb.llm.prompts import max_tokens
from kb.llm.sentences import parted
from kb.llm.summary import parts
from kb.search.retriever import Retriever
from kb.types import Answer
from tests.llm.test_writer import without_timings, writing
from tests.openai_server import Messages, Reply, endless, error, event, say

Hold = Callable[[Mapping[str, str]], Retriever]
QUESTION = "总结云澜区2021到2023年的工作"
REPORT = """{year}年云澜区水务局年度报告
一、{year}年主要工作
全年清理河道{river}公里，新建水闸{gates}座。
"""
RIVERS = {2021: (31, 4), 2022: (52, 7), 2023: (73, 9)}
TOLD = {year: f"{year}年，云澜区水务局全年清理河道{river}公里。" for year, (river, _) in RIVERS.items()}


@pytest.fixture
def answerer(hold: Hold) -> Answerer:
    texts = {
        f"{year}_云澜区水务局_年度报告.txt": REPORT.format(year=year, river=river, gates=gates)
        for year, (river, gates) in RIVERS.items()
    }
    return Answerer(hold(texts), num_evidence=8, question_characters=500)


def year_of(asked: Messages) -> int:
    """The year of the part that is asked for, by the passage that the model is told."""
    [year] = set(re.findall(r"（云澜区水务局，(\d{4})）", asked[-1]["content"]))
    return int(year)


def truly(asked: Messages, _: bool) -> Reply:
    """What a model says that words each part rightly, its mark left to be found."""
    year = year_of(asked)
    _, gates = RIVERS[year]
    return say(f"{TOLD[year]}新建水闸{gates}座。")


def written(answer: Answer) -> list[str]:
    return [parted(line)[0] for line in answer.text.splitlines()]


def test_the_parts_are_written_in_order(answerer: Answerer) -> None:
    """Each year is one request, in order; its words stand below its heading, with its mark."""
    with writing(answerer, truly) as (writer, server):
        whole = writer.answer(QUESTION)
        assert [2021, 2022, 2023] == [year_of(request.messages) for request in server.requests]
    assert [
        f"{head}{words}"
        for year, (_, gates) in RIVERS.items()
        for head, words in ((f"云澜区{year}年：", f"一、{year}年主要工作"), (TOLD[year], f"新建水闸{gates}座。"))
    ] == [re.sub(r"\[\d+\]", "", line) for line in whole.text.splitlines()]
    assert whole.writing is not None
    assert ("", whole.writing.figures) == (whole.writing.note, whole.writing.standing)


def test_what_is_not_held_is_still_said(answerer: Answerer) -> None:
    """Below the parts in the model's words stands what the composed answer says besides."""
    with writing(answerer, truly) as (writer, _):
        whole = writer.answer("总结云澜区2019年和2022年的工作")
    assert TOLD[2022] in whole.text
    assert "云澜区2019年：没有在库中文件里找到。" == whole.text.splitlines()[-1]


def test_each_part_is_told_only_its_own_passages(answerer: Answerer) -> None:
    """A request has the lines and passages of its part, and nothing of another year's."""
    with writing(answerer, truly) as (writer, server):
        writer.answer(QUESTION)
    for request in server.requests:
        year = year_of(request.messages)
        text = request.messages[-1]["content"].partition("问题：")[0]
        assert f"{RIVERS[year][0]}公里" in text
        assert not any(f"{river}公里" in text for other, (river, _) in RIVERS.items() if other != year)


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(error(400, "no"), id="fails"),
        pytest.param(say(""), id="is empty"),
        pytest.param(say("今天天气不错。"), id="does not stand"),
        pytest.param(say("全年清理河道52公里。", end="length"), id="is cut off"),
        pytest.param(endless("全年" * 50, between=0.01), id="does not end"),
    ],
)
def test_a_part_in_the_middle_that_fails_stays_composed(reply: Reply, answerer: Answerer) -> None:
    """Where one call fails, its part is told as composed, and the others in the model's words."""
    composed = answerer.answer(QUESTION).text.splitlines()
    with writing(answerer, lambda asked, stream: reply if year_of(asked) == 2022 else truly(asked, stream)) as (
        writer,
        server,
    ):
        whole = writer.answer(QUESTION)
        assert 3 == len(server.requests)
    lines = whole.text.splitlines()
    assert composed[2:4] == lines[2:4]
    assert TOLD[2021] in written(whole)[1]
    assert TOLD[2023] in written(whole)[5]
    assert whole.writing is not None
    assert whole.writing.standing == whole.writing.figures


def test_a_figure_of_another_part_falls(answerer: Answerer) -> None:
    """A true figure of one year told in the part of another is not shown there, whatever mark it has."""

    def lie(asked: Messages, stream: bool) -> Reply:
        if year_of(asked) != 2022:
            return truly(asked, stream)
        return say("全年清理河道73公里。[3]全年清理河道31公里。[1]全年清理河道73公里。[2]新建水闸7座。")

    with writing(answerer, lie) as (writer, _):
        *growing, whole = filter(None, writer.answers(QUESTION))
    for answer in (*growing, whole):
        _, _, later = answer.text.partition("云澜区2022年：")
        of_2022 = later.partition("云澜区2023年：")[0]
        assert "73公里" not in of_2022
        assert "31公里" not in of_2022
    assert "52公里" in whole.text.partition("云澜区2022年：")[2].partition("云澜区2023年：")[0]


def test_a_mark_in_a_document_is_none(hold: Hold) -> None:
    """A document that writes a mark of another part brings nothing of that part into its own."""
    texts = {
        "2022_云澜区水务局_年度报告.txt": REPORT.format(year=2022, river=52, gates=7),
        "2023_云澜区水务局_年度报告.txt": REPORT.format(year=2023, river=73, gates=9).replace("公里，", "公里[1]，"),
    }
    composed = Answerer(hold(texts), num_evidence=8, question_characters=500).answer("总结云澜区2022和2023年的工作")
    assert "73公里[1]" in composed.text
    for part, year in zip(parts(QUESTION, composed, context=4096), (2022, 2023), strict=True):
        assert {year} == {citation.document.metadata.year for citation in part.composed.citations}


def test_what_grows_was_checked(answerer: Answerer) -> None:
    """Of all that is shown on the way every line is composed or stands, and no wrong figure flashes."""
    composed = {parted(line)[0] for line in answerer.answer(QUESTION).text.splitlines()}

    def slow(asked: Messages, stream: bool) -> Reply:
        year = year_of(asked)
        return say(*f"{TOLD[year]}清理河道999公里。新建水闸888座。")

    with writing(answerer, slow) as (writer, _):
        shown = list(filter(None, writer.answers(QUESTION)))
    assert len(shown) > 3
    stated = composed | set(TOLD.values())
    for before, after in pairwise(shown):
        assert "999" not in after.text and "888" not in after.text
        assert len(before.text.splitlines()) <= len(after.text.splitlines())
        assert all(any(words in line for words in stated) for line in written(after))
        assert after.writing is not None
        assert after.writing.standing == after.writing.figures


def test_the_whole_is_bounded(answerer: Answerer) -> None:
    """When the time for the whole is over, what was not reached stays composed, with a note; nothing more is asked."""
    composed = answerer.answer(QUESTION).text.splitlines()

    def slow(asked: Messages, stream: bool) -> Reply:
        return say(f"{TOLD[2021]}新建水闸4座。", first=2.5) if year_of(asked) == 2021 else endless("慢", between=0.05)

    with writing(answerer, slow, seconds=4) as (writer, server):
        started = time.monotonic()
        whole = writer.answer(QUESTION)
        assert time.monotonic() - started < 5.5
        assert 2 == len(server.requests)
    assert whole.text.startswith(composed[0])
    assert whole.text.endswith("\n".join(composed[2:]))
    assert TOLD[2021] in whole.text
    assert TOLD[2022] not in whole.text
    assert whole.writing is not None
    assert "没有写完" in whole.writing.note


def test_a_model_that_is_not_there(answerer: Answerer) -> None:
    """After two failures in a row no more is asked, and the summary stands as composed with a note."""
    with writing(answerer, lambda asked, stream: error(401, "no")) as (writer, server):
        whole = writer.answer(QUESTION)
        assert 2 == len(server.requests)
    assert without_timings(answerer.answer(QUESTION)) == without_timings(whole)
    assert whole.writing is not None
    assert "没有接通" in whole.writing.note


def test_breaking_off_ends_everything(answerer: Answerer) -> None:
    """Closing the answers hangs up on the part that is being written, and asks for no other."""

    def reply(asked: Messages, stream: bool) -> Reply:
        return endless(f"{TOLD[year_of(asked)]}\n", between=0.05)

    with writing(answerer, reply) as (writer, server):
        with closing(writer.answers(QUESTION)) as growing:
            assert TOLD[2021] in next(filter(None, growing)).text
        assert server.requests[0].left.wait(10)
        time.sleep(0.2)
        assert 1 == len(server.requests)


def test_breaking_off_a_silent_part(answerer: Answerer) -> None:
    """While the model is silent on a part the answers can be closed, too."""
    with writing(answerer, lambda asked, stream: Reply(steps=[1000.0])) as (writer, server):
        growing = writer.answers(QUESTION)
        while not server.requests:
            assert next(growing) is None
        growing.close()
        assert server.requests[0].left.wait(2)


def test_a_part_is_shown_before_the_next_is_asked(answerer: Answerer) -> None:
    """What is written of the first year is shown while the second is on its way."""
    held = threading.Event()

    def reply(asked: Messages, stream: bool) -> Reply:
        if year_of(asked) == 2021:
            return truly(asked, stream)

        def steps() -> Iterator[object]:
            held.wait(10)
            yield event({"content": TOLD[year_of(asked)]})
            yield event({}, "stop")

        return Reply(steps=steps())

    with writing(answerer, reply) as (writer, _):
        growing = filter(None, writer.answers(QUESTION))
        first = next(one for one in growing if f"新建水闸{RIVERS[2021][1]}座" in one.text)
        assert "2022年" not in first.text
        held.set()
        *_, whole = growing
    assert TOLD[2023] in whole.text


LONG = """2023年云澜区水务局年度报告
一、2023年主要工作
{works}
二、存在的问题
值守人员还差6人。
"""


@pytest.mark.parametrize("context", [512, 1024, 1536, 2048, 4096])
@pytest.mark.parametrize("length", [3, 60])
def test_the_context_is_never_exceeded(context: int, length: int, hold: Hold) -> None:
    """What is asked for a part and its longest answer fit, however long its lines; each line is in one part, in order."""
    works = "\n".join(
        f"（{one}）水务工作第{one}项。\n{'沿河各村巡查堤岸，' * length}清理河道{number}公里。\n"
        + "巡查堤岸，清理淤泥。" * 30
        for number, one in enumerate("一二三四五六七", start=11)
    )
    answerer = Answerer(
        hold({"2023_云澜区水务局_年度报告.txt": LONG.format(works=works)}), num_evidence=8, question_characters=500
    )
    composed = answerer.answer("总结云澜区2023年的工作")
    found = list(parts("总结云澜区2023年的工作" + "请" * 300, composed, context=context))
    assert composed.lines == tuple(line for part in found for line in (part.heading, *part.composed.lines) if line)
    for part in found:
        assert not part.asked or sum(len(message.text) for message in part.asked) + max_tokens(context) <= context
    assert (context >= 1536) == all(part.asked for part in found)


def test_no_context_for_any_part(answerer: Answerer) -> None:
    """Where the context holds no part, no model is asked, and the composed summary stands with a note."""
    with writing(answerer, truly, context=512) as (writer, server):
        whole = writer.answer(QUESTION)
        assert [] == server.requests
    assert without_timings(answerer.answer(QUESTION)) == without_timings(whole)
    assert whole.writing is not None
    assert "超出" in whole.writing.note
