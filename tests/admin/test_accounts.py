"""Accounts: passwords, lock-out, sessions, links and tokens, under a clock that the test sets."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kb.admin.accounts import Accounts
from kb.admin.accounts.passwords import Passwords
from kb.admin.accounts.roles import Role
from kb.errors import AccountError, LockedOutError, LoginError
from tests.conftest import PASSWORD, Clock

OTHER = "correct horse battery"
MINUTE = 60.0
HOUR = 3600.0


@pytest.fixture
def nobody(tmp_path: Path, clock: Clock) -> Iterator[Accounts]:
    """A file without an account."""
    accounts = Accounts(tmp_path / "new.sqlite3", passwords=Passwords(memory_kib=64), clock=clock)
    yield accounts
    accounts.close()


def fail(accounts: Accounts, times: int, name: str = "王管理", address: str = "") -> None:
    for _ in range(times):
        with pytest.raises(LoginError) as failed:
            accounts.enter(name, "wrong password", address)
        assert not isinstance(failed.value, LockedOutError)


# Passwords -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["王管理", " 王管理 "])
def test_the_right_password_comes_in(accounts: Accounts, name: str) -> None:
    """A session is of its account and role."""
    assert ("王管理", Role.ADMIN) == accounts.sessions.visitor(accounts.enter(name, PASSWORD))


def test_names_have_no_case_or_width(accounts: Accounts) -> None:
    """A name is the same however it is typed, and is taken in all its ways of writing."""
    assert accounts.enter("ＬＩ．editor", PASSWORD)
    with pytest.raises(AccountError, match="已经有"):
        accounts.create("li.EDITOR", Role.EDITOR)


@pytest.mark.parametrize("password", ["", "青石", PASSWORD.upper() + "x", PASSWORD + "x" * 500, "\ud800"])
def test_a_wrong_password_stays_out(accounts: Accounts, password: str) -> None:
    """Whatever else is typed is wrong."""
    with pytest.raises(LoginError):
        accounts.enter("王管理", password)


def test_a_name_without_account_is_told_like_a_wrong_password(accounts: Accounts) -> None:
    """What is answered does not tell which accounts there are."""
    with pytest.raises(LoginError) as unknown:
        accounts.enter("nobody", PASSWORD)
    with pytest.raises(LoginError) as wrong:
        accounts.enter("王管理", "wrong password")
    assert str(unknown.value) == str(wrong.value)
    assert ("", "王管理") == (unknown.value.known, wrong.value.known)


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "1234567890",
        "Password123",
        "qwertyuiop",
        "aaaaaaaaaaaaaa",
        "王管理王管理12345",
        "x" * 201,
        "admin12345",
    ],
)
def test_weak_passwords_are_refused(accounts: Accounts, password: str) -> None:
    """Short, common, all alike, holding the name, endless: refused with what to do."""
    with pytest.raises(AccountError) as refused:
        accounts.change_password("王管理", PASSWORD, password)
    assert not isinstance(refused.value, LoginError)
    assert refused.value.english


def test_no_password_or_secret_is_in_the_file(tmp_path: Path, accounts: Accounts) -> None:
    """Who reads the file can come in with nothing of it."""
    secrets = [
        PASSWORD,
        accounts.enter("王管理", PASSWORD),
        accounts.reset_link("Li.Editor"),
        accounts.tokens.create("王管理", "导入", Role.EDITOR),
    ]
    accounts.close()
    content = b"".join(path.read_bytes() for path in (tmp_path / "desk").iterdir())
    assert [] == [secret for secret in secrets if secret.encode() in content]
    assert b"$argon2id$" in content


def test_an_old_hash_is_renewed(tmp_path: Path, accounts: Accounts) -> None:
    """A hash of weaker parameters is made anew when its owner comes in."""
    from argon2 import PasswordHasher

    weak = PasswordHasher(time_cost=1, memory_cost=64).hash(PASSWORD)
    with sqlite3.connect(tmp_path / "desk" / "accounts.sqlite3") as connection:
        connection.execute("UPDATE accounts SET password = ?", (weak,))
    connection.close()
    assert accounts.sessions.visitor(accounts.enter("王管理", PASSWORD))
    assert accounts.sessions.visitor(accounts.enter("王管理", PASSWORD))
    with sqlite3.connect(tmp_path / "desk" / "accounts.sqlite3") as connection:
        rows = connection.execute("SELECT name FROM accounts WHERE password = ?", (weak,)).fetchall()
    connection.close()
    assert [("Li.Editor",)] == rows


def test_hashes_take_what_the_standard_asks() -> None:
    """Argon2id with 64 MiB, three passes and four lanes (RFC 9106, the second choice)."""
    passwords = Passwords()
    hashed = passwords.hash(PASSWORD)
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert (True, False) == (passwords.matches(hashed, PASSWORD), passwords.matches(None, PASSWORD))


# Lock-out --------------------------------------------------------------------------------------------------------


def test_five_failures_lock_the_account_for_a_minute(accounts: Accounts, clock: Clock) -> None:
    """Then even the right password waits; after the minute it comes in, and the count starts anew."""
    fail(accounts, 5)
    with pytest.raises(LockedOutError) as locked:
        accounts.enter("王管理", PASSWORD)
    assert 60 == locked.value.seconds
    clock.now += 59
    with pytest.raises(LockedOutError):
        accounts.enter("王管理", PASSWORD)
    clock.now += 2
    assert accounts.enter("王管理", PASSWORD)
    fail(accounts, 4)
    assert accounts.enter("王管理", PASSWORD)


def test_each_further_failure_locks_for_longer(accounts: Accounts, clock: Clock) -> None:
    """The wait doubles up to a quarter of an hour."""
    fail(accounts, 5)
    waits = []
    for _ in range(6):
        with pytest.raises(LockedOutError) as locked:
            accounts.enter("王管理", PASSWORD)
        waits.append(locked.value.seconds)
        clock.now += locked.value.seconds + 1
        fail(accounts, 1)
    assert [60, 120, 240, 480, 900, 900] == waits


def test_the_fifth_failure_says_that_it_locks(accounts: Accounts) -> None:
    """The audit is told when a lock begins."""
    fail(accounts, 4)
    with pytest.raises(LoginError) as failed:
        accounts.enter("王管理", "wrong password")
    assert failed.value.locks


def test_a_name_without_account_locks_too(accounts: Accounts) -> None:
    """A lock tells nothing of which accounts there are."""
    fail(accounts, 5, name="nobody")
    with pytest.raises(LockedOutError):
        accounts.enter("nobody", PASSWORD)


def test_another_account_is_not_locked(accounts: Accounts) -> None:
    """One person's failures keep nobody else out."""
    fail(accounts, 5)
    assert accounts.enter("Li.Editor", PASSWORD)


@pytest.mark.parametrize(
    "addresses", [["192.0.2.7"], ["2001:db8::1", "2001:db8::ffff"]], ids=["IPv4", "one IPv6 network"]
)
def test_twenty_failures_lock_the_address(accounts: Accounts, addresses: list[str]) -> None:
    """Names tried in turn from one place are stopped too; other places are not."""
    for number in range(20):
        fail(accounts, 1, name=f"name{number}", address=addresses[number % len(addresses)])
    with pytest.raises(LockedOutError):
        accounts.enter("王管理", PASSWORD, addresses[0])
    assert accounts.enter("王管理", PASSWORD, "198.51.100.1")


def test_coming_in_does_not_clear_the_address(accounts: Accounts) -> None:
    """One's own account does not buy guesses at others."""
    for number in range(19):
        fail(accounts, 1, name=f"name{number}", address="192.0.2.7")
    assert accounts.enter("王管理", PASSWORD, "192.0.2.7")
    fail(accounts, 1, name="name19", address="192.0.2.7")
    with pytest.raises(LockedOutError):
        accounts.enter("王管理", PASSWORD, "192.0.2.7")


def test_guesses_at_once_are_counted(accounts: Accounts) -> None:
    """Of thirty guesses side by side five are looked at."""

    def guess(number: int) -> type[LoginError]:
        with pytest.raises(LoginError) as failed:
            accounts.enter("王管理", f"wrong password {number}", f"192.0.2.{number}")
        return failed.type

    with ThreadPoolExecutor(10) as threads:
        outcomes = list(threads.map(guess, range(30)))
    assert (5, 25) == (outcomes.count(LoginError), outcomes.count(LockedOutError))


def test_the_old_password_is_no_way_round_the_lock(accounts: Accounts) -> None:
    """Who took over a session cannot guess the password by changing it."""
    for _ in range(5):
        with pytest.raises(LoginError):
            accounts.change_password("王管理", "wrong password", OTHER)
    with pytest.raises(LockedOutError):
        accounts.change_password("王管理", PASSWORD, OTHER)


# Sessions --------------------------------------------------------------------------------------------------------


def test_a_session_ends_when_idle(accounts: Accounts, clock: Clock) -> None:
    """An hour without a request ends it; a request in between keeps it."""
    session = accounts.enter("王管理", PASSWORD)
    clock.now += 59 * MINUTE
    assert accounts.sessions.visitor(session)
    clock.now += 59 * MINUTE
    assert accounts.sessions.visitor(session)
    clock.now += 61 * MINUTE
    assert accounts.sessions.visitor(session) is None


def test_a_session_ends_after_twelve_hours(accounts: Accounts, clock: Clock) -> None:
    """However busy it is."""
    session = accounts.enter("王管理", PASSWORD)
    for _ in range(23):
        clock.now += 30 * MINUTE
        assert accounts.sessions.visitor(session)
    clock.now += 31 * MINUTE
    assert accounts.sessions.visitor(session) is None


def test_leaving_ends_one_session(accounts: Accounts) -> None:
    """Another browser stays in."""
    here, there = accounts.enter("王管理", PASSWORD), accounts.enter("王管理", PASSWORD)
    accounts.sessions.end(here)
    assert accounts.sessions.visitor(here) is None
    assert accounts.sessions.visitor(there)


def test_a_new_password_ends_all_sessions(accounts: Accounts) -> None:
    """And the old password is no longer one."""
    session = accounts.enter("王管理", PASSWORD)
    accounts.change_password("王管理", PASSWORD, OTHER)
    assert accounts.sessions.visitor(session) is None
    with pytest.raises(LoginError):
        accounts.enter("王管理", PASSWORD)
    assert accounts.enter("王管理", OTHER)


def test_disabling_ends_sessions_and_keeps_out(accounts: Accounts) -> None:
    """Enabled again, one has to log in anew."""
    session = accounts.enter("Li.Editor", PASSWORD)
    accounts.set_active("Li.Editor", False)
    assert accounts.sessions.visitor(session) is None
    with pytest.raises(LoginError):
        accounts.enter("Li.Editor", PASSWORD)
    accounts.set_active("Li.Editor", True)
    assert accounts.sessions.visitor(session) is None
    assert accounts.enter("Li.Editor", PASSWORD)


def test_a_role_changes_at_once(accounts: Accounts) -> None:
    """A session has the role that its account has now."""
    session = accounts.enter("Li.Editor", PASSWORD)
    accounts.set_role("Li.Editor", Role.ADMIN)
    assert ("Li.Editor", Role.ADMIN) == accounts.sessions.visitor(session)


# Keeping accounts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "act",
    [
        lambda accounts: accounts.remove("王管理"),
        lambda accounts: accounts.set_active("王管理", False),
        lambda accounts: accounts.set_role("王管理", Role.EDITOR),
    ],
    ids=["remove", "disable", "make an editor"],
)
def test_the_last_admin_stays(accounts: Accounts, act: object) -> None:
    """Not even where another admin has no password yet; with a second one who can come in it is done."""
    accounts.create("赵", Role.ADMIN)
    with pytest.raises(AccountError, match="最后一位管理员"):
        act(accounts)  # type: ignore[operator]
    assert accounts.enter("王管理", PASSWORD)
    accounts.create("钱", Role.ADMIN, PASSWORD)
    act(accounts)  # type: ignore[operator]


@pytest.mark.parametrize("name", ["", "a b", "<script>", "a\u202eb", "x" * 41, "../a", "a,b", "=1"])
def test_names_that_will_not_do(accounts: Accounts, name: str) -> None:
    """Letters, digits and a few marks make a name."""
    with pytest.raises(AccountError, match="用户名"):
        accounts.create(name, Role.EDITOR)


def test_a_removed_account_is_gone(accounts: Accounts) -> None:
    """With its sessions, links and tokens, also for who gets its name later."""
    session, link = accounts.enter("Li.Editor", PASSWORD), accounts.reset_link("Li.Editor")
    token = accounts.tokens.create("Li.Editor", "导入", Role.EDITOR)
    accounts.remove("Li.Editor")
    accounts.create("Li.Editor", Role.EDITOR, OTHER)
    assert (None, None, None) == (
        accounts.sessions.visitor(session),
        accounts.linked(link),
        accounts.tokens.holder(token),
    )


# Links -----------------------------------------------------------------------------------------------------------


def test_the_setup_link_makes_the_first_admin_once(nobody: Accounts) -> None:
    """There is no way in before, and the link is none after."""
    accounts = nobody
    for name in ("admin", "root", "wenzheng", ""):
        for password in ("admin", "", "wenzheng", "password"):
            with pytest.raises(LoginError):
                accounts.enter(name, password, f"{name}{password}")
    link = accounts.setup_link()
    assert link is not None
    assert "王" == accounts.use_link(link, PASSWORD, "王")
    assert [("王", Role.ADMIN)] == [(account.name, account.role) for account in accounts.all()]
    with pytest.raises(AccountError, match="用过或过期"):
        accounts.use_link(link, PASSWORD, "second")
    assert accounts.setup_link() is None


def test_a_refused_password_does_not_use_up_the_link(nobody: Accounts) -> None:
    """One may try again with a better one."""
    accounts = nobody
    link = accounts.setup_link()
    assert link is not None
    with pytest.raises(AccountError, match="至少"):
        accounts.use_link(link, "short", "王")
    assert accounts.use_link(link, PASSWORD, "王")


def test_a_newer_setup_link_takes_the_place_of_the_older(nobody: Accounts) -> None:
    """The program was started again."""
    accounts = nobody
    older, newer = accounts.setup_link(), accounts.setup_link()
    assert older is not None
    assert newer is not None
    assert (None, "") == (accounts.linked(older), accounts.linked(newer))


def test_a_setup_link_is_dead_once_there_is_an_account(nobody: Accounts) -> None:
    """An account that was made another way closes it."""
    accounts = nobody
    link = accounts.setup_link()
    assert link is not None
    accounts.create("王", Role.ADMIN, PASSWORD)
    with pytest.raises(AccountError, match="用过或过期"):
        accounts.use_link(link, PASSWORD, "second")


def test_two_who_use_a_link_at_once_make_one_admin(nobody: Accounts) -> None:
    """The second is refused."""
    accounts = nobody
    link = accounts.setup_link()
    assert link is not None

    def use(name: str) -> bool:
        try:
            accounts.use_link(link, PASSWORD, name)
        except AccountError:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        assert [False, True] == sorted(threads.map(use, ["王", "李"]))
    assert 1 == len(accounts.all())


def test_two_who_use_a_reset_link_at_once_set_one_password(tmp_path: Path, accounts: Accounts) -> None:
    """Both have hashed theirs when the first is taken; the second is refused."""

    class Together(Passwords):
        meeting = threading.Barrier(2)

        def hash(self, password: str) -> str:
            hashed = super().hash(password)
            self.meeting.wait(timeout=30)
            return hashed

    shared = Accounts(tmp_path / "desk" / "accounts.sqlite3", passwords=Together(memory_kib=64), clock=Clock())
    link = accounts.reset_link("Li.Editor")

    def use(password: str) -> bool:
        try:
            shared.use_link(link, password)
        except AccountError:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        assert [False, True] == sorted(threads.map(use, [OTHER, f"{OTHER} two"]))


def test_a_link_expires_after_a_day(accounts: Accounts, clock: Clock) -> None:
    """The password stays as it was."""
    link = accounts.reset_link("Li.Editor")
    clock.now += 24 * HOUR + 1
    with pytest.raises(AccountError, match="用过或过期"):
        accounts.use_link(link, OTHER)
    assert accounts.enter("Li.Editor", PASSWORD)


def test_a_reset_link_sets_the_password_and_ends_the_lock(accounts: Accounts) -> None:
    """Sessions of before are over; the old password stood until then."""
    session = accounts.enter("Li.Editor", PASSWORD)
    link = accounts.reset_link("Li.Editor")
    assert accounts.sessions.visitor(session)
    fail(accounts, 5, name="Li.Editor")
    assert "Li.Editor" == accounts.use_link(link, OTHER, "ignored")
    assert accounts.sessions.visitor(session) is None
    assert accounts.enter("Li.Editor", OTHER)
    with pytest.raises(AccountError):
        accounts.use_link(link, OTHER)


def test_the_first_admin_of_the_settings_is_made_once(nobody: Accounts) -> None:
    """Where there is an account already, nothing is made or changed."""
    accounts = nobody
    assert accounts.create_first("王", PASSWORD)
    assert not accounts.create_first("李", PASSWORD)
    assert not accounts.create_first("王", OTHER)
    assert accounts.enter("王", PASSWORD)


# Tokens ----------------------------------------------------------------------------------------------------------


def test_a_token_has_its_holder(accounts: Accounts) -> None:
    """The account's name, the token's role and label."""
    holder = accounts.tokens.holder(accounts.tokens.create("王管理", " 夜间 导入 ", Role.EDITOR))
    assert holder is not None
    assert ("王管理", Role.EDITOR, "夜间 导入") == (holder.name, holder.role, holder.label)


@pytest.mark.parametrize("secret", ["", "wz_", "wz_none", "\ud800"])
def test_what_is_no_token_has_no_holder(accounts: Accounts, secret: str) -> None:
    """Neither has a session's or a link's secret."""
    assert accounts.tokens.holder(secret) is None
    assert accounts.tokens.holder(accounts.enter("王管理", PASSWORD)) is None


def test_a_token_may_do_no_more_than_its_account(accounts: Accounts) -> None:
    """Not when it is made, and not when the account's role is lowered later."""
    with pytest.raises(AccountError, match="权限"):
        accounts.tokens.create("Li.Editor", "导入", Role.ADMIN)
    accounts.set_role("Li.Editor", Role.ADMIN)
    token = accounts.tokens.create("Li.Editor", "导入", Role.ADMIN)
    accounts.set_role("Li.Editor", Role.EDITOR)
    holder = accounts.tokens.holder(token)
    assert holder is not None
    assert Role.EDITOR == holder.role


def test_tokens_end(accounts: Accounts, clock: Clock) -> None:
    """When revoked, when expired, and while the account is disabled."""
    accounts.create("赵", Role.EDITOR, PASSWORD)
    create = accounts.tokens.create
    revoked, expiring, disabled = (
        create("王管理", "a", Role.EDITOR),
        create("王管理", "b", Role.EDITOR, days=1),
        create("赵", "c", Role.EDITOR),
    )
    assert None not in map(accounts.tokens.holder, (revoked, expiring, disabled))
    listed = {token.label: token for token in accounts.tokens.all()}
    assert clock.now == listed["a"].used
    accounts.tokens.revoke(listed["a"].id)
    accounts.set_active("赵", False)
    clock.now += 25 * HOUR
    assert [None, None, None] == [accounts.tokens.holder(token) for token in (revoked, expiring, disabled)]
    assert {"b": False, "c": False} == {token.label: token.live for token in accounts.tokens.all()}
