"""An answer → the same in the words of a language model, checked against its quotes."""
