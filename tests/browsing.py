"""A browser before the pages, as a reader uses it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@contextmanager
def watched(browser: Browser, address: str, but: str = "AbortError") -> Iterator[Page]:
    """A page of its own session; a request to another host than `address`, or an error in the page, fails the test.

    but: a pattern of errors that are none.
    """
    wrong: list[str] = []
    with browser.new_page(viewport={"width": 1280, "height": 800}, locale="zh-CN") as page:
        page.on("request", lambda request: request.url.startswith((address, "data:")) or wrong.append(request.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: message.type == "error" and wrong.append(message.text))
        yield page
    # Gradio tells of the connections that end where a page is left or loaded anew.
    assert [] == [words for words in wrong if not re.search(f"AbortError|Connection errored out|{but}", words)]


def ask(page: Page, question: str) -> None:
    """Write `question`, press Enter, and wait until the page can be asked again."""
    page.locator("#question textarea").fill(question)
    page.keyboard.press("Enter")
    page.locator("#talk .turn.last .asked", has_text=question).wait_for(timeout=60_000)
    page.locator("html:not(.asking)").wait_for(timeout=60_000)


def last(page: Page, within: str = "") -> Locator:
    """The last turn, or what stands in it."""
    return page.locator(f"#talk .turn.last {within}")
