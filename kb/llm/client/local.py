"""A GGUF file, served by a process of our own: what crashes in there leaves us alive.

    endpoint → the process that runs, or a new one → its address and key

The process is started when it is first needed, and once more for the next question when it has ended.
"""

from __future__ import annotations

import json
import secrets
import signal
import sys
import threading
import time
from collections.abc import Generator, Sequence
from pathlib import Path

from kb.errors import ModelDownError, ModelError, ModelSlowError
from kb.llm.client.chat import Endpoint
from kb.llm.client.child import Child
from kb.llm.client.failures import scrub
from kb.llm.client.serving import NO_LIBRARY, NOT_LOADED

# By its path and without that folder on the search path: it needs nothing of ours.
COMMAND = (sys.executable, "-P", str(Path(__file__).with_name("serving.py")))

# An end that cut a connection is known within so many seconds.
_SECONDS_TO_KNOW = 1.0


class Local:
    """The model in `file`; `command` is the process that serves it, as `kb.llm.client.serving` does."""

    def __init__(self, file: Path, *, name: str, context: int, command: Sequence[str] = COMMAND) -> None:
        self._file = file
        self._name = name
        self._context = context
        self._command = command
        self._lock = threading.Lock()
        self._child: Child | None = None
        self._key = ""
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The number of the process that serves, if one runs."""
        return self._child.pid if self._child else None

    @property
    def runs(self) -> bool:
        """Whether the process was started and has not ended."""
        child = self._child
        return child is not None and not child.ended()

    def endpoint(self, seconds: float) -> Endpoint:
        """Where the model is asked, once it is loaded; the process is started if none runs.

        Raises ModelDownError where it cannot be, and ModelSlowError where it takes longer: loading goes on meanwhile.
        """
        child, key = self._running()
        child.wait(seconds)
        return self._endpoint_of(child, key)

    def loading(self, seconds: float, *, between: float) -> Generator[str, None, Endpoint]:
        """As `endpoint`, with an empty piece every `between` seconds that it takes."""
        child, key = self._running()
        end = time.monotonic() + seconds
        while not child.wait(min(between, max(end - time.monotonic(), 0))) and time.monotonic() < end:
            yield ""
        return self._endpoint_of(child, key)

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._closed = True
            if self._child is not None:
                self._child.close()

    def _endpoint_of(self, child: Child, key: str) -> Endpoint:
        if not child.wait(0):
            raise ModelSlowError("语言模型还在载入；请稍后再问。")
        if child.address is None:
            raise self._not_started(child)
        return Endpoint(url=child.address, name=self._name, key=key, child=child)

    def _running(self) -> tuple[Child, str]:
        with self._lock:
            if self._closed:
                raise ModelDownError("语言模型已关闭；请重新启动问政。")
            if self._child is None or self._child.ended():
                _check(self._file)
                self._key = secrets.token_urlsafe(32)
                order = {"file": str(self._file), "name": self._name, "context": self._context, "key": self._key}
                self._child = Child(self._command, json.dumps(order))
            return self._child, self._key

    def _not_started(self, child: Child) -> ModelError:
        if child.code == NO_LIBRARY:
            return ModelDownError(
                '本机语言模型须先安装：pip install "wenzheng[local-model]"，再重新启动问政'
                f"（{scrub(child.words, self._key)}）。"
            )
        if child.code == NOT_LOADED:
            return ModelDownError(
                f"无法载入模型文件 {self._file}（{scrub(_reason(child.words), self._key)}）；"
                "请重新下载此文件，或换一个 GGUF 文件。"
            )
        return ModelDownError(
            f"模型进程没有启动成功（{_end(child)}）；若内存不足，"
            "请换一个更小的模型文件，或把 WENZHENG_MODEL_CONTEXT 改小。"
        )


def death(child: Child | None) -> ModelError | None:
    """What to say to one whose answer was under way when the process ended; None where it has not."""
    if child is None or not child.ended(_SECONDS_TO_KNOW):
        return None
    return ModelDownError(
        f"模型进程已退出（{_end(child)}），回答中断；请再问一次，它会重新启动。若屡次如此，多半是内存不足，请换一个更小的模型文件。"
    )


def _check(file: Path) -> None:
    try:
        with file.open("rb") as opened:
            head = opened.read(4)
    except OSError as error:
        raise ModelDownError(f"无法读取模型文件 {file}（{error.strerror}）；请检查 WENZHENG_MODEL_FILE。") from None
    if head != b"GGUF":
        raise ModelDownError(f"{file} 不是 GGUF 模型文件；请检查 WENZHENG_MODEL_FILE，或重新下载此文件。")


def _end(child: Child) -> str:
    code = child.code or 0
    if code >= 0:
        return f"退出码 {code}"
    try:
        return f"信号 {signal.Signals(-code).name}"
    except ValueError:
        return f"信号 {-code}"


def _reason(words: str) -> str:
    """The line that says what is wrong with the file: llama.cpp gives it first, and then what that led to."""
    lines = [line.partition(" E ")[2] for line in words.splitlines() if " E " in line]
    return lines[0] if lines else words
