"""Bytes → text: by the byte order mark, as UTF-8, or in the encoding in which the text looks most like Chinese.

Bytes in Big5 are often valid GB18030 and any bytes are nearly valid UTF-16, so that validity does not decide;
how common the characters are does. What a file declares counts for something and is verified.
"""

from __future__ import annotations

import codecs
import functools
import unicodedata

from kb.errors import RefusedError

# UTF-32 first: its mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Where two are as likely, the first is taken.
_ENCODINGS = ("utf-8", "gb18030", "big5hkscs", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
# The characters that reports, guides and pages use most, simplified and then traditional.
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多"
    "定行学法所民得经三之进等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其"
    "些然前外天政四日那社义事平形相全表间样与关各重新内数正心反你明看原又么利比或但质气第向道命此变条没结解问意建"
    "月公无系军情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统"
    "接知较将组见计手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导"
    "器压志世金增争济阶油思术极交受联什认六共权收证改清美再采转更单风切打白教速花带安场身车例真务具万每目至达走积"
    "示议声报完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众"
    "書這個國為時來們會發動說產種麼後經進電現實體當點從業應開還樣與關內數無軍情將組見計論運農幾區強決戰則處隊門規"
    "熱領東導壓爭濟階術極聯認權證轉單風場車務萬達積議聲報類離華確張馬節話況傳許廣記網資訊問題請您市府，。、：；！？（）《》“”「」"
)
_SAMPLE_SIZE = 65536  # bytes that are looked at; a multiple of four
# Of characters. A torn byte in a long page is no reason to refuse it; more than that is another encoding.
_MAX_UNREADABLE = 0.001
_MAX_CONTROL = 0.01
# Chosen on slices of 4 to 200 characters of Chinese reports and pages in each encoding.
_MIN_LIKENESS = -0.2
_MIN_LIKENESS_WITHOUT_MARK = 0.3  # of UTF-16 and UTF-32, which make characters of any bytes
_TRUST = 0.3  # in what the file declares, and in UTF-8


def decode(data: bytes, declared: str | None = None) -> str:
    """The text of `data`, without NULs and lone surrogates, line breaks as they are.

    `declared` is the encoding that the file names: one reason for it among others.
    Raises RefusedError for binary data and for bytes that are text in no known encoding.
    """
    text = _decode(data, declared).replace("\0", "")
    control = sum(1 for c in text if unicodedata.category(c) == "Cc" and c not in "\t\n\r\f\v\x1a")
    if control > _MAX_CONTROL * len(text):
        raise RefusedError("不是可读的格式（二进制数据），请另存为 docx、pdf、html、md 或 txt")
    return text


def _decode(data: bytes, declared: str | None) -> str:
    mark, encoding = next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), (b"", ""))
    data = data.removeprefix(mark)
    if mark and _is_readable(text := data.decode(encoding, errors="replace")):
        return text
    if b"\0" not in data:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            pass
    for encoding in _by_likeness(data[:_SAMPLE_SIZE], declared):
        text = data.decode(encoding, errors="replace")
        if _is_readable(text):
            return text
    raise RefusedError("文字编码不明，请用记事本另存为 UTF-8 编码，或另存为 docx")


def _is_readable(text: str) -> bool:
    return text.count("\ufffd") <= _MAX_UNREADABLE * len(text)


def _by_likeness(sample: bytes, declared: str | None) -> list[str]:
    """The encodings in which `sample` may be written, the likeliest first."""
    likeness: dict[str, float] = {}
    for encoding in _ENCODINGS:
        wide = encoding.startswith(("utf-16", "utf-32"))
        value = _likeness(sample.decode(encoding, errors="replace"))
        value += _TRUST if encoding in ("utf-8", declared) else 0
        if value >= (_MIN_LIKENESS_WITHOUT_MARK if wide else _MIN_LIKENESS) or encoding == "utf-8":
            likeness[encoding] = value
    return sorted(likeness, key=lambda encoding: -likeness[encoding])


def _likeness(text: str) -> float:
    """How much `text` looks like Chinese, -4 to 1: the mean over its characters, printable ASCII left out."""
    characters = [c for c in text if not (" " <= c <= "~" or c in "\t\n\r\f\v")]
    return sum(map(_commonness, characters)) / len(characters) if characters else 1.0


def _commonness(character: str) -> float:
    if character in _COMMON:
        return 1.0
    if character in _level_one():
        return 0.3
    if "\u3000" <= character <= "\u303f" or "\uff00" <= character <= "\uffef":
        return 0.3
    if "\u4e00" <= character <= "\u9fff":
        return -0.5
    if character == "\ufffd":
        return -4.0
    return -2.0 if unicodedata.category(character) in ("Cc", "Cn", "Co", "Cs") else -1.0


@functools.cache
def _level_one() -> frozenset[str]:
    """The characters in daily use: the first levels of GB 2312 and of Big5."""
    simplified = bytes(byte for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF) for byte in (high, low))
    low_bytes = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    traditional = bytes(byte for high in range(0xA4, 0xC6) for low in low_bytes for byte in (high, low))
    return frozenset(simplified.decode("gb2312", errors="ignore") + traditional.decode("big5"))
