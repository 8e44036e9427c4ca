"""The page that is there while the others come up: nothing that is written in it is lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from starlette.testclient import TestClient

from kb.web.html import POLICY
from kb.web.site import Guard
from kb.web.start_page import StartPage
from kb.web.texts import text
from tests import serving
from tests.browsing import last, watched
from tests.front_door import address_of, front_door

if TYPE_CHECKING:
    from playwright.sync_api import Browser

READER = {"accept": "text/html,*/*"}
ASKED = "云澜区司法局2024年办理法律援助案件多少件？"


@pytest.fixture
def go() -> threading.Event:
    """The site of the tests opens when this is set."""
    return threading.Event()


@pytest.fixture
def start_page(go: threading.Event) -> StartPage:
    site = FastAPI()

    @site.get("/{path:path}", response_class=HTMLResponse)
    def chat(path: str) -> str:
        return f"<title>chat</title><p id=chat>chat {path}</p>"

    def open_site() -> Guard:
        assert go.wait(30)
        return Guard(site)

    return StartPage(open_site, failed=pytest.fail, question_characters=500)


def test_a_box_is_there_before_the_site(start_page: StartPage, go: threading.Event) -> None:
    """A reader gets the box at once, with what it wears; then the site itself."""
    with TestClient(start_page) as client:
        for address, language in (("/", "zh"), ("/en/", "en"), ("/?language=en", "en")):
            page = client.get(address, headers=READER)
            assert text("starting", language) in page.text
            assert 'maxlength="500"' in page.text
            assert (POLICY, "no-store") == (page.headers["content-security-policy"], page.headers["cache-control"])
        assert 200 == client.get("/design/start_page.js").status_code
        assert 404 == client.get("/design/none.js").status_code
        go.set()
        assert 204 == client.get("/stands").status_code
        assert "chat" in client.get("/", headers=READER).text


@pytest.mark.parametrize("address", ["/", "/documents", "/healthz", "/stands"])
def test_all_others_wait(start_page: StartPage, go: threading.Event, address: str) -> None:
    """What a program asks, and what is no chat page, is answered by the site when it stands."""
    with TestClient(start_page) as client:
        codes: list[int] = []
        asking = threading.Thread(target=lambda: codes.append(client.get(address).status_code))
        asking.start()
        asking.join(0.2)
        assert [] == codes
        go.set()
        asking.join(30)
        assert codes in ([200], [204])


@pytest.fixture
def served(start_page: StartPage, go: threading.Event) -> Iterator[str]:
    """The address of the start page, over a real connection."""
    with serving.served(start_page) as address:
        yield address
        go.set()


@pytest.mark.parametrize("first", ["written", "sent", "nothing"])
def test_what_is_written_goes_on(served: str, go: threading.Event, chromium: Browser, first: str) -> None:
    """A question that was sent goes on when the chat stands; one that is being written stays until it is sent."""
    with watched(chromium, served) as page:
        page.goto(served)
        box = page.locator("#question textarea")
        if first != "nothing":
            box.press_sequentially("学法多少次？")
        if first == "sent":
            box.press("Enter")
            page.get_by_text(text("starting_noted")).wait_for()
        with page.expect_response("**/stands"):
            go.set()
        if first == "written":
            time.sleep(0.3)
            assert "学法多少次？" == box.input_value()
            page.locator("#ask button").click()
        page.locator("#chat").wait_for()
        kept = page.evaluate("sessionStorage.getItem('wenzheng-written')")
        assert (None if first == "nothing" else "学法多少次？") == kept


def test_a_question_of_the_start_page_is_answered(corpus_data: Path, chromium: Browser) -> None:
    """A question that is sent before the chat stands is asked in it, once, by itself."""
    with front_door("--data", str(corpus_data), "--port", "0") as process:
        try:
            address = address_of(process, stands=False)
            with watched(chromium, address) as page:
                page.goto(address)
                assert page.locator("#ask").is_visible()
                page.locator("#question textarea").fill(ASKED)
                page.keyboard.press("Enter")
                last(page, ".answer a.mark").first.wait_for(timeout=120_000)
                assert "301件" in last(page, ".answer").inner_text()
                page.reload()
                last(page, ".answer a.mark").first.wait_for(timeout=60_000)
                assert [ASKED] == page.locator("#talk .asked").all_inner_texts()
        finally:
            process.terminate()
