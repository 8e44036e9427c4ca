"""OFD → blocks: text in its places, pages, ruled tables, refusals."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

import pytest

from ingest.readers import read
from kb.errors import RefusedError
from kb.types import Block

NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
SIZE = 5.0  # millimetres of a character


def text(content: str, x: float, y: float, *, attributes: str = "", deltas: str | None = None) -> str:
    """A TextObject whose first character starts at x and stands on a line 5 mm below y."""
    steps = f"g {len(content) - 1} {SIZE}" if deltas is None else deltas
    return (
        f'<ofd:TextObject ID="1" Boundary="{x} {y} 100 6" Font="1" Size="{SIZE}" {attributes}>'
        f'<ofd:TextCode X="0" Y="5" DeltaX="{steps}">{content}</ofd:TextCode></ofd:TextObject>'
    )


def line(x1: float, y1: float, x2: float, y2: float) -> str:
    return (
        f'<ofd:PathObject ID="1" Boundary="{x1} {y1} {x2 - x1 + 0.3} {y2 - y1 + 0.3}" LineWidth="0.3">'
        f"<ofd:AbbreviatedData>M 0 0 L {x2 - x1} {y2 - y1}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def make_ofd(pages: Sequence[str], *, template: str = "", extra: dict[str, str] | None = None) -> bytes:
    """An OFD of pages of 210 × 297 mm that hold these objects."""
    listed = "".join(f'<ofd:Page ID="{i}" BaseLoc="Pages/Page_{i}/Content.xml"/>' for i in range(len(pages)))
    parts = {
        "OFD.xml": f'<ofd:OFD {NAMESPACE} Version="1.1" DocType="OFD"><ofd:DocBody>'
        "<ofd:DocRoot>/Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {NAMESPACE}><ofd:CommonData><ofd:PageArea>"
        "<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
        '<ofd:TemplatePage ID="90" BaseLoc="Tpls/Tpl_0/Content.xml"/></ofd:CommonData>'
        f"<ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
        "Doc_0/Tpls/Tpl_0/Content.xml": layer(template),
        **{
            f"Doc_0/Pages/Page_{i}/Content.xml": layer(page, '<ofd:Template TemplateID="90" ZOrder="Background"/>')
            for i, page in enumerate(pages)
        },
        **(extra or {}),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def layer(objects: str, before: str = "") -> str:
    return (
        f'<ofd:Page {NAMESPACE}>{before}<ofd:Content><ofd:Layer ID="2">'
        f"<ofd:PageBlock>{objects}</ofd:PageBlock></ofd:Layer></ofd:Content></ofd:Page>"
    )


def texts(blocks: Sequence[Block]) -> list[tuple[int | None, str]]:
    return [(block.page, block.text) for block in blocks]


FULL = "全年组织学法活动十七次比上年增加两次覆盖全部执法人员并且"
WIDE = text(FULL, 30, 240)  # shows how wide the lines of a page are


def test_paragraphs() -> None:
    """One paragraph over lines and pages, whatever the order of its objects, without page numbers."""
    lines = [f"第{i}行{FULL[:-3]}" for i in "甲乙丙丁戊己庚辛壬"]
    pages = [
        "".join(text(lines[3 * page + i], 30, 40 + 10 * i) for i in (2, 0, 1)) + text(f"- {page + 1} -", 100, 280)
        for page in range(3)
    ]
    pages[2] += text("完成任务。", 30, 70) + text("某区司法局", 130, 100)
    assert [(1, "".join(lines) + "完成任务。"), (3, "某区司法局")] == texts(read(make_ofd(pages), "a.ofd"))


def test_pieces_of_a_line() -> None:
    """Characters that have objects of their own make one line; Latin words keep their space, Chinese none."""
    page = text("学", 30, 40) + text("17", 40, 40.2, deltas="2.5") + text("法", 35, 40) + text("次", 45, 40)
    page += text("AI", 30, 60, deltas="2.5") + text("plus", 37, 60, deltas="g 3 2.5")
    assert [(1, "学法17次"), (1, "AI plus"), (1, FULL)] == texts(read(make_ofd([page + WIDE]), "a.ofd"))


def test_matrix() -> None:
    """A text is where its matrix puts it: the second line here, though it is named first."""
    page = text("第二行在后。", 30, 40, attributes='CTM="1 0 0 1 0 20"') + text("第一行在前。", 30, 50)
    assert [(1, "第一行在前。"), (1, "第二行在后。"), (1, FULL)] == texts(read(make_ofd([page + WIDE]), "a.ofd"))


def test_template() -> None:
    """The text of a template is read with its page; what is not visible is not."""
    page = text("正文一句。", 30, 60) + text("看不见", 30, 80, attributes='Visible="false"')
    data = make_ofd([page + WIDE], template=text("模板一句。", 30, 40))
    assert [(1, "模板一句。"), (1, "正文一句。"), (1, FULL)] == texts(read(data, "a.ofd"))


def test_ruled_table() -> None:
    """The rows of a ruled table name their columns, between the paragraphs before and after."""
    page = text("表前一句。", 30, 30) + text("表后一句。", 30, 100)
    page += "".join(line(30, y, 150, y) for y in (50, 65, 80)) + "".join(line(x, 50, x, 80) for x in (30, 70, 110, 150))
    cells = (("指标", "上年", "本年"), ("学法", "15", "17"))
    page += "".join(text(cell, 35 + 40 * j, 54 + 15 * i) for i, row in enumerate(cells) for j, cell in enumerate(row))
    before, row, after = read(make_ofd([page]), "a.ofd")
    assert ["表前一句。", "表后一句。"] == [before.text, after.text]
    assert "指标：学法 | 上年：15 | 本年：17" == row.text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(make_ofd(["<a"]), "损坏", id="broken-part"),
        pytest.param(
            make_ofd(['<ofd:TextObject Boundary="1"><ofd:TextCode>一</ofd:TextCode></ofd:TextObject>']),
            "损坏",
            id="broken-place",
        ),
        pytest.param(make_ofd([], extra={"Doc_0/Document.xml": "<a/>"}), "没有文字", id="no-pages"),
        pytest.param(make_ofd(['<ofd:ImageObject ID="1" Boundary="0 0 210 297"/>']), "第 1 页是图片", id="scan"),
        pytest.param(make_ofd([text("一", 1, 1)], extra={"Doc_0/Encryptions.xml": "<a/>"}), "加了密", id="encrypted"),
        pytest.param(
            make_ofd(
                [],
                extra={
                    "OFD.xml": f"<ofd:OFD {NAMESPACE}><ofd:DocBody><ofd:DocRoot>x.xml"
                    "</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
                },
            ),
            "损坏",
            id="missing-part",
        ),
    ],
)
def test_refusals(data: bytes, reason: str) -> None:
    """RefusedError with the reason and what to do."""
    with pytest.raises(RefusedError, match=reason) as refusal:
        read(data, "a.ofd")
    assert "请" in str(refusal.value)


def test_entities_stay_out() -> None:
    """An entity that names a file of this machine is not read."""
    page = layer(text("一&secret;", 30, 40))
    bomb = f'<!DOCTYPE a [<!ENTITY secret SYSTEM "file:///etc/hostname">]>{page}'
    data = make_ofd([text("二", 30, 40)], extra={"Doc_0/Pages/Page_0/Content.xml": bomb})
    assert [(1, "一")] == texts(read(data, "a.ofd"))


@pytest.mark.parametrize("place", ["1e308", "inf", "nan"])
def test_places_that_are_on_no_page(place: str) -> None:
    """Text that is nowhere makes the file a broken one."""
    with pytest.raises(RefusedError, match="OFD 文件损坏"):
        read(make_ofd([text("学法", 30, 40).replace('Y="5"', f'Y="{place}"')]), "a.ofd")
