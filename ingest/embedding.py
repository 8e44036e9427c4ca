"""Passages → vectors, those only that this encoder has not embedded before."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from kb.search.encoder import Encoder
from kb.storage.catalogue import Catalogue

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

Progress = Callable[[str, int, int], None]
"""Called with the step (reading, embedding, indexing), how much of it is done, and how much there is."""

_AT_ONCE = 256  # passages between two writes: what a kill can cost
_REPORTED_AT_ONCE = 32  # passages between two calls of progress: they are sorted by length, so fewer cost no time


def embed_missing(catalogue: Catalogue, encoder: Encoder, progress: Progress) -> int:
    """Embed the passages of the catalogue that have no vector of `encoder`; returns how many that were."""
    # Neighbours in length go together: padding is work for nothing.
    lengths = catalogue.embeddings.missing(encoder.name, catalogue.revision)
    missing = sorted(lengths, key=lambda digest: lengths[digest])
    for start in range(0, len(missing), _AT_ONCE):
        digests = missing[start : start + _AT_ONCE]
        texts = catalogue.embeddings.texts(digests)
        vectors: list[NDArray[float32]] = []
        for done in range(0, len(digests), _REPORTED_AT_ONCE):
            progress("embedding", start + done, len(missing))
            vectors.extend(encoder.encode_passages(texts[done : done + _REPORTED_AT_ONCE]))
        catalogue.embeddings.put(encoder.name, dict(zip(digests, vectors, strict=True)))
    if missing:
        progress("embedding", len(missing), len(missing))
    return len(missing)
