"""Zip files that are one document: which office format an archive is, by the parts that it holds."""

from __future__ import annotations

import contextlib
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from kb.errors import RefusedError

_PARTS = (
    ("word/document", "docx"),
    ("xl/workbook.xml", "xlsx"),
    ("xl/workbook.bin", "xlsb"),
    ("ppt/presentation", "pptx"),
    ("ofd.xml", "ofd"),
)
_MIMETYPES = (
    (b"application/vnd.oasis.opendocument.text", "odt"),
    (b"application/vnd.oasis.opendocument.spreadsheet", "ods"),
    (b"application/vnd.oasis.opendocument.presentation", "odp"),
    (b"application/epub+zip", "epub"),
)
# Main parts that the readers of docx and pptx refuse: with macros, and templates.
_VARIANTS = (b"macroEnabled.main+xml", b"template.main+xml", b"macroEnabledTemplate.main+xml")
_MAX_UNZIPPED = 500 * 2**20  # bytes; a document of text is far smaller, an archive bomb is not
_MAX_SMALL = 2**20  # bytes of the parts that are looked into


@contextlib.contextmanager
def refusing_broken(reason: str, *errors: type[Exception]) -> Iterator[None]:
    """Raises RefusedError with the reason for what a library lets through of a package that is broken.

    That is `errors` of its own, and those of its parts: a missing part, a broken relation, bad XML, a bad number.
    """
    import lxml.etree

    try:
        yield
    except (
        *errors, lxml.etree.LxmlError, zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError,
        KeyError, IndexError, ValueError, AttributeError, TypeError, StopIteration,
    ) as error:  # fmt: skip
        raise RefusedError(reason) from error


def kind(data: bytes) -> str | None:
    """docx, docm, xlsx, xlsb, pptx, pptm, odt, ods, odp, epub, ofd; None for an archive of files.

    Raises RefusedError for a zip that is broken, and for a document that is encrypted or too large.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = {entry.filename.lower().lstrip("/"): entry for entry in archive.infolist()}
            found = _kind(archive, entries)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, OSError, NotImplementedError) as error:
        raise RefusedError("文件损坏，打不开，请用 Word 或 WPS 重新保存，或重新下载") from error
    if found and sum(entry.file_size for entry in entries.values()) > _MAX_UNZIPPED:
        raise RefusedError("文件解开后过大，请拆成几个文件，或另存为 pdf")
    return found


def _kind(archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo]) -> str | None:
    found = next((kind for part, kind in _PARTS if any(name.startswith(part) for name in entries)), None)
    if found in ("docx", "pptx"):
        types = _small(archive, entries.get("[content_types].xml"))
        return found[:-1] + "m" if any(variant in types for variant in _VARIANTS) else found
    if found is None and "mimetype" in entries:
        mimetype = _small(archive, entries["mimetype"])
        found = next((kind for start, kind in _MIMETYPES if mimetype.startswith(start)), None)
        if b"encryption-data" in _small(archive, entries.get("meta-inf/manifest.xml")):
            raise RefusedError("文件设了密码（加密），请取消密码后重新放入")
    return found


def _small(archive: zipfile.ZipFile, entry: zipfile.ZipInfo | None) -> bytes:
    """The beginning of a part; nothing where it cannot be read, which its reader will say."""
    if entry is None or entry.flag_bits & 1:
        return b""
    try:
        with archive.open(entry) as part:
            return part.read(_MAX_SMALL)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, zlib.error):
        return b""
