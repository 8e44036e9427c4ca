"""The table of everyday words, and where a question says them."""

from __future__ import annotations

from importlib import resources

import pytest

from kb.chinese.synonyms import everyday_words
from kb.chinese.text import fold, word_ends
from kb.search.gazetteer import Gazetteer
from kb.search.query import plan_query

LINES = [
    line
    for line in resources.files("kb.chinese").joinpath("synonyms.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def said(text: str) -> list[str]:
    return [word.text for word in everyday_words(text)]


def test_each_line_has_two_sides() -> None:
    """A line has what people say, one tab, and what documents say; neither side is empty."""
    sides = [line.split("\t") for line in LINES]
    assert [] == [side for side in sides if len(side) != 2 or not all(words.strip() for words in side)]


def test_no_line_says_a_word_twice() -> None:
    """On either side of a line each word stands once."""
    sides = [side.split() for line in LINES for side in fold(line).split("\t")]
    assert [] == [words for words in sides if len(words) != len(set(words))]


def test_every_word_of_the_table_is_found_with_the_official_words_of_all_its_lines() -> None:
    """A word by itself is found whole; where it stands on several lines it means what any of them says."""
    lost = [
        word
        for line in LINES
        for everyday, official in [fold(line).split("\t")]
        for word in everyday.split()
        if [word] != said(word) or not set(official.split()) <= set(next(everyday_words(word)).official)
    ]
    assert [] == lost


def test_spans_are_those_of_the_words() -> None:
    """An everyday word stands in the text at its span, and the words come in order."""
    text = "乡下的工钱拖着,讨薪难不难"
    words = list(everyday_words(text))
    assert ["乡下", "工钱", "讨薪"] == [word.text for word in words]
    assert [word.text for word in words] == [text[word.start : word.end] for word in words]


@pytest.mark.parametrize(
    ("everyday", "text", "within"),
    [
        ("房价", "望舒市房价多少", "望舒市住房价格多少"),
        ("学费", "望舒市学费多少", "望舒市助学费用多少"),
        ("种地", "在望舒市种地", "望舒市各种地方"),
        ("水费", "望舒市水费多少", "望舒市污水费用多少"),
    ],
)
def test_a_short_word_is_taken_whole_only(everyday: str, text: str, within: str) -> None:
    """A short everyday word is taken where it is a word, and left where it stands in two others by chance."""
    assert ([everyday], []) == (said(text), said(within))


def test_a_long_phrase_is_itself_wherever_it_stands() -> None:
    """Four characters do not meet by chance: they are taken, however the segmenter cuts around them."""
    text = "农民工培训技术工人员"
    assert ["技术工人"] == said(text)
    assert text.index("技术工人") + 4 not in word_ends(text)


@pytest.mark.parametrize(
    ("longest", "shorter", "text"),
    [
        ("高铁站", "高铁", "望舒市高铁站"),
        ("农村自来水", "自来水", "望舒市农村自来水"),
        ("种粮大户", "种粮", "望舒市种粮大户"),
    ],
)
def test_the_longest_is_taken(longest: str, shorter: str, text: str) -> None:
    """Of words of the table that stand within one another, the longest is meant."""
    assert ([shorter], [longest]) == (said(shorter), said(text))


@pytest.mark.parametrize(
    ("everyday", "official", "question"),
    [
        ("ai", "人工智能", "ＡＩ企业有多少家？"),
        ("ai", "人工智能", "AI企业有多少家？"),
        ("5g", "5g基站", "５Ｇ建了多少个？"),
        ("打110", "接警", "打１１０的有多少？"),
    ],
)
def test_widths_and_cases_are_folded(everyday: str, official: str, question: str) -> None:
    """Full width and upper case in a question or in the table are the same word."""
    assert official in plan_query(question, (), Gazetteer(())).official[everyday]


def test_an_everyday_word_is_one_term() -> None:
    """What the table knows is one term of a question with its official words, and is not cut further."""
    question = plan_query("望舒市拖工资的老板有多少个？", (), Gazetteer(()))
    assert {"拖工资", "老板"} == set(question.official)
    assert {"拖工资", "老板"} <= set(question.terms)
    assert "工资" not in question.terms


def test_official_words_are_no_everyday_words() -> None:
    """A question in the words of documents has no everyday words."""
    assert {} == plan_query("望舒市规模以上工业增加值增长多少？", (), Gazetteer(())).official
