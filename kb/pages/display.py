"""Answer → what the page shows of it, as HTML: a message whose marks are links, and cards of passages.

    answer text → the message as it grows, then whole, with marks
    citations → one card for each passage cited, with the quoted words marked
    refusal → the nearest passages as cards, with nothing marked

The page takes HTML as it comes: all that documents and readers say is escaped here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from kb.figures import figures
from kb.pages.texts import text
from kb.types import Answer, Citation, Document, Passage, Row, Writing

MOST_NEAREST = 3  # passages shown beside a refusal
_PIECE = re.compile(r"[^，。；！？\n]*(?:[，。；！？\n]+|$)")
_MARK = re.compile(r"\[(\d+)\]")


# Messages ------------------------------------------------------------------------------------------------------


def question_message(question: str) -> str:
    """What the reader asked, with nothing in it taken for markup."""
    return f'<div class="asked">{escape(question)}</div>'


def waiting_message(name: str) -> str:
    """What stands in the place of an answer while it is sought (`searching`), or where that was `stopped`."""
    return f'<div class="{name}" role="status">{text(name)}</div>'


def growing_messages(answer: Answer) -> Iterator[str]:
    """The message piece by piece, without marks; `answer_message` is the whole of it. A table is shown at once.

    What a model writes comes sentence by sentence already.
    """
    if answer.writing is not None:
        yield answer_message(answer)
        return
    if answer.table:
        return
    markers = _markers(answer)
    words = _MARK.sub(lambda mark: "" if int(mark[1]) in markers else mark[0], answer.text)
    shown = ""
    for piece in _PIECE.findall(words):
        shown += piece
        if piece:
            yield _message(answer, [_with_figures_whole(line) for line in shown.splitlines()])


def answer_message(answer: Answer, turn: int | None = None) -> str:
    """The whole message. Its marks lead to the cards that are shown as those of `turn`, or nowhere without one."""
    markers = _markers(answer)
    lines = [_with_marks(line, markers, turn) for line in _beside_table(answer)]
    if answer.writing is not None:
        lines.append(f'<span class="checked">{escape(_checked(answer.writing))}</span>')
    if turn is not None and (answer.citations or answer.evidence):
        label = text("to_sources" if answer.citations else "to_nearest")
        lines.append(f'<a class="to-sources" href="#sources">{label} ↓</a>')
    return _message(answer, lines, table=_table(answer, turn))


def _checked(writing: Writing) -> str:
    return writing.note or text("checked", standing=writing.standing, figures=writing.figures)


def _beside_table(answer: Answer) -> list[str]:
    """The lines of an answer without those that its table shows."""
    silent = "、".join(row.label for row in answer.table if row.marker is None)
    shown = tuple(f"{label}：" for label in (*(row.label for row in answer.table), silent) if label)
    return [line for line in answer.text.splitlines() if not (shown and line.startswith(shown))]


def _table(answer: Answer, turn: int | None) -> str:
    """The figures of several years or issuers side by side, each with its mark and the words that it stands in."""
    if not answer.table:
        return ""
    head = "".join(f'<th scope="col">{text(name)}</th>' for name in ("part", "figure", "in_words"))
    rows = "".join(_row(row, turn) for row in answer.table)
    return f'<div class="table"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _row(row: Row, turn: int | None) -> str:
    label = f'<th scope="row">{escape(row.label)}</th>'
    if row.marker is None:
        return f'<tr>{label}<td class="silent" colspan="2">{text("not_held")}</td></tr>'
    figure = f'<td class="told">{escape(row.figure) or "—"}{_mark(row.marker, turn)}</td>'
    return f'<tr>{label}{figure}<td class="words">{_with_figures_whole(row.words.rstrip("，,；;：:"))}</td></tr>'


def _message(answer: Answer, lines: Sequence[str], table: str = "") -> str:
    """Lines of HTML in the dress of their group; one line, so that no Markdown is seen in it."""
    paragraphs = table + "".join(f"<p>{line}</p>" for line in lines if line)
    if answer.status.refuses:
        return f'<div class="answer refused"><p class="verdict">{text("refused")}</p>{paragraphs}</div>'
    if answer.status.is_error:
        return f'<div class="answer failed" role="alert"><p class="verdict">{text("failed")}</p>{paragraphs}</div>'
    return f'<div class="answer">{paragraphs}</div>'


def _markers(answer: Answer) -> set[int]:
    return {citation.marker for citation in answer.citations}


def _with_marks(line: str, markers: set[int], turn: int | None) -> str:
    """A line of an answer as HTML; [7] stays as it is written where no citation has that marker."""
    pieces = []
    end = 0
    for mark in _MARK.finditer(line):
        if int(mark[1]) in markers:
            pieces += [_with_figures_whole(line[end : mark.start()]), _mark(int(mark[1]), turn)]
            end = mark.end()
    return "".join([*pieces, _with_figures_whole(line[end:])])


def _mark(marker: int, turn: int | None) -> str:
    if turn is None:
        return f'<span class="mark">{marker}</span>'
    label = text("mark", marker=marker)
    return f'<a class="mark" href="#{_anchor(turn, marker)}" title="{label}">{marker}</a>'


# Cards ---------------------------------------------------------------------------------------------------------


def cards(answer: Answer | None, turn: int = 0) -> str:
    """The passages that `answer` stands on, or those that came nearest; a hint where there are none."""
    if answer is not None and answer.citations:
        return _section("sources", [_cited_card(citations, turn) for citations in _by_passage(answer.citations)])
    if answer is not None and answer.evidence:
        hits = [evidence.hit for evidence in answer.evidence[:MOST_NEAREST]]
        return _section("nearest", [_card(hit.document, hit.passage, quotes=()) for hit in hits])
    return _section("sources", [f'<p class="hint">{text("no_sources")}</p>'])


def _section(heading: str, content: Sequence[str]) -> str:
    return f'<h2 class="sources-heading">{text(heading)}</h2>{"".join(content)}'


def _by_passage(citations: Sequence[Citation]) -> list[list[Citation]]:
    """Citations of one passage together, in the order of their first markers."""
    groups: dict[tuple[int, int], list[Citation]] = {}
    for citation in citations:
        groups.setdefault((citation.document.id, citation.passage.start), []).append(citation)
    return list(groups.values())


def _cited_card(citations: Sequence[Citation], turn: int) -> str:
    first = citations[0]
    quotes = [(citation.start, citation.end, _anchor(turn, citation.marker)) for citation in citations]
    marks = "".join(f'<span class="mark">{citation.marker}</span>' for citation in citations)
    return _card(first.document, first.passage, quotes=quotes, marks=marks)


def _card(document: Document, passage: Passage, *, quotes: Sequence[tuple[int, int, str]], marks: str = "") -> str:
    metadata = document.metadata
    origin = [
        escape(metadata.issuer or ""),
        text("year", year=metadata.year) if metadata.year else "",
        text("page", page=passage.page) if passage.page else "",
    ]
    path = f'<p class="path">{escape(" › ".join(passage.heading))}</p>' if passage.heading else ""
    return (
        f'<article class="card"><header>{marks}<h3>{escape(metadata.title)}</h3></header>'
        f'<p class="origin">{" · ".join(filter(None, origin))}</p>{path}'
        f"<blockquote>{_with_quotes_marked(passage, quotes)}</blockquote></article>"
    )


def _with_quotes_marked(passage: Passage, quotes: Sequence[tuple[int, int, str]]) -> str:
    """The passage's text with each quote (start, end, anchor) marked; quotes that overlap are marked as one."""
    spans: list[tuple[int, int, list[str]]] = []
    for start, end, anchor in sorted(quotes):
        start, end = max(start - passage.start, 0), min(end - passage.start, len(passage.text))
        if spans and start < spans[-1][1]:
            begun, reached, anchors = spans.pop()
            spans.append((begun, max(reached, end), [*anchors, anchor]))
        elif start < end:
            spans.append((start, end, [anchor]))
    position = _end_of_headings(passage)
    if spans:
        position = min(position, spans[0][0])
    pieces = []
    for start, end, anchors in spans:
        targets = "".join(f'<span id="{anchor}"></span>' for anchor in anchors)
        quoted = _with_figures_whole(passage.text[start:end])
        pieces += [_with_figures_whole(passage.text[position:start]), f"<mark>{targets}{quoted}</mark>"]
        position = end
    return "".join([*pieces, _with_figures_whole(passage.text[position:])])


def _end_of_headings(passage: Passage) -> int:
    """Where the text goes on behind the headings it begins with: the card shows these above it."""
    position = 0
    for line in passage.text.splitlines(keepends=True)[:-1]:
        if line.strip() not in passage.heading:
            break
        position += len(line)
    return position


def _anchor(turn: int, marker: int) -> str:
    """The name of a quote on the page; marks of an earlier turn do not lead to the cards of a later one."""
    return f"quote-{turn}-{marker}"


def _with_figures_whole(words: str) -> str:
    """Words as HTML in which no figure is parted from its unit at the end of a line."""
    pieces = []
    end = 0
    for figure in figures(words):
        pieces += [escape(words[end : figure.start]), f'<span class="figure">{escape(figure.text)}</span>']
        end = figure.end
    return "".join([*pieces, escape(words[end:])])
