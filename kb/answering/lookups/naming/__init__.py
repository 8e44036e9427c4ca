"""The words of a question → the document that it names: by title, number, version."""
