"""Zip files: members with their names decoded, within bounds, and reasons for those that cannot be had."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sources.archives import ArchiveBounds, is_archive, members
from kb.errors import RefusedError


def zipped(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def named(raw: bytes) -> bytes:
    """An archive of one file whose name is these bytes, without the mark of UTF-8."""
    return zipped({"x" * len(raw): b"1"}).replace(b"x" * len(raw), raw)


def test_members() -> None:
    """Each file with its path and its bytes, in order; folders are none."""
    data = zipped({"2024/": b"", "2024/年报.txt": b"a", "说明.txt": b"b"})
    assert [("2024/年报.txt", b"a"), ("说明.txt", b"b")] == [(m.name, m.data) for m in members(data, "a.zip")]


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "cp437"])
def test_names_without_a_mark(encoding: str) -> None:
    """The name as it was meant, from GBK, UTF-8 and ASCII."""
    name = "report.txt" if encoding == "cp437" else "年报/法治政府.txt"
    assert [name] == [member.name for member in members(named(name.encode(encoding)), "a.zip")]


@pytest.mark.parametrize(
    ("name", "harmless"),
    [("/etc/a.txt", "etc/a.txt"), ("../../a.txt", "a.txt"), ("C:\\b\\a.txt", "b/a.txt"), ("b/./../a.txt", "b/a.txt")],
    ids=["absolute", "upwards", "windows", "both"],
)
def test_names_lead_nowhere(name: str, harmless: str) -> None:
    """Absolute names and names with .. become names within the archive."""
    assert [harmless] == [member.name for member in members(zipped({name: b"1"}), "a.zip")]


def test_left_behind() -> None:
    """What systems and offices leave behind is no member."""
    files = ["__MACOSX/a.txt", "._a.txt", ".DS_Store", "x/Thumbs.db", "~$a.docx", "a.txt"]
    assert ["a.txt"] == [member.name for member in members(zipped(dict.fromkeys(files, b"1")), "a.zip")]


def test_archive_within() -> None:
    """Members of an archive within have both names; one deeper is refused by itself."""
    inner = zipped({"a.txt": b"1"})
    data = zipped({"内.zip": inner, "深.zip": zipped({"更深.zip": inner}), "b.txt": b"2"})
    found = {member.name: member for member in members(data, "a.zip")}
    assert {"内.zip/a.txt", "深.zip/更深.zip", "b.txt"} == found.keys()
    assert b"1" == found["内.zip/a.txt"].data
    assert "过深" in str(found["深.zip/更深.zip"].refusal)


def test_document_is_no_archive() -> None:
    """A docx, xlsx, pptx or OpenDocument file is a document; a zip of such files is an archive."""
    for part in ("word/document.xml", "xl/workbook.xml", "ppt/presentation.xml", "OFD.xml"):
        assert not is_archive(zipped({part: b"<a/>"}))
    assert not is_archive(zipped({"mimetype": b"application/vnd.oasis.opendocument.text"}))
    assert not is_archive(b"text")
    assert is_archive(zipped({"年报/word.docx": zipped({"word/document.xml": b"<a/>"})}))


def test_document_within_is_one_member() -> None:
    """A docx in an archive comes whole."""
    document = zipped({"word/document.xml": b"<a/>"})
    assert [document] == [member.data for member in members(zipped({"a.docx": document}), "a.zip")]


def test_bomb() -> None:
    """A member packed far too well is refused by itself, the others come."""
    found = {
        m.name: m.refusal
        for m in members(zipped({"bomb.txt": bytes(2**20), "a.txt": b"1"}), "a.zip", ArchiveBounds(small=1000))
    }
    assert "压缩率异常" in str(found["bomb.txt"])
    assert found["a.txt"] is None


def test_member_too_large() -> None:
    """A member over the bound is refused by itself."""
    found = {
        member.name: member.refusal
        for member in members(zipped({"a": b"1" * 11, "b": b"1"}), "a.zip", ArchiveBounds(size=10))
    }
    assert "过大" in str(found["a"])
    assert found["b"] is None


def test_all_too_large() -> None:
    """Members are given until the archive's bound, archives within counted."""
    data = zipped({"a.zip": zipped({"a": b"1" * 40}), "b": b"1" * 90, "c": b"1" * 90})
    found = {member.name: member.refusal for member in members(data, "a.zip", ArchiveBounds(total=250))}
    assert "过大" in str(found["c"])
    assert found["a.zip/a"] is None


def test_too_many() -> None:
    """An archive of too many members is refused as a whole."""
    with pytest.raises(RefusedError, match="过多"):
        list(members(zipped(dict.fromkeys("abc", b"1")), "a.zip", ArchiveBounds(members=2)))


def test_encrypted_member() -> None:
    """A member with a password is refused by itself."""
    data = bytearray(zipped({"a.txt": b"1", "b.txt": b"2"}))
    data[6] |= 1  # the flag in the first local header, and in the directory
    data[data.index(b"PK\x01\x02") + 8] |= 1
    found = {member.name: member.refusal for member in members(bytes(data), "a.zip")}
    assert "密码" in str(found["a.txt"])
    assert found["b.txt"] is None


def test_torn_member() -> None:
    """A member whose bytes do not match their sum is refused by itself."""
    data = zipped({"a.txt": b"123456", "b.txt": b"2"}, zipfile.ZIP_STORED).replace(b"123456", b"123457")
    found = {member.name: member.refusal for member in members(data, "a.zip")}
    assert "损坏" in str(found["a.txt"])
    assert found["b.txt"] is None


@pytest.mark.parametrize("data", [b"PK\x03\x04" + bytes(50), b"PK\x03\x04", b"text"], ids=["zeros", "short", "text"])
def test_broken(data: bytes) -> None:
    """What is no zip is refused with the reason."""
    with pytest.raises(RefusedError, match="损坏"):
        list(members(data, "a.zip"))


def test_empty() -> None:
    """An archive without files is refused with the reason."""
    with pytest.raises(RefusedError, match="没有文件"):
        list(members(zipped({}), "a.zip"))


@given(st.binary(min_size=1, max_size=8), st.integers(0, 150))
def test_any_damage(noise: bytes, at: int) -> None:
    """Members or RefusedError from a damaged archive, and no other error."""
    data = zipped({"a.txt": b"12345", "b.zip": zipped({"c.txt": b"6"})})
    try:
        list(members(data[:at] + noise + data[at + len(noise) :], "a.zip"))
    except RefusedError:
        return
