"""Questions → groups of windows: those around what a question quotes answer it, near misses and what else is found do not."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from kb.search.retriever import Retriever
from training.groups import Group, Item, read_known, read_made, read_questions, read_statements

Hold = Callable[[Mapping[str, str]], Retriever]
FERRY = """# 云澜区渡船办法

第一条 渡船每班收费9元，半价票收费5元。

第二条 渡船押金为每人30元，下船时退还。

第三条 申请停靠应当提交下列材料：

（一）停靠申请表；

（二）船员证件。

第四条 渡船由水手每日擦洗。
"""
HALL = """# 望舒市图书馆借阅须知

## 一、押金

借书押金为每人100元。

## 二、时间

每日开放9小时。
"""
TEXTS = {"渡船.md": FERRY, "图书馆.md": HALL}


def lines(path: Path, *questions: Mapping[str, Any]) -> Path:
    """A file with a line for each."""
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in questions), encoding="utf-8")
    return path


def asked(
    question: str, quote: str = "", words: str = "", *, doc: str = "渡船.md", near: tuple[object, ...] = ()
) -> Any:
    """A line of a file of questions."""
    answers = [{"quote": quote, "words": words}] if quote else []
    return {"doc": doc, "q": question, "answers": answers, "near": list(near)}


def words_of(item: Item) -> list[str]:
    return [item.text[start:end] for start, end in item.spans]


def right(group: Group) -> list[Item]:
    return [item for item in group.items if item.answers]


def wrong(group: Group) -> list[str]:
    return [item.text for item in group.items if not item.answers]


@pytest.fixture
def retriever(hold: Hold) -> Retriever:
    """Over rules of a ferry and of a library."""
    return hold(TEXTS)


def test_the_window_around_a_quote_answers(retriever: Retriever, tmp_path: Path) -> None:
    """It has its words as its span and its headings as context; the near miss and what else is found do not answer."""
    question = asked("云澜区渡船多少钱？", "渡船每班收费9元", "9元", near=("渡船押金",))
    [group] = read_questions(lines(tmp_path / "ferry.jsonl", question), retriever)
    assert ("ferry", "渡船.md", False) == (group.source, group.document, group.is_held_out)
    [item] = right(group)
    assert ("云澜区渡船办法；第一条", ["9元"]) == (item.context, words_of(item))
    assert "渡船押金为每人30元，下船时退还。" in wrong(group)
    assert not any("收费9元" in text for text in wrong(group))
    assert len({item.text for item in group.items}) == len(group.items)


def test_a_quote_whole_and_one_broken_by_white_space(retriever: Retriever, tmp_path: Path) -> None:
    """Without words all of the quote is the answer; white space in the quote or in the document makes no difference."""
    quotes = ("渡船押金为\n每人30元", "提交下列材料：⏎（一）停靠申请表；（二）船员证件。")
    path = lines(tmp_path / "a.jsonl", *(asked("要什么？", quote) for quote in quotes))
    first, second = (right(group) for group in read_questions(path, retriever))
    assert [["渡船押金为每人30元"]] == [words_of(item) for item in first]
    [[words]] = [words_of(item) for item in second]
    assert "提交下列材料：（一）停靠申请表；（二）船员证件。" == "".join(words.split())


def test_near_misses_by_place(retriever: Retriever, tmp_path: Path) -> None:
    """A near miss may be named by a place in the document's text; one that answers is none."""
    document = next(one for one in retriever.gazetteer().documents.values() if one.name == "渡船.md")
    text = retriever.text_of(document)
    question = asked("渡船多少钱？", "收费9元", near=(text.index("擦洗"), text.index("9元")))
    [group] = read_questions(lines(tmp_path / "a.jsonl", question), retriever)
    assert "渡船由水手每日擦洗。" == wrong(group)[0]
    assert ["渡船每班收费9元，半价票收费5元。"] == [item.text for item in right(group)]


def test_the_span_of_an_answer(retriever: Retriever, tmp_path: Path) -> None:
    """An answer may be named by the span of its words in the document's text."""
    document = next(one for one in retriever.gazetteer().documents.values() if one.name == "渡船.md")
    start = retriever.text_of(document).index("30元")
    question = asked("押金多少元？") | {"answers": [{"at": [start, start + 3]}]}
    [group] = read_questions(lines(tmp_path / "a.jsonl", question), retriever)
    [item] = right(group)
    assert ("渡船押金为每人30元，下船时退还。", ["30元"]) == (item.text, words_of(item))


def test_questions_on_the_files_of_a_folder(tmp_path: Path) -> None:
    """They have windows of their own document alone, all where there are few: none of another that may answer, too."""
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    path = lines(
        tmp_path / "made.jsonl",
        asked("押金每人多少元？", "渡船押金为每人30元", "30元", near=("收费9元",)),
        asked("押金每人多少元？", "借书押金为每人100元", "100元", doc="图书馆.md"),
    )
    ferry, hall = read_made(path, tmp_path)
    assert [("made", "渡船.md"), ("made", "图书馆.md")] == [(one.source, one.document) for one in (ferry, hall)]
    assert [["30元"], ["100元"]] == [words_of(item) for group in (ferry, hall) for item in right(group)]
    assert "渡船每班收费9元，半价票收费5元。" == wrong(ferry)[0]
    assert {"云澜区渡船办法"} == {item.context.split("；")[0] for item in ferry.items}
    assert any("每日擦洗" in text for text in wrong(ferry))
    assert {"望舒市图书馆借阅须知"} == {item.context.split("；")[0] for item in hall.items}


def test_a_question_that_nothing_answers(retriever: Retriever, tmp_path: Path) -> None:
    """A question without answers has a group of windows none of which answers, the near miss among them."""
    path = lines(tmp_path / "a.jsonl", asked("渡船上可以养狗吗？", near=("每日擦洗",)))
    [group] = read_questions(path, retriever)
    assert [] == right(group)
    assert "渡船由水手每日擦洗。" in wrong(group)


def test_what_is_not_there_is_left_out(retriever: Retriever, tmp_path: Path) -> None:
    """A question on a document that is not held, or with a quote that its document lacks, has no group."""
    path = lines(
        tmp_path / "a.jsonl", asked("渡船多少钱？", "收费9元", doc="渡口.md"), asked("渡船多少钱？", "收费8元")
    )
    assert [] == list(read_questions(path, retriever))


def test_windows_of_other_documents(retriever: Retriever, tmp_path: Path) -> None:
    """What is found in other documents does not answer; what has the very words is left out."""
    found = lines(tmp_path / "a.jsonl", asked("押金每人多少元？", "渡船押金为每人30元", "30元"))
    [group] = read_questions(found, retriever)
    assert any("借书押金" in text for text in wrong(group))
    same = lines(tmp_path / "b.jsonl", asked("押金每人多少元？", "渡船押金为每人30元", "每人"))
    [group] = read_questions(same, retriever)
    assert not any("借书押金" in text for text in wrong(group))


def test_the_question_is_without_what_is_not_judged(hold: Hold, tmp_path: Path) -> None:
    """The year and the issuer that a question names are left out, as they are when the judge is asked."""
    retriever = hold({"2024_云澜区_政府工作报告.txt": "2024年云澜区政府工作报告\n一、回顾\n全区修渠9公里。\n"})
    question = asked("2024年云澜区政府工作报告里修渠多少公里？", "修渠9公里", doc="2024_云澜区_政府工作报告.txt")
    [group] = read_questions(lines(tmp_path / "a.jsonl", question), retriever)
    assert not any(word in group.question for word in ("2024", "云澜区"))
    assert "修渠多少公里" in group.question


def test_known_questions(retriever: Retriever, tmp_path: Path) -> None:
    """Of a question with a known answer the windows that are found are scored only; one of its document with its gold answers."""
    known = {"question": "渡船押金多少元？", "answerable": True, "gold": [["30元"]], "docs": ["渡船.md"]}
    unknown = {"question": "渡船押金可以分期吗？", "answerable": False, "docs": []}
    first, second = read_known(lines(tmp_path / "known.jsonl", known, unknown), retriever)
    assert ("known", "渡船.md", True) == (first.source, first.document, first.is_held_out)
    assert ["渡船押金为每人30元，下船时退还。"] == [item.text for item in right(first)]
    assert [] == right(second)
    assert wrong(second)


STATEMENTS = [
    {
        "src": "gov",
        "q": f"2024年渡船第{number}班收费多少？",
        "items": [
            {"c": f"渡船办法{number}；一、收费", "s": f"第{number}班收费{number}元。", "y": 1, "spans": [[len(f"第{number}班收费"), len(f"第{number}班收费{number}元")]]},
            {"c": f"渡船办法{number}；二、押金", "s": f"第{number}班押金{number + 70}元。", "y": 0, "spans": []},
            {"c": f"渡船办法{number}；三、擦洗", "s": f"第{number}班由水手擦洗。", "y": 0, "spans": []},
        ],
    }
    for number in range(1, 41)
]  # fmt: skip


def test_statements_keep_their_answers(tmp_path: Path) -> None:
    """Of each line one window answers, with the words that do, whether its statements are joined or not; both occur."""
    groups = list(read_statements(lines(tmp_path / "gov.jsonl", *STATEMENTS)))
    assert len(STATEMENTS) == len(groups)
    for number, group in enumerate(groups, start=1):
        assert ("gov", f"渡船办法{number}") == (group.source, group.document)
        [item] = right(group)
        assert [f"{number}元"] == words_of(item)
        assert all(item.spans == () for item in group.items if not item.answers)
        assert 3 == sum(item.text.count("。") for item in group.items)
    assert {1, 2, 3} == {len(group.items) for group in groups}
    assert {True, False} == {"2024" in group.question for group in groups}


def test_statements_are_joined_alike_each_time(tmp_path: Path) -> None:
    """A seed gives the same windows, another others; a line without a question has none."""
    path = lines(tmp_path / "gov.jsonl", *STATEMENTS, STATEMENTS[0] | {"q": " "})
    assert list(read_statements(path)) == list(read_statements(path))
    assert list(read_statements(path, seed=2)) != list(read_statements(path))
    assert len(STATEMENTS) == len(list(read_statements(path)))
