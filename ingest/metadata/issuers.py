"""Who issued a document: by file name, label, title, signature or speech, the surest first.

“我代表省人民政府” names no province: the session or the speaker's office does, or the issuer stays empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from kb.chinese.text import fold, without_spaces
from kb.types import Block, BlockKind

_ORGAN = (
    "人民政府办公厅|人民政府办公室|人民政府|人民法院|人民检察院|常务委员会|常委会|办公厅|办公室|委员会|管委会|政府|"
    "总局|局|厅|委|办|部|院|署|处|中心|街道|镇|乡"
)
# 贵州省 and 广州市 do not end at 州, 上海市场监管 is no place, and neither is 市级.
_REGION = (
    r"(?:[一-鿿]{2,12}?(?:自治区|自治州|自治县|自治旗)"
    r"|(?!自治)(?:[一-鿿]{2,5}?(?:特别行政区|新区|地区|省|市|区|县|旗|州(?![省市])|盟)|[一-鿿]县)(?![场长级域块直属]|政策|民生))"
)
_ISSUER = re.compile(
    rf"(?:中共|中国共产党)?(?:国务院(?:办公厅)?|(?P<region>(?:{_REGION})+)(?P<organ>[一-鿿]{{0,14}}?(?:{_ORGAN}))?)"
)
# What ends like a place and is none: 推进城市, 工业园区, 超大城市, 全县.
_NO_PLACE = re.compile(
    r"推进|优化|加强|促进|规范|关于|实施|建设|管理|推动|深化|加快|提升|完善|支持|鼓励|保障|改进|严格|落实|开展|进一步|做好|服务|"
    r"营商|城乡|社区|小区|灾区|景区|校区|库区|[全本我各该][省市区县旗州]|"
    r"^(?:经济|技术|高新|产业|工业|科技|国家级?|综合|自由|贸易|自贸|先行|农业|生态)*(?:开发|示范|试验|保税|保护|功能|合作|自贸|园)区|"
    r"^(?:超大|特大|智慧|海绵|文明|卫生|中心|重点|宜居|韧性|试点|大中?|中小)城市|"
    r"^(?:农村|民族|边远|边境|沿海|贫困|偏远|西部|东部|中部|周边|牧|山)地区"
)
_LABELLED = re.compile(
    r"(?:发布机构|发文机关|发布单位|制发机关|编制单位|实施主体|来源单位)\s*[:：]\s*(?P<issuer>[^\s，。；:：|｜]{2,30})"
)
# Who runs the site: often the issuer, sometimes the office above it.
_SITE_OF = re.compile(r"主办(?:单位)?\s*[:：]\s*(?P<issuer>[^\s，。；:：|｜]{2,30})")
_LABELS = ("实施主体", "实施机关", "发布机构")
_SPEECH = re.compile(
    r"我(?:受[一-鿿]{2,20}委托[，,]?)?代表(?P<organ>国务院|[一-鿿]{0,18}?(?:人民政府|政府|常务委员会|常委会|人民法院|人民检察院))[，,]?向"
)
_SESSION = re.compile(rf"(?P<region>(?:{_REGION})+)第?[一二三四五六七八九十百\d]+届")
_SPEAKER = re.compile(
    rf"(?P<region>(?:{_REGION})+)(?:人民政府)?(?:代|副|常务副)?(?:省长|市长|区长|县长|旗长|州长|盟长|主席|(?=[省市区县]长))"
)
_RELATIVE = re.compile(r"(?P<rank>自治区|自治州|自治县|新区|[省市区县旗州盟])(?P<organ>[一-鿿]{2,})")
_DATE = re.compile(r"(?:19|20)\d{2}\s*[年.\-/]|[二一][〇○零九][〇○零一二三四五六七八九]{2}年")
_HEAD_BLOCKS = 12
_TAIL_BLOCKS = 6
_SPEECH_BLOCKS = 24
_MAX_SPEECH = 200  # characters in which a speaker says for whom
_MAX_LINE = 30
_MAX_DATE_LINE = 24


def issuer_in_name(parts: Sequence[str]) -> str | None:
    """The issuer that stands between the underscores of a file name."""
    return next((part for part in parts if _is_issuer(part)), None)


def find_issuer(blocks: Sequence[Block], title: str) -> str | None:
    """Who issued the document, from its text; None where it is not sure."""
    ends = _ends(blocks)
    of_title = _named(title)
    for line in ends:
        if match := _LABELLED.match(line):
            return _whole(match["issuer"], ends, title)
    for heading, block in pairwise(blocks[:_HEAD_BLOCKS]):
        if heading.kind is BlockKind.HEADING and heading.text in _LABELS:
            return block.text if len(block.text) <= _MAX_LINE else None
    if of_title and (of_title["organ"] or not of_title["region"]):
        return of_title.group()
    found = _signature(ends) or _whole(speaks_for(blocks), ends, title)
    if found:
        return found
    for line in ends:
        match = _SITE_OF.match(line)
        site = _named(match["issuer"]) if match else None
        if site and (of_title is None or of_title["region"] in site.group()):
            return site.string
    return of_title.group() if of_title else None


def speaks_for(blocks: Sequence[Block]) -> str | None:
    """For whom the speaker of a report speaks: 国务院, 某市人民政府, or only 省人民政府."""
    for block in blocks[:_SPEECH_BLOCKS]:
        if match := _SPEECH.search(without_spaces(block.text[:_MAX_SPEECH])):
            organ = re.sub(r"第?[一二三四五六七八九十\d]+届|本届", "", match["organ"])
            return re.sub(r"(?<!人民)政府$", "人民政府", organ)
    return None


def region_of(text: str | None) -> str | None:
    """The region in an issuer's name or at the start of a title; 全国 for the State Council."""
    match = _named(text) if text else None
    if match is None:
        return None
    return match["region"] or "全国"


def _ends(blocks: Sequence[Block]) -> list[str]:
    return [block.text for block in (*blocks[:_HEAD_BLOCKS], *blocks[_HEAD_BLOCKS:][-_TAIL_BLOCKS:])]


def _named(text: str) -> re.Match[str] | None:
    """The issuer or region at the start of `text`; of 上海市政府工作报告 it is 上海市, for 政府 is the report's."""
    text = re.sub(r"(?:19|20)\d{2}\s*年度?", "", text)
    text = re.sub(r"(?:人民)?政府工作报告.*", "", text)
    match = _ISSUER.match(text)
    return None if match is None or _NO_PLACE.search(match["region"] or "") else match


def _is_issuer(text: str) -> bool:
    match = _ISSUER.fullmatch(text)
    return match is not None and not _NO_PLACE.search(match["region"] or "")


def _signature(lines: Sequence[str]) -> str | None:
    """An issuer on a line of its own beside a date."""
    for first, second in pairwise(lines):
        for line, other in ((first, second), (second, first)):
            text = without_spaces(line)
            is_signed = len(other) <= _MAX_DATE_LINE and _DATE.match(fold(other).lstrip("（( "))
            match = _ISSUER.fullmatch(text) if is_signed and len(text) <= _MAX_LINE else None
            if match and (match["organ"] or not match["region"]) and not _NO_PLACE.search(match["region"] or ""):
                return text
    return None


def _whole(organ: str | None, lines: Sequence[str], title: str) -> str | None:
    """省人民政府 with its province, from the session, the speaker's office or the title; None where none fits."""
    if organ is None or _is_issuer(organ):
        return organ
    match = _RELATIVE.fullmatch(organ)
    if match is None:
        return None
    for region in _regions(lines, title):
        if region.endswith(match["rank"]):
            return region + match["organ"]
    return None


def _regions(lines: Sequence[str], title: str) -> Iterator[str]:
    for pattern in (_SESSION, _SPEAKER):
        for line in lines:
            # The region is what follows “在” or a dash, or what the line begins with.
            for piece in re.split(r"\d日|在|[—－―\-（(\s]", line):
                if (found := pattern.match(piece)) and not _NO_PLACE.search(found["region"]):
                    yield found["region"]
    if (named := _named(title)) and named["region"]:
        yield named["region"]
