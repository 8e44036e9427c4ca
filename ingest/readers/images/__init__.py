"""Scans and pictures."""
