"""With the network cut off, all that is installed works."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ROOT


def cut_off(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a network namespace of its own, which has no interface that is up."""
    return subprocess.run(
        ["unshare", "--map-root-user", "--net", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("unshare") is None, reason="unshare is not there to cut the network off")
def test_ingest_and_ask_without_network(tmp_path: Path) -> None:
    """A folder is ingested and a question answered with no network at all."""
    if cut_off("true").returncode:
        pytest.skip("this system lets nobody cut the network off")
    folder, data = tmp_path / "documents", tmp_path / "data"
    folder.mkdir()
    report = "2024年云澜区政府工作报告\n一、2023年工作回顾\n全区组织学法17次。\n"
    (folder / "2024_云澜区_政府工作报告.txt").write_text(report, encoding="utf-8")
    python = [sys.executable, "-m"]
    ingested = cut_off(*python, "ingest", str(folder), "--data", str(data))
    assert 0 == ingested.returncode, ingested.stderr
    answered = cut_off(*python, "kb", "ask", "云澜区2023年组织学法多少次？", "--data", str(data))
    assert "17次" in answered.stdout, answered.stderr
