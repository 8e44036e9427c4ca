"""Laws, notices, answers, explanations: who made them, where they hold, from when and until when."""

from __future__ import annotations

import dataclasses

import pytest

from ingest.metadata import metadata
from kb.types import Block, BlockKind, Metadata


def found(expected: dict[str, str | None], name: str, *lines: str, title: bool = True) -> dict[str, str | None]:
    """The fields of `expected` as they are found; a line with a bar is a table row, the first line a heading."""
    made = [Block(text=line, kind=BlockKind.TABLE_ROW if "|" in line else BlockKind.PARAGRAPH) for line in lines]
    if title:
        made[0] = Block(text=lines[0], kind=BlockKind.HEADING, level=1)
    fields = dataclasses.asdict(metadata(made, name))
    return {field: fields[field] for field in expected}


HEADER = {
    "pairs": ["发文机关：国务院办公厅 | 成文日期：2018年11月5日", "标 题：国务院办公厅关于做好供水工作的通知", "发文字号：国办发〔2018〕7号 | 发布日期：2018年11月9日"],
    "cells": ["发文机关 | 国务院办公厅 | 成文日期 | 2018年11月5日", "发文字号 | 国办发〔2018〕7号 | 发布日期 | 2018年11月9日"],
    "heads": [
        "索 引 号：发文机关： | 0001/2018-1：国务院办公厅 | 主题分类：成文日期： | 水利\\供水：2018年11月5日",
        "索 引 号：发文字号： | 0001/2018-1：国办发〔2018〕7号 | 主题分类：发布日期： | 水利\\供水：2018年11月9日",
    ],
}  # fmt: skip


@pytest.mark.parametrize("rows", HEADER.values(), ids=HEADER)
def test_header_table(rows: list[str]) -> None:
    """A header table is read in pairs, in cells, and with heads above: organ, number, and the day of making before that of publication."""
    expected = {
        "title": "国务院办公厅关于做好供水工作的通知",
        "issuer": "国务院办公厅",
        "region": "全国",
        "kind": "通知",
        "number": "国办发〔2018〕7号",
        "date": "2018-11-05",
        "date_in_force": None,
    }
    assert expected == found(
        expected, "content_1.htm", "国务院办公厅关于做好供水工作的通知（国办发〔2018〕7号）", *rows, "各省人民政府："
    )


@pytest.mark.parametrize(
    ("expected", "lines"),
    [
        (
            {"issuer": "全国人民代表大会常务委员会", "region": "全国", "kind": "法律", "date": "2021-01-22", "date_in_force": "2021-07-15"},
            ["中华人民共和国供水法", "1996年3月17日 第八届全国人民代表大会第四次会议通过",
             "2021年1月22日 第十三届全国人民代表大会常务委员会第二十五次会议修订", "本法自2021年7月15日起施行。"],
        ),
        (
            {"issuer": "全国人民代表大会常务委员会", "kind": "法律", "number": "主席令第七十号", "date": "2021-01-22"},
            ["中华人民共和国用水法", "（2021年1月22日第十三届全国人民代表大会常务委员会第二十五次会议通过 2021年1月22日中华人民共和国主席令第七十号公布）"],
        ),
        (
            {"issuer": "水利部", "kind": "部门规章", "number": "水利部令第35号", "date": "2015-07-13", "date_in_force": "2015-09-01"},
            ["供水参与办法", "部令 第35号", "《供水参与办法》已于2015年7月2日由水利部部务会议通过，现予公布，自2015年9月1日起施行。",
             "部 长 某某", "2015年7月13日"],
        ),
        (
            {"issuer": "国务院", "region": "全国", "kind": "行政法规", "number": "国务院令第735号", "date": "2021-01-15"},
            ["供水保障条例", "2020年12月9日 国务院第117次常务会议通过", "2021年1月15日 中华人民共和国国务院令第735号公布"],
        ),
        (
            {"issuer": "国务院", "number": "国务院令第564号", "date": "2022-03-29", "date_in_force": "2010-01-01"},
            ["供水服务条例", "（2009年10月13日国务院令第564号公布 根据2022年3月29日《国务院关于修改和废止部分行政法规的决定》修订）",
             "本条例自2010年1月1日起施行。"],
        ),
        (
            {"issuer": "公安部", "region": "全国", "kind": "部门规章", "number": "公安部令第2号", "date_in_force": "2022-06-06"},
            ["供水举报奖励规定", "2022年6月6日 公安部令第2号公布", "本规定自公布之日起施行。"],
        ),
        (
            {"issuer": "望舒市人民代表大会常务委员会", "region": "望舒市", "kind": "地方性法规", "number": None, "date": "2020-05-29"},
            ["望舒市供水条例", "2020年4月24日望舒市第十五届人民代表大会常务委员会第二十一次会议通过",
             "2020年5月29日澄江省第十三届人民代表大会常务委员会第十二次会议批准"],
        ),
        (
            {"issuer": "望舒市人民政府", "kind": "政府规章", "number": "望舒市人民政府令第270号", "date": "2016-05-17", "date_in_force": "2016-10-01"},
            ["望舒市供水办法", "望舒市人民政府令", "第270号", "《望舒市供水办法》已经市人民政府第114次常务会议通过，现予公布，自2016年10月1日起施行。",
             "市长 某某", "2016年5月17日"],
        ),
        (
            {"issuer": "望舒市人民政府", "kind": "政府规章", "date": "2006-11-17"},
            ["望舒市噪声防治办法", "2006年11月17日 望舒市人民政府第56次常务会议审议通过"],
        ),
        (
            {"kind": "行政法规", "number": "民政部令第14号", "date": "1999-05-25", "date_in_force": "1999-05-25"},
            ["收养登记办法", "1999年5月12日 国务院批准", "1999年5月25日 民政部令第14号发布", "本办法自发布之日起施行。"],
        ),
        (
            {"issuer": None, "region": None, "kind": "规定", "number": None, "date": None, "date_in_force": "2022-05-01"},
            ["供水登记规定", "第一条 为了供水，制定本规定。", "本规定自2022年5月1日起施行。2008年5月27日发布的《供水登记规定》（公安部令第102号）同时废止。"],
        ),
    ],
    ids=["law", "law with its order", "order of a ministry", "regulation", "changed regulation", "ministry", "city", "order", "meeting", "assent", "unsure"],
)  # fmt: skip
def test_laws(expected: dict[str, str | None], lines: list[str]) -> None:
    """Who passed a law last, by which order, on which day, and from when it holds; its rank is by who made it."""
    assert expected == found(expected, "a.md", *lines)


def test_the_day_of_the_file_where_the_history_ends_early() -> None:
    """The last change is that of the file's name where the history below the title does not come so far."""
    lines = ["供水条例", "1997年7月21日 国务院令第225号发布"]
    assert {"date": "2012-11-09"} == found({"date": None}, "供水条例(2012-11-09).md", *lines)
    assert {"date": "1997-07-21"} == found({"date": None}, "供水条例(1997-08-01).md", *lines)


@pytest.mark.parametrize(
    ("expected", "name", "lines"),
    [
        (
            {"title": "望舒市停车办法", "kind": "政府规章", "number": "望舒市人民政府令第350号", "date_in_force": "2023-05-01"},
            "n.html",
            ["望舒市人民政府令（第350号）", "《望舒市停车办法》已经市政府第七十次常务会议审议通过，现予公布，自2023年5月1日起施行。", "2023年2月20日"],
        ),
        (
            {"kind": "办事指南", "issuer": "望舒市公安局", "region": "望舒市"},
            "q.html",
            ["申领居住证服务指南", "事项名称：居住证 | 实施主体：望舒市公安局"],
        ),
        (
            {"issuer": "中共望舒市委、望舒市人民政府", "region": "望舒市", "kind": "意见"},
            "a.docx",
            ["中共望舒市委 望舒市人民政府关于做好供水工作的意见", "（2023年1月5日）"],
        ),
        (
            {"issuer": "国家税务总局", "region": "全国", "kind": "公告", "number": "国家税务总局公告2023年第12号"},
            "a.html",
            ["国家税务总局关于供水税收的公告", "国家税务总局公告2023年第12号", "现公告如下："],
        ),
        (
            {"date_in_force": "2023-01-01", "valid_until": "2025-12-31"},
            "a.html",
            ["关于供水的通知", "本市自2018年1月1日起实施阶梯水价。", "本通知自2023年1月1日起施行，至2025年12月31日止。"],
        ),
        (
            {"kind": "通知", "issuer": "望舒市人民政府办公室"},
            "a.html",
            ["望舒市人民政府办公室关于做好政府信息公开工作的通知", "各区："],
        ),
        (
            {"title": "望舒市供水补贴办法", "kind": "规范性文件", "issuer": "望舒市人民政府", "number": "望府〔2016〕3号", "date": "2016-01-01",
             "date_in_force": "2016-02-01", "valid_until": "2018-12-31"},
            "望舒市供水补贴办法.html",
            ["望舒市人民政府文件 望府〔2016〕3号", "关于印发《望舒市供水补贴办法》的通知", "各区人民政府：", "请认真执行。", "望舒市人民政府",
             "2016年1月1日", "望舒市供水补贴办法", "第一条 为了供水。", "本办法自2016年2月1日起实施，有效期至2018年12月31日。"],
        ),
        (
            {"title": "望舒市人民政府关于印发望舒市供水规划的通知", "kind": "通知", "issuer": "望舒市人民政府"},
            "doc-17.html",
            ["望舒市人民政府关于印发望舒市供水规划的通知", "各区人民政府：", "望舒市供水规划", "一、目标"],
        ),
        (
            {"issuer": "望舒市水务局、望舒市财政局", "region": "望舒市", "kind": "通知", "date": "2023-03-01", "date_in_force": "2023-03-01",
             "valid_until": "2028-02-29"},
            "a.docx",
            ["关于调整供水补贴的通知", "各区水务局：", "本通知自印发之日起施行，有效期五年。", "望舒市水务局", "望舒市财政局", "二〇二三年三月一日"],
        ),
        (
            {"title": "供水补贴20问", "kind": "问答", "issuer": "云澜区水务局", "region": "云澜区", "date": "2023-04-16"},
            "供水补贴20问.docx",
            ["供水补贴20问", "来源：云澜区水务局 2023-04-16", "1、谁能领？", "答：居民。"],
        ),
        (
            {"kind": "政策解读", "number": None, "date": "2012-04-30", "date_in_force": None, "issuer": "望舒市水务局"},
            "解读.html",
            ["《关于供水补贴的通知》（望水〔2012〕60号）文件解读", "发布机构：望舒市水务局 | 发文日期：2012年04月30日",
             "该通知自2012年5月1日起施行。"],
        ),
        (
            {"title": "居住证办理工作指引（试行）", "kind": "工作指引", "issuer": "望舒市流管办", "date": "2015-12-31", "date_in_force": "2016-01-01"},
            "居住证办理工作指引.html",
            ["居住证办理工作指引（试行）-望舒市文件-望舒人口信息网", "发布时间：2016-01-06", "根据国务院令第663号规定办理。",
             "本指引自2016年1月1日起实施。", "望舒市流管办 2015年12月31日印发"],
        ),
        (
            {"title": "2015年云澜区小学招生通告", "kind": "通告", "issuer": "云澜区城区招生领导小组", "date": "2015-04-23"},
            "2015年云澜区小学招生通告.html",
            ["云澜教育网", "2015年云澜区小学招生通告", "现通告如下：", "云澜区城区招生领导小组(代章)", "2015年4月23日"],
        ),
        (
            {"kind": "复函", "issuer": "国务院办公厅", "region": "全国"},
            "a.htm",
            ["国务院办公厅关于广东与香港合建供水站有关问题的复函", "国办函〔1996〕14号", "广东省人民政府："],
        ),
        (
            {"issuer": "澄江省人民政府", "region": "澄江省", "number": "澄江省人民政府令第203号", "date": "2014-11-06", "date_in_force": "2015-01-01"},
            "澄江省供水规定.html",
            ["澄江省水利厅", "【法规标题】澄江省供水规定 | 【发布部门】澄江省人民政府 | 【发文字号】省政府令第203号", "【发布日期】2014-11-06 | 【实施日期】2015-01-01"],
        ),
    ],
    ids=["order as heading", "field of a guide", "party and government", "public notice", "term", "about reports", "issued act", "notice", "joint", "questions", "explanation", "imprint", "site as heading", "letter", "labels in brackets"],
)  # fmt: skip
def test_notices_and_pages(expected: dict[str, str | None], name: str, lines: list[str]) -> None:
    """Titles of what a notice issues, bodies that sign, days in characters, terms of years, sites that are no titles."""
    assert expected == found(expected, name, *lines)


def test_a_page_in_one_cell() -> None:
    """A page that stands whole in a cell of a layout table is read by its lines."""
    cell = f"各有关单位： 现将办法印发给你们。 {'请认真执行，' * 20}遇到问题及时反映。 望舒市住房局 2015年6月30日 望舒市住房办法 第一条 为了住房。 |"
    expected = {"issuer": "望舒市住房局", "date": "2015-06-30"}
    assert expected == found(expected, "望舒市住房办法.html", "望舒市住房办法", cell)


@pytest.mark.parametrize(
    ("region", "title"),
    [("广州市天河区", "广州市天河区民政局关于普法的通知"), ("广州市天河区", "天河区民政局关于普法的通知"), ("歙县", "歙县民政局关于普法的通知"),
     ("广东省", "国家税务总局广东省税务局关于普法的通知"), ("全国", "教育部办公厅关于普法的通知"), ("广州市", "关于广州市供水的通知"),
     ("望舒市云澜区", "望舒市云澜区民政局关于普法的通知"), (None, "关于全市供水的通知")],
)  # fmt: skip
def test_region(region: str | None, title: str) -> None:
    """The place of the issuer, by the gazetteer with what contains it; else what the title begins with."""
    assert region == metadata([Block(text=title, kind=BlockKind.HEADING, level=1)], "a.txt").region


def test_nothing_is_known_of_what_says_nothing() -> None:
    """A file of a few words has its name as its title."""
    assert Metadata(title="随笔 一") == metadata([Block(text="今天天气很好。")], "随笔_一.txt")
