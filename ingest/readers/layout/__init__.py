"""Pages whose text is placed: PDF, OFD."""
