"""Every page of the site in each of its states, as a browser gets there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.web.html import LANGUAGE_COOKIE
from tests.browsing import ask, last
from tests.web.sample_site import REFUSED, TABLE, SampleSite

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
TWICE = {"width": 640, "height": 400}  # what is left of WIDE at 200 %


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One page in one state; `address` may name fields of the sample site."""

    name: str
    address: str
    act: Callable[[Page], object] = lambda page: None
    is_of_phones: bool = False

    def __call__(self, page: Page, site: SampleSite) -> None:
        """Bring the browser there, in Chinese, with no conversation kept from before."""
        page.set_viewport_size(PHONE if self.is_of_phones else WIDE)
        page.context.clear_cookies(name=LANGUAGE_COOKIE)
        fields = {name: getattr(site, name) for name in SampleSite.__slots__ if name != "address"}
        page.goto(site.address + self.address.format(**fields))
        if page.locator("gradio-app").count():
            page.locator(".example:visible").first.wait_for(timeout=60_000)
        self.act(page)


def _answered(page: Page) -> None:
    ask(page, TABLE)
    last(page, ".chart").wait_for()
    _to_the_top(page)


def _refused(page: Page) -> None:
    ask(page, REFUSED)
    last(page, ".refused").wait_for()


def _rated(page: Page) -> None:
    _answered(page)
    last(page, "[data-act=bad]").click()


def _filtered(page: Page) -> None:
    page.locator("#filters .bar > button").click()
    page.locator("#filter-panel").get_by_text("2024年", exact=True).click()


def _marked(page: Page) -> None:
    _answered(page)
    last(page, ".answer a.mark").first.click()
    page.locator("#sheet[open] mark.current").first.wait_for()


def _refused_file(page: Page) -> None:
    page.locator("#files").set_input_files({"name": "空白.txt", "mimeType": "text/plain", "buffer": b""})
    page.locator("form.upload button").click()
    page.locator(".upload-note.failed").wait_for()


def _opened(page: Page) -> None:
    page.locator("main summary").first.click()
    _to_the_top(page)


def _to_the_top(page: Page) -> None:
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")


VISITS = (
    Visit(name="chat", address="/"),
    Visit(name="chat-answer", address="/", act=_answered),
    Visit(name="chat-refusal", address="/", act=_refused),
    Visit(name="chat-filters", address="/", act=_filtered),
    Visit(name="chat-rating", address="/", act=_rated),
    Visit(name="chat-passage", address="/", act=_marked, is_of_phones=True),
    Visit(name="chat-english", address="/?language=en", act=_answered),
    Visit(name="documents", address="/documents"),
    Visit(name="document", address="{quote}"),
    Visit(name="document-superseded", address="/documents/{report_before}"),
    Visit(name="document-withdrawn", address="/documents/{withdrawn}"),
    Visit(name="api", address="/api"),
    Visit(name="missing", address="/documents/999999"),
    Visit(name="no-such-page", address="/desk/none"),
    Visit(name="error", address="/desk/audit?page=x"),
    Visit(name="login", address="/desk/login"),
    Visit(name="setup", address="/desk/setup/{setup}"),
    Visit(name="reset", address="/desk/setup/{reset}"),
    Visit(name="password", address="/desk/password"),
    Visit(name="desk-documents", address="/desk/documents"),
    Visit(name="desk-upload", address="/desk/documents", act=_refused_file),
    Visit(name="desk-document", address="/desk/documents/{corrected}"),
    Visit(name="desk-remove", address="/desk/documents/{report}/remove"),
    Visit(name="desk-text", address="/desk/documents/{report}/text"),
    Visit(name="desk-passages", address="/desk/documents/{report}/passages"),
    Visit(name="desk-compare", address="/desk/documents/{report}/compare/{report_before}"),
    Visit(name="desk-synchronise", address="/desk/synchronise"),
    Visit(name="desk-run", address="/desk/synchronise/{run}"),
    Visit(name="desk-questions", address="/desk/questions"),
    Visit(name="desk-question", address="/desk/questions/{entry}"),
    Visit(name="desk-unanswered", address="/desk/questions/unanswered", act=_opened),
    Visit(name="desk-pictures", address="/desk/questions/pictures", act=_opened),
    Visit(name="desk-pins", address="/desk/pins"),
    Visit(name="desk-pin", address="/desk/pins/{pin}"),
    Visit(name="desk-quality", address="/desk/quality"),
    Visit(name="desk-evaluation", address="/desk/quality/{evaluation}"),
    Visit(name="desk-people", address="/desk/people", act=_opened),
    Visit(name="desk-tokens", address="/desk/tokens"),
    Visit(name="desk-audit", address="/desk/audit"),
    Visit(name="desk-settings", address="/desk/settings"),
    Visit(name="desk-health", address="/desk/health"),
    Visit(name="desk-english", address="/desk/documents?language=en"),
)
