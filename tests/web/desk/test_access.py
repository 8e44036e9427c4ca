"""Access to the desk: log-in, roles, and what a form must carry."""

from __future__ import annotations

import re
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kb.admin.accounts import Accounts
from kb.admin.accounts.passwords import Passwords
from kb.admin.accounts.roles import Role
from kb.admin.audit import AuditFilter
from kb.admin.first_admin import first_admin_link
from kb.errors import AccountError
from kb.settings import read_settings
from kb.web.desk import desk_pages
from kb.web.desk.access import COOKIE, SECTIONS, admin, editor
from kb.web.desk.login import local
from kb.web.server import make_server
from kb.web.site import Guard, build_pages
from kb.web.site_parts import SiteParts
from tests.conftest import PASSWORD, Clock, browser_before
from tests.front_door import address_of, front_door

if TYPE_CHECKING:
    from fastapi.routing import APIRoute
    from starlette.testclient import TestClient

Browsers = Callable[..., "TestClient"]
OTHER = "correct horse battery"
# What is open to all: coming in.
OPEN = {"/desk/login", "/desk/setup/{secret}"}


def acts(parts: SiteParts) -> list[tuple[str, str, str]]:
    """What was noted, the oldest first: who, act, about."""
    return [(line.who, line.act, line.about) for line in reversed(parts.audit.lines(AuditFilter(), limit=100))]


def token_in(html: str) -> str:
    match = re.search(r'name="token" value="([0-9a-f]{64})"', html)
    assert match is not None, html
    return match.group(1)


def token_of(browser: TestClient) -> str:
    return token_in(browser.get("/desk/password").text)


def routes(parts: SiteParts) -> Iterator[APIRoute]:
    for router in desk_pages(parts):
        yield from router.routes  # type: ignore[misc]


def guards(route: APIRoute) -> set[object]:
    return {dependency.call for dependency in route.dependant.dependencies} & {editor, admin}


# Coming in -------------------------------------------------------------------------------------------------------


def test_without_a_session_one_is_sent_to_the_login(browser_at: Browsers) -> None:
    """And on to where one wanted to go, after it."""
    browser = browser_at()
    away = browser.get("/desk/password?a=1&b=二")
    assert (303, "/desk/login?next=%2Fdesk%2Fpassword%3Fa%3D1%26b%3D%25E4%25BA%258C") == (
        away.status_code,
        away.headers["location"],
    )
    form = browser.get(away.headers["location"]).text
    match = re.search(r'name="next" value="([^"]+)"', form)
    assert match is not None
    entered = browser.post(
        "/desk/login",
        data={"name": "王管理", "password": PASSWORD, "next": match.group(1).replace("&amp;", "&")},
    )
    assert (303, "/desk/password?a=1&b=%E4%BA%8C") == (entered.status_code, entered.headers["location"])


def test_a_script_without_a_session_is_told(browser_at: Browsers) -> None:
    """What a script sends to the desk is answered with the reason, and not with the log-in page."""
    for content in (b"x", b"x" * 20_000):
        refused = browser_at().post("/desk/documents/files", content=content, headers={"accept": "application/json"})
        assert "请先登录" in refused.json()["problem"]


def test_a_wrong_password_is_told_and_noted(browser_at: Browsers, parts: SiteParts) -> None:
    """No cookie is given, and what was typed is not shown again or noted."""
    refused = browser_at().post("/desk/login", data={"name": "nobody<script>", "password": "secret words 1"})
    assert 401 == refused.status_code
    assert "用户名或密码不对" in refused.text
    assert "set-cookie" not in refused.headers
    assert "nobody" not in refused.text + str(acts(parts))
    assert "secret words" not in refused.text + str(acts(parts))
    assert [("", "account.fail", "")] == acts(parts)


def test_lock_out_and_its_end(browser_at: Browsers, parts: SiteParts, clock: Clock) -> None:
    """After five failures the right password waits a minute; the lock is noted."""
    browser = browser_at()
    for _ in range(5):
        assert 401 == browser.post("/desk/login", data={"name": "王管理", "password": "wrong"}).status_code
    locked = browser.post("/desk/login", data={"name": "王管理", "password": PASSWORD})
    assert (429, "60") == (locked.status_code, locked.headers["retry-after"])
    assert "1 分钟" in locked.text
    assert ("王管理", "account.lock", "") == acts(parts)[-1]
    clock.now += 61
    assert 303 == browser.post("/desk/login", data={"name": "王管理", "password": PASSWORD}).status_code


@pytest.mark.parametrize("elsewhere", ["https://evil.example/login", "http://testserver:81", "null"])
def test_a_login_from_another_site_is_refused(browser_at: Browsers, elsewhere: str) -> None:
    """Nobody is logged in by a page that is not ours."""
    refused = browser_at().post(
        "/desk/login", data={"name": "王管理", "password": PASSWORD}, headers={"origin": elsewhere}
    )
    assert (403, False) == (refused.status_code, "set-cookie" in refused.headers)


def test_an_idle_session_is_over(browser_at: Browsers, clock: Clock) -> None:
    """After an hour the login is asked for again."""
    browser = browser_at("王管理")
    assert 200 == browser.get("/desk/password").status_code
    clock.now += 3601
    assert "/desk/login" in browser.get("/desk/password").headers["location"]


def test_the_cookie_is_out_of_reach(browser_at: Browsers, parts: SiteParts) -> None:
    """No script reads it, no other site sends it with a form, and it goes to the desk only."""
    entered = browser_at().post("/desk/login", data={"name": "王管理", "password": PASSWORD})
    name_and_secret, *flags = entered.headers["set-cookie"].split("; ")
    assert name_and_secret.startswith(f"{COOKIE}=")
    assert {"httponly", "path=/desk", "samesite=lax"} == {flag.casefold() for flag in flags}


@pytest.mark.parametrize(
    ("proxies", "proto", "secure"),
    [("127.0.0.1", "https", True), ("", "https", False), ("192.0.2.1", "https", False), ("127.0.0.1", "http", False)],
    ids=["a trusted proxy", "none is trusted", "another is trusted", "a proxy without https"],
)
def test_the_cookie_is_secure_where_a_trusted_proxy_says_https(
    parts: SiteParts, proxies: str, proto: str, secure: bool
) -> None:
    """And the visitor's address is the one that it tells; what others tell counts for nothing."""
    from starlette.testclient import TestClient

    settings = read_settings({"WENZHENG_TRUSTED_PROXIES": proxies})
    config = make_server(Guard(build_pages(parts)), settings).config
    config.load()
    browser = TestClient(config.loaded_app, follow_redirects=False, client=("127.0.0.1", 5000))
    entered = browser.post(
        "/desk/login",
        data={"name": "王管理", "password": PASSWORD},
        headers={"x-forwarded-proto": proto, "x-forwarded-for": "198.51.100.9"},
    )
    assert secure == ("secure" in entered.headers["set-cookie"].casefold())
    address = "198.51.100.9" if proxies == "127.0.0.1" else "127.0.0.1"
    assert address == parts.audit.lines(AuditFilter())[0].address


def test_a_session_is_new_with_each_login(browser_at: Browsers, accounts: Accounts) -> None:
    """A cookie that was there before is not taken over, and its session is over."""
    browser = browser_at("王管理")
    before = browser.cookies[COOKIE]
    browser.post("/desk/login", data={"name": "王管理", "password": PASSWORD})
    assert before != browser.cookies[COOKIE]
    assert accounts.sessions.visitor(before) is None


def test_leaving(browser_at: Browsers, parts: SiteParts) -> None:
    """The session is over on the server too."""
    browser = browser_at("王管理")
    secret = browser.cookies[COOKIE]
    left = browser.post("/desk/logout", data={"token": token_of(browser)})
    assert "/desk/login?notice=desk_left" == left.headers["location"]
    assert COOKIE not in browser.cookies
    assert parts.accounts.sessions.visitor(secret) is None
    assert [("王管理", "account.enter", ""), ("王管理", "account.leave", "")] == acts(parts)


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/desk",
        "//evil.example/desk",
        "/\\evil.example",
        "/desk\\..\\..\\evil",
        "/deskevil.example",
        "/desk@evil.example",
        "javascript:alert(1)",
        "/desk\r\nSet-Cookie: a=b",
        "/desk/logout",
        "",
    ],
)
def test_nobody_is_sent_elsewhere(address: str) -> None:
    """After log-in one lands at the desk, whatever the address said."""
    assert "/desk" == local(address)


def test_nobody_is_sent_elsewhere_after_the_login(browser_at: Browsers) -> None:
    """Neither by the form as it is shown, nor by one that was made up."""
    browser = browser_at()
    assert "evil" not in browser.get("/desk/login?next=//evil.example").text
    form = {"name": "王管理", "password": PASSWORD, "next": "//evil.example"}
    assert "/desk" == browser.post("/desk/login", data=form).headers["location"]


@pytest.mark.parametrize("address", ["/desk", "/desk/documents?year=2024&q=a%20b", "/desk?language=en"])
def test_one_is_sent_where_one_wanted(address: str) -> None:
    """An address of the desk is kept."""
    assert address == local(address)


# The first account -----------------------------------------------------------------------------------------------


def test_the_setup_link_works_once(parts: SiteParts, tmp_path: Path, clock: Clock) -> None:
    """It makes the first admin; then it is gone, and says so."""
    accounts = Accounts(tmp_path / "nobody.sqlite3", passwords=Passwords(memory_kib=64), clock=clock)
    parts = replace(parts, accounts=accounts)
    address = f"/desk/setup/{accounts.setup_link()}"
    browser = browser_before(Guard(build_pages(parts)))
    assert "一次性链接" in browser.get("/desk/login").text
    assert "建立第一位管理员" in browser.get(address).text
    unlike = browser.post(address, data={"name": "赵", "password": OTHER, "again": OTHER + "x"})
    assert (400, True) == (unlike.status_code, "两次输入的密码不一样" in unlike.text)
    weak = browser.post(address, data={"name": "赵", "password": "short", "again": "short"})
    assert (400, True) == (weak.status_code, "至少要有" in weak.text)
    made = browser.post(address, data={"name": "赵", "password": OTHER, "again": OTHER})
    assert "/desk/login?notice=desk_password_set" == made.headers["location"]
    assert [("赵", Role.ADMIN)] == [(account.name, account.role) for account in parts.accounts.all()]
    assert [("赵", "account.first", "赵")] == acts(parts)
    assert 410 == browser.get(address).status_code
    again = browser.post(address, data={"name": "钱", "password": OTHER, "again": OTHER})
    assert (410, 1) == (again.status_code, len(parts.accounts.all()))


@pytest.mark.parametrize("secret", ["x", "' OR 1=1 --", "%00", "a" * 5000])
def test_no_other_setup_link_works(browser_at: Browsers, secret: str) -> None:
    """What is no link makes nobody."""
    browser = browser_at()
    assert 410 == browser.get(f"/desk/setup/{secret}").status_code
    made = browser.post(f"/desk/setup/{secret}", data={"name": "赵", "password": OTHER, "again": OTHER})
    assert 410 == made.status_code


def test_a_reset_link_sets_the_password(browser_at: Browsers, parts: SiteParts) -> None:
    """For its own account, whatever name is sent along."""
    link = parts.accounts.reset_link("Li.Editor")
    browser_at().post(f"/desk/setup/{link}", data={"name": "王管理", "password": OTHER, "again": OTHER})
    assert parts.accounts.enter("Li.Editor", OTHER)
    assert parts.accounts.enter("王管理", PASSWORD)
    assert [("Li.Editor", "account.reset", "Li.Editor")] == acts(parts)


# One's own password ----------------------------------------------------------------------------------------------


def test_changing_the_password_ends_the_session(browser_at: Browsers, parts: SiteParts) -> None:
    """Here and in every other browser."""
    browser, elsewhere = browser_at("Li.Editor"), browser_at("Li.Editor")
    changed = browser.post(
        "/desk/password", data={"token": token_of(browser), "old": PASSWORD, "password": OTHER, "again": OTHER}
    )
    assert "/desk/login?notice=desk_password_set" == changed.headers["location"]
    assert 303 == elsewhere.get("/desk/password").status_code
    assert ("Li.Editor", "account.password", "Li.Editor") == acts(parts)[-1]
    assert parts.accounts.enter("Li.Editor", OTHER)


@pytest.mark.parametrize(
    ("old", "new", "again", "told"),
    [
        ("wrong", OTHER, OTHER, "现在的密码不对"),
        (PASSWORD, "short", "short", "至少要有"),
        (PASSWORD, OTHER, OTHER + "x", "不一样"),
    ],
)
def test_a_password_is_not_changed(browser_at: Browsers, old: str, new: str, again: str, told: str) -> None:
    """What is wrong is told, and the old one stands."""
    browser = browser_at("Li.Editor")
    form = {"token": token_of(browser), "old": old, "password": new, "again": again}
    refused = browser.post("/desk/password", data=form)
    assert (400, True) == (refused.status_code, told in refused.text)
    assert browser_at("Li.Editor")


# Roles and forms: for every page of the desk, whoever wrote it ---------------------------------------------------


def test_every_page_asks_who_comes(parts: SiteParts) -> None:
    """No page of the desk is open but those by which one comes in."""
    unguarded = {route.path for route in routes(parts) if not guards(route)}
    assert OPEN == unguarded


def test_nobody_outside_gets_or_does_anything(browser_at: Browsers, parts: SiteParts) -> None:
    """Every page sends those without a session to the login."""
    browser = browser_at()
    for route in routes(parts):
        for method in () if route.path in OPEN else route.methods:
            away = browser.request(method, re.sub(r"\{[^}]*\}", "1", route.path))
            assert (303, "/desk/login") == (away.status_code, away.headers["location"].partition("?")[0]), route.path


def test_an_editor_is_denied_what_an_admin_may(browser_at: Browsers, parts: SiteParts) -> None:
    """Every page for admins says so to an editor, and does nothing."""
    browser = browser_at("Li.Editor")
    token = token_of(browser)
    before = acts(parts)
    for route in routes(parts):
        if admin in guards(route):
            for method in route.methods:
                body = {"data": {"token": token}} if method == "POST" else {}
                denied = browser.request(method, re.sub(r"\{[^}]*\}", "1", route.path), **body)  # type: ignore[arg-type]
                assert (403, True) == (denied.status_code, "只有管理员" in denied.text), route.path
    assert before == acts(parts)


@pytest.mark.parametrize("token", [None, "", "0" * 64, "二"], ids=["none", "empty", "wrong", "no ASCII"])
def test_a_form_without_the_token_does_nothing(browser_at: Browsers, parts: SiteParts, token: str | None) -> None:
    """Every page that changes something refuses it."""
    browser = browser_at("王管理")
    before = acts(parts)
    for route in routes(parts):
        if route.path not in OPEN and "POST" in route.methods:
            form = {} if token is None else {"token": token}
            refused = browser.post(re.sub(r"\{[^}]*\}", "1", route.path), data=form)
            assert (403, True) == (refused.status_code, "已失效" in refused.text), route.path
    assert before == acts(parts)


def test_the_token_is_of_one_session(browser_at: Browsers) -> None:
    """Another person's token, or one's own of another session, is none."""
    browser = browser_at("王管理")
    for other in ("Li.Editor", "王管理"):
        refused = browser.post("/desk/logout", data={"token": token_of(browser_at(other))})
        assert 403 == refused.status_code


@pytest.mark.parametrize("header", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}])
def test_a_form_from_another_site_does_nothing(browser_at: Browsers, header: dict[str, str]) -> None:
    """Even with the token."""
    browser = browser_at("王管理")
    refused = browser.post("/desk/logout", data={"token": token_of(browser)}, headers=header)
    assert 403 == refused.status_code
    assert 200 == browser.get("/desk/password").status_code


def test_a_script_may_send_the_token_in_a_header(browser_at: Browsers) -> None:
    """A body in a script's request is not read before the page reads it."""
    browser = browser_at("王管理")
    headers = {"x-desk-token": token_of(browser), "origin": "http://testserver"}
    assert 303 == browser.post("/desk/logout", content=b"stream", headers=headers).status_code


# Bodies, headers, languages ----------------------------------------------------------------------------------------


def test_nobody_outside_sends_much(browser_at: Browsers) -> None:
    """Without a session no more than a small form is read; with one, the page decides."""
    much = {"name": "x" * 20_000}
    outside = browser_at()
    assert 413 == outside.post("/desk/login", data=much).status_code
    assert 413 == outside.post("/desk/password", content=iter([b"a"])).status_code
    assert 403 == browser_at("王管理").post("/desk/password", data=much).status_code


def test_no_desk_page_is_kept_or_framed(browser_at: Browsers) -> None:
    """Pages, refusals and redirects alike; nothing but our own scripts and styles is loaded."""
    browser = browser_at("王管理")
    for address in ("/desk", "/desk/login", "/desk/password", "/desk/none", "/desk/setup/none"):
        headers = browser.get(address).headers
        assert "no-store" == headers["cache-control"], address
        assert "nosniff" == headers["x-content-type-options"], address
        assert "frame-ancestors" in headers["content-security-policy"], address
    policy = browser.get("/desk/password").headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_no_page_has_a_script_or_style_of_its_own(browser_at: Browsers, parts: SiteParts) -> None:
    """The policy would forbid it, and the page would look broken."""
    browser = browser_at("王管理")
    for route in routes(parts):
        if "GET" in route.methods:
            html = browser.get(re.sub(r"\{[^}]*\}", "1", route.path)).text
            assert [] == re.findall(r"<style|<script(?! src)|\sstyle=|\son\w+=", html), route.path


def test_an_unknown_page_is_told_in_our_frame(browser_at: Browsers) -> None:
    """Not as JSON."""
    missing = browser_at("王管理").get("/desk/none")
    assert (404, True) == (missing.status_code, "没有这个页面" in missing.text)


@pytest.mark.parametrize("address", ["/desk/login", "/desk/password", "/desk/none", "/desk/setup/none"])
def test_pages_speak_english(browser_at: Browsers, address: str) -> None:
    """Where it is chosen, and from then on; the desk has no Chinese word then but names."""
    browser = browser_at("Li.Editor")
    for html in (browser.get(f"{address}?language=en").text, browser.get(address).text):
        assert '<html lang="en">' in html
        assert [] == re.findall(r"[\u4e00-\u9fff]+", html.replace(">中文</a>", ""))


def test_errors_speak_english_too(browser_at: Browsers) -> None:
    """Also those that rooms below tell."""
    browser = browser_at()
    browser.get("/desk/login?language=en")
    refused = browser.post("/desk/login", data={"name": "x", "password": "wrong"})
    assert "Name or password is wrong" in refused.text


def test_the_frame_shows_the_rooms_of_the_role(browser_at: Browsers) -> None:
    """An editor is not shown what only an admin may."""
    shown = {name: browser_at(name).get("/desk/password").text for name in ("王管理", "Li.Editor")}
    for room in SECTIONS:
        link = f'href="{room.address}"'
        assert link in shown["王管理"]
        assert (room.role is Role.EDITOR) == (link in shown["Li.Editor"])


# As a person starts it -------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_first_start_prints_a_link(tmp_path: Path) -> None:
    """It makes the first admin, without any password of ours; the next start prints none."""
    with front_door("--data", str(tmp_path), "--port", "0") as process:
        address = address_of(process)
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(2)]
        match = re.search(r"http://[\w.:]+/desk/setup/[\w-]+", lines[1])
        assert match is not None, lines
        assert match.group().startswith(address)
        form = urllib.parse.urlencode({"name": "王", "password": OTHER, "again": OTHER}).encode()
        with urllib.request.urlopen(match.group(), data=form, timeout=30) as page:
            assert page.url.startswith(f"{address}/desk/login")
        process.terminate()
    accounts = Accounts(tmp_path / "accounts.sqlite3")
    assert ["王"] == [account.name for account in accounts.all()]
    with front_door("--data", str(tmp_path), "--port", "0") as process:
        address_of(process)
        process.terminate()
        output, _ = process.communicate(timeout=60)
    assert "/desk/setup/" not in output


def test_the_first_admin_may_come_from_settings(tmp_path: Path, parts: SiteParts) -> None:
    """Once, from a file; a password that will not do stops the start, and no link is made where there is an account."""
    file = tmp_path / "password"
    file.write_text(f"{OTHER}\n", encoding="utf-8")
    settings = read_settings({"WENZHENG_ADMIN_NAME": "赵", "WENZHENG_ADMIN_PASSWORD_FILE": str(file)})
    nobody = Accounts(tmp_path / "new.sqlite3")
    assert first_admin_link(settings, nobody, parts.audit) is None
    assert nobody.enter("赵", OTHER)
    assert [("", "account.first", "赵")] == acts(parts)
    file.write_text("admin", encoding="utf-8")
    assert first_admin_link(settings, nobody, parts.audit) is None
    with pytest.raises(AccountError, match="至少"):
        first_admin_link(settings, Accounts(tmp_path / "newer.sqlite3"), parts.audit)
    assert first_admin_link(read_settings({}), Accounts(tmp_path / "newest.sqlite3"), parts.audit)
