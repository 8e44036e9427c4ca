"""The desk's pages of documents: what an editor sends, changes and takes back, and what becomes of it in answers."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kb.admin.audit import AuditFilter
from kb.admin.documents import DocumentFilter, Standing
from kb.admin.jobs import JobHistory, JobState
from kb.types import Answer, Status
from kb.web.diff import differences
from kb.web.site_parts import SiteParts
from tests import CORPUS

if TYPE_CHECKING:
    from starlette.testclient import TestClient

Browsers = Callable[..., "TestClient"]
REPORT = "云澜区2024年度法治政府建设情况报告\n一、工作\n2024年组织学法17次。\n"
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
_PATIENCE = 60.0


@pytest.fixture
def editor(browser_at: Browsers) -> TestClient:
    return browser_at("Li.Editor")


@pytest.fixture
def admin(browser_at: Browsers) -> TestClient:
    return browser_at("王管理")


def token(browser: TestClient) -> str:
    match = re.search(r'name="token" value="([0-9a-f]{64})"', browser.get("/desk/documents").text)
    assert match is not None
    return match.group(1)


def post(browser: TestClient, address: str, **fields: Any) -> Any:
    return browser.post(address, data={"token": token(browser), **fields})


def send(browser: TestClient, *files: tuple[str, bytes | str], **headers: str) -> Any:
    return browser.post(
        "/desk/documents/files",
        data={"token": token(browser)},
        files=[("files", (name, content)) for name, content in files],
        headers=headers,
    )


def settled(parts: SiteParts) -> None:
    """Wait until no run is at work."""
    until = time.monotonic() + _PATIENCE
    while any(not run.state.is_over for run in parts.editing.jobs.latest()):
        assert time.monotonic() < until
        time.sleep(0.01)


def upload(browser: TestClient, parts: SiteParts, name: str, content: bytes | str = REPORT) -> int:
    """Send a file, and return the id of its document once it is held."""
    reply = send(browser, (name, content))
    assert 303 == reply.status_code, reply.text
    settled(parts)
    document = parts.editing.documents.at(str(parts.editing.uploads.folder / name))
    assert document is not None, browser.get(reply.headers["location"]).text
    return document.id


def ask(parts: SiteParts, question: str = "云澜区2024年组织学法多少次？") -> Answer:
    return parts.writer.answerer.answer(question)


def acts(parts: SiteParts) -> list[str]:
    return [line.act for line in reversed(parts.audit.lines(AuditFilter(), limit=100)) if line.act != "account.enter"]


# Sending -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", sorted(path.name for path in CORPUS.iterdir() if path.suffix in (".txt", ".docx", ".pdf", ".html", ".md"))
)
def test_each_format_is_taken(name: str, editor: TestClient, parts: SiteParts) -> None:
    """By what the bytes are; its page, its text and its passages are shown, and its original is what was sent."""
    content = (CORPUS / name).read_bytes()
    document = upload(editor, parts, name, content)
    assert name in editor.get(f"/desk/documents/{document}").text
    assert 200 == editor.get(f"/desk/documents/{document}/text").status_code
    assert 200 == editor.get(f"/desk/documents/{document}/passages").status_code
    original = editor.get(f"/desk/documents/{document}/original")
    assert content == original.content
    assert original.headers["content-disposition"].startswith("attachment;")
    assert ("nosniff", "application/octet-stream") == (
        original.headers["x-content-type-options"],
        original.headers["content-type"],
    )


def test_an_archive_is_taken_member_by_member(editor: TestClient, parts: SiteParts) -> None:
    """A zip is as many documents as it has files, and one that cannot be read is named by itself."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("年报/a.txt", REPORT)
        archive.writestr("年报/b.txt", REPORT.replace("2024", "2023"))
        archive.writestr("年报/c.pdf", b"%PDF-1.7 nothing more")
    run = send(editor, ("年报.zip", packed.getvalue())).headers["location"]
    settled(parts)
    assert 2 == parts.editing.documents.page(DocumentFilter()).total
    assert "年报.zip!/年报/c.pdf" in editor.get(run).text


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../../etc/报告.txt", "报告.txt"),
        ("报\u202e告\u200b.txt", "报告.txt"),
        (HOSTILE + ".txt", "script_%22__img src=x onerror=alert(2)_.txt"),  # as browsers write quotation marks
        ("长" * 300 + ".txt", "长" * 65 + ".txt"),
        ("con.txt", "_con.txt"),
    ],
    ids=["path", "controls", "markup", "long", "device"],
)
def test_hostile_names_do_no_harm(name: str, kept: str, editor: TestClient, parts: SiteParts, data: Path) -> None:
    """The file lies in the folder of uploads under a plain name, and no page renders what the name says."""
    run = send(editor, (name, REPORT)).headers["location"]
    settled(parts)
    assert [kept] == [path.name for path in (data / "documents").iterdir() if path.is_file()]
    for address in ("/desk/documents", "/desk/synchronise", run):
        page = editor.get(address).text
        assert kept.replace("&", "&amp;") in page
        assert "<script>alert" not in page
        assert "<img" not in page


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"", "空的"),
        ("a.txt", b"x" * (2**20 + 1), "超过 1 MiB"),
        ("manifest.csv", b"file\n", "不作为文件收入"),
        ("..", b"x", "没有可用的名称"),
    ],
    ids=["empty", "too big", "manifest", "no name"],
)
def test_what_is_not_taken_is_told(
    name: str, content: bytes, reason: str, editor: TestClient, parts: SiteParts, data: Path, monkeypatch: Any
) -> None:
    """Each file for itself: the others are taken in, and nothing of the refused one is left."""
    monkeypatch.setattr(parts.editing.uploads, "most_bytes", 2**20)
    refused = send(editor, (name, content))
    assert (422, True) == (refused.status_code, reason in refused.text)
    both = send(editor, (name, content), ("b.txt", REPORT))
    assert (200, True) == (both.status_code, reason in both.text)
    settled(parts)
    assert ["b.txt"] == [path.name for path in (data / "documents").rglob("*") if path.is_file()]


def test_two_files_of_one_name_are_told(editor: TestClient, parts: SiteParts, data: Path) -> None:
    """The second does not replace the first in silence."""
    reply = send(editor, ("a.txt", REPORT), ("x/a.txt", "other"))
    assert "都叫 a.txt" in reply.text
    settled(parts)
    assert REPORT == (data / "documents" / "a.txt").read_text()


@pytest.mark.parametrize("length", ["", "x", str(2**40)])
def test_too_much_is_refused_before_it_is_read(length: str, editor: TestClient, parts: SiteParts) -> None:
    """By what the request says of its length; one that says nothing is refused as well."""

    def body() -> Any:
        yield b"--x"
        raise AssertionError("it was read")

    headers = {"content-length": length} if length else {}
    headers |= {"content-type": "multipart/form-data; boundary=x", "x-desk-token": token(editor)}
    reply = editor.post("/desk/documents/files", content=body() if not length else b"--x", headers=headers)
    assert 413 == reply.status_code
    assert "上传" in reply.text


def test_a_script_gets_what_a_script_reads(editor: TestClient, parts: SiteParts) -> None:
    """The address of the run, and reasons as text."""
    reply = send(editor, ("a.txt", REPORT), (HOSTILE, b""), accept="application/json")
    assert "application/json" == reply.headers["content-type"]
    assert reply.json()["run"].startswith("/desk/synchronise/")
    assert [HOSTILE.replace('"', "%22")] == [refused["name"] for refused in reply.json()["refused"]]
    settled(parts)


def test_an_unreadable_upload_can_be_thrown_away(editor: TestClient, parts: SiteParts, data: Path) -> None:
    """The list names it with its reason and a button; after that it is gone."""
    send(editor, ("a.pdf", b"%PDF-1.7 nothing more"))
    settled(parts)
    assert "PDF 损坏" in editor.get("/desk/documents").text
    assert 303 == post(editor, "/desk/documents/discard", name="a.pdf").status_code
    assert "PDF 损坏" not in editor.get("/desk/documents").text
    assert [] == [path for path in (data / "documents").iterdir() if path.is_file()]
    assert 422 == post(editor, "/desk/documents/discard", name="../accounts.sqlite3").status_code


# A document's life --------------------------------------------------------------------------------------------


def test_a_changed_file_changes_the_answer(editor: TestClient, parts: SiteParts) -> None:
    """The new version answers; the old one, whose citations were given out, says that it is old; both are compared."""
    old = upload(editor, parts, "a.txt")
    assert "17次" in ask(parts).text
    new = upload(editor, parts, "a.txt", REPORT.replace("17", "18"))
    assert "18次" in ask(parts).text
    assert "这是旧版本" in (page := editor.get(f"/desk/documents/{old}").text)
    assert f'href="/desk/documents/{new}"' in page
    compared = editor.get(f"/desk/documents/{new}/compare/{old}").text
    assert "<del>17</del>" in compared
    assert "<ins>18</ins>" in compared
    assert "正文有 1 处不同" in compared
    run = parts.editing.jobs.latest()[0]
    assert f"/desk/documents/{new}/compare/{old}" in editor.get(f"/desk/synchronise/{run.id}").text


def test_withdrawn_and_restored(editor: TestClient, parts: SiteParts) -> None:
    """Withdrawn it is refused at once, restored it answers, and both are in the audit log."""
    document = upload(editor, parts, "a.txt")
    assert 303 == post(editor, f"/desk/documents/{document}/withdraw").status_code
    assert ask(parts).status.refuses
    settled(parts)
    assert ask(parts).status.refuses
    assert "已撤回" in editor.get(f"/desk/documents/{document}").text
    assert 303 == post(editor, f"/desk/documents/{document}/restore").status_code
    settled(parts)
    assert Status.ANSWERED is ask(parts).status
    assert ["document.upload", "document.withdraw", "document.restore"] == acts(parts)


def test_metadata_is_corrected_and_taken_back(editor: TestClient, parts: SiteParts, data: Path) -> None:
    """What is written over a field stands, with who wrote it; ticked, what was found is there again."""
    document = upload(editor, parts, "a.txt")
    reply = post(editor, f"/desk/documents/{document}", issuer="望舒市司法局", year="2024")
    assert 303 == reply.status_code
    settled(parts)
    path = str(data.resolve() / "documents" / "a.txt")
    corrected = parts.editing.documents.at(path)
    assert corrected is not None
    assert "望舒市司法局" == corrected.metadata.issuer
    page = editor.get(f"/desk/documents/{corrected.id}").text
    assert "由 Li.Editor 更正" in page
    assert 1 == page.count('name="take_back"')  # the year was not touched
    post(editor, f"/desk/documents/{corrected.id}", issuer="望舒市司法局", take_back="issuer")
    settled(parts)
    again = parts.editing.documents.at(path)
    assert again is not None
    assert document == again.id
    assert ["document.upload", "document.correct", "document.correct"] == acts(parts)


def test_a_wrong_value_is_told_and_kept_in_the_form(editor: TestClient, parts: SiteParts) -> None:
    """Nothing is lost of what was typed, and nothing is held of it."""
    document = upload(editor, parts, "a.txt")
    reply = post(editor, f"/desk/documents/{document}", year="二〇二四", issuer=HOSTILE)
    assert 422 == reply.status_code
    assert "年份 二〇二四 不对" in reply.text
    assert 'value="&lt;script&gt;alert(1)' in reply.text
    assert "<script>alert" not in reply.text
    assert ["document.upload"] == acts(parts)


def test_two_editors_of_one_document(editor: TestClient, admin: TestClient, parts: SiteParts) -> None:
    """Who saves a page as it was before another changed the document is told so, and keeps what was typed."""
    document = upload(editor, parts, "a.txt")
    entry = parts.editing.documents.entry(document)
    assert entry is not None
    held = entry.document.metadata
    opened = {"title": held.title, "issuer": held.issuer or "", "year": str(held.year)}
    assert 303 == post(editor, f"/desk/documents/{document}", **(opened | {"title": "甲的标题"})).status_code
    settled(parts)
    late = post(admin, f"/desk/documents/{document}", **(opened | {"issuer": "乙写的单位"}))
    now = parts.editing.documents.at(str(parts.editing.uploads.folder / "a.txt"))
    assert now is not None
    assert (422, "甲的标题", held.issuer) == (late.status_code, now.metadata.title, now.metadata.issuer)
    assert all(words in late.text for words in ("请打开它的最新版本", f'href="/desk/documents/{now.id}"', "乙写的单位"))


def test_removing_is_for_admins_and_asks_again(editor: TestClient, admin: TestClient, parts: SiteParts) -> None:
    """An editor may not; an admin reads first what goes."""
    document = upload(editor, parts, "a.txt")
    address = f"/desk/documents/{document}/remove"
    assert address not in editor.get(f"/desk/documents/{document}").text
    assert 403 == editor.get(address).status_code
    assert 403 == post(editor, address).status_code
    question = admin.get(address).text
    assert "不能恢复" in question
    assert "上传的文件 a.txt" in question
    assert 303 == post(admin, address).status_code
    settled(parts)
    assert ask(parts).status is Status.UNANSWERABLE_EMPTY_INDEX
    assert 404 == admin.get(f"/desk/documents/{document}").status_code
    assert "document.remove" == acts(parts)[-1]


@pytest.mark.parametrize(
    "address",
    [
        "/desk/documents/files",
        "/desk/documents/discard",
        "/desk/documents/1",
        "/desk/documents/1/withdraw",
        "/desk/documents/1/remove",
        "/desk/synchronise",
        "/desk/synchronise/folders",
        "/desk/synchronise/1/again",
    ],
)
def test_nothing_is_done_for_others(address: str, browser_at: Browsers, admin: TestClient, parts: SiteParts) -> None:
    """Neither without a session, nor by a form of another page."""
    upload(admin, parts, "a.txt")
    before = acts(parts)
    assert 303 == (away := browser_at().post(address, data={"name": "x"})).status_code
    assert "/desk/login" in away.headers["location"]
    assert 403 == admin.post(address, data={"token": "0" * 64}).status_code
    settled(parts)
    assert (before, 1) == (acts(parts), len(parts.editing.jobs.latest()))


@pytest.mark.parametrize("address", ["0", "99", str(2**70), "-1", "1/compare/99", "99/text", "99/original", "x"])
def test_what_is_not_there(address: str, editor: TestClient, parts: SiteParts) -> None:
    """An id that is none is a page that says so, and no error of ours."""
    upload(editor, parts, "a.txt")
    assert editor.get(f"/desk/documents/{address}").status_code in (404, 400)
    assert editor.get(f"/desk/synchronise/{2**70}").status_code in (404, 400)


def test_hostile_documents_are_inert(editor: TestClient, parts: SiteParts) -> None:
    """Markup in a title, a heading and a text is shown as it stands, on every page."""
    title = f"云澜区{HOSTILE}2024年度工作报告"
    document = upload(editor, parts, "a.txt", f"{title}\n一、{HOSTILE}\n学法17次。{HOSTILE}\njavascript:alert(3)\n")
    other = upload(editor, parts, "a.txt", f"{title}\n一、{HOSTILE}\n学法18次。{HOSTILE}\n")
    addresses = [f"/desk/documents/{other}{page}" for page in ("", "/text", "/passages", f"/compare/{document}")]
    for address in ("/desk/documents", "/desk/documents?words=" + HOSTILE, *addresses):
        reply = editor.get(address)
        assert 200 == reply.status_code
        assert "&lt;script&gt;alert(1)" in reply.text
        assert "<script>alert" not in reply.text
        assert "<img" not in reply.text
        assert "script-src 'self'" in reply.headers["content-security-policy"]


# The list ------------------------------------------------------------------------------------------------------


def test_the_list_is_searched_and_filtered(editor: TestClient, parts: SiteParts) -> None:
    """By words in title and file name, traditional characters too, by issuer, year, kind and state; page by page."""
    texts = {
        f"2024_{name}_年报.txt": f"{name}2024年度工作报告\n一、工作\n学法{n}次。\n" for n, name in enumerate(NAMES)
    }
    send(editor, *texts.items())
    settled(parts)
    documents = parts.editing.documents
    assert (60, 2, 50) == ((found := documents.page(DocumentFilter())).total, found.num_pages, len(found.entries))
    assert 10 == len(documents.page(DocumentFilter(page=2)).entries)
    assert 2 == documents.page(DocumentFilter(page=99)).page
    name = NAMES[7]
    for words in (name, f"{name} 2024", f"2024_{name}"):
        assert [f"2024_{name}_年报.txt"] == [
            e.document.name for e in documents.page(DocumentFilter(words=words)).entries
        ]
    assert 60 == documents.page(DocumentFilter(words="工作報告")).total
    assert 0 == documents.page(DocumentFilter(words="没有")).total
    assert 60 == documents.page(DocumentFilter(year="2024", state=Standing.IN_FORCE)).total
    assert 0 == documents.page(DocumentFilter(year="2023")).total
    page = editor.get("/desk/documents?words=2024&page=2").text
    assert "第 2 / 2 页" in page
    assert "words=2024&amp;page=1" in page
    assert "没有符合条件的文件" in editor.get("/desk/documents?words=没有").text
    assert 200 == editor.get("/desk/documents?page=x&state=%00&words=" + "长" * 5000).status_code


NAMES = [f"{first}{last}县" for first in "青红白玄金银铜铁木石" for last in "山水云雨风雪"]


# Runs ----------------------------------------------------------------------------------------------------------


def test_a_run_tells_a_script_how_far_it_is(editor: TestClient, parts: SiteParts) -> None:
    """In words that need no more than to be shown; when it is over it says so."""
    upload(editor, parts, "a.txt")
    run = parts.editing.jobs.latest()[0]
    told = editor.get(f"/desk/synchronise/{run.id}/progress").json()
    assert (True, "已完成") == (told["over"], told["state"])
    assert "Done" == editor.get(f"/desk/synchronise/{run.id}/progress?language=en").json()["state"]
    assert 404 == editor.get("/desk/synchronise/99/progress").status_code


def test_folders_are_added_by_admins_within_the_roots(
    editor: TestClient, admin: TestClient, parts: SiteParts, tmp_path: Path, monkeypatch: Any
) -> None:
    """Nothing else is read; what is added is synchronised with the others, and can be forgotten."""
    monkeypatch.setattr(parts.editing.folders, "roots", (tmp_path / "open",))
    (tmp_path / "open" / "reports").mkdir(parents=True)
    (tmp_path / "open" / "reports" / "a.txt").write_text(REPORT)
    (tmp_path / "shut").mkdir()
    folder = str(tmp_path / "open" / "reports")
    assert 403 == post(editor, "/desk/synchronise/folders", folder=folder).status_code
    refused = post(admin, "/desk/synchronise/folders", folder=str(tmp_path / "shut"))
    assert (422, True) == (refused.status_code, "不在开放的文件夹之内" in refused.text)
    assert 303 == post(admin, "/desk/synchronise/folders", folder=folder).status_code
    run = post(editor, "/desk/synchronise", folder=folder)
    settled(parts)
    report = editor.get(run.headers["location"]).text
    assert "新建" in report
    assert 1 == parts.editing.documents.page(DocumentFilter()).total
    assert 303 == post(admin, "/desk/synchronise/folders/forget", folder=folder).status_code
    assert 422 == post(editor, "/desk/synchronise", folder=folder).status_code
    assert ["folder.add", "documents.synchronise", "folder.forget"] == acts(parts)


def test_an_interrupted_run_is_run_again(editor: TestClient, parts: SiteParts) -> None:
    """The page of one that was cut off offers to run it again."""
    upload(editor, parts, "a.txt")
    run = parts.editing.jobs.latest()[0]
    with closing(JobHistory(parts.data / "runs.sqlite3")) as history:
        history.write(replace(run, state=JobState.INTERRUPTED, outcome=None))
    assert "再次运行" in editor.get(f"/desk/synchronise/{run.id}").text
    again = post(editor, f"/desk/synchronise/{run.id}/again")
    assert 303 == again.status_code
    settled(parts)
    assert "已完成" in editor.get(again.headers["location"]).text


@pytest.mark.parametrize("address", ["/desk/documents", "/desk/synchronise"])
def test_pages_speak_english(address: str, editor: TestClient, parts: SiteParts) -> None:
    """Every text of a page has its English, and none is left in Chinese but names."""
    page = editor.get(f"{address}?language=en").text
    body = re.sub(r"<[^>]+>", "", page[page.index("<main") :])
    assert not re.search(r"[一-鿿]", body), body


# Differences ---------------------------------------------------------------------------------------------------


def test_differences_show_what_changed_and_no_more() -> None:
    """Figures stay whole, equal lines far away are counted, and both sides rejoin to the texts."""
    before = "\n".join(f"第{n}行，学法{n}次" for n in range(40))
    after = before.replace("学法20次", "学法120次").replace("第30行，学法30次\n", "")
    lines = differences(before, after)
    (changed,) = [line for line in lines if line.changes and line.before and line.after]
    assert ["20"] == [piece.text for piece in changed.before or () if piece.differs]
    assert ["120"] == [piece.text for piece in changed.after or () if piece.differs]
    assert 2 == sum(line.changes for line in lines)
    shown = sum(1 for line in lines if not line.skipped and line.before is not None)
    assert 40 == shown + sum(line.skipped for line in lines)
    assert [] == [line for line in differences(before, before) if line.changes]


def test_differences_of_texts_that_share_nothing_are_quick() -> None:
    """Two long texts that have no line in common are not compared letter by letter with each other."""
    started = time.perf_counter()
    before = "\n".join(f"甲{n}乙丙丁戊己庚辛" for n in range(4_000))
    after = "\n".join(f"子{n}丑寅卯辰巳午未" for n in range(4_000))
    assert 8_000 == sum(line.changes for line in differences(before, after))
    assert time.perf_counter() - started < 20
