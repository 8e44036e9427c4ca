"""Judging answers by what is known: each figure on hand-made cases, the page, and the command."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from kb.__main__ import main
from kb.errors import EvaluationError
from kb.evaluation import evaluate
from kb.evaluation.documents import FolderTexts
from kb.evaluation.judging import Verdict, judge
from kb.evaluation.lines import MISSING, Extract, GivenAnswer, KnownQuestion, given_answer, read_answers, read_questions
from kb.evaluation.measures import FAULTS, MEASURES
from kb.evaluation.page import page, write_page
from kb.evaluation.report import EvaluationReport
from tests import ROOT, SHARED

SCORER = SHARED / "eval" / "score.py"

FILE = "2024_云澜区_报告.txt"
OTHER = "2023_云澜区_报告.txt"
TEXT = "2024年组织学法17次，受理申请1,108件，\n办结率９８％。2023年组织学法12次。"

QUESTION = {"id": "q", "kind": "fact", "question": "2024年组织学法多少次？", "answerable": True, "gold": [["17次"]]}
UNANSWERABLE = {"id": "q", "kind": "none", "question": "2024年绿地多少亩？", "answerable": False}
ANSWER = {
    "id": "q",
    "status": "answered",
    "text": "组织学法17次。[1]",
    "citations": [{"document": FILE, "quote": "2024年组织学法17次"}],
    "evidence": [{"document": FILE, "heading": ["学法"], "text": TEXT}],
    "computed": [],
    "seconds": 0.5,
}
REFUSAL = {**ANSWER, "status": "unanswerable_not_stated", "text": "没有写明。", "citations": []}


@pytest.fixture
def documents(folder: Path) -> FolderTexts:
    """A folder with the two files."""
    (folder / FILE).write_text(TEXT, encoding="utf-8")
    (folder / OTHER).write_text("2023年组织学法12次。", encoding="gb18030")
    return FolderTexts(folder)


def written(path: Path, lines: Sequence[dict[str, Any] | str]) -> Path:
    """A file of lines: fields as JSON, text as it is."""
    texts = (line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return path


def known(tmp_path: Path, fields: dict[str, Any]) -> KnownQuestion:
    (question,) = read_questions(written(tmp_path / "one.jsonl", [fields]))
    return question


def quoting(*quotes: str, name: str = FILE) -> list[dict[str, str]]:
    return [{"document": name, "quote": quote} for quote in quotes]


# Verdicts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        pytest.param({}, {}, {"answered": True, "right": True, "supported": True}, id="right"),
        pytest.param({}, {"text": "组织学法 1 7 次"}, {"right": True}, id="white space does not count"),
        pytest.param({}, {"text": "组织学法**１７**次"}, {"right": True}, id="widths and emphasis do not count"),
        pytest.param({"gold": [["1108件"]]}, {"text": "受理1,108件"}, {"right": True}, id="thousands"),
        pytest.param({"gold": [["十七次", "17次"]]}, {}, {"right": True}, id="one spelling is enough"),
        pytest.param(
            {"gold": [["17次"], ["98%"]]}, {}, {"right": False, "missing": (("98%",),)}, id="each group is needed"
        ),
        pytest.param(
            {"gold": [["17次"], ["98%"]]},
            {},
            {"partly": True, "wrong": False, "helped": True},
            id="some of it, all shown",
        ),
        pytest.param(
            {"gold": [["9次"]]}, {}, {"partly": False, "wrong": True, "helped": False}, id="none of it, nor shown"
        ),
        pytest.param({"gold": [["9次"]]}, REFUSAL, {"wrong": False, "helped": False}, id="a refusal is not wrong"),
        pytest.param(
            {"gold": [["17次"], ["98%"]], "trap": ["12次"]},
            {"text": "17次，上年12次"},
            {"partly": False, "wrong": True},
            id="a trap makes wrong what is some of it",
        ),
        pytest.param({"trap": ["12次"]}, {}, {"right": True, "trapped": ()}, id="trap avoided"),
        pytest.param(
            {"trap": ["12次"]},
            {"text": "17次，上年12次"},
            {"right": False, "trapped": ("12次",), "wrong_figure": True},
            id="trap stands beside the right figure",
        ),
        pytest.param(
            {}, REFUSAL, {"answered": False, "refused": True, "right": False, "wrong_figure": False}, id="refused"
        ),
        pytest.param(
            {"trap": ["没有"]}, REFUSAL, {"trapped": (), "wrong_figure": False}, id="a refusal falls into no trap"
        ),
        pytest.param(
            {}, {**REFUSAL, "text": "17次"}, {"right": False}, id="a refusal is not right, whatever its text says"
        ),
        pytest.param(
            {}, {"status": "error_index"}, {"failed": True, "refused": False, "right": False}, id="error is no refusal"
        ),
        pytest.param(UNANSWERABLE, REFUSAL, {"refused": True, "right": True, "wrong": False}, id="rightly refused"),
        pytest.param(
            UNANSWERABLE, {"text": "绿地很多。[1]"}, {"wrong": True}, id="what is not known is answered wrongly"
        ),
        pytest.param(
            UNANSWERABLE, {}, {"right": False, "wrong_figure": True}, id="figure where nothing is known is wrong"
        ),
        pytest.param(
            UNANSWERABLE, {"text": "绿地很多。[1]"}, {"right": False, "wrong_figure": False}, id="words without figures"
        ),
        pytest.param(
            {},
            {"text": "组织学法12次。"},
            {"right": False, "wrong_figure": True},
            id="another figure than the expected",
        ),
        pytest.param(
            {},
            {"text": "2024年多次组织学法。[1]"},
            {"right": False, "wrong_figure": False},
            id="figures of the question are not wrong",
        ),
    ],
)
def test_right_and_wrong(
    question: dict[str, Any], answer: dict[str, Any], expected: dict[str, Any], tmp_path: Path, documents: FolderTexts
) -> None:
    """What is right, refused and wrong, as the question's gold and traps say."""
    verdict = verdict_on(question, answer, tmp_path, documents)
    assert expected == {name: getattr(verdict, name) for name in expected}


def verdict_on(question: dict[str, Any], answer: dict[str, Any], tmp_path: Path, documents: FolderTexts) -> Verdict:
    """The verdict on the usual answer to the usual question, each changed as given."""
    return judge(known(tmp_path, {**QUESTION, **question}), given_answer({**ANSWER, **answer}), documents)


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        pytest.param({}, {"text": "17次"}, (), id="in a quote"),
        pytest.param({}, {"text": "17次，12次"}, ("12",), id="in the file but in no quote"),
        pytest.param({}, {"text": "2024年17次"}, (), id="in the question"),
        pytest.param({"history": ["2019年呢？"]}, {"text": "2019年"}, (), id="in the history"),
        pytest.param({}, {"text": "2024_", "citations": quoting("学法")}, (), id="in the cited file's name"),
        pytest.param({}, {"text": "17次[1]【12】(3)"}, (), id="marks are no figures"),
        pytest.param({}, {"text": "98%", "citations": quoting("98次")}, ("98%",), id="the percent sign counts"),
        pytest.param({}, {"text": "1108件", "citations": quoting("1,108件")}, (), id="thousands"),
        pytest.param({}, {**REFUSAL, "text": "99"}, (), id="a refusal is not traced"),
    ],
)
def test_untraced(
    question: dict[str, Any], answer: dict[str, Any], expected: tuple[str, ...], tmp_path: Path, documents: FolderTexts
) -> None:
    """A figure is traced to a quote, the question or a cited file's name."""
    assert expected == verdict_on(question, answer, tmp_path, documents).untraced


@pytest.mark.parametrize(
    ("figure", "operation", "operands", "accepted"),
    [
        ("5次", "difference", ["17次", "12次"], True),
        ("5次", "difference", ["12次", "17次"], True),
        ("6次", "difference", ["17次", "12次"], False),
        ("5次", "difference", ["18次", "13次"], False),
        ("5次", "difference", ["17次"], False),
        ("5次", "product", ["17次", "12次"], False),
        ("5次", "difference", ["多次", "12次"], False),
        ("多次", "difference", ["17次", "12次"], False),
    ],
)
def test_computed_figures(
    figure: str, operation: str, operands: list[str], accepted: bool, tmp_path: Path, documents: FolderTexts
) -> None:
    """A computed figure is traced where its operands stand in the quotes and the result is right."""
    answer = {
        "text": f"相差{figure}",
        "citations": quoting("学法17次", "12次", "0次"),
        "computed": [{"figure": figure, "operation": operation, "operands": operands}],
    }
    verdict = verdict_on({}, answer, tmp_path, documents)
    assert accepted == (not verdict.untraced and figure != "多次")


@pytest.mark.parametrize(
    ("quote", "name", "is_false"),
    [
        ("受理申请1108件，办结率98%", FILE, False),
        ("组织学法18次", FILE, True),
        ("2023年组织学法12次。", OTHER, False),
        ("2024年组织学法17次", OTHER, True),
        ("2024年组织学法17次", "没有的文件.txt", True),
        ("2024年组织学法17次", f"reports/{FILE}", False),
        ("任何文字", "报告.pdf", False),
        ("任何文字", "报告.bin", False),
    ],
    ids=["spelling", "other figure", "GB 18030", "other file", "no such file", "path", "PDF", "binary"],
)
def test_false_quotes(
    quote: str, name: str, is_false: bool, folder: Path, documents: FolderTexts, tmp_path: Path
) -> None:
    """A quote must stand in the file that it names, where that is plain text."""
    (folder / "below").mkdir()
    (folder / "below" / "报告.pdf").write_bytes(b"%PDF-1.7")
    (folder / "below" / "报告.bin").write_bytes(b"text\0text")
    verdict = verdict_on({}, {"citations": quoting(quote, name=name)}, tmp_path, FolderTexts(folder))
    assert is_false == bool(verdict.false_quotes)


def test_files_of_one_name(folder: Path, documents: FolderTexts) -> None:
    """Of two files with one name, a quote may stand in either, and in no seam between them."""
    (folder / "below").mkdir()
    (folder / "below" / FILE).write_text("甲乙", encoding="utf-8")
    both = FolderTexts(folder)
    assert both.contain("甲乙", FILE)
    assert both.contain("学法17次", FILE)
    assert both.contain("12次。甲乙", FILE) is False


@pytest.mark.parametrize(
    ("answer", "uncited", "supported"),
    [
        ({}, False, True),
        ({"citations": []}, True, False),
        ({"citations": None}, True, False),
        ({"citations": quoting("受理申请1,108件")}, False, False),
        (REFUSAL, False, False),
    ],
    ids=["quoted", "no quote", "null", "another quote", "refused"],
)
def test_uncited_and_supported(
    answer: dict[str, Any], uncited: bool, supported: bool, tmp_path: Path, documents: FolderTexts
) -> None:
    """An answer needs a quote, and its quotes need all that was expected."""
    verdict = verdict_on({}, answer, tmp_path, documents)
    assert (uncited, supported) == (verdict.uncited, verdict.supported)


@pytest.mark.parametrize(
    ("evidence", "held"),
    [
        ([("学法", "17次")], True),
        ([("学法17次", "")], True),
        ([("", "1"), ("", "7次")], False),
        ([("", "12次")], False),
        ([], False),
        ([("", "没有")] * 9 + [("", "17次")], True),
        ([("", "没有")] * 10 + [("", "17次")], False),
    ],
    ids=["text", "heading", "seam", "other", "none", "tenth", "eleventh"],
)
def test_evidence_held(evidence: list[tuple[str, str]], held: bool, tmp_path: Path, documents: FolderTexts) -> None:
    """The first ten passages, with their headings, hold all gold, whether the question was answered or not."""
    passages = [{"document": FILE, "heading": [heading] if heading else [], "text": text} for heading, text in evidence]
    assert held == verdict_on({}, {"evidence": passages}, tmp_path, documents).evidence_held
    assert held == verdict_on({}, {**REFUSAL, "evidence": passages}, tmp_path, documents).evidence_held


@pytest.mark.parametrize(
    ("docs", "outside"),
    [([FILE], False), ([OTHER, FILE], False), ([f"reports/{FILE}"], False), ([OTHER], True), ([], False)],
)
def test_evidence_outside(docs: list[str], outside: bool, tmp_path: Path, documents: FolderTexts) -> None:
    """A passage of a file that is not among the question's is outside, where the question names any."""
    assert outside == verdict_on({"docs": docs}, {}, tmp_path, documents).evidence_outside


# Figures ---------------------------------------------------------------------------------------------------------

CASES: list[tuple[dict[str, Any], dict[str, Any] | None]] = [
    ({"id": "right", "docs": [FILE]}, {"seconds": 1}),
    ({"id": "unsupported"}, {"citations": quoting("受理申请"), "seconds": 0.2, "evidence": []}),
    ({"id": "wrong", "docs": [OTHER]}, {"text": "学法12次。[1]", "seconds": 0.1}),
    ({"id": "trapped", "trap": ["12次"]}, {"text": "17次，12次", "citations": quoting("17次", "12次"), "seconds": 0.1}),
    ({"id": "uncited", "kind": "list"}, {"citations": [], "seconds": 0.3}),
    ({"id": "false quote", "kind": "list"}, {"citations": quoting("学法17次，很多"), "seconds": 0.3}),
    ({"id": "refused", "docs": [FILE]}, {**REFUSAL, "id": "refused", "seconds": 0.1}),
    ({"id": "error"}, {"status": "error_index", "text": "请重建", "citations": [], "evidence": [], "seconds": 0}),
    ({"id": "missing", "kind": "list"}, None),
    ({**UNANSWERABLE, "id": "rightly refused"}, {**REFUSAL, "seconds": 0.1}),
    ({**UNANSWERABLE, "id": "answered", "docs": [OTHER]}, {"seconds": 0.1}),
    (
        {"id": "computed", "gold": [["5次"]], "history": ["2023年呢？"]},
        {
            "text": "多5次。[1]",
            "citations": quoting("2024年组织学法17次", "2023年组织学法12次"),
            "computed": [{"figure": "5次", "operation": "difference", "operands": ["17次", "12次"]}],
            "seconds": 0.1,
        },
    ),
]


def scripted() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Question lines, and answer lines to all but one."""
    questions = [{**QUESTION, **question} for question, _ in CASES]
    answers = [{**ANSWER, **answer, "id": question["id"]} for question, answer in CASES if answer is not None]
    return questions, answers


@pytest.fixture
def report(tmp_path: Path, documents: FolderTexts) -> EvaluationReport:
    """The report on the scripted answers."""
    question_lines, answer_lines = scripted()
    questions = read_questions(written(tmp_path / "questions.jsonl", question_lines))
    answers = read_answers(written(tmp_path / "answers.jsonl", answer_lines), questions)
    return evaluate(questions, answers, documents)


def test_figures(report: EvaluationReport) -> None:
    """Each figure over the questions that it concerns, rounded to four decimals."""
    assert {
        "questions": 12,
        "accuracy": 0.5,  # right, unsupported, uncited, false quote, computed of ten
        "false_refusal": 0.1,
        "refusal": 0.5,
        "wrong_figure": 0.25,  # wrong, trapped, answered of twelve
        "untraced": 0.375,  # unsupported, wrong, uncited of eight
        "false_quote": 0.125,
        "uncited": 0.125,
        "supported": 0.4,  # not unsupported, uncited, computed
        "wrong": 0.25,  # wrong, trapped, answered of twelve
        "partly": 0.0,
        "helped": 0.8,  # of ten all but two, whose passages do not hold it
        "characters": 11,
        "errors": 2,
        "median_seconds": 0.1,
        "p95_seconds": 1,
        "evidence_held": 0.6,  # not computed: no passage says 5
        "evidence_outside": 0.3333,
    } == report.figures


def test_by_kind(report: EvaluationReport) -> None:
    """Kinds stand in order of appearance, each with its counts."""
    assert ["fact", "list", "none"] == list(report.by_kind)
    assert {"questions": 7, "right": 3, "refused": 1, "wrong_figure": 2, "errors": 1} == report.by_kind["fact"]
    assert {"fact": "3/7", "list": "2/3", "none": "1/2"} == report.fields()["right_by_kind"]


def test_failures(report: EvaluationReport) -> None:
    """Each answer that is not right, or is right and not borne out, is a failure with its faults."""
    assert {
        "unsupported": ("untraced", "unsupported"),
        "wrong": ("incomplete", "wrong_figure", "untraced"),
        "trapped": ("trapped", "wrong_figure"),
        "uncited": ("untraced", "uncited", "unsupported"),
        "false quote": ("false_quote",),
        "refused": ("false_refusal",),
        "error": ("error",),
        "missing": ("error",),
        "answered": ("false_answer", "wrong_figure"),
        "computed": ("unsupported",),  # no quote says what was worked out
    } == {one.question.id: one.faults for one in report.failures}
    assert all(one in report.failures for one in report.judged if not one.verdict.right)
    assert {fault.name for fault in FAULTS} == {name for one in report.failures for name in one.faults}


def test_text_names_failures(report: EvaluationReport) -> None:
    """The text of a report has each figure, and each failure with its question, gold, status and answer."""
    text = str(report)
    assert all(re.search(rf"^{measure.name} +\S", text, re.MULTILINE) for measure in MEASURES)
    assert "wrong fact：2024年组织学法多少次？" in text
    assert "17次" in text
    assert "answered（缺少应有内容；数字有误；数字不在引文里 12）" in text
    assert "学法12次。[1]" in text


@pytest.mark.parametrize(("num_answers", "p95"), [(1, 1), (19, 19), (20, 19), (21, 20), (100, 95)])
def test_p95(num_answers: int, p95: int, tmp_path: Path, documents: FolderTexts) -> None:
    """95 of 100 answers took no longer."""
    questions = [{**QUESTION, "id": number} for number in range(num_answers)]
    answers = {str(number): given_answer({**ANSWER, "seconds": number + 1}) for number in range(num_answers)}
    report = evaluate(read_questions(written(tmp_path / "questions.jsonl", questions)), answers, documents)
    assert p95 == report.figures["p95_seconds"]


def test_figures_of_nothing(tmp_path: Path, documents: FolderTexts) -> None:
    """A rate that concerns no question is None, and so are the seconds of answers that tell none."""
    report = evaluate([known(tmp_path, UNANSWERABLE)], {}, documents)
    assert {"accuracy", "false_refusal", "untraced", "supported", "median_seconds", "evidence_outside"} <= {
        name for name, value in report.figures.items() if value is None
    }
    assert MISSING == report.judged[0].answer
    assert report.has_errors


def test_documentation_names_each_figure() -> None:
    """docs/evaluation.md says what each figure is."""
    text = (ROOT / "docs" / "evaluation.md").read_text(encoding="utf-8")
    table = text.partition("## What these figures are")[2]
    assert [] == [measure.name for measure in MEASURES[1:] if measure.name not in table]


@pytest.mark.skipif(not SCORER.is_file(), reason="the scorer that the figures agree with, ../shared, is not here")
def test_figures_agree_with_the_scorer(tmp_path: Path, report: EvaluationReport, folder: Path) -> None:
    """All figures that the scorer knows, too, are those that it gives for the same lines."""
    done = subprocess.run(
        [
            sys.executable,
            str(SCORER),
            str(tmp_path / "questions.jsonl"),
            str(tmp_path / "answers.jsonl"),
            str(folder),
            "--json",
        ],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    fields = report.fields()
    expected = {name: figure for name, figure in json.loads(done.stdout).items() if name in fields}
    assert expected == {name: fields[name] for name in expected}
    assert 16 <= len(expected)


# Lines -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("not JSON", "不是 JSON"),
        ("[]", "不是 JSON 对象"),
        ({**QUESTION, "gold": []}, "gold"),
        ({name: value for name, value in QUESTION.items() if name != "gold"}, "gold"),
        ({**QUESTION, "gold": "17次"}, "gold"),
        ({**QUESTION, "gold": ["17次"]}, "gold"),
        ({**QUESTION, "gold": [[]]}, "gold"),
        ({**QUESTION, "gold": [[" "]]}, "gold"),
        ({**QUESTION, "trap": [12]}, "trap"),
        ({**QUESTION, "history": "2023年？"}, "history"),
        ({**QUESTION, "answerable": "yes"}, "answerable"),
        ({**QUESTION, "question": None}, "question"),
        ({**QUESTION, "id": [1]}, "id"),
    ],
)
def test_bad_question_lines(line: dict[str, Any] | str, message: str, tmp_path: Path) -> None:
    """A line that nothing can be judged by is named by its number, with what to do."""
    path = written(tmp_path / "questions.jsonl", [{**QUESTION, "id": "first"}, line])
    with pytest.raises(EvaluationError, match=rf"questions.jsonl 第 2 行.*{message}.*请"):
        read_questions(path)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({**ANSWER, "id": "other"}, "'other' 不在题目文件中"),
        ({name: value for name, value in ANSWER.items() if name != "id"}, "id"),
        ({**ANSWER, "status": None}, "status"),
        ({**ANSWER, "text": 17}, "text"),
        ({**ANSWER, "citations": ["17次"]}, "citations"),
        ({**ANSWER, "citations": [{"document": 1}]}, "citations.*document"),
        ({**ANSWER, "evidence": {}, "seconds": "fast"}, "seconds"),
        ({**ANSWER, "computed": [{"operands": [17]}]}, "computed.*operands"),
    ],
)
def test_bad_answer_lines(line: dict[str, Any], message: str, tmp_path: Path) -> None:
    """An answer line that cannot be judged, or is to no question, is named by its number, with what to do."""
    path = written(tmp_path / "answers.jsonl", [line])
    with pytest.raises(EvaluationError, match=rf"answers.jsonl 第 1 行.*{message}.*请"):
        read_answers(path, [known(tmp_path, QUESTION)])


def test_ids_are_used_once(tmp_path: Path) -> None:
    """Two lines with one id are refused in either file."""
    with pytest.raises(EvaluationError, match="第 2 行.*已经用过"):
        read_questions(written(tmp_path / "questions.jsonl", [QUESTION, QUESTION]))
    with pytest.raises(EvaluationError, match="第 2 行.*已有回答"):
        read_answers(written(tmp_path / "answers.jsonl", [ANSWER, ANSWER]), [known(tmp_path, QUESTION)])


def test_lines_may_leave_out_what_is_optional(tmp_path: Path) -> None:
    """The number of its line is the id of a question without one, blank lines counted; other line breaks end no line."""
    path = written(tmp_path / "questions.jsonl", ["", {"question": "甲\u2028乙？", "answerable": False}])
    assert [KnownQuestion(id="2", kind="other", text="甲\u2028乙？", answerable=False)] == read_questions(path)
    answers = read_answers(written(tmp_path / "answers.jsonl", [{"id": 2, "status": "answered"}]), read_questions(path))
    assert {"2": GivenAnswer(status="answered")} == answers


# The page --------------------------------------------------------------------------------------------------------

HOSTILE = "<script>alert(1)</script><img src=http://example.invalid/x onerror=alert(2)>\"'&amp;</style></title>"


class Elements(HTMLParser):
    """The elements of a page, with their attributes, and the text between them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_page_escapes_all_that_was_said(tmp_path: Path, documents: FolderTexts) -> None:
    """No text of a question, an answer or a file's name becomes markup; each is shown as it is."""
    question = known(
        tmp_path,
        {
            "id": f"id{HOSTILE}",
            "kind": f"kind{HOSTILE}",
            "question": f"question{HOSTILE}",
            "history": [f"history{HOSTILE}"],
            "answerable": True,
            "gold": [[f"gold{HOSTILE}", "other"]],
            "trap": [f"trap{HOSTILE}"],
            "docs": [f"docs{HOSTILE}"],
            "evidence": [f"evidence{HOSTILE}"],
        },
    )
    answer = GivenAnswer(
        status="answered",
        text=f"text{HOSTILE}",
        quotes=(Extract(document=f"name{HOSTILE}", text=f"quote{HOSTILE}"),),
    )
    refused = GivenAnswer(status=f"unanswerable{HOSTILE}")
    reports = [evaluate([question], {question.id: given}, documents) for given in (answer, refused)]
    elements = Elements()
    for report in reports:
        elements.feed(page(report, title=f"title{HOSTILE}"))
    assert set() == elements.tags & {"script", "img", "link", "iframe", "object", "a"}
    assert set() == {name for name, _ in elements.attributes if name.startswith("on") or name in {"src", "href"}}
    shown = "".join(elements.texts)
    words = "id kind question history gold trap docs evidence text name quote title unanswerable".split()
    assert [] == [word for word in words if f"{word}{HOSTILE}" not in shown]


def test_page_stands_by_itself(report: EvaluationReport) -> None:
    """A page loads and runs nothing, by its policy too, and has figures, kinds and each failure with its quotes."""
    html = page(report, title="questions.jsonl")
    elements = Elements()
    elements.feed(html)
    policy = next(value for _, value in elements.attributes if value and value.startswith("default-src"))
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[\w+/]{43}='; base-uri 'none'; form-action 'none'", policy
    )
    assert not re.search(r"https?:|url\(|@import|<script|<img|<link| style=", html)
    assert "prefers-color-scheme: dark" in html
    assert "width=device-width" in html
    shown = "".join(elements.texts)
    assert all(measure.name in shown and measure.meaning in shown for measure in MEASURES)
    assert len(report.failures) == html.count("<article>")
    assert "学法17次，很多" in shown


def test_page_cannot_be_written(tmp_path: Path, report: EvaluationReport) -> None:
    """A page that cannot be written is an error that says what to look at."""
    with pytest.raises(EvaluationError, match="请检查 --html"):
        write_page(tmp_path, report, title="x")


# The command -----------------------------------------------------------------------------------------------------


def test_command_answers_and_judges(corpus_data: Path, tmp_path: Path) -> None:
    """Questions are answered from the corpus and judged; answers of `ask --batch` are judged alike."""
    questions = written(
        tmp_path / "questions.jsonl",
        [
            {"id": "a", "kind": "fact", "question": "云澜区司法局2022年组织学法多少次？", "answerable": True,
             "gold": [["9次", "九次"]], "docs": ["2022_云澜区司法局_法治政府建设年度报告.txt"]},
            {"id": "b", "kind": "followup", "question": "2023年呢？", "history": ["云澜区司法局2022年组织学法多少次？"],
             "answerable": True, "gold": [["12次"]]},
            {"id": "c", "kind": "none", "question": "云澜区2024年的地区生产总值是多少？", "answerable": False},
            {"id": "d", "kind": "fact", "question": "滨海新区政务服务办2024年组织学法多少次？", "answerable": True,
             "gold": [["99次"]]},
        ],
    )  # fmt: skip
    shown = ("evaluate", questions, "--documents", ROOT / "corpus", "--data", corpus_data, "--json")
    done = run(*shown, "--html", tmp_path / "new" / "page.html")
    report = json.loads(done.stdout)
    assert (4, 0.6667, 1.0, 0) == tuple(report[name] for name in ("questions", "accuracy", "refusal", "errors"))
    assert {"fact": "1/2", "followup": "1/1", "none": "1/1"} == report["right_by_kind"]
    assert ["d"] == [failure["id"] for failure in report["failures"]]
    assert ["incomplete", "wrong_figure"] == report["failures"][0]["faults"]
    assert report["p95_seconds"] >= report["median_seconds"] > 0
    assert "99次" in (tmp_path / "new" / "page.html").read_text(encoding="utf-8")

    answers = tmp_path / "answers.jsonl"
    run("ask", "--batch", questions, "--output", answers, "--data", corpus_data)
    again = json.loads(run(*shown, "--answers", answers).stdout)
    timed = ("median_seconds", "p95_seconds")
    assert without(report, *timed) == without(again, *timed)
    assert {"answers.jsonl", "new", "questions.jsonl"} <= {path.name for path in tmp_path.iterdir()}


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    """The command, which must exit with 0."""
    done = subprocess.run(
        [sys.executable, "-m", "kb", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert 0 == done.returncode, done.stderr
    return done


def without(fields: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in names}


def test_command_judges_answers_without_an_index(
    tmp_path: Path, documents: FolderTexts, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Answers that were made before are judged without a data folder, and no page is written that was not asked for."""
    questions = written(tmp_path / "questions.jsonl", [QUESTION])
    answers = written(tmp_path / "answers.jsonl", [ANSWER])
    before = set(tmp_path.rglob("*"))
    arguments = [str(questions), "--documents", str(folder), "--answers", str(answers), "--data", str(tmp_path / "no")]
    assert 0 == main(["evaluate", *arguments])
    printed = capsys.readouterr().out
    assert re.search(r"^accuracy +1.0$", printed, re.MULTILINE)
    assert "有问题的回答 0 题。" in printed
    assert before == set(tmp_path.rglob("*"))


def test_command_exits_1_where_an_answer_is_missing(
    tmp_path: Path, documents: FolderTexts, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A question without an answer is reported as an error, and the command exits with 1."""
    questions = written(tmp_path / "questions.jsonl", [QUESTION, {**QUESTION, "id": "r"}])
    answers = written(tmp_path / "answers.jsonl", [ANSWER])
    assert 1 == main(["evaluate", str(questions), "--documents", str(folder), "--answers", str(answers)])
    printed = capsys.readouterr().out
    assert re.search(r"^errors +1$", printed, re.MULTILINE)
    assert "error_missing（出错）" in printed


@pytest.mark.parametrize("what", ["questions", "answers", "documents", "empty questions", "empty folder", "not UTF-8"])
def test_command_says_what_is_wrong(
    what: str, tmp_path: Path, documents: FolderTexts, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file or folder that is not there, or is empty, is named with what to do, and the command exits with 1."""
    questions = written(tmp_path / "questions.jsonl", [QUESTION])
    answers = written(tmp_path / "answers.jsonl", [ANSWER])
    if what == "empty questions":
        questions.write_text("\n", encoding="utf-8")
    elif what == "not UTF-8":
        questions.write_bytes("问题".encode("gb18030"))
    elif what == "empty folder":
        folder = tmp_path / "empty"
        folder.mkdir()
    paths = {"questions": questions, "answers": answers, "documents": folder}
    if what in paths:
        paths[what] = tmp_path / "none"
    arguments = [str(paths["questions"]), "--documents", str(paths["documents"]), "--answers", str(paths["answers"])]
    assert 1 == main(["evaluate", *arguments])
    printed = capsys.readouterr()
    assert "" == printed.out
    assert printed.err.startswith("错误：")
    assert re.search("请|每行应为", printed.err)
    assert "Traceback" not in printed.err


def test_command_judges_by_what_is_held(
    quick_corpus_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without --documents quotes are sought in the documents of the data folder, of whatever format."""
    name = "2023_云澜区司法局_法治政府建设年度报告.docx"
    citations = [
        {"document": name, "quote": "全年组织学法12次"},
        {"document": name, "quote": "全年组织学法13次"},
        {"document": "elsewhere.docx", "quote": "全年组织学法13次"},
    ]
    questions = written(tmp_path / "questions.jsonl", [QUESTION])
    answers = written(tmp_path / "answers.jsonl", [{**ANSWER, "citations": citations}])
    held = ["--data", str(quick_corpus_data)]
    assert 0 == main(["evaluate", str(questions), "--answers", str(answers), "--json", *held])
    [failure] = json.loads(capsys.readouterr().out)["failures"]
    assert [{"document": name, "quote": "全年组织学法13次"}] == failure["false_quotes"]


def test_documents_are_needed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where nothing is held, and no folder is given, that is told."""
    questions = written(tmp_path / "questions.jsonl", [QUESTION])
    assert 1 == main(["evaluate", str(questions), "--data", str(tmp_path / "none")])
    assert "--documents" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()
