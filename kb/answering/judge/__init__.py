"""Whether a passage answers a question, by a model that was trained to tell (training/)."""
