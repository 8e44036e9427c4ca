"""Blocks and file name → title, kind, issuer, region, years, document number, date.

What stands in the text goes before what the file name says; what neither says is left empty.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from kb.text import fold
from kb.types import Block, BlockKind, Metadata

# The first kind whose words stand in the title is the document's kind.
_KINDS = (
    ("政府工作报告", ("政府工作报告",)),
    ("法治政府建设报告", ("法治政府建设", "依法行政工作")),
    ("信息公开年度报告", ("政府信息公开", "信息公开工作")),
    ("办事指南", ("办事指南", "服务指南")),
    ("统计公报", ("统计公报",)),
    ("工作报告", ("工作报告", "工作总结", "年度报告", "情况报告", "年报")),
    (
        "政策",
        ("条例", "规定", "办法", "细则", "意见", "措施", "方案", "通知", "规划", "决定", "公告", "通告"),
    ),
)
_HEAD_BLOCKS = 12  # title, subtitle, issuer, date: all stand among the first lines
_TAIL_BLOCKS = 6  # signature and imprint
_ORGAN = "人民政府办公厅|人民政府办公室|人民政府|办公厅|办公室|委员会|管委会|政府|总局|局|厅|委|办|部|院|署|处|中心|街道|镇|乡"
# 贵州省 and 广州市 do not end at 州.
_REGION = r"[一-鿿]{1,10}?(?:自治区|特别行政区|自治州|自治县|自治旗|新区|地区|省|市|区|县|旗|州(?![省市])|盟)"
_ISSUER = re.compile(rf"(?:国务院|(?P<region>(?:{_REGION})+)(?P<organ>[一-鿿]{{0,14}}?(?:{_ORGAN}))?)")
_LABELLED_ISSUER = re.compile(
    r"^(?:发布机构|发文机关|发布单位|制发机关|主办单位|实施主体|来源单位)[:：]\s*(?P<issuer>[^\s，。；:：]{2,30})"
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_TITLE_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*年")
_NUMBER = re.compile(r"(?:^|[（(:：\s])(?P<number>[一-鿿]{1,12}[〔\[［(（]\d{4}[〕\]］)）]\s*第?\d{1,5}号)[）)\s]*$")
_DATE = re.compile(r"((?:19|20)\d{2})(?:\s*年\s*|[-/.])(\d{1,2})(?:\s*月\s*|[-/.])(\d{1,2})\s*日?")


def metadata(blocks: Sequence[Block], name: str) -> Metadata:
    """What the text and the file name say of a document; `name` is the file name."""
    stem = name.rsplit(".", 1)[0]
    parts = [part for part in re.split(r"[_＿\s]+", stem) if part]
    title = _title(blocks, parts)
    head = [block.text for block in blocks[:_HEAD_BLOCKS]]
    ends = head + [block.text for block in blocks[_HEAD_BLOCKS:][-_TAIL_BLOCKS:]]
    kind = _kind(title) or _kind(stem)
    issuer = _issuer(parts, title, blocks)
    date = next((found for line in ends if len(line) <= 60 and (found := _date(line))), None)
    year = _year(title, parts, date if kind and kind.endswith("报告") else None)
    return Metadata(
        title=title,
        kind=kind,
        issuer=issuer,
        region=_region(issuer) or _region(title),
        year=year,
        reporting_year=_reporting_year(kind, year),
        number=next((match["number"] for line in ends if len(line) <= 60 and (match := _NUMBER.search(line))), None),
        date=date,
    )


def _title(blocks: Sequence[Block], parts: Sequence[str]) -> str:
    for block in blocks[:_HEAD_BLOCKS]:
        if block.kind is BlockKind.HEADING and block.level == 1:
            return _close_up(block.text)
    named = [part for part in parts if not _YEAR.fullmatch(part)]
    return " ".join(named or parts) or "未命名"


def _close_up(title: str) -> str:
    """政 府 工 作 报 告 → 政府工作报告; marks at the end that a page put there go."""
    title = re.sub(r"(?<=[一-鿿])\s+(?=[一-鿿])", "", title)
    return title.strip(" \t|｜-—_")


def _kind(title: str) -> str | None:
    return next((kind for kind, words in _KINDS if any(word in title for word in words)), None)


def _issuer(parts: Sequence[str], title: str, blocks: Sequence[Block]) -> str | None:
    for part in parts:
        if _ISSUER.fullmatch(part):
            return part
    ends = [*blocks[:_HEAD_BLOCKS], *blocks[_HEAD_BLOCKS:][-_TAIL_BLOCKS:]]
    for block in ends:
        if match := _LABELLED_ISSUER.match(block.text):
            return match["issuer"]
    for heading, block in pairwise(blocks[:_HEAD_BLOCKS]):
        if heading.kind is BlockKind.HEADING and heading.text in ("实施主体", "实施机关", "发布机构"):
            return block.text if len(block.text) <= 30 else None
    match = _ISSUER.match(_TITLE_YEAR.sub("", title))
    return match.group() if match and (match["organ"] or match.group() == "国务院" or match["region"]) else None


def _region(text: str | None) -> str | None:
    match = _ISSUER.match(_TITLE_YEAR.sub("", text)) if text else None
    if not match:
        return None
    return "全国" if match.group() == "国务院" else match["region"]


def _year(title: str, parts: Sequence[str], date: str | None) -> int | None:
    if match := _TITLE_YEAR.search(fold(title)):
        return int(match[1])
    for part in parts:
        if _YEAR.fullmatch(part) or (match := _TITLE_YEAR.match(part)):
            return int(part[:4])
    return int(date[:4]) if date else None


def _reporting_year(kind: str | None, year: int | None) -> int | None:
    """A government work report is read out early in a year and tells of the year before."""
    if year is None or kind is None or not kind.endswith(("报告", "公报")):
        return None
    return year - 1 if kind == "政府工作报告" else year


def _date(line: str) -> str | None:
    match = _DATE.search(fold(line))
    if not match:
        return None
    year, month, day = (int(part) for part in match.groups())
    return f"{year:04}-{month:02}-{day:02}" if 1 <= month <= 12 and 1 <= day <= 31 else None
