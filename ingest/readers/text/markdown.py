"""Markdown: # headings, paragraphs, lists, pipe tables; the marks of emphasis and links go."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.lines import join, tidy
from ingest.readers.tables import read_rows
from ingest.readers.text.decoding import decode
from kb.types import Block, BlockKind

_HEADING = re.compile(r" {0,3}(#{1,6})(?:\s+(.*?))?(?:\s+#+)?\s*")
_UNDERLINE = re.compile(r" {0,3}(=+|-{2,})\s*")
_RULE = re.compile(r" {0,3}([-*_])(?:\s*\1){2,}\s*")
_BULLET = re.compile(r"\s*[-*+]\s+(?:\[[ xX]\]\s+)?(.*)")
_NUMBER = re.compile(r"\s*(\d{1,3}[.)]\s.*)")
_FENCE = re.compile(r"\s*(```|~~~)")
_DELIMITER = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")
_QUOTE = re.compile(r" {0,3}(?:>\s?)+")
_BREAK = re.compile(r"(?:\s{2,}|\\|<br\s*/?>)$")

# In this order: an image holds no link, a link may hold emphasis.
_INLINE = (
    (re.compile(r"!\[([^\[\]]*)\]\([^()]*\)"), r"\1"),
    (re.compile(r"\[([^\[\]]+)\]\([^()]*\)"), r"\1"),
    (re.compile(r"<(https?://[^>]+)>"), r"\1"),
    (re.compile(r"</?[A-Za-z][^<>]*>"), " "),
    (re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<!\*)\*(?=[^\s*])([^*]+)\*(?!\*)"), r"\1"),
    (re.compile(r"(`+)(.+?)\1"), r"\2"),
    (re.compile(r"~~(.+?)~~"), r"\1"),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!|<>~-])"), r"\1"),
)


def read(data: bytes) -> list[Block]:
    """Blocks with the heading levels of the marks. Raises RefusedError for bytes that are no text."""
    return [block for block in _blocks(_without_comments(decode(data)).splitlines()) if block.text]


def _without_comments(text: str) -> str:
    """What stands outside <!-- and -->; one that is not closed stays. Each character is looked at once."""
    kept, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start)) >= 0:
        kept.append(text[at:start])
        at = end + 3
    return "".join([*kept, text[at:]])


def _blocks(lines: list[str]) -> Iterator[Block]:
    open_text, open_kind = "", BlockKind.PARAGRAPH
    fenced = False
    at = 0

    def close() -> Iterator[Block]:
        nonlocal open_text, open_kind
        yield Block(text=_plain(open_text), kind=open_kind)
        open_text, open_kind = "", BlockKind.PARAGRAPH

    while at < len(lines):
        line = _QUOTE.sub("", lines[at])
        at += 1
        if _FENCE.match(line):
            yield from close()
            fenced = not fenced
        elif fenced:
            yield Block(text=tidy(line))
        elif match := _HEADING.fullmatch(line):
            yield from close()
            yield Block(text=_plain(match[2] or ""), kind=BlockKind.HEADING, level=len(match[1]))
        elif open_text and open_kind is BlockKind.PARAGRAPH and (match := _UNDERLINE.fullmatch(line)):
            yield Block(text=_plain(open_text), kind=BlockKind.HEADING, level=1 if match[1][0] == "=" else 2)
            open_text = ""
        elif not line.strip() or _RULE.fullmatch(line):
            yield from close()
        elif "|" in line and at < len(lines) and "|" in lines[at] and _DELIMITER.fullmatch(lines[at]):
            yield from close()
            end = next((i for i in range(at + 1, len(lines)) if "|" not in lines[i]), len(lines))
            rows = [[_plain(cell) for cell in _cells(row)] for row in (line, *lines[at + 1 : end])]
            yield from read_rows(rows, num_head_rows=1)[0] if len(rows) > 1 else ()
            at = end
        elif match := _BULLET.fullmatch(line) or _NUMBER.fullmatch(line):
            yield from close()
            open_text, open_kind = match[1], BlockKind.LIST_ITEM
        else:
            open_text = join(open_text, line.strip())
            if _BREAK.search(line):  # a line break that is meant
                open_text = _BREAK.sub("", open_text)
                yield from close()
    yield from close()


def _cells(row: str) -> list[str]:
    return re.split(r"(?<!\\)\|", row.strip().removeprefix("|").removesuffix("|"))


def _plain(text: str) -> str:
    for pattern, replacement in _INLINE:
        text = pattern.sub(replacement, text)
    return tidy(text)
