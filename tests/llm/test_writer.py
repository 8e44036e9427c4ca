"""An answer in a model's words: what stands, what falls, and that a question is never lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager

import pytest

from kb.answering import Answerer
from kb.llm.client import open_model
from kb.llm.prompts import messages, template
from kb.llm.writer import Writer
from kb.search.retriever import Retriever
from kb.settings import read_settings
from kb.types import Answer, Status
from tests.openai_server import CUT, Messages, OpenAIServer, Replies, Reply, endless, error, event, say

Hold = Callable[[Mapping[str, str]], Retriever]

HEAD = template("answer").format_messages(passages="", facts="", question="")[:-1]
REPORT = """2024年云澜区司法局法治政府建设年度报告
一、主要工作
全年组织学法17次，比上年增加3次。受理行政复议申请108件；办理法律援助案件301件。
普法进校园、进企业、进社区。
"""
QUESTION = "云澜区司法局2024年组织学法多少次？"


@pytest.fixture
def answerer(hold: Hold) -> Answerer:
    return Answerer(hold({"2024_云澜区司法局_年度报告.txt": REPORT}), num_evidence=8, question_characters=500)


@contextmanager
def writing(
    answerer: Answerer, replies: Replies, seconds: int = 20, context: int = 4096
) -> Iterator[tuple[Writer, OpenAIServer]]:
    """A writer whose model replies so, and its server."""
    with OpenAIServer(replies) as server:
        settings = read_settings(
            {
                "WENZHENG_MODEL_URL": server.url,
                "WENZHENG_MODEL_NAME": "m",
                "WENZHENG_MODEL_FIRST_SECONDS": str(seconds),
                "WENZHENG_MODEL_SECONDS": str(seconds),
                "WENZHENG_MODEL_CONTEXT": str(context),
            }
        )
        model = open_model(settings)
        assert model is not None
        model.warm_up()
        with model:
            yield Writer(answerer, model), server


def answers(answerer: Answerer, *pieces: str, question: str = QUESTION) -> list[Answer]:
    with writing(answerer, lambda asked, stream: say(*pieces)) as (writer, _):
        return list(filter(None, writer.answers(question)))


def without_timings(answer: Answer) -> tuple[object, ...]:
    return (answer.status, answer.text, answer.citations, answer.computed, answer.table)


# What is shown ---------------------------------------------------------------------------------------------------


def test_without_a_model_there_is_the_composed_answer(answerer: Answerer) -> None:
    """Without a model the one answer is the composed one, and no writing is told of."""
    [answer] = Writer(answerer).answers(QUESTION)
    assert without_timings(answerer.answer(QUESTION)) == without_timings(answer)
    assert answer.writing is None


def test_a_sentence_that_stands_is_shown(answerer: Answerer) -> None:
    """A sentence in the model's words stands with its mark, and its figures are counted."""
    whole = answers(answerer, "2024年，云澜区司法局全年组织学法十七次，", "比上年增加3次。", "[1]")[-1]
    assert "2024年，云澜区司法局全年组织学法十七次，比上年增加3次。[1]" == whole.text
    assert whole.writing is not None
    assert (3, 3, 0, 0, "") == (
        whole.writing.figures,
        whole.writing.standing,
        whole.writing.repaired,
        whole.writing.struck,
        whole.writing.note,
    )


def test_the_answer_grows_sentence_by_sentence(answerer: Answerer) -> None:
    """Each sentence is shown as soon as it is checked, before the model ends."""
    held = threading.Event()

    def reply(asked: Messages, stream: bool) -> Reply:
        def steps() -> Iterator[object]:
            yield event({"content": "全年组织学法17次，比上年增加3次。[1]\n云"})
            held.wait(10)
            yield event({"content": "澜区司法局普法进校园、进企业、进社区。[1]"})
            yield event({}, "stop")

        return Reply(steps=steps())

    with writing(answerer, reply) as (writer, _):
        growing = filter(None, writer.answers(QUESTION))
        assert "全年组织学法17次，比上年增加3次。[1]" == next(growing).text
        held.set()
        *_, whole = growing
    assert whole.text.endswith("云澜区司法局普法进校园、进企业、进社区。[1]")


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_a_wrong_figure_never_flashes(size: int, answerer: Answerer) -> None:
    """Of all that is shown on the way nothing has the wrong figure, however the stream is cut."""
    said = "云澜区司法局组织学法18次。[1]办理案件999件。[1]"
    shown = answers(answerer, *(said[start : start + size] for start in range(0, len(said), size)))
    assert all("18" not in answer.text and "999" not in answer.text for answer in shown)
    assert "17次" in shown[-1].text


def test_a_sentence_that_falls_is_repaired(answerer: Answerer) -> None:
    """In the place of a wrong sentence stands the composed line of its passage; a second one is struck."""
    whole = answers(answerer, "普法进校园、进企业、进社区。[1]学法18次。[1]学法19次。[1]")[-1]
    assert whole.writing is not None
    assert (1, 1) == (whole.writing.repaired, whole.writing.struck)
    assert "全年组织学法17次，比上年增加3次。[1]" in whole.text


def test_what_is_missing_is_added(answerer: Answerer) -> None:
    """A composed line whose figures the model leaves out stands below its words."""
    whole = answers(answerer, "云澜区司法局普法进校园、进企业、进社区。[1]")[-1]
    assert [
        "云澜区司法局普法进校园、进企业、进社区。[1]",
        "全年组织学法17次，比上年增加3次。[1]",
    ] == whole.text.splitlines()


def test_a_sentence_that_says_less_gives_way(answerer: Answerer) -> None:
    """A part of a composed line is enough where it tells the figure that is asked for; else the line is said instead."""
    assert "全年组织学法17次。[1]" == answers(answerer, "全年组织学法17次。[1]")[-1].text
    assert "全年组织学法17次，比上年增加3次。[1]" == answers(answerer, "比上年增加3次。[1]")[-1].text


def test_every_mark_has_its_citation_and_every_quote_stands(answerer: Answerer) -> None:
    """The marks of the text are those of its citations, whose quotes stand in the document at their spans."""
    said = "云澜区司法局全年组织学法17次，比上年增加3次。[1][5]普法进校园、进企业、进社区。[1]"
    for answer in answers(answerer, said):
        assert "[5]" not in answer.text
        for citation in answer.citations:
            text = answerer.retriever.catalogue.text(citation.document.id)
            assert citation.quote == text[citation.start : citation.end]


def test_a_refusal_asks_no_model(answerer: Answerer) -> None:
    """What the evidence refuses the model is not asked."""
    with writing(answerer, lambda asked, stream: say("学法3次。[1]")) as (writer, server):
        [answer] = writer.answers("云澜区司法局2019年组织学法多少次？")
        assert answer.status.refuses
        assert [] == server.requests


def test_an_error_asks_no_model(answerer: Answerer) -> None:
    """A question that is none ends with its error, and the model is not asked."""
    with writing(answerer, lambda asked, stream: say("学法3次。[1]")) as (writer, server):
        [answer] = writer.answers("")
        assert Status.ERROR_QUESTION == answer.status
        assert [] == server.requests


def test_several_questions_at_once_stay_composed(answerer: Answerer) -> None:
    """Several questions are told one by one below their own words, as composed."""
    asked = "云澜区司法局2024年组织学法多少次？受理行政复议申请多少件？"
    with writing(answerer, lambda messages, stream: say("学法17次。[1]")) as (writer, server):
        whole = writer.answer(asked)
        assert without_timings(answerer.answer(asked)) == without_timings(whole)
        assert [] == server.requests


def test_a_table_keeps_its_rows(hold: Hold) -> None:
    """Where issuers are compared the table and what code worked out stay, whatever the model leaves out."""
    held = hold(
        {
            f"2024_{name}_政府工作报告.txt": f"2024年{name}政府工作报告\n一、2023年工作回顾\n渡口货运量达到{count}万吨。\n"
            for name, count in (("云澜区", 12), ("望舒市", 17))
        }
    )
    answerer = Answerer(held, num_evidence=8, question_characters=500)
    asked = "云澜区和望舒市2023年渡口货运量相差多少万吨？"
    composed = answerer.answer(asked)
    first, second, difference = composed.text.splitlines()
    whole = answers(answerer, "云澜区渡口货运量达到12万吨，比望舒市多8万吨。[1]", question=asked)[-1]
    assert composed.table and composed.table == whole.table
    assert "5万吨" in difference
    assert "8万吨" not in whole.text
    whole = answers(answerer, "2023年云澜区渡口货运量达到12万吨。[1]", question=asked)[-1]
    assert {second, difference} < set(whole.text.splitlines())
    assert first not in whole.text


# What goes wrong -------------------------------------------------------------------------------------------------

SLOW, DOWN, BROKEN, NOTHING = "没有按时", "没有接通", "不能用", "没有一句"


@pytest.mark.parametrize(
    ("note", "reply"),
    [
        pytest.param(DOWN, error(401, "no"), id="refused"),
        pytest.param(DOWN, error(404, "no model"), id="no such model"),
        pytest.param(SLOW, Reply(steps=[30.0]), id="dumb"),
        pytest.param(SLOW, say("全年组织学法17次。[1]", "又", between=30.0), id="stops in between"),
        pytest.param(SLOW, endless("全", between=0.05), id="slow without end"),
        pytest.param(BROKEN, endless("全年" * 50), id="without end"),
        pytest.param(BROKEN, say(""), id="empty"),
        pytest.param(BROKEN, say("全年组织学法17次。[1]", end="length"), id="cut off"),
        pytest.param(BROKEN, Reply(steps=[b"<html>"], content_type="text/html"), id="not the protocol"),
        pytest.param(BROKEN, say("全年组织学法17次。[1]", end=None, done=False), id="ends in between"),
        pytest.param(NOTHING, say("哈哈哈哈，今天天气不错。"), id="nonsense"),
        pytest.param(NOTHING, say("资料没有写明。"), id="declines"),
        pytest.param(NOTHING, say("<think>想啊想"), id="thinks only"),
        pytest.param(NOTHING, say("[1]"), id="a mark alone"),
        pytest.param(NOTHING, say("I cannot answer this."), id="another language"),
        pytest.param(NOTHING, say("\x00\ufffd" * 50), id="noise"),
    ],
)
def test_whatever_goes_wrong_the_composed_answer_stands(note: str, reply: Reply, answerer: Answerer) -> None:
    """A model that fails in any way leaves the composed answer, and a note in plain words."""
    with writing(answerer, lambda asked, stream: reply, seconds=2) as (writer, _):
        started = time.perf_counter()
        whole = writer.answer(QUESTION)
        assert time.perf_counter() - started < 6
    assert without_timings(answerer.answer(QUESTION)) == without_timings(whole)
    assert whole.writing is not None
    assert note in whole.writing.note


def test_a_crash_in_between(answerer: Answerer) -> None:
    """A connection that is reset behind a good sentence leaves the composed answer."""
    reply = Reply(steps=[event({"content": "普法进校园、进企业、进社区。[1]\n全"}), 0.05, CUT])
    with writing(answerer, lambda asked, stream: reply) as (writer, _):
        whole = writer.answer(QUESTION)
    assert "全年组织学法17次，比上年增加3次。[1]" == whole.text
    assert whole.writing is not None and whole.writing.note


def test_a_model_that_repeats_itself_is_stopped(answerer: Answerer) -> None:
    """Sentences without end are broken off after a dozen, and what stands of them is shown once."""
    said = "云澜区司法局全年组织学法17次，比上年增加3次。[1]\n"
    with writing(answerer, lambda asked, stream: endless(said, between=0.02)) as (writer, server):
        whole = writer.answer(QUESTION)
        assert server.requests[0].left.wait(10)
    assert said.strip() == whole.text


def test_breaking_off_ends_the_request(answerer: Answerer) -> None:
    """Closing the answers hangs up on the model."""
    said = "云澜区司法局全年组织学法17次，比上年增加3次。[1]\n普"
    with writing(answerer, lambda asked, stream: endless(said, between=0.05)) as (writer, server):
        with closing(writer.answers(QUESTION)) as growing:
            next(filter(None, growing))
        assert server.requests[0].left.wait(10)


def test_breaking_off_before_the_first_sentence(answerer: Answerer) -> None:
    """While a model is silent, or says no whole sentence, the answers can be closed within a second."""
    for reply in (Reply(steps=[1000.0]), endless("又", between=0.05)):
        with writing(answerer, lambda asked, stream, reply=reply: reply) as (writer, server):
            growing = writer.answers(QUESTION)
            assert next(growing) is None
            while not server.requests:
                called = time.monotonic()
                assert next(growing) is None
                assert time.monotonic() - called < 2
            growing.close()
            assert server.requests[0].left.wait(2)


def test_two_askers_do_not_mix(answerer: Answerer) -> None:
    """Answers to two questions at once are each their own."""

    def reply(asked: Messages, stream: bool) -> Reply:
        if "学法" in asked[-1]["content"].rpartition("问题：")[2]:
            return say("云澜区司法局全年组织学法17次，", "比上年增加3次。[1]", between=0.2)
        return say("云澜区司法局办理法律援助", "案件301件。[1]", between=0.1)

    found: dict[str, str] = {}
    with writing(answerer, reply) as (writer, _):
        asked = (QUESTION, "云澜区司法局2024年办理法律援助案件多少件？")
        threads = [
            threading.Thread(target=lambda one=one: found.__setitem__(one, writer.answer(one).text)) for one in asked
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert "云澜区司法局全年组织学法17次，比上年增加3次。[1]" == found[asked[0]]
    assert "云澜区司法局办理法律援助案件301件。[1]" == found[asked[1]]


# What the model is told ------------------------------------------------------------------------------------------


def test_the_head_never_changes(answerer: Answerer) -> None:
    """All questions share their first messages, so that a server keeps them."""
    asked = [messages(text, answerer.answer(QUESTION), context=4096) for text in (QUESTION, "别的？")]
    assert HEAD == asked[0][: len(HEAD)] == asked[1][: len(HEAD)]
    assert len(HEAD) + 1 == len(asked[0])


def test_the_passage_is_named(answerer: Answerer) -> None:
    """A passage comes with its mark, title, issuer, year and heading, the composed lines as facts, the question last."""
    text = messages(QUESTION, answerer.answer(QUESTION), context=4096)[-1].text
    assert "[1] 2024年云澜区司法局法治政府建设年度报告 › 一、主要工作（云澜区司法局，2024）" in text
    assert "要点：\n全年组织学法17次，比上年增加3次。[1]\n" in text
    assert text.endswith(f"问题：{QUESTION}")


@pytest.mark.parametrize("context", [512, 1024, 2048, 4096])
def test_the_prompt_keeps_to_the_context(context: int, hold: Hold) -> None:
    """However long passages and question are, prompt and answer fit, where the head does."""
    held = hold({"2024_云澜区司法局_年度报告.txt": REPORT + "普法工作扎实推进。" * 2000})
    answerer = Answerer(held, num_evidence=8, question_characters=5000)
    told = messages(QUESTION + "请" * 400, answerer.answer(QUESTION), context=context)
    head = sum(len(message.text) for message in HEAD)
    assert sum(len(message.text) for message in told) <= max(context * 2 // 3, head + 700)
