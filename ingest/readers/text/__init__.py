"""Plain text, Markdown, HTML, feeds."""
