"""Web pages → the blocks of their main part: every table kept, site furniture out, lines as a reader sees them."""

from __future__ import annotations

import time

import pytest

from ingest.readers import read
from ingest.structure.outline import outline
from kb.types import Block, BlockKind

NAVIGATION = '<div class="top"><a href="/">首页</a> | <a href="/gk">政务公开</a> | <a href="/fw">办事服务</a></div>'
PATH = '<div>您现在的位置：<a href="/">首页</a> &gt; <a href="/gk">政务公开</a> &gt; 通知公告</div>'
FOOTER = "<div><p>版权所有：望舒市教育局　澄ICP备12345678号</p><p>技术支持：某某公司</p></div>"
RELATED = '<div><p>相关链接</p><ul><li><a href="/1">旧办法</a></li><li><a href="/2">另一通知</a></li><li><a href="/3">三</a></li></ul></div>'
PROSE = "<p>为做好随迁子女入学工作，现将二〇二四年积分入学的申请条件、时间和指标公布如下，请相互转告。</p>" * 2


def page(main: str, *, title: str = "积分入学公告", around: bool = True) -> list[Block]:
    """The blocks of a page with that main part; `around` puts the furniture of a site around it."""
    before, after = (NAVIGATION + PATH, RELATED + FOOTER) if around else ("", "")
    return read(
        f"<html><head><title>{title}</title></head><body>{before}<div>{main}</div>{after}</body></html>".encode(),
        "a.html",
    )


def texts(blocks: list[Block]) -> list[str]:
    return [block.text for block in blocks]


class TestTables:
    def test_caption_heads_and_place(self) -> None:
        """A table stands where the page has it, below its caption, with its heads in each row."""
        table = (
            "<table><caption>各镇指标</caption><tr><th>镇</th><th>名额</th></tr>"
            "<tr><td>石桥镇</td><td>40</td></tr><tr><td>南塘镇</td><td>55</td></tr></table>"
        )
        blocks = page(f"{PROSE}{table}<p>以上名额包括民办学校的学位。</p>")
        assert ["各镇指标", "镇：石桥镇 | 名额：40", "镇：南塘镇 | 名额：55", "以上名额包括民办学校的学位。"] == texts(
            blocks
        )[-4:]

    @pytest.mark.parametrize("order", ["{text}{button}{table}", "{table}{button}{text}"])
    def test_table_apart_from_the_text(self, order: str) -> None:
        """A table before or behind the text is kept, though furniture of the page stands between."""
        table = "<div><table><tr><td>镇</td><td>名额</td></tr><tr><td>石桥镇</td><td>40</td></tr></table></div>"
        main = order.format(text=f"<div>{PROSE * 9}</div>", button="<p>上一篇：没有了</p>", table=table)
        found = texts(page(main))
        assert "镇：石桥镇 | 名额：40" in found
        assert "上一篇：没有了" not in found

    def test_merged_cells(self) -> None:
        """A merged cell is repeated for each row that it covers."""
        table = (
            '<table><tr><td rowspan="2">项目</td><td colspan="2">分值</td></tr><tr><td>市内</td><td>市外</td></tr>'
            "<tr><td>学历</td><td>10</td><td>5</td></tr></table>"
        )
        assert "项目：学历 | 分值－市内：10 | 分值－市外：5" == texts(page(PROSE + table))[-1]

    def test_no_heads(self) -> None:
        """The first row of a group that a merged cell names is no head of the rows below."""
        table = (
            '<table><tr><td rowspan="2">户籍</td><td>市内</td><td>优先</td></tr><tr><td>市外</td><td>其次</td></tr>'
            '<tr><td rowspan="2">住所</td><td>自有</td><td>优先</td></tr><tr><td>租赁</td><td>其次</td></tr></table>'
        )
        assert ["户籍 | 市内 | 优先", "户籍 | 市外 | 其次"] == texts(page(PROSE + table))[-4:-2]

    def test_list_of_names(self) -> None:
        """A table of names alone has no heads."""
        table = "<table><tr><td>王一</td><td>李二</td><td>张三</td></tr><tr><td>赵四</td><td>钱五</td><td>孙六</td></tr></table>"
        assert ["王一 | 李二 | 张三", "赵四 | 钱五 | 孙六"] == texts(page(PROSE + table))[-2:]

    def test_repeated_heads(self) -> None:
        """Heads that are repeated in the middle of a table, as on a new page of paper, are no row."""
        head = "<tr><td>镇</td><td>名额</td></tr>"
        table = f"<table>{head}<tr><td>石桥镇</td><td>40</td></tr>{head}<tr><td>南塘镇</td><td>55</td></tr></table>"
        assert ["镇：石桥镇 | 名额：40", "镇：南塘镇 | 名额：55"] == texts(page(PROSE + table))[-2:]

    def test_layout(self) -> None:
        """A table that lays out the page is read as its paragraphs and headings, the table within it as rows."""
        inner = "<table><tr><td>镇</td><td>名额</td></tr><tr><td>石桥镇</td><td>40</td></tr></table>"
        blocks = page(f"<table><tr><td>{PROSE}<h3>一、名额</h3>{inner}</td></tr><tr><td>特此公告。</td></tr></table>")
        assert [
            (BlockKind.HEADING, "一、名额"),
            (BlockKind.TABLE_ROW, "镇：石桥镇 | 名额：40"),
            (BlockKind.PARAGRAPH, "特此公告。"),
        ] == [(block.kind, block.text) for block in blocks[-3:]]

    def test_table_within_a_cell(self) -> None:
        """A small table in one cell of a table of rows is part of that cell."""
        rows = "".join(f"<tr><td>第{i}类</td><td>{i}0分</td></tr>" for i in range(1, 5))
        inner = "<table><tr><td>甲</td><td>乙</td></tr></table>"
        table = f"<table><tr><td>类别</td><td>分值</td></tr>{rows}<tr><td>第5类</td><td>{inner}</td></tr></table>"
        assert ["类别：第1类 | 分值：10分", "类别：第5类 | 分值：甲 乙"] == [
            texts(page(PROSE + table))[i] for i in (-5, -1)
        ]

    def test_long_text_beside_a_label(self) -> None:
        """The text of several lines beside a label is read as lines below a heading."""
        lines = "".join(
            f"<p>{i}．申请人应当提交本人身份证明、居住证明以及其他有关材料的原件和复印件。</p>" for i in range(1, 9)
        )
        table = f"<table><tr><td>事项</td><td>积分入学</td></tr><tr><td>申请材料</td><td>{lines}</td></tr></table>"
        blocks = page(PROSE + table)
        assert "事项：积分入学" in texts(blocks)
        place = texts(blocks).index("申请材料")
        assert BlockKind.HEADING is blocks[place].kind
        assert 8 == len(blocks) - place - 1

    def test_facts_about_the_document(self) -> None:
        """A header table gives a row for each fact, below the title; a label without a value stays."""
        header = (
            "<table><tr><td>索 引 号：</td><td>0012/2024-05</td><td>主题分类：</td><td>教育</td></tr>"
            "<tr><td>发文机关：</td><td>望舒市教育局</td><td>主 题 词：</td><td></td></tr></table>"
        )
        blocks = page(f"{header}<div><h1>积分入学公告</h1>{PROSE}</div>")
        expected = ["积分入学公告", "索引号：0012/2024-05", "主题分类：教育", "发文机关：望舒市教育局", "主题词："]
        assert expected == texts(blocks)[:5]

    def test_spans_have_bounds(self) -> None:
        """Merged cells that would make millions, in tables within tables, are read in bounded time."""
        table = "<table>" + '<tr><td rowspan="50" colspan="50">学法</td><td>二</td></tr>' * 200 + "</table>"
        started = time.monotonic()
        assert page("<table><tr><td>" * 60 + table + "</td></tr></table>" * 60)
        assert time.monotonic() - started < 20


class TestFurniture:
    def test_around_the_main_part(self) -> None:
        """Nothing but title and text of a page with navigation, path, related links and footer."""
        assert ["积分入学公告", *texts(page(PROSE, around=False))[1:]] == texts(outline(page(PROSE)))

    def test_around_a_short_text(self) -> None:
        """A notice of two lines is found beside a date, the latest articles and a footer in a table."""
        articles = "".join(
            f'<li><a href="/{i}">云澜区召开第{i}次会议研究部署工作</a><span>05-1{i}</span></li>' for i in range(5)
        )
        footer = "<table><tr><td>承办：数据局</td><td>电话：022-1234</td></tr><tr><td>邮编：1</td><td>标识码：2</td></tr></table>"
        blocks = read(
            f"<html><head><title>停水通知</title></head><body><div id='header'>{NAVIGATION}今天是2024年5月16日</div>"
            f"<div><p align='center'>停水通知</p><p>因管道检修，5月17日8时至12时石桥镇停水。</p><p>云澜区水务局</p></div>"
            f"<div><h3>热点新闻</h3><ul>{articles}</ul></div><div id='footer'>{footer}</div></body></html>".encode(),
            "a.html",
        )
        assert ["停水通知", "因管道检修，5月17日8时至12时石桥镇停水。", "云澜区水务局"] == texts(blocks)

    def test_lines_about_publishing_stay(self) -> None:
        """来源 and 发布时间 stay above the text, apart from each other and without counters and buttons."""
        line = "<p><span>来源：望舒市教育局</span><span>发布时间：2024-05-16</span> 浏览次数：20 【字体：大 中 小】</p>"
        blocks = outline(page(f"<h1>积分入学公告</h1>{line}{PROSE}"))
        assert ["积分入学公告", "来源：望舒市教育局 发布时间：2024-05-16"] == texts(blocks)[:2]

    def test_signature_beside_the_text(self) -> None:
        """A signature in an element beside the one with the text is kept."""
        blocks = page(f"<div>{PROSE * 9}</div><p>望舒市教育局</p><p>2024年5月16日</p>")
        assert ["望舒市教育局", "2024年5月16日"] == texts(blocks)[-2:]

    def test_site_runner(self) -> None:
        """主办单位 of the footer stays, since it often is the issuer."""
        footer = "<div><p>主办单位：望舒市教育局</p><p>澄ICP备12345678号</p></div>"
        assert "主办单位：望舒市教育局" == texts(page(f"{PROSE}</div>{footer}<div>", around=False))[-1]

    def test_links_to_files_and_annexes(self) -> None:
        """Links to files, and those below the word annex, are text; three others in a row are navigation."""
        files = "".join(f'<p><a href="/f{i}.doc">申请表{i}</a></p>' for i in range(3))
        annex = "<p>附件：</p>" + "".join(f'<p><a href="/f?id={i}">名单{i}</a></p>' for i in range(3))
        links = "".join(f'<p><a href="/n{i}.html">新闻{i}</a></p>' for i in range(3))
        found = texts(page(f"{PROSE}{files}{annex}<p>特此公告。</p>{links}"))
        assert {"申请表0", "名单2", "特此公告。"} <= set(found)
        assert "新闻0" not in found

    def test_links_at_the_end(self) -> None:
        """An address that is shown, and an annex by whatever address, end the text; another page's title does not."""
        end = '<p>附件：<a href="/f?id=1">申请表</a></p><p>网址：<a href="http://xx.gov.cn">http://xx.gov.cn</a></p>'
        found = texts(page(f'{PROSE}{end}<p><a href="/2">另一则通知</a></p>'))
        assert ["附件：申请表", "网址：http://xx.gov.cn"] == found[-2:]

    def test_annex_apart_from_the_text(self) -> None:
        """An annex in an element of its own is kept, by whatever address it is fetched."""
        annex = '<p>上一篇：没有了</p><div>附件：<a href="/f?id=1">申请表</a></div>'
        assert "附件：申请表" == texts(page(f"<div>{PROSE * 9}</div>{annex}"))[-1]

    def test_table_with_links(self) -> None:
        """A table whose rows link to other pages is kept, unless it is nothing but links."""
        rows = "".join(
            f'<tr><td>{i}</td><td><a href="/s{i}">办理居住证第{i}种情形</a></td><td>五日</td></tr>' for i in range(4)
        )
        links = '<table><tr><td><a href="/a">甲</a></td><td><a href="/b">乙</a></td></tr></table>'
        found = texts(page(f"{PROSE}<table><tr><td>序号</td><td>事项</td><td>时限</td></tr>{rows}</table>{links}"))
        assert "序号：3 | 事项：办理居住证第3种情形 | 时限：五日" == found[-1]

    def test_a_page_of_links(self) -> None:
        """A page that is nothing but links is given whole."""
        links = "".join(f'<p><a href="/n{i}.html">办事指南{i}</a></p>' for i in range(5))
        assert "办事指南3" in texts(page(links, around=False))


class TestLines:
    def test_breaks_and_indents(self) -> None:
        """A line for each line break and each indented paragraph within one element."""
        found = texts(
            page(
                f"{PROSE}<div>第一条　本办法适用于本市。　　第二条　本办法所称居民，是指常住居民。<br>特此公告。</div>"
            )
        )
        assert ["第一条 本办法适用于本市。", "第二条 本办法所称居民，是指常住居民。", "特此公告。"] == found[-3:]

    def test_words_and_numbers_stay_whole(self) -> None:
        """Text is not torn by marked-up parts, unknown elements, or line breaks of the source."""
        found = texts(page(f"{PROSE}<p>全市共<b>1</b><sdfield>58</sdfield>人，\n    分<i>三</i>批\n入学。</p>"))
        assert "全市共158人，分三批入学。" == found[-1]

    def test_number_before_a_source_break(self) -> None:
        """The number of an article stays apart from its text where only a line break of the source parts them."""
        assert "第一条 本办法适用于本市。" == texts(page(f"{PROSE}<p>第一条\n本办法适用于本市。</p>"))[-1]

    def test_numbers_of_items(self) -> None:
        """Items of an ordered list have the numbers that a browser shows, unless their text has some."""
        items = "<ol><li>身份证</li><li>居住证</li></ol><ol><li>（一）甲</li><li>（二）乙</li></ol>"
        assert ["1. 身份证", "2. 居住证", "（一）甲", "（二）乙"] == texts(page(PROSE + items))[-4:]

    def test_short_page(self) -> None:
        """A short page keeps its paragraphs and its heading."""
        blocks = page("<h2>租房落户</h2><p>1.户口簿；</p><p>2.租房合同。</p>", title="Document", around=False)
        assert [("租房落户", 1), ("1.户口簿；", 0), ("2.租房合同。", 0)] == [
            (block.text, block.level) for block in blocks
        ]

    def test_hidden(self) -> None:
        """Scripts, fields and what is hidden are not read."""
        hidden = (
            '<p style="display: none">旧稿</p><script>var a = "脚本";</script><select><option>选项</option></select>'
        )
        assert texts(page(PROSE)) == texts(page(PROSE + hidden))

    def test_tabs(self) -> None:
        """The text of a tab that is not shown at first is read."""
        tab = f'<div class="tab" style="display:none"><h3>申请材料</h3>{PROSE}</div>'
        assert ["申请材料"] == [block.text for block in page(PROSE + tab) if block.level == 3]

    def test_escaped_twice(self) -> None:
        """A space that was escaped twice is a space."""
        assert "望舒市 教育局" == texts(page(f"{PROSE}<p>望舒市&amp;nbsp;教育局</p>"))[-1]


class TestTitle:
    @pytest.mark.parametrize(
        "title",
        ["积分入学公告_望舒市教育局", "积分入学公告-通知公告-望舒市教育网", "望舒市教育网", "Untitled Document", ""],
    )
    def test_from_the_text(self, title: str) -> None:
        """The title is the line that page and text agree on, or else the one set in the middle above the text."""
        blocks = page(f'<p align="center">积分入学公告</p>{PROSE}', title=title)
        assert [("积分入学公告", 1)] == [(block.text, block.level) for block in blocks if block.level == 1]
        assert 1 == texts(blocks).count("积分入学公告")

    def test_over_several_lines(self) -> None:
        """A title that is set over several lines is one, and stands once."""
        lines = '<p align="center">望舒市教育局关于印发</p><p align="center">积分入学办法的通知</p>'
        blocks = page(lines + PROSE, title="望舒市教育局关于印发积分入学办法的通知（望教〔2024〕5号）")
        assert "望舒市教育局关于印发积分入学办法的通知（望教〔2024〕5号）" == blocks[0].text
        assert blocks[1].text.startswith("为做好")

    def test_below_the_letterhead(self) -> None:
        """The letterhead and the number above a title are not part of it."""
        lines = "".join(
            f'<p align="center">{line}</p>' for line in ("望舒市教育局文件", "望教〔2024〕5号", "积分入学办法")
        )
        assert "积分入学办法" == page(lines + PROSE, title="望舒市教育网")[0].text

    def test_letterhead_as_the_first_heading(self) -> None:
        """A letterhead that is marked as a heading is none; the title stands below it."""
        lines = '<h1>望舒市人民政府令</h1><p align="center">第5号</p><p>现予公布。</p><p align="center">望舒市积分入学办法</p>'
        blocks = page(lines + PROSE, title="00001")
        assert ["望舒市积分入学办法"] == [block.text for block in blocks if block.kind is BlockKind.HEADING]

    def test_named_by_a_fact(self) -> None:
        """A header table that names the title says what the page is called."""
        header = "<table><tr><td>名 称：积分入学办法</td><td>文 号：望教〔2024〕5号</td></tr></table>"
        assert "积分入学办法" == page(header + PROSE, title="望舒市教育网")[0].text


class TestHeadings:
    def test_in_bold(self) -> None:
        """Short lines in bold over text are headings, where the page numbers no sections."""
        sections = "".join(f"<p><b>{name}</b></p>{PROSE}" for name in ("申请条件", "申请时间"))
        assert ["申请条件", "申请时间"] == [
            b.text for b in page(sections) if b.kind is BlockKind.HEADING and b.level == 0
        ]

    def test_not_beside_numbers(self) -> None:
        """Lines in bold on a page that numbers its sections stay lines: their level cannot be told."""
        sections = f"<p>一、条件</p>{PROSE}<p><b>申请条件</b></p>{PROSE}<p><b>申请时间</b></p>{PROSE}"
        assert [] == [block.text for block in page(sections) if block.kind is BlockKind.HEADING and block.level == 0]
