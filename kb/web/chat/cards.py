"""Cards of passages as HTML, with the quoted words marked. The words of documents are escaped here."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from kb.chat.conversation import MOST_NEAREST
from kb.chinese.figures import figures
from kb.types import Answer, Citation, Document, Ending, Passage
from kb.web.texts import Language, text


def cards(answer: Answer, language: Language = "zh") -> str:
    """The passages that an answer cites, or those nearest to a question that was refused; "" where there are none."""
    if answer.citations:
        return "".join(_cited_card(citations, language) for citations in _by_passage(answer.citations))
    hits = [evidence.hit for evidence in answer.evidence[:MOST_NEAREST]] if answer.status.refuses else []
    return "".join(_card(hit.document, hit.passage, (), language) for hit in hits)


def place_of(citation: Citation) -> str:
    """The address of the document in which a quote stands, at the quote."""
    return f"/documents/{citation.document.id}?from={citation.start}&amp;to={citation.end}#quote"


def origin(document: Document, page: int | None, language: Language = "zh") -> str:
    """Issuer, year, date, number and page as HTML, as far as they are known."""
    metadata = document.metadata
    known = (
        escape(metadata.issuer or ""),
        text("year", language, year=metadata.year) if metadata.year else "",
        escape(metadata.date or ""),
        escape(metadata.number or ""),
        text("page", language, page=page) if page else "",
    )
    return " · ".join(filter(None, known))


def with_figures_whole(words: str) -> str:
    """Words as HTML in which no figure is parted from its unit at the end of a line."""
    pieces = []
    end = 0
    for figure in figures(words):
        pieces += [escape(words[end : figure.start]), f'<span class="figure">{escape(figure.text)}</span>']
        end = figure.end
    return "".join([*pieces, escape(words[end:])])


def _by_passage(citations: Sequence[Citation]) -> list[list[Citation]]:
    """Citations of one passage together, in the order of their first markers."""
    groups: dict[tuple[int, int], list[Citation]] = {}
    for citation in citations:
        groups.setdefault((citation.document.id, citation.passage.start), []).append(citation)
    return list(groups.values())


def _cited_card(citations: Sequence[Citation], language: Language) -> str:
    return _card(citations[0].document, citations[0].passage, citations, language)


def _card(document: Document, passage: Passage, citations: Sequence[Citation], language: Language) -> str:
    markers = list(dict.fromkeys(citation.marker for citation in citations))
    marks = "".join(f'<span class="mark">{marker}</span>' for marker in markers)
    path = f'<p class="path">{escape(" › ".join(passage.heading))}</p>' if passage.heading else ""
    ending = f'<p class="ending">{text(f"ended_{document.ended_by}", language)}</p>' if document.ended_by else ""
    address = place_of(citations[0]) if citations else f"/documents/{document.id}?from={passage.start}#quote"
    quoted = "" if document.ended_by is Ending.WITHDRAWN else f"<blockquote>{_marked(passage, citations)}</blockquote>"
    return (
        f'<article class="card" data-markers="{" ".join(map(str, markers))}" tabindex="-1">'
        f"<header>{marks}<h3>{escape(document.metadata.title)}</h3></header>"
        f'<p class="origin">{origin(document, passage.page, language)}</p>{ending}{path}{quoted}'
        f'<p class="whole"><a href="{address}" target="_blank">{text("whole_document", language)}</a></p></article>'
    )


def _marked(passage: Passage, citations: Sequence[Citation]) -> str:
    """The passage's text with each quote marked by its markers; quotes that overlap are marked as one."""
    spans: list[tuple[int, int, list[int]]] = []
    for citation in sorted(citations, key=lambda citation: (citation.start, citation.end)):
        start = max(citation.start - passage.start, 0)
        end = min(citation.end - passage.start, len(passage.text))
        if spans and start < spans[-1][1]:
            begun, reached, markers = spans.pop()
            spans.append((begun, max(reached, end), [*markers, citation.marker]))
        elif start < end:
            spans.append((start, end, [citation.marker]))
    position = _end_of_headings(passage)
    if spans:
        position = min(position, spans[0][0])
    pieces = []
    for start, end, markers in spans:
        named = " ".join(map(str, dict.fromkeys(markers)))
        quoted = with_figures_whole(passage.text[start:end])
        pieces += [with_figures_whole(passage.text[position:start]), f'<mark data-markers="{named}">{quoted}</mark>']
        position = end
    return "".join([*pieces, with_figures_whole(passage.text[position:])])


def _end_of_headings(passage: Passage) -> int:
    """Where the text goes on behind the headings it begins with: the card shows these above it."""
    position = 0
    for line in passage.text.splitlines(keepends=True)[:-1]:
        if line.strip() not in passage.heading:
            break
        position += len(line)
    return position
