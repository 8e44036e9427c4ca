"""The pages of the documents: what is held, each document with its text and the quoted place, and its original file."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from ingest.structure.passages import document_text, passages
from kb.search.retriever import Retriever
from kb.storage.catalogue import Catalogue, Fingerprint
from kb.storage.listing import listing
from kb.types import Block, BlockKind, Document, Metadata, Passage, Within
from kb.web.document_layout import TextLine, TextPiece, TextTable, lines, outline, with_tables
from kb.web.documents import file_name
from kb.web.site import Guard, build_pages
from kb.web.site_parts import SiteParts

Hold = Callable[[Mapping[str, str]], Retriever]

REPORT = """# 云澜区司法局2024年法治政府建设报告
## 一、主要成效
### （一）学法
2024年组织学法15次。

共600人次参加。
### （二）援助
办理法律援助案件301件。
## 二、存在的不足
人手不够。
"""
HOSTILE = """# <script>alert(1)</script>报告
## 一、<img src=x onerror=alert(2)>
{{ 7 * 7 }} <b>粗</b> [链接](javascript:alert(3)) &lt;i&gt;
"""


class Kept:
    """A folder of files by their digest, as originals are kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path_of(self, digest: str) -> Path | None:
        return next((path for path in self.folder.iterdir() if sha256(path.read_bytes()).hexdigest() == digest), None)


def client_of(parts: SiteParts, originals: Kept | None = None) -> TestClient:
    """A client of the pages."""
    if originals is not None:
        parts = replace(parts, editing=replace(parts.editing, originals=originals))
    return TestClient(Guard(build_pages(parts)))


def only(retriever: Retriever) -> Document:
    (document,) = retriever.gazetteer().documents.values()
    return document


# The text in lines -----------------------------------------------------------------------------------------------


def test_headings_have_the_levels_of_their_paths(hold: Hold) -> None:
    """The title is the first level; each heading stands below those of its path."""
    retriever = hold({"2024_云澜区司法局_报告.md": REPORT})
    document = only(retriever)
    cut = [stored.passage for stored in retriever.catalogue.passages_of(document.id)]
    found = lines(retriever.catalogue.text(document.id), cut, title=document.metadata.title)
    assert [(1, "云澜区司法局2024年法治政府建设报告")] == [(line.level, line.text) for line in found if line.level == 1]
    assert [(2, "一、主要成效"), (3, "（一）学法"), (3, "（二）援助"), (2, "二、存在的不足")] == [
        (line.level, line.text) for line in outline(found)
    ]


def test_a_line_that_reads_like_its_heading_is_none() -> None:
    """Only where a passage opens with a heading is it one."""
    text = "一、总则\n一、总则"
    passage = Passage(text=text, heading=("一、总则",), start=0, end=len(text))
    assert [2, 0] == [line.level for line in lines(text, [passage], title="办法")]


def test_lines_are_the_text() -> None:
    """Each line has the span at which its words stand."""
    text = "甲乙\n\n丙 | 丁\n 戊"
    found = lines(text, [], title="")
    assert ["甲乙", "丙 | 丁", " 戊"] == [line.text for line in found]
    assert all(line.text == text[line.start : line.end] for line in found)


@pytest.mark.parametrize(
    ("span", "marked"),
    [
        ((1, 2), "乙"),
        ((1, 5), "乙丙丁"),
        ((0, 8), "甲乙丙丁戊己"),
        ((3, 3), ""),
        ((5, 2), ""),
        ((0, 9), ""),
        ((-1, 2), ""),
    ],
    ids=["within", "across", "all", "empty", "reversed", "beyond", "negative"],
)
def test_a_span_is_marked(span: tuple[int, int], marked: str) -> None:
    """A span is marked across lines; one that does not lie in the text marks nothing."""
    found = lines("甲乙\n丙丁\n戊己", [], title="", marked=span)
    assert marked == "".join(piece.text for line in found for cell in line.cells for piece in cell if piece.marked)
    assert ["甲乙", "丙丁", "戊己"] == [line.text for line in found]


def test_rows_are_a_table_with_the_names_of_its_columns() -> None:
    """Names that each cell of a column carries stand at its head, and the mark stays on the rest."""
    text = "说明\n年份：2023 | 学法：12次\n年份：2024 | 学法：15次\n完"
    start = text.index("学法：15次")
    before, table, after = with_tables(lines(text, [], title="", marked=(start, start + len("学法：15次"))))
    assert isinstance(before, TextLine)
    assert isinstance(after, TextLine)
    assert isinstance(table, TextTable)
    assert ("年份", "学法") == table.head
    assert [["2023", "12次"], ["2024", "15次"]] == [
        ["".join(piece.text for piece in cell) for cell in row.cells] for row in table.rows
    ]
    assert (TextPiece(text="15次", marked=True),) == table.rows[1].cells[1]


def test_rows_without_names_keep_their_words() -> None:
    """Where a cell carries no name of its column nothing is taken from it."""
    (table,) = with_tables(lines("年份：2023 | 十二\n年份：2024 | 十五", [], title=""))
    assert isinstance(table, TextTable)
    assert () == table.head
    assert "年份：2023 | 十二" == table.rows[0].text


# What is held ----------------------------------------------------------------------------------------------------


def held(id_: int, title: str, issuer: str, year: int, kind: str = "报告", number: str | None = None) -> Document:
    metadata = Metadata(title=title, issuer=issuer, year=year, kind=kind, number=number)
    return Document(id=id_, name=f"{id_}.txt", sources=(), sha256="", made_by="", metadata=metadata, num_passages=1)


SHELF = [
    held(1, "甲市工作报告", "甲市", 2023),
    held(2, "甲市工作报告", "甲市", 2024, number="甲政发〔2024〕3号"),
    held(3, "乙縣辦事指南", "乙县", 2024, kind="指南"),
]


@pytest.mark.parametrize(
    ("words", "ids"),
    [("", [3, 2, 1]), ("报告", [2, 1]), ("甲市 2024", [2]), ("甲政发[2024]3号", [2]), ("乙县办事", [3]), ("丙", [])],
    ids=["all", "title", "two-words", "number-otherwise", "traditional", "none"],
)
def test_documents_are_found_by_words(words: str, ids: list[int]) -> None:
    """All words must stand in title, number, issuer or file name; the newest come first."""
    assert ids == [document.id for document in listing(SHELF, words).documents]


def test_choices_fit_what_else_was_chosen() -> None:
    """Each row counts what the other rows leave."""
    found = listing(SHELF, within=Within(years=(2024,)))
    assert {"甲市": 1, "乙县": 1} == found.issuers
    assert {"2024": 2, "2023": 1} == found.years


def test_list_in_pages(hold: Hold, parts: SiteParts) -> None:
    """The list is cut into pages, and keeps what was looked for when a page is turned."""
    hold({f"2024_云澜区{n}局_报告.md": f"# 云澜区{n}局2024年报告\n文字。\n" for n in range(60)})
    client = client_of(parts)
    first = client.get("/documents", params={"words": "云澜区"})
    assert 50 == first.text.count('<a href="/documents/')
    (after,) = re.findall(r'rel="next" href="([^"]+)"', first.text)
    assert 10 == client.get(after.replace("&amp;", "&")).text.count('<a href="/documents/')
    for number in ("0", "-1", "999", "x", "9" * 30):
        assert 200 == client.get("/documents", params={"page": number}).status_code
    assert "没有这样的文件" in client.get("/documents", params={"year": "1999"}).text


def test_nothing_held_is_said(data: Path, parts: SiteParts) -> None:
    """Before the first ingest the pages say so, and looking makes no catalogue."""
    client = client_of(parts)
    assert "库中还没有文件" in client.get("/documents").text
    assert 404 == client.get("/documents/1").status_code
    assert not (data / "catalogue.sqlite3").exists()


def test_list_of_thousands_is_quick() -> None:
    """2,300 documents are looked through within a fraction of a second."""
    many = [held(n, f"某市办事指南第{n}号", f"某市第{n % 200}局", 2000 + n % 25) for n in range(2_300)]
    started = time.perf_counter()
    assert 2_300 == len(listing(many, "办事指南").documents)
    assert time.perf_counter() - started < 1


# One document ----------------------------------------------------------------------------------------------------


def test_document_shows_text_outline_and_mark(hold: Hold, parts: SiteParts) -> None:
    """The page has the whole text, its outline, and the quoted words marked where a link leads."""
    retriever = hold({"2024_云澜区司法局_报告.md": REPORT})
    document = only(retriever)
    text = retriever.catalogue.text(document.id)
    start = text.index("2024年组织学法15次")
    client = client_of(parts)
    shown = client.get(f"/documents/{document.id}", params={"from": start, "to": text.index("次参加") + 1}).text
    assert re.findall(r"<mark[^>]*>([^<]+)", shown) == ["2024年组织学法15次。", "共600人次"]
    assert 1 == shown.count('id="quote"')
    (anchor,) = set(re.findall(r'<a href="#(at-\d+)">（二）援助', shown))
    assert f'<h3 id="{anchor}">' in shown
    for wrong in ({"from": "5", "to": "2"}, {"from": "0", "to": "99999"}, {"from": "x", "to": "1"}, {"from": "1"}):
        page = client.get(f"/documents/{document.id}", params=wrong)
        assert 200 == page.status_code
        assert "<mark" not in page.text


@pytest.mark.parametrize(
    "address", ["/documents/999", f"/documents/{2**70}", "/documents/x", "/documents/999/original"]
)
def test_unknown_document_is_a_page(hold: Hold, address: str, parts: SiteParts) -> None:
    """An id that is not held is a page in our frame, with the way to the list."""
    hold({"a.md": REPORT})
    answer = client_of(parts).get(address)
    assert 404 == answer.status_code
    assert "查看全部文件" in answer.text


def test_hostile_words_are_words(hold: Hold, parts: SiteParts) -> None:
    """Markup in titles, headings and text is shown as it is written, on every page, and templates in it are not run."""
    retriever = hold({"2024_坏_报告.md": HOSTILE})
    client = client_of(parts)
    document = only(retriever)
    for page in (client.get(f"/documents/{document.id}"), client.get("/documents")):
        assert "<script>alert" not in page.text
        assert "<img" not in page.text
        assert "script-src 'self'" in page.headers["content-security-policy"]
        assert "unsafe-inline" not in page.headers["content-security-policy"]
    shown = client.get(f"/documents/{document.id}").text
    assert "{{ 7 * 7 }}" in shown
    assert 'href="javascript' not in shown
    asked = client.get(
        "/documents", params={"words": '"><script>alert(4)</script>', "issuer": "<b>", "year": "<i>"}
    ).text
    assert "<script>alert" not in asked
    assert "<b>" not in asked


def test_english(hold: Hold, parts: SiteParts) -> None:
    """The page's own words are English where that is asked for, and the way to Chinese keeps the marked place."""
    retriever = hold({"2024_云澜区司法局_报告.md": REPORT})
    shown = client_of(parts).get(f"/documents/{only(retriever).id}?from=1&to=3&language=en").text
    assert "Outline" in shown
    assert '<section class="whole sheet" lang="zh-CN"' in shown
    assert 'href="?from=1&amp;to=3&amp;language=zh"' in shown


def test_long_text_is_quick(hold: Hold, parts: SiteParts) -> None:
    """A text of a million characters is shown within seconds."""
    paragraph = Block(text="各级政府和有关部门认真落实各项任务。" * 10)
    blocks = [
        block
        for number in range(300)
        for block in (Block(text=f"第{number}节 任务", kind=BlockKind.HEADING, level=2), *[paragraph] * 20)
    ]
    retriever = hold({"2024_云澜区司法局_报告.md": REPORT})
    with Catalogue(retriever.catalogue.path) as catalogue:  # the pages ask it, and not the index
        document = catalogue.add(
            path="/long.md",
            name="long.md",
            fingerprint=Fingerprint("", ""),
            metadata=Metadata(title="长报告"),
            text=document_text(blocks),
            passages=passages(blocks),
        )
    client = client_of(parts)
    client.get("/documents")
    started = time.perf_counter()
    shown = client.get(f"/documents/{document}?from=900000&to=900100").text
    assert time.perf_counter() - started < 4
    assert len(shown) > 1_000_000
    assert "<mark" in shown


# Versions and originals ------------------------------------------------------------------------------------------


def changed(hold: Hold) -> tuple[Retriever, Document, Document]:
    """A document in two versions: the old and the present one."""
    old = only(hold({"2024_云澜区司法局_报告.md": REPORT}))
    retriever = hold({"2024_云澜区司法局_报告.md": REPORT.replace("15次", "16次")})
    return retriever, old, only(retriever)


def test_old_version_keeps_its_text_and_leads_to_the_new_one(hold: Hold, parts: SiteParts) -> None:
    """A citation of an old version opens there, and is told that a newer one is in its place."""
    _, old, new = changed(hold)
    shown = client_of(parts).get(f"/documents/{old.id}").text
    assert "15次" in shown
    assert "这是旧版" in shown
    assert f'<a href="/documents/{new.id}">已被' in shown
    assert "这是旧版" not in client_of(parts).get(f"/documents/{new.id}").text


def test_withdrawn_document_shows_no_text(hold: Hold, folder: Path, parts: SiteParts) -> None:
    """Of a withdrawn document and its older versions nothing but the title is shown; restored, it is shown again."""
    retriever, old, new = changed(hold)
    client = client_of(parts, Kept(folder))
    assert 200 == client.get(f"/documents/{new.id}/original").status_code
    with Catalogue(retriever.catalogue.path) as catalogue:
        catalogue.withdraw(new.id)
    for document, word in ((old, "15次"), (new, "16次")):
        page = client.get(f"/documents/{document.id}?from=1&to=9")
        assert 410 == page.status_code
        assert word not in page.text
        assert document.metadata.title in page.text
    assert "撤回" in client.get(f"/documents/{new.id}").text
    assert 404 == client.get(f"/documents/{new.id}/original").status_code
    with Catalogue(retriever.catalogue.path) as catalogue:
        catalogue.restore(new.id)
    assert "16次" in client.get(f"/documents/{new.id}").text


def test_original_is_bytes_to_be_kept(hold: Hold, folder: Path, parts: SiteParts) -> None:
    """The original comes whole, under its name, as something to be kept and never as a page."""
    markup = "<html><body><h1>云澜区2024年报告</h1><p>组织学法15次，共有600人参加了学习。</p></body></html>"
    retriever = hold({"2024_云澜区_报告 “新”.html": markup})
    client = client_of(parts, Kept(folder))
    answer = client.get(f"/documents/{only(retriever).id}/original")
    assert markup == answer.text
    assert "application/octet-stream" == answer.headers["content-type"]
    assert "nosniff" == answer.headers["x-content-type-options"]
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["content-disposition"].startswith("attachment; filename*=utf-8''2024_")
    assert "/original" not in client_of(parts).get(f"/documents/{only(retriever).id}").text


@pytest.mark.parametrize(
    ("name", "offered"),
    [
        ("报告.pdf", "报告.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\r\nSet-Cookie: x=1.txt", "aSet-Cookie: x=1.txt"),
        ("报告\u202efdp.exe", "报告fdp.exe"),
        (".html", "html"),
        ("长" * 300 + ".pdf", "长" * 150 + ".pdf"),
        ("", "file"),
    ],
    ids=["plain", "folders", "line-break", "turned", "hidden", "long", "none"],
)
def test_offered_names_do_no_harm(name: str, offered: str) -> None:
    """A file name is offered without folders, without what is not seen, and not too long."""
    assert offered == file_name(name)
