"""What a reader can keep a question to."""

from __future__ import annotations

import re

import pytest

from kb.chat.filters import choices, within_fields, within_of
from kb.search.gazetteer import Gazetteer
from kb.types import Within
from kb.web.chat.filter_bar import filter_bar
from tests.answers import document_of


def gazetteer(*known: tuple[str | None, int | None, str | None]) -> Gazetteer:
    """Documents of these issuers, years and kinds."""
    return Gazetteer(
        document_of(id_=number, issuer=issuer, year=year, kind=kind)
        for number, (issuer, year, kind) in enumerate(known)
    )


def test_what_goes_together_is_counted() -> None:
    """Each combination that is held is there with its number of documents, and no other is."""
    found = choices(
        gazetteer(("甲市", 2024, "报告"), ("甲市", 2024, "报告"), ("乙市", 2023, "指南"), (None, None, "指南"))
    )
    assert (("乙市", "甲市"), (2024, 2023), ("报告", "指南")) == (
        found.issuers,
        found.years,
        tuple(sorted(found.kinds)),
    )
    named = {
        (
            found.issuers[issuer] if issuer >= 0 else None,
            found.years[year] if year >= 0 else None,
            found.kinds[kind],
            number,
        )
        for issuer, year, kind, number in found.together
    }
    assert {("甲市", 2024, "报告", 2), ("乙市", 2023, "指南", 1), (None, None, "指南", 1)} == named


def test_one_name_is_no_choice() -> None:
    """Of a row with one name only nothing can be chosen, and the bar has no such row."""
    found = choices(gazetteer(("甲市", 2024, "报告"), ("甲市", 2023, "报告")))
    assert ((), (2024, 2023), ()) == (found.issuers, found.years, found.kinds)
    assert ["years"] == re.findall('fieldset data-row="([^"]+)"', filter_bar(found))


def test_nothing_to_choose_has_no_panel() -> None:
    """Where all is of one issuer, year and kind the bar only says how much is held."""
    bar = filter_bar(choices(gazetteer(("甲市", 2024, "报告"))))
    assert "1 份文件" in bar
    assert "<button" not in bar


def test_long_rows_can_be_searched() -> None:
    """A row of more than twelve names has a search box."""
    few = choices(gazetteer(*((f"第{number}市", 2024, None) for number in range(12))))
    many = choices(gazetteer(*((f"第{number}市", 2024, None) for number in range(13))))
    assert 'type="search"' not in filter_bar(few)
    assert 'type="search"' in filter_bar(many)


def test_hostile_names_are_escaped() -> None:
    """Markup in the name of an issuer is shown as it is written."""
    bar = filter_bar(choices(gazetteer(('"><img src=x>', 2024, "报告"), ("乙市", 2024, "报告"))))
    assert "<img" not in bar


def test_choice_comes_back() -> None:
    """What was chosen is the same after it was JSON fields."""
    within = Within(issuers=("甲市",), years=(2024, 2023), kinds=("报告",))
    assert within == within_of(within_fields(within))


@pytest.mark.parametrize(
    "fields", [None, 1, [], "x", {"years": "2024"}, {"years": ["2024", True, None], "issuers": [1]}]
)
def test_what_is_no_choice_is_left_out(fields: object) -> None:
    """Fields from anywhere that are none of ours choose nothing."""
    assert Within() == within_of(fields)
