"""Whether a statement may be shown: quotes stand in the article, bear what is said, and answer the question."""
