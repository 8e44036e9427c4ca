"""How many cells of the tables of web pages stand in what is read of them, as a Markdown table.

    python -m benchmarks.table_cells FOLDER… [--missing]

A table counts that holds no other table, has two rows with two cells or more, and is not mostly links to other pages,
wherever it stands in the page; what is told of it here does not come from the reader that is measured. Cells are
compared without white space. `--missing` prints each cell that is not found, so that an eye can tell whether it is
furniture of the page.
"""

from __future__ import annotations

import argparse
import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.reading import table
from ingest.readers.text.decoding import decode
from ingest.readers.text.html import declared
from ingest.structure.passages import document_text
from ingest.worker import read_outlined
from kb.errors import RefusedError

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_MOSTLY = 0.5
_MIN = 2  # rows, and cells of a row


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCells:
    """The cells of a page's tables, in order, and those of them that its text lacks."""

    name: str
    num_tables: int
    cells: tuple[str, ...]
    missing: tuple[str, ...]


def main() -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--missing", action="store_true")
    options = parser.parse_args()
    pages = [
        count(path)
        for folder in options.folders
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in (".htm", ".html", ".shtml")
    ]
    read = [page for page in pages if page is not None]
    rows = [
        (page.name, str(page.num_tables), str(len(page.cells)), str(len(page.cells) - len(page.missing)))
        for page in read
        if page.cells
    ]
    num_cells, num_missing = sum(len(page.cells) for page in read), sum(len(page.missing) for page in read)
    rows.append(("", str(sum(page.num_tables for page in read)), str(num_cells), str(num_cells - num_missing)))
    print(table(("page", "tables", "cells", "in the text"), rows))
    if options.missing:
        for page in read:
            for cell in page.missing:
                print(f"{page.name}: {cell}")


def count(path: Path) -> PageCells | None:
    """The cells of one page; None where it is refused."""
    import lxml.html

    data = path.read_bytes()
    try:
        text = _folded(document_text(read_outlined(data, path.name)))
    except RefusedError as error:
        print(f"{path.name}: {error}", file=sys.stderr)
        return None
    page = re.sub(r"^\s*<\?xml[^>]*\?>", "", decode(data, declared(data)))
    tree = lxml.html.document_fromstring(page)
    for element in list(tree.iter("script", "style", "select", "noscript", lxml.etree.Comment)):
        element.drop_tree()
    tables = [cells for element in tree.iter("table") if (cells := list(_cells(element)))]
    cells = [cell for of_one in tables for cell in of_one]
    return PageCells(
        name=path.name,
        num_tables=len(tables),
        cells=tuple(cells),
        missing=tuple(cell for cell in cells if cell not in text),
    )


def _cells(element: Element) -> Iterator[str]:
    """The texts of the cells of a table of content; none of another."""
    if element.find(".//table") is not None:
        return
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in element.iter("tr")]
    texts = [[text for cell in row if (text := _folded("".join(cell.itertext())))] for row in rows]
    linked = sum(len(_folded("".join(link.itertext()))) for link in element.iter("a") if link.get("href"))
    size = sum(len(text) for row in texts for text in row)
    if sum(len(row) >= _MIN for row in texts) >= _MIN and linked <= _MOSTLY * size:
        for row in texts:
            yield from row


def _folded(text: str) -> str:
    return re.sub(r"\s", "", "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cc")))


if __name__ == "__main__":
    main()
