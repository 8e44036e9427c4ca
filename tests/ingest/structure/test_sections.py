"""Outlined blocks → the tree of sections: laws that hold for every document, and examples of each kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.structure.outline import outline
from ingest.structure.passages import document_text
from ingest.structure.sections import sections
from ingest.worker import read_outlined
from kb.errors import RefusedError
from kb.types import Block, BlockKind, Section, SectionKind
from tests import ROOT

SHARED = ROOT.parent / "shared"


def tree(text: str) -> list[str]:
    """“article 第一条 ¦ the first characters of its text”, indented by its depth."""
    blocks = outline([Block(text=line) for line in text.strip().splitlines()])
    return shown(blocks)


def shown(blocks: list[Block]) -> list[str]:
    found = sections(blocks)
    depths: list[int] = []
    for section in found:
        depths.append(0 if section.parent is None else depths[section.parent] + 1)
    whole = document_text(blocks)
    return [
        "  " * depth
        + " ".join(
            filter(None, (section.kind, section.number, section.title, "¦", whole[section.body : section.end][:8]))
        )
        for section, depth in zip(found, depths, strict=True)
    ]


def test_a_regulation() -> None:
    """Chapters hold articles, an article its list, an item the items below it."""
    assert [
        "chapter 第一章 总则 ¦ 第一条\n为了管好",
        "  article 第一条 ¦ 为了管好摊位，制",
        "chapter 第二章 经营 ¦ 第二条\n申请人应",
        "  article 第二条 ¦ 申请人应当提交下",
        "    list ¦ （一）申请书；\n",
        "      item （一） ¦ 申请书；",
        "      item （二） ¦ 证件，包括：\n1",
        "        list ¦ 1.身份证；\n2",
        "          item 1. ¦ 身份证；",
        "          item 2. ¦ 健康证；",
        "      item （三） ¦ 照片。",
        "  article 第三条 ¦ 摊位由区城管局划",
    ] == tree(
        """
云澜区摊位管理条例
第一章 总则
第一条 为了管好摊位，制定本条例。
第二章 经营
第二条 申请人应当提交下列材料：
（一）申请书；
（二）证件，包括：
1.身份证；
2.健康证；
（三）照片。
材料不齐的，当场告知。
第三条 摊位由区城管局划定。
"""
    )


def test_items_within_one_paragraph() -> None:
    """The list begins at its lead-in sentence, and its last item ends with its sentence."""
    blocks = outline(
        [
            Block(text="云澜区摊位管理条例"),
            Block(
                text="第九条 摊主应当守法。禁止下列行为：（一）占道；（二）噪声扰民；（三）乱倒垃圾。违者由区城管局处理。"
            ),
        ]
    )
    text = document_text(blocks)
    found = sections(blocks)
    assert [
        "禁止下列行为：（一）占道；（二）噪声扰民；（三）乱倒垃圾。",
        "（一）占道；",
        "（二）噪声扰民；",
        "（三）乱倒垃圾。",
    ] == [text[section.start : section.end] for section in found if section.kind is not SectionKind.ARTICLE]


def test_questions_with_their_answers() -> None:
    """A question by its words, its body behind 答：, what its answer counts as items."""
    assert [
        "question 问： 老年证怎么办？ ¦ 带下列材料到社区",
        "  list ¦ （1）身份证；（",
        "    item （1） ¦ 身份证；",
        "    item （2） ¦ 照片。",
        "question 问： 要多久 ¦ 十个工作日。",
        "question 问： 收费吗 ¦ 分两种情况。\n（",
        "  list ¦ （一）首次办理，",
        "    item （一） ¦ 首次办理，不收费",
        "    item （二） ¦ 遗失补办，收工本",
    ] == tree(
        """
云澜区老年证问答
问：老年证怎么办？
答：带下列材料到社区：（1）身份证；（2）照片。
问：要多久
答：十个工作日。
问：收费吗
答：分两种情况。
（一）首次办理，不收费。以系统登记为准，不看年龄。
（二）遗失补办，收工本费五元。
"""
    )


def test_definitions() -> None:
    """The term alone is the title; of a list of terms each item is one."""
    assert [
        "article 第一条 ¦ 本条例所称摊位，",
        "  definition 摊位 ¦ 本条例所称摊位，",
        "article 第二条 ¦ 本条例下列用语的",
        "  list ¦ （一）夜间，是指",
        "    item （一） ¦ 夜间，是指二十二",
        "      definition 夜间 ¦ 夜间，是指二十二",
        "    item （二） ¦ “早市”：五时至",
        "      definition 早市 ¦ “早市”：五时至",
    ] == tree(
        """
云澜区摊位管理条例
第一条 本条例所称摊位，是指在划定区域内设置的经营设施。
第二条 本条例下列用语的含义：
（一）夜间，是指二十二时至次日六时。
（二）“早市”：五时至八时的集市。
"""
    )


def test_a_notice_is_signed() -> None:
    """Issuers and date are a section of their own, which ends the one before; the annex begins behind it."""
    assert [
        "heading 一、 申请条件 ¦ 年满六十周岁的居",
        "signature ¦ 云澜区民政局\n云",
        "annex 附件1 ¦ 一张申请表。",
    ] == tree(
        """
关于办理老年证的通知
各镇人民政府：
一、申请条件
年满六十周岁的居民可以申请。
云澜区民政局
云澜区财政局
2024年3月1日
附件1
一张申请表。
"""
    )


def test_a_table_has_its_caption() -> None:
    """The lines above the rows are part of the table, the first of them its title."""
    blocks = [
        Block(text="收费如下。"),
        Block(text="云澜区停车收费标准"),
        Block(text="单位：元"),
        Block(text="区域：一类区 | 每小时：4", kind=BlockKind.TABLE_ROW),
        Block(text="区域：二类区 | 每小时：2", kind=BlockKind.TABLE_ROW),
    ]
    assert ["table 云澜区停车收费标准 ¦ 区域：一类区 |"] == shown(blocks)


def test_fields_of_a_guide() -> None:
    """A label over items or text is a heading, though the page marks it as none."""
    assert [
        "heading 申请材料 ¦ 1.户口簿；\n2",
        "  list ¦ 1.户口簿；\n2",
        "    item 1. ¦ 户口簿；",
        "    item 2. ¦ 照片。",
        "heading 办理时限 ¦ 受理后五个工作日",
    ] == tree("老年证办理指南\n申请材料\n1.户口簿；\n2.照片。\n办理时限\n受理后五个工作日办结。")


def test_an_article_that_is_quoted_begins_none() -> None:
    """No article where no other stands beside it; those of a law are found without a space behind the number."""
    assert [] == tree("处罚决定书\n依据如下法律：\n第五十四条 逾期不履行的，可以催告。\n特此告知。")
    assert [
        "article 第一条 ¦ 为了管好摊位，制",
        "article 第二条 ¦ 依照第三条规定的",
        "article 第三条 ¦ 标准另行公布。",
    ] == tree(
        "云澜区摊位办法\n第一条为了管好摊位，制定本办法。\n第二条“摊位”依照第三条规定的标准设置。\n第三条标准另行公布。".replace(
            "“摊位”", ""
        )
    )


def test_what_is_counted_together_is_one_kind() -> None:
    """Of three numbered lines two are headings, and so is the third; of three of which one is, none."""
    body = "全年组织学法活动，覆盖全体干部职工，取得了良好的效果和较高的评价。"
    text = f"某区报告\n一、工作\n（一）学法。{body}\n（二）普法。{body}\n（三）{'深入推进依法治理' * 6}。{body}"
    assert 3 == sum(line.startswith("  heading （") for line in tree(text))
    long = "深入推进依法治理" * 8
    items = f"某区报告\n一、工作\n（一）学法。{body}\n（二）{long}。{body}\n（三）{long}。{body}"
    assert 3 == sum(line.startswith("    item （") for line in tree(items))


def test_numbers_without_end() -> None:
    """A line of ten thousand numbers is one line, whatever stands around it."""
    for line in ("1、" * 10_000, "（一）" * 10_000, "1、（1）①" * 5_000):
        laws(outline([Block(text="清单"), Block(text=line), Block(text=line)]))


def laws(blocks: list[Block]) -> None:
    text = document_text(blocks)
    found = sections(blocks)
    assert [section.start for section in found] == sorted(section.start for section in found)
    for i, section in enumerate(found):
        assert 0 <= section.start <= section.body <= section.end <= len(text)
        assert section.start < section.end
        if section.parent is not None:
            parent = found[section.parent]
            assert section.parent < i
            assert parent.start <= section.start
            assert section.end <= parent.end
        if section.kind is SectionKind.ITEM:
            assert _list_around(found, section).start <= section.start
        if section.kind is SectionKind.LIST:
            items = [item for item in found if item.kind is SectionKind.ITEM and _list_around(found, item) == section]
            assert items
            assert section.body == items[0].start


def _list_around(found: tuple[Section, ...], section: Section) -> Section:
    while section.kind is not SectionKind.LIST:
        assert section.parent is not None
        section = found[section.parent]
        if section.kind is SectionKind.ITEM:
            continue
    return section


@pytest.mark.parametrize(
    "folder", [ROOT / "corpus", *(SHARED / name for name in ("policies", "cases"))], ids=lambda path: path.name
)
def test_the_laws_hold_for_real_documents(folder: Path) -> None:
    """Every span lies within that of its parent, every item in a list, every list begins with its first item."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    if not files:
        pytest.skip(f"there is no {folder}")
    for path in files:
        try:
            blocks = read_outlined(path.read_bytes(), path.name)
        except RefusedError:
            continue
        laws(blocks)
