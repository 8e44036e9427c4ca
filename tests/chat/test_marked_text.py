"""Text with marks, as editors and browsers give it, and the lines of an answer that it becomes."""

from __future__ import annotations

import pytest

from kb.chat.marked_text import renumbered
from kb.types import AnswerLine, Citation, Document, LineRole, Metadata, PartLabel, Passage, in_rows, replies, text_of
from tests.answers import marked_lines


def citation(marker: int) -> Citation:
    document = Document(
        id=1, name="r.txt", sources=(), sha256="", made_by="", metadata=Metadata(title="报告"), num_passages=1
    )
    passage = Passage(text="学法17次。", heading=(), start=0, end=6)
    return Citation(
        marker=marker, document=document, heading=(), page=None, quote=passage.text, start=0, end=6, passage=passage
    )


@pytest.mark.parametrize(
    "text",
    [
        "学法17次。[1]",
        "学法17次[1]，援助3件。[2]\n办结4件。[1][2]",
        "见[7]。[1]",
        "学法17次。",
        "[1]学法",
        "甲\n乙[2]丙",
    ],
)
def test_text_is_rendered_as_it_was_read(text: str) -> None:
    """Lines read of a text give the same text with their marks."""
    assert text == text_of(marked_lines(text, [citation(1), citation(2)]))


def test_a_row_is_cut_behind_its_marks() -> None:
    """Each piece of a row has the citations of the marks behind it; a mark without citation is text."""
    first, second, third = marked_lines("学法17次[1]，援助3件。[2][1]\n见[7]。", [citation(1), citation(2)])
    assert ("学法17次", (1,), False) == (first.text, first.markers, first.continues)
    assert ("，援助3件。", (2, 1), True) == (second.text, second.markers, second.continues)
    assert ("见[7]。", (), False) == (third.text, third.markers, third.continues)
    assert [[first, second], [third]] == in_rows([first, second, third])


def test_labels_stand_before_the_text() -> None:
    """Issuer and year of the parts stand before a line, with a colon; a text without marks can be had, too."""
    labels = (PartLabel(issuer="云澜区", year=2024), PartLabel(issuer="望舒市"))
    line = AnswerLine(text="学法17次。", citations=(citation(1), citation(1)), labels=labels)
    assert "云澜区2024年、望舒市：学法17次。[1]" == text_of([line])
    assert "云澜区2024年、望舒市：学法17次。" == text_of([line], marked=False)
    assert not PartLabel()


def test_replies_are_lines_of_their_own_role() -> None:
    """What a refusal says has a line for each row."""
    assert ["甲。", "乙。"] == [line.text for line in replies("甲。\n乙。")]
    assert {LineRole.REPLY} == {line.role for line in replies("甲。\n乙。")}


def test_marks_are_renumbered() -> None:
    """A mark may stand for several quotes, or for none that is left."""
    assert "甲[2][3]乙" == renumbered("甲[1]乙[4]", {1: [2, 3]})
