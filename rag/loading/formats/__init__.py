"""One file a format: a path to articles."""
