"""A corpus as a retriever of other frameworks. Each module needs its framework's package and nothing else of it."""
