"""Ten readers at once, each in a browser of their own: `python -m benchmarks.browsers DATA [--seconds 120] [--readers 10]`.

The questions are made from what DATA holds, other ones for each reader, and are answered one after another before. Then
the front door is started over DATA, and every reader asks again and again, the next question as soon as the answer to
the last is whole. What each page shows is compared with the answer to its own question. Printed are how many were asked,
how many ended in an error, how many showed another answer than their own, and the seconds to the first words and to the
whole. All browsers are contexts of one Chromium on this machine: it takes its part of the cores.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import statistics
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, cycle, islice, zip_longest
from pathlib import Path

from playwright.async_api import Error, Page, async_playwright

from benchmarks.front_door import front_door
from kb.answering import Answerer
from kb.chat.conversation import Turn
from kb.chat.example_questions import candidates
from kb.chat.export import plain_text
from kb.search.encoder import Encoder
from kb.search.retriever import Retriever
from kb.settings import read_settings

QUESTIONS_EACH = 4

# Sends what is in the box → milliseconds to the first words and to the whole answer, and how the page would copy it.
SEND = """
(question) => new Promise((tell, fail) => {
  const started = performance.now();
  let asking = false;
  let first = null;
  const watch = new MutationObserver(() => {
    const seconds = (performance.now() - started) / 1000;
    const page = document.documentElement;
    asking = asking || page.classList.contains("asking");
    const turn = [...document.querySelectorAll("#talk .turn:not(.moved .turn)")].at(-1);
    if (!asking || !turn || turn.querySelector(".asked").textContent !== question) return;
    if (turn.querySelector(".answer") && first === null) first = seconds;
    if (page.classList.contains("asking")) return;
    watch.disconnect();
    clearTimeout(late);
    tell({ first, whole: seconds, text: turn.querySelector("[data-act=copy]")?.dataset.text ?? "" });
  });
  const late = setTimeout(() => {
    watch.disconnect();
    const state = document.documentElement.className || "not asking";
    fail(new Error(`no answer within a minute (${state}): ${document.querySelector("#talk").innerText}`));
  }, 60000);
  watch.observe(document.documentElement, { subtree: true, childList: true, attributes: true });
  document.querySelector("#send").click();
})
"""
CLEAR = "document.querySelector('#tools [data-act=clear]').click()"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question as a page saw it: seconds, and what was wrong ("" for nothing)."""

    first: float = 0.0
    whole: float = 0.0
    wrong: str = ""


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--readers", type=int, default=10)
    options = parser.parse_args()
    data = options.data.resolve()
    wanted = options.readers * QUESTIONS_EACH
    expected = dict(islice(answered_questions(data), wanted))
    print(f"{len(expected)} questions for {options.readers} readers")
    assert len(expected) >= options.readers, "DATA holds too little to ask about"
    shares = [list(expected)[place :: options.readers] for place in range(options.readers)]
    with front_door(data) as address:
        asked = asyncio.run(read(address, shares, expected, options.seconds))
    tell(asked)


def answered_questions(data: Path) -> Iterator[tuple[str, str]]:
    """Questions that DATA answers, from all of its documents in turn, each with its answer as plain text."""
    settings = read_settings()
    answerer = Answerer(
        Retriever(data, Encoder(settings.encoder)),
        num_evidence=settings.num_evidence,
        question_characters=settings.question_characters,
        contact=settings.contact,
    )
    texts = set()
    documents = answerer.retriever.gazetteer().documents.values()
    by_document = [candidates(one, (hit.passage for hit in answerer.retriever.passages_of(one))) for one in documents]
    for candidate in filter(None, chain.from_iterable(zip_longest(*by_document))):
        answer = answerer.answer(candidate.question)
        text = plain_text(Turn(question=candidate.question, answer=answer))
        if not answer.status.is_error and answer.text not in texts:  # an answer that two share proves nothing
            texts.add(answer.text)
            yield candidate.question, text


async def read(address: str, shares: Sequence[Sequence[str]], expected: dict[str, str], seconds: float) -> list[Asked]:
    """What all readers saw."""
    await asyncio.to_thread(wait_until_ready, address)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        pages = [await (await browser.new_context(locale="zh-CN")).new_page() for _ in shares]
        for page in pages:
            await page.goto(address)
            await page.locator("#filter-panel").wait_for(state="attached", timeout=60_000)
        until = time.monotonic() + seconds
        seen = await asyncio.gather(
            *(ask(page, share, expected, until) for page, share in zip(pages, shares, strict=True))
        )
        await browser.close()
    return [one for reader in seen for one in reader]


async def ask(page: Page, questions: Sequence[str], expected: dict[str, str], until: float) -> list[Asked]:
    """What one reader saw."""
    seen = []
    for question in cycle(questions):
        if time.monotonic() > until:
            break
        try:
            await page.locator("#question textarea").fill(question)
            shown = await page.evaluate(SEND, question)
        except Error as error:
            seen.append(Asked(wrong=f"error: {question}: {error.message}"))
            continue
        wrong = ""
        if shown["first"] is None or not shown["text"]:
            wrong = f"error: {question}: {await page.locator('#talk .turn').last.inner_text()}"
        elif shown["text"] != expected[question]:
            wrong = f"mixed: {question}: {shown['text']}"
        seen.append(Asked(first=shown["first"] or 0.0, whole=shown["whole"], wrong=wrong))
        await page.evaluate(CLEAR)
    return seen


def wait_until_ready(address: str) -> None:
    """Wait until a question is answered at once: the encoder is there."""
    while True:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=120):
                return
        except OSError:
            time.sleep(0.5)


def tell(asked: Sequence[Asked]) -> None:
    """Counts, seconds, and the first things that were wrong."""
    wrong = [one.wrong for one in asked if one.wrong]
    errors = sum(one.startswith("error") for one in wrong)
    print(f"asked {len(asked)}, errors {errors}, mixed {len(wrong) - errors}")
    right = [one for one in asked if not one.wrong]
    for name, seconds in (("first words", [one.first for one in right]), ("whole", [one.whole for one in right])):
        quantiles = statistics.quantiles(seconds, n=20)
        print(f"{name}: median {statistics.median(seconds):.2f} s, 95th percentile {quantiles[-1]:.2f} s")
    print(f"load of the machine: {os.getloadavg()[0]:.1f}")
    for one in wrong[:5]:
        print(one)


if __name__ == "__main__":
    main()
