"""Sentences of a language model → those that their quotes state, each with its proof."""
