"""Questions that were written for training → questions with known answers, of the documents that are held out.

    python -m training.known DATA training/questions/made.jsonl > held_out.jsonl

What is chosen and believed with a judge is fitted on these (`python -m benchmarks.choice`): on others the judge would be too sure.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kb.search.encoder import DEFAULT, Encoder
from kb.search.retriever import Retriever
from training.groups import is_held_out, lines, places

_WHOLE = ("list", "conditions", "materials")  # kinds of which all answers belong to a right one; else any of them does


def known(path: Path, retriever: Retriever) -> Iterator[dict[str, Any]]:
    """The lines of a file of questions whose documents are held out and held by `retriever`, as `python -m kb evaluate` takes them."""
    held = {document.name: document for document in retriever.gazetteer().documents.values()}
    for number, given in enumerate(lines(path), start=1):
        if given["doc"] not in held or not is_held_out(given["doc"]):
            continue
        text = retriever.text_of(held[given["doc"]])
        said = [[text[start:end] for start, end in places(text, answer)] for answer in given["answers"]]
        if given["answers"] and not all(said):
            continue  # the document is read otherwise than it was
        groups = said if given["kind"] in _WHOLE else [[words for answer in said for words in answer]] if said else []
        yield {
            "id": f"{path.stem}{number}",
            "kind": given["kind"] if said else "unanswerable",
            "question": given["q"],
            "answerable": bool(said),
            "docs": [given["doc"]] if said else [],
            "gold": groups,
        }


def main() -> None:
    """Print them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="the documents, as `python -m ingest` keeps them")
    parser.add_argument("questions", type=Path, nargs="+")
    options = parser.parse_args()
    retriever = Retriever(options.data, Encoder(DEFAULT))
    for path in options.questions:
        for question in known(path, retriever):
            print(json.dumps(question, ensure_ascii=False))


if __name__ == "__main__":
    main()
