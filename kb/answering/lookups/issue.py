"""Who gave a document out, when, under what number → the lines that say so: header table, title, order, signature."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.answering.lookups.asked import numbers_in
from kb.answering.lookups.naming.subject import numbers_of
from kb.answering.lookups.naming.titles import closed_up
from kb.answering.lookups.naming.versions import dates_in, revision_lines
from kb.answering.lookups.quotes import Quoted, quoted, titled, under_title
from kb.answering.lookups.source import OpenedDocument, Span
from kb.chinese.lexicon import read_lexicon
from kb.chinese.text import fold
from kb.types import SectionKind

_LEXICON = read_lexicon(__name__)
_ISSUER_LABEL = _LEXICON["issuer_label"]
_WRITTEN_LABEL = _LEXICON["written_label"]
_PUBLISHED_LABEL = _LEXICON["published_label"]
_NUMBER_LABEL = _LEXICON["number_label"]
_GIVEN_OUT = _LEXICON["given_out"]
_PASSED = _LEXICON["passed"]
_REVISED = _LEXICON["revised"]
_ORDER = _LEXICON["order"]
_ORDER_LINE = _LEXICON["order_line"]
_BARE_ORDER = _LEXICON["bare_order"]
_IMPRINT = _LEXICON["imprint"]
_SIGNED = _LEXICON["signed"]
_TITLE_ISSUER = _LEXICON["title_issuer"]
_NUMBER_ALONE = _LEXICON["number_alone"]
_CELL = re.compile(r"\s*\|\s*|\n")
_LONGEST_SIGNATURE = 60


def read_issuer(source: OpenedDocument) -> list[Quoted]:
    """The line that names who gave the document out; none where no line does."""
    name = f"{titled(source.document)}的发文单位："
    for span in _issuer_spans(source):
        return under_title([quoted(source, span, name=name)], source)
    return []


def read_issued(source: OpenedDocument, *, written: bool) -> list[Quoted]:
    """The lines that say when the document was given out, or `written`; of a revised law also that of its last revision."""
    name = f"{titled(source.document)}："
    labelled = {
        label: [span for span in _labelled(source, label) if dates_in(source.text[slice(*span)])]
        for label in (_WRITTEN_LABEL, _PUBLISHED_LABEL)
    }
    # A page may be published long after the document on it was given out: each has its own label, and both are given.
    dated = [*labelled[_WRITTEN_LABEL][:1], *_of_law(source)] or _signed_days(source)[:1]
    spans = dated if written and dated else [*dated, *labelled[_PUBLISHED_LABEL][:1]]
    spans = list(dict.fromkeys(spans))
    found = [quoted(source, span, name="" if place else name) for place, span in enumerate(spans)]
    return under_title(found, source)


def read_revised(source: OpenedDocument) -> list[Quoted]:
    """The line that says when a law was last revised."""
    spans = [span for span in revision_lines(source) if _REVISED.search(source.text[slice(*span)])]
    return under_title([quoted(source, span, name=f"{titled(source.document)}：") for span in spans[-1:]], source)


def _of_law(source: OpenedDocument) -> list[Span]:
    """The line that says when a law was given out, or else passed, and that of its last revision."""
    dated = revision_lines(source)
    for pattern in (_GIVEN_OUT, _PASSED):
        if chosen := [span for span in dated if pattern.search(source.text[slice(*span)])]:
            return [chosen[0], *[span for span in dated if _REVISED.search(source.text[slice(*span)])][-1:]]
    return []


def _signed_days(source: OpenedDocument) -> list[Span]:
    """The lines of an order or of a signature that have a day."""
    return [span for span in (*_order_spans(source), *_signatures(source)) if dates_in(source.text[slice(*span)])]


def read_number(source: OpenedDocument) -> list[Quoted]:
    """The line in which the document's own number stands; else the number of the order by which it was given out."""
    name = f"{titled(source.document)}的文号："
    own = numbers_of(source.document)
    spans = [
        *_labelled(source, _NUMBER_LABEL),
        *source.lines(0, source.head),
        *source.lines(source.tail, len(source.text)),
    ]
    for span in spans:
        found = numbers_in(closed_up(source.text[slice(*span)]))
        if any(number.is_of(other) for number in found for other in own):
            return under_title([quoted(source, _narrowed(source, span), name=name)], source)
    for span in _labelled(source, _NUMBER_LABEL):
        if numbers_in(closed_up(source.text[slice(*span)])) or _ORDER.search(source.text[slice(*span)]):
            return under_title([quoted(source, span, name=name)], source)
    for span in source.lines(0, source.head):
        line = closed_up(source.text[slice(*span)])
        numbers = numbers_in(line)
        # A line with little beside one number has the document's own; in a sentence stand those of others.
        if len(numbers) == 1 and len(line) - len(numbers[0].text) <= 4:
            return under_title([quoted(source, span, name=name)], source)
    for match in _NUMBER_ALONE.finditer(fold(source.text[: source.head])):  # in a head that runs on
        if len(fold(source.text[: source.head])) == source.head:
            return under_title([quoted(source, match.span("number"), name=name)], source)
    return read_order(source)


def read_order(source: OpenedDocument) -> list[Quoted]:
    """The line that has the number of the order by which the document was given out."""
    name = f"{titled(source.document)}："
    for span in _order_spans(source):
        return under_title([quoted(source, span, name=name)], source)
    return []


def _issuer_spans(source: OpenedDocument) -> Iterator[Span]:
    """The spans that name the issuer, the surest first."""
    issuers = [
        closed_up(name) for name in re.split("[、,，;；]", source.document.metadata.issuer or "") if len(name) > 2
    ]

    def names_it(span: Span) -> bool:
        line = closed_up(source.text[slice(*span)])
        return any(issuer in line for issuer in issuers)

    labelled, signatures = list(_labelled(source, _ISSUER_LABEL)), list(_signatures(source))
    yield from filter(names_it, labelled)
    yield from (span for span in signatures if names_it(span) and not _IMPRINT.search(source.text[slice(*span)]))
    yield from _order_spans(source)
    yield from labelled  # else the site on which a page stands
    yield from (span for span in signatures if not _IMPRINT.search(source.text[slice(*span)]))
    heads = [span for span in source.lines(0, source.head) if span[1] - span[0] <= _LONGEST_SIGNATURE * 2]
    yield from (span for span in heads if _TITLE_ISSUER.match(closed_up(source.text[slice(*span)])))
    yield from (span for span in revision_lines(source) if _PASSED.search(source.text[slice(*span)]))
    yield from filter(names_it, heads)
    yield from signatures


def _order_spans(source: OpenedDocument) -> Iterator[Span]:
    """The lines of a head that have the number of an order; where the number stands below its issuer, both."""
    lines = list(source.lines(0, source.head))
    for place, (start, end) in enumerate(lines):
        line = fold(source.text[start:end])
        above = source.text[slice(*lines[place - 1])] if place else ""
        if above.endswith("令") and (_BARE_ORDER.fullmatch(line) or _ORDER_LINE.search(line)):
            yield lines[place - 1][0], end
        elif _ORDER_LINE.search(line):
            yield start, end


def _labelled(source: OpenedDocument, label: re.Pattern[str]) -> Iterator[Span]:
    """The cells of header tables that have a label of this kind and a value."""
    for start, end in (*source.lines(0, source.head), *source.lines(source.tail, len(source.text))):
        line = source.text[start:end]
        cells = [0, *(match.end() for match in _CELL.finditer(line))]
        for first, last in zip(cells, [*cells[1:], len(line)], strict=True):
            cell = line[first:last].rstrip(" |")
            if label.match(fold(cell)):
                yield start + first, start + first + len(cell)


def _signatures(source: OpenedDocument) -> Iterator[Span]:
    """Signature blocks; else the last sentence, where it is short and ends with a day."""
    for section in source.sections:
        if section.kind is SectionKind.SIGNATURE and section.end - section.start <= 4 * _LONGEST_SIGNATURE:
            yield section.start, section.end
    for start, end in list(source.sentences(source.tail))[-2:]:
        words = source.text[start:end]
        if _SIGNED.fullmatch(words):
            yield start, end


def _narrowed(source: OpenedDocument, span: Span) -> Span:
    """The cell of a table row in which a number stands; of other lines all."""
    line = source.text[slice(*span)]
    for match in re.finditer(r"[^|\n]+", line):
        if numbers_in(closed_up(match.group())) and " | " in line:
            return span[0] + match.start(), span[0] + match.start() + len(match.group().rstrip())
    return span
