"""What of a model's sentence may be shown: what its quotes state, and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest

from benchmarks.liar import is_shown
from benchmarks.lies import lies, rewordings
from kb.answering import Answerer
from kb.llm.grounding.check import Proof, Proofreader
from kb.llm.sentences import SentenceSplitter, parted, plain, sentences
from kb.types import Answer, Citation, Document, Passage, Status, text_of
from tests.answers import citation_of, document_of, marked_lines

WORK = (
    "2024年，城镇新增就业30万人，同比增长5.4%；农村居民人均可支配收入增长6.1%，城镇居民人均可支配收入增长4.8%。"
    "国家级非遗29项、市级非遗265项。新建幼儿园不少于6所，未完成旧桥改造2座。教育、卫生支出100亿元。"
    "补助标准由380元提高到420元。力争植树1.2万棵。全年组织学法十七次，普法“三进”活动9场。"
    "推进“放管服”改革深入人心。"
)
OTHER = "全年组织学法12次，受理行政复议申请40件。"
START = 50


def document(id_: int, issuer: str, year: int, reporting_year: int) -> Document:
    return document_of(
        f"{year}年{issuer}工作报告",
        id_=id_,
        name=f"{id_}.txt",
        kind="工作报告",
        issuer=issuer,
        region=issuer[:3],
        year=year,
        reporting_year=reporting_year,
        number="云政发〔2025〕3号",
    )


def citation(marker: int, of: Document, text: str, quote: str) -> Citation:
    passage = Passage(text=text, heading=("一、2024年工作回顾",), start=START, end=START + len(text))
    return citation_of(of, passage, quote, marker=marker)


def composed(lines: str = "{work}[1]\n{other}[2]") -> Answer:
    """An answer that quotes two passages whole, of two issuers."""
    cited = (
        citation(1, document(1, "云澜区司法局", 2025, 2024), WORK, WORK),
        citation(2, document(2, "滨海区司法局", 2023, 2023), OTHER, OTHER),
    )
    return Answer(
        status=Status.ANSWERED, lines=marked_lines(lines.format(work=WORK, other=OTHER), cited), citations=cited
    )


def marked(proof: Proof) -> str:
    return text_of([proof.line])


def read(sentence: str) -> Proof | None:
    return Proofreader(composed()).read(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "全年组织学法17次。[1]",
        "全年组织学法十七次。[1]",
        "2024年，云澜区司法局全年组织学法17次。[1]",
        "根据报告，2024年城镇新增就业30万人，同比增长5.4%。[1]",
        "其中，城镇居民人均可支配收入增长4.8%，农村居民人均可支配收入增长百分之六点一。[1]",
        "市级非遗265项、国家级非遗29项。[1]",
        "新建幼儿园不少于6所。[1]",
        "补助标准提高到420元。[1]",
        "力争植树12000棵。[1]",
        "普法“三进”活动9场。[1]",
        "2024年云澜区司法局学法组织了17次。[1]",
        "2023年滨海区司法局组织学法12次。[2]",
        "《2025年云澜区司法局工作报告》提到，组织学法17次。[1]",
    ],
)
def test_true_sentences_stand(sentence: str) -> None:
    """What the quotes state stands, also in another order, with connectives, names, years and other spellings."""
    assert read(sentence) is not None


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("全年组织学法18次。[1]", id="figure"),
        pytest.param("全年组织学法17场。[1]", id="unit"),
        pytest.param("力争植树12万棵。[1]", id="scale"),
        pytest.param("力争植树1.2万余棵。[1]", id="bound added"),
        pytest.param("国家级非遗265项、市级非遗29项。[1]", id="swapped"),
        pytest.param("国家级非遗265项。[1]", id="figure of the next item"),
        pytest.param("城镇居民人均可支配收入增长6.1%。[1]", id="figure of another subject"),
        pytest.param("居民人均可支配收入增长6.1%。[1]", id="subject shortened"),
        pytest.param("城镇居民收入增长4.8%。[1]", id="measure shortened"),
        pytest.param("农村居民人均可支配收入增长6.1%，同比增长5.4%。[1]", id="growth of another"),
        pytest.param("2024年云澜区司法局同比增长5.4%。[1]", id="growth of nothing"),
        pytest.param("城镇新增就业30万人，同比下降5.4%。[1]", id="direction"),
        pytest.param("新建幼儿园6所。[1]", id="bound dropped"),
        pytest.param("新建幼儿园不超过6所。[1]", id="bound turned"),
        pytest.param("完成旧桥改造2座。[1]", id="negation dropped"),
        pytest.param("未组织学法17次。[1]", id="negation added"),
        pytest.param("植树1.2万棵。[1]", id="plan told as result"),
        pytest.param("计划全年组织学法17次。[1]", id="result told as plan"),
        pytest.param("教育支出100亿元。[1]", id="sum of two told of one"),
        pytest.param("卫生支出100亿元。[1]", id="sum of two told of the other"),
        pytest.param("补助标准为380元。[1]", id="what was before"),
        pytest.param("2025年全年组织学法17次。[1]", id="year"),
        pytest.param("滨海区司法局全年组织学法17次。[1]", id="issuer"),
        pytest.param("全年组织学法17次。[2]", id="mark"),
        pytest.param("受理行政复议申请40件。[1]", id="mark of the other"),
        pytest.param("根据《数据公平法》，全年组织学法17次。[1]", id="law"),
        pytest.param("全年组织学法17次，由市教育局负责。[1]", id="office"),
        pytest.param("普法“三进三出”活动9场。[1]", id="quotation"),
        pytest.param("普法“进”活动9场。[1]", id="quotation shortened"),
        pytest.param("推进“放服”改革深入人心。[1]", id="word left out of a quotation"),
        pytest.param("根据云政发〔2025〕4号，全年组织学法17次。[1]", id="document number"),
        pytest.param("全年组织学法17次，位居全国第一。[1]", id="boast"),
        pytest.param("群众都很满意。[1]", id="invented"),
        pytest.param("学法17次比9场多8次。[1]", id="arithmetic"),
        pytest.param("The bureau held 17 trainings.[1]", id="other language"),
        pytest.param("全年组织学法17次😀。[1]", id="picture"),
        pytest.param("全年组织学法17次，详见 http://example.org 。[1]", id="address"),
        pytest.param("2024年。[1]", id="nothing said"),
        pytest.param("[1]", id="mark alone"),
    ],
)
def test_lies_fall(sentence: str) -> None:
    """What says another thing than its quotes, in one word or figure, falls."""
    assert read(sentence) is None


def test_an_invented_mark_is_dropped() -> None:
    """A mark that names nothing is dropped, and the sentence stands under its true one."""
    proof = read("全年组织学法17次。[1][7]")
    assert proof is not None
    assert "全年组织学法17次。[1]" == marked(proof)


def test_a_sentence_without_a_mark_gets_the_only_one_it_may_have() -> None:
    """Without a valid mark a sentence is given that of the passage that states it; where two do, it falls."""
    proof = read("受理行政复议申请40件。")
    assert proof is not None
    assert "受理行政复议申请40件。[2]" == marked(proof)
    assert read("全年组织学法。") is None


def test_only_the_marks_that_carry_a_sentence_are_kept() -> None:
    """A mark whose passage states nothing of the sentence goes."""
    proof = read("受理行政复议申请40件。[1][2]")
    assert proof is not None
    assert (2,) == tuple(one.marker for one in proof.citations)


def test_quotes_stand_at_their_spans() -> None:
    """A sentence from beside the composed quote is cited by the clause that states it, at its span."""
    quote = "全年组织学法十七次，普法“三进”活动9场。"
    cited = citation(1, document(1, "云澜区司法局", 2025, 2024), WORK + "学法用法，蔚然成风。", quote)
    answer = Answer(status=Status.ANSWERED, lines=marked_lines(f"{quote}[1]", [cited]), citations=(cited,))
    proof = Proofreader(answer).read("学法用法，蔚然成风。[1]")
    assert proof is not None
    [found] = proof.citations
    assert "学法用法，蔚然成风。" == found.quote
    assert found.quote == found.passage.text[found.start - START : found.end - START]


def test_a_figure_that_the_composed_answer_does_not_tell_is_not_told() -> None:
    """Another figure of the same passage, true or not, is more than was asked."""
    quote = "全年组织学法十七次，普法“三进”活动9场。"
    cited = citation(1, document(1, "云澜区司法局", 2025, 2024), WORK, quote)
    answer = Answer(status=Status.ANSWERED, lines=marked_lines(f"{quote}[1]", [cited]), citations=(cited,))
    assert Proofreader(answer).read("城镇新增就业30万人。[1]") is None


def test_a_comparison_is_told_as_code_worked_it_out() -> None:
    """A line of code may be said again, and not turned round."""
    line = "由以上数字比较：云澜区2024年（17次）＞滨海区2023年（12次）。"
    reader = Proofreader(composed(f"{{work}}[1]\n{{other}}[2]\n{line}[1][2]"))
    proof = reader.read(f"{line}[1]")
    assert proof is not None
    assert f"{line}[1][2]" == marked(proof)
    assert reader.read("由以上数字比较：滨海区2023年（12次）＞云澜区2024年（17次）。[1][2]") is None


# Sentences -------------------------------------------------------------------------------------------------------


def cut(pieces: Iterable[str]) -> list[str]:
    splitter = SentenceSplitter()
    return [*(sentence for piece in pieces for sentence in splitter.add(piece)), *splitter.rest()]


@pytest.mark.parametrize("size", [1, 2, 5, 100])
def test_sentences_as_they_come(size: int) -> None:
    """A stream cut anywhere gives the same sentences, each with the marks behind it."""
    text = "甲办了3件。[1] 乙办了5件[2]。丙办了“7件。”[3][4]\n丁没有办"
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    assert ["甲办了3件。[1]", "乙办了5件[2]。", "丙办了“7件。”[3][4]", "丁没有办"] == cut(pieces)


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ("甲3件。", "<think>先想想。应该是8件。</think>甲3件。"),
        ("甲3件。", "先想想，8件</think>甲3件。"),
        ("", "<think>想不完。还在想。"),
        ("甲3件。", "**甲**3件。"),
        ("甲3件。", "# 甲3件。"),
        ("甲3件。", "- 甲3件。"),
        ("甲3件。", "甲![图](http://example.org/x.png)3件。"),
        ("甲3件。", "[甲](http://example.org)3件。"),
        ("甲3件。", "<b>甲</b>3件<script>alert(1)</script>。"),
        ("甲3件。", "甲\u200b3\u202e件。"),
        ("甲3件。", "甲3件<|im_end|>。"),
    ],
)
def test_markup_is_no_text(shown: str, said: str) -> None:
    """Thoughts, markup, images, addresses and what is not seen are left out, also where they come piece by piece."""
    assert shown == "".join(sentences(said))
    assert shown == "".join(cut(said))


def test_marks_in_other_brackets() -> None:
    """【1】, ［2］ and [1, 2] are marks, too."""
    assert ("甲3件。", (1, 2, 3)) == parted("甲3件【1】［2］[2, 3]。")
    assert "甲" == plain("甲\x07")


# A liar ----------------------------------------------------------------------------------------------------------

QUESTIONS = [
    f"{issuer}{year}年{asked}？"
    for issuer, years in (("云澜区司法局", (2022, 2023, 2024)), ("滨海新区政务服务办", (2024,)))
    for year in years
    for asked in (
        "组织学法多少次",
        "办理行政复议案件多少件",
        "办理法律援助案件多少件",
        "有哪些主要工作",
        "存在哪些不足",
    )
] + [
    "对比云澜区司法局2022年、2023年和2024年组织学法的次数，哪年最多？",
    "云澜区食品经营许可证办理时限是多少个工作日？",
    "云澜区老年人优待证怎么办理？",
]


def test_a_liar_is_caught(corpus_answerer: Answerer) -> None:
    """Of lies about answers from the sample corpus 99 in 100 are caught, and of true rewordings 2 in 100 fall."""
    answers = [answer for answer in map(corpus_answerer.answer, QUESTIONS) if answer.status is Status.ANSWERED]
    told = [(reply.kind, is_shown("", answer, reply)) for answer in answers for reply in lies(answer)]
    escaped = Counter(kind for kind, shown in told if shown)
    assert len(told) >= 250
    assert escaped.total() <= 0.01 * len(told), escaped
    true = [(reply.kind, is_shown("", answer, reply)) for answer in answers for reply in rewordings(answer)]
    fell = Counter(kind for kind, shown in true if not shown)
    assert fell.total() <= 0.02 * len(true), fell
