"""Older office files by way of LibreOffice, what tells them apart, and refusals where it is not to be had."""

from __future__ import annotations

import io
import os
import time
import zipfile
from pathlib import Path

import pytest

from ingest.readers import read
from ingest.readers.office.libreoffice import convert, installed_program
from kb.chinese.text import CELL_MARK
from kb.errors import RefusedError
from tests.ingest.readers.test_sheets import compound, make_xlsx, table

needs_libreoffice = pytest.mark.skipif(installed_program() is None, reason="LibreOffice is not installed")
RTF = (
    rb"{\rtf1\ansi\ansicpg936 {\b \'d5\'fe\'b8\'ae\'b9\'a4\'d7\'f7\'b1\'a8\'b8\'e6}\par \u23398?\u27861?17\'b4\'ce\par}"
)


def make_docx() -> bytes:
    import docx

    document = docx.Document()
    document.add_heading("年度报告", 0)
    document.add_heading("一、情况", 1)
    document.add_paragraph("全年学法17次。")
    grid = document.add_table(3, 3)
    for i, row in enumerate((("指标", "2023年", "2024年"), ("学法", "15次", "17次"), ("合计", "", "32次"))):
        for j, text in enumerate(row):
            grid.cell(i, j).text = text
    grid.cell(2, 0).merge(grid.cell(2, 1))
    document.add_paragraph("某区司法局")  # a doc ends in a paragraph, never in a table
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def make_pptx() -> bytes:
    import pptx

    slides = pptx.Presentation()
    slide = slides.slides.add_slide(slides.slide_layouts[1])
    slide.shapes.title.text = "工作情况"
    slide.placeholders[1].text = "学法17次"
    buffer = io.BytesIO()
    slides.save(buffer)
    return buffer.getvalue()


@pytest.mark.slow
@needs_libreoffice
@pytest.mark.parametrize("suffix", ["doc", "odt", "rtf"])
def test_text_documents(suffix: str) -> None:
    """The same blocks from doc, odt and rtf as from the docx that they were made of."""
    document = make_docx()
    assert [block.text for block in read(document, "a")] == [
        block.text for block in read(convert(document, "docx", suffix, installed_program()), "a")
    ]


@pytest.mark.slow
@needs_libreoffice
def test_rtf_by_hand() -> None:
    """RTF in code page 936 and in Unicode."""
    assert ["政府工作报告", "学法17次"] == [block.text for block in read(RTF, "a.doc")]


@pytest.mark.slow
@needs_libreoffice
def test_ods() -> None:
    """The rows of an ods with merged cells repeated."""
    rows = table([["类别", "指标", "比例"], ["复议", "收案", 0.125], ["", "结案", 1]])
    data = convert(
        make_xlsx({"表": rows}, merged=["A2:A3"], formats={"C2": "0.0%"}), "xlsx", "ods", installed_program()
    )
    assert ["类别：复议；指标：收案；比例：12.5%", "类别：复议；指标：结案；比例：1"] == [
        block.text.replace(CELL_MARK, "；") for block in read(data, "a")
    ]


@pytest.mark.slow
@needs_libreoffice
def test_sheet_as_xml() -> None:
    """The rows of a sheet that Excel 2003 or an office's software wrote as XML and called xls."""
    rows = (("指标", "件数"), ("复议", "102"))
    cells = "".join(
        "<Row>" + "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in row) + "</Row>"
        for row in rows
    )
    data = (
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        f'<Worksheet ss:Name="表"><Table>{cells}</Table></Worksheet></Workbook>'
    )
    assert ["指标：复议；件数：102"] == [block.text.replace(CELL_MARK, "；") for block in read(data.encode(), "a.xls")]


@pytest.mark.slow
@needs_libreoffice
def test_ppt() -> None:
    """Title and text of a slide with its number."""
    found = [(block.text, block.page) for block in read(convert(make_pptx(), "pptx", "ppt", installed_program()), "a")]
    assert [("工作情况", 1), ("学法17次", 1)] == found


@pytest.mark.slow
@needs_libreoffice
def test_broken_doc() -> None:
    """A doc of nothing but a beginning is refused, or holds no text."""
    with pytest.raises(RefusedError, match="损坏|没有文字"):
        read(compound({"WordDocument": b"\xec\xa5\xc1\x00" + bytes(500)}), "a.doc")


def test_not_installed() -> None:
    """Without LibreOffice the refusal says what is missing and what to do."""
    with pytest.raises(RefusedError, match="需要 LibreOffice.*请安装.*另存为 docx"):
        convert(RTF, "rtf", "docx", None)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="the program is a shell script")
def test_takes_too_long(tmp_path: Path) -> None:
    """A program that hangs is ended with all that it started, and the file refused."""
    program, mark = tmp_path / "soffice", tmp_path / "mark"
    program.write_text(f"#!/bin/sh\n(/bin/sleep 2; echo late > {mark}) &\nwait\n", encoding="utf-8")
    program.chmod(0o755)
    with pytest.raises(RefusedError, match="没有转换完"):
        convert(RTF, "rtf", "docx", str(program), seconds=0.3)
    time.sleep(2.2)
    assert not mark.exists()


@pytest.mark.parametrize(
    ("streams", "reason"),
    [
        pytest.param({"EncryptedPackage": b"1", "EncryptionInfo": b"1"}, "加密", id="docx-with-password"),
        pytest.param({"WordDocument": bytes(11) + b"\1"}, "加密", id="doc-with-password"),
        pytest.param(
            {"PowerPoint Document": b"", "Current User": bytes(12) + b"\xdf\xc4\xd1\xf3"},
            "加密",
            id="ppt-with-password",
        ),
        pytest.param({"__properties_version1.0": b"1"}, "邮件", id="message"),
        pytest.param({"Contents": b"1"}, "不是可读的格式", id="other"),
        pytest.param({"Workbook": b""}, "没有文字", id="empty-xls"),
    ],
)
def test_compound_files(streams: dict[str, bytes], reason: str) -> None:
    """What a compound file is, or why it cannot be read, is told by its streams."""
    with pytest.raises(RefusedError, match=reason) as refusal:
        read(compound(streams), "a.doc")
    assert "请" in str(refusal.value)


def test_encrypted_odt() -> None:
    """An OpenDocument file with a password is refused for that."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("META-INF/manifest.xml", "<m><encryption-data/></m>")
    with pytest.raises(RefusedError, match="加密"):
        read(buffer.getvalue(), "a.odt")


@pytest.mark.parametrize("length", [8, 100, 512, 600, 1024])
def test_cut_short(length: int) -> None:
    """A compound file that was not loaded to its end is refused."""
    with pytest.raises(RefusedError, match="请"):
        read(compound({"WordDocument": b"1"})[:length], "a.doc")


def test_rtf_cut_short() -> None:
    """RTF without its end is refused, since a part of a document would look like all of it."""
    with pytest.raises(RefusedError, match="不完整"):
        read(RTF[:-1], "a.rtf")


def test_binary_data_that_is_not_there() -> None:
    """RTF that announces more binary data than the file has is refused at once."""
    with pytest.raises(RefusedError, match="RTF 文件不完整"):
        read(rb"{\rtf1 \bin2147483647 abc}", "a.rtf")
