"""Zip files that are no documents: their members one after another, their names decoded, within bounds.

    for member in members(data, "年报.zip"):
        member.name      年报/2024.docx, or 内层.zip/2024.docx for one of an archive within
        member.data      its bytes; empty where it was refused
        member.refusal   why, for the report

Nothing is written to disk: a name is only a name, and an absolute one or one with .. leads nowhere.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from ingest.readers.office import packages
from kb.errors import RefusedError

_UTF8_NAMES = 0x800
_ENCRYPTED = 0x1
# What systems and offices leave behind.
_LEFT_BEHIND = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file of an archive, or the reason why it cannot be had."""

    name: str  # path within the archive, with / between its parts
    data: bytes
    refusal: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveBounds:
    """How much of an archive is read; sizes in bytes."""

    members: int = 10_000
    size: int = 200 * 2**20  # of one member
    total: int = 2 * 2**30  # of all members, unzipped
    ratio: int = 200  # unzipped to zipped, of a member that is not small
    depth: int = 2  # archives within one another, the outermost counted
    small: int = 10 * 2**20  # a page of blanks may well be packed 1 to 500


@dataclass(slots=True)
class _Budget:
    """What may still be read of an archive and of those within it."""

    bounds: ArchiveBounds
    members: int
    size: int  # bytes


def is_archive(data: bytes) -> bool:
    """Whether these bytes are a zip of files, and no docx, xlsx or other document that is packed as one.

    Raises RefusedError for a zip that is broken.
    """
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06")) and packages.kind(data) is None


def members(data: bytes, name: str, bounds: ArchiveBounds = ArchiveBounds()) -> Iterator[Member]:
    """The files of the archive `name`, those of archives within it included; a bad one is refused by itself.

    Raises RefusedError for an archive that is broken, empty, or has too many members.
    """
    yield from _members(data, name, _Budget(bounds=bounds, members=bounds.members, size=bounds.total), depth=1)


def _members(data: bytes, name: str, budget: _Budget, depth: int) -> Iterator[Member]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise RefusedError("压缩包损坏，打不开，请重新下载或重新压缩") from error
    with archive:
        entries = [(entry, member) for entry in archive.infolist() if (member := _name(entry)) is not None]
        if not entries:
            raise RefusedError("压缩包里没有文件，请检查后重新放入")
        budget.members -= len(entries)
        if budget.members < 0:
            raise RefusedError(f"压缩包里文件过多（上限 {budget.bounds.members} 个），请解压后放入文件夹")
        for entry, member in entries:
            try:
                content = _content(archive, entry, budget)
                if not is_archive(content):
                    yield Member(name=member, data=content)
                    continue
                if depth == budget.bounds.depth:
                    raise RefusedError(f"压缩包套得过深（上限 {budget.bounds.depth} 层），请解压后放入文件夹")
                for inner in _members(content, member, budget, depth + 1):
                    yield Member(name=f"{member}/{inner.name}", data=inner.data, refusal=inner.refusal)
            except RefusedError as error:
                yield Member(name=member, data=b"", refusal=str(error))


def _name(entry: zipfile.ZipInfo) -> str | None:
    """The member's path, decoded and harmless; None for a folder and for what is no document."""
    path = _decoded_name(entry).replace("\\", "/")
    if path.endswith("/"):
        return None
    parts = [part for part in PurePosixPath(path).parts if part not in ("/", "..", ".")]
    # A drive's letter is no folder.
    parts = [part for i, part in enumerate(parts) if i or not part.endswith(":")]
    if not parts or any(part in _LEFT_BEHIND or part.startswith(("~$", "._")) for part in parts):
        return None
    return "/".join(parts)


def _decoded_name(entry: zipfile.ZipInfo) -> str:
    """The name as it was meant: without the mark of UTF-8 the library reads the bytes as an American page."""
    if entry.flag_bits & _UTF8_NAMES:
        return entry.filename
    try:
        name = entry.filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return name.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: _Budget) -> bytes:
    """The member's bytes, taken from the budget. Raises RefusedError with the reason where it cannot be had."""
    if entry.flag_bits & _ENCRYPTED:
        raise RefusedError("压缩包设了密码（加密），请解压后放入文件夹")
    bounds = budget.bounds
    if entry.file_size > bounds.size:
        raise RefusedError(f"解开后过大（上限 {bounds.size // 2**20} MB），请拆成几个文件")
    if entry.file_size > max(bounds.small, bounds.ratio * entry.compress_size):
        raise RefusedError("压缩率异常，可能是压缩炸弹，请解压检查后放入文件夹")
    if entry.file_size > budget.size:
        raise RefusedError(f"压缩包解开后过大（上限 {bounds.total // 2**30} GB），请分成几个压缩包")
    budget.size -= entry.file_size
    try:
        # The library reads no more than the size that was declared, and checks the sum.
        return archive.read(entry)
    except NotImplementedError as error:
        raise RefusedError("压缩方式不能读取，请解压后放入文件夹") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
        raise RefusedError("压缩包里的这个文件损坏，请重新下载或重新压缩") from error
