"""问政, the reading side: from a question to an answer that stands on quoted passages.

    question → understanding → hits → evidence → answer + citations → figures checked → page

`kb.search.retriever` and `kb.answering` hold the flow; `python -m kb` is its command line.
"""

__version__ = "0.1.0"
