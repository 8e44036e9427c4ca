"""A running site in which no page is empty: documents in every state, questions, pins, an evaluation, people, an audit log."""

from __future__ import annotations

import contextlib
import datetime
import json
import re
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx

from app import open_editing
from kb.admin.accounts import Accounts
from kb.admin.accounts.passwords import Passwords
from kb.admin.accounts.roles import Role
from kb.admin.audit import AuditLog
from kb.answering import Answerer
from kb.chat.ask import Responder
from kb.chat.journal import Journal
from kb.chat.pins import Draft, GivenQuote, Pins
from kb.evaluation.history import EvaluationHistory
from kb.llm.writer import Writer
from kb.search.encoder import Encoder
from kb.search.retriever import Retriever
from kb.settings import read_settings
from kb.storage.catalogue import Catalogue
from kb.web.site import build_site
from kb.web.site_parts import SiteParts
from tests.conftest import ReadingHere
from tests.serving import served

NAME, PASSWORD = "王静", "青石 板 路 七 号"
EDITOR = "陈晓"

TABLE = "云澜区司法局2022年、2023年和2024年办理法律援助案件各多少件？"
REFUSED = "云澜区地铁票价是多少元？"
ANSWERED = "2024年12345热线工单按时办结率是多少？"
REPORT = "2024_云澜区司法局_法治政府建设年度报告.html"
GUIDE = "办事指南_云澜区_老年人优待证办理.md"
CORRECTED = "2024_云澜区人民政府_优化营商环境若干措施.pdf"
BROKEN = "2021_云澜区司法局_法治政府建设年度报告.pdf"

# How often each was asked, and how it was rated.
_ASKED = (
    (TABLE, 6, True),
    (ANSWERED, 5, None),
    ("滨海新区政务服务办2024年组织学法多少次？", 4, True),
    ("云澜区个体工商户设立登记的法定办结时限是多少？", 7, None),
    ("食品经营许可证核发需要什么材料？", 3, False),
    ("云澜区司法局2024年提供法律服务多少次？", 4, None),
    (REFUSED, 3, None),
    ("云澜区的地铁票价是多少？", 1, None),
    ("云澜区司法局2021年组织学法多少次？", 2, None),
    ("云澜区有多少所中小学？", 1, None),
)
_KNOWN = (
    ("法律援助案件", "云澜区司法局2024年办理法律援助案件多少件？", "301件"),
    ("学法", "云澜区司法局2024年组织学法多少次？", "15次"),
    ("普法活动", "云澜区司法局2024年开展普法活动多少场？", "138场"),
    ("热线", "云澜区司法局2024年承办12345热线工单多少件？", "396件"),
    ("应诉", "云澜区司法局2023年负责人出庭应诉率是多少？", "92.6%"),
    ("票价", "云澜区公交票价是多少元？", ""),
    ("窗口", "云澜区政务服务中心2024年接待群众多少人次？", "9.6万人次"),  # of a report that is not held
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleSite:
    """The site, and what is in it."""

    address: str
    parts: SiteParts
    setup: str  # the secrets of two links
    reset: str
    report: int  # the id of a document with two versions, and of the older one
    report_before: int
    withdrawn: int
    corrected: int
    quote: str  # the address of words that an answer cites
    run: int  # that took files in and refused one
    entry: str  # of a question that was answered
    pin: int
    evaluation: int


@contextlib.contextmanager
def sample_site(corpus: Path, corpus_data: Path, encoder: Encoder) -> Iterator[SampleSite]:
    """Serve a site over the documents of `corpus`, which `corpus_data` has embedded already."""
    with tempfile.TemporaryDirectory(prefix="wenzheng-") as folder, contextlib.ExitStack() as opened:
        data = Path(folder) / "data"
        data.mkdir()
        _know_embeddings(data, corpus_data)
        parts = _parts(data, encoder, opened)
        setup = parts.accounts.setup_link() or ""
        parts.accounts.create(NAME, Role.ADMIN, PASSWORD)
        parts.accounts.create(EDITOR, Role.EDITOR, PASSWORD)
        reset = parts.accounts.reset_link(EDITOR)
        address = opened.enter_context(served(build_site(parts)))
        with httpx.Client(base_url=address, follow_redirects=True, timeout=60) as desk:
            desk.post("/desk/login", data={"name": NAME, "password": "想不起来了"})
            desk.post("/desk/login", data={"name": NAME, "password": PASSWORD}).raise_for_status()
            run, report, report_before = _take_in(parts, desk, corpus)
            withdrawn, corrected = _change(parts, desk)
            entry, quote = _ask(parts)
            pin = _pin(parts)
            evaluation = _evaluate(parts, desk)
            _post(desk, "/desk/people", name="刘志远", role="editor")
            _post(desk, "/desk/tokens", label="门户网站同步", role="editor", days=365)
            _post(desk, "/desk/health")
            _wait(lambda: "sheet" in desk.get("/desk/health").text.partition('id="findings"')[2])
        yield SampleSite(
            address=address, parts=parts, setup=setup, reset=reset, report=report, report_before=report_before,
            withdrawn=withdrawn, corrected=corrected, quote=quote, run=run, entry=entry, pin=pin, evaluation=evaluation,
        )  # fmt: skip


def _know_embeddings(data: Path, corpus_data: Path) -> None:
    """Spare the encoder what it has embedded before."""
    Catalogue(data / "catalogue.sqlite3").close()
    with contextlib.closing(sqlite3.connect(data / "catalogue.sqlite3")) as catalogue, catalogue:
        catalogue.execute("ATTACH ? AS before", (str(corpus_data / "catalogue.sqlite3"),))
        catalogue.execute("INSERT INTO embeddings SELECT * FROM before.embeddings")


def _parts(data: Path, encoder: Encoder, opened: contextlib.ExitStack) -> SiteParts:
    settings = replace(read_settings({}), folders=(data.parent,))
    answerer = Answerer(Retriever(data, encoder), num_evidence=8, question_characters=500)
    accounts = Accounts(data / "accounts.sqlite3", passwords=Passwords(memory_kib=64))
    audit, journal, pins = (
        AuditLog(data / "audit.sqlite3"),
        Journal(data / "journal.sqlite3"),
        Pins(data / "pins.sqlite3"),
    )
    evaluations = EvaluationHistory(data / "evaluations.sqlite3", answerer)
    for part in (accounts, audit, journal, pins, evaluations):
        opened.callback(part.close)
    writer = Writer(answerer)
    return SiteParts(
        settings=settings,
        data=data,
        writer=writer,
        responder=Responder(writer, journal, pins),
        accounts=accounts,
        audit=audit,
        editing=opened.enter_context(open_editing(settings, data, encoder, open_reading=ReadingHere)),
        evaluations=evaluations,
        command_line={"DATA": str(data)},
    )


def _take_in(parts: SiteParts, desk: httpx.Client, corpus: Path) -> tuple[int, int, int]:
    """Upload an early version of a report and a broken file, then all of the corpus."""
    early = (corpus / REPORT).read_text(encoding="utf-8").replace("301", "298").replace("17.6%", "16.4%")
    _send(parts, desk, (REPORT, early.encode()))
    report_before = _id(parts, REPORT)
    files = [(path.name, path.read_bytes()) for path in sorted(corpus.iterdir()) if path.suffix != ".csv"]
    _send(parts, desk, *files, (BROKEN, b"%PDF-1.7 nothing more"))
    run = parts.editing.jobs.latest()[0].id
    return run, _id(parts, REPORT), report_before


def _change(parts: SiteParts, desk: httpx.Client) -> tuple[int, int]:
    """Withdraw one document, correct another, and keep a third out."""
    shelf = parts.data.parent / "公开栏"
    shelf.mkdir()
    for year in (2020, 2021):
        words = f"云澜区统计局{year}年工作报告\n一、服务\n全年答复统计咨询{year - 1000}次。\n"
        (shelf / f"{year}_云澜区统计局_工作报告.txt").write_text(words, encoding="utf-8")
    _post(desk, "/desk/synchronise/folders", folder=str(shelf))
    _post(desk, "/desk/synchronise", folder=str(shelf))
    _settled(parts)
    old = parts.editing.documents.at(str(shelf / "2020_云澜区统计局_工作报告.txt"))
    assert old is not None
    _post(desk, f"/desk/documents/{old.id}/remove")
    corrected = _id(parts, CORRECTED)
    _post(desk, f"/desk/documents/{corrected}", kind="政策文件")
    withdrawn = _id(parts, GUIDE)
    _post(desk, f"/desk/documents/{withdrawn}/withdraw")
    _settled(parts)
    return withdrawn, _id(parts, CORRECTED)


def _ask(parts: SiteParts) -> tuple[str, str]:
    """Ask over four weeks, some questions often, and rate some answers; returns an entry, and where its quote stands."""
    now = datetime.datetime.now(datetime.UTC)
    answers = {question: parts.writer.answerer.answer(question) for question, _, _ in _ASKED}
    asked = [
        (now - datetime.timedelta(days=(5 * time_ + 3 * number) % 28, hours=number, minutes=7 * time_), question)
        for number, (question, times, _) in enumerate(_ASKED)
        for time_ in range(times)
    ]
    tokens = {}
    for moment, question in sorted(asked):
        journal = Journal(parts.data / "journal.sqlite3", now=lambda moment=moment: moment)
        tokens[question] = journal.record(question, answers[question], channel="page") or ""
        journal.close()
    for question, _, good in _ASKED:
        if good is not None:
            parts.responder.rate(tokens[question], good, "" if good else "没有答到点子上：材料没有列全")
    cited = answers[ANSWERED].citations[0]
    return tokens[ANSWERED], f"/documents/{cited.document.id}?from={cited.start}&to={cited.end}#quote"


def _pin(parts: SiteParts) -> int:
    """Pin an answer."""
    report = _id(parts, REPORT)
    words = "办理法律援助案件301件，比上年增长17.6%"
    draft = Draft(
        wordings=("云澜区法律援助办了多少件？", "2024年云澜区办理法律援助案件多少件？"),
        text="2024年，云澜区司法局办理法律援助案件301件，比上年增长17.6%。[1]",
        quotes=(GivenQuote(document=report, words=words),),
    )
    pin = parts.responder.pins.save(draft, by=EDITOR, retriever=parts.writer.answerer.retriever)
    parts.audit.note(EDITOR, "pin.create", pin.wordings[0], pin.text, address="127.0.0.1")
    return pin.id


def _evaluate(parts: SiteParts, desk: httpx.Client) -> int:
    """Run a file of questions twice; one asks what no document holds."""
    lines = [
        {
            "id": f"q{number}",
            "kind": kind,
            "question": question,
            "answerable": bool(gold),
            "gold": [[gold]] if gold else [],
        }
        for number, (kind, question, gold) in enumerate(_KNOWN, start=1)
    ]
    content = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode()
    kept = parts.evaluations.keep("司法局年报抽查.jsonl", content)
    for _ in range(2):
        _post(desk, "/desk/quality/start", questions=kept.id)
        _wait(lambda: parts.evaluations.progress() is None)
    return parts.evaluations.latest()[0].id


# Underneath ----------------------------------------------------------------------------------------------------


def _send(parts: SiteParts, desk: httpx.Client, *files: tuple[str, bytes]) -> None:
    sent = [("files", (name, content)) for name, content in files]
    desk.post("/desk/documents/files", data={"token": _token(desk)}, files=sent).raise_for_status()
    _settled(parts)


def _post(desk: httpx.Client, address: str, **fields: Any) -> None:
    desk.post(address, data={"token": _token(desk), **fields}).raise_for_status()


def _token(desk: httpx.Client) -> str:
    match = re.search(r'name="token" value="([0-9a-f]{64})"', desk.get("/desk/password").text)
    assert match is not None
    return match.group(1)


def _id(parts: SiteParts, name: str) -> int:
    document = parts.editing.documents.at(str(parts.editing.uploads.folder / name))
    assert document is not None, name
    return document.id


def _settled(parts: SiteParts) -> None:
    _wait(lambda: all(run.state.is_over for run in parts.editing.jobs.latest()))


def _wait(holds: Any, patience: float = 120.0) -> None:
    until = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.02)
