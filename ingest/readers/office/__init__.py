"""Word, slides and old office formats."""
