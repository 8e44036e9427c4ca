"""Blocks and file name → title, kind, issuer, region, years, document number, date.

The title and the labels of a text go first. A file name that is put together by underscores names issuer and year on
purpose and goes before what is only gathered from the text. What neither says is left empty.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from ingest.metadata.issuers import find_issuer, issuer_in_name, region_of, speaks_for
from kb.chinese.figures import chinese_number
from kb.chinese.text import fold
from kb.types import Block, BlockKind, Metadata

# The first kind whose words stand in the title is the document's kind.
_KINDS = (
    ("政府工作报告", ("政府工作报告",)),
    ("法治政府建设报告", ("法治政府建设", "依法行政工作")),
    ("信息公开年度报告", ("政府信息公开", "信息公开工作", "政务公开年报")),
    ("办事指南", ("办事指南", "服务指南")),
    ("统计公报", ("统计公报",)),
    ("工作报告", ("工作报告", "工作总结", "年度报告", "情况报告", "年报")),
    (
        "政策",
        ("条例", "规定", "办法", "细则", "意见", "措施", "方案", "通知", "规划", "决定", "公告", "通告"),
    ),
)
_WORK_REPORT = "政府工作报告"
# Made for others to fill in, or from the reports of several years: whose and of which year is not sure.
_OF_NOBODY = re.compile(r"模板|模版|范本|样本|样表|格式文本|填报说明|比对|对比|\d{4}\s*(?:vs|VS|与|和)\s*\d{4}")
_HEAD_BLOCKS = 12  # title, subtitle, issuer, date: all stand among the first lines
_TAIL_BLOCKS = 6  # signature and imprint
_MAX_DATED = 60  # characters of a line that is a date and little else
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_TITLE_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*年")
_YEARS = re.compile(r"\d{4}\s*年?\s*[-—–－~～至到]+\s*\d{4}\s*年?")
_REPORT_AND_PLAN = re.compile(
    r"\d{4}年[^，。]{0,16}(?:工作|情况|执行|总结)[^，。]{0,6}\d{4}年[^，。]{0,16}(?:计划|安排|打算|预算|要点)"
)
_NUMBER = re.compile(r"(?:^|[（(:：\s])(?P<number>[一-鿿]{1,12}[〔\[［(（]\d{4}[〕\]］)）]\s*第?\d{1,5}号)[）)\s]*$")
_DATE = re.compile(r"((?:19|20)\d{2})(?:\s*年\s*|[-/.])(\d{1,2})(?:\s*月\s*|[-/.])(\d{1,2})\s*日?")
_DATE_IN_WORDS = re.compile(
    r"([一二][〇○零九][〇○零一二三四五六七八九]{2})\s*年\s*(十?[一二]|[三-九]|十|[四五六七八九])\s*月\s*([一二三四五六七八九十]{1,3})\s*日"
)
_SESSION = re.compile(r"会议上|日\s*在.{2,30}届")
_REVIEW = re.compile(r"(?<!\d)((?:19|20)\d{2})年[^，。]{0,14}(?:回顾|总结)")
_PERIOD = re.compile(
    r"((?:19|20)\d{2})\s*年\s*1\s*月\s*1\s*日起?\s*[至到\-—－–~～]+\s*(?:\1\s*年\s*)?12\s*月\s*31\s*日"
)
_OPENING = re.compile(r"((?:19|20)\d{2})\s*年(?:度|来|以来|，|,|在|是|、|，?(?:我|全|区|市|县|省|本))")


def metadata(blocks: Sequence[Block], name: str) -> Metadata:
    """What the text and the file name say of a document; `name` is the file name."""
    stem = name.rsplit(".", 1)[0]
    parts = [part for part in re.split(r"[_＿\s]+", stem) if part]
    title = _title(blocks, parts)
    if _OF_NOBODY.search(title) or _OF_NOBODY.search(stem):
        return Metadata(title=title)
    spoken = speaks_for(blocks)
    kind = _kind(title) or _kind(stem) or (_WORK_REPORT if spoken and spoken.endswith(("国务院", "政府")) else None)
    issuer = issuer_in_name(parts) or find_issuer(blocks, title)
    ends = _lines(blocks, _HEAD_BLOCKS, _TAIL_BLOCKS)
    date = _date_of(ends)
    year, reporting_year = _years(blocks, kind, title, parts, date)
    return Metadata(
        title=title,
        kind=kind,
        issuer=issuer,
        region=region_of(issuer) or region_of(title),
        year=year,
        reporting_year=reporting_year,
        number=next((match["number"] for line in ends if (match := _NUMBER.search(line))), None),
        date=date,
    )


def _lines(blocks: Sequence[Block], num_first: int, num_last: int) -> list[str]:
    """The short lines at the beginning and the end."""
    ends = (*blocks[:num_first], *blocks[num_first:][-num_last:])
    return [block.text for block in ends if len(block.text) <= _MAX_DATED]


def _title(blocks: Sequence[Block], parts: Sequence[str]) -> str:
    for block in blocks[:_HEAD_BLOCKS]:
        if block.kind is BlockKind.HEADING and block.level == 1:
            return _close_up(block.text)
    named = [part for part in parts if not _YEAR.fullmatch(part)]
    return " ".join(named or parts) or "未命名"


def _close_up(title: str) -> str:
    """政 府 工 作 报 告 → 政府工作报告; marks at the end that a page put there go."""
    title = re.sub(r"(?<=[一-鿿])\s+(?=[一-鿿])", "", title)
    return title.strip(" \t|｜-—_") or title


def _kind(title: str) -> str | None:
    title = title.replace("年报告", "年 报告")  # which is no 年报
    return next((kind for kind, words in _KINDS if any(word in title for word in words)), None)


def _years(
    blocks: Sequence[Block], kind: str | None, title: str, parts: Sequence[str], date: str | None
) -> tuple[int | None, int | None]:
    """The year that a document is of, and the year whose work it tells of."""
    year = _year_of_title(title)
    named = next((int(part[:4]) for part in parts if _YEAR.fullmatch(part) or _TITLE_YEAR.match(part)), None)
    if kind == _WORK_REPORT:
        # It is read out early in a year and tells of the year before, unless the session was in December.
        year = year or named or (int(date[:4]) if date else None)
        return year, _reviewed(blocks, year)
    if kind is None or not kind.endswith(("报告", "公报")):
        return year or (named if not _YEARS.search(title) else None), None
    covered = year or _period(blocks, date) or named
    return year or named or covered, covered


def _year_of_title(title: str) -> int | None:
    """None where it names a span of years, or two and not a report with a plan."""
    folded = fold(title)
    years = {int(year) for year in _TITLE_YEAR.findall(folded)}
    if _YEARS.search(folded) or (len(years) > 1 and not _REPORT_AND_PLAN.search(folded)):
        return None
    return min(years, default=None)


def _reviewed(blocks: Sequence[Block], year: int | None) -> int | None:
    """The year that a heading of a work report of `year` looks back on, or the one before."""
    if year is None:
        return None
    headings = (block.text for block in blocks if block.kind is BlockKind.HEADING)
    found = [int(match[1]) for heading in headings if (match := _REVIEW.search(fold(heading)))]
    return found[0] if found and found[0] in (year - 1, year) else year - 1


def _period(blocks: Sequence[Block], date: str | None) -> int | None:
    """The year that a yearly report says it covers, or that its text opens with, if it is dated not long after."""
    head = [fold(block.text) for block in blocks[:_HEAD_BLOCKS]]
    for line in head:
        if match := _PERIOD.search(line):
            return int(match[1])
    opening = next((int(match[1]) for line in head if (match := _OPENING.match(line))), None)
    dated = int(date[:4]) if date else None
    return opening if opening and dated in (None, opening, opening + 1) else None


def _date_of(lines: Sequence[str]) -> str | None:
    """The day of the session that a report was read to, or else the first date."""
    sessions = [line for line in lines if _SESSION.search(line)]
    return next((found for line in (*sessions, *lines) if (found := _date(line))), None)


def _date(line: str) -> str | None:
    folded = fold(line)
    if match := _DATE.search(folded):
        year, month, day = map(int, match.groups())
    elif match := _DATE_IN_WORDS.search(folded):
        year = int("".join(str("〇一二三四五六七八九".index(digit)) for digit in re.sub("[○零]", "〇", match[1])))
        month, day = int(chinese_number(match[2])), int(chinese_number(match[3]))
    else:
        return None
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return None
