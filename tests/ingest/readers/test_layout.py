"""Text and cells in their places → reading order, rows, and one table over two pages."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ingest.readers.layout.grids import grid, is_frame, joined, without_frames
from ingest.readers.layout.reading_order import in_reading_order
from ingest.readers.layout.typeset import PlacedLine, blocks, plain

ABOVE = [
    ("三、结果", "（一）予以公开", "一", "1288"),
    ("三、结果", "（二）部分公开", "二", "447"),
    ("三、结果", "（四）无", "1.不掌握", "746"),
]
BELOW = [
    ("", "法提供", "2.没有现成信息", "11"),
    ("", "法提供", "3.内容不明确", "1"),
    ("", "（五）不予处理", "1.信访", "56"),
]


def line(text: str, left: float, top: float, *, page: int = 1) -> PlacedLine:
    """A line in Chinese of 10 points."""
    return PlacedLine(text=text, left=left, right=left + 10 * len(text), top=top, size=10.0, page=page)


class TestJoined:
    def test_torn_merged_cells(self) -> None:
        """Merged cells that the edge tears are whole in the rows of both pages; the others stay."""
        above, below = joined(ABOVE, BELOW) or ([], [])
        assert [*ABOVE[:2], ("三、结果", "（四）无法提供", "1.不掌握", "746")] == above
        assert [
            ("三、结果", "（四）无法提供", "2.没有现成信息", "11"),
            ("三、结果", "（四）无法提供", "3.内容不明确", "1"),
            ("三、结果", "（五）不予处理", "1.信访", "56"),
        ] == below

    @pytest.mark.parametrize(
        ("above", "below", "expected"),
        [
            pytest.param([("名称", "数量"), ("甲", "1")], [("名称", "数量"), ("乙", "2")], [("乙", "2")], id="heads"),
            pytest.param([("甲", "1")], [("乙", "2")], [("乙", "2")], id="rows"),
            pytest.param([("甲", "1")], [("乙", "2", "3")], None, id="other-columns"),
            pytest.param([("甲", "1")], [("类别", "数目"), ("乙", "2")], None, id="other-heads"),
            pytest.param([("甲", "说明一")], [("", "2024")], [("", "2024")], id="figure-is-no-rest"),
        ],
    )
    def test_rows_below(
        self, above: Sequence[Sequence[str]], below: Sequence[Sequence[str]], expected: list[tuple[str, ...]] | None
    ) -> None:
        """The rows below without repeated heads; None for another table."""
        both = joined(above, below)
        assert expected == (None if both is None else both[1])


class TestGrid:
    def test_merged_cells(self) -> None:
        """A cell over two rows and one over two columns are repeated; rules that are not quite straight are one."""
        texts = {
            (0.0, 0.0, 10.0, 40.5): "学法",
            (10.4, 0.0, 50.0, 20.0): "件数",
            (10.0, 20.3, 30.0, 40.0): "15",
            (30.2, 20.0, 50.0, 40.0): "17",
        }
        assert [("学法", "件数", "件数"), ("学法", "15", "17")] == grid(texts, rule_width=1.0)

    def test_frames(self) -> None:
        """A box that only encloses cells is no cell."""
        cells = {(1.0, 1.0, 9.0, 9.0): "甲", (11.0, 1.0, 19.0, 9.0): "乙"}
        assert cells == without_frames({(0.0, 0.0, 20.0, 10.0): "甲乙", **cells})

    @pytest.mark.parametrize(("num_characters", "expected"), [(300, False), (900, True)])
    def test_is_frame(self, num_characters: int, expected: bool) -> None:
        """Boxes around pages of text are no table."""
        assert expected is is_frame({(0.0, 0.0, 10.0, 10.0): "字" * num_characters, (10.0, 0.0, 20.0, 10.0): "短"})


class TestArranged:
    def test_two_columns(self) -> None:
        """Below a title over both, the left column is read before the right one."""
        left = [line("左" * 20, 50, 700 - 20 * i) for i in range(10)]
        right = [line("右" * 20, 300, 700 - 20 * i) for i in range(10)]
        mixed = [piece for pair in zip(left, right, strict=True) for piece in pair]
        title = line("题" * 30, 100, 740)
        assert [title, *left, *right] == in_reading_order([*mixed, title], [], rule_width=3.0)

    def test_labels_are_no_columns(self) -> None:
        """Labels and values far apart are lines, not columns."""
        pieces = [line(text, x, 700 - 20 * i) for i in range(10) for text, x in (("标签", 50), ("值" * 8, 250))]
        assert ["标签 " + "值" * 8] * 10 == [found.text for found in in_reading_order(pieces, [], rule_width=3.0)]

    def test_frame_keeps_its_text(self) -> None:
        """Text in a frame of one column stays lines."""
        cells = [(40.0, -120.0, 200.0, -80.0), (40.0, -80.0, 200.0, -40.0)]
        pieces = [line("第一行", 50, 110), line("第二行", 50, 70)]
        assert pieces == in_reading_order(pieces, [cells], rule_width=3.0)


class TestBlocks:
    def test_columns_have_margins_of_their_own(self) -> None:
        """Lines of a narrow column beside another join, and its indent begins a paragraph."""
        left = [line("左" * 20, 50, 700), line("左" * 20, 50, 680), line("左完。", 50, 660)]
        right = [
            line("右" * 18, 320, 700),
            line("右" * 20, 300, 680),
            line("右" * 18, 320, 660),
            line("右完。", 300, 640),
        ]
        assert ["左" * 40 + "左完。", "右" * 38, "右" * 18 + "右完。"] == [
            block.text for block in blocks([left + right])
        ]

    def test_rows_have_their_pages(self) -> None:
        """The rows of a table over two pages are blocks with the page that they stand on."""
        tables = [
            [PlacedLine(text="", left=0, right=100, top=700, size=1.0, page=page, table=rows)]
            for page, rows in ((1, (("名称", "数量"), ("甲", "1"))), (2, (("名称", "数量"), ("乙", "2"))))
        ]
        assert [(1, "名称：甲 | 数量：1"), (2, "名称：乙 | 数量：2")] == [
            (block.page, block.text) for block in blocks(tables)
        ]


def test_radicals() -> None:
    """Characters that a font names by their radicals are those that are read."""
    assert "行政诉讼无贝页" == plain("⾏政诉讼⽆⻉⻚")
