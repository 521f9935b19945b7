"""What a question asks, in which parts, after which turns, and how it may have been meant."""
