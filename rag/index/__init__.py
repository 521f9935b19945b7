"""The index folder: SQLite is the truth, the search structures are derived from it."""
