"""How much of a question is said in a place."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import pytest

from kb.answering.extract.coverage import Place, TermWeights
from kb.search.gazetteer import Gazetteer
from kb.search.intent import Kind
from kb.search.query import QueryPlan, plan_query
from kb.search.question import Question
from kb.search.scope import Scope


def question(
    *terms: str,
    shares: Mapping[str, float] | None = None,
    official: Mapping[str, tuple[str, ...]] | None = None,
    compounds: tuple[str, ...] = (),
) -> QueryPlan:
    return QueryPlan(
        asked=Question("".join(terms), Gazetteer(())),
        standalone=Question("".join(terms), Gazetteer(())),
        kind=Kind.FIGURE,
        statement_kind=Kind.FIGURE,
        unit=None,
        num_items=None,
        terms=dict.fromkeys(terms, 1.0) | dict(shares or {}),
        official=dict(official or {}),
        compounds=compounds,
        planned=None,
        scope=Scope(),
    )


def place(segment: str = "", *, before: str = "", after: str = "", heading: str = "", context: str = "") -> Place:
    return Place(segment=segment, before=before, after=after, heading=heading, context=context)


def told(term: str) -> float:
    """Every term tells as much."""
    return 2.0


def coverage(asked: QueryPlan, *places: Place, rarity: Mapping[str, float] | None = None) -> list[float]:
    weights = TermWeights(asked, lambda term: (rarity or {}).get(term, 2.0))
    return [weights.coverage(one) for one in places]


def test_a_term_counts_by_how_near_it_stands() -> None:
    """All in the segment is 1; the heading, the clause before and after, and the context count less and less."""
    places = (
        place("全区渡船载客9万人次"),
        place("载客9万人次", heading="二、渡船"),
        place("载客9万人次", before="添置渡船,"),
        place("载客9万人次", after="渡船靠岸准点"),
        place("载客9万人次", context="云澜区渡船公司年报"),
        place("载客9万人次", context="云澜区客车公司年报"),
    )
    counted = coverage(question("渡船"), *places)
    assert (1.0, 0.0) == (counted[0], counted[-1])
    assert all(nearer > farther for nearer, farther in pairwise(counted))


def test_a_part_of_a_term_counts_less_than_the_term() -> None:
    """Of a term that is said in part, the part that stands there counts: more of it more, none nothing."""
    counted = coverage(
        question("粮食总产量"), place("粮食总产量9万吨"), place("粮食总量9万吨"), place("粮食9万吨"), place("9万吨")
    )
    assert (1.0, 0.0) == (counted[0], counted[-1])
    assert all(more > less for more, less in pairwise(counted))


def test_a_word_within_a_long_term_hardly_counts() -> None:
    """粮食总产量 is 粮食产量, said with a word more; 产量 of another thing is not."""
    nearly, whole, other = coverage(
        question("粮食产量"), place("全区粮食总产量9万吨"), place("全区粮食产量9万吨"), place("全区蚕茧产量9万吨")
    )
    assert whole > nearly > other > 0


def test_two_characters_stand_side_by_side_or_not_at_all() -> None:
    """A term of two characters is not said by one of them, nor by both apart."""
    assert [0.0] == coverage(question("渡船"), place("渡口添船9艘"))


def test_a_rare_term_weighs_more() -> None:
    """What few passages have tells more than what most have."""
    rare, common = coverage(
        question("渡船", "全区"), place("渡船9艘"), place("全区9艘"), rarity={"渡船": 5.0, "全区": 0.2}
    )
    assert rare > common > 0


def test_a_term_that_no_passage_has_weighs_little() -> None:
    """How people speak tells no passage from another: it may stay unsaid."""
    weights = TermWeights(question("渡船", "一趟趟"), lambda term: 5.0 if term == "渡船" else 0.0)
    heard, unheard = weights.coverage(place("渡船9艘")), weights.coverage(place("一趟趟9艘"))
    assert heard > 0.5 > unheard > 0


def test_a_verb_weighs_less_than_a_name() -> None:
    """A term with half a share counts half."""
    name, verb = coverage(question("渡船", "添置", shares={"添置": 0.5}), place("渡船9艘"), place("添置9艘"))
    assert name > verb > 0


def test_official_words_stand_for_everyday_ones() -> None:
    """An everyday word is said by any of its official ones, hardly less than by itself; by others it is not."""
    asked = question("工钱", official={"工钱": ("工资", "薪酬")})
    own, official, another, none = coverage(
        asked, place("工钱9万元"), place("工资9万元"), place("薪酬9万元"), place("房租9万元")
    )
    assert own > official
    assert official == another > 0.5
    assert none == 0


def test_official_words_count_by_where_they_stand() -> None:
    """An official word around the segment counts less than one in it."""
    asked = question("工钱", official={"工钱": ("工资",)})
    within, around = coverage(asked, place("工资9万元"), place("9万元", context="工资专栏"))
    assert within > around > 0


def test_an_everyday_word_weighs_as_its_official_ones() -> None:
    """Where no passage has an everyday word it weighs as what documents call it, and no less."""
    rarity = {"工钱": 0.0, "工资": 5.0, "渡船": 1.0}
    asked = question("工钱", "渡船", official={"工钱": ("工资",)})
    paid, ferried = coverage(asked, place("工资9万元"), place("渡船9艘"), rarity=rarity)
    assert paid > ferried > 0


@pytest.mark.parametrize(
    ("expected", "asked", "unheard"),
    [
        (0.0, question("渡船", "载客", "靠岸", "船员"), ()),
        (0.25, question("渡船", "载客", "靠岸", "一趟趟"), ("一趟趟",)),
        (0.25, question("渡船", "载客", "靠岸", "工钱", official={"工钱": ("工资",)}), ()),
        (1.0, question("一趟趟", "慢腾腾", "挤巴巴", "晃悠悠"), ("一趟趟", "慢腾腾", "挤巴巴", "晃悠悠")),
        (0.0, question("一趟趟"), ("一趟趟",)),
        (0.0, question(), ()),
    ],
    ids=["in the words of documents", "in no passage", "called otherwise", "all", "a single term", "about nothing"],
)
def test_the_share_of_everyday_words(expected: float, asked: QueryPlan, unheard: tuple[str, ...]) -> None:
    """Everyday words are those that no passage has, or that documents call otherwise; a single term is not forgiven."""
    assert expected == TermWeights(asked, lambda term: 0.0 if term in unheard else 2.0).everyday_share


def test_a_question_about_nothing_is_said_nowhere() -> None:
    """Without terms nothing is covered, and nothing stands side by side."""
    weights = TermWeights(question(), told)
    assert (0.0, 0.0) == (weights.coverage(place("全区渡船9艘")), weights.adjacency(place("全区渡船9艘")))


def test_terms_side_by_side() -> None:
    """渡口专项投资 is not 渡口专项渔业投资, though all its terms stand there."""
    weights = TermWeights(plan_query("渡口专项投资多少万元？", (), Gazetteer(())), told)
    same, other = place("渡口专项投资9万元"), place("渡口专项渔业投资9万元")
    assert weights.coverage(same) == weights.coverage(other) == 1
    assert weights.adjacency(same) > weights.adjacency(other)


def test_terms_stand_side_by_side_in_the_segment_only() -> None:
    """What the heading or the rest of the clause says side by side does not count."""
    weights = TermWeights(question("渡口", "投资", compounds=("渡口投资",)), told)
    around = place("投资9万元", before="渡口投资,", after="渡口投资", heading="渡口投资", context="渡口投资")
    assert (1.0, 0.0) == (weights.adjacency(place("渡口投资9万元")), weights.adjacency(around))
