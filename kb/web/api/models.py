"""What programs send, and what they get, as OpenAPI tells it. The door to pydantic.

The fields that are sent back are those of `kb.chat.json_fields`; here they are only described, so that none is lost on the way.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from kb.types import Within
from kb.web.inquiry import MOST_HISTORY
from kb.web.texts import text

_MOST_CHOSEN: Final = 50  # issuers, years or kinds; who wants more wants all
_LONGEST_NAME: Final = 200
_LONGEST_QUESTION: Final = 5000  # what the setting may be at most; a longer one is refused by it
LONGEST_REASON: Final = 200

Name = Annotated[str, Field(max_length=_LONGEST_NAME)]
Year = Annotated[int, Field(ge=1, le=9999)]
EarlierQuestion = Annotated[str, Field(max_length=_LONGEST_QUESTION)]


def told(name: str) -> str:
    """What a field is, as the pages tell it."""
    return text(f"api_field_{name}")


class _Sent(BaseModel):
    """What is sent: a field that is none of ours is a slip of the pen, and not passed over."""

    model_config = ConfigDict(extra="forbid")


class Chosen(_Sent):
    """The documents that a question is kept to."""

    issuers: list[Name] = Field(default=[], max_length=_MOST_CHOSEN, description=told("issuers"))
    years: list[Year] = Field(default=[], max_length=_MOST_CHOSEN, description=told("years"))
    kinds: list[Name] = Field(default=[], max_length=_MOST_CHOSEN, description=told("kinds"))

    def within(self) -> Within:
        """The same as the answering side takes it."""
        return Within(issuers=tuple(self.issuers), years=tuple(self.years), kinds=tuple(self.kinds))


class Asked(_Sent):
    """A question."""

    question: str = Field(max_length=_LONGEST_QUESTION, description=told("question"))
    history: list[EarlierQuestion] = Field(default=[], max_length=MOST_HISTORY, description=told("history"))
    within: Chosen = Field(default=Chosen(), description=told("within"))
    stream: bool = Field(default=False, description=told("stream"))


class Rated(_Sent):
    """What somebody thinks of an answer."""

    entry: str = Field(min_length=1, max_length=100, description=told("entry"))
    good: bool = Field(description=told("good"))
    reason: str = Field(default="", max_length=LONGEST_REASON, description=told("reason"))


class _Got(BaseModel):
    """What is sent back; docs/commands.md tells every field."""

    model_config = ConfigDict(extra="allow")


class Citation(_Got):
    """A mark resolved to a quote."""

    marker: int
    document: str
    document_id: int
    title: str
    page: int | None
    heading: list[str]
    quote: str
    start: int
    end: int


class LabelFields(_Got):
    """One part of a question."""

    issuer: str
    year: int | None


class LineFields(_Got):
    """A line of an answer, or the part of one up to its marks."""

    role: Literal["statement", "heading", "computed", "question", "note", "reply"]
    text: str
    markers: list[int]
    labels: list[LabelFields]
    figure: str
    words: str
    chapter: int
    continues: bool


class Answered(_Got):
    """An answer, or a refusal."""

    status: str
    text: str
    lines: list[LineFields]
    citations: list[Citation]
    evidence: list[dict[str, Any]]
    table: list[dict[str, Any]]
    computed: list[dict[str, Any]]
    seconds: float


class Hit(_Got):
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


class Hits(_Got):
    """The passages of a search."""

    hits: list[Hit]


class HeldDocument(_Got):
    """A document that is held."""

    id: int
    document: str
    title: str
    kind: str | None
    issuer: str | None
    region: str | None
    year: int | None
    number: str | None
    date: str | None
    ended_by: Literal["superseded", "withdrawn", "removed"] | None


class HeldDocuments(_Got):
    """A part of the list of what is held."""

    found: int
    skip: int
    documents: list[HeldDocument]
    issuers: dict[str, int]
    years: dict[str, int]
    kinds: dict[str, int]


class Text(_Got):
    """The text of a document, or a part of it."""

    id: int
    characters: int
    start: int
    end: int
    text: str


class Trouble(BaseModel):
    """What is wrong, and what to do."""

    status: str
    message: str


class Problem(BaseModel):
    """Every answer that is an error."""

    error: Trouble
