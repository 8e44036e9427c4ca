"""Questions with what may answer them → groups: a question, and windows each of which answers it or does not.

read_statements(path)            a reading set: one group a line, its statements with the spans that answer
read_questions(path, retriever)  questions on documents that are held: windows around what they quote, and near misses
read_made(path, folder)          questions on the files of a folder, with windows of their own document alone
read_known(path, retriever)      questions as `python -m kb evaluate` takes them, with all windows that are found: scored only
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from ingest.metadata import metadata
from ingest.structure.passages import document_text
from ingest.structure.sections import sections
from ingest.worker import read_outlined
from kb.answering.judge.judge import question_words
from kb.answering.judge.windows import Window, Windows
from kb.answering.structure import Structure
from kb.evaluation.lines import read_questions as read_known_questions
from kb.evaluation.normal import normal
from kb.search.gazetteer import Gazetteer
from kb.search.query import QueryPlan, plan_query
from kb.search.retriever import Retriever
from kb.types import Document

_NUM_HITS = 16
_MOST_FOUND = 10  # windows of the passages that were found, of each question
_MOST_OTHERS = 2  # … that were not, of the same document
_LONGEST_JOINED = 200
_LIKE_TITLES = 0.25  # share of pairs of characters; documents with titles more alike may answer as well
_HELD_OUT = 12  # one of so many documents
_LISTED = frozenset(("list", "conditions", "procedure"))  # kinds of questions that each part of a list answers
_NOTHING: Gazetteer = Gazetteer(())


@dataclass(frozen=True, slots=True)
class Item:
    """A window with what is known of it."""

    context: str
    text: str
    answers: bool
    spans: tuple[tuple[int, int], ...] = ()  # in `text`, of the words that answer


@dataclass(frozen=True, slots=True)
class Group:
    """A question with windows."""

    source: str
    document: str  # groups of one document are trained on together, or held out together
    question: str
    items: tuple[Item, ...]
    is_held_out: bool = False  # it is scored only


def is_held_out(document: str) -> bool:
    """Whether questions on a document of this name are scored only."""
    return hashlib.sha256(document.encode()).digest()[0] % _HELD_OUT == 0


def read_statements(path: Path, seed: int = 1) -> Iterator[Group]:
    """The groups of a file of shared reading data, half of them with statements joined to longer windows."""
    rng = random.Random(seed)  # noqa: S311
    for line in path.read_text(encoding="utf-8").splitlines():
        given = json.loads(line)
        if not given["q"].strip():
            continue
        items = [
            Item(one["c"], one["s"], bool(one["y"]), tuple((start, end) for start, end in one["spans"]))
            for one in given["items"]
        ]
        if len(items) > 1 and rng.random() < 0.5:
            items = list(_joined(items, rng))
        question = given["q"] if rng.random() < 0.3 else question_words(plan_query(given["q"], [], _NOTHING))
        yield Group(given["src"], items[0].context.split("；")[0], question, tuple(items))


def _joined(items: Sequence[Item], rng: random.Random) -> Iterator[Item]:
    """The items in runs of two or three, as windows have several sentences."""
    mixed = rng.sample(items, len(items))
    at = 0
    while at < len(mixed):
        run = mixed[at : at + rng.choice((1, 2, 2, 3))]
        at += len(run)
        text, spans = "", []
        for item in run:
            if text and len(text) + len(item.text) > _LONGEST_JOINED:
                continue
            spans += [(start + len(text), end + len(text)) for start, end in item.spans]
            text += item.text
        kept = [item for item in run if item.text in text]
        yield Item(kept[0].context.split("；")[0], text, any(item.answers for item in kept), tuple(spans))


def read_questions(path: Path, retriever: Retriever, seed: int = 1) -> Iterator[Group]:
    """The groups of a file of questions on the documents that `retriever` holds, with what is found for each.

    A line has `doc` (a file's name), `q`, `answers` (each a `quote` of the document and the `words` of it that answer, "" for all
    of it; or `at`, the span of the words in the document's text), and `near` (places or words of what looks like an answer and
    is none).
    """
    rng = random.Random(seed)  # noqa: S311
    held = {document.name: document for document in retriever.gazetteer().documents.values()}
    made = _Windows(retriever)
    for given in lines(path):
        document = held.get(given["doc"])
        if document is None:
            continue
        plan = plan_query(given["q"], [], retriever.gazetteer())
        found = list(_found(given, plan, document, made, retriever))[:_MOST_FOUND]
        items = _items(given, made.of(document), retriever.text_of(document), found, _MOST_OTHERS, rng)
        if items:
            yield Group(path.stem, given["doc"], question_words(plan), tuple(items))


def read_made(path: Path, folder: Path, seed: int = 1) -> Iterator[Group]:
    """The groups of a file of questions on the files of a folder, each with windows of its own document alone.

    Many of these documents are about like matters, so that one may answer a question that was asked of another.
    """
    rng = random.Random(seed)  # noqa: S311
    read: dict[str, tuple[str, list[Window]]] = {}
    for given in lines(path):
        name = given["doc"]
        if name not in read:
            structure, title = read_structure(folder / name)
            read[name] = structure.text, Windows(structure, title).all()
        text, own = read[name]
        items = _items(given, own, text, [], _MOST_FOUND, rng)
        if items:
            yield Group(path.stem, name, question_words(plan_query(given["q"], [], _NOTHING)), tuple(items))


def read_structure(path: Path) -> tuple[Structure, str]:
    """The structure of a file, and the title of its document."""
    blocks = read_outlined(path.read_bytes(), path.name)
    return Structure(document_text(blocks), sections(blocks)), metadata(blocks, path.name).title


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a file of questions (`read_questions`)."""
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def read_known(path: Path, retriever: Retriever) -> Iterator[Group]:
    """The groups of a file of questions with known answers: a window is right that has something of the gold."""
    made = _Windows(retriever)
    for known in read_known_questions(path):
        plan = plan_query(known.text, known.history, retriever.gazetteer())
        if len(plan.scope.parts) != 1 or plan.questions:
            continue
        found = dict.fromkeys(_windows_found(plan, retriever, made))
        items = [
            Item(
                window.context,
                window.shown,
                known.answerable
                and name in known.docs
                and any(normal(words) in normal(window.text) for group in known.gold for words in group),
            )
            for name, window in found
        ]
        if items:
            yield Group(path.stem, known.docs[0] if known.docs else "", question_words(plan), tuple(items), True)


def _windows_found(plan: QueryPlan, retriever: Retriever, made: _Windows) -> Iterator[tuple[str, Window]]:
    """The windows of the passages that are found for a plan, each with the name of its document."""
    for hit in retriever.retrieve(plan, plan.scope.parts[0], num_hits=_NUM_HITS).hits:
        for window in made.of(hit.document):
            if window.start < hit.passage.end and hit.passage.start < window.end:
                yield hit.document.name, window


class _Windows:
    """The windows of documents, each document cut once."""

    def __init__(self, retriever: Retriever) -> None:
        self._retriever = retriever
        self._of: dict[int, list[Window]] = {}

    def of(self, document: Document) -> list[Window]:
        if document.id not in self._of:
            structure = Structure(self._retriever.text_of(document), self._retriever.sections_of(document))
            self._of[document.id] = Windows(structure, document.metadata.title).all()
        return self._of[document.id]


def _items(
    given: dict[str, Any], own: Sequence[Window], text: str, found: Sequence[Window], others: int, rng: random.Random
) -> list[Item]:
    """The windows that answer, those that look like it, those `found`, and some others of the document.

    None where the answer has no place in the document.
    """
    right: dict[int, list[tuple[int, int]]] = {}
    untold: set[Window] = set()  # they have a part of what answers, and do not answer by themselves
    for answer in given["answers"]:
        for start, end in places(text, answer):
            for place, window in enumerate(own):
                if not (start < window.end and window.start < end):
                    continue
                if window.start <= start or answer.get("words") or given["kind"] in _LISTED:
                    right.setdefault(place, []).append((start, end))
                else:
                    untold.add(window)
    if given["answers"] and not right:
        return []
    items = [
        Item(own[place].context, own[place].shown, True, tuple(own[place].span(*span) for span in spans))
        for place, spans in right.items()
    ]
    wrong = dict.fromkeys(
        window
        for mark in given["near"]
        for window in own
        if (mark in window.text if isinstance(mark, str) else window.start <= mark < window.end)
    )
    wrong |= dict.fromkeys(found)
    rest = [window for window in own if window not in wrong]
    wrong |= dict.fromkeys(rng.sample(rest, min(others, len(rest))))
    known = {own[place].text for place in right} | {window.text for window in untold}
    return items + [Item(window.context, window.shown, False) for window in wrong if window.text not in known]


def places(text: str, answer: dict[str, Any]) -> Iterator[tuple[int, int]]:
    """Where the words of an answer stand in a text, white space apart."""
    if "at" in answer:
        yield tuple(answer["at"])
        return
    quote = r"\s*".join(map(re.escape, re.sub(r"\s|⏎", "", answer["quote"])))
    for match in re.finditer(quote, text):
        words = r"\s*".join(map(re.escape, re.sub(r"\s|⏎", "", answer["words"])))
        inner = re.search(words, match.group()) if words else None
        yield (match.start() + inner.start(), match.start() + inner.end()) if inner else match.span()


def _found(
    given: dict[str, Any], plan: QueryPlan, document: Document, made: _Windows, retriever: Retriever
) -> Iterator[Window]:
    """The windows of the passages that are found for a question, and do not answer it as far as is known."""
    text = retriever.text_of(document)
    quoted = [span for answer in given["answers"] for span in places(text, answer)]
    said = [normal(text[start:end]) for start, end in quoted]
    title = _pairs(document.metadata.title)
    titles = {held.name: _pairs(held.metadata.title) for held in retriever.gazetteer().documents.values()}
    for name, window in _windows_found(plan, retriever, made) if plan.scope.parts else ():
        if name == document.name:
            if not any(start < window.end and window.start < end for start, end in quoted):
                yield window
        elif _alike(title, titles[name]) <= _LIKE_TITLES and not any(words in normal(window.text) for words in said):
            yield window


def _pairs(title: str) -> frozenset[str]:
    return frozenset(first + second for first, second in pairwise(title))


def _alike(first: frozenset[str], second: frozenset[str]) -> float:
    return len(first & second) / (min(len(first), len(second)) or 1)
