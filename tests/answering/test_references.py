"""References: which article, paragraph or item is named, where it stands, and which paragraphs punish it."""

from __future__ import annotations

import re

import pytest

from ingest.structure.passages import document_text
from ingest.structure.sections import sections
from ingest.worker import read_outlined
from kb.answering.extract.rules.articles import ordinal, paragraphs_of
from kb.answering.extract.rules.penalties import penalties_of
from kb.answering.extract.rules.references import Reference, Relative, references_in, resolve, resolved_in
from kb.types import Section, SectionKind
from tests import SHARED

LAWS = SHARED / "policies"

LAW = """云澜区河道管理办法
第一条 为了保护河道，制定本办法。
第二条 河道保护范围内不得有下列行为：
（一）倾倒垃圾；
（二）洗车；
（三）法律、法规禁止的其他行为。
因抢险需要堆放物料的，不适用前款规定。
第三条 单位和个人应当在指定地点垂钓。
第四条 违反本办法第二条第一款第（一）项规定的，处二百元以上一千元以下罚款；违反第（二）项规定的，处五十元罚款。
有前款行为，造成损失的，依法承担赔偿责任。
第五条 有下列行为之一的，由水务部门给予警告：
（一）违反本办法第三条规定，在指定地点以外垂钓的；
（二）拒绝检查的。
第六条 依照前条规定处罚的，应当书面告知；水务部门依照《望舒市水法》第二条、第三条收费。
"""


def articles(text: str) -> list[Section]:
    starts = list(re.finditer(r"(?m)^(第.{1,3}条) ?", text))
    ends = [match.start() for match in starts[1:]] + [len(text)]
    return [
        Section(kind=SectionKind.ARTICLE, start=match.start(), end=end, body=match.end(), number=match[1])
        for match, end in zip(starts, ends, strict=True)
    ]


SECTIONS = articles(LAW)


def named(reference: Reference) -> tuple[str, str, int | None, int | None, int | None]:
    return (
        reference.document,
        reference.relative.value,
        reference.article,
        reference.paragraph,
        reference.item,
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("违反本办法第十二条第二款规定的", [("", "", 12, 2, None)]),
        ("属于本条例第十条、第十二条情形的", [("", "", 10, None, None), ("", "", 12, None, None)]),
        ("符合第八条至第十条的", [("", "", 8, None, None), ("", "", 9, None, None), ("", "", 10, None, None)]),
        ("有前条第（三）项情形的", [("", "前条", None, None, 3)]),
        ("依照前款规定处罚", [("", "前款", None, None, None)]),
        ("按本条第一款、第二款执行", [("", "本条", None, 1, None), ("", "本条", None, 2, None)]),
        ("违反第七条第一款第二项、第四项的", [("", "", 7, 1, 2), ("", "", 7, 1, 4)]),
        ("违反本办法第六条第（一）、（三）项", [("", "", 6, None, 1), ("", "", 6, None, 3)]),
        ("违反本办法第十、十二条", [("", "", 10, None, None), ("", "", 12, None, None)]),
        ("依照水法第五条、本办法第九条的规定", [("水法", "", 5, None, None), ("", "", 9, None, None)]),
        (
            "根据《河道管理条例》第五条和第六条",
            [("河道管理条例", "", 5, None, None), ("河道管理条例", "", 6, None, None)],
        ),
        ("违反本办法第四条第（一）项的，警告；违反第（二）项的，罚款", [("", "", 4, None, 1), ("", "", 4, None, 2)]),
        ("本办法自公布之日起施行，第三章除外，前款项已付", []),
    ],
)
def test_what_a_reference_names(text: str, expected: list[tuple[object, ...]]) -> None:
    """Document ("" for the own one), what it counts from, article, paragraph, item; a list carries on what it leaves out."""
    assert expected == [named(reference) for reference in references_in(text)]


def test_several_paragraphs_before() -> None:
    """前两款 are two."""
    (reference,) = references_in("除前两款规定外")
    assert (Relative.PARAGRAPHS_BEFORE, 2) == (reference.relative, reference.count)


def test_the_number_at_the_head_of_an_article_is_no_reference() -> None:
    """第二条 where the article begins names nothing."""
    assert [] == references_in("第二条 本办法适用于云澜区。")


def resolved(words: str) -> list[str]:
    start = LAW.index(words)
    return [LAW[slice(*span)] for _, span in resolved_in(start, start + len(words), SECTIONS, LAW)]


def test_a_reference_is_resolved_to_its_article_paragraph_or_item() -> None:
    """Relative ones count from where they stand; what is of another document is not resolved."""
    assert ["（一）倾倒垃圾；", "（二）洗车；"] == resolved(
        "违反本办法第二条第一款第（一）项规定的，处二百元以上一千元以下罚款；违反第（二）项规定的"
    )
    (paragraph,) = resolved("不适用前款规定")
    assert paragraph.startswith("第二条 河道保护范围内")
    assert paragraph.endswith("禁止的其他行为。")
    (article,) = resolved("依照前条规定处罚的，应当书面告知；水务部门依照《望舒市水法》第二条、第三条收费")
    assert article.startswith("第五条 有下列")
    assert ["第三条 单位和个人应当在指定地点垂钓。"] == resolved("违反本办法第三条规定")


def test_what_is_not_there_is_not_resolved() -> None:
    """An article, a paragraph or an item that the document lacks, and 前款 of a first paragraph."""
    for words in ("本办法第九条", "本办法第三条第二款", "本办法第二条第一款第（四）项"):
        (reference,) = references_in(words)
        assert resolve(reference, SECTIONS, LAW, 0) is None
    (before,) = references_in("依照前款规定")
    assert resolve(before, SECTIONS, LAW, LAW.index("为了保护河道")) is None


def test_articles_that_count_anew_are_those_of_their_own_run() -> None:
    """Where an annex has a first article too, 第一条 is that of the run in which the reference stands."""
    text = LAW + "第一条 附则甲。\n第二条 依照第一条办理。\n"
    numbered = articles(text)
    at = text.index("依照第一条办理")
    (reference,) = references_in("依照第一条办理")
    start, end = resolve(reference, numbered, text, at) or (0, 0)
    assert "第一条 附则甲。" == text[start:end]
    start, end = resolve(reference, numbered, text, 30) or (0, 0)
    assert text[start:end].startswith("第一条 为了")


def test_paragraphs_have_their_items() -> None:
    """The lines of an article are its paragraphs; items belong to the one before."""
    assert [True, False] == ["倾倒垃圾" in LAW[slice(*span)] for span in paragraphs_of(SECTIONS[1], LAW)]
    assert 1 == len(paragraphs_of(SECTIONS[4], LAW))


def test_the_penalty_for_conduct_is_found() -> None:
    """By the article, or by the place of the conduct: another paragraph's or item's penalty is none of it."""
    (penalty,) = penalties_of("第三条", SECTIONS, LAW)
    assert penalty.item is not None
    assert "（一）违反本办法第三条规定，在指定地点以外垂钓的；" == LAW[slice(*penalty.item)]
    assert LAW[slice(*penalty.paragraph)].startswith("第五条 有下列行为之一的")
    (penalty,) = penalties_of("第二条", SECTIONS, LAW, LAW.index("倾倒垃圾"))
    assert LAW[slice(*penalty.paragraph)].startswith("第四条 违反本办法第二条第一款第（一）项")
    assert [] == penalties_of("第二条", SECTIONS, LAW, LAW.index("因抢险"))
    assert [] == penalties_of("第九条", SECTIONS, LAW)


def test_a_rule_that_is_followed_is_not_punished() -> None:
    """依照前条规定处罚 punishes nothing that the article before states."""
    assert [] == penalties_of("第五条", SECTIONS, LAW)


@pytest.mark.skipif(not LAWS.is_dir(), reason="the laws, ../shared, are not here")
def test_a_reference_in_a_law_leads_to_the_article_that_it_names() -> None:
    """In the laws each article that a reference names begins with that number."""
    read = 0
    for path in sorted(LAWS.glob("*.md")):
        blocks = read_outlined(path.read_bytes(), path.name)
        text, found = document_text(blocks), sections(blocks)
        for reference in references_in(text):
            if reference.article and reference.is_own and not (reference.paragraph or reference.item):
                span = resolve(reference, found, text, reference.start)
                assert span is not None, (path.name, reference)
                number = re.match(r"第.{1,6}?条", text[slice(*span)])
                assert number is not None, (path.name, reference)
                assert reference.article == ordinal(number[0]), (path.name, reference)
                read += 1
    assert read >= 100
