"""The parts of the program that the pages use, opened by app.py and by tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kb.admin.accounts import Accounts
from kb.admin.audit import AuditLog
from kb.admin.editing import DocumentEditing
from kb.chat.ask import Responder
from kb.evaluation.history import EvaluationHistory
from kb.llm.writer import Writer
from kb.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteParts:
    """The parts behind the pages. Nothing is closed here."""

    settings: Settings
    data: Path
    writer: Writer
    responder: Responder  # by which questions of readers come in
    accounts: Accounts
    audit: AuditLog
    editing: DocumentEditing
    evaluations: EvaluationHistory
    command_line: Mapping[str, str] = field(default_factory=dict)  # by setting: what its options overruled
