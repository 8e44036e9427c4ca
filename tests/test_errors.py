"""Errors that the desk shows are told in the language of its reader."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from kb import errors
from kb.errors import AccountError, DeskError, PinError, StoreError
from tests import ROOT

if TYPE_CHECKING:
    from starlette.testclient import TestClient

OF_THE_DESK = (AccountError, DeskError, PinError, StoreError)
HAN = re.compile("[\u4e00-\u9fff]")


def raised() -> list[tuple[str, ast.Call]]:
    """Where an error of the desk is made, and how."""
    kinds = {name: kind for name, kind in vars(errors).items() if isinstance(kind, type)}
    # One that words its own message says it in both languages.
    names = {name for name, kind in kinds.items() if issubclass(kind, OF_THE_DESK) and "__init__" not in vars(kind)}
    found = []
    for path in [*ROOT.glob("kb/**/*.py"), *ROOT.glob("ingest/**/*.py")]:
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in names and call.args:
                found.append((f"{path.relative_to(ROOT)}:{call.lineno}", call))
    return found


def test_errors_of_the_desk_have_english() -> None:
    """Each says in English, too, what to do."""
    english = {place: [word.value for word in call.keywords if word.arg == "english"] for place, call in raised()}
    assert len(english) > 40
    assert [] == [place for place, words in english.items() if not words]
    assert [] == [place for place, words in english.items() if HAN.search(ast.unparse(words[0]))]


@pytest.mark.parametrize(
    ("address", "fields", "files", "told"),
    [
        ("/desk/documents/files", {}, {"files": ("空.txt", b"")}, "空.txt is empty"),
        ("/desk/documents/discard", {"name": "a.txt"}, {}, "load the page again"),
        ("/desk/synchronise", {}, {}, "no folder to synchronise"),
        ("/desk/synchronise/folders", {"folder": "/srv"}, {}, "set WENZHENG_FOLDERS"),
        ("/desk/pins/new", {"wordings": "学法多少次？"}, {}, "Write the answer."),
        ("/desk/quality/send", {}, {"file": ("题.jsonl", b"{}")}, "answerable is missing or wrong"),
        ("/desk/quality/send", {}, {"file": ("题.jsonl", b"\n")}, "questions.jsonl has no question"),
        ("/desk/quality/send", {}, {"file": ("题.jsonl", b"\xff")}, "questions.jsonl is no text in UTF-8"),
    ],
)
def test_the_desk_tells_errors_in_english(
    address: str,
    fields: dict[str, str],
    files: dict[str, tuple[str, bytes]],
    told: str,
    browser_at: Callable[..., TestClient],
) -> None:
    """What cannot be done is told in English where the desk is read in English."""
    admin = browser_at("王管理")
    page = admin.get("/desk/documents?language=en").text
    token = re.findall('name="token" value="([0-9a-f]{64})"', page)[0]
    reply = admin.post(address, data={"token": token, **fields}, files=files or None)
    assert 400 <= reply.status_code < 500
    assert told in reply.text
