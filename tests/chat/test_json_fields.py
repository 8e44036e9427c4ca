"""The command lines and JSON fields that outside programs use, run as they run them."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests import ROOT
from tests.openai_server import OpenAIServer, say

pytestmark = pytest.mark.slow

ANSWER_FIELDS = {
    "status",
    "text",
    "lines",
    "citations",
    "evidence",
    "computed",
    "table",
    "writing",
    "understood",
    "pinned",
    "entry",
    "seconds",
}
LINE_FIELDS = {"role", "text", "markers", "labels", "figure", "words", "chapter", "continues"}
CITATION_FIELDS = {"document", "title", "page", "heading", "quote", "start", "end"}
HIT_FIELDS = {"document", "heading", "text", "score", "term_rank", "vector_rank"}


def run(module: str, *arguments: object, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert code == done.returncode, done.stderr
    return done


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_help_is_quick() -> None:
    """Help is there within 0.3 seconds, the best of three, for no heavy library is imported for it."""
    seconds = []
    for _ in range(3):
        started = time.perf_counter()
        run("kb", "--help")
        seconds.append(time.perf_counter() - started)
    assert min(seconds) < 0.3


def test_ingest(tmp_path: Path) -> None:
    """Ingest counts what it did, names what it refused, and exits 1 where it refused something, 0 otherwise."""
    folder, data = tmp_path / "documents", tmp_path / "data"
    folder.mkdir()
    (folder / "a.md").write_text("# 云澜区办事指南\n## 咨询电话\n0000-1234\n", encoding="utf-8")
    (folder / "b.txt").write_bytes(b"")
    report = json.loads(run("ingest", folder, "--data", data, "--json", code=1).stdout)
    assert (1, 0, 0, 0, 1) == tuple(report[name] for name in ("created", "updated", "skipped", "removed", "refused"))
    assert [str(folder / "b.txt")] == list(report["reasons"])
    (folder / "b.txt").unlink()
    assert "未变 1" in run("ingest", folder, "--data", data).stdout


def test_ask_json(corpus_data: Path) -> None:
    """One question gives one JSON object with all fields."""
    answer = json.loads(
        run("kb", "ask", "滨海新区政务服务办2024年组织学法多少次？", "--json", "--data", corpus_data).stdout
    )
    assert ANSWER_FIELDS <= set(answer)
    assert "answered" == answer["status"]
    assert "17次" in answer["text"]
    [line] = [line for line in answer["lines"] if line["role"] == "statement"]
    assert LINE_FIELDS == set(line)
    assert f"{line['text']}[1]" in answer["text"]
    assert [1] == line["markers"]
    assert CITATION_FIELDS <= set(answer["citations"][0])
    assert "2024_滨海新区政务服务办_法治政府建设报告.md" == answer["citations"][0]["document"]
    assert {"document", "text"} <= set(answer["evidence"][0])


def test_ask_text(corpus_data: Path) -> None:
    """For a person the answer is text, its quotes and where they stand."""
    text = run("kb", "ask", "滨海新区政务服务办2024年组织学法多少次？", "--data", corpus_data).stdout
    assert "[1]" in text
    assert "2024_滨海新区政务服务办_法治政府建设报告.md" in text


def test_quotes_stand_in_the_text_that_documents_prints(corpus_data: Path) -> None:
    """The text of a document can be had, and a citation's span in it is its quote."""
    answer = json.loads(
        run("kb", "ask", "云澜区2024年收到多少件行政复议申请？", "--json", "--data", corpus_data).stdout
    )
    citation = answer["citations"][0]
    document = json.loads(run("kb", "documents", citation["document"], "--json", "--data", corpus_data).stdout)
    assert citation["quote"] == document["text"][citation["start"] : citation["end"]]


def test_ask_batch(corpus_data: Path, tmp_path: Path) -> None:
    """Each question line gets its answer line, in order; a bad one gets an error and the run exits 1."""
    questions, output = tmp_path / "questions.jsonl", tmp_path / "new" / "answers.jsonl"
    asked = [
        {"id": "a", "question": "云澜区司法局2022年组织学法多少次？"},
        {"id": "b", "question": "2023年呢？", "history": ["云澜区司法局2022年组织学法多少次？"]},
        {"id": "c", "question": "云澜区2024年的地区生产总值是多少？"},
        {"id": "d"},
    ]
    text = "\n".join(json.dumps(line, ensure_ascii=False) for line in asked) + "\nnot JSON\n"
    questions.write_text(text, encoding="utf-8")
    run("kb", "ask", "--batch", questions, "--output", output, "--data", corpus_data, code=1)
    answers = lines(output)
    assert ["a", "b", "c", "d", "5"] == [answer["id"] for answer in answers]
    assert ["answered", "answered", "unanswerable", "error", "error"] == [
        answer["status"].split("_")[0] for answer in answers
    ]
    assert all(set(answer) >= ANSWER_FIELDS for answer in answers)
    assert "9次" in answers[0]["text"]
    assert "12次" in answers[1]["text"]


def test_search(corpus_data: Path, tmp_path: Path) -> None:
    """Search gives hits with their scores and ranks, alone and in a batch, never more than the limit."""
    alone = json.loads(run("kb", "search", "食品经营许可", "--limit", 3, "--json", "--data", corpus_data).stdout)
    assert 3 == len(alone["hits"])
    assert HIT_FIELDS <= set(alone["hits"][0])
    questions, output = tmp_path / "questions.jsonl", tmp_path / "hits.jsonl"
    questions.write_text('{"id": "a", "question": "食品经营许可"}\n', encoding="utf-8")
    run("kb", "search", "--batch", questions, "--output", output, "--limit", 3, "--data", corpus_data)
    assert [{"id": "a", **alone}] == lines(output)


def test_documents(corpus_data: Path) -> None:
    """Documents are listed one JSON object a line, with what is known of each."""
    documents = [
        json.loads(line) for line in run("kb", "documents", "--json", "--data", corpus_data).stdout.splitlines()
    ]
    assert len(list((ROOT / "corpus").iterdir())) == len(documents)
    assert {"document", "title", "issuer", "year", "passages"} <= set(documents[0])


def test_doctor(corpus_data: Path, tmp_path: Path) -> None:
    """Doctor finds a good data folder healthy, and a new one without documents, with the command to type."""
    report = json.loads(run("kb", "doctor", "--json", "--data", corpus_data).stdout)
    assert report["healthy"]
    assert "python -m ingest" in run("kb", "doctor", "--data", tmp_path / "none").stdout


def test_asking_before_ingest(tmp_path: Path) -> None:
    """A question to a data folder that is not there is refused with the command to type, and makes no folder."""
    answer = json.loads(run("kb", "ask", "学法多少次", "--json", "--data", tmp_path / "none").stdout)
    assert "unanswerable_empty_index" == answer["status"]
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    "arguments",
    [("ask",), ("ask", "问题", "--batch", "x"), ("search", "问题", "--limit", "0"), ("sing",), ("ask", "--batch", "x")],
    ids=["no question", "both", "no hits", "no command", "no output"],
)
def test_wrong_usage_exits_2(arguments: tuple[str, ...]) -> None:
    """A command line that cannot be meant exits with 2 and says how it is used."""
    assert "usage" in run("kb", *arguments, code=2).stderr


def test_a_batch_that_is_not_there(tmp_path: Path) -> None:
    """A file of questions that cannot be read is named, exit 1."""
    done = run("kb", "ask", "--batch", tmp_path / "none.jsonl", "--output", tmp_path / "out.jsonl", code=1)
    assert "none.jsonl" in done.stderr
    assert "Traceback" not in done.stderr


def test_only_one_ingest_at_a_time(tmp_path: Path) -> None:
    """A second ingest into the same data folder says that another is at work, exit 1."""
    from kb.storage.lock import only_one

    with only_one(tmp_path):
        assert "另一个导入" in run("ingest", ROOT / "corpus", "--data", tmp_path, code=1).stderr


def test_ask_with_a_model(corpus_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that is set words the answer, its lie is not shown, and `--no-model` leaves it alone."""
    question = "滨海新区政务服务办2024年组织学法多少次？"
    with OpenAIServer(
        lambda messages, stream: say("2024年累计组织学法99次。[1]", "2024年累计组织学法17次。[1]")
    ) as server:
        monkeypatch.setenv("WENZHENG_MODEL_URL", server.url)
        monkeypatch.setenv("WENZHENG_MODEL_NAME", "scripted")
        written = json.loads(run("kb", "ask", question, "--json", "--data", corpus_data).stdout)
        assert 1 == len(server.requests)
        composed = json.loads(run("kb", "ask", question, "--json", "--no-model", "--data", corpus_data).stdout)
        assert 1 == len(server.requests)
    assert "2024年累计组织学法17次。[1]" in written["text"]
    assert "99" not in written["text"]
    assert written["writing"]["figures"] == written["writing"]["standing"] > 0
    assert composed["writing"] is None
