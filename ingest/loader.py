"""Files → LangChain documents, by the same readers as the catalogue: a LangChain document loader.

    from ingest.loader import DocumentLoader
    documents = DocumentLoader("corpus").load()                     # one for each document
    passages = DocumentLoader("corpus", by="passage").lazy_load()   # one for each passage

Files are read in this process; `python -m ingest` reads them in one of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from langchain_core.document_loaders import BaseLoader
from langchain_core.documents import Document

from ingest.metadata import metadata
from ingest.sources.files import File, Files
from ingest.sources.manifest import overrule
from ingest.structure.passages import document_text, passages
from ingest.worker import read_outlined
from kb.errors import RefusedError
from kb.search.fields import document_fields_of, passage_fields_of


class DocumentLoader(BaseLoader):
    """The documents of files and folders, with what is known of them, as LangChain documents.

    `refused` has, after loading, each file that could not be read, with the reason and what to do.
    """

    def __init__(
        self, paths: str | Path | Sequence[str | Path], *, by: Literal["document", "passage"] = "document"
    ) -> None:
        """Take one path or several; `by` says what becomes a LangChain document: a document, or each passage."""
        self.paths = [Path(path) for path in ([paths] if isinstance(paths, str | Path) else paths)]
        self.by = by
        self.refused: dict[str, str] = {}

    def lazy_load(self) -> Iterator[Document]:
        """One file after another is read as its documents are asked for."""
        self.refused = {}
        files = Files(self.paths, refuse=self.refused.__setitem__)
        for path in files.paths:
            for file in files.open(path):
                try:
                    yield from self._documents(file)
                except RefusedError as error:
                    self.refused[file.path] = str(error)

    def _documents(self, file: File) -> Iterator[Document]:
        blocks = read_outlined(file.data, file.name)
        found = overrule(metadata(blocks, file.name), file.row)
        source = {"source": file.path, "document": file.name}
        if self.by == "document":
            yield Document(page_content=document_text(blocks), metadata=source | document_fields_of(found))
            return
        for passage in passages(blocks):
            yield Document(page_content=passage.text, metadata=source | passage_fields_of(found, passage))
