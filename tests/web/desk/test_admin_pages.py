"""What admins keep at the desk: people, tokens, the audit log; and what they see of settings and health."""

from __future__ import annotations

import csv
import io
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kb.__main__ import main
from kb.admin.accounts import Accounts
from kb.admin.accounts.roles import Role
from kb.admin.audit import AuditFilter, AuditLog
from kb.admin.diagnosis import BackgroundDiagnosis, Finding
from kb.admin.settings_shown import SettingSource, settings_in_force
from kb.errors import LoginError, ModelDownError
from kb.search.retriever import Retriever
from kb.web.site import Guard, build_pages
from kb.web.site_parts import SiteParts
from tests.conftest import PASSWORD

if TYPE_CHECKING:
    from starlette.testclient import TestClient

Browsers = Callable[..., "TestClient"]
OTHER = "correct horse battery"
HOSTILE = '"><script>alert(1)</script>'


def send(browser: TestClient, address: str, **form: str) -> tuple[int, str]:
    """Send a form with the session's token; status, and the page or the address that comes back."""
    match = re.search(r'name="token" value="(\w+)"', browser.get("/desk/password").text)
    assert match is not None
    response = browser.post(address, data={"token": match.group(1), **form})
    return response.status_code, response.headers.get("location") or response.text


def last_act(parts: SiteParts) -> tuple[str, str, str, str]:
    line = parts.audit.lines(AuditFilter())[0]
    return line.who, line.act, line.about, line.detail


def states(accounts: Accounts) -> dict[str, tuple[Role, bool]]:
    return {account.name: (account.role, account.active) for account in accounts.all()}


# People ----------------------------------------------------------------------------------------------------------


def test_a_person_is_added_by_a_link(browser_at: Browsers, parts: SiteParts) -> None:
    """The link is shown once; with it the person sets a password that the admin never learns, and comes in."""
    status, html = send(browser_at("王管理"), "/desk/people", name="赵敏", role="editor")
    match = re.search(r'value="(http://testserver/desk/setup/[\w-]+)"', html)
    assert match is not None
    assert (200, ("王管理", "account.create", "赵敏", "editor")) == (status, last_act(parts))
    assert match.group(1) not in browser_at("王管理").get("/desk/people").text
    form = browser_at().get(match.group(1)).text
    assert "为账号“赵敏”设置密码" in form
    browser_at().post(match.group(1), data={"password": OTHER, "again": OTHER})
    assert ("赵敏", Role.EDITOR) == parts.accounts.sessions.visitor(parts.accounts.enter("赵敏", OTHER))


@pytest.mark.parametrize(
    ("name", "told"), [(HOSTILE, "用户名用汉字"), ("", "用户名用汉字"), ("li.editor", "已经有名为")]
)
def test_a_name_that_will_not_do_is_told(browser_at: Browsers, parts: SiteParts, name: str, told: str) -> None:
    """What was typed is shown as text, and nobody is added."""
    status, html = send(browser_at("王管理"), "/desk/people", name=name)
    assert (400, True, False) == (status, told in html, "<script>" in html.replace('<script src="/design', ""))
    assert 2 == len(parts.accounts.all())


def test_roles_and_states_are_changed(browser_at: Browsers, parts: SiteParts) -> None:
    """Each change is done and noted."""
    browser = browser_at("王管理")
    done = (303, "/desk/people?notice=people_changed")
    assert done == send(browser, "/desk/people/role", name="Li.Editor", role="admin")
    assert ("王管理", "account.role", "Li.Editor", "admin") == last_act(parts)
    assert done == send(browser, "/desk/people/active", name="Li.Editor", active="false")
    assert ("王管理", "account.disable", "Li.Editor", "") == last_act(parts)
    assert (Role.ADMIN, False) == states(parts.accounts)["Li.Editor"]
    assert done == send(browser, "/desk/people/active", name="Li.Editor", active="true")
    assert ("王管理", "account.enable", "Li.Editor", "") == last_act(parts)
    assert (Role.ADMIN, True) == states(parts.accounts)["Li.Editor"]


def test_removing_asks_again(browser_at: Browsers, parts: SiteParts) -> None:
    """Without the tick nothing is done."""
    browser = browser_at("王管理")
    status, html = send(browser, "/desk/people/remove", name="Li.Editor")
    assert (400, True, 2) == (status, "先勾选" in html, len(parts.accounts.all()))
    assert (303, "/desk/people?notice=people_removed") == send(
        browser, "/desk/people/remove", name="Li.Editor", sure="true"
    )
    assert ({"王管理"}, ("王管理", "account.remove", "Li.Editor", "")) == (
        set(states(parts.accounts)),
        last_act(parts),
    )


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("/desk/people/remove", {"sure": "true"}),
        ("/desk/people/active", {"active": "false"}),
        ("/desk/people/role", {"role": "editor"}),
    ],
)
def test_the_last_admin_stays(browser_at: Browsers, parts: SiteParts, address: str, form: dict[str, str]) -> None:
    """The page says why, nothing is noted, and the admin is still in."""
    browser = browser_at("王管理")
    status, html = send(browser, address, name="王管理", **form)
    assert (400, True) == (status, "最后一位管理员" in html)
    assert ("王管理", "account.enter") == last_act(parts)[:2]
    assert 200 == browser.get("/desk/people").status_code


def test_a_new_link_is_for_a_forgotten_password(browser_at: Browsers, parts: SiteParts) -> None:
    """It is shown and noted, without its secret."""
    status, html = send(browser_at("王管理"), "/desk/people/link", name="Li.Editor")
    assert (200, True) == (status, "/desk/setup/" in html)
    assert ("王管理", "account.link", "Li.Editor", "") == last_act(parts)


@pytest.mark.parametrize("address", ["/desk/people/link", "/desk/people/role", "/desk/people/active"])
def test_a_name_without_account_is_told(browser_at: Browsers, address: str) -> None:
    """Another admin may have removed it just now."""
    status, html = send(browser_at("王管理"), address, name="nobody")
    assert (400, True) == (status, "没有名为 nobody 的账号" in html)


# Tokens ----------------------------------------------------------------------------------------------------------


def test_a_token_is_shown_once_and_revoked(browser_at: Browsers, parts: SiteParts) -> None:
    """It is of the admin who made it; its label is shown as text."""
    browser = browser_at("王管理")
    status, html = send(browser, "/desk/tokens", label=HOSTILE, role="editor", days="30")
    match = re.search(r'value="(wz_[\w-]+)"', html)
    assert match is not None
    holder = parts.accounts.tokens.holder(match.group(1))
    assert holder is not None
    assert (200, "王管理", Role.EDITOR) == (status, holder.name, holder.role)
    listed = browser.get("/desk/tokens").text
    assert match.group(1) not in listed
    assert (True, False) == ("&lt;script&gt;" in listed, "<script>alert" in listed)
    (token,) = parts.accounts.tokens.all()
    assert (303, "/desk/tokens?notice=tokens_revoked") == send(browser, "/desk/tokens/revoke", id=str(token.id))
    assert parts.accounts.tokens.holder(match.group(1)) is None
    assert ("王管理", "token.revoke", HOSTILE, "王管理") == last_act(parts)


@pytest.mark.parametrize(("form", "status"), [({"label": " "}, 400), ({"label": "a", "days": "7"}, 400)])
def test_tokens_that_will_not_do(browser_at: Browsers, parts: SiteParts, form: dict[str, str], status: int) -> None:
    """Without a label, or for days that are not offered, none is made."""
    assert status == send(browser_at("王管理"), "/desk/tokens", **form)[0]
    assert [] == parts.accounts.tokens.all()


# Audit -----------------------------------------------------------------------------------------------------------


def test_the_log_is_shown_by_pages_and_filters(browser_at: Browsers, parts: SiteParts) -> None:
    """Fifty lines a page; the filters stay with the links."""
    browser = browser_at("王管理")
    for number in range(60):
        parts.audit.note("Li.Editor", "account.role", f"人{number}号")
    first = browser.get("/desk/audit?who=Li.Editor").text
    assert (True, True, False) == ("人59号" in first, "人10号" in first, "人9号" in first)
    assert "?who=Li.Editor&amp;page=2" in first
    second = browser.get("/desk/audit?who=Li.Editor&page=2").text
    assert (True, False) == ("人9号" in second, "人10号" in second)
    assert "共 1 条" in browser.get("/desk/audit?words=人42号").text
    assert "没有符合条件的记录" in browser.get("/desk/audit?until=2020-01-01").text
    assert "共 61 条" in browser.get("/desk/audit?since=2020-01-01&until=nonsense").text


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 30])
def test_a_page_that_is_none_is_told(browser_at: Browsers, page: str) -> None:
    """In our frame, and not as JSON."""
    told = browser_at("王管理").get(f"/desk/audit?page={page}")
    assert (400, True) == (told.status_code, "地址或表单里的内容不对" in told.text)


def test_hostile_lines_are_text(browser_at: Browsers, parts: SiteParts) -> None:
    """Neither the page nor a spreadsheet runs what a name says; the export itself is noted."""
    parts.audit.note("王管理", "document.remove", HOSTILE, "=HYPERLINK(1)")
    browser = browser_at("王管理")
    assert "<script>alert" not in browser.get(f"/desk/audit?words={HOSTILE}").text
    export = browser.get("/desk/audit.csv?act=document.remove")
    assert export.headers["content-disposition"].startswith("attachment")
    assert export.content.startswith(b"\xef\xbb\xbf")
    head, line = csv.reader(io.StringIO(export.content.decode("utf-8-sig")))
    assert ["时间", "谁", "做了什么", "对象", "说明", "网络地址"] == head
    assert ["王管理", "移除文件", HOSTILE, "'=HYPERLINK(1)", ""] == line[1:]
    assert ("王管理", "audit.export") == last_act(parts)[:2]


# Settings and health ---------------------------------------------------------------------------------------------


def test_settings_say_where_they_came_from() -> None:
    """The command line goes before the environment, and that before the default; a secret has no value."""
    environment = {"WENZHENG_PORT": "8000", "WENZHENG_MODEL_KEY": "sk-secret", "WENZHENG_CONTACT": ""}
    rows = {row.name: row for row in settings_in_force({"HOST": "0.0.0.0"}, environment)}
    assert {
        "WENZHENG_HOST": ("0.0.0.0", SettingSource.COMMAND_LINE),
        "WENZHENG_PORT": ("8000", SettingSource.ENVIRONMENT),
        "WENZHENG_DATA": ("data", SettingSource.DEFAULT),
        "WENZHENG_CONTACT": ("", SettingSource.DEFAULT),
        "WENZHENG_MODEL_KEY": ("", SettingSource.ENVIRONMENT),
    } == {
        name: (rows[f"WENZHENG_{name[9:]}"].value, rows[name].origin)
        for name in ("WENZHENG_HOST", "WENZHENG_PORT", "WENZHENG_DATA", "WENZHENG_CONTACT", "WENZHENG_MODEL_KEY")
    }


def test_the_page_of_settings_shows_no_secret(parts: SiteParts, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says that one is set."""
    from starlette.testclient import TestClient

    monkeypatch.setenv("WENZHENG_MODEL_KEY", "sk-0123456789")
    site = Guard(build_pages(replace(parts, command_line={"PORT": "7999"})))
    browser = TestClient(site)
    browser.post("/desk/login", data={"name": "王管理", "password": PASSWORD})
    html = browser.get("/desk/settings").text
    assert (False, True, True) == ("sk-0123456789" in html, "已设，不显示" in html, "7999" in html)


def test_health_shows_what_is_held(
    browser_at: Browsers, parts: SiteParts, hold: Callable[[Mapping[str, str]], Retriever]
) -> None:
    """Nothing at first; then counts and the snapshot, and after a look at all parts its findings."""
    browser = browser_at("Li.Editor")
    assert "还没有文件" in browser.get("/desk/health").text
    hold({"报告.txt": "2024年政府工作报告\n\n一、就业\n\n全年新增就业3万人。\n"})
    html = browser.get("/desk/health").text
    assert "1 份文件" in html
    assert "第 000001 代" in html
    assert (303, "/desk/health") == send(browser, "/desk/health")
    deadline = time.monotonic() + 60
    while "正在检查" in (html := browser.get("/desk/health").text) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert "与文件库一致" in html
    assert ("Li.Editor", "health.examine", "", "") == last_act(parts)
    # The index that answers was looked at, and is still open.
    assert parts.writer.answerer.retriever.hits("新增就业多少人", num_results=1)


def test_one_look_at_a_time() -> None:
    """A second is not begun, and a look that breaks off says so."""
    looked: list[int] = []

    def examine() -> list[Finding]:
        time.sleep(0.2)
        looked.append(1)
        raise ModelDownError("连不上；请检查网络。")

    diagnosis = BackgroundDiagnosis(examine, clock=lambda: 5.0)
    assert (True, False, True) == (diagnosis.start(), diagnosis.start(), diagnosis.is_running)
    while diagnosis.is_running:
        time.sleep(0.01)
    assert diagnosis.last is not None
    assert (5.0, [1]) == (diagnosis.last.ended, looked)
    assert [(False, "连不上；请检查网络。")] == [
        (finding.healthy, finding.advice) for finding in diagnosis.last.findings
    ]


# The command line ------------------------------------------------------------------------------------------------


def test_accounts_from_the_command_line(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One is added, its link sets the password, it is listed, and a forgotten password has a new link."""

    def run(*arguments: str) -> str:
        assert 0 == main(["accounts", *arguments, "--data", str(data)])
        return capsys.readouterr().out

    assert "还没有账号" in run("list")
    for command in (["add", "王管理", "--role", "admin"], ["reset", "王管理"]):
        match = re.search(r"/desk/setup/([\w-]+)\n", run(*command))
        assert match is not None
        accounts = Accounts(data / "accounts.sqlite3")
        accounts.use_link(match.group(1), PASSWORD)
        assert accounts.enter("王管理", PASSWORD)
        accounts.close()
    assert "王管理（管理员，可登录" in run("list")
    assert '"role": "admin"' in run("list", "--json")
    acts = [(line.who, line.act) for line in AuditLog(data / "audit.sqlite3").lines(AuditFilter())]
    assert [("命令行", "account.link"), ("命令行", "account.create")] == acts


def test_a_forgotten_name_is_told(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A link for nobody is not made."""
    assert 1 == main(["accounts", "reset", "nobody", "--data", str(data)])
    assert "没有名为 nobody 的账号" in capsys.readouterr().err


def test_an_account_without_a_password_cannot_come_in(data: Path) -> None:
    """Not even with an empty one."""
    main(["accounts", "add", "王", "--data", str(data)])
    with pytest.raises(LoginError):
        Accounts(data / "accounts.sqlite3").enter("王", "")
