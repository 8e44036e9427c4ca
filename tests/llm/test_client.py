"""The language model: real HTTP, real processes, and everything that goes wrong with them."""

from __future__ import annotations

import importlib.util
import itertools
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage

from kb.admin.diagnosis import examine_model
from kb.errors import ModelBrokenError, ModelDownError, ModelError, ModelSlowError
from kb.llm.client import Model, model_of, open_model
from kb.llm.client.chat import Bounds
from kb.llm.client.local import COMMAND, Local
from kb.settings import Settings, read_settings
from tests import ROOT
from tests.openai_server import CUT, JSON, OpenAIServer, Replies, Reply, endless, error, event, one_by_one, say

KEY = "sk-0123456789abcdef"
QUESTION = [("system", "只说数字。"), ("user", "组织学法多少次？")]
GGUF = os.environ.get("TEST_GGUF", "")

needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc to look for the process in")
needs_gguf = pytest.mark.skipif(not GGUF, reason="TEST_GGUF names no GGUF file")
needs_xllamacpp = pytest.mark.skipif(
    importlib.util.find_spec("xllamacpp") is None, reason='not installed: pip install "wenzheng[local-model]"'
)


def settings_for(url: str, *, first_seconds: int = 20, seconds: int = 30) -> Settings:
    return read_settings(
        {
            "WENZHENG_MODEL_URL": url,
            "WENZHENG_MODEL_NAME": "qwen",
            "WENZHENG_MODEL_KEY": KEY,
            "WENZHENG_MODEL_FIRST_SECONDS": str(first_seconds),
            "WENZHENG_MODEL_SECONDS": str(seconds),
        }
    )


def opened(url: str, **bounds: int) -> Model:
    model = open_model(settings_for(url, **bounds))
    assert model is not None
    model.warm_up()
    return model


def answer(model: Model, question: str = "组织学法多少次？", max_tokens: int = 100) -> str:
    return "".join(model.stream([("user", question)], max_tokens=max_tokens))


def first_piece(pieces: Iterator[str]) -> str:
    """The first piece that says something."""
    return next(filter(None, pieces))


def always(reply: Reply) -> Replies:
    return lambda messages, stream: reply


def raised(replies: Replies, **bounds: int) -> tuple[ModelError, float, int]:
    """What asking a server with these replies raises, after how many seconds, and how often it was asked."""
    with OpenAIServer(replies) as server, opened(server.url, **bounds) as model:
        started = time.perf_counter()
        with pytest.raises(ModelError) as caught:
            answer(model)
        return caught.value, time.perf_counter() - started, len(server.requests)


# Right answers ----------------------------------------------------------------------------------------------------


def test_no_model_is_set() -> None:
    """Where no model is set there is none."""
    assert open_model(read_settings({})) is None


def test_an_answer_comes_in_pieces() -> None:
    """The pieces are those that the server sent, in their order."""
    with OpenAIServer(always(say("全区", "组织学法", "17次。"))) as server, opened(server.url) as model:
        assert ["全区", "组织学法", "17次。"] == list(filter(None, model.stream(QUESTION, max_tokens=100)))


def test_what_is_asked() -> None:
    """A request holds the messages, the name, the bound in its old name, temperature 0 and always the same seed."""
    with OpenAIServer(always(say("17次。"))) as server, opened(server.url) as model:
        for _ in range(2):
            list(model.stream(QUESTION, max_tokens=77))
        first, second = (request.body for request in server.requests)
    assert first == second
    assert [("system", "只说数字。"), ("user", "组织学法多少次？")] == [
        (message["role"], message["content"]) for message in first["messages"]
    ]
    assert ("qwen", 77, 0, True) == (first["model"], first["max_tokens"], first["temperature"], first["stream"])
    assert isinstance(first["seed"], int)
    assert f"Bearer {KEY}" == server.requests[0].headers["authorization"]


def test_options_are_sent() -> None:
    """What is set as options stands in the request beside the rest."""
    environment = {
        "WENZHENG_MODEL_NAME": "qwen",
        "WENZHENG_MODEL_OPTIONS": '{"enable_thinking": false, "thinking": {"type": "disabled"}}',
    }
    with OpenAIServer(always(say("17次。"))) as server:
        model = open_model(read_settings({**environment, "WENZHENG_MODEL_URL": server.url}))
        assert model is not None
        with model:
            assert "17次。" == answer(model, max_tokens=77)
    body = server.requests[0].body
    assert (False, {"type": "disabled"}, 77) == (body["enable_thinking"], body["thinking"], body["max_tokens"])


def test_thinking_is_not_the_answer() -> None:
    """What a model thinks before it answers is left out."""
    thought = event({"reasoning_content": "先想一想", "content": ""})  # as DeepSeek, DashScope and GLM send it
    steps = [thought, event({"content": "17次。"}), event({}, "stop"), b"data: [DONE]\n\n"]
    with OpenAIServer(always(Reply(steps=steps))) as server, opened(server.url) as model:
        assert "17次。" == answer(model)


def test_characters_that_are_split() -> None:
    """A character whose bytes come one by one is whole."""
    sent = b"".join([event({"content": "行政复议😀"}), event({}, "stop"), b"data: [DONE]\n\n"])
    steps = [sent[at : at + 1] for at in range(len(sent))]
    with OpenAIServer(always(Reply(steps=steps))) as server, opened(server.url) as model:
        assert "行政复议😀" == answer(model)


def test_askers_do_not_mix() -> None:
    """Eight threads that ask at once get each their own answer."""
    answers: dict[str, str] = {}
    echo: Replies = lambda messages, stream: say(*messages[-1]["content"], between=0.01)  # noqa: E731
    with OpenAIServer(echo) as server, opened(server.url) as model:
        questions = [f"第{number}个人问的是第{number}项工作" for number in range(8)]
        threads = [
            threading.Thread(target=lambda asked: answers.update({asked: answer(model, asked)}), args=(question,))
            for question in questions
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert {question: question for question in questions} == answers


def test_closing_the_iterator_ends_the_request() -> None:
    """Who stops reading hangs up, so that a server does not go on for nobody."""
    with OpenAIServer(always(endless(between=0.05))) as server, opened(server.url) as model:
        pieces = model.stream(QUESTION, max_tokens=10_000)
        assert "又" == first_piece(pieces)
        pieces.close()
        assert server.requests[0].left.wait(5)


SILENT = Reply(steps=[1000.0])


@pytest.mark.parametrize(
    "reply", [SILENT, say("又", "又", between=1000.0)], ids=["before the first piece", "between two pieces"]
)
def test_a_silent_request_can_be_ended(reply: Reply) -> None:
    """Who waits in vain comes to a yield twice a second, and closing there hangs up within two seconds."""
    with OpenAIServer(always(reply)) as server, opened(server.url) as model:
        pieces = model.stream(QUESTION, max_tokens=100)
        end = time.monotonic() + 1
        while time.monotonic() < end or not server.requests:
            called = time.monotonic()
            assert next(pieces) in ("", "又")
            assert time.monotonic() - called < 2
        pieces.close()
        assert server.requests[0].left.wait(2)


# Other providers ------------------------------------------------------------------------------------------------------

PACKAGE = """
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, AIMessageChunk
from langchain_core.outputs import ChatGenerationChunk

class Busy(Exception):
    status_code = 429
    body = {"error": {"message": "slow down, KEY"}}

class ChatXAI(GenericFakeChatModel):
    parameters: dict
    attempts: list = []

    def __init__(self, **parameters):
        super().__init__(messages=iter(()), parameters=parameters)

    def _stream(self, messages, stop=None, run_manager=None, **kwargs):
        self.attempts.append(messages)
        if self.parameters["model"] == "busy":
            raise Busy
        if self.parameters["model"] == "broken":
            raise RuntimeError("the tokenizer is missing, KEY")
        reason = {"short": "max_tokens"}.get(self.parameters["model"], "end_turn")
        for text in (messages[-1].text, str(sorted(self.parameters.items()))):
            yield ChatGenerationChunk(message=AIMessageChunk(text))
        yield ChatGenerationChunk(message=AIMessageChunk("", response_metadata={"stop_reason": reason}))
"""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Model]:
    """(name) → a model of another provider, whose package lies where packages are looked for."""
    (tmp_path / "langchain_xai.py").write_text(PACKAGE.replace("KEY", KEY))
    monkeypatch.syspath_prepend(tmp_path)

    def installed(name: str) -> Model:
        model = open_model(
            read_settings(
                {
                    "WENZHENG_MODEL_PROVIDER": "xai",
                    "WENZHENG_MODEL_NAME": name,
                    "WENZHENG_MODEL_KEY": KEY,
                    "WENZHENG_MODEL_OPTIONS": '{"top_p": 0.5}',
                }
            )
        )
        assert model is not None
        return model

    return installed


def test_another_provider(installed: Callable[[str], Model]) -> None:
    """A provider that is named answers by its own package, with name, key, bound, temperature 0 and the options."""
    with installed("grok") as model:
        told = answer(model, "组织学法多少次？", max_tokens=77)
    parameters = {"api_key": KEY, "max_tokens": 77, "model": "grok", "temperature": 0.0, "top_p": 0.5}
    assert f"组织学法多少次？{sorted(parameters.items())}" == told


@pytest.mark.parametrize(
    ("name", "words"), [("busy", "额度"), ("broken", "tokenizer"), ("short", "截断")], ids=["429", "crash", "cut"]
)
def test_another_provider_that_fails(name: str, words: str, installed: Callable[[str], Model]) -> None:
    """What goes wrong with another provider is an error of ours, without the key and chained to nothing."""
    with installed(name) as model, pytest.raises(ModelError, match=words) as caught:
        answer(model)
    assert KEY not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__cause__ is None is caught.value.__context__


@pytest.mark.parametrize(
    ("provider", "words"), [("deepseek", "pip install langchain-deepseek"), ("nobody", "WENZHENG_MODEL_PROVIDER")]
)
def test_a_provider_that_is_not_there(provider: str, words: str) -> None:
    """A provider whose package is not installed is named with the command; one that nobody knows, with the setting."""
    finding = examine_model(read_settings({"WENZHENG_MODEL_PROVIDER": provider, "WENZHENG_MODEL_NAME": "m"}))
    assert not finding.healthy
    assert words in finding.advice


def test_a_chat_model_that_is_made_already() -> None:
    """A LangChain chat model is asked as it is; what it streams are the pieces."""
    chat_model = GenericFakeChatModel(messages=iter([AIMessage("全区 组织学法 17次。")]))
    with model_of(chat_model, read_settings({})) as model:
        pieces = list(filter(None, model.stream(QUESTION, max_tokens=100)))
    assert "全区 组织学法 17次。" == "".join(pieces)
    assert len(pieces) > 1


# Too slow, without end, broken ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "setting"),
    [
        (say("17次。", first=30), "MODEL_FIRST_SECONDS"),
        (say("全区", "17次。", between=30), "MODEL_FIRST_SECONDS"),
        (endless(between=0.2), "WENZHENG_MODEL_SECONDS"),
        (Reply(steps=itertools.chain.from_iterable(itertools.repeat([b": ping\n\n", 0.05]))), "MODEL_FIRST_SECONDS"),
        (Reply(steps=itertools.chain.from_iterable(itertools.repeat([b"d", 0.05]))), "MODEL_FIRST_SECONDS"),
        (Reply(steps=itertools.repeat(b"x" * 4096)), "MODEL_FIRST_SECONDS"),
    ],
    ids=["first byte", "stall in the middle", "trickle", "pings only", "byte by byte", "a line without end"],
)
def test_slow_ends_in_time(reply: Reply, setting: str) -> None:
    """However a server keeps an asker waiting, it ends in time, and the message names what to change."""
    failed, seconds, _ = raised(always(reply), first_seconds=1, seconds=2)
    assert setting in str(failed)
    assert seconds < 3


@pytest.mark.slow
def test_slow_but_steady() -> None:
    """An answer may take longer than the first piece may, as long as it goes on."""
    with (
        OpenAIServer(always(say(*"全区组织学法十七次", between=0.3))) as server,
        opened(server.url, first_seconds=1) as model,
    ):
        assert "全区组织学法十七次" == answer(model)


def test_slow_is_the_kind_of_slow() -> None:
    """What takes too long is a ModelSlowError."""
    assert isinstance(raised(always(say("17次。", first=30)), first_seconds=1)[0], ModelSlowError)
    assert isinstance(raised(always(endless(between=0.2)), seconds=1)[0], ModelSlowError)


def test_an_answer_without_end() -> None:
    """A server that does not heed max_tokens is stopped by the number of characters."""
    failed, seconds, _ = raised(always(endless()))
    assert isinstance(failed, ModelBrokenError)
    assert "停下" in str(failed)
    assert seconds < 10


PAGE = Reply(steps=["<html><body>请先登录</body></html>".encode()], content_type="text/html")


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(steps=[event({"content": "全区"}), 0.1, CUT]), "中途断开"),
        (Reply(steps=[event({"content": "全区"}), b"data: {bad\n\n"]), "无法读懂"),
        (Reply(steps=[b"data: {bad\n\n"]), "WENZHENG_MODEL_URL"),
        (Reply(steps=[b"data: 3\n\n"]), "WENZHENG_MODEL_URL"),
        (Reply(steps=[b'data: {"text": "a"}\n\n']), "WENZHENG_MODEL_URL"),
        (Reply(steps=[b"\xff\xfe\x00"]), "WENZHENG_MODEL_URL"),
        (PAGE, "WENZHENG_MODEL_URL"),
        (say("全区", stream=False), "WENZHENG_MODEL_URL"),
        (Reply(steps=[b'{"detail": "ok"}'], content_type=JSON), "WENZHENG_MODEL_URL"),
        (say(), "空的回答"),
        (say("全区", end=None, done=False), "断了"),
        (say("全区", end="length"), "截断"),
        (say(end="length"), "WENZHENG_MODEL_OPTIONS"),
        (say("全区", end="content_filter"), "审查"),
    ],
    ids=[
        "connection cut",
        "bad JSON in the middle",
        "bad JSON",
        "a number",
        "JSON of another kind",
        "no text",
        "a page",
        "not a stream",
        "another protocol",
        "empty",
        "no end",
        "cut at the length",
        "thought only",
        "filtered",
    ],
)
def test_broken(reply: Reply, words: str) -> None:
    """What is no whole answer is a ModelBrokenError that says so, and is not asked for again."""
    failed, _, times = raised(always(reply))
    assert isinstance(failed, ModelBrokenError)
    assert words in str(failed)
    assert 1 == times


# Down, and asking again ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "first",
    [error(429, "busy"), error(503, "loading"), Reply(steps=[CUT])],
    ids=["429", "503", "reset"],
)
def test_asks_again(first: Reply) -> None:
    """Too many at once, an error of the server and a reset connection are asked again."""
    with OpenAIServer(one_by_one([first, say("17次。")])) as server, opened(server.url) as model:
        assert "17次。" == answer(model)
        assert 2 == len(server.requests)


def test_waits_as_long_as_the_server_asks() -> None:
    """Where a server says when to come again, it is not asked before, and where that is too long not again at all."""
    replies = [error(429, "busy", retry_after="1.5"), say("17次。")]
    with OpenAIServer(one_by_one(replies)) as server, opened(server.url) as model:
        started = time.perf_counter()
        assert "17次。" == answer(model)
        assert time.perf_counter() - started >= 1.5
    failed, seconds, times = raised(always(error(429, "busy", retry_after="3600")))
    assert "额度" in str(failed)
    assert 1 == times
    assert seconds < 2


def test_asks_again_no_more_than_twice() -> None:
    """A server that fails for ever is asked three times."""
    failed, seconds, times = raised(always(error(500, "out of memory")))
    assert isinstance(failed, ModelDownError)
    assert "out of memory" in str(failed)
    assert 3 == times
    assert seconds < 5


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (400, "WENZHENG_MODEL_CONTEXT"),
        (401, "WENZHENG_MODEL_KEY"),
        (402, "余额"),
        (403, "WENZHENG_MODEL_KEY"),
        (404, "WENZHENG_MODEL_NAME"),
        (422, "WENZHENG_MODEL_URL"),
    ],
)
def test_refusals_name_the_setting(status: int, advice: str) -> None:
    """A request that is refused is not made again, and the message names the setting to look at."""
    failed, _, times = raised(always(error(status, "no")))
    assert isinstance(failed, ModelDownError)
    assert advice in str(failed)
    assert 1 == times


def test_an_error_within_the_stream() -> None:
    """An error that a server tells within its stream is told on."""
    failed, _, _ = raised(always(Reply(steps=[b'data: {"error": {"message": "overloaded"}}\n\n'])))
    assert isinstance(failed, ModelDownError)
    assert "overloaded" in str(failed)


def test_a_gateway_page_is_not_quoted() -> None:
    """Of a gateway's page nothing is shown but its status."""
    failed, _, _ = raised(always(Reply(steps=PAGE.steps, status=404, content_type="text/html")))
    assert "（404）" in str(failed)
    assert "html" not in str(failed)


def test_nobody_there() -> None:
    """Where nobody listens the message says so, soon."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with opened(f"http://127.0.0.1:{port}/v1") as model:
        started = time.perf_counter()
        with pytest.raises(ModelDownError, match="WENZHENG_MODEL_URL"):
            answer(model)
        assert time.perf_counter() - started < 5


def test_a_closed_model() -> None:
    """Closing ends what is under way, and nothing is asked after it."""
    with OpenAIServer(always(endless(between=0.05))) as server:
        model = opened(server.url)
        pieces = model.stream(QUESTION, max_tokens=10_000)
        first_piece(pieces)
        threading.Timer(0.2, model.close).start()
        with pytest.raises(ModelDownError, match="已关闭"):
            list(pieces)
        with pytest.raises(ModelDownError, match="已关闭"):
            answer(model)
        model.close()


# The key -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reply",
    [
        error(401, f"Incorrect API key provided: {KEY}.", x_echo=KEY),
        error(500, f"Bearer {KEY}"),
        Reply(steps=[f'data: {{"error": {{"message": "{KEY}"}}}}\n\n'.encode()]),
        Reply(steps=[f"data: {{{KEY}\n\n".encode()]),
        Reply(steps=[KEY.encode()], status=403, content_type="text/plain"),
        Reply(steps=[KEY.encode()], content_type="text/html"),
    ],
    ids=["401", "500", "in the stream", "bad JSON", "plain text", "page"],
)
def test_the_key_is_nowhere(reply: Reply, caplog: pytest.LogCaptureFixture) -> None:
    """A server that echoes the key brings it into no message, traceback, repr or log."""
    caplog.set_level(logging.DEBUG)
    with OpenAIServer(always(reply)) as server, opened(server.url) as model:
        with pytest.raises(ModelError) as caught:
            answer(model)
        seen = [
            *traceback.format_exception(caught.value),
            repr(caught.value),
            repr(model),
            repr(vars(model)),
            *(record.getMessage() for record in caplog.records),
            *(str(record.exc_text) for record in caplog.records),
        ]
    assert not [text for text in seen if KEY in text]
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


# Proxies -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    return monkeypatch


@pytest.mark.parametrize("proxy", ["http://127.0.0.1:9", "socks5://127.0.0.1:9", "nonsense://x"])
def test_this_machine_is_reached_without_a_proxy(no_proxies: pytest.MonkeyPatch, proxy: str) -> None:
    """A server on this machine is asked directly, whatever proxies the environment names."""
    no_proxies.setenv("ALL_PROXY", proxy)
    no_proxies.setenv("HTTP_PROXY", proxy)
    with OpenAIServer(always(say("17次。"))) as server, opened(server.url) as model:
        assert "17次。" == answer(model)


def test_elsewhere_is_reached_through_the_proxy(no_proxies: pytest.MonkeyPatch) -> None:
    """A server elsewhere is asked through the proxy that the environment names."""
    with OpenAIServer(always(say("17次。"))) as proxy:
        no_proxies.setenv("HTTP_PROXY", proxy.url.removesuffix("/v1"))
        with opened("http://model.example/v1") as model:
            assert "17次。" == answer(model)
        assert "model.example" == proxy.requests[0].headers["host"]


@pytest.mark.parametrize("proxy", ["socks5://user:secret@127.0.0.1:9", "nonsense://user:secret@x"])
def test_a_proxy_of_no_use(no_proxies: pytest.MonkeyPatch, proxy: str) -> None:
    """A proxy that cannot be used is named as what is wrong, without its password."""
    no_proxies.setenv("ALL_PROXY", proxy)
    with opened("http://model.example/v1") as model, pytest.raises(ModelDownError, match="代理") as caught:
        answer(model)
    assert "secret" not in "".join(traceback.format_exception(caught.value))


# A process of our own -------------------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file that begins as a GGUF does, and is none."""
    path = tmp_path / "small.gguf"
    path.write_bytes(b"GGUF" + bytes(1000))
    return path


def served(file: Path, *command: str, first_seconds: float = 20) -> Model:
    bounds = Bounds(first_seconds=first_seconds, seconds=30)
    return Model(Local(file, name="small", context=2048, command=command), name="small", context=2048, bounds=bounds)


def stand_in(file: Path, script: str, *, first_seconds: float = 20) -> Model:
    """A model whose process serves a script in place of a file."""
    return served(file, sys.executable, str(ROOT / "tests" / "openai_server.py"), script, first_seconds=first_seconds)


def pid_of(model: Model) -> int:
    assert model.pid is not None
    return model.pid


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that is dead and not yet buried does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def connections_of(pid: int) -> int:
    """How many sockets a process has open beside the one that listens."""
    descriptors = Path(f"/proc/{pid}/fd").iterdir()
    return sum(str(path.readlink()).startswith("socket:") for path in descriptors if path.is_symlink()) - 1


def cpu_seconds(pid: int) -> float:
    """The seconds of work that a process has done."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def dies(pid: int, seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while is_alive(pid) and time.monotonic() < end:
        time.sleep(0.02)
    return not is_alive(pid)


def test_the_process_starts_when_it_is_needed(file: Path) -> None:
    """The process starts with the first question, is kept for the next, and ends with the model."""
    with stand_in(file, "echo") as model:
        assert model.memory_mib is None
        assert "学法17次" == answer(model, "学法17次")
        pid = pid_of(model)
        assert "复议5件" == answer(model, "复议5件")
        assert pid == pid_of(model)
        assert (model.memory_mib or 0) > 1
    assert not is_alive(pid)


def test_askers_at_once_share_one_process(file: Path) -> None:
    """Four threads that ask before the process is there get their answers from one."""
    pids: list[int] = []
    with stand_in(file, "slow") as model:
        threads = [threading.Thread(target=lambda: (answer(model), pids.append(pid_of(model)))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert 4 == len(pids)
    assert 1 == len(set(pids))


@pytest.mark.kills
def test_killed_while_it_answers(file: Path) -> None:
    """A process that is killed under an answer is noticed at once, said, and started for the next question."""
    with stand_in(file, "endless") as model:
        pieces = model.stream(QUESTION, max_tokens=10_000)
        first_piece(pieces)
        pid = pid_of(model)
        killed = time.perf_counter()
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(ModelDownError, match="模型进程已退出（信号 SIGKILL）"):
            list(pieces)
        assert time.perf_counter() - killed < 5
        assert "又" == first_piece(model.stream(QUESTION, max_tokens=10_000))
        assert pid != pid_of(model)


@pytest.mark.kills
def test_killed_before_the_first_piece(file: Path) -> None:
    """A process that is killed while an asker waits is said too, and not waited for."""
    with stand_in(file, "dumb") as model:
        model.warm_up()
        threading.Timer(0.5, lambda: os.kill(pid_of(model), signal.SIGKILL)).start()
        started = time.perf_counter()
        with pytest.raises(ModelDownError, match="模型进程已退出"):
            answer(model)
        assert time.perf_counter() - started < 5


@pytest.mark.kills
def test_killed_while_nobody_asks(file: Path) -> None:
    """After a process was killed with nobody asking, the next question knows nothing of it."""
    with stand_in(file, "echo") as model:
        model.warm_up()
        pid = pid_of(model)
        os.kill(pid, signal.SIGKILL)
        assert dies(pid)
        time.sleep(0.1)
        assert "学法17次" == answer(model, "学法17次")


def test_waiting_for_our_process_can_be_ended(file: Path) -> None:
    """Who waits for our process, to load or to say its first word, comes to a yield twice a second and can close."""
    with stand_in(file, "slow") as model:
        pieces = model.stream(QUESTION, max_tokens=100)
        started = time.monotonic()
        assert "" == next(pieces)
        assert time.monotonic() - started < 1.4
        pieces.close()
        assert "学法17次" == answer(model, "学法17次")


@needs_proc
def test_our_process_is_left_in_peace(file: Path) -> None:
    """After a request to our silent process was closed, the process knows at once, is alive, and works for nobody."""
    with stand_in(file, "dumb") as model:
        model.warm_up()
        pieces = model.stream(QUESTION, max_tokens=100)
        pid = pid_of(model)
        while not connections_of(pid):
            assert "" == next(pieces)
        pieces.close()
        end = time.monotonic() + 2
        while connections_of(pid) and time.monotonic() < end:
            time.sleep(0.02)
        assert 0 == connections_of(pid)
        assert is_alive(pid)


def test_slow_to_load(file: Path) -> None:
    """Who does not wait for the loading is told; it goes on, and the next finds it done."""
    with stand_in(file, "slow", first_seconds=0.3) as model:
        with pytest.raises(ModelSlowError, match="载入"):
            answer(model)
        pid = pid_of(model)
        model.warm_up()
        assert pid == pid_of(model)


def test_it_ends_before_it_is_ready(file: Path) -> None:
    """A process that ends before it is ready is said, with how."""
    with stand_in(file, "crash") as model, pytest.raises(ModelDownError, match="没有启动成功（退出码 1）"):
        answer(model)


def test_no_such_command(file: Path) -> None:
    """A command that is not there is an error like another."""
    with served(file, "/none/such") as model, pytest.raises(ModelDownError, match="没有启动成功"):
        answer(model)


def test_library_not_installed(file: Path) -> None:
    """Without the extra, the message gives the command that installs it."""
    command = (sys.executable, "-S", *COMMAND[1:])  # -S: nothing that was installed is found
    with served(file, *command) as model, pytest.raises(ModelDownError, match=r'pip install "wenzheng\[local-model\]"'):
        answer(model)


@pytest.mark.parametrize(("content", "words"), [(None, "检查 WENZHENG_MODEL_FILE"), (b"PK\x03\x04", "不是 GGUF")])
def test_not_a_model_file(tmp_path: Path, content: bytes | None, words: str) -> None:
    """A file that is not there, or no GGUF, is named, and no process is started for it."""
    path = tmp_path / "small.gguf"
    if content is not None:
        path.write_bytes(content)
    with stand_in(path, "echo") as model:
        with pytest.raises(ModelDownError, match=words) as caught:
            answer(model)
        assert str(path) in str(caught.value)


PARENT = """
import sys, time
from pathlib import Path
from kb.llm.client.local import Local
command = sys.argv[2:] or None
local = Local(Path(sys.argv[1]), name="small", context=512, **({"command": command} if command else {}))
local.endpoint(60)
print(local.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.kills
@needs_proc
def test_killed_with_its_parent(file: Path) -> None:
    """When we are killed by kill -9, the process ends with us."""
    command = [
        sys.executable,
        "-c",
        PARENT,
        str(file),
        sys.executable,
        str(ROOT / "tests" / "openai_server.py"),
        "endless",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert is_alive(pid)
        parent.kill()
        parent.wait()
        assert dies(pid)


@pytest.mark.slow
@needs_xllamacpp
def test_a_broken_file(file: Path) -> None:
    """A file that llama.cpp cannot load is named, with its reason."""
    with served(file, *COMMAND) as model, pytest.raises(ModelDownError, match="无法载入模型文件") as caught:
        answer(model)
    assert "gguf" in str(caught.value)


@pytest.fixture(scope="module")
def real() -> Iterator[Model]:
    with served(Path(GGUF), *COMMAND, first_seconds=120) as model:
        yield model


@needs_gguf
@needs_xllamacpp
def test_a_real_model(real: Model) -> None:
    """A real model answers the same to the same question."""
    question = "依据：全区组织学法17次。\n问题：全区组织学法多少次？只说数字。"
    first = answer(real, question)
    assert "17" in first
    assert first == answer(real, question)


@pytest.mark.kills
@needs_gguf
@needs_xllamacpp
def test_a_real_model_is_killed_and_comes_again(real: Model) -> None:
    """A real model that is killed under its answer is said, and answers the next question."""
    pieces = real.stream([("user", "把“政府工作报告”这句话写一百遍。")], max_tokens=500)
    first_piece(pieces)
    os.kill(pid_of(real), signal.SIGKILL)
    with pytest.raises(ModelDownError, match="模型进程已退出"):
        list(pieces)
    assert answer(real, "你好", max_tokens=200)


@needs_gguf
@needs_xllamacpp
@needs_proc
def test_a_real_model_is_left_in_peace(real: Model) -> None:
    """A request that is closed while its long prompt is read keeps no core busy a few seconds later."""
    real.warm_up()
    pieces = real.stream([("user", "全区组织学法十七次，办理援助案件若干。" * 90)], max_tokens=100)
    assert "" == next(pieces)
    pieces.close()
    time.sleep(4)
    before = cpu_seconds(pid_of(real))
    time.sleep(1)
    assert cpu_seconds(pid_of(real)) - before < 0.2


# Doctor ------------------------------------------------------------------------------------------------------------


def test_doctor_without_a_model() -> None:
    """No model is healthy, and the finding says how answers are made then."""
    finding = examine_model(read_settings({}))
    assert finding.healthy
    assert "没有设置" in finding.detail


def test_doctor_with_a_model_that_answers() -> None:
    """A model that answers is healthy, with its seconds; one request is enough for that."""
    with OpenAIServer(always(say("好"))) as server:
        finding = examine_model(settings_for(server.url))
        assert 1 == len(server.requests)
    assert finding.healthy
    assert "qwen" in finding.detail
    assert "秒" in finding.detail


def test_doctor_with_a_wrong_key() -> None:
    """A key that is refused is found, with the setting to look at and without the key."""
    with OpenAIServer(always(error(401, KEY))) as server:
        finding = examine_model(settings_for(server.url))
    assert not finding.healthy
    assert "WENZHENG_MODEL_KEY" in finding.advice
    assert KEY not in str(finding)


def test_doctor_with_a_file_that_is_not_there() -> None:
    """A file that is not there is found."""
    finding = examine_model(read_settings({"WENZHENG_MODEL_FILE": "/none/such.gguf"}))
    assert not finding.healthy
    assert "WENZHENG_MODEL_FILE" in finding.advice


@needs_gguf
@needs_xllamacpp
def test_doctor_with_a_real_model() -> None:
    """Of a model of our own, the seconds of its loading and its memory are told."""
    finding = examine_model(read_settings({"WENZHENG_MODEL_FILE": GGUF}))
    assert finding.healthy
    assert "载入用时" in finding.detail
    assert "MiB" in finding.detail
