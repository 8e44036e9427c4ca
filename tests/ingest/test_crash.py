"""Ingests that are killed and interrupted, with a reader that asks meanwhile: `benchmarks/crash.py`, scaled down."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("ends processes as Linux and macOS do", allow_module_level=True)

from benchmarks.crash import Ingest, index_state, run
from benchmarks.documents import make_documents, written
from kb.search.encoder import Encoder
from kb.settings import read_settings
from tests.conftest import Synchronise

pytestmark = pytest.mark.kills


def test_killed_at_any_moment(tmp_path: Path, quick_encoder: Encoder) -> None:
    """Killed in each moment, it keeps what it held or holds what the folder holds, and then equals a fresh ingest."""
    settings = read_settings({"WENZHENG_ENCODER": quick_encoder.name})
    tally = run(tmp_path, make_documents(12, num_sections=2), settings, kills=8, seed=0, finish_every=8)
    assert [] == tally.problems
    assert (8, 0) == (tally.kills.total(), tally.leftovers)
    assert tally.questions > 50


@pytest.mark.parametrize("moment", ["reading", "embedding", "indexing"])
def test_interrupted(moment: str, folder: Path, data: Path, run: Synchronise, quick_encoder: Encoder) -> None:
    """Ctrl-C ends an ingest with exit code 130 and says so; what was held is held, and the next run finishes."""
    for number, lines in enumerate(make_documents(9, num_sections=2)):
        (folder / f"{number}.txt").write_text(written(lines, number, 0))
    run(folder)
    before = index_state(data, quick_encoder)
    (folder / "0.txt").write_text(written(["2024年工作报告", "一、工作", "学法17次"], 0, 1))
    ingest = Ingest(folder, data, quick_encoder.name)
    while not ingest.has_begun(moment) and ingest.process.poll() is None:
        time.sleep(0.001)
    os.killpg(ingest.process.pid, signal.SIGINT)
    # 130 is also what a shell makes of the signal itself, which Python may end with.
    assert ingest.wait() in (130, -signal.SIGINT), ingest.output
    assert "已中断" in ingest.output
    assert before == index_state(data, quick_encoder)
    run(folder)
    assert ({**before[0], 0: 1}, []) == index_state(data, quick_encoder)
