"""The front door as a person runs it, and the page in a real browser."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openai_server import Messages, OpenAIServer, Reply, event, say

from kb.answering import Answerer
from kb.examples import example_questions

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parent.parent
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


# The front door --------------------------------------------------------------------------------------------------


def front_door(*arguments: str, **settings: str) -> subprocess.Popen[str]:
    """`python app.py` with `arguments`, as a person runs it."""
    return subprocess.Popen(
        [sys.executable, "app.py", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8", **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def address_of(process: subprocess.Popen[str]) -> str:
    """The address that the first line names."""
    assert process.stdout is not None
    line = process.stdout.readline()
    match = re.search(r"http://[\w.:]+", line)
    assert match is not None, f"{line}{process.stderr.read() if process.stderr else ''}"
    return match.group()


@pytest.fixture(scope="module")
def address(corpus_data: Path) -> Iterator[str]:
    """The address of the page over the sample corpus."""
    with front_door("--data", str(corpus_data), "--port", "0") as process:
        try:
            yield address_of(process)
        finally:
            process.terminate()


def test_unknown_setting_is_refused(tmp_path: Path) -> None:
    """A setting that is none ends with 2 and names the one that was meant."""
    with front_door("--data", str(tmp_path), WENZHENG_PROT="1") as process:
        _, errors = process.communicate(timeout=60)
    assert 2 == process.returncode
    assert "WENZHENG_PORT" in errors


def test_port_in_use_is_said(tmp_path: Path) -> None:
    """A port that another program uses ends with 1, and what to do is said."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with front_door("--data", str(tmp_path), "--port", str(port)) as process:
            _, errors = process.communicate(timeout=60)
    assert 1 == process.returncode
    assert f"端口 {port} 已被占用" in errors


def test_empty_index_says_what_to_type(tmp_path: Path) -> None:
    """Where nothing is held the start says how to ingest, and the page is served all the same."""
    with front_door("--data", str(tmp_path), "--port", "0") as process:
        address = address_of(process)
        assert process.stdout is not None
        assert "python -m ingest" in process.stdout.readline()
        with urllib.request.urlopen(address, timeout=30) as page:
            assert 200 == page.status
        process.terminate()


def test_interrupt_ends_quietly(tmp_path: Path) -> None:
    """Ctrl-C ends with 0 and without an error, though a page is open."""
    with front_door("--data", str(tmp_path), "--port", "0") as process:
        heartbeat = f"{address_of(process)}/gradio_api/heartbeat/open"
        with urllib.request.urlopen(heartbeat, timeout=30):
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=60)
    assert 0 == process.returncode
    assert "" == errors


def test_no_files_are_taken(address: str) -> None:
    """The page takes files from nobody."""
    request = urllib.request.Request(f"{address}/gradio_api/upload", data=b"x", method="POST")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=30)
    with refused.value as response:
        assert 403 == response.code


def test_page_loads_from_its_own_host_only(address: str) -> None:
    """The policy that the page is sent with names no other host."""
    with urllib.request.urlopen(address, timeout=30) as page:
        policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'self'")
    assert "http" not in policy


# In a browser ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real headless Chromium."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium is installed")
    with (
        api.sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=path, headless=True, args=FLAGS) as browser,
    ):
        yield browser


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The loaded page; a request to another host, or an error in the page, fails the test."""
    wrong: list[str] = []
    with browser.new_page(viewport={"width": 1280, "height": 800}, locale="zh-CN") as page:
        page.on("request", lambda request: request.url.startswith((address, "data:")) or wrong.append(request.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: message.type == "error" and wrong.append(message.text))
        page.goto(address)
        page.locator(".example:visible").first.wait_for(timeout=60_000)
        yield page
    assert [] == wrong


def ask(page: Page, question: str) -> None:
    """Write `question` and press Enter."""
    page.locator("#question textarea").fill(question)
    page.keyboard.press("Enter")


def test_example_is_answered_with_its_passage(page: Page, corpus_answerer: Answerer) -> None:
    """One click on an example brings an answer whose mark leads to the quoted words."""
    examples = page.locator(".example:visible")
    assert example_questions(corpus_answerer) == examples.all_inner_texts()
    examples.first.click()
    page.locator("#conversation a.mark").first.click(timeout=60_000)
    assert page.locator("#cards mark:has(:target)").is_visible()
    assert page.locator("#cards mark").first.inner_text() in page.locator("#cards blockquote").first.inner_text()


def test_question_without_an_answer_is_refused(page: Page) -> None:
    """What the corpus does not hold is refused, and nothing is marked."""
    ask(page, "云澜区地铁票价是多少元？")
    page.locator("#conversation .refused").wait_for(timeout=60_000)
    assert 0 == page.locator("#cards mark").count()


def test_follow_up_and_clearing(page: Page) -> None:
    """A follow-up is understood from the question before it; clearing takes all of it away."""
    ask(page, "云澜区司法局2024年办理法律援助案件多少件？")
    page.locator("#cards mark", has_text="301件").wait_for(timeout=60_000)
    ask(page, "那2022年呢？")
    page.locator("#cards mark", has_text="218件").wait_for(timeout=60_000)
    assert 2 == page.locator("#conversation .asked").count()
    page.locator("#clear").click()
    page.locator("#conversation .asked").first.wait_for(state="detached")
    assert 0 == page.locator("#cards mark").count()


def test_phone_does_not_scroll_sideways(page: Page) -> None:
    """On a phone the page is as wide as the screen, and a link under the answer leads to the passages."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator(".example:visible").first.click()
    page.locator("#conversation a.to-sources").click(timeout=60_000)
    assert 390 == page.evaluate("document.documentElement.scrollWidth")
    assert page.locator("#cards .card").first.is_visible()


# With a language model -------------------------------------------------------------------------------------------

ASKED = "云澜区司法局2024年办理法律援助案件多少件？"
SAID = "2024年，云澜区司法局办理法律援助案件301件，比上年增长17.6%。[1]\n"


def slow(asked: Messages, stream: bool) -> Reply:
    """A right sentence, and then others without end, the first of them wrong."""

    def steps() -> Iterator[object]:
        yield event({"content": f"云澜区司法局办理案件999件。[1]\n{SAID}"})
        while True:
            yield event({"content": "又"})
            yield 0.2

    return Reply(steps=steps())


@pytest.fixture
def written(browser: Browser, corpus_data: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Page, OpenAIServer]]:
    """The loaded page, whose model replies as the test says, and the model's server."""
    with (
        OpenAIServer(request.param) as server,
        front_door(
            "--data", str(corpus_data), "--port", "0", WENZHENG_MODEL_URL=server.url, WENZHENG_MODEL_NAME="m"
        ) as process,
        browser.new_page(viewport={"width": 1280, "height": 800}, locale="zh-CN") as page,
    ):
        try:
            page.goto(address_of(process))
            page.locator(".example:visible").first.wait_for(timeout=60_000)
            yield page, server
        finally:
            process.terminate()


@pytest.mark.parametrize("written", [lambda asked, stream: say(SAID)], indirect=True, ids=["right"])
def test_a_model_words_the_answer(written: tuple[Page, OpenAIServer]) -> None:
    """The model's words stand with marks that lead to the passages, and how many figures were checked."""
    page, _ = written
    ask(page, ASKED)
    page.locator("#conversation a.mark").first.wait_for(timeout=60_000)
    answer = page.locator("#conversation .answer").last
    assert "2024年，云澜区司法局办理法律援助案件301件" in answer.inner_text()
    assert re.search(r"已核对 (\d+)/\1 个数字", answer.inner_text())
    assert not page.locator("#stop").is_visible()


@pytest.mark.parametrize("written", [slow], indirect=True, ids=["slow"])
def test_an_answer_is_stopped(written: tuple[Page, OpenAIServer]) -> None:
    """While a model writes it can be stopped: what was checked stays, and the request ends."""
    page, server = written
    ask(page, ASKED)
    page.locator("#conversation .mark").first.wait_for(timeout=60_000)
    page.locator("#stop").click()
    page.locator("#stop").wait_for(state="hidden")
    assert "301件" in page.locator("#conversation .answer").last.inner_text()
    assert "999" not in page.locator("#conversation").inner_text()
    assert server.requests[0].left.wait(30)
    assert page.locator("#question textarea").is_enabled()
