"""A reading → the lines that are shown of it, whole."""

from __future__ import annotations

import pytest

from kb.answering.compose.lines import compose
from kb.answering.extract.selection import Selection
from kb.answering.extract.statements import Clause
from kb.answering.units import choice
from kb.answering.units.choice import choose
from kb.answering.units.reading import Reading
from kb.answering.units.wholes import shown_lines
from kb.search.query import QueryPlan
from kb.search.retriever import Retriever
from kb.types import AnswerLine, LineRole
from tests.answering.held import GUIDE, LEVEL, RULES, hold, read


@pytest.fixture(autouse=True)
def level(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "shipped", lambda: LEVEL)


def lines_of(question: str, words: str, markdown: str = RULES) -> list[tuple[LineRole, str]]:
    """What is shown for the reading in whose focus `words` stand."""
    plan, _, found = read(question, hold(markdown))
    [reading] = [reading for reading in found if words in reading.text]
    return [(clause.role, clause.text) for clause in shown_lines(plan, reading)]


def texts_of(question: str, words: str, markdown: str = RULES) -> list[str]:
    return [text for _, text in lines_of(question, words, markdown)]


MATERIALS = [
    (LineRole.STATEMENT, "申请夜渡许可应当提交下列材料："),
    (LineRole.ITEM, "（一）夜渡申请表；"),
    (LineRole.ITEM, "（二）船员证件，包括："),
    (LineRole.ITEM, "1.驾驶证，有效期不少于90日；"),
    (LineRole.ITEM, "2.救生证；"),
    (LineRole.ITEM, "（三）船身照片。"),
]


@pytest.mark.parametrize("words", ["夜渡申请表", "救生证", "船身照片"])
def test_a_list_that_is_asked_for_is_whole(words: str) -> None:
    """Lead-in and all items in order, whichever item is the best reading."""
    assert MATERIALS == lines_of("申请夜渡许可需要提交哪些材料？", words)


def test_a_list_without_a_lead_in_has_items_alone() -> None:
    """The first line is an item like the others."""
    items = [(LineRole.ITEM, "1. 灯牌图样"), (LineRole.ITEM, "2. 船主身份证")]
    assert items == lines_of("灯牌核准需要哪些材料？", "船主身份证", GUIDE)


def test_neighbouring_lines_bear_one_mark() -> None:
    """Each line of a whole list leaves its mark to the line below, the last bears that of the section."""
    plan, found, answers = read("申请夜渡许可需要提交哪些材料？", hold(RULES))
    chosen = choose(plan, answers)
    lines = _composed(plan, Selection(found=found, clauses=chosen.clauses, is_whole=True))
    assert MATERIALS == [(line.role, line.text) for line in lines]
    assert [True] * 5 + [False] == [line.mark_below for line in lines]
    assert {(1,)} == {line.markers for line in lines}


def _composed(plan: QueryPlan, selection: Selection) -> tuple[AnswerLine, ...]:
    nothing: Retriever = None  # type: ignore[assignment]  # a question without years asks no corpus
    return compose(plan, [selection], nothing).lines


def test_an_item_that_answers_a_figure_comes_with_its_lead_ins() -> None:
    """Both lead-ins, then the item; its neighbours do not answer and are left out."""
    assert [
        (LineRole.STATEMENT, "申请夜渡许可应当提交下列材料："),
        (LineRole.ITEM, "（二）船员证件，包括："),
        (LineRole.ITEM, "1.驾驶证，有效期不少于90日；"),
    ] == lines_of("驾驶证的有效期不少于多少日？", "驾驶证")


@pytest.mark.parametrize(("sentences", "is_whole"), [(10, True), (40, False)])
def test_a_short_article_is_whole(sentences: int, is_whole: bool) -> None:
    """An article up to 300 characters is shown with all its paragraphs; of a longer one the sentence that answers."""
    filling = "\n\n".join("渡口每天清扫一遍。" for _ in range(sentences))
    markdown = f"# 云澜区渡口规定\n\n第一条 灯牌挂在船头，不用红漆。\n\n{filling}\n\n第二条 渡口归街道。\n"
    expected = ["灯牌挂在船头，不用红漆。", *["渡口每天清扫一遍。"] * sentences]
    assert (expected if is_whole else expected[:1]) == texts_of("灯牌是怎么规定的？", "红漆", markdown)


def test_yes_or_no_brings_the_exception() -> None:
    """The paragraph that says no comes with that behind it which says but, though one sentence would answer."""
    assert ["夜渡码头由区水务局划定。", "夜渡码头不得转让。", "但是，直系亲属接手的除外。"] == texts_of(
        "夜渡码头可以转让吗？", "不得转让"
    )


def test_a_sentence_is_not_parted_from_one_that_limits_it() -> None:
    """逾期… behind the sentence of a long paragraph that answers is shown with it; the one behind that is not."""
    filling = "渡口每天清扫一遍。" * 30
    markdown = f"# 云澜区渡口规定\n\n第一条 {filling}灯牌应当登记。逾期的，不予登记。{filling}\n"
    assert ["灯牌应当登记。逾期的，不予登记。"] == texts_of("灯牌是怎么规定的？", "灯牌应当登记", markdown)


def test_a_caption_is_not_shown_without_what_it_announces() -> None:
    """A paragraph that ends in a colon goes on with what stands behind it, also where the kind wants one sentence."""
    assert ["夜渡的灯牌应当挂在船头。挂灯牌前，先由水手擦净：", "灯牌照见水面的，方可开船。"] == texts_of(
        "夜渡的灯牌由谁擦净？", "挂在船头"
    )


def test_a_row_is_shown_with_its_heads() -> None:
    """Heads and cells behind one another without the ordinal; each is quoted by itself, and stands at its span."""
    plan, _, found = read("夜渡快艇的停靠费是多少元？", hold(RULES))
    [clause] = choose(plan, found).clauses
    assert (LineRole.ROW, "船型：快艇；停靠费：每日140元") == (clause.role, clause.text)
    assert ["船型", "快艇", "停靠费", "每日140元"] == [part.text for part in clause.parts]
    _assert_stands(found[0], clause.parts)


@pytest.mark.parametrize("question", ["申请夜渡许可需要提交哪些材料？", "夜渡码头可以转让吗？", "夜渡码头由谁划定？"])
def test_each_line_stands_at_its_span(question: str) -> None:
    """A clause is the text of the document between its start and end, in document order."""
    plan, _, found = read(question, hold(RULES))
    clauses = choose(plan, found).clauses
    assert clauses
    _assert_stands(found[0], clauses)
    assert sorted(clauses, key=lambda clause: clause.start) == list(clauses)


def _assert_stands(reading: Reading, clauses: tuple[Clause, ...]) -> None:
    for clause in clauses:
        assert reading.structure.text[clause.start : clause.end] == clause.text


@pytest.mark.parametrize(("age", "branch"), [(2, "船龄不满3年的，收12元；"), (3, "船龄3年以上的，收8元。"), (7, "船龄3年以上的，收8元。")])  # fmt: skip
def test_the_branch_of_the_case_is_shown(age: int, branch: str) -> None:
    """Of the two branches of one paragraph that which the age of the ship satisfies, and not the other."""
    assert [branch] == texts_of(f"船龄{age}年，夜渡客票多少元？", "船龄不满3年")
