"""Blocks → title, levels of headings, torn lines joined, no boilerplate."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.structure.outline import outline
from kb.types import Block, BlockKind


def lines(text: str) -> list[Block]:
    return [Block(text=line) for line in text.strip().splitlines()]


def marked(blocks: list[Block]) -> list[str]:
    """“2 一、回顾” for a heading of level 2, “- …” for a list item, the text alone for a paragraph."""
    marks = {BlockKind.LIST_ITEM: "- ", BlockKind.PARAGRAPH: "", BlockKind.TABLE_ROW: "| "}
    return [(f"{b.level} " if b.kind is BlockKind.HEADING else marks[b.kind]) + b.text for b in blocks]


def test_report() -> None:
    """Boilerplate out, title found, sections and subsections with levels, speech untouched."""
    blocks = lines(
        """
下载
【字号：
加大
】
2026年某省政府工作报告
——2026年1月26日在某省第十四届人民代表大会第五次会议上
各位代表：
一、2025年工作回顾
过去一年，全省上下团结奋斗。
（一）稳增长。生产总值增长5%。
二、2026年重点工作
一是抓好投资。二是抓好消费。
相关报道：
"""
    )
    assert [
        "1 2026年某省政府工作报告",
        "——2026年1月26日在某省第十四届人民代表大会第五次会议上",
        "各位代表：",
        "2 一、2025年工作回顾",
        "过去一年，全省上下团结奋斗。",
        "3 （一）稳增长。",
        "生产总值增长5%。",
        "2 二、2026年重点工作",
        "一是抓好投资。二是抓好消费。",
    ] == marked(outline(blocks))


def test_spaced_title_is_kept() -> None:
    """A title with spaced letters stays as it is written."""
    assert "1 政 府 工 作 报 告" == marked(outline(lines("政 府 工 作 报 告\n各位代表：\n现在报告工作。")))[0]


def test_articles() -> None:
    """Chapters at level 2, articles at level 3, each with its own text."""
    blocks = lines("某市管理办法\n第一章 总则\n第一条 为了规范管理，制定本办法。\n第二条　本办法适用于全市。")
    assert [
        "1 某市管理办法",
        "2 第一章 总则",
        "3 第一条",
        "为了规范管理，制定本办法。",
        "3 第二条",
        "本办法适用于全市。",
    ] == marked(outline(blocks))


def test_article_that_is_quoted_is_text() -> None:
    """“第三条规定” within running text is no heading."""
    blocks = lines("某市公告\n第三条规定的事项由市政府办理。")
    assert ["1 某市公告", "第三条规定的事项由市政府办理。"] == marked(outline(blocks))


@pytest.mark.parametrize(
    "items",
    [
        pytest.param("1.提前建成并投运地铁5号线。\n2.新增学位1.2万个。", id="sentences"),
        pytest.param("（一）申请书；\n（二）身份证。", id="clauses"),
        pytest.param("1.申请书\n2.身份证", id="words"),
    ],
)
def test_lists(items: str) -> None:
    """Numbered lines that stand over no text are list items."""
    result = outline(lines(f"某区办事指南\n一、申请材料\n{items}"))
    assert [f"- {line}" for line in items.splitlines()] == marked(result)[2:]


def test_contents_are_a_list() -> None:
    """A table of contents is a list; the sections below it are headings."""
    result = marked(
        outline(lines("某市规划\n一、基础\n二、目标\n三、任务\n一、基础\n已经奠定。\n二、目标\n还要实现。"))
    )
    assert ["- 一、基础", "- 二、目标", "- 三、任务", "2 一、基础", "已经奠定。", "2 二、目标"] == result[1:7]


@pytest.mark.parametrize(
    ("torn", "joined"),
    [
        pytest.param("新增高速公路3.\n3万公里。", "新增高速公路3.3万公里。", id="number"),
        pytest.param("青藏铁路建成，\n三峡工程发挥效益。", "青藏铁路建成，三峡工程发挥效益。", id="comma"),
        pytest.param("细颗粒物PM\n2.5\n浓度下降。", "细颗粒物PM2.5浓度下降。", id="subscript"),
        pytest.param("报告（\n草案）已经印发。", "报告（草案）已经印发。", id="bracket"),
        pytest.param("今年的\n主要目标\n是：增长5%。", "今年的主要目标是：增长5%。", id="bold"),
    ],
)
def test_torn_lines(torn: str, joined: str) -> None:
    """One paragraph from the lines of one sentence."""
    assert [joined] == marked(outline(lines(f"某省报告\n各位代表：\n{torn}")))[2:]


@pytest.mark.parametrize("apart", ["某区司法局\n2025年1月20日", "联系人：张三\n电话：0000-1234", "完成。\n增长5%。"])
def test_lines_apart(apart: str) -> None:
    """Signatures, contacts and whole sentences stay lines of their own."""
    assert apart.splitlines() == marked(outline(lines(f"某区报告\n各位代表：\n{apart}")))[2:]


def test_boilerplate() -> None:
    """Buttons, paths and a glued word go; issuer and phone stay."""
    blocks = lines(
        """
您的位置:
首页
>
要闻
某区报告 |
已经完成。
主办单位:某区办公室
推荐使用IE8及以上版本浏览器浏览
联系方式:022-66897800下载
打印
"""
    )
    assert ["1 某区报告", "已经完成。", "主办单位:某区办公室", "联系方式:022-66897800"] == marked(outline(blocks))


def test_given_levels_keep_their_order() -> None:
    """Headings of the format stay; numbered lines nest below them."""
    blocks = [
        Block(text="某区报告", kind=BlockKind.HEADING, level=1),
        Block(text="一、情况", kind=BlockKind.HEADING, level=2),
        Block(text="（一）学法。全年学法。"),
        Block(text="二、打算", kind=BlockKind.HEADING, level=2),
        Block(text="继续学法。"),
    ]
    assert ["1 某区报告", "2 一、情况", "3 （一）学法。", "全年学法。", "2 二、打算", "继续学法。"] == marked(
        outline(blocks)
    )


def test_several_top_headings_are_sections() -> None:
    """Level 2 for headings of level 1 that are sections, and the title from the lines before."""
    blocks = [
        Block(text="某区2024年工作报告"),
        Block(text="背景", kind=BlockKind.HEADING, level=1),
        Block(text="已有基础。"),
        Block(text="做法", kind=BlockKind.HEADING, level=1),
        Block(text="继续推进。"),
    ]
    assert ["1 某区2024年工作报告", "2 背景", "已有基础。", "2 做法", "继续推进。"] == marked(outline(blocks))


def test_annex_stands_beside_the_sections() -> None:
    """An annex at level 2, its sections one lower than those of the report."""
    result = marked(outline(lines("某省报告\n一、回顾\n完成。\n附件1\n一、保障\n提高标准。")))
    assert ["2 一、回顾", "完成。", "2 附件1", "3 一、保障", "提高标准。"] == result[1:]


def letters(blocks: list[Block]) -> str:
    return "".join("".join(block.text.split()) for block in blocks)


PIECES = st.sampled_from(
    [
        "第一章 ",
        "第二条 ",
        "一、",
        "（一）",
        "1.",
        "（1）",
        "是",
        "报告",
        "增长3.",
        "5%",
        "，",
        "。",
        "；",
        "：",
        "“",
        "”",
        "（",
        "）",
    ]
)
BLOCKS = st.lists(
    st.builds(
        Block,
        text=st.lists(PIECES, min_size=1, max_size=9).map(lambda pieces: "".join(pieces).strip()),
        kind=st.sampled_from([BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.TABLE_ROW]),
    )
    | st.builds(
        Block,
        text=st.sampled_from(["报告", "一、情况", "附件"]),
        kind=st.just(BlockKind.HEADING),
        level=st.integers(0, 4),
    ),
    max_size=14,
)


@given(BLOCKS)
def test_no_letter_changes(blocks: list[Block]) -> None:
    """The same letters in the same order, where there is no boilerplate."""
    assert letters(blocks) == letters(outline(blocks))


@given(BLOCKS)
def test_every_heading_has_a_level(blocks: list[Block]) -> None:
    """A level from 1 for headings, 0 for all else, and no more than one title."""
    result = outline(blocks)
    assert all((block.level >= 1) == (block.kind is BlockKind.HEADING) for block in result)
    assert sum(block.level == 1 for block in result) <= 1
    assert all(block.text == block.text.strip() != "" for block in result)


@given(
    st.lists(
        st.sampled_from(["下载", "打印", "首页 >", "当前位置：首页 > 公开", "报告", "完成下载", "|"]),
        max_size=8,
    )
)
def test_boilerplate_only_goes(texts: list[str]) -> None:
    """With boilerplate, the letters that stay are in their order."""
    rest = iter(letters([Block(text=text) for text in texts]))
    assert all(letter in rest for letter in letters(outline([Block(text=text) for text in texts])))


def test_long_heading_over_a_body() -> None:
    """The first sentence of a numbered paragraph is a heading where there is a body behind it, up to 56 characters."""
    heading = "（二）聚焦加快构建体现本地特色和优势的现代化产业体系，深化实施“1269”行动计划。"
    body = "坚持智能化、绿色化、融合化方向，坚定不移推进新型工业化，巩固壮大实体经济根基。"
    assert [f"3 {heading}", body] == marked(outline(lines(f"某省报告\n一、安排\n今年要做好。\n{heading}{body}")))[3:]


def test_no_level_is_left_out() -> None:
    """The terms of an annex stand right below it, though the report has sections of two levels."""
    text = "某省报告\n一、回顾\n（一）经济。稳中有进。\n名词解释\n1.“四上”企业：\n规模以上企业。\n2.“双一流”：\n大学。"
    headings = [line for line in marked(outline(lines(text))) if line[0].isdigit() and line[1] == " "]
    assert ["2 名词解释", "3 1.“四上”企业：", "3 2.“双一流”："] == headings[-3:]


def test_mending_has_bounds() -> None:
    """Thousands of lines that end in a comma are no paragraph, and take no time that grows with their square."""
    result = outline([Block(text="学法，" * 100) for _ in range(500)])
    assert 20 < len(result) < 100
