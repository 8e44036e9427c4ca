"""A document as the public may see it: its versions, and its text where that is shown.

A superseded version still shows its text, so that a citation made last month opens; unless the document was withdrawn
since, because its older versions say the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from kb.errors import HiddenDocumentError, UnknownDocumentError
from kb.storage.catalogue import Catalogue
from kb.types import Document, Ending, Passage

_LARGEST_ID = 2**63 - 1  # that SQLite knows


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicDocument:
    """A document among its versions."""

    document: Document
    versions: tuple[Document, ...]  # of the document, itself among them; oldest first

    @property
    def present(self) -> Document | None:
        """The version that is answered from, if any is."""
        return next((version for version in reversed(self.versions) if version.ended_by is None), None)

    @property
    def is_shown(self) -> bool:
        """Whether its text and its original file are shown."""
        return self.document.ended_by is None or (
            self.document.ended_by is Ending.SUPERSEDED and self.present is not None
        )


def public_document(catalogue: Catalogue, document_id: int) -> PublicDocument:
    """The document with this id. Raises UnknownDocumentError where there is none."""
    versions = catalogue.versions(document_id) if document_id <= _LARGEST_ID else []
    document = next((version for version in versions if version.id == document_id), None)
    if document is None:
        raise UnknownDocumentError(f"库中没有编号为 {document_id} 的文件；文件列表中是现有的全部文件。")
    return PublicDocument(document=document, versions=tuple(versions))


def text_of(catalogue: Catalogue, seen: PublicDocument) -> str:
    """The text. Raises HiddenDocumentError where it is not shown, and why."""
    if not seen.is_shown:
        raise HiddenDocumentError(why_not(seen))
    return catalogue.text(seen.document.id)


def passages_of(catalogue: Catalogue, seen: PublicDocument) -> tuple[Passage, ...]:
    """The passages, in order."""
    return tuple(stored.passage for stored in catalogue.passages_of(seen.document.id))


def why_not(seen: PublicDocument) -> str:
    """Why the text is not shown."""
    day = (seen.document.ended_at or "")[:10]
    if seen.document.ended_by is Ending.REMOVED:
        return f"此文件已于 {day} 移除，不再提供原文；可向发文单位查询。"
    if seen.document.ended_by is Ending.SUPERSEDED:
        return "此文件的各个版本都已停用，不再提供原文；可向发文单位查询。"
    return f"此文件已于 {day} 撤回，不再提供原文；可向发文单位查询。"
