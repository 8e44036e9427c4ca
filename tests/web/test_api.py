"""The HTTP API: answers, documents, errors that say what to do, bounds; and what stands beside it for programs."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import anyio
import pytest
from httpx import Response
from starlette.testclient import TestClient
from starlette.types import Message

import kb
from kb.admin.accounts.roles import Role
from kb.admin.audit import AuditFilter
from kb.admin.editing import TakenUploads
from kb.admin.status import health
from kb.answering import Answerer
from kb.chat.ask import Responder
from kb.chat.json_fields import answer_fields
from kb.errors import UploadError
from kb.llm.client import open_model
from kb.llm.writer import Writer
from kb.search.encoder import Encoder
from kb.search.retriever import Retriever
from kb.settings import read_settings
from kb.storage.catalogue import Catalogue
from kb.types import Answer, Status, Within
from kb.web.api import build_api
from kb.web.api.open_routes import stream
from kb.web.api.token_routes import EditorAccess
from kb.web.api_page import endpoints_of
from kb.web.inquiry import Inquiry, answers_by
from kb.web.site import Guard, build_pages
from kb.web.site_parts import SiteParts
from kb.web.texts import LANGUAGES, text
from tests.openai_server import OpenAIServer, Reply
from tests.serving import served

ASKED = "云澜区司法局2024年办理法律援助案件多少件？"


@pytest.fixture
def corpus_parts(parts: SiteParts, corpus_answerer: Answerer) -> SiteParts:
    """The parts over the sample corpus, whose askings are not counted."""
    return over(replace(parts, settings=read_settings({"WENZHENG_ASKS_A_MINUTE": "0"})), corpus_answerer)


def over(parts: SiteParts, answerer: Answerer) -> SiteParts:
    """The same parts over another answerer."""
    writer = Writer(answerer)
    return replace(parts, writer=writer, responder=Responder(writer, parts.responder.journal, parts.responder.pins))


@pytest.fixture
def client(corpus_parts: SiteParts) -> TestClient:
    return TestClient(Guard(build_pages(corpus_parts)))


def events(told: str) -> list[tuple[str, dict[str, Any]]]:
    """The server-sent events of a stream, without its comments."""
    found = []
    for block in told.strip().split("\n\n"):
        if block.startswith(":"):
            continue
        name, data = block.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


# Asking ----------------------------------------------------------------------------------------------------------


def test_answer_has_the_fields_of_the_contract(client: TestClient, corpus_answerer: Answerer) -> None:
    """An answer over HTTP is the answer of the command line."""
    answer = client.post("/api/v1/ask", json={"question": ASKED})
    assert 200 == answer.status_code
    assert "no-store" == answer.headers["cache-control"]
    wanted = answer_fields(None, corpus_answerer.answer(ASKED))
    times = {"seconds", "timings", "entry"}
    assert {name: wanted[name] for name in wanted.keys() - times} == {
        name: value for name, value in answer.json().items() if name not in times
    }


def test_history_and_choice(client: TestClient) -> None:
    """A follow-up is understood; what is chosen is kept to, and a refusal is an answer with its status."""
    answer = client.post("/api/v1/ask", json={"question": "那2022年呢？", "history": [ASKED]}).json()
    assert "218件" in answer["text"]
    refused = client.post("/api/v1/ask", json={"question": ASKED, "within": {"years": [2022]}})
    assert 200 == refused.status_code
    assert refused.json()["status"].startswith("unanswerable")


@pytest.mark.parametrize("how", [{"json": {"stream": True}}, {"headers": {"accept": "text/event-stream"}}])
def test_stream(client: TestClient, how: dict[str, Any]) -> None:
    """An answer may come as it grows, and ends with the whole."""
    body = {"question": ASKED, **how.pop("json", {})}
    answer = client.post("/api/v1/ask", json=body, **how)
    assert answer.headers["content-type"].startswith("text/event-stream")
    *growing, (last, whole) = events(answer.text)
    assert {"growing"} == {name for name, _ in growing}
    assert "answer" == last
    assert "301件" in whole["text"]
    assert whole["citations"]


@pytest.mark.parametrize(
    ("body", "code", "status", "told"),
    [
        ({"question": " "}, 400, "error_question", "问题是空的"),
        ({"question": " ", "stream": True}, 400, "error_question", "问题是空的"),
        ({"question": "问" * 501}, 400, "error_question", "最多 500 个"),
        ({}, 422, "invalid", "question：缺少这一项"),
        ({"question": 5}, 422, "invalid", "question：应为文字"),
        ({"question": "问", "histroy": []}, 422, "invalid", "histroy：没有这一项"),
        ({"question": "问", "history": ["问"] * 9}, 422, "invalid", "history：太多，最多 8 个"),
        ({"question": "问", "within": {"years": [0]}}, 422, "invalid", "within.years.0：应不小于 1"),
        ({"question": "问" * 30_000}, 413, "too_large", "请求太大"),
    ],
    ids=["empty", "empty-stream", "long", "missing", "type", "unknown", "history", "nested", "large"],
)
def test_errors_say_what_to_do(client: TestClient, body: object, code: int, status: str, told: str) -> None:
    """An error has its code, a word for the program and a sentence for its maker; nothing that was sent comes back."""
    answer = client.post("/api/v1/ask", json=body)
    assert (code, status) == (answer.status_code, answer.json()["error"]["status"])
    assert told in answer.json()["error"]["message"]
    assert "application/json" == answer.headers["content-type"]


def test_what_is_no_json_is_told(client: TestClient) -> None:
    """A body that is no JSON, and one that does not say that it is."""
    broken = client.post("/api/v1/ask", content="{", headers={"content-type": "application/json"})
    assert "内容：不是 JSON" in broken.json()["error"]["message"]
    assert 422 == client.post("/api/v1/ask", content='{"question": "问"}').status_code


@pytest.mark.parametrize("address", ["/api/v1/nothing", "/api/docs", "/api/redoc"])
def test_unknown_address_is_json(client: TestClient, address: str) -> None:
    """Under /api nothing answers with a page; FastAPI's own pages, which load from outside, are not there."""
    answer = client.get(address)
    assert (404, "not_found") == (answer.status_code, answer.json()["error"]["status"])
    assert 405 == client.get("/api/v1/ask").status_code


def test_askings_are_counted(corpus_parts: SiteParts) -> None:
    """More than the setting allows in a minute is told when to come again."""
    settings = read_settings({"WENZHENG_ASKS_A_MINUTE": "2"})
    client = TestClient(Guard(build_pages(replace(corpus_parts, settings=settings))))
    for _ in range(2):
        assert 200 == client.get("/api/v1/search", params={"question": "法律援助"}).status_code
    answer = client.post("/api/v1/ask", json={"question": ASKED})
    assert (429, "too_many_requests") == (answer.status_code, answer.json()["error"]["status"])
    assert 1 <= int(answer.headers["retry-after"]) <= 31
    assert 200 == client.get("/api/v1/documents").status_code


def test_too_many_at_once_are_turned_away(corpus_answerer: Answerer) -> None:
    """While all seats are taken, and as many wait, one more gets 503; afterwards it is answered."""
    go = threading.Event()
    answered = corpus_answerer.answer(ASKED)

    def slow(question: str, history: Sequence[str], within: Within | None) -> Generator[Answer, None, None]:
        go.wait(30)
        yield answered

    inquiry = Inquiry(corpus_answerer.retriever, question_characters=500, asks_a_minute=0)
    client = TestClient(build_api(inquiry, slow))
    codes: list[int] = []
    asking = [
        threading.Thread(target=lambda: codes.append(client.post("/v1/ask", json={"question": "问"}).status_code))
        for _ in range(12)
    ]
    for thread in asking:
        thread.start()
    wait_until(lambda: inquiry.seats.num_waiting == 8)
    refused = client.post("/v1/ask", json={"question": "问"})
    assert (503, "busy") == (refused.status_code, refused.json()["error"]["status"])
    assert "retry-after" in refused.headers
    go.set()
    for thread in asking:
        thread.join(30)
    assert [200] * 12 == codes


def test_a_reader_who_goes_away_frees_a_seat(corpus_answerer: Answerer) -> None:
    """Where a stream is left before its end the asking is closed, and its seat comes free."""
    closed: list[bool] = []
    answered = corpus_answerer.answer(ASKED)

    def growing(question: str, history: Sequence[str], within: Within | None) -> Generator[Answer, None, None]:
        try:
            while True:
                yield answered
        finally:
            closed.append(True)

    inquiry = Inquiry(corpus_answerer.retriever, question_characters=500, asks_a_minute=0)

    async def leave() -> None:
        asking = inquiry.ask(growing, ASKED, (), None, address="")
        told = stream(next(asking), asking)
        assert (await anext(told)).startswith("event: growing\n")
        before = len(closed)
        await told.aclose()
        assert before + 1 == len(closed), "not closed before `asking` is let go"

    for _ in range(9):  # more than there are seats
        anyio.run(leave)


@pytest.mark.parametrize("streams", [True, False], ids=["stream", "whole"])
def test_a_reader_who_goes_away_while_a_model_is_silent_frees_a_seat(corpus_parts: SiteParts, streams: bool) -> None:
    """A model may say nothing for a minute: who has left does not keep a seat for so long, and the model is told."""
    with OpenAIServer(lambda messages, stream: Reply(steps=[60.0])) as silent:
        settings = read_settings({"WENZHENG_MODEL_URL": silent.url, "WENZHENG_MODEL_NAME": "m"})
        model = open_model(settings)
        assert model is not None
        with model:
            writer = Writer(corpus_parts.writer.answerer, model)
            responder = Responder(writer, corpus_parts.responder.journal, corpus_parts.responder.pins)
            inquiry = Inquiry(writer.answerer.retriever, question_characters=500, asks_a_minute=0)
            with (
                served(build_api(inquiry, answers_by(responder, "api"))) as address,
                closing(HTTPConnection(address.removeprefix("http://"), timeout=10)) as connection,
            ):
                body = json.dumps({"question": ASKED, "stream": streams})
                connection.request("POST", "/v1/ask", body, {"content-type": "application/json"})
                wait_until(lambda: len(silent.requests) == 1)
                assert 3 == inquiry.seats.num_free
                if streams:
                    assert b":" == connection.getresponse().read(1)
                connection.close()
                wait_until(lambda: inquiry.seats.num_free == 4, seconds=3)
                wait_until(silent.requests[0].left.is_set, seconds=3)


def wait_until(holds: Callable[[], bool], seconds: float = 20) -> None:
    """Look again and again until it holds."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.02)


def test_index_trouble_is_503(
    corpus_parts: SiteParts, quick_corpus_data: Path, quick_encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the index cannot be asked the status says so, for a program to try again."""
    retriever = Retriever(quick_corpus_data, quick_encoder)
    broken = over(corpus_parts, Answerer(retriever, num_evidence=8, question_characters=500))
    monkeypatch.setattr(retriever.encoder, "name", "other")
    answer = TestClient(Guard(build_pages(broken))).post("/api/v1/ask", json={"question": ASKED})
    assert (503, Status.ERROR_ENCODER.value) == (answer.status_code, answer.json()["error"]["status"])
    searched = TestClient(Guard(build_pages(broken))).get("/api/v1/search", params={"question": ASKED})
    assert (503, "error_encoder") == (searched.status_code, searched.json()["error"]["status"])


# Passages and documents ------------------------------------------------------------------------------------------


def test_search(client: TestClient) -> None:
    """Passages are found within what is chosen."""
    hits = client.get("/api/v1/search", params={"question": "法律援助", "year": [2022, 2023], "limit": 4}).json()[
        "hits"
    ]
    assert 4 >= len(hits) > 0
    assert {hit["document"][:4] for hit in hits} <= {"2022", "2023"}


def test_documents_and_their_texts(client: TestClient) -> None:
    """The list leads to each document, and a quote stands in its text at its span. Paths of files are not told."""
    listed = client.get("/api/v1/documents", params={"words": "云澜区司法局", "limit": 2, "skip": 1}).json()
    assert (3, 2) == (listed["found"], len(listed["documents"]))
    assert {"2022": 1, "2023": 1, "2024": 1} == listed["years"]
    document = client.get(f"/api/v1/documents/{listed['documents'][0]['id']}").json()
    assert [document["id"]] == [version["id"] for version in document["versions"]]
    assert "sources" not in document
    citation = client.post("/api/v1/ask", json={"question": ASKED}).json()["citations"][0]
    address = f"/api/v1/documents/{citation['document_id']}/text"
    part = client.get(address, params={"start": citation["start"], "end": citation["end"]}).json()
    assert citation["quote"] == part["text"]
    assert part["characters"] == len(client.get(address).json()["text"])
    assert "" == client.get(address, params={"start": 10**7}).json()["text"]


def test_withdrawn_document_is_gone(hold: Callable[[dict[str, str]], Retriever], parts: SiteParts) -> None:
    """That a document was withdrawn is told; its text is not."""
    retriever = hold({"2024_云澜区_报告.md": "# 云澜区2024年报告\n组织学法15次。\n"})
    (id_,) = retriever.gazetteer().documents
    with Catalogue(retriever.catalogue.path) as catalogue:
        catalogue.withdraw(id_)
    client = TestClient(Guard(build_pages(parts)))
    assert "withdrawn" == client.get(f"/api/v1/documents/{id_}").json()["ended_by"]
    answer = client.get(f"/api/v1/documents/{id_}/text")
    assert (410, "gone") == (answer.status_code, answer.json()["error"]["status"])
    assert "15次" not in answer.text


@pytest.mark.parametrize("id_", ["9999", "0", "x", str(2**63)])
def test_unknown_documents(client: TestClient, id_: str) -> None:
    """An id that is none is an error that says so."""
    for address in (f"/api/v1/documents/{id_}", f"/api/v1/documents/{id_}/text"):
        assert client.get(address).status_code in {404, 422}
        assert "error" in client.get(address).json()


def test_feedback(client: TestClient, corpus_parts: SiteParts) -> None:
    """What is thought of an answer reaches the journal, which knows by which way it was asked for."""
    entry = client.post("/api/v1/ask", json={"question": ASKED}).json()["entry"]
    rated = client.post("/api/v1/feedback", json={"entry": entry, "good": False, "reason": "不全"})
    assert 204 == rated.status_code
    kept = corpus_parts.responder.journal.entry(entry)
    assert ("api", False, "不全") == (kept.channel, kept.good, kept.reason)
    assert 404 == client.post("/api/v1/feedback", json={"entry": "other", "good": True}).status_code
    assert 422 == client.post("/api/v1/feedback", json={"entry": entry, "good": True, "reason": "长" * 201}).status_code


# With a token ----------------------------------------------------------------------------------------------------


@dataclass
class Run:
    id: int

    def fields(self) -> dict[str, Any]:
        return {"id": self.id, "state": "waiting"}


@dataclass
class Registry:
    """Notes what it is asked for."""

    folder: Path
    asked: list[tuple[str, object, str]] = field(default_factory=list)
    is_full: bool = False

    @property
    def jobs(self) -> Registry:
        return self

    def job(self, run_id: int, /) -> Run | None:
        return Run(run_id) if run_id <= len(self.asked) else None

    def check_room(self, size: int, /) -> None:
        if self.is_full:
            raise UploadError("磁盘只剩 3 MiB。")

    def take_all(self, files: Iterable[tuple[str, Callable[[int], bytes]]], /) -> TakenUploads:
        return TakenUploads(paths=tuple(self.folder / Path(name).name for name, _ in files), refused={})

    def take_in(self, paths: Sequence[Path], /, *, by: str) -> Run:
        return self._begun("take in", [path.name for path in paths], by)

    def withdraw(self, document_id: int, /, *, by: str) -> Run:
        return self._begun("withdraw", document_id, by)

    def restore(self, document_id: int, /, *, by: str) -> Run:
        return self._begun("restore", document_id, by)

    def _begun(self, act: str, about: object, by: str) -> Run:
        self.asked.append((act, about, by))
        return Run(len(self.asked))


@pytest.fixture
def desk(corpus_parts: SiteParts, tmp_path: Path) -> tuple[TestClient, Registry, dict[str, str], SiteParts]:
    """A client of an API with a desk, its registry, and the header of an editor's token."""
    parts = corpus_parts
    token = parts.accounts.tokens.create("Li.Editor", "采集程序", Role.EDITOR)
    editing = Registry(tmp_path)
    inquiry = Inquiry(parts.writer.answerer.retriever, question_characters=500, asks_a_minute=0)
    access = EditorAccess(editing=editing, tokens=parts.accounts.tokens, audit=parts.audit, most_bytes=100_000)
    client = TestClient(build_api(inquiry, answers_by(parts.responder, "api"), access=access))
    return client, editing, {"authorization": f"Bearer {token}"}, parts


def test_what_is_written_needs_a_token(desk: tuple[TestClient, Registry, dict[str, str], SiteParts]) -> None:
    """Without a token, or with a wrong one, nothing is done and 401 says what is needed."""
    client, editing, _, _ = desk
    for headers in ({}, {"authorization": "Bearer wz_none"}, {"authorization": "Basic eDp5"}):
        for method, address in (
            ("POST", "/v1/documents"),
            ("POST", "/v1/documents/1/withdraw"),
            ("POST", "/v1/documents/1/restore"),
            ("GET", "/v1/runs/1"),
        ):
            answer = client.request(method, address, headers=headers)
            assert (401, "unauthorised") == (answer.status_code, answer.json()["error"]["status"]), address
            assert "Bearer" == answer.headers["www-authenticate"]
    assert [] == editing.asked


def test_a_token_uploads_withdraws_and_restores(desk: tuple[TestClient, Registry, dict[str, str], SiteParts]) -> None:
    """Each act starts a run whose address is told, under the name of who holds the token, and is in the audit log."""
    client, editing, headers, parts = desk
    files = [("file", ("甲.txt", b"a")), ("file", ("../乙.txt", b"b"))]
    answer = client.post("/v1/documents", files=files, headers=headers)
    assert (202, "/api/v1/runs/1") == (answer.status_code, answer.headers["location"])
    assert 202 == client.post("/v1/documents/7/withdraw", headers=headers).status_code
    assert 202 == client.post("/v1/documents/7/restore", headers=headers).status_code
    assert [("take in", ["甲.txt", "乙.txt"]), ("withdraw", 7), ("restore", 7)] == [one[:2] for one in editing.asked]
    assert {"Li.Editor"} == {by for _, _, by in editing.asked}
    assert {"id": 1, "state": "waiting"} == client.get("/v1/runs/1", headers=headers).json()
    assert 404 == client.get("/v1/runs/9", headers=headers).status_code
    acts = [line.act for line in parts.audit.lines(AuditFilter(), limit=10)]
    assert ["document.restore", "document.withdraw", "document.upload", "document.upload"] == acts


@pytest.mark.parametrize(("headers", "code"), [({}, 401), ({"authorization": "Bearer wz_none"}, 401), (None, 507)])
def test_a_body_waits_for_the_token_and_for_room(
    headers: dict[str, str] | None, code: int, desk: tuple[TestClient, Registry, dict[str, str], SiteParts]
) -> None:
    """Nothing of an upload is read of those who may not send it, or where the disk is full."""
    client, editing, of_editor, _ = desk
    editing.is_full = headers is None
    told: list[Message] = []

    async def receive() -> Message:
        raise AssertionError("the body was read")

    async def send(message: Message) -> None:
        told.append(message)

    given = {"content-type": "multipart/form-data; boundary=b", **(of_editor if headers is None else headers)}
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/documents",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
    }
    anyio.run(client.app, scope, receive, send)
    assert code == told[0]["status"]


@pytest.fixture
def program(parts: SiteParts) -> TestClient:
    """A program with an editor's token, before an empty corpus and the real rooms of documents."""
    token = parts.accounts.tokens.create("Li.Editor", "采集程序", Role.EDITOR)
    return TestClient(Guard(build_pages(parts)), headers={"authorization": f"Bearer {token}"})


def over_run(program: TestClient, begun: Response) -> dict[str, Any]:
    """The run that `begun` tells of, once it is over."""
    until = time.monotonic() + 60
    while True:
        run: dict[str, Any] = program.get(begun.headers["location"]).json()
        if run["state"] not in {"waiting", "running"}:
            return run
        assert time.monotonic() < until
        time.sleep(0.02)


def test_what_a_program_uploads_is_answered(program: TestClient, parts: SiteParts) -> None:
    """Token, upload, run, question, answer; withdrawn it is refused, and a token that was taken back does nothing."""
    report = "云澜区2024年度法治政府建设情况报告\n一、工作\n2024年组织学法17次。\n".encode()
    question = {"question": "云澜区2024年组织学法多少次？"}
    begun = program.post("/api/v1/documents", files={"file": ("报告.txt", report)})
    assert 202 == begun.status_code, begun.text
    run = over_run(program, begun)
    assert ("done", 1) == (run["state"], run["outcome"]["counts"]["created"])
    answer = program.post("/api/v1/ask", json=question).json()
    assert ("answered", "17次") == (answer["status"], re.findall("17次", answer["text"])[0])
    (citation,) = answer["citations"]
    assert "学法17次" in citation["quote"]
    document = citation["document_id"]
    assert 202 == program.post(f"/api/v1/documents/{document}/withdraw").status_code
    assert program.post("/api/v1/ask", json=question).json()["status"].startswith("unanswerable")
    over_run(program, program.post(f"/api/v1/documents/{document}/restore"))
    assert "answered" == program.post("/api/v1/ask", json=question).json()["status"]
    parts.accounts.tokens.revoke(parts.accounts.tokens.all()[0].id)
    assert 401 == program.post("/api/v1/documents", files={"file": ("新.txt", report)}).status_code
    assert 401 == program.post(f"/api/v1/documents/{document}/withdraw").status_code


def test_a_file_that_is_refused_leaves_the_others_be(program: TestClient, parts: SiteParts) -> None:
    """Of files that are sent together each is kept or refused by itself, and told; the first of one name counts."""
    files = [("file", (name, words)) for name, words in (("a.txt", "甲"), ("空.txt", ""), ("a.txt", "乙"))]
    begun = program.post("/api/v1/documents", files=files)
    assert {"空.txt", "a.txt"} == begun.json()["refused"].keys()
    assert "甲" == (parts.editing.uploads.folder / "a.txt").read_text(encoding="utf-8")
    assert ["a.txt"] == [line.about for line in parts.audit.lines(AuditFilter(act="document.upload"), limit=9)]
    over_run(program, begun)
    refused = program.post("/api/v1/documents", files={"file": ("manifest.csv", b"x")})
    assert (422, "refused") == (refused.status_code, refused.json()["error"]["status"])
    assert "manifest.csv" in refused.json()["error"]["message"]


def test_acts_that_cannot_be_done_are_told(program: TestClient, parts: SiteParts) -> None:
    """A document that is not held is 404, an old version 409: neither is a trouble of the server."""
    for words in ("学法17次。", "学法18次。"):
        text = f"云澜区2024年度报告\n{words}\n"
        over_run(program, program.post("/api/v1/documents", files={"file": ("报告.txt", text.encode())}))
    assert (404, "not_found") == told(program.post("/api/v1/documents/999/withdraw"))
    assert (409, "refused") == told(program.post("/api/v1/documents/1/withdraw"))


def told(answer: Response) -> tuple[int, str]:
    """The code and the word of an error."""
    return answer.status_code, answer.json()["error"]["status"]


def test_uploads_are_bounded(desk: tuple[TestClient, Registry, dict[str, str], SiteParts]) -> None:
    """More than may be uploaded at once is refused, whatever its length says."""
    client, editing, headers, _ = desk
    answer = client.post("/v1/documents", files={"file": ("大.txt", b"x" * 200_000)}, headers=headers)
    assert (413, "too_large") == (answer.status_code, answer.json()["error"]["status"])
    assert [] == editing.asked


# Beside it -------------------------------------------------------------------------------------------------------


def test_page_lists_every_endpoint(
    desk: tuple[TestClient, Registry, dict[str, str], SiteParts], client: TestClient
) -> None:
    """Each address and field is told in both languages, from OpenAPI alone, by a page that loads nothing from outside."""
    schema = desk[0].get("/openapi.json").json()
    endpoints = endpoints_of(schema)
    assert {"/api/v1/ask", "/api/v1/documents/{document_id}/withdraw"} <= {one["path"] for one in endpoints}
    assert {"withdraw", "restore", "upload", "run"} == {one["name"] for one in endpoints if one["needs_token"]}
    for language in LANGUAGES:
        for one in endpoints:
            assert text(f"api_{one['name']}", language)
            assert all(text(f"api_field_{field['name'].split('.')[-1]}", language) for field in one["fields"])
    (ask,) = [one for one in endpoints if one["name"] == "ask"]
    assert ["question", "history", "within", "within.issuers", "within.years", "within.kinds", "stream"] == [
        field["name"] for field in ask["fields"]
    ]
    page = client.get("/api?language=en")
    assert "/api/v1/ask" in page.text
    assert "http" not in page.text.replace("http://testserver", "")
    assert "/api/v1/ask" in client.get("/api/openapi.json").text.replace('"/v1/', '"/api/v1/')


def test_health(client: TestClient, quick_corpus_data: Path, data: Path, quick_encoder: Encoder) -> None:
    """200 while questions are answered; 503 while the encoder loads or a part is broken; no path or secret is told."""
    answer = client.get("/healthz")
    assert 200 == answer.status_code
    assert {
        "status": "ok",
        "version": kb.__version__,
        "catalogue": "readable",
        "index": "in place",
        "encoder": "loaded",
        "model": "none",
    } == answer.json()
    empty = Retriever(data, quick_encoder)
    quick_encoder.load()
    assert health(empty, None).answers
    assert not (data / "catalogue.sqlite3").exists()
    assert not health(Retriever(quick_corpus_data, Encoder()), None).answers


def test_broken_parts_are_unhealthy(hold: Callable[[dict[str, str]], Retriever], data: Path) -> None:
    """A catalogue or an index that cannot be read is told."""
    retriever = hold({"2024_云澜区_报告.md": "# 云澜区2024年报告\n组织学法15次。\n"})
    retriever.encoder.load()
    assert health(retriever, None).answers
    other = Retriever(data, retriever.encoder)
    (data / "catalogue.sqlite3").rename(data / "away")
    for left in data.glob("catalogue.sqlite3-*"):
        left.unlink()
    (data / "catalogue.sqlite3").write_bytes(b"no database" * 1_000)
    assert "broken" == health(other, None).catalogue
    (data / "index" / "current").write_text("999999")
    found = health(other, None)
    assert "broken" == found.index
    assert not found.answers
