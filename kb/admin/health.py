"""Whether questions are answered at this moment: for machines that ask every few seconds, so nothing is loaded for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import kb
from kb.errors import CatalogueError, IndexBrokenError
from kb.llm.client import Model
from kb.search.retriever import Retriever


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What stands and what does not, each in one word."""

    catalogue: str  # readable | empty | broken
    index: str  # in place | empty | broken
    encoder: str  # loaded | loading
    model: str  # none | set | running | stopped

    @property
    def answers(self) -> bool:
        """Whether a question asked now would be answered or refused at once.

        Where nothing is held yet it is refused, and without the model the documents' own sentences answer.
        """
        return "broken" not in {self.catalogue, self.index} and self.encoder == "loaded"

    def fields(self) -> dict[str, Any]:
        """As JSON fields."""
        return {
            "status": "ok" if self.answers else "not ready",
            "version": kb.__version__,
            "catalogue": self.catalogue,
            "index": self.index,
            "encoder": self.encoder,
            "model": self.model,
        }


def health(retriever: Retriever, model: Model | None) -> Health:
    """Look at the parts as they are."""
    index = _index(retriever)
    return Health(
        index=index,
        catalogue="empty" if index == "empty" else _catalogue(retriever),
        encoder="loaded" if retriever.encoder.is_loaded else "loading",
        model=_model(model),
    )


def _index(retriever: Retriever) -> str:
    try:
        return "empty" if retriever.index.snapshot() is None else "in place"
    except IndexBrokenError:
        return "broken"


def _catalogue(retriever: Retriever) -> str:
    try:
        return "broken" if retriever.catalogue.trouble() else "readable"
    except CatalogueError:
        return "broken"


def _model(model: Model | None) -> str:
    if model is None:
        return "none"
    if model.runs is None:
        return "set"
    return "running" if model.runs else "stopped"
