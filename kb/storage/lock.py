"""One ingest at a time for each data folder. Only this module imports filelock."""

from __future__ import annotations

import contextlib
import datetime
import json
import os
from collections.abc import Iterator
from pathlib import Path

from kb.errors import LockedError
from kb.storage.atomic import write_atomically


@contextlib.contextmanager
def only_one(data: Path) -> Iterator[None]:
    """Hold the lock of a data folder; it is released even when the process is killed.

    Raises LockedError where another process holds it, with that process and since when.
    """
    from filelock import FileLock, Timeout

    data.mkdir(parents=True, exist_ok=True)
    lock = FileLock(data / "ingest.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise LockedError(f"另一个导入{_holder(data)}正在使用 {data}；请等它结束后再运行。") from error
    try:
        _write_holder(data)
        yield
    finally:
        # What a killed process leaves here is not read: nobody holds the lock then.
        _holder_file(data).unlink(missing_ok=True)
        lock.release()


def _holder_file(data: Path) -> Path:
    """Beside the lock: on Windows no other process may read a file that is locked."""
    return data / "ingest.lock.json"


def _write_holder(data: Path) -> None:
    since = datetime.datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")
    write_atomically(_holder_file(data), json.dumps({"process": os.getpid(), "since": since}).encode())


def _holder(data: Path) -> str:
    """The process that holds the lock and since when, in brackets; nothing in the moment before it is written."""
    try:
        holder = json.loads(_holder_file(data).read_text(encoding="utf-8"))
        return f"（进程 {holder['process']}，自 {holder['since']} 起）"
    except (OSError, ValueError, KeyError):
        return ""
