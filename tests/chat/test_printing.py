"""What the command line prints of an answer."""

from __future__ import annotations

from kb.chat.printing import answer_text
from kb.types import Answer, Passage, Status
from tests.answers import citation_of, document_of, marked_lines


def test_quotes_of_one_marker_and_passage_are_printed_together() -> None:
    """One entry for [1], with both quotes; one for [2], which quotes another passage."""
    first = Passage(text="渡口：听潮渡", heading=(), start=0, end=6)
    second = Passage(text="全年停航3天。", heading=(), start=20, end=27)
    document = document_of()
    citations = (
        citation_of(document, first, "渡口"),
        citation_of(document, first, "听潮渡"),
        citation_of(document, second, "全年停航3天。", marker=2),
    )
    answer = Answer(status=Status.ANSWERED, lines=marked_lines("渡口：听潮渡[1]", citations), citations=citations)
    assert ["[1] 年度报告（r.txt）", "    “渡口” / “听潮渡”", "", "[2] 年度报告（r.txt）", "    “全年停航3天。”"] == (
        answer_text(answer).splitlines()[2:]
    )
