"""Units of structure: what a question is answered with as a whole."""
