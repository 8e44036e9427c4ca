"""A reader's turn: asked, answered, kept, exported."""
