"""The journal: what was asked is kept, masked, for so many days, and grouped where it stayed unanswered."""

from __future__ import annotations

import csv
import datetime
import io
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kb.chat.journal import DESK, LONGEST_REASON, Journal, JournalFilter
from kb.chat.unanswered import UnansweredQuestions, grouped
from kb.chinese.normalise import phrasing
from kb.errors import StoreError
from kb.search.encoder import Encoder
from kb.search.retriever import Retriever
from kb.types import Answer, Passage, Status, Within, replies
from kb.web.spreadsheet import csv_lines
from tests.answers import citation_of, document_of, marked_lines

NOON = datetime.datetime(2026, 3, 10, 12, 0, tzinfo=datetime.UTC)
REFUSED = Answer(status=Status.UNANSWERABLE_NOT_STATED, lines=replies("库中文件没有写明。"))


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime.datetime:
        return self.now

    def pass_days(self, days: float) -> None:
        self.now += datetime.timedelta(days=days)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def journal(tmp_path: Path, clock: Clock) -> Journal:
    return Journal(tmp_path / "journal.sqlite3", days=30, now=clock)


def rows(folder: Path, query: str) -> list[tuple[Any, ...]]:
    """What the journal's file holds, read beside the journal."""
    with closing(sqlite3.connect(folder / "journal.sqlite3")) as connection:
        return connection.execute(query).fetchall()


def answered(text: str = "17次。[1]", quote: str = "组织学法17次。", **fields: Any) -> Answer:
    passage = Passage(text=quote, heading=("一、学法",), start=5, end=5 + len(quote))
    citation = citation_of(document_of("报告", id_=3, name="a.txt"), passage, quote)
    return Answer(
        status=Status.ANSWERED,
        lines=marked_lines(text, [citation]),
        citations=(citation,),
        timings={"select": 0.25},
        **fields,
    )


# What is kept -----------------------------------------------------------------------------------------------------


def test_an_entry_is_what_was_asked_and_what_it_came_to(journal: Journal) -> None:
    """Question, channel, filters, status, text, quotes, seconds and time."""
    within = Within(issuers=("司法局",), years=(2024,))
    token = journal.record("学法几次？", answered(), channel="api", history=["早"], within=within)
    assert token
    entry = journal.entry(token)
    assert entry is not None
    assert ("学法几次？", "api", ("早",), within) == (entry.question, entry.channel, entry.history, entry.within)
    assert (Status.ANSWERED, "17次。[1]", 0.25, NOON) == (entry.status, entry.text, entry.seconds, entry.asked_at)
    [quote] = entry.quotes
    assert (1, 3, "a.txt", 5, 13, "组织学法17次。") == (
        quote.marker, quote.document, quote.name, quote.start, quote.end, quote.quote,
    )  # fmt: skip
    assert not entry.pinned
    assert entry.good is None


def test_no_personal_data_reaches_the_file(tmp_path: Path, journal: Journal) -> None:
    """Question, history, answer and reason are masked before they are written; what is quoted is public."""
    answer = answered(text="电话022-65123456。[1]您的13812345678不在其中。", quote="电话022-65123456。")
    token = journal.record("13812345678能办吗", answer, channel="page", history=["证11010519491231002X"])
    assert token
    assert journal.rate(token, False, "打我13812345678")
    entry = journal.entry(token)
    assert entry is not None
    assert ("【手机号】能办吗", ("证【证件号】",), "打我【手机号】") == (entry.question, entry.history, entry.reason)
    assert "电话022-65123456。[1]您的【手机号】不在其中。" == entry.text
    journal.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"13812345678" not in kept
    assert b"11010519491231002X" not in kept


def test_a_rating_is_noted_once_and_bounded(journal: Journal) -> None:
    """The last rating counts; its reason is cut; an id that is not kept is told."""
    token = journal.record("问", REFUSED, channel="page")
    assert token
    assert journal.rate(token, True)
    assert journal.rate(token, False, "长" * 1000)
    entry = journal.entry(token)
    assert entry is not None
    assert (False, "长" * LONGEST_REASON) == (entry.good, entry.reason)
    assert not journal.rate("nowhere", True)


def test_old_entries_go_at_the_next_write(tmp_path: Path, journal: Journal, clock: Clock) -> None:
    """After so many days an entry is shown no more, and a write deletes it with its quotes."""
    token = journal.record("旧", answered(), channel="page")
    clock.pass_days(31)
    assert token
    assert journal.entry(token) is None
    assert 0 == journal.count()
    journal.record("新", REFUSED, channel="page")
    assert [(1,)] == rows(tmp_path, "SELECT count(*) FROM entries")
    assert [(0,)] == rows(tmp_path, "SELECT count(*) FROM quotes")


def test_nothing_is_kept_for_no_days(tmp_path: Path) -> None:
    """With 0 there is no entry, no id and no file."""
    journal = Journal(tmp_path / "journal.sqlite3", days=0)
    assert journal.reserve() is None
    assert journal.record("问", REFUSED, channel="page") is None
    assert not journal.rate("x", True)
    assert [] == list(tmp_path.iterdir())


def test_a_write_is_quick(journal: Journal) -> None:
    """The middle one of many takes less than five milliseconds, so that no reader waits for the journal."""
    seconds = []
    for _ in range(50):
        started = time.perf_counter()
        journal.record("2024年组织学法多少次？", answered(), channel="page")
        seconds.append(time.perf_counter() - started)
    assert sorted(seconds)[25] < 0.005


def test_a_broken_file_is_told(tmp_path: Path) -> None:
    """What reads or writes says what is wrong; opening the journal itself costs nothing."""
    path = tmp_path / "journal.sqlite3"
    path.write_bytes(b"no database" * 100)
    journal = Journal(path)
    with pytest.raises(StoreError, match="journal.sqlite3"):
        journal.record("问", REFUSED, channel="page")


# Lists ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("show", "expected"),
    [
        (JournalFilter.ALL, ["坏", "出错", "拒", "答"]),
        (JournalFilter.ANSWERED, ["坏", "答"]),
        (JournalFilter.REFUSED, ["拒"]),
        (JournalFilter.FAILED, ["出错"]),
        (JournalFilter.RATED, ["坏", "答"]),
        (JournalFilter.BAD, ["坏"]),
    ],
)
def test_a_list_keeps_to_what_is_chosen(journal: Journal, show: JournalFilter, expected: list[str]) -> None:
    """Newest first, in pages, and the count is that of the list."""
    good = journal.record("答", answered(), channel="page")
    journal.record("拒", REFUSED, channel="page")
    journal.record("出错", Answer(status=Status.ERROR_INDEX, lines=replies("坏了")), channel="page")
    bad = journal.record("坏", answered(), channel="page")
    assert good
    assert bad
    journal.rate(good, True)
    journal.rate(bad, False)
    assert expected == [entry.question for entry in journal.entries(show)]
    assert len(expected) == journal.count(show)
    assert expected[1:2] == [entry.question for entry in journal.entries(show, limit=1, offset=1)]
    assert expected == [entry.question for entry in journal.each(show, page=1)]


def test_a_list_is_searched_by_words(journal: Journal) -> None:
    """Widths and marks do not count; a sign of the query language is a sign."""
    for question in ("２０２４年，学法几次", "100%吗", "其他"):
        journal.record(question, REFUSED, channel="page")
    assert ["２０２４年，学法几次"] == [entry.question for entry in journal.entries(words="2024年学法")]
    assert ["100%吗"] == [entry.question for entry in journal.entries(words="%")]
    assert 1 == journal.count(words="其他")
    assert 0 == journal.count(words="？")


def test_days_without_questions_are_days(journal: Journal, clock: Clock) -> None:
    """Each day to today has its count of questions and of answers."""
    journal.record("一", answered(), channel="page")
    journal.record("二", REFUSED, channel="page")
    clock.pass_days(2)
    journal.record("三", answered(), channel="page")
    journal.record("再问", answered(), channel=DESK)
    assert [(0, 0), (2, 1), (0, 0), (1, 1)] == [(day.asked, day.answered) for day in journal.by_day(4)]
    assert clock.now.astimezone().date() == journal.by_day(4)[-1].date


def test_the_slowest_come_first(journal: Journal) -> None:
    """By seconds, of the last days."""
    for question, seconds in (("快", 0.1), ("慢", 9.0), ("中", 1.0)):
        journal.record(question, REFUSED, channel="page", seconds=seconds)
    assert ["慢", "中"] == [entry.question for entry in journal.slowest(7, limit=2)]


# Unanswered -------------------------------------------------------------------------------------------------------


def test_what_was_answered_since_is_not_unanswered(journal: Journal) -> None:
    """A question leaves the list once the same question was answered."""
    journal.record("学法几次？", REFUSED, channel="page")
    journal.record("别的？", REFUSED, channel="page")
    journal.record("请问学法几次", answered(), channel="page")
    assert ["别的？"] == [entry.question for entry in journal.unanswered(10)]


def test_unanswered_questions_are_grouped_most_asked_first(journal: Journal, hold: Any, quick_encoder: Encoder) -> None:
    """The same words together, a follow-up by what it asks; years and places apart."""
    retriever: Retriever = hold(
        {"2024_云澜区司法局_法治政府建设年度报告.txt": "云澜区司法局2024年法治报告\n学法3次。\n"}
    )
    journal.record("2025年云澜区学法几次？", REFUSED, channel="page")
    journal.record("2026年云澜区学法几次？", REFUSED, channel="page")
    journal.record("请问2025年云澜区学法几次", REFUSED, channel="page")
    journal.record("食品许可怎么办？", REFUSED, channel="page", history=["2025年云澜区学法几次？"])
    groups = UnansweredQuestions(journal, retriever).groups()
    assert [2, 1, 1] == [len(group.entries) for group in groups]
    assert ("请问2025年云澜区学法几次",) == groups[0].wordings


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2025年南山区常住人口有多少？", "南山区2025年常住人口是多少？", True),
        ("2025年南山区常住人口有多少？", "南山区2024年常住人口是多少？", False),
        ("河南省政府工作报告公布的常住人口", "河北省政府工作报告公布的常住人口", False),
        ("南山区常住人口有多少？", "南山区公园有几个？", False),
    ],
)
def test_alike_is_the_same_matter_of_the_same_year_and_place(one: str, other: str, same: bool) -> None:
    """By characters: what differs in year, place or matter stays apart."""
    assert same == (len(grouped([one, other], None)) == 1)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("重庆领育儿补贴要在哪个手机应用上申请？", "重庆育儿补贴在哪个app申请", True),
        ("重庆领育儿补贴要在哪个手机应用上申请？", "重庆2024年新增就业多少人？", False),
    ],
)
def test_the_encoder_knows_other_words_for_the_same(one: str, other: str, same: bool, encoder: Encoder) -> None:
    """By meaning: other words for the same matter come together."""
    assert same == (len(grouped([one, other], encoder.encode_passages)) == 1)


def test_vectors_are_made_once(
    tmp_path: Path, journal: Journal, quick_encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was encoded is read from the file; what is asked for no more is let go."""
    first = journal.vectors(["甲", "乙"], quick_encoder)
    assert (first[1] == journal.vectors(["乙", "丙"], quick_encoder)[0]).all()
    assert [("丙",), ("乙",)] == sorted(rows(tmp_path, "SELECT text FROM vectors"))
    monkeypatch.setattr(quick_encoder, "encode_passages", None)
    assert (2, 48) == journal.vectors(["乙", "丙"], quick_encoder).shape


# Phrasing and CSV -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        "2024年学法多少次",
        " ２０２４年 学法多少次？",
        "2024年學法多少次?!",
        "请问2024年学法多少次？",
        "您好，我想问一下2024年学法多少次，谢谢",
        "《2024年》学法“多少”次。",
    ],
)
def test_the_same_question_has_one_phrasing(other: str) -> None:
    """Width, script, spaces, marks and courtesy do not count."""
    assert phrasing("2024年学法多少次？") == phrasing(other)


@pytest.mark.parametrize(
    ("one", "other"), [("1.5万", "15万"), ("3-5天", "35天"), ("5%", "5"), ("2024年", "2023年"), ("办", "不办")]
)
def test_other_figures_and_words_are_another_question(one: str, other: str) -> None:
    """What stands between digits stays."""
    assert phrasing(one) != phrasing(other)


def test_courtesy_alone_is_a_phrasing() -> None:
    """A question of nothing but an opening is not empty."""
    assert "您好" == phrasing("您好！")


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠a"])
def test_no_cell_is_a_formula(cell: str) -> None:
    """A spreadsheet takes it for text, and the rest of the row stays."""
    lines = list(csv_lines([("问", cell, 1, None)]))
    assert "\ufeff" == lines[0]
    assert [["问", "'" + cell, "1", ""]] == list(csv.reader(io.StringIO("".join(lines[1:]), newline="")))


def test_cells_hold_commas_quotes_and_breaks() -> None:
    """What a question holds comes back as it was."""
    text = '甲,乙"丙"\n丁'
    lines = list(csv_lines([(text, -1)]))
    assert [[text, "-1"]] == list(csv.reader(io.StringIO("".join(lines[1:]), newline="")))
