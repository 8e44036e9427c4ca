"""Every page in every state: what axe finds by day and by night, what scrolls sideways, a picture of it; and what is done by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kb.search.encoder import Encoder
from tests import CORPUS
from tests.browsing import ask, last, watched
from tests.web.keys import Keys
from tests.web.sample_site import ANSWERED, NAME, PASSWORD, SampleSite, sample_site
from tests.web.visits import PHONE, TWICE, VISITS, WIDE, Visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

axe = pytest.importorskip("axe_playwright_python.base", reason="axe is not installed")

# A change is seen in the next frame, and colours that are on their way would be judged as they stand.
AT_REST = """async () => {
  for (const _ of [1, 2]) await new Promise(requestAnimationFrame);
  const moving = document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime !== Infinity);
  await Promise.all(moving.map((one) => one.finished.catch(() => null)));
}"""
# The window is where a reader has it, on a narrow one, too.
AS_SEEN = """() => {
  const sought = document.querySelector(":target");
  if (sought) sought.scrollIntoView({ block: "center", behavior: "instant" });
}"""
# What reaches beyond the window, and lies in no box that scrolls.
BEYOND = """() => {
  const scrolls = (one) => one && (/auto|scroll/.test(getComputedStyle(one).overflowX) || scrolls(one.parentElement));
  const wide = [...document.body.querySelectorAll("*")].filter((one) => {
    const { right, width } = one.getBoundingClientRect();
    return width > 1 && right > innerWidth + 1 && getComputedStyle(one).visibility === "visible" && !scrolls(one);
  });
  const told = wide.slice(0, 3).map((one) => one.outerHTML.slice(0, 160));
  const width = document.documentElement.scrollWidth;
  return width > innerWidth ? [`scrolls to ${width}`, ...told] : told;
}"""


@pytest.fixture(scope="module")
def site(corpus_data: Path, encoder: Encoder) -> Iterator[SampleSite]:
    """A site in which no page is empty."""
    with sample_site(CORPUS, corpus_data, encoder) as site:
        yield site


@pytest.fixture(scope="module")
def page(chromium: Browser, site: SampleSite) -> Iterator[Page]:
    """A browser of the admin; that a page tells of an error by its status is no error in it."""
    with watched(chromium, site.address, but="Failed to load resource.* 4[0-9][0-9] ") as page:
        page.emulate_media(reduced_motion="reduce")  # what scrolls is there at once
        page.add_init_script(
            "localStorage.clear(); sessionStorage.clear()"
        )  # no conversation goes on from one visit to the next
        page.goto(f"{site.address}/desk/login")
        page.locator("#name").fill(NAME)
        page.locator("#password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/documents")
        yield page


@pytest.mark.parametrize("visit", VISITS, ids=lambda visit: visit.name)
def test_a_page_is_for_everybody(visit: Visit, page: Page, site: SampleSite, pictures: Path) -> None:
    """No serious fault by day or by night, and no scrolling sideways on a phone or at twice the size."""
    page.emulate_media(color_scheme="light")
    visit(page, site)
    found = [*_faults(page, "light")]
    page.emulate_media(color_scheme="dark")
    found += _faults(page, "dark")
    if visit.name.startswith("chat"):
        _picture(page, pictures, f"{visit.name}-{page.viewport_size['width']}-dark")
    page.emulate_media(color_scheme="light")
    for size in (PHONE, TWICE) if visit.is_of_phones else (WIDE, PHONE, TWICE):
        page.set_viewport_size(size)
        page.evaluate(AT_REST)
        found += [f"{size['width']} px: {told}" for told in page.evaluate(BEYOND)]
        if size is not TWICE:
            _picture(page, pictures, f"{visit.name}-{size['width']}")
    assert not found, "\n".join([visit.name, *found])


# By keyboard alone -----------------------------------------------------------------------------------------------


@pytest.fixture
def keys(chromium: Browser, site: SampleSite) -> Iterator[Keys]:
    """A reader at the chat page."""
    with watched(chromium, site.address) as page:
        page.goto(site.address)
        page.locator(".example:visible").first.wait_for(timeout=60_000)
        yield Keys(page)


def test_an_answer_is_read_by_keyboard(keys: Keys) -> None:
    """From the box to a mark, its passage, the document at the quote, and back to the mark."""
    page = keys.page
    keys.tab_to(".skip", back=True)
    keys.press("Enter")
    assert keys.is_at("#question textarea")
    page.keyboard.insert_text(ANSWERED)
    keys.press("Enter")
    last(page, "a.mark").first.wait_for(timeout=60_000)
    page.locator("html:not(.asking)").wait_for(timeout=60_000)
    assert keys.is_at("#question textarea")
    keys.tab_to("#talk .answer a.mark", back=True)
    keys.press("Enter")
    assert "99.7%" in page.locator("#cards .card:focus mark.current").inner_text()
    keys.tab_to("#cards .whole a")
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    opened.value.wait_for_load_state()
    assert "99.7%" in opened.value.locator("mark:focus").inner_text()
    opened.value.close()
    keys.press("Escape")
    assert keys.is_at("#talk .answer a.mark")


def test_an_example_is_asked_and_asked_again_by_keyboard(keys: Keys) -> None:
    """What was pressed is gone then: the focus goes on from the box."""
    page = keys.page
    for selector in (".example", "[data-act=retry]"):
        keys.tab_to(selector, back=True)
        page.keyboard.press("Enter")
        last(page, ".whole, [data-act=retry]").first.wait_for(timeout=60_000)
        page.locator("html:not(.asking)").wait_for(timeout=60_000)
        keys.see()
        assert keys.is_at("#question textarea")


def test_filters_are_chosen_by_keyboard(keys: Keys) -> None:
    """The panel takes the focus, and gives it back to what opened it, or to the box."""
    page = keys.page
    keys.tab_to("#filters .bar > button", back=True)
    keys.press("Enter")
    assert keys.is_at("#filter-panel input")
    keys.press("Space", "Escape")
    assert keys.is_at("#filters .bar > button")
    keys.tab_to("#filters .tag")
    keys.press("Enter")
    assert keys.is_at("#question textarea")
    assert 0 == page.locator("#filters .tag").count()
    keys.tab_to("#filters .bar > button", back=True)
    keys.press("Enter")
    keys.tab_to("[data-act=chosen]")
    keys.press("Enter")
    assert keys.is_at("#question textarea")


def test_an_answer_is_rated_and_exported_by_keyboard(keys: Keys) -> None:
    """The form and the menu give the focus back to what opened them."""
    page = keys.page
    ask(page, ANSWERED)
    keys.tab_to("[data-act=bad]", back=True)
    keys.press("Enter")
    assert keys.is_at(".reasons [name=reason]")
    keys.press("ArrowDown", "Escape")
    assert keys.is_at("[data-act=bad]")
    keys.press("Enter", "ArrowDown")
    keys.tab_to(".reasons [type=submit]")
    page.keyboard.press("Enter")
    last(page, ".thanks").wait_for()
    keys.see()
    assert keys.is_at("[data-act=bad]")
    keys.tab_to("#tools summary")
    keys.press("Enter")
    keys.tab_to("#export [value=md]")
    with page.expect_download():
        page.keyboard.press("Enter")
    keys.see()
    assert keys.is_at("#tools summary")


def test_documents_are_kept_by_keyboard(chromium: Browser, site: SampleSite) -> None:
    """An editor's way: the log-in, the list, a withdrawal and its end, the question before a removal."""
    with watched(chromium, site.address) as page:
        keys = Keys(page)
        page.goto(f"{site.address}/desk/pins")
        keys.see()
        page.keyboard.insert_text(NAME)
        keys.press("Tab")
        page.keyboard.insert_text(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/pins")
        keys.press("Tab", "Enter")
        assert keys.is_at("main")
        keys.tab_to(".rooms [href='/desk/documents']", back=True)
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/documents")
        keys.tab_to("main tbody a")
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/documents/*")
        for act, badge in (("withdraw", "withdrawn"), ("restore", "in_force")):
            keys.tab_to(f"form[action$='/{act}'] button")
            page.keyboard.press("Enter")
            page.locator(f"h1 .badge.{badge}").wait_for()
        keys.tab_to("main a[href$='/remove']")
        page.keyboard.press("Enter")
        page.wait_for_url("**/remove")
        keys.tab_to("form[action$='/remove'] button")
        keys.tab_to("form[action$='/remove'] a")
        page.keyboard.press("Enter")
        page.locator("#versions").wait_for()


# Underneath ------------------------------------------------------------------------------------------------------


def _faults(page: Page, scheme: str) -> list[str]:
    """What axe finds serious: by which colours, which rule, which element."""
    page.evaluate(AT_REST)
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(axe.AXE_SCRIPT)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [
        f"{scheme}: {rule['id']}: {node['html'][:160]}: {node['failureSummary']}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


def _picture(page: Page, folder: Path, name: str) -> None:
    page.evaluate(AS_SEEN)
    page.screenshot(path=folder / f"{name}.png", animations="disabled")
