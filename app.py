"""The composition root: settings → real parts → the site, served on one port."""

from __future__ import annotations

import argparse
import contextlib
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kb.errors import EncoderError, ModelError, SettingsError, WenzhengError
from kb.settings import Settings, read_settings
from kb.web.server import address_of, listen, make_server, why_not_listening
from kb.web.start_page import StartPage

if TYPE_CHECKING:
    import socket

    from ingest.jobs import OpenReading
    from kb.admin.editing import DocumentEditing
    from kb.search.encoder import Encoder
    from kb.web.site import Guard
    from kb.web.site_parts import SiteParts

# The models wait so long once the page is served: loaded beside it, they take half of its speed (benchmarks/page.py).
_SECONDS_ALONE = 2.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the site until it is stopped; returns 1 where it cannot be served, 2 for a wrong setting."""
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
        with listen(host, port) as listening:
            _serve(settings, options.data or settings.data, listening, command_line)
    except (OSError, OverflowError) as error:
        print(f"错误：{why_not_listening(error, host, port)}", file=sys.stderr)
        return 1
    except WenzhengError as error:
        print(f"错误：{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\n已停止。")
    return 0


def _serve(settings: Settings, data: Path, listening: socket.socket, command_line: Mapping[str, str]) -> None:
    """Answer on `listening` until the process is told to stop: a light page at once, the site when its parts are open."""
    failures: list[Exception] = []

    def failed(error: Exception) -> None:
        failures.append(error)
        server.should_exit = True

    with contextlib.ExitStack() as opened:
        open_site = partial(_open_site, settings, data, address_of(listening), command_line, opened)
        start_page = StartPage(open_site, failed=failed, question_characters=settings.question_characters)
        server = make_server(start_page, settings)
        server.run(sockets=[listening])
    if failures:
        raise failures[0]


def _open_site(
    settings: Settings, data: Path, address: str, command_line: Mapping[str, str], opened: contextlib.ExitStack
) -> Guard:
    """The site over the real parts, which `opened` closes; prints what an operator has to know."""
    print(f"问政已启动：{address}（按 Ctrl-C 停止）", flush=True)
    # Importing these takes longer than all that is served before.
    from kb.admin.accounts import LINK_HOURS
    from kb.admin.diagnosis import repair_if_broken
    from kb.admin.first_admin import first_admin_link
    from kb.web.site import build_site

    if repair_if_broken(data, settings.encoder):
        print("索引已损坏，已由文件库重建。", file=sys.stderr)
    parts = opened.enter_context(open_parts(settings, data, command_line))
    answerer, model = parts.writer.answerer, parts.writer.model
    num_documents = len(answerer.retriever.gazetteer().documents)
    link = first_admin_link(settings, parts.accounts, parts.audit)
    site = build_site(parts)
    _load_soon(answerer.retriever.encoder.load, answerer.judge.load, *([model.warm_up] if model else []))
    import_command = f"python -m ingest 文件夹{'' if data == settings.data else f' --data {data}'}"
    print(
        f"库中共有 {num_documents} 份文件。"
        if num_documents
        else f"库中还没有文件。请另开一个窗口导入：{import_command}",
        flush=True,
    )
    if link:
        setup = f"{address}/desk/setup/{link}"
        print(f"还没有账号。请在 {LINK_HOURS} 小时内打开此链接，建立管理员：{setup}", flush=True)
    return site


@contextlib.contextmanager
def open_parts(settings: Settings, data: Path, command_line: Mapping[str, str]) -> Iterator[SiteParts]:
    """The real parts over the data folder `data`, as the settings say; closed at the end.

    Raises StoreError, IndexBrokenError and ModelError where a part cannot be opened.
    """
    from kb.admin.accounts import Accounts
    from kb.admin.audit import AuditLog
    from kb.answering import Answerer
    from kb.chat.ask import Responder
    from kb.chat.journal import Journal
    from kb.chat.pins import Pins
    from kb.evaluation.history import EvaluationHistory
    from kb.llm.client import open_model
    from kb.llm.writer import Writer
    from kb.search.encoder import Encoder
    from kb.search.retriever import Retriever
    from kb.web.site_parts import SiteParts

    with contextlib.ExitStack() as opened:
        encoder = Encoder(settings.encoder)
        model = open_model(settings)
        if model is not None:
            opened.enter_context(model)
        answerer = Answerer(
            Retriever(data, encoder),
            num_evidence=settings.num_evidence,
            question_characters=settings.question_characters,
            contact=settings.contact,
        )
        writer = Writer(answerer, model)
        accounts = Accounts(data / "accounts.sqlite3", session_minutes=settings.session_minutes)
        opened.callback(accounts.close)
        audit = opened.enter_context(contextlib.closing(AuditLog(data / "audit.sqlite3")))
        journal = opened.enter_context(
            contextlib.closing(Journal(data / "journal.sqlite3", days=settings.journal_days))
        )
        pins = opened.enter_context(contextlib.closing(Pins(data / "pins.sqlite3")))
        evaluations = opened.enter_context(
            contextlib.closing(EvaluationHistory(data / "evaluations.sqlite3", answerer))
        )
        yield SiteParts(
            settings=settings,
            data=data,
            writer=writer,
            responder=Responder(writer, journal, pins),
            evaluations=evaluations,
            accounts=accounts,
            audit=audit,
            editing=opened.enter_context(open_editing(settings, data, encoder)),
            command_line=command_line,
        )


@contextlib.contextmanager
def open_editing(
    settings: Settings, data: Path, encoder: Encoder, *, open_reading: OpenReading | None = None
) -> Iterator[DocumentEditing]:
    """What editors change documents by, over the data folder `data`; closed at the end. Raises StoreError.

    open_reading: what reads files for a job; by default a process of its own.
    """
    from ingest.jobs import IngestJobs
    from ingest.worker import ReadingProcess
    from kb.admin.documents import DocumentList
    from kb.admin.editing import DocumentEditing
    from kb.admin.folders import NamedFolders
    from kb.admin.uploads import UploadFolder
    from kb.storage.corrections import Corrections
    from kb.storage.originals import Originals

    data = data.resolve()  # where documents come from is kept as absolute paths
    with contextlib.ExitStack() as opened:
        uploads = UploadFolder(data / "documents", most_bytes=settings.upload_mib * 2**20)
        uploads.clear()
        originals = Originals(data / "originals", keeps=settings.keep_originals)
        corrections = opened.enter_context(contextlib.closing(Corrections(data / "corrections.sqlite3")))
        folders = NamedFolders(data / "folders.sqlite3", roots=settings.folders, uploads=uploads.folder, data=data)
        opened.enter_context(contextlib.closing(folders))
        jobs = IngestJobs(
            data,
            encoder=encoder,
            originals=originals,
            corrections=corrections,
            folders=folders,
            open_reading=open_reading or ReadingProcess,
        )
        opened.enter_context(contextlib.closing(jobs))
        yield DocumentEditing(
            documents=DocumentList(data),
            originals=originals,
            corrections=corrections,
            uploads=uploads,
            folders=folders,
            jobs=jobs,
        )


def _load_soon(*loads: Callable[[], object]) -> None:
    """Load the models, for which the first question waits, one after another in a thread of its own."""

    def load_all() -> None:
        for load in loads:
            try:
                load()
            except (EncoderError, ModelError) as error:
                print(f"错误：{error}", file=sys.stderr)

    loading = threading.Timer(_SECONDS_ALONE, load_all)
    loading.daemon = True
    loading.start()


if __name__ == "__main__":
    sys.exit(main())
