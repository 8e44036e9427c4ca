"""Older and other office files: doc, wps, rtf, odt, ods, ppt, odp and their like, by way of LibreOffice.

They become docx, xlsx or pptx and go on to the readers of those; xls and et are read as they are. The
content decides what a file is, not its name: a Word file has a WordDocument stream.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from ingest.readers.office import docx, packages, slides
from ingest.readers.ole import MAGIC, streams
from ingest.readers.sheets import workbook
from kb.errors import RefusedError
from kb.types import Block

RTF = b"{\\rtf"
_BINARY = re.compile(rb"\\bin(\d{1,20})")
# What a format is called, what LibreOffice makes of it, and who reads that.
_READERS = {"docx": docx.read, "xlsx": workbook.read, "pptx": slides.read}
_TARGETS = {
    "doc": "docx",
    "docm": "docx",
    "wps": "docx",
    "rtf": "docx",
    "odt": "docx",
    "xml-text": "docx",
    "ods": "xlsx",
    "xml-sheet": "xlsx",
    "ppt": "pptx",
    "pptm": "pptx",
    "odp": "pptx",
}
_STREAMS = {
    "WordDocument": "doc",
    "Workbook": "xls",
    "Book": "xls",
    "PowerPoint Document": "ppt",
    "MatOST": "wps",
}
_ENCRYPTED = ("EncryptedPackage", "EncryptedSummary")
_FLAGS = 11  # offset in the stream WordDocument
_OF_XML = ((b'progid="Word.Document"', "xml-text"), (b'progid="Excel.Sheet"', "xml-sheet"))
_PROGRAMS = ("soffice", "libreoffice")
_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "/usr/lib/libreoffice/program/soffice",
    "/opt/libreoffice/program/soffice",
    "C:/Program Files/LibreOffice/program/soffice.exe",
    "C:/Program Files (x86)/LibreOffice/program/soffice.exe",
)
TIME_LIMIT = 120  # seconds; a report of 17,000 characters takes 1.5
# No macros, and nothing fetched from the network that a document links to.
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution"
 oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks"
 oor:op="fuse"><value>true</value></prop></item>
</oor:items>"""


def read(data: bytes) -> list[Block]:
    """The blocks of an older or other office file.

    Raises RefusedError for a file that is broken, encrypted or of a kind that is not known, and where LibreOffice
    is needed and not installed.
    """
    kind = _kind(data)
    if kind == "xls":
        return workbook.read(data)
    target = _TARGETS[kind]
    return _READERS[target](convert(data, kind.split("-")[0], target, installed_program()))


def knows_xml(head: bytes) -> bool:
    """Whether an XML file is one that Word or Excel wrote as such."""
    return any(mark in head for mark, _ in _OF_XML)


def installed_program() -> str | None:
    """The program's path: what PATH names, then the usual places; None where it is not installed."""
    found = next((path for program in _PROGRAMS if (path := shutil.which(program))), None)
    return found or next((place for place in _PLACES if Path(place).is_file()), None)


def convert(data: bytes, suffix: str, target: str, program: str | None, *, seconds: float = TIME_LIMIT) -> bytes:
    """The file as LibreOffice writes it in the format `target`; `suffix` is that of the format it has.

    Raises RefusedError where LibreOffice (`program`) is not installed, cannot read the file, or takes too long.
    """
    if program is None:
        raise RefusedError(
            f"读取 {suffix} 文件需要 LibreOffice，本机没有安装；请安装（libreoffice.org）后重新导入，或另存为 {target}"
        )
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        # A profile of its own: another run, or the user's open window, would take the file over otherwise.
        profile = Path(folder, "profile")
        settings = profile / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(_PROFILE, encoding="utf-8")
        source = Path(folder, f"document.{suffix}")
        source.write_bytes(data)
        made = Path(folder, "made", f"document.{target}")
        command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nologo"]
        command += ["--nolockcheck", "--convert-to", target, "--outdir", str(made.parent), str(source)]
        _run(command, seconds)
        if not made.is_file():
            raise RefusedError(f"文件损坏或设了密码，LibreOffice 打不开，请用 Office 或 WPS 打开后另存为 {target}")
        return made.read_bytes()


def _run(command: list[str], seconds: float) -> None:
    # A session of its own, so that the program goes with all that it started.
    process = subprocess.Popen(  # noqa: S603 – the program is LibreOffice, the paths are made here
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        raise RefusedError(f"LibreOffice {seconds:g} 秒内没有转换完，请拆成几个文件，或另存为 pdf") from error
    finally:
        if process.poll() is None:
            _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    if os.name == "posix":
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _kind(data: bytes) -> str:
    """The format, a key of `_TARGETS` or xls."""
    if data.startswith(RTF):
        # LibreOffice reads what there is of a file that is cut short, and does not tell; it waits without end for
        # binary data that is not there.
        is_cut = any(int(size) > len(data) for size in _BINARY.findall(data))
        if is_cut or not data.rstrip(b"\0\r\n\t \x1a").endswith(b"}"):
            raise RefusedError("RTF 文件不完整，请重新下载，或用 Word 或 WPS 打开后另存为 docx")
        return "rtf"
    if data.startswith(b"PK"):
        return packages.kind(data) or ""
    if not data.startswith(MAGIC):
        return next(kind for mark, kind in _OF_XML if mark in data)
    return _kind_of_streams(data)


def _kind_of_streams(data: bytes) -> str:
    found = streams(data, (*_STREAMS, *_ENCRYPTED, "Current User", "__properties_version1.0"))
    kind = next((kind for stream, kind in _STREAMS.items() if stream in found), None)
    # The bit fEncrypted (MS-DOC 2.5.1, FibBase); the headerToken (MS-PPT 2.3.2).
    is_locked_text = bool(found.get("WordDocument", b"")[_FLAGS:][:1] and found["WordDocument"][_FLAGS] & 1)
    is_locked_slides = found.get("Current User", b"")[12:16] == b"\xdf\xc4\xd1\xf3"
    if is_locked_text or is_locked_slides or any(stream in found for stream in _ENCRYPTED):
        raise RefusedError("文件设了密码（加密），请取消密码后重新放入")
    if "__properties_version1.0" in found:
        raise RefusedError("不能读取 Outlook 邮件，请把正文另存为 docx 或 txt，附件单独放入")
    if kind is None:
        raise RefusedError("不是可读的格式（旧版 Office 或 WPS 文件），请另存为 docx、xlsx、pptx 或 pdf")
    return kind
