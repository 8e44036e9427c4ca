"""Hits → the candidates that answer."""
