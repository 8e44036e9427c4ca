"""Files that are meant to do harm: every one is read or refused with a reason, and the index serves afterwards."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from benchmarks.hostile import run
from benchmarks.hostile_files import hostile_files
from ingest.readers import read
from ingest.readers.text import markdown
from kb.errors import RefusedError
from kb.search.encoder import Encoder

SIZE = 10_000
# Recognising characters and starting LibreOffice take seconds each; their tests are elsewhere.
SLOW = (".png", ".tif", ".jpg", ".doc", ".rtf", ".odt", ".bmp", ".webp")
SLOW_KINDS = ("png-as", "odt-as", "with-bad-members")


def quick_files() -> list[tuple[str, bytes]]:
    files = hostile_files(60, 0, size=SIZE)
    return [(name, data) for name, data in files if not name.endswith(SLOW) and not name.startswith(SLOW_KINDS)]


@pytest.mark.slow
def test_everything_is_read_or_refused(tmp_path: Path, quick_encoder: Encoder) -> None:
    """Nothing lost, a Chinese reason for what is refused, no reader that had to be stopped, and a search that finds."""
    files = quick_files()
    assert len(files) >= 60
    outcome = run(files, tmp_path, encoder=quick_encoder, seconds=20)
    assert [] == outcome.failures
    assert [] == outcome.stopped


def test_nothing_is_fetched() -> None:
    """No entity reads a file of this machine."""
    for name, data in quick_files():
        if name.startswith("outside"):
            try:
                texts = [block.text for block in read(data, name)]
            except RefusedError:
                continue
            assert not any("root:" in text for text in texts), name


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "![" * 50_000, "<!--" * 50_000, "**" * 50_000, "`" * 100_000], ids=lambda text: text[:4]
)
def test_marks_without_end(text: str) -> None:
    """Marks of Markdown that are never closed take seconds, not hours."""
    started = time.monotonic()
    markdown.read(text.encode())
    assert time.monotonic() - started < 5
