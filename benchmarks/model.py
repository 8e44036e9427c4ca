"""What a language model makes of answers: composed, as the model writes them, and as they are shown once checked.

    python -m benchmarks.model FILE.gguf QUESTIONS.jsonl --documents DIR --data DATA [--questions N] [--output FILE]

The N questions are taken evenly over the file. Those that are refused never reach a model, and count as they are.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from kb.answering import Answerer
from kb.chat.json_fields import answer_fields
from kb.chat.marked_text import lines_of
from kb.evaluation import evaluate
from kb.evaluation.documents import FolderTexts
from kb.evaluation.lines import KnownQuestion, given_answer, read_questions
from kb.llm.client import Model, open_model
from kb.llm.writer import Writer
from kb.search.encoder import Encoder
from kb.search.retriever import Retriever
from kb.settings import read_settings
from kb.types import Answer, Citation

_COLUMNS = ("accuracy", "false_refusal", "wrong_figure", "untraced")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One question, answered in three ways."""

    question: KnownQuestion
    composed: Answer
    written: Answer  # by the model, before anything is checked
    shown: Answer
    first_seconds: float | None  # to the first checked sentence, where a model was asked and one stood
    seconds: float


class RecordingModel:
    """A model, and what it wrote: of a summary, part after part."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.context = model.context
        self.seconds = model.seconds
        self.written = ""

    def stream(self, messages: Sequence[object], *, max_tokens: int, seconds: float | None = None):
        with closing(self.model.stream(messages, max_tokens=max_tokens, seconds=seconds)) as pieces:  # type: ignore[arg-type]
            for piece in pieces:
                self.written += piece
                yield piece


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("questions_file", type=Path, metavar="QUESTIONS.jsonl")
    parser.add_argument("--documents", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=60, metavar="N")
    parser.add_argument("--output", type=Path, help="write what was composed, written and shown, line by line")
    options = parser.parse_args()
    settings = replace(read_settings(), model_file=options.file)
    known = read_questions(options.questions_file)
    chosen = [known[number * len(known) // options.questions] for number in range(min(options.questions, len(known)))]
    retriever = Retriever(options.data, Encoder(settings.encoder))
    answerer = Answerer(retriever, num_evidence=settings.num_evidence, question_characters=settings.question_characters)
    answerer.warm_up()
    model = open_model(settings)
    assert model is not None
    with model:
        model.warm_up()
        answered = []
        for question in chosen:
            answered.append(_answer(question, answerer, RecordingModel(model)))
            if options.output:
                with options.output.open("a", encoding="utf-8") as file:
                    file.write(_line(answered[-1]))
    print(_report(answered, FolderTexts(options.documents)))


def _answer(question: KnownQuestion, answerer: Answerer, model: RecordingModel) -> Answered:
    started = time.perf_counter()
    composed = answerer.answer(question.text, question.history)
    first = None
    writer = Writer(answerer, model)  # type: ignore[arg-type]
    for shown in filter(None, writer.answers(question.text, question.history)):
        if first is None and shown.writing is not None and not shown.writing.note:
            first = time.perf_counter() - started
    written = composed
    if model.written:
        cited: dict[int, list[Citation]] = {}
        for citation in composed.citations:
            cited.setdefault(citation.marker, []).append(citation)
        written = replace(composed, lines=lines_of(model.written, cited))
    return Answered(
        question=question,
        composed=composed,
        written=written,
        shown=shown,
        first_seconds=first,
        seconds=time.perf_counter() - started,
    )


def _report(answered: Sequence[Answered], documents: FolderTexts) -> str:
    lines = [f"| {len(answered)} questions | {' | '.join(_COLUMNS)} |", f"|---|{'---|' * len(_COLUMNS)}"]
    questions = [answer.question for answer in answered]
    for name, attribute in (("composed", "composed"), ("the model, unchecked", "written"), ("shown", "shown")):
        answers = {
            answer.question.id: given_answer(answer_fields(answer.question.id, getattr(answer, attribute)))
            for answer in answered
        }
        figures = evaluate(questions, answers, documents).figures
        lines.append(f"| {name} | {' | '.join(str(figures[column]) for column in _COLUMNS)} |")
    writings = [answer.shown.writing for answer in answered if answer.shown.writing is not None]
    worded = [writing for writing in writings if not writing.note]
    firsts = [answer.first_seconds for answer in answered if answer.first_seconds is not None]
    asked = [answer.seconds for answer in answered if answer.shown.writing is not None]
    lines += [
        "",
        f"asked of the model: {len(writings)}; in its words, whole or in part: {len(worded)}",
        f"sentences repaired: {sum(writing.repaired for writing in writings)}, "
        f"struck: {sum(writing.struck for writing in writings)}",
        f"figures shown: {sum(writing.figures for writing in worded)}, "
        f"standing: {sum(writing.standing for writing in worded)}",
    ]
    if firsts:
        lines.append(
            f"seconds to the first checked sentence: {statistics.median(firsts):.1f} (median), {max(firsts):.1f}"
        )
        lines.append(f"seconds to the whole: {statistics.median(asked):.1f} (median), {max(asked):.1f}")
    return "\n".join(lines)


def _line(answered: Answered) -> str:
    fields = {
        "id": answered.question.id,
        "question": answered.question.text,
        "composed": answered.composed.text,
        "written": answered.written.text,
        "shown": answered.shown.text,
        "first_seconds": answered.first_seconds,
    }
    return json.dumps(fields, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    main()
