"""What a reader takes along: every answer with where it stands, and nothing in it that acts."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import docx

from kb.chat.conversation import Turn
from kb.chat.export import markdown, plain_text, word
from kb.types import Answer, Ending, Passage, Status, Within, replies
from tests.answers import citation_of, document_of, marked_lines

AT = datetime(2026, 11, 24, 9, 5, tzinfo=UTC)
HOSTILE = "# 题 <img src=x> [点](http://x) `a` *b* =1+1 \x00\x1f |c| &lt; $x$"


def turn(question: str = "学法多少次？", text: str = "学法17次。[1]", **metadata: object) -> Turn:
    """A turn whose answer quotes the whole of one passage."""
    known = {"title": "年度报告", "issuer": "云澜区司法局", "year": 2024, "number": "云司〔2025〕1号"}
    document = document_of(**{**known, **metadata})
    passage = Passage(text="学法17次。", heading=("一、成效",), start=0, end=6, page=3)
    citation = citation_of(document, passage, passage.text)
    answer = Answer(status=Status.ANSWERED, lines=marked_lines(text, [citation]), citations=(citation,))
    return Turn(question=question, answer=answer, within=Within(years=(2024,)))


def paragraphs(written: bytes) -> list[str]:
    """The paragraphs of a Word document."""
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(written)).paragraphs]


def test_answer_is_copied_with_its_sources() -> None:
    """Plain text holds question, answer, what was searched, and each citation with its quote."""
    assert (
        "问：学法多少次？\n答：学法17次。[1]\n查找范围：2024年\n出处：\n"
        "[1] 《年度报告》，云澜区司法局，2024年，云司〔2025〕1号，一、成效，第3页：“学法17次。”"
    ) == plain_text(turn())


def test_every_turn_is_exported() -> None:
    """Markdown and Word hold every question, every answer and every source, and when they were made."""
    turns = [turn(), turn("援助多少件？", "援助301件。[1]")]
    for words in (markdown(turns, AT), "\n".join(paragraphs(word(turns, AT)))):
        said = words.replace("\\", "")
        assert "2026年11月24日 09:05" in said
        assert all(one in said for one in ("学法多少次？", "学法17次。[1]", "援助多少件？", "援助301件。[1]"))
        assert 2 == said.count("[1] 《年度报告》，云澜区司法局")


def test_hostile_markdown_is_text() -> None:
    """Nothing that a document or a reader says is markup in Markdown."""
    written = markdown([turn(HOSTILE, f"{HOSTILE}\n- 一\n1. 二\n=== ", title=HOSTILE)], AT)
    body = written.partition("## ")[2]
    assert not re.search(r"(?<!\\)[<>\[\]`*|&$]", body)
    assert not re.search(r"^(?:#|[=+]|\d+\.|- 一)", body, flags=re.MULTILINE)


def test_hostile_word_is_text() -> None:
    """Nothing that a document or a reader says is markup, a field or a link in Word; what XML cannot hold is left out."""
    written = word([turn(HOSTILE, HOSTILE, title=HOSTILE)], AT)
    assert "# 题 <img src=x> [点](http://x) `a` *b* =1+1  |c| &lt; $x$" in paragraphs(written)
    with zipfile.ZipFile(io.BytesIO(written)) as parts:
        body = parts.read("word/document.xml").decode()
        links = parts.read("word/_rels/document.xml.rels").decode()
    assert "<img" not in body
    assert "http://x" not in links
    assert not re.search("w:(?:fld|instrText|hyperlink)", body)


def test_withdrawn_words_are_not_taken_along() -> None:
    """Of a document that was withdrawn the citation says so, and quotes nothing."""
    known = turn()
    citation = known.answer.citations[0]
    gone = replace(citation, document=replace(citation.document, ended_by=Ending.WITHDRAWN))
    said = plain_text(replace(known, answer=replace(known.answer, lines=replies("（略）"), citations=(gone,))))
    assert "此件已撤下" in said
    assert "学法17次" not in said
