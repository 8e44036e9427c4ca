"""问政, the writing side: from a file to passages in the catalogue and a new snapshot of the index.

    file → blocks → structure → passages → catalogue → a snapshot of the index

`ingest.synchronise` shows the flow; `python -m ingest PATH` is its command line.
"""
