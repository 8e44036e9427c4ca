"""Blocks to passages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.structure.outline import outline
from ingest.structure.passages import LONGEST_SENTENCE, PASSAGE_CHARACTERS, document_text, passages
from ingest.structure.wholes import shortened
from kb.chinese.figures import figures
from kb.chinese.text import CELL_MARK, sentences
from kb.types import Block, BlockKind

WORDS = st.text(alphabet="政务服务法治年次项17。；，！”", min_size=1, max_size=400).map(str.strip).filter(bool)
BLOCKS = st.lists(
    st.one_of(
        st.builds(Block, text=WORDS),
        st.builds(Block, text=st.text("一二三四、总则", min_size=1, max_size=12), kind=st.just(BlockKind.HEADING),
                  level=st.integers(1, 4)),
        st.builds(Block, text=WORDS, kind=st.just(BlockKind.TABLE_ROW), page=st.integers(1, 9)),
    ),
    max_size=20,
)  # fmt: skip


def heading(text: str, level: int) -> Block:
    return Block(text=text, kind=BlockKind.HEADING, level=level)


# Text that lost its full stops, of 1,300 characters and more.
UNMARKED = st.text("政务一十3.,， 　:万亿次％点|", min_size=13, max_size=80).map(lambda text: "始" + text * 100 + "终")


@given(BLOCKS | st.lists(st.builds(Block, text=UNMARKED), min_size=1, max_size=2))
def test_passages_rejoin_to_the_text(blocks: list[Block]) -> None:
    """Passages with the line breaks between them are the document's text, and each stands at its span."""
    text = document_text(blocks)
    position = 0
    for passage in passages(blocks):
        assert text[position : passage.start] in ("", "\n")
        assert passage.text == text[passage.start : passage.end]
        position = passage.end
    assert len(text) == position


@given(BLOCKS)
def test_no_sentence_is_cut(blocks: list[Block]) -> None:
    """A passage starts where a sentence of its block starts; these have no lists."""
    starts, position = set(), 0
    for block in blocks:
        starts |= {position + start for start, _ in sentences(block.text)}
        position += len(block.text) + 1
    assert {passage.start for passage in passages(blocks)} <= starts


@given(BLOCKS)
def test_passages_are_bounded(blocks: list[Block]) -> None:
    """Only headings with what they open, or one long sentence, make a passage longer than the bound."""
    for passage in passages(blocks):
        lines = [line for line in passage.text.split("\n") if line not in passage.heading]
        longest = max((end - start for line in lines for start, end in sentences(line)), default=0)
        titles = sum(len(block.text) + 1 for block in blocks if block.kind is BlockKind.HEADING)
        assert len(passage.text) <= max(PASSAGE_CHARACTERS, longest) + titles


def test_heading_path() -> None:
    """A passage carries the headings above it, without the title, and stands with the heading that it opens."""
    blocks = [
        heading("2024年报告", 1),
        Block(text="开头。"),
        heading("一、工作", 2),
        heading("（一）学法", 3),
        Block(text="学法17次。"),
        heading("（二）普法", 3),
        Block(text="普法4场。"),
        heading("二、打算", 2),
        Block(text="再接再厉。"),
    ]
    assert [
        ((), "2024年报告\n开头。"),
        (("一、工作", "（一）学法"), "一、工作\n（一）学法\n学法17次。"),
        (("一、工作", "（二）普法"), "（二）普法\n普法4场。"),
        (("二、打算",), "二、打算\n再接再厉。"),
    ] == [(passage.heading, passage.text) for passage in passages(blocks)]


def test_long_paragraph_is_split_between_sentences() -> None:
    """A paragraph of many sentences makes passages of whole sentences, each near the bound."""
    paragraph = "本年度持续深化政务服务改革，办事更加便捷。" * 50
    lengths = [len(passage.text) for passage in passages([Block(text=paragraph)])]
    assert len(paragraph) == sum(lengths)
    assert all(length % 21 == 0 and length <= PASSAGE_CHARACTERS for length in lengths)
    assert all(length > PASSAGE_CHARACTERS - 21 for length in lengths[:-1])


@pytest.mark.parametrize("mark", ["，", "；", "、", "：", ",", "。", " ", "　", CELL_MARK])
def test_very_long_sentence_is_split_at_marks(mark: str) -> None:
    """A sentence or row longer than the bound makes passages that end at marks, the strongest at hand."""
    text = "名称" + CELL_MARK + ("政务服务，改革 持续推进、" + "办事便捷" * 3 + mark) * 60
    assert len(text) > LONGEST_SENTENCE
    found = passages([Block(text=text, kind=BlockKind.TABLE_ROW)])
    assert text == "".join(passage.text for passage in found)
    assert len(found) > 1
    assert all(PASSAGE_CHARACTERS // 2 < len(passage.text) <= PASSAGE_CHARACTERS for passage in found[:-1])
    ends = mark if mark in ("；", "。", CELL_MARK) else ("，", "、", "：", ",")
    assert all(passage.text.endswith(ends) for passage in found[:-1])


@pytest.mark.parametrize("text", ["政务服务" * 300, "序号 | 次数 | " + "政务服务" * 290 + " | 17"], ids=["text", "row"])
def test_long_sentence_stays_whole_up_to_the_bound(text: str) -> None:
    """A sentence or row of many passages' length is one passage."""
    assert PASSAGE_CHARACTERS * 3 < len(text) <= LONGEST_SENTENCE
    assert [text] == [passage.text for passage in passages([Block(text=text)])]


@pytest.mark.parametrize(
    "figure", ["1,108.5", "3.3万公里", "1，108件", "十七次", "百分之三十点五", "2万5千人", "100余家"]
)
@pytest.mark.parametrize("words", ["政务", "政务，"], ids=["unmarked", "marked"])
def test_very_long_sentence_is_not_cut_within_a_figure(figure: str, words: str) -> None:
    """Every figure stands whole in a passage, wherever the bound falls."""
    for before in range(len(figure) + 2):
        text = "政" * before + (words + figure) * 300
        found = passages([Block(text=text)])
        assert len(found) > 1
        assert [each.text for each in figures(text)] == [
            each.text for passage in found for each in figures(passage.text)
        ]


def test_text_without_marks_is_bounded() -> None:
    """A million characters, digits or numerals make passages of the usual length."""
    for text in ("政务服务" * 250_000, "17" * 500_000, "一亿" * 500_000):
        found = passages([Block(text=text)])
        assert text == "".join(passage.text for passage in found)
        assert PASSAGE_CHARACTERS == max(len(passage.text) for passage in found)


def test_very_long_heading_is_none() -> None:
    """What a format marks as a heading and is longer than a passage is text."""
    found = passages([heading("一、工作", 2), heading("政务服务" * 400, 2), Block(text="学法17次。")])
    assert [("一、工作",)] * len(found) == [passage.heading for passage in found]
    assert max(len(passage.text) for passage in found) <= PASSAGE_CHARACTERS + len("一、工作\n")


def lines(text: str) -> list[Block]:
    return outline([Block(text=line) for line in text.strip().splitlines()])


ITEM = "摊位设在居民楼下，早六点前或者晚十点后经营，噪声扰民，经劝阻不改正的；"


def test_a_short_article_is_one_passage() -> None:
    """An article with its list, whole, though title and chapter stand in the passage as well."""
    text = "云澜区摊位管理条例\n第一章 总则\n第一条 有下列情形之一的，由区城管局处理：\n" + "\n".join(
        f"（{number}）{ITEM}" for number in "一二三四五六七"
    )
    assert PASSAGE_CHARACTERS < len(text) < PASSAGE_CHARACTERS + 20
    [article] = passages(lines(text))
    assert article.text.startswith("云澜区摊位管理条例\n第一章 总则\n第一条\n有下列情形")
    assert ("第一章 总则", "第一条") == article.heading
    assert "" == article.lead_in


def test_a_long_list_is_parted_between_its_items() -> None:
    """The lead-in stands with the first item; the passages behind it carry it, and the article."""
    numbers = "一二三四五六七八九"
    before = "摊主应当遵守社会公德。" * 24
    text = (
        f"云澜区摊位管理条例\n第七条 {before}\n有下列情形之一的，由区城管局责令改正：\n"
        + "\n".join(f"（{number}）{ITEM * 2}" for number in numbers)
        + "\n第八条 本条例自公布之日起施行。"
    )
    found = passages(lines(text))
    [first] = [passage for passage in found if "责令改正：\n（一）" in passage.text]
    later = [passage for passage in found if passage.start > first.start and passage.heading == ("第七条",)]
    assert {"有下列情形之一的，由区城管局责令改正："} == {passage.lead_in for passage in later}
    assert all(passage.text.startswith("（") and passage.text.endswith("；") for passage in later)
    assert list(numbers) == [number for passage in found for number in numbers if f"（{number}）" in passage.text]
    assert ["", ""] == [found[0].lead_in, found[-1].lead_in]


def test_a_list_within_one_paragraph_is_parted_between_its_items() -> None:
    """The same where all items stand in one paragraph."""
    paragraph = "有下列情形之一的，责令改正：" + "".join(f"（{number}）{ITEM * 2}" for number in "一二三四五六")
    found = passages(lines(f"云澜区摊位管理条例\n第一条 {paragraph}"))
    assert ["", "有下列情形之一的，责令改正："] == [passage.lead_in for passage in found]
    assert all(passage.text.startswith("（") for passage in found[1:])


def test_a_lead_in_is_short() -> None:
    """At most 120 characters, cut at a comma; of nested lists both, if there is room."""
    assert "应当提交：证件包括：" == shortened(["应当提交：", "证件包括："])
    assert "证件包括：" == shortened(["应当提交，" * 24, "证件包括："])
    assert "证件包括，" * 23 + "…" == shortened(["证件包括，" * 40])
    assert 120 == len(shortened(["证" * 400]))


def test_embeddable_text() -> None:
    """What is embedded names title and headings; what is quoted does not."""
    [passage] = passages([heading("一、工作", 2), Block(text="学法17次。")])
    assert "2024年报告 › 一、工作\n一、工作\n学法17次。" == passage.embeddable_text("2024年报告")
