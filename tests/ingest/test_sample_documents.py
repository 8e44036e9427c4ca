"""The policies of the sample corpus as they are read: what is known of each, and the sections that it is made of."""

from __future__ import annotations

import dataclasses

import pytest

from ingest.metadata import metadata
from ingest.structure.passages import document_text, passages
from ingest.structure.sections import sections
from ingest.worker import read_outlined
from kb.types import Block, Section, SectionKind
from tests import CORPUS

REGULATION = "云澜区养犬管理办法.md"
QUESTIONS = "云澜区居住证办理常见问题.html"
NOTICES = {year: f"{year}_云澜区教育局_义务教育招生入学工作通知.html" for year in (2023, 2024)}


def read(name: str) -> list[Block]:
    """The blocks of a document of the sample corpus."""
    return read_outlined((CORPUS / name).read_bytes(), name)


def sections_of(name: str, kind: SectionKind) -> list[Section]:
    """Its sections of one kind."""
    return [section for section in sections(read(name)) if section.kind is kind]


@pytest.mark.parametrize(
    ("expected", "name"),
    [
        (
            {"kind": "规范性文件", "issuer": "云澜区人民政府", "region": "云澜区", "number": "云澜政规〔2023〕3号",
             "date": "2023-03-20", "date_in_force": "2023-05-01", "valid_until": "2028-04-30"},
            REGULATION,
        ),
        ({"kind": "问答", "issuer": "望舒市公安局云澜分局", "region": "云澜区", "date": "2024-03-08"}, QUESTIONS),
        (
            {"kind": "通知", "issuer": "云澜区教育局", "year": 2023, "number": "云澜教发〔2023〕9号", "date": "2023-04-17"},
            NOTICES[2023],
        ),
        (
            {"kind": "通知", "issuer": "云澜区教育局", "year": 2024, "number": "云澜教发〔2024〕11号", "date": "2024-04-15"},
            NOTICES[2024],
        ),
    ],
    ids=["regulation", "questions", "notice of 2023", "notice of 2024"],
)  # fmt: skip
def test_what_is_known_of_each(expected: dict[str, object], name: str) -> None:
    """Issuer, region, number, and the days of making, of coming into force and until which it holds."""
    found = dataclasses.asdict(metadata(read(name), name))
    assert expected == {field: found[field] for field in expected}


def test_articles_of_the_regulation() -> None:
    """29 articles in five chapters, four defined terms, and every list of an article begins at its lead-in."""
    text = document_text(read(REGULATION))
    assert 29 == len(sections_of(REGULATION, SectionKind.ARTICLE))
    assert 5 == len(sections_of(REGULATION, SectionKind.CHAPTER))
    defined = [section.title for section in sections_of(REGULATION, SectionKind.DEFINITION)]
    assert ["养犬人", "重点管理区", "一般管理区", "禁养犬"] == defined
    listed = sections_of(REGULATION, SectionKind.LIST)
    assert 11 == len(listed)
    assert all(text[section.start : section.body].rstrip().endswith("：") for section in listed)


def test_answers_of_the_page() -> None:
    """Ten questions, each with its answer, and nothing of the page around them."""
    text = document_text(read(QUESTIONS))
    asked = sections_of(QUESTIONS, SectionKind.QUESTION)
    assert 10 == len(asked)
    assert text[asked[9].start : asked[9].end].endswith("须持证满3年。")
    assert [("", "主办：")] == [("".join(found.heading), found.text[:3]) for found in passages(read(QUESTIONS))[-1:]]
    assert text[asked[6].body : asked[6].end].startswith("持居民身份证到居住地派出所申请补领")
    assert not [word for word in ("分享", "打印", "智能客服", "网站地图", "ICP备") if word in text]


@pytest.mark.parametrize(("pupils", "year"), [("1035", 2023), ("1125", 2024)])
def test_tables_of_the_notices(pupils: str, year: int) -> None:
    """The head table, the days, and the plan whose head has two rows: 招生计划－人数 of all schools is that of its year."""
    text = document_text(read(NOTICES[year]))
    assert 3 == len(sections_of(NOTICES[year], SectionKind.TABLE))
    assert "发文机关：云澜区教育局" in text
    assert f"招生计划－人数：{pupils}" in text
