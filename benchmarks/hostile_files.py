"""Files that nobody should have to read: broken, mislabelled, bombs, and names that are markup or orders.

All are made by code from one seed; nothing is stored. `hostile_files` gives them one after another.
"""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import cache

from tests.ingest.readers.test_ofd import layer, make_ofd, text
from tests.ingest.readers.test_office import make_docx, make_pptx
from tests.ingest.readers.test_readers import make_pdf, write
from tests.ingest.readers.test_sheets import compound, make_xls, make_xlsx, table

SENTENCE = "全年组织学法活动17次，评查案卷100卷。"
_MANY = "".join(f"第{i}次会议研究了法治政府建设工作，{SENTENCE}\n" for i in range(40))

File = tuple[str, bytes]


def hostile_files(count: int, seed: int, *, size: int = 1_000_000) -> Iterator[File]:
    """`count` files or more: all that have a theme, then sound ones damaged at random until there are enough.

    size: of what is made too large: tags within one another, characters of a line, rows.
    """
    chance = random.Random(seed)
    made = 0
    for theme in (_texts, _markup, _zips, _office, _pdfs, _images, _mislabelled, _names):
        for name, data in theme(size):
            yield name, data
            made += 1
    kinds = list(sound_files().items())
    number = 0
    while made < count or number < len(kinds):
        suffix, data = kinds[number % len(kinds)]
        damage, damaged = _DAMAGES[number // len(kinds) % len(_DAMAGES)](data, chance)
        yield f"{damage}-{number}.{suffix}", damaged
        number += 1
        made += 1


@cache
def sound_files() -> Mapping[str, bytes]:
    """One sound file of every format that is read, by suffix."""
    return {
        "txt": _MANY.encode(),
        "md": ("# 报告\n\n## 一、情况\n\n" + _MANY + "\n| 指标 | 次 |\n|---|---|\n| 学法 | 17 |\n").encode(),
        "csv": ("指标,2023年,2024年\n" + "学法次数,15,17\n" * 40).encode("gb18030"),
        "html": f"<html><head><title>报告</title></head><body><p>{_MANY}</p><table><tr><td>学法</td><td>17</td></tr>"
        "</table></body></html>".encode(),
        "docx": make_docx(),
        "xlsx": make_xlsx({"表": table([["指标", "件数"], *([f"事项{i}", i] for i in range(50))])}),
        "xls": make_xls([(i, j, i * j, 0) for i in range(20) for j in range(3)], ["0"]),
        "pptx": make_pptx(),
        "doc": compound({"WordDocument": b"\xec\xa5\xc1\x00" + bytes(4000), "1Table": bytes(4096)}),
        "rtf": rb"{\rtf1\ansi\ansicpg936 \'d5\'fe\'b8\'ae\'b9\'a4\'d7\'f7\'b1\'a8\'b8\'e6\par}",
        "odt": _zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": _ODT % b""}),
        "pdf": make_pdf([write(f"Report page {i} has figures 17 and 100", 40, 300) for i in range(5)]),
        "png": _png(60, 40),
        "tif": _tiff(1, 60, 40),
        "jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + bytes(300) + b"\xff\xd9",
        "ofd": make_ofd([text(SENTENCE, 30, 40 + 10 * i) for i in range(3)]),
        "zip": _zipped({"甲/a.txt": _MANY.encode(), "乙.md": b"# b\n\nc\n"}),
    }


# Damages of a sound file.


def _cut(data: bytes, chance: random.Random) -> File:
    return "cut", data[: chance.randrange(1, len(data))]


def _flipped(data: bytes, chance: random.Random) -> File:
    damaged = bytearray(data)
    for _ in range(max(3, len(data) // 500)):
        damaged[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return "flipped", bytes(damaged)


def _header_only(data: bytes, chance: random.Random) -> File:
    return "header", data[:8] + chance.randbytes(chance.randrange(0, 3000))


def _head_flipped(data: bytes, chance: random.Random) -> File:
    damaged = bytearray(data)
    for _ in range(6):
        damaged[chance.randrange(4, min(200, len(data)))] = chance.randrange(256)
    return "head", bytes(damaged)


def _hollow(data: bytes, chance: random.Random) -> File:
    start = chance.randrange(8, max(9, len(data) // 2))
    length = chance.randrange(1, max(2, len(data) // 2))
    return "hollow", data[:start] + bytes(length) + data[start + length :]


def _numbers_huge(data: bytes, chance: random.Random) -> File:
    """Four bytes somewhere are all ones: a length or an offset that leads nowhere."""
    damaged = bytearray(data)
    for _ in range(8):
        start = chance.randrange(4, max(5, len(data) - 4))
        damaged[start : start + 4] = b"\xff\xff\xff\x7f"
    return "huge", bytes(damaged)


def _shuffled(data: bytes, chance: random.Random) -> File:
    pieces = [data[i : i + 256] for i in range(0, len(data), 256)]
    rest = pieces[1:]
    chance.shuffle(rest)
    return "shuffled", b"".join([*pieces[:1], *rest])


def _with_junk(data: bytes, chance: random.Random) -> File:
    return "junk", data + chance.randbytes(5000)


def _twice(data: bytes, chance: random.Random) -> File:
    return "twice", data + data + bytes([chance.randrange(256)])


_DAMAGES: tuple[Callable[[bytes, random.Random], File], ...] = (
    _cut, _flipped, _header_only, _head_flipped, _hollow, _numbers_huge, _shuffled, _with_junk, _twice, _cut, _flipped,
)  # fmt: skip


# Themes: what is wrong on purpose.


def _texts(size: int) -> Iterator[File]:
    yield "empty.txt", b""
    yield "blank.txt", b" \r\n\t\0" * 100
    yield "nuls.txt", SENTENCE.encode() + bytes(size) + b"\n" + SENTENCE.encode()
    yield "nul-between.txt", "\0".join(SENTENCE).encode()
    yield "one-line.txt", ("学法" * (size // 2)).encode()
    yield "one-line-of-sentences.txt", (SENTENCE * (size // 20)).encode()
    yield "one-latin-word.txt", b"a" * size
    yield "one-line.md", ("**" * (size // 20)).encode()
    yield "brackets.md", b"[" * (size // 20) + b"](" * 100
    yield "backticks.md", b"`" * (size // 20) + b"a"
    yield "hashes.md", b"#" * size + b" a"
    yield "quotes.md", b"> " * (size // 20) + "学法".encode()
    yield "comment.md", b"<!--" * (size // 20) + "学法".encode()
    yield "underlines.md", b"_" * (size // 20) + b"a_" * 1000
    yield "pipes.md", b"|" * (size // 20) + b"\n" + b"|-" * (size // 20) + b"|\n|a|\n"
    yield "opening-marks.txt", ("（" * (size // 20) + "《" * (size // 20) + "学法").encode()
    yield "numbers.txt", ("一、" * (size // 20) + "\n" + "1." * (size // 20) + "\n" + "（一）" * 1000).encode()
    yield "headings.txt", "".join(f"{i % 90}.标题{i}\n" for i in range(size // 50)).encode()
    yield "spaces.txt", ("学" + " " * size + "法。").encode()
    yield "line-breaks.txt", b"\n" * size + SENTENCE.encode()
    yield "digits.txt", b"1" * (size // 10) + "年".encode() + b"2024-01-" * 1000
    yield "right-to-left.txt", ("\u202e" + SENTENCE + "\u202d\u2066\u2069\u200f" + SENTENCE + "2").encode()
    yield "zero-widths.txt", ("\u200b\u200d\ufeff".join(SENTENCE) + "\u200b" * 1000).encode()
    yield "controls.txt", (SENTENCE * 20 + "\x07\x08\x1b[31m\x7f").encode()
    yield "controls-many.txt", bytes(range(1, 32)) * 100
    yield "combining.txt", ("学" + "\u0301" * 10_000 + "法。").encode()
    yield "surrogates.txt", (SENTENCE + "\ud800\udfff" + SENTENCE).encode("utf-8", "surrogatepass")
    yield "surrogate-utf16.txt", b"\xff\xfe" + SENTENCE.encode("utf-16-le") + b"\x00\xd8" * 3
    yield "not-characters.txt", (SENTENCE + "\ufffe\uffff\U0010ffff\ue000").encode()
    yield "overlong.txt", SENTENCE.encode() + b"\xc0\xaf\xe0\x80\xaf\xf8\x88\x80\x80\x80" * 3
    yield "all-bytes.txt", bytes(range(256)) * 40
    yield "half-a-character.txt", (SENTENCE * 30).encode()[:-1]
    yield "mixed-encodings.txt", SENTENCE.encode() * 20 + SENTENCE.encode("gb18030") * 20
    yield "utf-7.txt", "+U2VsbA- 学法".encode("utf-7")
    yield "utf-16-no-mark.txt", _MANY.encode("utf-16-le")
    yield "utf-32.txt", _MANY.encode("utf-32")
    yield "marks-of-order.txt", b"\xef\xbb\xbf" * 500 + SENTENCE.encode()
    yield "ebcdic.txt", ("REPORT OF THE YEAR 2024 " * 50).encode("cp037")
    yield (
        "injection.txt",
        b"<script>alert(1)</script>'; DROP TABLE documents; -- ${7*7} {{7*7}} %s %n [1](javascript:a)",
    )
    yield "many-columns.csv", b"," * size + b"\n" + b"," * size
    yield "many-rows.csv", b"a,b,c\n" * (size // 10)
    yield "open-quote.csv", b'a,b,c\n"' + "学法,1\n".encode() * (size // 100)
    yield "long-field.csv", b"a,b\n" + b"x" * size + b",1\n"
    yield "formulas.csv", "指标,值,注\n=cmd|'/c calc'!A1,@SUM(1),+1\n-2,=1+1,学法\n".encode()
    yield "ragged.csv", "".join("学法," * (i % 300) + "\n" for i in range(900)).encode()


def _markup(size: int) -> Iterator[File]:
    page = f"<html><body><p>{SENTENCE}</p>%s</body></html>"
    yield "nested.html", b"<div>" * size + SENTENCE.encode()
    yield "nested-tables.html", b"<html><body>" + b"<table><tr><td>" * (size // 100) + SENTENCE.encode()
    yield "nested-lists.html", b"<html><body>" + b"<ul><li>" * (size // 100) + SENTENCE.encode()
    yield "nested-spans.html", b"<html><body><p>" + b"<b><i>" * (size // 100) + SENTENCE.encode()
    yield "open-tags.html", b"<html><body>" + b"<p" * size
    yield "attributes.html", b"<html><body " + b"a=1 " * (size // 4) + b">" + SENTENCE.encode()
    yield "spans.html", (page % '<table><tr><td rowspan="65534" colspan="65534">a</td></tr></table>').encode()
    yield (
        "many-spans.html",
        (page % ("<table>" + '<tr><td rowspan="50" colspan="50">a</td></tr>' * 300 + "</table>")).encode(),
    )
    yield "endless-table.html", (page % ("<table>" + "<tr><td>学法</td><td>17</td>" * (size // 50))).encode()
    yield "script-only.html", b"<html><body><script>alert(1)</script></body></html>"
    yield "title-only.html", b"<html><head><title>a</title></head><body></body></html>"
    yield "entities.html", (_BOMB + page % "&i;").encode()
    yield "outside.html", (_OUTSIDE + page % "&file;").encode()
    yield "references.html", (page % ("&#0;&#xD800;&#x110000;&#99999999999;&bogus;" * 50)).encode()
    yield "charset.html", b'<html><head><meta charset="no-such-thing"></head><body><p>' + SENTENCE.encode() + b"</p>"
    yield (
        "charset-idna.html",
        b'<html><head><meta charset="idna"></head><body><p>' + SENTENCE.encode("gb18030") + b"</p>",
    )
    yield (
        "charset-hex.html",
        b'<html><head><meta charset="hex"></head><body><p>' + SENTENCE.encode("gb18030") * 9 + b"</p>",
    )
    yield "frames.html", b'<html><frameset><frame src="file:///etc/passwd"></frameset></html>'
    yield (
        "picture.svg",
        (_OUTSIDE.replace("x ", "svg ") + "<svg><title>&file;</title><text>学法17次</text></svg>").encode(),
    )
    yield "bomb.svg", (_BOMB + "<svg><title>&i;</title></svg>").encode()
    yield "bomb.xml", (_BOMB + "<x><title>&i;</title></x>").encode()
    yield "bomb.md", (_BOMB + "&i;").encode()
    yield "feed.xml", ('<?xml version="1.0"?><rss><channel><title>a</title><item>' + "<b>" * 9999).encode()
    yield "page.mht", b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\n" + b"=E5=AD=A6" * 20


def _zips(size: int) -> Iterator[File]:
    blank = bytes(20 * size)
    yield "bomb.zip", _zipped({"blank.txt": blank})
    inner = _zipped({f"{i}.txt": blank[: 9 * size] for i in range(20)})
    yield "bomb-of-many.zip", _zipped({f"{i}.zip": inner for i in range(20)})
    deep = _zipped({"a.txt": SENTENCE.encode()})
    for _ in range(40):
        deep = _zipped({"a.zip": deep, "b.txt": SENTENCE.encode()})
    yield "deep.zip", deep
    yield "many.zip", _zipped({f"{i}.txt": b"" for i in range(min(size // 50, 12_000))})
    yield "empty.zip", _zipped({})
    yield "folders.zip", _zipped({"a/": b"", "b/": b""})
    yield "left-behind.zip", _zipped({"__MACOSX/a": b"a", ".DS_Store": b"a"})
    names = {
        "../../../../etc/passwd": b"a", "/etc/shadow": b"b", "C:\\windows\\a.txt": b"c", "a\0b.txt": b"d", "": b"e",
        "<img src=x onerror=alert(1)>.txt": b"f", "a\nb\r\x1b[31m.txt": b"g", "\u202etxt.exe": b"h", "长" * 8000: b"i",
        "..": b"j", "./": b"k", "a//b///c.txt": b"l", "con.txt": b"m", " ": b"n", "%s%n{0}": b"o", "!/a!/b": b"p",
    }  # fmt: skip
    yield "names.zip", _zipped({name: data * 50 + SENTENCE.encode() for name, data in names.items()})
    same = io.BytesIO()
    with zipfile.ZipFile(same, "w") as archive:
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for i in range(30):
                archive.writestr("a.txt", f"第{i}份：{SENTENCE}")
    yield "same-names.zip", same.getvalue()
    sound = _zipped({"a.txt": _MANY.encode()})
    yield "size-lies.zip", _lying(sound, 0xFFFFFFF0)
    yield "size-small.zip", _lying(sound, 3)
    yield "encrypted.zip", _flagged(sound)
    yield "method.zip", sound.replace(b"\x14\x00\x00\x00\x08\x00", b"\x14\x00\x00\x00\x63\x00")
    yield "comment.zip", sound[:-2] + b"\xff\xff" + b"PK\x05\x06" * 16_000
    yield "end-only.zip", b"PK\x05\x06" + bytes(18)
    yield "end-huge.zip", b"PK\x05\x06" + b"\xff" * 16 + b"\0\0"
    yield "overlap.zip", _overlapping(200)
    yield (
        "with-bad-members.zip",
        _zipped({f"{i}.{suffix}": data[:-30] for i, (suffix, data) in enumerate(sound_files().items())}),
    )


def _office(size: int) -> Iterator[File]:
    entities, outside = _BOMB.encode(), _OUTSIDE.encode()
    for suffix, part in (("docx", "word/document.xml"), ("xlsx", "xl/workbook.xml"), ("pptx", "ppt/presentation.xml")):
        sound = sound_files()[suffix]
        xml = zipfile.ZipFile(io.BytesIO(sound)).read(part)
        body = xml.split(b"?>", 1)[-1]
        end = body.rindex(b"</")
        yield f"bomb.{suffix}", _with(sound, {part: entities + body[:end] + b"&i;" + body[end:]})
        yield f"outside.{suffix}", _with(sound, {part: outside + body[:end] + b"&file;" + body[end:]})
        yield f"nested.{suffix}", _with(sound, {part: body[:end] + b"<a>" * (size // 10)})
        yield f"missing.{suffix}", _without(sound, part)
        yield f"nothing-but-types.{suffix}", _zipped({"[Content_Types].xml": b"", part: b""})
        yield f"encrypted.{suffix}", compound({"EncryptedPackage": bytes(5000), "EncryptionInfo": bytes(200)})
        yield f"blank-bomb.{suffix}", _with(sound, {"media/blank.bin": bytes(20 * size)})
        yield f"flagged.{suffix}", _flagged(sound)
    document = zipfile.ZipFile(io.BytesIO(sound_files()["docx"])).read("word/document.xml")
    start = document.index(b"<w:body>") + 8
    opening, ending = document[:start], b"</w:body></w:document>"
    cell = b"<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p>"
    paragraph = "<w:p><w:r><w:t>学法</w:t></w:r></w:p>".encode()
    for name, body in {
        "tables-in-tables": cell * (size // 5000) + b"</w:tc></w:tr></w:tbl>" * (size // 5000),
        "controls-in-controls": b"<w:sdt><w:sdtContent>" * (size // 1000) + paragraph + b"</w:sdtContent></w:sdt>" * (size // 1000),
        "runs": b"<w:p>" + b"<w:r><w:t>a</w:t></w:r>" * (size // 20) + b"</w:p>",
        "rows": b"<w:tbl>" + b"<w:tr><w:tc><w:p/></w:tc><w:tc><w:p/></w:tc></w:tr>" * (size // 500) + b"</w:tbl>",
        "spans": b'<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="99999999"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>' + paragraph,
        "spans-below": b'<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="-5"/><w:vMerge/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>' + paragraph,
        "style-that-is-not": b'<w:p><w:pPr><w:pStyle w:val="nope"/><w:outlineLvl w:val="-7"/></w:pPr><w:r><w:t>a</w:t></w:r></w:p>',
        "level-no-number": b'<w:p><w:pPr><w:outlineLvl w:val="x"/></w:pPr><w:r><w:t>a</w:t></w:r></w:p>',
    }.items():  # fmt: skip
        yield f"{name}.docx", _with(sound_files()["docx"], {"word/document.xml": opening + body + ending})
    styles = zipfile.ZipFile(io.BytesIO(sound_files()["docx"])).read("word/styles.xml")
    loop = styles.replace(b'w:styleId="Heading1">', b'w:styleId="Heading1"><w:basedOn w:val="Heading1"/>').replace(
        b'<w:name w:val="heading 1"', b'<w:name w:val="loop"'
    )
    yield "style-of-itself.docx", _with(sound_files()["docx"], {"word/styles.xml": loop})
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">%s<sheetData>%s</sheetData>%s</worksheet>'
    for name, (before, rows, after) in {
        "far-cell": (b"", b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>', b""),
        "no-such-cell": (b"", b'<row r="0"><c r="ZZZ99999999"><v>1</v></c><c r="??"><v>2</v></c></row>', b""),
        "big-dimension": (b'<dimension ref="A1:XFD1048576"/>', b'<row r="1"><c r="A1"><v>17</v></c></row>', b""),
        "big-merge": (b"", b'<row r="1"><c r="A1"><v>17</v></c></row>', b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
        "no-shared-text": (b"", b'<row r="1"><c r="A1" t="s"><v>99999</v></c></row>', b""),
        "rows": (b"", b'<row><c><v>1</v></c></row>' * (size // 20), b""),
        "not-a-number": (b"", b'<row r="1"><c r="A1"><v>NaN</v></c><c r="B1"><v>1e999</v></c><c r="C1" t="d"><v>9999</v></c></row>', b""),
    }.items():  # fmt: skip
        content = sheet % (before, rows, after)
        yield f"{name}.xlsx", _with(sound_files()["xlsx"], {"xl/worksheets/sheet1.xml": content})
    yield "far-cell.xls", make_xls([(0, 0, 1.0, 0), (65535, 255, 2.0, 0)], ["0"])
    yield "style-that-is-not.xls", make_xls([(0, 0, 1.0, 60000)], ["0"])
    yield "locked.xls", make_xls([(0, 0, 1.0, 0)], ["0"], locked=True)
    yield "encrypted.doc", compound({"WordDocument": b"\xec\xa5\xc1\x00" + bytes(7) + b"\x01" + bytes(4000)})
    yield "loop.doc", _looping()
    yield "nested.rtf", rb"{\rtf1" + b"{" * (size // 10) + b"a" + b"}" * (size // 10) + b"}"
    yield "binary.rtf", rb"{\rtf1 \bin2147483647 abc}"
    yield "bomb.odt", _odt(entities, b"&i;")
    yield "outside.odt", _odt(outside, b"&file;")
    yield "locked.odt", _zipped({
        "mimetype": b"application/vnd.oasis.opendocument.text", "META-INF/manifest.xml": b"<a><encryption-data/></a>"
    })  # fmt: skip
    yield "bomb.ofd", make_ofd([], extra={"Doc_0/Document.xml": _BOMB + "<a>&i;</a>"})
    yield "loop.ofd", make_ofd([text("学法", 30, 40)], template='<ofd:Template TemplateID="90"/>' * 50)
    yield "far.ofd", make_ofd([text("学法17次", 1e308, -1e308), text("法", 30, 40, deltas="g 999999999 5")])
    yield "pages.ofd", make_ofd([layer("") for _ in range(min(size // 200, 4000))])
    yield (
        "no-numbers.ofd",
        make_ofd(
            [
                '<ofd:TextObject Boundary="a b c d" Size="nan"><ofd:TextCode X="inf" Y="">学法</ofd:TextCode></ofd:TextObject>'
            ]
        ),
    )
    yield (
        "upwards.ofd",
        make_ofd([], extra={"OFD.xml": "<OFD><DocBody><DocRoot>../../../../etc/passwd</DocRoot></DocBody></OFD>"}),
    )


def _pdfs(size: int) -> Iterator[File]:
    page = write("Report of 2024: 17 times", 40, 300)
    sound = make_pdf([page])
    yield "encrypted.pdf", make_pdf([page], encrypt=True)
    yield "pages-declared.pdf", sound.replace(b"/Count 1", b"/Count 100000")
    yield "pages-negative.pdf", sound.replace(b"/Count 1", b"/Count -1")
    yield "page-tree-loop.pdf", sound.replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]")
    yield "parent-loop.pdf", sound.replace(b"/Parent 2 0 R", b"/Parent 4 0 R")
    yield "same-page.pdf", sound.replace(b"/Kids [4 0 R]", b"/Kids [" + b"4 0 R " * (size // 100) + b"]")
    yield "many-pages.pdf", make_pdf(["" for _ in range(size // 250)])
    yield "no-root.pdf", sound.replace(b"/Root 1 0 R", b"/Root 9 0 R")
    yield "box-huge.pdf", sound.replace(b"[0 0 400 400]", b"[0 0 9e30 9e30]")
    yield "box-empty.pdf", sound.replace(b"[0 0 400 400]", b"[0 0 0 0]")
    yield "box-no-numbers.pdf", sound.replace(b"[0 0 400 400]", b"[/a /b /c /d]")
    yield "nested-arrays.pdf", sound.replace(b"[0 0 400 400]", b"[" * (size // 10))
    yield "many-rules.pdf", make_pdf([page + "".join(f"{i % 400} 0 m {i % 400} 400 l S\n" for i in range(size // 100))])
    yield (
        "grid.pdf",
        make_pdf([page + "".join(f"{i} 0 m {i} 400 l S\n0 {i} m 400 {i} l S\n" for i in range(0, 400, 2))]),
    )
    yield "length-lies.pdf", make_pdf([page]).replace(b"/Length ", b"/Length 99999999")
    yield "save-state.pdf", make_pdf(["q " * (size // 10) + page])
    yield "stacked.pdf", make_pdf([write("17", 40, 300) * (size // 200)])
    form = f"/Type /XObject /Subtype /Form /BBox [0 0 400 400] /Resources << /XObject << /X 6 0 R >> >> /Length {len('/X Do')}"
    looped = sound.replace(b"/Resources << /Font << /F 3 0 R >> >>", b"/Resources << /XObject << /X 6 0 R >> >>")
    yield "form-of-itself.pdf", looped + f"6 0 obj\n<< {form} >>\nstream\n/X Do\nendstream\nendobj\n".encode()
    packed = zlib.compress(zlib.compress(bytes(20 * size)))
    yield "packed.pdf", b"%PDF-1.4\n1 0 obj\n<< /Filter [/FlateDecode /FlateDecode] >>\nstream\n" + packed
    yield "header-only.pdf", b"%PDF-1.7\n"
    yield "mark-later.pdf", bytes(900) + b"%PDF-1.4 nothing"


def _images(size: int) -> Iterator[File]:
    yield "blank.png", _png(1, 1)
    yield "declared.png", _png(100_000, 100_000, rows=1)
    yield "declared-more.png", _png(2**31 - 1, 2**31 - 1, rows=1)
    yield "zero.png", _png(0, 0, rows=0)
    yield "strip.png", _png(1, min(size // 10, 60_000))
    yield "line.png", _png(min(size // 10, 60_000), 1)
    yield "text-bomb.png", _png(20, 20, extra=[(b"zTXt", b"a\0\0" + zlib.compress(bytes(50 * size)))])
    yield (
        "declared.jpg",
        b"\xff\xd8\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01" + bytes(500),
    )
    yield (
        "declared.bmp",
        b"BM" + struct.pack("<IHHIIiiHHIIiiII", 200, 0, 0, 54, 40, 2**30, 2**30, 1, 24, 0, 0, 0, 0, 0, 0),
    )
    yield "declared.webp", b"RIFF\x40\0\0\0WEBPVP8L\x20\0\0\0\x2f\xff\xff\xff\xff" + bytes(60)
    yield "declared.tif", _tiff(1, 2**31, 2**31)
    yield "loop.tif", _tiff(1, 20, 20, loop=True)
    yield "frames.tif", _tiff(500, 8, 8)
    yield "exif.jpg", b"\xff\xd8\xff\xe1\xff\xffExif\0\0MM\0*\xff\xff\xff\xff" + bytes(500)


def _mislabelled(size: int) -> Iterator[File]:
    sound = sound_files()
    labels = {"txt": "docx", "docx": "pdf", "pdf": "xlsx", "xlsx": "html", "html": "doc", "png": "txt", "zip": "docx",
              "ofd": "zip", "xls": "csv", "pptx": "png", "csv": "xls", "odt": "md", "md": "pptx"}  # fmt: skip
    for kind, label in labels.items():
        yield f"{kind}-as.{label}", sound[kind] + (b"\n" if kind in ("txt", "html", "csv", "md") else b"")
    yield "program.txt", b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 20
    yield "program.docx", b"MZ\x90\0" + bytes(range(256)) * 20
    yield "database.txt", b"SQLite format 3\0" + bytes(range(256)) * 20
    yield "archive.rar", b"Rar!\x1a\x07\x01\x00" + bytes(300)
    yield "archive.7z", b"7z\xbc\xaf\x27\x1c" + bytes(300)
    yield "archive.gz", b"\x1f\x8b\x08" + bytes(300)
    yield "picture.gif", b"GIF89a" + bytes(300)
    yield "polyglot.pdf", b"<html><body><p>a</p>" + sound["pdf"]
    yield "no-suffix", SENTENCE.encode() + b"1"
    yield "book.epub", _zipped({"mimetype": b"application/epub+zip"})
    yield "mail.msg", compound({"__properties_version1.0": bytes(200)})
    yield "random.bin", random.Random(size).randbytes(20_000)


def _names(size: int) -> Iterator[File]:
    names = [
        "<img src=x onerror=alert(1)>.txt", "a\nb\tc\r.txt", "\u202etxt.fdp", "-rf.txt", "--help.md", "%s%n%x{0}.txt",
        "长" * 80 + ".txt", "a" * 250 + ".txt", "  空格  .txt", "点...txt", "'; DROP TABLE documents; --.txt", "a|b|c.md",
        "[1](javascript:alert(1)).txt", "\x1b[31mred\x07.txt", "\u200b\u200b.txt", "😀👨‍👩‍👧.txt", "e\u0301.txt", "é.txt",
        "CON.txt", "2024_2023_2022_.txt", "____.txt", "国务院_国务院_国务院.txt", "a!/b.txt".replace("/", "／"), ".txt.", "..txt"[1:] + "x",
        "`id`$(id).txt", "&amp;&lt;.html", '"quoted".csv', "C:\\a\\b.txt", "९९९९年.txt", "2024年" * 20 + ".txt",
    ]  # fmt: skip
    for i, name in enumerate(names):
        yield name.lstrip(".") or "x.txt", f"第{i}份文件。{SENTENCE}".encode()


# Parts.

_ODT = (
    b'<?xml version="1.0"?>%s<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"/>'
)
_BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "'
    + "学法" * 50
    + '">'
    + "".join(f'<!ENTITY {after} "{f"&{before};" * 10}">' for before, after in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
_OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/passwd">'
    '<!ENTITY % net SYSTEM "http://127.0.0.1:9/a.dtd"> %net;]>'
)


def _odt(prologue: bytes, body: bytes) -> bytes:
    content = prologue + (
        b'<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        b'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text><text:p>'
        + body
        + b"</text:p></office:text></office:body></office:document-content>"
    )
    return _zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": content})


def _zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _parts(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


def _with(archive: bytes, changed: Mapping[str, bytes]) -> bytes:
    return _zipped(_parts(archive) | dict(changed))


def _without(archive: bytes, part: str) -> bytes:
    return _zipped({name: data for name, data in _parts(archive).items() if name != part} | {part + "x": b""})


def _lying(archive: bytes, size: int) -> bytes:
    """The archive with another size of its member in the directory."""
    at = archive.index(b"PK\x01\x02") + 24
    return archive[:at] + struct.pack("<I", size) + archive[at + 4 :]


def _flagged(archive: bytes) -> bytes:
    """The archive with all its members marked as encrypted."""
    damaged = bytearray(archive)
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = archive.find(mark)
        while at >= 0:
            damaged[at + offset] |= 1
            at = archive.find(mark, at + 4)
    return bytes(damaged)


def _overlapping(count: int) -> bytes:
    """An archive whose members are all the same bytes [1].

    [1] Fifield 2019, A better zip bomb.
    """
    sound = _zipped({"a.txt": bytes(1_000_000)})
    start, end = sound.index(b"PK\x01\x02"), sound.index(b"PK\x05\x06")
    directory = sound[start:end] * count
    return (
        sound[:start]
        + directory
        + b"PK\x05\x06"
        + struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), start, 0)
    )


def _looping() -> bytes:
    """A compound file whose chain of sectors leads back to its beginning."""
    sound = bytearray(compound({"WordDocument": bytes(20_000)}))
    sound[512 : 512 + 4 * 60] = struct.pack("<60I", *([1] * 60))
    return bytes(sound)


def _png(width: int, height: int, *, rows: int | None = None, extra: list[tuple[bytes, bytes]] | None = None) -> bytes:
    row = bytes(1 + (min(width, 100_000) + 7) // 8)
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)),
        *(extra or []),
        (b"IDAT", zlib.compress(row * (height if rows is None else rows))),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def _tiff(num_frames: int, width: int, height: int, *, loop: bool = False) -> bytes:
    content = b"II*\0" + struct.pack("<I", 8)
    pixels = min(width * height, 4000)
    for i in range(num_frames):
        start = len(content)
        entries = [(256, 4, width), (257, 4, height), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, start + 2 + 9 * 12 + 4),
                   (277, 3, 1), (278, 4, height), (279, 4, pixels)]  # fmt: skip
        following = 8 if loop else 0 if i == num_frames - 1 else start + 2 + 9 * 12 + 4 + pixels
        content += struct.pack("<H", len(entries))
        content += b"".join(struct.pack("<HHII", tag, kind, 1, min(value, 0xFFFFFFFF)) for tag, kind, value in entries)
        content += struct.pack("<I", following) + b"\xff" * pixels
    return content
