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
                kind="措施",
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


SPEECH = "现在，我代表{organ}，向大会报告工作，请予审议。"


@pytest.mark.parametrize(
    ("issuer", "lines"),
    [
        ("国务院", ["政府工作报告", "国务院总理 某某", SPEECH.format(organ="国务院")]),
        ("青河省人民政府", ["2026年青河省政府工作报告", "省长 某某", SPEECH.format(organ="省人民政府")]),
        ("云澜区人民政府", ["政府工作报告", "--2014年2月19日在云澜区第十四届人民代表大会上", SPEECH.format(organ="区政府")]),
        ("云岭壮族自治区人民政府", ["2026年云岭壮族自治区政府工作报告", SPEECH.format(organ="自治区人民政府")]),
        ("望舒市云澜区人民政府", ["政府工作报告", "望舒市云澜区人民政府代区长 某某", SPEECH.format(organ="区人民政府")]),
        ("云澜区人民法院", ["工作报告", "在云澜区第十四届人民代表大会上", SPEECH.format(organ="区人民法院")]),
        (None, ["政府工作报告", "省长 某某", SPEECH.format(organ="省人民政府")]),
        (None, ["政府工作报告", "在云澜区第十四届人民代表大会上", SPEECH.format(organ="市人民政府")]),
        ("云澜区司法局", ["关于开展普法工作的通知", "各单位：", "请遵照执行。", "云澜区司法局", "2025年1月20日"]),
        (None, ["关于开展普法工作的通知", "各单位：", "抄送：望舒市司法局。", "望舒市司法局"]),
        ("云澜区政务服务办公室", ["区政务服务办2024年度报告", "一切都好。", "主办单位:云澜区政务服务办公室 备案"]),
        ("望舒市人民政府", ["望舒市人民政府2024年度报告", "一切都好。", "主办单位：天海市人民政府办公厅"]),
    ],
    ids=[
        "State Council", "province from title", "district from session", "autonomous region", "district from office",
        "court", "no province", "another rank", "signature", "line without a date", "site", "title before site",
    ],
)  # fmt: skip
def test_issuer_from_text(issuer: str | None, lines: list[str]) -> None:
    """The issuer that the text names, whole; none where the text names only its rank."""
    assert issuer == metadata(blocks(*lines), "a.txt").issuer


@pytest.mark.parametrize(
    "title",
    [
        "城市生活垃圾管理办法", "推进城市更新行动方案", "全市优化营商环境措施", "社区矫正实施办法", "工业园区企业服务指南",
        "超大城市治理意见", "上市公司监管办法", "优化营商环境示范区建设方案", "农村地区供水办法", "我省公路条例", "市级机关规定",
    ],
)  # fmt: skip
def test_no_place(title: str) -> None:
    """What ends like a place and is none is neither issuer nor region."""
    found = metadata(blocks(title), "a.txt")
    assert (None, None) == (found.issuer, found.region)


@pytest.mark.parametrize("place", ["盐河城市", "成江都市", "歙县", "乌鲁木齐市", "巴音郭楞蒙古自治州"])
def test_place(place: str) -> None:
    """Cities whose names end in 城市 or 都市, short names and long ones are places."""
    assert place == metadata(blocks(f"{place}统计局2024年公报"), "a.txt").region


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("年报模版.docx", "政府信息公开工作年度报告格式模板"),
        ("2024_云澜区_年报模板.docx", "2024年年度报告"),
        ("比对报告_云澜区_2023vs2024.pdf", "2023年报告2024年报告"),
        ("a.pdf", "云澜区政务公开年报比对"),
    ],
)
def test_templates_and_comparisons(name: str, title: str) -> None:
    """What is made to be filled in, or from reports of several years, has a title and nothing else."""
    assert Metadata(title=title) == metadata(blocks(title, "2026年1月3日"), name)


@pytest.mark.parametrize(
    ("expected", "title", "lines"),
    [
        ((2026, 2025), "2026年政府工作报告", ["一、2025年和“十四五”时期工作回顾"]),
        ((2012, 2012), "政府工作报告", ["2012年12月20日在云澜区第十四届人民代表大会上", "一、2012年工作回顾"]),
        ((2012, 2011), "政府工作报告", ["2012年2月20日在云澜区第十四届人民代表大会上", "一、过去五年工作回顾"]),
        ((2024, 2024), "政府信息公开工作年度报告", ["统计期限自2024年1月1日起至2024年12月31日止。", "2025年1月20日"]),
        ((2024, 2024), "法治政府建设年度报告", ["2024年，我局认真履职。", "2025年1月20日"]),
        ((None, None), "法治政府建设年度报告", ["我局认真履职。", "2025年1月20日"]),
        ((2023, 2023), "2023年工作总结和2024年工作安排报告", ["一、回顾"]),
        ((None, None), "2023年报告2024年报告", ["一、回顾"]),
        ((None, None), "法治政府建设实施方案（2021-2025年）", ["一、要求"]),
        ((2024, None), "2024年重点工作方案", ["一、要求"]),
    ],
    ids=[
        "work report", "session in December", "session in February", "period", "opening", "only a date", "report and plan",
        "two years", "span of years", "plan",
    ],
)  # fmt: skip
def test_years(expected: tuple[int | None, int | None], title: str, lines: list[str]) -> None:
    """The year of a document and the year that it tells of; none where two would do or only a date is given."""
    made = [Block(text=title, kind=BlockKind.HEADING, level=1)]
    made += [
        Block(
            text=line, kind=BlockKind.HEADING if line[1] == "、" else BlockKind.PARAGRAPH, level=2 * (line[1] == "、")
        )
        for line in lines
    ]
    found = metadata(made, "a.txt")
    assert expected == (found.year, found.reporting_year)


@pytest.mark.parametrize(
    ("date", "lines"),
    [
        ("2026-01-28", ["时间：2026-02-03", "——2026年1月28日在青河省第十四届人民代表大会第四次会议上"]),
        ("2026-01-27", ["——二〇二六年一月二十七日在青河省十四届人民代表大会第四次会议上", "时间：2026-02-10"]),
        ("2026-01-26", ["——2026年1月26日在青河省第十四届", "人民代表大会第五次会议上"]),
        ("2024-12-10", ["二○二四年十二月十日"]),
        (None, ["2024年2月31日"]),
    ],
    ids=["session before page", "in words", "broken line", "tens", "no such day"],
)
def test_date(date: str | None, lines: list[str]) -> None:
    """The day of the session goes before the day on which the page was made."""
    assert date == metadata(blocks("政府工作报告", *lines), "a.txt").date


def test_kind_from_the_speech() -> None:
    """A report whose title was lost is a work report where a government reports to its congress."""
    found = metadata(
        blocks(
            "2017年2月11日在云澜区第十四届人民代表大会第六次会议上", SPEECH.format(organ="云澜区人民政府"), title=False
        ),
        "a.txt",
    )
    assert ("政府工作报告", "云澜区人民政府", 2017, 2016) == (
        found.kind,
        found.issuer,
        found.year,
        found.reporting_year,
    )
