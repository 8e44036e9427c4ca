"""The wording of a question: where it asks, and where it tells."""
