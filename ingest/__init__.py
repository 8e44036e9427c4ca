"""问政, the writing side: from a file to passages in the catalogue and a new generation of the index.

    document → blocks → passages → catalogue → a generation of the index

`ingest.synchronise` holds the flow; `python -m ingest PATH` is its command line.
"""
