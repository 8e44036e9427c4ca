"""Outlined blocks → the tree of sections of their document.

Headings give its parts, chapters, articles, questions and annexes by their levels; between two headings stand lists,
tables and definitions (`lists`, `definitions`); where an issuer signs, what stands before it ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.structure.definitions import definitions
from ingest.structure.lines import Line, in_tree, lines_of
from ingest.structure.lists import lists
from ingest.structure.numbering import RANKS, rank_of
from ingest.structure.questions import answer_start, is_question, question_start
from ingest.structure.signatures import signatures
from kb.types import Block, BlockKind, Section, SectionKind

_ANNEXES = ("附件", "附录", "附表")
_KINDS = {
    "编": SectionKind.PART,
    "章": SectionKind.CHAPTER,
    "节": SectionKind.CHAPTER,
    "条": SectionKind.ARTICLE,
}
_MARKS = " 　：:【】（）()"


def sections(blocks: Sequence[Block]) -> tuple[Section, ...]:
    """The sections of a document in document order, with spans into `document_text(blocks)`."""
    lines = list(lines_of(blocks))
    signed = signatures(lines)
    found = list(_headed(lines, signed))
    text = "\n".join(line.text for line in lines)
    for run in _runs(lines, signed):
        in_run = list(lists(run))
        found += definitions(text, run, in_run)
        found += in_run
    return in_tree(found)


def _headed(lines: Sequence[Line], signed: Sequence[tuple[int, int]]) -> Iterator[Section]:
    """Sections with a heading, each down to the next of its level or the next signature; then the signatures."""
    ends = {first for first, _ in signed}
    for i, line in enumerate(lines):
        if line.kind is not BlockKind.HEADING or line.level == 1:
            continue
        is_annex = line.text.startswith(_ANNEXES)
        end = next(
            (
                j
                for j in range(i + 1, len(lines))
                if (j in ends and not is_annex) or (lines[j].kind is BlockKind.HEADING and lines[j].level <= line.level)
            ),
            len(lines),
        )
        yield _section(line, lines[i + 1 : end])
    for first, end in signed:
        start = lines[first].start
        yield Section(kind=SectionKind.SIGNATURE, start=start, end=lines[end - 1].end, body=start)


def _section(line: Line, below: Sequence[Line]) -> Section:
    """The section of a heading and the lines below it."""
    end = below[-1].end if below else line.end
    body = below[0].start if below else line.end
    if is_question(line.text):
        words = question_start(line.text)
        return Section(
            kind=SectionKind.QUESTION,
            start=line.start,
            end=end,
            body=body + (answer_start(below[0].text) if below else 0),
            number=line.text[:words].strip(),
            title=line.text[words:],
        )
    rank = rank_of(line.text)
    name, pattern = RANKS[rank] if rank is not None else ("", None)
    match = pattern.match(line.text) if pattern else None
    number = match[0] if match else ""
    title = line.text[len(number) :].strip()
    if name == "条":
        number, title = _article(number, title)
    return Section(
        kind=SectionKind.ANNEX if line.text.startswith(_ANNEXES) else _KINDS.get(name, SectionKind.HEADING),
        start=line.start,
        end=end,
        body=body,
        number=number.strip(_MARKS if name == "条" else None),
        title=title,
    )


def _article(number: str, title: str) -> tuple[str, str]:
    """The number of an article, and its heading where it has one behind the number: 第三条【适用范围】."""
    end = number.find("条") + 1
    if number[end : end + 1] == "之":
        end = next((i for i in range(end + 1, len(number)) if number[i] in _MARKS), len(number))
    return "".join(number[:end].split()), (number[end:] + title).strip(_MARKS)


def _runs(lines: Sequence[Line], signed: Sequence[tuple[int, int]]) -> Iterator[list[Line]]:
    """Lines that stand together between headings and signatures."""
    in_signature = {i for first, end in signed for i in range(first, end)}
    run: list[Line] = []
    for i, line in enumerate(lines):
        if line.kind is BlockKind.HEADING or i in in_signature:
            if run:
                yield run
            run = []
        else:
            run.append(line)
    if run:
        yield run
