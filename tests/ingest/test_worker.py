"""A reader that crashes, hangs or eats memory is refused with its reason, and the next file reads fine."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.worker import ReadingProcess, read_outlined
from kb.errors import RefusedError
from kb.types import Block
from tests import CORPUS

pytestmark = pytest.mark.kills

MEMORY = 2**30


def misbehave(data: bytes, name: str) -> list[Block]:
    """A reader that does what the name says; the process imports this module for it."""
    match name:
        case "exit":
            raise SystemExit(3)
        case "vanish":
            os._exit(7)
        case "loop":
            while True:
                pass
        case "sleep":
            time.sleep(3600)
        case "hog":
            hoard = []
            while True:
                hoard.append(bytes(64 * 2**20))
        case "converter":
            converter = subprocess.Popen(["sleep", "3600"], start_new_session=True)
            Path(data.decode()).write_text(str(converter.pid), encoding="utf-8")
            try:
                converter.wait()
            finally:
                converter.kill()
                converter.wait()
        case "segfault":
            ctypes.string_at(0)
        case "defect":
            raise KeyError(name)
        case "refuse":
            raise RefusedError("不能读取，请换一个文件")
        case "modules":
            return [Block(text=module) for module in sorted(sys.modules)]
        case "process":
            return [Block(text=str(os.getpid()))]
        case "many":
            return [Block(text=f"第{i}段" * 20, page=i) for i in range(100_000)]
        case _:
            return [Block(text=data.decode())]
    raise AssertionError(name)


@pytest.fixture(scope="module")
def process() -> Iterator[ReadingProcess]:
    with ReadingProcess(misbehave, seconds=2, memory=MEMORY) as process:
        yield process


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        pytest.param("exit", "崩溃（代码 3）", id="exit"),
        pytest.param("vanish", "崩溃（代码 7）", id="exit-at-once"),
        pytest.param("segfault", "崩溃（代码 ", id="segfault"),
        pytest.param("defect", "崩溃（代码 1）", id="defect"),
        pytest.param("loop", "读了 2 秒还没读完", id="endless-loop"),
        pytest.param("sleep", "读了 2 秒还没读完", id="sleep"),
        pytest.param(
            "hog",
            "内存超过 1 GB",
            id="memory-hog",
            marks=pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to its memory"),
        ),
        pytest.param("refuse", "不能读取，请换一个文件", id="refusal"),
    ],
)
def test_misbehaviour(process: ReadingProcess, name: str, reason: str) -> None:
    """RefusedError with its reason, and the next file reads fine."""
    with pytest.raises(RefusedError) as refusal:
        process.read(b"", name)
    assert reason in str(refusal.value)
    assert "请" in str(refusal.value)
    assert ["学法17次"] == [block.text for block in process.read("学法17次".encode(), "a.txt")]


def test_one_process(process: ReadingProcess) -> None:
    """One process reads file after file, and it is not this one."""
    first, second = (process.read(b"", "process")[0].text for _ in range(2))
    assert first == second != str(os.getpid())


def test_large_documents() -> None:
    """A hundred thousand blocks come back whole."""
    with ReadingProcess(misbehave) as process:
        blocks = process.read(b"", "many")
    assert (100_000, 99_999) == (len(blocks), blocks[-1].page)


def test_light(process: ReadingProcess) -> None:
    """The process imports no model and no index."""
    modules = {block.text for block in process.read(b"", "modules")}
    assert set() == modules & {"torch", "transformers", "chromadb", "tantivy", "gradio", "sentence_transformers"}


def test_same_blocks() -> None:
    """The blocks are those that are read in this process."""
    path = next(CORPUS.glob("*.md"))
    with ReadingProcess() as process:
        assert read_outlined(path.read_bytes(), path.name) == process.read(path.read_bytes(), path.name)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signals to one process")
def test_interrupt() -> None:
    """An interrupt while a file is read ends the process and goes on to the caller."""
    with ReadingProcess(misbehave) as process:
        number = int(process.read(b"", "process")[0].text)
        timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            process.read(b"", "loop")
        timer.join()
        with pytest.raises(ProcessLookupError):
            os.kill(number, 0)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that a process can answer")
def test_converter_goes_with_its_reader(process: ReadingProcess, tmp_path: Path) -> None:
    """A program that the reader started and waits for is ended where the time is up."""
    noted = tmp_path / "pid"
    with pytest.raises(RefusedError, match="还没读完"):
        process.read(str(noted).encode(), "converter")
    with pytest.raises(ProcessLookupError):
        os.kill(int(noted.read_text(encoding="utf-8")), 0)
