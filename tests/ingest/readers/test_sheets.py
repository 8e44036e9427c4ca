"""Spreadsheets and CSV → blocks: titles, column heads, figures as they are shown, bounds."""

from __future__ import annotations

import csv
import datetime
import functools
import io
import struct
from collections.abc import Iterable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers import read
from ingest.readers.sheets.number_formats import shown
from kb.chinese.text import CELL_MARK
from kb.errors import RefusedError
from kb.types import Block

Cells = Mapping[str, object]


def outlined(blocks: Iterable[Block]) -> list[tuple[str, int, str]]:
    """Kind, level and text, the cells of a row apart by "；"."""
    return [(block.kind.value, block.level, block.text.replace(CELL_MARK, "；")) for block in blocks]


def make_xlsx(
    sheets: Mapping[str, Cells],
    *,
    merged: Iterable[str] = (),
    formats: Mapping[str, str] | None = None,
    hidden: Iterable[str] = (),
) -> bytes:
    """A workbook of cells by reference; merged ranges and formats are those of every sheet."""
    import openpyxl

    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, cells in sheets.items():
        worksheet = workbook.create_sheet(name)
        for reference, value in cells.items():
            worksheet[reference] = value
        for reference, code in (formats or {}).items():
            worksheet[reference].number_format = code
        for cell_range in merged:
            worksheet.merge_cells(cell_range)
        if name in hidden:
            worksheet.sheet_state = "hidden"
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


@functools.cache
def small_xlsx() -> bytes:
    return make_xlsx({"表": table([["指标", "件数"], ["复议", 1]])})


def table(rows: Iterable[Iterable[object]]) -> dict[str, object]:
    """The cells of rows from A1 on, by reference."""
    return {f"{chr(65 + j)}{i + 1}": cell for i, row in enumerate(rows) for j, cell in enumerate(row) if cell != ""}


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file of these streams, each in whole sectors of 512 bytes (MS-CFB 2)."""
    padded = [(name, data.ljust(4096, b"\0") + bytes(-max(len(data), 4096) % 512)) for name, data in streams.items()]
    num_directory = (len(padded) + 4) // 4
    chain = [0xFFFFFFFD, *range(2, num_directory + 1), 0xFFFFFFFE]
    entries = [_entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1)]
    for i, (name, data) in enumerate(padded, start=1):
        start, length = len(chain), len(data) // 512
        chain += [*range(start + 1, start + length), 0xFFFFFFFE]
        entries.append(_entry(name, 2, start, len(data), right=i + 1 if i < len(padded) else 0xFFFFFFFF))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += bytes(6) + struct.pack("<9I", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<I", 0) + b"\xff" * 432
    table_of_sectors = struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")
    directory = b"".join(entries).ljust(512 * num_directory, b"\0")
    return header + table_of_sectors + directory + b"".join(data for _, data in padded)


def _entry(name: str, kind: int, start: int, size: int, right: int = 0xFFFFFFFF, child: int = 0xFFFFFFFF) -> bytes:
    wide = name.encode("utf-16-le") + b"\0\0"
    entry = wide.ljust(64, b"\0") + struct.pack("<HBB", len(wide), kind, 1)
    entry += struct.pack("<III", 0xFFFFFFFF, right, child) + bytes(36)
    return entry + struct.pack("<IQ", start, size)


def make_xls(
    cells: Iterable[tuple[int, int, float | str, int]], codes: Iterable[str], *, locked: bool = False
) -> bytes:
    """A sheet of cells (row, column, value, style), the styles having these format codes (MS-XLS)."""
    code_list = list(codes)
    start = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)) + (_record(0x2F, bytes(6)) if locked else b"")
    for i, code in enumerate(code_list):
        start += _record(0x41E, struct.pack("<HHB", 164 + i, len(code), 1) + code.encode("utf-16-le"))
    for i in range(len(code_list)):
        start += _record(0xE0, struct.pack("<HH", 0, 164 + i) + bytes(16))
    name = "表"
    body = struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")
    offset = len(start) + 4 + 6 + len(body) + 4
    book = start + _record(0x85, struct.pack("<IH", offset, 0) + body) + _record(0x0A, b"")
    book += _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    for row, column, value, style in cells:
        place = struct.pack("<HHH", row, column, style)
        if isinstance(value, str):
            book += _record(0x204, place + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
        else:
            book += _record(0x203, place + struct.pack("<d", value))
    return compound({"Workbook": book + _record(0x0A, b"")})


def _record(number: int, body: bytes) -> bytes:
    return struct.pack("<HH", number, len(body)) + body


class TestXlsx:
    def test_titles_heads_and_notes(self) -> None:
        """A title above the heads, who filled it in, heads of two rows joined, figures as shown, a note below."""
        rows = [
            ["2024年法治建设指标表"],
            ["填报单位：某区司法局", "", "", "单位：件"],
            ["指标", "年度", "", "占比"],
            ["", 2023, 2024, ""],
            ["复议", 85, 102.0, 0.123],
            ["注：按办结日期计。"],
        ]
        data = make_xlsx({"统计": table(rows)}, merged=["A1:D1", "B3:C3", "A3:A4", "D3:D4"], formats={"D5": "0.0%"})
        assert [
            ("heading", 1, "2024年法治建设指标表"),
            ("paragraph", 0, "填报单位：某区司法局；单位：件"),
            ("table_row", 0, "指标：复议；年度－2023：85；年度－2024：102；占比：12.3%"),
            ("paragraph", 0, "注：按办结日期计。"),
        ] == outlined(read(data, "表.xlsx"))

    def test_sheets(self) -> None:
        """Each visible sheet under its name; hidden and empty ones are left out."""
        rows = table([["指标", "件数"], ["复议", 1]])
        data = make_xlsx({"甲局": rows, "乙局": rows, "底稿": rows, "空": {}}, hidden=["底稿"])
        assert [
            ("heading", 2, "甲局"),
            ("table_row", 0, "指标：复议；件数：1"),
            ("heading", 2, "乙局"),
            ("table_row", 0, "指标：复议；件数：1"),
        ] == outlined(read(data, "a.xlsx"))

    def test_merged_cells(self) -> None:
        """A merged cell stands in every row and column that it covers."""
        rows = [["类别", "指标", "件数"], ["复议", "收案", 5], ["", "结案", 4], ["合计", "", 9]]
        data = make_xlsx({"表": table(rows)}, merged=["A2:A3", "A4:B4"])
        assert [
            "类别：复议；指标：收案；件数：5",
            "类别：复议；指标：结案；件数：4",
            "类别：合计；指标：合计；件数：9",
        ] == [text for _, _, text in outlined(read(data, "a.xlsx"))]

    def test_second_table(self) -> None:
        """A title below an empty row begins a second table with heads of its own."""
        rows = [["指标", "件数"], ["复议", 5], [""], ["表二"], ["案由", "金额"], ["罚款", 300]]
        assert ["指标：复议；件数：5", "表二", "案由：罚款；金额：300"] == [
            text for _, _, text in outlined(read(make_xlsx({"表": table(rows)}), "a.xlsx"))
        ]

    def test_labels(self) -> None:
        """A row over the whole width names a part; names below it are no heads."""
        rows = [["姓名", "职务", "电话"], ["机关"], ["张三", "局长", "022-1"], ["下属"], ["李四", "主任", "022-2"]]
        rows += [["王五", "科长", "022-3"]]
        data = make_xlsx({"表": table(rows)}, merged=["A2:C2", "A4:C4"])
        assert [
            "机关",
            "姓名：张三；职务：局长；电话：022-1",
            "下属",
            "姓名：李四；职务：主任；电话：022-2",
            "姓名：王五；职务：科长；电话：022-3",
        ] == [text for _, _, text in outlined(read(data, "a.xlsx"))]

    def test_numbered_columns(self) -> None:
        """A row that numbers the columns is no row of the table."""
        rows = [["指标", "单位", "本年", "上年"], ["甲", "乙", 1, 2], ["复议", "件", 102, 85]]
        assert ["指标：复议；单位：件；本年：102；上年：85"] == [
            text for _, _, text in outlined(read(make_xlsx({"表": table(rows)}), "a.xlsx"))
        ]

    def test_empty_rows_and_columns(self) -> None:
        """Empty rows and columns go, and rows below a gap keep the heads."""
        cells = {"B3": "指标", "E3": "件数", "B4": "复议", "E4": 5, "B6": "应诉", "E6": 3}
        assert ["指标：复议；件数：5", "指标：应诉；件数：3"] == [
            text for _, _, text in outlined(read(make_xlsx({"表": cells}), "a.xlsx"))
        ]

    def test_dates_and_truth(self) -> None:
        """Dates are ISO, truth is 是 or 否."""
        rows = [["名称", "日期", "时刻", "公开"], ["甲", datetime.date(2024, 1, 5), datetime.time(8, 30), True]]
        assert ["名称：甲；日期：2024-01-05；时刻：08:30:00；公开：是"] == [
            text for _, _, text in outlined(read(make_xlsx({"表": table(rows)}), "a.xlsx"))
        ]

    def test_far_cell(self) -> None:
        """Two cells at the corners of a sheet are refused before memory is taken for all between them."""
        with pytest.raises(RefusedError, match="过大.*请拆"):
            read(make_xlsx({"表": {"A1": 1, "XFD1048576": 2}}), "a.xlsx")

    def test_too_many_rows(self) -> None:
        """A sheet of more rows than the bound is refused with what to do."""
        with pytest.raises(RefusedError, match="20001 行.*上限 20000 行.*请拆"):
            read(make_xlsx({"表": {"A1": "甲", "B20001": 1}}), "a.xlsx")

    def test_no_cells(self) -> None:
        """A workbook without cells is refused."""
        with pytest.raises(RefusedError, match="没有文字"):
            read(make_xlsx({"表": {}}), "a.xlsx")

    @given(st.integers(0, 6000), st.binary(min_size=1, max_size=4))
    def test_any_damage(self, at: int, noise: bytes) -> None:
        """Blocks or RefusedError from a damaged workbook, and no other error."""
        data = small_xlsx()
        try:
            assert read(data[:at] + noise + data[at + len(noise) :], "a.xlsx")
        except RefusedError:
            return


class TestXls:
    CELLS = (
        (0, 0, "指标", 0),
        (0, 1, "比例", 0),
        (1, 0, "复议", 0),
        (1, 1, 0.125, 1),
        (2, 0, "应诉", 0),
        (2, 1, 17.0, 0),
    )

    def test_table(self) -> None:
        """The rows of a sheet with figures as shown."""
        assert ["指标：复议；比例：12.5%", "指标：应诉；比例：17"] == [
            text for _, _, text in outlined(read(make_xls(self.CELLS, ["General", "0.0%"]), "a"))
        ]

    def test_encrypted(self) -> None:
        """A workbook with a password is refused for that."""
        with pytest.raises(RefusedError, match="密码"):
            read(make_xls(self.CELLS, ["General", "0.0%"], locked=True), "a.xls")

    @pytest.mark.parametrize("length", [600, 1100, 1600, 2100])
    def test_cut_short(self, length: int) -> None:
        """A workbook that was not loaded to its end is refused."""
        with pytest.raises(RefusedError, match="损坏"):
            read(make_xls(self.CELLS, ["General", "0.0%"])[:length], "a.xls")


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (17.0, None, "17"),
        (0.1 + 0.2, None, "0.3"),
        (1e20, None, "100000000000000000000"),
        (0.123, "0.0%", "12.3%"),
        (1.0, "0%", "100%"),
        (1234567.0, "#,##0", "1,234,567"),
        (0.125, "0.00", "0.13"),
        (12.5, "0.##", "12.5"),
        (17.0, '0"次"', "17次"),
        (17.0, "0\\次", "17次"),
        (3.0, "[$¥-804]#,##0.00", "¥3.00"),
        (-2.5, "0.0_);[Red](0.0)", "-2.5"),
        (17.0, "General", "17"),
        (17.0, "yyyy-mm-dd", "17"),
    ],
)
def test_shown(value: float, code: str | None, text: str) -> None:
    """A figure as the sheet shows it under its format."""
    assert text == shown(value, code)


class TestCsv:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"], ids=["comma", "semicolon", "tab", "bar"])
    @pytest.mark.parametrize("name", ["a.csv", "a.txt"])
    def test_delimiters(self, delimiter: str, name: str) -> None:
        """Rows with heads whatever the delimiter is, and whatever the file is called."""
        lines = "\n".join(map(delimiter.join, (["指标", "2023", "2024"], ["复议", "85", "102"], ["应诉", "7", "9"])))
        assert ["指标：复议；2023：85；2024：102", "指标：应诉；2023：7；2024：9"] == [
            text for _, _, text in outlined(read(lines.encode("gbk"), name))
        ]

    def test_quoted_fields(self) -> None:
        """Commas, quotes and line breaks within quotes belong to the cell."""
        content = '事项,说明,时限\n登记,"一、申请，\n二、""受理"",发证",5日\n'
        assert ['事项：登记；说明：一、申请， 二、"受理",发证；时限：5日'] == [
            text for _, _, text in outlined(read(content.encode(), "a.csv"))
        ]

    def test_open_quote(self) -> None:
        """A quote that is never closed swallows nothing."""
        content = '事项,说明\n登记,"未完\n注销,已完\n'
        assert ["登记：“未完", "注销：已完"] == [
            text.replace('"', "“") for _, _, text in outlined(read(content.encode(), "a.csv"))[1:]
        ]

    @pytest.mark.parametrize(
        "content",
        [
            "First, we met, and spoke.\nThen, we went, and ate.\nLater, we slept, and woke.\n",
            "学法17次,评查100卷\n培训468人\n全年办结案件,共102件,无逾期\n",
            "一,二,三\n四,五,六\n",
        ],
        ids=["english", "ragged", "too-short"],
    )
    def test_prose(self, content: str) -> None:
        """Lines of text with commas stay lines of text."""
        assert content.splitlines() == [text for _, _, text in outlined(read(content.encode(), "a.txt"))]

    def test_called_csv_without_columns(self) -> None:
        """A file that is called csv and has one column is read line by line."""
        assert ["复议", "应诉"] == [text for _, _, text in outlined(read("复议\n应诉\n".encode(), "a.csv"))]

    def test_too_many_rows(self) -> None:
        """A table of more rows than the bound is refused with what to do."""
        with pytest.raises(RefusedError, match="20001 行.*上限 20000 行.*请拆"):
            read(b"a,b\n" * 20_001, "a.csv")

    @given(st.lists(st.tuples(*[st.text('政府0,";', min_size=1, max_size=5)] * 3), min_size=1))
    def test_nothing_is_lost(self, rows: list[tuple[str, ...]]) -> None:
        """Every character of a table whose cells are all filled comes back."""
        buffer = io.StringIO()
        csv.writer(buffer).writerows(rows)
        text = "".join(block.text for block in read(buffer.getvalue().encode(), "a.csv"))
        assert {c for row in rows for cell in row for c in cell if c in "政府0"} <= {*text}
