"""Sections → containers, blocks, foci and cells; the branch or cell that a question is about."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from ingest.structure.passages import document_text
from ingest.structure.sections import sections
from ingest.worker import read_outlined
from kb.answering.judge.judge import Judgement
from kb.answering.judge.windows import Window
from kb.answering.structure import BlockShape, Node, Structure
from kb.answering.units.cases import cases_in
from kb.answering.units.narrowing import branch_of, focus_of_case, meant_cells, narrowed
from kb.answering.units.rows import Cell, cells_of
from kb.search.gazetteer import Gazetteer
from kb.search.query import QueryPlan, plan_query
from kb.types import Section, SectionKind
from tests import CORPUS

PAPERS = sorted(path for path in CORPUS.iterdir() if path.suffix in (".md", ".html", ".txt"))
BOAT_RULES = """# 望舒市游船码头管理办法

## 第一章 总则

第一条 为了管好游船码头，制定本办法。

第二条 本办法所称码头，是指下列场所：

（一）石阶码头；

（二）浮筒码头。

第三条 申请停靠应当提交下列材料：

（一）停靠申请表；

（二）船员证件，包括：

1.驾驶证；

2.救生证；

（三）船身照片。

材料不齐的，一次告知。

第四条 停靠费如下：

| 序号 | 船型 | 停靠费 |
| --- | --- | --- |
| 1 | 画舫 | 每日90元 |
| 2 | 快艇 | 每日140元 |
"""


def structure_of(markdown: str | bytes, name: str = "a.md") -> Structure:
    """The structure of a document, read and outlined as its file is."""
    blocks = read_outlined(markdown.encode() if isinstance(markdown, str) else markdown, name)
    return Structure(document_text(blocks), sections(blocks))


def ask(question: str) -> QueryPlan:
    return plan_query(question, (), Gazetteer(()))


def shown(structure: Structure) -> list[str]:
    """Each block as its shape and container; below it each focus behind its lead-ins."""
    text, lines = structure.text, []
    for block in structure.blocks:
        lines.append(" ".join((block.shape, *block.container.path[-1:])))
        for focus in block.foci:
            lines.append("  " + " › ".join(text[start:end] for start, end in (*focus.leads, (focus.start, focus.end))))
    return lines


def test_the_blocks_of_a_regulation() -> None:
    """A paragraph has sentences, a list items behind all their lead-ins, a table rows; each is of its article."""
    assert [
        "paragraph",
        "  望舒市游船码头管理办法",
        "paragraph 第一条",
        "  为了管好游船码头，制定本办法。",
        "list 第二条",
        "  本办法所称码头，是指下列场所： › （一）石阶码头；",
        "  本办法所称码头，是指下列场所： › （二）浮筒码头。",
        "list 第三条",
        "  申请停靠应当提交下列材料： › （一）停靠申请表；",
        "  申请停靠应当提交下列材料： › （二）船员证件，包括： › 1.驾驶证；",
        "  申请停靠应当提交下列材料： › （二）船员证件，包括： › 2.救生证；",
        "  申请停靠应当提交下列材料： › （三）船身照片。",
        "paragraph 第三条",
        "  材料不齐的，一次告知。",
        "table 第四条",
        "  序号：1 | 船型：画舫 | 停靠费：每日90元",
        "  序号：2 | 船型：快艇 | 停靠费：每日140元",
    ] == shown(structure_of(BOAT_RULES))


def test_the_path_of_a_container_names_what_it_stands_in() -> None:
    """第一章 总则 › 第四条; a list and a table have no part in it."""
    [table] = [block for block in structure_of(BOAT_RULES).blocks if block.shape is BlockShape.TABLE]
    assert ("第一章 总则", "第四条") == table.container.path


def test_sections_made_by_hand() -> None:
    """A question with its answer is a container, its definition a sentence of a paragraph; what has no section is the document's."""
    text = "前言一句。\n问：什么是夜渡？\n夜渡是指日落后开的船。要先约。"
    asked, answer = text.index("问"), text.index("夜渡是指")
    found = (
        Section(kind=SectionKind.QUESTION, start=asked, end=len(text), body=answer, title="什么是夜渡？"),
        Section(
            kind=SectionKind.DEFINITION, start=answer, end=text.index("要先约"), body=answer, title="夜渡", parent=0
        ),
    )
    assert [
        "paragraph",
        "  前言一句。",
        "paragraph 什么是夜渡？",
        "  夜渡是指日落后开的船。",
        "  要先约。",
    ] == shown(Structure(text, found))
    assert ["paragraph", "  前言一句。"] == shown(Structure("前言一句。\n\n", ()))
    assert [] == shown(Structure("", ()))


def test_blocks_within_a_span() -> None:
    """Those that share a character with it; the blocks of a container are those of its articles, too."""
    structure = structure_of(BOAT_RULES)
    at = structure.text.index("浮筒")
    [block] = structure.blocks_within(at, at + 1)
    assert block.shape is BlockShape.LIST
    assert [] == structure.blocks_within(block.end, block.end + 1)
    chapter = block.container.parent
    assert isinstance(chapter, Node)
    assert list(structure.blocks[1:]) == structure.blocks_within(chapter.start, chapter.end)


def drawn_document(seed: int) -> str:
    """A regulation with articles of paragraphs, lists in lists, tables and definitions, drawn by chance."""
    drawn = random.Random(seed)
    lines, article = [f"# 云澜区渡口第{seed}号规定"], 0
    for chapter in "一二三"[: drawn.randint(1, 3)]:
        lines.append(f"## 第{chapter}章 渡口")
        for _ in range(drawn.randint(1, 3)):
            article += 1
            lines.append(f"第{'一二三四五六七八九'[article - 1]}条 渡口由街道看护。夜里关门。")
            for _ in range(drawn.randint(0, 3)):
                lines += drawn.choice(
                    (
                        ["过渡的人排队上船。但是，老人可以先上。"],
                        [
                            "过渡应当带下列东西：",
                            "（一）船票；",
                            "（二）雨具，包括：",
                            "1.雨伞；",
                            "2.雨靴；",
                            "（三）灯。",
                        ],
                        ["本规定所称渡船，是指下列船只：", "（一）木船；", "（二）铁船。"],
                        ["| 船 | 价 |\n| --- | --- |\n| 木船 | 3元 |\n| 铁船 | 5元 |"],
                    )
                )
    return "\n\n".join(lines)


@pytest.mark.parametrize("seed", range(20))
def test_blocks_hold_all_text_once_within_their_containers(seed: int) -> None:
    """Each character but headings stands in one block, each block in its container, each focus in its block."""
    _assert_holds_all(structure_of(drawn_document(seed)))


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.name)
def test_blocks_hold_all_text_of_the_sample_documents(path: Path) -> None:
    """The same of laws, guides, questions and reports as they are published."""
    _assert_holds_all(structure_of(path.read_bytes(), path.name))


def _assert_holds_all(structure: Structure) -> None:
    text = structure.text
    held = [0] * len(text)
    headings: set[int] = set()
    waiting = list(structure.root.children)
    while waiting:
        node = waiting.pop()
        waiting += node.children
        if node.is_container:
            headings.update(range(node.start, node.body))
    for block in structure.blocks:
        assert block.container.start <= block.start <= block.body <= block.end <= block.container.end
        assert block.foci
        for focus in block.foci:
            assert block.start <= focus.start < focus.end <= block.end
            assert text[focus.start : focus.end] == text[focus.start : focus.end].strip()
            assert all(block.start <= start < end <= focus.start for start, end in focus.leads)
        for place in range(block.start, block.end):
            held[place] += 1
    for place, character in enumerate(text):
        assert held[place] <= 1
        assert held[place] or place in headings or character.isspace()


def _said(text: str, cells: list[Cell]) -> list[tuple[list[str], str, bool]]:
    return [
        ([text[start:end] for start, end in cell.head], text[slice(*cell.value)], cell.is_ordinal) for cell in cells
    ]


def test_the_cells_of_a_row() -> None:
    """Heads above one another are parts of one head; a cell may have none; a row begins anywhere; what is empty is left out."""
    before = "停靠费：\n"
    row = "序号：3 | 船型：画舫 | 停靠费－平日：每日90元 | 另议 | 备注："
    text = before + row + "\n后一行"
    assert [
        (["序号"], "3", True),
        (["船型"], "画舫", False),
        (["停靠费", "平日"], "每日90元", False),
        ([], "另议", False),
        ([], "备注：", False),
    ] == _said(text, cells_of(text, len(before), len(before) + len(row)))
    assert [(["船型"], "画舫", False)] == _said(
        "船型：画舫 |  | ", cells_of("船型：画舫 |  | ", 0, len("船型：画舫 |  | "))
    )


PRICES = "序号：1 | 船型：画舫 | 停靠费：90元 | 清洁费：20元 | 保险费：7元"


@pytest.mark.parametrize(
    ("question", "values"),
    [
        ("画舫的清洁费是多少元？", ["画舫", "20元"]),
        ("画舫的保险费是多少元？", ["画舫", "7元"]),
        ("画舫一共要多少元？", ["画舫", "90元", "20元", "7元"]),
        ("画舫的清洁费由谁收？", ["画舫", "90元", "20元", "7元"]),
    ],
)
def test_the_cell_whose_head_is_asked(question: str, values: list[str]) -> None:
    """Where a figure is asked for under one of several heads, that cell beside those without figures; never the ordinal."""
    kept = meant_cells(ask(question), PRICES, cells_of(PRICES, 0, len(PRICES)))
    assert values == [PRICES[slice(*cell.value)] for cell in kept]


LADDER = "停靠满3日不足10日的，收费60元；停靠满10日不足30日的，收费150元；停靠满30日的，收费400元。"


@pytest.mark.parametrize(
    ("question", "branch"),
    [
        ("船停靠了12日，收费多少元？", "停靠满10日不足30日的，收费150元；"),
        ("船停靠了10日，收费多少元？", "停靠满10日不足30日的，收费150元；"),
        ("船停靠了45日，收费多少元？", "停靠满30日的，收费400元。"),
        ("船停靠了2日，收费多少元？", None),
        ("船停靠收费多少元？", None),
    ],
)
def test_the_branch_that_an_amount_satisfies(question: str, branch: str | None) -> None:
    """满 includes its number, 不足 does not; below all of them, or without an amount, there is none, and all is shown."""
    text = "前文。" + LADDER
    span = branch_of(ask(question), text, 3, len(text))
    assert branch == (span and text[slice(*span)])
    if branch is None:
        assert [(3, len(text))] == narrowed(ask(question), text, 3, len(text))


def test_the_item_that_an_amount_satisfies() -> None:
    """Of a list of cases that one item, of a table that row; without an amount, or in a paragraph, none."""
    structure = structure_of(
        "# 云澜区渡口规定\n\n第一条 停靠费如下：\n\n（一）停靠不满5日的，40元；\n\n（二）停靠5日以上的，70元。\n\n停靠9日以上的减半。"
    )
    text = structure.text
    (listed,) = (block for block in structure.blocks if block.shape is BlockShape.LIST)
    focus = focus_of_case(ask("停靠8日多少元？"), text, listed)
    assert focus is not None
    assert "（二）停靠5日以上的，70元。" == text[focus.start : focus.end]
    assert focus_of_case(ask("停靠多少元？"), text, listed) is None
    assert focus_of_case(ask("停靠12日多少元？"), text, structure.blocks[-1]) is None


BOATS = "画舫停靠的，收费60元；夜渡快艇停靠的，收费150元；水上餐厅停靠的，收费400元。"


def judgement(text: str, best: str) -> Judgement:
    """What a judge says that holds some words for the answer, and no others."""
    at = text.index(best)
    return Judgement(Window("", "", 0, len(text), text), 5.0, ((at, at + len(best), 5.0),))


@pytest.mark.parametrize(
    ("text", "best", "shown"),
    [
        (BOATS, "收费150元", ["夜渡快艇停靠的，收费150元；"]),
        (BOATS, "收费400元", [BOATS]),
        (f"（二）停靠费：{BOATS}", "收费150元", ["（二）停靠费：", "夜渡快艇停靠的，收费150元；"]),
        (BOATS, None, [BOATS]),
    ],
    ids=["words and judge", "judge alone", "with its head", "not judged"],
)
def test_the_case_that_is_shown_alone(text: str, best: str | None, shown: list[str]) -> None:
    """The case that words and judge hold for the one that is meant, behind what stands above all; else all of them."""
    said = judgement(text, best) if best else None
    spans = narrowed(ask("夜渡快艇停靠收费多少元？"), text, 0, len(text), said)
    assert shown == [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("text", "head", "cases"),
    [
        (BOATS, "", ["画舫停靠的，收费60元；", "夜渡快艇停靠的，收费150元；", "水上餐厅停靠的，收费400元。"]),
        ("（一）停船费：满3日的，减半；满9日的，全免。", "（一）停船费：", ["满3日的，减半；", "满9日的，全免。"]),
        ("一级码头为90元，二级码头为60元。", "", ["一级码头为90元，", "二级码头为60元。"]),
        ("停靠满3日，没有损坏的，退还押金60元，另发证明。", "", ["停靠满3日，没有损坏的，退还押金60元，另发证明。"]),
        (
            "不登记的，责令登记；拒不登记的，罚6元；再犯的，罚9元。",
            "",
            ["不登记的，责令登记；拒不登记的，罚6元；", "再犯的，罚9元。"],
        ),
        ("不登记的，罚6元；拒不登记的，罚9元。", "", ["不登记的，罚6元；", "拒不登记的，罚9元。"]),
        ("（3）登记的，发证。", "", ["（3）登记的，发证。"]),
        ("渡口由船管所管理。", "", ["渡口由船管所管理。"]),
    ],
    ids=[
        "conditions",
        "head",
        "statements",
        "one with figures in both parts",
        "goes on",
        "each with a figure",
        "number",
        "one",
    ],
)
def test_cases_side_by_side(text: str, head: str, cases: list[str]) -> None:
    """A case is a condition with what holds in it, or a statement with a figure beside others; the number of an item is no figure."""
    found = cases_in("前文。" + text, 3, 3 + len(text))
    assert cases == [("前文。" + text)[slice(*span)] for span in found.spans]
    assert head == (("前文。" + text)[slice(*found.head)] if found.head else "")
