"""Title, outlet, author and day of an article, each with where it was said."""
