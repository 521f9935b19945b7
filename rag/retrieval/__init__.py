"""A query to hits: dense and keyword search, fused, without those that say the same."""
