"""Candidates → the lines of an answer."""
