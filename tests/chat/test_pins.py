"""Pins: an editor's answer stands on quotes, wins for the same question only, and falls with its documents."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from kb.chat.json_fields import answer_fields
from kb.chat.pins import Draft, GivenQuote, Pin, Pins
from kb.errors import PinError
from kb.search.index import Index
from kb.search.retriever import Retriever
from kb.storage.catalogue import Catalogue
from kb.types import Status, Within
from tests.conftest import Synchronise

Hold = Callable[[Mapping[str, str]], Retriever]

FIRST = "2024_云澜区司法局_法治政府建设年度报告.txt"
SECOND = "2023_云澜区司法局_法治政府建设年度报告.txt"
TEXTS = {
    FIRST: "云澜区司法局2024年法治政府建设年度报告\n一、学法\n全年组织学法17次，参加1,108人次。\n二、复议\n办理复议5件。\n",
    SECOND: "云澜区司法局2023年法治政府建设年度报告\n一、学法\n全年组织学法12次。\n",
}
QUESTION = "2024年组织学法多少次？"


@pytest.fixture
def retriever(hold: Hold) -> Retriever:
    return hold(TEXTS)


@pytest.fixture
def pins(tmp_path: Path) -> Pins:
    return Pins(tmp_path / "pins.sqlite3", now=lambda: datetime.datetime(2026, 3, 10, 4, 0, tzinfo=datetime.UTC))


def id_of(retriever: Retriever, name: str) -> int:
    return next(document.id for document in retriever.gazetteer().documents.values() if document.name == name)


def draft(
    retriever: Retriever,
    text: str = "2024年学法17次。[1]",
    words: str = "全年组织学法17次",
    wordings: tuple[str, ...] = (QUESTION,),
) -> Draft:
    quote = GivenQuote(document=id_of(retriever, FIRST), words=words)
    return Draft(wordings=wordings, text=text, quotes=(quote,))


def end(data: Path, retriever: Retriever, name: str, *, restore: bool = False) -> None:
    """Withdraw or restore a document as an ingest does."""
    with Catalogue(data / "catalogue.sqlite3") as catalogue:
        (catalogue.restore if restore else catalogue.withdraw)(catalogue.named(name)[0].id)
        Index(data / "index").build(catalogue, retriever.encoder.name)


# Making -----------------------------------------------------------------------------------------------------------


def test_a_pin_answers_with_quotes_that_stand(pins: Pins, retriever: Retriever) -> None:
    """Its answer has citations, evidence and a note; each quote stands in its document at its span."""
    pins.save(draft(retriever), by="小王", retriever=retriever)
    answer = pins.answer(QUESTION, retriever=retriever)
    assert answer is not None
    assert (Status.ANSWERED, "2024年学法17次。[1]") == (answer.status, answer.text)
    [citation] = answer.citations
    text = retriever.catalogue.text(citation.document.id)
    assert "全年组织学法17次" == citation.quote == text[citation.start : citation.end]
    assert ("一、学法",) == citation.heading
    assert citation.quote in citation.passage.text
    assert [1] == [evidence.marker for evidence in answer.evidence]
    assert "本回答由工作人员于2026年3月10日核定。" == answer.pinned == answer_fields(None, answer)["pinned"]
    assert "小王" not in answer.pinned


@pytest.mark.parametrize(
    ("text", "words", "wordings", "reason"),
    [
        ("学法18次。[1]", "全年组织学法17次", (QUESTION,), "18次"),
        ("学法17次，参加1108人次。[1]", "全年组织学法17次", (QUESTION,), "1108人次"),
        ("学法一百次。[1]", "全年组织学法17次", (QUESTION,), "一百次"),
        ("2023年学法17次。[1]", "全年组织学法17次", (QUESTION,), "2023年"),
        ("学法17次。[1]", "全年组织学法十七次", (QUESTION,), "一字不改"),
        ("学法17次。[2]", "全年组织学法17次", (QUESTION,), "没有对应的引文"),
        ("学法17次。", "全年组织学法17次", (QUESTION,), "没有在回答中标出"),
        ("  ", "全年组织学法17次", (QUESTION,), "请写下回答"),
        ("学法17次。[1]", " ", (QUESTION,), "照原文摘录"),
        ("学法17次。[1]", "全年组织学法17次", (), "问法"),
        ("学法17次。[1]", "全年组织学法17次", ("？",), "问法"),
        ("长" * 5000 + "[1]", "全年组织学法17次", (QUESTION,), "最多"),
    ],
)
def test_what_does_not_stand_is_refused(
    pins: Pins, retriever: Retriever, text: str, words: str, wordings: tuple[str, ...], reason: str
) -> None:
    """The reason is told, and nothing is pinned."""
    with pytest.raises(PinError, match=reason):
        pins.save(draft(retriever, text, words, wordings), by="小王", retriever=retriever)
    assert [] == pins.pins()


def test_a_figure_stands_in_a_quote_that_its_own_line_marks(pins: Pins, retriever: Retriever) -> None:
    """Figures of two documents may not change places."""
    quotes = (
        GivenQuote(document=id_of(retriever, FIRST), words="全年组织学法17次"),
        GivenQuote(document=id_of(retriever, SECOND), words="全年组织学法12次"),
    )
    swapped = Draft(wordings=(QUESTION,), text="2024年学法12次。[1]\n2023年学法17次。[2]", quotes=quotes)
    with pytest.raises(PinError, match="12次"):
        pins.save(swapped, by="小王", retriever=retriever)
    right = Draft(wordings=(QUESTION,), text="2024年学法17次。[1]\n2023年学法12次。[2]", quotes=quotes)
    pins.save(right, by="小王", retriever=retriever)
    answer = pins.answer(QUESTION, retriever=retriever)
    assert answer is not None
    assert [1, 2] == [citation.marker for citation in answer.citations]


def test_quotes_of_one_passage_share_a_marker(pins: Pins, retriever: Retriever) -> None:
    """As everywhere: the marker is that of the evidence."""
    document = id_of(retriever, FIRST)
    quotes = (
        GivenQuote(document=document, words="全年组织学法17次"),
        GivenQuote(document=document, words="参加1,108人次"),
        GivenQuote(document=document, words="办理复议5件"),
    )
    given = Draft(wordings=(QUESTION,), text="学法17次，1108人次。[1][2]\n复议5件。[3]", quotes=quotes)
    pins.save(given, by="小王", retriever=retriever)
    answer = pins.answer(QUESTION, retriever=retriever)
    assert answer is not None
    assert "学法17次，1108人次。[1]\n复议5件。[2]" == answer.text
    assert [1, 1, 2] == [citation.marker for citation in answer.citations]
    assert [1, 2] == [evidence.marker for evidence in answer.evidence]


def test_a_quote_is_found_across_line_breaks(pins: Pins, retriever: Retriever) -> None:
    """White space that an editor copied otherwise does not count; what is kept is the document's own."""
    pin = pins.save(draft(retriever, "学法17次。[1]", "一、学法 全年组织\n学法17次"), by="小王", retriever=retriever)
    assert "一、学法\n全年组织学法17次" == pin.quotes[0].quote


def test_a_wording_is_pinned_once(pins: Pins, retriever: Retriever) -> None:
    """The same question in another pin is refused; the pin itself may be changed."""
    pin = pins.save(draft(retriever), by="小王", retriever=retriever)
    again = draft(retriever, wordings=("请问２０２４年组织学法多少次", "学法情况"))
    with pytest.raises(PinError, match="已有核定的回答"):
        pins.save(again, by="小李", retriever=retriever)
    assert [pin] == pins.pins()
    changed = pins.save(again, by="小李", retriever=retriever, pin=pin.id)
    assert ("小李", ("请问２０２４年组织学法多少次", "学法情况")) == (changed.changed_by, changed.wordings)
    pins.remove(pin.id)
    assert [] == pins.pins()
    assert pins.answer(QUESTION, retriever=retriever) is None
    with pytest.raises(PinError, match="已被删除"):
        pins.save(again, by="小李", retriever=retriever, pin=pin.id)


# Winning ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["请问2024年組織學法多少次?", "２０２４年 组织学法，多少次", "学法搞了几回？"])
def test_it_wins_for_the_same_question_and_its_other_wordings(pins: Pins, retriever: Retriever, asked: str) -> None:
    """However it is typed, and for each wording."""
    pins.save(draft(retriever, wordings=(QUESTION, "学法搞了几回？")), by="小王", retriever=retriever)
    assert pins.answer(asked, retriever=retriever) is not None


@pytest.mark.parametrize(
    "asked", ["2023年组织学法多少次？", "2024年组织学法几次？", "2024年组织学法多少次和多少人？", ""]
)
def test_it_wins_for_no_other_question(pins: Pins, retriever: Retriever, asked: str) -> None:
    """However alike."""
    pins.save(draft(retriever), by="小王", retriever=retriever)
    assert pins.answer(asked, retriever=retriever) is None


def test_it_keeps_to_what_a_reader_chose(pins: Pins, retriever: Retriever) -> None:
    """A pin whose documents are not among those chosen does not answer."""
    pins.save(draft(retriever), by="小王", retriever=retriever)
    assert pins.answer(QUESTION, retriever=retriever, within=Within(years=(2024,))) is not None
    assert pins.answer(QUESTION, retriever=retriever, within=Within(years=(2023,))) is None


# Falling ----------------------------------------------------------------------------------------------------------


def saved(pins: Pins, retriever: Retriever) -> Pin:
    pin = pins.save(draft(retriever), by="小王", retriever=retriever)
    assert () == pins.out_of_force(pin, retriever)
    return pin


def test_a_withdrawn_document_takes_its_pins_with_it(pins: Pins, retriever: Retriever, data: Path) -> None:
    """And brings them back."""
    pin = saved(pins, retriever)
    end(data, retriever, FIRST)
    assert pins.answer(QUESTION, retriever=retriever) is None
    [reason] = pins.out_of_force(pin, retriever)
    assert "已撤回" in reason
    end(data, retriever, FIRST, restore=True)
    assert pins.answer(QUESTION, retriever=retriever) is not None


def test_a_new_version_takes_pins_out_of_force(
    pins: Pins, retriever: Retriever, folder: Path, run: Synchronise
) -> None:
    """Even where it has the same words: an editor looks again."""
    pin = saved(pins, retriever)
    (folder / FIRST).write_text(TEXTS[FIRST].replace("5件", "6件"), encoding="utf-8")
    run(folder)
    assert pins.answer(QUESTION, retriever=retriever) is None
    [reason] = pins.out_of_force(pin, retriever)
    assert "已被新版取代" in reason


def test_a_removed_document_takes_pins_out_of_force(
    pins: Pins, retriever: Retriever, folder: Path, run: Synchronise
) -> None:
    """The reason names it although it is gone."""
    pin = saved(pins, retriever)
    (folder / FIRST).unlink()
    run(folder)
    assert pins.answer(QUESTION, retriever=retriever) is None
    [reason] = pins.out_of_force(pin, retriever)
    assert "移除" in reason and "2024年" in reason


def test_another_document_with_the_same_id_is_not_quoted(
    pins: Pins, retriever: Retriever, folder: Path, run: Synchronise, tmp_path: Path
) -> None:
    """In a data folder that was made anew ids mean other documents; the same file is found under its new id."""
    pin = saved(pins, retriever)
    other = tmp_path / "other"
    (folder / FIRST).rename(folder / "z.txt")
    (folder / "a.txt").write_text("云澜区司法局2022年报告\n全年组织学法17次，是另一份文件。\n", encoding="utf-8")
    run(folder / "a.txt", into=other)
    anew = Retriever(other, retriever.encoder)
    assert pins.answer(QUESTION, retriever=anew) is None
    run(folder, into=other)
    answer = pins.answer(QUESTION, retriever=anew)
    assert answer is not None
    assert "z.txt" == answer.citations[0].document.name
    assert answer.citations[0].document.sha256 == pin.quotes[0].sha256
