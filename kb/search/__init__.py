"""A question → a query plan → hits."""
