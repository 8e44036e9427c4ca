"""Blocks → an outline → passages."""
