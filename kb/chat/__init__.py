"""A reader's turn: asked and answered (ask), kept by the browser (conversation), exported, rated, journalled."""
