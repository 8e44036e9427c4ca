"""Title, kind, issuer, region, years, number and date of documents."""

from __future__ import annotations

import pytest

from ingest.metadata import metadata
from kb.types import Block, BlockKind, Metadata


def blocks(*lines: str, title: bool = True) -> list[Block]:
    made = [Block(text=line) for line in lines]
    if title:
        made[0] = Block(text=lines[0], kind=BlockKind.HEADING, level=1)
    return made


@pytest.mark.parametrize(
    ("expected", "name", "lines"),
    [
        (
            Metadata(
                title="2026年青河省政府工作报告",
                kind="政府工作报告",
                issuer="青河省",
                region="青河省",
                year=2026,
                reporting_year=2025,
                date="2026-01-26",
            ),
            "2026_青河省_政府工作报告.txt",
            ["2026年青河省政府工作报告", "——2026年1月26日在青河省第十四届人民代表大会上", "各位代表："],
        ),
        (
            Metadata(
                title="区政务服务办2024年度法治政府建设情况报告",
                kind="法治政府建设报告",
                issuer="望舒新区政务服务办",
                region="望舒新区",
                year=2024,
                reporting_year=2024,
            ),
            "2024_望舒新区政务服务办_法治政府建设报告.txt",
            ["区政务服务办2024年度法治政府建设情况报告 |", "一、工作"],
        ),
        (
            Metadata(
                title="云澜区优化营商环境若干措施",
                kind="政策",
                issuer="云澜区人民政府",
                region="云澜区",
                number="云澜政规〔2024〕2号",
                date="2024-06-18",
            ),
            "措施.pdf",
            ["云澜区优化营商环境若干措施", "云澜政规〔2024〕2号", "发布机构：云澜区人民政府", "2024年6月18日"],
        ),
        (
            Metadata(
                title="政府工作报告",
                kind="政府工作报告",
                issuer="国务院",
                region="全国",
                year=2018,
                reporting_year=2017,
                date="2018-03-05",
            ),
            "2018_国务院_政府工作报告.txt",
            ["政 府 工 作 报 告", "——2018年3月5日在第十三届全国人民代表大会第一次会议上"],
        ),
    ],
    ids=["work report", "yearly report", "policy", "spaced title"],
)
def test_metadata(expected: Metadata, name: str, lines: list[str]) -> None:
    """What text and file name say of a document is found, and nothing more."""
    assert expected == metadata(blocks(*lines), name)


def test_issuer_below_its_heading() -> None:
    """A service guide names its issuer below the heading 实施主体."""
    guide = [
        Block(text="食品经营许可办事指南", kind=BlockKind.HEADING, level=1),
        Block(text="实施主体", kind=BlockKind.HEADING, level=2),
        Block(text="云澜区市场监督管理局"),
    ]
    found = metadata(guide, "guide-17.md")
    assert ("云澜区市场监督管理局", "云澜区", "办事指南", None) == (
        found.issuer,
        found.region,
        found.kind,
        found.year,
    )


@pytest.mark.parametrize(
    ("region", "issuer"),
    [
        ("贵河省", "贵河省"),
        ("广州市", "广州市"),
        ("恩江州", "恩江州人民政府"),
        ("云岭壮族自治区", "云岭壮族自治区人民政府"),
        ("望舒市云澜区", "望舒市云澜区司法局"),
        ("天海市", "天海市市场监督管理局"),
    ],
)
def test_region_of_an_issuer(region: str, issuer: str) -> None:
    """The region is the place in an issuer's name, whole."""
    assert region == metadata(blocks("报告"), f"2024_{issuer}_报告.txt").region


def test_what_is_unsure_is_left_empty() -> None:
    """A text that names neither year nor issuer has none, and its title is its file name."""
    assert Metadata(title="随笔") == metadata(blocks("今天天气很好。", title=False), "随笔.txt")
