"""One ingest at a time for each data folder. The door to filelock."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from kb.errors import LockedError


@contextlib.contextmanager
def only_one(data: Path) -> Iterator[None]:
    """Hold the lock of a data folder; it is let go even when the process is killed.

    Raises LockedError where another process holds it.
    """
    from filelock import FileLock, Timeout

    data.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(data / "ingest.lock", timeout=0):
            yield
    except Timeout as error:
        raise LockedError(f"另一个导入正在使用 {data}；请等它结束后再运行。") from error
