"""The pages: they get what they need handed in, and hold no logic."""
