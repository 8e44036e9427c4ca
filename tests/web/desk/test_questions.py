"""The desk's pages on questions, pinned answers and quality, asked as a browser asks them."""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from kb.admin.audit import AuditFilter
from kb.answering import Answerer
from kb.chat.journal import Day
from kb.errors import EvaluationError
from kb.evaluation.history import EvaluationHistory, EvaluationState
from kb.evaluation.measures import FAULTS, MEASURES
from kb.search.retriever import Retriever
from kb.types import Answer, Status, replies
from kb.web.charts import day_chart
from kb.web.site import Guard, build_pages
from kb.web.site_parts import SiteParts
from kb.web.texts import LANGUAGES, text
from tests.conftest import browser_before

if TYPE_CHECKING:
    from starlette.testclient import TestClient

Browsers = Callable[..., "TestClient"]

NAME = "2024_云澜区司法局_法治政府建设年度报告.txt"
TEXT = "云澜区司法局2024年法治政府建设年度报告\n一、学法\n全年组织学法17次，参加1,108人次。\n"
QUESTION = "2024年组织学法多少次？"
MISSING = "2024年办理复议多少件？"
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


@pytest.fixture(autouse=True)
def held(hold: Callable[[Mapping[str, str]], Any]) -> None:
    hold({NAME: TEXT})


@pytest.fixture
def browser(browser_at: Browsers) -> TestClient:
    return browser_at("Li.Editor")


def ask(parts: SiteParts, question: str, history: tuple[str, ...] = ()) -> str:
    entry = parts.responder.answer(question, history).entry
    assert entry is not None
    return entry


def send(browser: TestClient, address: str, fields: dict[str, Any], **more: Any) -> Any:
    """Send a form with the token of the session."""
    match = re.search(r'name="token" value="([0-9a-f]{64})"', browser.get("/desk/password").text)
    assert match is not None
    return browser.post(address, data={"token": match.group(1), **fields}, **more)


def acts(parts: SiteParts) -> list[tuple[str, str, str]]:
    lines = reversed(parts.audit.lines(AuditFilter(), limit=100))
    return [(line.who, line.act, line.about) for line in lines if not line.act.startswith("account")]


# Questions --------------------------------------------------------------------------------------------------------


def test_the_list_shows_and_finds_what_was_asked(browser: TestClient, parts: SiteParts) -> None:
    """With state and filters; the words of a search stay in the form, and pages keep them."""
    entry = ask(parts, QUESTION)
    ask(parts, MISSING)
    shown = browser.get("/desk/questions").text
    assert QUESTION in shown and MISSING in shown
    assert "已回答" in shown and "没有写明" in shown
    refused = browser.get("/desk/questions?show=refused").text
    assert MISSING in refused and QUESTION not in refused
    found = browser.get("/desk/questions", params={"words": "学法"}).text
    assert QUESTION in found and MISSING not in found
    assert 'value="学法"' in found
    one = browser.get(f"/desk/questions/{entry}").text
    assert "全年组织学法17次" in one
    assert re.search(r'href="/documents/\d+\?from=\d+&amp;to=\d+#quote"', one)
    assert 404 == browser.get("/desk/questions/none").status_code
    assert 400 == browser.get("/desk/questions?show=none").status_code


def test_the_list_has_pages(browser: TestClient, parts: SiteParts) -> None:
    """A page number that is out of bounds shows the nearest."""
    for number in range(31):
        parts.responder.journal.record(
            f"第{number}问", Answer(status=Status.ANSWERED, lines=replies("答")), channel="page"
        )
    first, last = browser.get("/desk/questions").text, browser.get("/desk/questions?number=99").text
    assert "第30问" in first and "第0问" not in first and "第 1 / 2 页" in first
    assert "第0问" in last and "第30问" not in last
    before = browser.get("/desk/questions?number=-5").text
    assert first[first.index("<main") :] == before[before.index("<main") :]


def test_nothing_that_was_asked_is_markup(browser: TestClient, parts: SiteParts) -> None:
    """A hostile question, reason or search is text on every page."""
    token = ask(parts, HOSTILE)
    parts.responder.rate(token, False, HOSTILE)
    addresses = [
        "/desk/questions",
        f"/desk/questions/{token}",
        "/desk/questions/unanswered",
        "/desk/questions/pictures",
        f"/desk/questions/again?pair={token}.{token}",
        f"/desk/pins/new?entry={token}",
    ]
    for address in addresses:
        html = browser.get(address).text
        assert HOSTILE in unescape(html), address
        assert "<script>alert" not in html and "<img" not in html, address
    assert "<img" not in browser.get("/desk/questions", params={"words": HOSTILE}).text


def test_the_export_is_the_list_for_spreadsheets(browser: TestClient, parts: SiteParts) -> None:
    """Same filters; it opens as UTF-8, no cell is a formula, and the export is noted."""
    ask(parts, QUESTION)
    ask(parts, "=HYPERLINK(1)是多少？")
    sent = browser.get("/desk/questions/export.csv?show=refused")
    assert sent.content.startswith(b"\xef\xbb\xbf")
    assert "attachment" in sent.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(sent.content.decode("utf-8-sig"), newline="")))
    assert ["时间", "问题"] == rows[0][:2]
    assert ["'=HYPERLINK(1)是多少？"] == [row[1] for row in rows[1:]]
    assert [("Li.Editor", "question.export", "")] == acts(parts)


def test_unanswered_questions_are_asked_again(browser: TestClient, parts: SiteParts, folder: Any, run: Any) -> None:
    """After a document was added the new answer stands beside the old one, and the question leaves the list."""
    ask(parts, MISSING)
    ask(parts, "请问" + MISSING)
    shown = browser.get("/desk/questions/unanswered").text
    assert "问过 2 次" in shown
    (folder / "2024_云澜区司法局_行政复议报告.txt").write_text(
        "云澜区司法局2024年行政复议报告\n一、复议\n全年办理复议5件。\n", encoding="utf-8"
    )
    run(folder)
    entries = re.findall(r'name="entry" value="([^"]+)"', shown)
    away = send(browser, "/desk/questions/again", {"entry": entries})
    assert 303 == away.status_code
    beside = browser.get(away.headers["location"]).text
    assert "没有写明" in beside and "全年办理复议5件" in beside
    assert "没有未答的问题" in browser.get("/desk/questions/unanswered").text
    assert ("Li.Editor", "question.again", "请问" + MISSING) in acts(parts)
    assert 2 == sum(day.asked for day in parts.responder.journal.by_day(2))


@pytest.mark.parametrize("address", ["again?pair=x.y", "again?pair=x", "again?pair="])
def test_what_is_not_kept_is_not_compared(browser: TestClient, parts: SiteParts, address: str) -> None:
    """An address that was made up leads nowhere."""
    ask(parts, QUESTION)
    assert 404 == browser.get(f"/desk/questions/{address}").status_code
    assert 404 == send(browser, "/desk/questions/again", {"entry": ["x"]}).status_code


def test_pictures_have_a_table_that_says_the_same(browser: TestClient, parts: SiteParts) -> None:
    """Of 2 questions one was answered."""
    ask(parts, QUESTION)
    ask(parts, MISSING)
    html = browser.get("/desk/questions/pictures").text
    assert "共提问 2 次，回答 1 次（50%）" in html
    assert 1 == html.count('<rect class="answered"')
    assert re.search(r'<td class="number">2</td><td class="number">1</td><td class="number">50%</td>', html)


def test_a_bar_is_as_high_as_its_count() -> None:
    """Within a day what was answered is part of what was asked; a day without questions has no height."""
    days = [
        Day(date=datetime.date(2026, 3, number + 1), asked=asked, answered=answered)
        for number, (asked, answered) in enumerate([(10, 5), (0, 0), (5, 5)])
    ]
    chart = day_chart(days)
    bars = re.findall(r'<rect class="(\w+)" x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)"', chart)
    assert ["others", "answered"] * 2 == [name for name, _, _ in bars], "a day without a question has no bar"
    (top, height), (_, answered), (half_top, half), (_, half_answered) = ((float(y), float(h)) for _, y, h in bars)
    assert [height / 2] * 3 == pytest.approx([answered, half, half_answered])
    assert top + height == pytest.approx(half_top + half)
    assert ["0", "2", "4", "6", "8", "10"] == re.findall(r'<text class="count"[^>]*>(\d+)', chart)
    assert ["3-1", "3-2", "3-3"] == re.findall(r'<text class="day"[^>]*>([\d-]+)', chart)
    assert ">1</text>" in day_chart([Day(date=days[0].date, asked=0, answered=0)])


# Pins -------------------------------------------------------------------------------------------------------------


def fields_in(html: str) -> dict[str, list[str]]:
    """What the form of a pin holds."""
    areas = re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>(.*?)</textarea>', html, re.DOTALL)
    inputs = re.findall(r'<input[^>]* name="(document|start)"(?:[^>]* value="([^"]*)")', html)
    fields: dict[str, list[str]] = {}
    for name, value in [*areas, *inputs]:
        fields.setdefault(name, []).append(unescape(value))
    return fields


def test_a_pin_is_made_of_an_entry(browser: TestClient, parts: SiteParts) -> None:
    """The form has its answer and quotes; once saved it answers, and the act is noted."""
    entry = ask(parts, QUESTION)
    fields = fields_in(browser.get(f"/desk/pins/new?entry={entry}").text)
    assert [QUESTION] == fields["wordings"]
    assert "[1]" in fields["text"][0]
    fields["text"] = ["十七次。[1]"]
    saved = send(browser, "/desk/pins/new", fields)
    assert (303, "/desk/pins") == (saved.status_code, saved.headers["location"])
    answer = parts.responder.answer(QUESTION)
    assert "十七次。[1]" == answer.text
    assert answer.pinned
    assert [("Li.Editor", "pin.create", QUESTION)] == acts(parts)
    assert "十七次。[1]" in browser.get("/desk/pins").text
    assert 'href="/desk/pins/1"' in browser.get(f"/desk/questions/{entry}").text


def test_a_pin_that_is_refused_keeps_what_was_typed(browser: TestClient, parts: SiteParts) -> None:
    """With the reason; nothing is pinned or noted."""
    fields = fields_in(browser.get(f"/desk/pins/new?entry={ask(parts, QUESTION)}").text)
    fields["text"] = ["十八次。[1]"]
    refused = send(browser, "/desk/pins/new", fields)
    assert 400 == refused.status_code
    assert "“十八次”不在这一行标出的引文里" in refused.text
    assert fields == fields_in(refused.text)
    assert [] == parts.responder.pins.pins() == acts(parts)


def test_a_pin_is_changed_and_removed(browser: TestClient, parts: SiteParts) -> None:
    """By its own form; afterwards the page is gone."""
    fields = fields_in(browser.get(f"/desk/pins/new?entry={ask(parts, QUESTION)}").text)
    send(browser, "/desk/pins/new", fields)
    fields = fields_in(browser.get("/desk/pins/1").text)
    fields["wordings"] = [f"{QUESTION}\r\n学法情况如何？\r\n"]
    assert 303 == send(browser, "/desk/pins/1", fields).status_code
    assert (QUESTION, "学法情况如何？") == parts.responder.pins.pin(1).wordings
    assert 303 == send(browser, "/desk/pins/1/remove", {}).status_code
    assert 404 == browser.get("/desk/pins/1").status_code
    assert ["pin.create", "pin.change", "pin.remove"] == [act for _, act, _ in acts(parts)]


def test_a_pin_out_of_force_says_why(browser: TestClient, parts: SiteParts, folder: Any, run: Any) -> None:
    """In the list and on its own page."""
    send(browser, "/desk/pins/new", fields_in(browser.get(f"/desk/pins/new?entry={ask(parts, QUESTION)}").text))
    assert "已经失效" not in browser.get("/desk/pins").text
    (folder / NAME).write_text(TEXT.replace("17", "18"), encoding="utf-8")
    run(folder)
    for address in ("/desk/pins", "/desk/pins/1"):
        assert "已被新版取代" in browser.get(address).text, address
    assert not parts.responder.answer(QUESTION).pinned


@pytest.mark.parametrize("document", ["", "x", "99999", "1" * 30, "-1"])
def test_a_quote_of_no_document_is_refused(browser: TestClient, document: str) -> None:
    """Whatever is typed where a document is asked for."""
    fields = {"wordings": "问", "text": "答[1]", "document": [document], "words": ["全年"], "start": ["9" * 40]}
    refused = send(browser, "/desk/pins/new", fields)
    assert (400, True) == (refused.status_code, "引文 1 的文件不在库中" in refused.text)


# Quality ----------------------------------------------------------------------------------------------------------

RIGHT = {"id": "a", "kind": "fact", "question": QUESTION, "answerable": True, "gold": [["17次"]]}
WRONG = {"id": "b", "kind": "fact", "question": QUESTION, "answerable": True, "gold": [["99次"]]}
REFUSED = {"id": "c", "kind": "none", "question": MISSING, "answerable": False}


def jsonl(*lines: dict[str, Any]) -> bytes:
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()


def upload(browser: TestClient, content: bytes, name: str = "题目.jsonl") -> Any:
    return send(browser, "/desk/quality/send", {}, files={"file": (name, content)})


def finish(parts: SiteParts) -> None:
    """Wait until no evaluation runs."""
    until = time.monotonic() + 60
    while parts.evaluations.progress() is not None:
        assert time.monotonic() < until
        time.sleep(0.01)


def test_an_evaluation_is_run_and_shown(browser: TestClient, parts: SiteParts) -> None:
    """Figures, kinds, and each failure with its reason; who began it is noted."""
    begun = upload(browser, jsonl(RIGHT, WRONG, REFUSED))
    assert (303, "/desk/quality/1") == (begun.status_code, begun.headers["location"])
    finish(parts)
    html = browser.get("/desk/quality/1").text
    assert "有问题的回答（1 题）" in html
    assert "99次" in html and "数字有误" in html
    assert "50.0%" in html
    assert "第一次评测" in html
    assert "50.0%" in browser.get("/desk/quality").text
    assert [("Li.Editor", "evaluation.start", "题目.jsonl")] == acts(parts)
    assert [] == parts.responder.journal.entries()


def test_a_result_stands_against_the_one_before(browser: TestClient, parts: SiteParts, folder: Any, run: Any) -> None:
    """Of the same questions: what got better, what was fixed, what is new."""
    upload(browser, jsonl(RIGHT, WRONG))
    finish(parts)
    (folder / NAME).write_text(TEXT.replace("17次", "99次"), encoding="utf-8")
    run(folder)
    again = send(browser, "/desk/quality/start", {"questions": "1"})
    finish(parts)
    html = browser.get(again.headers["location"]).text
    assert "的评测相比" in html
    assert "上次有问题、这次没有的：b" in html
    assert "新出现" in html
    assert re.search(r'已作答：没有引文</th>\s*<td class="number">0.0%</td>', html)
    assert re.search(r'回答字数的中位数</th>\s*<td class="number">\d+</td>', html)


def test_better_and_worse(browser: TestClient, parts: SiteParts, folder: Any, run: Any) -> None:
    """More that is right is better; more wrong figures are worse."""
    upload(browser, jsonl(RIGHT))
    finish(parts)
    (folder / NAME).write_text(TEXT.replace("17次", "18次"), encoding="utf-8")
    run(folder)
    again = send(browser, "/desk/quality/start", {"questions": "1"})
    finish(parts)
    html = browser.get(again.headers["location"]).text
    for name in ("可回答的题：答对", "数字有误"):
        assert re.search(name + r'</th>\s*<td class="number">[\d.]+% <span class="worse">', html), name


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "题目"),
        (b"{", "不是 JSON"),
        (b"\xff\xfe\x00", "UTF-8"),
        (jsonl({"question": "x"}), "answerable"),
        (b" " * (2 * 1024 * 1024 + 1), "2 MB"),
        (jsonl(*({**RIGHT, "id": str(number)} for number in range(2001))), "2000"),
    ],
    ids=["empty", "no JSON", "no text", "a field is missing", "large", "many"],
)
def test_a_file_that_cannot_be_used_is_told(browser: TestClient, parts: SiteParts, content: bytes, reason: str) -> None:
    """Nothing is kept of it."""
    refused = upload(browser, content)
    assert (400, True) == (refused.status_code, reason in refused.text)
    assert [] == parts.evaluations.sets() == parts.evaluations.latest() == acts(parts)


def test_no_file_is_told(browser: TestClient) -> None:
    """The form without a file begins nothing."""
    assert "请选择一个题目文件" in send(browser, "/desk/quality/send", {}).text
    assert "没有这组题目" in send(browser, "/desk/quality/start", {"questions": "7"}).text


@dataclass
class Waiting:
    """A real answerer that waits before each answer until it may go on."""

    answerer: Answerer
    asked: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)

    @property
    def retriever(self) -> Retriever:
        return self.answerer.retriever

    def answer(self, question: str, history: Sequence[str] = ()) -> Answer:
        self.asked.set()
        assert self.go_on.wait(30)
        return self.answerer.answer(question, history)


@pytest.fixture
def waiting(parts: SiteParts) -> Waiting:
    return Waiting(parts.writer.answerer)


def test_one_evaluation_at_a_time_and_it_can_be_stopped(waiting: Waiting, parts: SiteParts, tmp_path: Path) -> None:
    """While one runs its progress is shown, a second is refused, and stopping ends it."""
    parts = replace(parts, evaluations=EvaluationHistory(tmp_path / "slow.sqlite3", cast("Answerer", waiting)))
    browser = browser_before(Guard(build_pages(parts)), "Li.Editor")
    upload(browser, jsonl(RIGHT, REFUSED))
    assert waiting.asked.wait(30)
    assert {"evaluation": 1, "done": 0, "total": 2} == browser.get("/desk/quality/progress").json()
    for address in ("/desk/quality", "/desk/quality/1"):
        assert "已答 0 / 2 题" in browser.get(address).text, address
    assert "正在进行" in upload(browser, jsonl(RIGHT)).text
    threading.Timer(0.3, waiting.go_on.set).start()
    assert 303 == send(browser, "/desk/quality/stop", {}).status_code
    evaluation = parts.evaluations.evaluation(1)
    assert evaluation is not None
    assert EvaluationState.STOPPED is evaluation.state
    assert browser.get("/desk/quality/progress").json() is None
    assert "evaluation.stop" in [act for _, act, _ in acts(parts)]


def test_an_evaluation_that_ended_with_the_program_is_stopped(
    waiting: Waiting, parts: SiteParts, tmp_path: Path
) -> None:
    """What is noted as running and is not was interrupted."""
    path = tmp_path / "slow.sqlite3"
    with closing(EvaluationHistory(path, cast("Answerer", waiting))) as running:
        running.start(running.keep("a", jsonl(RIGHT)).id, by="x")
        with closing(EvaluationHistory(path, parts.writer.answerer)) as started_anew:
            assert [EvaluationState.RUNNING] == [evaluation.state for evaluation in running.latest()]
            assert [EvaluationState.STOPPED] == [evaluation.state for evaluation in started_anew.latest()]
        waiting.go_on.set()


def test_the_same_questions_are_kept_once(parts: SiteParts) -> None:
    """Under the name that they came by first."""
    assert parts.evaluations.keep("a", jsonl(RIGHT)) == parts.evaluations.keep("b", jsonl(RIGHT))


def test_nothing_is_evaluated_where_nothing_is_held(parts: SiteParts, folder: Any, run: Any) -> None:
    """That is told at once."""
    kept = parts.evaluations.keep("a", jsonl(RIGHT))
    (folder / NAME).unlink()
    run(folder)
    with pytest.raises(EvaluationError, match="还没有文件"):
        parts.evaluations.start(kept.id, by="x")


# Languages --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    ["questions", "questions/unanswered", "questions/pictures", "pins", "pins/new", "quality"],
)
def test_pages_speak_english(browser: TestClient, folder: Any, run: Any, address: str) -> None:
    """Without documents and questions no Chinese word is left, but the names of languages."""
    (folder / NAME).unlink()
    run(folder)
    html = browser.get(f"/desk/{address}?language=en").text
    assert [] == re.findall(r"[\u4e00-\u9fff]+", html.replace(">中文</a>", ""))


def test_every_name_of_a_result_has_its_words() -> None:
    """States, measures and faults in each language."""
    names = [f"questions_status_{status.value}" for status in Status]
    names += [f"quality_measure_{measure.name}" for measure in MEASURES]
    names += [f"quality_fault_{fault.name}" for fault in FAULTS]
    names += [f"quality_state_{state.value}" for state in EvaluationState]
    assert all(text(name, language) for name in names for language in LANGUAGES)
