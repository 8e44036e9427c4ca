"""The chat page in a real browser."""

from __future__ import annotations

import json
import re
import sqlite3
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import docx
import pytest

from kb.answering import Answerer
from kb.chat.example_questions import example_questions
from kb.search.encoder import Encoder
from kb.search.retriever import Retriever
from tests.browsing import ask, last, watched
from tests.front_door import address_of, front_door
from tests.openai_server import Messages, OpenAIServer, Reply, event, say

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ASKED = "云澜区司法局2024年办理法律援助案件多少件？"


@pytest.fixture(scope="module")
def corpus_answerer(corpus_data: Path, encoder: Encoder) -> Answerer:
    """An answerer over what the page answers from, by its encoder."""
    return Answerer(Retriever(corpus_data, encoder), num_evidence=8, question_characters=500)


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """The loaded page; a request to another host, or an error in the page, fails the test."""
    with watched(chromium, address) as page:
        page.goto(address)
        page.locator(".example:visible").first.wait_for(timeout=60_000)
        yield page


def narrow(page: Page) -> None:
    """Make the window as narrow as a phone."""
    page.set_viewport_size({"width": 390, "height": 844})


def test_example_is_answered_with_its_passage(page: Page, corpus_answerer: Answerer) -> None:
    """One click on an example brings an answer whose mark shows the quoted words beside it."""
    examples = page.locator(".example:visible")
    assert example_questions(corpus_answerer) == examples.all_inner_texts()
    examples.first.click()
    last(page, ".answer a.mark").first.click(timeout=60_000)
    quoted = page.locator("#cards mark.current").first
    assert quoted.is_visible()
    assert quoted.inner_text() in page.locator("#cards blockquote").first.inner_text()
    assert re.search(
        r"/documents/\d+\?from=\d+&to=\d+#quote$", page.locator("#cards a").first.get_attribute("href") or ""
    )


def test_page_needs_no_script_that_is_late(page: Page) -> None:
    """What the parts of the page call is there before them, however slow the way to the server is."""
    page.route("**/design/*.js", lambda route: route.abort())
    page.reload()
    page.locator(".example:visible").first.wait_for(timeout=60_000)
    ask(page, ASKED)
    assert "301件" in last(page, ".answer").inner_text()


def test_a_figure_shows_its_sentence_by_keyboard(page: Page) -> None:
    """Enter on a figure leads to the card that states it, and Escape back."""
    ask(page, ASKED)
    figure = last(
        page,
        ".answer a.figure",
    ).filter(has_text="301件")
    figure.focus()
    page.keyboard.press("Enter")
    assert "301件" in page.locator("#cards .card:focus mark.current").inner_text()
    page.keyboard.press("Escape")
    assert "301件" == page.evaluate("document.activeElement.textContent")


def test_question_without_an_answer_is_refused(page: Page) -> None:
    """What the corpus does not hold is refused with its kind, and nothing is marked; what is held can be chosen."""
    ask(page, "云澜区地铁票价是多少元？")
    assert "未作回答" in last(page, ".refused .verdict").inner_text()
    assert 0 == page.locator("#cards mark").count()
    year = last(page, "[data-act=keep]").first
    year.click()
    assert year.inner_text() in page.locator("#filters .tag").inner_text()


def test_readers_who_ask_at_once_get_their_own_answers(address: str, corpus_answerer: Answerer) -> None:
    """Three ask side by side, and none is told what another asked."""
    asked = [
        [f"云澜区司法局{year}年{matter}" for year in (2022, 2023, 2024)]
        for matter in ("办理法律援助案件多少件？", "办理行政复议案件多少件？", "组织学法多少次？")
    ]

    def ask_all(questions: list[str]) -> list[str]:
        told = []
        for question in questions:
            body = json.dumps({"question": question}).encode()
            request = urllib.request.Request(
                f"{address}/api/v1/ask", data=body, headers={"content-type": "application/json"}
            )
            with urllib.request.urlopen(request, timeout=120) as answer:
                told.append(json.load(answer)["text"])
        return told

    with ThreadPoolExecutor(3) as readers:
        told = list(readers.map(ask_all, asked))
    assert [[corpus_answerer.answer(question).text for question in questions] for questions in asked] == told
    assert len({text for texts in told for text in texts}) > 5, "different questions"


def test_follow_up_and_clearing(page: Page) -> None:
    """A follow-up is understood from the question before it; clearing takes all of it away, for good."""
    ask(page, ASKED)
    page.locator("#cards mark", has_text="301件").wait_for()
    ask(page, "那2022年呢？")
    page.locator("#cards mark", has_text="218件").wait_for()
    assert 2 == page.locator("#talk .asked:visible").count()
    page.locator("[data-act=clear]").click()
    assert 0 == page.locator("#talk .asked:visible").count()
    assert 0 == page.locator("#cards mark").count()
    page.reload()
    page.locator(".example:visible").first.wait_for(timeout=60_000)
    assert 0 == page.locator("#talk .asked").count()
    ask(page, ASKED)
    page.locator("[data-act=clear]").click()
    ask(page, "滨海新区政务服务办2024年组织学法多少次？")
    assert ["滨海新区政务服务办2024年组织学法多少次？"] == page.locator("#talk .asked").all_inner_texts()


def test_conversation_survives_a_reload(page: Page) -> None:
    """After a reload the turns are there with their marks, and a follow-up leans on them."""
    ask(page, ASKED)
    before = last(page, ".answer").inner_text()
    page.reload()
    page.locator("#talk .turn").wait_for(timeout=60_000)
    assert before == last(page, ".answer").inner_text()
    last(page, ".answer a.mark").first.click()
    assert "301件" in page.locator("#cards mark.current").first.inner_text()
    ask(page, "那2022年呢？")
    assert "218件" in last(page, ".answer").inner_text()
    assert ["301件", "218件"] == [
        figure for figure in ("301件", "218件") if figure in page.locator("#talk").inner_text()
    ]


def test_each_tab_keeps_its_own(chromium: Browser, address: str) -> None:
    """A second tab begins with what was spoken last; after that neither takes the place of the other."""
    with chromium.new_context() as window:
        tabs = [window.new_page()]
        tabs[0].goto(address)
        ask(tabs[0], ASKED)
        tabs.append(window.new_page())
        tabs[1].goto(address)
        tabs[1].locator("#talk .turn").wait_for(timeout=60_000)
        ask(tabs[1], "那2022年呢？")
        for tab, questions in zip(tabs, ([ASKED], [ASKED, "那2022年呢？"]), strict=True):
            tab.reload()
            tab.locator("#talk .turn").first.wait_for(timeout=60_000)
            assert questions == tab.locator("#talk .asked:visible").all_inner_texts()


def test_a_question_outlives_a_lost_connection(chromium: Browser, address: str) -> None:
    """Without the service it is said at the question; with it again, the question is there and can be asked again."""
    with chromium.new_page() as page:
        page.goto(address)
        page.locator(".example:visible").first.wait_for(timeout=60_000)
        page.context.set_offline(True)
        page.locator("#question textarea").fill(ASKED)
        page.keyboard.press("Enter")
        page.locator("#talk .turn.last", has_text="连接断了").wait_for(timeout=60_000)
        assert "Connection" not in page.locator("body").inner_text()
        page.context.set_offline(False)
        page.locator("#talk .turn.last [data-act=retry]").click(timeout=60_000)
        page.locator("#talk .turn.last.whole:visible").wait_for(timeout=60_000)
        assert "301件" in page.locator("#talk .turn.last.whole:visible").inner_text()
        assert 1 == page.locator("#talk .turn:visible").count()
        page.reload()
        page.locator("#talk .turn").wait_for(timeout=60_000)
        assert 1 == page.locator("#talk .turn:visible").count()


def test_a_long_question_is_not_cut(page: Page) -> None:
    """What was pasted and is too long is told so, and is there to be shortened."""
    page.locator("#question textarea").fill(ASKED * 30)
    page.keyboard.press("Enter")
    last(page, ".answer.failed").wait_for(timeout=60_000)
    assert "最多 500 个" in last(page, ".answer").inner_text()
    last(page, "[data-act=edit]").click()
    assert ASKED * 30 == page.locator("#question textarea").input_value()


def test_forged_conversation_runs_nothing(page: Page) -> None:
    """Markup that was put into what the browser keeps is shown as words."""
    page.evaluate(
        """() => localStorage.setItem("wenzheng-conversation", JSON.stringify({version: 1, turns: [
            {question: "<img src=x onerror=document.title='taken'>", status: "answered", within: {},
             text: "<img src=x onerror=document.title='taken'>", citations: [], table: []}]}))"""
    )
    page.reload()
    page.locator("#talk .turn").wait_for(timeout=60_000)
    assert 0 == page.locator("#talk img").count()
    assert "<img" in last(page, ".answer").inner_text()
    assert "taken" != page.title()


def test_last_question_is_edited(page: Page) -> None:
    """An edited question takes the place of the last turn; asking again keeps one turn, too."""
    ask(page, "云澜区司法局2022年办理法律援助案件多少件？")
    last(page, "[data-act=edit]").click()
    assert "云澜区司法局2022年办理法律援助案件多少件？" == page.locator("#question textarea").input_value()
    ask(page, ASKED)
    last(page, "[data-act=retry]").click()
    page.locator("html:not(.asking)").wait_for(timeout=60_000)
    assert [ASKED] == page.locator("#talk .asked:visible").all_inner_texts()
    assert "301件" in last(page, ".answer").inner_text()


def test_questions_are_kept_to_what_is_chosen(page: Page) -> None:
    """Choosing a year hides what does not go with it, is said beside the answer, and can be taken away."""
    page.locator("#filters .bar > button").click()
    panel = page.locator("#filter-panel")
    panel.get_by_text("2022年", exact=True).click()
    assert 0 < panel.locator("[data-row=issuers] label:visible").count()
    assert panel.locator("label[hidden]").count() > 0
    page.keyboard.press("Escape")
    assert not panel.is_visible()
    ask(page, "云澜区司法局办理法律援助案件多少件？")
    assert "218件" in last(page, ".answer").inner_text()
    assert "查找范围：2022年" == last(page, ".searched").inner_text()
    page.locator("#filters .tag").click()
    ask(page, ASKED)
    assert "301件" in last(page, ".answer").inner_text()


def test_years_are_drawn(page: Page) -> None:
    """Under a table over years stands a chart; a point leads to its passage."""
    ask(page, "云澜区司法局2022年和2024年办理法律援助案件各多少件？")
    chart = last(page, ".chart")
    assert "2022年 218件" in (chart.locator("svg").get_attribute("aria-label") or "")
    chart.locator("circle").first.click()
    assert "218件" in page.locator("#cards mark.current").inner_text()


def test_suggestion_is_asked(page: Page) -> None:
    """A question that is suggested is asked by a click, and answered."""
    ask(page, ASKED)
    suggestion = page.locator("#suggestions .suggestion").first
    question = suggestion.inner_text(timeout=60_000)
    suggestion.click()
    page.locator("#talk .turn.last .asked", has_text=question).wait_for(timeout=60_000)
    page.locator("html:not(.asking)").wait_for(timeout=60_000)
    assert 0 == last(page, ".refused").count()


def test_conversation_is_exported(page: Page) -> None:
    """The conversation is downloaded as a Word document that holds the answer and its source."""
    ask(page, ASKED)
    page.locator("summary", has_text="导出").click()
    with page.expect_download() as download:
        page.locator("#export [value=docx]").click()
    assert download.value.suggested_filename.endswith(".docx")
    written = "\n".join(paragraph.text for paragraph in docx.Document(str(download.value.path())).paragraphs)
    assert ASKED in written
    assert "301件" in written
    assert "云澜区司法局" in written


def test_answer_is_copied(page: Page) -> None:
    """The answer is copied as text with its citation."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, ASKED)
    last(page, "[data-act=copy]").click()
    last(page, "[data-act=copy]").filter(has_text="已复制").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"问：{ASKED}\n答：")
    assert "\n[1] 《" in copied


def test_answer_is_rated(page: Page, corpus_data: Path) -> None:
    """What a reader says is wrong with an answer, and why, is in the journal."""
    ask(page, ASKED)
    last(page, "[data-act=bad]").click()
    reasons = last(page, ".reasons")
    reasons.get_by_label("出处与回答不符").check()
    reasons.locator("[name=more]").fill("见第二段")
    reasons.locator("[type=submit]").click()
    last(page, ".thanks").wait_for()
    assert "谢谢，已记下。" == last(page, ".thanks").inner_text()
    with sqlite3.connect(f"file:{corpus_data}/journal.sqlite3?mode=ro", uri=True) as journal:
        rated = journal.execute("SELECT good, reason FROM entries WHERE reason <> ''").fetchall()
    assert [(0, "出处与回答不符：见第二段")] == rated


def test_phone_shows_passages_in_a_sheet(page: Page) -> None:
    """On a phone a mark opens a sheet with the quote; closing it leads back to the mark. Nothing scrolls sideways."""
    narrow(page)
    ask(page, ASKED)
    last(page, ".answer a.mark").first.focus()
    page.keyboard.press("Enter")
    assert "301件" in page.locator("#sheet[open] mark.current").first.inner_text()
    assert 390 == page.evaluate("document.documentElement.scrollWidth")
    page.keyboard.press("Escape")
    assert not page.locator("#sheet").is_visible()
    assert "mark" == page.evaluate("document.activeElement.className")


@pytest.mark.parametrize("question", ["云澜区司法局2022年和2024年办理法律援助案件各多少件？", "啊" * 400, "a" * 400])
def test_phone_does_not_scroll_sideways(page: Page, question: str) -> None:
    """On a phone the page is as wide as the screen, whatever is asked; so it is at twice the size."""
    narrow(page)
    ask(page, question)
    assert 390 == page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size({"width": 320, "height": 400})
    assert 320 == page.evaluate("document.documentElement.scrollWidth")


def test_a_page_that_is_not_there(page: Page, address: str) -> None:
    """Whoever looks for a page that is none is told so in our frame; a program gets JSON."""
    answer = page.request.get(f"{address}/nothing", headers={"accept": "text/html,*/*"})
    assert (404, True) == (answer.status, "没有这个页面" in answer.text())
    assert {"detail": "Not Found"} == page.request.get(f"{address}/nothing").json()


def test_a_printed_conversation_says_what_it_is(page: Page) -> None:
    """On paper are the question, the answer and the notice, and nothing that is pressed."""
    ask(page, ASKED)
    page.emulate_media(media="print")
    assert all(page.locator(place).first.is_visible() for place in (".asked", ".answer", ".sources", ".notice"))
    assert not any(
        page.locator(place).first.is_visible() for place in ("#question textarea", "#send", ".acts", "#cards")
    )


def test_page_in_english(page: Page) -> None:
    """The page's own words are in English where it is asked for so, and stay so; answers are the documents'."""
    page.locator("#top nav a", has_text="English").click()
    page.locator("#send", has_text="Send").wait_for(timeout=60_000)
    assert "en" == page.evaluate("document.documentElement.lang")
    page.goto(page.url.removesuffix("/en/"))
    page.locator("#send", has_text="Send").wait_for(timeout=60_000)
    ask(page, ASKED)
    assert "301件" in last(page, ".answer").inner_text()
    page.locator("#top nav a", has_text="中文").click()
    page.locator("#send", has_text="发送").wait_for(timeout=60_000)


# With a language model -------------------------------------------------------------------------------------------

SAID = "2024年，云澜区司法局办理法律援助案件301件，比上年增长17.6%。[1]\n"


def slow(asked: Messages, stream: bool) -> Reply:
    """A right sentence, and then others without end, the first of them wrong."""

    def steps() -> Iterator[object]:
        yield event({"content": f"云澜区司法局办理案件999件。[1]\n{SAID}"})
        while True:
            yield event({"content": "又"})
            yield 0.2

    return Reply(steps=steps())


@pytest.fixture(scope="module")
def model() -> Iterator[OpenAIServer]:
    """The server of a model, which replies as the test says."""
    with OpenAIServer(slow) as server:
        yield server


@pytest.fixture(scope="module")
def address_with_model(corpus_data: Path, model: OpenAIServer) -> Iterator[str]:
    """The address of the page over the sample corpus, with that model."""
    settings = {"WENZHENG_MODEL_URL": model.url, "WENZHENG_MODEL_NAME": "m"}
    with front_door("--data", str(corpus_data), "--port", "0", **settings) as process:
        try:
            yield address_of(process)
        finally:
            process.terminate()


@pytest.fixture
def written(
    chromium: Browser, address_with_model: str, model: OpenAIServer, request: pytest.FixtureRequest
) -> Iterator[tuple[Page, OpenAIServer]]:
    """The loaded page, whose model replies as the test says, and the model's server, which was asked nothing yet."""
    model.replies = request.param
    model.requests.clear()
    with chromium.new_page(viewport={"width": 1280, "height": 800}, locale="zh-CN") as page:
        page.goto(address_with_model)
        page.locator(".example:visible").first.wait_for(timeout=60_000)
        yield page, model


@pytest.mark.parametrize("written", [lambda asked, stream: say(SAID)], indirect=True, ids=["right"])
def test_a_model_words_the_answer(written: tuple[Page, OpenAIServer]) -> None:
    """The model's words stand with marks that lead to the passages, and how many figures were checked."""
    page, _ = written
    ask(page, ASKED)
    last(page, "a.mark").first.wait_for(timeout=60_000)
    answer = last(page, ".answer")
    assert "2024年，云澜区司法局办理法律援助案件301件" in answer.inner_text()
    assert re.search(r"已核对 (\d+)/\1 个数字", answer.inner_text())
    assert not page.locator("#stop").is_visible()


@pytest.mark.parametrize("written", [lambda asked, stream: Reply(steps=[1000.0])], indirect=True, ids=["silent"])
def test_a_silent_model_is_stopped(written: tuple[Page, OpenAIServer]) -> None:
    """An answer can be stopped before the model has said a word: that is said, and the request ends at once."""
    page, server = written
    page.locator("#question textarea").fill(ASKED)
    page.keyboard.press("Enter")
    end = time.monotonic() + 60
    while not server.requests and time.monotonic() < end:
        page.wait_for_timeout(50)
    page.locator("#stop").click()
    assert server.requests[0].left.wait(3)
    page.locator("#stop").wait_for(state="hidden")
    assert "已停止。" in last(page).inner_text()


@pytest.mark.parametrize("written", [slow], indirect=True, ids=["slow"])
def test_an_answer_is_stopped(written: tuple[Page, OpenAIServer]) -> None:
    """While a model writes it can be stopped: what was checked stays, also after a reload, and the request ends."""
    page, server = written
    page.locator("#question textarea").fill(ASKED)
    page.keyboard.press("Enter")
    last(page, "a.mark").first.wait_for(timeout=60_000)
    page.locator("#stop").click()
    page.locator("#stop").wait_for(state="hidden")
    assert "301件" in last(page, ".answer").inner_text()
    assert "已停止。" in last(page).inner_text()
    assert "999" not in page.locator("#talk").inner_text()
    assert server.requests[0].left.wait(30)
    page.reload()
    page.locator("#talk .turn").wait_for(timeout=60_000)
    assert "301件" in last(page, ".answer").inner_text()
