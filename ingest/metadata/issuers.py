"""Who issued a document: the body, not the place; several bodies are joined by 、. What is not sure is left empty.

Of reports and guides: file name, label, title, signature, speech, site. Of everything else: the label of the organ, the title
(X关于…的通知), the history of a law, the order, the signature, the sign of its number, the label of the page, the imprint.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from ingest.metadata.bodies import Body, body_at, is_organ, of_place, whole_body
from ingest.metadata.dates import DAY, day_in
from ingest.metadata.history import Enactment
from ingest.metadata.labels import Label
from ingest.metadata.speakers import places_of_sessions, speaks_for
from kb.chinese.lexicon import read_lexicon
from kb.chinese.regions import NATION, Region
from kb.chinese.text import fold, without_spaces
from kb.types import Block, BlockKind

_LEXICON = read_lexicon(__name__)
_OPENING, _PRINTED = _LEXICON["opening"], _LEXICON["printed"]
_GOVERNMENT, _STATE = _LEXICON["government"], _LEXICON["state"]
_LABELLED = re.compile(
    r"(?:发布机构|发文机关|发布单位|制发机关|编制单位|实施主体|来源单位)\s*[:：]\s*(?P<issuer>[^\s，。；:：|｜]{2,30})"
)
# Who runs the site: often the issuer, sometimes the office above it.
_SITE_OF = re.compile(r"主办(?:单位)?\s*[:：]\s*(?P<issuer>[^\s，。；:：|｜]{2,30})")
_HEADS = ("实施主体", "实施机关", "发布机构")
_OWNER, _ADOPTED = _LEXICON["owner"], _LEXICON["adopted"]
_WORK_REPORT = re.compile(r"(?:人民)?政府工作报告")
_DATED = re.compile(r"(?:19|20)\d{2}\s*[年.\-/]|[二一][〇○零九][〇○零一二三四五六七八九]{2}年")
_DAY_LINE = re.compile(rf"^[（(]?\s*{DAY}\s*[）)]?$")
_DAY_AT_END = re.compile(rf"\s*{DAY}\s*$")
_HEAD_BLOCKS = 12
_TAIL_BLOCKS = 6
_MAX_LINE = 30
_MAX_DATE_LINE = 24
_ORDER_LINES = 20  # of the text of an order
_MAX_SIGNED = 6  # bodies that sign together


def issuer_in_name(parts: Sequence[str]) -> str | None:
    """The issuer that stands between the underscores of a file name; here a place may stand for its government."""
    return next((part for part in parts if _is_issuer(part)), None)


def report_issuer(blocks: Sequence[Block], title: str) -> str | None:
    """Who issued a report or a guide, from its text."""
    ends = [block.text for block in (*blocks[:_HEAD_BLOCKS], *blocks[_HEAD_BLOCKS:][-_TAIL_BLOCKS:])]
    of_title = _in_title(title)
    for line in ends:
        if match := _LABELLED.match(line):
            return _whole(match["issuer"], ends, title)
    for heading, block in pairwise(blocks[:_HEAD_BLOCKS]):
        if heading.kind is BlockKind.HEADING and heading.text in _HEADS:
            return block.text if len(block.text) <= _MAX_LINE else None
    if of_title and of_title.organ:
        return of_title.name
    if found := _signature_of_report(ends) or _whole(speaks_for(blocks), ends, title):
        return found
    for line in ends:
        match = _SITE_OF.match(line)
        site = body_at(match["issuer"]) if match else None
        if match and site and (of_title is None or of_title.place in site.place):
            return match["issuer"]
    return of_title.name if of_title else None


def policy_issuer(
    titles: Iterable[str],
    lines: Sequence[str],
    fields: Mapping[Label, str],
    history: Sequence[Enactment],
    number: str | None,
    place: str | None,
    *,
    explains: bool,
) -> str | None:
    """Who issued what is no report: `titles` as they stand, `place` what its title or file name is about.

    Who explains something on his own site, or has a page that `explains` taken from it, is its issuer; of acts that is not sure.
    """
    order = number.split("令第")[0] if number and "令第" in number else None
    return (
        _bodies(fields.get(Label.ORGAN, ""), place)
        or next(filter(None, map(_before_matter, titles)), None)
        or next((entry.body for entry in reversed(history) if entry.body and not entry.is_assent), None)
        or (_bodies(order, place) if order else None)
        or _adopted(lines, place)
        or _signature(lines, place)
        or _by_number(number, place)
        or _bodies(fields.get(Label.PUBLISHER, ""), place)
        or _imprint(lines)
        or (_of_page(titles, lines, fields, place) if explains else None)
    )


def _adopted(lines: Sequence[str], place: str | None) -> str | None:
    """The body whose meeting passed what an order makes known."""
    for line in lines[:_ORDER_LINES]:
        if match := _ADOPTED.search(line):
            return _bodies(match["by"], place) or _bodies(match["by"] + match["rank"], place)
    return None


def _of_page(titles: Iterable[str], lines: Sequence[str], fields: Mapping[Label, str], place: str | None) -> str | None:
    """The body that a page has its text from, or whose site it stands on: who explains something there explains his own."""
    site = (title for title in titles if whole_body(title))
    owner = (match["before"] or match["behind"] for line in reversed(lines) if (match := _OWNER.search(line)))
    candidates = (fields.get(Label.SOURCE, "").split(" ")[0], *site, *owner)
    return next((found for text in candidates if (found := _bodies(text, place))), None)


def region_of(issuer: str | None, title: str) -> str | None:
    """The place in an issuer's name or at the start of a report's title; 全国 for bodies of the nation."""
    body = (body_at(issuer) if issuer else None) or _in_title(title)
    if body is None and issuer and (found := re.fullmatch(r"[一-鿿]{2,}[省市区县州旗盟]", issuer)):
        return found.group()  # a place stands for its government
    return body.place if body else None


def regions_of(issuer: str) -> Region | None:
    """The region of the gazetteer that the first of the issuers is of."""
    body = body_at(issuer.split("、")[0])
    return body.region if body else None


def _in_title(title: str) -> Body | None:
    """The body or place at the start of a title; of 上海市政府工作报告 it is 上海市, for 政府 is the report's."""
    title = re.sub(r"(?:19|20)\d{2}\s*年度?", "", title)
    body = body_at(title)
    if body and _WORK_REPORT.match(title, len(body.name) - len(body.organ)):
        return Body(name=body.place, place=body.place, organ="", region=body.region)
    return body


def _is_issuer(text: str) -> bool:
    body = body_at(text)
    if body and body.name == text:
        return True
    return bool(whole_body(text)) or bool(re.fullmatch(r"[一-鿿]{2,5}[省市区县旗]|[一-鿿]{2,12}自治[区州县旗]", text))


def _signature_of_report(lines: Sequence[str]) -> str | None:
    """An issuer on a line of its own beside a date."""
    for first, second in pairwise(lines):
        for line, other in ((first, second), (second, first)):
            text = without_spaces(line)
            is_signed = len(other) <= _MAX_DATE_LINE and _DATED.match(fold(other).lstrip("（( "))
            if is_signed and len(text) <= _MAX_LINE and whole_body(text):
                return text
    return None


def _whole(organ: str | None, lines: Sequence[str], title: str) -> str | None:
    """省人民政府 with its province, from the session, the speaker's office or the title; None where none fits."""
    if organ is None or _is_issuer(organ):
        return organ
    if of_place(organ, None) == organ:
        return None
    return next(filter(None, (of_place(organ, place) for place in places_of_sessions(lines, title))), None)


def _before_matter(title: str) -> str | None:
    """The bodies before 关于, 印发 or 转发 at the head of a title."""
    match = _OPENING.search(title)
    name = without_spaces(title[: match.end()]) if match and match.start() else ""
    parts = [body for part in re.split(r"[、，,]", name) if part for body in _one_by_one(part)]
    return "、".join(parts) if parts and all(map(whole_body, parts)) else None


def _one_by_one(name: str) -> list[str]:
    """中共望舒市委望舒市人民政府 as two bodies, where one begins where the other ends."""
    found, rest = [], name
    while rest and (body := body_at(rest)) and body.organ:
        found.append(body.name)
        rest = rest[len(body.name) :]
    return found if len(found) > 1 and not rest else [name]


def _bodies(text: str, place: str | None) -> str | None:
    """The bodies that `text` names and nothing else, joined by 、; None where a part of it is no body."""
    names = [_body(part, place) for part in re.split(r"[、，,；;\s]+", text.strip()) if part]
    return "、".join(name for name in names if name) if names and all(names) else None


def _body(text: str, place: str | None) -> str | None:
    text = re.sub(r"[（(](?:代章|盖章|章|印)[）)]$", "", text)
    if whole_body(text):
        return text.removeprefix("中华人民共和国")
    return of_place(text, place) if is_organ(text) else None


def _signature(lines: Sequence[str], place: str | None) -> str | None:
    """The bodies on the lines before the first line that is a day, or on the same line."""
    for position, line in enumerate(lines):
        if _DAY_LINE.match(line):
            signed = list(_signed_before(lines, position, place))
            if signed:
                return "、".join(reversed(signed))
        elif found := _bodies(_before_day(line), place):
            return found
    return None


def signed_on(lines: Sequence[str]) -> str | None:
    """The day of the first signature, of an imprint where there is none, or the first line that is a day."""
    alone = None
    for position, line in enumerate(lines):
        if _DAY_LINE.match(line):
            alone = alone or day_in(line)
            if any(_signed_before(lines, position, None)) or is_organ(without_spaces(lines[position - 1])):
                return day_in(line)
        elif (body := _before_day(line)) and (_bodies(body, None) or is_organ(body)):
            return day_in(line[len(body) :])
    printed = ((line, _PRINTED.search(line)) for line in reversed(lines) if len(line) <= 2 * _MAX_LINE)
    return alone or next((day_in(line[match.end() :]) for line, match in printed if match), None)


def _before_day(line: str) -> str:
    """What stands before a day at the end of a short line."""
    match = _DAY_AT_END.search(line) if len(line) <= 2 * _MAX_LINE else None
    return without_spaces(line[: match.start()]) if match else ""


def _signed_before(lines: Sequence[str], position: int, place: str | None) -> Iterator[str]:
    for line in reversed(lines[max(0, position - _MAX_SIGNED) : position]):
        name = _bodies(line, place) or _bodies(without_spaces(line), place)
        if name is None or len(line) > 2 * _MAX_LINE:
            return
        yield name


def _by_number(number: str | None, place: str | None) -> str | None:
    """国办发 is of the General Office of the State Council, 云府 of the government of a place whose name has 云 in it."""
    sign = number.split("〔")[0] if number and "〔" in number else ""
    if match := _STATE.match(sign):
        return "国务院办公厅" if match["office"] else "国务院"
    match = _GOVERNMENT.match(sign)
    if match and place and match["place"] in place:
        office = ("办公厅" if place.endswith(("省", "自治区")) else "办公室") if match["office"] else ""
        return f"{place}人民政府{office}"
    return None


def _imprint(lines: Sequence[str]) -> str | None:
    """The body whose office had the document printed, at its end."""
    for line in reversed(lines):
        if len(line) <= 2 * _MAX_LINE and (match := _PRINTED.search(line)):
            name = without_spaces(line[: match.start()])
            body = whole_body(name)
            if body:
                return re.sub(r"(?<=[局委厅])(?:办公室)$", "", name)
    return None


NATIONWIDE = NATION.name
