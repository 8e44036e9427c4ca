"""How long a passage should be: evidence and answers for passages of several lengths.

    python benchmarks/passage_length.py QUESTIONS.jsonl FOLDER [--lengths 200 300 450] [--files SUBSTRING …]

Ingests FOLDER into a new data folder for each length, and prints for the questions whose documents are there: passages,
seconds to ingest, the share whose evidence holds every gold group, and the share whose answer does. A question line has
`question`, `history`, `gold` (groups of alternatives), `docs`, `answerable`. `--files` keeps to files with these words.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
import unicodedata
from pathlib import Path
from typing import Any

from ingest.structure import passages
from ingest.synchronise import synchronise
from ingest.worker import read_outlined
from kb.answering import Answerer
from kb.search.encoder import Encoder
from kb.search.index import Index
from kb.search.retriever import Retriever
from kb.storage.catalogue import Catalogue


def normal(text: str) -> str:
    """Text without white space, widths folded, thousands separators out."""
    return "".join(unicodedata.normalize("NFKC", text).replace(",", "").split())


def holds(text: str, gold: list[list[str]]) -> bool:
    """Whether one alternative of each group stands in `text`."""
    return all(any(normal(alternative) in normal(text) for alternative in group) for group in gold)


def measure(folder: Path, questions: list[dict[str, Any]], length: int, encoder: Encoder) -> str:
    """One row of the table."""
    passages.PASSAGE_CHARACTERS = length
    with tempfile.TemporaryDirectory() as name:
        data = Path(name)
        started = time.perf_counter()
        with Catalogue(data / "catalogue.sqlite3") as catalogue:
            index = Index(data / "index")
            synchronise(
                [folder],
                catalogue=catalogue,
                index=index,
                encoder=encoder,
                read=read_outlined,
                progress=lambda *_: None,
            )
            count = sum(1 for _ in catalogue.passages())
        seconds = time.perf_counter() - started
        answerer = Answerer(Retriever(data, encoder), num_evidence=8, question_characters=500)
        answers = [answerer.answer(line["question"], line.get("history") or []) for line in questions]
        in_evidence = [
            holds("\n".join(evidence.hit.passage.text for evidence in answer.evidence), line["gold"])
            for answer, line in zip(answers, questions, strict=True)
        ]
        in_answer = [
            bool(answer.citations) and holds(answer.text, line["gold"])
            for answer, line in zip(answers, questions, strict=True)
        ]
    size = len(questions)
    return f"| {length} | {count} | {seconds:.0f} | {sum(in_evidence) / size:.3f} | {sum(in_answer) / size:.3f} |"


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("questions", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--lengths", type=int, nargs="+", default=[200, 300, 450])
    parser.add_argument("--files", nargs="+", default=[""])
    options = parser.parse_args()
    encoder = Encoder()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path in options.folder.iterdir():
            if any(words in path.name for words in options.files):
                shutil.copy(path, folder)
        names = {path.name for path in folder.iterdir()}
        lines = [json.loads(line) for line in options.questions.read_text(encoding="utf-8").splitlines()]
        questions = [line for line in lines if line["answerable"] and line["docs"] and set(line["docs"]) <= names]
        print(f"{len(names)} files, {len(questions)} questions")
        print("| characters | passages | ingest s | evidence holds all | answer holds all |\n|---|---|---|---|---|")
        for length in options.lengths:
            print(measure(folder, questions, length, encoder), flush=True)


if __name__ == "__main__":
    main()
