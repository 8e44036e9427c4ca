"""A turn as HTML: question, answer with its marks, table, chart, sources, and buttons.

    answer lines → the answer as it grows, then whole, with marks and figures that lead to their passages
    refusal → its kind, the years and issuers of the documents, the nearest passages

The page takes HTML as it is: the words of documents and readers are escaped here. A turn carries its passages, which
the page shows when a mark is pressed, and the fields by which the reader's browser keeps it.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator, Sequence
from html import escape

from kb.chat.chart import chart
from kb.chat.conversation import Turn, turn_fields
from kb.chat.export import plain_text, within_text
from kb.chat.filters import Choices
from kb.chinese.figures import Figure, figures, stands_in
from kb.types import Answer, AnswerLine, Citation, LineRole, TableRow, Writing, in_rows, text_of
from kb.web.charts import answer_chart
from kb.web.chat.cards import cards, origin, place_of, with_figures_whole
from kb.web.texts import Language, text

_PIECE = re.compile(r"[^，。；！？\n]*(?:[，。；！？\n]+|$)")
_NUMBER_OF_ITEM = re.compile(r"[（(]?\d{1,3}(?:[）)、]|[.．](?!\d))")  # （1）, 2. and 3、, but not 1.5
_END = re.compile(
    r"(?:<(a|span) [^<>]*>[^<>]*</\1>|(?:&[#\w]+;|[^<>&]){1,2})$"
)  # of HTML: its last figure, or two characters
_MOST_CHIPS = 8
_REASONS = ("figure", "scope", "beside", "source", "other")


# Turns ---------------------------------------------------------------------------------------------------------


def growing_turns(turn: Turn, language: Language = "zh") -> Iterator[str]:
    """The turn piece by piece, without marks; `whole_turn` is the whole of it. A table is shown at once.

    What a model writes comes sentence by sentence already, and can be kept where the reader stops it.
    """
    answer = turn.answer
    if answer.writing is not None:
        yield _turn(turn, answer_message(answer, language), language, kept=True)
        return
    if answer.table:
        return
    roles = [row[0].role for row in in_rows(answer.lines)]
    shown = ""
    for piece in _PIECE.findall(text_of(answer.lines, marked=False)):
        shown += piece
        if piece:
            paragraphs = [
                _paragraph(with_figures_whole(line), role)
                for line, role in itertools.zip_longest(shown.splitlines(), roles, fillvalue=None)
                if line
            ]
            yield _turn(turn, _message(answer, paragraphs, language), language)


def whole_turn(turn: Turn, language: Language = "zh", choices: Choices | None = None) -> str:
    """The whole turn; `choices` are offered where the question was refused."""
    answer = turn.answer
    below = "".join(
        (
            _offered(choices, language) if choices and answer.status.refuses else "",
            _sources(answer, language),
            _acts(turn, language),
            f'<div class="passages" data-name="{_name_of_passages(answer, language)}" hidden>{cards(answer, language)}</div>',
        )
    )
    return _turn(turn, answer_message(answer, language), language, below, kept=not answer.status.is_error, whole=True)


def _turn(
    turn: Turn, message: str, language: Language, below: str = "", *, kept: bool = False, whole: bool = False
) -> str:
    fields = escape(json.dumps(turn_fields(turn), ensure_ascii=False)) if kept else ""
    known = f' data-kept="{fields}"' if kept else ""
    within = within_text(turn.within)
    scope = f'<p class="searched">{text("searched", language)}{escape(within)}</p>' if within else ""
    return (
        f'<article class="turn{" whole" if whole else ""}"{known}>'
        f'<h2 class="asked" data-meant="{escape(turn.answer.understood)}">{escape(turn.question)}</h2>{scope}{message}{below}</article>'
    )


# Answers -------------------------------------------------------------------------------------------------------


def answer_message(answer: Answer, language: Language = "zh") -> str:
    """The whole answer, whose marks and figures lead to the passages of its turn."""
    paragraphs = [
        _paragraph("".join(_with_marks(line, answer, language) for line in row), row[0].role)
        for row in _beside_table(answer)
    ]
    understood = text("understood", language, question=answer.understood) if answer.understood else ""
    for note in (understood, answer.pinned, _checked(answer.writing, language)):
        if note:
            paragraphs.append(_paragraph(f'<span class="checked">{escape(note)}</span>'))
    return _message(answer, paragraphs, language, table=_table(answer, language))


def _paragraph(row: str, role: LineRole | None = None) -> str:
    """A row of HTML; an item of a list is set as one."""
    return f'<p class="item">{row}</p>' if role is LineRole.ITEM else f"<p>{row}</p>" if row else ""


def _message(answer: Answer, rows: Sequence[str], language: Language, table: str = "") -> str:
    """Paragraphs in an element for the group of the answer's status."""
    paragraphs = table + "".join(rows)
    verdict = f'<p class="verdict">{text(f"verdict_{answer.status}", language)}</p>'
    if answer.status.refuses:
        return f'<div class="answer refused">{verdict}{paragraphs}</div>'
    if answer.status.is_error:
        return f'<div class="answer failed">{verdict}{paragraphs}</div>'
    return f'<div class="answer">{paragraphs}</div>'


def _checked(writing: Writing | None, language: Language) -> str:
    if writing is None:
        return ""
    return writing.note or text("checked", language, standing=writing.standing, count=writing.figures)


def _beside_table(answer: Answer) -> list[list[AnswerLine]]:
    """The rows of an answer without those of the parts that its table shows."""
    shown = {row.label for row in answer.table}
    return [row for row in in_rows(answer.lines) if not row[0].labels or not shown.issuperset(row[0].labels)]


def _table(answer: Answer, language: Language) -> str:
    """The figures of several years or issuers side by side, each with its mark and its words; a chart under them."""
    if not answer.table:
        return ""
    head = "".join(f'<th scope="col">{text(name, language)}</th>' for name in ("part", "figure", "in_words"))
    rows = "".join(_row(row, answer, language) for row in answer.table)
    table = f'<div class="table"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
    drawn = chart(answer.table)
    marks = {marker: _mark(citation, language) for marker, citation in _citations(answer).items()}
    return table + (answer_chart(drawn, marks, language) if drawn else "")


def _row(row: TableRow, answer: Answer, language: Language) -> str:
    label = f'<th scope="row">{escape(str(row.label))}</th>'
    if row.marker is None:
        return f'<tr>{label}<td class="silent" colspan="2">{text("not_held", language)}</td></tr>'
    citation = _citations(answer).get(row.marker)
    mark = _mark(citation, language) if citation else ""
    figure = _pressed(row.figure, citation) if citation and row.figure else escape(row.figure) or "—"
    words = with_figures_whole(row.words.rstrip("，,；;：:"))
    return f'<tr>{label}<td class="value">{figure}{mark}</td><td class="words">{words}</td></tr>'


def _with_marks(line: AnswerLine, answer: Answer, language: Language) -> str:
    """A line as HTML: its marks, unless the line below bears them, are links to their passages, and so is each figure that one of its quotes states."""
    cited = _citations(answer)
    markers = [marker for marker in line.markers if marker in cited]
    quoted = [citation for citation in answer.citations if citation.marker in markers]
    marks = "" if line.mark_below else "".join(_mark(cited[marker], language) for marker in markers)
    words = line.labelled
    cells = _starts_of_cells(line)
    pieces = [
        _with_figures_pressed(words[start:end], quoted) for start, end in itertools.pairwise([*cells, len(words)])
    ]
    pieces[-1] = _with_end(pieces[-1], marks)
    return pieces[0] if len(pieces) == 1 else "".join(f'<span class="cell">{piece}</span>' for piece in pieces)


def _starts_of_cells(line: AnswerLine) -> list[int]:
    """Where the cells of a row of a table begin in its words: at its start, and wherever a head that it quotes stands behind a semicolon."""
    words = line.labelled
    heads = tuple(f"{citation.quote}{mark}" for citation in line.citations for mark in "：－")
    starts = [found.end() for found in re.finditer("；", words) if words.startswith(heads, found.end())]
    return [0, *starts] if line.role is LineRole.ROW and heads else [0]


def _with_end(words: str, marks: str) -> str:
    """HTML with the marks behind it, which no end of a line parts from its last characters."""
    end = _END.search(words)
    if not marks or end is None:
        return words + marks
    return f'{words[: end.start()]}<span class="end">{end.group()}{marks}</span>'


def _with_figures_pressed(words: str, citations: Sequence[Citation]) -> str:
    """Words as HTML; a figure that stands in a quote of `citations` leads to it."""
    pieces = []
    end = 0
    numbered = _NUMBER_OF_ITEM.match(words)  # what numbers an item is no figure of the document
    for figure in figures(words):
        if numbered and figure.start < numbered.end():
            continue
        pieces += [escape(words[end : figure.start]), _figure(figure, citations)]
        end = figure.end
    return "".join([*pieces, escape(words[end:])])


def _figure(figure: Figure, citations: Sequence[Citation]) -> str:
    in_digits = any(map(str.isdecimal, figure.text))  # 一批 is a figure, too, and needs no proof
    quoting = (citation for citation in citations if stands_in(figure, citation.quote))
    source = next(quoting, None) if in_digits else None
    return _pressed(figure.text, source) if source else f'<span class="figure">{escape(figure.text)}</span>'


def _pressed(words: str, citation: Citation) -> str:
    return f'<a class="figure" href="{place_of(citation)}" data-marker="{citation.marker}">{escape(words)}</a>'


def _mark(citation: Citation, language: Language) -> str:
    label = escape(text("mark", language, marker=citation.marker, title=citation.document.metadata.title))
    return (
        f'<a class="mark" href="{place_of(citation)}" data-marker="{citation.marker}" aria-label="{label}">'
        f"{citation.marker}</a>"
    )


def _citations(answer: Answer) -> dict[int, Citation]:
    """The first citation of each marker, in their order."""
    first = {citation.marker: citation for citation in reversed(answer.citations)}
    return dict(sorted(first.items()))


# Below an answer -----------------------------------------------------------------------------------------------


def _sources(answer: Answer, language: Language) -> str:
    """A short list of where the quotes stand, or of the nearest passages."""
    if answer.citations:
        listed = "".join(
            f"<li>{_mark(citation, language)}{_titled(citation.document.metadata.title)} "
            f'<span class="origin">{origin(citation.document, citation.page, language)}</span></li>'
            for citation in _citations(answer).values()
        )
        return f'<ul class="sources" aria-label="{text("sources", language)}">{listed}</ul>'
    if answer.status.refuses and answer.evidence:
        return f'<p class="nearest"><button type="button" data-act="nearest">{text("nearest", language)}</button></p>'
    return ""


def _name_of_passages(answer: Answer, language: Language) -> str:
    """What the passages of a turn are called where they are shown."""
    return text("nearest_sources" if answer.status.refuses else "sources", language)


def _titled(title: str) -> str:
    return f'<span class="title">{escape(title)}</span>'


def _offered(choices: Choices, language: Language) -> str:
    """The years and issuers of the documents, as buttons that limit the next question to one."""
    rows = (
        ("years", choices.years, [text("year", language, year=year) for year in choices.years]),
        ("issuers", choices.issuers, list(choices.issuers)),
    )
    lists = "".join(
        f'<p class="chips"><span>{text(f"available_{name}", language)}</span>'
        + "".join(
            f'<button type="button" data-act="keep" data-row="{name}" data-value="{escape(str(value))}">'
            f"{escape(words)}</button>"
            for value, words in list(zip(values, shown, strict=True))[:_MOST_CHIPS]
        )
        + (
            f'<button type="button" data-act="filters">{text("available_all", language, count=len(values))}</button>'
            if len(values) > _MOST_CHIPS
            else ""
        )
        + "</p>"
        for name, values, shown in rows
        if values
    )
    return f'<div class="choices">{lists}</div>' if lists else ""


def _acts(turn: Turn, language: Language) -> str:
    """What a reader can do with the turn; to ask it again, or otherwise, only while it is the last."""

    def act(name: str, *, more: str = "", kind: str = "") -> str:
        return (
            f'<button type="button" class="{f"act {kind}".strip()}" data-act="{name}"{more}>'
            f"{text(f'act_{name}', language)}</button>"
        )

    answer = turn.answer
    rated = turn.answer.entry and not answer.status.is_error
    acts = [
        "" if answer.status.is_error else act("copy", more=f' data-text="{escape(plain_text(turn))}"'),
        act("good", more=' aria-pressed="false"') if rated else "",
        act("bad", more=' aria-pressed="false"') if rated else "",
        act("retry", kind="last-only"),
        act("edit", kind="last-only"),
    ]
    return f'<div class="acts">{"".join(acts)}</div>{_reasons(answer.entry, language) if rated else ""}'


def _reasons(entry: str | None, language: Language) -> str:
    """The form that asks what is wrong."""
    choices = "".join(
        f'<label><input type="radio" name="reason" value="{text(f"reason_{name}", "zh")}"'
        f"{' checked' if name == _REASONS[0] else ''}>{text(f'reason_{name}', language)}</label>"
        for name in _REASONS
    )
    return (
        f'<form class="reasons" data-entry="{escape(entry or "")}" hidden><fieldset>'
        f"<legend>{text('reasons', language)}</legend>{choices}</fieldset>"
        f'<label class="more">{text("reason_more", language)}<input name="more" maxlength="180" autocomplete="off"></label>'
        f'<button type="submit">{text("reason_send", language)}</button></form>'
        f'<p class="thanks" role="status" hidden>{text("thanks", language)}</p>'
    )
