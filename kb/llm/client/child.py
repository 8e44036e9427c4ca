"""A process of our own that serves a model: started, watched, and ended with this one.

    Child(command, order) → the process reads its order from its standard input, and says READY and its address
                          → wait → address
                          → its output ends when it does, which is noticed at once

The process must end when its standard input does: this process closed it, or was ended, by kill -9 maybe. One thread
starts the process, reads its output, and lives exactly as long, so that the process may also ask Linux to be killed
with its parent, by which Linux means this thread [1].

[1] man 2 PR_SET_PDEATHSIG
"""

from __future__ import annotations

import collections
import contextlib
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path

READY = "READY "

# The last lines that a process wrote say why it ended.
_LAST_LINES = 20

_SECONDS_TO_END = 3.0


class Child:
    """One process from start to end; a new start is a new `Child`."""

    def __init__(self, command: Sequence[str], order: str) -> None:
        """Start `command` and give it `order`, one line; returns at once."""
        self.address: str | None = None
        self.code: int | None = None
        self._command = list(command)
        self._order = order
        self._lines: collections.deque[str] = collections.deque(maxlen=_LAST_LINES)
        self._process: subprocess.Popen[str] | None = None
        self._started = threading.Event()
        self._settled = threading.Event()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._live, name="model process", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int | None:
        """The number of the process, while it runs."""
        return self._process.pid if self._process and not self._ended.is_set() else None

    @property
    def words(self) -> str:
        """The last lines that it wrote."""
        return "\n".join(list(self._lines))

    def wait(self, seconds: float) -> bool:
        """Wait until the process is ready or has ended; False where neither comes to be in time."""
        return self._settled.wait(seconds)

    def ended(self, seconds: float = 0.0) -> bool:
        """Whether it has ended, or does within so many seconds."""
        return self._ended.wait(seconds)

    def close(self) -> None:
        """End the process: by the end of its input, or else by force."""
        self._started.wait()
        if self._process is not None:
            self._hang_up(self._process)
            if not self._ended.wait(_SECONDS_TO_END):
                self._process.kill()
        self._thread.join()

    def _live(self) -> None:
        try:
            process = subprocess.Popen(  # noqa: S603
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,  # An interrupt at the keyboard is for us, and we end it.
            )
        except OSError as error:
            self._lines.append(str(error))
            self.code = -1
        else:
            self._process = process
            self._started.set()
            self._read(process)
            self.code = process.wait()
            self._hang_up(process)
        self._started.set()
        self._ended.set()
        self._settled.set()

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None  # noqa: S101
        assert process.stdout is not None  # noqa: S101
        with process.stdout:
            with contextlib.suppress(OSError):  # It may have ended before it was given its order.
                process.stdin.write(self._order + "\n")
                process.stdin.flush()
            for line in process.stdout:
                if line.startswith(READY):
                    self.address = line.removeprefix(READY).strip()
                    self._settled.set()
                else:
                    self._lines.append(line.strip())

    def _hang_up(self, process: subprocess.Popen[str]) -> None:
        with contextlib.suppress(OSError):  # Its end may be closed already.
            assert process.stdin is not None  # noqa: S101
            process.stdin.close()


def resident_bytes(pid: int | str) -> int | None:
    """Resident memory of the process `pid`, "self" for this one; None where the system does not say (Linux does)."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS:")), None)
