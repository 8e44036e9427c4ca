"""One ingest at a time: the second says who is at work."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kb.errors import LockedError
from kb.storage.lock import only_one


def test_the_second_says_who_holds_the_lock(data: Path) -> None:
    """While the lock is held, taking it is an error that names the process and since when."""
    with (
        only_one(data),
        pytest.raises(LockedError, match=rf"进程 {os.getpid()}，自 \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d"),
        only_one(data),
    ):
        pass


def test_two_ingests(folder: Path, data: Path) -> None:
    """A real second ingest ends with exit code 1, names the first, and leaves its data alone."""
    (folder / "a.txt").write_text("云澜区2024年度法治政府建设情况报告\n学法17次。\n")
    with only_one(data):
        command = [sys.executable, "-m", "ingest", str(folder), "--data", str(data)]
        second = subprocess.run(command, capture_output=True, text=True, check=False)
    assert 1 == second.returncode
    assert re.search(rf"进程 {os.getpid()}，自 .* 起）正在使用 {data}", second.stderr)
    assert not (data / "catalogue.sqlite3").exists()


def test_let_go(data: Path) -> None:
    """After use the lock is free, and nothing tells of its holder; also where what was done failed."""
    with pytest.raises(KeyboardInterrupt), only_one(data):
        raise KeyboardInterrupt
    with only_one(data):
        pass
    assert [] == list(data.glob("*.json"))


def test_what_a_killed_process_left(data: Path) -> None:
    """The name of a holder that was killed holds nobody up, and is replaced."""
    data.mkdir()
    (data / "ingest.lock.json").write_text('{"process": 1, "since": "2024-01-01"}')
    with only_one(data):
        assert os.getpid() == json.loads((data / "ingest.lock.json").read_text())["process"]
