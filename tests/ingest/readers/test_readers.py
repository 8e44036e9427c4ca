"""Bytes → blocks: format by content, structure kept, refusals with a reason."""

from __future__ import annotations

import io
import sys
import time
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers import read
from ingest.readers.tables import read_rows
from ingest.readers.text.decoding import decode
from kb.errors import RefusedError
from kb.types import Block, BlockKind
from tests import CORPUS

PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}"><title>公告_某区人民政府</title></head><body>
<nav><ul><li><a href="#">首页</a></li><li><a href="#">政务公开</a></li></ul></nav>
<article><h1>某区2024年工作情况</h1><p>全年组织学法17次，比上年增加2次，覆盖全部执法人员。</p>
<h2>一、主要指标</h2><ul><li>培训执法人员468人次；</li><li>评查案卷100卷。</li></ul>
<table><tr><th>指标</th><th>年度</th><th>数值</th></tr>
<tr><td rowspan="2">学法</td><td>2023年</td><td>15次</td></tr><tr><td>2024年</td><td>17次</td></tr></table>
<p>某区司法局<br>2025年1月20日</p></article>
<div class="footer"><a href="#">网站地图</a> | <a href="#">关于我们</a></div></body></html>"""


HELVETICA = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
# A Chinese font that stands in no file: whoever reads the PDF brings it.
SONG = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [<< /Type /Font"
    " /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000"
    " /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>] >>"
)


def outlined(blocks: Iterable[Block]) -> list[tuple[str, int, str]]:
    return [(block.kind.value, block.level, block.text) for block in blocks]


def make_docx(build: object) -> bytes:
    import docx

    document = docx.Document()
    build(document)  # type: ignore[operator]
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def make_pdf(pages: Iterable[str], *, encrypt: bool = False, font: str = HELVETICA) -> bytes:
    """A PDF of content streams, in a font of 12 points, on pages of 400 × 400 points.

    encrypt: say that a password is needed, which none fits.
    """
    streams = list(pages)
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(len(streams)))
    bodies = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(streams)} >>",
        font,
    ]
    for i, stream in enumerate(streams):
        bodies += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 400] /Contents {5 + 2 * i} 0 R"
            " /Resources << /Font << /F 3 0 R >> >> >>",
            f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        ]
    content, offsets = "%PDF-1.4\n", []
    for number, body in enumerate(bodies, start=1):
        offsets.append(len(content))
        content += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    start, size = len(content), len(bodies) + 1
    content += f"xref\n0 {size}\n0000000000 65535 f \n{table}"
    key = "00" * 32
    lock = f"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{key}> /U <{key}> /P -4 >> /ID [<00> <00>]" if encrypt else ""
    content += f"trailer\n<< /Size {size} /Root 1 0 R {lock} >>\nstartxref\n{start}\n%%EOF\n"
    return content.encode("ascii")


def write(text: str, x: int, y: int) -> str:
    return f"BT /F 12 Tf {x} {y} Td ({text}) Tj ET\n"


def in_song(text: str, x: int, y: int) -> str:
    """Text for a page whose font is `SONG`."""
    return f"BT /F 12 Tf {x} {y} Td <{text.encode('utf-16-be').hex()}> Tj ET\n"


def rule(x1: int, y1: int, x2: int, y2: int) -> str:
    return f"{x1} {y1} m {x2} {y2} l S\n"


def ruled(rows: Sequence[Sequence[str]], *, top: int) -> Iterator[str]:
    """A ruled table from this height downwards, rows of 30 and columns of 110 points."""
    bottom, right = top - 30 * len(rows), 50 + 110 * len(rows[0])
    for y in range(bottom, top + 1, 30):
        yield rule(50, y, right, y)
    for x in range(50, right + 1, 110):
        yield rule(x, bottom, x, top)
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            yield write(text, 55 + 110 * j, top - 20 - 30 * i)


class TestText:
    def test_each_line_is_a_paragraph(self) -> None:
        """Two paragraphs from two lines with a blank one and full-width indents between."""
        blocks = read("　　各位代表：\r\n\r\n　　现在报告 工作。\n".encode(), "a.txt")
        assert [("paragraph", 0, "各位代表："), ("paragraph", 0, "现在报告 工作。")] == outlined(blocks)

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030", "gbk"])
    def test_encodings(self, encoding: str) -> None:
        """The same text from every encoding that Chinese offices write."""
        assert "政府工作报告，学法17次。" == decode("政府工作报告，学法17次。".encode(encoding))

    def test_big5(self) -> None:
        """Traditional text from Big5, where GB18030 cannot read the bytes."""
        assert "政府網站資訊公開，說明會" == decode("政府網站資訊公開，說明會".encode("big5"), "big5hkscs")

    def test_nuls_go(self) -> None:
        """A NUL is dropped."""
        assert "报告" == decode("报\0告".encode())

    def test_torn_byte(self) -> None:
        """One torn byte in a long text makes one mark, and no refusal."""
        assert 1 == decode("政府工作报告".encode() * 500 + b"\xe6").count("\ufffd")

    @given(st.text(alphabet="一二三报告，。abc12 \n", min_size=1).filter(lambda text: text.strip() != ""))
    def test_nothing_is_lost(self, text: str) -> None:
        """All that is no white space comes back, in order, from plain text."""
        assert "".join(text.split()) == "".join("".join(block.text.split()) for block in read(text.encode(), "a.txt"))


class TestMarkdown:
    def test_structure(self) -> None:
        """Headings with levels, a paragraph joined over its lines, list items, a table row with heads."""
        source = (
            "# 办事指南\n\n**第一行**，\n第二行见[网站](http://a)。\n\n## 一、材料\n\n- 申请书\n1. 身份证\n\n"
            "| 项目 | 标准 | 说明 |\n|---|---|---|\n| 登记 | 0元 | 不收费 |\n\n> 备注：免费。\n"
        )
        assert [
            ("heading", 1, "办事指南"),
            ("paragraph", 0, "第一行，第二行见网站。"),
            ("heading", 2, "一、材料"),
            ("list_item", 0, "申请书"),
            ("list_item", 0, "1. 身份证"),
            ("table_row", 0, "项目：登记 | 标准：0元 | 说明：不收费"),
            ("paragraph", 0, "备注：免费。"),
        ] == outlined(read(source.encode(), "指南.md"))

    def test_fenced_text_is_kept(self) -> None:
        """A # within a fence is text."""
        assert [("paragraph", 0, "# 一"), ("paragraph", 0, "二")] == outlined(
            read("```\n# 一\n```\n二\n".encode(), "a.md")
        )


class TestHtml:
    @pytest.mark.parametrize(
        ("charset", "encoding"), [("utf-8", "utf-8"), ("gb2312", "gbk"), ("gb2312", "utf-8"), ("", "gb18030")]
    )
    def test_main_text(self, charset: str, encoding: str) -> None:
        """The article with heads, list, merged cells resolved and the signature, without navigation."""
        assert [
            ("heading", 1, "某区2024年工作情况"),
            ("paragraph", 0, "全年组织学法17次，比上年增加2次，覆盖全部执法人员。"),
            ("heading", 2, "一、主要指标"),
            ("list_item", 0, "培训执法人员468人次；"),
            ("list_item", 0, "评查案卷100卷。"),
            ("table_row", 0, "指标：学法 | 年度：2023年 | 数值：15次"),
            ("table_row", 0, "指标：学法 | 年度：2024年 | 数值：17次"),
            ("paragraph", 0, "某区司法局"),
            ("paragraph", 0, "2025年1月20日"),
        ] == outlined(read(PAGE.format(charset=charset).encode(encoding), "page"))

    def test_title_without_the_site(self) -> None:
        """The title element without the name of the site, where the page has no h1."""
        page = PAGE.format(charset="utf-8").replace("<h1>某区2024年工作情况</h1>", "")
        assert ("heading", 1, "公告") == outlined(read(page.encode(), "a.html"))[0]

    def test_short_page(self) -> None:
        """A page of one short line gives that line below its title."""
        page = "<html><head><title>电话</title></head><body><p>022-1234</p></body></html>"
        assert [("heading", 1, "电话"), ("paragraph", 0, "022-1234")] == outlined(read(page.encode(), "a.html"))


class TestDocx:
    def test_structure(self) -> None:
        """Title at level 1, headings below, a list item, and a row with merged cells repeated."""

        def build(document: object) -> None:
            document.add_heading("年度报告", 0)  # type: ignore[attr-defined]
            document.add_heading("一、情况", 1)  # type: ignore[attr-defined]
            document.add_paragraph("第一行\n第二行")  # type: ignore[attr-defined]
            document.add_paragraph("项目", style="List Bullet")  # type: ignore[attr-defined]
            table = document.add_table(3, 3)  # type: ignore[attr-defined]
            for i, row in enumerate((("指标", "2023年", "2024年"), ("学法", "15次", "17次"), ("合计", "", "32"))):
                for j, text in enumerate(row):
                    table.cell(i, j).text = text
            table.cell(2, 0).merge(table.cell(2, 1))

        assert [
            ("heading", 1, "年度报告"),
            ("heading", 2, "一、情况"),
            ("paragraph", 0, "第一行"),
            ("paragraph", 0, "第二行"),
            ("list_item", 0, "项目"),
            ("table_row", 0, "指标：学法 | 2023年：15次 | 2024年：17次"),
            ("table_row", 0, "指标：合计 | 2023年：合计 | 2024年：32"),
        ] == outlined(read(make_docx(build), "名字不对.txt"))

    def test_insertions(self) -> None:
        """Text that a tracked change inserted is read."""
        from docx.oxml import parse_xml
        from docx.oxml.ns import nsdecls

        def build(document: object) -> None:
            paragraph = document.add_paragraph("学法")  # type: ignore[attr-defined]
            paragraph._p.append(parse_xml(f"<w:ins {nsdecls('w')}><w:r><w:t>17次</w:t></w:r></w:ins>"))

        assert [("paragraph", 0, "学法17次")] == outlined(read(make_docx(build), "a.docx"))


class TestPdf:
    def test_lines_join(self) -> None:
        """One paragraph over two lines and two pages, without headers and page numbers; then a new one."""
        full = "The bureau held seventeen lectures on the law and x"
        pages = [
            write("Yearly bulletin", 150, 380)
            + "".join(write(f"{full}{i}", 50, 340 - 16 * i) for i in range(12))
            + write(f"- {page} -", 190, 20)
            for page in (1, 2, 3)
        ]
        blocks = read(make_pdf([*pages[:2], pages[2] + write("ended.", 50, 148)]), "a.pdf")
        assert 1 == len(blocks)
        assert 1 == blocks[0].page
        assert "bulletin" not in blocks[0].text and "- 2 -" not in blocks[0].text
        assert blocks[0].text.endswith("ended.")

    def test_ruled_table(self) -> None:
        """Rows with column heads, and none of their words once more in a paragraph."""
        cells = "".join(ruled((("Name", "Last year", "This year"), ("Lectures", "15", "17")), top=300))
        blocks = read(
            make_pdf([write("Before the table.", 50, 340) + cells + write("After.", 50, 200)]),
            "a.pdf",
        )
        assert [
            ("paragraph", 0, "Before the table."),
            ("table_row", 0, "Name：Lectures | Last year：15 | This year：17"),
            ("paragraph", 0, "After."),
        ] == outlined(blocks)

    def test_table_over_pages(self) -> None:
        """A table that goes on over two page edges is one: heads once, torn cells whole, each row with its page."""
        parts = (
            (("Name", "Last year", "This year"), ("Lectures", "15", "17"), ("Files that were", "85", "100")),
            (("Name", "Last year", "This year"), ("Cases", "94", "96"), ("Visits and", "10", "12")),
            (("calls", "", ""), ("Total", "204", "225")),
        )
        blocks = read(make_pdf(["".join(ruled(part, top=300)) for part in parts]), "a.pdf")
        assert [
            (1, "Name：Lectures | Last year：15 | This year：17"),
            (1, "Name：Files that were | Last year：85 | This year：100"),
            (2, "Name：Cases | Last year：94 | This year：96"),
            (2, "Name：Visits and calls | Last year：10 | This year：12"),
            (3, "Name：Total | Last year：204 | This year：225"),
        ] == [(block.page, block.text) for block in blocks]

    def test_two_tables(self) -> None:
        """A table with heads of its own on the next page is another one."""
        parts = ((("Name", "Last year"), ("Lectures", "15")), (("Kind", "Places"), ("Halls", "4")))
        blocks = read(make_pdf(["".join(ruled(part, top=300)) for part in parts]), "a.pdf")
        assert ["Name：Lectures | Last year：15", "Kind：Halls | Places：4"] == [block.text for block in blocks]

    def test_mixed_scan(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where recognition is not installed, pages that are images or garbled are named: nothing is lost silently."""
        monkeypatch.setitem(sys.modules, "rapidocr", None)
        image = "q 400 0 0 400 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x7f EI Q\n"
        text = write("The bureau held seventeen lectures.", 50, 340)
        garbled = write("\\316\\322\\265\\304\\264\\265 \\260\\270", 50, 340)  # GBK in a font of Latin letters
        with pytest.raises(RefusedError, match=r"第 2、4–6 页是扫描件.*wenzheng\[ocr\]"):
            read(make_pdf([text, image, text, image + write("- 4 -", 190, 20), image, garbled]), "a.pdf")

    def test_ornaments(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A page with rules and no text is blank, and needs no recognition."""
        monkeypatch.setitem(sys.modules, "rapidocr", None)
        pages = [write("The bureau held seventeen lectures.", 50, 340), rule(50, 300, 350, 300) * 9]
        assert 1 == len(read(make_pdf(pages), "a.pdf"))

    def test_too_many_pages(self) -> None:
        """A PDF of more pages than are read is refused with both numbers."""
        with pytest.raises(RefusedError, match="有 3001 页，超过 3000 页"):
            read(make_pdf([write("One line.", 50, 340)] * 3001), "a.pdf")

    def test_chinese(self) -> None:
        """No gap between Chinese and figures in the sample, and every block with its page."""
        paths = sorted(CORPUS.glob("*.pdf"))
        if not paths:
            pytest.skip("the corpus has no PDF")
        blocks = read(paths[0].read_bytes(), paths[0].name)
        assert all(block.page for block in blocks)
        assert not [block.text for block in blocks if "年 " in block.text and "月" in block.text]


class TestTables:
    def test_heads_of_two_rows(self) -> None:
        """A head that spans columns is joined with the heads below it."""
        rows = [["指标", "件数", "件数"], ["指标", "上年", "本年"], ["复议", "85", "102"]]
        assert ["指标：复议 | 件数－上年：85 | 件数－本年：102"] == [block.text for block in read_rows(rows)[0]]

    def test_form(self) -> None:
        """A table of two columns of words is a form: label and value."""
        rows = [["事项名称", "居住证办理"], ["办理时限", "5个工作日"]]
        assert ["事项名称：居住证办理", "办理时限：5个工作日"] == [block.text for block in read_rows(rows)[0]]

    def test_no_heads(self) -> None:
        """Cells are joined where no row looks like heads; empty ones are left out."""
        rows = [["1", "2", ""], ["3", "", "4"]]
        assert ["1 | 2", "3 | 4"] == [block.text for block in read_rows(rows)[0]]

    def test_part_names(self) -> None:
        """A row over the whole width stands alone, and the part below has its own heads."""
        rows = [["第（一）项"] * 3, ["内容", "制发", "废止"], ["规章", "1", "0"]]
        assert ["第（一）项", "内容：规章 | 制发：1 | 废止：0"] == [block.text for block in read_rows(rows)[0]]


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"", "空", id="empty"),
        pytest.param(b" \r\n\0", "空", id="blank"),
        pytest.param("　\n　".encode(), "没有文字", id="white-space"),
        pytest.param(b"===PAGE 1===\n\n===PAGE 2===\n", "OCR", id="page-marks"),
        pytest.param("— 1 —\n第 2 页 共 4 页\n3/4\n4\n".encode(), "OCR", id="page-numbers"),
        pytest.param(b"GIF89a" + bytes(50), "另存为 png", id="gif"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(50), "另存为 docx", id="old-word"),
        pytest.param(zipped(xl__workbook_xml=b"<a/>"), "Excel", id="xlsx"),
        pytest.param(zipped(a=b"1"), "解压", id="zip"),
        pytest.param(b"PK\x03\x04" + bytes(50), "损坏", id="broken-zip"),
        pytest.param(zipped(word__document_xml=b"<a"), "Word 文件损坏", id="broken-docx"),
        pytest.param(b"%PDF-1.7\nbroken", "PDF 损坏", id="broken-pdf"),
        pytest.param(make_pdf([""]), "PDF 里没有文字", id="blank-pdf"),
        pytest.param(make_pdf(["q"], encrypt=True), "设了密码", id="encrypted-pdf"),
        pytest.param(bytes(range(1, 32)) * 9, "二进制", id="binary"),
        pytest.param(b"\xff\xff\x80\x81\xff" * 40, "编码", id="no-encoding"),
        pytest.param(b"<?xml version='1.0'?><rss/>", "XML", id="xml"),
    ],
)
def test_refusals(data: bytes, reason: str) -> None:
    """RefusedError with the reason and what to do."""
    with pytest.raises(RefusedError, match=reason) as refusal:
        read(data, "文件")
    assert "请" in str(refusal.value) or "需要" in str(refusal.value)


@pytest.mark.parametrize("text", ["17", "第 1 页\n名单", "===PAGE 1===\n云澜区民政局"])
def test_a_short_text_is_read(text: str) -> None:
    """A number by itself, or a word between the marks of pages, is text."""
    assert text.splitlines() == [block.text for block in read(text.encode(), "a.txt")]


@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.md"]))
def test_any_bytes(data: bytes, name: str) -> None:
    """Blocks on one line without white space at the ends, or RefusedError, and no other error."""
    try:
        blocks = read(data, name)
    except RefusedError:
        return
    for block in blocks:
        assert block.text == block.text.strip() != ""
        assert "\n" not in block.text
        assert (block.level == 0) or block.kind is BlockKind.HEADING


def test_feed() -> None:
    """The entries of a feed with their titles as headings; text within CDATA, escaped, or as it is."""
    feed = """<?xml version="1.0" encoding="gb2312"?><rss><channel><title>公告</title>
    <item><title>学法</title><description><![CDATA[<p>全年17次。</p>]]></description></item>
    <item><title>执法</title><description>评查&lt;br/&gt;100卷。</description></item></channel></rss>"""
    assert [
        ("heading", 1, "公告"),
        ("heading", 2, "学法"),
        ("paragraph", 0, "全年17次。"),
        ("heading", 2, "执法"),
        ("paragraph", 0, "评查"),
        ("paragraph", 0, "100卷。"),
    ] == outlined(read(feed.encode("gb18030"), "a.xml"))


def test_spans_of_a_web_page_have_bounds() -> None:
    """Merged cells that would make millions are read once."""
    rows = '<tr><td rowspan="50" colspan="50">学法</td></tr>' * 200
    started = time.monotonic()
    assert read(f"<html><body><table>{rows}</table></body></html>".encode(), "a.html")
    assert time.monotonic() - started < 20


def test_span_of_a_word_table_has_bounds() -> None:
    """A cell that says it is as wide as a hundred million columns is read as one cell."""

    def build(document: Any) -> None:
        grid = document.add_table(1, 2)
        grid.cell(0, 0).text = grid.cell(0, 1).text = "学法"
        grid.cell(0, 0)._tc.grid_span = 99_999_999

    assert ["学法"] == [block.text for block in read(make_docx(build), "a.docx")]


def test_style_based_on_itself() -> None:
    """A paragraph whose style is based on itself is a paragraph."""

    def build(document: Any) -> None:
        style = document.styles.add_style("某式", 1)
        style.base_style = style
        document.add_paragraph("学法17次。", style=style)

    assert ["学法17次。"] == [block.text for block in read(make_docx(build), "a.docx")]
