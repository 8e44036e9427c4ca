"""One long way through the pages as people go it, in a real browser: from the first start to the last log-out.

The chapters stand in the order in which they happen, over one site: a chapter builds on those before it, and none is run
by itself. What is checked is what a person sees.
"""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import docx
import pytest
from fastapi import APIRouter, FastAPI

from kb.web.site import build_pages, build_site
from kb.web.site_parts import SiteParts
from tests.browsing import ask, last, watched
from tests.conftest import PASSWORD, Clock
from tests.every_format import Sent, every_format
from tests.front_door import address_of, front_door
from tests.serving import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

ADMIN, ADMIN_PASSWORD = "周管理", "青石 板 路 七 号"
EDITOR, EDITOR_PASSWORD = "林编辑", "河边 第三 棵 柳树"
OFFICE = "岚溪县司法局"
AIDED = f"{OFFICE}2024年办理法律援助案件多少件？"
NOTARISED = f"{OFFICE}2024年办理公证多少件？"
BEFORE = f"{OFFICE}2022年办理法律援助案件多少件？"
PINNED = "公证由县公证处办理，县司法局的年度报告不列件数。[1]"


def report(year: int, cases: int) -> str:
    """A year's report of an office that does not exist."""
    return f"""# {OFFICE}{year}年法治政府建设年度报告

## 一、主要工作

{year}年，全县办理法律援助案件{cases}件，接待来访群众一千余人。

## 二、有关说明

公证由县公证处办理，不列入本报告。

{OFFICE}
"""


def report_name(year: int, ending: str = "md") -> str:
    return f"{year}_{OFFICE}_法治政府建设年度报告.{ending}"


def reports() -> list[Sent]:
    """The reports of two years, as Markdown and as plain text."""
    return [
        Sent(
            name=report_name(year, ending),
            content=report(year, cases).replace("# " if ending == "txt" else "\0", "").encode(),
            question=f"{OFFICE}{year}年办理法律援助案件多少件？",
            figure=f"{cases}件",
        )
        for year, ending, cases in ((2024, "md", 156), (2023, "txt", 128))
    ]


@dataclass(frozen=True, kw_only=True)
class Journey:
    """The site, its people, each at a browser of their own, and what they have to send."""

    address: str
    setup_link: str  # as the start printed it
    admin: Page
    editor: Page
    citizen: Page
    documents: Sequence[Sent]
    folder: Path  # of the server, empty, that the settings open

    def document(self, ending: str) -> Sent:
        return next(one for one in self.documents if one.name.endswith(ending))


@pytest.fixture(scope="module")
def journey(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journey]:
    """`python app.py` over an empty data folder, and three people before it."""
    home = tmp_path_factory.mktemp("journey")
    folder = home / "documents"
    folder.mkdir()
    with ExitStack() as opened:
        process = opened.enter_context(
            front_door("--data", str(home / "data"), "--port", "0", WENZHENG_FOLDERS=str(folder))
        )
        opened.callback(process.terminate)
        documents = [*reports(), *every_format()]  # while the site starts
        address = address_of(process)
        assert process.stdout is not None
        printed = next(line for line in process.stdout if "/desk/setup/" in line)
        admin, editor, citizen = (opened.enter_context(watched(chromium, address)) for _ in range(3))
        yield Journey(
            address=address,
            setup_link=printed.partition("：")[2].strip(),
            admin=admin,
            editor=editor,
            citizen=citizen,
            documents=documents,
            folder=folder,
        )
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        assert "" == errors


@pytest.fixture(autouse=True, scope="module")
def failed_before(request: pytest.FixtureRequest) -> int:
    return request.session.testsfailed


@pytest.fixture(autouse=True)
def _whole_way(request: pytest.FixtureRequest, failed_before: int) -> None:
    """Where a chapter has failed, those after it would only say so again."""
    if request.session.testsfailed > failed_before:
        pytest.skip("a chapter before this one failed")


# What people do again and again ----------------------------------------------------------------------------------


def enter(page: Page, name: str, password: str) -> None:
    """Fill in the log-in that is on the page, and send it."""
    page.get_by_label("用户名").fill(name)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()


def set_password(page: Page, password: str) -> None:
    page.get_by_label("新密码").fill(password)
    page.get_by_label("再输一次").fill(password)
    page.get_by_role("button", name="设置密码").click()


def room(page: Page, name: str) -> None:
    """Go to a room of the desk by its link."""
    page.locator("nav.rooms").get_by_role("link", name=name, exact=True).click()


def await_run(page: Page) -> None:
    """Wait until the run whose page this is is over: the page shows its report by itself then."""
    page.get_by_role("heading", name="报告", exact=True).wait_for(timeout=120_000)


def counts(page: Page) -> dict[str, int]:
    """What the report on the page says was done."""
    found = (words.split() for words in page.locator(".counts li").all_inner_texts())
    return {kind: int(number) for number, kind in found if kind != "编码段落"}


def upload(page: Page, *files: Sent) -> None:
    """Choose files on the page of the documents, and send them."""
    room(page, "文件")
    page.get_by_label("上传文件").set_input_files(
        [{"name": file.name, "mimeType": "application/octet-stream", "buffer": file.content} for file in files]
    )
    page.get_by_role("button", name="上传", exact=True).click()
    page.wait_for_url("**/desk/synchronise/*")


def drop(page: Page, file: Sent) -> None:
    """Drop a file on the page of the documents."""
    room(page, "文件")
    page.get_by_text("也可以把文件拖到这里").wait_for()
    dropped = page.evaluate_handle(
        """([name, content]) => {
            const dropped = new DataTransfer();
            dropped.items.add(new File([content], name));
            return dropped;
        }""",
        [file.name, file.content.decode()],
    )
    page.locator("form.upload").dispatch_event("drop", {"dataTransfer": dropped})
    page.wait_for_url("**/desk/synchronise/*")


def open_document(page: Page, name: str) -> None:
    """Find a document at the desk by the name of its file, and open it."""
    room(page, "文件")
    page.get_by_label("标题、文号、文件名").fill(name)
    page.get_by_role("button", name="查找").click()
    page.locator("tbody th a").click()


def chat(page: Page, address: str) -> None:
    """Open the chat, and wait until one can ask."""
    page.goto(address)
    page.locator("#filters .bar").wait_for(timeout=60_000)


def choose_year(page: Page, year: int) -> None:
    """Keep the next questions to a year."""
    page.locator("#filters").get_by_role("button", name="份文件中查").click()
    page.locator("#filter-panel").get_by_text(f"{year}年", exact=True).click()
    page.locator("#filter-panel").get_by_role("button", name="完成").click()


def turn_of(page: Page, question: str) -> Locator:
    """The first turn in which this was asked."""
    return page.locator("#talk .turn:visible").filter(has=page.locator(".asked", has_text=question)).first


def addresses(router: FastAPI | APIRouter) -> Iterator[str]:
    """The paths that a browser can go to."""
    for route in router.routes:
        if isinstance(inner := getattr(route, "original_router", None), APIRouter):
            yield from addresses(inner)
        elif "GET" in (getattr(route, "methods", None) or ()):
            yield getattr(route, "path", "")


# The chapters ----------------------------------------------------------------------------------------------------


def test_first_start(journey: Journey) -> None:
    """The link that the start prints makes the first admin, once; a wrong password is told, the right one lets in."""
    page = journey.admin
    page.goto(journey.setup_link)
    page.get_by_label("用户名").fill(ADMIN)
    set_password(page, ADMIN_PASSWORD)
    assert "密码已设好，请用它登录。" == page.get_by_role("status").inner_text()
    page.goto(journey.setup_link)
    assert page.get_by_role("heading", name="链接已失效").is_visible()
    page.get_by_role("link", name="登录管理页面").click()
    enter(page, ADMIN, "不是 这 一个 密码")
    assert "不对" in page.get_by_role("alert").inner_text()
    enter(page, ADMIN, ADMIN_PASSWORD)
    assert f"{journey.address}/desk/documents" == page.url
    page.get_by_text("库中还没有文件").wait_for()


def test_nothing_is_held(journey: Journey) -> None:
    """A citizen who comes too early is told that nothing is held, by page and answer."""
    page = journey.citizen
    chat(page, journey.address)
    assert "库中还没有文件" == page.locator("#filters .bar").inner_text()
    ask(page, AIDED)
    assert "库中还没有文件" in last(page, ".refused .verdict").inner_text()


def test_upload(journey: Journey) -> None:
    """Many files of all formats go in at once; the run is followed, also over a reload, and tells what it did and refused."""
    page = journey.admin
    broken = Sent(name="2024_岚溪县档案局_档案工作报告.docx", content=journey.document("docx").content[:3000])
    upload(page, *journey.documents, broken)
    run = page.url
    page.reload()
    progress = page.locator(".run-strip progress")
    assert progress.is_visible()
    page.locator('.run-strip progress:not([value="0"])').wait_for(timeout=60_000)
    room(page, "文件")
    progress.wait_for()
    page.goto(run)
    await_run(page)
    assert {"新建": len(journey.documents), "拒绝": 1} == counts(page)
    assert f"{broken.name}：文件损坏" in page.locator(".message.failed").inner_text()
    room(page, "文件")
    assert f"{broken.name}：文件损坏" in page.locator(".message.failed").inner_text()
    page.get_by_role("button", name="删除此文件").click()
    page.get_by_label("上传文件").wait_for()
    assert 0 == page.locator(".message.failed").count()


def test_every_format_is_answered_from(journey: Journey) -> None:
    """The fact of each file, whatever its format, is given with its figure; the page that was open all along knows them."""
    page = journey.citizen
    for sent in journey.documents:
        ask(page, sent.question)
        assert sent.figure in last(page, ".answer").inner_text(), sent.name
        assert last(page, ".sources").inner_text()
    page.locator("[data-act=clear]").click()


def test_a_citation_is_followed(journey: Journey) -> None:
    """An answer grows, and its mark leads to the very words in the document, whose original file is what was sent."""
    page = journey.citizen
    page.evaluate(
        """() => {
            window.lengths = [];
            new MutationObserver(() => {
                const answer = document.querySelector("#current .answer");
                if (answer?.offsetParent) window.lengths.push(answer.innerText.length); // it is seen
            }).observe(document.querySelector("#current"), { childList: true, subtree: true });
        }"""
    )
    ask(page, AIDED)
    assert [AIDED] == page.locator("#talk .asked:visible").all_inner_texts()  # what was cleared stays away
    lengths = page.evaluate("window.lengths")
    assert len(set(lengths)) > 2 and sorted(lengths) == lengths
    assert "156件" in last(page, ".answer").inner_text()
    last(page, ".answer a.mark").first.click()
    quoted = page.locator("#cards mark.current").first.inner_text()
    assert "156件" in quoted
    with page.expect_popup() as opened:
        page.get_by_role("link", name="查看全文").first.click()
    document = opened.value
    document.locator("mark").first.wait_for()
    assert [quoted] == document.locator("mark").all_inner_texts()
    assert document.locator("mark").is_visible()
    with document.expect_download() as kept:
        document.get_by_role("link", name="下载原文件").click()
    assert report_name(2024) == kept.value.suggested_filename
    assert journey.document("年度报告.md").content == Path(kept.value.path()).read_bytes()
    document.close()


def test_a_question_is_kept_to_a_year(journey: Journey) -> None:
    """A year that is chosen counts where the question names none."""
    page = journey.citizen
    choose_year(page, 2023)
    ask(page, f"{OFFICE}办理法律援助案件多少件？")
    assert "128件" in last(page, ".answer").inner_text()
    assert "查找范围：2023年" == last(page, ".searched").inner_text()
    page.locator("#filters .tag").click()


def test_what_is_not_held_is_refused(journey: Journey) -> None:
    """What no document states, and a year that none is of, are refused, each by its name."""
    page = journey.citizen
    ask(page, NOTARISED)
    assert "文件里没有写明" in last(page, ".refused .verdict").inner_text()
    ask(page, BEFORE)
    assert "没有这一年的文件" in last(page, ".refused .verdict").inner_text()


def test_years_are_compared_and_rated(journey: Journey) -> None:
    """Two years stand side by side with a chart; the answer can be rated."""
    page = journey.citizen
    ask(page, f"{OFFICE}2023年和2024年办理法律援助案件各多少件？")
    assert ["128件", "156件"] == last(page, "td.value a.figure").all_inner_texts()
    assert last(page, ".chart svg").is_visible()
    last(page).get_by_role("button", name="有帮助").click()
    last(page).get_by_text("谢谢，已记下。").wait_for()


def test_the_conversation_is_kept_and_taken_along(journey: Journey) -> None:
    """A reload keeps the turns; they are exported as a Word document and as Markdown."""
    page = journey.citizen
    before = page.locator("#talk .answer:visible").all_inner_texts()
    page.reload()
    page.locator("#talk .turn").first.wait_for(timeout=60_000)
    assert before == page.locator("#talk .answer:visible").all_inner_texts()
    written = {}
    for name, ending in (("Word 文档", "docx"), ("Markdown", "md")):
        page.locator("summary", has_text="导出").click()
        with page.expect_download() as exported:
            page.get_by_role("button", name=name).click()
        assert exported.value.suggested_filename.endswith(f".{ending}")
        written[ending] = Path(exported.value.path())
    in_word = "\n".join(paragraph.text for paragraph in docx.Document(str(written["docx"])).paragraphs)
    for words in (in_word, written["md"].read_text(encoding="utf-8")):
        assert all(part in words for part in (AIDED, "156件", f"《{OFFICE}2024年法治政府建设年度报告》", NOTARISED))


def test_a_new_version_is_answered_from(journey: Journey) -> None:
    """A file of the same name is a new version: the question gets the new figure, the kept citation says that it is old."""
    page = journey.admin
    drop(page, Sent(name=report_name(2024), content=report(2024, 165).encode()))
    await_run(page)
    assert {"更新": 1} == {kind: number for kind, number in counts(page).items() if kind != "未变"}
    page.get_by_role("link", name="与上一版比较").click()
    page.locator("ins").first.wait_for()
    assert ["156"] == page.locator("del").all_inner_texts()
    assert ["165"] == page.locator("ins").all_inner_texts()

    page = journey.citizen
    ask(page, AIDED)
    assert "165件" in last(page, ".answer").inner_text()
    page.reload()
    page.locator("#talk .turn").first.wait_for(timeout=60_000)
    old = turn_of(page, AIDED)
    assert "156件" in old.locator(".answer").inner_text()
    old.locator(".answer a.mark").first.click()
    assert "此件已有新版。" == page.locator("#cards .card .ending").inner_text()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="查看全文").first.click()
    document = opened.value
    assert "156件" in document.locator("mark").inner_text()
    assert "这是旧版" in document.locator(".message").inner_text()
    document.locator(".message a").click()
    assert "165件" in document.locator(".whole").inner_text()
    document.close()


def test_a_document_is_withdrawn_and_restored(journey: Journey) -> None:
    """From the next question on nothing is answered from it, and its page says so; restored, it is there again."""
    admin, citizen, sent = journey.admin, journey.citizen, journey.document("html")
    open_document(admin, sent.name)
    admin.get_by_role("button", name="撤回").click()
    assert "已撤回" == admin.locator("h1 .badge").inner_text()
    ask(citizen, sent.question)
    assert last(citizen, ".refused").is_visible()
    document = citizen.context.new_page()
    document.goto(admin.url.replace("/desk/", "/"))
    assert "撤回" in document.locator(".message.failed").inner_text()
    assert sent.figure not in document.locator("body").inner_text()
    admin.get_by_role("button", name="恢复使用").click()
    admin.locator("h1 .badge", has_text="在用").wait_for(timeout=60_000)
    document.reload()
    assert sent.figure in document.locator("body").inner_text()
    document.close()
    ask(citizen, sent.question)
    assert sent.figure in last(citizen, ".answer").inner_text()


def test_an_editor_is_made(journey: Journey) -> None:
    """A one-time link lets an editor set a password and come in; what only admins may is denied with the reason."""
    page = journey.admin
    room(page, "人员")
    page.get_by_label("用户名").fill(EDITOR)
    page.get_by_role("button", name="添加人员").click()
    link = page.get_by_label(f"请把这个链接转给 {EDITOR}").input_value()

    page = journey.editor
    page.goto(link)
    set_password(page, EDITOR_PASSWORD)
    enter(page, EDITOR, EDITOR_PASSWORD)
    page.get_by_role("link", name=f"{EDITOR} · 编辑").wait_for()
    assert "人员" not in page.locator("nav.rooms").inner_text()
    for address in ("people", "settings", "tokens", "audit"):
        page.goto(f"{journey.address}/desk/{address}")
        assert page.get_by_text("只有管理员能做").is_visible()
        page.get_by_role("link", name="回到管理页面").click()
    open_document(page, report_name(2024))
    page.get_by_role("heading", name="操作").wait_for()
    assert 0 == page.get_by_role("link", name="移除").count()
    page.goto(link)
    assert page.get_by_role("heading", name="链接已失效").is_visible()


def test_an_answer_is_pinned(journey: Journey) -> None:
    """What stayed unanswered gets an answer of an editor's, with its source; a citizen gets it, and is told by whom."""
    page = journey.editor
    page.goto(f"{journey.address}/desk")
    room(page, "问答记录")
    page.get_by_role("link", name="未答问题").click()
    group = page.locator(".groups > li").filter(has=page.get_by_role("heading", name=NOTARISED))
    group.get_by_role("link", name="核定一个回答").click()
    assert NOTARISED == page.get_by_label("问法").input_value()
    page.get_by_label("回答").fill(PINNED)
    first = page.get_by_role("group", name="引文 1")
    listed = page.locator("#documents option").filter(has_text=report_name(2024))
    first.get_by_label("文件").fill(listed.get_attribute("value") or "")
    first.get_by_label("原文字句").fill("公证由县公证处办理，不列入本年度报告。")
    page.get_by_role("button", name="核对并保存").click()
    page.get_by_role("alert").wait_for()  # the words do not stand there
    first.get_by_label("原文字句").fill("公证由县公证处办理，不列入本报告。")
    page.get_by_role("button", name="核对并保存").click()
    page.get_by_role("heading", name="生效中").wait_for()

    page = journey.citizen
    ask(page, NOTARISED)
    answer = last(page, ".answer").inner_text()
    assert "公证由县公证处办理" in answer
    assert re.search(r"本回答由工作人员于\d+年\d+月\d+日核定。", answer)
    last(page, ".answer a.mark").first.click()
    assert "不列入本报告" in page.locator("#cards mark.current").inner_text()


def test_what_came_later_is_asked_again(journey: Journey) -> None:
    """A folder of the server is added and synchronised; the question that it answers is asked again, and both stand there.

    A citizen's page that was open all along offers the new year, and what was chosen on it stays chosen.
    """
    citizen, page = journey.citizen, journey.admin
    choose_year(citizen, 2024)
    (journey.folder / report_name(2022)).write_text(report(2022, 97), encoding="utf-8")
    room(page, "同步")
    page.get_by_label("添加服务器文件夹").fill(str(journey.folder))
    page.get_by_role("button", name="添加", exact=True).click()
    page.get_by_role("button", name="同步全部文件夹").click()
    await_run(page)
    assert 1 == counts(page)["新建"]
    room(page, "问答记录")
    page.get_by_role("link", name="未答问题").click()
    group = page.locator(".groups > li").filter(has=page.get_by_role("heading", name=BEFORE))
    group.get_by_role("button", name="再问一次").click()
    page.locator(".beside section").nth(1).wait_for()
    then, now = page.locator(".beside section").all()
    assert "没有这一年的文件" in then.inner_text()
    assert "97件" in now.inner_text()
    page.get_by_role("link", name="未答问题").first.click()
    assert BEFORE not in page.locator("main").inner_text()

    ask(citizen, AIDED)
    assert "165件" in last(citizen, ".answer").inner_text()
    citizen.locator("#filter-panel").get_by_text("2022年", exact=True).wait_for(state="attached")
    assert ["2024年 ×"] == citizen.locator("#filters .tag").all_inner_texts()


def test_every_page_stays_at_home(journey: Journey, parts: SiteParts) -> None:
    """Each page that an address without a variable leads to is shown, in both languages, and asks no other host."""
    page = journey.admin
    paths = {path for path in addresses(build_pages(parts)) if "{" not in path and not path.endswith(".csv")}
    assert {"/documents", "/api", "/healthz", "/desk/documents", "/desk/health", "/desk/settings"} < paths
    for language in ("en", "zh"):
        shown = {path: page.goto(f"{journey.address}{path}?language={language}") for path in sorted({"/", *paths})}
        assert ["/desk/questions/again"] == [path for path, answer in shown.items() if not (answer and answer.ok)]


def test_leaving(journey: Journey) -> None:
    """Who has logged out is asked to log in again, also by the way back."""
    for page in (journey.admin, journey.editor):
        page.goto(f"{journey.address}/desk/documents")
        page.get_by_role("button", name="退出").click()
        assert "您已退出。" == page.get_by_role("status").inner_text()
        page.go_back()
        assert page.get_by_role("button", name="登录").is_visible()
        page.goto(f"{journey.address}/desk/documents")
        assert page.get_by_role("button", name="登录").is_visible()


# Where the clock must be moved -----------------------------------------------------------------------------------


@pytest.fixture
def desk(parts: SiteParts) -> Iterator[str]:
    """The address of a site in this process, whose clock the test moves."""
    with served(build_site(parts)) as address:
        yield address


def test_a_session_that_is_over_leads_back(chromium: Browser, desk: str, clock: Clock) -> None:
    """Who has done nothing for an hour logs in again and is where they wanted to go, or where the form is that was not taken."""
    with watched(chromium, desk) as page:
        page.goto(f"{desk}/desk/questions?show=bad")
        assert 0 == page.get_by_role("status").count()
        enter(page, "王管理", PASSWORD)
        assert f"{desk}/desk/questions?show=bad" == page.url
        clock.now += 3601
        room(page, "核定回答")
        assert "登录已过期，请重新登录。" == page.get_by_role("status").inner_text()
        enter(page, "王管理", PASSWORD)
        assert f"{desk}/desk/pins" == page.url
        room(page, "人员")
        page.get_by_label("用户名").fill(EDITOR)
        clock.now += 3601
        page.get_by_role("button", name="添加人员").click()
        assert "刚才的改动没有保存" in page.get_by_role("status").inner_text()
        enter(page, "王管理", PASSWORD)
        assert f"{desk}/desk/people" == page.url
        assert EDITOR not in page.locator("main").inner_text()
