"""Whether every line is filed under the article that it belongs to.

    python -m benchmarks.articles FOLDER [--show]

In the text of each file below FOLDER the articles are counted by hand, as it were: a line that begins with 第十五条 begins an
article, if no word goes on with the number as in 第十五条规定的, and a line near it begins with the article before or behind;
else a text quotes it. Then every line is sought among the sections and the
passages of the document, and the article there compared.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.structure.numbering import value_of
from ingest.structure.passages import document_text, passages
from ingest.structure.sections import sections
from ingest.worker import read_outlined
from kb.errors import RefusedError
from kb.types import Block, BlockKind, Passage, Section, SectionKind

_COUNT = re.compile(r"[一二三四五六七八九十百零〇\d]+")
_ARTICLE = re.compile(r"\s*(第[一二三四五六七八九十百零〇\d]+条(?:之[一二三四五六七八九十]+)?)(?=[\s：:（(【]|$)")


@dataclass(frozen=True, slots=True)
class Filed:
    """A line that begins with an article's number, and where it is filed."""

    line: str
    number: str
    section: str  # the number of the article among the sections; "" where it is filed under none
    heading: str  # the number of the article in the heading of the passage

    @property
    def is_right(self) -> bool:
        return self.number == self.section == self.heading


def filed(blocks: Sequence[Block]) -> Iterator[Filed]:
    """Every line that begins an article, with the article under which it is filed."""
    text = document_text(blocks)
    found, held = sections(blocks), passages(blocks)
    start = 0
    for block in blocks:
        match = _ARTICLE.match(block.text)
        if match and block.kind is not BlockKind.TABLE_ROW:
            place = start + match.start(1)
            # The text of an article stands in a line of its own behind the number.
            behind = min(start + len(block.text) + 1, len(text) - 1)
            yield Filed(block.text, match[1], _article_at(found, place), _heading_at(held, behind))
        start += len(block.text) + 1


def _is_quoted(line: Filed, lines: Sequence[Filed]) -> bool:
    """Whether no other line begins with the article before or behind that of this one."""
    numbers = {other.number for other in lines}
    value = value_of(_COUNT.findall(line.number)[0])
    return value > 1 and not {value - 1, value + 1} & {value_of(_COUNT.findall(number)[0]) for number in numbers}


def _article_at(found: Sequence[Section], place: int) -> str:
    around = [
        section.number
        for section in found
        if section.kind is SectionKind.ARTICLE and section.start <= place < section.end
    ]
    return around[-1] if around else ""


def _heading_at(held: Sequence[Passage], place: int) -> str:
    passage = next((passage for passage in held if passage.start <= place < passage.end), None)
    numbers = [match[1] for heading in (passage.heading if passage else ()) if (match := _ARTICLE.match(heading))]
    return numbers[-1] if numbers else ""


def main() -> None:
    """Read the files, and print how many lines begin an article and how many of them are filed wrongly."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", action="store_true", help="print the lines that are filed wrongly")
    arguments = parser.parse_args()
    total = wrong = files = 0
    for path in sorted(path for path in arguments.folder.rglob("*") if path.is_file()):
        try:
            blocks = read_outlined(path.read_bytes(), path.name)
        except RefusedError:
            continue
        found = list(filed(blocks))
        lines = [line for line in found if not _is_quoted(line, found)]
        files += bool(lines)
        total += len(lines)
        for line in lines:
            if not line.is_right:
                wrong += 1
                if arguments.show:
                    print(path.name, line.section or "–", line.heading or "–", line.line[:60], sep=" | ")
    print(f"{files} files with articles, {total} lines that begin one, {wrong} filed wrongly")


if __name__ == "__main__":
    main()
