"""A browser before the pages, as a reader uses it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Response

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
    """A page of its own session; a request to another host than `address`, or an error in a page, fails the test.

    Windows that it opens are watched, too. That a page is refused which was gone to is no error of a page.

    but: a pattern of errors that are none.
    """
    wrong: list[str] = []
    refused: list[str] = []

    def requested(request: Request) -> None:
        if not request.url.startswith((address, "data:", "blob:")):
            wrong.append(request.url)

    def answered(response: Response) -> None:
        if response.status >= 400 and response.request.is_navigation_request():
            refused.append(response.url)

    def told(message: ConsoleMessage) -> None:
        where = message.location.get("url")
        if message.type == "error" and where not in refused:
            wrong.append(f"{message.text} {where}")

    with browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN") as context:
        context.on("request", requested)
        context.on("response", answered)
        context.on("console", told)
        context.on("weberror", lambda error: wrong.append(str(error.error)))
        yield context.new_page()
    # Gradio tells of the connections that end where a page is left or loaded anew.
    told_of = [words for words in wrong if not re.search(f"AbortError|Connection errored out|{but}", words)]
    assert [] == told_of, told_of


def ask(page: Page, question: str) -> None:
    """Write `question`, press Enter, and wait until the page can be asked again."""
    page.evaluate('document.querySelectorAll(".turn").forEach((turn) => { turn.dataset.before = ""; })')
    page.locator("#question textarea").fill(question)
    page.keyboard.press("Enter")
    page.locator("#talk .turn.last:not([data-before]) .asked", has_text=question).wait_for(timeout=60_000)
    page.locator("html:not(.asking)").wait_for(timeout=60_000)


def last(page: Page, within: str = "") -> Locator:
    """The last turn, or what stands in it."""
    return page.locator(f"#talk .turn.last {within}")
