"""What the pages are handed: the real parts, made by the front door and by tests alike."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kb.settings import Settings
from kb.writing import Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts that stand behind the pages."""

    settings: Settings
    data: Path
    writer: Writer
