"""The texts of the files that answers cite, in which their quotes are sought."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Protocol

from kb.errors import EvaluationError
from kb.evaluation.normal import normal
from kb.storage.catalogue import Catalogue

_NO_TEXT = frozenset(".pdf .ofd .docx .doc .wps .rtf .odt .xlsx .xls .ods .pptx .ppt .odp .zip".split())
_NUM_PROBED = 4096  # bytes in which a NUL tells that a file is no text


class Texts(Protocol):
    """The texts of files, by file name."""

    def contain(self, quote: str, name: str) -> bool | None:
        """Whether `quote` is in a file called `name`; None where its text is not here."""


class CatalogueTexts:
    """The texts of the documents in a catalogue, by file name, as they were read when they were ingested.

    Quotes of office files and PDF are found in them as well; whether they were read right cannot be known from them.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._ids: dict[str, list[int]] = defaultdict(list)
        for document in catalogue.documents():
            self._ids[document.name].append(document.id)
        self._texts: dict[str, str] = {}

    def contain(self, quote: str, name: str) -> bool | None:
        """Whether `quote` is in a document whose file is called `name`; None where there is none."""
        if name not in self._ids:
            return None
        if name not in self._texts:
            self._texts[name] = "\n".join(normal(self._catalogue.text(id_)) for id_ in self._ids[name])
        return normal(quote) in self._texts[name]


class FolderTexts:
    """The files below a folder, by file name, read as plain text when they are asked for."""

    def __init__(self, folder: Path) -> None:
        """Find the files. Raises EvaluationError where `folder` cannot be listed or is empty."""
        if not folder.is_dir():
            raise EvaluationError(f"没有文件夹 {folder}；请用 --documents 给出存放原文件的文件夹。")
        self._paths: dict[str, list[Path]] = defaultdict(list)
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                self._paths[path.name].append(path)
        if not self._paths:
            raise EvaluationError(f"{folder} 中没有文件；请用 --documents 给出存放原文件的文件夹。")
        self._texts: dict[str, str | None] = {}

    def contain(self, quote: str, name: str) -> bool | None:
        """Whether `quote` is in a file called `name`; None where its text cannot be read here.

        White space, widths and emphasis do not count. Raises EvaluationError where the file cannot be opened.
        """
        if name not in self._texts:
            self._texts[name] = _text(self._paths.get(name, []))
        text = self._texts[name]
        return None if text is None else normal(quote) in text


def _text(paths: list[Path]) -> str | None:
    """The normal text of all `paths`, a line each; None where one of them is no plain text."""
    texts = [_plain_text(path) for path in paths]
    return None if None in texts else "\n".join(normal(text) for text in texts if text)


def _plain_text(path: Path) -> str | None:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise EvaluationError(f"无法读取 {path}（{error.strerror}）；请检查权限后再试。") from error
    if b"\0" in content[:_NUM_PROBED] or path.suffix.lower() in _NO_TEXT:
        return None
    for encoding in ("utf-8", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
