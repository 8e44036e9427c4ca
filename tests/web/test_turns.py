"""What an answer is shown as: marks, cards, and nothing in a document or question taken for markup."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from kb.chat.conversation import Turn
from kb.chat.filters import Choices
from kb.types import (
    Answer,
    AnswerLine,
    Citation,
    Document,
    Ending,
    Evidence,
    Hit,
    LineRole,
    PartLabel,
    Passage,
    Status,
    TableRow,
    Within,
    replies,
)
from kb.web.chat.cards import cards
from kb.web.chat.turns import answer_message, growing_turns, whole_turn
from tests.answers import citation_of, document_of, marked_lines

HOSTILE = '<img src=x onerror="alert(1)">'


def document(**metadata: object) -> Document:
    """A report of 2024, or what `metadata` makes of it."""
    return document_of(**{"issuer": "云澜区司法局", "year": 2024, **metadata})


def answered(text: str, *quotes: str, words: str = "回答。", **metadata: object) -> Answer:
    """An answer that cites `quotes` of a passage `text`, which begins at character 100."""
    passage = Passage(text=text, heading=("一、成效",), start=100, end=100 + len(text), page=3)
    citations = tuple(
        citation_of(document(**metadata), passage, quote, marker=marker) for marker, quote in enumerate(quotes, start=1)
    )
    return Answer(status=Status.ANSWERED, lines=marked_lines(words, citations), citations=citations)


def marked(html: str) -> list[str]:
    """The text of each <mark>."""
    return [plain(found) for found in re.findall("<mark[^>]*>(.*?)</mark>", html, flags=re.DOTALL)]


def plain(html: str) -> str:
    """What is read where `html` is shown."""
    return re.sub("<[^>]*>", "", html)


def test_quote_is_marked() -> None:
    """A card shows the passage with the quoted words marked, and nothing else."""
    assert ["共学法17次。"] == marked(cards(answered("去年很忙。共学法17次。", "共学法17次。")))


def test_two_quotes_of_one_passage_share_a_card() -> None:
    """Two citations of one passage are one card with two marks."""
    html = cards(answered("学法17次。援助301件。办结104件。", "学法17次。", "办结104件。"))
    assert ["学法17次。", "办结104件。"] == marked(html)
    assert 1 == html.count("<article")


def test_overlapping_quotes_are_marked_as_one() -> None:
    """Quotes that overlap are marked once, and both marks of the answer lead there."""
    html = cards(answered("学法17次，援助301件。", "学法17次，援助", "援助301件。"))
    assert ["学法17次，援助301件。"] == marked(html)
    assert ["1 2"] == re.findall('<mark data-markers="([^"]+)"', html)


def test_card_says_where_the_passage_stands() -> None:
    """A card names title, issuer, year, date, number, page and heading path, and leads to the place in the document."""
    html = cards(answered("学法17次。", "学法17次。", date="2025-01-20", number="云司〔2025〕1号"))
    where = "云澜区司法局 · 2024年 · 2025-01-20 · 云司〔2025〕1号 · 第3页"
    assert all(
        words in html for words in ("年度报告", where, "一、成效", 'href="/documents/1?from=100&amp;to=106#quote"')
    )


def test_headings_are_not_repeated_in_the_card() -> None:
    """A passage that begins with its own heading is shown from behind it."""
    html = cards(answered("一、成效\n学法17次。", "学法17次。"))
    assert 1 == html.count("一、成效")


@pytest.mark.parametrize("where", ["title", "issuer", "passage", "heading"])
def test_hostile_document_is_escaped(where: str) -> None:
    """Markup in a document is shown as it is written, and is no markup of the page."""
    known = {where: HOSTILE} if where in ("title", "issuer") else {}
    text = f"{HOSTILE}学法17次。" if where == "passage" else "学法17次。"
    answer = answered(text, text, words=f"{text}[1]", **known)
    if where == "heading":
        passage = Passage(text="学法17次。", heading=(HOSTILE,), start=0, end=6)
        hit = Hit(passage_id=1, document=document(), passage=passage, score=1.0)
        answer = Answer(
            status=Status.UNANSWERABLE_NOT_STATED, lines=replies(HOSTILE), evidence=(Evidence(marker=1, hit=hit),)
        )
    html = whole_turn(Turn(question="学法多少次？", answer=answer))
    assert "<img" not in html
    assert "&lt;img" in html


def test_hostile_question_is_escaped() -> None:
    """Markup in a question, or in what it was kept to, is shown as it is written, and ends no attribute."""
    turn = Turn(question=f"\"'>{HOSTILE}", answer=answered("学", "学"), within=Within(issuers=(HOSTILE,)))
    html = whole_turn(turn)
    assert "<img" not in html
    assert "onerror=&quot;" in html


def test_marks_and_figures_lead_to_their_passages() -> None:
    """A mark is a link to its quote, and so is a figure that the quote states; one that it does not state is none."""
    answer = answered("学法17次。", "学法17次。", words="学法17次，援助301件。[1]")
    html = answer_message(answer)
    pressed = re.findall('<a class="(figure|mark)" href="([^"]+)" data-marker="1"[^>]*>([^<]+)</a>', html)
    place = "/documents/1?from=100&amp;to=106#quote"
    assert [("figure", place, "17次"), ("mark", place, "1")] == pressed
    assert '<span class="figure">301件</span>' in html


def test_unknown_mark_stays_text() -> None:
    """[7] is no link where no citation has that marker."""
    answer = answered("学法17次。", "学法17次。", words="学法17次[7]。[1]")
    assert "学法17次[7]。1" == plain(answer_message(answer))


def test_turn_grows() -> None:
    """The pieces of an answer grow to all of its words, and no mark is shown before the passages are."""
    answer = answered("学", "学", words="学法17次，援助301件。[1]\n办结104件。[1]")
    turns = [plain(html).removeprefix("多少？") for html in growing_turns(Turn(question="多少？", answer=answer))]
    assert ["学法17次，", "学法17次，援助301件。", "学法17次，援助301件。办结104件。"] == list(dict.fromkeys(turns))


def test_markdown_is_text() -> None:
    """Words that Markdown would take for a heading or a picture are shown as they are written."""
    html = answer_message(answered("学", "学", words="一。[1]\n\n# 二\n\n![](http://x/y.png)"))
    assert ["# 二", "![](http://x/y.png)"] == [plain(one) for one in re.findall("<p>(.*?)</p>", html)][1:]


def refusal(num_nearest: int) -> Answer:
    """A refusal with so many nearest passages."""
    passage = Passage(text="学法17次。", heading=(), start=0, end=6)
    evidence = tuple(
        Evidence(marker=marker, hit=Hit(passage_id=marker, document=document(), passage=passage, score=1.0))
        for marker in range(1, num_nearest + 1)
    )
    return Answer(status=Status.UNANSWERABLE_NOT_STATED, lines=replies("没有写明。"), evidence=evidence)


def test_refusal_is_told_from_an_answer() -> None:
    """A refusal says of what kind it is, and shows the nearest passages without marks."""
    answer = refusal(8)
    assert "未作回答：文件里没有写明" in answer_message(answer)
    assert "<mark" not in cards(answer)
    assert 3 == cards(answer).count("<article")


def test_refusal_offers_what_is_held() -> None:
    """What is held can be chosen beside a refusal, and not beside an answer."""
    choices = Choices(issuers=("云澜区司法局", HOSTILE), years=(2024, 2023), num_documents=3)
    turn = Turn(question="多少？", answer=refusal(1))
    html = whole_turn(turn, choices=choices)
    assert ["2024", "2023", "云澜区司法局"] == re.findall('data-act="keep"[^>]*data-value="([^"&]+)"', html)
    assert "<img" not in html
    assert 'data-act="keep"' not in whole_turn(Turn(question="多少？", answer=answered("学", "学")), choices=choices)


def test_withdrawn_document_shows_no_text() -> None:
    """Of a document that was withdrawn its card says so, and none of its words."""
    answer = answered("学法17次。", "学法17次。")
    gone = replace(answer.citations[0].document, ended_by=Ending.WITHDRAWN)
    html = cards(replace(answer, citations=(replace(answer.citations[0], document=gone),)))
    assert "此件已撤下" in html
    assert "学法17次" not in plain(html)


def test_only_what_is_in_the_journal_is_rated() -> None:
    """An answer with an entry can be rated by it; one without, and an error, cannot."""
    answer = answered("学", "学")
    rated = whole_turn(Turn(question="多少？", answer=replace(answer, entry='a"b')))
    assert 'data-entry="a&quot;b"' in rated
    assert 'data-act="bad"' in rated
    assert 'data-act="bad"' not in whole_turn(Turn(question="多少？", answer=answer))


def test_what_was_pinned_says_so() -> None:
    """The sentence that says who pinned an answer stands under it."""
    answer = replace(answered("学", "学"), pinned="由工作人员核定<b>。")
    assert "由工作人员核定&lt;b&gt;。" in answer_message(answer)


def test_error_is_told_from_an_answer() -> None:
    """An error says so and shows no passage."""
    answer = Answer(status=Status.ERROR_INDEX, lines=replies("索引已损坏。"))
    assert "没有成功" in answer_message(answer)
    assert "<article" not in cards(answer)


def test_a_table_stands_for_its_lines() -> None:
    """Figures of several parts are rows with their marks and the words around them; their lines are not shown twice."""
    quote = "全区经济稳中有进，渡口货运量增长5.4%，粮食产量12万吨。"
    passage = Passage(text=quote, heading=(), start=0, end=len(quote))
    cited = Citation(
        marker=1, document=document(), heading=(), page=None, quote=quote, start=0, end=len(quote), passage=passage
    )
    held, missing = PartLabel(issuer="云澜区"), PartLabel(issuer="望舒<b>市")
    answer = Answer(
        status=Status.ANSWERED,
        lines=(
            AnswerLine(text=quote, citations=(cited,), labels=(held,)),
            AnswerLine(text="由以上数字比较：云澜区更高。", citations=(cited,)),
            AnswerLine(text="没有在库中文件里找到。", labels=(missing,)),
        ),
        citations=(cited,),
        table=(
            TableRow(label=held, figure="增长5.4%", words="渡口货运量增长5.4%，", marker=1),
            TableRow(label=missing),
        ),
    )
    message = answer_message(answer)
    assert "增长5.4%" in message.partition("<td")[2]
    assert "渡口货运量增长5.4%" in re.sub(r"<[^>]+>", "", message)
    assert "粮食产量" not in message
    assert "&lt;b&gt;" in message
    assert 1 == message.count("由以上数字比较")
    assert 1 == message.count("没有在库中文件里找到")
    assert [] == list(growing_turns(Turn(question="多少？", answer=answer)))


def listed(*words: str, role: LineRole = LineRole.ITEM) -> Answer:
    """An answer of a lead-in and `words`, each a line of this role that quotes the same passage."""
    lines = ("提交下列材料：", *words)
    passage = Passage(text="\n".join(lines), heading=(), start=0, end=99)
    citations = [citation_of(document(), passage, line) for line in lines]
    return Answer(
        status=Status.ANSWERED,
        lines=tuple(
            AnswerLine(
                text=line,
                role=role if number else LineRole.STATEMENT,
                citations=(citation,),
                mark_below=number < len(words),
            )
            for number, (line, citation) in enumerate(zip(lines, citations, strict=True))
        ),
        citations=tuple(citations),
    )


def test_items_are_set_as_a_list() -> None:
    """The items, and only these, are set as a list, while the answer grows and when it is whole; the last bears the mark."""
    answer = listed("（1）渡船执照；", "（2）近期照片2张。")
    *_, grown = growing_turns(Turn(question="要什么？", answer=answer))
    assert 2 == grown.count('class="item"')
    message = answer_message(answer)
    assert 2 == message.count('class="item"')
    assert 1 == message.count('class="mark"')


def test_number_of_an_item_is_no_figure() -> None:
    """Only 2张 leads to its quote: （1） and 2. number the items. 1.5万元 at the start of a line is a figure."""
    message = answer_message(listed("（1）近期照片2张；", "2.渡船执照。"))
    assert ["2张"] == re.findall(r'class="figure"[^>]*>([^<]*)<', message)
    assert ["1.5万元"] == re.findall(r'class="figure"[^>]*>([^<]*)<', answer_message(listed("1.5万元以下的罚款。")))


def test_mark_stands_with_its_words() -> None:
    """The last characters, or the last figure, and the mark are not parted at the end of a line."""
    assert re.search(r'<span class="end">照。<a class="mark"', answer_message(listed("渡船执照。")))
    assert re.search(
        r'<span class="end"><a class="figure"[^>]*>2张</a><a class="mark"', answer_message(listed("照片2张"))
    )


def test_cells_of_a_row_stand_below_one_another() -> None:
    """渡口：… and 班次：… each have a line; the semicolon within a cell parts nothing."""
    row = "渡口：听潮渡；班次：早；晚"
    passage = Passage(text="渡口 | 班次\n听潮渡 | 早；晚", heading=(), start=0, end=99)
    citations = tuple(citation_of(document(), passage, quote) for quote in ("渡口", "听潮渡", "班次", "早；晚"))
    line = AnswerLine(text=row, role=LineRole.ROW, citations=citations)
    message = answer_message(Answer(status=Status.ANSWERED, lines=(line,), citations=citations))
    cells = message.split('<span class="cell">')[1:]
    assert ["渡口：听潮渡；", "班次：早；晚1"] == [plain(cell) for cell in cells]


def test_passages_of_a_refusal_are_named_as_what_they_are() -> None:
    """Those of a refusal are 可能有关的原文, those of an answer 原文出处."""
    refused = Answer(status=Status.UNANSWERABLE_NOT_STATED, lines=replies("没有写明。"))
    assert 'data-name="可能有关的原文"' in whole_turn(Turn(question="养猫？", answer=refused))
    assert 'data-name="原文出处"' in whole_turn(Turn(question="要什么？", answer=listed("（1）渡船执照。")))
