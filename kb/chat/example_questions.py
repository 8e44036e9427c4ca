"""Example questions, made from the documents: the first thing that a newcomer sees.

    newest documents, spread over kinds and issuers → clauses with a figure, headings → questions → asked → kept

No question is written down here. One is kept only where its answer quotes the words that it was made from, and a
clause that would make a clumsy question makes none.
"""

from __future__ import annotations

import contextlib
import json
import re
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice, zip_longest
from pathlib import Path

import kb
from kb.answering import Answerer
from kb.chinese.figures import Figure, figures
from kb.chinese.lexicon import read_lexicon
from kb.errors import WenzhengError
from kb.search.gazetteer import GUIDE, Gazetteer
from kb.storage.atomic import write_atomically
from kb.types import Document, Metadata, Passage, Status

NUM_EXAMPLES = 4
_MOST_CHARACTERS = 30

# These bound the work, however many documents there are: documents that are searched for passages, and questions that are tried.
_MOST_DOCUMENTS = 8
_MOST_PASSAGES = 40
_MOST_TRIED = 16

_LEXICON = read_lexicon(__name__)
_CLAUSE = _LEXICON["clause"]
_WHEN = _LEXICON["when"]
_COUNTED = _LEXICON["counted"]
_MATTER = _LEXICON["matter"]
_LEANS = _LEXICON["leans"]
_SHARE = _LEXICON["share"]
_EVERYWHERE = _LEXICON["everywhere"]
_NOT_COUNTED = _LEXICON["not_counted"]
_NUMBERING = _LEXICON["numbering"]
_ASKS = ((_LEXICON["how_long"], "是多少？"), (_LEXICON["where"], "在哪里？"))
# Characters: fewer say too little to be asked, and too little to be asked first.
_LEAST_MATTER = 4
_ENOUGH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleCandidate:
    """A question, and the span of its document's text that the answer must quote from."""

    question: str
    about: str  # the question without who and when
    document: Document
    start: int
    end: int


class ExampleQuestions:
    """The example questions of the index as it is now, made once for each snapshot, and kept for the next start.

    Making them needs the encoder, which takes seconds to load.
    """

    def __init__(self, answerer: Answerer, file: Path | None = None) -> None:
        """`file` keeps them, where it can be written."""
        self._answerer = answerer
        self._file = file
        self._made: tuple[Gazetteer, list[str]] | None = None
        self._making = threading.Lock()

    def __call__(self) -> list[str]:
        """The questions; none where nothing can be asked: the reader meets the error as an answer."""
        try:
            gazetteer = self._answerer.retriever.gazetteer()
            with self._making:  # many pages may be opened at once
                if self._made is None or self._made[0] is not gazetteer:
                    made_from = _made_from(gazetteer, self._answerer.retriever.encoder.name)
                    self._made = gazetteer, self._kept(made_from) or self._make(made_from)
                return self._made[1]
        except WenzhengError:
            return []

    def _make(self, made_from: str) -> list[str]:
        questions = example_questions(self._answerer)
        if self._file:
            with contextlib.suppress(OSError):  # a disk that is full costs the next start some seconds
                fields = {"made_from": made_from, "questions": questions}
                write_atomically(self._file, json.dumps(fields, ensure_ascii=False).encode())
        return questions

    def _kept(self, made_from: str) -> list[str]:
        """What is kept, where it was made from the very same documents."""
        try:
            fields = json.loads(self._file.read_text(encoding="utf-8")) if self._file else {}
            return list(fields["questions"]) if fields["made_from"] == made_from else []
        except (OSError, ValueError, KeyError, TypeError):
            return []


def _made_from(gazetteer: Gazetteer, encoder: str) -> str:
    """What examples are made from: this release, this encoder and these documents, each as it was read."""
    documents = sorted(
        (document.id, document.sha256, document.made_by, document.metadata.title)
        for document in gazetteer.documents.values()
    )
    return sha256(repr((kb.__version__, encoder, documents)).encode()).hexdigest()


def example_questions(answerer: Answerer, number: int = NUM_EXAMPLES) -> list[str]:
    """Up to `number` questions that are answered from what they were made from; the same ones every time.

    Raises what `Retriever.search` raises; an empty index has no examples.
    """
    documents = _spread(answerer.retriever.gazetteer().documents.values())[:_MOST_DOCUMENTS]
    by_document = (candidates(document, _passages(answerer, document)) for document in documents)
    kept: dict[str, str] = {}
    for candidate in islice(_in_turns(by_document), _MOST_TRIED):
        if len(kept) < number and candidate.about not in kept and _is_answered(answerer, candidate):
            kept[candidate.about] = candidate.question
    return list(kept.values())


def candidates(document: Document, passages: Iterable[Passage]) -> list[ExampleCandidate]:
    """The questions that `passages` of `document` suggest, each once: those that say enough first, in their order."""
    suggest = _from_heading if GUIDE.search(document.metadata.title) else _from_clauses
    found = [candidate for passage in passages for candidate in suggest(document, passage)]
    short = {candidate.about: candidate for candidate in found if len(candidate.question) <= _MOST_CHARACTERS}
    return sorted(short.values(), key=lambda candidate: len(candidate.about) < _ENOUGH)


# Words → questions, each with the span that answers it -----------------------------------------------------------


def _from_clauses(document: Document, passage: Passage) -> Iterator[ExampleCandidate]:
    """Clauses of what was done: 2024年共组织学法17次 asks 2024年组织学法多少次."""
    year = document.metadata.reporting_year
    if year is None or {*re.findall(r"20\d\d", "".join(passage.heading))} - {str(year)}:
        return  # only a report says what was done, and not where it goes on to the next year
    for clause in _CLAUSE.finditer(passage.text):
        begins = clause.start() == 0 or passage.text[clause.start() - 1] in "。；\n"
        asked = _ask(clause[0], str(year), begins=begins)
        if asked:
            about, figure = asked
            everywhere = _EVERYWHERE.match(about)
            who = document.metadata.region if everywhere else None
            about = about[everywhere.end() :] if everywhere else about
            start = passage.start + clause.start() + figure.start
            yield ExampleCandidate(
                question=f"{who or _who(document.metadata)}{year}年{about}",
                about=about,
                document=document,
                start=start,
                end=start + len(figure.text),
            )


def _ask(clause: str, year: str, *, begins: bool) -> tuple[str, Figure] | None:
    """The question, without who and when, that a clause answers by the one figure at its end; and the figure.

    A clause must begin its sentence or name its year: another leans on the words before it.
    """
    counted = [figure for figure in figures(clause) if not _NOT_COUNTED.fullmatch(figure.unit)]
    if len(counted) != 1 or counted[0].end != len(clause) or not counted[0].text[0].isdecimal():
        return None
    figure = counted[0]
    before = clause[: figure.start].strip()
    when = _WHEN.match(before)
    if (when["year"] not in (None, year)) if when else not begins:
        return None
    matter = _COUNTED.sub("", before[when.end() :] if when else before)
    if len(matter) < _LEAST_MATTER or not _MATTER.fullmatch(matter) or _LEANS.search(matter):
        return None
    if figure.unit in "%％":
        share = _SHARE.search(matter)
        return (f"{matter[: share.start()]}是多少？", figure) if share else None
    scale = "万" if figure.text.endswith("万元") else "亿" if figure.text.endswith("亿元") else ""
    return f"{matter}多少{scale}{figure.unit}？", figure


def _who(metadata: Metadata) -> str:
    """Whom a question asks about; the people of a nation are not its government."""
    return "全国" if metadata.region == "全国" else (metadata.issuer or "").removesuffix("人民政府")


def _from_heading(document: Document, passage: Passage) -> Iterator[ExampleCandidate]:
    """A heading that is asked for: 六、承诺办结时限 in 优待证办事指南 asks 优待证的承诺办结时限是多少."""
    heading = _NUMBERING.sub("", passage.heading[-1]) if passage.heading else ""
    for ending, asks in _ASKS:
        if ending.search(heading):
            yield ExampleCandidate(
                question=f"{GUIDE.sub('', document.metadata.title)}的{heading}{asks}",
                about=heading,
                document=document,
                start=passage.start,
                end=passage.end,
            )


# Documents and answers -------------------------------------------------------------------------------------------


def _spread(documents: Iterable[Document]) -> list[Document]:
    """The documents, newest first, in such an order that no kind and no issuer comes again before the others."""
    kinds: Counter[str | None] = Counter()
    issuers: Counter[tuple[str | None, str | None]] = Counter()
    places: list[tuple[int, int, int, Document]] = []
    for document in sorted(documents, key=lambda document: (-(document.metadata.year or 0), document.name)):
        kind, issuer = document.metadata.kind, document.metadata.issuer
        places.append((issuers[kind, issuer], kinds[kind], len(places), document))
        issuers[kind, issuer] += 1
        kinds[kind] += 1
    return [document for *_, document in sorted(places, key=lambda place: place[:3])]


def _passages(answerer: Answerer, document: Document) -> list[Passage]:
    """Passages of `document`, in its order; of a long one not all."""
    hits = answerer.retriever.search(document.metadata.title, num_results=_MOST_PASSAGES, documents=[document.id])
    return sorted((hit.passage for hit in hits), key=lambda passage: passage.start)


def _in_turns(by_document: Iterable[Sequence[ExampleCandidate]]) -> Iterator[ExampleCandidate]:
    """The first candidate of each document, then the second of each, and so on."""
    for turn in zip_longest(*by_document):
        yield from filter(None, turn)


def _is_answered(answerer: Answerer, candidate: ExampleCandidate) -> bool:
    """Whether the answer quotes the words that the question was made from."""
    answer = answerer.answer(candidate.question)
    return answer.status is Status.ANSWERED and any(
        citation.document.id == candidate.document.id
        and citation.start < candidate.end
        and candidate.start < citation.end
        for citation in answer.citations
    )
