"""What a web page is called: what it declares, where its text bears that out, or else its own headings."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from ingest.lines import join, tidy
from ingest.readers.text.page_blocks import PageBlock
from kb.chinese.lexicon import read_lexicon
from kb.types import BlockKind

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_LEXICON = read_lexicon(__name__)
_SITE_NAME = _LEXICON["site_name"]
_TITLE = _LEXICON["title"]
_NO_TITLE = _LEXICON["no_title"]
_LETTERHEAD = _LEXICON["letterhead"]
_NAMED = _LEXICON["named"]
_FACT_LINE = _LEXICON["fact_line"]

_SITE = re.compile(r"\s*[_|｜]\s*|\s+[-–—]+\s+|\s*--+\s*")
_ANY_SEPARATOR = re.compile(r"[_|｜\-–—\s]+")
_MAX_LINES = 5  # over which a title is set
_MAX_BEFORE = 12  # blocks before the title
_MIN_TITLE, _MAX_TITLE = 4, 100  # characters
_MAX_BOLD = 45
_MIN_BOLD = 2  # headings in bold of a page that has such
_ENDS = re.compile(r"[。！!；;，,、…：:？?][”’」』）)]*$")
_NUMBERED = re.compile(r"第[一二三四五六七八九十]{1,3}[编章节条]|[一二三四五六七八九十]{1,3}、")
_BULLET = re.compile(r"^[■●▪•·★◆]\s*")
_NUMBER = re.compile(r"[（(][^（()）]*\d+号[）)]$")


def declared_titles(tree: Element) -> list[str]:
    """What the page may be called, the surest first: the whole of what it declares, and parts without the site's name."""
    titles: list[str] = []
    for meta in tree.iter("meta"):
        if meta.get("name", "").lower() == "articletitle":  # the standard name on government sites
            titles.append(tidy(meta.get("content", "")))
    title = tidy(tree.findtext(".//title") or "")
    titles += [_SITE.split(title)[0], title]
    titles += [title[: match.start()] for match in reversed(list(_ANY_SEPARATOR.finditer(title)))]
    return list(dict.fromkeys(title.strip() for title in titles if title.strip()))


def named_titles(facts: Sequence[PageBlock]) -> list[str]:
    """The titles that facts about the document name, as 标题：… does."""
    return [match[1].strip() for found in facts if (match := _NAMED.match(found.block.text))]


def is_fact_line(text: str) -> bool:
    """Whether a line says who published the document, when, or under which number."""
    return bool(_FACT_LINE.match(text))


def is_letterhead(text: str) -> bool:
    """Whether a line names the paper that a document is printed on: 某市人民政府文件."""
    return bool(_LETTERHEAD.match(text))


def looks_like_a_title(text: str) -> bool:
    """Whether a line ends as the title of a document does, and is no letterhead."""
    return _MIN_TITLE <= len(text) <= _MAX_TITLE and bool(_TITLE.search(text)) and not _NO_TITLE.match(text)


def title_of(
    facts: Sequence[PageBlock], blocks: Sequence[PageBlock], declared: Sequence[str]
) -> tuple[str, Sequence[PageBlock]]:
    """The title of the page and the blocks of its main part without it; empty where nothing in it looks like one."""
    for i, found in enumerate(blocks[:_MAX_BEFORE]):
        if found.block.level == 1 and not is_fact_line(found.block.text) and not is_letterhead(found.block.text):
            return found.block.text, [*blocks[:i], *blocks[i + 1 :]]
    named = named_titles([*facts, *blocks[:_MAX_BEFORE]])
    for title in (*declared, *named):
        if len(title) >= _MIN_TITLE and not is_letterhead(title) and (place := _place(blocks, title)):
            start, end = place
            return title, [*blocks[:start], *blocks[end:]]
    if blocks and blocks[0].block.kind is BlockKind.HEADING:
        first = blocks[0].block.text
        if not is_fact_line(first) and not is_letterhead(first):
            return first, blocks[1:]
    if named:
        return named[0], blocks
    if declared and not _SITE_NAME.match(declared[0]) and not is_letterhead(declared[0]):
        return declared[0], blocks
    return _set_out(blocks)


def with_bold_headings(blocks: Sequence[PageBlock]) -> Sequence[PageBlock]:
    """`blocks` with short lines in bold over text as headings, where the page numbers none of its sections."""
    if any(_NUMBERED.match(found.block.text) for found in blocks):
        return blocks
    places = [i for i, (found, after) in enumerate(pairwise(blocks)) if _is_bold_heading(found) and not _is_bold(after)]
    if len(places) < _MIN_BOLD:
        return blocks
    headed = list(blocks)
    for i in places:
        heading = replace(blocks[i].block, kind=BlockKind.HEADING)
        headed[i] = replace(blocks[i], block=heading)
    return headed


def _is_bold_heading(found: PageBlock) -> bool:
    text = found.block.text
    is_line = found.block.kind is BlockKind.PARAGRAPH and len(text) <= _MAX_BOLD and not _ENDS.search(text)
    return is_line and _is_bold(found) and not is_fact_line(text)


def _is_bold(found: PageBlock) -> bool:
    return found.num_bold >= len("".join(found.block.text.split()))


def _set_out(blocks: Sequence[PageBlock]) -> tuple[str, Sequence[PageBlock]]:
    """The title that is set in the middle or in bold lines before the text, below the letterhead; the blocks without it.

    Failing that the first line, where it ends as a title does.
    """
    for start, found in enumerate(blocks[:_MAX_BEFORE]):
        lines = list(itertools.takewhile(_may_be_title, blocks[start : start + _MAX_LINES]))
        while lines and not looks_like_a_title(_joined(lines)):
            lines.pop()
        if not lines and start == 0 and looks_like_a_title(found.block.text):
            lines = [found]
        if lines:
            return _BULLET.sub("", _joined(lines)), [*blocks[:start], *blocks[start + len(lines) :]]
    return "", blocks


def _may_be_title(found: PageBlock) -> bool:
    text = found.block.text
    return (found.is_centred or _is_bold(found)) and not found.is_in_table and not _NO_TITLE.match(text)


def _place(blocks: Sequence[PageBlock], title: str) -> tuple[int, int] | None:
    """Where the lines first stand that make up the title, its document number maybe left out."""
    wanted = {_folded(title), _folded(_NUMBER.sub("", title))}
    for start in range(min(len(blocks), _MAX_BEFORE)):
        text = ""
        for end in range(start, min(len(blocks), start + _MAX_LINES)):
            text += _folded(blocks[end].block.text)
            if text in wanted:
                return start, end + 1
            if not any(title.startswith(text) for title in wanted):
                break
    return None


def _joined(blocks: Sequence[PageBlock]) -> str:
    text = ""
    for found in blocks:
        text = join(text, found.block.text)
    return text


def _folded(text: str) -> str:
    return "".join(text.split())
