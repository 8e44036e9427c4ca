"""`python app.py` as a person runs it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import urllib.request

from tests import ROOT


def front_door(*arguments: str, **settings: str) -> subprocess.Popen[str]:
    """`python app.py` with `arguments`, as a person runs it."""
    return subprocess.Popen(
        [sys.executable, "app.py", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8", **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def address_of(process: subprocess.Popen[str], *, stands: bool = True) -> str:
    """The address that the first line names; where `stands`, when all pages are there."""
    assert process.stdout is not None
    line = process.stdout.readline()
    match = re.search(r"http://[\w.:]+", line)
    assert match is not None, f"{line}{process.stderr.read() if process.stderr else ''}"
    if stands:
        urllib.request.urlopen(f"{match.group()}/stands", timeout=120).close()
    return match.group()
