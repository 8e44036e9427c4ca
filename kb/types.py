"""The values that pass between rooms, in the words of the vocabulary (README).

All are frozen: nothing downstream edits upstream. Spans are offsets in characters (code points) into
`Document.text`, half open, as Python slices.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


class BlockKind(enum.StrEnum):
    """What a block is in the file that it comes from."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One heading, paragraph, list item or table row as it stands in the file."""

    text: str
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0  # of a heading, 1 is the highest; 0 where it is none or not known yet
    page: int | None = None  # from 1, where the format has pages


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What is known of a document; None where it is not sure."""

    title: str
    kind: str | None = None  # 政府工作报告, 法治政府建设报告, 办事指南, …
    issuer: str | None = None
    region: str | None = None
    year: int | None = None  # the year that its title names
    reporting_year: int | None = None  # the year whose work it reports
    number: str | None = None  # 发文字号
    date: str | None = None  # on which it was issued, ISO 8601
    date_in_force: str | None = None  # from which it holds, ISO 8601
    valid_until: str | None = None  # the last day on which it holds, ISO 8601; or a year and month


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """The documents that a reader limits a question to: of any of these issuers, years and kinds; an empty field admits all."""

    issuers: tuple[str, ...] = ()
    years: tuple[int, ...] = ()  # that titles name
    kinds: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.issuers or self.years or self.kinds)

    def admits(self, metadata: Metadata) -> bool:
        """Whether a document is one of them; one whose year is not known is of no year."""
        return (
            (not self.issuers or metadata.issuer in self.issuers)
            and (not self.years or metadata.year in self.years)
            and (not self.kinds or metadata.kind in self.kinds)
        )


class Ending(enum.StrEnum):
    """Why a document is no longer answered from."""

    SUPERSEDED = "superseded"  # by a newer version of its file
    WITHDRAWN = "withdrawn"  # by an admin; it can be restored
    REMOVED = "removed"  # its file is gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One report, policy or guide as published: one content of a file, under one or more paths."""

    id: int
    name: str  # file name
    sources: tuple[str, ...]  # absolute paths of its file; none where it was superseded
    sha256: str  # of the file's bytes
    made_by: str  # the rules of reading, and the row of a manifest, that it was made with
    metadata: Metadata
    num_passages: int
    correction: str = ""  # fingerprint of the correction by an editor that its metadata have; "" for none
    supersedes: int | None = None  # id of the version before
    held_since: str | None = None  # ISO 8601, UTC
    ended_at: str | None = None
    ended_by: Ending | None = None  # None while it is answered from


class SectionKind(enum.StrEnum):
    """What a section is in the structure of its document."""

    PART = "part"  # 第一编, 第一部分
    CHAPTER = "chapter"  # 第一章, 第一节
    ARTICLE = "article"  # 第十五条
    HEADING = "heading"  # a heading with what stands below it, numbered or not; a field of a guide
    LIST = "list"  # a lead-in with its items
    ITEM = "item"  # of a list, with the items below it
    TABLE = "table"  # with its caption and head
    QUESTION = "question"  # of an FAQ, with its answer
    DEFINITION = "definition"  # a sentence that says what a term means
    ANNEX = "annex"
    SIGNATURE = "signature"  # issuer and date at the end


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A node of a document's structure. Sections stand in document order, each behind the one that it is part of."""

    kind: SectionKind
    start: int  # of its span in the document's text, number and heading included
    end: int
    body: (
        int  # where its text begins, behind its number and heading; of a list the first item, of a table the first row
    )
    number: str = ""  # as it stands: 第十五条, （三）, 1.; "" where it has none
    title: str = ""  # the heading, the question, the caption, the term that is defined; "" where it has none
    parent: int | None = None  # place of the section around it among the sections of the document


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Consecutive blocks under one heading path: what is indexed and quoted."""

    text: str
    heading: tuple[str, ...]  # the headings above it, outermost first, without the title
    start: int
    end: int
    page: int | None = None
    lead_in: str = ""  # of the list whose items it goes on with, where that stands in an earlier passage

    def embeddable_text(self, title: str) -> str:
        """The text that is embedded: title › heading path › lead-in, a line break, then the passage [1].

        [1] paper-qa, `Text.get_embeddable_text`.
        """
        return " › ".join((title, *self.heading, *filter(None, (self.lead_in,)))) + "\n" + self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage found by terms or by vectors, with its scores."""

    passage_id: int
    document: Document
    passage: Passage
    score: float  # fused, 0 to 1 within one search
    term_rank: int | None = None  # from 1; None where terms did not find it
    vector_rank: int | None = None
    vector_score: float = 0.0  # cosine


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A passage kept for this question, with its marker; those that are cited come first."""

    marker: int  # from 1
    hit: Hit


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A hit that is no evidence, and why."""

    hit: Hit
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A marker in the answer resolved to a quote in a document."""

    marker: int  # of the evidence that it quotes; several quotes of one passage share it
    document: Document
    heading: tuple[str, ...]
    page: int | None
    quote: str
    start: int
    end: int
    passage: Passage  # the surroundings that a page shows


@dataclass(frozen=True, slots=True, kw_only=True)
class PartLabel:
    """The issuer, the year, or both by which one part of a question differs from the others."""

    issuer: str = ""  # as the question names it; of a document without one its title
    year: int | None = None

    def __bool__(self) -> bool:
        return bool(self.issuer or self.year)

    def __str__(self) -> str:
        return f"{self.issuer}{self.year}年" if self.year else self.issuer


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """A figure that stands in no document, worked out by code from figures that do."""

    figure: str
    operation: str  # difference
    operands: tuple[str, ...]  # as quoted; first minus second, from first to second


class LineRole(enum.StrEnum):
    """What a line of an answer is."""

    STATEMENT = "statement"  # from the documents, under its citations
    HEADING = "heading"  # of a chapter of a summary, as quoted
    ITEM = "item"  # of a list, below its lead-in
    ROW = "row"  # of a table: its cells with their heads
    COMPUTED = "computed"  # an order or a difference of quoted figures, worked out by code
    QUESTION = "question"  # one of several asked at once; the lines behind it answer it
    NOTE = "note"  # which year the answer is of, what was not found, how a word was read
    REPLY = "reply"  # what a refusal or an error says


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLine:
    """One line of an answer, or the part of a line up to its marks."""

    text: str  # without labels and marks
    role: LineRole = LineRole.STATEMENT
    citations: tuple[Citation, ...] = ()
    labels: tuple[PartLabel, ...] = ()  # the parts of the question that it is of, where several are asked for
    figure: str = ""  # as quoted: what answers the question
    words: str = ""  # of its quote, in which the figure stands
    chapter: int = 0  # of a summary, from 1; 0 for a line of none
    continues: bool = False  # it stands behind the line before, in the same row
    mark_below: bool = False  # the line below quotes the same passage and bears the marks of both

    @property
    def label(self) -> str:
        """Its labels with a colon behind them: 云澜区2024年：; "" where it has none."""
        return f"{'、'.join(map(str, self.labels))}：" if self.labels else ""

    @property
    def labelled(self) -> str:
        """The text behind its labels."""
        return self.label + self.text

    @property
    def markers(self) -> tuple[int, ...]:
        """The markers of its citations, each once."""
        return tuple(dict.fromkeys(citation.marker for citation in self.citations))


def in_rows(lines: Iterable[AnswerLine]) -> list[list[AnswerLine]]:
    """The lines of each row of a text."""
    rows: list[list[AnswerLine]] = []
    for line in lines:
        if line.continues and rows:
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def text_of(lines: Iterable[AnswerLine], *, marked: bool = True) -> str:
    """The rows of an answer as one text, with a mark such as [1] for each citation unless `marked` is false."""

    def shown(line: AnswerLine) -> str:
        return line.labelled + "".join(f"[{marker}]" for marker in line.markers if marked and not line.mark_below)

    return "\n".join("".join(map(shown, row)) for row in in_rows(lines))


def replies(text: str) -> tuple[AnswerLine, ...]:
    """The lines of what a refusal or an error says."""
    return tuple(AnswerLine(text=line, role=LineRole.REPLY) for line in text.splitlines())


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """One part of a question over several years or issuers, and the figure that answers it."""

    label: PartLabel
    figure: str = ""  # as quoted, with its direction or bound: 增长5.4%, 超760亿斤; "" where the part has none
    words: str = ""  # of its quote, in which it stands; the whole quote where no figure is shown
    marker: int | None = None  # of the citation with that quote; None where no document is of the part


class Status(enum.StrEnum):
    """How a question ended; the first word is the group."""

    ANSWERED = "answered"
    UNANSWERABLE_EMPTY_INDEX = "unanswerable_empty_index"
    UNANSWERABLE_NO_EVIDENCE = "unanswerable_no_evidence"
    UNANSWERABLE_NOT_STATED = "unanswerable_not_stated"
    UNANSWERABLE_OTHER_YEAR = "unanswerable_other_year"
    UNANSWERABLE_OTHER_ISSUER = "unanswerable_other_issuer"
    ERROR_QUESTION = "error_question"
    ERROR_INDEX = "error_index"
    ERROR_ENCODER = "error_encoder"

    @property
    def refuses(self) -> bool:
        return self.value.startswith("unanswerable")

    @property
    def is_error(self) -> bool:
        return self.value.startswith("error")


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What came of asking a language model to word an answer: every sentence and figure of it was checked."""

    figures: int = 0  # in the text, each sought in the quotes
    standing: int = 0  # of these, those that were found there
    repaired: int = 0  # its sentences in whose place a line of the documents stands
    struck: int = 0  # its sentences that were left out
    note: str = ""  # for a person, where the text is not the model's


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to a question, a refusal or an error: its lines, and the passages that they quote."""

    status: Status
    lines: tuple[AnswerLine, ...] = ()
    citations: tuple[Citation, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    computed: tuple[Computed, ...] = ()
    table: tuple[TableRow, ...] = ()  # where several years or issuers are asked for a figure
    timings: Mapping[str, float] = field(default_factory=dict)  # seconds by step
    writing: Writing | None = None  # None where no language model was asked
    understood: str = ""  # the question that was answered, where a language model made a follow-up stand by itself
    pinned: str = ""  # where an editor has pinned it: a sentence for a person that says so, and when
    entry: str | None = None  # its public id in the journal, by which it is rated; None where none is kept

    @property
    def text(self) -> str:
        """The lines as one text with marks such as [1]."""
        return text_of(self.lines)
