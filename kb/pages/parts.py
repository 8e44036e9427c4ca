"""What the pages are handed: the real parts, made by the front door and by tests alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kb.accounts import Accounts
from kb.audit import Audit
from kb.reception import Reception
from kb.registry import Registry
from kb.settings import Settings
from kb.trials import Trials
from kb.writing import Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts that stand behind the pages."""

    settings: Settings
    data: Path
    writer: Writer
    reception: Reception  # by which questions of readers come in
    accounts: Accounts
    audit: Audit
    registry: Registry
    trials: Trials
    command_line: Mapping[str, str] = field(default_factory=dict)  # by setting: what its options overruled
