"""Turns → one answer as plain text, a conversation as Markdown or as a Word document.

Each citation says where its words stand. All words of documents and readers stay text: nothing of them is markup
in Markdown, or a field, a link or a formula in Word.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from kb.chat.conversation import Turn
from kb.types import Answer, Citation, Document, Ending, Within, in_rows, text_of

_NOTICE = "回答由程序摘自已公开的文件，可能不全；办事请以文件原文和主管部门的答复为准。"
_TITLE = "问政对话记录"
_ENDINGS = {
    Ending.SUPERSEDED: "此件已有新版",
    Ending.WITHDRAWN: "此件已撤下",
    Ending.REMOVED: "此件已移出",
}
_SPECIAL = re.compile(r"([\\`*_\[\]<>|~#&$])")
_OPENING = re.compile(r"^(\s*\d*)([-+=.)])", re.MULTILINE)
_NOT_IN_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def plain_text(turn: Turn) -> str:
    """A question and its answer as plain text, with a line for each citation."""
    return "\n".join((f"问：{turn.question}", f"答：{turn.answer.text}", *_searched(turn), *_sources(turn)))


def markdown(turns: Sequence[Turn], at: datetime) -> str:
    """A conversation as Markdown, exported at `at`."""
    pieces = [f"# {_TITLE}", f"{_when(at)}。{_NOTICE}"]
    for turn in turns:
        pieces.append(f"## {_escaped(' '.join(turn.question.split()))}")
        pieces += [_escaped(line) for line in (*_searched(turn), *rows_of(turn.answer))]
        if turn.answer.citations:
            pieces.append("\n".join(f"- {_escaped(line)}" for line in _cited(turn)))
    return "\n\n".join(pieces) + "\n"


def word(turns: Sequence[Turn], at: datetime) -> bytes:
    """A conversation as a Word document, exported at `at`."""
    from docx import Document as Paper
    from docx.oxml.ns import qn

    paper = Paper()
    for style in ("Normal", "Title", "Heading 1"):  # else Word sets Chinese in whatever its reader has
        properties = paper.styles[style].element.get_or_add_rPr()
        properties.get_or_add_rFonts().set(qn("w:eastAsia"), "宋体" if style == "Normal" else "黑体")
    paper.core_properties.title = _TITLE
    paper.core_properties.author = "问政"
    paper.add_heading(_TITLE, level=0)
    paper.add_paragraph(f"{_when(at)}。{_NOTICE}")
    for turn in turns:
        paper.add_heading(_clean(" ".join(turn.question.split())), level=1)
        for line in (*_searched(turn), *rows_of(turn.answer)):
            paper.add_paragraph(_clean(line))
        for line in _cited(turn):
            paper.add_paragraph(_clean(line), style="List Bullet")
    written = io.BytesIO()
    paper.save(written)
    return written.getvalue()


def rows_of(answer: Answer) -> list[str]:
    """The rows of an answer, with marks."""
    return [text_of(row) for row in in_rows(answer.lines)]


def place_text(citation: Citation) -> str:
    """Where a quote stands: title, issuer, year, number, heading and page."""
    metadata = citation.document.metadata
    return "，".join(
        filter(
            None,
            (
                f"《{metadata.title.strip('《》')}》",
                metadata.issuer,
                f"{metadata.year}年" if metadata.year else "",
                metadata.number,
                " › ".join(citation.heading),
                f"第{citation.page}页" if citation.page else "",
                ending_text(citation.document),
            ),
        )
    )


def ending_text(document: Document) -> str:
    """Why a document is no longer answered from, in words; "" while it is."""
    return _ENDINGS[document.ended_by] if document.ended_by else ""


def within_text(within: Within) -> str:
    """The documents that a question was limited to, in words; "" where it was asked of all."""
    rows = (within.issuers, [f"{year}年" for year in within.years], within.kinds)
    return " · ".join("、".join(row) for row in rows if row)


def _searched(turn: Turn) -> list[str]:
    return [f"查找范围：{within_text(turn.within)}"] if turn.within else []


def _sources(turn: Turn) -> list[str]:
    return ["出处：", *_cited(turn)] if turn.answer.citations else []


def _cited(turn: Turn) -> Iterator[str]:
    for citation in turn.answer.citations:
        quote = "" if citation.document.ended_by is Ending.WITHDRAWN else f"：“{citation.quote.strip()}”"
        yield f"[{citation.marker}] {place_text(citation)}{quote}"


def _when(at: datetime) -> str:
    return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"


def _escaped(words: str) -> str:
    """Words as Markdown that is read as these words."""
    return _OPENING.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", words))


def _clean(words: str) -> str:
    """Words without the characters that no Word document can hold."""
    return _NOT_IN_XML.sub("", words)
