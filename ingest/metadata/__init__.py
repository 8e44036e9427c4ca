"""Blocks and file name → title, kind, issuer, region, years, document number, and the days of making, force and end.

Yearly reports and guides: the title and the labels of a text go first; a file name that is put together by underscores names
issuer and year on purpose and goes before what is only gathered from the text. Laws, notices, answers: header table, title,
history, signature. What nothing says is left empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date as date_of_text

from ingest.metadata.bodies import place_of, whole_body
from ingest.metadata.dates import day_in, holds_until, in_force_from
from ingest.metadata.history import Enactment, enactments
from ingest.metadata.issuers import (
    NATIONWIDE,
    issuer_in_name,
    policy_issuer,
    region_of,
    regions_of,
    report_issuer,
    signed_on,
)
from ingest.metadata.kinds import WORK_REPORT, kind_of, rank_of, report_kind
from ingest.metadata.labels import Label, labelled_fields
from ingest.metadata.lines import HEAD_LINES, TAIL_LINES, lines_of
from ingest.metadata.numbers import find_number, number_in
from ingest.metadata.speakers import speaks_for
from ingest.metadata.titles import file_title, heading_title, is_path, is_title, policy_title
from ingest.metadata.years import years_of
from kb.types import Block, Metadata

# Made for others to fill in, or from the reports of several years: whose and of which year is not sure.
_OF_NOBODY = re.compile(r"模板|模版|范本|样本|样表|格式文本|填报说明|比对|对比|\d{4}\s*(?:vs|VS|与|和)\s*\d{4}")
_HEAD_BLOCKS = 12  # title, subtitle, issuer, date: all stand among the first lines
_TAIL_BLOCKS = 6  # signature and imprint
_MAX_DATED = 60  # characters of a line that is a date and little else
_NUMBER = re.compile(r"(?:^|[（(:：\s])(?P<number>[一-鿿]{1,12}[〔\[［(（]\d{4}[〕\]］)）]\s*第?\d{1,5}号)[）)\s]*$")
_SESSION = re.compile(r"会议上|日\s*在.{2,30}届")
_ABOUT_FORCE = re.compile(r"施行|实施|执行|起|至|前|后")
_SHORT_ORDER = re.compile(r"[省市区县本]?(?:人民)?(?P<rank>政府|部|总?局|委员会)令第")
_SPOKEN_BY_SITES = ("政策解读", "问答", "办事指南", "工作指引", "公告", "通告", "公示")
_EXPLAINING = ("政策解读", "问答")
_MAX_DAYS_TO_PRINT = 60  # between the day on which a law is passed and the one on which it is made known
_MAX_DAY_LINE = 40  # characters of a line that is a day and little else
_BRANCH = re.compile(r"局(?P<place>[一-鿿]{2,6})分局")
_DAY_OF_FILE = re.compile(r"[（(]\s*((?:19|20)\d{2}-\d{2}-\d{2})\s*[)）]$")


def metadata(blocks: Sequence[Block], name: str) -> Metadata:
    """What the text and the file name say of a document; `name` is the file name."""
    stem = name.rsplit(".", 1)[0]
    parts = [part for part in re.split(r"[_＿\s]+", stem) if part]
    heading = heading_title(blocks)
    title = heading or file_title(parts)
    if _OF_NOBODY.search(title) or _OF_NOBODY.search(stem):
        return Metadata(title=title)
    spoken = speaks_for(blocks)
    kind = None if is_path(title) else report_kind(title)
    if kind and kind != "办事指南" and kind_of(title) not in (None, kind, "公报", "办事指南"):
        kind = None  # 关于做好政府信息公开工作的通知
    elif kind is None:
        kind = report_kind(stem)
    if kind is None and spoken and spoken.endswith(("国务院", "政府")):
        kind = WORK_REPORT
    return _report(blocks, title, kind, parts) if kind else _policy(blocks, heading, stem, parts)


def _report(blocks: Sequence[Block], title: str, kind: str, parts: Sequence[str]) -> Metadata:
    issuer = issuer_in_name(parts) or report_issuer(blocks, title)
    if issuer is None and kind == "办事指南":
        publisher = labelled_fields(blocks).get(Label.PUBLISHER, "")
        issuer = publisher if whole_body(publisher) else None
    ends = [block.text for block in (*blocks[:_HEAD_BLOCKS], *blocks[_HEAD_BLOCKS:][-_TAIL_BLOCKS:])]
    ends = [line for line in ends if len(line) <= _MAX_DATED]
    date = _date_of(ends)
    year, reporting_year = years_of(blocks, kind, title, parts, date)
    return Metadata(
        title=title,
        kind=kind,
        issuer=issuer,
        region=region_of(issuer, title),
        year=year,
        reporting_year=reporting_year,
        number=next((match["number"] for line in ends if (match := _NUMBER.search(line))), None),
        date=date,
    )


def _policy(blocks: Sequence[Block], heading: str | None, stem: str, parts: Sequence[str]) -> Metadata:
    lines = lines_of(blocks)
    head = lines[:HEAD_LINES]
    fields = labelled_fields(blocks)
    title = policy_title(heading, fields.get(Label.TITLE), lines, file_title(parts))
    titles = (title, *filter(None, (heading, fields.get(Label.TITLE))), *filter(is_title, head[:8]))
    history = enactments(head)
    word = kind_of(title) or kind_of(stem)
    is_explanation = word in _EXPLAINING
    number = None if is_explanation and Label.NUMBER not in fields else _number(fields, history, head, titles)
    about = place_of((title, heading or "", stem))
    issuer = issuer_in_name(parts) or policy_issuer(
        titles, lines, fields, history, number, about, explains=word in _SPOKEN_BY_SITES
    )
    region = _region(issuer, about)
    date = _made_on(fields, history, lines, stem)
    in_force, until = (None, None) if is_explanation else _holds(fields, lines, _first_made(date, history))
    return Metadata(
        title=title,
        kind=rank_of(word, title, _ranking(issuer, history), _rule_number(number, history), region),
        issuer=issuer,
        region=region,
        year=years_of(blocks, word, title, parts, date)[0],
        number=_full_order(number, issuer),
        date=date,
        date_in_force=in_force,
        valid_until=until,
    )


def _holds(fields: Mapping[Label, str], lines: Sequence[str], made: str | None) -> tuple[str | None, str | None]:
    """From when a document holds, and until when."""
    in_force = day_in(fields.get(Label.IN_FORCE, "")) or in_force_from(reversed(lines), made)
    until = fields.get(Label.UNTIL, "")
    own = (f"有效期{until}",) if until else (*lines[HEAD_LINES:][-TAIL_LINES:], *lines[:HEAD_LINES])
    return in_force, day_in(until) or holds_until(own, in_force)


def _ranking(issuer: str | None, history: Sequence[Enactment]) -> str | None:
    """Who gave an act its rank: what a ministry made known by order and the State Council assented to is the Council's."""
    assented = any(entry.is_assent and entry.body == "国务院" for entry in history)
    return "国务院" if assented else issuer


def _rule_number(number: str | None, history: Sequence[Enactment]) -> str | None:
    """The number, or that of an order where a government's meeting passed the rule and no number is named."""
    return number or ("令第" if any(entry.is_meeting for entry in history) else None)


def _full_order(number: str | None, issuer: str | None) -> str | None:
    """省政府令第12号 and 部令第12号 with the whole name of who gave it."""
    if number and issuer and (order := _SHORT_ORDER.match(number)) and issuer.endswith(order["rank"]):
        return issuer + number[number.index("令第") :]
    return number


def _number(
    fields: Mapping[Label, str], history: Sequence[Enactment], head: Sequence[str], titles: Sequence[str]
) -> str | None:
    labelled = number_in(fields.get(Label.NUMBER, ""))
    order = next((entry.order for entry in reversed(history) if entry.order), None)
    return labelled or order or find_number(head, titles)


def _region(issuer: str | None, about: str | None) -> str | None:
    """The region of the issuer, else of what the title is about; both are the same place where they lie in each other."""
    if issuer is None:
        return about
    if about and (branch := _BRANCH.search(issuer)) and branch["place"] in about:
        return about  # 望舒市公安局云澜分局 is of 云澜区
    region = regions_of(issuer)
    if region is not None:
        return region.label
    return region_of(issuer, "") or about


def _made_on(fields: Mapping[Label, str], history: Sequence[Enactment], lines: Sequence[str], stem: str) -> str | None:
    """成文日期, else the last day of a law's history, the signature, the day of publication, of the file's name."""
    of_file = _DAY_OF_FILE.search(stem)
    last = max((entry.day for entry in history), default=None)
    if last and of_file and _days_between(last, of_file[1]) > _MAX_DAYS_TO_PRINT:
        last = of_file[1]  # the history does not name the last change
    ends = (*lines[:_HEAD_BLOCKS], *lines[_HEAD_BLOCKS:][-_TAIL_BLOCKS:])
    return (
        day_in(fields.get(Label.WRITTEN, ""))
        or last
        or (of_file[1] if of_file else None)
        or signed_on(lines)
        or day_in(fields.get(Label.PUBLISHED, ""))
        or _date_of([line for line in ends if len(line) <= _MAX_DAY_LINE and not _ABOUT_FORCE.search(line)])
    )


def _days_between(first: str, second: str) -> int:
    return (date_of_text.fromisoformat(second) - date_of_text.fromisoformat(first)).days


def _first_made(date: str | None, history: Sequence[Enactment]) -> str | None:
    """The day from which a document holds that holds from its making; of a changed law not sure but for its order."""
    if len(history) < 2:
        return date
    orders = [entry.day for entry in history if entry.order]
    return orders[0] if orders else None


def _date_of(lines: Sequence[str]) -> str | None:
    """The day of the session that a report was read to, or else the first date."""
    sessions = [line for line in lines if _SESSION.search(line)]
    return next((found for line in (*sessions, *lines) if (found := day_in(line))), None)


__all__ = ["NATIONWIDE", "metadata"]
