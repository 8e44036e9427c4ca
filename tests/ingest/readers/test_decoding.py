"""Bytes → text: every encoding that Chinese offices and pages have, told apart without being named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers import read
from ingest.readers.text.decoding import decode
from kb.errors import RefusedError

SIMPLIFIED = "全年组织学法17次，比上年增加2次；办结行政复议案件102件。"
TRADITIONAL = "政府網站資訊公開說明會，民國113年度共辦理17場次。"


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "gb2312", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"],
)
def test_simplified(encoding: str) -> None:
    """A sentence from every encoding of simplified Chinese, with a byte order mark and without."""
    assert SIMPLIFIED == decode(SIMPLIFIED.encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "big5", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_traditional(encoding: str) -> None:
    """A sentence from every encoding of traditional Chinese."""
    assert TRADITIONAL == decode(TRADITIONAL.encode(encoding))


@pytest.mark.parametrize("text", ["資訊公開", "市政府公告", "申請書", "中央研究院"])
def test_short_big5(text: str) -> None:
    """Big5 of a few characters, though its bytes are GB18030 as well."""
    data = text.encode("big5")
    assert text == decode(data)
    assert text != data.decode("gb18030", errors="replace")


@pytest.mark.parametrize("text", ["公告", "政府信息公开", "个体工商户登记", "學法十七次"])
def test_short_gbk(text: str) -> None:
    """GBK of a few characters, traditional ones in simplified surroundings too."""
    assert text == decode(text.encode("gbk"))


def test_declared_wrongly() -> None:
    """What the text looks like goes before what the file declares."""
    assert SIMPLIFIED == decode(SIMPLIFIED.encode("gbk"), declared="big5hkscs")
    assert SIMPLIFIED == decode(SIMPLIFIED.encode("utf-8"), declared="gb18030")


def test_declared_decides() -> None:
    """Where characters are rare in either encoding, the declared one is taken."""
    rare = "鑫淼焱垚".encode("big5")
    assert "鑫淼焱垚" == decode(rare, declared="big5hkscs")


def test_false_mark() -> None:
    """A byte order mark of UTF-8 before GBK is a mistake and goes."""
    assert SIMPLIFIED in decode(b"\xef\xbb\xbf" + SIMPLIFIED.encode("gbk"))


def test_ascii_in_utf16_without_mark() -> None:
    """Latin text in UTF-16 without a mark."""
    assert "Report 2024" == decode("Report 2024".encode("utf-16-le"))


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("Годовой отчёт о работе правительства", "cp1251"), ("これは年度の報告です。", "shift_jis")],
    ids=["russian", "japanese"],
)
def test_other_languages(text: str, encoding: str) -> None:
    """A refusal, not wrong characters, for encodings that are not known."""
    with pytest.raises(RefusedError, match="编码不明"):
        decode(text.encode(encoding) * 5)


@pytest.mark.parametrize("charset", ["gb2312", "utf-8", "big5", "no-such-name"])
def test_page_with_any_charset(charset: str) -> None:
    """A page in GBK is read whatever it says of itself."""
    page = f'<html><head><meta charset="{charset}"><title>年报</title></head><body><p>{SIMPLIFIED}</p></body></html>'
    assert SIMPLIFIED in [block.text for block in read(page.encode("gbk"), "a.html")]


@given(st.text(alphabet="政府工作报告法治建设年度总结二三，。：17 \n", min_size=4, max_size=60))
def test_gb18030_comes_back(text: str) -> None:
    """Any text of common characters comes back from GB18030; 一 or 十 alone would be a letter of UTF-8 that is not Chinese."""
    assert text == decode(text.encode("gb18030"))
