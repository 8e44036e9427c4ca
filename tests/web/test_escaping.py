"""Wherever words of documents and readers go into a page, they are words: the page has the same elements with any."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pytest

from kb.chat.chart import Chart, ChartKind, Point, Series
from kb.chat.conversation import Turn
from kb.chat.filters import Choices
from kb.chinese.figures import Figure
from kb.types import (
    Answer,
    Evidence,
    Hit,
    PartLabel,
    Passage,
    Status,
    TableRow,
    Within,
    Writing,
    replies,
)
from kb.web.charts import answer_chart
from kb.web.chat.cards import cards
from kb.web.chat.filter_bar import filter_bar
from kb.web.chat.frame import styling, suggestions_of, welcome
from kb.web.chat.turns import answer_message, whole_turn
from tests.answers import citation_of, document_of, marked_lines

HARMLESS = "甲乙丙"
HOSTILE = """"'><img src=x onerror=go()></p></article><b title="&quot;&amp;"""


class Elements(HTMLParser):
    """The elements of a page with the names of their attributes, in order, and all words that a reader gets."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []
        self.words = ""
        self.values: dict[str, str] = {}
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(name for name, _ in attrs)))
        self.values |= {name: value or "" for name, value in attrs}
        self.words += " ".join(value or "" for _, value in attrs)

    def handle_endtag(self, tag: str) -> None:
        self.found.append((f"/{tag}", ()))

    def handle_data(self, data: str) -> None:
        self.words += data


def answer(
    words: str = "",
    *,
    text: str = "学法17次。[1]",
    quote: str = "学法17次。",
    before: str = "",
    heading: str = "一、成效",
    row: TableRow | None = None,
    understood: str = "",
    pinned: str | None = None,
    note: str = "",
    entry: str = "e",
    **metadata: object,
) -> Answer:
    """An answer that quotes one document; `words` are the title where nothing else is named."""
    passage = Passage(text=before + quote + before, heading=(heading,), start=0, end=2 * len(before) + len(quote))
    known = {"title": words or "年度报告", "issuer": "云澜区司法局", "year": 2024, **metadata}
    citation = citation_of(document_of(**known), passage, quote)
    return Answer(
        status=Status.ANSWERED,
        lines=marked_lines(text, [citation]),
        citations=(citation,),
        table=(row,) if row else (),
        understood=understood,
        pinned=pinned or "",
        writing=Writing(note=note) if note else None,
        entry=entry,
    )


def row(issuer: str, **fields: Any) -> TableRow:
    return TableRow(label=PartLabel(issuer=issuer), **fields)


def turn(
    question: str = "多少？", *, choices: Choices | None = None, within: Within | None = None, **fields: str
) -> str:
    return whole_turn(Turn(question=question, answer=answer(**fields), within=within or Within()), choices=choices)


def refused(words: str) -> Answer:
    """A refusal with a nearest passage, all of it these words."""
    passage = Passage(text=words, heading=(words,), start=0, end=len(words))
    hit = Hit(passage_id=1, document=document_of(words, name=words), passage=passage, score=1.0)
    return Answer(
        status=Status.UNANSWERABLE_NOT_STATED,
        lines=replies(words),
        evidence=(Evidence(marker=1, hit=hit),),
        entry=words,
    )


def refused_turn(words: str) -> str:
    choices = Choices(issuers=(words, "乙市"), years=(2024, 2023), num_documents=2)
    return whole_turn(Turn(question=words, answer=refused(words)), choices=choices)


def drawn(kind: ChartKind, *, name: str = "", label: str = "", figure: str = "") -> str:
    points = tuple(
        Point(label=label or f"{year}年", figure=figure or "3件", value=Decimal(year), marker=1) for year in (1, 2)
    )
    lines = (Series(name=name, points=points), Series(name="乙", points=points))
    return answer_chart(Chart(kind=kind, series=lines if name else lines[:1]), {})


PLACES: dict[str, Callable[[str], str]] = {
    "question": lambda words: turn(words),
    "question as meant": lambda words: turn(understood=words),
    "what was searched": lambda words: turn(within=Within(issuers=(words,), kinds=(words,))),
    "entry": lambda words: turn(entry=words),
    "answer before a figure": lambda words: turn(text=f"{words}学法17次[1]"),
    "answer behind a figure": lambda words: turn(text=f"学法17次{words}[1]"),
    "answer without a figure": lambda words: turn(text=f"{words}[1]"),
    "who pinned": lambda words: answer_message(answer(pinned=words)),
    "note": lambda words: answer_message(answer(note=words)),
    "row": lambda words: turn(row=row(words, figure="17次", words="学法17次", marker=1)),
    "silent row": lambda words: turn(row=row(words)),
    "figure of a row": lambda words: turn(row=row("甲", figure=words, words="学法", marker=1)),
    "figure of a row without a quote": lambda words: turn(row=row("甲", figure=words, words="学法", marker=2)),
    "words of a row": lambda words: turn(row=row("甲", figure="17次", words=f"{words}17次{words}", marker=1)),
    "title": lambda words: turn(words=words),
    "issuer": lambda words: turn(issuer=words),
    "date": lambda words: turn(date=words),
    "number": lambda words: turn(number=words),
    "heading": lambda words: turn(heading=words),
    "quote": lambda words: turn(quote=f"{words}学法17次{words}"),
    "passage around the quote": lambda words: turn(before=f"{words}17次{words}"),
    "refusal": refused_turn,
    "nearest passage": lambda words: cards(refused(words)),
    "name of a line": lambda words: drawn(ChartKind.LINE, name=words),
    "year of a line": lambda words: drawn(ChartKind.LINE, label=words),
    "figure of a line": lambda words: drawn(ChartKind.LINE, figure=words),
    "name of a bar": lambda words: drawn(ChartKind.BARS, label=words),
    "figure of a bar": lambda words: drawn(ChartKind.BARS, figure=words),
    "filters": lambda words: filter_bar(Choices(issuers=(words, "乙"), kinds=(words, "丙"), num_documents=2)),
    "example": lambda words: welcome([words], "zh"),
    "suggestion": lambda words: suggestions_of([words], "zh"),
}


@pytest.mark.parametrize("place", PLACES)
def test_words_make_no_element(place: str) -> None:
    """Markup in words neither makes nor ends an element or an attribute, and is read as it is written."""
    hostile, harmless = (Elements(PLACES[place](words)) for words in (HOSTILE, HARMLESS))
    assert harmless.found == hostile.found
    assert HARMLESS in harmless.words
    assert HOSTILE in hostile.words


@pytest.mark.parametrize("place", ["answer without a figure", "quote"])
def test_a_figure_makes_no_element(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is taken for a figure is words, too."""

    def all_of_it(words: str) -> list[Figure]:
        return [Figure(text=words, value=Decimal(1), unit="", start=0, end=len(words))]

    for module in ("cards", "turns"):
        monkeypatch.setattr(f"kb.web.chat.{module}.figures", all_of_it)
    assert Elements(PLACES[place](HARMLESS)).found == Elements(PLACES[place](HOSTILE)).found


def test_what_scripts_are_given_is_json() -> None:
    """The words and numbers in attributes reach the scripts whole."""
    bar = Elements(filter_bar(Choices(years=(2024, 2023), num_documents=2, together=((-1, 0, -1, 1),))))
    assert [[-1, 0, -1, 1]] == json.loads(bar.values["data-together"])
    assert "{count}" in json.loads(bar.values["data-words"])["some"]
    assert json.loads(Elements(styling()["head"]).values["data-words"])["copied"]
