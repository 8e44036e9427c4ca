"""How the judge of `kb.answering.judge` is trained: `python -m training.prepare`, then `python -m training.fit`."""
