"""How many lies are caught, and how many true sentences fall: over the composed answers to a file of questions.

    python -m benchmarks.liar QUESTIONS.jsonl --data DATA [--escaped FILE]

A lie is caught where its sentence does not stand in the written answer. A true sentence falls where it does not.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.lies import Reply, lies, restated, restated_lies, rewordings
from kb.answering import Answerer
from kb.chinese.text import without_spaces
from kb.evaluation.lines import read_questions
from kb.llm.sentences import sentences
from kb.llm.writer import Assembly
from kb.search.encoder import Encoder
from kb.search.retriever import Retriever
from kb.settings import read_settings
from kb.types import Answer, Status, text_of


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("questions", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--escaped", type=Path, help="write what escapes, and what falls though it is true")
    options = parser.parse_args()
    settings = read_settings()
    answerer = Answerer(
        Retriever(options.data, Encoder(settings.encoder)),
        num_evidence=settings.num_evidence,
        question_characters=settings.question_characters,
    )
    asked = [(one.text, answerer.answer(one.text, one.history)) for one in read_questions(options.questions)]
    answers = [(question, answer) for question, answer in asked if answer.status is Status.ANSWERED]
    notes: list[str] = []
    started = time.perf_counter()
    for name, make, wrong in (("lies", _lies, True), ("true", _true, False)):
        seen: Counter[str] = Counter()
        missed: Counter[str] = Counter()
        for question, answer in answers:
            for reply in make(question, answer):
                seen[reply.kind] += 1
                if is_shown(question, answer, reply) is wrong:
                    missed[reply.kind] += 1
                    notes.append(f"{name} · {reply.kind}\n  {reply.changed}\n  {answer.text}\n")
        word = "escaped" if wrong else "fell"
        print(f"\n| {name} | number | {word} |\n|---|---|---|")
        for kind, count in seen.items():
            print(f"| {kind} | {count} | {missed[kind]} |")
        share = missed.total() / seen.total()
        print(f"| all | {seen.total()} | {missed.total()} ({share:.2%}) |")
    print(f"\n{len(answers)} answers, {time.perf_counter() - started:.0f} s")
    if options.escaped:
        options.escaped.write_text("\n".join(notes), encoding="utf-8")


def _lies(question: str, answer: Answer) -> Iterator[Reply]:
    yield from lies(answer)
    for base in restated(question, answer):
        if is_shown(question, answer, base):  # where the question itself falls, a lie that falls proves nothing
            yield from restated_lies(base, answer)


def _true(_: str, answer: Answer) -> Iterator[Reply]:
    yield from rewordings(answer)


def is_shown(question: str, answer: Answer, reply: Reply) -> bool:
    """Whether the changed sentence of a reply is in the answer that is shown, word for word."""
    assembly = Assembly(answer, question)
    for sentence in sentences(reply.text):
        assembly.add(sentence)
    changed = without_spaces(reply.changed).rstrip("。")
    if reply.kind == "mark":  # It may stand under the mark that it has by right.
        return any(
            text_of([proof.line]) in reply.text.splitlines() for proof in assembly.proofs if proof.text == reply.changed
        )
    return any(changed in without_spaces(proof.text) for proof in assembly.proofs)


if __name__ == "__main__":
    main()
