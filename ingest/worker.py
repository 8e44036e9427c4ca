"""Files are read in a process of their own: a reader that crashes, hangs or eats memory takes down only that.

One worker reads file after file; it starts with the first file and anew after one that it did not survive.
It gets the bytes, so that the digest of the caller is that of what was read, and outlines as well: regular
expressions can hang, too.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Self

from ingest.readers import read
from ingest.structure.outline import outline
from kb.errors import RefusedError
from kb.types import Block

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess
    from types import FrameType

Reader = Callable[[bytes, str], list[Block]]

# A scan of a hundred pages takes twelve minutes on two cores; a report of text less than a second.
_MAX_SECONDS = 900.0
_MAX_MEMORY = 4 * 2**30  # bytes of addresses; recognising characters takes 1.8 GiB of them
_SECONDS_TO_START = 60.0
_PATIENCE = 0.5
_KILLED = -9  # the exit code where a system is out of memory and ends the process; Windows has no such code


def read_outlined(data: bytes, name: str) -> list[Block]:
    """The blocks of a file with its title and levels of headings. Raises RefusedError."""
    return outline(read(data, name))


class ReadingProcess:
    """Reads files in another process; a context manager that ends it, also on an interrupt."""

    def __init__(
        self, reader: Reader = read_outlined, *, seconds: float = _MAX_SECONDS, memory: int = _MAX_MEMORY
    ) -> None:
        """Nothing starts before the first file.

        reader: a function at the top of a module, which the process imports.
        seconds: for one file.
        memory: bytes of addresses that the process may take, where the system holds it to that (Linux).
        """
        self._reader = reader
        self._seconds = seconds
        self._memory = memory
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._end()

    def read(self, data: bytes, name: str) -> list[Block]:
        """The blocks of a file, as the reader gives them.

        Raises RefusedError where the reader does, and where it took too long, too much memory, or ended
        the process.
        """
        connection = self._connection or self._start()
        try:
            connection.send((data, name))
            if not connection.poll(self._seconds):
                self._end(patience=0)
                raise RefusedError(f"读了 {self._seconds:g} 秒还没读完，已放弃；请拆成几个文件，或另存为 txt 后再试")
            reply = connection.recv()
        except (EOFError, OSError) as error:
            raise RefusedError(self._reason()) from error
        except KeyboardInterrupt:
            self._end(patience=0)
            raise
        if isinstance(reply, str):
            raise RefusedError(reply)
        return list(reply)

    def _start(self) -> Connection:
        context = multiprocessing.get_context("spawn")
        connection, other = context.Pipe()
        process = context.Process(target=_serve, args=(other, self._reader, self._memory), name="reading", daemon=True)
        process.start()  # an interrupt in here leaves nothing to end: the process sees its pipe closed
        other.close()
        self._process, self._connection = process, connection
        try:
            if not connection.poll(_SECONDS_TO_START):
                self._end()
                raise RefusedError(f"读取进程 {_SECONDS_TO_START:g} 秒内没有启动；请关闭其他程序后重新运行")
            connection.recv()
        except (EOFError, OSError) as error:
            raise RefusedError(self._reason()) from error
        return connection

    def _reason(self) -> str:
        """Why the process ended by itself; the next file gets a new one."""
        code = self._end()
        if code == _KILLED:
            return "读取进程被系统终止，多半是内存不足；请拆成几个文件，或关闭其他程序后再试"
        return f"读取程序在此文件上崩溃（代码 {code}）；请用原来的软件重新保存，或另存为 pdf、docx 后再试"

    def _end(self, patience: float = _PATIENCE) -> int | None:
        """End the process, whatever it is doing, and return its exit code; negative is a signal.

        patience: seconds that it has to end by itself, which one that crashed or has nothing to do does.
        """
        process, connection = self._process, self._connection
        self._process = self._connection = None
        if connection is not None:
            connection.close()
        if process is None:
            return None
        process.join(timeout=patience)
        if process.is_alive():
            process.terminate()  # so that it ends a converter that it started
            process.join(timeout=_PATIENCE)
        if process.is_alive():
            process.kill()
            process.join()
        code = process.exitcode
        process.close()
        return code


def _serve(connection: Connection, reader: Reader, memory: int) -> None:
    """Read the files that come in, until the other end is closed. Runs in the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a key reaches both processes; the caller ends this one
    signal.signal(signal.SIGTERM, _leave)
    _limit(memory)
    connection.send("ready")
    while True:
        try:
            data, name = connection.recv()
        except EOFError:
            return
        reply: list[Block] | str
        try:
            reply = reader(data, name)
        except RefusedError as error:
            reply = str(error)
        except MemoryError:
            reply = f"读取它需要的内存超过 {memory / 2**30:g} GB；请拆成几个文件后再试"
        try:
            connection.send(reply)
        except BrokenPipeError:
            return


def _leave(number: int, frame: FrameType | None) -> None:
    """End by way of every `finally`, which a signal does not by itself."""
    raise SystemExit(-number)


def _limit(memory: int) -> None:
    """Hold this process to `memory` bytes of addresses, where the system can."""
    if sys.platform == "win32":
        return
    import resource

    # macOS refuses the limit.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (memory, resource.getrlimit(resource.RLIMIT_AS)[1]))
