"""Lines of questions with known answers, and lines of the answers given to them (docs/commands.md)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.errors import EvaluationError, QuestionError
from kb.evaluation.jsonl import numbered_lines
from kb.types import Computed


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownQuestion:
    """A question, and what is known of its answer."""

    id: str
    kind: str
    text: str
    history: tuple[str, ...] = ()  # the earlier questions of the conversation, oldest first
    answerable: bool
    gold: tuple[tuple[str, ...], ...] = ()  # groups: of each group, one alternative must stand in the answer
    trap: tuple[str, ...] = ()  # must not stand in the answer
    docs: tuple[str, ...] = ()  # names of the files that hold the answer
    evidence: tuple[str, ...] = ()  # the sentences that prove it


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """Words that an answer gives as those of a document: a quote or a passage."""

    document: str  # file name
    text: str
    heading: str = ""  # the headings above a passage, a line each


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenAnswer:
    """An answer as its line says it."""

    status: str
    text: str = ""
    quotes: tuple[Extract, ...] = ()
    passages: tuple[Extract, ...] = ()  # its evidence
    computed: tuple[Computed, ...] = ()
    seconds: float | None = None


MISSING = GivenAnswer(status="error_missing")
"""The answer to a question that was given none."""


def read_questions(path: Path) -> list[KnownQuestion]:
    """The questions of a file, in order; one without an id is called by the number of its line.

    Raises EvaluationError where the file cannot be read, or a line cannot be judged by.
    """
    questions: dict[str, KnownQuestion] = {}
    for number, line in _read(path):
        question = _question(line, number)
        if question.id in questions:
            raise EvaluationError(
                f"{line.where} 的 id {question.id!r} 前面已经用过；请让每道题的 id 各不相同。",
                english=f"{line.at}: the id {question.id!r} was used before; give each question its own.",
            )
        questions[question.id] = question
    if not questions:
        raise EvaluationError(
            f"{path.name} 中没有题目；每行应为一道题的 JSON 对象，字段见 docs/commands.md。",
            english=f"{path.name} has no question; each line is a JSON object, its fields are in docs/commands.md.",
        )
    return list(questions.values())


def read_answers(path: Path, questions: Sequence[KnownQuestion]) -> dict[str, GivenAnswer]:
    """The answers of a file that `ask --batch` wrote, by id.

    Raises EvaluationError where the file cannot be read, a line is no answer, or its id is that of no question.
    """
    known = {question.id for question in questions}
    answers: dict[str, GivenAnswer] = {}
    for _, line in _read(path):
        id_ = line.id()
        if id_ not in known:
            raise EvaluationError(
                f"{line.where} 的 id {id_!r} 不在题目文件中；"
                "请检查两个文件是否配套，或用 python -m kb ask --batch 重新作答。"
            )
        if id_ in answers:
            raise EvaluationError(f"{line.where} 的 id {id_!r} 前面已有回答；请每道题只留一行。")
        answers[id_] = _answer(line)
    return answers


def given_answer(fields: Mapping[str, Any]) -> GivenAnswer:
    """The answer in the fields of an answer line, as `kb.chat.json_fields.answer_fields` makes them."""
    return _answer(_Line("回答", "The answer", fields))


def _read(path: Path) -> Iterator[tuple[int, _Line]]:
    try:
        lines = numbered_lines(path)
    except QuestionError as error:
        raise EvaluationError(str(error), english=error.english) from error
    for number, line in lines:
        where, at = f"{path.name} 第 {number} 行", f"{path.name}, line {number}"
        try:
            fields = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise EvaluationError(
                f"{where}不是 JSON（{error}）；每行应为一个 JSON 对象，请改正。",
                english=f"{at} is no JSON ({error}); each line is a JSON object.",
            ) from error
        if not isinstance(fields, dict):
            raise EvaluationError(
                f"{where}不是 JSON 对象；请改正，字段见 docs/commands.md。",
                english=f"{at} is no JSON object; its fields are in docs/commands.md.",
            )
        yield number, _Line(where, at, fields)


def _question(line: _Line, number: int) -> KnownQuestion:
    answerable = line.fields.get("answerable")
    if not isinstance(answerable, bool):
        raise line.wrong("answerable", "应为 true 或 false")
    gold = line.groups("gold")
    if answerable and not gold:
        raise line.wrong("gold", '可回答的题须写明应有的内容，例：[["6100公里", "6,100公里"]]')
    return KnownQuestion(
        id=line.id(otherwise=str(number)),
        kind=line.text("kind", otherwise="other"),
        text=line.text("question"),
        history=line.texts("history"),
        answerable=answerable,
        gold=gold,
        trap=line.texts("trap"),
        docs=line.texts("docs"),
        evidence=line.texts("evidence"),
    )


def _answer(line: _Line) -> GivenAnswer:
    seconds = line.fields.get("seconds")
    if seconds is not None and (isinstance(seconds, bool) or not isinstance(seconds, int | float)):
        raise line.wrong("seconds", "应为数字")
    return GivenAnswer(
        status=line.text("status"),
        text=line.text("text", otherwise=""),
        quotes=tuple(
            Extract(document=_name(quoted), text=quoted.text("quote", otherwise=""))
            for quoted in line.objects("citations")
        ),
        passages=tuple(
            Extract(
                document=_name(passage),
                text=passage.text("text", otherwise=""),
                heading="\n".join(passage.texts("heading")),
            )
            for passage in line.objects("evidence")
        ),
        computed=tuple(
            Computed(
                figure=computed.text("figure", otherwise=""),
                operation=computed.text("operation", otherwise=""),
                operands=computed.texts("operands"),
            )
            for computed in line.objects("computed")
        ),
        seconds=seconds,
    )


def _name(line: _Line) -> str:
    return line.text("document", otherwise="").rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class _Line:
    """The fields of a line; what is not as it must be raises an EvaluationError that names the line and the field."""

    where: str
    at: str  # the same in English
    fields: Mapping[str, Any]

    def wrong(self, name: str, advice: str) -> EvaluationError:
        return EvaluationError(
            f"{self.where} 的 {name} 缺少或有误：{advice}。请改正后再试。",
            english=f"{self.at}: {name} is missing or wrong; docs/commands.md says how it must be.",
        )

    def id(self, otherwise: str | None = None) -> str:
        id_ = self.fields.get("id", otherwise)
        if isinstance(id_, bool) or not isinstance(id_, str | int):
            raise self.wrong("id", "应为题目的编号")
        return str(id_)

    def text(self, name: str, otherwise: str | None = None) -> str:
        text = self.fields.get(name, otherwise)
        if not isinstance(text, str):
            raise self.wrong(name, "应为文字")
        return text

    def texts(self, name: str) -> tuple[str, ...]:
        texts = self.fields.get(name) or []
        if not isinstance(texts, list) or not all(isinstance(text, str) and text.strip() for text in texts):
            raise self.wrong(name, "应为文字的列表，且不含空白")
        return tuple(texts)

    def groups(self, name: str) -> tuple[tuple[str, ...], ...]:
        groups = self.fields.get(name) or []
        if not isinstance(groups, list) or not all(groups):
            raise self.wrong(name, "应为若干组的列表，每组列出可用的写法")
        return tuple(_Line(self.where, self.at, {name: group}).texts(name) for group in groups)

    def objects(self, name: str) -> list[_Line]:
        objects = self.fields.get(name) or []
        if not isinstance(objects, list) or not all(isinstance(fields, dict) for fields in objects):
            raise self.wrong(name, "应为 JSON 对象的列表")
        return [_Line(f"{self.where} {name}", f"{self.at}, {name}", fields) for fields in objects]
