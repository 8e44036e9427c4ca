"""Outlined blocks → the tree of sections: laws that hold for every document, and examples of each kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.structure.outline import outline
from ingest.structure.passages import document_text
from ingest.structure.sections import sections
from ingest.worker import read_outlined
from kb.errors import RefusedError
from kb.types import Block, Section, SectionKind
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
