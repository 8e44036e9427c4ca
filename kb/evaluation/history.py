"""Evaluations from the desk: sets of questions, one evaluation at a time, and the results of all before."""

from __future__ import annotations

import datetime
import enum
import hashlib
import json
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kb.answering import Answerer
from kb.chat.json_fields import answer_fields
from kb.errors import EvaluationError, WenzhengError
from kb.evaluation import evaluate
from kb.evaluation.documents import CatalogueTexts
from kb.evaluation.lines import GivenAnswer, KnownQuestion, given_answer, read_questions
from kb.evaluation.measures import MEASURES
from kb.storage.sqlite import LateStore
from kb.storage.timestamps import timestamp

MOST_BYTES: Final = 2 * 1024 * 1024  # of a file of questions
_MOST_QUESTIONS: Final = 2000
_MORE_IS_BETTER: Final = frozenset({"accuracy", "refusal", "supported", "helped", "evidence_held"})
_NEITHER_IS_BETTER: Final = frozenset({"questions", "partly", "characters"})
_VERSION: Final = 1
_TABLES: Final = """
CREATE TABLE sets (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL UNIQUE,
    content TEXT NOT NULL,
    questions INTEGER NOT NULL
);
CREATE TABLE trials (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    "set" INTEGER NOT NULL REFERENCES sets (id),
    begun_at TEXT NOT NULL,
    begun_by TEXT NOT NULL,
    state TEXT NOT NULL,
    report TEXT NOT NULL DEFAULT '{}',
    problem TEXT NOT NULL DEFAULT ''
);
"""
_QUERY: Final = (
    'SELECT trials.id, "set", sets.name, sets.questions, begun_at, begun_by, state, report, problem '
    'FROM trials JOIN sets ON sets.id = trials."set" '
)


class EvaluationState(enum.StrEnum):
    """How far an evaluation came."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"  # by someone, or the program ended
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSet:
    """A file of questions with known answers, as it was sent."""

    id: int
    name: str
    num_questions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """One evaluation over a set."""

    id: int
    set: int
    name: str  # of the set
    num_questions: int
    begun_at: datetime.datetime
    begun_by: str
    state: EvaluationState
    report: Mapping[str, Any]  # as `kb.evaluation.report.Report.fields`; empty unless it is done
    problem: str  # why it failed


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureChange:
    """A measure of an evaluation, and its value at the one before."""

    name: str  # as in `kb.evaluation.measures.MEASURES`
    now: float | None
    before: float | None
    better: bool | None  # None where nothing changed, or neither is better


def changes(evaluation: Evaluation, before: Evaluation | None) -> list[MeasureChange]:
    """All measures of an evaluation, each beside that of the one before."""
    found = []
    for measure in MEASURES:
        now = evaluation.report.get(measure.name)
        then = before.report.get(measure.name) if before else None
        better = None
        if now is not None and then is not None and now != then and measure.name not in _NEITHER_IS_BETTER:
            better = (now > then) == (measure.name in _MORE_IS_BETTER)
        found.append(MeasureChange(name=measure.name, now=now, before=then, better=better))
    return found


class EvaluationHistory:
    """The evaluations in one file. Threads may share it. All methods raise StoreError where the file is broken."""

    def __init__(self, path: Path, answerer: Answerer) -> None:
        """Keep sets and results in the file at `path`, which is opened when it is first needed."""
        self._store = LateStore(path, tables=_TABLES, version=_VERSION)
        self._answerer = answerer
        self._lock = threading.Lock()
        self._running: _Running | None = None

    def close(self) -> None:
        """Stop the evaluation that is running, and close the file."""
        self.stop()
        self._store.close()

    # Sets -----------------------------------------------------------------------------------------------------

    def keep(self, name: str, content: bytes) -> QuestionSet:
        """Keep a file of questions; one that is kept already stays as it is. Raises EvaluationError where it is none."""
        if len(content) > MOST_BYTES:
            raise EvaluationError(
                f"题目文件超过 {MOST_BYTES // 1024 // 1024} MB；请分成几个文件。",
                english=f"The file of questions is larger than {MOST_BYTES // 1024 // 1024} MB; split it.",
            )
        questions = _read(content)
        if len(questions) > _MOST_QUESTIONS:
            raise EvaluationError(
                f"题目文件有 {len(questions)} 题，最多 {_MOST_QUESTIONS} 题；请分成几个文件。",
                english=f"The file has {len(questions)} questions, and at most {_MOST_QUESTIONS} are taken; split it.",
            )
        digest = hashlib.sha256(content).hexdigest()
        with self._store.write() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO sets (name, sha256, content, questions) VALUES (?, ?, ?, ?)",
                (name.strip()[:200] or "questions.jsonl", digest, content.decode("utf-8-sig"), len(questions)),
            )
        return self._sets("WHERE sha256 = ?", digest)[0]

    def sets(self) -> list[QuestionSet]:
        """The sets that are kept, the newest first."""
        return self._sets("ORDER BY id DESC")

    # Evaluations ----------------------------------------------------------------------------------------------

    def start(self, set_: int, *, by: str) -> int:
        """Begin to evaluate a set in a thread of its own; returns the evaluation's id.

        Raises EvaluationError where one is running already, the set is not kept, or there is no document.
        """
        row = self._store.row("SELECT content FROM sets WHERE id = ?", set_)
        if row is None:
            raise EvaluationError(
                "没有这组题目；请重新选择，或上传题目文件。",
                english="There is no such set of questions; choose again, or send a file.",
            )
        questions = _read(row[0].encode())
        if not self._answerer.retriever.gazetteer():
            raise EvaluationError(
                "库中还没有文件；请先导入文件，再来评测。",
                english="No document is held yet; ingest some before you evaluate.",
            )
        with self._lock:
            if self._is_running():
                raise EvaluationError(
                    "已有一次评测正在进行；请等它完成，或先停止它。",
                    english="An evaluation is running; wait for its end, or stop it.",
                )
            with self._store.write() as connection:
                inserted = connection.execute(
                    'INSERT INTO trials ("set", begun_at, begun_by, state) VALUES (?, ?, ?, ?)',
                    (set_, timestamp(), by, EvaluationState.RUNNING),
                )
            self._running = _Running(int(inserted.lastrowid or 0), questions)
            thread = threading.Thread(target=self._run, args=(self._running,), daemon=True)
            self._running.thread = thread
            thread.start()
            return self._running.evaluation

    def stop(self) -> None:
        """Stop the evaluation that is running, if one is, and wait for its end."""
        with self._lock:
            running = self._running
        if running is not None and running.thread is not None:
            running.stopped.set()
            running.thread.join()

    def progress(self) -> tuple[int, int, int] | None:
        """The evaluation that is running, how many of its questions are answered, and how many there are; None without one."""
        with self._lock:
            running = self._running if self._is_running() else None
        return None if running is None else (running.evaluation, running.done, len(running.questions))

    def evaluation(self, number: int) -> Evaluation | None:
        """The evaluation with this id."""
        return next(iter(self._evaluations("WHERE trials.id = ?", number)), None)

    def latest(self, limit: int = 50) -> list[Evaluation]:
        """The last evaluations, the newest first."""
        return self._evaluations("ORDER BY trials.id DESC LIMIT ?", limit)

    def before(self, evaluation: Evaluation) -> Evaluation | None:
        """The last evaluation of the same set that was done before this one."""
        found = self._evaluations(
            'WHERE "set" = ? AND trials.id < ? AND state = ? ORDER BY trials.id DESC LIMIT 1',
            evaluation.set,
            evaluation.id,
            EvaluationState.DONE,
        )
        return next(iter(found), None)

    # Underneath -----------------------------------------------------------------------------------------------

    def _is_running(self) -> bool:
        return self._running is not None and self._running.thread is not None and self._running.thread.is_alive()

    def _run(self, running: _Running) -> None:
        """Answer all questions, judge the answers and store the outcome."""
        try:
            answers = running.answers(self._answerer)
            if answers is None:
                self._end(running, EvaluationState.STOPPED)
                return
            report = evaluate(running.questions, answers, CatalogueTexts(self._answerer.retriever.catalogue))
            self._end(running, EvaluationState.DONE, report=json.dumps(report.fields(), ensure_ascii=False))
        except WenzhengError as error:
            self._end(running, EvaluationState.FAILED, problem=str(error))

    def _end(self, running: _Running, state: EvaluationState, *, report: str = "{}", problem: str = "") -> None:
        with self._store.write() as connection:
            connection.execute(
                "UPDATE trials SET state = ?, report = ?, problem = ? WHERE id = ?",
                (state, report, problem, running.evaluation),
            )

    def _sets(self, condition: str, *values: Any) -> list[QuestionSet]:
        rows = self._store.rows(f"SELECT id, name, questions FROM sets {condition}", *values)  # noqa: S608
        return [QuestionSet(id=id_, name=name, num_questions=num) for id_, name, num in rows]

    def _evaluations(self, condition: str, *values: Any) -> list[Evaluation]:
        progress = self.progress()
        alive = progress[0] if progress else 0
        return [
            Evaluation(
                id=id_,
                set=set_,
                name=name,
                num_questions=num_questions,
                begun_at=datetime.datetime.fromisoformat(begun_at),
                begun_by=begun_by,
                # One that is noted as running and is not was ended with the program.
                state=EvaluationState.STOPPED
                if state == EvaluationState.RUNNING and id_ != alive
                else EvaluationState(state),
                report=json.loads(report),
                problem=problem,
            )
            for id_, set_, name, num_questions, begun_at, begun_by, state, report, problem in self._store.rows(
                _QUERY + condition, *values
            )
        ]


class _Running:
    """The evaluation that is running."""

    def __init__(self, evaluation: int, questions: list[KnownQuestion]) -> None:
        self.evaluation = evaluation
        self.questions = questions
        self.done = 0
        self.stopped = threading.Event()
        self.thread: threading.Thread | None = None

    def answers(self, answerer: Answerer) -> dict[str, GivenAnswer] | None:
        """The answers by the ids of their questions; None where it was stopped."""
        found = {}
        for question in self.questions:
            if self.stopped.is_set():
                return None
            answer = answerer.answer(question.text, question.history)
            found[question.id] = given_answer(answer_fields(question.id, answer))
            self.done += 1
        return found


def _read(content: bytes) -> list[KnownQuestion]:
    """The questions of a file as it was sent. Raises EvaluationError."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "questions.jsonl"
        path.write_bytes(content)
        return read_questions(path)
