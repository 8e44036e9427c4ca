"""The interface to the documents that the steps of answering are given; `kb.search.retriever.Retriever` implements it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from kb.search.query import QueryPlan
from kb.search.retriever import Found
from kb.search.scope import ScopePart
from kb.types import Document, Hit, Section


class Corpus(Protocol):
    """Documents that questions are answered from."""

    def retrieve(self, plan: QueryPlan, part: ScopePart, *, num_hits: int, older: bool = False) -> Found:
        """The best passages for one part of a plan; of its older documents where `older` is set."""

    def passages_of(self, document: Document) -> Sequence[Hit]:
        """The passages of `document` in order, as hits without scores."""

    def sections_of(self, document: Document) -> tuple[Section, ...]:
        """The structure of `document`, in document order; spans count in `text_of`."""

    def text_of(self, document: Document) -> str:
        """The text of `document`."""

    def definitions(self) -> Sequence[tuple[str, int, int, int]]:
        """Every definition of a term: the term, the id of the document, and its span in `text_of`."""

    def documents_like(self, pattern: str) -> frozenset[int]:
        """The ids of the documents, admitted or not, in whose text `pattern` stands: % for any words, _ for one character."""

    def first_with(self, document: Document, words: str) -> Hit | None:
        """The first passage of `document` in which `words` stand, as a hit without scores."""

    def rarity(self, term: str) -> float:
        """The inverse document frequency of a term; 0 for one that is in no passage."""

    @property
    def has_calibrated_likeness(self) -> bool:
        """Whether `likeness` is on the scale that answers are judged by; if not, the wording decides alone."""

    def likeness(self, text: str, others: Sequence[str]) -> list[float]:
        """The cosine of each of `others` with the question `text`."""
