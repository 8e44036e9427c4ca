"""Files of question lines and of answer lines, for outside programs (docs/commands.md)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.errors import QuestionError


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionLine:
    """One line of a file of questions."""

    question: str
    history: tuple[str, ...] = ()


def read_lines(path: Path) -> list[tuple[str, QuestionLine | QuestionError]]:
    """For each line of `path` its id (its number, where it has none), and its question or what is wrong with it.

    Raises QuestionError where the file cannot be read.
    """
    return [_parse(line, number) for number, line in numbered_lines(path)]


def numbered_lines(path: Path) -> list[tuple[int, str]]:
    """The lines of a text file that are not blank, each with its number from 1.

    Raises QuestionError where the file cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")  # JSON may hold other line breaks as they are
    except UnicodeDecodeError as error:
        raise QuestionError(
            f"{path.name} 不是 UTF-8 文本；请另存为 UTF-8 后再试。",
            english=f"{path.name} is no text in UTF-8; save it as UTF-8.",
        ) from error
    except OSError as error:
        raise QuestionError(f"无法读取 {path}（{error.strerror}）；请检查路径与权限。") from error
    return [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]


def write_lines(path: Path, lines: Iterable[dict[str, Any]]) -> None:
    """Write each of `lines` as soon as it is made, so that what was done is there when a run is cut short.

    Raises QuestionError where the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("w", encoding="utf-8")
    except OSError as error:
        raise QuestionError(f"无法写入 {path}（{error.strerror}）；请检查路径与权限。") from error
    with file:
        for fields in lines:
            file.write(json.dumps(fields, ensure_ascii=False) + "\n")
            file.flush()


def _parse(line: str, number: int) -> tuple[str, QuestionLine | QuestionError]:
    try:
        fields = json.loads(line)
    except ValueError as error:
        return str(number), QuestionError(f"第 {number} 行不是 JSON（{error}）；每行应为一个 JSON 对象。")
    if not isinstance(fields, dict):
        return str(number), QuestionError(f"第 {number} 行不是 JSON 对象；应有 id 与 question 两个字段。")
    id_ = str(fields.get("id", number))
    question, history = fields.get("question"), fields.get("history") or []
    if not isinstance(question, str):
        return id_, QuestionError(f"第 {number} 行没有文字的 question 字段；请补上。")
    if not isinstance(history, list) or not all(isinstance(earlier, str) for earlier in history):
        return id_, QuestionError(f"第 {number} 行的 history 不是文字的列表；请改正或去掉。")
    return id_, QuestionLine(question=question, history=tuple(history))
