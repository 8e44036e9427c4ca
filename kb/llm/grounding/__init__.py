"""Whether what a language model wrote stands in what is quoted."""
