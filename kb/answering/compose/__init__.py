"""Selections → the lines of an answer with their citations, comparisons and notes; every figure checked."""
