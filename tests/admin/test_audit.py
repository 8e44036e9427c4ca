"""The audit log: it only grows, and is found again by who, what and when."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from kb.admin.audit import AuditFilter, AuditLog


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "audit.sqlite3"


@pytest.fixture
def audit(path: Path) -> AuditLog:
    """Four acts of two people, at the seconds 100, 200, 300 and 400."""
    moments = iter((100.0, 200.0, 300.0, 400.0, 500.0))
    audit = AuditLog(path, clock=lambda: next(moments))
    audit.note("王", "account.create", "李", "editor", address="192.0.2.1")
    audit.note("李", "account.enter", address="192.0.2.2")
    audit.note("李", "document.withdraw", "2024年报告", "100% 完成")
    audit.note("王", "account.enter", address="192.0.2.1")
    return audit


@pytest.mark.parametrize("statement", ["DELETE FROM lines", "UPDATE lines SET who = '王'"])
def test_the_file_refuses_to_lose_a_line(path: Path, audit: AuditLog, statement: str) -> None:
    """Not even SQL takes one away."""
    connection = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="only grows"):
        connection.execute(statement)
    connection.close()
    assert 4 == audit.count(AuditFilter())


def test_lines_are_there_when_opened_again(path: Path, audit: AuditLog) -> None:
    """The newest comes first, with all that was noted."""
    audit.close()
    line = AuditLog(path).lines(AuditFilter())[3]
    assert (100.0, "王", "account.create", "李", "editor", "192.0.2.1") == (
        line.moment,
        line.who,
        line.act,
        line.about,
        line.detail,
        line.address,
    )


@pytest.mark.parametrize(
    ("sought", "moments"),
    [
        (AuditFilter(), [400, 300, 200, 100]),
        (AuditFilter(who="李"), [300, 200]),
        (AuditFilter(act="account.enter"), [400, 200]),
        (AuditFilter(who="李", act="account.enter"), [200]),
        (AuditFilter(words="报告"), [300]),
        (AuditFilter(words="%"), [300]),
        (AuditFilter(words="192.0.2.1"), [400, 100]),
        (AuditFilter(since=200, until=400), [300, 200]),
        (AuditFilter(who="' OR 1=1 --"), []),
    ],
)
def test_lines_are_sought(audit: AuditLog, sought: AuditFilter, moments: list[float]) -> None:
    """By who, act, words and time; counted alike, and all of them exported."""
    assert moments == [line.moment for line in audit.lines(sought)]
    assert moments == [line.moment for line in audit.every(sought)]
    assert len(moments) == audit.count(sought)


def test_lines_come_by_pages(audit: AuditLog) -> None:
    """A page skips those before it."""
    assert [300, 200] == [line.moment for line in audit.lines(AuditFilter(), skip=1, limit=2)]


def test_what_is_noted_stays_on_one_line_and_bounded(audit: AuditLog) -> None:
    """A hostile name neither breaks the log nor fills the disk."""
    audit.note("王", "account.create", "a\r\nb\x00c\u202e", "x" * 5000)
    line = audit.lines(AuditFilter())[0]
    assert ("a b c", 2000) == (line.about, len(line.detail))


def test_people_and_acts_are_listed(audit: AuditLog) -> None:
    """For the filters of the page."""
    assert (["李", "王"], ["account.create", "account.enter", "document.withdraw"]) == (
        sorted(audit.people()),
        audit.acts(),
    )
