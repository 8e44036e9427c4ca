"""python -m kb accounts list | add | reset: accounts from the command line, for the first and for a forgotten password."""

from __future__ import annotations

import argparse
import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.settings import Settings

if TYPE_CHECKING:
    from kb.admin.accounts import Accounts
    from kb.admin.accounts.roles import Account
    from kb.admin.audit import AuditLog

_WHO = "命令行"  # in the audit log


def add_parser(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add `accounts` to the commands."""
    accounts = commands.add_parser("accounts", help="管理页面的账号：列出、添加、重设密码")
    acts = accounts.add_subparsers(required=True, metavar="做什么")
    acts.add_parser("list", parents=[shared], help="列出账号").set_defaults(run=_list)
    add = acts.add_parser("add", parents=[shared], help="添加账号，并打印设置密码的一次性链接")
    add.add_argument("name", help="用户名")
    add.add_argument(
        "--role", choices=["editor", "admin"], default="editor", help="editor 为编辑（默认），admin 为管理员"
    )
    add.set_defaults(run=_add)
    reset = acts.add_parser("reset", parents=[shared], help="打印重设密码的一次性链接")
    reset.add_argument("name", help="用户名")
    reset.set_defaults(run=_reset)


def _list(options: argparse.Namespace, settings: Settings, data: Path) -> int:
    with _opened(data) as (accounts, _):
        people = accounts.all()
    for account in people:
        print(json.dumps(_fields(account), ensure_ascii=False) if options.json else _text(account))
    if not people and not options.json:
        print("还没有账号。启动 python app.py 时会打印建立管理员的链接。")
    return 0


def _add(options: argparse.Namespace, settings: Settings, data: Path) -> int:
    from kb.admin.accounts.roles import Role

    with _opened(data) as (accounts, audit):
        name = accounts.create(options.name, Role(options.role))
        link = accounts.reset_link(name)
        audit.note(_WHO, "account.create", name, options.role)
    _print_link(options, settings, name, link)
    return 0


def _reset(options: argparse.Namespace, settings: Settings, data: Path) -> int:
    with _opened(data) as (accounts, audit):
        link = accounts.reset_link(options.name)
        audit.note(_WHO, "account.link", options.name)
    _print_link(options, settings, options.name, link)
    return 0


def _print_link(options: argparse.Namespace, settings: Settings, name: str, link: str) -> None:
    from kb.admin.accounts import LINK_HOURS

    path = f"/desk/setup/{link}"
    if options.json:
        print(json.dumps({"name": name, "path": path, "hours": LINK_HOURS}, ensure_ascii=False))
        return
    print(f"请 {name} 在 {LINK_HOURS} 小时内打开此链接，设置密码（只能用一次）：")
    print(f"http://{settings.host}:{settings.port}{path}")
    print("网站另有网址时，把 http:// 到 /desk 之间换成它。")


@contextlib.contextmanager
def _opened(data: Path) -> Iterator[tuple[Accounts, AuditLog]]:
    from kb.admin.accounts import Accounts
    from kb.admin.audit import AuditLog

    with (
        contextlib.closing(Accounts(data / "accounts.sqlite3")) as accounts,
        contextlib.closing(AuditLog(data / "audit.sqlite3")) as audit,
    ):
        yield accounts, audit


def _fields(account: Account) -> dict[str, Any]:
    return {
        "name": account.name,
        "role": account.role,
        "active": account.active,
        "ready": account.ready,
        "entered": None if account.entered is None else _moment(account.entered),
    }


def _text(account: Account) -> str:
    role = {"editor": "编辑", "admin": "管理员"}[account.role]
    state = "已停用" if not account.active else "可登录" if account.ready else "还没有设密码"
    entered = "从未登录" if account.entered is None else f"上次登录 {_moment(account.entered)}"
    return f"{account.name}（{role}，{state}，{entered}）"


def _moment(seconds: float) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(seconds, UTC).astimezone().isoformat(timespec="seconds")
