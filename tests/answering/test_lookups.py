"""Look-ups by the names of documents and terms, on real parts."""

from __future__ import annotations

import datetime

import pytest

from kb.answering import Answerer
from kb.answering.lookups.article import articles_of
from kb.answering.lookups.asked import Fact, article_number, request_of
from kb.answering.lookups.definition import asked_terms
from kb.answering.lookups.source import source_of
from kb.search.retriever import Retriever
from kb.types import Answer, Status, Within
from tests.answering.test_answering import Hold

TODAY = datetime.date(2025, 3, 1)
LAW = """# 望舒市水网管理条例

2019年4月2日望舒市第五届人民代表大会常务委员会第八次会议通过

2023年8月9日望舒市第六届人民代表大会常务委员会第三次会议《关于修改〈望舒市水网管理条例〉的决定》修正

## 第一章 总则

第一条 为了保护水网，制定本条例。

第二条 本条例所称水网用房，是指为养护水网修建的房屋。

本条例所称蓄水用房，是指用于储水的房屋。

## 第二章 养护

第三条 水务部门应当每年巡查水网四次。

巡查中发现下列情形的，应当在三日内处理：

（一）堤岸开裂的；

（二）水闸失灵的。

第四条 违反本条例第三条规定的，处二百元以上五百元以下罚款。

第五条 本条例自2019年6月1日起施行。2010年3月1日公布的《望舒市河道管理办法》（望府〔2010〕8号）同时废止。
"""
OLD_LAW = """# 望舒市水网管理条例

2019年4月2日望舒市第五届人民代表大会常务委员会第八次会议通过

第一条 为了保护水网，制定本条例。

第二条 水务部门应当每年巡查水网两次。

第三条 本条例自2019年6月1日起施行。
"""
NOTICE = """云澜区人民政府办公室关于印发云澜区公厕开放办法的通知
云政办发〔2021〕15号

各镇人民政府：
现将《云澜区公厕开放办法》印发给你们，请遵照执行。
云澜区人民政府办公室
2021年9月6日

云澜区公厕开放办法
第一条 沿街公厕每天开放十八小时。
第二条 本办法自2021年10月1日起施行，有效期三年。《云澜区公厕管理规定》（云政办发〔2016〕3号）同时废止。
"""
OTHER = """青岚县人民政府关于公厕的批复
青政函〔2020〕7号

县城管局：
同意新建公厕五座。
青岚县人民政府
2020年5月6日
"""


@pytest.fixture
def documents(hold: Hold) -> Retriever:
    return hold(
        {
            "望舒市水网管理条例(2023-08-09).md": LAW,
            "望舒市水网管理条例(2019-04-02).md": OLD_LAW,
            "云澜区公厕开放办法.txt": NOTICE,
            "青岚县公厕批复.txt": OTHER,
        }
    )


def ask(retriever: Retriever, question: str, *history: str, within: Within | None = None) -> Answer:
    answerer = Answerer(retriever, num_evidence=8, question_characters=100, today=lambda: TODAY)
    return answerer.answer(question, history, within)


@pytest.mark.parametrize(
    ("words", "question"),
    [
        (("为了保护水网",), "望舒市水网管理条例第一条怎么规定的？"),
        (
            ("每年巡查水网四次", "三日内处理", "（一）堤岸开裂的", "（二）水闸失灵的"),
            "《望舒市水网管理条例》第三条的内容",
        ),
        (("三日内处理", "（一）堤岸开裂的"), "水网管理条例第三条第二款"),
        (("水闸失灵",), "水网管理条例第3条第二款第（二）项"),
        (("十八小时",), "公厕开放办法第一条写的什么"),
    ],
    ids=["article", "paragraphs and items", "paragraph", "item", "named without its place"],
)
def test_an_article_by_its_number(words: tuple[str, ...], question: str, documents: Retriever) -> None:
    """All that is asked for of the article is quoted, paragraph by paragraph, and nothing of its neighbours."""
    answer = ask(documents, question)
    assert Status.ANSWERED == answer.status
    assert [] == [part for part in words if part not in answer.text]
    assert "罚款" not in answer.text


def test_a_paragraph_and_an_item_come_alone(documents: Retriever) -> None:
    """第二款 has no sentence of the first; an item has its lead-in, and not the other item."""
    assert "每年巡查" not in ask(documents, "水网管理条例第三条第二款").text
    item = ask(documents, "水网管理条例第三条第二款第二项").text
    assert (True, False) == ("下列情形" in item, "堤岸" in item)


def test_of_two_versions_the_newer_answers_and_is_named(documents: Retriever) -> None:
    """The version of 2023 answers, by the line that says so; a named year gets its own."""
    answer = ask(documents, "望舒市水网管理条例第二条怎么规定的")
    assert "水网用房" in answer.text
    assert "较新的一版：2023年8月9日" in answer.text
    assert "巡查水网两次" in ask(documents, "望舒市水网管理条例2019年版第二条怎么规定的").text


@pytest.mark.parametrize(
    ("reason", "question"),
    [
        ("共5条，没有第九十条", "望舒市水网管理条例第九十条的内容"),
        ("第一条共1款，没有第3款", "望舒市水网管理条例第一条第三款"),
        ("没有第5项", "望舒市水网管理条例第三条第五项"),
        ("库中没有《望舒市养犬条例》", "望舒市养犬条例第三条怎么规定"),
        ("没有写明是哪一份文件", "第三条怎么规定的？"),
        ("云政办发〔2021〕99号", "云政办发〔2021〕99号是什么文件"),
        ("写明废止其他文件", "青岚县人民政府关于公厕的批复废止了哪些文件"),
    ],
    ids=["article", "paragraph", "item", "document", "no document named", "number", "nothing repealed"],
)
def test_what_is_not_there_is_said_plainly(reason: str, question: str, documents: Retriever) -> None:
    """A refusal says what is missing, and of an article how many there are."""
    answer = ask(documents, question)
    assert (Status.UNANSWERABLE_NOT_STATED, ()) == (answer.status, answer.citations)
    assert reason in answer.text


@pytest.mark.parametrize(
    ("words", "question"),
    [
        ("云澜区公厕开放办法", "云政办发〔2021〕15号是什么文件？"),
        ("云澜区公厕开放办法", "云政办发(2021)第15号是哪份文件"),
        ("云政办发〔2021〕15号", "云澜区公厕开放办法的文号是多少"),
        ("云澜区人民政府办公室", "云政办发〔2021〕15号是谁发的"),
        ("2021年10月1日", "公厕开放办法从哪天起施行"),
        ("有效期三年", "公厕开放办法的有效期到什么时候"),
        ("望舒市河道管理办法", "望舒市水网管理条例施行后哪个办法废止了？"),
        ("2019年4月2日", "望舒市水网管理条例是什么时候通过的"),
        ("2019年6月1日", "望舒市水网管理条例什么时候开始施行"),
        ("2023年8月9日", "望舒市水网管理条例最近一次是什么时候修订的"),
        ("2020年5月6日", "青政函〔2020〕7号哪天发的"),
    ],
)
def test_facts_of_a_document_stand_where_it_says_so(words: str, question: str, documents: Retriever) -> None:
    """Each fact is quoted from the line of the document that states it."""
    answer = ask(documents, question)
    assert Status.ANSWERED == answer.status
    assert words in answer.text
    assert any(words in citation.quote for citation in answer.citations)


def test_two_facts_are_both_answered_or_the_other_is_missed(documents: Retriever) -> None:
    """谁发的，文号多少 has both; where one is not stated a note says so."""
    both = ask(documents, "云澜区公厕开放办法是谁发的，文号多少？").text
    assert (True, True) == ("云澜区人民政府办公室" in both, "云政办发〔2021〕15号" in both)
    assert (
        "没有在《望舒市水网管理条例》里找到写明有效期"
        in ask(documents, "望舒市水网管理条例哪天施行，有效期到哪天").text
    )


@pytest.mark.parametrize(
    ("verdict", "quote", "question"),
    [
        ("已经废止", "同时废止", "云政办发〔2016〕3号还有效吗"),
        ("已经废止", "同时废止", "望府〔2010〕8号现在还管用不"),
        ("有效期已过", "有效期三年", "云澜区公厕开放办法作废了吗"),
        ("库中没有写明它已废止", "2019年6月1日起施行", "望舒市水网管理条例还有效吗"),
        ("较新的版本", "2023年8月9日", "望舒市水网管理条例2019年版还有效吗"),
    ],
    ids=["ended by another", "ended by a law", "run out", "not said to be ended", "followed by a newer version"],
)
def test_whether_a_document_still_holds(verdict: str, quote: str, question: str, documents: Retriever) -> None:
    """The verdict stands on a sentence: of the document that ended it, of its own term, of the newer version."""
    answer = ask(documents, question)
    assert verdict in answer.text
    assert any(quote in citation.quote for citation in answer.citations)


def test_the_day_of_a_signature_is_no_first_day(documents: Retriever) -> None:
    """A reply that does not say from when it holds is not said to hold from the day on which it was signed."""
    for question in ("青政函〔2020〕7号什么时候施行", "青政函〔2020〕7号还有效吗"):
        assert "：2020年5月6日" not in ask(documents, question).text


def test_within_its_term_a_document_holds(documents: Retriever) -> None:
    """Before its last day the term has not run out."""
    answerer = Answerer(documents, num_evidence=8, question_characters=100, today=lambda: datetime.date(2024, 9, 1))
    assert "仍在有效期内" in answerer.answer("云澜区公厕开放办法作废了吗").text


@pytest.mark.parametrize(
    ("words", "question"),
    [
        ("为养护水网修建的房屋", "什么是水网用房？"),
        ("用于储水的房屋", "望舒的蓄水用房是指什么样的房子"),
        ("用于储水的房屋", "水网用房和蓄水用房有什么区别"),
    ],
)
def test_a_term_means_what_a_document_says(words: str, question: str, documents: Retriever) -> None:
    """The defining sentence is quoted with its document and article."""
    answer = ask(documents, question)
    assert words in answer.text
    assert "《望舒市水网管理条例》第二条" in answer.text


def test_documents_on_a_matter_are_listed(documents: Retriever) -> None:
    """Each document whose title has the words has a line; of a kind only those of it."""
    answer = ask(documents, "有哪些关于公厕的文件？")
    assert {"云澜区公厕开放办法.txt", "青岚县公厕批复.txt"} == {citation.document.name for citation in answer.citations}
    only = ask(documents, "收录了哪些公厕办法")
    assert {"云澜区公厕开放办法.txt"} == {citation.document.name for citation in only.citations}


def test_a_follow_up_is_of_the_document_before(documents: Retriever) -> None:
    """这部条例第一条 is of the document that the question before named."""
    answer = ask(documents, "这部条例第一条呢", "望舒市水网管理条例什么时候施行的？")
    assert "为了保护水网" in answer.text


def test_a_follow_up_of_rules_that_carry_a_law_out_is_not_of_the_law(documents: Retriever) -> None:
    """水网管理条例实施细则 is another document, which is not there."""
    answer = ask(documents, "这部细则第一条呢", "水网管理条例实施细则对夜间巡查怎么安排")
    assert "《望舒市水网管理条例》第一条" not in answer.text


def test_every_quote_stands_in_its_passage(documents: Retriever) -> None:
    """A quote is the document's text at its span, in a passage of the evidence with its marker."""
    for question in (
        "望舒市水网管理条例第三条的内容",
        "公厕开放办法作废了吗",
        "什么是水网用房",
        "有哪些关于公厕的文件",
    ):
        answer = ask(documents, question)
        assert answer.citations
        for citation in answer.citations:
            assert citation.quote == documents.catalogue.text(citation.document.id)[citation.start : citation.end]
            [evidence] = [evidence for evidence in answer.evidence if evidence.marker == citation.marker]
            assert citation.quote in evidence.hit.passage.text


@pytest.mark.parametrize(
    "question",
    [
        "违反水网管理条例第三条怎么处罚",
        "望舒市水网管理条例里水务部门巡查几次",
        "公厕开放办法里公厕什么时候开放",
        "青岚县水网管理条例第三条怎么规定的",
        "水网管理条例实施细则第三条",
        "什么是水闸许可",
        "由谁负责巡查水网",
    ],
    ids=["penalty", "matter", "time of a matter", "another place", "another document", "undefined", "who does it"],
)
def test_other_questions_are_no_look_ups(question: str, documents: Retriever) -> None:
    """What is about something in a document, or about another, does not get an article or a date in its place."""
    text = ask(documents, question).text
    assert "《望舒市水网管理条例》第" not in text
    assert "《云澜区公厕开放办法》：" not in text


def test_only_documents_that_are_kept_to_are_looked_up(documents: Retriever) -> None:
    """Within another issuer's documents the number is not there."""
    issuer = next(
        document.metadata.issuer for document in documents.gazetteer().documents.values() if "青岚" in document.name
    )
    answer = ask(documents, "云政办发〔2021〕15号是什么文件", within=Within(issuers=(str(issuer),)))
    assert Status.UNANSWERABLE_NOT_STATED == answer.status


@pytest.mark.parametrize(
    ("facts", "question"),
    [
        ((Fact.ISSUER, Fact.NUMBER), "水网办法是谁发的，文号多少"),
        ((Fact.ORDER, Fact.VALID_UNTIL), "水网办法是第几号令，有效期到什么时候"),
        ((Fact.STANDING,), "水网办法还管用不"),
        ((Fact.REPEALS,), "水网办法出台后原来哪个规定作废了"),
        ((Fact.WRITTEN,), "水网办法的成文日期"),
        ((Fact.TITLE,), "云政发〔2021〕5号批的是什么"),
        ((), "水网由谁管"),
        ((), "许可证丢了怎么办"),
    ],
)
def test_what_is_asked_to_be_looked_up(facts: tuple[Fact, ...], question: str) -> None:
    """The facts that a question asks for, in the order of its words."""
    assert facts == request_of(question).facts


@pytest.mark.parametrize(
    ("value", "number"), [((30, 0), "第三十条"), ((20, 1), "第二十条之一"), ((12, 0), "第12条"), (None, "第三章")]
)
def test_numbers_of_articles(value: tuple[int, int] | None, number: str) -> None:
    """The value of a number in characters or digits, and what stands behind 之."""
    assert value == article_number(number)


@pytest.mark.parametrize(
    ("terms", "question"),
    [
        (["水网用房"], "什么是水网用房？"),
        (["水网用房"], "水网用房是什么意思"),
        (["水网用房"], "哪些房子算水网用房"),
        (["甲类房", "乙类房"], "甲类房和乙类房有什么区别"),
        ([], "水网用房在哪里申请"),
    ],
)
def test_terms_that_are_asked_for(terms: list[str], question: str) -> None:
    """The term whose meaning is asked for; none in another question."""
    assert terms == asked_terms(question)


def test_articles_of_running_text(hold: Hold) -> None:
    """Where a page runs on without line breaks, the numbers that follow one another are its articles."""
    retriever = hold(
        {"a.txt": "云澜区集市办法\n第一条 集市每周一次。 第二条 违反第一条的，不得设摊。 第三条 自公布之日起施行。\n"}
    )
    [document] = retriever.gazetteer().documents.values()
    articles = articles_of(source_of(document, retriever))
    assert ["第一条", "第二条", "第三条"] == [article.number for article in articles]
