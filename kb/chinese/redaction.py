"""A text → the same text without personal data: numbers of identity, telephones, bank cards, plates, and e-mail.

Years, amounts, document numbers and hotlines are what questions here are about, so a run of digits is masked only where
its form, its check digit and its neighbours say that it belongs to a person. Where that is open, words near it decide:
我的手机 before eleven digits, 元 behind them.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from kb.chinese.figures import UNITS

_FULL = "０１２３４５６７８９（）－—–＠．＋　Ｘｘ"
_TO_HALF = str.maketrans(_FULL, "0123456789()---@.+ Xx")  # one for one: spans stay

_FREE_DIGITS = r"(?<![\d.,/〔\[-])(?<![A-Za-z])"  # nothing before that a longer number or a code would have
_CLOSED = r"(?![A-Za-z\d])(?!\.\d)(?!,\d{3})"
_UNIT = re.compile(rf"\s*(?:[多余]?[十百千万亿]|%|％|‰|人民币|{UNITS})")
_LABEL = re.compile(r"【(?:证件号|手机号|座机号|卡号|邮箱|车牌号)】")
_NUM_NEAR = 12  # characters before a number in which a word says what it is

_IDENTITY_WORD = re.compile(r"身份证|证件号|居民证|户口")
_PHONE_WORD = re.compile(r"电话|手机|座机|固话|号码|联系方式|联系我|微信|短信|拨打|致电|来电|传真")
_CARD_WORD = re.compile(r"银行卡|卡号|账号|帐号|账户|帐户|存折|社保卡|信用卡|借记卡")
_AMOUNT_WORD = re.compile(
    r"(?:投资|资金|金额|总额|总值|产值|收入|支出|预算|决算|价格|价值|成本|[¥￥$]|达到?|超过?|约|计|近)\s*$"
)
_NUMBERED = re.compile(r"(?:[〔\[(（【]\d{4}[〕\])）】]|第|文号|编号|案号|代码|项目号)\D{0,3}$")
_PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82".split()
)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"  # by the remainder by 11 [GB 11643]
_ROUND = re.compile(r"0{6}$")


@dataclass(frozen=True, slots=True)
class _Found:
    """Where something that may be personal stands, with the words around it, in half width."""

    text: str  # without the spaces and strokes within it
    before: str
    behind: str

    def says(self, word: re.Pattern[str]) -> bool:
        """Whether a word near before it says what it is."""
        return bool(word.search(self.before[-_NUM_NEAR:]))

    @property
    def is_amount(self) -> bool:
        return bool(_UNIT.match(self.behind) or _AMOUNT_WORD.search(self.before) or _ROUND.search(self.text))

    @property
    def is_numbered(self) -> bool:
        """Whether it is the number of a document, a case or a project."""
        return bool(_NUMBERED.search(self.before))


def _is_identity(found: _Found) -> bool:
    number = found.text.upper()
    if number[:2] not in _PROVINCES or not _is_day(number[6:14]):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _ID_WEIGHTS, strict=False))
    return number[17] == _ID_CHECKS[total % 11] or found.says(_IDENTITY_WORD)


def _is_old_identity(found: _Found) -> bool:
    number = found.text
    is_one = number[:2] in _PROVINCES and _is_day("19" + number[6:12])
    return is_one and not (found.is_amount or found.is_numbered)


def _is_mobile(found: _Found) -> bool:
    return found.says(_PHONE_WORD) or not (found.is_amount or found.is_numbered)


def _is_local_phone(found: _Found) -> bool:
    return not _UNIT.match(found.behind)


def _is_card(found: _Found) -> bool:
    if found.says(_CARD_WORD):
        return True
    if found.is_amount or found.is_numbered or found.text[0] not in "34569":
        return False
    digits = [int(digit) for digit in reversed(found.text)]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _is_plate(found: _Found) -> bool:
    return any(character.isdigit() for character in found.text[2:]) and not _UNIT.match(found.behind)


def _always(found: _Found) -> bool:
    return True


def _is_day(digits: str) -> bool:
    """Whether YYYYMMDD is a day on which someone alive or dead may have been born."""
    try:
        day = datetime.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return day.year >= 1880


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of personal data: what stands in its place, its form in half width, and what else must hold."""

    label: str
    form: re.Pattern[str]
    holds: Callable[[_Found], bool]


_KINDS = (
    _Kind("邮箱", re.compile(r"(?<![\w.+-])[A-Za-z0-9][\w.+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", re.ASCII), _always),
    _Kind(
        "证件号",
        re.compile(rf"{_FREE_DIGITS}[1-8]\d{{5}}[ -]?(?:1[89]|20)\d{{2}}[ -]?\d{{4}}[ -]?\d{{3}}[\dXx]{_CLOSED}"),
        _is_identity,
    ),
    _Kind("证件号", re.compile(rf"{_FREE_DIGITS}[1-8]\d{{14}}{_CLOSED}"), _is_old_identity),
    _Kind(
        "手机号",
        re.compile(rf"(?:{_FREE_DIGITS}|(?<=\())(?:\(?\+?86\)?[ -]?)?1[3-9]\d[ -]?\d{{4}}[ -]?\d{{4}}{_CLOSED}"),
        _is_mobile,
    ),
    _Kind(
        "座机号",
        re.compile(
            rf"{_FREE_DIGITS}(?:\((?:\+?86[ -]?)?0(?:10|2\d|[3-9]\d{{2}})\)|(?:\+?86[ -]?)?0(?:10|2\d|[3-9]\d{{2}}))"
            rf"[ -]{{0,2}}[2-8]\d{{6,7}}(?:(?:-|转)\d{{1,6}})?{_CLOSED}"
        ),
        _always,
    ),
    _Kind("座机号", re.compile(rf"(?<=[话机码真])[是为:：\s]{{0,3}}[2-8]\d{{6,7}}{_CLOSED}"), _is_local_phone),
    _Kind(
        "卡号", re.compile(rf"{_FREE_DIGITS}\d{{4}}(?:[ -]?\d{{4}}){{2}}(?:[ -]?\d{{1,4}}){{1,2}}{_CLOSED}"), _is_card
    ),
    _Kind(
        "车牌号",
        re.compile(
            r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·•.\s-]?"
            r"(?:[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳]|[A-HJ-NP-Z0-9]{6})(?![A-Za-z0-9])"
        ),
        _is_plate,
    ),
)
_SEPARATORS = re.compile(r"[ ()+-]")


def masked(text: str, *, public: Collection[str] = ()) -> str:
    """`text` with a label such as 【手机号】 in the place of each piece of personal data.

    What stands in one of the texts `public` is no secret and stays: the telephone of an office that a document gives.
    """
    half = text.translate(_TO_HALF)
    for kind in _KINDS:
        pieces, end = [], 0
        for match in kind.form.finditer(half):
            start, words = match.start(), match.group()
            lead = len(words) - len(words.lstrip("是为:： "))
            found = _Found(
                text=_SEPARATORS.sub("", words[lead:]),
                before=_LABEL.sub("", half[:start]),
                behind=half[match.end() :],
            )
            if kind.holds(found) and not any(text[start + lead : match.end()] in known for known in public):
                pieces += [text[end : start + lead], f"【{kind.label}】"]
                end = match.end()
        if pieces:
            text = "".join([*pieces, text[end:]])
            half = text.translate(_TO_HALF)
    return text
