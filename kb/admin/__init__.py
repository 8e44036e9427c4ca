"""What operators do: accounts, documents, jobs, diagnosis."""
