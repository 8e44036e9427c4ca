"""News feeds (RSS, Atom): the entries that a site publishes, each with its title as a heading.

Feeds are often no valid XML, so their entries are found by their marks.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator

from ingest.lines import tidy
from ingest.readers.text.decoding import decode
from ingest.readers.text.html import declared
from kb.types import Block, BlockKind

_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]", re.IGNORECASE)
_ENTRY = re.compile(r"<(item|entry)[\s>]", re.IGNORECASE)
_TEXTS = ("content:encoded", "content", "description", "summary", "tagline", "subtitle")
_BREAK = re.compile(r"<(?:br|/?(?:p|div|li|ul|ol|tr|table|h[1-6]|blockquote))\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z!][^<>]*>")
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")


def is_feed(head: bytes) -> bool:
    """Whether a file that begins so is a feed."""
    return _FEED.search(head) is not None


def read(data: bytes) -> list[Block]:
    """The title of the feed, then of each entry its title and its text. Raises RefusedError for bytes that are no text."""
    content = decode(data, declared(data))
    starts = [match.start() for match in _ENTRY.finditer(content)]
    entries = [content[start:end] for start, end in zip(starts, [*starts[1:], len(content)], strict=True)]
    blocks = list(_entry(content[: starts[0]] if starts else content, 1))
    return [*blocks, *(block for entry in entries for block in _entry(entry, 2))]


def _entry(entry: str, level: int) -> Iterator[Block]:
    title = tidy(" ".join(_lines(_element(entry, "title"))))
    if title:
        yield Block(text=title, kind=BlockKind.HEADING, level=level)
    text = next((found for name in _TEXTS if (found := _element(entry, name)).strip()), "")
    if text:
        yield from (Block(text=line) for line in _lines(text))


def _lines(page: str) -> list[str]:
    text = entities.unescape(_TAG.sub("", _BREAK.sub("\n", page)))
    return [line for line in map(tidy, text.split("\n")) if line]


def _element(entry: str, name: str) -> str:
    """The inside of the first element of that name, as HTML; nothing where there is none."""
    start = re.search(rf"<{name}(?:\s[^<>]*)?>", entry, re.IGNORECASE)
    if start is None:
        return ""
    end = entry.find(f"</{name}", start.end())
    inside = entry[start.end() : end if end >= 0 else len(entry)]
    is_marked = "<![CDATA[" in inside or "<" in inside
    return _CDATA.sub("", inside) if is_marked else entities.unescape(inside)
