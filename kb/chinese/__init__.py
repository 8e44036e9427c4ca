"""Chinese text → spans, terms, figures, places; no document and no question is known here."""
