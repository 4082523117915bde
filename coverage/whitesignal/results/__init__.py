"""Results: the folder a run writes, and reading it back."""
