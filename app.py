"""The front door: settings → real parts → the page, on one port."""

from __future__ import annotations

import argparse
import contextlib
import errno
import logging
import socket
import sys
import threading
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kb.errors import EncoderError, ModelError, SettingsError, WenzhengError
from kb.settings import Settings, read_admin_password, read_settings
from kb.web.start_page import StartPage

if TYPE_CHECKING:
    from types import FrameType

    import uvicorn
    from starlette.types import ASGIApp

    from kb.admin.accounts import Accounts
    from kb.admin.audit import Audit
    from kb.llm.client import Model
    from kb.search.encoder import Encoder
    from kb.web.site import Guard


# The models wait so long once the page is served: loaded beside it, they take half of its speed (benchmarks/page.py).
_SECONDS_ALONE = 2.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the page until it is stopped; returns 1 where it cannot be served, 2 for a wrong setting."""
    parser = argparse.ArgumentParser(prog="python app.py", description="问政：打开网页，向政府文件提问。")
    parser.add_argument("--data", type=Path, metavar="DIR", help="数据文件夹（默认取 WENZHENG_DATA，即 data）")
    parser.add_argument("--host", metavar="H", help="监听的地址（默认取 WENZHENG_HOST）")
    parser.add_argument("--port", type=int, metavar="P", help="监听的端口（默认取 WENZHENG_PORT）")
    options = parser.parse_args(arguments)
    try:
        settings = read_settings()
    except SettingsError as error:
        print(f"错误：{error}", file=sys.stderr)
        return 2
    given = {"DATA": options.data, "HOST": options.host, "PORT": options.port}
    command_line = {name: str(value) for name, value in given.items() if value is not None}
    host = settings.host if options.host is None else options.host
    port = settings.port if options.port is None else options.port
    try:
        with _listen(host, port) as listening:
            _serve(settings, options.data or settings.data, listening, command_line)
    except (OSError, OverflowError) as error:
        print(f"错误：{_why_not(error, host, port)}", file=sys.stderr)
        return 1
    except WenzhengError as error:
        print(f"错误：{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\n已停止。")
    return 0


def _serve(settings: Settings, data: Path, listening: socket.socket, command_line: Mapping[str, str]) -> None:
    """Answer on `listening` until the process is told to stop: at once, while the parts are opened behind."""
    failures: list[Exception] = []

    def failed(error: Exception) -> None:
        failures.append(error)
        server.should_exit = True

    with contextlib.ExitStack() as opened:
        open_site = partial(_open_site, settings, data, _address(listening), command_line, opened)
        start_page = StartPage(open_site, failed=failed, question_characters=settings.question_characters)
        server = make_server(start_page, settings)
        server.run(sockets=[listening])
    if failures:
        raise failures[0]


def _open_site(
    settings: Settings, data: Path, address: str, command_line: Mapping[str, str], opened: contextlib.ExitStack
) -> Guard:
    """The real parts over `data`, and the pages over them; what has to be closed goes to `opened`."""
    print(f"问政已启动：{address}（按 Ctrl-C 停止）", flush=True)
    # Importing these takes longer than all that is served before.
    from ingest.jobs import open_registry
    from kb.admin.accounts import LINK_HOURS, Accounts
    from kb.admin.audit import Audit
    from kb.admin.diagnosis import repair_if_broken
    from kb.answering import Answerer
    from kb.chat.ask import Responder
    from kb.chat.journal import Journal
    from kb.chat.pins import Pins
    from kb.evaluation.history import Trials
    from kb.llm.client import open_model
    from kb.llm.writer import Writer
    from kb.search.encoder import Encoder
    from kb.search.retriever import Retriever
    from kb.web.site import build_site
    from kb.web.site_parts import SiteParts

    if repair_if_broken(data, settings.encoder):
        print("索引已损坏，已由文件库重建。", file=sys.stderr)
    encoder = Encoder(settings.encoder)
    model = open_model(settings)
    if model is not None:
        opened.enter_context(model)
    retriever = Retriever(data, encoder)
    num_documents = len(retriever.gazetteer().documents)
    answerer = Answerer(
        retriever,
        num_evidence=settings.num_evidence,
        question_characters=settings.question_characters,
        contact=settings.contact,
    )
    accounts = Accounts(data / "accounts.sqlite3", session_minutes=settings.session_minutes)
    opened.callback(accounts.close)
    audit = Audit(data / "audit.sqlite3")
    opened.callback(audit.close)
    first = first_account(settings, accounts, audit)
    writer = Writer(answerer, model)
    journal = Journal(data / "journal.sqlite3", days=settings.journal_days)
    opened.callback(journal.close)
    pins = Pins(data / "pins.sqlite3")
    opened.callback(pins.close)
    trials = Trials(data / "evaluations.sqlite3", answerer)
    opened.callback(trials.close)
    registry = opened.enter_context(open_registry(data, settings, encoder))
    site = build_site(
        SiteParts(
            settings=settings,
            data=data,
            writer=writer,
            responder=Responder(writer, journal, pins),
            trials=trials,
            accounts=accounts,
            audit=audit,
            registry=registry,
            command_line=command_line,
        )
    )
    # The first question waits for the models.
    loading = threading.Timer(_SECONDS_ALONE, _load, args=(encoder, model))
    loading.daemon = True
    loading.start()
    print(
        f"库中共有 {num_documents} 份文件。"
        if num_documents
        else f"库中还没有文件。请另开一个窗口导入：python -m ingest 文件夹{_data_option(settings, data)}",
        flush=True,
    )
    if first:
        print(
            f"还没有账号。请在 {LINK_HOURS} 小时内打开此链接，建立管理员：{address}/desk/setup/{first}",
            flush=True,
        )
    return site


def make_server(site: ASGIApp, settings: Settings) -> uvicorn.Server:
    """The server of `site`; what a proxy tells of a visitor is believed of the trusted ones only."""
    import uvicorn

    class QuietlyEnding(uvicorn.Server):
        """Each open page keeps a connection; that it is cut when the server ends is no error to tell of."""

        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
            super().handle_exit(sig, frame)

    return QuietlyEnding(
        uvicorn.Config(
            site,
            log_level="warning",
            timeout_graceful_shutdown=1,
            server_header=False,
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=list(settings.trusted_proxies),
        )
    )


def first_account(settings: Settings, accounts: Accounts, audit: Audit) -> str | None:
    """The secret of the link by which the first admin is made; None where there is one, or the settings say who it is."""
    if settings.admin_name and settings.admin_password_file and not accounts.all():
        accounts.create_first(settings.admin_name, read_admin_password(settings.admin_password_file))
        audit.note("", "account.first", settings.admin_name, "WENZHENG_ADMIN_NAME")
    return accounts.setup_link()


def _load(encoder: Encoder, model: Model | None) -> None:
    for load in (encoder.load, *([model.warm_up] if model else [])):
        try:
            load()
        except (EncoderError, ModelError) as error:
            print(f"错误：{error}", file=sys.stderr)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)


def _why_not(error: Exception, host: str, port: int) -> str:
    if isinstance(error, OverflowError):
        return f"端口 {port} 无效；请改为 1 至 65535 的整数。"
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return f"端口 {port} 已被占用；请先停止占用它的程序，或换一个端口：python app.py --port {port % 65535 + 1}"
    if isinstance(error, OSError) and error.errno == errno.EACCES:
        return f"没有权限使用端口 {port}；请换一个 1024 以上的端口：python app.py --port 7860"
    return f"无法在 {host} 端口 {port} 提供网页（{error}）；请检查 --host 与 --port。"


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{host}:{port}"


def _data_option(settings: Settings, data: Path) -> str:
    return "" if data == settings.data else f" --data {data}"


if __name__ == "__main__":
    sys.exit(main())
