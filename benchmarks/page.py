"""How soon the chat page can be used: `python -m benchmarks.page DATA` starts the front door and opens it in Chromium.

Printed are the seconds from the start of the process until the first paint, until a question can be typed (both in the page
that is there while the others come up), until the chat stands and has taken that question over, and until it is answered;
of later visits the first paint and the box; and how long a question takes until the first words of its answer are shown.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.front_door import front_door

VISITS = 5
QUESTION = "有哪些文件？"


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    data = parser.parse_args().data.resolve()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        started, began = time.perf_counter(), time.time()
        with front_door(data) as address:
            page = browser.new_page()
            page.goto(address)
            page.locator("#question textarea").fill(QUESTION)
            typed = time.perf_counter() - started
            paint = page.evaluate("performance.timeOrigin + performance.getEntriesByType('paint')[0].startTime")
            page.keyboard.press("Enter")
            page.locator("#talk .turn.last .asked").wait_for(timeout=120_000)
            stands = time.perf_counter() - started
            page.locator("#talk .turn.last .answer").wait_for(timeout=120_000)
            print(
                f"from the start: first paint {paint / 1000 - began:.2f} s, a box to type in {typed:.2f} s, "
                f"the chat {stands:.2f} s, the first answer {time.perf_counter() - started:.2f} s"
            )
            page.locator("#tools [data-act=clear]").click()
            page.locator(".example").first.wait_for(timeout=120_000)
            visits = [visit(browser.new_page(), address) for _ in range(VISITS)]
            paints, boxes = zip(*visits, strict=True)
            print(f"later visits: first paint {median_and_worst(paints)}, a box to type in {median_and_worst(boxes)}")
            questions = page.locator(".example").all_inner_texts()
            for question in questions:  # once in vain: the first answer opens the index
                ask(page, question)
            print(
                f"a question until its first words: {median_and_worst([ask(page, question) for question in questions])}"
            )
        browser.close()


def visit(page: Page, address: str) -> tuple[float, float]:
    """Seconds until the first paint, and until a question can be typed."""
    started = time.perf_counter()
    page.goto(address)
    page.locator("#question textarea").fill("问")
    ready = time.perf_counter() - started
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN")
    return paint / 1000, ready


def ask(page: Page, question: str) -> float:
    """Seconds from sending a question to the first words of its answer."""
    answers = page.locator("#talk .turn:not(.moved .turn) .answer")
    number = answers.count()
    page.locator("#question textarea").fill(question)
    started = time.perf_counter()
    page.keyboard.press("Enter")
    wait_until(lambda: answers.count() > number)
    seconds = time.perf_counter() - started
    page.locator("html:not(.asking)").wait_for(timeout=60_000)
    return seconds


def wait_until(holds: Callable[[], bool]) -> None:
    """Look again and again, for a minute at most."""
    until = time.perf_counter() + 60
    while not holds() and time.perf_counter() < until:
        time.sleep(0.005)


def median_and_worst(seconds: list[float] | tuple[float, ...]) -> str:
    """Median and worst."""
    return f"{statistics.median(seconds):.2f} s (worst {max(seconds):.2f})"


if __name__ == "__main__":
    main()
