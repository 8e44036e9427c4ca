"""What misspellings cost: the same questions as they are, and written wrong in one way at a time.

    python -m benchmarks.spelling QUESTIONS.jsonl [QUESTIONS.jsonl …] --documents DIR --data DATA

Names are written with a character that sounds the same; letters and digits in full width; all in traditional
characters; without any punctuation.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from opencc import OpenCC
from pypinyin import Style, lazy_pinyin

from benchmarks.ablation import RememberingEncoder, evaluated
from kb.answering import Answerer
from kb.chinese.text import is_word
from kb.evaluation.documents import FolderTexts
from kb.evaluation.lines import read_questions
from kb.search.gazetteer import Gazetteer
from kb.search.retriever import Retriever
from kb.settings import read_settings

_FULL = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_MARKS = re.compile(r"[，。？！；：,?!;:]")
_COLUMNS = ("accuracy", "false_refusal", "refusal", "wrong_figure")
Misspell = Callable[[str], str]


def misspelling_names(gazetteer: Gazetteer, characters: str) -> Misspell:
    """Writes the first name in a question with another character of the same sound and tone."""
    by_sound: dict[str, str] = {}
    for character in characters:
        [sound] = lazy_pinyin(character, style=Style.TONE3)
        by_sound.setdefault(sound, "")
        by_sound[sound] += character

    def misspell(text: str) -> str:
        for name in gazetteer.names_in(text):
            if name.loose or len(name.text) < 2:
                continue
            for position in range(name.start + len(name.text) - 1, name.start - 1, -1):
                [sound] = lazy_pinyin(text[position], style=Style.TONE3)
                for other in by_sound.get(sound, ""):
                    written = text[name.start : position] + other + text[position + 1 : name.end]
                    if other != text[position] and not is_word(written):
                        return text[: name.start] + written + text[name.end :]
        return text

    return misspell


def main() -> None:
    """Measure and print a row for each way to misspell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path, nargs="+")
    parser.add_argument("--documents", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    options = parser.parse_args()
    settings = read_settings()
    retriever = Retriever(options.data, RememberingEncoder())
    answerer = Answerer(retriever, num_evidence=settings.num_evidence, question_characters=settings.question_characters)
    questions = [question for path in options.questions for question in read_questions(path)]
    characters = "".join(sorted(set(re.findall(r"[一-鿿]", "".join(question.text for question in questions)))))
    ways: dict[str, Misspell] = {
        "as they are": str,
        "names by their sound": misspelling_names(retriever.gazetteer(), characters),
        "full width": lambda text: text.translate(_FULL),
        "traditional characters": OpenCC("s2t").convert,
        "no punctuation": lambda text: _MARKS.sub(" ", text),
    }
    documents = FolderTexts(options.documents)
    print("| questions written | changed | " + " | ".join(_COLUMNS) + " |")
    print("|---" * (len(_COLUMNS) + 2) + "|")
    for way, misspell in ways.items():
        written = [replace(question, text=misspell(question.text)) for question in questions]
        figures = evaluated(written, answerer, documents).figures
        changed = sum(new.text != old.text for new, old in zip(written, questions, strict=True))
        print(
            f"| {way} | {changed} | " + " | ".join(f"{figures[name] or 0:.3f}" for name in _COLUMNS) + " |", flush=True
        )
    passages = [
        hit.passage.text
        for document in retriever.gazetteer().documents.values()
        for hit in retriever.passages_of(document)
    ]
    names = retriever.gazetteer().misspellings
    found = [misspelling for text in passages for misspelling in names.respelled(text)[1]]
    print(f"\n{len(found)} misspellings found in {sum(map(len, passages))} characters of the documents: {found[:10]}")


if __name__ == "__main__":
    main()
