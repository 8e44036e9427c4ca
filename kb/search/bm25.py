"""Passages by words, BM25. Only this module imports tantivy.

The terms are cut by `kb.chinese.text` and handed to tantivy joined by spaces: no analyser of tantivy's own cuts Chinese, and
one that splits on white space finds nothing in it.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from kb.chinese.text import terms
from kb.errors import IndexBrokenError

if TYPE_CHECKING:
    import tantivy

_WRITER_BYTES = 64_000_000


class Terms:
    """The terms of one snapshot, opened for reading; a snapshot never changes."""

    def __init__(self, folder: Path) -> None:
        """Open what `build` wrote in `folder`. Raises IndexBrokenError where it cannot be read."""
        import tantivy

        try:
            self._index = tantivy.Index.open(str(folder))
        except ValueError as error:
            raise IndexBrokenError(
                f"词索引 {folder} 无法打开（{error}）；请运行 `python -m kb doctor --repair`"
            ) from error
        self._searcher = self._index.searcher()

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def search(
        self, question: str, *, num_results: int, documents: Collection[int] | None = None
    ) -> list[tuple[int, float]]:
        """Ids of the best passages with their BM25 scores, best first, of equal ones the lower id; `documents` keeps to those documents."""
        from tantivy import Occur, Query

        schema = self._index.schema
        words = dict.fromkeys(terms(question))
        if not words or (documents is not None and not documents):
            return []
        query = Query.boolean_query(
            [(Occur.Should, Query.term_query(schema, "terms", word, index_option="freq")) for word in words]
        )
        if documents is not None:
            kept = Query.const_score_query(Query.term_set_query(schema, "document", list(documents)), 0.0)
            query = Query.boolean_query([(Occur.Must, query), (Occur.Must, kept)])
        hits = self._searcher.search(query, num_results).hits
        found = [(int(self._searcher.doc(address)["passage"][0]), float(score)) for score, address in hits]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))

    def rarity(self, term: str) -> float:
        """The inverse document frequency of a term as BM25 has it [1]: near 0 for one that stands in every passage.

        0 for one that is in none.

        [1] Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009.
        """
        frequency = self._searcher.doc_freq("terms", term)
        return math.log(1 + (len(self) - frequency + 0.5) / (frequency + 0.5)) if frequency else 0.0

    @staticmethod
    def build(folder: Path, passages: Iterable[tuple[int, int, str]], *, without: Collection[int] = ()) -> None:
        """Write the terms of `passages` (passage id, document id, text) to `folder`.

        Where `folder` holds terms already they stay, but for those of the documents `without`. Raises
        IndexBrokenError where what it holds cannot be opened.
        """
        import tantivy

        folder.mkdir(parents=True, exist_ok=True)
        try:
            index = tantivy.Index(_schema(), path=str(folder))
        except ValueError as error:
            raise IndexBrokenError(f"词索引 {folder} 无法写入（{error}）；请再次运行导入") from error
        writer = index.writer(heap_size=_WRITER_BYTES, num_threads=1)
        for document in without:
            writer.delete_documents_by_term("document", document)
        for passage, document, text in passages:
            writer.add_document(tantivy.Document(passage=passage, document=document, terms=" ".join(terms(text))))
        writer.commit()
        writer.wait_merging_threads()


def _schema() -> tantivy.Schema:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("passage", stored=True)
    builder.add_integer_field("document", indexed=True)
    builder.add_text_field("terms", tokenizer_name="whitespace", index_option="freq")
    return builder.build()
