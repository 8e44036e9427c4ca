"""The windows of a document: whole foci, lists behind their lead-ins, none too long, found by any place in them."""

from __future__ import annotations

from itertools import pairwise

import pytest

from kb.answering.judge.windows import LONGEST, Window, Windows
from kb.answering.structure import Focus, Structure
from kb.types import Section, SectionKind
from tests.answering.test_units import PAPERS, structure_of

SENTENCE = "渡船每日由水手擦洗一遍，擦洗后的渡船停在石阶码头的东边。"
LEAD = "申请停靠应当提交下列材料："
MATERIALS = [
    f"（{number}）停靠申请表第{number}联，由船主逐栏填写后签名盖章，不得涂改；" for number in "一二三四五六七八九"
]
PARTED = "\n\n".join(MATERIALS)
FERRY = f"""# 望舒市渡船办法

## 第一章 渡船

第一条 {SENTENCE * 12}

第二条 {LEAD}

{PARTED}

（十）船员证件，包括：

1.驾驶证；

2.救生证。

第三条 渡船不收费。

第四条 停靠费如下：

| 序号 | 船型 | 停靠费 |
| --- | --- | --- |
| 1 | 画舫 | 每日90元 |
| 2 | 快艇 | 每日140元 |

第五条 灯牌{"、铜牌" * 90}应当挂在船头。灯牌免费。
"""


def foci_of(structure: Structure) -> list[Focus]:
    return [focus for block in structure.blocks for focus in block.foci]


def foci_in(window: Window, foci: list[Focus]) -> list[Focus]:
    """The foci that stand whole in a window."""
    return [focus for focus in foci if window.start <= focus.start and focus.end <= window.end]


def windows_of(text: str) -> list[Window]:
    return Windows(structure_of(text), "望舒市渡船办法").all()


def structures() -> list[object]:
    """A document with everything, and the papers of the sample corpus."""
    made = [pytest.param(FERRY, "a.md", id="invented")]
    return [*made, *(pytest.param(path.read_bytes(), path.name, id=path.name) for path in PAPERS)]


@pytest.mark.parametrize(("content", "name"), structures())
def test_every_focus_stands_in_one_window(content: str | bytes, name: str) -> None:
    """Each focus stands whole in exactly one window, and windows follow upon one another without sharing a character."""
    structure = structure_of(content, name)
    foci, windows = foci_of(structure), Windows(structure, "标题").all()
    assert foci == [focus for window in windows for focus in foci_in(window, foci)]
    assert all(before.end <= after.start for before, after in pairwise(windows))
    assert all(window.text == structure.text[window.start : window.end] for window in windows)


@pytest.mark.parametrize(("content", "name"), structures())
def test_no_window_is_too_long(content: str | bytes, name: str) -> None:
    """A window has 200 characters at most, but where one focus is longer with what it begins with."""
    structure = structure_of(content, name)
    foci = foci_of(structure)
    for window in Windows(structure, "标题").all():
        assert len(window.text) <= LONGEST or 1 == len(foci_in(window, foci))
        assert len(window.lead) <= 80


@pytest.mark.parametrize(("content", "name"), structures())
def test_the_window_of_a_place(content: str | bytes, name: str) -> None:
    """Any character of a window has that window, whichever is asked for first; one between two windows has one of these."""
    structure = structure_of(content, name)
    windows = Windows(structure, "标题").all()
    asked = Windows(structure, "标题")
    for window, after in reversed(list(zip(windows, [*windows[1:], None], strict=True))):
        for place in (window.start, (window.start + window.end) // 2, window.end - 1):
            assert window == asked.at(place)
        assert asked.at(after.start - 1 if after else len(structure.text)) in (window, after)


def test_a_place_before_the_first_window() -> None:
    """It has the first window."""
    text = "\n\n渡船不收费。"
    windows = Windows(Structure(text, ()), "标题")
    assert windows.all() == [windows.at(0)]


def test_a_long_paragraph_is_cut_between_its_sentences() -> None:
    """12 sentences of 28 characters are two windows of 7 and 5: as many as there is room for."""
    windows = [window for window in windows_of(FERRY) if SENTENCE in window.text]
    assert [SENTENCE * 7, SENTENCE * 5] == [window.text for window in windows]
    assert ["", ""] == [window.lead for window in windows]


def test_a_list_begins_with_its_lead_in_and_carries_it() -> None:
    """The first window of a list begins with the lead-in; later ones have it before their text, with that of a list within."""
    first, *later = (window for window in windows_of(FERRY) if "停靠申请表" in window.text or "救生证" in window.text)
    assert ("", True) == (first.lead, first.text.startswith(LEAD))
    assert later
    assert {LEAD} == {window.lead for window in later}
    assert not any(LEAD in window.text for window in later)
    assert all(window.shown == window.lead + window.text for window in (first, *later))


def test_an_inner_list_that_is_cut_carries_both_lead_ins() -> None:
    """A window that begins within a list in a list has the lead-ins of both before its text."""
    items = "\n\n".join(f"{number}.证件第{number}号，{'由船主逐栏填写' * 5}；" for number in range(1, 9))
    text = f"# 办法\n\n第一条 提交下列材料：\n\n（一）申请表；\n\n（二）船员证件，包括：\n\n{items}\n"
    first, *later = (window for window in windows_of(text) if "证件第" in window.text)
    assert ("", True) == (first.lead, first.text.startswith("提交下列材料："))
    assert later
    assert {"提交下列材料：（二）船员证件，包括："} == {window.lead for window in later}


def test_of_lead_ins_too_long_the_innermost_ends() -> None:
    """Where the lead-ins have more than 80 characters, the last 80 of the innermost are carried."""
    inner = f"（二）船员证件，{'一式两份并加盖公章，' * 10}包括："
    items = "\n\n".join(f"{number}.证件第{number}号，{'由船主逐栏填写' * 5}；" for number in range(1, 9))
    text = f"# 办法\n\n第一条 提交下列材料：\n\n（一）申请表；\n\n{inner}\n\n{items}\n"
    assert inner[-80:] == windows_of(text)[-1].lead


def test_the_title_and_the_headings_are_the_context() -> None:
    """望舒市渡船办法；第一章 渡船；第三条: the title, then the containers from the outermost, each cut to what tells most."""
    [free] = [window for window in windows_of(FERRY) if "渡船不收费" in window.text]
    assert "望舒市渡船办法；第一章 渡船；第三条" == free.context
    [cut] = Windows(structure_of(f"# {'题' * 40}\n\n## 章{'节' * 60}\n\n渡船不收费。\n"), "名" * 40).all()[-1:]
    assert f"{'名' * 30}；{'节' * 50}" == cut.context


def test_each_row_of_a_table_is_a_window() -> None:
    """A row stands alone, with its heads; the judge is shown its cells as clauses, each where it is in the document."""
    [row] = [window for window in windows_of(FERRY) if "画舫" in window.text]
    assert "快艇" not in row.text
    assert " | " in row.text
    assert " | " not in row.shown
    assert len(row.lead) + len(row.text) == len(row.shown)


def test_a_focus_that_is_longer_stands_alone() -> None:
    """A sentence of over 200 characters is a window, the sentence behind it another."""
    long, short = (window for window in windows_of(FERRY) if window.context.endswith("第五条"))
    assert LONGEST < len(long.text)
    assert "灯牌免费。" == short.text


def test_a_span_is_moved_behind_the_lead_in() -> None:
    """A span of the document stands in `shown` where its words do, as far as the window has them."""
    structure = structure_of(FERRY)
    last = next(window for window in Windows(structure, "").all() if "救生证" in window.text)
    at = structure.text.index("救生证")
    start, end = last.span(at, at + 3)
    assert "救生证" == last.shown[start:end]
    start, end = last.span(0, len(structure.text))
    assert last.text == last.shown[start:end]


def test_nothing_to_cut() -> None:
    """A document without text has no windows."""
    assert [] == Windows(Structure("", ()), "标题").all()


def test_a_table_of_a_head_alone() -> None:
    """A place in a container without foci has the last window before it."""
    text = "渡船不收费。\n序号 | 船型"
    at = text.index("序号")
    container = Section(kind=SectionKind.HEADING, start=at, end=len(text), body=at, title="费")
    table = Section(kind=SectionKind.TABLE, start=at, end=len(text), body=len(text), parent=0)
    windows = Windows(Structure(text, (container, table)), "标题")
    assert windows.all() == [windows.at(at)]


def test_a_row_is_judged_as_clauses() -> None:
    """“head：cell” is “head是cell”, and a comma parts the cells; every character of a cell stays in its place. Other text stays as it is."""
    text = "时间：5月13日9：00 | 地点：石阶码头 | 备注"
    shown = Window("", "开放如下：", 0, len(text), text).shown
    assert "开放如下：时间是5月13日9：00，  地点是石阶码头，  备注" == shown
    assert len("开放如下：") + len(text) == len(shown)
    assert "时间：5月13日" == Window("", "", 0, 8, "时间：5月13日").shown
