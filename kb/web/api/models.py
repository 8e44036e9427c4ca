"""The fields of requests and responses for OpenAPI.

The values sent back are made by `kb.chat.json_fields`; here their fields are only described, so that none is dropped.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from kb.types import Within
from kb.web.inquiry import MOST_HISTORY
from kb.web.texts import text

_MOST_CHOSEN: Final = 50  # issuers, years or kinds
_LONGEST_NAME: Final = 200
_LONGEST_QUESTION: Final = 5000  # what the setting may be at most; a longer one is refused by it
LONGEST_REASON: Final = 200

Name = Annotated[str, Field(max_length=_LONGEST_NAME)]
Year = Annotated[int, Field(ge=1, le=9999)]
EarlierQuestion = Annotated[str, Field(max_length=_LONGEST_QUESTION)]


def description_of(name: str) -> str:
    """The description of a field, in the words of the page /api."""
    return text(f"api_field_{name}")


class _Request(BaseModel):
    """A request body. Unknown fields are rejected."""

    model_config = ConfigDict(extra="forbid")


class WithinFields(_Request):
    """The documents that a question is limited to."""

    issuers: list[Name] = Field(default=[], max_length=_MOST_CHOSEN, description=description_of("issuers"))
    years: list[Year] = Field(default=[], max_length=_MOST_CHOSEN, description=description_of("years"))
    kinds: list[Name] = Field(default=[], max_length=_MOST_CHOSEN, description=description_of("kinds"))

    def within(self) -> Within:
        """The same as a `Within`."""
        return Within(issuers=tuple(self.issuers), years=tuple(self.years), kinds=tuple(self.kinds))


class AskRequest(_Request):
    """A question."""

    question: str = Field(max_length=_LONGEST_QUESTION, description=description_of("question"))
    history: list[EarlierQuestion] = Field(default=[], max_length=MOST_HISTORY, description=description_of("history"))
    within: WithinFields = Field(default=WithinFields(), description=description_of("within"))
    stream: bool = Field(default=False, description=description_of("stream"))


class FeedbackRequest(_Request):
    """A rating of an answer."""

    entry: str = Field(min_length=1, max_length=100, description=description_of("entry"))
    good: bool = Field(description=description_of("good"))
    reason: str = Field(default="", max_length=LONGEST_REASON, description=description_of("reason"))


class _Response(BaseModel):
    """A response body. docs/commands.md describes every field."""

    model_config = ConfigDict(extra="allow")


class CitationFields(_Response):
    """A mark in an answer resolved to its quote."""

    marker: int
    document: str
    document_id: int
    title: str
    page: int | None
    heading: list[str]
    quote: str
    start: int
    end: int


class LabelFields(_Response):
    """One part of a question."""

    issuer: str
    year: int | None


class LineFields(_Response):
    """A line of an answer, or the part of one up to its marks."""

    role: Literal["statement", "heading", "computed", "question", "note", "reply"]
    text: str
    markers: list[int]
    labels: list[LabelFields]
    figure: str
    words: str
    chapter: int
    continues: bool


class AnswerFields(_Response):
    """An answer, or a refusal."""

    status: str
    text: str
    lines: list[LineFields]
    citations: list[CitationFields]
    evidence: list[dict[str, Any]]
    table: list[dict[str, Any]]
    computed: list[dict[str, Any]]
    seconds: float


class HitFields(_Response):
    """A passage that was found."""

    document: str
    document_id: int
    title: str
    heading: list[str]
    page: int | None
    text: str
    start: int
    end: int
    score: float


class SearchFields(_Response):
    """The passages of a search."""

    hits: list[HitFields]


class DocumentFields(_Response):
    """A document of the catalogue."""

    id: int
    document: str
    title: str
    kind: str | None
    issuer: str | None
    region: str | None
    year: int | None
    number: str | None
    date: str | None
    date_in_force: str | None
    valid_until: str | None
    ended_by: Literal["superseded", "withdrawn", "removed"] | None


class DocumentListFields(_Response):
    """A part of the list of documents, with the number of documents for each issuer, year and kind."""

    found: int
    skip: int
    documents: list[DocumentFields]
    issuers: dict[str, int]
    years: dict[str, int]
    kinds: dict[str, int]


class TextFields(_Response):
    """The text of a document, or a part of it."""

    id: int
    characters: int
    start: int
    end: int
    text: str


class ErrorDetail(BaseModel):
    """What is wrong: a word for programs, and a sentence that says what to do."""

    status: str
    message: str


class ErrorFields(BaseModel):
    """The body of every error."""

    error: ErrorDetail
